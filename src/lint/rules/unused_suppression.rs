//! A suppression that suppresses nothing.
//!
//! ## Why
//!
//! It hides the next finding, which may matter.
//!
//! ## Bad
//!
//! ```markdown
//! <!-- affilink-ignore-next-line foreign-affiliate-id -- guest post -->
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
//! Suppressions of rules that are off, or that do not run on this state of the page.

use crate::config::lint::{Level, RuleSetting, RuleSpec};

use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "unused-suppression", level: Level::Warn, options: &[] },
    stage: Stage::Site,
    of_page: false,
    source: include_str!("unused_suppression.rs"),
    check,
};

fn check(_: &Page<'_>, _: &RuleSetting, _: &mut Vec<Found>) {}
