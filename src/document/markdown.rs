//! Markdown and MDX pages as spans. Decides which bytes are links and whether they can be edited; what the parser sees is
//! a copy of the body in which template syntax and JSX are overwritten.

mod chunk;
mod component;
mod inner;
mod kinds;
mod link;
mod merge;
mod outline;
mod plain;
mod strangers;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;
use std::collections::VecDeque;

use pulldown_cmark::{Event, Parser};

use crate::document::directive::{self, Directive};
use crate::document::embedded::HtmlView;
use crate::document::jsx::{self, Item};
use crate::document::mask::{self, Stretch, StretchKind};
use crate::document::outline::Outline;
use crate::document::{
    Definition, Document, Link, OptOut, ParseError, ParseOptions, Skeleton, bare, columns, frontmatter, html, math,
    shortcode,
};
use crate::source::Format;
use crate::span::{OffsetMap, Span};

use self::chunk::Chunk;

/// Reads a Markdown or MDX page; for `edits` see [`crate::document::parse`]. Links inside an edit that folds are left out.
///
/// Fails where the HTML reader gives up on the page's HTML.
pub fn parse(
    text: &str,
    format: Format,
    options: &ParseOptions,
    edits: Option<&OffsetMap>,
) -> Result<Document, ParseError> {
    let (front_matter, links) = frontmatter::read(text, options);
    let body = front_matter.as_ref().map_or(if text.starts_with('\u{feff}') { 3 } else { 0 }, |front| front.span.end);
    let mut page = Page::new(text, format, options, edits);
    if let Some(front) = &front_matter {
        page.skeleton.mark(kinds::FRONT_MATTER, front.shown(text));
    }
    page.links = links;
    let view = page.mask(body);
    if options.bare_urls {
        page.candidates = bare::candidates(text, Span::new(body, text.len()));
        // most links of most pages are absolute
        page.links.reserve(page.candidates.len().min(64));
    }
    page.read(&Chunk::body(&view, text, body));
    page.shortcodes();
    page.html(options)?;
    page.inert.extend(math::blocks(text, body));
    let outline = page.outline.take().map(|recorder| recorder.with_places(&page));
    let (mut links, definitions) = merge::finish(&mut page);
    let columns = columns::tables(text, body, || mask::fences(text, body));
    merge::fix(&mut links, &columns);
    if let Some(edits) = edits {
        strangers::mark(&mut page.skeleton, text, &links, &definitions, edits);
        links.retain(|link| !edits.folds(link.element));
    }
    let outline = outline.map(|recorder| Outline { columns, ..recorder.finish(text, body, &links) });
    let skeleton = page.skeleton.finish();
    Ok(Document { format, links, definitions, front_matter, switch: None, skeleton, outline })
}

/// The text that readers see of a piece of Markdown.
pub fn inline_text(markdown: &str) -> String {
    let mut shown = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::SoftBreak | Event::HardBreak => shown.push(' '),
            _ => {}
        }
    }
    shown
}

/// What is known of a page while it is read.
struct Page<'p, 'm> {
    text: &'p str,
    format: Format,
    options: &'p ParseOptions,
    skeleton: Skeleton<'m>,
    /// What the parser did not see, in order.
    stretches: Vec<Stretch>,
    /// Where bare URLs may begin.
    candidates: Vec<usize>,
    links: Vec<Link>,
    definitions: Vec<Definition>,
    html: HtmlView,
    /// Whether an HTML block may hold Markdown.
    markdown_in_html: bool,
    /// Visible text, code and images, only where the page holds HTML: what stands inside its links.
    shown: Vec<(Span, Shown)>,
    /// Code spans and blocks, only where the page holds template syntax.
    code: Vec<Span>,
    /// Where nothing is edited.
    inert: Vec<Span>,
    /// Where nothing is edited and all is read.
    literal: Vec<Span>,
    /// Elements that are links themselves.
    anchors: Vec<Span>,
    off: Vec<(Span, OptOut)>,
    directives: Vec<(Span, Directive)>,
    /// Blocks and running text, where they are wanted.
    outline: Option<outline::Recorder>,
}

/// What a reader sees inside an HTML link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Text,
    Image,
}

impl<'p, 'm> Page<'p, 'm> {
    fn new(text: &'p str, format: Format, options: &'p ParseOptions, edits: Option<&'m OffsetMap>) -> Self {
        Self {
            text,
            format,
            options,
            skeleton: Skeleton::new(edits),
            stretches: Vec::new(),
            candidates: Vec::new(),
            links: Vec::new(),
            definitions: Vec::new(),
            html: HtmlView::default(),
            markdown_in_html: format == Format::Markdown
                && memchr::memmem::find_iter(text.as_bytes(), b"markdown").any(|at| {
                    let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
                    let after = text.as_bytes().get(at + 8);
                    before.is_some_and(u8::is_ascii_whitespace)
                        && after.is_some_and(|byte| matches!(byte, b'=' | b'>' | b'/') || byte.is_ascii_whitespace())
                }),
            shown: Vec::new(),
            code: Vec::new(),
            inert: Vec::new(),
            literal: Vec::new(),
            anchors: Vec::new(),
            off: Vec::new(),
            directives: Vec::new(),
            outline: options.outline.then(outline::Recorder::default),
        }
    }

    /// Finds what is not Markdown behind byte `body` and gives the page as the parser is to see it.
    fn mask(&mut self, body: usize) -> Cow<'p, str> {
        if self.format == Format::Mdx {
            return self.mask_jsx(body);
        }
        if !mask::any_template(&self.text[body..]) {
            return Cow::Borrowed(self.text);
        }
        mask::Templates { stretches: self.stretches, literal: self.literal } = mask::templates(self.text, body);
        self.mark_stretches();
        if self.stretches.is_empty() { Cow::Borrowed(self.text) } else { mask::view(self.text, &self.stretches).into() }
    }

    fn mask_jsx(&mut self, body: usize) -> Cow<'p, str> {
        let items = jsx::scan(self.text, body, &mask::fences(self.text, body));
        let stretch = |item: &Item| Stretch {
            span: item.span(),
            kind: match item {
                Item::Tag(tag) if tag.name.of(self.text) == "a" => StretchKind::Anchor,
                Item::Tag(_) => StretchKind::Tag,
                Item::Expression(..) => StretchKind::Expression,
                Item::Module(_) => StretchKind::Module,
            },
        };
        self.stretches = items.iter().map(stretch).collect();
        self.mark_stretches();
        self.components(&items);
        if items.is_empty() { Cow::Borrowed(self.text) } else { mask::jsx_view(self.text, &self.stretches).into() }
    }

    fn mark_stretches(&mut self) {
        for stretch in &self.stretches {
            match stretch.kind {
                StretchKind::Anchor => {}
                kind => self.skeleton.mark(kinds::stretch(kind), stretch.span),
            }
        }
    }

    /// Reads a chunk and every chunk found in it: MDX has no indented code, so what looks like it is read again; and an HTML
    /// block may hold Markdown.
    fn read(&mut self, chunk: &Chunk<'_>) {
        let mut nested = VecDeque::from(walk::walk(self, chunk));
        while let Some(chunk) = nested.pop_front() {
            let before = self.links.len();
            nested.extend(walk::walk(self, &chunk));
            for link in self.links.get_mut(before..).into_iter().flatten().filter(|_| chunk.in_html) {
                link.destination_only = true;
            }
        }
    }

    /// Reads the arguments of template tags that are no code.
    fn shortcodes(&mut self) {
        let code = crate::document::embedded::Cover::of(self.code.clone());
        let tags: Vec<_> = self.stretches.iter().filter(|stretch| stretch.kind == StretchKind::Template).collect();
        let tags: Vec<Span> =
            tags.into_iter().map(|stretch| stretch.span).filter(|&span| !code.touches(span)).collect();
        for span in tags {
            let found = shortcode::read(self.text, span, self.options);
            self.record_shortcode(span, &found);
            // what an argument holds is no running text
            let outline = self.outline.take();
            self.links.extend(found.links);
            for inner in found.strings {
                let before = self.links.len();
                walk::walk(self, &Chunk::argument(self.text, inner.span));
                for link in &mut self.links[before..] {
                    link.destination_only = true;
                }
            }
            self.outline = outline;
        }
    }

    /// Reads the HTML that the parser reported.
    fn html(&mut self, options: &ParseOptions) -> Result<(), ParseError> {
        let html = std::mem::take(&mut self.html);
        if !html.is_empty() {
            let view = html.into_text(self.text.len());
            let scan = html::scan_embedded(&view, options, &mut self.skeleton)?;
            if self.format == Format::Markdown && !options.components.is_empty() {
                let tags = jsx::start_tags(&view);
                self.component_links(&tags);
            }
            self.record_html(&view, &scan.inert, scan.outline);
            self.links.extend(scan.links);
            self.inert.extend(scan.inert);
            self.anchors.extend(scan.anchors);
            self.off.extend(scan.off);
            self.directives.extend(scan.directives);
        }
        self.directives.sort_unstable_by_key(|(span, _)| *span);
        let regions = directive::off_regions(&self.directives, self.text.len());
        self.off.extend(regions.into_iter().map(|region| (region, OptOut::Comment)));
        Ok(())
    }

    /// Whether the parser saw something else than the bytes of `span`.
    fn is_masked(&self, span: Span) -> bool {
        let first = self.stretches.partition_point(|stretch| stretch.span.end <= span.start);
        self.stretches.get(first).is_some_and(|stretch| stretch.span.overlaps(span))
    }
}
