//! Edits of bytes that belong to no link. The parser's events do not show what changed inside code, tags or template
//! syntax; the edits themselves do. Decides which bytes of a link an edit may be made of.

use super::kinds;
use crate::document::{Definition, Link, LinkKind, Skeleton};
use crate::span::{OffsetMap, Piece, Span};

/// Marks every edit of `text` outside the bytes that make up `links` and `definitions`: no original can have had it.
pub(super) fn mark(
    skeleton: &mut Skeleton<'_>,
    text: &str,
    links: &[Link],
    definitions: &[Definition],
    edits: &OffsetMap,
) {
    let mut syntax: Vec<Span> = definitions.iter().map(|definition| definition.span).collect();
    syntax.extend(links.iter().flat_map(syntax_of).flatten());
    syntax.sort_unstable();
    let texts: Vec<Span> = links.iter().map(|link| link.text).filter(|text| !text.is_empty()).collect();
    for piece in edits.pieces().iter().filter(|piece| !piece.fold) {
        let escape = is_escape(text, piece) && piece.after.is_within_one_of(&texts);
        if !escape && !piece.after.is_within_one_of(&syntax) {
            skeleton.mark(kinds::STRANGER, piece.after);
        }
    }
}

/// The bytes of a link that are neither what it shows nor anything else's.
fn syntax_of(link: &Link) -> [Option<Span>; 3] {
    let attributes = link.attributes.as_ref();
    let tag = attributes.map(|attributes| attributes.span);
    match link.kind {
        LinkKind::Html | LinkKind::Area => [tag, attributes.and_then(|attributes| attributes.end_tag), None],
        LinkKind::Inline | LinkKind::Reference => [
            Some(Span::new(link.element.start, link.text.start.max(link.element.start))),
            Some(Span::new(link.text.end.min(link.element.end), link.element.end)),
            tag,
        ],
        LinkKind::Autolink | LinkKind::Bare => [Some(link.element), tag, None],
        LinkKind::FrontMatter | LinkKind::Shortcode | LinkKind::Component => [Some(link.quoted()), None, None],
    }
}

/// Whether `piece` only changes how a character of text is written.
fn is_escape(text: &str, piece: &Piece) -> bool {
    let put = piece.after.of(text);
    put.is_empty() || put == "\\" || (put.starts_with('&') && put.ends_with(';'))
}
