//! Bare URLs in the text of a Markdown page, as the walk comes to it. The parser cuts a URL up at every character that
//! might be markup; what is one URL is decided on the page's own bytes, within running text. Decides which of them are
//! certain enough to be edited.

use crate::document::bare::{self, Begins};
use crate::document::escape::{self, Context};
use crate::document::{Field, Link, LinkKind, ReadOnly};
use crate::span::Span;

/// What ends running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Barrier {
    /// The end of a block or of a line.
    Block,
    /// Template syntax or JSX.
    Mask,
    /// A link, an image, code or math.
    Inline,
}

/// The bare URLs of one chunk.
#[derive(Debug, Default)]
pub(super) struct Plain {
    next: usize,
    pending: Option<Pending>,
    /// Whether nothing of the line's text was seen yet.
    line_start: bool,
    /// Where the last URL ended.
    done: usize,
    wikis: Option<Vec<Span>>,
    /// Whether the text stands in a table cell.
    pub(super) cell: bool,
    found: Vec<Found>,
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    start: usize,
    end: usize,
    /// Whether it may be more or less than a URL.
    unsure: bool,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    url: Span,
    cell: bool,
    read_only: Option<ReadOnly>,
}

impl Plain {
    /// Bare URLs behind byte `from`, of those that `candidates` has.
    pub(super) fn new(candidates: &[usize], from: usize) -> Self {
        Self { next: candidates.partition_point(|&at| at < from), line_start: true, ..Self::default() }
    }

    /// Comes to running text at `part`.
    #[inline]
    pub(super) fn text(&mut self, text: &str, candidates: &[usize], part: Span) {
        let line_start = std::mem::replace(&mut self.line_start, false);
        // most text holds no URL
        if self.pending.is_none() && candidates.get(self.next).is_none_or(|&start| start >= part.end) {
            return;
        }
        self.urls(text, candidates, part, line_start);
    }

    fn urls(&mut self, text: &str, candidates: &[usize], part: Span, line_start: bool) {
        if let Some(pending) = self.pending {
            if part.end < pending.end && part.start < pending.end {
                return;
            }
            self.close(text, pending.end, None);
        }
        while let Some(&start) = candidates.get(self.next).filter(|&&start| start < part.end) {
            self.next += 1;
            // text that begins behind `>` stands behind a tag
            let opens =
                start == part.start && (line_start || text.get(..start).is_some_and(|before| before.ends_with('>')));
            let begins = if opens { Begins::Yes } else { bare::begins(text, start, true) };
            if start < part.start.max(self.done) || begins == Begins::No || bare::is_labelled(text, start) {
                continue;
            }
            let run = bare::run(text, start, text.len());
            self.done = run.word;
            let Some(url) = bare::trimmed(text, start, run.end) else { continue };
            let unsure = !run.sure || begins == Begins::Unsure;
            self.pending = Some(Pending { start, end: url.end, unsure });
            if part.end < url.end {
                return;
            }
            self.close(text, url.end, None);
        }
    }

    /// Comes to the start or the end of emphasis.
    pub(super) fn emphasis(&mut self) {
        if let Some(pending) = &mut self.pending {
            // it would be cut in two
            pending.unsure = true;
        }
    }

    /// Comes to something that is no running text, at byte `at`.
    #[inline]
    pub(super) fn barrier(&mut self, text: &str, at: usize, barrier: Barrier) {
        self.line_start = barrier == Barrier::Block;
        let Some(pending) = self.pending else { return };
        let reason = match barrier {
            _ if at >= pending.end => None,
            Barrier::Block => None,
            Barrier::Mask => Some(ReadOnly::TemplateSyntax),
            Barrier::Inline => Some(ReadOnly::NotLocated),
        };
        self.close(text, at.min(pending.end), reason);
        self.done = self.done.min(at);
    }

    /// The links found.
    pub(super) fn finish(mut self, text: &str) -> impl Iterator<Item = Link> {
        self.barrier(text, text.len(), Barrier::Block);
        self.found.into_iter().map(move |Found { url, cell, read_only }| {
            let value = escape::decode(url.of(text), Context::Bare).value;
            let destination = Field { span: url, context: Context::Bare, value };
            Link { read_only, in_cell: cell, ..Link::new(LinkKind::Bare, url, url, destination) }
        })
    }

    fn close(&mut self, text: &str, end: usize, reason: Option<ReadOnly>) {
        let Some(pending) = self.pending.take() else { return };
        let Some(url) = bare::trimmed(text, pending.start, end.max(pending.start)) else { return };
        if self.in_wiki_link(text, url) {
            return;
        }
        // renderers differ in whether a backslash belongs to the URL, and in where a character reference ends it
        let raw = url.of(text);
        let refers =
            || escape::decode(raw, Context::Bare).value.contains(|c: char| "<>\"".contains(c) || bare::is_mark(c));
        let unsure = pending.unsure
            || memchr::memchr(b'\\', raw.as_bytes()).is_some()
            || (memchr::memchr(b'&', raw.as_bytes()).is_some() && refers());
        let read_only = reason.or(unsure.then_some(ReadOnly::NotLocated));
        self.found.push(Found { url, cell: self.cell, read_only });
    }

    fn in_wiki_link(&mut self, text: &str, url: Span) -> bool {
        let wikis = self.wikis.get_or_insert_with(|| wiki_links(text));
        let index = wikis.partition_point(|wiki| wiki.end <= url.start);
        wikis.get(index).is_some_and(|wiki| wiki.overlaps(url))
    }
}

/// Every `[[...]]` on one line, in order.
pub(super) fn wiki_links(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found: Vec<Span> = Vec::new();
    let mut open = None;
    for at in memchr::memchr3_iter(b'[', b']', b'\n', bytes) {
        match bytes[at] {
            b'\n' => open = None,
            byte if bytes.get(at + 1) != Some(&byte) => {}
            b'[' => open = open.or(Some(at)),
            _ => found.extend(open.take().map(|start| Span::new(start, at + 2))),
        }
    }
    found
}
