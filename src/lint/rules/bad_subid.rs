//! A sub-ID that the network cuts off or refuses.
//!
//! ## Why
//!
//! What is too long is cut in the report, and what holds other characters may be dropped: the click can no longer be led back to
//! its page.
//!
//! ## Bad
//!
//! ```html
//! <a href="https://www.ebay.com/itm/1?mkevt=1&amp;mkcid=1&amp;mkrid=711-53200-19255-0&amp;campid=5338000001&amp;customid=a%20b&amp;toolid=10001" rel="sponsored">a lamp</a>
//! ```
//!
//! ## Good
//!
//! ```html
//! <a href="https://www.ebay.com/itm/1?mkevt=1&amp;mkcid=1&amp;mkrid=711-53200-19255-0&amp;campid=5338000001&amp;customid=ab&amp;toolid=10001" rel="sponsored">a lamp</a>
//! ```
//!
//! ## Not reported
//!
//! Networks whose limits are not known, but for characters that no network takes (`<`, `{`); links that are not yours.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks::{self, Charset};
use crate::program::Credit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "bad-subid", level: Level::Warn, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("bad_subid.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (_, link, url) in page.affiliate_links().filter(|(_, _, url)| matches!(url.credit, Credit::Own(_))) {
        for layer in &url.layers {
            let rule = networks::find(&layer.network).and_then(|network| Some((network, network.subid?)));
            let (Some(subid), Some((network, rule))) = (layer.subid.as_deref(), rule) else { continue };
            let length = subid.chars().count();
            let message = match rule.max_len {
                Some(most) if length > most => {
                    format!("the sub-ID `{subid}` has {length} characters, and {} keeps {most}", network.name)
                }
                _ if rule.charset != Charset::Unknown && !subid.chars().all(|c| rule.charset.allows(c)) => {
                    format!("the sub-ID `{subid}` holds characters that {} does not take", network.name)
                }
                _ if subid.contains(is_odd) => {
                    format!("the sub-ID `{subid}` holds characters that no network is known to keep")
                }
                _ => continue,
            };
            found.push(Found::new(link.destination.span, message).help("use a shorter one of letters and digits"));
        }
    }
}

/// Whether no network says that it keeps `character`, and hardly anybody sends it.
fn is_odd(character: char) -> bool {
    !character.is_ascii() || character.is_ascii_control() || "<>\"{}[]\\^`".contains(character)
}
