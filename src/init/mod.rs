//! `init`: from what a site's pages say to a commented `affiliates.yaml`. Decides what is proposed and what stays a comment;
//! opens no file.
//!
//! [`look`] reads one page, [`theme`] what is no page, [`site`] adds up; [`propose`] makes the file. Everything that is proposed
//! has its count beside it, and what a page says reaches the file as quoted text or as a comment, never as YAML.

mod add;
pub mod flow;
mod ignored;
pub mod layout;
mod links;
pub mod look;
mod merchants;
mod owner;
mod programs;
pub mod redirects;
pub mod settings;
pub mod site;
mod text;
pub mod theme;
mod yaml;

use crate::config::{Config, ConfigEnv, ConfigError};
use crate::program::Date;
use crate::program::url::apply;

pub use self::add::{Added, add};
use self::programs::{Block, Programs, TO_FILL, programs};
use self::settings::Setting;
use self::site::{Place, Site, Tally};
use self::text::{Text, counted, listed};
use self::theme::{Asks, NoticeKind};

/// The first line of the file, for editors.
const SCHEMA_LINE: &str = "# yaml-language-server: $schema=./affiliates.schema.json";
/// How many of a list are written out.
const MOST: usize = 12;

/// What `init` proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The whole file.
    pub text: String,
    /// What was found, a line each.
    pub summary: Vec<String>,
}

/// How many values of one kind are named, and how many programs: a page may make up any number.
const TOO_MANY: usize = 100;

/// Whether blocks are programs that a configuration can have.
struct Proof<'p> {
    holds: &'p dyn Fn(&[&Block]) -> bool,
}

/// The file for `site`.
///
/// The error says why the file would be none: a fault of this program's.
pub fn propose(site: &Site, read_file: &dyn Fn(&str) -> Result<String, String>) -> Result<Proposal, String> {
    let env = ConfigEnv { date: Date::from_unix(0), rules: &[], read_file };
    let reads = |text: &str| Config::read("affiliates.yaml", text, &env);
    let holds = |blocks: &[&Block]| {
        let linked = |block: &&&Block| block.keys.iter().any(|(key, ..)| key == "link");
        if !blocks.iter().filter(linked).all(|block| leads_where_it_should(&reads, block)) {
            return false;
        }
        let programs: String = blocks.iter().map(|block| block.flow() + "\n  ").collect();
        reads(&format!("version: 1\nprograms:\n  {programs}\n")).is_ok()
    };
    let verdicts = owner::verdicts(site);
    let programs = programs(site, &verdicts, &Proof { holds: &holds });
    let text = write(site, &programs);
    reads(&text).map_err(|error| error.render(false))?;
    Ok(Proposal { summary: summary(site, &programs), text })
}

/// Whether a link that is made of the base link of `block` leads to where it was made for: what was found on a page may hold
/// more than the network gives.
fn leads_where_it_should(reads: &impl Fn(&str) -> Result<Config, ConfigError>, block: &Block) -> bool {
    let Ok(config) = reads(&format!("version: 1\nprograms:\n  {}\n", block.flow())) else { return false };
    let Some(domain) = config.map.programs().first().and_then(|program| program.domains.first()) else { return true };
    let url = format!("https://{domain}/any/page?a=b");
    let built = || {
        let facts = config.map.look(&url, "")?;
        let edits = config.map.build(facts.winner()?, &url, &facts, None).ok()?;
        Some(apply(&url, &edits))
    };
    // a program that makes no links makes no wrong ones
    built().is_none_or(|link| config.map.look(&link, "").and_then(|facts| facts.destination).as_ref() == Some(&url))
}

fn write(site: &Site, programs: &Programs) -> String {
    let mut text = Text::default();
    text.line(SCHEMA_LINE);
    text.line("#");
    text.prose(0, &opening(site));
    text.gap();
    text.line("version: 1");
    write_site(site, &mut text);
    write_programs(site, programs, &mut text);
    links::write(site, &mut text);
    write_disclosure(site, programs, &mut text);
    write_files(site, &mut text);
    links::write_overrides(site, &mut text);
    text.finish()
}

/// What was looked at.
fn opening(site: &Site) -> String {
    let kind = match (site.marks.first(), site.built_by) {
        (Some(mark), _) => format!("this {} site ({})", mark.generator.name(), mark.file),
        (None, Some(built)) => format!("this site, built by {built}"),
        (None, None) => "this folder".to_owned(),
    };
    let others: Vec<_> =
        site.marks.iter().skip(1).map(|mark| format!("{} ({})", mark.generator.name(), mark.file)).collect();
    let others =
        if others.is_empty() { String::new() } else { format!(" There are files of {} as well.", listed(&others)) };
    format!(
        "What affilink found in {} of {kind}: check it, above all whose ids these are. Every key is optional and explained \
         in the README.{others}",
        counted(site.pages, "page")
    )
}

fn write_site(site: &Site, text: &mut Text) {
    text.gap();
    let (url, language) = (settings::url(site), settings::language(site));
    let pair = |key: &str, setting: &Option<Setting>, text: &mut Text| {
        if let Some(setting) = setting {
            text.pair(2, key, &yaml::scalar(&setting.value), &yaml::remark(&setting.why));
        }
    };
    if url.is_some() || language.is_some() {
        text.line("site:");
        pair("url", &url, text);
        pair("language", &language, text);
    }
    if url.is_none() && language.is_none() {
        text.line("# site: {url: \"https://example.com\", language: en}   # links to this host are internal");
    } else if url.is_none() {
        text.line("  # url: https://example.com       # links to this host are internal");
    }
}

fn write_programs(site: &Site, programs: &Programs, text: &mut Text) {
    text.gap();
    let plain = unserved(site, programs);
    let active = !programs.own.is_empty();
    let (lead, indent) = if active { ("  # ", 2) } else { ("#   ", 0) };
    if active {
        text.prose(
            0,
            "Your programs. The first id of each is written into links to its merchant; all of them are yours.",
        );
        text.line("programs:");
        for block in &programs.own {
            write_block(block, text);
        }
    } else {
        let why = match (programs.maybe.is_empty(), plain.is_empty()) {
            (false, _) => "No id here is used often enough to be called yours. Where one is,",
            (true, true) => "No affiliate id was found. Put in your own, and",
            (true, false) => {
                "No affiliate id was found; these pages link to the merchants below for nothing. Join a network that carries one, \
                 put in your ids, and"
            }
        };
        text.prose(0, &format!("{why} remove the `# ` before its line and before `programs:`."));
        text.line("# programs:");
    }
    if !programs.maybe.is_empty() {
        if active {
            text.gap();
            text.prose(indent, "Perhaps yours, too: too few links, or too many ids beside these.");
        }
        for block in programs.maybe.iter().take(MOST) {
            write_maybe(block, lead, text);
        }
        more(programs.maybe.len(), lead, text);
    }
    if plain.is_empty() && !active && programs.maybe.is_empty() {
        text.line(&format!("{lead}amazon: {{network: amazon, tag: {TO_FILL}}}"));
        text.line(&format!(
            "{lead}shop: {{network: awin, awinaffid: {TO_FILL}, awinmid: {TO_FILL}, domains: [shop.example]}}"
        ));
    } else if !plain.is_empty() {
        if active {
            text.gap();
        }
        if active || !programs.maybe.is_empty() {
            text.prose(
                indent,
                "Merchants that these pages link to for nothing, and who carries them. Join, fill in, uncomment.",
            );
        }
        for (host, tally) in plain.iter().take(MOST) {
            write_plain(host, tally, (programs, lead), text);
        }
        more(plain.len(), lead, text);
    }
    write_foreign(site, programs, text);
}

/// A program in use.
fn write_block(block: &Block, text: &mut Text) {
    for why in &block.why {
        text.prose(2, why);
    }
    text.line(&format!("  {}:", block.name));
    for (key, value, why) in &block.keys {
        text.pair(4, key, value, why);
    }
    for hint in &block.hints {
        text.line(&format!("    # {hint}"));
    }
}

/// A program in a comment.
fn write_maybe(block: &Block, lead: &str, text: &mut Text) {
    let why: Vec<_> = block.keys.iter().map(|(.., why)| why.as_str()).filter(|why| !why.is_empty()).collect();
    let why: Vec<_> = why.into_iter().chain(block.why.iter().map(String::as_str)).collect();
    text.remarked(lead, &block.flow(), &why.join("; "));
}

/// A merchant without a program.
fn write_plain(host: &str, tally: &Tally, (programs, lead): (&Programs, &str), text: &mut Text) {
    let mut carriers = merchants::carriers(host);
    let own_id = |network: &crate::networks::Network| {
        let of = |block: &&Block| block.keys.first().is_some_and(|(_, id, _)| id == network.id);
        let (key, value, _) =
            programs.own.iter().find(of)?.keys.iter().find(|(key, ..)| network.publisher == Some(key))?;
        Some((key.clone(), value.clone()))
    };
    // where one is a member already comes first
    carriers.sort_by_key(|network| own_id(network).is_none());
    let Some(network) = carriers.first() else { return };
    let mut block = merchants::block(host, network);
    if let Some((key, value)) = own_id(network)
        && let Some(slot) = block.keys.iter_mut().find(|(name, ..)| *name == key)
    {
        slot.1 = value;
    }
    let rest: Vec<_> = carriers.iter().skip(1).map(|network| network.name).collect();
    let rest = if rest.is_empty() { String::new() } else { format!("; also at {}", listed(&rest)) };
    let found = format!("{} on {}", counted(tally.links, "link"), counted(tally.pages, "page"));
    text.remarked(lead, &block.flow(), &format!("{found}{rest}"));
}

/// Merchants that earn nothing, with most links first.
fn unserved(site: &Site, programs: &Programs) -> Vec<(String, Tally)> {
    let served = |host: &str| {
        programs.own.iter().chain(&programs.maybe).any(|block| {
            let network = block.keys.first().and_then(|(_, id, _)| crate::networks::find(id));
            let of_shop = network.is_some_and(|network| network.is_merchant() && network.has_shop(host));
            let domains = block.keys.iter().find(|(key, ..)| key == "domains").map(|(_, value, _)| value.as_str());
            of_shop
                || domains.is_some_and(|domains| {
                    domains.trim_matches(['[', ']']).split(", ").any(|domain| crate::networks::stands_on(host, domain))
                })
        })
    };
    let plain = site.plain.iter().filter(|(host, _)| !served(host));
    let mut plain: Vec<_> = plain.map(|(host, count)| (host.clone(), count.tally.clone())).collect();
    plain.sort_by(|one, other| other.1.links.cmp(&one.1.links).then_with(|| one.0.cmp(&other.0)));
    plain
}

fn write_foreign(site: &Site, programs: &Programs, text: &mut Text) {
    if programs.foreign.is_empty() && site.opaque.is_empty() {
        return;
    }
    text.gap();
    if !programs.foreign.is_empty() {
        text.prose(0, "Ids of others, in links that stay as they are; `affilink check` names them. A guest author's goes under `partners:`, one of yours beside those above.");
    }
    for (network, place, id, tally) in programs.foreign.iter().take(MOST) {
        let first = tally
            .first
            .as_ref()
            .map_or(String::new(), |first| format!(", the first in {}:{}", yaml::remark(&first.file), first.line));
        let place = if place.is_empty() { String::new() } else { format!(" on {}", yaml::remark(place)) };
        let example = if network.is_placeholder(id) { ", an example from documentation" } else { "" };
        text.line(&format!(
            "#   {}: {}{place}: {}{example}{first}",
            network.id,
            yaml::remark(id),
            counted(tally.links, "link")
        ));
    }
    more(programs.foreign.len(), "#   ", text);
    if !site.opaque.is_empty() {
        let opaque = site.opaque.iter().map(|(network, count)| format!("{network} {}", count.tally.links));
        let opaque: Vec<_> = opaque.collect();
        text.prose(0, &format!("Links that do not say whose they are, and stay as well: {}.", opaque.join(", ")));
    }
}

/// Says how many of `number` were left out.
fn more(number: usize, lead: &str, text: &mut Text) {
    if number > MOST {
        text.line(&format!("{lead}... and {} more", number - MOST));
    }
}

fn write_disclosure(site: &Site, programs: &Programs, text: &mut Text) {
    let is_statement = |kind: &NoticeKind| matches!(kind, NoticeKind::Statement(_));
    let place = theme_notice(site, is_disclosure);
    let statement = theme_notice(site, is_statement);
    let disclosures = site.notices.iter().filter(|notice| is_disclosure(&notice.kind));
    let mut names: Vec<_> = disclosures.filter_map(|notice| links::used_as(&notice.place.file, site)).collect();
    names.extend(site.used.iter().filter(|name| links::says_disclosure(name)).cloned());
    names.sort_unstable();
    names.dedup();
    names.retain(|name| can_be_recognized(name));
    names.truncate(TOO_MANY);
    let lacking = programs.own.is_empty() && site.ids.is_empty();
    if place.is_none() && statement.is_none() && names.is_empty() && lacking {
        return;
    }
    text.gap();
    if place.is_none() {
        write_conditional(site, "place", "none", is_disclosure, text);
    }
    if statement.is_none() {
        write_conditional(site, "statement", "theme", is_statement, text);
    }
    if place.is_none() && statement.is_none() && names.is_empty() {
        text.prose(0, "Pages with affiliate links get a notice in their language, unless they say it themselves.");
        if theme_notices(site, is_disclosure).next().is_none() {
            text.line("# disclosure: {place: none}       # if your theme shows one; none was found here");
        }
        return;
    }
    text.line("disclosure:");
    let remark = |notice: &theme::Notice, what: &str| {
        let when = notice.condition.as_ref().map_or(String::new(), |condition| format!(", `{condition}`"));
        let late = if what == "one" && notice.place.file.to_ascii_lowercase().contains("footer") {
            ", which readers see late"
        } else {
            ""
        };
        yaml::remark(&format!("{}:{} shows {what}{when}{late}", notice.place.file, notice.place.line))
    };
    if let Some(notice) = place {
        text.pair(2, "place", "none", &remark(notice, "one"));
    }
    if let Some(notice) = statement {
        text.pair(2, "statement", "theme", &remark(notice, "Amazon's sentence"));
    }
    if !names.is_empty() {
        text.pair(2, "recognize", &yaml::list(&names), "these show one");
    }
}

fn is_disclosure(kind: &NoticeKind) -> bool {
    *kind == NoticeKind::Disclosure
}

/// Whether `disclosure.recognize` takes `name`.
fn can_be_recognized(name: &str) -> bool {
    can_be_read(&format!("disclosure: {{recognize: {}}}", yaml::list([name])))
}

/// Whether a configuration may say `section`.
fn can_be_read(section: &str) -> bool {
    let env = ConfigEnv { date: Date::from_unix(0), rules: &[], read_file: &|_| Err(String::new()) };
    Config::read("", &format!("version: 1\n{section}\n"), &env).is_ok()
}

/// The first sentence of the kind that the theme shows by itself on every page with links to merchants.
fn theme_notice(site: &Site, kind: impl Fn(&NoticeKind) -> bool) -> Option<&theme::Notice> {
    theme_notices(site, kind).find(|notice| pages_without(notice, site) == Some(0))
}

/// The sentences of the kind that the theme shows by itself, on no page's demand.
fn theme_notices(site: &Site, kind: impl Fn(&NoticeKind) -> bool) -> impl Iterator<Item = &theme::Notice> {
    let by_itself = |file: &str| links::used_as(file, site).is_none() && !links::is_shortcode(file);
    site.notices.iter().filter(move |notice| kind(&notice.kind) && by_itself(&notice.place.file))
}

/// How many of the pages with links to merchants do not meet the condition of `notice`; `None` where nobody can know here.
fn pages_without(notice: &theme::Notice, site: &Site) -> Option<usize> {
    match notice.condition.as_deref().map_or(Asks::Nothing, theme::asks) {
        Asks::Nothing => Some(0),
        Asks::Key(key) => Some(site.selling - site.flagged.get(&key).copied().unwrap_or(0)),
        Asks::Unknown => None,
    }
}

/// Says which sentence of the theme's not every page shows.
fn write_conditional(site: &Site, place: &str, value: &str, kind: impl Fn(&NoticeKind) -> bool, text: &mut Text) {
    let Some(notice) = theme_notices(site, kind).find(|notice| pages_without(notice, site) != Some(0)) else { return };
    let condition = notice.condition.as_deref().unwrap_or_default();
    let what = if place == "place" { "a disclosure" } else { "Amazon's sentence" };
    let who = match pages_without(notice, site) {
        Some(without) => {
            format!("{without} of {} with links to merchants do not meet", counted(site.selling, "page"))
        }
        None => "pages may not meet".to_owned(),
    };
    let Place { file, line } = &notice.place;
    let (file, condition) = (yaml::remark(file), yaml::remark(condition));
    text.prose(
        0,
        &format!(
            "{file}:{line} shows {what} on the condition `{condition}`, which {who}. Where every page with affiliate links does, \
             write `{place}: {value}` under `disclosure`."
        ),
    );
}

fn write_files(site: &Site, text: &mut Text) {
    let (mdx, excludes) = (settings::mdx(site), settings::excludes(site));
    if mdx.is_none() && excludes.is_empty() {
        return;
    }
    text.gap();
    text.line("files:");
    if !excludes.is_empty() {
        text.line("  exclude:");
        for (why, globs) in &excludes {
            text.prose(4, why);
            for (glob, files) in globs {
                let item = format!("    - {}", yaml::scalar(glob));
                let files = if *files > 1 { format!("# {}", counted(*files, "file")) } else { String::new() };
                text.line(&format!("{item:<33} {files}"));
            }
        }
    }
    if let Some(mdx) = mdx {
        text.pair(2, "mdx", &mdx.value, &mdx.why);
    }
}

/// What was found, for the terminal.
fn summary(site: &Site, programs: &Programs) -> Vec<String> {
    let mut said = Vec::new();
    for block in &programs.own {
        let keys = block.keys.iter().filter(|(.., why)| !why.is_empty());
        let keys: Vec<_> = keys.map(|(key, value, why)| format!("{key} {} ({why})", yaml::remark(value))).collect();
        said.push(format!("yours, it seems: {} with {}", block.name, keys.join(", ")));
    }
    if !programs.maybe.is_empty() {
        said.push(format!("{} perhaps yours: in comments", counted(programs.maybe.len(), "program")));
    }
    if !programs.foreign.is_empty() {
        said.push(format!("{} of others: their links stay", counted(programs.foreign.len(), "id")));
    }
    let plain = unserved(site, programs);
    if !plain.is_empty() {
        let links = plain.iter().map(|(_, tally)| tally.links).sum();
        said.push(format!("{} linked to for nothing, by {}", counted(plain.len(), "merchant"), counted(links, "link")));
    }
    if let Some(notice) = theme_notice(site, is_disclosure) {
        let place = &notice.place;
        said.push(format!(
            "a disclosure of the theme's, so that none is added: {}:{}",
            yaml::remark(&place.file),
            place.line
        ));
    }
    if !site.values.is_empty() {
        let links = site.values.values().map(|count| count.tally.links).sum();
        said.push(format!("{} in front matter, shortcodes and components", counted(links, "merchant link")));
    }
    if said.is_empty() {
        said.push("no merchant that the catalog knows is linked to".to_owned());
    }
    said
}
