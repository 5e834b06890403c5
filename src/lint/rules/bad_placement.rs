//! An affiliate link in a heading, a `summary`, a caption or the first words of a page.
//!
//! ## Why
//!
//! Headings go into tables of contents and search results, and the first words decide whether readers stay. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! ## [The best kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! ## The best kettle
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [It](https://www.amazon.com/dp/B000000001?tag=mysite-20) is good.
//! ```
//!
//! ## Not reported
//!
//! The first words of pages with at most 150; values of front matter and shortcodes.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "bad-placement",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "first_words",
                default: OptionDefault::Number(50.0),
                meaning: "No affiliate link in the first so many words ...",
            },
            OptionSpec {
                name: "words",
                default: OptionDefault::Number(150.0),
                meaning: "... of pages with more than so many.",
            },
        ],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("bad_placement.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::BadPlacement, found);
}
