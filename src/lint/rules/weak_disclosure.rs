//! The disclosure does not say what readers must know: that you are paid.
//!
//! ## Why
//!
//! "Affiliate links" alone, "may contain affiliate links" and "supports my blog" are wordings that the FTC and the ASA call unclear.
//! `disclosure.standard` chooses by whose measure: `ftc`, `asa` or `de`.
//!
//! ## Bad
//!
//! ```markdown
//! This post may contain affiliate links.
//!
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
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
//! Pages with one clear sentence before the first affiliate link, and languages of which no wordings are known. Never together with `missing-disclosure`.

use super::missing_disclosure::undisclosed;
use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::notice::{Found as Found_, Wording};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "weak-disclosure", level: Level::Warn, options: &[] },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("weak_disclosure.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if page.theme_discloses() || page.paid_links().next().is_none() || undisclosed(page).is_some() {
        return;
    }
    let seen = page.paid_links().find(|(_, link, _)| link.is_in_place());
    let first = seen.map_or(usize::MAX, |(_, link, _)| link.element.start);
    if page.disclosures.is_clear_before(first) {
        return;
    }
    let all = &page.disclosures.found;
    let is_weak = |notice: &&Found_| notice.wording == Wording::Weak || notice.hidden;
    let late = all.iter().any(|notice| !is_weak(&notice));
    // what is clear and comes late is another rule's, and so is what comes later
    if let Some(notice) = all.iter().find(is_weak).filter(|notice| !late || notice.span.start < first) {
        let message = if notice.wording == Wording::Clear {
            "this disclosure is hidden from some readers"
        } else {
            "this does not say clearly that you are paid"
        };
        found.push(
            Found::new(notice.span, message).help("write that you earn a commission if readers buy through the links"),
        );
    }
}
