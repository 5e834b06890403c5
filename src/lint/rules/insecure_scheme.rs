//! A link to a merchant or a network over `http://`.
//!
//! ## Why
//!
//! Browsers warn of such links, some block them, and what is sent over them can be read and changed on the way. The merchants of
//! affiliate programs all serve `https`.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](http://www.amazon.com/dp/B000000001?tag=mysite-20)
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
//! Links that are nobody's business: to sites that are no merchant of a program and hold no affiliate id.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::LinkKind;
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "insecure-scheme", level: Level::Warn, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("insecure_scheme.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.known_links() {
        let is_merchants = url.is_affiliate() || !url.candidates.is_empty();
        if !is_merchants || url.own_redirect || link.kind == LinkKind::Bare {
            continue;
        }
        let insecure = |url: &str| url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
        if insecure(page.address(index)) {
            let message = "a link to a merchant over `http://`";
            found.push(Found::new(link.destination.span, message).help("write `https://`"));
        } else if url.destination.as_deref().is_some_and(insecure) {
            let message = "a link that leads on to a merchant over `http://`";
            found.push(Found::new(link.destination.span, message).help("write `https://` in the destination, too"));
        }
    }
}
