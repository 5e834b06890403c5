//! `noreferrer` on a link of a program that looks at where readers come from.
//!
//! ## Why
//!
//! Amazon's program policies forbid settings that keep it from seeing which site a reader comes from. Source:
//! affiliate-program.amazon.com/help/operating/policies. `noopener` is all that `target="_blank"` needs.
//!
//! ## Bad
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001?tag=mysite-20" rel="sponsored noreferrer">a kettle</a>
//! ```
//!
//! ## Good
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001?tag=mysite-20" rel="sponsored noopener">a kettle</a>
//! ```
//!
//! ## Not reported
//!
//! Programs of which it is not known that they look at the referrer: all but Amazon's. Policies of a whole page.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::Attribute;
use crate::document::html::attribute;
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks;
use crate::program::Credit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "no-referrer", level: Level::Warn, options: &[] },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("no_referrer.rs"),
    check,
};

/// Policies by which another site learns nothing (W3C, "Referrer Policy", 3).
const HIDING: [&str; 2] = ["no-referrer", "same-origin"];

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (_, link, url) in page.affiliate_links().filter(|(_, _, url)| matches!(url.credit, Credit::Own(_))) {
        let Some(attributes) = &link.attributes else { continue };
        let networks = url.layers.iter().filter_map(|layer| networks::find(&layer.network));
        let Some(network) = networks.into_iter().find(|network| network.checks_referrer) else { continue };
        let rel = attributes.rel.as_ref();
        let tokens = rel.map_or("", Attribute::text).split_ascii_whitespace();
        let by_rel = tokens.into_iter().any(|token| token.eq_ignore_ascii_case("noreferrer"));
        let by_policy = attribute(attributes.span.of(page.text), "referrerpolicy")
            .filter(|policy| HIDING.iter().any(|hiding| policy.trim().eq_ignore_ascii_case(hiding)));
        if by_rel || by_policy.is_some() {
            let span = rel.filter(|_| by_rel).map_or(attributes.span, |rel| rel.whole);
            let policy = by_policy.unwrap_or_default();
            let what =
                if by_rel { "rel=\"noreferrer\"".into() } else { format!("referrerpolicy=\"{}\"", policy.trim()) };
            let message = format!("`{what}` on a link of {}, which looks at the referrer", network.name);
            found.push(Found::new(span, message).help("take it out; `noopener` protects a new window"));
        }
    }
}
