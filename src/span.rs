//! Byte ranges of a page. Decides nothing; every module that speaks of a place in a page speaks in spans.

use std::ops::Range;

/// A half-open range of bytes, 0-based, into the page it was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// The empty span at `at`: a place to insert.
    pub fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether one of `spans`, which are sorted and share a byte at most, holds this one, their ends included.
    pub fn is_within_one_of(self, spans: &[Span]) -> bool {
        let first = spans.partition_point(|span| span.end < self.start);
        spans[first..].iter().take_while(|span| span.start <= self.start).any(|span| span.contains(self))
    }

    /// Whether byte `at` is one of this span's.
    pub fn holds(self, at: usize) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The text it covers; empty where the span is not one of `text`'s.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// This span moved right by `by` bytes.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

/// Whether one of `spans`, which are in order and share no byte, holds byte `at`.
pub fn one_holds(spans: &[Span], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.holds(at))
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// One stretch of an edited text and what it stands for in the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the edited text.
    pub after: Span,
    /// Bytes of the original that they replace; empty for an insertion.
    pub before: Span,
    /// Whether everything that a parser finds inside `after` is to be taken for nothing: an inserted notice, an
    /// attribute list behind a link.
    pub fold: bool,
}

/// A stretch of an edited text that lies outside every piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// Its bytes in the edited text.
    after: Span,
    /// Where it begins in the original.
    before: usize,
}

impl Gap {
    /// `span` led back to the original; `None` where it does not lie wholly in the gap.
    #[inline]
    pub fn back(self, span: Span) -> Option<Span> {
        self.after.contains(span).then(|| {
            let start = self.before + (span.start - self.after.start);
            Span::new(start, start + span.len())
        })
    }
}

/// Leads positions of an edited text back to the original.
///
/// The pieces are sorted by `after` and share no byte; between them the two texts are the same.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
}

impl OffsetMap {
    /// A map over `pieces`, which must be sorted and disjoint.
    pub fn new(pieces: Vec<Piece>) -> Self {
        debug_assert!(pieces.windows(2).all(|pair| pair[0].after.end <= pair[1].after.start));
        Self { pieces }
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The original offset of byte `at` of the edited text; `None` inside a piece.
    ///
    /// At the first byte of a piece it is the first byte replaced, at its end one past the last.
    pub fn back(&self, at: usize) -> Option<usize> {
        // the last piece that starts before `at`: a position where one starts is still outside it
        let index = self.pieces.partition_point(|piece| piece.after.start < at);
        let Some(piece) = index.checked_sub(1).map(|index| self.pieces[index]) else {
            return Some(at);
        };
        (piece.after.end <= at).then(|| piece.before.end + (at - piece.after.end))
    }

    /// The gap that byte `at` of the edited text lies in; `None` inside a piece and at a piece without bytes, where only
    /// [`Self::back`] knows on which side of it `at` is.
    pub fn gap(&self, at: usize) -> Option<Gap> {
        let next = self.pieces.partition_point(|piece| piece.after.end <= at);
        let (start, before) = next.checked_sub(1).map_or((0, 0), |last| {
            let Piece { after, before, .. } = self.pieces[last];
            let past = usize::from(after.is_empty());
            (after.end + past, before.end + past)
        });
        let end = self.pieces.get(next).map_or(usize::MAX, |piece| piece.after.start);
        (start <= at && at <= end).then(|| Gap { after: Span::new(start, end), before })
    }

    /// Both ends of `span` led back; `None` where one lies inside a piece.
    pub fn back_span(&self, span: Span) -> Option<Span> {
        let (start, end) = (self.back(span.start)?, self.back(span.end)?);
        (start <= end).then(|| Span::new(start, end))
    }

    /// Whether `span` lies wholly inside a piece that folds; one without bytes, between two bytes of the piece.
    pub fn folds(&self, span: Span) -> bool {
        let index = self.pieces.partition_point(|piece| piece.after.end <= span.start);
        let within =
            |piece: &Piece| piece.after.contains(span) && !(span.is_empty() && span.start == piece.after.start);
        self.pieces.get(index).is_some_and(|piece| piece.fold && within(piece))
    }

    /// Whether `span` holds a byte of a piece that does not fold.
    pub fn touches(&self, span: Span) -> bool {
        let first = self.pieces.partition_point(|piece| piece.after.end <= span.start);
        let near = self.pieces[first..].iter().take_while(|piece| piece.after.start < span.end);
        near.filter(|piece| !piece.fold).any(|piece| !piece.after.is_empty())
    }

    /// The parts of `span` that lie outside every piece that folds, in order.
    pub fn unfolded(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.pieces.partition_point(|piece| piece.after.end <= span.start);
        let mut from = span.start;
        // the end first: of many pieces few may fold
        let near = self.pieces[first..].iter().take_while(move |piece| piece.after.start < span.end);
        let cuts = near.filter(|piece| piece.fold).map(|piece| piece.after);
        cuts.chain(std::iter::once(Span::at(span.end))).filter_map(move |cut| {
            let part = (from < cut.start).then(|| Span::new(from, cut.start));
            from = from.max(cut.end);
            part
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn positions_lead_back_through_replacements_and_insertions() {
        // "abcDEFgh" -> "abcXXgh!!": DEF became XX, !! was inserted at the end
        let map = OffsetMap::new(vec![
            Piece { after: Span::new(3, 5), before: Span::new(3, 6), fold: false },
            Piece { after: Span::new(7, 9), before: Span::at(8), fold: true },
        ]);
        let back: Vec<_> = (0..=9).map(|at| map.back(at)).collect();
        assert_eq!(back, [Some(0), Some(1), Some(2), Some(3), None, Some(6), Some(7), Some(8), None, Some(8)]);
        assert!(map.folds(Span::new(7, 9)) && !map.folds(Span::new(6, 9)) && !map.folds(Span::new(3, 5)));
        assert!(
            map.folds(Span::at(8)) && !map.folds(Span::at(7)) && !map.folds(Span::at(9)) && !map.folds(Span::at(4))
        );
        assert_eq!(map.unfolded(Span::new(2, 9)).collect::<Vec<_>>(), [Span::new(2, 7)]);
    }

    proptest! {
        #[test]
        fn a_gap_leads_back_as_the_map_does(
            lengths in prop::collection::vec((0..3_usize, 0..3_usize, 0..3_usize, any::<bool>()), 0..6),
            start in 0..20_usize,
            length in 0..5_usize,
        ) {
            let (mut after, mut before) = (0, 0);
            let pieces = lengths.into_iter().map(|(apart, new, old, fold)| {
                (after, before) = (after + apart, before + apart);
                let piece = Piece { after: Span::new(after, after + new), before: Span::new(before, before + old), fold };
                (after, before) = (piece.after.end, piece.before.end);
                piece
            });
            let map = OffsetMap::new(pieces.collect());
            let span = Span::new(start, start + length);
            if let Some(back) = map.gap(start).and_then(|gap| gap.back(span)) {
                prop_assert_eq!(map.back_span(span), Some(back));
                prop_assert!(!map.folds(span) && !map.touches(span));
                let unfolded: Vec<_> = map.unfolded(span).collect();
                prop_assert!(unfolded == [span] || span.is_empty());
            }
        }
    }
}
