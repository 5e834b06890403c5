//! HTML: pages, and what stands of it inside Markdown. Decides which links, bare URLs and directives a text has and what of
//! it must be as it was after an edit; the bytes of values are [`super::escape`]'s.
//!
//! `lol_html` reads and never writes. A page's [`Skeleton`] holds every start tag: its place and, of a link's own tag, the
//! attributes that no edit may touch. Text, comments and end tags need no events of their own: what stands between two start
//! tags is the same bytes in both texts, read by the same parser in the same state, unless an edit stands there; and
//! `mark_strangers` lets an edit bring in nothing but links' own tags.

mod anchors;
mod banner;
mod bare;
mod element;
mod gap;
mod implied;
mod noscript;
mod open;
mod outline;
mod page;
mod tags;
mod walk;

use std::borrow::Cow;
use std::hash::Hasher;

use memchr::memmem;
use rustc_hash::FxHasher;

pub use self::outline::attribute;
pub use self::page::{is_redirect, is_template};
use self::tags::{Event, Tags};
use self::walk::Walk;
use crate::document::directive::{self, Directive};
use crate::document::frontmatter;
use crate::document::skeleton::Skeleton;
use crate::document::{Document, Link, OptOut, Outline, ParseError, ParseOptions};
use crate::source::Format;
use crate::span::{OffsetMap, Span};

const START_TAG: u64 = 0x68_01;
const COMMENT: u64 = 0x68_02;
const LINK_TAG: u64 = 0x68_03;
const STRANGER: u64 = 0x68_04;
const FRONT_MATTER: u64 = 0x68_05;

/// What one pass over the HTML inside Markdown finds.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Every `a[href]` and `area[href]`, by where it starts; no two overlap.
    pub links: Vec<Link>,
    /// Code, what is not rendered, and comments, by where they start; one may lie in another.
    pub inert: Vec<Span>,
    /// Every `a` element, with or without `href`; one may lie in another.
    pub anchors: Vec<Span>,
    /// Elements that the author took out of all edits, and how.
    pub off: Vec<(Span, OptOut)>,
    /// The comments that switch edits off and on, in order.
    pub directives: Vec<(Span, Directive)>,
    /// Blocks and running text, where they were asked for. What stands between the tags in `view` is text here, blanks of
    /// the page's Markdown included: the caller takes what lies in its raw HTML. An element without an end tag of its own,
    /// whose `inner` ends with its `span`, reaches to the next tag that ends it, over any Markdown.
    pub outline: Option<Outline>,
}

/// Reads the HTML inside a Markdown page.
///
/// `view` is as long as the page, with everything that is not HTML blanked, so that all spans are the page's own. Comments
/// and start tags, but those of links, are marked in `skeleton`; text is not. Directives are listed and not yet applied to
/// the links.
pub fn scan_embedded(view: &str, options: &ParseOptions, skeleton: &mut Skeleton<'_>) -> Result<Scan, ParseError> {
    let tags = if tags::selects_anchors(view, options)? { None } else { anchors::read(view) };
    let tags = tags.map_or_else(|| tags::read(view, options, true), Ok)?;
    let possible = if options.bare_urls { bare::possible(view) } else { Vec::new() };
    let mut walk = walk::walk(view, &tags, &possible);
    banner::mark(view, &tags, &mut walk.links);
    for (event, link) in with_links(&tags, &walk.links) {
        match event {
            Event::Open(open) if link.is_none() => skeleton.mark(START_TAG, open.span),
            Event::Comment(span) => skeleton.mark(COMMENT, *span),
            _ => {}
        }
    }
    let Walk { mut links, inert, anchors, off, directives, candidates, .. } = walk;
    links.append(&mut bare::links(view, &candidates, true)?);
    noscript::add(view, &tags, &inert, &mut links)?;
    let outline = options.outline.then(|| outline::of_embedded(view, &tags));
    Ok(Scan { links, inert, anchors, off, directives, outline })
}

/// Reads an HTML page; for `edits` see [`crate::document::parse`].
///
/// Links inside an edit that folds are left out. Front matter, which generators take from HTML as well, is no HTML.
pub fn parse(page: &str, options: &ParseOptions, edits: Option<&OffsetMap>) -> Result<Document, ParseError> {
    let (front_matter, values) = frontmatter::read(page, options);
    let head = front_matter.as_ref().map_or(0, |front| front.span.end);
    let view = if head > 0 { Cow::Owned(blanked(page, head)) } else { Cow::Borrowed(page) };
    let text = view.as_ref();
    let comments = memmem::find(text.as_bytes(), b"affilink-o").is_some();
    let tags = tags::read(text, options, comments)?;
    let possible = if options.bare_urls { bare::possible(text) } else { Vec::new() };
    let Walk { mut links, inert, candidates, directives, .. } = walk::walk(text, &tags, &possible);
    banner::mark(text, &tags, &mut links);
    let front = front_matter.as_ref().map(|front| Front { shown: front.shown(page), values: &values });
    let skeleton = skeleton(&tags, &links, front.as_ref(), edits);
    links.append(&mut bare::links(text, &candidates, false)?);
    links.extend(values);
    links.sort_by_key(|link| link.element.start);
    noscript::add(text, &tags, &inert, &mut links)?;
    links.retain(|link| !edits.is_some_and(|edits| edits.folds(link.element)));
    let off = directive::off_regions(&directives, text.len());
    switch_off(&mut links, &off);
    let mut outline = options.outline.then(|| outline::of_page(text, &tags, &off));
    if let Some(whole) = outline.as_mut().and_then(|outline| outline.blocks.first_mut()) {
        whole.inner.start = whole.inner.start.max(head);
    }
    let switch = outline::switch(text, &tags);
    Ok(Document { format: Format::Html, links, definitions: Vec::new(), front_matter, switch, skeleton, outline })
}

/// `page` with spaces for all before byte `head`.
fn blanked(page: &str, head: usize) -> String {
    let mut view = " ".repeat(head);
    view.push_str(page.get(head..).unwrap_or_default());
    view
}

/// Every event, and the link whose start tag it is.
fn with_links<'w>(tags: &'w Tags, links: &'w [Link]) -> impl Iterator<Item = (&'w Event, Option<&'w Link>)> {
    let mut links = links.iter().peekable();
    tags.events.iter().map(move |event| {
        let is_its_tag = |link: &&Link| matches!(event, Event::Open(open) if open.span.start == link.element.start);
        (event, links.next_if(is_its_tag))
    })
}

/// The front matter of an HTML page.
struct Front<'p> {
    shown: Span,
    values: &'p [Link],
}

fn skeleton(tags: &Tags, links: &[Link], front: Option<&Front<'_>>, edits: Option<&OffsetMap>) -> u64 {
    let mut skeleton = Skeleton::new(edits);
    if let Some(front) = front {
        skeleton.mark(FRONT_MATTER, front.shown);
    }
    for (event, link) in with_links(tags, links) {
        match (event, link) {
            (Event::Open(open), None) => skeleton.mark(START_TAG, open.span),
            (Event::Open(open), Some(link)) => mark_link(&mut skeleton, link, open.span, edits),
            _ => {}
        }
    }
    if let Some(edits) = edits {
        mark_strangers(&mut skeleton, links, front, edits);
    }
    skeleton.finish()
}

/// Records a link's start tag with what no edit may change of it. A tag that was inserted is no event if it brings nothing
/// but what an edit may bring.
fn mark_link(skeleton: &mut Skeleton<'_>, link: &Link, tag: Span, edits: Option<&OffsetMap>) {
    let others = link.attributes.as_ref().map_or(0, |attributes| attributes.others);
    let inserted = edits.and_then(|edits| edits.back_span(tag)).is_some_and(Span::is_empty);
    if inserted && others == 0 && link.title.is_none() {
        return;
    }
    let mut hasher = FxHasher::default();
    hasher.write_u64(LINK_TAG);
    hasher.write_u64(others);
    if let Some(title) = &link.title {
        hasher.write_u8(1);
        hasher.write(title.as_bytes());
    }
    skeleton.mark(hasher.finish(), tag);
}

/// Marks every edit that does more than to change a link's start tag or to insert links' tags: no original can have had it.
fn mark_strangers(skeleton: &mut Skeleton<'_>, links: &[Link], front: Option<&Front<'_>>, edits: &OffsetMap) {
    let values: Vec<_> = front.iter().flat_map(|front| front.values).map(Link::quoted).collect();
    let attributes = || links.iter().filter_map(|link| link.attributes.as_ref());
    let start_tags: Vec<_> = attributes().map(|found| found.span).collect();
    let tags: Vec<_> = attributes().flat_map(|found| std::iter::once(found.span).chain(found.end_tag)).collect();
    for piece in edits.pieces().iter().filter(|piece| !piece.fold) {
        // what replaces something lies within one start tag, whose own mark says that it was there before
        let known =
            if piece.before.is_empty() { is_tiled(piece.after, &tags) } else { is_within(piece.after, &start_tags) };
        if !known && !piece.after.is_within_one_of(&values) {
            skeleton.mark(STRANGER, piece.after);
        }
    }
}

/// Whether `tags`, which are sorted, cover `span`.
fn is_tiled(span: Span, tags: &[Span]) -> bool {
    let mut at = span.start;
    for tag in &tags[tags.partition_point(|tag| tag.end <= at)..] {
        if at >= span.end || at < tag.start {
            break;
        }
        at = tag.end;
    }
    at >= span.end
}

/// Whether one of `tags`, which are sorted, holds `span`; the place before a tag or behind it is not in it.
fn is_within(span: Span, tags: &[Span]) -> bool {
    let tag = tags.get(tags.partition_point(|tag| tag.end <= span.start));
    tag.is_some_and(|tag| tag.contains(span) && (tag.start < span.start || !span.is_empty()))
}

fn switch_off(links: &mut [Link], regions: &[Span]) {
    for link in links {
        let index = regions.partition_point(|region| region.end <= link.element.start);
        if regions.get(index).is_some_and(|region| region.holds(link.element.start)) {
            link.opt_out = link.opt_out.or(Some(OptOut::Comment));
        }
    }
}

#[cfg(test)]
mod tests;
