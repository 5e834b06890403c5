//! One line a finding, as compilers write it: editors and `grep` read it.

use std::fmt::Write as _;

use super::{Figures, Finding, Options, logged};

/// `path:line:col: level[rule] message`, each on a line; columns are 1-based code points.
pub fn concise(findings: &[Finding], _: &Figures, _: &Options) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(
            text,
            "{}:{}:{}: {}[{}] {}",
            path(&finding.path),
            finding.start.line,
            finding.start.column,
            finding.level.name(),
            finding.rule,
            logged(&finding.message)
        );
    }
    text
}

/// A line that begins with two colons is a command to GitHub's runner, whatever white space stands before them.
fn path(path: &str) -> String {
    let logged = logged(path);
    if path.trim_start().starts_with(':') { format!("./{logged}") } else { logged }
}
