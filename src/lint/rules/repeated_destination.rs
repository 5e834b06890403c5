//! One page of a merchant is linked again and again.
//!
//! ## Why
//!
//! Once a section is enough for everybody who wants to follow it. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! The [kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20) is good. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Buy the [kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! The [kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20) is good. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Buy it.
//! ```
//!
//! ## Not reported
//!
//! Buttons, linked images and links in shortcodes; up to three links on the page if they stand in different sections.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "repeated-destination",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "section",
                default: OptionDefault::Number(1.0),
                meaning: "How often one destination may be linked in a section.",
            },
            OptionSpec { name: "page", default: OptionDefault::Number(3.0), meaning: "How often on the page." },
        ],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("repeated_destination.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::RepeatedDestination, found);
}
