//! An audit for a comment on a change or an issue. Nobody's text makes a link, a mention or a cell: see
//! [`crate::report::escape::markdown`].

use std::fmt::Write as _;

use super::Report;
use super::table::{class_name, headline};
use super::words::{self, grouped, many, percent, share, tenth};
use crate::audit::{Change, Credit, Evidence, LinkAudit, MerchantAudit, PageAudit, SiteAudit};
use crate::report::escape::markdown as escape;

/// The most pages shown where nothing is said.
const PAGES: usize = 20;
/// The most rows of other lists.
const ROWS: usize = 20;
/// The most pages of a change: GitHub takes 65,536 characters in a comment.
const CHANGED: usize = 50;
/// The most links of one page of a change.
const LINKS: usize = 20;
/// The most characters of a URL that are shown.
const LONGEST: usize = 160;

/// A site.
pub(super) fn site(report: &Report<'_>, site: &SiteAudit) -> String {
    let mut text = format!("### Links of {}\n\n", escape(report.name));
    let drafts = if site.drafts > 0 { format!(" ({} left out)", many(site.drafts, "draft")) } else { String::new() };
    let of = |credit: Credit| grouped(site.credits.get(&credit).copied().unwrap_or(0));
    let [own, foreign, nobody] = site.shares();
    let all = own + foreign + nobody;
    let built = site.built.filter(|built| *built != site.links.affiliate);
    let built = built.map_or_else(String::new, |built| format!(", {} after a build", grouped(built)));
    let rows = [
        ("pages", format!("{}{drafts}, {}", grouped(site.pages), many(site.words, "word"))),
        (
            "links",
            format!(
                "{}: {} affiliate{built}, {} external, {} internal",
                grouped(site.links.all),
                grouped(site.links.affiliate),
                grouped(site.links.external),
                grouped(site.links.internal)
            ),
        ),
        ("affiliate links per 1,000 words", words::densities(site.density(), site.built_density(), " → ")),
        (
            "credited",
            format!(
                "{} own, {} partner, {} foreign, {} unknown",
                of(Credit::Own),
                of(Credit::Partner),
                of(Credit::Foreign),
                of(Credit::Unknown)
            ),
        ),
        (
            "links to merchants",
            format!(
                "{}: {} earn you something, {} somebody else, {} nobody",
                grouped(all),
                percent(own, all),
                percent(foreign, all),
                percent(nobody, all)
            ),
        ),
        (
            "covered",
            format!(
                "`rel` {}, sub-IDs {}",
                percent(site.rel_covered, site.rel_places),
                percent(site.subids, site.subid_places)
            ),
        ),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (label, value) in rows {
        let _ = writeln!(text, "| {label} | {value} |");
    }
    pages(&mut text, report);
    merchants(&mut text, site);
    distribution(&mut text, site);
    for note in words::notes(site) {
        let _ = writeln!(text, "\n- {}", escape(&note.replace('`', "")));
    }
    text
}

/// One merchant's links.
pub(super) fn merchant(report: &Report<'_>, site: &SiteAudit, domain: &str) -> String {
    let links = report.links_to(domain);
    let mut text = format!("### Links to {}\n\n", escape(domain));
    if let Some(merchant) = site.merchants.iter().find(|merchant| merchant.domain == domain) {
        let counts = words::shares(merchant);
        let _ = writeln!(text, "{} on {}: {counts}.\n", many(merchant.links, "link"), many(merchant.pages, "page"));
    }
    text.push_str("| page | line | credited | what becomes of it |\n|---|--:|---|---|\n");
    for (page, link) in links {
        let (credited, fate) = (escape(&words::credited(link)), escape(&words::fate(link)));
        let _ = writeln!(text, "| {} | {} | {credited} | {fate} |", escape(&page.path), link.line);
    }
    text
}

/// A change.
pub(super) fn change(change: &Change) -> String {
    let head = headline(change);
    let mut text = format!("**{}{}.**\n", head[..1].to_uppercase(), escape(&head[1..]));
    if change.pages.is_empty() {
        return text;
    }
    text.push_str("\n| page | paid links | per 1,000 words | words | external |\n|---|--:|--:|--:|--:|\n");
    for page in change.pages.iter().take(CHANGED) {
        let both =
            |(before, after): (String, String)| if before == after { after } else { format!("{before} → {after}") };
        let numbers = |(before, after): (usize, usize)| both((grouped(before), grouped(after)));
        let draft = if page.draft { ", draft" } else { "" };
        let _ = writeln!(
            text,
            "| {} ({}{draft}) | {} | {} | {} | {} |",
            escape(&page.path),
            page.state.name(),
            match page.elsewhere {
                (0, 0) => numbers(page.paid),
                elsewhere => format!("{}, elsewhere {}", numbers(page.paid), numbers(elsewhere)),
            },
            both((tenth(page.density.0), tenth(page.density.1))),
            numbers(page.words),
            numbers(page.external)
        );
    }
    if change.pages.len() > CHANGED {
        let _ = writeln!(text, "\nand {} more", many(change.pages.len() - CHANGED, "page"));
    }
    let linked = change.pages.iter().filter(|page| !page.added.is_empty() || !page.removed.is_empty());
    for page in linked.take(CHANGED) {
        let _ = writeln!(text, "\n<details><summary>{}: {}</summary>\n", escape(&page.path), words::sentence(page));
        links(&mut text, "added", &page.added);
        links(&mut text, "removed", &page.removed);
        text.push_str("\n</details>\n");
    }
    text
}

fn links(text: &mut String, what: &str, links: &[LinkAudit]) {
    for link in links.iter().take(LINKS) {
        let url: String = link.url.chars().take(LONGEST).collect();
        let more = if url.len() < link.url.len() { "…" } else { "" };
        let becomes = link.becomes.as_ref().filter(|becomes| what == "added" && becomes.result.is_some());
        let becomes = becomes.map_or_else(String::new, |becomes| format!("; {}", words::to_come(becomes)));
        let whom = escape(&words::credited(link));
        let _ = writeln!(text, "- {what}, line {}: <code>{}{more}</code> ({whom}{becomes})", link.line, escape(&url));
    }
    if links.len() > LINKS {
        let _ = writeln!(text, "- and {} more {what}", grouped(links.len() - LINKS));
    }
}

fn pages(text: &mut String, report: &Report<'_>) {
    let shown = report.worst(PAGES);
    if shown.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n#### Pages ({} of {})\n", grouped(shown.len()), grouped(report.pages.len()));
    text.push_str("| per 1,000 words | paid | words | link text | findings | page |\n|--:|--:|--:|--:|--:|---|\n");
    for page in shown {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {}{} |",
            words::densities(page.density, page.built.map(|built| built.density), " → "),
            paid(page),
            grouped(page.words),
            share(page.link_text_share),
            grouped(page.findings.len()),
            escape(&page.path),
            marks(page)
        );
    }
}

/// The affiliate links of a page: as it stands, and after a build that makes them another number.
fn paid(page: &PageAudit) -> String {
    let (stands, paid) = (grouped(page.links.affiliate), grouped(page.paid()));
    if stands == paid { paid } else { format!("{stands} → {paid}") }
}

fn marks(page: &PageAudit) -> &'static str {
    match (page.roundup, page.draft) {
        (true, true) => " (roundup, draft)",
        (true, false) => " (roundup)",
        (false, true) => " (draft)",
        (false, false) => "",
    }
}

fn merchants(text: &mut String, site: &SiteAudit) {
    let idle: Vec<&MerchantAudit> = site.merchants.iter().filter(|merchant| merchant.earns_nothing()).collect();
    if idle.is_empty() {
        return;
    }
    text.push_str("\n#### Merchants that earn nothing\n\n| links | pages | domain | |\n|--:|--:|---|---|\n");
    let sure = |merchant: &&&MerchantAudit| !matches!(merchant.evidence, Evidence::Address(_));
    let ordered = idle.iter().filter(sure).chain(idle.iter().filter(|merchant| !sure(merchant)));
    for merchant in ordered.take(ROWS) {
        let (links, pages) = (grouped(merchant.links), grouped(merchant.pages));
        let advice = escape(&words::advice(merchant));
        let _ = writeln!(text, "| {links} | {pages} | {} | {advice} |", escape(&merchant.domain));
    }
    if idle.len() > ROWS {
        let _ = writeln!(text, "\nand {} more", grouped(idle.len() - ROWS));
    }
}

fn distribution(text: &mut String, site: &SiteAudit) {
    let by = words::after_build(site);
    let _ = writeln!(text, "\n#### Affiliate links per 1,000 words{by}\n\n| | pages |\n|---|--:|");
    for (at, &pages) in site.distribution.iter().enumerate() {
        let _ = writeln!(text, "| {} | {} |", class_name(at), grouped(pages));
    }
}
