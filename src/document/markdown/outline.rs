//! Records what a Markdown page is made of, as the walk comes to it. Decides what of it a reader sees as text; how blocks
//! lie in one another is decided once all of them are known.

mod build;
mod classes;
mod embed;
mod tags;
#[cfg(test)]
mod tests;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use self::tags::Open;
use super::Page;
use super::walk::{self, Walker};
use crate::document::jsx::{self, Item};
use crate::document::mask::{Stretch, StretchKind};
use crate::document::outline::{Block, BlockKind, Comment, IGNORING, Inline, Outline, Shown, Text};
use crate::document::shortcode::{Role, Shortcode};
use crate::document::{Lists, attribute_list, destination};
use crate::source::Format;
use crate::span::Span;

/// What of a page bears on what its text is.
struct Seen<'s> {
    text: &'s str,
    stretches: &'s [Stretch],
    format: Format,
    lists: Lists,
}

/// What was recorded so far; nothing in it is in order, and no block knows what is around it.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    blocks: Vec<Block>,
    texts: Vec<Text>,
    inlines: Vec<Inline>,
    hidden: Vec<Span>,
    comments: Vec<Comment>,
    recognized: Vec<Span>,
    ignoring: Vec<Span>,
    indented: Vec<Span>,
    /// Where text is no prose.
    verbatim: Vec<Span>,
    /// Where text is read and takes no link.
    apart: Vec<Span>,
    /// What Markdown's reader read inside raw HTML.
    markdown: Vec<Span>,
    /// The inline elements that are open, the outermost first.
    open: Vec<Open>,
    /// Up to where everything was recorded, or is no text.
    done: usize,
    /// Whether the text stands in a heading.
    heading: bool,
    /// The blocks around that hold other blocks, as indices.
    containers: Vec<usize>,
    /// Where the last thing in the innermost of them ends.
    reached: usize,
}

impl Walker<'_, '_, '_, '_> {
    /// Records `event`, which stands at `span` of the chunk and which the walk itself has not seen yet.
    pub(super) fn record(&mut self, event: &Event<'_>, span: Span) {
        // alternative texts are not shown
        if self.images > 0 {
            return;
        }
        let prose = self.block == walk::Block::Prose;
        if !matches!(event, Event::Start(_) | Event::End(_) | Event::Html(_) | Event::Rule) && prose {
            self.reach(span);
        }
        match event {
            Event::Start(tag) => self.record_start(tag, span),
            Event::End(tag) => self.record_end(*tag),
            Event::Text(text) if prose => self.record_text(text, span),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.put(span, &Shown::Verbatim),
            Event::InlineHtml(html) => self.record_tag(html, span),
            Event::FootnoteReference(_) => self.put(span, &Shown::Obstacle),
            Event::Rule => {
                let place = self.chunk.span(span);
                let page = self.page.text;
                self.recorded(|recorder| {
                    let place = trimmed(page, place);
                    recorder.reached = recorder.reached.max(place.end);
                    recorder.push(place, Shown::Obstacle);
                });
            }
            Event::SoftBreak => self.put(span, &Shown::Space),
            Event::HardBreak => self.put(span, &Shown::Break),
            Event::Text(_) | Event::Html(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn record_start(&mut self, tag: &Tag<'_>, span: Span) {
        let place = self.chunk.span(span);
        match tag {
            Tag::Emphasis => self.record_emphasis(place, 1),
            Tag::Strong => self.record_emphasis(place, 2),
            Tag::Strikethrough => {
                let marks = 1 + usize::from(span.of(&self.chunk.view).starts_with("~~"));
                self.record_emphasis(place, marks);
            }
            Tag::Link { link_type, .. } => {
                self.reach(Span::new(span.start, destination::element_end(&self.chunk.view, span, *link_type)));
                if *link_type == LinkType::Email {
                    self.recorded(|recorder| recorder.apart.push(place));
                }
                self.recorded(|recorder| recorder.open.push(Open::Mark(None)));
            }
            Tag::Image { link_type, .. } => {
                let end = destination::element_end(&self.chunk.view, span, *link_type);
                self.reach(Span::new(span.start, end));
                self.put(Span::new(span.start, end), &Shown::Obstacle);
            }
            _ => {
                let again = self.again_from(tag, span);
                let kind = kind(tag).filter(|_| again.is_none());
                let (page, in_html) = (self.page.text, self.chunk.in_html);
                let container = again.and_then(|from| from.container).map(|start| self.chunk.at(start));
                self.recorded(|recorder| {
                    recorder.indented.extend(container.map(|start| Span::new(start, trimmed(page, place).end)));
                    recorder.open.clear();
                    recorder.done = 0;
                    recorder.heading = matches!(kind, Some(BlockKind::Heading(_)));
                    if let Some(kind) = kind {
                        recorder.start_block(page, kind, place);
                        recorder.markdown.extend(in_html.then_some(place));
                    } else {
                        recorder.reached = recorder.reached.max(trimmed(page, place).end);
                    }
                });
            }
        }
    }

    fn record_emphasis(&mut self, span: Span, marks: usize) {
        self.recorded(|recorder| recorder.reached = recorder.reached.max(span.end));
        let inner = Span::new(span.start + marks, span.end.saturating_sub(marks).max(span.start + marks));
        self.recorded(|recorder| recorder.open.push(Open::Mark(Some(Inline { span, inner }))));
    }

    fn record_end(&mut self, tag: TagEnd) {
        self.recorded(|recorder| match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                recorder.open.clear();
                recorder.end_container();
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => recorder.end_mark(),
            TagEnd::Image => {}
            _ => {
                recorder.open.clear();
                recorder.heading = false;
            }
        });
    }

    fn record_text(&mut self, text: &str, span: Span) {
        // indentation that the parser made up stands nowhere
        if span.is_empty() {
            return;
        }
        if text != span.of(&self.chunk.view) {
            return self.put(span, &Shown::Decoded(text.into()));
        }
        // an attribute list is no text
        let start = span.start.max(self.listed).min(span.end);
        self.put(Span::new(start, span.end), &Shown::Bytes);
    }

    /// Records `span` of the chunk, without what was recorded already; what the parser did not see is an obstacle.
    fn put(&mut self, span: Span, shown: &Shown) {
        let whole = self.chunk.span(span);
        let Page { outline, text, stretches, format, options, .. } = &mut *self.page;
        if let Some(recorder) = outline {
            recorder.put(&Seen { text, stretches, format: *format, lists: options.lists }, whole, shown);
        }
    }

    /// Notes that something inline ends where `span` does.
    fn reach(&mut self, span: Span) {
        let end = self.chunk.span(span).end;
        self.recorded(|recorder| recorder.reached = recorder.reached.max(end));
    }

    fn record_tag(&mut self, html: &str, span: Span) {
        let place = self.chunk.span(span);
        self.recorded(|recorder| {
            if place.start >= recorder.done {
                recorder.tag(html, place, false);
            }
        });
    }

    fn recorded(&mut self, record: impl FnOnce(&mut Recorder)) {
        if let Some(recorder) = &mut self.page.outline {
            record(recorder);
        }
    }
}

impl Page<'_, '_> {
    /// Records the JSX of an MDX page; `ends` says for each of `tags` which one ends it.
    pub(super) fn record_jsx(&mut self, items: &[Item], tags: &[&jsx::Tag], ends: &[Option<usize>]) {
        let Some(recorder) = &mut self.outline else { return };
        for item in items {
            if let Item::Expression(span, Some(body)) = item {
                recorder.comment(self.text, *span, *body);
            }
        }
        for (tag, end) in tags.iter().zip(ends).filter(|(tag, _)| !tag.closing) {
            let name = tag.name.of(self.text);
            let end = end.and_then(|end| tags.get(end)).map_or(tag.span, |end| end.span);
            let span = Span::new(tag.span.start, end.end.max(tag.span.end));
            let recognize = &self.options.recognize;
            if recognize.iter().any(|wanted| wanted == name)
                || classes::names_tag(self.text, &tag.attributes, recognize)
            {
                recorder.recognized.push(span);
            }
            if tag.attributes.iter().any(|written| written.name.of(self.text) == IGNORING) {
                recorder.ignoring.push(span);
            }
            let inner = Span::new(tag.span.end, end.start.max(tag.span.end));
            if let Some(kind) = tags::block(name, &self.options.skip) {
                recorder.block(kind, span, inner);
            } else if tags::is_no_prose(name) {
                recorder.verbatim.push(inner);
            } else if tags::is_label(name) {
                recorder.apart.push(inner);
            } else if tags::is_control(name, tag.attributes.iter().map(|written| written.name.of(self.text))) {
                // a card has paragraphs of its own, a button is part of a line
                if memchr::memchr(b'\n', inner.of(self.text).as_bytes()).is_some() {
                    recorder.block(BlockKind::Control, span, inner);
                } else if tags::is_code(name) {
                    recorder.verbatim.push(inner);
                } else {
                    recorder.apart.push(inner);
                }
            }
        }
    }

    /// Records a template tag that is no code.
    pub(super) fn record_shortcode(&mut self, tag: Span, read: &Shortcode) {
        let Some(recorder) = &mut self.outline else { return };
        if read.role == Role::Closes || read.name.is_empty() {
            return;
        }
        let first = read.first.map(|first| first.of(self.text));
        let is_named = |wanted: &String| {
            let rest = wanted.strip_prefix(read.name.as_str());
            // a file is named without its folder, too
            let is_file = |wanted: &str| {
                first.is_some_and(|first| {
                    first == wanted || first.rsplit_once('/').is_some_and(|(_, file)| file == wanted)
                })
            };
            rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(' ').is_some_and(is_file))
        };
        if self.options.recognize.iter().any(is_named) {
            recorder.recognized.push(tag);
        }
    }

    /// Records the HTML of a Markdown page: `view` is the page with everything else blank, `inert` what the HTML reader
    /// found to be code, hidden or a comment, `html` its outline of the view.
    pub(super) fn record_html(&mut self, view: &str, inert: &[Span], html: Option<Outline>) {
        let recognize = &self.options.recognize;
        let Some(recorder) = &mut self.outline else { return };
        if let Some(html) = html {
            let (format, lists) = (self.format, self.options.lists);
            recorder.embed(&Seen { text: self.text, stretches: &self.stretches, format, lists }, view, html);
        }
        for &span in inert {
            let body = span.of(view).strip_prefix("<!--");
            if let Some(body) = body.map(|body| body.strip_suffix("-->").unwrap_or(body)) {
                recorder.comment(self.text, span, Span::new(span.start + 4, span.start + 4 + body.len()));
            }
        }
        if !recognize.is_empty() {
            let tags = jsx::start_tags(view);
            let named = tags.iter().filter(|tag| recognize.iter().any(|wanted| wanted == tag.name.of(view)));
            recorder.recognized.extend(named.map(|tag| tag.span));
        }
    }
}

impl Recorder {
    fn block(&mut self, kind: BlockKind, span: Span, inner: Span) {
        self.blocks.push(Block { kind, span, inner, parent: 0, is_content: false, in_content: true });
    }

    fn comment(&mut self, page: &str, span: Span, body: Span) {
        if body.of(page).trim_ascii_start().starts_with("affilink") {
            self.comments.push(Comment { span, body });
        }
    }

    /// Ends the innermost emphasis or link: what is open inside it has no end.
    fn end_mark(&mut self) {
        while let Some(open) = self.open.pop() {
            if let Open::Mark(inline) = open {
                self.inlines.extend(inline);
                return;
            }
        }
    }

    fn put(&mut self, page: &Seen<'_>, whole: Span, shown: &Shown) {
        let mut from = whole.start.max(self.done);
        let first = page.stretches.partition_point(|stretch| stretch.span.end <= from);
        for stretch in page.stretches.get(first..).unwrap_or_default() {
            if stretch.span.start >= whole.end || from >= whole.end {
                break;
            }
            // code keeps the tags in it
            if *shown == Shown::Verbatim && stretch.span.start > from {
                break;
            }
            self.text(page, Span::new(from, stretch.span.start.max(from)), shown);
            let tag = matches!(stretch.kind, StretchKind::Tag | StretchKind::Anchor);
            if tag && stretch.span.start >= from {
                self.tag(stretch.span.of(page.text), stretch.span, true);
            } else {
                self.push(Span::new(stretch.span.start.max(from), stretch.span.end), Shown::Obstacle);
            }
            from = stretch.span.end;
            self.done = self.done.max(from);
        }
        if from < whole.end {
            self.text(page, Span::new(from, whole.end), shown);
        }
    }

    /// Records what the parser saw as it is.
    fn text(&mut self, page: &Seen<'_>, span: Span, shown: &Shown) {
        if span.is_empty() {
            return;
        }
        if *shown != Shown::Bytes {
            return self.push(span, shown.clone());
        }
        let span = self.without_syntax(page, span);
        match self.texts.last_mut() {
            Some(Text { span: last, shown: Shown::Bytes, .. }) if last.end == span.start => last.end = span.end,
            _ => self.push(span, Shown::Bytes),
        }
    }

    fn push(&mut self, span: Span, shown: Shown) {
        if !span.is_empty() {
            self.texts.push(Text { span, shown, block: 0, opt_out: None });
        }
    }

    /// `span` without what a site's generator takes for syntax though the parser does not: attribute lists, fences of
    /// containers. That is recorded as an obstacle.
    fn without_syntax(&mut self, page: &Seen<'_>, span: Span) -> Span {
        let syntax = syntax(page, span, self.heading);
        let Some(syntax) = syntax else { return span };
        let rest = Span::new(syntax.end.min(span.end), span.end);
        let before = Span::new(span.start, syntax.start);
        self.done = self.done.max(syntax.end);
        if !before.is_empty() {
            self.push(before, Shown::Bytes);
        }
        self.push(syntax, Shown::Obstacle);
        rest
    }

    /// Comes to a block: of what holds other blocks, the last one in it says where it ends.
    fn start_block(&mut self, page: &str, kind: BlockKind, span: Span) {
        let span = trimmed(page, span);
        if is_container(kind) {
            self.containers.push(self.blocks.len());
            self.reached = span.start;
        } else {
            self.reached = self.reached.max(span.end);
        }
        self.block(kind, span, span);
        if kind == BlockKind::Code {
            self.push(span, Shown::Verbatim);
        }
    }

    fn end_container(&mut self) {
        let Some(block) = self.containers.pop().and_then(|index| self.blocks.get_mut(index)) else { return };
        // an item without anything in it is its mark
        if self.reached > block.span.start {
            block.span.end = block.span.end.min(self.reached);
            block.inner = block.span;
        }
    }
}

/// `span` without the line breaks at its end.
fn trimmed(page: &str, span: Span) -> Span {
    let length = span.of(page).trim_end_matches(['\n', '\r']).len();
    Span::new(span.start, span.start + length)
}

/// Whether other blocks stand in such a block, and the marks of those around it between them and its end.
fn is_container(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Quote | BlockKind::List | BlockKind::Item | BlockKind::Footnote)
}

/// Marks that begin a line which is none of the text: fences of containers, admonitions, tabs.
///
/// Sources: markdown-it-container and Pandoc (`:::`), Python-Markdown and pymdownx (`!!!`, `???`, `===`).
const FENCES: [&str; 4] = [":::", "!!! ", "???", "=== \""];

/// The deepest indentation of such a line, in bytes.
const INDENT: usize = 48;

/// What of `span`, a run of text, is syntax to a site's generator: the first such stretch, which may reach beyond it.
fn syntax(page: &Seen<'_>, span: Span, heading: bool) -> Option<Span> {
    let raw = span.of(page.text);
    let bytes = page.text.as_bytes();
    if raw.starts_with([':', '!', '?', '=']) {
        let fence = FENCES.iter().any(|fence| raw.starts_with(fence)) && begins_line(page.text, span.start);
        let end = || memchr::memchr(b'\n', &bytes[span.start..]).map_or(bytes.len(), |length| span.start + length);
        return fence.then(|| Span::new(span.start, end()));
    }
    if page.format != Format::Markdown {
        return None;
    }
    let at = if raw.starts_with('{') {
        span.start
    } else if heading {
        span.start + raw.rfind(" {")? + 1
    } else {
        return None;
    };
    let list = attribute_list::read(page.text, at)?.attributes;
    let ends = at == span.start || matches!(bytes.get(list.span.end), None | Some(b'\n' | b'\r' | b' ' | b'#'));
    // an id at a heading's end is one to generators that read no other list: Hugo, Zola, mdBook, Docusaurus
    let names =
        heading && at > span.start && list.span.of(page.text).trim_start_matches(['{', ':', ' ']).starts_with('#');
    (ends && (names || page.lists.has(list.syntax))).then_some(list.span)
}

/// Whether nothing but indentation and the marks of quotes stands before byte `at` on its line.
fn begins_line(text: &str, at: usize) -> bool {
    let near = text.as_bytes().get(at.saturating_sub(INDENT)..at).unwrap_or_default();
    let other = near.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
    other.map_or(near.len() < INDENT, |byte| matches!(byte, b'\n' | b'\r'))
}

fn kind(tag: &Tag<'_>) -> Option<BlockKind> {
    Some(match tag {
        Tag::Paragraph => BlockKind::Paragraph,
        Tag::Heading { level, .. } => BlockKind::Heading(*level as u8),
        Tag::BlockQuote(_) => BlockKind::Quote,
        Tag::CodeBlock(_) => BlockKind::Code,
        Tag::HtmlBlock => BlockKind::Html,
        Tag::List(_) => BlockKind::List,
        Tag::Item => BlockKind::Item,
        Tag::FootnoteDefinition(_) => BlockKind::Footnote,
        Tag::Table(_) => BlockKind::Table,
        Tag::TableHead | Tag::TableRow => BlockKind::Row,
        Tag::TableCell => BlockKind::Cell,
        _ => return None,
    })
}
