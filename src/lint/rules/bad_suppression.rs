//! A suppression of a rule that does not exist, one that ends nowhere, and a comment that is nearly `affilink-off` or another
//! of affilink's.
//!
//! ## Why
//!
//! A typing mistake must neither hide what should be seen nor show what was meant to be hidden.
//!
//! ## Bad
//!
//! ```markdown
//! <!-- affilink-ignore-next-line foreign-afiliate-id -- guest post -->
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Comments of other tools.

use crate::config::lint::{Level, RuleSetting, RuleSpec};

use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "bad-suppression", level: Level::Error, options: &[] },
    stage: Stage::Site,
    of_page: false,
    source: include_str!("bad_suppression.rs"),
    check,
};

fn check(_: &Page<'_>, _: &RuleSetting, _: &mut Vec<Found>) {}
