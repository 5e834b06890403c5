//! The disclosure stands after the first affiliate link.
//!
//! ## Why
//!
//! Readers must know before they follow a link that it is paid. Source: FTC, "Disclosures 101" and the FAQ on the Endorsement
//! Guides: a disclosure belongs where it cannot be missed, not at the end.
//!
//! ## Bad
//!
//! ```markdown
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//!
//! *We earn a commission if you buy through links on this page.*
//! ```
//!
//! ## Good
//!
//! ```markdown
//! *We earn a commission if you buy through links on this page.*
//!
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Pages on which every link before the disclosure carries a label such as "(paid link)".

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::notice::Kind;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "late-disclosure", level: Level::Error, options: &[] },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("late_disclosure.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if page.theme_discloses() {
        return;
    }
    let seen = page.disclosures.found.iter().filter(|notice| notice.kind != Kind::Label && !notice.is_statement);
    let mut seen: Vec<_> = seen.filter(|notice| !notice.hidden).collect();
    if seen.is_empty() {
        // a sentence that a program requires is better than none
        seen = page.disclosures.found.iter().filter(|notice| notice.kind != Kind::Label && !notice.hidden).collect();
    }
    let Some(notice) = seen.first() else { return };
    let early = page.paid_links().filter(|(_, link, _)| !link.kind.is_value());
    let mut early = early.filter(|(_, link, _)| link.element.start < notice.span.start);
    let late = early.find(|(index, _, _)| !page.disclosures.is_labelled(page.document, *index));
    if late.is_some() {
        let finding = Found::new(notice.span, "the disclosure stands after the first affiliate link");
        found.push(finding.help("move it before the first link"));
    }
}
