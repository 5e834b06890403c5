//! A link that runs code, hides its host or reads as another one than it is.
//!
//! ## Why
//!
//! `javascript:` and `data:` links run what they hold; a user name before the host (`https://amazon.com@evil.example`), a
//! backslash, characters that cannot be seen and letters of another script make a link look as if it led somewhere else.
//! It is never part of a baseline.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](https://www.amazon.com@evil.example/dp/B000000001)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001)
//! ```
//!
//! ## Not reported
//!
//! `javascript:void(0)` and empty scripts, which themes put on buttons; hosts in one script other than Latin;
//! characters without width in links to the site's own files, whose names may hold them.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::UnsafeUrl;
use crate::program::url::{Split, unsafe_kind};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "unsafe-url", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("unsafe_url.rs"),
    check,
};

/// Schemes that run or show what the link itself holds.
const SCHEMES: [&str; 4] = ["javascript", "data", "vbscript", "file"];

/// Kinds of content that may run: of the rest, such as pictures and tables, nothing does.
const RUNNING: [&str; 4] = ["html", "xml", "svg", "script"];

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link) in page.document.links.iter().enumerate() {
        if let Some(what) = wrong(page.address(index)) {
            found.push(Found::new(link.destination.span, what).help("write the plain `https://` address of the page"));
        }
    }
}

fn wrong(url: &str) -> Option<String> {
    if let Some(scheme) = scheme(url) {
        let idle = match scheme.as_str() {
            "javascript" => is_idle(url),
            "data" => !is_running(url),
            _ => false,
        };
        return SCHEMES.contains(&scheme.as_str()).then(|| format!("a `{scheme}:` link")).filter(|_| !idle);
    }
    if is_led_by_backslash(url) {
        return Some(BACKSLASH.to_owned());
    }
    // names of the site's own files may hold what has no width; nobody is led elsewhere by them
    let is_host_given = Split::of(url).is_some_and(|split| !split.authority().is_empty());
    if let Some(hidden) = url.chars().find(|&c| is_hidden(c) || is_host_given && has_no_width(c)) {
        return Some(format!("the URL holds a character that cannot be seen, U+{:04X}", u32::from(hidden)));
    }
    // browsers leave these out, people and other programs do not
    if is_host_given && url.contains(['\t', '\n', '\r']) {
        return Some("a line break or a tab in the URL, which browsers leave out".to_owned());
    }
    let split = Split::of(url);
    let host = split.as_ref().map_or("", |split| split.authority());
    if host.contains('\u{ad}') {
        return Some("the host holds a character that cannot be seen, U+00AD".to_owned());
    }
    match unsafe_kind(url) {
        Some(UnsafeUrl::Userinfo) => {
            Some("a user name stands before the host: the link leads behind the `@`".to_owned())
        }
        Some(UnsafeUrl::Backslash) => Some(BACKSLASH.to_owned()),
        _ => mixed_host(url).map(|host| format!("the host `{host}` mixes letters of several scripts")),
    }
}

const BACKSLASH: &str = "a backslash in the URL, which browsers take for a slash";

/// Whether browsers take a backslash for one of the slashes before a host: `https:\\host`, `/\host`.
fn is_led_by_backslash(url: &str) -> bool {
    let web = |scheme: &str| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let rest = url.split_once(':').filter(|(scheme, _)| web(scheme)).map_or(url, |(_, rest)| rest);
    rest.get(..2).is_some_and(|lead| lead.chars().all(|c| matches!(c, '/' | '\\')) && lead.contains('\\'))
}

/// The scheme of a URL that is neither http nor https, in lower case.
fn scheme(url: &str) -> Option<String> {
    // browsers pass over these wherever they stand
    let bare: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).take(32).collect();
    let (scheme, _) = bare.trim_start_matches(|c: char| c <= ' ').split_once(':')?;
    let valid = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let scheme = scheme.to_ascii_lowercase();
    (valid && scheme != "http" && scheme != "https").then_some(scheme)
}

/// Whether a `data:` URL holds what may run, by its media type (RFC 2397).
fn is_running(url: &str) -> bool {
    let kind: String = url.chars().filter(|c| !c.is_whitespace()).take_while(|c| !matches!(c, ',' | ';')).collect();
    let kind = kind.to_ascii_lowercase();
    RUNNING.iter().any(|running| kind.contains(running))
}

fn is_idle(url: &str) -> bool {
    let script: String = url.chars().filter(|c| !c.is_whitespace()).collect();
    let script = script.split_once(':').map_or("", |(_, script)| script);
    let script = script.trim_end_matches(';');
    script.is_empty()
        || ["void(0)", "void0", "void(null)", "//", "#", "returnfalse"].contains(&script.to_ascii_lowercase().as_str())
}

/// Control and direction characters; white space apart, which is only sloppy.
fn is_hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// Characters that take no room.
fn has_no_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The host, if one of its labels mixes Latin letters with those that look like them.
fn mixed_host(url: &str) -> Option<String> {
    let split = Split::of(url)?;
    let authority = split.authority();
    if authority.is_ascii() && !authority.to_ascii_lowercase().contains("xn--") {
        return None;
    }
    let parsed = ::url::Url::parse(&split.absolute()).ok()?;
    let host = ::url::quirks::domain_to_unicode(parsed.host_str()?);
    host.split('.').any(is_mixed).then_some(host)
}

fn is_mixed(label: &str) -> bool {
    let latin = label.chars().any(|c| c.is_ascii_alphabetic());
    let alike = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{530}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}');
    let others: Vec<char> = label.chars().filter(|&c| alike(c)).collect();
    latin && !others.is_empty()
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn what_misleads_is_told_from_what_is_odd() {
        for (url, bad) in [
            ("javascript:alert(1)", true),
            (" java\tscript:alert(1)", true),
            ("JavaScript:void(0);", false),
            ("javascript:;", false),
            ("data:text/html,<b>x", true),
            ("data:image/svg+xml;base64,PHN2", true),
            ("DATA:application/xhtml+xml,x", true),
            ("data:image/png;base64,iVBORw0KGgo", false),
            ("data:text/csv,a", false),
            ("data:,plain", false),
            ("https://www.ama\tzon.com/dp/B0", true),
            ("https://www.ama\u{ad}zon.com/dp/B0", true),
            ("https://shop.example/soft\u{ad}hyphen", false),
            ("https://shop.example/a\tb", true),
            ("vbscript:x", true),
            ("file:///etc/passwd", true),
            ("mailto:a@b.example", false),
            ("tel:+4912345", false),
            ("https://amazon.com@evil.example/", true),
            ("https://www.amazon.com\\@evil.example", true),
            ("https:\\\\www.amazon.com\\dp", true),
            ("/\\evil.example/", true),
            ("\\\\evil.example/", true),
            ("docs\\page.md", false),
            ("https://www.\u{430}mazon.com/dp/B0", true),
            ("https://www.xn--mazon-3ve.com/", true),
            ("https://\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}/", false),
            ("https://b\u{fc}cher.example/", false),
            ("https://shop.example/a\u{202e}b", true),
            ("https://shop.example/a\u{200b}b", true),
            ("//sh\u{200b}op.example/", true),
            ("guides/learn-\u{200b}random.md", false),
            ("guides/learn-\u{202e}random.md", true),
            ("https://shop.example/a b", false),
            ("/plain", false),
            ("#top", false),
            ("", false),
            ("C:/file", false),
        ] {
            assert_eq!(wrong(url).is_some(), bad, "{url}");
        }
    }
}
