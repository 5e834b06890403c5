//! Puts what was recorded in order: which block is in which, which text stands in which block, where text is no prose or
//! out of edits. Decides which of two blocks that cross gives way.

use std::cmp::Reverse;

use super::{Recorder, classes};
use crate::document::embedded::Cover;
use crate::document::markdown::Page;
use crate::document::markdown::plain::wiki_links;
use crate::document::outline::{Block, BlockKind, Head, Kinds, Outline, Shown, Text};
use crate::document::{Link, OptOut};
use crate::span::Span;

/// A recorder that knows where a page's text is none and where nothing is edited.
#[derive(Debug)]
pub(in crate::document::markdown) struct Placed {
    recorder: Recorder,
    anchors: Vec<Span>,
    off: Vec<(Span, OptOut)>,
}

impl Recorder {
    /// Takes from `page` what bears on its text.
    pub(in crate::document::markdown) fn with_places(mut self, page: &Page<'_, '_>) -> Placed {
        self.verbatim.extend(page.inert.iter().copied());
        self.apart.extend(page.literal.iter().copied());
        let obstacles = self.texts.iter().filter(|text| text.shown == Shown::Obstacle).map(|text| text.span);
        let names = |span: &Span| classes::names_syntax(span.of(page.text), &page.options.recognize);
        self.recognized.extend(obstacles.filter(names));
        Placed { recorder: self, anchors: page.anchors.clone(), off: page.off.clone() }
    }
}

impl Placed {
    /// The outline of `page`, whose body begins at byte `body` and whose links are `links`.
    pub(in crate::document::markdown) fn finish(self, page: &str, body: usize, links: &[Link]) -> Outline {
        let Self { recorder, anchors, off } = self;
        let Recorder { blocks, mut texts, mut inlines, hidden, mut comments, verbatim, mut apart, .. } = recorder;
        let Recorder { mut recognized, mut ignoring, indented, .. } = recorder;
        let is_link = |span: Span| links.binary_search_by_key(&span.start, |link| link.element.start).is_ok();
        // an `a` that is no link here is one to the reader, or may hold none
        apart.extend(anchors.into_iter().filter(|anchor| !is_link(*anchor)));
        let is_linked = |span: Span| {
            let near = links.partition_point(|link| link.element.end <= span.start);
            links.get(near).is_some_and(|link| link.element.overlaps(span))
        };
        apart.extend(wiki_links(page).into_iter().filter(|wiki| !is_linked(*wiki)));
        texts.extend(unknown(&blocks, &texts));
        let blocks = tree(blocks, Span::new(0, page.len()), body);
        texts.sort_by_key(|text| text.span.start);
        let mut texts = disjoint(texts);
        texts = cut(texts, &Cover::of(verbatim), |text| text.shown = Shown::Verbatim);
        texts = cut(texts, &Cover::of(apart), |text| text.shown = set_apart(&text.shown));
        for kind in [OptOut::Attribute, OptOut::Comment, OptOut::RelMe, OptOut::Selector] {
            let spans: Vec<_> = off.iter().filter(|(_, by)| *by == kind).map(|(span, _)| *span).collect();
            if !spans.is_empty() {
                texts = cut(texts, &Cover::of(spans), |text| text.opt_out = text.opt_out.or(Some(kind)));
            }
        }
        place(&mut texts, &blocks);
        inlines.sort_by_key(|inline| (inline.span.start, Reverse(inline.span.end)));
        comments.sort_by_key(|comment| comment.span);
        recognized.sort_unstable();
        // to the HTML reader a component that ends itself has no end
        recognized.dedup_by_key(|span| span.start);
        ignoring.sort_unstable();
        ignoring.dedup_by_key(|span| span.start);
        let (inert, head) = (Vec::new(), Head::default());
        Outline {
            blocks,
            texts,
            inlines,
            hidden,
            inert,
            columns: Vec::new(),
            indented,
            comments,
            recognized,
            ignoring,
            head,
            kinds: Kinds::default(),
        }
    }
}

/// `blocks` in order inside the page, each with what is around it.
///
/// Elements may begin in one stretch of raw HTML and end in another: of two blocks that cross, raw HTML gives way, else the
/// one that begins later.
pub(super) fn tree(mut blocks: Vec<Block>, page: Span, body: usize) -> Vec<Block> {
    // of two that are the same, the outer one was recorded first
    blocks.sort_by_key(|block| (block.span.start, Reverse(block.span.end)));
    let inner = Span::new(body, page.end);
    let root = Block { kind: BlockKind::Page, span: page, inner, parent: 0, is_content: true, in_content: true };
    let mut tree = vec![root];
    let mut around = vec![0];
    for mut block in blocks {
        while let Some(outer) = around.last().and_then(|&index| tree.get_mut(index)) {
            let ended = outer.span.end <= block.span.start && outer.kind != BlockKind::Page;
            let crossed = block.span.end > outer.span.end;
            if !ended && crossed && outer.kind == BlockKind::Html && block.kind != BlockKind::Html {
                outer.span.end = block.span.start;
                outer.inner.end = outer.inner.end.min(block.span.start);
            } else if !ended {
                break;
            }
            around.pop();
        }
        let parent = around.last().copied().unwrap_or_default();
        let Some(outer) = tree.get(parent) else { continue };
        block.span.end = block.span.end.min(outer.span.end).max(block.span.start);
        block.inner.end = block.inner.end.min(block.span.end);
        block.inner.start = block.inner.start.min(block.inner.end);
        block.parent = parent;
        block.in_content = outer.in_content && block.kind != BlockKind::Skipped;
        around.push(tree.len());
        tree.push(block);
    }
    tree
}

/// An obstacle for each stretch of raw HTML of which nothing is known.
fn unknown(blocks: &[Block], texts: &[Text]) -> Vec<Text> {
    if blocks.iter().all(|block| block.kind != BlockKind::Html) {
        return Vec::new();
    }
    let known = Cover::of(texts.iter().map(|text| text.span).collect());
    let raw = blocks.iter().filter(|block| block.kind == BlockKind::Html && !known.touches(block.span));
    let obstacle = |span| Text { span, shown: Shown::Obstacle, block: 0, opt_out: None };
    raw.map(|block| obstacle(block.span)).collect()
}

/// `texts`, which are sorted, without those that are empty and without what one shares with those before it.
fn disjoint(mut texts: Vec<Text>) -> Vec<Text> {
    let mut end = 0;
    texts.retain_mut(|text| {
        let whole = text.span.start >= end;
        text.span.start = text.span.start.max(end).min(text.span.end);
        end = end.max(text.span.end);
        // a part of a character reference shows nothing
        !text.span.is_empty() && (whole || !matches!(text.shown, Shown::Decoded(_)))
    });
    texts
}

/// `texts`, cut where `cover` begins and ends; `mark` changes the prose that it covers.
fn cut(texts: Vec<Text>, cover: &Cover, mark: impl Fn(&mut Text)) -> Vec<Text> {
    if cover.is_empty() {
        return texts;
    }
    let mut marked = Vec::with_capacity(texts.len());
    for text in texts {
        if matches!(text.shown, Shown::Verbatim | Shown::Obstacle) {
            marked.push(text);
            continue;
        }
        let whole = text.span;
        let mut from = whole.start;
        for covered in cover.within(whole) {
            // only bytes can be cut
            let covered = if text.shown == Shown::Bytes { covered } else { whole };
            if from < covered.start {
                marked.push(Text { span: Span::new(from, covered.start), ..text.clone() });
            }
            from = covered.end;
            let mut part = Text { span: covered, ..text.clone() };
            mark(&mut part);
            marked.push(part);
            if from >= whole.end {
                break;
            }
        }
        if from < whole.end {
            marked.push(Text { span: Span::new(from, whole.end), ..text });
        }
    }
    marked
}

/// What a reader reads of a text `shown` so where no link is put into it.
fn set_apart(shown: &Shown) -> Shown {
    match shown {
        Shown::Decoded(shown) => Shown::Apart(Some(shown.clone())),
        Shown::Space | Shown::Break => Shown::Apart(Some(" ".into())),
        Shown::Bytes => Shown::Apart(None),
        other => other.clone(),
    }
}

/// Tells every text of `texts` the innermost of `blocks` around it; both are sorted.
fn place(texts: &mut [Text], blocks: &[Block]) {
    let mut around = vec![0];
    let mut next = 1;
    for text in texts {
        while let Some(block) = blocks.get(next).filter(|block| block.span.start <= text.span.start) {
            while around.last().is_some_and(|&outer| outer != block.parent) {
                around.pop();
            }
            around.push(next);
            next += 1;
        }
        let ended =
            |index: &usize| *index != 0 && blocks.get(*index).is_none_or(|block| block.span.end <= text.span.start);
        while around.last().is_some_and(ended) {
            around.pop();
        }
        text.block = around.last().copied().unwrap_or_default();
    }
}
