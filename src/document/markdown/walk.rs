//! One pass over the parser's events: links, the skeleton, and what later steps need to know. Decides what an event is to
//! a link; the parser decides what the events are.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::chunk::{Chunk, DEEPEST};
use super::inner::Elements;
use super::link::{Known, Open};
use super::plain::{Barrier, Plain};
use super::{Page, Shown, kinds};
use crate::document::mask::StretchKind;
use crate::document::{destination, embedded, indented};
use crate::source::Format;
use crate::span::Span;

/// Reads `chunk` into `page`; gives the chunks that are to be read again.
pub(super) fn walk(page: &mut Page<'_, '_>, chunk: &Chunk<'_>) -> Vec<Chunk<'static>> {
    // heading attributes are left off: a list behind a link that ends a heading is the link's
    let mut options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    options.set(Options::ENABLE_MATH, page.options.math);
    let mut events = Parser::new_ext(&chunk.view, options).into_offset_iter();
    let mut known: Vec<Known> = Vec::new();
    // a hash map: sorted, so that nothing depends on its order
    known.extend(events.reference_definitions().iter().map(|(_, definition)| Known {
        span: Span::from(definition.span.clone()),
        destination: definition.dest.to_string(),
        used: None,
        image: false,
    }));
    known.sort_unstable_by_key(|known| known.span);
    for definition in &known {
        page.skeleton.mark(kinds::DEFINITION, chunk.span(definition.span));
    }
    let plain = Plain::new(&page.candidates, chunk.at(0));
    let mut walker = Walker {
        page,
        chunk,
        known,
        open: Vec::new(),
        plain,
        images: 0,
        block: Block::Prose,
        listed: 0,
        code: Vec::new(),
        html: Vec::new(),
        elements: Elements::default(),
        nested: Vec::new(),
    };
    while let Some((event, range)) = events.next() {
        let span = Span::from(range);
        if walker.page.outline.is_some() {
            walker.record(&event, span);
        }
        match &event {
            Event::Start(tag @ (Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. })) => {
                let label = is_reference(*link_type).then(|| events.reference_definitions().get(id)).flatten();
                walker.open(tag, span, label.map(|definition| definition.span.start));
            }
            event => walker.event(event, span),
        }
    }
    walker.finish()
}

/// The state of a pass.
pub(super) struct Walker<'w, 'c, 'p, 'm> {
    pub(super) page: &'w mut Page<'p, 'm>,
    pub(super) chunk: &'w Chunk<'c>,
    pub(super) known: Vec<Known>,
    /// The links and images around the event.
    open: Vec<Open<'w>>,
    pub(super) plain: Plain,
    /// How many images are open.
    pub(super) images: usize,
    pub(super) block: Block,
    /// Where the attribute list behind the last link ends.
    pub(super) listed: usize,
    /// The lines of the indented code being read.
    code: Vec<Span>,
    /// The lines of the HTML block being read, only where one may hold Markdown.
    html: Vec<Span>,
    elements: Elements,
    nested: Vec<Chunk<'static>>,
}

/// An event of its own where the page's line ends are CRLF. The last line of a page may have none, so that nothing is made of
/// one.
const LINE_END: &str = "\n";

/// What the block around an event holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Prose,
    Code,
    /// What looks like indented code and is Markdown to the generator, without its first `cut` columns.
    Indented {
        cut: usize,
    },
}

/// How what looks like indented code is to be read again.
#[derive(Clone, Copy)]
pub(super) struct Again {
    /// How many columns of its first line are indentation, beyond those that the parser took off.
    cut: usize,
    /// Where the first line of the container begins that it stands in: a byte of the chunk.
    pub(super) container: Option<usize>,
}

impl<'w> Walker<'w, '_, '_, '_> {
    /// Comes to `event`, which opens no link and no image.
    #[inline]
    fn event(&mut self, event: &Event<'w>, span: Span) {
        let reached = match event {
            Event::Text(text) => self.text(text, span),
            Event::Start(tag) => self.start(tag, span),
            Event::End(TagEnd::Link | TagEnd::Image) => self.close(span),
            Event::End(tag) => self.end(*tag, span),
            Event::Html(html) => self.html(html, span, true),
            Event::InlineHtml(html) => self.html(html, span, false),
            Event::Code(_) => self.code(kinds::CODE, span),
            Event::InlineMath(_) => self.code(kinds::MATH, span),
            Event::DisplayMath(_) => self.code(kinds::DISPLAY_MATH, span),
            Event::FootnoteReference(_) => self.inline(kinds::FOOTNOTE, span),
            Event::SoftBreak => self.line(kinds::SOFT_BREAK, span),
            Event::HardBreak => self.line(kinds::HARD_BREAK, span),
            Event::Rule => self.line(kinds::RULE, span),
            Event::TaskListMarker(done) => self.line(if *done { kinds::TASK_DONE } else { kinds::TASK_OPEN }, span),
        };
        // what stands inside a link or an image
        if let Some(around) = self.open.last_mut() {
            around.inside = around.inside.max(reached);
        }
    }

    fn mark(&mut self, kind: u64, span: Span) {
        self.page.skeleton.mark(kind, self.chunk.span(self.chunk.without_blank_end(span)));
    }

    fn barrier(&mut self, at: usize, barrier: Barrier) {
        self.plain.barrier(self.page.text, self.chunk.at(at), barrier);
    }

    fn line(&mut self, kind: u64, span: Span) -> usize {
        self.mark(kind, span);
        self.barrier(span.start, Barrier::Block);
        span.end
    }

    fn inline(&mut self, kind: u64, span: Span) -> usize {
        self.mark(kind, span);
        self.barrier(span.start, Barrier::Inline);
        self.says(true);
        span.end
    }

    fn code(&mut self, kind: u64, span: Span) -> usize {
        if !self.page.stretches.is_empty() {
            self.page.code.push(self.chunk.span(span));
        }
        self.shows(Shown::Text, span);
        self.inline(kind, span)
    }

    /// Notes that the links around show words, or an image.
    fn says(&mut self, words: bool) {
        if self.images > 0 {
            return;
        }
        for around in &mut self.open {
            around.words |= words;
            around.pictures |= !words;
        }
    }

    fn shows(&mut self, shown: Shown, span: Span) {
        if !self.page.html.is_empty() || self.page.format == Format::Mdx {
            self.page.shown.push((self.chunk.span(span), shown));
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) -> usize {
        self.mark(kinds::start(tag), span);
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.plain.emphasis();
                return span.end;
            }
            Tag::CodeBlock(_) => {
                let again = self.again_from(tag, span);
                self.block = again.map_or(Block::Code, |from| Block::Indented { cut: from.cut });
                if again.is_none() && !self.page.stretches.is_empty() {
                    self.page.code.push(self.chunk.span(span));
                }
            }
            Tag::TableCell => self.plain.cell = true,
            _ => {}
        }
        self.barrier(span.start, Barrier::Block);
        span.end
    }

    fn end(&mut self, tag: TagEnd, span: Span) -> usize {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.plain.emphasis(),
            TagEnd::CodeBlock => {
                if let Block::Indented { cut } = self.block {
                    self.again(cut);
                }
                self.block = Block::Prose;
            }
            TagEnd::HtmlBlock => {
                let lines = std::mem::take(&mut self.html);
                let inner = (!lines.is_empty()).then(|| self.elements.markdown(self.chunk, &lines)).flatten();
                self.nested.extend(inner.filter(|_| self.chunk.depth < DEEPEST));
                self.barrier(span.end, Barrier::Block);
            }
            TagEnd::TableCell => {
                self.barrier(span.end, Barrier::Block);
                self.plain.cell = false;
            }
            _ => self.barrier(span.end, Barrier::Block),
        }
        self.mark(kinds::end(tag), span);
        span.end
    }

    fn text(&mut self, text: &str, span: Span) -> usize {
        match self.block {
            Block::Code if text == LINE_END => {}
            Block::Code => self.mark(kinds::CODE_TEXT, span),
            Block::Indented { .. } => self.code.push(span),
            Block::Prose if span.is_empty() => self.mark(kinds::INDENT, span),
            Block::Prose => self.prose(text, span),
        }
        span.end
    }

    fn prose(&mut self, text: &str, span: Span) {
        // most text holds a letter near its start
        if text.bytes().any(|byte| byte.is_ascii_graphic()) || !text.trim().is_empty() {
            self.says(true);
            self.shows(Shown::Text, span);
        }
        // an attribute list is no text
        let span = Span::new(span.start.max(self.listed).min(span.end), span.end);
        if span.is_empty() {
            return;
        }
        let whole = self.chunk.span(span);
        if self.page.stretches.is_empty() {
            self.run(whole);
        } else {
            self.unmasked(whole);
        }
    }

    /// Records the parts of running text at `whole` that the parser saw.
    fn unmasked(&mut self, whole: Span) {
        let mut from = whole.start;
        let first = self.page.stretches.partition_point(|stretch| stretch.span.end <= whole.start);
        for index in first..self.page.stretches.len() {
            let stretch = self.page.stretches[index];
            if stretch.span.start >= whole.end {
                break;
            }
            self.run(Span::new(from, stretch.span.start.max(from)));
            // a tag ends a URL as `<` does
            let barrier = match stretch.kind {
                StretchKind::Tag | StretchKind::Anchor => Barrier::Block,
                _ => Barrier::Mask,
            };
            self.plain.barrier(self.page.text, stretch.span.start, barrier);
            from = from.max(stretch.span.end);
        }
        self.run(Span::new(from.min(whole.end), whole.end));
    }

    /// Records running text, a span of the page.
    fn run(&mut self, part: Span) {
        if part.is_empty() {
            return;
        }
        self.page.skeleton.text(part);
        if self.open.is_empty() && !self.page.candidates.is_empty() {
            self.plain.text(self.page.text, &self.page.candidates, part);
        }
    }

    fn html(&mut self, html: &str, span: Span, block: bool) -> usize {
        if block {
            if self.page.markdown_in_html {
                self.html.push(span);
            }
            if html != LINE_END {
                self.mark(kinds::HTML, span);
            }
            self.barrier(span.start, Barrier::Block);
        } else {
            if !embedded::is_anchor(html) {
                self.mark(kinds::INLINE_HTML, span);
            }
            self.barrier(span.start, Barrier::Inline);
        }
        // the text of an image is shown as it stands
        if self.images == 0 {
            if embedded::is_image(html) {
                self.says(false);
            }
            for (at, line) in embedded::aligned(span.of(&self.chunk.view), html).unwrap_or_default() {
                for (start, piece) in lines(line) {
                    let place = self.chunk.at(span.start + at + start);
                    self.page.html.put(place, piece);
                }
            }
        }
        span.end
    }

    #[inline(never)]
    fn open(&mut self, tag: &Tag<'w>, span: Span, label: Option<usize>) {
        let (Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. }) = tag else {
            return;
        };
        let image = matches!(tag, Tag::Image { .. });
        if image {
            self.mark(kinds::start(tag), span);
            self.images += 1;
        }
        self.barrier(span.start, Barrier::Inline);
        self.open.push(Open {
            image,
            kind: *link_type,
            span,
            destination: dest_url.clone(),
            title: title.clone(),
            label,
            inside: span.start + 1 + usize::from(image),
            pictures: false,
            words: false,
        });
    }

    #[inline(never)]
    fn close(&mut self, span: Span) -> usize {
        let Some(open) = self.open.pop() else { return span.end };
        let end = destination::element_end(&self.chunk.view, span, open.kind);
        if open.image {
            self.images -= 1;
            self.mark(kinds::end(TagEnd::Image), span);
            self.says(false);
            self.shows(Shown::Image, span);
            if let Some(known) = open.label.and_then(|label| self.known_at(label)) {
                self.known[known].image = true;
            }
        } else {
            if open.kind == LinkType::Email {
                self.mark(kinds::EMAIL, span);
            }
            if self.images == 0 {
                self.link(&open, end);
            }
        }
        end
    }

    /// How what `tag` opens at `span` is to be read again; `None` for what is code or none.
    pub(super) fn again_from(&self, tag: &Tag<'_>, span: Span) -> Option<Again> {
        let is_code = matches!(tag, Tag::CodeBlock(CodeBlockKind::Indented)) && self.chunk.depth < DEEPEST;
        if is_code && self.page.format == Format::Mdx {
            return Some(Again { cut: usize::MAX, container: None });
        }
        if !is_code || !self.page.options.containers {
            return None;
        }
        let source = &self.chunk.source;
        let container = indented::around(source, span.start)?;
        let line = source.get(..span.start)?.rfind('\n').map_or(0, |end| end + 1);
        let (columns, length) = indented::indent(source.get(line..)?);
        // the parser's first text begins where it has taken off what makes it code
        let left = (line + length).saturating_sub(span.start);
        Some(Again { cut: left.saturating_sub(columns - container.indent), container: Some(container.start) })
    }

    /// Makes a chunk of the indented code that was read, up to `cut` columns of its first line's indentation taken off.
    fn again(&mut self, cut: usize) {
        let parts = std::mem::take(&mut self.code);
        let Some(first) = parts.first() else { return };
        let bytes = self.chunk.view.as_bytes();
        let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t');
        let indent = bytes[first.start..first.end].iter().take_while(blank).take(cut).count();
        let (mut view, mut source, mut places) = (String::new(), String::new(), Vec::new());
        for part in parts {
            for (at, line) in lines(part.of(&self.chunk.view)) {
                let cut = line.bytes().take(indent).take_while(|byte| blank(&byte)).count();
                let from = part.start + at + cut;
                places.push((view.len(), self.chunk.at(from)));
                view.push_str(&line[cut..]);
                source.push_str(Span::new(from, part.start + at + line.len()).of(&self.chunk.source));
            }
        }
        self.nested.push(Chunk::lines(view, source, places, self.chunk.depth + 1));
    }

    fn finish(self) -> Vec<Chunk<'static>> {
        for known in self.known.iter().filter(|known| known.image) {
            if let Some(index) = known.used {
                self.page.definitions[index].shared_with_image = true;
            }
        }
        self.page.links.extend(self.plain.finish(self.page.text));
        self.nested
    }
}

fn is_reference(kind: LinkType) -> bool {
    matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// The lines of `text`, each with where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}
