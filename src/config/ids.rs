//! The ids of programs and partners. Decides which keys are ids of a network, which values can be such ids, and which are
//! missing.

use std::collections::BTreeMap;

use super::findings::{Findings, Place, did_you_mean, listed, nearest, quoted};
use crate::networks::{Id, Network};
use crate::yaml::{Kind, Node};

/// The ids of a program: by name, then one or many.
pub(super) type Ids = BTreeMap<String, Vec<String>>;
/// The ids of single stores: by name, then by store.
pub(super) type StoreIds = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Reads every key that is not one of `fixed` as an id of `network`.
pub(super) fn read(
    network: &'static Network,
    fixed: &[&str],
    stores: bool,
    at: Place<'_>,
    findings: &mut Findings,
) -> (Ids, StoreIds) {
    let (mut ids, mut store_ids) = (Ids::new(), StoreIds::new());
    for (name, value) in at.node().into_iter().flat_map(Node::pairs) {
        let Some(key) = name.scalar().filter(|key| !fixed.contains(key)) else { continue };
        if let Some(id) = network.id_named(key) {
            if value.pairs().is_empty() {
                ids.insert(key.to_owned(), values(id, network, Place::of(value), findings));
            } else {
                let help = if id.per_store {
                    format!("put ids for single stores under `{}`", plural(id))
                } else {
                    "write the id alone".into()
                };
                findings.push_help(name.span, format!("`{key}` takes an id, not a map"), help);
            }
        } else if let Some(id) = network.ids.iter().find(|id| stores && plural(id) == key) {
            store_ids.insert(id.name.to_owned(), stores_of(id, network, name, value, findings));
        } else {
            unknown_id(network, key, fixed, name, findings);
        }
    }
    (ids, store_ids)
}

/// Pushes what the network always needs and the program at `at` does not give.
pub(super) fn require(network: &Network, at: Place<'_>, findings: &mut Findings) {
    let given = |id: &Id| at.key(id.name).is_given() || at.key(&plural(id)).is_given();
    let missing: Vec<_> = network.ids.iter().filter(|id| id.required && !given(id)).map(|id| id.name).collect();
    if !missing.is_empty() {
        let message = format!("{} needs {}", network.name, listed(missing.iter().copied(), "and"));
        let example: Vec<_> = missing.iter().map(|name| format!("`{name}: ...`")).collect();
        let help = format!("add {}", example.join(" and "));
        findings.push_help(at.key("network").span(), message, help);
    }
}

/// What the network's ids look like, as advice.
pub(super) fn wanted(id: &Id) -> String {
    let digits = (0..128).all(|byte: u8| !id.chars.allows(byte) || byte.is_ascii_digit());
    let what = if digits { "digits" } else { "characters" };
    match id.len {
        Some(len) => format!("`{}` is {len} {what}", id.name),
        None if digits => format!("`{}` is digits", id.name),
        None => format!("check the spelling of `{}`; copy it from the network's site", id.name),
    }
}

fn unknown_id(network: &Network, key: &str, fixed: &[&str], name: &Node, findings: &mut Findings) {
    let ids = network.ids.iter().map(|id| id.name);
    let per_store: Vec<_> = network.ids.iter().filter(|id| id.per_store && fixed.len() > 1).map(plural).collect();
    let known: Vec<_> = ids.chain(per_store.iter().map(String::as_str)).collect();
    let help = did_you_mean(key, known.iter().copied().chain(fixed.iter().copied()))
        .unwrap_or_else(|| format!("its ids are {}", listed(known.iter().copied(), "and")));
    let of = if fixed.len() > 1 { "program" } else { "partner" };
    let message = format!("{} is no id of {} and no key of a {of}", quoted(key), network.name);
    findings.push_help(name.span, message, help);
}

fn stores_of(
    id: &Id,
    network: &Network,
    name: &Node,
    value: &Node,
    findings: &mut Findings,
) -> BTreeMap<String, Vec<String>> {
    let lost = matches!(value.kind, Kind::Map(_) | Kind::Alias) && value.decorated;
    if value.pairs().is_empty() && !lost {
        let help = format!("write it like `{}: {{amazon.de: ...}}`, or `{}: ...` for one id", plural(id), id.name);
        findings.push_help(name.span, format!("`{}` must be a map of stores", plural(id)), help);
    } else if !id.per_store {
        let help = format!("write `{}: ...`", id.name);
        findings.push_help(name.span, format!("{} has one `{}` for all stores", network.name, id.name), help);
        return BTreeMap::new();
    }
    let mut stores = BTreeMap::new();
    for (store, ids) in value.pairs() {
        let Some(host) = store.scalar() else { continue };
        let known = || network.hosts.iter().filter(|known| !known.closed).map(|known| known.domain);
        if known().any(|known| known == host) {
            stores.insert(host.to_owned(), values(id, network, Place::of(ids), findings));
        } else {
            unknown_store(host, network, store, findings);
        }
    }
    stores
}

fn unknown_store(host: &str, network: &Network, store: &Node, findings: &mut Findings) {
    if network.hosts.iter().any(|known| known.closed && known.domain == host) {
        findings.push_help(store.span, format!("the store {} has closed", quoted(host)), "remove it");
        return;
    }
    let known = || network.hosts.iter().filter(|known| !known.closed).map(|known| known.domain);
    // `de` for `amazon.de`
    let is_end = |known: &&str| known.strip_suffix(host).is_some_and(|rest| rest.ends_with('.'));
    let help = known().find(is_end).or_else(|| nearest(host, known())).map_or_else(
        || format!("write the store's host, such as `{}`", known().next().unwrap_or("shop.example")),
        |near| format!("did you mean `{near}`?"),
    );
    findings.push_help(store.span, format!("{} is no store of {}", quoted(host), network.name), help);
}

/// The ids of one value, each checked for its characters.
fn values(id: &Id, network: &Network, at: Place<'_>, findings: &mut Findings) -> Vec<String> {
    let node = at.node();
    let listed = node.into_iter().flat_map(Node::items);
    let texts: Vec<_> = node.and_then(Node::scalar).into_iter().chain(listed.filter_map(Node::scalar)).collect();
    if texts.is_empty() && at.is_complete() {
        findings.push_help(at.span(), format!("`{}` holds no id", id.name), "write an id, or remove the key");
    }
    for (index, text) in texts.iter().enumerate() {
        let span = at.item(index).span();
        if !id.fits(text) {
            findings.push_help(span, format!("{} cannot be an id of {}", quoted(text), network.name), wanted(id));
        } else if network.publisher == Some(id.name) && network.is_placeholder(text) {
            let help = "put your own id in its place";
            findings.push_help(span, format!("{} is an example from documentation", quoted(text)), help);
        }
    }
    texts.into_iter().map(str::to_owned).collect()
}

fn plural(id: &Id) -> String {
    format!("{}s", id.name)
}
