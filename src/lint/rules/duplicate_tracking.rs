//! The same tracking parameter twice, or a link wrapped twice in the same program.
//!
//! ## Why
//!
//! Networks read one of the two, and nobody says which: the click may be another's, or nobody's.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20&tag=mysite-20)
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
//! Parameters of the merchant that stand twice and track nothing (`size=1&size=2`).

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::Layer;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "duplicate-tracking", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("duplicate_tracking.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.affiliate_links() {
        let address = page.address(index);
        if let Some(twice) = page.map.repeated(address).into_iter().next() {
            let message = format!("the parameter `{}` stands twice", twice.name);
            let mut finding = Found::new(link.destination.span, message).help("keep one of them");
            if twice.equal && link.read_only.is_none() {
                let what = format!("take the second `{}` out", twice.name);
                finding = finding.fix(Fix::safe(what, Remedy::Url { link: index, edits: twice.edits }));
            }
            found.push(finding);
            continue;
        }
        // a form of the user's own names no publisher
        let is_form =
            |name: &str| page.map.programs().iter().any(|program| program.network.is_none() && program.name == name);
        let credits = |layer: &Layer| layer.publisher.is_some() || is_form(&layer.network);
        let wrappers = || url.layers.iter().filter(|layer| layer.destination.is_some() && credits(layer));
        let twice = wrappers().enumerate().find(|(at, layer)| {
            let same = |other: &&Layer| other.network == layer.network && other.publisher == layer.publisher;
            wrappers().take(*at).any(|other| same(&other))
        });
        if let Some((_, layer)) = twice {
            let message = format!("a link of `{}` inside a link of `{0}`", layer.network);
            found.push(Found::new(link.destination.span, message).help("keep the inner one"));
        }
    }
}
