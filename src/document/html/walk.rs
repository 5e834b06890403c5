//! From the tags of a text to its links: what is inside what. Decides where a link begins and ends, whether it may be
//! edited and where it stands.

use std::hash::Hasher;

use rustc_hash::{FxHashSet, FxHasher};

use super::implied::Omittable;
use super::tags::{Event, Open, RawAttribute, Roles, Tags, name_at};
use crate::document::directive::{self, Directive};
use crate::document::escape::{self, Context};
use crate::document::{Attribute, AttributeSyntax, Attributes, Field, Link, LinkKind, OptOut, ReadOnly};
use crate::source::UNREADABLE;
use crate::span::Span;

/// What opens template syntax that may stand in a destination.
const TEMPLATE: [&str; 5] = ["{{", "{%", "<%", "{#", "${"];

/// A place where a bare URL may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Where it would begin.
    pub(super) at: usize,
    /// Why it would be left alone.
    pub(super) opt_out: Option<OptOut>,
    content: bool,
}

/// What the walk over the tags of a text finds.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Every link that a tag makes, in order.
    pub(super) links: Vec<Link>,
    /// Code, what is not rendered, and comments.
    pub(super) inert: Vec<Span>,
    /// Every `a` element.
    pub(super) anchors: Vec<Span>,
    /// Elements out of all edits.
    pub(super) off: Vec<(Span, OptOut)>,
    /// The comments that switch edits off and on.
    pub(super) directives: Vec<(Span, Directive)>,
    /// Those of the given places at which a bare URL may begin.
    pub(super) candidates: Vec<Candidate>,
}

/// Walks over `tags`, which are those of `text`; `candidates` are the places, in order, where a URL begins.
pub(super) fn walk(text: &str, tags: &Tags, candidates: &[usize]) -> Walk {
    let mut walker = Walker {
        text,
        tags,
        walk: Walk::default(),
        depth: [0; Roles::COUNT],
        link: None,
        scopes: Vec::new(),
        omittable: Vec::new(),
        ended: FxHashSet::default(),
        in_content_element: Vec::new(),
        has_content: false,
    };
    let mut candidates = candidates.iter().copied().peekable();
    for (index, event) in tags.events.iter().enumerate() {
        let span = match event {
            Event::Open(open) => open.span,
            Event::Close { span, .. } | Event::Comment(span) => *span,
        };
        while let Some(at) = candidates.next_if(|&at| at < span.start) {
            walker.candidate(at);
        }
        while candidates.next_if(|&at| at < span.end).is_some() {}
        match *event {
            Event::Open(open) => walker.open(index, open),
            Event::Close { open, span } => walker.close(open, span),
            Event::Comment(span) => walker.comment(span),
        }
    }
    candidates.for_each(|at| walker.candidate(at));
    walker.finish()
}

struct Walker<'t> {
    text: &'t str,
    tags: &'t Tags,
    walk: Walk,
    /// How many elements of each role are open.
    depth: [u32; Roles::COUNT],
    /// The link whose end has not come: its place in the links, the event of its start tag.
    link: Option<(usize, usize)>,
    /// Elements whose extent is reported: the event of the start tag, and where in the result the end is missing.
    scopes: Vec<Scope>,
    /// Open elements whose end tag may be left out and who say something of what they hold.
    omittable: Vec<Pending>,
    /// Of these, the start tags of those that ended without one.
    ended: FxHashSet<usize>,
    /// For each link, whether a content element is around it; what that means depends on whether the page has one.
    in_content_element: Vec<bool>,
    has_content: bool,
}

struct Scope {
    open: usize,
    list: List,
    index: usize,
}

/// An element whose end tag may be left out.
struct Pending {
    open: usize,
    kind: Omittable,
    /// How many elements are open in it that shelter it from other start tags.
    shelters: usize,
}

#[derive(Clone, Copy)]
enum List {
    Inert,
    Anchors,
    Off,
}

impl Walker<'_> {
    fn inside(&self, role: Roles) -> bool {
        role.bits().any(|bit| self.depth[bit] > 0)
    }

    fn open(&mut self, index: usize, open: Open) {
        let Some(raw) = open.link_tag.and_then(|tag| self.tags.link_tags.get(tag as usize)) else {
            self.end_omitted(open);
            self.enter(index, open);
            return;
        };
        // an `a` is never inside another: parsers end the first one here
        self.end_omitted(open);
        self.end_link(open.span.start, None);
        self.enter(index, open);
        if self.inside(Roles::HIDDEN) || !raw.iter().any(|(name, _)| is(self.text, *name, "href")) {
            return;
        }
        let mut link = link(self.text, open, raw);
        link.in_content = !self.inside(Roles::SKIP);
        self.in_content_element.push(self.inside(Roles::CONTENT));
        link.opt_out = link.opt_out.or(self.opt_out());
        if self.inside(Roles::CODE) {
            link.read_only = Some(ReadOnly::InertPlace);
        }
        if open.roles.any(Roles::ANCHOR) {
            self.link = Some((self.walk.links.len(), index));
        }
        self.walk.links.push(link);
    }

    /// Ends the elements that the start tag `open` ends by standing there.
    fn end_omitted(&mut self, open: Open) {
        if !open.roles.any(Roles::NESTED) || self.omittable.is_empty() {
            return;
        }
        let name = name_at(self.text, open.span.start + 1);
        let ends = |pending: &mut Pending| pending.shelters == 0 && pending.kind.ends_before(name);
        while let Some(pending) = self.omittable.pop_if(ends) {
            self.close(pending.open, Span::at(open.span.start));
            self.ended.insert(pending.open);
        }
        if let Some(pending) = self.omittable.last_mut() {
            pending.shelters += usize::from(pending.kind.is_sheltered_by(name));
        }
    }

    fn enter(&mut self, index: usize, open: Open) {
        for bit in open.roles.bits() {
            self.depth[bit] += 1;
        }
        if open.roles.any(Roles::CONTENT) && !self.inside(Roles::SKIP) {
            self.has_content = true;
        }
        let roles = open.roles;
        if roles.any(Roles::SCOPED) {
            let kind = Omittable::of(name_at(self.text, open.span.start + 1));
            self.omittable.extend(kind.map(|kind| Pending { open: index, kind, shelters: 0 }));
        }
        if roles.any(Roles::CODE.and(Roles::HIDDEN)) {
            self.scope(index, List::Inert, self.walk.inert.len());
            self.walk.inert.push(open.span);
        }
        if roles.any(Roles::ANCHOR) {
            self.scope(index, List::Anchors, self.walk.anchors.len());
            self.walk.anchors.push(open.span);
        }
        if let Some(opt_out) = opt_out(|role| roles.any(role)) {
            self.scope(index, List::Off, self.walk.off.len());
            self.walk.off.push((open.span, opt_out));
        }
    }

    fn scope(&mut self, open: usize, list: List, index: usize) {
        self.scopes.push(Scope { open, list, index });
    }

    fn close(&mut self, index: usize, span: Span) {
        let Some(open) = self.tags.open(index).filter(|_| !self.ended.remove(&index)) else { return };
        self.omittable.pop_if(|pending| pending.open == index);
        if let Some(pending) = self.omittable.last_mut().filter(|pending| pending.open < index) {
            let sheltered = pending.kind.is_sheltered_by(name_at(self.text, open.span.start + 1));
            pending.shelters = pending.shelters.saturating_sub(usize::from(sheltered));
        }
        for bit in open.roles.bits() {
            self.depth[bit] = self.depth[bit].saturating_sub(1);
        }
        let own = !span.is_empty() && {
            let name = |at| name_at(self.text, at);
            name(span.start + 2).eq_ignore_ascii_case(name(open.span.start + 1))
        };
        let end = if own { span.end } else { span.start };
        // end tags close from the inside out, so what closes is what was opened last
        while let Some(scope) = self.scopes.pop_if(|scope| scope.open >= index) {
            self.end_scope(&scope, end);
        }
        if self.link.is_some_and(|(_, link)| link == index) {
            self.end_link(span.start, own.then_some(span));
        }
    }

    fn end_scope(&mut self, scope: &Scope, end: usize) {
        let span = match scope.list {
            List::Inert => self.walk.inert.get_mut(scope.index),
            List::Anchors => self.walk.anchors.get_mut(scope.index),
            List::Off => self.walk.off.get_mut(scope.index).map(|(span, _)| span),
        };
        if let Some(span) = span {
            span.end = span.end.max(end);
        }
    }

    fn end_link(&mut self, at: usize, end_tag: Option<Span>) {
        let Some(link) = self.link.take().and_then(|(link, _)| self.walk.links.get_mut(link)) else { return };
        link.text.end = at.max(link.text.start);
        link.element.end = end_tag.map_or(link.text.end, |tag| tag.end);
        if let Some(attributes) = &mut link.attributes {
            attributes.end_tag = end_tag;
        }
    }

    fn comment(&mut self, span: Span) {
        self.walk.inert.push(span);
        let body = span.of(self.text);
        let body = body.strip_prefix("<!--").map(|body| body.strip_suffix("-->").unwrap_or(body));
        if let Some(directive) = body.and_then(directive::read) {
            self.walk.directives.push((span, directive));
        }
    }

    fn candidate(&mut self, at: usize) {
        let barred = Roles::ANCHOR.and(Roles::CODE).and(Roles::HIDDEN).and(Roles::CONTROL).and(Roles::SKIP);
        if !self.inside(barred) {
            let candidate = Candidate { at, opt_out: self.opt_out(), content: self.inside(Roles::CONTENT) };
            self.walk.candidates.push(candidate);
        }
    }

    fn opt_out(&self) -> Option<OptOut> {
        opt_out(|role| self.inside(role))
    }

    fn finish(mut self) -> Walk {
        let end = self.text.len();
        self.end_link(end, None);
        while let Some(scope) = self.scopes.pop() {
            self.end_scope(&scope, end);
        }
        let Walk { links, candidates, .. } = &mut self.walk;
        for (link, inside) in links.iter_mut().zip(self.in_content_element) {
            link.in_content &= inside || !self.has_content;
        }
        candidates.retain(|candidate| candidate.content || !self.has_content);
        self.walk
    }
}

/// Why what stands inside these roles is left alone.
pub(super) fn opt_out(inside: impl Fn(Roles) -> bool) -> Option<OptOut> {
    if inside(Roles::OFF) { Some(OptOut::Attribute) } else { inside(Roles::UNSELECTED).then_some(OptOut::Selector) }
}

fn is(text: &str, name: Span, expected: &str) -> bool {
    name.of(text).eq_ignore_ascii_case(expected)
}

/// The link that a start tag opens; where it ends and what is around it is not known yet.
fn link(text: &str, open: Open, raw: &[RawAttribute]) -> Link {
    let insert_at = open.span.start + 1 + name_at(text, open.span.start + 1).len();
    let mut named: [Option<Attribute>; 4] = [const { None }; 4];
    let mut others: Option<FxHasher> = None;
    for &(name, value) in raw {
        let known = ["href", "rel", "target", "title"].iter().position(|known| is(text, name, known));
        match known.and_then(|known| named.get_mut(known)) {
            // the first of two attributes with one name is the one that counts
            Some(slot) if slot.is_none() => *slot = Some(attribute(text, name, value)),
            _ => {
                let hasher = others.get_or_insert_default();
                hasher.write(name.of(text).as_bytes());
                hasher.write_u8(u8::from(value.is_some()));
                hasher.write(value.map(|value| value.of(text)).unwrap_or_default().as_bytes());
            }
        }
    }
    let [href, rel, target, title] = named;
    let (destination, read_only) = destination(text, href, insert_at);
    let rel_me = rel
        .as_ref()
        .is_some_and(|rel| rel.text().split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case("me")));
    Link {
        kind: if open.roles.any(Roles::ANCHOR) { LinkKind::Html } else { LinkKind::Area },
        element: open.span,
        text: Span::at(open.span.end),
        destination,
        definition: None,
        title: title.map(|title| title.text().to_owned()),
        attributes: Some(Attributes {
            syntax: AttributeSyntax::Tag,
            span: open.span,
            insert_at,
            rel,
            target,
            others: others.map_or(0, |hasher| hasher.finish()),
            end_tag: None,
        }),
        banner: false,
        in_cell: false,
        in_content: false,
        opt_out: rel_me.then_some(OptOut::RelMe),
        read_only,
        destination_only: false,
        in_argument: false,
    }
}

fn destination(text: &str, href: Option<Attribute>, insert_at: usize) -> (Field, Option<ReadOnly>) {
    let value_end = href.as_ref().map_or(insert_at, |href| href.name.end);
    let Some(field) = href.and_then(|href| href.value) else {
        let context = Context::HtmlAttribute { quote: None };
        let nothing = Field { span: Span::at(value_end), context, value: String::new() };
        return (nothing, Some(ReadOnly::NotLocated));
    };
    let read_only = unreadable(field.span.of(text));
    (field, read_only)
}

/// Why the bytes of a URL, `raw`, must stay.
pub(super) fn unreadable(raw: &str) -> Option<ReadOnly> {
    if raw.contains(UNREADABLE) {
        Some(ReadOnly::Encoding)
    } else {
        TEMPLATE.iter().any(|opening| raw.contains(opening)).then_some(ReadOnly::TemplateSyntax)
    }
}

fn attribute(text: &str, name: Span, value: Option<Span>) -> Attribute {
    let Some(value) = value else { return Attribute { name, whole: name, value: None } };
    let bytes = text.as_bytes();
    let before = value.start.checked_sub(1).and_then(|at| bytes.get(at));
    let quote = before.filter(|quote| matches!(quote, b'"' | b'\'') && bytes.get(value.end) == Some(quote));
    let quote = quote.map(|&quote| char::from(quote));
    let context = Context::HtmlAttribute { quote };
    let whole = Span::new(name.start, value.end + usize::from(quote.is_some()));
    let field = Field { span: value, context, value: escape::decode(value.of(text), context).value };
    Attribute { name, whole, value: Some(field) }
}
