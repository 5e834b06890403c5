//! Markdown inside HTML blocks: `<div markdown="1">`, as kramdown, Python-Markdown (`md_in_html`) and `PHP Markdown Extra` read
//! it. Decides which bytes of an HTML block are Markdown by the nearest block element around them; to `CommonMark` the block
//! is HTML up to its first empty line. Where the attribute stands, the author's generator knows it.

use super::chunk::Chunk;
use crate::span::Span;

/// Block elements, and those whose text is never Markdown; in order.
const BLOCKS: [&str; 42] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "code",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "summary",
    "table",
    "td",
    "template",
    "textarea",
    "th",
    "tr",
    "ul",
];
/// The longest tag read, in bytes.
const LONGEST: usize = 4096;
/// How far up an end tag looks for its element.
const DEEPEST: usize = 64;

/// The block elements that are open, each with whether what stands in it is Markdown.
#[derive(Debug, Default)]
pub(super) struct Elements(Vec<(String, bool)>);

impl Elements {
    /// The Markdown in an HTML block of `chunk` whose lines stand at `lines`, as a chunk to be read; `None` where it has
    /// none. Takes the block's elements for those after it into account.
    pub(super) fn markdown(&mut self, chunk: &Chunk<'_>, lines: &[Span]) -> Option<Chunk<'static>> {
        let mut joined = String::new();
        let mut starts = Vec::with_capacity(lines.len());
        for line in lines {
            starts.push((joined.len(), line.start));
            joined.push_str(line.of(&chunk.view));
        }
        let regions = self.regions(&joined);
        let mut inner = Inner::default();
        for region in regions.iter().filter(|region| !region.of(&joined).trim().is_empty()) {
            inner.add(chunk, &joined, &starts, *region);
        }
        (!inner.view.is_empty()).then(|| Chunk::inside_html(inner.view, inner.source, inner.places, chunk.depth + 1))
    }

    fn regions(&mut self, html: &str) -> Vec<Span> {
        let mut regions = Vec::new();
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = html.get(at..).and_then(|rest| memchr::memchr(b'<', rest.as_bytes())) {
            let start = at + found;
            let rest = html.get(start..).unwrap_or_default();
            if rest.starts_with("<!--") {
                at = memchr::memmem::find(rest.as_bytes(), b"-->").map_or(html.len(), |end| start + end + 3);
                continue;
            }
            at = start + 1;
            let Some(tag) = Tag::read(rest) else { continue };
            at = start + tag.length;
            if self.is_markdown() {
                regions.push(Span::new(from, start));
            }
            from = at;
            self.take(&tag);
        }
        if self.is_markdown() {
            regions.push(Span::new(from, html.len()));
        }
        regions
    }

    fn is_markdown(&self) -> bool {
        self.0.last().is_some_and(|(_, markdown)| *markdown)
    }

    fn take(&mut self, tag: &Tag<'_>) {
        if !tag.closing {
            self.0.extend((!tag.empty).then(|| (tag.name.clone(), tag.is_markdown())));
            return;
        }
        let open = self.0.iter().rev().take(DEEPEST).position(|(name, _)| *name == tag.name);
        if let Some(above) = open {
            self.0.truncate(self.0.len() - above - 1);
        }
    }
}

/// A chunk while it is made.
#[derive(Default)]
struct Inner {
    view: String,
    source: String,
    places: Vec<(usize, usize)>,
}

impl Inner {
    /// Adds the lines of `region`, a span of `html`, without the indentation of the first; `starts` says where the lines of
    /// `html` stand in `chunk`.
    fn add(&mut self, chunk: &Chunk<'_>, html: &str, starts: &[(usize, usize)], region: Span) {
        let place = |at: usize| {
            let line = starts.partition_point(|&(start, _)| start <= at).saturating_sub(1);
            starts.get(line).map_or(0, |&(start, place)| place + (at - start))
        };
        let mut indent = None;
        let mut at = region.start;
        for line in region.of(html).split_inclusive('\n') {
            let from = at;
            at += line.len();
            let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if line.trim().is_empty() {
                continue;
            }
            let cut = blanks.min(*indent.get_or_insert(blanks));
            let span = Span::new(place(from + cut), place(from + line.len() - 1) + 1);
            self.places.push((self.view.len(), chunk.at(span.start)));
            self.view.push_str(span.of(&chunk.view));
            self.source.push_str(span.of(&chunk.source));
        }
        // what stands in another element is another paragraph
        for text in [&mut self.view, &mut self.source] {
            text.push_str("\n\n");
        }
    }
}

/// A block element's tag.
struct Tag<'t> {
    name: String,
    attributes: &'t str,
    closing: bool,
    empty: bool,
    length: usize,
}

impl<'t> Tag<'t> {
    /// Reads the tag at the start of `text`; `None` for what is no block element's.
    fn read(text: &'t str) -> Option<Self> {
        let inner = text.strip_prefix('<')?;
        let closing = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let name =
            inner.get(..inner.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count())?.to_ascii_lowercase();
        BLOCKS.binary_search(&name.as_str()).ok()?;
        let attributes = inner.get(name.len()..)?;
        let length = end(attributes)?;
        let attributes = attributes.get(..length)?;
        let length = text.len() - inner.len() + name.len() + length + 1;
        Some(Self { name, attributes, closing, empty: attributes.ends_with('/'), length })
    }

    /// Whether `markdown` stands there, and does not say no.
    fn is_markdown(&self) -> bool {
        let mut rest = self.attributes;
        while let Some((name, value, after)) = attribute(rest) {
            if name == "markdown" {
                return !matches!(value, "0" | "false" | "off");
            }
            rest = after;
        }
        false
    }
}

/// Where the `>` stands that ends a tag with these attributes.
fn end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    attributes.bytes().take(LONGEST).position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    })
}

/// The first attribute, its value, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    let length = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(text.len());
    let (name, after) = text.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    let Some(value) = after.trim_start().strip_prefix('=') else { return Some((name, "", after)) };
    let value = value.trim_start();
    if let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
        let (value, after) = value.get(1..)?.split_once(quote)?;
        return Some((name, value, after));
    }
    let (value, after) = value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()));
    Some((name, value, after))
}
