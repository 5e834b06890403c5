//! An affiliate link on a page that never says so.
//!
//! ## Why
//!
//! The FTC (16 CFR 255.5), the ASA and the courts of Germany want readers told that a link is paid, on the page it stands on, before they
//! follow it. Programs close accounts over it.
//!
//! ## Bad
//!
//! ```markdown
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
//! Pages on which any sentence speaks of commissions, affiliate or paid links, however unclear (that is `weak-disclosure`), those with a
//! component that `disclosure.recognize` names, those that begin with a label, and those with a label beside every link. Sources whose theme shows the notice
//! (`disclosure.place: none`): check the built pages instead.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::Link;
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::notice::{Found as Notice, Kind};
use crate::source::Format;

/// As many bytes may stand between a label and the link that it is about.
const BESIDE: usize = 2;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "missing-disclosure", level: Level::Error, options: &[] },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("missing_disclosure.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if let Some(link) = undisclosed(page) {
        let finding = Found::new(link.element, "an affiliate link, and no disclosure on the page").help(
            "say before the first link that you earn a commission; `affilink build` puts `disclosure.text` there",
        );
        found.push(finding.fix(Fix::safe("insert the disclosure", Remedy::Disclose)));
    }
}

/// The first affiliate link that nothing on `page` speaks of.
pub(super) fn undisclosed<'p>(page: &Page<'p>) -> Option<&'p Link> {
    if page.theme_discloses() || !page.policy.enabled && page.format != Format::Html {
        return None;
    }
    let first = page.paid_links().next().map_or(0, |(_, link, _)| link.element.start);
    // a label that heads the page speaks of all of it, one at a link of that link
    let speaks = |notice: &Notice| notice.kind != Kind::Label || notice.span.end + BESIDE < first;
    if page.disclosures.found.iter().any(speaks) {
        return None;
    }
    let mut unlabelled = page.paid_links().filter(|(index, _, _)| !page.disclosures.is_labelled(page.document, *index));
    unlabelled.next().map(|(_, link, _)| link)
}
