//! Places in Markdown: between top-level blocks, with blank lines around. Decides how excerpts stay as they are.

use super::nest::{around, enclosed};
use super::{Cause, Slot};
use crate::config::policy::NoticePlace;
use crate::disclosure::render::Style;
use crate::document::Document;
use crate::document::outline::{Block, BlockKind, Outline};
use crate::notice::lines;
use crate::span::Span;

/// How many words of a page Hugo makes its automatic summary of, at least (Hugo, "Content summaries", `summaryLength`).
const SUMMARY: usize = 70;
/// What ends a manual summary (Hugo, "Content summaries"; Jekyll, `excerpt_separator` by convention).
const MORE: [&str; 2] = ["<!--more-->", "<!-- more -->"];

/// How a comment begins that speaks of the block behind it.
const NEXT: &str = "affilink-ignore-next-line";

/// See [`super::slot`].
pub(super) fn slot(text: &str, document: &Document, place: NoticePlace, cause: Cause) -> Option<Slot> {
    let outline = document.outline.as_ref()?;
    let body = body(text, document);
    let page = Page { text, outline, body, tops: tops(outline), enclosed: enclosed(text, document, body) };
    let before = match (place, cause) {
        (NoticePlace::Bottom, _) => return page.bottom(document),
        (NoticePlace::Top, _) => page.behind_title(),
        (_, Cause::Link(at) | Cause::Value(at)) => Some(at),
        (_, Cause::Elsewhere) => page.behind_summary(),
    };
    match before {
        Some(at) => page.before(at, document),
        None => page.bottom(document),
    }
}

/// The own text at `span` with the lines that were put around it.
pub(super) fn removal(text: &str, span: Span) -> Span {
    let end_of_line = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let line = lines::first(rest);
        line.trim().is_empty().then_some(at + line.len())
    };
    let line = end_of_line(span.end).unwrap_or(span.end);
    let end = end_of_line(line).unwrap_or(line);
    if end < text.len() {
        return Span::new(span.start, end);
    }
    // the last of the page: the blank line before it goes instead
    let before = text.get(..span.start).unwrap_or_default();
    let Some(above) = lines::without_end(before) else {
        return Span::new(span.start, end);
    };
    // the line end of what stands before stays its own, unless the page ends without one
    let of_line = if above.ends_with(['\n', '\r']) || above.is_empty() { above } else { before };
    let open = end == span.end && of_line.len() < before.len();
    let of_page = lines::without_end(of_line).filter(|_| open);
    Span::new(of_page.unwrap_or(of_line).len(), end)
}

/// Whether no running text stands before byte `at` of a Markdown page: an excerpt of the page begins there.
pub fn begins_page(document: &Document, at: usize) -> bool {
    let Some(outline) = &document.outline else { return false };
    let said = outline.texts.iter().take_while(|text| text.span.start < at);
    let runs = |block: usize| !outline.is_within(block, |kind| matches!(kind, BlockKind::Heading(_) | BlockKind::Code));
    !said.filter(|text| text.shown != crate::document::outline::Shown::Obstacle).any(|text| runs(text.block))
}

/// Where the body begins.
fn body(text: &str, document: &Document) -> usize {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    document.front_matter.as_ref().map_or(bom, |front| front.span.end)
}

/// The blocks that stand in no other.
fn tops(outline: &Outline) -> Vec<&Block> {
    outline.blocks.iter().skip(1).filter(|block| block.parent == 0).collect()
}

struct Page<'p> {
    text: &'p str,
    outline: &'p Outline,
    body: usize,
    tops: Vec<&'p Block>,
    enclosed: Vec<Span>,
}

impl Page<'_> {
    /// Directly before the block with byte `at`, and before whatever encloses it.
    fn before(&self, at: usize, document: &Document) -> Option<Slot> {
        let mut at = self.behind_list(at);
        loop {
            let block = around_block(&self.tops, at).map_or(at, |block| block.span.start);
            let outer = around(&self.enclosed, block).map_or(block, |span| span.start);
            let outer = self.suppressed(outer).unwrap_or(outer);
            let outer = self.led(outer).unwrap_or(outer);
            if outer >= at {
                break;
            }
            at = outer;
        }
        let line = self.line_start(at);
        if !self.text.get(line..at)?.trim_matches('\u{feff}').trim().is_empty() || line < self.body {
            return None;
        }
        Some(self.at_line(line, document))
    }

    /// Where begins what belongs to the block at byte `at`: the line of attributes right above it, behind a blank line
    /// (kramdown, "Block Inline Attribute Lists"), the block whose attributes its first line holds, or the term that a
    /// definition explains.
    fn led(&self, at: usize) -> Option<usize> {
        let line = self.line_start(at);
        let first = lines::first(self.text.get(line..)?);
        let above = self.line_above(line)?;
        if is_attribute_line(above.of(self.text))
            && self.line_above(above.start).is_none_or(|ahead| self.is_blank(ahead))
        {
            return Some(above.start);
        }
        let mark = first.trim_start_matches(' ');
        let explains = [": ", ":\t", "~ "].iter().any(|sign| mark.starts_with(sign));
        if !explains && !self.is_list_of_above(line) {
            return None;
        }
        let next = self.tops.partition_point(|block| block.span.start < line);
        Some(self.tops.get(next.checked_sub(1)?)?.span.start)
    }

    /// `at`, or where the next block begins if the attributes of the last one stand there and nothing else.
    fn behind_list(&self, at: usize) -> usize {
        let line = self.line_start(at);
        let end = line + lines::first(self.text.get(line..).unwrap_or_default()).len();
        let behind = lines::first(self.text.get(end..).unwrap_or_default());
        let next = || self.tops.iter().map(|block| block.span.start).find(|&start| start > line);
        if self.is_list_of_above(line) && behind.trim().is_empty() { next().unwrap_or(at) } else { at }
    }

    /// Whether the line at byte `line` holds the attributes of the block above it.
    fn is_list_of_above(&self, line: usize) -> bool {
        is_attribute_line(lines::first(self.text.get(line..).unwrap_or_default()))
            && self.line_above(line).is_some_and(|above| !self.is_blank(above))
    }

    /// The line of the body before the one at byte `line`.
    fn line_above(&self, line: usize) -> Option<Span> {
        let above = lines::without_end(self.text.get(..line)?)?;
        // what stands before the body may share its first line: a byte order mark
        (line > self.body).then(|| Span::new(lines::last(above).max(self.body).min(above.len()), above.len()))
    }

    fn is_blank(&self, line: Span) -> bool {
        line.of(self.text).trim().is_empty()
    }

    /// Where a comment begins that speaks of what stands next, at byte `at`.
    fn suppressed(&self, at: usize) -> Option<usize> {
        let comments = &self.outline.comments;
        let before = comments.partition_point(|comment| comment.span.end <= at).checked_sub(1)?;
        let comment = comments.get(before)?;
        let speaks = comment.body.of(self.text).trim_start().starts_with(NEXT);
        let between = self.text.get(comment.span.end..at)?;
        (speaks && between.trim().is_empty()).then_some(comment.span.start)
    }

    fn at_line(&self, at: usize, document: &Document) -> Slot {
        let end = Style::of(self.text, document.format).line_end;
        let before = if self.needs_line(at) { end.to_owned() } else { String::new() };
        Slot { at, before, behind: end.repeat(2), begins_page: begins_page(document, at) }
    }

    /// Whether the line before `at`, the start of a line, is not blank.
    fn needs_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_start_matches('\u{feff}');
        let above = lines::without_end(before).and_then(|above| above.get(lines::last(above)..));
        above.is_some_and(|line| !line.trim().is_empty())
    }

    /// Behind the last block but footnotes.
    fn bottom(&self, document: &Document) -> Option<Slot> {
        let end = Style::of(self.text, document.format).line_end;
        let last = self.tops.iter().rev().find(|block| block.kind != BlockKind::Footnote);
        if let Some(open) = last.filter(|block| is_open(block.span.of(self.text))) {
            return self.before(open.span.start, document);
        }
        let mut at = last.map_or(self.body, |block| block.span.end);
        while let Some(outer) = around(&self.enclosed, at) {
            at = outer.end;
        }
        at = self.line_end(at);
        let begins_page = begins_page(document, at);
        let slot = |before: String, behind: String| Some(Slot { at, before, behind, begins_page });
        let above = self.text.get(..at)?;
        if !above.trim_start_matches('\u{feff}').is_empty() && !above.ends_with(['\n', '\r']) {
            // the page ends without a line end, and goes on doing so
            return slot(end.repeat(2), String::new());
        }
        let before = if self.needs_line(at) { end.to_owned() } else { String::new() };
        let next = lines::first(self.text.get(at..)?);
        let behind = if next.trim().is_empty() { end.to_owned() } else { end.repeat(2) };
        slot(before, behind)
    }

    /// Where the content begins behind the title; `None` where there is none.
    fn behind_title(&self) -> Option<usize> {
        let content = self.tops.get(self.title().map_or(0, |title| title + 1))?;
        Some(content.span.start)
    }

    /// Which of the top-level blocks holds the title. Nothing to be read stands before it: comments, includes, badges.
    fn title(&self) -> Option<usize> {
        let title = self.outline.blocks.iter().find(|block| block.kind == BlockKind::Heading(1))?;
        let mut before = self.outline.texts.iter().take_while(|text| text.span.start < title.span.start);
        let is_first = !before.any(|text| text.prose(self.text).is_some_and(|prose| !prose.trim().is_empty()));
        let holds = |block: &&Block| block.span.start <= title.span.start && title.span.end <= block.span.end;
        is_first.then(|| self.tops.iter().position(holds))?
    }

    /// Where the content goes on behind what generators make excerpts of; `None` where it ends with it.
    fn behind_summary(&self) -> Option<usize> {
        let more = MORE.iter().filter_map(|more| self.text.get(self.body..)?.find(more)).min().map(|at| self.body + at);
        if let Some(more) = more {
            return self.tops.iter().map(|block| block.span.start).find(|&start| start > more);
        }
        let mut words = 0;
        let mut texts = self.outline.texts.iter().peekable();
        let mut behind_first = None;
        for pair in self.tops.windows(2) {
            let [block, next] = pair else { break };
            while let Some(text) = texts.next_if(|text| text.span.start < block.span.end) {
                words += count(text.prose(self.text).unwrap_or_default());
            }
            if block.kind == BlockKind::Paragraph && behind_first.is_none() {
                behind_first = Some(next.span.start);
            }
            if words >= SUMMARY {
                return Some(next.span.start);
            }
        }
        words += texts.map(|text| count(text.prose(self.text).unwrap_or_default())).sum::<usize>();
        // of a short page Hugo's is the whole, whatever is done
        behind_first.filter(|_| words < SUMMARY)
    }

    fn line_start(&self, at: usize) -> usize {
        let bom = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        lines::last(self.text.get(..at).unwrap_or_default()).max(bom)
    }

    fn line_end(&self, at: usize) -> usize {
        let (before, behind) = self.text.split_at_checked(at).unwrap_or_default();
        if before.is_empty() || before.ends_with(['\n', '\r']) {
            return at;
        }
        at + lines::first(behind).len()
    }
}

/// Whether `line` is an attribute list and nothing else: kramdown's, or that of Python-Markdown.
fn is_attribute_line(line: &str) -> bool {
    let line = line.trim();
    let inner = line.strip_prefix("{:").and_then(|line| line.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.contains('}'))
}

/// The block of `tops` that byte `at` lies in.
fn around_block<'b>(tops: &[&'b Block], at: usize) -> Option<&'b Block> {
    let after = tops.partition_point(|block| block.span.start <= at);
    tops.get(after.checked_sub(1)?).copied().filter(|block| at < block.span.end)
}

/// Whether a block that is the last of a page would take in what is put behind it: code without its closing fence, HTML that
/// goes on to its end mark (`CommonMark`, 4.5 and 4.6).
fn is_open(block: &str) -> bool {
    let begins = |mark: &str| block.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    let fence = ["`", "~"].into_iter().find(|mark| block.starts_with(&mark.repeat(3)));
    if let Some(mark) = fence {
        let length = block.len() - block.trim_start_matches(mark).len();
        let start = lines::last(block.trim_end());
        let last = block.get(start..).unwrap_or_default().trim();
        let closed = last.len() >= length && last.trim_start_matches(mark).is_empty();
        return !closed || start == 0;
    }
    let marks = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];
    if let Some((_, end)) = marks.into_iter().find(|(start, _)| begins(start)) {
        return !block.contains(end);
    }
    let tags = [("<script", "</script>"), ("<style", "</style>"), ("<pre", "</pre>"), ("<textarea", "</textarea>")];
    let raw = tags.into_iter().find(|(start, _)| begins(start));
    raw.is_some_and(|_| !tags.iter().any(|(_, end)| block.to_ascii_lowercase().contains(end)))
}

/// As many words as a generator counts: between spaces, or characters where there are none.
fn count(text: &str) -> usize {
    let wide = text.chars().filter(|&c| c >= '\u{2e80}').count();
    text.split_whitespace().count().max(wide)
}
