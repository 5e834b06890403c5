//! One page of a merchant is linked through several programs.
//!
//! ## Why
//!
//! Only one of them can pay for a sale, and which one is chance. Off by default: comparisons of shops do it on purpose.
//!
//! ## Bad
//!
//! ```markdown
//! [boots](https://track.example/c?u=https%3A%2F%2Fshop.example%2Fboots) and [boots](https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued=https%3A%2F%2Fshop.example%2Fboots)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [boots](https://track.example/c?u=https%3A%2F%2Fshop.example%2Fboots)
//! ```
//!
//! ## Not reported
//!
//! Links of partners and of others.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::Credit;
use std::collections::BTreeMap;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "competing-programs", level: Level::Off, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("competing_programs.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, link, url) in page.affiliate_links() {
        let (Credit::Own(program), Some(destination)) = (&url.credit, url.destination.as_deref()) else { continue };
        let known = *first.entry(destination).or_insert(*program);
        if known != *program {
            let name = |index: usize| page.map.programs().get(index).map_or("", |program| program.name.as_str());
            let message = format!("this page is linked through `{}` and through `{}`", name(known), name(*program));
            found.push(Found::new(link.destination.span, message).help("keep the program that pays more"));
        }
    }
}
