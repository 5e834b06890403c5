//! One link of a chunk: where its text and its destination stand, and what follows it. Decides which of its bytes are
//! certain enough to be edited.

use std::hash::{Hash, Hasher};

use pulldown_cmark::{CowStr, LinkType};
use rustc_hash::FxHasher;

use super::walk::Walker;
use crate::document::escape::Context;
use crate::document::{
    AttributeSyntax, Definition, Field, Link, LinkKind, OptOut, ReadOnly, attribute_list, destination,
};
use crate::source::Format;
use crate::span::Span;

/// Whether a `rel` value says that the link leads to the author's own.
pub(super) fn is_me(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case("me"))
}

/// A definition of the chunk.
pub(super) struct Known {
    pub(super) span: Span,
    pub(super) destination: String,
    /// Its place in the page's list, once a link uses it.
    pub(super) used: Option<usize>,
    pub(super) image: bool,
}

/// A link or an image that is open.
pub(super) struct Open<'e> {
    pub(super) image: bool,
    pub(super) kind: LinkType,
    pub(super) span: Span,
    pub(super) destination: CowStr<'e>,
    pub(super) title: CowStr<'e>,
    /// Where the definition used begins.
    pub(super) label: Option<usize>,
    /// Where the last thing inside ends.
    pub(super) inside: usize,
    pub(super) pictures: bool,
    pub(super) words: bool,
}

impl Walker<'_, '_, '_, '_> {
    /// Adds the link that ends at byte `end` of the chunk.
    pub(super) fn link(&mut self, open: &Open<'_>, end: usize) {
        let mut made = match open.kind {
            LinkType::Inline => self.inline_link(open),
            LinkType::Autolink | LinkType::Email => self.autolink(open),
            _ => self.reference_link(open),
        };
        made.title = (!open.title.is_empty()).then(|| open.title.to_string());
        made.banner = open.pictures && !open.words;
        made.in_cell = self.plain.cell;
        let text = made.text.of(self.page.text);
        // a line that is nothing but a tag begins a block of HTML; JSX over lines depends on what is around it
        let is_blank = |line: Option<&str>| line.is_some_and(|line| line.trim().is_empty());
        let bars_tags = || {
            self.page.format == Format::Mdx || is_blank(text.split('\n').next()) || is_blank(text.rsplit('\n').next())
        };
        made.destination_only = made.kind != LinkKind::Autolink && text.contains('\n') && bars_tags();
        if let Some((list, length)) = self.lists_behind(end) {
            let me = list.attributes.rel.as_ref().is_some_and(|rel| is_me(rel.text()));
            made.opt_out = if list.off { Some(OptOut::Attribute) } else { me.then_some(OptOut::RelMe) };
            if self.page.is_masked(list.attributes.span) {
                made.read_only = made.read_only.or(Some(ReadOnly::TemplateSyntax));
            }
            self.listed = end + length;
            made.attributes = Some(list.attributes);
        }
        self.page.links.push(made);
    }

    /// The attribute list that begins at byte `end` of the chunk, and how many bytes it has; JSX has none.
    ///
    /// Of several kramdown lists in a row the last one with a `rel` counts, or else the last one: there an attribute
    /// outweighs those before it.
    fn lists_behind(&self, end: usize) -> Option<(attribute_list::List, usize)> {
        let mut chosen = self.list_at(end)?;
        let mut length = chosen.attributes.span.len();
        while chosen.attributes.syntax == AttributeSyntax::Kramdown
            && let Some(mut next) = self.list_at(end + length)
            && next.attributes.syntax == AttributeSyntax::Kramdown
        {
            length += next.attributes.span.len();
            if next.attributes.rel.is_some() || chosen.attributes.rel.is_none() {
                std::mem::swap(&mut next, &mut chosen);
            }
            chosen.off |= next.off;
            // no edit changes the bytes of the one that does not count
            let mut hasher = FxHasher::default();
            (chosen.attributes.others, next.attributes.others, next.attributes.span.of(self.page.text))
                .hash(&mut hasher);
            chosen.attributes.others = hasher.finish() | 1;
        }
        Some((chosen, length))
    }

    fn list_at(&self, at: usize) -> Option<attribute_list::List> {
        let begins = self.chunk.view.as_bytes().get(at) == Some(&b'{');
        let wanted = begins && self.page.format == Format::Markdown;
        let list = wanted.then(|| attribute_list::read(self.page.text, self.chunk.at(at))).flatten();
        list.filter(|list| self.page.options.lists.has(list.attributes.syntax))
    }

    fn inline_link(&self, open: &Open<'_>) -> Link {
        let element = self.chunk.span(open.span);
        let Some(found) = destination::inline(&self.chunk.view, open.span, open.inside, &open.destination) else {
            return self.not_located(LinkKind::Inline, open, element);
        };
        let text = self.text_span(open, found.close);
        let (destination, read_only) = self.field(found.destination, found.angle, &open.destination);
        Link { read_only, ..Link::new(LinkKind::Inline, element, text, destination) }
    }

    fn reference_link(&mut self, open: &Open<'_>) -> Link {
        let end = destination::element_end(&self.chunk.view, open.span, open.kind);
        let element = self.chunk.span(Span::new(open.span.start, end));
        let known = open.label.and_then(|label| self.known_at(label));
        let found = destination::reference(&self.chunk.view, open.span, open.inside, open.kind);
        let (Some(known), Some((close, _))) = (known, found) else {
            return self.not_located(LinkKind::Reference, open, element);
        };
        let index = self.used(known);
        let definition = &self.page.definitions[index];
        let (destination, read_only) = (definition.destination.clone(), definition.read_only);
        let text = self.text_span(open, close);
        Link { definition: Some(index), read_only, ..Link::new(LinkKind::Reference, element, text, destination) }
    }

    fn autolink(&self, open: &Open<'_>) -> Link {
        let element = self.chunk.span(open.span);
        let inside = Span::new(open.span.start + 1, open.span.end.saturating_sub(1).max(open.span.start + 1));
        let text = self.chunk.span(inside);
        let raw = inside.of(&self.chunk.view);
        let read_only = if raw != &*open.destination {
            Some(ReadOnly::NotLocated)
        } else if inside.of(&self.chunk.source) != raw {
            Some(ReadOnly::TemplateSyntax)
        } else {
            raw.contains('&').then(|| has_reference(raw)).filter(|&has| has).map(|_| ReadOnly::AmbiguousAutolink)
        };
        let value = inside.of(&self.chunk.source);
        // where it leads stands nowhere on the page
        let (value, read_only) = if open.kind == LinkType::Email {
            (format!("mailto:{value}"), read_only.or(Some(ReadOnly::NotLocated)))
        } else {
            (value.to_owned(), read_only)
        };
        let destination = Field { span: text, context: Context::Autolink, value };
        Link { read_only, ..Link::new(LinkKind::Autolink, element, text, destination) }
    }

    fn not_located(&self, kind: LinkKind, open: &Open<'_>, element: Span) -> Link {
        let text = self.text_span(open, open.inside.min(open.span.end));
        let context = Context::Destination { angle: false };
        let destination = Field { span: Span::at(element.end), context, value: open.destination.to_string() };
        Link { read_only: Some(ReadOnly::NotLocated), ..Link::new(kind, element, text, destination) }
    }

    fn text_span(&self, open: &Open<'_>, close: usize) -> Span {
        let start = open.span.start + 1;
        self.chunk.span(Span::new(start, close.max(start)))
    }

    /// A destination found at `span` of the view: what the page says there.
    fn field(&self, span: Span, angle: bool, value: &str) -> (Field, Option<ReadOnly>) {
        let context = Context::Destination { angle };
        let place = if span.is_empty() { Span::at(self.chunk.at(span.start)) } else { self.chunk.span(span) };
        let source = span.of(&self.chunk.source);
        if source == span.of(&self.chunk.view) {
            return (Field { span: place, context, value: value.to_owned() }, None);
        }
        (Field { span: place, context, value: source.to_owned() }, Some(ReadOnly::TemplateSyntax))
    }

    /// The definition that begins at byte `start` of the chunk.
    pub(super) fn known_at(&self, start: usize) -> Option<usize> {
        self.known.binary_search_by_key(&start, |known| known.span.start).ok()
    }

    /// The page's entry for a definition.
    fn used(&mut self, known: usize) -> usize {
        if let Some(index) = self.known[known].used {
            return index;
        }
        let (span, expected) = (self.known[known].span, &self.known[known].destination);
        let made = match destination::definition(&self.chunk.view, span, expected) {
            Some(found) => {
                let (destination, read_only) = self.field(found.destination, found.angle, expected);
                let title = found.title.map(|title| self.chunk.span(title));
                Definition { span: self.chunk.span(span), destination, title, shared_with_image: false, read_only }
            }
            None => Definition {
                span: self.chunk.span(span),
                destination: Field {
                    span: Span::at(self.chunk.span(span).end),
                    context: Context::Destination { angle: false },
                    value: expected.clone(),
                },
                title: None,
                shared_with_image: false,
                read_only: Some(ReadOnly::NotLocated),
            },
        };
        let index = self.page.definitions.len();
        self.page.definitions.push(made);
        self.known[known].used = Some(index);
        index
    }
}

/// Whether `raw` holds something like `&name;`.
fn has_reference(raw: &str) -> bool {
    raw.split('&').skip(1).any(|rest| {
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
        length > 0 && rest.as_bytes().get(length) == Some(&b';')
    })
}
