//! A program of the configuration that no page has a use for.
//!
//! ## Why
//!
//! It may have been misspelt, or its merchant is no longer linked. Found in runs over the whole site only.
//!
//! ## Bad
//!
//! ```yaml
//! programs: {boots: {network: awin, awinmid: 1, awinaffid: 2, domains: [boots-without-links.example]}}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! programs: {boots: {network: awin, awinmid: 1, awinaffid: 2, domains: [shop.example]}}
//! ```
//!
//! ## Not reported
//!
//! Programs that are paused or have ended.

use crate::config::lint::{Level, RuleSetting, RuleSpec};

use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "unused-program", level: Level::Info, options: &[] },
    stage: Stage::Site,
    of_page: false,
    source: include_str!("unused_program.rs"),
    check,
};

fn check(_: &Page<'_>, _: &RuleSetting, _: &mut Vec<Found>) {}
