//! Too much of the text is text of affiliate links.
//!
//! ## Why
//!
//! Text that is mostly link is taken for navigation: jusText drops blocks over a fifth, Readability over a half. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! [Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. ](https://www.amazon.com/dp/B000000001?tag=mysite-20) is what to buy.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! Buy [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20), which is what everybody here does in the morning before work.
//! ```
//!
//! ## Not reported
//!
//! Pages with at most 150 words, paragraphs with at most 80 characters, roundups.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "link-text-ratio",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "page",
                default: OptionDefault::Number(0.2),
                meaning: "The share of the page's characters.",
            },
            OptionSpec {
                name: "words",
                default: OptionDefault::Number(150.0),
                meaning: "Pages with at most so many words are left alone.",
            },
            OptionSpec {
                name: "paragraph",
                default: OptionDefault::Number(0.5),
                meaning: "The share of a paragraph's characters.",
            },
            OptionSpec {
                name: "characters",
                default: OptionDefault::Number(80.0),
                meaning: "Paragraphs with at most so many characters are left alone.",
            },
        ],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("link_text_ratio.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::LinkTextRatio, found);
}
