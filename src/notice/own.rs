//! What affilink itself wrote on a page: notices, sentences, in exactly their bytes. Decides what counts as its own; what
//! only resembles it is its author's.

use crate::disclosure::{Own, Written};
use crate::document::Document;
use crate::document::outline::{Block, BlockKind, Outline, Shown};
use crate::notice::lines;
use crate::source::Format;
use crate::span::Span;

/// An own text that stands on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFound {
    /// Its bytes on the page, without the lines around it.
    pub span: Span,
    /// What it is.
    pub own: Own,
}

/// The own texts of the page `text`, in its order: whole blocks that are exactly one of `written`.
pub fn find(text: &str, document: &Document, written: &Written) -> Vec<OwnFound> {
    let Some(outline) = &document.outline else { return Vec::new() };
    let mut found: Vec<OwnFound> = Vec::new();
    for (span, own) in written.hits(text) {
        let free = found.last().is_none_or(|last| last.span.end <= span.start);
        if free && is_whole(text, document.format, outline, span) {
            found.push(OwnFound { span, own: own.clone() });
        }
    }
    found
}

/// Whether `span` is a block of its own, or several, that readers see.
fn is_whole(text: &str, format: Format, outline: &Outline, span: Span) -> bool {
    let first = outline.texts.partition_point(|shown| shown.span.end <= span.start);
    let mut inside =
        outline.texts.get(first..).unwrap_or_default().iter().take_while(|shown| shown.span.start < span.end);
    // in an `a` that nobody closed all text is verbatim
    let Some(shown) = inside.find(|shown| shown.shown != Shown::Obstacle) else {
        return format.is_markdown() && is_given(text, outline, span);
    };
    if outline.is_within(shown.block, |kind| kind == BlockKind::Code) {
        return false;
    }
    if format == Format::Html {
        return true;
    }
    let line = text.get(..span.start).unwrap_or_default();
    let line = line.get(lines::last(line)..).unwrap_or_default().trim_start_matches('\u{feff}');
    // an element that nobody closed holds all that follows
    let is_element = |block: &Block| matches!(block.kind, BlockKind::Page | BlockKind::Html | BlockKind::Box);
    // rules and definitions are no blocks: a text may begin with one
    let begins = |block: &Block| is_element(block) || block.span.start >= span.start;
    let at_top = outline.around(shown.block).all(begins) && outline.around(outline.block_at(span.start)).all(begins);
    line.trim().is_empty() && at_top && ends_block(text.get(span.end..).unwrap_or_default())
}

/// Whether `span` is a shortcode or a component between blank lines: what it is given as a text is none to Markdown's reader.
fn is_given(text: &str, outline: &Outline, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let above = lines::without_end(before).map(|above| above.get(lines::last(above)..).unwrap_or_default());
    let begins = before.trim_start_matches('\u{feff}').is_empty()
        || before.ends_with(['\n', '\r'])
            && above.is_none_or(|above| above.trim().is_empty() || above.starts_with("---"));
    let is_tag = ["{{", "{%", "<"].iter().any(|open| span.of(text).starts_with(open));
    let in_code = outline.is_within(outline.block_at(span.start), |kind| kind == BlockKind::Code);
    is_tag && begins && !in_code && ends_block(text.get(span.end..).unwrap_or_default())
}

/// Whether nothing stands on the line at the beginning of `behind`, nor on the next.
fn ends_block(behind: &str) -> bool {
    let line = lines::first(behind);
    let next = lines::first(behind.get(line.len()..).unwrap_or_default());
    line.trim().is_empty() && next.trim().is_empty()
}
