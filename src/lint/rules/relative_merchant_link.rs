//! A merchant's address without a whole `https://`: it leads to a page of your own site that does not exist.
//!
//! ## Why
//!
//! Browsers read `www.shop.example/boots` and `https:/www.shop.example/boots` in a link as a file of the site, and `htp://` as nothing. The reader gets an error, and the program no
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
//! Paths such as `/www.shop.example/boots` unless the host is a merchant's. Relative links to files that only look like hosts (`guide.com.md`, `www.shop.example.html`, `v1.2/`).

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
        if matches!(link.kind, LinkKind::Bare | LinkKind::Autolink) {
            continue;
        }
        let url = page.address(index);
        let Some(lead) = lead(url) else { continue };
        let rest = url.get(lead.len()..).unwrap_or_default();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !looks_like_host(host) {
            continue;
        }
        let absolute = format!("https://{rest}");
        let known = page.map.look(&absolute, page.name).is_some_and(|url| url.unsafe_url.is_none());
        let www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        // a folder may be called as a host is, for what was saved from there
        if known || www && !lead.starts_with(['/', '.']) {
            let (message, help) = if lead.is_empty() {
                (format!("`{host}` without `https://` leads to a page of your own site"), "write `https://` before it")
            } else {
                (
                    format!("`{lead}{host}` is not `https://{host}`, and leads nowhere"),
                    "write `https://` before the host",
                )
            };
            let mut finding = Found::new(link.destination.span, message).help(help);
            if link.read_only.is_none() {
                let edits = vec![UrlEdit { range: 0..lead.len(), text: "https://".to_owned() }];
                finding = finding.fix(Fix::safe("add `https://`", Remedy::Url { link: index, edits }));
            }
            found.push(finding);
        }
    }
}

/// What stands in `url` before what may be a host: nothing, what leads to a path of the site, or a scheme that is none. `None`
/// for a URL with a scheme.
fn lead(url: &str) -> Option<&str> {
    let end = url.find(|c: char| !matches!(c, '.' | '/')).unwrap_or(url.len());
    let path = &url[..end];
    if path.starts_with("//") {
        return None;
    }
    let is_web = |name: &str| ["http", "https"].iter().any(|scheme| name.eq_ignore_ascii_case(scheme));
    let word = url.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let rest = &url[word.len()..];
    let behind = rest.len() - rest.trim_start_matches([':', '/']).len();
    let marks = &rest[..behind];
    if word.is_empty() || marks.is_empty() || marks == "/" {
        return Some(if word.is_empty() { path } else { "" });
    }
    // browsers take more slashes for two
    let broken = if is_web(word) { !marks.starts_with("://") } else { marks.ends_with("//") && is_nearly_web(word) };
    if broken { Some(&url[..word.len() + behind]) } else { (!marks.starts_with(':')).then_some("") }
}

/// Whether `word` is `http` or `https` with a letter too few, too many or wrong.
fn is_nearly_web(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["http", "https"].iter().any(|scheme| {
        let same = scheme.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
        let alike = |skip: usize, other: usize| scheme.get(same + skip..) == word.get(same + other..);
        word != *scheme && (alike(1, 0) || alike(0, 1) || alike(1, 1))
    })
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
