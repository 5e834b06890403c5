//! Workflow commands that GitHub Actions turns into annotations, and the job's summary page. Decides how many: GitHub drops
//! all but ten of a level in a step without a word, so the gravest come first and the rest is counted.
//!
//! Escaping: `actions/toolkit`, `packages/core/src/command.ts` (`escapeData`, `escapeProperty`). Limits: GitHub's
//! documentation, "Usage limits" of annotations and of job summaries (1 MiB a step).

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::{Figures, Finding, Options, last_line, markdown};
use crate::config::lint::Level;
use crate::printable::{is_forging, printable};

/// The most annotations of a level.
const PER_LEVEL: usize = 10;
/// The most rows of the summary's table.
const MAX_ROWS: usize = 500;
/// The longest table, in bytes: under GitHub's 1 MiB with all that stands around it.
const MAX_TABLE: usize = 900_000;

/// A command a line, by gravity, at most ten of each level; then `+37 more` where there are more.
pub fn github(findings: &[Finding], _: &Figures, _: &Options) -> String {
    let mut text = String::new();
    let mut shown = 0;
    for level in [Level::Error, Level::Warn, Level::Info] {
        for finding in findings.iter().filter(|finding| finding.level == level).take(PER_LEVEL) {
            command(&mut text, finding);
            shown += 1;
        }
    }
    if shown < findings.len() {
        let _ = writeln!(text, "+{} more, see the job summary", findings.len() - shown);
    }
    text
}

/// What goes to the file that `GITHUB_STEP_SUMMARY` names: Markdown with a table of findings, by gravity.
pub fn job_summary(findings: &[Finding], figures: &Figures, options: &Options) -> String {
    let mut text = format!("## affilink\n\n{}\n", markdown(&last_line(findings, figures, options)));
    if findings.is_empty() {
        return text;
    }
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse(finding.level));
    let mut rows = String::new();
    let mut shown = 0;
    for finding in sorted.into_iter().take(MAX_ROWS) {
        let row = row(finding);
        if rows.len() + row.len() > MAX_TABLE {
            break;
        }
        rows.push_str(&row);
        shown += 1;
    }
    let _ = write!(text, "\n| level | rule | place | finding |\n|---|---|---|---|\n{rows}");
    if shown < findings.len() {
        let _ = writeln!(text, "\n+{} more", findings.len() - shown);
    }
    text
}

fn command(text: &mut String, finding: &Finding) {
    let (start, end) = (finding.start, finding.end);
    let name = match finding.level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Off => "notice",
    };
    let _ = write!(text, "::{name} file={},line={}", property(&path(&finding.path)), start.line);
    if end.line > start.line {
        let _ = write!(text, ",endLine={}", end.line);
    } else {
        // columns are taken on a single line only
        let _ = write!(text, ",endLine={},col={},endColumn={}", start.line, start.column, end.column.max(start.column));
    }
    let mut message = printable(&finding.message);
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(&printable(help));
    }
    let _ = writeln!(text, ",title={}::{}", property(&format!("affilink ({})", finding.rule)), data(&message));
}

/// Line ends stay, they are escaped for the command; other characters that could forge output have no escape there.
fn path(path: &str) -> String {
    let mut safe = String::with_capacity(path.len());
    for char in path.chars() {
        if is_forging(char) && char != '\n' && char != '\r' {
            safe.extend(char.escape_default());
        } else {
            safe.push(char);
        }
    }
    safe
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn row(finding: &Finding) -> String {
    let place = format!("{}:{}:{}", finding.path, finding.start.line, finding.start.column);
    let (level, rule) = (finding.level.name(), finding.rule);
    format!("| {level} | `{rule}` | <code>{}</code> | {} |\n", markdown(&place), message(&finding.message))
}

/// A message: what stands between backticks becomes code.
fn message(message: &str) -> String {
    let mut text = String::new();
    let mut parts = message.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        if code && parts.peek().is_some() {
            let _ = write!(text, "<code>{}</code>", markdown(part));
        } else {
            // a backtick without a second one is itself
            text.push_str(if code { "&#96;" } else { "" });
            text.push_str(&markdown(part));
        }
        code = !code;
    }
    text
}
