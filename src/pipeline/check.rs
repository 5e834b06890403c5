//! `check`: the linter over pages. Decides which state of a page each rule sees, and leads findings back to the source; what
//! is done with them is the caller's.

use std::sync::Mutex;

use crate::config::lint::{Judged, RuleSetting};
use crate::config::policy::{Kind, Policy};
use crate::document::{Document, LinkKind};
use crate::edit::Edit;
use crate::lint::suppress::{self, Suppressed};
use crate::lint::{self, Found, RULES, Stage};
use crate::notice::{self, Disclosures};
use crate::pipeline::built::{Built, built};
use crate::pipeline::fix::{proposed, withdraw};
use crate::pipeline::page::{Outcome, Setup, guarded};
use crate::pipeline::study::Study;
use crate::pipeline::tree::{self, Job, TreeError};
use crate::pipeline::unused::Used;
use crate::plan;
use crate::program::Date;
use crate::report::finding::{self, Position};
use crate::report::run::TreeReport;
use crate::source::{Format, Lines};
use crate::span::{OffsetMap, Span};
use crate::survey::load::{Load, PageKind, Weight};
use crate::survey::place::Places;
use crate::survey::{LinkFacts, Reach};

/// How pages are judged.
#[derive(Clone, Copy, Debug)]
pub struct Checking<'c> {
    /// How a build would rewrite them.
    pub setup: Setup<'c>,
    /// Whether there is a configuration file.
    pub configured: bool,
    /// Which state is judged.
    pub judged: Judged,
    /// The day of the run.
    pub date: Date,
    /// Whether a finding is to have the edits that mend it.
    pub with_edits: bool,
}

impl Checking<'_> {
    /// Whether a page of `format` is judged as a build will write it.
    pub(super) fn is_as_built(&self, format: Format) -> bool {
        match self.judged {
            Judged::Auto => self.configured && format != Format::Html,
            Judged::Built => true,
            Judged::Written => false,
        }
    }
}

/// What was found on one page.
#[derive(Clone, Debug, Default)]
pub struct PageFindings {
    /// The page's name.
    pub page: String,
    /// What was found, by where it stands.
    pub findings: Vec<PageFinding>,
    /// What other findings say already: see [`Found::quiet`].
    pub quiet: Vec<PageFinding>,
    /// How many findings were suppressed.
    pub suppressed: usize,
    /// Whether the page was judged as a build will write it.
    pub as_built: bool,
    /// What of the configuration it has to do with.
    pub used: Used,
}

/// A finding with what reports and baselines need of the page it is on.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFinding {
    /// As reports show it; the path is the page's name, the fingerprint is empty.
    pub shown: finding::Finding,
    /// The text that it is about, without white space.
    pub text: String,
    /// The figure, of a rule about whole pages.
    pub figure: Option<f64>,
    /// Whether it is about the page as a whole.
    pub of_page: bool,
}

/// Says what a page, by its name, holds in place of what its file does; `None` where that is what counts.
pub type Contents<'c> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'c;

/// Checks the pages of `job`, whose mode says nothing: none is written. `contents` are theirs.
pub fn check(
    job: Job<'_>,
    checking: Checking<'_>,
    contents: &Contents<'_>,
) -> Result<(TreeReport, Vec<PageFindings>), TreeError> {
    let found: Mutex<Vec<PageFindings>> = Mutex::default();
    let report = tree::run(job, &|bytes, format, page| {
        let other = contents(page);
        let bytes = other.as_deref().unwrap_or(bytes);
        guarded(|| match page_findings(bytes, format, page, checking) {
            Ok(findings) => {
                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(findings);
                Outcome::Same(Vec::new())
            }
            Err(outcome) => outcome,
        })
    })?;
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by(|one, other| one.page.cmp(&other.page));
    Ok((report, found))
}

/// What is found on one page, or why it is none.
pub fn page_findings(
    bytes: &[u8],
    format: Format,
    page: &str,
    checking: Checking<'_>,
) -> Result<PageFindings, Outcome> {
    let study = Study::outlined(bytes, format, page, checking.setup)?;
    let Judgement { mut findings, quiet, suppressed, as_built } = found(&study, checking)?;
    // a definition that several links use is one place
    let said = |finding: &lint::Finding| (finding.rule, finding.found.span, finding.found.message.clone());
    findings.dedup_by(|one, other| said(one) == said(other));
    let lines = Lines::of(study.source.text());
    let edits = if checking.with_edits && study.source.is_utf8() { proposed(&study, &findings) } else { Vec::new() };
    let edits = edits.into_iter().chain(std::iter::repeat_with(Vec::new));
    let shown = |(finding, edits)| shown(study.source.text(), &lines, finding, edits);
    Ok(PageFindings {
        page: page.to_owned(),
        findings: findings.into_iter().zip(edits).map(shown).collect(),
        quiet: quiet.into_iter().map(|finding| (finding, Vec::new())).map(shown).collect(),
        suppressed,
        as_built,
        used: Used::on(&study),
    })
}

/// What was found on a page.
pub(super) struct Judgement {
    /// By where it stands.
    pub(super) findings: Vec<lint::Finding>,
    quiet: Vec<lint::Finding>,
    suppressed: usize,
    as_built: bool,
}

/// Runs every rule over the page of `study`, which has its outline.
pub(super) fn found(study: &Study<'_>, checking: Checking<'_>) -> Result<Judgement, Outcome> {
    let (page, format) = (study.page, study.format);
    let policy = study.policy().map_err(Outcome::Refused)?;
    let settings = checking.setup.config.rules(page, &policy.ignored);
    let as_built = checking.is_as_built(format);
    let judge = Judge { page, format, policy: &policy, settings: &settings, checking };
    let (said, built) = if as_built { built(study)? } else { (None, None) };
    let stages = stages(built.is_some());
    let source =
        View { text: study.source.text(), document: &study.document, facts: &study.facts, said: said.as_ref() };
    let unneeded = judge.unneeded_ignored(source, built.as_ref());
    let was_run = |index: usize| RULES.get(index).is_some_and(|rule| rule.stage != Stage::Site);
    let Suppressed { mut findings, count } = judge.with_page(source, |page, _| {
        let mut findings = lint::lint(page, &settings, stages);
        findings.extend(built.iter().flat_map(|built| judge.of_built(source, built)));
        findings.extend(unknown_ignored(source.document, &policy, &settings));
        findings.extend(unneeded);
        suppress::apply(page, &settings, findings, &was_run)
    });
    withdraw(&mut findings, source.document, &policy);
    let (quiet, findings) = findings.into_iter().partition(|finding| finding.found.quiet);
    Ok(Judgement { findings, quiet, suppressed: count, as_built })
}

/// What of a page is judged as it stands: all of it where no build changes it.
fn stages(is_built: bool) -> &'static [Stage] {
    if is_built { &[Stage::Written] } else { &[Stage::Written, Stage::Built] }
}

/// A page in one state.
#[derive(Clone, Copy)]
pub(super) struct View<'v> {
    pub(super) text: &'v str,
    pub(super) document: &'v Document,
    pub(super) facts: &'v [LinkFacts],
    /// What the page says of its paid links, where that is known.
    pub(super) said: Option<&'v Disclosures>,
}

/// Shows a page to those who judge it.
pub(super) struct Judge<'j> {
    pub(super) page: &'j str,
    pub(super) format: Format,
    pub(super) policy: &'j Policy,
    pub(super) settings: &'j [RuleSetting],
    pub(super) checking: Checking<'j>,
}

impl Judge<'_> {
    /// What the rules about what a build mends find on the page as it will be `built` from `source`.
    fn of_built(&self, source: View<'_>, built: &Built) -> Vec<lint::Finding> {
        let view = View { text: &built.text, document: &built.document, facts: &built.facts, said: None };
        let mut findings = self.with_page(view, |page, _| lint::lint(page, self.settings, &[Stage::Built]));
        for finding in &mut findings {
            finding.found.span = lead_back(&built.map, finding.found.span);
            // what mends it would be edits of a page that nobody has written yet
            finding.found.fix = None;
        }
        // the address that a reader sees there is its author's: a build only gave it an element
        findings
            .retain(|finding| finding.rule != "bare-url-text" || !shows_address(source.document, finding.found.span));
        findings
    }

    /// Rules that the page's front matter ignores without need.
    fn unneeded_ignored(&self, source: View<'_>, built: Option<&Built>) -> Vec<lint::Finding> {
        let settings = self.checking.setup.config.rules(self.page, &[]);
        let is_run = |name: &&String| {
            let running = lint::registry::running(&settings, name);
            running.is_some_and(|(rule, _)| rule.stage != Stage::Site)
        };
        let ignored: Vec<&String> = self.policy.ignored.iter().filter(is_run).collect();
        let Some((rule, setting)) = lint::registry::running(self.settings, "unused-suppression") else {
            return Vec::new();
        };
        if ignored.is_empty() {
            return Vec::new();
        }
        let judge = Judge { settings: &settings, ..*self };
        let mut fired = judge.with_page(source, |page, _| lint::lint(page, &settings, stages(built.is_some())));
        fired.extend(built.into_iter().flat_map(|built| judge.of_built(source, built)));
        let unneeded = ignored.into_iter().filter(|name| fired.iter().all(|finding| finding.rule != name.as_str()));
        let found = unneeded.map(|name| lint::Finding {
            rule: rule.spec.name,
            level: setting.level,
            found: Found::new(
                Span::at(0),
                format!("`affilink.ignore` in {}: nothing here needs `{name}`", switch_place(source.document)),
            )
            .help("take it out"),
            of_page: false,
        });
        found.collect()
    }

    /// Counts the page in the state of `view`, and lets `use_it` look at it.
    pub(super) fn with_page<T>(&self, view: View<'_>, use_it: impl FnOnce(&lint::Page<'_>, &Load<'_>) -> T) -> T {
        let config = self.checking.setup.config;
        let disclosure = &self.policy.disclosure;
        let (own, markers) = plan::own_texts(view.text, view.document, disclosure);
        let found;
        let disclosures = if let Some(said) = view.said {
            said
        } else {
            found = notice::find(view.text, view.document, &own, &markers, disclosure.standard);
            &found
        };
        let places = Places::of(view.text, view.document, &plan::uncounted(&own, &markers));
        let weights = weights(view, config.site.host.as_deref());
        let kind = match self.policy.kind {
            Kind::Auto => PageKind::Unsaid,
            Kind::Article => PageKind::Other,
            Kind::Roundup => PageKind::Roundup,
        };
        let load = Load::of(&places, &weights, lint::limits(self.settings), kind);
        let broken = load.broken();
        let page = lint::Page {
            name: self.page,
            text: view.text,
            format: self.format,
            document: view.document,
            facts: view.facts,
            places: &places,
            broken: &broken,
            is_roundup: load.is_roundup(),
            disclosures,
            map: &config.map,
            policy: self.policy,
            configured: self.checking.configured,
            site: config.site.host.as_deref(),
            date: self.checking.date,
        };
        use_it(&page, &load)
    }
}

/// What the overload rules need to know of each link.
fn weights<'v>(view: View<'v>, site: Option<&str>) -> Vec<Weight<'v>> {
    let weigh = |facts: &'v LinkFacts| {
        let url = facts.url.as_ref();
        Weight {
            affiliate: url.is_some_and(crate::program::UrlFacts::is_affiliate),
            external: Reach::of(&facts.address.url, site) == Reach::External,
            destination: url.and_then(|url| url.destination.as_deref()).or(Some(facts.address.url.as_str())),
        }
    };
    view.facts.iter().map(weigh).collect()
}

/// Whether an autolink or a bare URL begins at `span` or has it inside.
fn shows_address(document: &Document, span: Span) -> bool {
    let behind = document.links.partition_point(|link| link.element.start <= span.start);
    let link = behind.checked_sub(1).and_then(|last| document.links.get(last));
    link.is_some_and(|link| matches!(link.kind, LinkKind::Autolink | LinkKind::Bare) && span.start <= link.element.end)
}

/// Where `span` of the edited page stands in the original: what an edit wrote stands where it was written.
fn lead_back(map: &OffsetMap, span: Span) -> Span {
    let start = map.back(span.start).or_else(|| start_of_edit(map, span.start)).unwrap_or(0);
    let end = map.back(span.end).or_else(|| start_of_edit(map, span.end)).unwrap_or(start);
    Span::new(start, end.max(start))
}

fn start_of_edit(map: &OffsetMap, at: usize) -> Option<usize> {
    let piece = map.pieces().iter().rfind(|piece| piece.after.start <= at)?;
    Some(piece.before.start)
}

/// Where `document` says what is to be done on it.
fn switch_place(document: &Document) -> &'static str {
    if document.switch.is_some() { "`<meta name=\"affilink\">`" } else { "the front matter" }
}

/// Rules that `document` ignores and that do not exist.
pub(super) fn unknown_ignored(document: &Document, policy: &Policy, settings: &[RuleSetting]) -> Vec<lint::Finding> {
    let place = switch_place(document);
    let Some((rule, setting)) = lint::registry::running(settings, "bad-suppression") else { return Vec::new() };
    let unknown = policy.ignored.iter().filter(|name| lint::registry::find(name).is_none());
    let found = unknown.map(|name| lint::Finding {
        rule: rule.spec.name,
        level: setting.level,
        found: Found::new(Span::at(0), format!("`affilink.ignore` in {place}: there is no rule `{name}`"))
            .help("`affilink rules` lists them"),
        of_page: false,
    });
    found.collect()
}

/// The longest line that is shown, in bytes.
const LONGEST: usize = 2_000;

pub(super) fn shown(text: &str, lines: &Lines<'_>, finding: lint::Finding, edits: Vec<Edit>) -> PageFinding {
    let lint::Finding { rule, level, found, of_page } = finding;
    let span = Span::new(found.span.start.min(text.len()), found.span.end.min(text.len()));
    // a block that a paragraph-long finding is about: its first line is enough to point at
    let whole = span.of(text);
    let end = whole.find(['\n', '\r']).map_or(span.end, |at| span.start + at);
    let position = |offset: usize| {
        let (line, column) = lines.position(offset);
        let start = lines.span_of(line).map_or(offset, |line| line.start);
        Position { line, column, byte_column: offset.saturating_sub(start) + 1, offset }
    };
    let start = position(span.start);
    let line = lines.span_of(start.line).filter(|line| line.len() <= LONGEST);
    let edits =
        joined(text, edits).into_iter().map(|edit| (position(edit.span.start), position(edit.span.end), edit.text));
    let edits = edits.collect();
    let fix = found.fix.as_ref().map(|fix| finding::Fix { safe: fix.safe, what: fix.what.clone(), edits });
    PageFinding {
        shown: finding::Finding {
            path: String::new(),
            rule,
            level,
            start,
            end: position(end.max(span.start)),
            message: found.message,
            help: found.help,
            fix,
            fingerprint: String::new(),
            line: line.map_or(String::new(), |line| line.of(text).trim_end_matches(['\n', '\r']).to_owned()),
        },
        text: whole.split_whitespace().collect(),
        figure: found.figure,
        of_page,
    }
}

/// `edits`, by where they start, as one where they stand close together: reviewers accept one replacement, not two that make
/// sense together only.
fn joined(text: &str, edits: Vec<Edit>) -> Vec<Edit> {
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return edits };
    let hull = Span::new(first.span.start, last.span.end);
    if edits.len() == 1 || hull.len() > LONGEST {
        return edits;
    }
    let (mut whole, mut from) = (String::new(), hull.start);
    for edit in &edits {
        whole.push_str(text.get(from..edit.span.start).unwrap_or_default());
        whole.push_str(&edit.text);
        from = edit.span.end;
    }
    vec![Edit::replace(hull, whole)]
}
