//! HTML pages and HTML inside Markdown.

use crate::document::directive::Directive;
use crate::document::skeleton::Skeleton;
use crate::document::{Document, Link, OptOut, ParseError, ParseOptions};
use crate::span::{OffsetMap, Span};

/// What one pass over HTML finds.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Every `a[href]` and `area[href]`, by where it starts; no two overlap.
    pub links: Vec<Link>,
    /// Where nothing is edited: code, scripts, comments and the like, sorted; they may lie in one another.
    pub inert: Vec<Span>,
    /// Every `a` element, with or without `href`, from its start tag to its end tag.
    pub anchors: Vec<Span>,
    /// Elements that the author took out of all edits, and how.
    pub off: Vec<(Span, OptOut)>,
    /// The comments that switch edits off and on.
    pub directives: Vec<(Span, Directive)>,
}

/// Reads the HTML inside a Markdown page.
///
/// `view` is as long as the page, with everything that is not HTML blanked, so that all spans are the page's own.
/// Tags, comments and text other than links' own tags go into `skeleton`.
pub fn scan_embedded(view: &str, options: &ParseOptions, skeleton: &mut Skeleton<'_>) -> Result<Scan, ParseError> {
    let _ = (view, options, skeleton);
    Ok(Scan::default())
}

/// Reads an HTML page; for `edits` see [`crate::document::parse`].
pub fn parse(text: &str, options: &ParseOptions, edits: Option<&OffsetMap>) -> Result<Document, ParseError> {
    let _ = (text, options, edits);
    Err(ParseError::Html("not yet read".into()))
}
