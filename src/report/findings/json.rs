//! This tool's own JSON. Its fields are a promise: new ones may come, none goes or changes its meaning within `version` 1.

use serde::Serialize;

use super::{Figures, Finding, Options, json_line, json_list};

/// One finding, in the order in which its fields are documented.
#[derive(Serialize)]
pub struct Item<'f> {
    rule: &'f str,
    level: &'f str,
    path: &'f str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'f str,
    help: Option<&'f str>,
    /// Whether `--fix` mends it.
    fixable: bool,
}

#[derive(Serialize)]
struct Summary {
    pages: usize,
    findings: usize,
    errors: usize,
    warnings: usize,
}

/// `{"version":1,"findings":[{"rule","level","path","line","column","end_line","end_column","message","help","fixable"}],
/// "summary":{"pages","findings","errors","warnings"}}`, a finding a line. Lines and columns are 1-based, columns in code
/// points, ends exclusive; `help` may be null; `fixable` says whether `--fix` mends it.
pub fn json(findings: &[Finding], figures: &Figures, _: &Options) -> String {
    let summary = Summary {
        pages: figures.pages,
        findings: figures.findings(),
        errors: figures.errors,
        warnings: figures.warnings,
    };
    let items = json_list(findings.iter().map(|finding| json_line(&item(finding))));
    format!("{{\"version\":1,\"findings\":{items},\"summary\":{}}}\n", json_line(&summary))
}

/// The object for `finding`.
pub fn item(finding: &Finding) -> Item<'_> {
    Item {
        rule: finding.rule,
        level: finding.level.name(),
        path: &finding.path,
        line: finding.start.line,
        column: finding.start.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        message: &finding.message,
        help: finding.help.as_deref(),
        fixable: finding.fix.as_ref().is_some_and(|fix| fix.safe),
    }
}
