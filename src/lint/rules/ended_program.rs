//! An own link of a program that has ended.
//!
//! ## Why
//!
//! It earns nothing, and many networks send readers of ended programs to a page of their own, or to none.
//!
//! ## Bad
//!
//! ```markdown
//! [boots](https://ended.example/c?u=https%3A%2F%2Fgone.example%2Fboots)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [boots](https://gone.example/boots)
//! ```
//!
//! ## Not reported
//!
//! Programs that are paused. Programs that end soon are `ending-program`.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::{Credit, OwnState};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "ended-program", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("ended_program.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.affiliate_links() {
        let own = match url.credit {
            Credit::Own(program) if url.own_state == OwnState::Ended => Some(program),
            _ => None,
        };
        let outer = || url.outer.iter().find(|layer| layer.state == OwnState::Ended).map(|layer| layer.program);
        let Some(program) = own.or_else(outer).and_then(|index| page.map.programs().get(index)) else { continue };
        let when = program.ends.map_or(String::new(), |day| format!(" on {day}"));
        let message = format!("a link of your program `{}`, which has ended{when}", program.name);
        let mut finding = Found::new(link.destination.span, message)
            .help("`affilink build` puts another program's link or the plain one in its place");
        let leads_on = url.winner().is_some() || page.map.clean(page.address(index), url).is_some();
        if link.read_only.is_none() && (own.is_none() || leads_on) {
            finding = finding.fix(Fix::unsafe_("take the program out of it", Remedy::Rewrite { link: index }));
        }
        found.push(finding);
    }
}
