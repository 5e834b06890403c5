//! Places in HTML: in the content element that holds what makes the notice necessary, behind its title.

use rustc_hash::FxHashSet;

use super::{Cause, Slot};
use crate::config::policy::NoticePlace;
use crate::document::Document;
use crate::document::outline::{Block, BlockKind, Outline, Text};
use crate::span::Span;

/// How much text may stand before a title that the notice goes behind, in bytes: a date, a category.
const BEFORE_TITLE: usize = 400;

/// See [`super::slot`].
pub(super) fn slot(text: &str, document: &Document, place: NoticePlace, cause: Cause) -> Option<Slot> {
    let outline = document.outline.as_ref()?;
    let (content, link) = match cause {
        Cause::Link(link) | Cause::Value(link) => {
            let content = content(text, outline, outline.block_at(link));
            (if place == NoticePlace::Bottom { content } else { frame(text, outline, content, link) }, link)
        }
        Cause::Elsewhere => {
            let first = outline.blocks.iter().position(|block| block.is_content).unwrap_or(0);
            (content(text, outline, first), text.len())
        }
    };
    let inner = outline.blocks.get(content)?.inner;
    let begins_page = false;
    if place == NoticePlace::Bottom {
        let end = inner.start + inner.of(text).trim_ascii_end().len();
        return Some(placed(text, seen(text, outline, content, end), begins_page));
    }
    let title = behind_links(document, behind_title(text, outline, content, link));
    let at = seen(text, outline, content, title);
    Some(placed(text, at, begins_page))
}

/// `at`, or where the link ends that it stands in: what is put there would be clicked.
fn behind_links(document: &Document, at: usize) -> usize {
    let after = document.links.partition_point(|link| link.element.start < at);
    let around = after.checked_sub(1).and_then(|last| document.links.get(last)).map(|link| link.element);
    around.filter(|element| at < element.end).map_or(at, |element| element.end)
}

/// `at`, a place in `content`, or the last before it that is not swallowed by something open there: code, what no browser
/// shows, a heading without its end.
fn seen(text: &str, outline: &Outline, content: usize, mut at: usize) -> usize {
    while let Some(start) = swallowing(text, outline, content, at) {
        let mut block = outline.block_at(start);
        while let Some(around) = outline.blocks.get(block).map(|block| block.parent).filter(|&around| around > content)
        {
            block = around;
        }
        let outer = outline.blocks.get(block).filter(|_| block > content);
        at = outer.map_or(start, |block| block.span.start.min(start));
    }
    at
}

/// Where the outermost of what is open at `at` inside `content` begins, if no reader would see a notice there.
fn swallowing(text: &str, outline: &Outline, content: usize, at: usize) -> Option<usize> {
    let is_open = |block: &&Block| {
        let is_unclosed = block.span.end == block.inner.end;
        block.span.start < at && (at < block.span.end || at == block.span.end && is_unclosed)
    };
    let is_barred = |block: &&Block| {
        let is_hidden = || outline.hidden.binary_search_by_key(&block.span.start, |span| span.start).is_ok();
        // a paragraph ends where another begins
        let holds = may_hold(text, block) || block.kind == BlockKind::Paragraph;
        !holds || matches!(block.kind, BlockKind::Control | BlockKind::Skipped | BlockKind::Code) || is_hidden()
    };
    let start = outline.blocks.get(content)?.span.start;
    let inside = outline.around(outline.block_at(at.checked_sub(1)?)).take_while(|block| block.span.start > start);
    let block = inside.filter(is_open).filter(is_barred).last().map(|block| block.span.start);
    let inert = outline.inert_at(at).map(|span| span.start);
    block.into_iter().chain(inert).min()
}

/// The own text at `span` with the line that it was given.
pub(super) fn removal(text: &str, span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.trim_end_matches([' ', '\t']);
    let behind = text.get(span.end..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let own_line = line.ends_with('\n') && behind.starts_with(['\n', '\r']);
    if !own_line {
        return span;
    }
    let ending = if line.ends_with("\r\n") { 2 } else { 1 };
    Span::new(line.len() - ending, span.end)
}

/// A place at `at`, on a line of its own where what follows has one.
fn placed(text: &str, at: usize, begins_page: bool) -> Slot {
    let behind = text.get(at..).unwrap_or_default();
    let blank = behind.len() - behind.trim_ascii_start().len();
    let blank = behind.get(..blank).unwrap_or_default();
    // the last of the lines has the indentation of what follows
    let before = blank.rfind('\n').map_or(String::new(), |last| {
        let line = blank.get(..last).unwrap_or_default();
        let ending = if line.ends_with('\r') { "\r\n" } else { "\n" };
        format!("{ending}{}", blank.get(last + 1..).unwrap_or_default())
    });
    Slot { at, before, behind: String::new(), begins_page }
}

/// The innermost content element around block `inside`, that may hold a paragraph, as an index.
fn content(text: &str, outline: &Outline, inside: usize) -> usize {
    let mut content = inside;
    let mut is_inside = false;
    while let Some(block) = outline.blocks.get(content).filter(|block| content > 0 && block.parent < content) {
        is_inside |= block.is_content;
        if is_inside && may_hold(text, block) && outline.inert_at(block.span.start).is_none() {
            return content;
        }
        content = block.parent;
    }
    0
}

/// The element in `content` that frames its text, as an index: themes put boxes around what a page says that are laid out
/// beside others, or leave `main` out. It is the innermost around both the title and `link`. Without a title it is the
/// innermost that holds all of the content's text and shows some of it directly; on a page that names no content, the
/// outermost around `link` that does.
fn frame(text: &str, outline: &Outline, content: usize, link: usize) -> usize {
    let Some(around) = outline.blocks.get(content) else { return content };
    let boxes = boxes(text, outline, content, link);
    let inside = || outline.blocks.iter().skip(content + 1).take_while(|block| block.span.start < around.inner.end);
    // a page's header may name the site, an article's names the article
    let is_title = |block: &&Block| {
        block.kind == BlockKind::Heading(1)
            && (content > 0 || !outline.is_within(block.parent, |kind| kind == BlockKind::Skipped))
    };
    if let Some(title) = inside().take_while(|block| block.span.start < link).find(is_title) {
        let titled = boxes.iter().take_while(|(_, block)| block.span.contains(title.span)).last();
        return titled.map_or(content, |(index, _)| *index);
    }
    let blocks = inside().filter(|block| shows_text(block.kind)).map(|block| block.parent);
    let direct: FxHashSet<usize> = blocks.chain(shown(text, outline, content).map(|text| text.block)).collect();
    // a notice in a cell or an item would be said of that alone
    let whole = boxes.iter().take_while(|(_, block)| !is_part(text, block));
    let mut direct = whole.filter(|(index, _)| direct.contains(index));
    if content == 0 {
        return direct.next().map_or(content, |(index, _)| *index);
    }
    let all = shown(text, outline, content).map(|text| text.span).reduce(|all, span| Span::new(all.start, span.end));
    let whole = direct.take_while(|(_, block)| all.is_some_and(|all| block.span.contains(all))).last();
    whole.map_or(content, |(index, _)| *index)
}

/// The boxes in `content` around `link` that a notice may stand in, with their indices, from the outermost inwards.
fn boxes<'o>(text: &str, outline: &'o Outline, content: usize, link: usize) -> Vec<(usize, &'o Block)> {
    let mut around = Vec::new();
    let mut index = outline.block_at(link);
    while let Some(block) = outline.blocks.get(index).filter(|block| index > content && block.parent < index) {
        around.push((index, block));
        index = block.parent;
    }
    let is_box = |block: &Block| {
        !matches!(block.kind, BlockKind::Control | BlockKind::Code | BlockKind::Caption | BlockKind::Skipped)
            && outline.inert_at(block.span.start).is_none()
    };
    let boxes = around.into_iter().rev().take_while(|(_, block)| is_box(block));
    boxes.filter(|(_, block)| may_hold(text, block)).collect()
}

/// Whether a block of this kind shows text of the box it stands in.
fn shows_text(kind: BlockKind) -> bool {
    use BlockKind::{Heading, List, Paragraph, Quote, Table};
    matches!(kind, Paragraph | Heading(_) | List | Quote | Table)
}

/// What `content` shows, but for what `html.skip` leaves out.
fn shown<'o>(text: &'o str, outline: &'o Outline, content: usize) -> impl Iterator<Item = &'o Text> {
    let inner = outline.blocks.get(content).map_or(Span::default(), |block| block.inner);
    let first = outline.texts.partition_point(|text| text.span.start < inner.start);
    let texts = outline.texts.iter().skip(first).take_while(move |shown| shown.span.start < inner.end);
    texts.filter(|shown| {
        let says = shown.prose(text).is_some_and(|prose| !prose.trim().is_empty());
        says && !outline.is_within(shown.block, |kind| kind == BlockKind::Skipped)
    })
}

/// Elements in which no paragraph may stand.
const CLOSED: [&str; 24] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "pre",
    "button",
    "label",
    "summary",
    "select",
    "span",
    "hgroup",
    "figcaption",
    "menu",
];

/// Elements that are one part of many, or belong to what stands beside them.
const PARTS: [&str; 7] = ["td", "th", "li", "dt", "dd", "figure", "caption"];

fn is_part(text: &str, block: &Block) -> bool {
    PARTS.iter().any(|part| name(text, block).eq_ignore_ascii_case(part))
}

fn may_hold(text: &str, block: &Block) -> bool {
    !CLOSED.iter().any(|closed| name(text, block).eq_ignore_ascii_case(closed))
}

/// The name of the element that `block` is.
fn name<'t>(text: &'t str, block: &Block) -> &'t str {
    let tag = block.span.of(text).strip_prefix('<').unwrap_or_default();
    let end = tag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

/// Behind the title of `content` and what else leads in, but before `link`.
fn behind_title(text: &str, outline: &Outline, content: usize, link: usize) -> usize {
    let start = outline.blocks.get(content).map_or(0, |block| block.inner.start);
    let inside = outline.blocks.iter().enumerate().skip(content + 1);
    let children: Vec<&Block> = inside
        .take_while(|(_, block)| block.span.start < link)
        .filter(|(_, block)| block.parent == content && block.span.end <= link)
        .map(|(_, block)| block)
        .collect();
    let titled = |block: &&Block| holds_title(outline, block.span);
    let title = children.iter().position(titled).filter(|&index| {
        let end = children.get(index).map_or(start, |block| block.span.start);
        let said = outline.texts.iter().filter(|shown| start <= shown.span.start && shown.span.start < end);
        said.filter(|shown| !outline.is_within(shown.block, |kind| kind == BlockKind::Skipped))
            .map(|shown| shown.span.of(text).trim().len())
            .sum::<usize>()
            <= BEFORE_TITLE
    });
    let mut at = start;
    let mut rest = children.as_slice();
    if let Some(title) = title {
        at = children.get(title).map_or(start, |block| block.span.end);
        rest = children.get(title + 1..).unwrap_or_default();
    }
    for block in rest {
        let between = text.get(at..block.span.start).unwrap_or_default();
        let leads = matches!(name(text, block).to_ascii_lowercase().as_str(), "nav" | "header" | "h1" | "hgroup");
        if !leads || !is_blank(between) {
            break;
        }
        at = block.span.end;
    }
    at
}

/// Whether the first title of a page stands in `span`.
fn holds_title(outline: &Outline, span: Span) -> bool {
    let first = outline.blocks.partition_point(|block| block.span.start < span.start);
    let inside = outline.blocks.get(first..).unwrap_or_default().iter().take_while(|block| block.span.start < span.end);
    { inside }.any(|block| block.kind == BlockKind::Heading(1))
}

/// Whether `text` is white space and comments.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_ascii_start();
    while let Some(behind) = rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        rest = behind.1.trim_ascii_start();
    }
    rest.is_empty()
}
