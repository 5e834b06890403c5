//! What to write where, to have it otherwise. Decides which refusals the user can change at all.

use super::Explanation;
use super::added::of_addition;
use super::text::View;
use crate::networks::{self, Network};
use crate::plan::Reason;
use crate::program::url::shown_host;
use crate::program::{Layer, UrlFacts};

/// Lines to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Advice {
    /// What they are for and where they go.
    pub(super) why: String,
    /// The lines.
    pub(super) lines: Vec<String>,
}

/// The ways to change what a build does with the link, the likeliest first; none where nothing can be done in a file.
pub(super) fn advice(explanation: &Explanation<'_>, view: View<'_>) -> Vec<Advice> {
    if let Some(advice) = explanation.addition.as_ref().and_then(|addition| of_addition(explanation, addition, view)) {
        return vec![advice];
    }
    let Some(facts) = &explanation.facts else { return strange(explanation, view) };
    if !view.configured {
        return without_configuration(facts);
    }
    let program = explanation.program.unwrap_or("NAME");
    match explanation.reason {
        Reason::Foreign => foreign(facts, view),
        Reason::ForeignNoProgram | Reason::NoProgram => join(facts, JOIN).into_iter().collect(),
        Reason::Paused | Reason::Ended => {
            vec![of_program(program, "to use it again", "status: active       # and no `ends:` in the past")]
        }
        Reason::NotStarted => vec![of_program(program, "to use it now", "starts: DATE         # or no `starts:`")],
        Reason::OtherPages => {
            let page = if view.page.is_empty() { "PAGE" } else { view.page };
            vec![of_program(program, "to use it here, beside what stands there", &format!("pages: [{}]", yaml(page)))]
        }
        Reason::OtherPaths => vec![of_program(program, "to use it for this path as well", &paths(facts))],
        Reason::NoIdForStore => store_id(program, facts, view).into_iter().collect(),
        Reason::OwnRedirect if facts.destination.is_none() => vec![config(
            "to have its destination known",
            ["links:", "  redirects:", "    from: [static/_redirects]   # the file that your host reads"],
        )],
        Reason::PageOff => vec![remove("affilink: false   (in the page's front matter)")],
        Reason::OptOutAttribute => vec![remove("data-affilink=\"off\"")],
        Reason::OptOutComment => vec![remove("<!-- affilink-off -->")],
        Reason::OptOutRelMe => vec![remove("rel=\"me\"")],
        Reason::OptOutSelector => vec![remove("the selector under `html: {ignore: ...}` in affiliates.yaml")],
        _ => Vec::new(),
    }
}

/// For an address that nobody knows; links of a page to anywhere at all need no such advice.
fn strange(explanation: &Explanation<'_>, view: View<'_>) -> Vec<Advice> {
    let host = shown_host(&explanation.url);
    let is_elsewhere = explanation.place.is_some() && explanation.addition.is_none();
    if is_elsewhere || explanation.reason != Reason::NoProgram || !host.contains('.') {
        return Vec::new();
    }
    let version = Some("version: 1".to_owned()).filter(|_| !view.configured);
    vec![config(JOIN, version.into_iter().chain(known(&host).unwrap_or_else(|| program_of_host(&host))))]
}

fn without_configuration(facts: &UrlFacts) -> Vec<Advice> {
    let named = facts.layers.iter().rev().find_map(|layer| Some((layer, own_network(layer)?)));
    let advice =
        match named.filter(|(layer, network)| layer.publisher.as_deref().is_some_and(|id| !network.is_nobody(id))) {
            Some((layer, network)) => {
                Some(config("if that is you", program_lines(network, Some(layer), &merchant_host(facts))))
            }
            None => join(facts, JOIN),
        };
    let version = |mut advice: Advice| {
        advice.lines.insert(0, "version: 1".into());
        advice
    };
    advice.map(version).into_iter().collect()
}

fn foreign(facts: &UrlFacts, view: View<'_>) -> Vec<Advice> {
    let mut all = Vec::new();
    if facts.winner().is_some() {
        all.push(config("to replace such links by your own", ["links:", "  foreign: replace"]));
    }
    let named =
        facts.layers.iter().rev().find_map(|layer| Some((layer, own_network(layer)?, layer.publisher.as_deref()?)));
    let Some((layer, network, publisher)) = named else { return all };
    let programs = view.config.map.programs();
    match programs.iter().find(|program| program.network == Some(network.id)) {
        Some(program) => {
            let line = format!("retired_ids: [{}]   # or among the ids in use", yaml(publisher));
            all.push(of_program(&program.name, "if that is an id of yours", &line));
        }
        None => all.push(config("if that is you", program_lines(network, Some(layer), &merchant_host(facts)))),
    }
    if let Some(name) = network.publisher {
        let line = format!("  NAME: {{network: {}, {name}: {}}}", network.id, yaml(publisher));
        all.push(config("if it is somebody whose links are to stay", ["partners:", &line]));
    }
    all
}

/// A program for the merchant that the link leads to.
fn join(facts: &UrlFacts, why: &str) -> Option<Advice> {
    let destination = facts.destination.as_deref()?;
    if let Some(lines) = known(&shown_host(destination)) {
        return Some(config(why, lines));
    }
    if let Some((layer, network)) = facts.layers.iter().rev().find_map(|layer| Some((layer, own_network(layer)?))) {
        let merchant_only = Layer { ids: merchant_ids(layer, network), ..Layer::default() };
        return Some(config(why, program_lines(network, Some(&merchant_only), &merchant_host(facts))));
    }
    Some(config(why, program_of_host(&shown_host(destination))))
}

const JOIN: &str = "if you are in a program for it";

/// A program of the first network that is known to carry the merchant at `host`.
fn known(host: &str) -> Option<[String; 2]> {
    let network = networks::find(networks::carriers(host).into_iter().next()?)?;
    if network.is_merchant() {
        return Some(program_lines(network, None, host));
    }
    let merchant = networks::merchants_on(host).find(|merchant| merchant.network == network.id)?;
    let id = |name: Option<&str>, value: Option<&str>| Some((name?.to_owned(), value?.to_owned()));
    let ids = id(network.merchant, merchant.id).into_iter().chain(id(Some("host"), merchant.host));
    let layer = Layer { ids: ids.collect(), ..Layer::default() };
    Some(program_lines(network, Some(&layer), host))
}

fn program_of_host(host: &str) -> [String; 2] {
    let name = program_name(host);
    let line = format!("  {name}: {{network: ..., domains: [{}]}}   # and its ids: affilink networks NAME", yaml(host));
    ["programs:".to_owned(), line]
}

fn merchant_ids(layer: &Layer, network: &Network) -> std::collections::BTreeMap<String, String> {
    let merchant = |(name, _): &(&String, &String)| network.merchant == Some(name.as_str());
    layer.ids.iter().filter(merchant).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn merchant_host(facts: &UrlFacts) -> String {
    facts.destination.as_deref().map(shown_host).unwrap_or_default()
}

/// The network of a layer, where programs can be of it.
fn own_network(layer: &Layer) -> Option<&'static Network> {
    networks::find(&layer.network).filter(|network| !network.ids.is_empty())
}

/// `programs:` and one program of `network`, with the ids of `layer` and `...` for the others.
fn program_lines(network: &Network, layer: Option<&Layer>, host: &str) -> [String; 2] {
    let name = if network.is_merchant() { network.id.to_owned() } else { program_name(host) };
    let known = |id: &str| layer.and_then(|layer| layer.ids.get(id)).map_or_else(|| "...".to_owned(), |id| yaml(id));
    let needed =
        network.ids.iter().filter(|id| id.required || layer.is_some_and(|layer| layer.ids.contains_key(id.name)));
    let mut keys: Vec<_> = std::iter::once(format!("network: {}", network.id))
        .chain(needed.map(|id| match store(network, host).filter(|_| id.per_store) {
            Some(store) => format!("{}s: {{{store}: {}}}", id.name, known(id.name)),
            None => format!("{}: {}", id.name, known(id.name)),
        }))
        .collect();
    if network.constructible == networks::Constructible::FromBaseLink {
        keys.truncate(1);
        keys.push("link: ...".into());
    }
    if !network.is_merchant() {
        keys.push(format!("domains: [{}]", if host.is_empty() { "...".to_owned() } else { yaml(host) }));
    }
    ["programs:".to_owned(), format!("  {name}: {{{}}}", keys.join(", "))]
}

/// The store of `network` that `host` stands in, where it is not the one that ids without a store are for.
fn store(network: &Network, host: &str) -> Option<&'static str> {
    let below = |domain: &str| host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    let at = network.hosts.iter().position(|store| below(store.domain)).filter(|&at| at > 0)?;
    network.hosts.get(at).map(|store| store.domain)
}

/// A name for a program of the merchant at `host`: `shop.acme.com` and `shop.acme.co.uk` are `acme`.
fn program_name(host: &str) -> String {
    let mut labels: Vec<_> = host.split('.').collect();
    if labels.len() > 1 {
        labels.pop();
    }
    if labels.len() > 1 && labels.last().is_some_and(|label| SECOND_LEVEL.contains(label)) {
        labels.pop();
    }
    let name = labels.last().copied().unwrap_or_default();
    let name: String = name.chars().filter(|&c| c.is_alphanumeric() || c == '-').collect();
    if name.is_empty() { "shop".into() } else { name }
}

/// Second labels that many countries register names under.
const SECOND_LEVEL: &[&str] = &["co", "com", "org", "net", "or", "ne", "ac"];

fn store_id(program: &str, facts: &UrlFacts, view: View<'_>) -> Option<Advice> {
    let host = shown_host(facts.destination.as_deref()?);
    let spec = view.config.map.programs().iter().find(|known| known.name == program)?;
    let network = networks::find(spec.network?)?;
    let id = network.ids.iter().find(|id| id.per_store)?;
    let line = match store(network, &host) {
        Some(store) => format!("{}s: {{{store}: ...}}   # the id that you have there", id.name),
        None => format!("{}: ...   # the id that you have there", id.name),
    };
    Some(of_program(program, "to have links to this store", &line))
}

fn paths(facts: &UrlFacts) -> String {
    let rest = facts.destination.as_deref().and_then(|url| url.split_once("//")).map_or("", |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let path = path.split(['?', '#']).next().unwrap_or("/");
    format!("paths: [{}]", yaml(path))
}

pub(super) fn config<S: Into<String>>(why: &str, lines: impl IntoIterator<Item = S>) -> Advice {
    Advice { why: format!("{why}, in affiliates.yaml"), lines: lines.into_iter().map(Into::into).collect() }
}

fn of_program(program: &str, why: &str, line: &str) -> Advice {
    config(why, ["programs:".to_owned(), format!("  {program}:"), format!("    {line}")])
}

pub(super) fn remove(what: &str) -> Advice {
    Advice { why: "to have it edited, remove".into(), lines: vec![what.into()] }
}

/// `value` as a YAML scalar inside brackets.
pub(super) fn yaml(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let number_like = value.parse::<f64>().is_ok() && !value.bytes().all(|byte| byte.is_ascii_digit());
    let word_like = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    if !value.is_empty() && value.chars().all(plain) && !value.starts_with(['-', '.']) && !number_like && !word_like {
        return value.to_owned();
    }
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_what_they_are_in_yaml() {
        for text in
            ["mysite-20", "0123", "1e5", "1.5", "no", "-x", "a b", "a: b", "ü", "x\u{1b}", "posts/a.md", ".5", ""]
        {
            let list: Vec<String> = serde_yaml::from_str(&format!("[{}]", yaml(text))).expect("YAML");
            assert_eq!(list, [text]);
        }
        assert_eq!(yaml("mysite-20"), "mysite-20");
    }

    #[test]
    fn programs_are_named_after_their_merchants() {
        for (host, name) in [
            ("rei.com", "rei"),
            ("shop.acme.example", "acme"),
            ("shoes.co.uk", "shoes"),
            ("go.rei.com", "rei"),
            ("x", "x"),
            ("", "shop"),
        ] {
            assert_eq!(program_name(host), name, "{host}");
        }
    }
}
