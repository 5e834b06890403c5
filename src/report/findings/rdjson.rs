//! The reviewdog Diagnostic Format (reviewdog, `proto/rdf/reviewdog.proto`): columns are 1-based bytes of UTF-8, ends exclusive.

use serde_json::{Value, json};

use super::{Figures, Finding, Options, json_line, json_list};
use crate::config::lint::Level;
use crate::printable::printable;
use crate::report::finding::Position;

/// A `DiagnosticResult`, a diagnostic a line. A fix is suggested where it is one edit: reviewers accept suggestions one by
/// one, and half a fix is worse than none.
pub fn rdjson(findings: &[Finding], _: &Figures, _: &Options) -> String {
    let diagnostics = json_list(findings.iter().map(|finding| json_line(&diagnostic(finding))));
    format!("{{\"source\":{{\"name\":\"affilink\"}},\"diagnostics\":{diagnostics}}}\n")
}

fn diagnostic(finding: &Finding) -> Value {
    let mut message = printable(&finding.message);
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(&printable(help));
    }
    let mut diagnostic = json!({
        "message": message,
        "location": {"path": finding.path, "range": range(finding.start, finding.end)},
        "severity": severity(finding.level),
        "code": {"value": finding.rule},
    });
    if let Some([(start, end, text)]) = finding.fix.as_ref().map(|fix| fix.edits.as_slice()) {
        diagnostic["suggestions"] = json!([{"range": range(*start, *end), "text": text}]);
    }
    diagnostic
}

fn range(start: Position, end: Position) -> Value {
    json!({
        "start": {"line": start.line, "column": start.byte_column},
        "end": {"line": end.line, "column": end.byte_column},
    })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warn => "WARNING",
        Level::Info | Level::Off => "INFO",
    }
}
