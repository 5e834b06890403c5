//! Where on a page the notice goes. Decides between which bytes it stands and what stands around it there; what it says is
//! decided elsewhere.

mod html;
mod markdown;
mod nest;

use crate::config::policy::NoticePlace;
use crate::document::Document;
use crate::span::Span;

pub use self::markdown::begins_page;

/// A place for the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where it is inserted, a byte.
    pub at: usize,
    /// What stands before it: line ends and indentation.
    pub before: String,
    /// What stands behind it.
    pub behind: String,
    /// Whether no text stands before it, so that excerpts begin with it.
    pub begins_page: bool,
}

/// What makes the notice necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A link that readers see there, a byte.
    Link(usize),
    /// Values alone: the place of the first that stands in the body.
    Value(usize),
    /// What no reading order tells the place of: values in front matter, links outside the content.
    Elsewhere,
}

/// Where the notice goes on the page `text`, which needs its outline; `None` where there is no place for it.
pub fn slot(text: &str, document: &Document, place: NoticePlace, cause: Cause) -> Option<Slot> {
    if document.format.is_markdown() {
        markdown::slot(text, document, place, cause)
    } else {
        html::slot(text, document, place, cause)
    }
}

/// The bytes to take out with the own text at `span`, so that the page is as it was before it was put in.
pub fn removal(text: &str, document: &Document, span: Span) -> Span {
    if document.format.is_markdown() { markdown::removal(text, span) } else { html::removal(text, span) }
}
