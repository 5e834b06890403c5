//! What begins with an element's start tag and is complete with its end: blocks, inline elements, what is hidden. Decides
//! what of an element is recorded.

use super::super::element::Name;
use super::super::open::{Element, Ending};
use super::super::tags::{Open, Roles};
use super::super::walk;
use super::{Builder, head};
use crate::document::outline::{Block, BlockKind, IGNORING, Inline, Outline, Shown, Text};
use crate::span::Span;

/// What an element makes of the text in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ReadAs {
    /// What it is.
    #[default]
    Text,
    /// No prose.
    Verbatim,
    /// Text that takes no link.
    Apart,
}

impl ReadAs {
    fn of(name: Name) -> Self {
        match name {
            name if name.is_verbatim() => Self::Verbatim,
            name if name.is_apart() => Self::Apart,
            _ => Self::Text,
        }
    }
}

/// What is known of an open element: its roles, and the places of what its end completes.
#[derive(Debug, Default)]
pub(super) struct Extent {
    roles: Roles,
    block: Option<usize>,
    inline: Option<usize>,
    recognized: Option<usize>,
    hidden: Option<usize>,
    ignoring: Option<usize>,
    inert: Option<usize>,
    is_hidden: bool,
    /// What its text is to a reader.
    read_as: ReadAs,
    /// Whether its end tag shows nothing and nothing reaches across it.
    is_obstacle: bool,
    /// What [`Builder::lost_code`] was in front of it.
    lost_code: u32,
}

impl Builder<'_> {
    /// Opens the element of a start tag, which is called `raw`.
    pub(super) fn push(&mut self, open: Open, name: Name, raw: &[u8]) {
        let tag = open.span.of(self.text);
        let mut extent =
            Extent { roles: open.roles, read_as: ReadAs::of(name), lost_code: self.lost_code, ..Extent::default() };
        let kind = match name.block() {
            _ if open.roles.any(Roles::SKIP) => Some(BlockKind::Skipped),
            None if open.roles.any(Roles::CONTENT) => Some(BlockKind::Box),
            None | Some(BlockKind::Box | BlockKind::Item | BlockKind::Paragraph) if head::is_control(tag, name) => {
                Some(BlockKind::Control)
            }
            kind => kind,
        };
        if kind.is_none() {
            self.start_inline(&mut extent, open, name);
        } else if !self.texts.is_at_edge() {
            self.texts.put(open.span, Shown::Obstacle);
        }
        if open.roles.any(Roles::RECOGNIZED) {
            extent.recognized = Some(self.outline.recognized.len());
            self.outline.recognized.push(open.span);
        }
        if self.may_ignore && tag.contains(IGNORING) {
            extent.ignoring = Some(self.outline.ignoring.len());
            self.outline.ignoring.push(open.span);
        }
        if head::is_hidden(tag) {
            extent.is_hidden = true;
            if self.hidden == 0 {
                extent.hidden = Some(self.outline.hidden.len());
                self.outline.hidden.push(open.span);
            }
            self.hidden += 1;
        }
        self.enter(open.roles);
        if extent.read_as != ReadAs::Text || name.is_fallback() {
            let index = self.outline.inert.len();
            self.inert(open.span);
            extent.inert = (self.outline.inert.len() > index).then_some(index);
        }
        self.verbatim += u32::from(extent.read_as == ReadAs::Verbatim);
        self.apart += u32::from(extent.read_as == ReadAs::Apart);
        self.fallback += u32::from(name.is_fallback());
        if is_cell(name) {
            self.lost_code = 0;
        }
        if name == Name::Article && !self.open.holds(Name::Article) {
            self.outline.head.articles += usize::from(!self.embedded);
        }
        extent.block = kind.map(|kind| self.start_block(kind, open));
        self.open.push(name, raw, extent);
    }

    fn start_inline(&mut self, extent: &mut Extent, open: Open, name: Name) {
        if extent.read_as == ReadAs::Verbatim {
            self.texts.put(open.span, Shown::Verbatim);
        } else if extent.read_as == ReadAs::Apart {
            self.apart_tag(open.span);
        } else if name.is_phrasing() {
            extent.inline = Some(self.inlines.len());
            self.outline.inlines.push(Inline { span: open.span, inner: Span::at(open.span.end) });
            self.inlines.push((self.texts.block(), false));
        } else if name == Name::A && head::attribute(open.span.of(self.text), "href").is_none() {
            // a link inside it would be a link in a link
            self.apart_tag(open.span);
            extent.read_as = ReadAs::Apart;
        } else if name != Name::A && !name.is_table_part() {
            extent.is_obstacle = true;
            self.obstacle(open.span);
        }
    }

    fn start_block(&mut self, kind: BlockKind, open: Open) -> usize {
        let index = self.outline.blocks.len();
        self.outline.blocks.push(Block {
            kind,
            span: open.span,
            inner: Span::at(open.span.end),
            parent: self.around.last().copied().unwrap_or(0),
            is_content: open.roles.any(Roles::CONTENT),
            in_content: !self.inside(Roles::SKIP),
        });
        self.in_content_element.push(self.inside(Roles::CONTENT));
        self.around.push(index);
        self.texts.enter(index);
        index
    }

    /// Ends every element above the first `height`, at byte `at`.
    pub(super) fn cut(&mut self, height: usize, at: usize) {
        while (self.open.height() > height || self.open.is_top_gone())
            && let Some(element) = self.open.pop()
        {
            if element.name == Name::Code && !element.gone {
                self.lost_code += 1;
            }
            self.finish_element(element, at, None, false);
        }
    }

    /// Ends what `ending` says: at byte `at`, by this end tag if there is one.
    pub(super) fn finish_by(&mut self, ending: Ending, at: usize, tag: Option<Span>) {
        match ending {
            Ending::Nothing => {}
            Ending::Element(place) => {
                let proper = self.open.is_innermost(place);
                self.cut(place + 1, at);
                if let Some(element) = self.open.pop() {
                    self.finish_element(element, at, tag, proper);
                }
                // what was taken off early ends with the last block in it
                self.cut(place, tag.map_or(at, |tag| tag.end));
            }
            Ending::Around { element, height } => {
                self.cut(height, at);
                let end = tag.map_or(at, |tag| tag.end);
                for inner in self.open.ended_around(element, height) {
                    self.take_off(inner, at, at);
                }
                self.take_off(element, at, end);
                if let Some(tag) = tag {
                    self.obstacle(tag);
                }
            }
        }
    }

    /// Ends an element at byte `at`, its end tag at byte `end`, but not what stands in it.
    fn take_off(&mut self, place: usize, at: usize, end: usize) {
        if let Some(found) = self.open.remove(place) {
            let (name, block) = (found.name, found.value.block.take());
            let extent = std::mem::take(&mut found.value);
            found.value.block = block;
            self.leave(name, &extent, at, end);
        }
    }

    fn finish_element(&mut self, element: Element<Extent>, at: usize, tag: Option<Span>, proper: bool) {
        let Element { name, value: extent, gone, .. } = element;
        let end = tag.map_or(at, |tag| tag.end);
        if !gone {
            self.leave(name, &extent, at, end);
        }
        if let Some(tag) = tag {
            self.end_inline(&extent, tag, proper);
        }
        if let Some(block) = extent.block {
            if let Some(block) = self.outline.blocks.get_mut(block) {
                block.inner.end = at.max(block.inner.start);
                block.span.end = end.max(block.inner.end);
            }
            self.around.pop();
            self.texts.enter(self.around.last().copied().unwrap_or(0));
        }
        if is_cell(name) {
            self.lost_code = extent.lost_code;
        }
        self.texts.opt_out = walk::opt_out(|role| self.inside(role));
    }

    /// Records the end tag of what is no block.
    fn end_inline(&mut self, extent: &Extent, tag: Span, proper: bool) {
        if let Some(index) = extent.inline {
            match (self.outline.inlines.get_mut(index), self.inlines.get_mut(index)) {
                (Some(inline), Some((_, closed))) if proper => {
                    inline.inner.end = tag.start;
                    inline.span.end = tag.end;
                    *closed = true;
                }
                _ => self.obstacle(tag),
            }
        } else if extent.is_obstacle {
            self.obstacle(tag);
        } else if extent.read_as == ReadAs::Verbatim && extent.block.is_none() {
            self.texts.put(tag, Shown::Verbatim);
        } else if extent.read_as == ReadAs::Apart && extent.block.is_none() {
            self.apart_tag(tag);
        }
    }

    /// Records a tag of an element whose text takes no link: it shows nothing, and no link reaches across it.
    fn apart_tag(&mut self, tag: Span) {
        let shown = if self.verbatim > 0 { Shown::Verbatim } else { Shown::Apart(Some(Box::default())) };
        self.texts.put(tag, shown);
    }

    /// Takes an element whose content ends at `at`, and itself at `end`, out of all counts.
    fn leave(&mut self, name: Name, extent: &Extent, at: usize, end: usize) {
        for bit in extent.roles.bits() {
            self.depth[bit] = self.depth[bit].saturating_sub(1);
        }
        self.verbatim -= u32::from(extent.read_as == ReadAs::Verbatim);
        self.apart -= u32::from(extent.read_as == ReadAs::Apart);
        self.fallback -= u32::from(name.is_fallback());
        self.hidden -= u32::from(extent.is_hidden);
        let Outline { hidden, recognized, ignoring, inert, .. } = &mut self.outline;
        let lists = [
            (hidden, extent.hidden, end),
            (recognized, extent.recognized, end),
            (ignoring, extent.ignoring, end),
            (inert, extent.inert, at),
        ];
        for (list, index, end) in lists {
            if let Some(span) = index.and_then(|index| list.get_mut(index)) {
                span.end = span.end.max(end);
            }
        }
        self.texts.opt_out = walk::opt_out(|role| self.inside(role));
    }

    /// Counts an element with these roles as open.
    pub(super) fn enter(&mut self, roles: Roles) {
        for bit in roles.bits() {
            self.depth[bit] += 1;
        }
        if roles.any(Roles::CONTENT) && !self.inside(Roles::SKIP) {
            self.has_content = true;
        }
        self.texts.opt_out = walk::opt_out(|role| self.inside(role));
    }

    fn inside(&self, role: Roles) -> bool {
        role.bits().any(|bit| self.depth[bit] > 0)
    }

    /// The outline, once everything was read.
    pub(super) fn finish(mut self) -> Outline {
        self.cut(0, self.text.len());
        let mut outline = self.outline;
        if !self.embedded {
            for (block, inside) in outline.blocks.iter_mut().zip(self.in_content_element) {
                block.in_content &= inside || !self.has_content;
            }
            let page = &mut outline.blocks[0];
            page.is_content |= !self.has_content;
            page.inner = self.head.body_of(page.span);
        }
        outline.texts = self.texts.finish();
        // a tag without its partner: nothing reaches across it
        let lone = outline.inlines.iter().zip(&self.inlines).filter(|(_, (_, closed))| !closed);
        let lone = lone.map(|(inline, (block, _))| Text {
            span: Span::new(inline.span.start, inline.inner.start),
            shown: Shown::Obstacle,
            block: *block,
            opt_out: None,
        });
        outline.texts.extend(lone.collect::<Vec<_>>());
        outline.texts.sort_by_key(|text| text.span.start);
        let mut closed = self.inlines.iter().map(|(_, closed)| *closed);
        outline.inlines.retain(|_| closed.next().unwrap_or(false));
        let articles = outline.head.articles;
        outline.head = self.head.finish();
        outline.head.articles = articles;
        outline
    }
}

fn is_cell(name: Name) -> bool {
    matches!(name, Name::Td | Name::Th | Name::Caption)
}
