//! Texts for the parser, and where their bytes stand in the page. Decides nothing.

use std::borrow::Cow;

use crate::span::Span;

/// How deep indented code of MDX is read again.
pub(super) const DEEPEST: usize = 12;

/// How many blanks at the end of a block are looked at: many blocks may end in the same ones. Components are blank to the
/// parser.
const MOST_BLANK: usize = 512;

/// A text for the parser and the page's bytes it stands for.
pub(super) struct Chunk<'c> {
    /// What the parser is to see.
    pub(super) view: Cow<'c, str>,
    /// The page's own bytes, as many.
    pub(super) source: Cow<'c, str>,
    place: Place,
    /// How often indented code or an HTML block was read again to get here.
    pub(super) depth: usize,
    /// Whether it is what an HTML block holds: no tag and no attribute list is brought in there.
    pub(super) in_html: bool,
}

/// Where the bytes of a chunk stand in the page.
enum Place {
    /// All of them this much further on.
    Shift(usize),
    /// Line by line: offsets in the chunk, sorted, and where each stands in the page.
    Lines(Vec<(usize, usize)>),
}

impl<'c> Chunk<'c> {
    /// The body of a page, which begins at byte `from` of `view` and of `text`.
    pub(super) fn body(view: &'c str, text: &'c str, from: usize) -> Self {
        let (view, source) = (view.get(from..).unwrap_or_default(), text.get(from..).unwrap_or_default());
        Self { view: view.into(), source: source.into(), place: Place::Shift(from), depth: 0, in_html: false }
    }

    /// A string argument that holds Markdown.
    pub(super) fn argument(text: &'c str, span: Span) -> Self {
        Self {
            view: span.of(text).into(),
            source: span.of(text).into(),
            place: Place::Shift(span.start),
            depth: DEEPEST,
            in_html: false,
        }
    }

    /// Lines of a chunk of indented code as a chunk of their own. `starts` says where each begins in `view` and in the page.
    pub(super) fn lines(view: String, source: String, starts: Vec<(usize, usize)>, depth: usize) -> Chunk<'static> {
        Chunk { view: view.into(), source: source.into(), place: Place::Lines(starts), depth, in_html: false }
    }

    /// Lines of an HTML block that are Markdown; `starts` as in [`Self::lines`].
    pub(super) fn inside_html(
        view: String,
        source: String,
        starts: Vec<(usize, usize)>,
        depth: usize,
    ) -> Chunk<'static> {
        Chunk { in_html: true, ..Self::lines(view, source, starts, depth) }
    }

    /// Where byte `offset` of the chunk stands in the page.
    #[inline]
    pub(super) fn at(&self, offset: usize) -> usize {
        match &self.place {
            Place::Shift(by) => offset + by,
            Place::Lines(lines) => in_lines(lines, offset),
        }
    }

    /// `span` without blanks and line ends at its end. A block has the line end behind it where there is one, a list the
    /// blank lines too: with them, one at the end of a page would differ from the same with something behind it.
    #[inline]
    pub(super) fn without_blank_end(&self, span: Span) -> Span {
        let bytes = self.view.as_bytes().get(span.start..span.end).unwrap_or_default();
        // most spans end with their text
        if !bytes.last().is_some_and(u8::is_ascii_whitespace) {
            return span;
        }
        let blank = bytes.iter().rev().take(MOST_BLANK).take_while(|byte| byte.is_ascii_whitespace());
        Span::new(span.start, span.end - blank.count())
    }

    /// Where `span` of the chunk stands in the page.
    #[inline]
    pub(super) fn span(&self, span: Span) -> Span {
        if let Place::Shift(by) = self.place {
            return span.shifted(by);
        }
        let start = self.at(span.start);
        // the end of a line, not the start of the next one
        let end = if span.is_empty() { start } else { self.at(span.end - 1) + 1 };
        Span::new(start, end)
    }
}

/// Where byte `offset` of a chunk with these `lines` stands in the page.
fn in_lines(lines: &[(usize, usize)], offset: usize) -> usize {
    let index = lines.partition_point(|&(start, _)| start <= offset);
    index.checked_sub(1).map_or(offset, |index| lines[index].1 + (offset - lines[index].0))
}
