//! GitLab's Code Quality report (docs.gitlab.com, "Code Quality", "Import Code Quality results from a CI/CD job").

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Figures, Finding, Options, json_line, json_list};
use crate::config::lint::Level;
use crate::printable::printable;

/// A list of violations, one a line.
///
/// GitLab shows only the first of those with one fingerprint, so equal findings of a page are numbered in it.
pub fn gitlab(findings: &[Finding], _: &Figures, _: &Options) -> String {
    let mut seen: HashMap<[&str; 3], usize> = HashMap::new();
    let items = findings.iter().map(|finding| {
        let number = seen.entry([&finding.path, finding.rule, &finding.fingerprint]).or_default();
        *number += 1;
        json_line(&violation(finding, *number))
    });
    format!("{}\n", json_list(items))
}

fn violation(finding: &Finding, number: usize) -> Value {
    json!({
        "description": printable(&finding.message),
        "check_name": finding.rule,
        "fingerprint": fingerprint(finding, number),
        "severity": severity(finding.level),
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.start.line, "end": finding.end.line.max(finding.start.line)},
        },
    })
}

/// Of the path too: GitLab compares fingerprints of the whole report.
fn fingerprint(finding: &Finding, number: usize) -> String {
    let mut hash = Sha256::new();
    for part in [&finding.path, finding.rule, &finding.fingerprint, &number.to_string()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warn => "minor",
        Level::Info | Level::Off => "info",
    }
}
