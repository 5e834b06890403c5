//! The tags of a text whose only tags are plain `<a ...>` and `</a>`: what this program itself writes into Markdown. Decides
//! whether a text is one of those, about which all readers of HTML agree; every other text is `lol_html`'s.

use memchr::memchr;

use super::tags::{Event, Open, RawAttribute, Roles, Tags};
use crate::span::Span;

const END_TAG: &[u8] = b"</a>";

/// Reads the tags of `text` as [`super::tags::read`] does; `None` where it holds any other `<` than that of `</a>` and of
/// `<a name="value" ...>`: lower case, one space before each attribute, double quotes around each value.
///
/// Nothing but such tags can change the state of the HTML tokenizer there, so each of them is one to every reader; text
/// between them, whatever it is, holds none.
pub(super) fn read(text: &str) -> Option<Tags> {
    let bytes = text.as_bytes();
    let mut tags = Tags::default();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        if bytes[start..].starts_with(END_TAG) {
            at = start + END_TAG.len();
            // an end tag without a start tag ends nothing
            tags.events.extend(open.pop().map(|open| Event::Close { open, span: Span::new(start, at) }));
            continue;
        }
        let (attributes, end) = start_tag(bytes, start)?;
        at = end;
        open.push(tags.events.len());
        let link_tag = u32::try_from(tags.link_tags.len()).ok();
        tags.events.push(Event::Open(Open { span: Span::new(start, end), roles: Roles::ANCHOR, link_tag }));
        tags.link_tags.push(attributes);
    }
    Some(tags)
}

/// The attributes of the start tag at `start`, and where it ends.
fn start_tag(bytes: &[u8], start: usize) -> Option<(Vec<RawAttribute>, usize)> {
    let mut attributes = Vec::new();
    let mut at = start + 2;
    if bytes.get(start..at) != Some(b"<a") {
        return None;
    }
    while bytes.get(at) == Some(&b' ') {
        let name = at + 1;
        let rest = bytes.get(name..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let value = name + length + 2;
        if length == 0 || bytes.get(value - 2..value) != Some(b"=\"") {
            return None;
        }
        let end = value + memchr(b'"', bytes.get(value..)?)?;
        attributes.push((Span::new(name, name + length), Some(Span::new(value, end))));
        at = end + 1;
    }
    (bytes.get(at) == Some(&b'>')).then_some((attributes, at + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::ParseOptions;

    fn both(text: &str) -> Option<(Tags, Tags)> {
        let tags = super::super::tags::read(text, &ParseOptions::default(), true).expect("text that can be read");
        Some((read(text)?, tags))
    }

    #[test]
    fn only_plain_tags_are_read() {
        for (text, plain) in [
            ("<a href=\"x\" rel=\"sponsored nofollow\">t</a>", true),
            ("<a><a href=\"<b>'&amp;\n\">t</a></a></a>", true),
            ("a > b \" c", true),
            ("<a href='x'>", false),
            ("<a href=x>", false),
            ("<a href=\"x\" >", false),
            ("<a  href=\"x\">", false),
            ("<a href=\"x\"rel=\"y\">", false),
            ("<a href=\"x\"/>", false),
            ("<a HREF=\"x\">", false),
            ("<a data-x=\"x\">", false),
            ("<A href=\"x\">", false),
            ("<a href>", false),
            ("<a href=\"x>", false),
            ("<a", false),
            ("a < b", false),
            ("</a >", false),
            ("<ab href=\"x\">", false),
            ("<b></b>", false),
            ("<!-- c -->", false),
            ("<script></script>", false),
        ] {
            assert_eq!(read(text).is_some(), plain, "{text}");
            if let Some((ours, theirs)) = both(text) {
                assert_eq!((ours.events, ours.link_tags), (theirs.events, theirs.link_tags), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn plain_tags_are_what_the_parser_reads(
            parts in prop::collection::vec(
                prop_oneof![
                    8 => "<a( (href|rel|title|x|a)=\"[a<>/'&=;\\n é!-]{0,4}\"){0,3}>",
                    8 => Just("</a>".to_owned()),
                    4 => "[a>\"'&;\n/é]{0,4}",
                    1 => "[<a/>=\"' !-]{0,5}",
                ],
                0..12,
            ),
        ) {
            if let Some((ours, theirs)) = both(&parts.concat()) {
                prop_assert_eq!((ours.events, ours.link_tags), (theirs.events, theirs.link_tags));
            }
        }
    }
}
