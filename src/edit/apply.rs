//! Applies edits to bytes. Decides nothing; every byte outside an edit is copied.

use thiserror::Error;

use crate::edit::Edit;
use crate::span::{OffsetMap, Piece, Span};

/// An edited page.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The page after the edits.
    pub bytes: Vec<u8>,
    /// Leads its offsets back to the page before them.
    pub map: OffsetMap,
    /// Where each edit's text stands now, in the order given.
    pub placed: Vec<Span>,
}

/// Edits that cannot be applied together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ApplyError {
    /// Two edits share a byte, or they are not in order.
    #[error("edits overlap at byte {0}")]
    Overlap(usize),
    /// An edit lies outside the page.
    #[error("an edit ends at byte {0}, behind the end of the page")]
    Outside(usize),
}

/// Applies `edits`, which must be sorted by where they start and share no byte.
pub fn apply(bytes: &[u8], edits: &[&Edit]) -> Result<Applied, ApplyError> {
    let grown: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = Vec::with_capacity(bytes.len() + grown);
    let mut pieces = Vec::with_capacity(edits.len());
    let mut placed = Vec::with_capacity(edits.len());
    let mut from = 0;
    for edit in edits {
        if edit.span.start < from {
            return Err(ApplyError::Overlap(edit.span.start));
        }
        let kept = bytes.get(from..edit.span.start).ok_or(ApplyError::Outside(edit.span.end))?;
        out.extend_from_slice(kept);
        let at = out.len();
        out.extend_from_slice(edit.text.as_bytes());
        let after = Span::new(at, out.len());
        pieces.push(Piece { after, before: edit.span, fold: edit.fold });
        placed.push(after);
        from = edit.span.end;
    }
    out.extend_from_slice(bytes.get(from..).ok_or(ApplyError::Outside(from))?);
    Ok(Applied { bytes: out, map: OffsetMap::new(pieces), placed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_that_overlap_or_run_out_are_refused() {
        let first = Edit::replace(Span::new(0, 3), "x");
        let second = Edit::insert(2, "y");
        assert_eq!(apply(b"abcd", &[&first, &second]).map(|_| ()), Err(ApplyError::Overlap(2)));
        let outside = Edit::replace(Span::new(3, 9), "x");
        assert_eq!(apply(b"abcd", &[&outside]).map(|_| ()), Err(ApplyError::Outside(9)));
    }

    proptest! {
        #[test]
        fn bytes_outside_edits_stay(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            cuts in prop::collection::btree_set(0_usize..60, 0..8),
            text in "[a-c]{0,4}",
        ) {
            let cuts: Vec<_> = cuts.into_iter().filter(|&at| at <= bytes.len()).collect();
            let edits: Vec<_> =
                cuts.chunks_exact(2).map(|pair| Edit::replace(Span::new(pair[0], pair[1]), text.clone())).collect();
            let applied = apply(&bytes, &edits.iter().collect::<Vec<_>>()).expect("sorted and disjoint");
            let mut undone = applied.bytes.clone();
            for (edit, place) in edits.iter().zip(&applied.placed).rev() {
                prop_assert_eq!(&undone[place.start..place.end], edit.text.as_bytes());
                undone.splice(place.start..place.end, bytes[edit.span.start..edit.span.end].iter().copied());
            }
            prop_assert_eq!(undone, bytes);
        }
    }
}
