//! A program requires a sentence, and the page does not have it.
//!
//! ## Why
//!
//! Amazon's operating agreement wants "As an Amazon Associate I earn from qualifying purchases." on the site, word for word but for
//! the subject. Source: affiliate-program.amazon.com/help/operating/agreement. Accounts have been closed over it.
//!
//! ## Bad
//!
//! ```markdown
//! *We earn a commission if you buy through links on this page.*
//!
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! *We earn a commission if you buy through links on this page.* As an Amazon Associate I earn from qualifying purchases.
//!
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Pages that hold the sentence anywhere, the footer included, in any of its languages and with any subject. Sources whose theme shows it
//! (`disclosure.statement: theme`): check the built pages instead.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks;
use crate::program::Credit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "missing-program-statement", level: Level::Error, options: &[] },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("missing_program_statement.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if page.theme_states() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for (_, link, url) in page.paid_links().filter(|(_, _, url)| matches!(url.credit, Credit::Own(_))) {
        for network in url.layers.iter().filter_map(|layer| networks::find(&layer.network)) {
            let english = network.statements.iter().find(|(language, _)| *language == "en");
            let Some((_, sentence)) = english.or(network.statements.first()) else { continue };
            let stands = page.disclosures.statements.iter().any(|statement| statement.network == network.id);
            if stands || told.contains(&network.id) {
                continue;
            }
            told.push(network.id);
            let message = format!("{} requires a sentence that this page does not have", network.name);
            let finding = Found::new(link.element, message).help(format!("add \"{sentence}\""));
            found.push(finding.fix(Fix::safe("insert the sentence", Remedy::Disclose)));
        }
    }
    // one more is worse than one
    let missing = u32::try_from(found.len()).map_or(f64::MAX, f64::from);
    for finding in found {
        finding.figure = Some(missing);
    }
}
