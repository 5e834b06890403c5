//! The running text of a page as names are looked for in it. Decides what reads as one text: entities, spaces, soft breaks,
//! emphasis are no hindrance; blocks, hard breaks, code and images are.

use super::fold::{coarse, plain};
use crate::document::outline::{Outline, Shown};
use crate::span::Span;

/// What stands between two texts that are not one.
pub(super) const BARRIER: char = '\n';

/// A page's text in the spelling that names are compared in, and where it stands on the page.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// Plain, see [`plain`]; a line break is a barrier.
    plain: String,
    /// The same without case, coarsely.
    coarse: String,
    pieces: Vec<Piece>,
}

/// Text that leads back to the page byte by byte, or as a whole.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in [`Flow::coarse`] ...
    coarse: usize,
    /// ... and in [`Flow::plain`].
    plain: usize,
    /// Its bytes of the page.
    source: Span,
    /// Whether each of its bytes is one of the page's.
    bytewise: bool,
}

/// A stretch of a flow that can be told from what is around it on the page, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Bytes of the plain text.
    pub(super) plain: Span,
    /// Bytes of the page.
    pub(super) source: Span,
}

impl Flow {
    /// The flow of the page `text` with this outline.
    pub fn of(text: &str, outline: &Outline) -> Self {
        let mut flow = Self::default();
        flow.coarse.reserve(text.len());
        flow.plain.reserve(text.len());
        let mut block = usize::MAX;
        for piece in &outline.texts {
            if piece.block != block {
                flow.barrier();
                block = piece.block;
            }
            match &piece.shown {
                Shown::Bytes => flow.bytes(piece.span.of(text), piece.span.start),
                Shown::Decoded(shown) => shown.chars().for_each(|c| flow.char(c, piece.span)),
                Shown::Space => flow.char(' ', piece.span),
                Shown::Break | Shown::Verbatim | Shown::Apart(_) | Shown::Obstacle => flow.barrier(),
            }
        }
        flow
    }

    /// A flow of `text` alone.
    pub fn of_text(text: &str) -> Self {
        let mut flow = Self::default();
        flow.bytes(text, 0);
        flow
    }

    /// The text to search, without case.
    pub(super) fn coarse(&self) -> &str {
        &self.coarse
    }

    /// The text with its case.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// The bytes of the plain text that `range` of the coarse one stands for.
    pub(super) fn plain_of(&self, range: Span) -> Span {
        let start = self.piece_from(range.start).map_or(0, |piece| piece.plain + (range.start - piece.coarse));
        let Some(last) = self.last_before(range.end) else { return Span::at(start) };
        let mut end = match self.pieces.get(last) {
            Some(piece) if piece.bytewise => piece.plain + (range.end - piece.coarse),
            _ => self.plain_end(last),
        };
        // what has no place in the coarse text belongs to what is before it
        let mut next = last + 1;
        while self.pieces.get(next).is_some_and(|piece| piece.coarse == range.end) && self.coarse_end(next) == range.end
        {
            end = self.plain_end(next);
            next += 1;
        }
        Span::new(start, end.max(start))
    }

    /// Where the bytes `plain` of the plain text stand on the page; `None` where the page cannot be cut there.
    pub(super) fn source_of(&self, plain: Span) -> Option<Span> {
        let first = self.pieces.partition_point(|piece| piece.plain <= plain.start).checked_sub(1)?;
        let last = self.pieces.partition_point(|piece| piece.plain < plain.end).checked_sub(1)?;
        let (from, to) = (self.pieces.get(first)?, self.pieces.get(last)?);
        let start = if from.bytewise {
            from.source.start + (plain.start - from.plain)
        } else {
            let shared = first.checked_sub(1).and_then(|before| self.pieces.get(before));
            let cut = shared.is_some_and(|before| before.source == from.source) || from.plain != plain.start;
            (!cut).then_some(from.source.start)?
        };
        let end = if to.bytewise {
            to.source.start + (plain.end - to.plain)
        } else {
            let cut = self.pieces.get(last + 1).is_some_and(|after| after.source == to.source);
            (!cut && self.plain_end(last) == plain.end).then_some(to.source.end)?
        };
        (start < end).then(|| Span::new(start, end))
    }

    /// Adds bytes of the page, which begin at `at` there.
    fn bytes(&mut self, text: &str, at: usize) {
        let mut from = 0;
        while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
            let simple = rest.bytes().take_while(|&byte| byte.is_ascii() && !byte.is_ascii_whitespace());
            let length = simple.count();
            if length > 0 {
                self.ascii(rest.get(..length).unwrap_or_default(), at + from);
                from += length;
                continue;
            }
            let Some(c) = rest.chars().next() else { return };
            self.char(c, Span::new(at + from, at + from + c.len_utf8()));
            from += c.len_utf8();
        }
    }

    fn ascii(&mut self, text: &str, at: usize) {
        self.piece(Span::new(at, at + text.len()), true);
        self.plain.push_str(text);
        let from = self.coarse.len();
        self.coarse.push_str(text);
        if let Some(added) = self.coarse.get_mut(from..) {
            added.make_ascii_lowercase();
        }
    }

    /// Adds a character that the bytes `source` of the page stand for.
    fn char(&mut self, c: char, source: Span) {
        if c == ' ' && source.len() == 1 && !self.plain.ends_with([' ', BARRIER]) && !self.plain.is_empty() {
            self.piece(source, true);
            self.plain.push(' ');
            self.coarse.push(' ');
            return;
        }
        plain(c, |c| {
            if c == ' ' && (self.plain.is_empty() || self.plain.ends_with([' ', BARRIER])) {
                return;
            }
            let folded = coarse(c);
            let bytewise =
                c.len_utf8() == source.len() && folded.is_some_and(|folded| folded.len_utf8() == source.len());
            self.piece(source, bytewise);
            self.plain.push(c);
            self.coarse.extend(folded);
        });
    }

    fn barrier(&mut self) {
        if !self.plain.is_empty() && !self.plain.ends_with(BARRIER) {
            let at = self.pieces.last().map_or(0, |piece| piece.source.end);
            self.piece(Span::at(at), false);
            self.plain.push(BARRIER);
            self.coarse.push(BARRIER);
        }
    }

    /// Says where what is added next stands.
    fn piece(&mut self, source: Span, bytewise: bool) {
        let (coarse, plain) = (self.coarse.len(), self.plain.len());
        if let Some(last) = self.pieces.last_mut() {
            let goes_on = last.bytewise
                && bytewise
                && last.source.end == source.start
                && last.source.len() == plain - last.plain
                && last.source.len() == coarse - last.coarse;
            if goes_on {
                last.source.end = source.end;
                return;
            }
        }
        self.pieces.push(Piece { coarse, plain, source, bytewise });
    }

    /// The piece that holds byte `at` of the coarse text.
    fn piece_from(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(self.pieces.partition_point(|piece| piece.coarse <= at).checked_sub(1)?)
    }

    /// The piece that holds the byte before `at` of the coarse text.
    fn last_before(&self, at: usize) -> Option<usize> {
        self.pieces.partition_point(|piece| piece.coarse < at).checked_sub(1)
    }

    fn plain_end(&self, piece: usize) -> usize {
        self.pieces.get(piece + 1).map_or(self.plain.len(), |next| next.plain)
    }

    fn coarse_end(&self, piece: usize) -> usize {
        self.pieces.get(piece + 1).map_or(self.coarse.len(), |next| next.coarse)
    }
}
