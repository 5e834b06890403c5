//! An own link of a program that ends within a month.
//!
//! ## Why
//!
//! When it has ended, the link earns nothing: time to look for another program for the merchant.
//!
//! ## Bad
//!
//! ```markdown
//! [boots](https://ending.example/c?u=https%3A%2F%2Fsoon.example%2Fboots)
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
//! Programs that have ended: those are `ended-program`.

use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::{Credit, Status};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "ending-program",
        level: Level::Warn,
        options: &[OptionSpec {
            name: "days",
            default: OptionDefault::Number(30.0),
            meaning: "How many days before its end a program is reported.",
        }],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("ending_program.rs"),
    check,
};

fn check(page: &Page<'_>, setting: &RuleSetting, found: &mut Vec<Found>) {
    for (_, link, url) in page.affiliate_links() {
        let Credit::Own(program) = url.credit else { continue };
        let Some(program) = page.map.programs().get(program) else { continue };
        let Some(ends) = program.ends else { continue };
        let left = ends.days() - page.date.days();
        let soon = usize::try_from(left).is_ok_and(|left| !setting.exceeded_by(0, left));
        if !soon || program.status == Status::Ended {
            continue;
        }
        let message = format!("a link of your program `{}`, which ends on {ends}", program.name);
        found.push(Found::new(link.destination.span, message).help("look for another program for this merchant"));
    }
}
