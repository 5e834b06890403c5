//! Mending what the linter found, by the same edits, proofs and writing as a build. Decides which remedies are applied in one
//! go; what a rule wants done is the rule's.

use std::collections::BTreeMap;

use crate::config::policy::Policy;
use crate::document::Document;
use crate::edit::{Change, Edit};
use crate::lint::{Finding, Fix, Remedy};
use crate::pipeline::check::{Checking, found};
use crate::pipeline::page::{Outcome, guarded};
use crate::pipeline::study::Study;
use crate::pipeline::tree::{self, Job, TreeError};
use crate::plan::link::obstacle;
use crate::plan::{self, Added, Context, Plan, Wish};
use crate::report::run::TreeReport;
use crate::source::Format;
use crate::span::Span;
use crate::survey::LinkFacts;

/// What may be mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixing {
    /// Also what somebody has to look at.
    pub unsafe_too: bool,
}

/// How often a page is looked at again: one fix may make room for another.
const ROUNDS: usize = 4;

/// Mends the pages of `job`.
pub fn fix(job: Job<'_>, checking: Checking<'_>, fixing: Fixing) -> Result<TreeReport, TreeError> {
    tree::run(job, &|bytes, format, page| guarded(|| mended(bytes, format, page, checking, fixing)))
}

fn mended(bytes: &[u8], format: Format, page: &str, checking: Checking<'_>, fixing: Fixing) -> Outcome {
    let mut now: Option<Vec<u8>> = None;
    for _ in 0..ROUNDS {
        match once(now.as_deref().unwrap_or(bytes), format, page, checking, fixing) {
            Ok(Some(bytes)) => now = Some(bytes),
            Ok(None) => break,
            // a page that was mended in part is better than one that was not
            Err(_) if now.is_some() => break,
            Err(outcome) => return outcome,
        }
    }
    match now {
        Some(bytes) => Outcome::Edited { bytes, records: Vec::new() },
        None => Outcome::Same(Vec::new()),
    }
}

/// The page with what could be mended; `None` where nothing could.
fn once(
    bytes: &[u8],
    format: Format,
    page: &str,
    checking: Checking<'_>,
    fixing: Fixing,
) -> Result<Option<Vec<u8>>, Outcome> {
    let study = Study::outlined(bytes, format, page, checking.setup)?;
    if !study.policy().map_err(Outcome::Refused)?.enabled {
        return Ok(None);
    }
    let findings = found(&study, checking)?.findings;
    let remedies: Vec<&Remedy> = remedies(&findings, fixing).collect();
    if remedies.is_empty() {
        return Ok(None);
    }
    let planner = |text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>| {
        planned(&remedies, text, document, facts, context)
    };
    let (_, verified) = study.settle(planner)?;
    Ok(verified.map(|verified| verified.applied.bytes).filter(|new| new != bytes))
}

fn remedies(findings: &[Finding], fixing: Fixing) -> impl Iterator<Item = &Remedy> {
    let fixes = findings.iter().filter_map(|finding| finding.found.fix.as_ref());
    fixes.filter(move |fix| fix.safe || fixing.unsafe_too).map(|fix| &fix.remedy)
}

fn planned(remedies: &[&Remedy], text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>) -> Plan {
    let mut wishes: Vec<Option<Wish>> = vec![None; document.links.len()];
    let mut wish = |link: usize, wish: Wish| {
        // one thing at a time: what is left is found again
        if let Some(slot) = wishes.get_mut(link).filter(|slot| slot.is_none()) {
            *slot = Some(wish);
        }
    };
    for remedy in remedies {
        match remedy {
            Remedy::Rel { link } => wish(*link, Wish::Attributes),
            Remedy::Url { link, edits } => wish(*link, Wish::Url(edits.clone())),
            Remedy::Rewrite { link } => wish(*link, Wish::Rewrite),
            Remedy::Unlink { links } => links.iter().for_each(|link| wish(*link, Wish::Unlink)),
            Remedy::Disclose | Remedy::Move { .. } | Remedy::Delete { .. } => {}
        }
    }
    let disclose = remedies.iter().any(|remedy| **remedy == Remedy::Disclose);
    let mut plan = plan::mend(text, document, facts, context, wishes, disclose);
    for remedy in remedies {
        match remedy {
            Remedy::Delete { span } => {
                plan.changes.push(Change::of_links(vec![Edit::remove_folded(*span)], Vec::new()));
            }
            Remedy::Move { block, link } => {
                let link = document.links.get(*link).map_or(0, |link| link.element.start);
                plan::move_up(text, document, *block, link, context, &mut plan);
            }
            _ => {}
        }
    }
    plan
}

/// For each of `findings`, those of the page of `study`, the edits that mend it: what [`fix`] would write if it were the only
/// one, proven; nothing where nothing mends it or nothing could be proven.
pub(super) fn proposed(study: &Study<'_>, findings: &[Finding]) -> Vec<Vec<Edit>> {
    let mut edits = vec![Vec::new(); findings.len()];
    let fixes = findings.iter().enumerate();
    let mut open: Vec<(usize, &Remedy)> =
        fixes.filter_map(|(index, finding)| Some((index, &finding.found.fix.as_ref()?.remedy))).collect();
    if !study.policy().is_ok_and(|policy| policy.enabled) {
        return edits;
    }
    for _ in 0..MOST_OF_ONE {
        let (now, later) = apart(&open, study.document.links.len());
        let remedies: Vec<&Remedy> = now.iter().map(|(_, remedy)| *remedy).collect();
        let planner = |text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>| {
            planned(&remedies, text, document, facts, context)
        };
        if remedies.is_empty() {
            break;
        }
        if let Ok((plan, _)) = study.settle(planner) {
            let made = Made::of(&plan);
            for (index, remedy) in now {
                edits[index] = made.by(remedy);
            }
        }
        open = later;
    }
    edits
}

/// The most findings about one link, or about one page's notice, whose edits are proposed.
const MOST_OF_ONE: usize = 6;

type Open<'f> = Vec<(usize, &'f Remedy)>;

/// Those of `open` that have nothing to do with one another, and the others. What is said of the page's links as a whole
/// goes alone.
fn apart<'f>(open: &Open<'f>, links: usize) -> (Open<'f>, Open<'f>) {
    let is_disclosing = |remedy: &Remedy| *remedy == Remedy::Disclose;
    if open.iter().any(|(_, remedy)| is_disclosing(remedy)) {
        return open.iter().partition(|(_, remedy)| is_disclosing(remedy));
    }
    let mut taken = vec![false; links];
    let mut is_free = |remedy: &Remedy| {
        let wanted = touched(remedy);
        let free = wanted.iter().all(|&link| taken.get(link) == Some(&false));
        if free {
            for &link in wanted {
                taken[link] = true;
            }
        }
        free
    };
    open.iter().partition(|(_, remedy)| is_free(remedy))
}

/// Takes out of `findings` the remedies that nobody may carry out: of a page, or of links, that are not edited.
pub(super) fn withdraw(findings: &mut [Finding], document: &Document, policy: &Policy) {
    let is_kept = |link: &usize| document.links.get(*link).is_none_or(|link| obstacle(link, policy).is_some());
    for Finding { found, .. } in findings {
        let links = |fix: &Fix| !touched(&fix.remedy).is_empty() && touched(&fix.remedy).iter().all(is_kept);
        if found.fix.as_ref().is_some_and(|fix| !policy.enabled || links(fix)) {
            found.fix = None;
        }
    }
}

/// The links that `remedy` changes.
fn touched(remedy: &Remedy) -> &[usize] {
    match remedy {
        Remedy::Rel { link } | Remedy::Url { link, .. } | Remedy::Rewrite { link } => std::slice::from_ref(link),
        Remedy::Unlink { links } => links,
        Remedy::Disclose | Remedy::Move { .. } | Remedy::Delete { .. } => &[],
    }
}

/// What a plan does, by what it is about.
struct Made<'m> {
    plan: &'m Plan,
    /// By link, its change.
    links: BTreeMap<usize, &'m Change>,
    /// By where it ends, what is taken out.
    removals: BTreeMap<Span, &'m Change>,
}

impl<'m> Made<'m> {
    fn of(plan: &'m Plan) -> Self {
        let change = |index: Option<usize>| plan.changes.get(index?);
        let links = plan.decisions.iter().filter_map(|decision| Some((decision.link, change(decision.change)?)));
        let removals = plan
            .changes
            .iter()
            .filter_map(|change| Some((change.edits.last().filter(|edit| edit.is_removal())?.span, change)));
        Self { plan, links: links.collect(), removals: removals.collect() }
    }

    /// The edits that `remedy` became, by where they start.
    fn by(&self, remedy: &Remedy) -> Vec<Edit> {
        let changes: Vec<&Change> = match remedy {
            Remedy::Disclose => {
                let additions = self.plan.additions.iter().filter(|added| added.kind != Added::Mention);
                additions.filter_map(|added| self.plan.changes.get(added.change?)).collect()
            }
            Remedy::Delete { span } => self.removals.get(span).copied().into_iter().collect(),
            Remedy::Move { block, .. } => {
                let found = self.removals.range(..=Span::new(block.start, usize::MAX)).next_back();
                found.filter(|(span, _)| span.contains(*block)).map(|(_, change)| *change).into_iter().collect()
            }
            _ => touched(remedy).iter().filter_map(|link| self.links.get(link).copied()).collect(),
        };
        let mut edits: Vec<Edit> = changes.into_iter().flat_map(|change| change.edits.iter().cloned()).collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        edits
    }
}
