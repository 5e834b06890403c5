//! An affiliate link that tells search engines nothing.
//!
//! ## Why
//!
//! Google asks that affiliate links carry `rel="sponsored"`, whether they were made by hand or by a program; `nofollow` is
//! accepted. A site that does not mark them risks being taken for one that sells links.
//! Source: developers.google.com, "Qualify your outbound links to Google".
//!
//! ## Bad
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001?tag=mysite-20">a kettle</a>
//! ```
//!
//! ## Good
//!
//! ```html
//! <a href="https://www.amazon.com/dp/B000000001?tag=mysite-20" rel="sponsored">a kettle</a>
//! ```
//!
//! ## Not reported
//!
//! Links in front matter, shortcodes and components, whose attributes the theme writes, and Markdown links where the site's
//! Markdown has no place for attributes.

use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::document::{AttributeSyntax, Link};
use crate::lint::{Fix, Found, Page, Remedy, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "missing-rel",
        level: Level::Error,
        options: &[OptionSpec {
            name: "require",
            default: OptionDefault::Choice(&["any", "all"]),
            meaning: "`any`: `sponsored` or `nofollow`; `all`: every token of `links.rel`.",
        }],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("missing_rel.rs"),
    check,
};

fn check(page: &Page<'_>, setting: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, _) in page.affiliate_links() {
        if !has_place(link) {
            continue;
        }
        let tokens: Vec<&str> = rel(link).split(|c: char| c.is_ascii_whitespace() || c == ',').collect();
        let has = |token: &str| tokens.iter().any(|found| found.eq_ignore_ascii_case(token));
        let missing: Vec<&str> = match setting.choice(0) {
            "all" => page.policy.rel.iter().map(String::as_str).filter(|token| !has(token)).collect(),
            _ if has("sponsored") || has("nofollow") => Vec::new(),
            _ => vec!["sponsored"],
        };
        if !missing.is_empty() {
            let message = format!("an affiliate link without `rel=\"{}\"`", missing.join(" "));
            let what = format!("add `{}` to its `rel`", missing.join(" "));
            let finding = Found::new(link.element, message).help(what.clone());
            found.push(finding.fix(Fix::safe(what, Remedy::Rel { link: index })));
        }
    }
}

/// Whether the link is written in a way that has attributes.
fn has_place(link: &Link) -> bool {
    link.attributes.as_ref().is_some_and(|attributes| attributes.syntax == AttributeSyntax::Tag)
}

fn rel(link: &Link) -> &str {
    let rel = link.attributes.as_ref().and_then(|attributes| attributes.rel.as_ref());
    rel.map_or("", crate::document::Attribute::text)
}
