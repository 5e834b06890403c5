//! `audit`: pages counted. Decides what a build would make of each link and which of the linter's findings it would mend, from
//! one parse of the page; what is counted as what is [`crate::audit`]'s.

use std::sync::Mutex;

use crate::audit::{self, Becomes, PageAudit, Sight};
use crate::edit::Expectation;
use crate::lint::suppress::{self, Suppressed};
use crate::lint::{self, RULES, Remedy, Stage};
use crate::pipeline::check::{Checking, Judge, View, unknown_ignored};
use crate::pipeline::page::{Outcome, guarded};
use crate::pipeline::study::Study;
use crate::pipeline::tree::{self, Job, TreeError};
use crate::plan::{self, Action, Added, Decision, Plan};
use crate::program::{Credit, Layer};
use crate::report::run::TreeReport;
use crate::source::{Format, Lines};
use crate::survey::LinkFacts;
use crate::survey::language;
use crate::survey::limits::Limits;
use crate::survey::load::Density;

/// Counts the pages of `job`, whose mode says nothing: none is written. They come by name.
pub fn audit(job: Job<'_>, checking: Checking<'_>) -> Result<(TreeReport, Vec<PageAudit>), TreeError> {
    let found: Mutex<Vec<PageAudit>> = Mutex::default();
    let report = tree::run(job, &|bytes, format, page| {
        guarded(|| match page_audit(bytes, format, page, checking) {
            Ok(audit) => {
                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(audit);
                Outcome::Same(Vec::new())
            }
            Err(outcome) => outcome,
        })
    })?;
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok((report, found))
}

/// The figures of one page, or why it is none. Parses it once.
pub fn page_audit(bytes: &[u8], format: Format, page: &str, checking: Checking<'_>) -> Result<PageAudit, Outcome> {
    let study = Study::outlined(bytes, format, page, checking.setup)?;
    let policy = study.policy().map_err(Outcome::Refused)?;
    let config = checking.setup.config;
    let settings = config.rules(page, &policy.ignored);
    let plan = if checking.configured { Some(study.unproven(plan::whole)?) } else { None };
    let judge = Judge { page, format, policy: &policy, settings: &settings, checking };
    let said = plan.as_ref().and_then(|plan| plan.said.as_ref());
    let view = View { text: study.source.text(), document: &study.document, facts: &study.facts, said };
    let lines = Lines::of(study.source.text());
    let becomes = plan.as_ref().map(|plan| becomes(&study, plan, config));
    let audit = judge.with_page(view, |page, load| {
        let sight = Sight {
            text: view.text,
            lines: &lines,
            document: view.document,
            facts: view.facts,
            places: page.places,
            load,
            disclosures: page.disclosures,
            map: &config.map,
            site: config.site.host.as_deref(),
            becomes: becomes.as_deref(),
            mentions: plan.as_ref().map_or(0, mentions),
            notice_to_come: page.theme_discloses() || plan.as_ref().is_some_and(|plan| inserts(plan, Added::Notice)),
            limit: dense(&lint::limits(&settings)),
        };
        let mut findings = lint::lint(page, &settings, &[Stage::Written]);
        findings.extend(to_come(page, plan.as_ref().filter(|_| checking.is_as_built(format)), &settings));
        findings.extend(unknown_ignored(&study.document, &policy, &settings));
        let was_run = |index: usize| RULES.get(index).is_some_and(|rule| rule.stage != Stage::Site);
        let Suppressed { findings, .. } = suppress::apply(page, &settings, findings, &was_run);
        let loud = findings.into_iter().filter(|finding| !finding.found.quiet);
        PageAudit::of(sight).with_findings(loud.map(|finding| told(&lines, finding)).collect())
    });
    let is_known = |_: &str| false;
    let language = language::of_page(&study.document, page, config.site.language.as_deref(), &is_known);
    Ok(PageAudit { path: page.to_owned(), language, draft: audit.draft || is_in_drafts(page), ..audit })
}

/// What a dense page is by the rules' settings, or by default where the rule is off.
fn dense(limits: &Limits) -> Density {
    let default = || Limits::default().density;
    limits.density.or_else(default).unwrap_or(Density { per_1000_words: f64::INFINITY, words: 0, links: 0 })
}

/// Jekyll's and Hexo's folder of pages that are not published.
fn is_in_drafts(page: &str) -> bool {
    page.split('/').any(|folder| folder == "_drafts")
}

fn mentions(plan: &Plan) -> usize {
    plan.additions.iter().filter(|addition| addition.action == Action::Linked).count()
}

fn inserts(plan: &Plan, kind: Added) -> bool {
    plan.additions.iter().any(|addition| addition.kind == kind && addition.action == Action::Inserted)
}

/// What the rules about what a build mends find once `plan` is carried out, as far as can be told without doing so; what they
/// find of the page as it stands where there is nothing to carry out.
fn to_come(
    page: &lint::Page<'_>,
    plan: Option<&Plan>,
    settings: &[crate::config::lint::RuleSetting],
) -> Vec<lint::Finding> {
    let Some(plan) = plan.filter(|plan| !plan.changes.is_empty()) else {
        return lint::lint(page, settings, &[Stage::Built]);
    };
    let facts = planned(page, plan);
    let mut findings = lint::lint(&lint::Page { facts: &facts, ..*page }, settings, &[Stage::Built]);
    let (notice, statement) = (inserts(plan, Added::Notice), inserts(plan, Added::Statement));
    let attributes = |link: usize| {
        let found = plan.decisions.binary_search_by_key(&link, |decision| decision.link).ok();
        let decision = found.and_then(|found| plan.decisions.get(found));
        decision.is_some_and(|decision| decision.change.is_some() && !decision.lacks_attributes)
    };
    findings.retain(|finding| match finding.found.fix.as_ref().map(|fix| &fix.remedy) {
        Some(Remedy::Rel { link }) => !attributes(*link),
        Some(Remedy::Disclose) if finding.rule == "missing-program-statement" => !statement && !notice,
        Some(Remedy::Disclose) => !notice,
        // what stands late or is weak is not alone any more
        _ => !notice || !matches!(finding.rule, "late-disclosure" | "weak-disclosure"),
    });
    findings
}

/// What is known of each link once `plan` is carried out.
fn planned(page: &lint::Page<'_>, plan: &Plan) -> Vec<LinkFacts> {
    let mut facts = page.facts.to_vec();
    let rewritten = plan.decisions.iter().filter(|decision| decision.change.is_some());
    for Decision { link, program, network, affiliate, .. } in rewritten {
        let Some(url) = facts.get_mut(*link).and_then(|facts| facts.url.as_mut()) else { continue };
        match program {
            Some(program) if *affiliate && !matches!(url.credit, Credit::Own(_) | Credit::Partner(_)) => {
                url.credit = Credit::Own(*program);
                url.layers = network.iter().map(|id| Layer { network: id.clone(), ..Layer::default() }).collect();
            }
            _ if !affiliate => url.credit = Credit::None,
            _ => {}
        }
    }
    facts
}

/// What `plan` makes of each link.
fn becomes(study: &Study<'_>, plan: &Plan, config: &crate::config::Config) -> Vec<Option<Becomes>> {
    let mut all: Vec<Option<Becomes>> = vec![None; study.document.links.len()];
    for decision in &plan.decisions {
        let (Some(slot), Some(link)) = (all.get_mut(decision.link), study.document.links.get(decision.link)) else {
            continue;
        };
        let expected = decision.change.and_then(|change| expected(plan, change, decision.link));
        let result = expected.map(|expected| &expected.destination).filter(|url| **url != link.destination.value);
        *slot = Some(Becomes {
            action: decision.action.name(),
            reason: decision.reason.name(),
            sentence: decision.reason.sentence(),
            program: decision.program.and_then(|index| Some(config.map.programs().get(index)?.name.clone())),
            result: result.cloned(),
            affiliate: decision.affiliate,
        });
    }
    all
}

fn expected(plan: &Plan, change: usize, link: usize) -> Option<&Expectation> {
    plan.changes.get(change)?.expect.iter().find(|expected| expected.link == link)
}

fn told(lines: &Lines<'_>, finding: lint::Finding) -> audit::Finding {
    let (line, column) = lines.position(finding.found.span.start);
    audit::Finding { rule: finding.rule, level: finding.level, line, column, message: finding.found.message }
}
