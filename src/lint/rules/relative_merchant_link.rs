//! A merchant's address without `https://`: it leads to a page of your own site that does not exist.
//!
//! ## Why
//!
//! Browsers read `www.shop.example/boots` in a link as a file beside the page. The reader gets an error, and the program no
//! click.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](www.amazon.com/dp/B000000001)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Not reported
//!
//! Relative links to files that only look like hosts (`guide.com.md`, `www.shop.example.html`, `v1.2/`).

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::LinkKind;
use crate::lint::{Fix, Remedy};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::UrlEdit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "relative-merchant-link", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("relative_merchant_link.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link) in page.document.links.iter().enumerate() {
        if matches!(link.kind, LinkKind::Bare | LinkKind::Autolink) || link.destination.value.contains("://") {
            continue;
        }
        let url = page.address(index);
        let host = url.split(['/', '?', '#']).next().unwrap_or_default();
        if !looks_like_host(host) {
            continue;
        }
        let absolute = format!("https://{url}");
        let known = page.map.look(&absolute, page.name).is_some_and(|url| url.unsafe_url.is_none());
        let www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        if known || www {
            let message = format!("`{host}` without `https://` leads to a page of your own site");
            let mut finding = Found::new(link.destination.span, message).help("write `https://` before it");
            if link.read_only.is_none() {
                let edits = vec![UrlEdit { range: 0..0, text: "https://".to_owned() }];
                finding = finding.fix(Fix::safe("add `https://`", Remedy::Url { link: index, edits }));
            }
            found.push(finding);
        }
    }
}

/// What names of files end in and names of hosts do not: `www.shop.example.html` is a saved page.
const FILES: [&str; 16] = [
    "html", "htm", "xhtml", "mdx", "markdown", "php", "asp", "aspx", "jsp", "pdf", "png", "jpg", "jpeg", "svg", "webp",
    "xml",
];

fn looks_like_host(text: &str) -> bool {
    let labels: Vec<_> = text.split('.').collect();
    let is_label =
        |label: &&str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let last = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && labels.iter().all(is_label)
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !FILES.iter().any(|end| last.eq_ignore_ascii_case(end))
}
