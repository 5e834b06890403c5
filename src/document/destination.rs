//! Where the bytes of a Markdown destination stand. The parser reports a decoded value and no place; a place is taken
//! only when its bytes, decoded, are that value. Decides nothing about what may be edited.

use memchr::memmem;
use pulldown_cmark::LinkType;

use crate::document::escape::{self, Context};
use crate::span::Span;

/// How many `](` of one link are tried: the first one behind the link's text is the right one unless the text is
/// something the parser read in a way not foreseen here.
const CANDIDATES: usize = 8;

/// An inline link's destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inline {
    /// The `]` that ends the link's text.
    pub(super) close: usize,
    /// The destination's bytes, angle brackets left out.
    pub(super) destination: Span,
    /// Whether it stands in angle brackets.
    pub(super) angle: bool,
}

/// A definition's destination and title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Defined {
    /// The destination's bytes, angle brackets left out.
    pub(super) destination: Span,
    /// Whether it stands in angle brackets.
    pub(super) angle: bool,
    /// The title, quotes included.
    pub(super) title: Option<Span>,
}

/// Finds the destination of the inline link at `link` that the parser says leads to `expected`.
///
/// `from` is where the last thing inside the link's text ends. `None` where no bytes are certain.
pub(super) fn inline(view: &str, link: Span, from: usize, expected: &str) -> Option<Inline> {
    let bytes = view.as_bytes().get(..link.end)?;
    let mut close = from;
    for _ in 0..CANDIDATES {
        close += memmem::find(bytes.get(close..)?, b"](")?;
        for quoted in [true, false] {
            if let Some((destination, angle)) = inline_at(view, bytes, close + 2, quoted, expected) {
                return Some(Inline { close, destination, angle });
            }
        }
        close += 2;
    }
    None
}

/// Where the text of the reference link at `link` ends and where the whole link does.
///
/// `from` is where the last thing inside the text ends. The end of a collapsed reference takes its `[]` in, whether
/// the parser counts it or not.
pub(super) fn reference(view: &str, link: Span, from: usize, kind: LinkType) -> Option<(usize, usize)> {
    let bytes = view.as_bytes();
    let inside = bytes.get(link.start..link.end)?;
    let close = match kind {
        LinkType::Reference => from + memmem::find(bytes.get(from..link.end)?, b"][")?,
        LinkType::Collapsed if inside.ends_with(b"][]") => link.end - 3,
        _ => link.end.checked_sub(1)?,
    };
    let end = element_end(view, link, kind);
    (close >= from && bytes.get(close) == Some(&b']')).then_some((close, end))
}

/// Where a link or an image ends: behind the `[]` of a collapsed reference, which some versions of the parser leave
/// out of its range.
pub(super) fn element_end(view: &str, link: Span, kind: LinkType) -> usize {
    let bytes = view.as_bytes();
    let left_out = kind == LinkType::Collapsed
        && !bytes.get(link.start..link.end).is_some_and(|inside| inside.ends_with(b"][]"))
        && bytes.get(link.end..link.end + 2) == Some(b"[]");
    if left_out { link.end + 2 } else { link.end }
}

/// Finds the destination and the title of the definition at `span` that the parser says leads to `expected`.
pub(super) fn definition(view: &str, span: Span, expected: &str) -> Option<Defined> {
    let bytes = view.as_bytes().get(..span.end)?;
    let colon = label_end(bytes, span.start)? + 1;
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    [true, false].into_iter().find_map(|quoted| {
        let (destination, angle, after) = scan(bytes, skip_space(bytes, colon + 1, quoted))?;
        decodes_to(destination.of(view), angle, expected).then(|| {
            let start = skip_space(bytes, after, quoted);
            let end = view.get(start..span.end).map_or(start, |rest| start + rest.trim_end().len());
            Defined { destination, angle, title: (start < end).then(|| Span::new(start, end)) }
        })
    })
}

fn inline_at(view: &str, bytes: &[u8], open: usize, quoted: bool, expected: &str) -> Option<(Span, bool)> {
    let (destination, angle, after) = scan(bytes, skip_space(bytes, open, quoted))?;
    let mut at = skip_space(bytes, after, quoted);
    // a title must be set apart by white space
    if at > after && bytes.get(at).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'(')) {
        at = skip_space(bytes, title_end(bytes, at)?, quoted);
    }
    let closes = bytes.get(at) == Some(&b')') && at + 1 == bytes.len();
    (closes && decodes_to(destination.of(view), angle, expected)).then_some((destination, angle))
}

/// Reads a destination at `at`: its span, whether it is in angle brackets, and what follows it.
fn scan(bytes: &[u8], at: usize) -> Option<(Span, bool, usize)> {
    if bytes.get(at) == Some(&b'<') {
        let end = angle_end(bytes, at + 1)?;
        return Some((Span::new(at + 1, end), true, end + 1));
    }
    let mut depth = 0_usize;
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            0..=0x20 | 0x7f => break,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b'\\' if bytes.get(end + 1).is_some_and(u8::is_ascii_punctuation) => end += 1,
            _ => {}
        }
        end += 1;
    }
    Some((Span::new(at, end.min(bytes.len())), false, end))
}

fn angle_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at),
            b'<' | b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// One past the quote that ends the title at `at`.
fn title_end(bytes: &[u8], at: usize) -> Option<usize> {
    let close = match bytes.get(at)? {
        b'(' => b')',
        &quote => quote,
    };
    let mut at = at + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            &byte if byte == close => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The unescaped `]` that ends the label whose `[` stands at `open`.
fn label_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        match bytes.get(at)? {
            b']' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Skips white space and, behind a line's end, the markers of quotes if `quoted`.
fn skip_space(bytes: &[u8], mut at: usize, quoted: bool) -> usize {
    let mut line_start = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => line_start = true,
            b' ' | b'\t' | 0x0b | 0x0c => {}
            b'>' if quoted && line_start => {}
            _ => break,
        }
        at += 1;
    }
    at
}

fn decodes_to(raw: &str, angle: bool, expected: &str) -> bool {
    if memchr::memchr2(b'\\', b'&', raw.as_bytes()).is_none() {
        return raw == expected;
    }
    escape::decode(raw, Context::Destination { angle }).value == expected
}
