//! A program that forbids it is reached through one of the site's own redirects.
//!
//! ## Why
//!
//! Amazon's program policies forbid links that hide or obscure that they lead to Amazon, redirecting links included. Source:
//! affiliate-program.amazon.com/help/operating/policies. What exactly counts is disputed; accounts have been closed over it.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](/go/kettle)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Not reported
//!
//! Redirects whose destination is unknown (name their file in `links.redirects.from`), and those to merchants whose programs do
//! not forbid them.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "cloaked-link", level: Level::Warn, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("cloaked_link.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (_, link, url) in page.known_links().filter(|(_, _, url)| url.own_redirect) {
        let by_link = url.layers.iter().filter_map(|layer| networks::find(&layer.network));
        let by_merchant = url.candidates.iter().filter_map(|candidate| page.map.programs().get(candidate.program));
        let by_merchant = by_merchant.filter_map(|program| networks::find(program.network?));
        let Some(network) = by_link.chain(by_merchant).find(|network| network.no_cloaking) else { continue };
        let message = format!("a redirect of this site hides a link to {}, which forbids that", network.name);
        found.push(Found::new(link.destination.span, message).help("link to the merchant itself"));
    }
}
