//! The links of a page, put together: sorted, disjoint, each with what stands around it. Decides which of two links that
//! overlap is kept.

use rustc_hash::FxHashMap;

use super::{Page, Shown};
use crate::document::embedded::Cover;
use crate::document::mask::{Stretch, StretchKind};
use crate::document::{Context, Definition, Link, LinkKind, OptOut, ReadOnly, bare};
use crate::source::Format;
use crate::span::Span;

/// Takes the links and definitions of `page`, in order.
pub(super) fn finish(page: &mut Page<'_, '_>) -> (Vec<Link>, Vec<Definition>) {
    let mut links = std::mem::take(&mut page.links);
    places(page, &mut links);
    let off = std::mem::take(&mut page.off);
    opt_outs(&off, &mut links);
    pictures(page, &mut links);
    let in_html = |link: &&mut Link| {
        matches!(link.kind, LinkKind::Html | LinkKind::Area) || link.destination.context == Context::HtmlText
    };
    for link in links.iter_mut().filter(in_html) {
        templates(page, link);
    }
    for link in &mut links {
        expressions(page.text, link);
    }
    // of two that begin together the longer one is first
    links.sort_by_key(|link| (link.element.start, std::cmp::Reverse(link.element.end)));
    let mut links = disjoint(links);
    touching(page.text, &mut links);
    for link in links.iter_mut().filter(|link| link.kind == LinkKind::Reference) {
        label(page.text, link);
    }
    let literal = Cover::of(page.literal.clone());
    for link in links.iter_mut().filter(|link| literal.touches(link.element)) {
        link.read_only = link.read_only.or(Some(ReadOnly::InertPlace));
    }
    let kept = Cover::of(off.into_iter().map(|(span, _)| span).chain(page.literal.drain(..)).collect());
    for definition in page.definitions.iter_mut().filter(|definition| kept.touches(definition.span)) {
        definition.read_only = definition.read_only.or(Some(ReadOnly::InertPlace));
    }
    let is_tag = |stretch: &&Stretch| stretch.kind == StretchKind::Template;
    let tags = Cover::of(page.stretches.iter().filter(is_tag).map(|stretch| stretch.span).collect());
    for link in &mut links {
        link.in_argument = tags.within(link.element).any(|part| part == link.element);
    }
    let definitions = sorted(std::mem::take(&mut page.definitions), &mut links);
    (links, definitions)
}

/// Marks what stands where nothing is edited, and drops URLs that are no links there.
fn places(page: &mut Page<'_, '_>, links: &mut Vec<Link>) {
    if page.inert.is_empty() && page.anchors.is_empty() {
        return;
    }
    let inert = Cover::of(std::mem::take(&mut page.inert));
    let closed = Cover::of(closed(page.text, &page.anchors));
    let anchors = Cover::of(std::mem::take(&mut page.anchors));
    links.retain_mut(|link| match link.kind {
        LinkKind::Bare => !inert.touches(link.element) && !anchors.touches(link.element),
        LinkKind::Inline | LinkKind::Reference | LinkKind::Autolink => {
            if inert.holds(link.element.start) || closed.holds(link.element.start) {
                link.read_only = link.read_only.or(Some(ReadOnly::InertPlace));
            }
            true
        }
        _ => {
            if inert.touches(link.destination.span) {
                link.read_only = link.read_only.or(Some(ReadOnly::InertPlace));
            }
            true
        }
    });
}

/// Those of `anchors`, elements called `a` by where they start, that have an end tag: the start of a link ends the others
/// (HTML, "in body", a start tag `a`).
fn closed(text: &str, anchors: &[Span]) -> Vec<Span> {
    let is_closed = |anchor: &Span| {
        let end = anchor.of(text).trim_end_matches('>').trim_end();
        end.len() > 2 && end.get(end.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("</a"))
    };
    // of those that end together the innermost has the end tag
    let mut inner: FxHashMap<usize, usize> = FxHashMap::default();
    for anchor in anchors {
        let start = inner.entry(anchor.end).or_default();
        *start = anchor.start.max(*start);
    }
    anchors
        .iter()
        .copied()
        .filter(|anchor| inner.get(&anchor.end) == Some(&anchor.start) && is_closed(anchor))
        .collect()
}

fn opt_outs(off: &[(Span, OptOut)], links: &mut [Link]) {
    if off.is_empty() {
        return;
    }
    for kind in [OptOut::Attribute, OptOut::Comment, OptOut::RelMe, OptOut::Selector] {
        let cover = Cover::of(off.iter().filter(|(_, by)| *by == kind).map(|(span, _)| *span).collect());
        for link in links.iter_mut().filter(|link| link.opt_out.is_none() && cover.touches(link.element)) {
            link.opt_out = Some(kind);
        }
    }
}

/// Sees what HTML links show: the HTML reader saw no Markdown between the tags.
fn pictures(page: &mut Page<'_, '_>, links: &mut [Link]) {
    if page.shown.is_empty() {
        return;
    }
    let mut shown = std::mem::take(&mut page.shown);
    shown.sort_unstable_by_key(|(span, _)| *span);
    for link in links.iter_mut().filter(|link| link.kind == LinkKind::Html) {
        let first = shown.partition_point(|(span, _)| span.start < link.text.start);
        let inside: Vec<_> = shown[first..].iter().take_while(|(span, _)| span.start < link.text.end).collect();
        let mut images = Span::default();
        let mut words = false;
        for (span, what) in inside {
            match what {
                // the words inside an image's brackets are its alternative text
                Shown::Image => images = *span,
                Shown::Text => words |= !images.contains(*span),
            }
            if words {
                break;
            }
        }
        link.banner = !words && (link.banner || !images.is_empty());
    }
}

/// A tag with template syntax in what would be edited is left alone.
fn templates(page: &Page<'_, '_>, link: &mut Link) {
    if page.format != Format::Markdown || page.stretches.is_empty() {
        return;
    }
    let attributes = link.attributes.iter().flat_map(|attributes| [&attributes.rel, &attributes.target]).flatten();
    let mut edited = attributes.map(|attribute| attribute.whole).chain([link.destination.span]);
    if edited.any(|span| page.is_masked(span)) {
        link.destination.span.of(page.text).clone_into(&mut link.destination.value);
        link.read_only = link.read_only.or(Some(ReadOnly::TemplateSyntax));
    }
}

/// A URL with an expression of a template language that no mask knows, or one that runs into such an expression.
fn expressions(text: &str, link: &mut Link) {
    let span = link.destination.span;
    let raw = span.of(text);
    let value = link.destination.value.as_str();
    let holds = holds_expression(raw) || (raw != value && holds_expression(value));
    let meets = link.kind == LinkKind::Bare && text.get(span.end..).is_some_and(|rest| rest.starts_with("<%"));
    if holds || meets {
        link.read_only = link.read_only.or(Some(ReadOnly::TemplateSyntax));
    }
}

fn holds_expression(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'%', b'{', bytes).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        matches!((before, bytes[at]), (Some(b'<'), b'%') | (Some(b'$' | b'#'), b'{'))
    })
}

fn disjoint(links: Vec<Link>) -> Vec<Link> {
    let mut kept: Vec<Link> = Vec::with_capacity(links.len());
    for link in links {
        let Some(around) = kept.last_mut().filter(|last| last.element.overlaps(link.element)) else {
            kept.push(link);
            continue;
        };
        if around.kind == LinkKind::Html && link.element.start >= tag_end(around) {
            // a browser ends a link where another one begins
            around.text = Span::new(tag_end(around), link.element.start);
            around.element.end = link.element.start;
            if let Some(attributes) = &mut around.attributes {
                attributes.end_tag = None;
            }
            kept.push(link);
        } else if around.read_only == Some(ReadOnly::TemplateSyntax) && link.kind == LinkKind::Shortcode {
            // the configured argument is the link that counts
            *around = link;
        } else if matches!(around.kind, LinkKind::Inline | LinkKind::Reference) && link.kind == LinkKind::Html {
            around.read_only = around.read_only.or(Some(ReadOnly::Broken));
        }
    }
    kept
}

/// A reference link at the start of a line with a colon behind it: a definition to readers that let one stand in a paragraph.
fn label(text: &str, link: &mut Link) {
    let before = text.as_bytes().get(..link.element.start).unwrap_or_default();
    let markers = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).count();
    let begins = before[..before.len() - markers].last().is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    if begins && text.as_bytes().get(link.element.end) == Some(&b':') {
        link.read_only = link.read_only.or(Some(ReadOnly::NotLocated));
    }
}

/// A URL that runs into a link: where it ends depends on how that link is written, so neither reading is certain.
fn touching(text: &str, links: &mut [Link]) {
    for index in 1..links.len() {
        let next = links[index].element.start;
        let link = &mut links[index - 1];
        if link.kind == LinkKind::Bare && bare::run_end(text, link.element.start, next) == next {
            link.read_only = link.read_only.or(Some(ReadOnly::NotLocated));
        }
    }
}

/// Links in `tables`, which are in order, keep their length: of a reference the definition may change.
pub(super) fn fix(links: &mut [Link], tables: &[Span]) {
    for table in tables {
        let first = links.partition_point(|link| link.element.start < table.start);
        for link in links.iter_mut().skip(first).take_while(|link| link.element.start < table.end) {
            if link.kind == LinkKind::Reference {
                link.destination_only = true;
            } else {
                link.read_only = link.read_only.or(Some(ReadOnly::Columns));
            }
        }
    }
}

fn tag_end(link: &Link) -> usize {
    link.attributes.as_ref().map_or(link.element.end, |attributes| attributes.span.end)
}

/// Puts the definitions in use in order and tells the links.
fn sorted(definitions: Vec<Definition>, links: &mut [Link]) -> Vec<Definition> {
    let mut order: Vec<usize> = (0..definitions.len()).collect();
    order.sort_unstable_by_key(|&index| definitions[index].span);
    let mut places = vec![0; order.len()];
    for (place, &index) in order.iter().enumerate() {
        places[index] = place;
    }
    for link in links.iter_mut() {
        link.definition = link.definition.map(|index| places[index]);
    }
    let mut definitions: Vec<_> = definitions.into_iter().zip(places).collect();
    definitions.sort_unstable_by_key(|(_, place)| *place);
    definitions.into_iter().map(|(definition, _)| definition).collect()
}
