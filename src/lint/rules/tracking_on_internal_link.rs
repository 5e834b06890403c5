//! Campaign parameters on a link within the site.
//!
//! ## Why
//!
//! `utm_source` and its like on internal links begin a new visit in most analytics tools: the real source of the visitor is lost.
//! Sub-IDs there tell no network anything.
//! Source: support.google.com/analytics, "Best practices for collecting campaign data".
//!
//! ## Bad
//!
//! ```markdown
//! [the guide](/guide/?utm_source=home)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [the guide](/guide/)
//! ```
//!
//! ## Not reported
//!
//! Links to other hosts, `www.` of the own host apart, and parameters that only look alike.

use crate::config::lint::{Level, RuleSetting, RuleSpec};

use crate::lint::text::is_subid;
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "tracking-on-internal-link", level: Level::Warn, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("tracking_on_internal_link.rs"),
    check,
};

/// Parameters that say where a visitor comes from.
const TRACKING: [&str; 14] = [
    "gclid",
    "fbclid",
    "msclkid",
    "dclid",
    "gbraid",
    "wbraid",
    "ttclid",
    "twclid",
    "yclid",
    "mc_cid",
    "mc_eid",
    "awc",
    "cjevent",
    "irclickid",
];

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link) in page.document.links.iter().enumerate() {
        let url = page.address(index);
        let Some((_, query)) = url.split_once('?') else { continue };
        if !page.is_internal(index) {
            continue;
        }
        let query = query.split('#').next().unwrap_or_default();
        let names = query.split('&').filter_map(|pair| pair.split('=').next());
        let tracking = |name: &&str| {
            let lower = name.trim_start_matches("amp;").to_ascii_lowercase();
            lower.starts_with("utm_") || TRACKING.contains(&lower.as_str()) || is_subid(&lower)
        };
        if let Some(name) = names.into_iter().find(tracking) {
            let message = format!("`{}` on a link within the site", name.trim_start_matches("amp;"));
            found.push(Found::new(link.destination.span, message).help("take the parameter out"));
        }
    }
}
