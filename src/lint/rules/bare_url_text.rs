//! An affiliate link whose visible text is a long URL.
//!
//! ## Why
//!
//! Nobody reads `https://www.amazon.com/dp/B000000001?tag=...`, and people who listen to the page hear every character of it.
//!
//! ## Bad
//!
//! ```markdown
//! [https://www.amazon.com/dp/B000000001?tag=mysite-20](https://www.amazon.com/dp/B000000001?tag=mysite-20)
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
//! Autolinks and bare URLs, whose text is the address by their nature; short addresses such as `amazon.com`.

use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::document::LinkKind;
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "bare-url-text",
        level: Level::Warn,
        options: &[OptionSpec {
            name: "characters",
            default: OptionDefault::Number(40.0),
            meaning: "How long the text may be.",
        }],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("bare_url_text.rs"),
    check,
};

fn check(page: &Page<'_>, setting: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, _) in page.affiliate_links() {
        if link.kind.is_value() || matches!(link.kind, LinkKind::Bare | LinkKind::Autolink) {
            continue;
        }
        let words = page.link_text(link);
        let text = words.trim();
        let starts = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
        let names_host = || page.host(index).is_some_and(|host| starts(&format!("{}/", bare_host(&host))));
        let is_url = !text.contains(char::is_whitespace)
            && (starts("http://") || starts("https://") || starts("www.") || names_host());
        if is_url && setting.exceeded_by(0, text.chars().count()) {
            found.push(Found::new(link.text, "the text of this link is a URL").help("name the product instead"));
        }
    }
}

/// `host` as people write it.
fn bare_host(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}
