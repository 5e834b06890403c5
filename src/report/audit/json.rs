//! This tool's own JSON. Its fields are a promise: new ones may come, none goes or changes its meaning within `version` 1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Report, words};
use crate::audit::site::CLASSES;
use crate::audit::{
    Change, Counts, Credit, Evidence, LinkAudit, MerchantAudit, PageAudit, PageChange, ProgramAudit, SiteAudit, ratio,
};
use crate::report::findings::{json_line, json_list};

/// `{"version":1,"site":{...},"pages":[...],"merchants":[...],"programs":[...],"others":[...],"outbound":[...]}`, an item of
/// a list a line; see the README for every field. Shares are from 0 to 1.
pub(super) fn site(report: &Report<'_>, site: &SiteAudit) -> String {
    let pages = report.ordered(usize::MAX);
    format!(
        "{{\"version\":1,\"site\":{},\n\"pages\":{},\n\"merchants\":{},\n\"programs\":{},\n\"others\":{},\n\"outbound\":{}}}\n",
        json_line(&Site::of(report, site)),
        json_list(pages.into_iter().map(|found| json_line(&page(found)))),
        json_list(site.merchants.iter().map(|found| json_line(&merchant_item(found)))),
        json_list(site.programs.iter().map(|found| json_line(&program(found)))),
        json_list(site.others.iter().map(|found| {
            json_line(&Other {
                partner: found.partner.as_deref(),
                network: &found.network,
                publisher: found.publisher.as_deref(),
                links: found.links,
                pages: found.pages,
            })
        })),
        json_list(
            site.outbound
                .iter()
                .map(|(domain, links, pages)| { json_line(&Outbound { domain, links: *links, pages: *pages }) })
        ),
    )
}

/// `{"version":1,"merchant":{...} or null,"links":[...]}`
pub(super) fn merchant(report: &Report<'_>, site: &SiteAudit, domain: &str) -> String {
    let found = site.merchants.iter().find(|merchant| merchant.domain == domain);
    let links = report.links_to(domain);
    format!(
        "{{\"version\":1,\"merchant\":{},\n\"links\":{}}}\n",
        json_line(&found.map(merchant_item)),
        json_list(links.into_iter().map(|(page, found)| json_line(&link(Some(&page.path), found))))
    )
}

/// `{"version":1,"since","paid":{"added","removed"},"pages":[...]}`
pub(super) fn change(change: &Change) -> String {
    let (added, removed) = change.paid();
    let total = Total { added, removed };
    format!(
        "{{\"version\":1,\"since\":{},\"paid\":{},\"compared\":{},\n\"pages\":{}}}\n",
        json_line(&change.since),
        json_line(&total),
        change.compared,
        json_list(change.pages.iter().map(|page| json_line(&page_change(page))))
    )
}

#[derive(Serialize)]
struct Site<'a> {
    name: &'a str,
    date: &'a str,
    configured: bool,
    pages: usize,
    drafts: usize,
    paid_pages: usize,
    undisclosed_pages: usize,
    words: usize,
    links: usize,
    affiliate: usize,
    external: usize,
    internal: usize,
    affiliate_per_1000_words: f64,
    built: Option<BuiltItem>,
    outside: Numbers,
    values: Numbers,
    credits: BTreeMap<&'static str, usize>,
    merchant_links: MerchantLinks,
    subids: Part,
    rel: Part,
    distribution: Vec<Class>,
    concentrated: Vec<Concentrated<'a>>,
    findings: &'a BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct BuiltItem {
    affiliate: usize,
    affiliate_per_1000_words: f64,
}

#[derive(Serialize)]
struct Numbers {
    links: usize,
    affiliate: usize,
    external: usize,
    internal: usize,
}

#[derive(Serialize)]
struct MerchantLinks {
    own: usize,
    foreign: usize,
    nobody: usize,
}

#[derive(Serialize)]
struct Part {
    of: usize,
    have: usize,
    share: Option<f64>,
}

#[derive(Serialize)]
struct Class {
    over: Option<f64>,
    up_to: Option<f64>,
    pages: usize,
}

#[derive(Serialize)]
struct Concentrated<'a> {
    path: &'a str,
    program: &'a str,
}

#[derive(Serialize)]
struct Page<'a> {
    path: &'a str,
    kind: &'static str,
    language: Option<&'a str>,
    draft: bool,
    words: usize,
    links: usize,
    affiliate: usize,
    external: usize,
    internal: usize,
    affiliate_per_1000_words: f64,
    link_text_share: f64,
    densest_paragraph: Option<Densest>,
    programs: BTreeMap<&'a str, usize>,
    largest_share: Option<f64>,
    words_before_affiliate: Option<usize>,
    words_before_notice: Option<usize>,
    disclosure: bool,
    notice_to_come: bool,
    rel_coverage: Option<f64>,
    outside: Numbers,
    values: Numbers,
    built: Option<BuiltItem>,
    findings: usize,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Densest {
    line: usize,
    affiliate: usize,
}

#[derive(Serialize)]
struct Merchant<'a> {
    domain: &'a str,
    links: usize,
    pages: usize,
    program: Option<&'a str>,
    networks: &'a [&'static str],
    evidence: &'static str,
    sign: Option<&'static str>,
    own: usize,
    partner: usize,
    ended: usize,
    foreign: usize,
    nobody: usize,
    to_come: usize,
}

#[derive(Serialize)]
struct Program<'a> {
    name: &'a str,
    network: Option<&'a str>,
    links: usize,
    to_come: usize,
    pages: usize,
    status: &'static str,
    ends: Option<&'a str>,
    cookie_days: Option<f64>,
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Other<'a> {
    partner: Option<&'a str>,
    network: &'a str,
    publisher: Option<&'a str>,
    links: usize,
    pages: usize,
}

#[derive(Serialize)]
struct Outbound<'a> {
    domain: &'a str,
    links: usize,
    pages: usize,
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    line: usize,
    column: usize,
    area: &'static str,
    url: &'a str,
    text: &'a str,
    credit: &'static str,
    program: Option<&'a str>,
    network: Option<&'a str>,
    publisher: Option<&'a str>,
    merchant: Option<&'a str>,
    action: Option<&'static str>,
    reason: Option<&'static str>,
    result: Option<&'a str>,
}

#[derive(Serialize)]
struct Total {
    added: usize,
    removed: usize,
}

#[derive(Serialize)]
struct PageDifference<'a> {
    path: &'a str,
    state: &'static str,
    draft: bool,
    words: Pair<usize>,
    affiliate: Pair<usize>,
    affiliate_elsewhere: Pair<usize>,
    paid: Total,
    affiliate_per_1000_words: Pair<f64>,
    external: Pair<usize>,
    added: Vec<Link<'a>>,
    removed: Vec<Link<'a>>,
}

#[derive(Serialize)]
struct Pair<T> {
    before: T,
    after: T,
}

impl<'a> Site<'a> {
    fn of(report: &Report<'a>, site: &'a SiteAudit) -> Self {
        let [own, foreign, nobody] = site.shares();
        let density = |links: usize| hundredth(ratio(links * 1000, site.words));
        Self {
            name: report.name,
            date: report.date,
            configured: report.configured,
            pages: site.pages,
            drafts: site.drafts,
            paid_pages: site.paid_pages,
            undisclosed_pages: site.undisclosed,
            words: site.words,
            links: site.links.all,
            affiliate: site.links.affiliate,
            external: site.links.external,
            internal: site.links.internal,
            affiliate_per_1000_words: density(site.links.affiliate),
            built: site.built.map(|affiliate| BuiltItem { affiliate, affiliate_per_1000_words: density(affiliate) }),
            outside: numbers(site.outside),
            values: numbers(site.values),
            credits: Credit::ALL[..4]
                .iter()
                .map(|credit| (credit.name(), site.credits.get(credit).copied().unwrap_or(0)))
                .collect(),
            merchant_links: MerchantLinks { own, foreign, nobody },
            subids: part(site.subids, site.subid_places),
            rel: part(site.rel_covered, site.rel_places),
            distribution: classes(site),
            concentrated: site.concentrated.iter().map(|(path, program)| Concentrated { path, program }).collect(),
            findings: &site.findings,
        }
    }
}

fn classes(site: &SiteAudit) -> Vec<Class> {
    let bound = |at: usize| CLASSES.get(at).copied();
    let class =
        |(at, &pages): (usize, &usize)| Class { over: at.checked_sub(1).and_then(bound), up_to: bound(at), pages };
    site.distribution.iter().enumerate().map(class).collect()
}

fn numbers(counts: Counts) -> Numbers {
    let Counts { all, affiliate, external, internal } = counts;
    Numbers { links: all, affiliate, external, internal }
}

fn part(have: usize, of: usize) -> Part {
    Part { of, have, share: (of > 0).then(|| thousandth(ratio(have, of))) }
}

fn page(page: &PageAudit) -> Page<'_> {
    let [errors, warnings, _] = words::gravity(page);
    Page {
        path: &page.path,
        kind: if page.roundup { "roundup" } else { "article" },
        language: page.language.as_deref(),
        draft: page.draft,
        words: page.words,
        links: page.links.all,
        affiliate: page.links.affiliate,
        external: page.links.external,
        internal: page.links.internal,
        affiliate_per_1000_words: hundredth(page.density),
        link_text_share: thousandth(page.link_text_share),
        densest_paragraph: page.densest.map(|found| Densest { line: found.line, affiliate: found.links }),
        programs: page.payers(),
        largest_share: page.largest_share().map(thousandth),
        words_before_affiliate: page.words_before_link,
        words_before_notice: page.words_before_notice,
        disclosure: page.disclosure,
        notice_to_come: page.notice_to_come,
        rel_coverage: (page.rel_places > 0).then(|| thousandth(ratio(page.rel_covered, page.rel_places))),
        outside: numbers(page.outside),
        values: numbers(page.values),
        built: page
            .built
            .map(|built| BuiltItem { affiliate: built.affiliate, affiliate_per_1000_words: hundredth(built.density) }),
        findings: page.findings.len(),
        errors,
        warnings,
    }
}

fn merchant_item(merchant: &MerchantAudit) -> Merchant<'_> {
    Merchant {
        domain: &merchant.domain,
        links: merchant.links,
        pages: merchant.pages,
        program: merchant.program.as_deref(),
        networks: &merchant.networks,
        evidence: merchant.evidence.name(),
        sign: match merchant.evidence {
            Evidence::Address(sign) => Some(sign),
            _ => None,
        },
        own: merchant.own,
        partner: merchant.partner,
        ended: merchant.ended,
        foreign: merchant.foreign,
        nobody: merchant.plain,
        to_come: merchant.to_come,
    }
}

fn program(program: &ProgramAudit) -> Program<'_> {
    Program {
        name: &program.name,
        network: program.network.as_deref(),
        links: program.links,
        to_come: program.to_come,
        pages: program.pages,
        status: program.status,
        ends: program.ends.as_deref(),
        cookie_days: program.cookie_days,
        trouble: words::trouble(program),
    }
}

fn link<'a>(path: Option<&'a str>, link: &'a LinkAudit) -> Link<'a> {
    let becomes = link.becomes.as_ref();
    Link {
        path,
        line: link.line,
        column: link.column,
        area: link.area.name(),
        url: &link.url,
        text: &link.text,
        credit: link.credit.name(),
        program: link.program.as_deref(),
        network: link.network.as_deref(),
        publisher: link.publisher.as_deref(),
        merchant: link.merchant.as_ref().map(|merchant| merchant.domain.as_str()),
        action: becomes.map(|becomes| becomes.action),
        reason: becomes.map(|becomes| becomes.reason),
        result: becomes.and_then(|becomes| becomes.result.as_deref()),
    }
}

fn page_change(page: &PageChange) -> PageDifference<'_> {
    PageDifference {
        path: &page.path,
        state: page.state.name(),
        draft: page.draft,
        words: pair(page.words),
        affiliate: pair(page.paid),
        affiliate_elsewhere: pair(page.elsewhere),
        paid: Total { added: page.turnover().0, removed: page.turnover().1 },
        affiliate_per_1000_words: pair((hundredth(page.density.0), hundredth(page.density.1))),
        external: pair(page.external),
        added: page.added.iter().map(|found| link(None, found)).collect(),
        removed: page.removed.iter().map(|found| link(None, found)).collect(),
    }
}

fn pair<T>((before, after): (T, T)) -> Pair<T> {
    Pair { before, after }
}

/// Rounded, so that reports of two runs can be compared.
fn hundredth(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn thousandth(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
