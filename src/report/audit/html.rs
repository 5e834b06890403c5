//! One page that needs nothing else: the data as JSON, and a style and a script of its own that draw it. Decides what goes into
//! the page and how much; how it looks is `report.css`'s and `report.js`'s.
//!
//! Nothing of what pages hold becomes markup: it is JSON without `<`, which the script puts into the document as text. The
//! page's own policy lets that one style and that one script run, and asks for nothing from anywhere.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::table::class_name;
use super::words::{self, network_names};
use super::{Report, Sort};
use crate::audit::site::CLASSES;
use crate::audit::{Finding, LinkAudit, MerchantAudit, PageAudit, SiteAudit};
use crate::config::lint::Level;
use crate::printable::printable;
use crate::report::findings::json_line;
use crate::survey::load::Limits;

const PAGE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The most pages that open to their links.
const OPEN_PAGES: usize = 500;
/// The most bytes of links, as JSON.
const LINK_BYTES: usize = 3_000_000;
/// The most bytes of findings, as JSON.
const FINDING_BYTES: usize = 2_000_000;
/// The most bytes of merchants, as JSON.
const MERCHANT_BYTES: usize = 1_000_000;
/// The most bytes of programs and others who are credited, as JSON.
const PROGRAM_BYTES: usize = 500_000;
/// The most bars of one chart.
const BARS: usize = 8;

/// A site.
pub(super) fn site(report: &Report<'_>, site: &SiteAudit) -> String {
    let data = embedded(&json_line(&Data::of(report, site)));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let title = format!("Links of {}", report.name);
    let mut page = String::with_capacity(data.len() + PAGE.len() + STYLE.len() + SCRIPT.len());
    let mut rest = PAGE;
    // each mark stands once, in this order: nothing is looked for in what was put in
    for (mark, value) in [
        ("{{policy}}", policy.as_str()),
        ("{{title}}", &escaped(&printable(&title))),
        ("{{style}}", STYLE),
        ("{{data}}", &data),
        ("{{script}}", SCRIPT),
    ] {
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(value);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// What the script draws; `report.js` says what stands where in a row.
#[derive(Serialize)]
struct Data<'a> {
    version: &'a str,
    site: Site<'a>,
    notes: Vec<String>,
    payers: Vec<(String, usize, &'static str)>,
    pages: Vec<Value>,
    links: Vec<(usize, Vec<Value>)>,
    cut_links: bool,
    merchants: Vec<Value>,
    all_merchants: usize,
    outbound: (usize, usize),
    programs: Vec<Value>,
    all_programs: usize,
    rules: Vec<(&'static str, usize)>,
    findings: Vec<Value>,
}

#[derive(Serialize)]
struct Site<'a> {
    name: &'a str,
    date: &'a str,
    configured: bool,
    pages: usize,
    drafts: usize,
    words: usize,
    affiliate: usize,
    built: Option<usize>,
    density: f64,
    built_density: Option<f64>,
    dense: usize,
    paid_pages: usize,
    undisclosed: usize,
    merchant_links: [usize; 3],
    rel: [usize; 2],
    subids: [usize; 2],
    findings: usize,
    errors: usize,
    distribution: Vec<(String, usize, bool)>,
}

impl<'a> Data<'a> {
    fn of(report: &Report<'a>, site: &'a SiteAudit) -> Self {
        let mut pages: Vec<&PageAudit> = report.pages.iter().collect();
        Sort::Density.apply(&mut pages);
        pages.truncate(report.top.unwrap_or(usize::MAX));
        let (links, cut_links) = links(&pages);
        let one_payer: BTreeSet<&str> = site.concentrated.iter().map(|(path, _)| path.as_str()).collect();
        let outbound = (site.outbound.len(), site.outbound.iter().map(|(_, links, _)| links).sum());
        Self {
            version: report.version,
            site: Site::of(report, site),
            notes: notes(report, site),
            payers: payers(site),
            pages: pages.iter().map(|page| page_row(page, one_payer.contains(page.path.as_str()))).collect(),
            links,
            cut_links,
            merchants: within(MERCHANT_BYTES, site.merchants.iter().map(merchant_row)),
            all_merchants: site.merchants.len(),
            outbound,
            programs: within(PROGRAM_BYTES, programs(site)),
            all_programs: site.programs.len() + site.others.len(),
            rules: site.findings.iter().map(|(rule, count)| (*rule, *count)).collect(),
            findings: findings(&pages),
        }
    }
}

impl<'a> Site<'a> {
    fn of(report: &Report<'a>, site: &SiteAudit) -> Self {
        let published = || report.pages.iter().filter(|page| !page.draft);
        let all = || report.pages.iter().flat_map(|page| &page.findings);
        let limit = Limits::default().density.map_or(f64::INFINITY, |limit| limit.per_1000_words);
        let class = |(at, pages): (usize, &usize)| {
            let over = at > 0 && CLASSES.get(at - 1).is_some_and(|from| *from >= limit);
            (class_name(at), *pages, over)
        };
        Self {
            name: report.name,
            date: report.date,
            configured: report.configured,
            pages: site.pages,
            drafts: site.drafts,
            words: site.words,
            affiliate: site.links.affiliate,
            built: site.built,
            density: rounded(site.density(), 10.0),
            built_density: site.built_density().map(|density| rounded(density, 10.0)),
            dense: published().filter(|page| page.is_dense).count(),
            paid_pages: site.paid_pages,
            undisclosed: site.undisclosed,
            merchant_links: site.shares(),
            rel: [site.rel_covered, site.rel_places],
            subids: [site.subids, site.subid_places],
            findings: all().count(),
            errors: all().filter(|finding| finding.level == Level::Error).count(),
            distribution: site.distribution.iter().enumerate().map(class).collect(),
        }
    }
}

fn notes(report: &Report<'_>, site: &SiteAudit) -> Vec<String> {
    let mut notes = words::notes(site);
    if !report.configured {
        notes.push(
            "There is no `affiliates.yaml`: write one, and this report says what a build makes of each link.".into(),
        );
    }
    notes.extend(words::concentrated(site));
    notes
}

/// The first of `rows` that take `bytes` in all.
fn within(bytes: usize, rows: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut left = bytes;
    rows.take_while(|row| spend(&mut left, row)).collect()
}

/// Who is credited most.
fn payers(site: &SiteAudit) -> Vec<(String, usize, &'static str)> {
    let own = site.programs.iter().filter(|program| program.links + program.to_come > 0);
    let own = own.map(|program| (program.name.clone(), program.links + program.to_come, "own"));
    let others = site.others.iter().map(|other| {
        let whom = other.publisher.clone().unwrap_or_else(|| "(does not say whom)".to_owned());
        match &other.partner {
            Some(partner) => (format!("{partner} (partner)"), other.links, "own"),
            None => (format!("{} {whom}", other.network), other.links, "foreign"),
        }
    });
    let mut payers: Vec<_> = own.chain(others).collect();
    payers.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    payers.truncate(BARS);
    payers
}

fn page_row(page: &PageAudit, one_payer: bool) -> Value {
    let [errors, warnings, infos] = words::gravity(page);
    let flags = u8::from(page.roundup)
        | u8::from(page.draft) << 1
        | u8::from(page.disclosure) << 2
        | u8::from(page.is_dense) << 3
        | u8::from(one_payer) << 4
        | u8::from(page.notice_to_come) << 5
        | u8::from(page.is_undisclosed()) << 6;
    serde_json::json!([
        page.path,
        flags,
        page.language,
        page.words,
        page.links.all,
        page.links.affiliate,
        page.links.external,
        page.links.internal,
        rounded(page.paid_density(), 10.0),
        page.paid(),
        // in a thousand, which is exact enough for a share and shorter
        rounded(page.link_text_share * 1000.0, 10.0),
        page.words_before_link,
        page.words_before_notice,
        page.rel_places,
        page.rel_covered,
        errors,
        warnings,
        infos,
        rounded(page.density, 10.0)
    ])
}

/// The links of the worst pages, by the page's index, and whether any are left out.
fn links(pages: &[&PageAudit]) -> (Vec<(usize, Vec<Value>)>, bool) {
    let mut left = LINK_BYTES;
    let mut cut = false;
    let with_links = pages.iter().enumerate().filter(|(_, page)| !page.business.is_empty());
    let mut open = Vec::new();
    for (index, page) in with_links.take(OPEN_PAGES) {
        let rows: Vec<Value> = page.business.iter().map(link_row).take_while(|row| spend(&mut left, row)).collect();
        cut |= rows.len() < page.business.len();
        if rows.is_empty() {
            break;
        }
        open.push((index, rows));
    }
    (open, cut)
}

/// Takes the length of `row` off what is `left`; whether there was enough.
fn spend(left: &mut usize, row: &Value) -> bool {
    // six bytes stand for each of these where it is put
    let text = row.to_string();
    let length = text.len() + 5 * text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&')).count();
    let enough = *left >= length;
    *left = left.saturating_sub(length + 1);
    enough
}

fn link_row(link: &LinkAudit) -> Value {
    let becomes = link.becomes.as_ref();
    serde_json::json!([
        link.line,
        link.column,
        link.area.name(),
        link.text,
        link.url,
        link.credit.name(),
        link.program,
        link.network,
        link.publisher,
        becomes.map(|becomes| becomes.action),
        becomes.map(|becomes| becomes.sentence),
        becomes.and_then(|becomes| becomes.result.as_ref())
    ])
}

fn merchant_row(merchant: &MerchantAudit) -> Value {
    serde_json::json!([
        merchant.domain,
        merchant.links,
        merchant.pages,
        merchant.own,
        merchant.foreign + merchant.partner,
        merchant.plain + merchant.ended,
        merchant.program,
        network_names(&merchant.networks),
        words::evidence(merchant.evidence),
        merchant.to_come
    ])
}

fn programs(site: &SiteAudit) -> impl Iterator<Item = Value> + '_ {
    let own = site.programs.iter().map(|program| {
        serde_json::json!([
            program.name,
            program.network.as_deref().unwrap_or(""),
            program.links,
            program.to_come,
            program.pages,
            program.cookie_days,
            program.status,
            words::trouble(program)
        ])
    });
    let others = site.others.iter().map(|other| {
        let whom = other.publisher.as_deref().unwrap_or("(does not say whom)");
        let (name, state) = match &other.partner {
            Some(partner) => (format!("{partner}, {whom}"), "partner"),
            None => (whom.to_owned(), if other.publisher.is_some() { "foreign" } else { "unknown" }),
        };
        serde_json::json!([name, other.network, other.links, 0, other.pages, null, state, null])
    });
    own.chain(others)
}

/// The gravest findings of all pages.
fn findings(pages: &[&PageAudit]) -> Vec<Value> {
    let all = pages.iter().enumerate().flat_map(|(index, page)| page.findings.iter().map(move |found| (index, found)));
    let mut all: Vec<(usize, &Finding)> = all.collect();
    all.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.level));
    let row = |(page, finding): (usize, &Finding)| {
        let level = match finding.level {
            Level::Error => 0,
            Level::Warn => 1,
            Level::Info | Level::Off => 2,
        };
        serde_json::json!([page, finding.line, finding.column, level, finding.rule, finding.message])
    };
    within(FINDING_BYTES, all.into_iter().map(row))
}

/// `json` as the content of a `script` element: no `<` ends it or begins a comment.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The source of a content security policy that allows exactly this inline text.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut base64 = String::new();
    for three in digest.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'A');
            base64.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    format!("sha256-{base64}")
}

fn rounded(number: f64, by: f64) -> f64 {
    (number * by).round() / by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_browsers() {
        // Content Security Policy Level 3, 2.3.1: the example of `alert('Hello, world.');`
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    /// Ten thousand pages with many links and findings, all of whose texts take more room where they are put.
    #[test]
    fn a_large_sites_page_stays_under_ten_megabytes() {
        let finding = Finding {
            rule: "foreign-affiliate-id",
            level: Level::Error,
            line: 1000,
            column: 100,
            message: "this link credits `somebody-20` (amazon), which is none of <your> ids".to_owned(),
        };
        let link = LinkAudit {
            line: 1000,
            column: 100,
            area: crate::audit::Area::Content,
            url: format!("https://www.amazon.com/dp/B000000000?tag=somebody-20&x={}", "<&>".repeat(60)),
            text: "<a> & <b> ".repeat(8),
            credit: crate::audit::Credit::Foreign,
            ended: false,
            program: None,
            network: Some("amazon".to_owned()),
            publisher: Some("somebody-20".to_owned()),
            subid: None,
            merchant: None,
            becomes: None,
        };
        // of each page's links one credits somebody whom no other page does, and leads to a shop of its own
        let alone = |at: usize| LinkAudit {
            publisher: Some(format!("{at}-{}", "<a>".repeat(30))),
            merchant: Some(crate::audit::Merchant {
                domain: format!("shop-{at}.{}.example", "a-long-name".repeat(8)),
                evidence: crate::audit::Evidence::Credited,
            }),
            ..link.clone()
        };
        let page = |at: usize| PageAudit {
            path: format!("content/{}/{at}/index.md", "a-section-with-a-long-name/".repeat(3)),
            business: vec![link.clone(); 20].into_iter().chain([alone(at)]).collect(),
            findings: vec![finding.clone(); 10],
            ..PageAudit::default()
        };
        let pages: Vec<_> = (0..10_000).map(page).collect();
        let map = crate::config::Config::without_file("2026-06-01".parse().expect("a date"), crate::lint::SPECS).map;
        let audit = SiteAudit::of(&pages, &map);
        let report = Report {
            subject: crate::report::audit::Subject::Site(&audit),
            pages: &pages,
            configured: false,
            name: "a site",
            date: "2026-06-01",
            sort: Sort::Density,
            top: None,
            width: None,
            color: false,
            version: "0",
        };
        let made = site(&report, &audit);
        assert!((4_000_000..10_000_000).contains(&made.len()), "{} bytes", made.len());
        assert_eq!(made.matches("</script>").count(), 2);
    }

    #[test]
    fn marks_stand_once_and_in_order() {
        let places: Vec<_> = ["{{policy}}", "{{title}}", "{{style}}", "{{data}}", "{{script}}"]
            .map(|mark| (PAGE.matches(mark).count(), PAGE.find(mark)))
            .to_vec();
        assert!(places.iter().all(|(count, _)| *count == 1) && places.is_sorted_by_key(|(_, at)| *at), "{places:?}");
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("innerHTML") && !STYLE.contains("url("));
    }
}
