//! Mending what the linter found, by the same edits, proofs and writing as a build. Decides which remedies are applied in one
//! go; what a rule wants done is the rule's.

use crate::document::Document;
use crate::edit::{Change, Edit};
use crate::lint::{Finding, Remedy};
use crate::pipeline::check::{Checking, found};
use crate::pipeline::page::{Outcome, guarded};
use crate::pipeline::study::Study;
use crate::pipeline::tree::{self, Job, TreeError};
use crate::plan::{self, Context, Plan, Wish};
use crate::report::run::TreeReport;
use crate::source::Format;
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
            Remedy::Disclose | Remedy::Delete { .. } => {}
        }
    }
    let disclose = remedies.iter().any(|remedy| **remedy == Remedy::Disclose);
    let mut plan = plan::mend(text, document, facts, context, wishes, disclose);
    for remedy in remedies {
        if let Remedy::Delete { span } = remedy {
            plan.changes.push(Change::of_links(vec![Edit::remove_folded(*span)], Vec::new()));
        }
    }
    plan
}
