//! What the summary says of notices, sentences and markers. Decides which of them are named by page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::manifest::Kind;
use crate::plan::{Action, Reason};
use crate::report::run::{Record, TreeReport};
use crate::report::summary::named;

/// Whether `record` is of a notice, a sentence or a marker, not of a link.
pub(super) fn is_disclosure(record: &Record) -> bool {
    matches!(record.kind, Kind::Notice | Kind::Statement | Kind::Marker)
}

/// Writes how many were put in and taken out, and which pages somebody should look at.
pub(super) fn notices(text: &mut String, report: &TreeReport, wrote: bool) {
    let mut rows: BTreeMap<(Kind, Action), usize> = BTreeMap::new();
    let records = || {
        report.pages.iter().filter(|page| page.failure.is_none()).flat_map(|page| {
            page.records.iter().filter(|record| is_disclosure(record)).map(|record| (page.name.clone(), record))
        })
    };
    for (_, record) in records() {
        if matches!(record.action, Action::Inserted | Action::Removed) {
            *rows.entry((record.kind, record.action)).or_default() += 1;
        }
    }
    for ((kind, action), number) in rows {
        let what = match kind {
            Kind::Notice => "notice",
            Kind::Statement => "required sentence",
            _ => "marker",
        };
        let plural = if number == 1 { "" } else { "s" };
        let verb = match (wrote, action) {
            (true, _) => action.name(),
            (false, Action::Removed) => "would remove",
            (false, _) => "would insert",
        };
        let _ = writeln!(text, "{verb} {number} {what}{plural}");
    }
    let of = |reason: Reason| -> Vec<String> {
        let found = records().filter(|(_, record)| record.reason == reason);
        found.map(|(page, record)| format!("{page}:{}", record.line)).collect()
    };
    let mut pages = |one: &str, several: &str, names: &[String]| {
        let what = if names.len() == 1 { format!("page {one}") } else { format!("pages {several}") };
        named(text, &what, names);
    };
    pages(
        "begins with the notice, and so do excerpts made of it",
        "begin with the notice, and so do excerpts made of them",
        &of(Reason::NoticeFirst),
    );
    pages(
        "has no place for a notice before its affiliate links",
        "have no place for a notice before their affiliate links",
        &of(Reason::NoPlace),
    );
    pages(
        "is in a language without a notice and got the site's: write one under `disclosure.text`",
        "are in a language without a notice and got the site's: write one under `disclosure.text`",
        &of(Reason::OtherLanguage),
    );
    let broken = records().filter(|(_, record)| record.reason == Reason::WouldBreakMarkup);
    let broken: Vec<_> = broken.map(|(page, record)| format!("{page}:{}", record.line)).collect();
    pages(
        "lacks what discloses its links, because it would break its markup",
        "lack what discloses their links, because it would break their markup",
        &broken,
    );
}
