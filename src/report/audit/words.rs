//! Figures and facts in words that several formats share.

use std::fmt::Write as _;

use crate::audit::{
    Becomes, Credit, Evidence, LinkAudit, MerchantAudit, PageAudit, PageChange, ProgramAudit, SiteAudit, State, ratio,
};
use crate::networks;
use crate::report::findings::count;

/// `12,345`
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 link`, `12,345 links`
pub(super) fn many(number: usize, what: &str) -> String {
    if number == 1 { count(number, what) } else { format!("{} {what}s", grouped(number)) }
}

/// With one digit behind the point.
pub(super) fn tenth(number: f64) -> String {
    format!("{number:.1}")
}

/// How dense the content of a page or a site is: as it stands, and behind `arrow` after a build that makes it another figure.
pub(super) fn densities(stands: f64, built: Option<f64>, arrow: &str) -> String {
    let (stands, built) = (tenth(stands), built.map(tenth));
    match built.filter(|built| *built != stands) {
        Some(built) => format!("{stands}{arrow}{built}"),
        None => stands,
    }
}

/// What figures that count for a judgement are counted by.
pub(super) fn after_build(site: &SiteAudit) -> &'static str {
    if site.built.is_some() { ", after a build" } else { "" }
}

/// `17 %`; `-` of nothing.
pub(super) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { share(ratio(part, whole)) }
}

/// `17 %`, and never 0 or 100 for what is not.
pub(super) fn share(share: f64) -> String {
    let whole = (share * 100.0).round();
    let shown = if whole >= 100.0 && share < 1.0 { 99.0 } else { whole };
    if shown < 1.0 && share > 0.0 { "<1 %".to_owned() } else { format!("{shown:.0} %") }
}

/// The names of networks with these ids.
pub(super) fn network_names(ids: &[&'static str]) -> String {
    let name = |id: &&'static str| networks::find(id).map_or(*id, |network| network.name);
    ids.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// How a merchant is known.
pub(super) fn evidence(evidence: Evidence) -> String {
    match evidence {
        Evidence::Program => "one of your programs".to_owned(),
        Evidence::Catalog => "known to the catalog".to_owned(),
        Evidence::Credited => "an affiliate link leads there".to_owned(),
        Evidence::Address(sign) => format!("perhaps a shop: `{sign}` in its address"),
    }
}

/// What there is to do about a merchant that earns nothing.
pub(super) fn advice(merchant: &MerchantAudit) -> String {
    if let Some(program) = merchant.program.as_ref().filter(|_| merchant.ended > 0) {
        return format!("your program `{program}` has ended, and links of it stand");
    }
    if let Some(program) = &merchant.program {
        return format!("your program `{program}` is for it, but makes no link there: see `affilink explain`");
    }
    if merchant.networks.is_empty() {
        evidence(merchant.evidence)
    } else {
        format!("carried by {}", network_names(&merchant.networks))
    }
}

/// What becomes of a link, in a few words; nothing where there is nothing to build by.
pub(super) fn fate(link: &LinkAudit) -> String {
    match &link.becomes {
        None => String::new(),
        Some(becomes) => format!("{}: {}", becomes.action, becomes.sentence),
    }
}

/// Whom a link credits, in words.
pub(super) fn credited(link: &LinkAudit) -> String {
    let whom = |name: &Option<String>| name.clone().unwrap_or_default();
    match link.credit {
        Credit::Own => format!("own, {}", whom(&link.program)),
        Credit::Partner => format!("partner, {}", whom(&link.program)),
        Credit::Foreign => {
            let id = link.publisher.as_ref().map_or(String::new(), |id| format!(" {id}"));
            format!("foreign, {}{id}", whom(&link.network))
        }
        Credit::Unknown => format!("unknown, {}", whom(&link.network)),
        Credit::None => "nobody".to_owned(),
    }
}

/// What a build will make of a link that is added.
pub(super) fn to_come(becomes: &Becomes) -> String {
    match &becomes.program {
        Some(program) => format!("a build makes it one of `{program}`"),
        None => "a build rewrites it".to_owned(),
    }
}

/// Whom the links to a merchant credit.
pub(super) fn shares(merchant: &MerchantAudit) -> String {
    let some = |number: usize, what: &str| {
        if number == 0 { String::new() } else { format!(", {} {what}", grouped(number)) }
    };
    format!(
        "{} own{}{}, {} foreign, {} plain",
        grouped(merchant.own),
        some(merchant.partner, "of partners"),
        some(merchant.ended, "of a program that has ended"),
        grouped(merchant.foreign),
        grouped(merchant.plain)
    )
}

/// What is to be seen to at a program, if anything is.
pub(super) fn trouble(program: &ProgramAudit) -> Option<String> {
    if program.ended_in_use {
        let when = program.ends.as_ref().map_or(String::new(), |date| format!(" on {date}"));
        return Some(format!("has ended{when}, and links of it are left: {}", grouped(program.links)));
    }
    let used = program.links + program.to_come > 0;
    let days = program.cookie_days.filter(|_| program.short_cookie && used)?;
    let days = if (days - 1.0).abs() < f64::EPSILON { "1 day".to_owned() } else { format!("{days} days") };
    Some(format!("its clicks count for {days} only"))
}

/// What is to be seen to on the site as a whole, a sentence each, the gravest first.
pub(super) fn notes(site: &SiteAudit) -> Vec<String> {
    let mut notes = Vec::new();
    for program in &site.programs {
        notes.extend(trouble(program).map(|trouble| format!("program `{}`: {trouble}", program.name)));
    }
    if site.undisclosed > 0 {
        notes.push(format!("nothing tells readers of the affiliate links on {}", many(site.undisclosed, "page")));
    }
    notes
}

/// The pages that are dense and whose links are all of one program, in one sentence, if there are any.
pub(super) fn concentrated(site: &SiteAudit) -> Option<String> {
    let named: Vec<_> = site.concentrated.iter().take(3).map(|(path, whom)| format!("{path} ({whom})")).collect();
    let more = site.concentrated.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
    (!named.is_empty()).then(|| format!("dense, and all links of one program: {}{more}", named.join(", ")))
}

/// The findings of a page by level: errors, warnings, others.
pub(super) fn gravity(page: &PageAudit) -> [usize; 3] {
    let mut found = [0; 3];
    for finding in &page.findings {
        found[match finding.level {
            crate::config::lint::Level::Error => 0,
            crate::config::lint::Level::Warn => 1,
            _ => 2,
        }] += 1;
    }
    found
}

/// What a change does to a page, as a sentence without its subject: "adds 6 paid links to a 400-word page".
pub(super) fn sentence(change: &PageChange) -> String {
    let page = match change.state {
        State::Removed => format!("a {}-word page, which is gone", grouped(change.words.0)),
        _ => format!("a {}-word page", grouped(change.words.1)),
    };
    let mut text = match change.turnover() {
        (0, 0) if !change.added.is_empty() && !change.removed.is_empty() => {
            format!("replaces {} of {page}", many(change.removed.len().max(change.added.len()), "link"))
        }
        (0, 0) => format!("leaves {} on {page}", many(change.paid_after(), "paid link")),
        (added, 0) => format!("adds {} to {page}", many(added, "paid link")),
        (0, removed) => format!("removes {} from {page}", many(removed, "paid link")),
        (added, removed) => format!("adds {} to {page} and removes {}", many(added, "paid link"), grouped(removed)),
    };
    if change.state == State::Changed && change.words.0 != change.words.1 {
        let _ = write!(text, " (it had {} words)", grouped(change.words.0));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shares_round_honestly() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
        for (part, whole, text) in [(0, 0, "-"), (0, 9, "0 %"), (1, 1000, "<1 %"), (999, 1000, "99 %"), (9, 9, "100 %")]
        {
            assert_eq!(percent(part, whole), text);
        }
    }
}
