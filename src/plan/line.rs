//! What stands on the line of a link. Decides which forms of a link it leaves: text that would no longer be a paragraph, a
//! bracket that would become a link, an attribute list that would go to something else.

use crate::config::policy::Policy;
use crate::disclosure::render::{self, Style};
use crate::source::Format;
use crate::span::Span;

/// Whether what stands at `element` cannot be put in tags, though tags are the site's style.
pub(super) fn takes_no_tag(text: &str, element: Span, format: Format, policy: &Policy) -> bool {
    let (near, far) = (element.start.saturating_sub(NEAR), element.end.saturating_add(NEAR));
    let before = text.get(text.ceil_char_boundary(near)..element.start).unwrap_or_default();
    let line = memchr::memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |end| end + 1);
    let before = before.get(line..).unwrap_or_default();
    let after = text.get(element.end..text.floor_char_boundary(far)).unwrap_or_default();
    let line = memchr::memchr2(b'\n', b'\r', after.as_bytes()).unwrap_or(after.len());
    let after = after.get(..line).unwrap_or_default();
    // a marker is put behind it afterwards
    let marker = render::marker(&policy.disclosure.marker, Style { format, line_end: "\n", ascii: false });
    let after = after.strip_prefix(marker.as_str()).unwrap_or(after);
    if format == Format::Mdx {
        // a paragraph of tags alone is no paragraph to MDX
        let alone = after.trim_start().chars().next().is_none_or(|next| matches!(next, '[' | '<' | '!' | '{'));
        let unmarked = if marker.is_empty() { before.to_owned() } else { before.replace(&marker, "") };
        return alone && is_markup(&unmarked);
    }
    // an attribute list behind it would be shown as text, or go to another element
    let listed = after.starts_with('{') && !after.starts_with("{{") && !after.starts_with("{%");
    listed || is_bracketed(before)
}

/// Whether `before`, the beginning of a line of MDX, holds no text but in tags and braces. What begins in the middle of a tag
/// is none.
fn is_markup(before: &str) -> bool {
    let is_mark = |c: char| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, '>' | '*' | '+' | '-' | '.' | ')' | '\u{feff}')
    };
    let (mut elements, mut braces) = (0_usize, 0_usize);
    let mut rest = before.chars();
    while let Some(c) = rest.next() {
        match c {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ if braces > 0 => {}
            '<' => {
                let tag = rest.as_str();
                let Some(end) = tag.find('>') else { return false };
                let (name, behind) = tag.split_at(end);
                rest = behind.get(1..).unwrap_or_default().chars();
                match (name.starts_with('/'), name.ends_with('/')) {
                    (true, _) => elements = elements.saturating_sub(1),
                    (_, true) => {}
                    _ => elements += 1,
                }
            }
            _ if elements == 0 && !is_mark(c) => return false,
            _ => {}
        }
    }
    true
}

/// How much of the line before a link is looked at, in bytes.
pub(super) const NEAR: usize = 512;

/// Whether a bracket is open at the end of `before`: what is in it could become a link once no link stands inside.
pub(super) fn is_bracketed(before: &str) -> bool {
    if memchr::memchr(b'[', before.as_bytes()).is_none() {
        return false;
    }
    let mut depth = 0_usize;
    let mut escaped = false;
    for byte in before.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tags_and_braces_is_markup() {
        for (before, markup) in [
            ("", true),
            ("- > 1. ", true),
            ("<Badge>New</Badge> ", true),
            ("- <Badge kind=\"a\" /> {/* now */} ", true),
            ("<Badge>New</Badge> is ", false),
            ("is <Badge>New</Badge> ", false),
            ("{a} and ", false),
            ("kind=\"b\">New</Badge> ", false),
            ("<Card title=\"", false),
        ] {
            assert_eq!(is_markup(before), markup, "{before}");
        }
    }
}
