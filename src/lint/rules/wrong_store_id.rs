//! An id of one store on another store's link, or an id that was never filled in.
//!
//! ## Why
//!
//! A tag of amazon.com earns nothing on amazon.de: each store has its own ids. Examples such as `yourtag-20`, copied from
//! documentation or left in by a plug-in, pay a stranger or nobody.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](https://www.amazon.de/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.de/dp/B000000001?tag=mysite-21)
//! ```
//!
//! ## Not reported
//!
//! Links of stores that no id is configured for and that carry nobody's id; ids of others, which are `foreign-affiliate-id`.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks;
use crate::program::{Layer, OwnState, UrlFacts};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "wrong-store-id", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("wrong_store_id.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.affiliate_links() {
        let named = || url.layers.iter().find(|layer| is_placeholder(layer))?.publisher.clone();
        if let Some(id) = named().or_else(|| unreadable(page.address(index), url)) {
            let message = format!("`{id}` is an example of an id, and nobody's");
            found.push(Found::new(link.destination.span, message).help("put your own id in its place"));
            continue;
        }
        let id = url.layers.iter().rev().find_map(|layer| layer.publisher.as_deref()).unwrap_or("this id");
        let (message, help) = match url.own_state {
            OwnState::WrongStore => (
                format!("`{id}` is an id of another store, and earns nothing on this one"),
                "`affilink build` writes the right one",
            ),
            OwnState::NoIdForStore => (
                format!("`{id}` is an id of another store, and none is configured for this one"),
                "add this store's id to the program, or link to a store that you have an id for",
            ),
            _ => continue,
        };
        found.push(Found::new(link.destination.span, message).help(help));
    }
}

/// A placeholder where the network's id should be, which is none that it could have given.
fn unreadable(address: &str, url: &UrlFacts) -> Option<String> {
    let network = url.layers.iter().find(|layer| layer.publisher.is_none()).map(|layer| &layer.network)?;
    let publisher = networks::find(network)?.publisher?;
    let query = address.split_once('?')?.1.split('#').next()?;
    let mut pairs = ::url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, value)| name == publisher && networks::is_example(value)).map(|(_, value)| value.into_owned())
}

/// Whether the layer's id is one that documentation shows and somebody forgot to replace.
pub(super) fn is_placeholder(layer: &Layer) -> bool {
    let Some(id) = layer.publisher.as_deref() else { return false };
    networks::find(&layer.network).map_or_else(|| networks::is_example(id), |network| network.is_placeholder(id))
}
