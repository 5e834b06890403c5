//! Several affiliate links have the same text and lead to different pages.
//!
//! ## Why
//!
//! "Check price", ten times: people who listen to the list of links of a page cannot tell one from another. Source: WCAG 2.4.9,
//! which is a recommendation and no duty.
//!
//! ## Bad
//!
//! ```markdown
//! [Check price](https://www.amazon.com/dp/B000000001?tag=mysite-20) of one, [Check price](https://www.amazon.com/dp/B000000002?tag=mysite-20) of another.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [Check the price of the Stagg](https://www.amazon.com/dp/B000000001?tag=mysite-20), [check the price of the Hario](https://www.amazon.com/dp/B000000002?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Links that lead to the same page; links without a text. There is one finding for a text and page.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::Credit;
use crate::span::Span;
use crate::survey::link_text::bare;
use crate::survey::load::place_of;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "ambiguous-link-text", level: Level::Info, options: &[] },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("ambiguous_link_text.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    let mut texts: BTreeMap<String, (Span, String, BTreeSet<String>)> = BTreeMap::new();
    for (index, link, url) in page.affiliate_links() {
        if link.kind.is_value() {
            continue;
        }
        let words = page.link_text(link);
        let key = bare(&words);
        // where a short link leads nobody knows: two of them may lead to one page
        let destination = match &url.destination {
            Some(destination) => destination,
            None if url.credit == Credit::Unknown => continue,
            None => page.address(index),
        };
        if !key.is_empty() {
            let shown = || (link.element, words.trim().to_owned(), BTreeSet::new());
            texts.entry(key).or_insert_with(shown).2.insert(place_of(destination));
        }
    }
    for (span, shown, destinations) in texts.into_values().filter(|(_, _, destinations)| destinations.len() > 1) {
        let message = format!("`{shown}` leads to {} different pages", destinations.len());
        found.push(Found::new(span, message).help("name the product in each of them"));
    }
}
