//! A plain link to the merchant of a program that you have joined.
//!
//! ## Why
//!
//! It could earn and does not. `affilink build` turns such links into yours; what is reported is left over: a link that no build
//! will touch, or a page that is judged as it stands.
//!
//! ## Bad
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001">a kettle</a>
//! ```
//!
//! ## Good
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001?tag=mysite-20" rel="sponsored">a kettle</a>
//! ```
//!
//! ## Not reported
//!
//! Links that the author took out of edits, links to pages of the merchant that are no shop, and links where no active program
//! has an id for the store.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::Credit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "unmonetized-link", level: Level::Warn, options: &[] },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("unmonetized_link.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if !page.policy.enabled {
        return;
    }
    for (_, link, url) in page.known_links() {
        if url.credit != Credit::None || url.own_redirect || url.unsafe_url.is_some() || link.opt_out.is_some() {
            continue;
        }
        let Some(program) = url.winner().and_then(|winner| page.map.programs().get(winner)) else { continue };
        let message = format!("a plain link to a merchant of your program `{}`", program.name);
        let help = match link.read_only {
            Some(reason) => {
                format!("it stays as it is: {reason}; write it out, or put the affiliate link there yourself")
            }
            None => {
                "run `affilink build`, or write `data-affilink=\"off\"` on it if it is meant to be plain".to_owned()
            }
        };
        found.push(Found::new(link.destination.span, message).help(help));
    }
}
