//! The catalog's values as words.

use super::sample::sample;
use crate::networks::template::{Dialect, Template};
use crate::networks::{Chars, Charset, Confidence, Constructible, Id, Kind, Network, window};

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Append => "append",
        Kind::Redirect => "redirect",
        Kind::Path => "path",
        Kind::HostSwap => "host-swap",
        Kind::Opaque => "opaque",
    }
}

pub(super) fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Append => "parameters on the merchant's own URL",
        Kind::Redirect => "a redirect with the destination in a parameter",
        Kind::Path => "a redirect with the ids in its path",
        Kind::HostSwap => "the merchant's URL on another host",
        Kind::Opaque => "a token that says neither whom it credits nor where it leads",
    }
}

pub(super) fn constructible(constructible: Constructible) -> &'static str {
    match constructible {
        Constructible::FromIds => "from-ids",
        Constructible::FromBaseLink => "from-base-link",
        Constructible::NotDeeplinkable => "not-deeplinkable",
        Constructible::Retired => "retired",
    }
}

/// In a table's cell.
pub(super) fn links_to(network: &'static Network) -> &'static str {
    match network.constructible {
        _ if none_are_made(network) => "what each link says: recognised, not made",
        Constructible::FromIds => "any page",
        Constructible::FromBaseLink => "any page, with a link copied from the network",
        Constructible::NotDeeplinkable => "fixed pages only: recognised, not made",
        Constructible::Retired => "nothing any more: recognised, not made",
    }
}

/// Whether nobody knows how its links are written, though nothing else forbids to make them.
fn none_are_made(network: &'static Network) -> bool {
    match network.constructible {
        Constructible::FromIds | Constructible::FromBaseLink => {
            sample(network).and_then(|sample| sample.link).is_none()
        }
        Constructible::NotDeeplinkable | Constructible::Retired => false,
    }
}

pub(super) fn constructible_text(network: &'static Network) -> &'static str {
    match network.constructible {
        _ if none_are_made(network) => "what each link says: links are recognised, none are made",
        Constructible::FromIds => "any page of the merchant, made from your ids",
        Constructible::FromBaseLink => "any page of the merchant, made from a link that you copy from the network once",
        Constructible::NotDeeplinkable => "one fixed page per link: links are recognised, none are made",
        Constructible::Retired => "nothing any more: links are recognised, none are made",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Verified => "verified",
        Confidence::Wild => "wild",
        Confidence::Secondary => "secondary",
        Confidence::WellKnownNotFound => "well-known-not-found",
    }
}

fn confidence_text(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Verified => "read in the vendor's own documentation",
        Confidence::Wild => "read in independent links or filter lists, not in the vendor's documentation",
        Confidence::Secondary => "read in third-party text or one code base",
        Confidence::WellKnownNotFound => "commonly known; nothing was found that proves it",
    }
}

pub(super) fn charset(charset: Charset) -> &'static str {
    match charset {
        Charset::Unknown => "unknown",
        Charset::Alphanumeric => "alphanumeric",
        Charset::LowerAlphanumericUnderscore => "lower-alphanumeric-underscore",
        Charset::Word => "word",
    }
}

fn charset_text(charset: Charset) -> &'static str {
    match charset {
        Charset::Unknown => "letters, digits, - and _ are taken, since the rest is unknown",
        Charset::Alphanumeric => "letters and digits",
        Charset::LowerAlphanumericUnderscore => "lower-case letters, digits and _",
        Charset::Word => "letters, digits, - and _",
    }
}

/// What an id looks like.
pub(super) fn chars_text(id: &Id) -> String {
    let class = class_text(id.chars);
    match id.len {
        Some(len) => format!("{len} {class}"),
        None if id.chars.min == id.chars.max => format!("{} {class}", id.chars.min),
        None => class,
    }
}

fn class_text(chars: Chars) -> String {
    let any = |range: std::ops::RangeInclusive<u8>| range.into_iter().any(|byte| chars.allows(byte));
    let letters = match (any(b'a'..=b'z'), any(b'A'..=b'Z')) {
        _ if any(b'a'..=b'f') && !any(b'g'..=b'z') => Some("hexadecimal letters"),
        (true, true) => Some("letters"),
        (true, false) => Some("lower-case letters"),
        (false, true) => Some("upper-case letters"),
        (false, false) => None,
    };
    let digits = any(b'0'..=b'9').then_some("digits");
    let signs: Vec<_> = (b'!'..=b'~').filter(|byte| byte.is_ascii_punctuation() && chars.allows(*byte)).collect();
    let signs = match signs.len() {
        0 => None,
        1..=6 => Some(format!("`{}`", signs.iter().map(|&byte| char::from(byte)).collect::<String>())),
        _ => Some("other signs".into()),
    };
    let parts: Vec<_> = letters.into_iter().chain(digits).map(str::to_owned).chain(signs).collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The parameter that a sub-ID is written to, where it is one.
fn subid_place(network: &Network) -> Option<String> {
    network.forms.iter().filter(|form| !form.read_only).find_map(|form| {
        let template = Template::parse(form.template, Dialect::Catalog, &|name| network.chars_of(name)).ok()?;
        template.names_of_subid().next().filter(|name| !name.is_empty()).map(str::to_owned)
    })
}

/// What the catalog knows of a network beyond its links: the window, sub-IDs, rules, and where it was read.
pub fn facts_of(network: &Network) -> Vec<String> {
    let mut facts = vec![match network.cookie_days {
        Some(days) => format!("a click counts for {}", window(days)),
        None => "how long a click counts is set by each merchant, or unknown".to_owned(),
    }];
    facts.push(match network.subid {
        None => "links have no place for a sub-ID".to_owned(),
        Some(subid) => {
            let most =
                subid.max_len.map_or_else(|| "no known limit".to_owned(), |most| format!("at most {most} characters"));
            let approval = if subid.needs_approval { "; they need the network's approval" } else { "" };
            let place = subid_place(network).map_or_else(String::new, |name| format!("in `{name}`; "));
            format!("sub-IDs: {place}{most}; {}{approval}", charset_text(subid.charset))
        }
    });
    if network.no_cloaking {
        facts.push("rule: links must not hide where they lead (no shorteners, no redirects of your own)".into());
    }
    if network.checks_referrer {
        facts.push("rule: it looks at the referrer, so no `noreferrer`".into());
    }
    for (language, statement) in network.statements {
        facts.push(format!("rule: the site has to say ({language}): \"{statement}\""));
    }
    let known = confidence(network.confidence);
    facts.push(format!("{known}: {}; source: {}", confidence_text(network.confidence), network.source));
    facts
}
