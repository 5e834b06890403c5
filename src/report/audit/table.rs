//! An audit on a terminal: the site in a few lines, the worst pages, who is credited, what earns nothing.

use super::paper::Paper;
use super::words::{self, grouped, many, percent, share, tenth};
use super::{Report, Sort};
use crate::audit::site::CLASSES;
use crate::audit::{Change, Credit, Evidence, LinkAudit, MerchantAudit, PageAudit, PageChange, SiteAudit};
use crate::networks::stands_on;
use crate::printable::printable;

/// The most pages shown where nothing is said.
const PAGES: usize = 20;
/// The most rows of every other list.
const ROWS: usize = 12;
/// The most links of one page shown for a change.
const LINKS: usize = 10;
/// The longest bar, in columns.
const BAR: usize = 30;
/// A site.
pub(super) fn site(report: &Report<'_>, site: &SiteAudit) -> String {
    let mut paper = Paper::of(report);
    figures(&mut paper, site);
    distribution(&mut paper, site);
    pages(&mut paper, report);
    programs(&mut paper, site);
    others(&mut paper, site);
    merchants(&mut paper, site);
    notes(&mut paper, report, site);
    paper.finish()
}

/// One merchant's links.
pub(super) fn merchant(report: &Report<'_>, site: &SiteAudit, domain: &str) -> String {
    let mut paper = Paper::of(report);
    let links = report.links_to(domain);
    if links.is_empty() {
        paper.line("", &format!("no link to `{}` on {}", printable(domain), many(report.pages.len(), "page")));
        let outbound = site.outbound.iter().filter(|(host, ..)| stands_on(host, domain) || stands_on(domain, host));
        for (host, links, pages) in outbound.take(ROWS) {
            let lead = if *links == 1 { "leads" } else { "lead" };
            let links = many(*links, "link");
            let pages = many(*pages, "page");
            let place = if host == domain { "there".to_owned() } else { format!("to `{}`", printable(host)) };
            let why = "but nothing says that it is a shop: add a program for it, and they count";
            paper.line("", &format!("{links} on {pages} {lead} {place}, {why}"));
        }
        return paper.finish();
    }
    for merchant in site.merchants.iter().filter(|merchant| links_has(&links, &merchant.domain)) {
        paper.heading(&merchant.domain);
        let credited = words::shares(merchant);
        let (links, pages) = (many(merchant.links, "link"), many(merchant.pages, "page"));
        paper.line("", &format!("{links} on {pages}: {credited}"));
        if merchant.to_come > 0 {
            paper.line("", &format!("a build turns {} into your own", many(merchant.to_come, "plain link")));
        } else if merchant.earns_nothing() {
            paper.line("", &format!("earns nothing; {}", words::advice(merchant)));
        }
    }
    paper.heading("links");
    for (page, link) in links {
        let place = format!("{}:{}:{}", printable(&page.path), link.line, link.column);
        let draft = if page.draft { " (draft)" } else { "" };
        paper.line("", &format!("{place}{draft}  {}", printable(&words::credited(link))));
        paper.line("    ", &printable(&link.url));
        let fate = words::fate(link);
        if !fate.is_empty() {
            paper.line("    ", &fate);
        }
        if let Some(result) = link.becomes.as_ref().and_then(|becomes| becomes.result.as_ref()) {
            paper.line("    ", &format!("-> {}", printable(result)));
        }
    }
    paper.finish()
}

/// A change.
pub(super) fn change(report: &Report<'_>, change: &Change) -> String {
    let mut paper = Paper::of(report);
    paper.line("", &headline(change));
    for page in &change.pages {
        let draft = if page.draft { " (draft)" } else { "" };
        paper.gap();
        paper.line("", &format!("{}{draft}: {}", printable(&page.path), words::sentence(page)));
        let figures = format!(
            "{} -> {} paid links, {} -> {} per 1,000 words, {} -> {} external links",
            page.paid.0,
            page.paid.1,
            tenth(page.density.0),
            tenth(page.density.1),
            page.external.0,
            page.external.1
        );
        paper.line("  ", &figures);
        if page.elsewhere != (0, 0) {
            let (before, after) = page.elsewhere;
            paper.line("  ", &format!("{before} -> {after} paid links in values and around the content"));
        }
        links(&mut paper, '+', &page.added);
        links(&mut paper, '-', &page.removed);
    }
    paper.finish()
}

/// What a change does in all, in one line.
pub(super) fn headline(change: &Change) -> String {
    let published = |page: &&PageChange| !page.draft;
    let (added, removed) = change.paid();
    let is_touched = |page: &&PageChange| page.turnover() != (0, 0);
    let touched = change.pages.iter().filter(published).filter(is_touched).count();
    match (added, removed) {
        (0, 0) => format!("this change adds and removes no paid link ({} compared)", many(change.compared, "page")),
        (added, 0) if touched == 1 => {
            let page = change.pages.iter().filter(published).find(is_touched);
            let of = page.map_or_else(String::new, |page| format!(" to a {}-word page", grouped(page.words.1)));
            format!("this change adds {}{of}", many(added, "paid link"))
        }
        (added, 0) => format!("this change adds {} on {}", many(added, "paid link"), many(touched, "page")),
        (0, removed) => format!("this change removes {} from {}", many(removed, "paid link"), many(touched, "page")),
        (added, removed) => {
            let added = many(added, "paid link");
            format!("this change adds {added} and removes {}, on {}", grouped(removed), many(touched, "page"))
        }
    }
}

fn links(paper: &mut Paper, mark: char, links: &[LinkAudit]) {
    for link in links.iter().take(LINKS) {
        let whom = printable(&words::credited(link));
        let fate = link.becomes.as_ref().filter(|becomes| mark == '+' && becomes.result.is_some());
        let fate = fate.map_or_else(String::new, |becomes| format!(", {}", words::to_come(becomes)));
        paper.line("  ", &format!("{mark} line {}: {} ({whom}{fate})", link.line, printable(&link.url)));
    }
    if links.len() > LINKS {
        paper.line("  ", &format!("{mark} and {} more", links.len() - LINKS));
    }
}

fn links_has(links: &[(&PageAudit, &LinkAudit)], domain: &str) -> bool {
    links.iter().any(|(_, link)| link.merchant.as_ref().is_some_and(|merchant| merchant.domain == domain))
}

fn figures(paper: &mut Paper, site: &SiteAudit) {
    let drafts = if site.drafts > 0 { format!(" ({} left out)", many(site.drafts, "draft")) } else { String::new() };
    let mut line = |label: &str, value: String| paper.line(&format!("{label:<10}"), &value);
    line("pages", format!("{}{drafts}, {}", grouped(site.pages), many(site.words, "word")));
    let links = site.links;
    line(
        "links",
        format!(
            "{}: {} affiliate, {} external, {} internal",
            grouped(links.all),
            grouped(links.affiliate),
            grouped(links.external),
            grouped(links.internal)
        ),
    );
    let elsewhere =
        [(site.values, "in front matter, shortcodes and components"), (site.outside, "outside the content")];
    for (counts, place) in elsewhere.into_iter().filter(|(counts, _)| counts.all > 0) {
        line("", format!("and {} {place}, {} of them affiliate", grouped(counts.all), grouped(counts.affiliate)));
    }
    let built = site.built.filter(|built| *built != links.affiliate);
    let of_build = tenth(site.built_density().unwrap_or_default());
    let built = built
        .map_or_else(String::new, |built| format!("; after a build {}, {of_build} per 1,000", many(built, "link")));
    line("density", format!("{} affiliate links per 1,000 words{built}", tenth(site.density())));
    let of = |credit: Credit| grouped(site.credits.get(&credit).copied().unwrap_or(0));
    line(
        "credited",
        format!(
            "{} own, {} partner, {} foreign, {} unknown",
            of(Credit::Own),
            of(Credit::Partner),
            of(Credit::Foreign),
            of(Credit::Unknown)
        ),
    );
    let [own, foreign, nobody] = site.shares();
    let all = own + foreign + nobody;
    if all > 0 {
        let text = format!(
            "{} to merchants: {} earn you something, {} somebody else, {} nobody",
            many(all, "link"),
            percent(own, all),
            percent(foreign, all),
            percent(nobody, all)
        );
        line("earning", text);
    }
    let rel = percent(site.rel_covered, site.rel_places);
    line("covered", format!("`rel` {rel}, sub-IDs {}", percent(site.subids, site.subid_places)));
}

/// The classes of [`SiteAudit::distribution`] in words.
pub(super) fn class_name(at: usize) -> String {
    let bound = |at: usize| CLASSES.get(at).map(ToString::to_string);
    match (at.checked_sub(1).and_then(bound), bound(at)) {
        (None, _) => "none".to_owned(),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("over {from}"),
    }
}

fn distribution(paper: &mut Paper, site: &SiteAudit) {
    let most = site.distribution.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    paper.heading(&format!("affiliate links per 1,000 words{}", words::after_build(site)));
    for (at, &pages) in site.distribution.iter().enumerate() {
        let length = (pages * BAR).div_ceil(most);
        let line = format!("{:<12}{:>8}  {}", class_name(at), grouped(pages), "█".repeat(length));
        paper.line("", line.trim_end());
    }
}

fn pages(paper: &mut Paper, report: &Report<'_>) {
    let shown = report.worst(PAGES);
    if shown.is_empty() {
        return;
    }
    let by = match report.sort {
        Sort::Density => "the densest pages",
        Sort::Path => "pages",
        Sort::Affiliate => "pages by affiliate links",
        Sort::Text => "pages by the share of link text",
        Sort::External => "pages by external links",
        Sort::Words => "pages by words",
        Sort::Findings => "pages by findings",
    };
    let over = if shown.iter().any(|page| page.is_dense) { "; ! is over the limit" } else { "" };
    paper.heading(&format!("{by} ({} of {}{over})", grouped(shown.len()), grouped(report.pages.len())));
    let head = ["/1000 ", "paid", "words", "text", "first", "notice", "finds", "page"];
    let rows: Vec<[String; 8]> = shown.iter().map(|page| row(page)).collect();
    paper.table(&head, &rows);
}

fn row(page: &PageAudit) -> [String; 8] {
    let (stands, paid) = (page.links.affiliate, page.paid());
    let marks = [(page.roundup, "roundup"), (page.draft, "draft")];
    let marks: Vec<_> = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    [
        format!(
            "{}{}",
            words::densities(page.density, page.built.map(|built| built.density), "->"),
            if page.is_dense { "!" } else { " " }
        ),
        if stands == paid { grouped(paid) } else { format!("{}->{}", grouped(stands), grouped(paid)) },
        grouped(page.words),
        share(page.link_text_share),
        page.words_before_link.map_or_else(|| "-".to_owned(), grouped),
        match (page.disclosure, page.words_before_notice) {
            (false, _) if page.notice_to_come => "to come".to_owned(),
            (false, _) if paid == 0 => "-".to_owned(),
            (false, _) => "none".to_owned(),
            (true, None) => "yes".to_owned(),
            (true, Some(words)) => grouped(words),
        },
        grouped(page.findings.len()),
        format!("{}{marks}", printable(&page.path)),
    ]
}

fn programs(paper: &mut Paper, site: &SiteAudit) {
    if site.programs.is_empty() {
        return;
    }
    paper.heading("your programs");
    let head = ["links", "to come", "pages", "program"];
    let row = |program: &crate::audit::ProgramAudit| {
        let network = program.network.as_ref().filter(|id| **id != program.name);
        let network = network.map_or_else(String::new, |id| format!(" ({id})"));
        let status = if program.status == "active" { String::new() } else { format!(", {}", program.status) };
        let trouble = words::trouble(program).map_or_else(String::new, |trouble| format!("  ! {trouble}"));
        [
            grouped(program.links),
            grouped(program.to_come),
            grouped(program.pages),
            format!("{}{network}{status}{trouble}", printable(&program.name)),
        ]
    };
    let rows: Vec<_> = site.programs.iter().map(row).collect();
    paper.table(&head, &rows);
}

fn others(paper: &mut Paper, site: &SiteAudit) {
    if site.others.is_empty() {
        return;
    }
    paper.heading(&cut_title("credited to others", site.others.len()));
    let head = ["links", "pages", "whom"];
    let row = |other: &crate::audit::site::OtherAudit| {
        let id = other.publisher.as_ref().map_or_else(|| " (it does not say whom)".to_owned(), |id| format!(" {id}"));
        let partner = other.partner.as_ref().map_or_else(String::new, |name| format!(", your partner `{name}`"));
        [grouped(other.links), grouped(other.pages), printable(&format!("{}{id}{partner}", other.network))]
    };
    let rows: Vec<_> = site.others.iter().take(ROWS).map(row).collect();
    paper.table(&head, &rows);
    paper.rest(site.others.len(), ROWS);
}

fn merchants(paper: &mut Paper, site: &SiteAudit) {
    let idle = |merchant: &&MerchantAudit| merchant.earns_nothing();
    let (sure, perhaps): (Vec<_>, Vec<_>) =
        site.merchants.iter().filter(idle).partition(|merchant| !matches!(merchant.evidence, Evidence::Address(_)));
    let head = ["links", "pages", "domain", ""];
    let row = |merchant: &&MerchantAudit| {
        let domain = printable(&merchant.domain);
        [grouped(merchant.links), grouped(merchant.pages), domain, printable(&words::advice(merchant))]
    };
    for (title, merchants) in
        [("merchants that earn nothing", sure), ("perhaps merchants, by their addresses", perhaps)]
    {
        if merchants.is_empty() {
            continue;
        }
        paper.heading(&cut_title(title, merchants.len()));
        let rows: Vec<_> = merchants.iter().take(ROWS).map(row).collect();
        paper.table(&head, &rows);
        paper.rest(merchants.len(), ROWS);
    }
}

/// `title` of a list of `all` rows, with how many are shown where that is not all.
fn cut_title(title: &str, all: usize) -> String {
    if all > ROWS { format!("{title} ({ROWS} of {})", grouped(all)) } else { title.to_owned() }
}

fn notes(paper: &mut Paper, report: &Report<'_>, site: &SiteAudit) {
    let mut notes = words::notes(site);
    if !report.configured {
        notes.push(
            "there is no affiliates.yaml: whatever credits somebody counts as foreign, and nothing is built".to_owned(),
        );
    }
    notes.extend(words::concentrated(site));
    if notes.is_empty() {
        return;
    }
    paper.heading("see to");
    for note in notes {
        paper.line("", &printable(&note));
    }
}
