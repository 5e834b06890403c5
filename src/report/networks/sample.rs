//! An example for each network: what to write, and the link that comes of it. Decides which ids are invented; the link is
//! made as any other.

use crate::config::{Config, ConfigEnv, ConfigError};
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
    let written = |keys: &[String]| {
        let shop = (!network.is_merchant()).then(|| format!("domains: [{SHOP}]"));
        let keys: Vec<_> = keys.iter().cloned().chain(shop).collect();
        let name = if network.is_merchant() { network.id } else { "shop" };
        let lines = vec!["programs:".to_owned(), format!("  {name}: {{network: {}, {}}}", network.id, keys.join(", "))];
        let destination = destination(network);
        Some(Sample { link: link(&lines, &destination).ok()?, lines, destination })
    };
    match network.constructible {
        Constructible::Retired => None,
        Constructible::FromBaseLink => {
            let links = network.forms.iter().filter(|form| !form.read_only).flat_map(|form| base_links(network, form));
            let mut samples = links.filter_map(|link| written(&[format!("link: \"{link}\"")]));
            samples.find(|sample| sample.link.is_some())
        }
        Constructible::FromIds | Constructible::NotDeeplinkable => {
            let needed = network.ids.iter().enumerate().filter(|(_, id)| id.required);
            let keys: Vec<_> =
                needed.map(|(at, id)| format!("{}: {}", id.name, scalar(&invented(network, id.name, at)))).collect();
            if keys.is_empty() { None } else { written(&keys) }
        }
    }
}

/// A merchant of nobody's (RFC 2606).
const SHOP: &str = "shop.example";

fn destination(network: &Network) -> String {
    let path = page(network).unwrap_or_else(|| "/kettle".to_owned());
    match network.hosts.first().filter(|_| network.is_merchant()) {
        Some(host) if host.exact || host.domain.starts_with("www.") => format!("https://{}{path}", host.domain),
        Some(host) => format!("https://www.{}{path}", host.domain),
        None => format!("https://www.{SHOP}/kettle?size=l"),
    }
}

/// Path and query of a page that links can be made of, where not every page will do.
fn page(network: &Network) -> Option<String> {
    let of = network.forms.iter().find(|form| !form.read_only)?.of?;
    let template = Template::parse(of, Dialect::Catalog, &|name| network.chars_of(name)).ok()?;
    let value = |name: &str| {
        let fits = network.chars_of(name).is_none_or(|chars| chars.fits("kettle"));
        Some(if fits { "kettle".to_owned() } else { invented(network, name, 0) })
    };
    let whole = template.write("", &value).ok()?;
    let rest = whole.strip_prefix("https://")?;
    Some(if rest.starts_with('/') { rest.to_owned() } else { format!("/kettle{rest}") })
}

/// The link that `lines` make to `destination`, if they make one; the error is of lines that are no configuration.
fn link(lines: &[String], destination: &str) -> Result<Option<String>, ConfigError> {
    let text = format!("version: 1\n{}\n", lines.join("\n"));
    let env = ConfigEnv { date: Date::from_unix(0), rules: &[], read_file: &|_| Err(String::new()) };
    let config = Config::read("", &text, &env)?;
    let built = || {
        let facts = config.map.look(destination, "")?;
        let edits = config.map.build(facts.winner()?, destination, &facts, None).ok()?;
        Some(apply(destination, &edits))
    };
    Ok(built())
}

/// Links without destination and sub-ID, as the network might give them, the likeliest first.
fn base_links(network: &'static Network, form: &Form) -> Vec<String> {
    let Ok(template) = Template::parse(form.template, Dialect::Catalog, &|name| network.chars_of(name)) else {
        return Vec::new();
    };
    let place = |name: &str| network.ids.iter().position(|id| id.name == name).unwrap_or(network.ids.len());
    let value = |name: &str| (name != SUBID).then(|| invented(network, name, place(name)));
    let Ok(whole) = template.write(INNER, &value) else { return Vec::new() };
    let own = form.hosts.first().map(|host| host.trim_start_matches('='));
    let host = own.or(network.hosts.first().map(|host| host.domain)).unwrap_or_default();
    let whole = match whole.strip_prefix("https:///") {
        Some(rest) => format!("https://{host}/{rest}"),
        None => whole,
    };
    let Some(split) = Split::of(&whole) else { return Vec::new() };
    let gone: Vec<_> = template.names_of_url().map(Change::Remove).collect();
    let in_fragment = template.in_fragment();
    let base = apply(&whole, &edit_params(&split, Place { in_fragment, any_case: true }, &gone));
    let cut = base.strip_suffix(INNER).map(str::to_owned);
    cut.into_iter().chain(Some(base)).collect()
}

/// What stands where a base link's destination goes.
const INNER: &str = "https://shop.example/";

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
    let mut value: Vec<char> = letters(chars, at).take(len).collect();
    if let Some(between) = chars.inside.map(char::from) {
        // where a UUID has them, otherwise once
        let places: &[usize] = if (between, len) == ('-', 36) { &[8, 13, 18, 23] } else { &[len / 2] };
        for &place in places {
            if let Some(char) = value.get_mut(place) {
                *char = between;
            }
        }
    }
    value.into_iter().collect()
}

/// Without end, characters that `chars` allows: a word, then digits; other digits for each `at`.
fn letters(chars: Chars, at: usize) -> Box<dyn Iterator<Item = char>> {
    let fits = |seed: &&&str| seed.bytes().all(|byte| chars.allows(byte));
    let seed = SEEDS.iter().skip(usize::from(at > 0)).chain(SEEDS).find(fits).copied();
    let digits = DIGITS.bytes().all(|byte| chars.allows(byte));
    match seed {
        Some(DIGITS) => Box::new(DIGITS.chars().cycle().skip(at % DIGITS.len())),
        Some(seed) if digits => Box::new(seed.chars().chain(DIGITS.chars().cycle())),
        Some(seed) => Box::new(seed.chars().cycle()),
        None => Box::new(
            (0..128_u8).filter(move |&byte| chars.allows(byte)).map(char::from).collect::<Vec<_>>().into_iter().cycle(),
        ),
    }
}

const DIGITS: &str = "1234567890";

/// What invented ids begin with; those of a network's first id in front.
const SEEDS: &[&str] = &["mysite", DIGITS, "abc", "ABC", "a", "A", "0"];

/// `value` as YAML that stays the text it is.
fn scalar(value: &str) -> String {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    // what a YAML reader takes for a number of another kind than plain digits, or for more digits than its numbers have
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let odd =
        value.starts_with(['-', '.', '0']) || value.len() > 15 && digits || !digits && value.parse::<f64>().is_ok();
    if plain && !odd { value.to_owned() } else { format!("\"{value}\"") }
}
