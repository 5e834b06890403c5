//! More affiliate links in a paragraph, a list item or a table row than readers follow.
//!
//! ## Why
//!
//! The comment filters of the web hold back what has more than two links, and readers do as well. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [one](https://www.amazon.com/dp/B000000001?tag=mysite-20), Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [two](https://www.amazon.com/dp/B000000002?tag=mysite-20) and Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [three](https://www.amazon.com/dp/B000000003?tag=mysite-20).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [one](https://www.amazon.com/dp/B000000001?tag=mysite-20) and Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [two](https://www.amazon.com/dp/B000000002?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Up to 4 in a table row; buttons and linked images.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "paragraph-overload",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "paragraph",
                default: OptionDefault::Number(2.0),
                meaning: "Affiliate links of a paragraph or list item.",
            },
            OptionSpec { name: "row", default: OptionDefault::Number(4.0), meaning: "Affiliate links of a table row." },
        ],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("paragraph_overload.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::ParagraphOverload, found);
}
