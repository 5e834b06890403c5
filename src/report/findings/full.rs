//! Findings for people: the line with a caret under what is meant, and what to do. Decides how many are shown: a first run
//! over an old site must not bury the terminal.

use std::collections::HashMap;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level as Style, Origin, Renderer, Snippet};

use super::{Figures, Finding, Options, last_line, logged, uncommanded};
use crate::config::lint::Level;
use crate::printable::is_forging;

/// The most findings of a rule shown for a page.
const PER_PAGE: usize = 3;
/// The most findings of a rule shown for a run.
const PER_RUN: usize = 20;
/// From more findings than these the way to a baseline is named.
const MANY: usize = 200;
/// The longest line shown, in bytes.
const MAX_LINE: usize = 2_000;
/// What stands on a shown line for a character that could forge output.
const REPLACED: &str = "\u{fffd}";

/// Each finding with its line, a caret and help; at last [`last_line`]. Unless `options.all`, of each rule three are shown for
/// a page and twenty for the run, and the rest is counted.
pub fn full(findings: &[Finding], figures: &Figures, options: &Options) -> String {
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    let mut shown = 0;
    let mut limits = Limits::default();
    for finding in findings {
        if options.all || limits.admit(finding) {
            shown += 1;
            text.push_str(&render(&renderer, finding));
            text.push_str("\n\n");
        }
    }
    if shown < findings.len() {
        let _ = writeln!(text, "+{} more (--all)\n", findings.len() - shown);
    }
    if let Some(hint) = first_run(findings, options) {
        text.push_str(hint);
        text.push('\n');
    }
    text.push_str(&last_line(findings, figures, options));
    text.push('\n');
    text
}

/// The line that a first run with many findings ends with, with its line end.
pub fn first_run(findings: &[Finding], options: &Options) -> Option<&'static str> {
    let many = findings.len() > MANY && !options.baseline;
    many.then_some("`affilink check --write-baseline` records these findings, and later runs report only new ones\n")
}

/// How many of each rule were shown.
#[derive(Default)]
struct Limits<'f> {
    run: HashMap<&'static str, usize>,
    page: HashMap<&'static str, usize>,
    path: &'f str,
}

impl<'f> Limits<'f> {
    /// Whether `finding` is shown; findings come page by page.
    fn admit(&mut self, finding: &'f Finding) -> bool {
        if self.path != finding.path {
            self.path = &finding.path;
            self.page.clear();
        }
        let run = self.run.entry(finding.rule).or_default();
        let page = self.page.entry(finding.rule).or_default();
        let admitted = *page < PER_PAGE && *run < PER_RUN;
        *page += 1;
        *run += usize::from(admitted);
        admitted
    }
}

fn render(renderer: &Renderer, finding: &Finding) -> String {
    let path = logged(&finding.path);
    let title = style(finding.level).primary_title(title(finding)).id(finding.rule);
    let mut group = if finding.line.is_empty() || finding.line.len() > MAX_LINE {
        title.element(Origin::path(path).line(finding.start.line).char_column(finding.start.column))
    } else {
        let (line, caret) = shown_line(finding);
        let snippet = Snippet::source(line).line_start(finding.start.line).path(path);
        title.element(snippet.annotation(AnnotationKind::Primary.span(caret)))
    };
    let fix = || finding.fix.as_ref().map(|fix| &fix.what);
    if let Some(help) = finding.help.as_ref().or_else(fix) {
        group = group.element(Style::HELP.message(logged(help)));
    }
    renderer.render(&[group])
}

fn title(finding: &Finding) -> String {
    let fixable = match &finding.fix {
        Some(fix) if fix.safe => " [fixable]",
        Some(_) => " [fixable with --unsafe-fixes]",
        None => "",
    };
    format!("{}{fixable}", logged(&finding.message))
}

fn style(level: Level) -> Style<'static> {
    match level {
        Level::Error => Style::ERROR,
        Level::Warn => Style::WARNING.with_name(level.name()),
        Level::Info | Level::Off => Style::INFO,
    }
}

/// The line with characters that could forge output replaced one for one, so that columns stay, and the bytes of it that the
/// finding is about: of one that goes on, to the end of the line.
fn shown_line(finding: &Finding) -> (String, std::ops::Range<usize>) {
    let first = finding.start.column;
    let last = if finding.end.line > finding.start.line { usize::MAX } else { finding.end.column.max(first) };
    let line = uncommanded(finding.line.clone(), REPLACED);
    let mut shown = String::with_capacity(line.len());
    let (mut start, mut end) = (None, None);
    for (column, char) in (1..).zip(line.chars()) {
        if column == first {
            start = Some(shown.len());
        }
        if column == last {
            end = Some(shown.len());
        }
        if is_forging(char) && char != '\t' {
            shown.push_str(REPLACED);
        } else {
            shown.push(char);
        }
    }
    let range = start.unwrap_or(shown.len())..end.unwrap_or(shown.len());
    (shown, range)
}
