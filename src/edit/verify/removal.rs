//! Proves edits that take something out. The page without it is what the other edits are proven against; that page itself
//! is proven by the way back.

use super::{Mismatch, Verified, difference, prove};
use crate::document::{self, Document, ParseOptions};
use crate::edit::apply::{ApplyError, apply};
use crate::edit::{Change, Edit, Expectation, NewLink};
use crate::source::{Format, Source};
use crate::span::{OffsetMap, Piece, Span};

/// See [`super::verify`].
pub(super) fn verify(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    original: &Document,
    changes: &[Change],
) -> Result<Verified, Mismatch> {
    let edits = sorted(changes.iter());
    let applied = apply(source.bytes(), &edits)?;
    let removals: Vec<&Edit> = edits.iter().copied().filter(|edit| edit.is_removal()).collect();
    let without = apply(source.bytes(), &removals)?;
    let base_source = Source::read(&without.bytes, format)?;
    let base = document::parse(&base_source, format, options, None)?;
    let removed = Removed::of(&removals, original);
    prove_way_back(source, format, options, &base, &removed)?;
    let rest: Vec<Change> = changes.iter().map(|change| removed.without(change)).collect::<Result<_, _>>()?;
    let proven = prove(&base_source, format, options, &base, &rest)?;
    if proven.applied.bytes == applied.bytes {
        Ok(Verified { applied, document: proven.document })
    } else {
        Err(Mismatch::Structure)
    }
}

/// As [`verify`], where links become their text: the page with the texts alone is what the other edits are proven against;
/// that page itself is proven by the way back, on which its texts become those links.
pub(super) fn verify_unlinked(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    original: &Document,
    changes: &[Change],
) -> Result<Verified, Mismatch> {
    let edits = sorted(changes.iter());
    let applied = apply(source.bytes(), &edits)?;
    let unlinks = || changes.iter().filter(|change| !change.gone.is_empty());
    let removals = sorted(unlinks());
    let without = apply(source.bytes(), &removals)?;
    let base_source = Source::read(&without.bytes, format)?;
    let base = document::parse(&base_source, format, options, None)?;
    let mut removed = Removed::of(&removals, original);
    let back: Vec<Change> =
        unlinks().map(|change| removed.relinked(source, original, change)).collect::<Result<_, _>>()?;
    if prove(&base_source, format, options, &base, &back)?.applied.bytes != source.bytes() {
        return Err(Mismatch::Structure);
    }
    let mut gone: Vec<usize> = unlinks().flat_map(|change| &change.gone).copied().collect();
    gone.sort_unstable();
    let mut kept = 0;
    for (index, link) in removed.links.iter_mut().enumerate() {
        *link = gone.binary_search(&index).is_err().then_some(kept);
        kept += usize::from(link.is_some());
    }
    let rest = changes.iter().filter(|change| change.gone.is_empty());
    let rest: Vec<Change> = rest.map(|change| removed.moved(change)).collect::<Result<_, _>>()?;
    let proven = super::verify(&base_source, format, options, &base, &rest)?;
    if proven.applied.bytes == applied.bytes {
        Ok(Verified { applied, document: proven.document })
    } else {
        Err(Mismatch::Structure)
    }
}

/// The edits of `changes`, by where they start.
fn sorted<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<&'c Edit> {
    let mut edits: Vec<&Edit> = changes.flat_map(|change| &change.edits).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits
}

/// That what was removed, put back and folded, gives the page as it was.
fn prove_way_back(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    base: &Document,
    removed: &Removed,
) -> Result<(), Mismatch> {
    let back = removed.way_back();
    let again = document::parse(source, format, options, Some(&back))?;
    if again.links.len() != base.links.len() {
        return Err(Mismatch::LinkCount { before: again.links.len(), after: base.links.len() });
    }
    for (before, after) in base.links.iter().zip(&again.links) {
        if let Some(what) = difference(before, after, None, &back) {
            return Err(Mismatch::Link { at: after.element.start, what });
        }
    }
    if again.skeleton == base.skeleton { Ok(()) } else { Err(Mismatch::Structure) }
}

/// What is taken out of a page, in order.
struct Removed {
    spans: Vec<Span>,
    /// How many bytes are gone before the end of each span.
    gone: Vec<usize>,
    /// For each link of the page, which one it is without what is taken out.
    links: Vec<Option<usize>>,
}

impl Removed {
    fn of(removals: &[&Edit], original: &Document) -> Self {
        let spans: Vec<Span> = removals.iter().map(|edit| edit.span).collect();
        let mut sum = 0;
        let gone = spans.iter().map(|span| {
            sum += span.len();
            sum
        });
        let gone = gone.collect();
        let mut kept = 0;
        let links = original.links.iter().map(|link| {
            let next = spans.partition_point(|span| span.end <= link.element.start);
            let stays = spans.get(next).is_none_or(|span| !span.contains(link.element));
            let index = stays.then_some(kept);
            kept += usize::from(stays);
            index
        });
        let links = links.collect();
        Self { spans, gone, links }
    }

    /// Leads from the page without what is taken out to the page as it is.
    fn way_back(&self) -> OffsetMap {
        let pieces = self.spans.iter().zip(&self.gone).map(|(&span, gone)| Piece {
            after: span,
            before: Span::at(span.end.saturating_sub(*gone)),
            fold: true,
        });
        OffsetMap::new(pieces.collect())
    }

    /// `span` on the page without what is taken out.
    fn lead(&self, span: Span) -> Result<Span, ApplyError> {
        let next = self.spans.partition_point(|removed| removed.end <= span.start);
        if self.spans.get(next).is_some_and(|removed| removed.start < span.end) {
            return Err(ApplyError::Overlap(span.start));
        }
        let gone = next.checked_sub(1).and_then(|last| self.gone.get(last)).copied().unwrap_or(0);
        Ok(Span::new(span.start - gone.min(span.start), span.end - gone.min(span.end)))
    }

    /// The change that makes the link of `change`, which leaves its text alone, a link again.
    fn relinked(&self, source: &Source<'_>, original: &Document, change: &Change) -> Result<Change, ApplyError> {
        let link = change.gone.first().and_then(|&link| original.links.get(link)).ok_or(ApplyError::Outside(0))?;
        let text = self.lead(link.text)?;
        let bytes = |from: usize, to: usize| source.text().get(from..to).unwrap_or_default().to_owned();
        let end = change.hull().map_or(link.element.end, |hull| hull.end);
        let mut edits = vec![
            Edit::insert(text.start, bytes(link.element.start, link.text.start)),
            Edit::insert(text.end, bytes(link.text.end, link.element.end)),
        ];
        if end > link.element.end {
            edits.push(Edit::insert_folded(text.end, bytes(link.element.end, end)));
        }
        let new_link = NewLink {
            text,
            destination: link.destination.value.clone(),
            rel: super::rel_of(link).map(str::to_owned),
            target: super::target_of(link).map(str::to_owned),
        };
        Ok(Change { edits, new_links: vec![new_link], ..Change::default() })
    }

    /// `change` on the page without what is taken out, whatever it does.
    fn moved(&self, change: &Change) -> Result<Change, ApplyError> {
        let edits = change.edits.iter().map(|edit| Ok(Edit { span: self.lead(edit.span)?, ..edit.clone() }));
        let edits = edits.collect::<Result<_, ApplyError>>()?;
        Ok(Change { edits, ..self.without(&Change { edits: Vec::new(), ..change.clone() })? })
    }

    /// `change` on the page without what is taken out.
    fn without(&self, change: &Change) -> Result<Change, ApplyError> {
        let edits = change.edits.iter().filter(|edit| !edit.is_removal());
        let edits = edits.map(|edit| Ok(Edit { span: self.lead(edit.span)?, ..edit.clone() }));
        let expect = change.expect.iter().filter_map(|expected| {
            let link = *self.links.get(expected.link)?;
            Some(Expectation { link: link?, ..expected.clone() })
        });
        let new_links = change.new_links.iter();
        let new_links = new_links.map(|link| Ok(NewLink { text: self.lead(link.text)?, ..link.clone() }));
        Ok(Change {
            edits: edits.collect::<Result<_, ApplyError>>()?,
            expect: expect.collect(),
            gone: change.gone.iter().filter_map(|&link| *self.links.get(link)?).collect(),
            new_links: new_links.collect::<Result<_, ApplyError>>()?,
        })
    }
}
