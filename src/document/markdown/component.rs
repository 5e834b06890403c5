//! Links in JSX: `<a href="...">` and the configured attributes of components. Decides which tags belong together and
//! what of a page they take out of edits.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{Page, link};
use crate::document::escape::{self, Context};
use crate::document::jsx::{Item, Tag, Value, Written};
use crate::document::{Attribute, AttributeSyntax, Attributes, Field, Link, LinkKind, OptOut, ReadOnly, directive};
use crate::span::Span;

/// Elements in which nothing is edited.
const INERT: [&str; 10] =
    ["button", "code", "kbd", "noscript", "pre", "samp", "script", "style", "template", "textarea"];

impl Page<'_, '_> {
    /// Takes links, opt-outs and places without edits from the JSX of an MDX page.
    pub(super) fn components(&mut self, items: &[Item]) {
        let mut tags = Vec::new();
        for item in items {
            match item {
                Item::Tag(tag) => tags.push(tag),
                Item::Expression(span, Some(comment)) => {
                    let read = directive::read(comment.of(self.text));
                    self.directives.extend(read.map(|directive| (*span, directive)));
                }
                _ => {}
            }
        }
        let ends = pairs(self.text, &tags);
        self.record_jsx(items, &tags, &ends);
        for (tag, end) in tags.iter().zip(ends) {
            if !tag.closing {
                self.element(tag, end.map(|index| tags[index].span));
            }
        }
        let starts: Vec<_> = tags.into_iter().filter(|tag| !tag.closing).cloned().collect();
        self.component_links(&starts);
    }

    /// Takes the configured attributes of `tags` as links.
    pub(super) fn component_links(&mut self, tags: &[Tag]) {
        for tag in tags {
            let Some(wanted) = self.options.components.get(tag.name.of(self.text)) else { continue };
            for attribute in tag.attributes.iter().filter(|attribute| {
                let name = attribute.name.of(self.text);
                wanted.iter().any(|wanted| wanted == name)
            }) {
                let Some(field) = field(self.text, attribute) else { continue };
                let read_only = self.unsafe_value(field.span);
                let element = field.span;
                let link = Link::new(LinkKind::Component, element, Span::at(element.end), field);
                self.links.push(Link { read_only, ..link });
            }
        }
    }

    fn element(&mut self, tag: &Tag, end: Option<Span>) {
        let element = Span::new(tag.span.start, end.map_or(tag.span.end, |end| end.end));
        let name = tag.name.of(self.text);
        if INERT.contains(&name) {
            self.inert.push(element);
        }
        let says_off = |attribute: &&Written| {
            attribute.name.of(self.text) == "data-affilink"
                && matches!(attribute.value, Value::Text(value, _) if value.of(self.text) == "off")
        };
        if tag.attributes.iter().any(|attribute| says_off(&attribute)) {
            self.off.push((element, OptOut::Attribute));
        }
        let kind = match name {
            "a" => LinkKind::Html,
            "area" => LinkKind::Area,
            _ => return,
        };
        if kind == LinkKind::Html {
            self.anchors.push(element);
        }
        let named = |wanted: &str| tag.attributes.iter().find(|written| written.name.of(self.text) == wanted);
        let Some(destination) = named("href").and_then(|href| field(self.text, href)) else { return };
        let title = named("title").and_then(|title| field(self.text, title)).map(|field| field.value);
        let computed = ["rel", "target"].into_iter().filter_map(named).any(|at| at.value == Value::Expression);
        let read_only = self.unsafe_value(destination.span).or(computed.then_some(ReadOnly::TemplateSyntax));
        let attributes = attributes(self.text, tag, end);
        let me = attributes.rel.as_ref().is_some_and(|rel| link::is_me(rel.text()));
        let text = end.map_or(Span::at(tag.span.end), |end| Span::new(tag.span.end, end.start));
        self.links.push(Link {
            title,
            attributes: Some(attributes),
            opt_out: me.then_some(OptOut::RelMe),
            read_only,
            ..Link::new(kind, element, text, destination)
        });
    }

    fn unsafe_value(&self, value: Span) -> Option<ReadOnly> {
        // in MDX every tag is hidden from the parser, and none holds template syntax
        if self.format == crate::source::Format::Markdown && self.is_masked(value) {
            return Some(ReadOnly::TemplateSyntax);
        }
        value.of(self.text).contains(['\n', '\r']).then_some(ReadOnly::MultiLine)
    }
}

/// For every start tag, which tag ends it.
fn pairs(text: &str, tags: &[&Tag]) -> Vec<Option<usize>> {
    let mut ends = vec![None; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (index, tag) in tags.iter().enumerate() {
        let name = tag.name.of(text);
        if !tag.closing {
            if !tag.empty {
                open.push(index);
                *counts.entry(name).or_default() += 1;
            }
            continue;
        }
        // an end tag without a start ends nothing; what was left open inside an element ends with it
        while counts.get(name).is_some_and(|&count| count > 0) {
            let Some(start) = open.pop() else { break };
            let ended = tags[start].name.of(text);
            counts.entry(ended).and_modify(|count| *count -= 1);
            if ended == name {
                ends[start] = Some(index);
                break;
            }
        }
    }
    ends
}

fn field(text: &str, written: &Written) -> Option<Field> {
    let Value::Text(span, quote) = written.value else { return None };
    let context = Context::HtmlAttribute { quote: Some(quote) };
    Some(Field { span, context, value: escape::decode(span.of(text), context).value })
}

fn attributes(text: &str, tag: &Tag, end_tag: Option<Span>) -> Attributes {
    let mut hasher = FxHasher::default();
    let mut read = Attributes {
        syntax: AttributeSyntax::Tag,
        span: tag.span,
        insert_at: tag.name.end,
        rel: None,
        target: None,
        others: 0,
        end_tag,
    };
    for written in &tag.attributes {
        let attribute = Attribute { name: written.name, whole: written.whole, value: field(text, written) };
        match written.name.of(text) {
            "rel" if read.rel.is_none() => read.rel = Some(attribute),
            "target" if read.target.is_none() => read.target = Some(attribute),
            "href" | "title" => {}
            _ => {
                written.whole.of(text).hash(&mut hasher);
                read.others = hasher.finish() | 1;
            }
        }
    }
    read
}
