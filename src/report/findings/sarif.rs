//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), as GitHub's code scanning reads it. Decides which
//! findings go in where there are more than GitHub takes: the gravest, and the file says that some are missing.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Figures, Finding, Options, json_line, json_list};
use crate::config::lint::Level;
use crate::lint::{RULES, Rule, docs};
use crate::printable::printable;
use crate::report::finding::{Fix, Position};

/// The most results of a run that GitHub takes (docs.github.com, "SARIF results exceed one or more limits").
const MAX_RESULTS: usize = 25_000;
/// All but what RFC 3986 calls unreserved, and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
/// The folder that paths are relative to: what reads the file knows where it is.
const ROOT: &str = "%SRCROOT%";

/// One run with all rules, a result a line; columns are 1-based code points, ends exclusive.
pub fn sarif(findings: &[Finding], _: &Figures, options: &Options) -> String {
    log(findings, options, RULES)
}

pub(super) fn log(findings: &[Finding], options: &Options, rules: &[&Rule]) -> String {
    let shown = gravest(findings, MAX_RESULTS);
    let head = json!({
        "tool": {"driver": driver(options, rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "the folder that paths are relative to"}}},
        "invocations": [invocation(findings.len(), shown.len())],
    });
    let head = json_line(&head);
    let head = head.strip_suffix('}').expect("an object");
    let results = json_list(shown.into_iter().map(|finding| json_line(&result(finding, rules))));
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    format!("{{\"$schema\":\"{schema}\",\"version\":\"2.1.0\",\"runs\":[{head},\"results\":{results}}}]}}\n")
}

/// The `most` gravest findings, in the order given.
fn gravest(findings: &[Finding], most: usize) -> Vec<&Finding> {
    let mut chosen: Vec<_> = findings.iter().enumerate().collect();
    if chosen.len() > most {
        chosen.sort_by_key(|(_, finding)| Reverse(finding.level));
        chosen.truncate(most);
        chosen.sort_by_key(|(index, _)| *index);
    }
    chosen.into_iter().map(|(_, finding)| finding).collect()
}

fn driver(options: &Options, rules: &[&Rule]) -> Value {
    json!({
        "name": "affilink",
        "version": options.version,
        "semanticVersion": options.version,
        "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    })
}

fn descriptor(rule: &Rule) -> Value {
    let configuration = match rule.spec.level {
        Level::Off => json!({"enabled": false}),
        given => json!({"level": level(given)}),
    };
    let text = docs::text(rule);
    json!({
        "id": rule.spec.name,
        "shortDescription": {"text": docs::summary(rule)},
        "fullDescription": {"text": why(&text).unwrap_or_else(|| docs::summary(rule))},
        "help": {"text": text, "markdown": docs::page(rule)},
        "defaultConfiguration": configuration,
    })
}

/// The first paragraph that says why the rule matters.
fn why(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("## Why\n\n")?;
    let paragraph = rest.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    Some(paragraph.trim().to_owned()).filter(|text| !text.is_empty())
}

fn invocation(all: usize, shown: usize) -> Value {
    let mut invocation = json!({"executionSuccessful": true});
    if shown < all {
        let text = format!("{} of {all} findings left out, the least grave: GitHub takes {MAX_RESULTS}", all - shown);
        invocation["toolExecutionNotifications"] = json!([{"level": "warning", "message": {"text": text}}]);
    }
    invocation
}

fn result(finding: &Finding, rules: &[&Rule]) -> Value {
    let location = json!({
        "physicalLocation": {"artifactLocation": artifact(&finding.path), "region": region(finding.start, finding.end)},
    });
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.level),
        "message": {"text": message(finding)},
        "locations": [location],
        "partialFingerprints": {"affilinkFinding/v1": finding.fingerprint},
    });
    if let Some(index) = rules.iter().position(|rule| rule.spec.name == finding.rule) {
        result["ruleIndex"] = index.into();
    }
    if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        result["fixes"] = json!([fixed(finding, fix)]);
    }
    result
}

fn fixed(finding: &Finding, fix: &Fix) -> Value {
    let replacements = fix
        .edits
        .iter()
        .map(|(start, end, text)| json!({"deletedRegion": region(*start, *end), "insertedContent": {"text": text}}));
    json!({
        "description": {"text": unlinked(&printable(&fix.what))},
        "artifactChanges": [{
            "artifactLocation": artifact(&finding.path),
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn message(finding: &Finding) -> String {
    let message = unlinked(&printable(&finding.message));
    match &finding.help {
        Some(help) => format!("{message}\n{}", unlinked(&printable(help))),
        None => message,
    }
}

/// In messages `[text](target)` is a link (SARIF 2.1.0, section 3.11.6), and a backslash takes that meaning from a bracket.
fn unlinked(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

/// A path as a relative URI; one that is not relative as it is.
fn artifact(path: &str) -> Value {
    let encoded = utf8_percent_encode(path, PATH);
    if path.starts_with('/') {
        return json!({"uri": format!("file://{encoded}")});
    }
    json!({"uri": encoded.to_string(), "uriBaseId": ROOT})
}

fn region(start: Position, end: Position) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}
