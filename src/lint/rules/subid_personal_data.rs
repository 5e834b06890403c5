//! An e-mail address, a phone number or an IP address in a sub-ID.
//!
//! ## Why
//!
//! Sub-IDs go to the network and its advertisers with each click. Personal data in them breaks the networks' terms and, in
//! Europe, the law.
//!
//! ## Bad
//!
//! ```html
//! <a href="https://www.awin1.com/cread.php?awinmid=1&amp;awinaffid=2&amp;clickref=jane%40example.org&amp;ued=https%3A%2F%2Fshop.example%2F" rel="sponsored">boots</a>
//! ```
//!
//! ## Good
//!
//! ```html
//! <a href="https://www.awin1.com/cread.php?awinmid=1&amp;awinaffid=2&amp;clickref=reviews-boots&amp;ued=https%3A%2F%2Fshop.example%2F" rel="sponsored">boots</a>
//! ```
//!
//! ## Not reported
//!
//! Numbers of fewer than nine digits, dates, and versions such as `1.2.3`.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::text::is_subid;
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "subid-personal-data", level: Level::Error, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("subid_personal_data.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.affiliate_links() {
        let known = url.layers.iter().filter_map(|layer| layer.subid.as_deref()).map(Cow::Borrowed);
        let personal = |subid: Cow<'_, str>| personal(&subid).map(|what| (subid.into_owned(), what));
        if let Some((subid, what)) = known.chain(others(page.address(index))).find_map(personal) {
            let message = format!("the sub-ID `{subid}` holds {what}");
            let help = "use a token that names the page, such as `{page}`";
            found.push(Found::new(link.destination.span, message).help(help));
        }
    }
}

/// The values of parameters of `url` that networks use for sub-IDs: most know several.
fn others(url: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let query = url.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    let pairs = ::url::form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(name, _)| is_subid(&name.to_ascii_lowercase())).map(|(_, value)| value)
}

/// What of a person `subid` holds, itself or once decoded more: a link inside a link is encoded again.
fn personal(subid: &str) -> Option<&'static str> {
    let mut subid = Cow::Borrowed(subid);
    for _ in 0..3 {
        if let Some(what) = plainly_personal(&subid) {
            return Some(what);
        }
        let decoded = percent_encoding::percent_decode_str(&subid).decode_utf8_lossy().into_owned();
        if decoded == *subid {
            break;
        }
        subid = Cow::Owned(decoded);
    }
    None
}

fn plainly_personal(subid: &str) -> Option<&'static str> {
    let is_mail = subid.split(|c: char| c.is_whitespace() || ",;|".contains(c)).any(|word| {
        word.split_once('@').is_some_and(|(name, host)| {
            let host_is_one = host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.len() >= 2);
            !name.is_empty() && host_is_one && host.chars().all(|c| c.is_alphanumeric() || ".-".contains(c))
        })
    });
    if is_mail {
        return Some("an e-mail address");
    }
    let is_v6 = |word: &str| word.matches(':').count() > 2 && word.parse::<Ipv6Addr>().is_ok();
    if subid.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(is_ip)
        || subid.split(|c: char| !(c.is_ascii_hexdigit() || c == ':')).any(is_v6)
    {
        return Some("an IP address");
    }
    is_phone(subid).then_some("a phone number")
}

fn is_ip(word: &str) -> bool {
    let parts: Vec<_> = word.split('.').collect();
    // a version has four parts as well, but seldom this large ones
    let all = parts.iter().all(|part| part.len() <= 3 && part.parse::<u8>().is_ok());
    parts.len() == 4 && all && parts.iter().any(|part| part.len() == 3)
}

/// Nine digits or more that are written as phone numbers are: with a plus before them, with gaps between them, or three,
/// three and four as in North America.
fn is_phone(subid: &str) -> bool {
    let digits = subid.bytes().filter(u8::is_ascii_digit).count();
    let gaps = subid.bytes().filter(|byte| b" ()".contains(byte)).count();
    let only = subid.bytes().all(|byte| byte.is_ascii_digit() || b"+-() .".contains(&byte));
    if only && (9..=15).contains(&digits) && (subid.starts_with("00") && !subid.contains('.') || gaps > 1) {
        return true;
    }
    // a query's `+` is a space
    let lost = subid.strip_prefix(' ').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let leads = |at: usize| subid[..at].is_empty() || subid[..at].ends_with(|c: char| " :=,;|(".contains(c));
    let behind_plus = subid.match_indices('+').filter(|(at, _)| leads(*at));
    let mut numbers = behind_plus.map(|(at, _)| &subid[at + 1..]).chain(lost);
    numbers.any(is_international) || subid.split(|c: char| c.is_whitespace() || ",;|:".contains(c)).any(is_american)
}

/// Whether `text` begins with the digits of a number with its country.
fn is_international(text: &str) -> bool {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "-() ".contains(c))).unwrap_or(text.len());
    let digits = text[..end].bytes().filter(u8::is_ascii_digit).count();
    let goes_on = text[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
    (9..=15).contains(&digits) && !goes_on
}

fn is_american(word: &str) -> bool {
    let word = word.strip_prefix("1-").or(word.strip_prefix("1.")).unwrap_or(word);
    let parts: Vec<&str> = word.split(['-', '.']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    // nobody's tokens are written so, and people write numbers that no exchange has
    lengths == [3, 3, 4] && digits && !parts[0].starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::personal;

    #[test]
    fn people_are_told_from_tokens() {
        for (subid, expected) in [
            ("jane@example.org", Some("an e-mail address")),
            ("mail:jane@x.co", Some("an e-mail address")),
            ("192.168.10.1", Some("an IP address")),
            ("2001:db8:85a3::8a2e:370:7334", Some("an IP address")),
            ("12:30:45", None),
            ("std::vec", None),
            ("+49 30 1234567", Some("a phone number")),
            ("(030) 123 4567 89", Some("a phone number")),
            ("jane%40example.org", Some("an e-mail address")),
            ("jane%2540example.org", Some("an e-mail address")),
            ("tel:+4915112345678", Some("a phone number")),
            ("call +49-151-1234-5678", Some("a phone number")),
            (" 4915112345678", Some("a phone number")),
            ("C++11-2026123456", None),
            ("1+123456789x", None),
            ("123-456-7890", Some("a phone number")),
            ("555-123-4567", Some("a phone number")),
            ("1-800-555-0199", Some("a phone number")),
            ("012-345-6789", None),
            ("555-223-4567", Some("a phone number")),
            ("2026-11-26-0830", None),
            ("post-2026-1234567", None),
            ("100%", None),
            ("post-142", None),
            ("2026-01-31", None),
            ("1.2.3.4", None),
            ("1609683147", None),
            ("user@", None),
            ("a@b", None),
            ("[t|comment[p|1690302406[a|B000", None),
            ("", None),
        ] {
            assert_eq!(personal(subid), expected, "{subid}");
        }
    }
}
