//! More affiliate links than the text can carry.
//!
//! ## Why
//!
//! Readers of a page with a paid link in every other sentence look for the sentences that are left. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [kettle 0](https://www.amazon.com/dp/B000000000?tag=mysite-20) Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [kettle 1](https://www.amazon.com/dp/B000000001?tag=mysite-20) Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [kettle 2](https://www.amazon.com/dp/B000000002?tag=mysite-20) Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [kettle 3](https://www.amazon.com/dp/B000000003?tag=mysite-20) Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [kettle 4](https://www.amazon.com/dp/B000000004?tag=mysite-20) Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//! ```
//!
//! ## Not reported
//!
//! Pages with at most 150 words and 3 affiliate links; links in navigation, front matter and shortcodes. A roundup (`kind: roundup`, or more
//! than half of its affiliate links in list items, table rows or cards) may hold three times as many.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "link-density",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "per_1000_words",
                default: OptionDefault::Number(10.0),
                meaning: "Affiliate links per 1,000 words.",
            },
            OptionSpec {
                name: "words",
                default: OptionDefault::Number(150.0),
                meaning: "Pages with at most so many words are left alone ...",
            },
            OptionSpec {
                name: "links",
                default: OptionDefault::Number(3.0),
                meaning: "... if they hold at most so many affiliate links.",
            },
        ],
    },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("link_density.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::LinkDensity, found);
}
