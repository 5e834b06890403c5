//! What stands in a tag, for rules that look at attributes that nobody edits. Decides nothing.

use std::borrow::Cow;

use crate::document::escape::{self, Context};

/// The value of attribute `name` (lower case) in the start tag `tag`, decoded; empty for one without a value.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let mut rest = tag.strip_prefix('<')?.trim_start_matches(|c: char| !c.is_ascii_whitespace() && c != '>');
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let (found, after) = rest.split_at(end);
        if found.is_empty() {
            return None;
        }
        let value;
        (value, rest) = match after.trim_start().strip_prefix('=') {
            Some(behind) => read_value(behind.trim_start()),
            None => (("", None), after),
        };
        if found.eq_ignore_ascii_case(name) {
            let (raw, quote) = value;
            return Some(Cow::Owned(escape::decode(raw, Context::HtmlAttribute { quote }).value.clone()));
        }
    }
}

/// Whether networks call a sub-ID by parameter `name` (lower case), and hardly anybody else anything else.
pub(super) fn is_subid(name: &str) -> bool {
    const NAMES: [&str; 10] =
        ["clickref", "subid", "sub_id", "sub", "aff_sub", "afftrack", "ascsubtag", "customid", "xcust", "pubref"];
    let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    // `sub` alone is anything: a subject, a subscription
    NAMES.contains(&numbered) && (numbered != "sub" || numbered != name)
}

/// The start tags in `html`, from `<` to `>`.
pub(super) fn tags(html: &str) -> impl Iterator<Item = &str> {
    let starts = html.match_indices('<').map(|(at, _)| at);
    starts.filter_map(move |at| {
        let rest = html.get(at..)?;
        rest.get(1..)?.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| rest.get(..=tag_end(rest)?)).flatten()
    })
}

/// Where the tag that `rest` begins with ends: `>` outside quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    // a tag without an end is none
    rest.bytes().take(16 * 1024).position(|byte| match (quote, byte) {
        (Some(open), _) if byte == open => {
            quote = None;
            false
        }
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, b'>') => true,
        _ => false,
    })
}

type Raw<'t> = (&'t str, Option<char>);

fn read_value(text: &str) -> (Raw<'_>, &str) {
    if let Some(quote @ ('"' | '\'')) = text.chars().next() {
        let inner = &text[1..];
        let end = inner.find(quote).unwrap_or(inner.len());
        ((&inner[..end], Some(quote)), inner.get(end + 1..).unwrap_or_default())
    } else {
        let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
        ((&text[..end], None), &text[end..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_browsers_do() {
        let tag = "<a href='x?a=1' REL=\"a &amp; b\" data-x=alt=1 hidden title = y>";
        for (name, expected) in [
            ("href", Some("x?a=1")),
            ("rel", Some("a & b")),
            ("data-x", Some("alt=1")),
            ("hidden", Some("")),
            ("title", Some("y")),
            ("alt", None),
        ] {
            assert_eq!(attribute(tag, name).as_deref(), expected, "{name}");
        }
        assert_eq!(tags("a <b> 1 < 2 <img alt='>' src=x><i").collect::<Vec<_>>(), ["<b>", "<img alt='>' src=x>"]);
    }
}
