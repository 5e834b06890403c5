//! A hash of what a parser sees of a page, links apart. Decides what counts as the same structure.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::span::{Gap, OffsetMap, Span};

/// Hashes the events of one parse: each event's kind and place, and which bytes are rendered text.
///
/// Links are left out: the opening and closing of a link is no event here, so that a page whose links were rewritten
/// has the skeleton it had before. Bytes between edits are the same in both texts, so places alone tell two streams
/// apart; places are those of the original text.
pub struct Skeleton<'m> {
    hasher: FxHasher,
    edits: Option<&'m OffsetMap>,
    /// Where the last place was found: events come nearly in order, and most lie far from any edit.
    gap: Gap,
    text: Span,
}

impl std::fmt::Debug for Skeleton<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Skeleton").field("edits", &self.edits).field("text", &self.text).finish_non_exhaustive()
    }
}

impl<'m> Skeleton<'m> {
    /// An empty skeleton; with `edits`, places of an edited text are led back to the original.
    pub fn new(edits: Option<&'m OffsetMap>) -> Self {
        Self { hasher: FxHasher::default(), edits, gap: Gap::default(), text: Span::default() }
    }

    /// Records an event: `kind` tells events of different meaning apart, `span` is where it stands.
    #[inline]
    pub fn mark(&mut self, kind: u64, span: Span) {
        match self.edits {
            None => self.record(kind, Some(span)),
            Some(edits) => match self.gap.back(span) {
                Some(place) => self.record(kind, Some(place)),
                None => self.mark_elsewhere(edits, kind, span),
            },
        }
    }

    /// [`Self::mark`] outside the last gap.
    #[inline(never)]
    fn mark_elsewhere(&mut self, edits: &OffsetMap, kind: u64, span: Span) {
        match self.away(edits, span) {
            None if edits.folds(span) => {}
            None => self.record(kind, edits.back_span(span)),
            place => self.record(kind, place),
        }
    }

    #[inline]
    fn record(&mut self, kind: u64, place: Option<Span>) {
        self.flush();
        self.hasher.write_u64(kind);
        match place {
            Some(place) => {
                self.hasher.write_usize(place.start);
                self.hasher.write_usize(place.end);
            }
            // an event inside an edit is one that the original cannot have had
            None => self.hasher.write_u64(u64::MAX),
        }
    }

    /// Records that `span` is rendered as text. Adjoining spans count as one, however the parser cuts them.
    #[inline]
    pub fn text(&mut self, span: Span) {
        let Some(edits) = self.edits else {
            self.grow(Some(span));
            return;
        };
        match self.gap.back(span) {
            Some(place) => self.grow(Some(place)),
            None => self.text_elsewhere(edits, span),
        }
    }

    /// [`Self::text`] outside the last gap.
    #[inline(never)]
    fn text_elsewhere(&mut self, edits: &OffsetMap, span: Span) {
        if let Some(place) = self.away(edits, span) {
            self.grow(Some(place));
            return;
        }
        for part in edits.unfolded(span) {
            // an edit's own bytes shown as text are nothing the original can have had
            self.grow(if edits.touches(part) { None } else { edits.back_span(part) });
        }
    }

    /// The hash of all that was recorded.
    pub fn finish(mut self) -> u64 {
        self.flush();
        self.hasher.finish()
    }

    /// Where `span`, which is not in the last gap, stands in the original if it lies away from all edits.
    fn away(&mut self, edits: &OffsetMap, span: Span) -> Option<Span> {
        self.gap = edits.gap(span.start)?;
        self.gap.back(span)
    }

    #[inline]
    fn grow(&mut self, part: Option<Span>) {
        match part {
            Some(part) if part.is_empty() => {}
            Some(part) if part.start == self.text.end && !self.text.is_empty() => self.text.end = part.end,
            Some(part) => {
                self.flush();
                self.text = part;
            }
            None => {
                self.flush();
                self.hasher.write_u64(u64::MAX);
            }
        }
    }

    #[inline]
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.hasher.write_usize(self.text.start);
            self.hasher.write_usize(self.text.end);
            self.text = Span::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Piece;

    fn hash(edits: Option<&OffsetMap>, record: impl Fn(&mut Skeleton<'_>)) -> u64 {
        let mut skeleton = Skeleton::new(edits);
        record(&mut skeleton);
        skeleton.finish()
    }

    #[test]
    fn text_is_the_same_however_it_is_cut() {
        let whole = hash(None, |skeleton| skeleton.text(Span::new(0, 9)));
        let parts = hash(None, |skeleton| {
            skeleton.text(Span::new(0, 4));
            skeleton.text(Span::new(4, 9));
        });
        let gap = hash(None, |skeleton| {
            skeleton.text(Span::new(0, 4));
            skeleton.text(Span::new(5, 9));
        });
        assert_eq!(whole, parts);
        assert_ne!(whole, gap);
    }

    #[test]
    fn a_wrapped_stretch_of_text_leads_back_to_the_plain_one() {
        // "see URL now" -> "see [URL](x) now"
        let plain = hash(None, |skeleton| skeleton.text(Span::new(0, 11)));
        let edits = OffsetMap::new(vec![
            Piece { after: Span::new(4, 5), before: Span::at(4), fold: false },
            Piece { after: Span::new(8, 12), before: Span::at(7), fold: false },
        ]);
        let wrapped = hash(Some(&edits), |skeleton| {
            skeleton.text(Span::new(0, 4));
            skeleton.text(Span::new(5, 8));
            skeleton.text(Span::new(12, 16));
        });
        assert_eq!(plain, wrapped);
        let broken = hash(Some(&edits), |skeleton| skeleton.text(Span::new(0, 16)));
        assert_ne!(broken, plain, "brackets that show are seen");
    }

    #[test]
    fn what_folds_is_nothing() {
        let before = hash(None, |skeleton| skeleton.mark(1, Span::new(0, 5)));
        let edits = OffsetMap::new(vec![Piece { after: Span::new(0, 7), before: Span::at(0), fold: true }]);
        let after = hash(Some(&edits), |skeleton| {
            skeleton.mark(1, Span::new(0, 7));
            skeleton.text(Span::new(0, 6));
            skeleton.mark(1, Span::new(7, 12));
        });
        assert_eq!(before, after);
    }
}
