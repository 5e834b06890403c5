//! A disclosure on a page without affiliate links.
//!
//! ## Why
//!
//! Readers who see it everywhere stop reading it. Off by default: no rule forbids it.
//!
//! ## Bad
//!
//! ```markdown
//! *We earn a commission if you buy through links on this page.*
//!
//! We use a kettle.
//! ```
//!
//! ## Good
//!
//! ```markdown
//! We use a kettle.
//! ```
//!
//! ## Not reported
//!
//! Pages with an affiliate link anywhere, front matter and shortcodes included.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::notice::Kind;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "needless-disclosure", level: Level::Off, options: &[] },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("needless_disclosure.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if page.affiliate_links().next().is_some() {
        return;
    }
    if let Some(notice) = page.disclosures.found.iter().find(|notice| notice.in_content && notice.kind != Kind::Label) {
        found.push(Found::new(notice.span, "a disclosure on a page without affiliate links").help("take it out"));
    }
}
