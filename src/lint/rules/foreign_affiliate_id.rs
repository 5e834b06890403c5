//! An affiliate link that pays somebody who is neither you nor a partner.
//!
//! ## Why
//!
//! Links copied from other sites, from a manufacturer's newsletter or from a former owner's posts keep paying them. A reader
//! who buys through such a link earns you nothing, and whoever changed one in a pull request earns instead of you.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=somebody-20)
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
//! Links of the programs and `partners` of the configuration, `retired_ids`, links that do not say whom they credit, and the
//! merchants' own advertising tags. Without a configuration nothing is known of your ids, and the rule is silent.

use super::wrong_store_id::is_placeholder;
use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::{Credit, Layer};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "foreign-affiliate-id", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("foreign_affiliate_id.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if !page.configured {
        return;
    }
    for (index, link, url) in page.affiliate_links().filter(|(_, _, url)| url.credit == Credit::Foreign) {
        let layer = url.layers.iter().rev().find(|layer| layer.publisher.is_some());
        if layer.is_some_and(is_placeholder) {
            continue;
        }
        let whom = match layer {
            Some(Layer { network, publisher: Some(id), .. }) => format!("`{id}` ({network})"),
            _ => "somebody else".to_owned(),
        };
        let help = format!(
            "use your own id, add the id to `partners`, or write `{}` before it",
            page.suppression("foreign-affiliate-id", "why it stays")
        );
        let message = format!("this link credits {whom}, which is none of your ids");
        let mut finding = Found::new(link.destination.span, message).help(help);
        if url.winner().is_some() && link.read_only.is_none() {
            finding = finding.fix(Fix::unsafe_("put your own id in its place", Remedy::Rewrite { link: index }));
        }
        found.push(finding);
    }
}
