//! `JUnit` XML as GitLab and Jenkins read it: a suite a page, a case a finding. Decides which findings are failures: those that
//! make the run fail; the others are skipped cases, seen but not counted against it.
//!
//! Sources: docs.gitlab.com, "Unit test reports"; Jenkins, xunit plugin, `junit-10.xsd`.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Figures, Finding, Options, uncommanded};
use crate::printable::printable;

/// Suites in the order of `findings`. A run without findings has one case that passes: Jenkins takes an empty report for a
/// broken one.
pub fn junit(findings: &[Finding], figures: &Figures, options: &Options) -> String {
    let failures = findings.iter().filter(|finding| options.fails(finding.level, figures)).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let tests = findings.len().max(1);
    let _ = writeln!(text, "<testsuites name=\"affilink\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    for page in findings.chunk_by(|one, other| one.path == other.path) {
        suite(&mut text, page, figures, options);
    }
    if findings.is_empty() {
        text.push_str("<testsuite name=\"affilink\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n");
        text.push_str("  <testcase name=\"no findings\" classname=\"affilink\"/>\n</testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn suite(text: &mut String, page: &[Finding], figures: &Figures, options: &Options) {
    let Some(first) = page.first() else { return };
    let path = xml(&first.path);
    let failures = page.iter().filter(|finding| options.fails(finding.level, figures)).count();
    let (tests, skipped) = (page.len(), page.len() - failures);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
    let _ = writeln!(text, "<testsuite name=\"{path}\" {counts}>");
    // readers take cases of one name in one class for one case
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for finding in page {
        let number = seen.entry(finding.rule).or_default();
        *number += 1;
        let name = if *number == 1 { finding.rule.to_owned() } else { format!("{} #{number}", finding.rule) };
        let _ = writeln!(text, "  <testcase name=\"{}\" classname=\"{path}\">", xml(&name));
        outcome(text, finding, options.fails(finding.level, figures));
        text.push_str("  </testcase>\n");
    }
    text.push_str("</testsuite>\n");
}

fn outcome(text: &mut String, finding: &Finding, fails: bool) {
    let level = finding.level.name();
    let message = format!("{level}[{}] {}", finding.rule, finding.message);
    if !fails {
        let place = format!("{}:{}: ", finding.start.line, finding.start.column);
        let _ = writeln!(text, "    <skipped message=\"{}\"/>", xml(&format!("{place}{message}")));
        return;
    }
    let place = format!("{}:{}:{}", finding.path, finding.start.line, finding.start.column);
    let _ = write!(text, "    <failure message=\"{}\" type=\"{level}\">{}", xml(&message), xml(&place));
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {}", xml(help)));
    let _ = writeln!(text, "{}</failure>", help.unwrap_or_default());
}

/// `text` for attributes and content; characters that XML 1.0 cannot hold come as [`printable`] shows them, the two
/// noncharacters that it forbids as U+FFFD.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in printable(text).chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            char => safe.push(char),
        }
    }
    uncommanded(safe, "&#35;")
}
