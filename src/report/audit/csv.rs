//! A line for each page or link, for spreadsheets. No cell is a formula: see [`crate::report::escape::cell`].

use super::{Report, words};
use crate::audit::{Change, LinkAudit, PageAudit, ratio};
use crate::report::escape::cell;

const PAGES: [&str; 23] = [
    "path",
    "kind",
    "language",
    "draft",
    "words",
    "links",
    "affiliate",
    "external",
    "internal",
    "affiliate_per_1000_words",
    "affiliate_after_build",
    "affiliate_per_1000_words_after_build",
    "link_text_share",
    "densest_paragraph",
    "densest_paragraph_line",
    "programs",
    "largest_share",
    "words_before_affiliate",
    "words_before_notice",
    "disclosure",
    "rel_coverage",
    "findings",
    "errors",
];

const LINKS: [&str; 11] =
    ["path", "line", "column", "area", "url", "text", "credit", "program", "network", "action", "result"];

const CHANGES: [&str; 11] = [
    "path",
    "state",
    "draft",
    "words_before",
    "words_after",
    "affiliate_before",
    "affiliate_after",
    "external_before",
    "external_after",
    "affiliate_elsewhere_before",
    "affiliate_elsewhere_after",
];

/// A line for each page.
pub(super) fn pages(report: &Report<'_>) -> String {
    rows(&PAGES, report.ordered(usize::MAX).into_iter().map(page))
}

/// A line for each link.
pub(super) fn links(links: &[(&PageAudit, &LinkAudit)]) -> String {
    rows(&LINKS, links.iter().map(|(page, link)| self::link(page, link)))
}

/// A line for each page that a change touches.
pub(super) fn change(change: &Change) -> String {
    let row = |page: &crate::audit::PageChange| {
        [
            page.path.clone(),
            page.state.name().to_owned(),
            page.draft.to_string(),
            page.words.0.to_string(),
            page.words.1.to_string(),
            page.paid.0.to_string(),
            page.paid.1.to_string(),
            page.external.0.to_string(),
            page.external.1.to_string(),
            page.elsewhere.0.to_string(),
            page.elsewhere.1.to_string(),
        ]
    };
    rows(&CHANGES, change.pages.iter().map(row))
}

fn page(page: &PageAudit) -> [String; PAGES.len()] {
    let or_empty = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
    let share = |share: f64| format!("{share:.3}");
    let programs: Vec<_> = page.payers().iter().map(|(name, links)| format!("{name}: {links}")).collect();
    let covered = (page.rel_places > 0).then(|| ratio(page.rel_covered, page.rel_places));
    [
        page.path.clone(),
        if page.roundup { "roundup" } else { "article" }.to_owned(),
        page.language.clone().unwrap_or_default(),
        page.draft.to_string(),
        page.words.to_string(),
        page.links.all.to_string(),
        page.links.affiliate.to_string(),
        page.links.external.to_string(),
        page.links.internal.to_string(),
        format!("{:.2}", page.density),
        or_empty(page.built.map(|built| built.affiliate)),
        page.built.map_or_else(String::new, |built| format!("{:.2}", built.density)),
        share(page.link_text_share),
        or_empty(page.densest.map(|found| found.links)),
        or_empty(page.densest.map(|found| found.line)),
        programs.join("; "),
        page.largest_share().map_or_else(String::new, share),
        or_empty(page.words_before_link),
        or_empty(page.words_before_notice),
        page.disclosure.to_string(),
        covered.map_or_else(String::new, share),
        page.findings.len().to_string(),
        words::gravity(page)[0].to_string(),
    ]
}

fn link(page: &PageAudit, link: &LinkAudit) -> [String; LINKS.len()] {
    let becomes = link.becomes.as_ref();
    [
        page.path.clone(),
        link.line.to_string(),
        link.column.to_string(),
        link.area.name().to_owned(),
        link.url.clone(),
        link.text.clone(),
        link.credit.name().to_owned(),
        link.program.clone().unwrap_or_default(),
        link.network.clone().unwrap_or_default(),
        becomes.map_or_else(String::new, |becomes| becomes.action.to_owned()),
        becomes.and_then(|becomes| becomes.result.clone()).unwrap_or_default(),
    ]
}

fn rows<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // writing to memory does not fail, and every row is as long as the first
    let _ = writer.write_record(head);
    for row in rows {
        let _ = writer.write_record(row.map(|text| cell(&text)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
