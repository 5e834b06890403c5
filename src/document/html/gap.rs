//! What stands between two start tags: text, end tags, comments. Decides where each begins and ends, as the tokenizer of
//! HTML does it in ordinary text.

use memchr::{memchr, memmem};

use crate::span::Span;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text.
    Text,
    /// An end tag.
    EndTag,
    /// A comment, and what stands between its marks.
    Comment(Span),
    /// A doctype, or what else shows nothing.
    Nothing,
    /// A tag or declaration that the page's end cuts off.
    Unended,
}

/// The pieces of a gap, in order.
pub(super) struct Pieces<'t> {
    bytes: &'t [u8],
    at: usize,
    end: usize,
}

/// The pieces of bytes `gap` of `text`, where no start tag stands.
pub(super) fn pieces(text: &str, gap: Span) -> Pieces<'_> {
    Pieces { bytes: text.as_bytes().get(..gap.end).unwrap_or_default(), at: gap.start, end: gap.end }
}

impl Iterator for Pieces<'_> {
    type Item = (Piece, Span);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if start >= self.end {
            return None;
        }
        if let Some((piece, end)) = self.markup(start) {
            self.at = end.min(self.end);
            return Some((piece, Span::new(start, self.at)));
        }
        let mut from = start + 1;
        self.at = loop {
            match memchr(b'<', self.bytes.get(from..).unwrap_or_default()) {
                None => break self.end,
                Some(offset) if self.is_markup(from + offset) => break from + offset,
                Some(offset) => from += offset + 1,
            }
        };
        Some((Piece::Text, Span::new(start, self.at)))
    }
}

impl Pieces<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn is_markup(&self, at: usize) -> bool {
        self.byte(at) == Some(b'<')
            && match self.byte(at + 1) {
                Some(b'/') => at + 2 < self.end,
                Some(b'!' | b'?') => true,
                Some(byte) => byte.is_ascii_alphabetic(),
                None => false,
            }
    }

    fn markup(&self, at: usize) -> Option<(Piece, usize)> {
        if !self.is_markup(at) {
            return None;
        }
        let rest = self.bytes.get(at..)?;
        if rest.starts_with(b"<!--") {
            let (body, end) = self.comment(at + 4);
            return Some((Piece::Comment(Span::new(at + 4, body)), end));
        }
        Some(match rest {
            [b'<', b'/', letter, ..] if letter.is_ascii_alphabetic() => match tag_end(self.bytes, at + 2) {
                Some(end) => (Piece::EndTag, end),
                None => (Piece::Unended, self.end),
            },
            // a start tag that the page's end cuts off
            [b'<', letter, ..] if letter.is_ascii_alphabetic() => (Piece::Unended, self.end),
            _ => match memchr(b'>', rest) {
                Some(end) => (Piece::Nothing, at + end + 1),
                None => (Piece::Unended, self.end),
            },
        })
    }

    /// Where the body and the whole of a comment end whose body begins at `from`.
    fn comment(&self, from: usize) -> (usize, usize) {
        let rest = self.bytes.get(from..).unwrap_or_default();
        for empty in [&b">"[..], b"->"] {
            if rest.starts_with(empty) {
                return (from, from + empty.len());
            }
        }
        for dashes in memmem::find_iter(rest, b"--") {
            match rest.get(dashes + 2..) {
                Some([b'>', ..]) => return (from + dashes, from + dashes + 3),
                Some([b'!', b'>', ..]) => return (from + dashes, from + dashes + 4),
                // `--->`: the last two of the dashes count
                Some([b'-', b'>', ..]) => return (from + dashes + 1, from + dashes + 4),
                Some([b'-', b'!', b'>', ..]) => return (from + dashes + 1, from + dashes + 5),
                _ => {}
            }
        }
        (self.end, self.end)
    }
}

/// Where a tag ends whose name begins at `at`, behind its `>`; `None` where it does not.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let name = bytes.get(at..)?;
    let name = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))?;
    let mut attributes = Attributes::new(bytes, at + name);
    attributes.by_ref().for_each(drop);
    attributes.end
}

/// The attributes of a tag: name, and value without quotes.
pub(super) struct Attributes<'t> {
    bytes: &'t [u8],
    at: usize,
    end: Option<usize>,
}

impl<'t> Attributes<'t> {
    /// Those of a tag whose name ends at byte `at`.
    pub(super) fn new(bytes: &'t [u8], at: usize) -> Self {
        Self { bytes, at, end: None }
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) -> Span {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| !skipped(byte)).unwrap_or(rest.len());
        Span::new(start, self.at)
    }

    fn value(&mut self) -> Span {
        match self.bytes.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.skip(|byte| byte != quote);
                self.at += 1;
                value
            }
            _ => self.skip(|byte| byte != b'>' && !byte.is_ascii_whitespace()),
        }
    }
}

impl Iterator for Attributes<'_> {
    type Item = (Span, Option<Span>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b'/');
        match self.bytes.get(self.at) {
            None => return None,
            Some(b'>') => {
                self.end = Some(self.at + 1);
                return None;
            }
            Some(_) => {}
        }
        let start = self.at;
        // a `=` where a name should begin is part of it
        self.at += 1;
        self.skip(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let name = Span::new(start, self.at);
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.bytes.get(self.at) != Some(&b'=') {
            return Some((name, None));
        }
        self.at += 1;
        self.skip(|byte| byte.is_ascii_whitespace());
        Some((name, Some(self.value())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_cut_as_the_tokenizer_does() {
        for (text, expected) in [
            ("", ""),
            ("a < b <3", "T:a < b <3"),
            ("a</b>c", "T:a E:</b> T:c"),
            ("</b a='>'>c", "E:</b a='>'> T:c"),
            ("</b a=>c", "E:</b a=> T:c"),
            ("</>x</ y>z", "N:</> T:x N:</ y> T:z"),
            ("x</", "T:x</"),
            ("x</b", "T:x N:</b"),
            ("x<b c='", "T:x N:<b c='"),
            ("<!-- a -->b", "C:<!-- a --> T:b"),
            ("<!-->b<!--->c", "C:<!--> T:b C:<!---> T:c"),
            ("<!--a--!>b<!--a--->c<!----->d", "C:<!--a--!> T:b C:<!--a---> T:c C:<!-----> T:d"),
            ("<!--a", "C:<!--a"),
            ("<!doctype html>a<?php x?>b<![CDATA[c]]>d", "N:<!doctype html> T:a N:<?php x?> T:b N:<![CDATA[c]]> T:d"),
        ] {
            let found: Vec<_> = pieces(text, Span::new(0, text.len()))
                .map(|(piece, span)| {
                    let letter = match piece {
                        Piece::Text => 'T',
                        Piece::EndTag => 'E',
                        Piece::Comment(_) => 'C',
                        Piece::Nothing | Piece::Unended => 'N',
                    };
                    format!("{letter}:{}", span.of(text))
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn attributes_are_cut_as_the_tokenizer_does() {
        for (tag, expected) in [
            ("<p>", ""),
            ("<p a>", "a"),
            ("<p a=b c = 'd e' F=\"g>\"/>", "a=b c=d e F=g>"),
            ("<p/a/b=/c>", "a b=/c"),
            ("<p =a=b>", "=a=b"),
            ("<p a=", "a="),
        ] {
            let found: Vec<_> = Attributes::new(tag.as_bytes(), 2)
                .map(|(name, value)| match value {
                    Some(value) => format!("{}={}", name.of(tag), value.of(tag)),
                    None => name.of(tag).to_owned(),
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{tag}");
        }
    }
}
