//! The outline of a page: its blocks, text and inline elements. Decides what of the bytes between the start tags a reader
//! sees and in which block; which tags there are is [`super::tags`]', where elements end is [`super::open`]'s.

mod extent;
mod head;
#[cfg(test)]
mod tests;
mod texts;

use super::element::Name;
use super::gap::{self, Piece};
use super::open::{Ending, OpenElements};
use super::tags::{Event, Open, Roles, Tags, name_at};
use crate::document::OptOut;
use crate::document::outline::{Block, BlockKind, Comment, IGNORING, Outline, Shown};
use crate::span::Span;

pub use self::head::attribute;
pub(super) use self::head::switch;

use self::extent::Extent;
use self::head::HeadReader;
use self::texts::Texts;

/// The outline of a page with these tags; `off` are the stretches without edits, sorted and disjoint.
pub(super) fn of_page(text: &str, tags: &Tags, off: &[Span]) -> Outline {
    let mut builder = Builder::new(text, tags, false);
    builder.read();
    let mut outline = builder.finish();
    let mut rest = off;
    for text in &mut outline.texts {
        while let [first, others @ ..] = rest
            && first.end <= text.span.start
        {
            rest = others;
        }
        if rest.first().is_some_and(|first| first.overlaps(text.span)) {
            text.opt_out = text.opt_out.or(Some(OptOut::Comment));
        }
    }
    outline
}

/// The outline of the HTML inside Markdown: everything in it is content but what is skipped, and it has no head. Comments
/// that switch edits off are not yet applied.
pub(super) fn of_embedded(view: &str, tags: &Tags) -> Outline {
    let mut builder = Builder::new(view, tags, true);
    builder.read();
    builder.finish()
}

/// Whether `text` is ASCII white space. HTML inside Markdown is mostly that, so many bytes are looked at at once.
fn is_blank(text: &str) -> bool {
    let all_blank = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & byte.is_ascii_whitespace());
    text.as_bytes().chunks(64).all(all_blank)
}

struct Builder<'t> {
    text: &'t str,
    tags: &'t Tags,
    embedded: bool,
    /// Whether the text holds [`IGNORING`].
    may_ignore: bool,
    outline: Outline,
    open: OpenElements<Extent>,
    texts: Texts<'t>,
    head: HeadReader,
    /// The blocks that are open, as indices, the outermost first.
    around: Vec<usize>,
    /// For each block, whether it is or stands in a content element; what that means depends on whether the page has one.
    in_content_element: Vec<bool>,
    has_content: bool,
    /// How many elements of each role are open.
    depth: [u32; Roles::COUNT],
    /// How many elements are open whose text is no prose, is read but takes no link, whose content is not shown, which are
    /// hidden.
    verbatim: u32,
    apart: u32,
    fallback: u32,
    hidden: u32,
    /// `code` elements that ended with what is around them: browsers open them again behind it.
    lost_code: u32,
    /// For each inline element, its block, and whether its end tag belongs to it.
    inlines: Vec<(usize, bool)>,
}

/// An element whose content is no HTML, or is not shown.
struct Opaque {
    /// The event of its start tag.
    event: usize,
    name: Name,
    tag: Span,
    recognized: bool,
    /// Whether HTML may stand in it.
    holds_html: bool,
}

impl Opaque {
    /// Whether the start tag of an element called `raw` shows that a drawing or formula is over.
    fn is_left_at(&mut self, raw: &[u8]) -> bool {
        const HOLD_HTML: [&str; 9] =
            ["annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title"];
        if !matches!(self.name, Name::Svg | Name::Math) {
            return false;
        }
        self.holds_html |= HOLD_HTML.iter().any(|name| raw.eq_ignore_ascii_case(name.as_bytes()));
        !self.holds_html && Name::of(raw).breaks_out()
    }
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, tags: &'t Tags, embedded: bool) -> Self {
        let whole = Span::new(0, text.len());
        let page =
            Block { kind: BlockKind::Page, span: whole, inner: whole, parent: 0, is_content: false, in_content: true };
        Self {
            text,
            tags,
            embedded,
            may_ignore: memchr::memmem::find(text.as_bytes(), IGNORING.as_bytes()).is_some(),
            outline: Outline { blocks: vec![page], ..Outline::default() },
            open: OpenElements::new(!embedded && head::is_quirky(text)),
            texts: Texts::new(text),
            head: HeadReader::new(embedded),
            around: vec![0],
            in_content_element: vec![false],
            has_content: false,
            depth: [0; Roles::COUNT],
            verbatim: 0,
            apart: 0,
            fallback: 0,
            hidden: 0,
            lost_code: 0,
            inlines: Vec::new(),
        }
    }

    fn read(&mut self) {
        let (text, tags) = (self.text, self.tags);
        let mut at = 0;
        let mut opaque: Option<Opaque> = None;
        for (index, event) in tags.events.iter().enumerate() {
            match event {
                Event::Open(open) => {
                    let raw = name_at(text, open.span.start + 1);
                    if let Some(inside) = &mut opaque {
                        if !inside.is_left_at(raw) {
                            continue;
                        }
                        self.opaque(inside, Span::at(open.span.start));
                    } else {
                        self.gap(Span::new(at, open.span.start.max(at)));
                    }
                    opaque = self.start(index, *open, raw);
                    at = open.span.end;
                }
                Event::Close { open, span } if opaque.as_ref().is_some_and(|inside| inside.event == *open) => {
                    if let Some(inside) = opaque.take() {
                        let own = Name::of(name_at(text, span.start + 2)) == inside.name && !span.is_empty();
                        let tag = if own { *span } else { Span::at(span.start) };
                        at = tag.end;
                        self.opaque(&inside, tag);
                    }
                }
                _ => {}
            }
        }
        match opaque {
            Some(inside) => self.opaque(&inside, Span::at(text.len())),
            None => self.gap(Span::new(at, text.len().max(at))),
        }
    }

    /// Reads what stands between two start tags.
    fn gap(&mut self, gap: Span) {
        for (piece, span) in gap::pieces(self.text, gap) {
            match piece {
                Piece::Text => self.running(span),
                Piece::EndTag => self.end(span),
                Piece::Comment(body) => {
                    self.obstacle(span);
                    if body.end == span.end {
                        self.inert(span);
                    }
                    if body.of(self.text).trim_start().starts_with("affilink") {
                        self.outline.comments.push(Comment { span, body });
                    }
                }
                Piece::Nothing => self.obstacle(span),
                Piece::Unended => {
                    self.obstacle(span);
                    self.inert(span);
                }
            }
        }
    }

    /// Records what no text can be put into, up to the end of `span`; what stands in such an element belongs to it.
    fn inert(&mut self, span: Span) {
        if self.verbatim + self.apart + self.fallback == 0 && !self.embedded {
            self.outline.inert.push(span);
        }
    }

    fn running(&mut self, span: Span) {
        let shown = span.of(self.text);
        let shown = if span.start == 0 { shown.trim_start_matches('\u{feff}') } else { shown };
        let blank = is_blank(shown);
        if blank && (self.head.is_open() || self.texts.is_at_edge()) {
            return;
        }
        self.head.leave(span.start);
        if self.fallback > 0 {
            self.texts.put(span, Shown::Obstacle);
        } else if self.verbatim + self.lost_code > 0 {
            self.texts.put(span, Shown::Verbatim);
        } else {
            self.texts.prose(span, self.apart > 0);
        }
    }

    fn obstacle(&mut self, span: Span) {
        if !self.head.is_open() {
            self.texts.put(span, Shown::Obstacle);
        }
    }

    /// Reads the start tag of an element called `raw`; an element that it gives is not looked into.
    fn start(&mut self, index: usize, open: Open, raw: &[u8]) -> Option<Opaque> {
        let name = Name::of(raw);
        match name {
            Name::Html | Name::Head | Name::Body | Name::Frameset => {
                self.frame(open, name);
                return None;
            }
            Name::Meta if !self.embedded => self.head.meta(open.span.of(self.text)),
            _ => {}
        }
        if !name.is_metadata() {
            self.head.leave(open.span.start);
        }
        let Some(height) = self.open.before(name) else {
            self.obstacle(open.span);
            return None;
        };
        self.cut(height, open.span.start);
        let recognized = open.roles.any(Roles::RECOGNIZED);
        if name.is_opaque() {
            return Some(Opaque { event: index, name, tag: open.span, recognized, holds_html: false });
        }
        if name == Name::A
            && let Some(ending) = self.open.anchor()
        {
            self.finish_by(ending, open.span.start, None);
        }
        if name.is_void() {
            self.void(open, name);
        } else {
            for implied in self.open.implied(name) {
                let nothing = Open { span: Span::at(open.span.start), roles: Roles::default(), link_tag: None };
                self.push(nothing, *implied, b"");
            }
            self.push(open, name, raw);
        }
        None
    }

    /// Reads the start tag of what every page has once. It is never closed: what stands behind `</body>` is in it, too.
    fn frame(&mut self, open: Open, name: Name) {
        if self.embedded || name == Name::Head {
            return;
        }
        if name == Name::Html {
            self.head.html(open.span.of(self.text));
        } else {
            self.head.body(open.span.end);
        }
        self.enter(open.roles);
        let page = &mut self.outline.blocks[0];
        page.is_content |= open.roles.any(Roles::CONTENT);
        page.in_content &= !open.roles.any(Roles::SKIP);
        self.in_content_element[0] |= open.roles.any(Roles::CONTENT);
    }

    fn void(&mut self, open: Open, name: Name) {
        if open.roles.any(Roles::RECOGNIZED) {
            self.outline.recognized.push(open.span);
        }
        match name {
            Name::Br => self.texts.put(open.span, Shown::Break),
            Name::Wbr => {}
            _ => self.obstacle(open.span),
        }
        if name == Name::Hr {
            self.texts.edge();
        }
    }

    /// Records an element that was not looked into and ends with the end tag `end`, which may be empty.
    fn opaque(&mut self, element: &Opaque, end: Span) {
        let span = Span::new(element.tag.start, end.end.max(element.tag.end));
        self.inert(Span::new(span.start, end.start.max(element.tag.end)));
        if element.recognized {
            self.outline.recognized.push(span);
        }
        if element.name == Name::Script && !self.embedded {
            let content = Span::new(element.tag.end, span.end);
            self.head.script(element.tag.of(self.text), content.of(self.text));
        }
        if element.name == Name::Title && self.head.is_open() {
            self.head.title(Span::new(element.tag.end, span.end).of(self.text));
        }
        if element.name == Name::Math {
            self.texts.put(span, Shown::Verbatim);
        } else {
            self.obstacle(span);
        }
    }

    /// Reads an end tag.
    fn end(&mut self, tag: Span) {
        let raw = name_at(self.text, tag.start + 2);
        let name = Name::of(raw);
        match name {
            Name::Head => return,
            Name::Body | Name::Html => return self.head.end(tag.start),
            Name::Br => return self.texts.put(tag, Shown::Break),
            _ => {}
        }
        match self.open.end(name, raw) {
            Ending::Nothing => {
                if name == Name::Code {
                    self.lost_code = self.lost_code.saturating_sub(1);
                }
                if !self.texts.is_at_edge() {
                    self.obstacle(tag);
                }
                if name == Name::P {
                    self.texts.edge();
                }
            }
            ending => self.finish_by(ending, tag.start, Some(tag)),
        }
    }
}
