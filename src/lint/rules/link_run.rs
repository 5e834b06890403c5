//! Several sentences running with an affiliate link each.
//!
//! ## Why
//!
//! Three sentences running with a paid link each read as an advertisement. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! The [first kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20) is good. The [second kettle](https://www.amazon.com/dp/B000000002?tag=mysite-20) is better.
//!
//! The [third kettle](https://www.amazon.com/dp/B000000003?tag=mysite-20) is best. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear. Water at the right heat makes the difference between a cup that is bitter and one that is sweet and clear.
//!
//! The [first kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20) is good. The second is better. The [third](https://www.amazon.com/dp/B000000003?tag=mysite-20) is best.
//! ```
//!
//! ## Not reported
//!
//! Roundups, lists and tables.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "link-run",
        level: Level::Warn,
        options: &[OptionSpec {
            name: "sentences",
            default: OptionDefault::Number(3.0),
            meaning: "So many sentences running are too many.",
        }],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("link_run.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::LinkRun, found);
}
