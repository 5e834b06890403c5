//! Proves that an edited page is the original but for what was planned: it is parsed again, led back through the edits
//! and compared. Decides whether a page may be written; needs to know nothing of plans or programs.

mod removal;

use thiserror::Error;

use crate::document::{self, Context, Document, Link, ParseError, ParseOptions};
use crate::edit::apply::{Applied, ApplyError, apply};
use crate::edit::{Change, Edit, Expectation, NewLink};
use crate::source::{Format, Skip, Source};
use crate::span::{OffsetMap, Span};

/// How an edited page differs from what was planned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// The edits cannot be applied.
    #[error("{0}")]
    Apply(#[from] ApplyError),
    /// The result cannot be read.
    #[error("the edited page is {0}")]
    Unreadable(#[from] Skip),
    /// The result cannot be parsed.
    #[error("{0}")]
    Parse(#[from] ParseError),
    /// More or fewer links than planned.
    #[error("the page would have {after} links instead of {before}")]
    LinkCount {
        /// Links in the original and planned.
        before: usize,
        /// Links in the result.
        after: usize,
    },
    /// A link is not what was planned, or changed without a plan.
    #[error("the link at byte {at} of the original would differ in its {what}")]
    Link {
        /// Where the link stands in the original.
        at: usize,
        /// What differs.
        what: &'static str,
    },
    /// Something other than links changed.
    #[error("text or structure outside links would change")]
    Structure,
}

/// A page whose edits were proven.
#[derive(Debug)]
pub struct Verified {
    /// The page after the edits and where each edit's text stands.
    pub applied: Applied,
    /// The edited page, parsed.
    pub document: Document,
}

/// Applies `changes` to `source` and proves the result against `original`, its parse under the same `options`.
///
/// What is taken out is proven by the way back: put into the page without it and folded, it gives the page as it was.
pub fn verify(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    original: &Document,
    changes: &[Change],
) -> Result<Verified, Mismatch> {
    if changes.iter().any(|change| !change.gone.is_empty()) {
        return removal::verify_unlinked(source, format, options, original, changes);
    }
    if changes.iter().flat_map(|change| &change.edits).any(Edit::is_removal) {
        return removal::verify(source, format, options, original, changes);
    }
    prove(source, format, options, original, changes)
}

fn prove(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    original: &Document,
    changes: &[Change],
) -> Result<Verified, Mismatch> {
    let order = in_order(changes);
    let edits: Vec<&Edit> = order.iter().map(|&(change, edit)| &changes[change].edits[edit]).collect();
    let applied = apply(source.bytes(), &edits)?;
    let edited = Source::read(&applied.bytes, format)?;
    let document = document::parse(&edited, format, options, Some(&applied.map))?;
    let expected = by_link(original.links.len(), changes);
    let mut new_links: Vec<&NewLink> = changes.iter().flat_map(|change| &change.new_links).collect();
    new_links.sort_by_key(|link| link.text.start);
    let wanted = original.links.len() + new_links.len();
    if document.links.len() != wanted {
        return Err(Mismatch::LinkCount { before: wanted, after: document.links.len() });
    }
    let mut new_links = new_links.into_iter().peekable();
    let mut old_links = original.links.iter().zip(expected);
    for after in &document.links {
        let text = applied.map.back_span(after.text).filter(|_| !after.kind.is_value());
        if let Some(new) = new_links.next_if(|new| text == Some(new.text)) {
            if let Some(what) = missing(new, after) {
                return Err(Mismatch::Link { at: new.text.start, what });
            }
            continue;
        }
        let Some((before, expected)) = old_links.next() else {
            return Err(Mismatch::LinkCount { before: wanted, after: document.links.len() });
        };
        if let Some(what) = difference(before, after, expected, &applied.map) {
            return Err(Mismatch::Link { at: before.element.start, what });
        }
    }
    if document.skeleton != original.skeleton {
        return Err(Mismatch::Structure);
    }
    Ok(Verified { applied, document })
}

/// Every edit of `changes`, as indices of the change and of the edit in it, by where it starts; of two at one place, the
/// insertion first.
pub fn in_order(changes: &[Change]) -> Vec<(usize, usize)> {
    let of_change = |(index, change): (usize, &Change)| (0..change.edits.len()).map(move |edit| (index, edit));
    let mut order: Vec<_> = changes.iter().enumerate().flat_map(of_change).collect();
    order.sort_by_key(|&(change, edit)| {
        let span = changes[change].edits[edit].span;
        (span.start, span.end)
    });
    order
}

fn by_link(links: usize, changes: &[Change]) -> Vec<Option<&Expectation>> {
    let mut expected = vec![None; links];
    for expectation in changes.iter().flat_map(|change| &change.expect) {
        if let Some(slot) = expected.get_mut(expectation.link) {
            *slot = Some(expectation);
        }
    }
    expected
}

fn difference(before: &Link, after: &Link, expected: Option<&Expectation>, map: &OffsetMap) -> Option<&'static str> {
    let (destination, rel, target) = match expected {
        Some(expected) => (expected.destination.as_str(), expected.rel.as_deref(), expected.target.as_deref()),
        None => (before.destination.value.as_str(), rel_of(before), target_of(before)),
    };
    if after.destination.value != destination {
        Some("destination")
    } else if rel_of(after) != rel {
        Some("`rel`")
    } else if target_of(after) != target {
        Some("`target`")
    } else if after.title != before.title {
        Some("title")
    } else if others_of(after) != others_of(before) {
        Some("attributes")
    } else if expected.is_none() && after.kind != before.kind {
        Some("kind")
    } else if place(after, Some(map)) != place(before, None) {
        Some("place")
    } else {
        None
    }
}

/// What `found` lacks of the link that was planned.
fn missing(planned: &NewLink, found: &Link) -> Option<&'static str> {
    if found.destination.value != planned.destination {
        Some("destination")
    } else if rel_of(found) != planned.rel.as_deref() {
        Some("`rel`")
    } else if target_of(found) != planned.target.as_deref() {
        Some("`target`")
    } else if found.title.is_some() || others_of(found) != 0 {
        Some("attributes")
    } else {
        None
    }
}

/// What identifies a link in both pages: the bytes that the reader clicks, or where its value starts.
fn place(link: &Link, map: Option<&OffsetMap>) -> Option<Span> {
    // quotes may be new
    let quote = usize::from(matches!(link.destination.context, Context::Argument { quote: Some(_) }));
    let value = Span::at(link.destination.span.start.saturating_sub(quote));
    let place = if link.kind.is_value() { value } else { link.text };
    match map {
        None => Some(place),
        Some(map) => map.back_span(place),
    }
}

fn rel_of(link: &Link) -> Option<&str> {
    link.attributes.as_ref()?.rel.as_ref().map(crate::document::Attribute::text)
}

fn target_of(link: &Link) -> Option<&str> {
    link.attributes.as_ref()?.target.as_ref().map(crate::document::Attribute::text)
}

fn others_of(link: &Link) -> u64 {
    link.attributes.as_ref().map_or(0, |attributes| attributes.others)
}
