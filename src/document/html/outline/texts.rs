//! The running text of a page as it is found. Decides how a stretch of text is cut; not what is text.

use memchr::memchr;

use crate::document::OptOut;
use crate::document::escape::{self, Context};
use crate::document::outline::{Shown, Text};
use crate::span::Span;

/// The texts found so far, and where the next one stands.
pub(super) struct Texts<'t> {
    text: &'t str,
    found: Vec<Text>,
    block: usize,
    /// Whether nothing was shown since a block began or ended.
    edge: bool,
    /// Why the next text is left alone.
    pub(super) opt_out: Option<OptOut>,
}

impl<'t> Texts<'t> {
    /// None yet, of a page with this `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), block: 0, edge: true, opt_out: None }
    }

    /// The block that the next text stands in.
    pub(super) fn block(&self) -> usize {
        self.block
    }

    /// From here on text stands in `block`.
    pub(super) fn enter(&mut self, block: usize) {
        self.block = block;
        self.edge = true;
    }

    /// Here a line ends, and nothing is shown of blanks that follow.
    pub(super) fn edge(&mut self) {
        self.edge = true;
    }

    /// Whether blanks that follow show nothing.
    pub(super) fn is_at_edge(&self) -> bool {
        self.edge
    }

    /// Records `span`.
    pub(super) fn put(&mut self, span: Span, shown: Shown) {
        self.edge = false;
        let (block, opt_out) = (self.block, self.opt_out);
        if shown == Shown::Verbatim
            && let Some(last) = self.found.last_mut()
            && (last.span.end, last.block, last.opt_out) == (span.start, block, opt_out)
            && last.shown == Shown::Verbatim
        {
            last.span.end = span.end;
            return;
        }
        if !span.is_empty() {
            self.found.push(Text { span, shown, block, opt_out });
        }
    }

    /// Records the text `span`, which takes no link where it stands `apart`, with character references cut out.
    pub(super) fn prose(&mut self, span: Span, apart: bool) {
        let raw = span.of(self.text);
        let bytes = if apart { Shown::Apart(None) } else { Shown::Bytes };
        if memchr(b'&', raw.as_bytes()).is_none() {
            return self.put(span, bytes);
        }
        let decoded = escape::decode(raw, Context::HtmlText);
        let mut from = span.start;
        for (place, stands_for) in decoded.escapes() {
            let place = Span::from(place).shifted(span.start);
            self.put(Span::new(from, place.start), bytes.clone());
            self.put(
                place,
                if apart { Shown::Apart(Some(stands_for.into())) } else { Shown::Decoded(stands_for.into()) },
            );
            from = place.end;
        }
        self.put(Span::new(from, span.end), bytes);
    }

    /// All of them, in order.
    pub(super) fn finish(self) -> Vec<Text> {
        self.found
    }
}
