//! The summary of a run over a tree: one screen that says what was done, what was left and why; and the census of files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::generator::Generator;
use crate::manifest::Kind;
use crate::plan::{Action, Reason};
use crate::printable::printable;
use crate::program::url::shown_host;
use crate::report::findings::count;
use crate::report::notices::{is_disclosure, notices};
use crate::report::run::{Failure, NotRead, Record, TreeReport};

/// The most names listed under one heading; the rest is counted.
const NAMES: usize = 8;
/// The most hosts named beside a reason.
const HOSTS: usize = 4;

/// How the run is to be spoken of.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one run")]
pub struct Manner {
    /// Whether files were written, or would have been.
    pub wrote: bool,
    /// Whether links were taken out instead of put in.
    pub strip: bool,
    /// Whether Markdown got no attributes because the generator may drop raw HTML.
    pub lacks_attributes: bool,
    /// Whether the sub-IDs are meant to tell pages apart.
    pub subids_tell_pages: bool,
}

/// The summary of `report`, ending with a line feed; `quiet` leaves only what went wrong.
pub fn summary(report: &TreeReport, manner: Manner, quiet: bool) -> String {
    let mut text = String::new();
    if !quiet {
        headline(&mut text, report, manner);
        rewritten(&mut text, report);
        left(&mut text, report);
        notices(&mut text, report, manner.wrote);
        notes(&mut text, report, manner);
    }
    ended(&mut text, report);
    trouble(&mut text, report, quiet);
    text
}

/// Every decision of `report`, one per line: `page:line:column: action: reason: before -> after`.
pub fn decisions(report: &TreeReport) -> String {
    let mut text = String::new();
    for (page, record) in records_named(report) {
        let _ = write!(
            text,
            "{}:{}:{}: {}: {}: {}",
            begins_line(page),
            record.line,
            record.column,
            record.action.name(),
            record.reason.name(),
            printable(&String::from_utf8_lossy(&record.before.0))
        );
        if record.before != record.after {
            let _ = write!(text, " -> {}", printable(&String::from_utf8_lossy(&record.after.0)));
        }
        text.push('\n');
    }
    text
}

/// The path `page` where it begins a line: one that began with a colon could be a command to GitHub's runner.
pub(super) fn begins_line(page: &str) -> String {
    let safe = printable(page);
    if page.trim_start().starts_with(':') { format!("./{safe}") } else { safe }
}

/// `1204 files: 1180 pages, 20 excluded, 4 skipped (2 not UTF-8, 2 UTF-16)`
pub fn census(report: &TreeReport) -> String {
    let mut skips: BTreeMap<String, usize> = BTreeMap::new();
    let (mut pages, mut templates, mut redirects, mut refused, mut failed) = (0, 0, 0, 0, 0);
    for page in &report.pages {
        match (&page.failure, page.not_read) {
            (Some(Failure::Refused(_)), _) => refused += 1,
            (Some(Failure::Io(_)), _) => failed += 1,
            (None, Some(NotRead::Skipped(skip))) => *skips.entry(skip.to_string()).or_default() += 1,
            (None, Some(NotRead::Template)) => templates += 1,
            (None, Some(NotRead::Redirect)) => redirects += 1,
            (None, None) => pages += 1,
        }
    }
    let files = report.pages.len() + report.others;
    let mut parts = vec![count(pages, "page")];
    let mut part = |number: usize, what: &str| {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    };
    part(report.excluded, "excluded");
    part(report.passed_over, "not asked for");
    part(templates, if templates == 1 { "template" } else { "templates" });
    part(redirects, if redirects == 1 { "redirect page" } else { "redirect pages" });
    let skipped: usize = skips.values().sum();
    let kinds: Vec<_> = skips.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    part(skipped, &format!("skipped ({})", kinds.join(", ")));
    part(refused, "refused");
    part(failed, "not readable or writable");
    part(report.others.saturating_sub(report.excluded + report.passed_over), "other");
    format!("{}: {}", count(files, "file"), parts.join(", "))
}

fn headline(text: &mut String, report: &TreeReport, manner: Manner) {
    let edited = report.pages.iter().filter(|page| page.edited && page.failure.is_none()).count();
    let (names, links): (Vec<_>, Vec<_>) =
        records(report).filter(|record| changed(record)).partition(|record| record.action == Action::Linked);
    let done = [(links.len(), "link"), (names.len(), "name")];
    let done: Vec<_> =
        done.iter().filter(|(number, _)| *number > 0).map(|&(number, what)| count(number, what)).collect();
    let verb = match (manner.wrote, manner.strip) {
        (true, false) => "rewrote",
        (true, true) => "restored",
        (false, false) => "would rewrite",
        (false, true) => "would restore",
    };
    let pages = count(report.pages.iter().filter(|page| page.not_read.is_none()).count(), "page");
    let failed = report.pages.iter().any(|page| page.failure.is_some());
    let _ = if edited == 0 {
        writeln!(text, "{} on {pages}", if failed { "nothing was changed" } else { "nothing to change" })
    } else if done.is_empty() {
        writeln!(text, "{verb} {edited} of {pages}")
    } else {
        writeln!(text, "{verb} {} on {edited} of {pages}", done.join(" and "))
    };
}

/// A definition is one of its links; the links that use it are counted.
fn changed(record: &Record) -> bool {
    matches!(record.action, Action::Rewritten | Action::Linked) && record.kind != Kind::Definition
        || is_unlinked(record)
}

/// Whether a link around a product's name became the name again.
fn is_unlinked(record: &Record) -> bool {
    record.reason == Reason::Unlinked
}

fn rewritten(text: &mut String, report: &TreeReport) {
    let mut rows: BTreeMap<(&str, Reason), usize> = BTreeMap::new();
    for record in records(report).filter(|record| changed(record)) {
        let reason = if record.reason.is_change() { record.reason } else { Reason::Attributes };
        *rows.entry((record.program.as_deref().unwrap_or("-"), reason)).or_default() += 1;
    }
    let width = rows.keys().map(|(program, _)| printable(program).chars().count()).max().unwrap_or(0);
    for ((program, reason), number) in rows {
        let _ = writeln!(text, "  {:width$}  {number:>6}  {}", printable(program), reason.sentence());
    }
}

fn left(text: &mut String, report: &TreeReport) {
    left_links(text, report);
    let mut rows: BTreeMap<Reason, usize> = BTreeMap::new();
    let is_name = |record: &&Record| record.kind == Kind::Mention && record.action == Action::Skipped;
    for record in records(report).filter(is_name) {
        *rows.entry(record.reason).or_default() += 1;
    }
    let total: usize = rows.values().sum();
    if total > 0 {
        let _ = writeln!(text, "left {} of products as they are:", count(total, "name"));
    }
    for (reason, number) in rows {
        let _ = writeln!(text, "  {number:>6}  {}: {}", reason.name(), reason.sentence());
    }
}

fn left_links(text: &mut String, report: &TreeReport) {
    for (action, title) in [(Action::Kept, "kept"), (Action::Skipped, "skipped")] {
        let mut rows: BTreeMap<Reason, BTreeMap<String, usize>> = BTreeMap::new();
        let half_done = |record: &&Record| action == Action::Skipped && changed(record) && !record.reason.is_change();
        let links = records(report).filter(|record| record.kind != Kind::Mention && !is_disclosure(record));
        for record in links.filter(|record| record.action == action || half_done(record)) {
            *rows.entry(record.reason).or_default().entry(host(&record.url)).or_default() += 1;
        }
        let total: usize = rows.values().flat_map(BTreeMap::values).sum();
        if total > 0 {
            let _ = writeln!(text, "{title} {}:", count(total, "link"));
        }
        for (reason, hosts) in rows {
            let number: usize = hosts.values().sum();
            let _ = writeln!(text, "  {number:>6}  {}: {} ({})", reason.name(), reason.sentence(), commonest(hosts));
        }
    }
}

fn commonest(hosts: BTreeMap<String, usize>) -> String {
    let more = hosts.len().saturating_sub(HOSTS);
    let mut hosts: Vec<_> = hosts.into_iter().collect();
    hosts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let mut names: Vec<_> = hosts.into_iter().take(HOSTS).map(|(host, _)| printable(&host)).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

fn host(url: &str) -> String {
    let host = shown_host(url);
    if host.is_empty() { "this site".into() } else { host }
}

fn notes(text: &mut String, report: &TreeReport, manner: Manner) {
    let lacking = records(report).filter(|record| record.lacks_attributes && record.kind != Kind::Definition).count();
    if lacking > 0 && !manner.strip {
        let why = if manner.lacks_attributes {
            "because this site's generator may drop raw HTML; run `affilink build` on its output folder as well, or set \
             `links.markdown` to html, kramdown or pandoc"
        } else {
            "because of where they stand in Markdown; run `affilink build` on the generator's output folder as well"
        };
        let _ = writeln!(text, "note: {} got no `rel`, {why}", count(lacking, "affiliate link"));
    }
    if let Some(generator) = report.pages.iter().find_map(|page| page.hydrated) {
        let _ = writeln!(
            text,
            "warning: this site was built by {}, which rebuilds pages in the browser and undoes what was \
             rewritten in HTML; rewrite its sources{}",
            generator.name(),
            plugin(generator)
        );
    }
    let data = report.pages.iter().filter(|page| page.structured_data).count();
    if data > 0 {
        let _ =
            writeln!(text, "note: {} JSON-LD with merchant links, which is never rewritten", count_has(data, "page"));
    }
    if manner.subids_tell_pages {
        named(text, "sub-IDs stand for more than one page, so reports cannot tell them apart", &collisions(report));
    }
    let one_or_more = |names: &[String], one, more| if names.len() == 1 { one } else { more };
    let hold = one_or_more(
        &report.unseen,
        "file holds merchant links and is never rewritten (a feed, a search index)",
        "files hold merchant links and are never rewritten (feeds, search indexes)",
    );
    named(text, hold, &report.unseen);
    let left_out = one_or_more(
        &report.left_out,
        "was not copied: a folder of a package manager",
        "were not copied: folders of a package manager",
    );
    named(text, left_out, &report.left_out);
    named(text, "in the output folder without a source; nothing is deleted there", &report.leftovers);
}

/// The kill switch's rest: own links of ended programs that stay.
fn ended(text: &mut String, report: &TreeReport) {
    let ended: Vec<_> = records_named(report)
        .filter(|(_, record)| record.left_ended)
        .map(|(page, record)| {
            format!("{page}:{}:{}: {} ({})", record.line, record.column, record.url, record.reason.name())
        })
        .collect();
    named(text, "are links of ended programs that could not be rewritten", &ended);
}

/// Sub-IDs that links on several pages carry, with the pages.
fn collisions(report: &TreeReport) -> Vec<String> {
    let mut pages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (page, record) in records_named(report) {
        let new = matches!(record.action, Action::Rewritten | Action::Linked) && record.reason != Reason::Attributes;
        if let Some(subid) = record.subid.as_deref().filter(|_| new) {
            let pages = pages.entry(subid).or_default();
            if pages.last() != Some(&page) {
                pages.push(page);
            }
        }
    }
    let shared = pages.into_iter().filter(|(_, pages)| pages.len() > 1);
    shared
        .map(|(subid, pages)| {
            let more = if pages.len() > HOSTS { format!(" and {} more", pages.len() - HOSTS) } else { String::new() };
            format!("{subid}: {}{more}", pages[..pages.len().min(HOSTS)].join(", "))
        })
        .collect()
}

fn plugin(generator: Generator) -> String {
    generator.plugin().map_or(String::new(), |plugin| format!(" (plugin: {plugin})"))
}

pub(super) fn named(text: &mut String, what: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let _ = writeln!(text, "note: {} {what}:", names.len());
    for name in names.iter().take(NAMES) {
        let _ = writeln!(text, "  {}", begins_line(name));
    }
    if names.len() > NAMES {
        let _ = writeln!(text, "  and {} more", names.len() - NAMES);
    }
}

fn trouble(text: &mut String, report: &TreeReport, quiet: bool) {
    for page in &report.pages {
        let name = printable(&page.name);
        match (&page.failure, page.not_read) {
            (Some(Failure::Refused(reason)), _) => {
                let _ = writeln!(
                    text,
                    "error: {name}: refused, left as it was: {reason}\n  to leave it out: files: {{exclude: [{}]}}",
                    quoted(&page.name)
                );
            }
            (Some(Failure::Io(reason)), _) => {
                let _ = writeln!(
                    text,
                    "error: {name}: {}\n  to leave it out: files: {{exclude: [{}]}}",
                    printable(reason),
                    quoted(&page.name)
                );
            }
            (None, Some(NotRead::Skipped(skip))) if !quiet || page.named => {
                let _ = writeln!(text, "skipped: {name}: {skip}");
            }
            _ => {}
        }
    }
    for (problem, failure) in report.problems.iter().filter(|(_, failure)| *failure || !quiet) {
        let _ = writeln!(text, "{}: {}", if *failure { "error" } else { "warning" }, printable(problem));
    }
    if report.stopped {
        text.push_str("error: stopped before the end; every file is as it was or finished\n");
    } else if report.withheld {
        text.push_str("error: no page was written, since not all could be done\n");
    }
}

/// The name as a glob for the configuration: what globs read as syntax is bracketed, what YAML reads is quoted.
fn quoted(name: &str) -> String {
    let literal: String = name
        .chars()
        .map(|c| match c {
            '*' | '?' | '[' | ']' | '{' | '}' => format!("[{c}]"),
            // globs have no other way to say it
            '\\' | char::REPLACEMENT_CHARACTER => "?".to_owned(),
            c => c.to_string(),
        })
        .collect();
    serde_json::to_string(&format!("/{literal}")).unwrap_or_default()
}

/// The decisions about pages that are as decided.
fn records(report: &TreeReport) -> impl Iterator<Item = &Record> {
    report.pages.iter().filter(|page| page.failure.is_none()).flat_map(|page| &page.records)
}

fn records_named(report: &TreeReport) -> impl Iterator<Item = (&str, &Record)> {
    report.pages.iter().flat_map(|page| page.records.iter().map(|record| (page.name.as_str(), record)))
}

fn count_has(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what} has") } else { format!("{number} {what}s have") }
}
