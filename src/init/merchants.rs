//! Merchants without a program, and what it takes to have one. Decides which networks are named for a merchant and which ids
//! have to be looked up.

use crate::init::programs::{Block, TO_FILL, label};
use crate::init::text::listed;
use crate::init::yaml;
use crate::networks::{self, Constructible, Network};

/// The networks that are known to carry the merchant on `host`, its own scheme first.
pub(super) fn carriers(host: &str) -> Vec<&'static Network> {
    networks::carriers(host).into_iter().filter_map(networks::find).collect()
}

/// What the merchant on `host` is called, where the catalog knows it.
pub(super) fn name(host: &str) -> Option<&'static str> {
    networks::merchants_on(host).next().map(|merchant| merchant.name)
}

/// A program of `network` for the merchant on `host`, with [`TO_FILL`] for what has to be looked up.
pub(super) fn block(host: &str, network: &'static Network) -> Block {
    let known = networks::merchants_on(host).find(|merchant| merchant.network == network.id);
    let mut block = Block { name: label(host), ..Block::default() };
    block.keys.push(("network".to_owned(), network.id.to_owned(), String::new()));
    if network.is_merchant() && !network.custom_domains {
        network.id.clone_into(&mut block.name);
    }
    let unknown =
        |id: &&networks::Id| id.required && network.publisher != Some(id.name) && network.merchant != Some(id.name);
    if network.constructible == Constructible::FromBaseLink || network.ids.iter().any(|id| unknown(&id)) {
        // a link says all that the network wants, and nobody has to know what it is called
        block.keys.push(("link".to_owned(), TO_COPY.to_owned(), String::new()));
    } else {
        let store = super::look::store(network, Some(host));
        let abroad = network.hosts.first().is_some_and(|main| !store.is_empty() && main.domain != store);
        for id in network.ids.iter().filter(|id| id.required) {
            if id.per_store && abroad {
                block.keys.push((format!("{}s", id.name), format!("{{{store}: {TO_FILL}}}"), String::new()));
                continue;
            }
            let merchant = (network.merchant == Some(id.name)).then(|| known.and_then(|known| known.id)).flatten();
            let value = merchant.unwrap_or(TO_FILL);
            block.keys.push((id.name.to_owned(), yaml::scalar(value), String::new()));
        }
    }
    if !network.is_merchant() || network.custom_domains {
        let domains = known.map_or_else(
            || vec![host.to_owned()],
            |known| known.domains.iter().map(|&domain| domain.to_owned()).collect(),
        );
        block.keys.push(("domains".to_owned(), yaml::list(&domains), String::new()));
    }
    block
}

/// What stands for a link that has to be copied from the network.
const TO_COPY: &str = "YOUR-LINK";

/// What has to be looked up for `block` at `network`, as a sentence; empty for nothing.
pub(super) fn to_look_up(block: &Block, network: &Network) -> String {
    let missing: Vec<&str> = block
        .keys
        .iter()
        .filter(|(_, value, _)| value.contains(TO_FILL) || value == TO_COPY)
        .map(|(key, ..)| key.as_str())
        .collect();
    if missing.is_empty() {
        return String::new();
    }
    let whose = |key: &&str| {
        let what = match *key {
            "link" => "a link to the merchant, copied from the network",
            key if network.publisher.is_some_and(|name| key.trim_end_matches('s') == name) => "your id",
            key if network.merchant == Some(key) => "the merchant's id",
            _ => "as it stands in a link copied from the network",
        };
        format!("`{key}` ({what})")
    };
    let missing: Vec<_> = missing.iter().map(whose).collect();
    format!("Look up {} at {}.", listed(&missing), network.name)
}

/// What `host` is where links on it lead on to merchants: a network's or a shortener's.
pub(super) fn leads_on(host: &str) -> Option<String> {
    let is_it = |known: &str| networks::stands_on(host, known);
    let network = networks::all().iter().filter(|network| !network.is_merchant()).find(|network| {
        network.short_hosts.iter().any(|short| is_it(short)) || network.hosts.iter().any(|known| is_it(known.domain))
    });
    let short = || networks::all().iter().find(|network| network.short_hosts.iter().any(|short| is_it(short)));
    let of_network = network.or_else(short).map(|network| format!("a host of {}'s links", network.name));
    of_network.or_else(|| networks::is_shortener(host).then(|| "a shortener".to_owned()))
}

/// The name of a program for the merchant on `host`.
pub(super) fn label_of(host: &str) -> String {
    label(host)
}
