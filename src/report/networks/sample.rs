//! An example for each network: what to write, and the link that comes of it. Decides which ids are invented; the link is
//! made as any other.

use crate::config::{Config, ConfigEnv};
use crate::networks::template::{Dialect, SUBID, Template};
use crate::networks::{Chars, Constructible, Form, Network};
use crate::program::Date;
use crate::program::url::{Change, Place, Split, apply, edit_params};

/// An example with invented ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What to write, from `programs:` on.
    pub lines: Vec<String>,
    /// A page of the merchant.
    pub destination: String,
    /// The link to it that this makes; `None` where none is made.
    pub link: Option<String>,
}

impl Sample {
    /// The lines, each ended.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }
}

/// The example for `network`; `None` where no program can be of it.
pub fn sample(network: &'static Network) -> Option<Sample> {
    let mut keys = vec![format!("network: {}", network.id)];
    match network.constructible {
        Constructible::Retired => return None,
        Constructible::FromBaseLink => keys.push(format!("link: \"{}\"", base_link(network)?)),
        Constructible::FromIds | Constructible::NotDeeplinkable => {
            let needed = network.ids.iter().enumerate().filter(|(_, id)| id.required);
            keys.extend(needed.map(|(at, id)| format!("{}: {}", id.name, scalar(&invented(network, id.name, at)))));
        }
    }
    if keys.len() == 1 {
        return None;
    }
    let merchant = network.is_merchant();
    if !merchant {
        keys.push(format!("domains: [{SHOP}]"));
    }
    let name = if merchant { network.id } else { "shop" };
    let lines = vec!["programs:".to_owned(), format!("  {name}: {{{}}}", keys.join(", "))];
    let destination = destination(network);
    let sample = Sample { link: link(&lines, &destination), lines, destination };
    Some(sample)
}

/// A merchant of nobody's (RFC 2606).
const SHOP: &str = "shop.example";

fn destination(network: &Network) -> String {
    match network.hosts.first().filter(|_| network.is_merchant()) {
        Some(host) if host.exact || host.domain.starts_with("www.") => format!("https://{}/kettle", host.domain),
        Some(host) => format!("https://www.{}/kettle", host.domain),
        None => format!("https://www.{SHOP}/kettle?size=l"),
    }
}

fn link(lines: &[String], destination: &str) -> Option<String> {
    let text = format!("version: 1\n{}\n", lines.join("\n"));
    let env = ConfigEnv { date: Date::from_unix(0), read_file: &|_| Err(String::new()), rules: crate::lint::SPECS };
    let config = Config::read("", &text, &env).ok()?;
    let facts = config.map.look(destination, "")?;
    let edits = config.map.build(facts.winner()?, destination, &facts, None).ok()?;
    Some(apply(destination, &edits))
}

/// A link without destination and sub-ID, as the network would give it.
fn base_link(network: &'static Network) -> Option<String> {
    network.forms.iter().filter(|form| !form.read_only).find_map(|form| base_of(network, form))
}

fn base_of(network: &'static Network, form: &Form) -> Option<String> {
    let template = Template::parse(form.template, Dialect::Catalog, &|name| network.chars_of(name)).ok()?;
    if !template.has_destination() {
        return None;
    }
    let place = |name: &str| network.ids.iter().position(|id| id.name == name).unwrap_or(network.ids.len());
    let value = |name: &str| (name != SUBID).then(|| invented(network, name, place(name)));
    let whole = template.write("https://shop.example/", &value).ok()?;
    let host =
        form.hosts.first().map(|host| host.trim_start_matches('=')).or(network.hosts.first().map(|host| host.domain));
    let whole = match whole.strip_prefix("https:///") {
        Some(rest) => format!("https://{}/{rest}", host?),
        None => whole,
    };
    let split = Split::of(&whole)?;
    let gone: Vec<_> = template.names_of_url().map(Change::Remove).collect();
    let in_fragment = template.in_fragment();
    Some(apply(&whole, &edit_params(&split, Place { in_fragment, any_case: true }, &gone)))
}

/// A value for capture `name`, the `at`th of the network: of its characters and length, and nobody's.
fn invented(network: &Network, name: &str, at: usize) -> String {
    let chars = network.chars_of(name).unwrap_or(Chars::ANY);
    let id = network.id_named(name);
    if let Some(host) = network.hosts.first().filter(|_| name == "host") {
        return if host.exact { host.domain.to_owned() } else { format!("shop.{}", host.domain) };
    }
    let store = "mysite-20";
    if id.is_some_and(|id| id.per_store && id.fits(store)) {
        return store.to_owned();
    }
    let fewest = usize::from(chars.min);
    let len = id.and_then(|id| id.len).map_or_else(|| 6.clamp(fewest, usize::from(chars.max).max(fewest)), usize::from);
    let fits = |seed: &&&str| seed.bytes().all(|byte| chars.allows(byte));
    let seed = SEEDS.iter().skip(usize::from(at > 0)).chain(SEEDS).find(fits).copied().unwrap_or_default();
    let shift = if seed == DIGITS { at } else { 0 };
    let fill = if DIGITS.bytes().all(|byte| chars.allows(byte)) { DIGITS } else { seed };
    let more = fill.chars().cycle().skip(shift.min(fill.len()));
    let first = if seed == DIGITS { "" } else { seed };
    if fill.is_empty() {
        return (0..128_u8).filter(|&byte| chars.allows(byte)).map(char::from).cycle().take(len.min(255)).collect();
    }
    first.chars().chain(more).take(len).collect()
}

const DIGITS: &str = "1234567890";

/// What invented ids begin with; those of a network's first id in front.
const SEEDS: &[&str] = &["mysite", DIGITS, "abc", "ABC", "a", "A", "0"];

/// `value` as YAML that stays the text it is.
fn scalar(value: &str) -> String {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    let odd = value.starts_with(['-', '.', '0'])
        || value.contains(['e', 'E']) && value.starts_with(|c: char| c.is_ascii_digit());
    if plain && !odd { value.to_owned() } else { format!("\"{value}\"") }
}
