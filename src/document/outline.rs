//! What a page is made of apart from its links: blocks, running text, inline elements. Decides what a reader sees as text
//! and where it stands; not what may become of it.
//!
//! The front ends record it only where [`super::ParseOptions::outline`] asks for it. Everything is in the order of the
//! source, and all spans are the page's own. Texts have the blanks of their bytes, of which HTML shows one or none: who
//! reads them collapses them.

use std::sync::OnceLock;

use crate::document::OptOut;
use crate::span::{Span, one_holds};

/// The attribute that says which findings are not to be told of what stands in its element.
pub const IGNORING: &str = "data-affilink-ignore";

/// The blocks and the running text of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Every block, by where it starts, the outer one first. The first is the page itself.
    pub blocks: Vec<Block>,
    /// The rendered text and what interrupts it, by where it starts; no two share a byte.
    pub texts: Vec<Text>,
    /// Emphasis and other inline elements that are no link, by where they start, the outer one first. Two of them nest or
    /// stand apart.
    pub inlines: Vec<Inline>,
    /// Elements that are not shown, or not told to readers who listen (`hidden`, `display: none`, `aria-hidden`), by where
    /// they start; no two overlap. Their text is text all the same.
    pub hidden: Vec<Span>,
    /// Elements of an HTML page whose content is no running text (code, what no browser shows or reads as HTML), from their
    /// first byte to where their end tag begins, by where they start; the outermost alone.
    pub inert: Vec<Span>,
    /// Tables of Markdown whose columns are told by where they stand, in order.
    pub columns: Vec<Span>,
    /// Containers of Markdown whose content is indented, from their first line on, in order of their ends.
    pub indented: Vec<Span>,
    /// Comments that begin with `affilink`, by where they start: what stands between the comment's marks, and the whole.
    pub comments: Vec<Comment>,
    /// What [`super::ParseOptions::recognize`] names: elements, components, shortcodes.
    pub recognized: Vec<Span>,
    /// Elements whose start tag holds [`IGNORING`], with what they hold, by where they start.
    pub ignoring: Vec<Span>,
    /// What an HTML page says of itself; as by default for the others.
    pub head: Head,
    pub(crate) kinds: Kinds,
}

/// What blocks stand in, made when first asked for: elements may be nested as deep as a page is long.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kinds(OnceLock<Within>);

#[derive(Clone, Debug, Default)]
struct Within {
    /// The kinds that the page's blocks are of: two dozen at most.
    kinds: Vec<BlockKind>,
    /// By block: which kinds it and those around it are, as bits by the place in [`Self::kinds`].
    bits: Vec<u32>,
}

impl Within {
    fn of(blocks: &[Block]) -> Self {
        let Self { mut kinds, mut bits } = Self::default();
        for block in blocks {
            let known = kinds.iter().position(|kind| *kind == block.kind);
            let place = known.unwrap_or_else(|| {
                kinds.push(block.kind);
                kinds.len() - 1
            });
            // a parent stands before its children
            bits.push(1 << place | bits.get(block.parent).copied().unwrap_or(0));
        }
        Self { kinds, bits }
    }
}

/// Blocks alone make two outlines differ.
impl PartialEq for Kinds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Kinds {}

/// A block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// From its first byte to its last: of Markdown what the parser reports, of HTML from the start tag to the end tag or
    /// where the element ends without one.
    pub span: Span,
    /// What it holds: between the tags of HTML, of a whole HTML page its body; `span` in Markdown.
    pub inner: Span,
    /// The block around it, as an index into [`Outline::blocks`]; the page's own is 0, its own.
    pub parent: usize,
    /// Whether `html.content` selects it; of the page itself also where that selects nothing.
    pub is_content: bool,
    /// Whether it stands in the page's content; always in Markdown, but for what is skipped there.
    pub in_content: bool,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The page.
    Page,
    /// A paragraph. In a tight list of Markdown the item itself holds the text.
    Paragraph,
    /// A heading, from 1 to 6.
    Heading(u8),
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// A table.
    Table,
    /// A row of a table, its head included.
    Row,
    /// A cell of a table.
    Cell,
    /// A quotation.
    Quote,
    /// A caption: `figcaption`, `caption`.
    Caption,
    /// A figure.
    Figure,
    /// `summary`.
    Summary,
    /// A control: `button`, `label`, `select`, `option`, `legend`.
    Control,
    /// Code, or what else is shown as it stands.
    Code,
    /// A footnote of Markdown.
    Footnote,
    /// `article`.
    Article,
    /// `nav`, `header`, `footer`, `aside`, or what else `html.skip` selects.
    Skipped,
    /// Any other element that stands by itself: `div`, `section`, `main`, `dl`, `dd`, `details`.
    Box,
    /// Raw HTML of Markdown, as the Markdown parser reports it; the elements in it are blocks inside this one.
    Html,
}

/// A stretch of rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its bytes.
    pub span: Span,
    /// What the reader sees of them.
    pub shown: Shown,
    /// The innermost block it stands in, as an index into [`Outline::blocks`].
    pub block: usize,
    /// Why the author wants no edit here.
    pub opt_out: Option<OptOut>,
}

/// What a reader sees of a text's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The bytes themselves.
    Bytes,
    /// This: a character reference, which cannot be cut.
    Decoded(Box<str>),
    /// A space: a line break inside a paragraph.
    Space,
    /// A line break that ends the line for the reader, too: `<br>`, a hard break.
    Break,
    /// Text that is no prose: inline code, mathematics, `kbd`; no words, and nothing reaches across it.
    Verbatim,
    /// Text that is read like any other and takes no link: what stands in an `a` that is no link, in a button, a label, `var`,
    /// above ruby; also the tags of such elements. Its bytes, or this. Nothing reaches across it.
    Apart(Option<Box<str>>),
    /// Something else: an image, a component, a shortcode, a comment. Nothing reaches across it.
    Obstacle,
}

/// An inline element that is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inline {
    /// With its marks or tags.
    pub span: Span,
    /// Between them.
    pub inner: Span,
}

/// A comment for affilink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// With its marks.
    pub span: Span,
    /// Between them.
    pub body: Span,
}

/// What an HTML page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `<html lang>`, as written.
    pub language: Option<String>,
    /// What `<title>` says, decoded; its beginning, of a long one.
    pub title: Option<String>,
    /// Whether `og:type` or JSON-LD says that the page is an article.
    pub says_article: bool,
    /// How many `article` elements the page holds, those inside others left out.
    pub articles: usize,
    /// Whether it is told not to be found: `<meta name="robots" content="noindex">`.
    pub no_index: bool,
}

impl Outline {
    /// The blocks around `block`, from the innermost outwards, itself first and the page last.
    pub fn around(&self, block: usize) -> impl Iterator<Item = &Block> {
        let mut next = Some(block);
        std::iter::from_fn(move || {
            let index = next?;
            let block = self.blocks.get(index)?;
            // a parent stands before its children: whatever was recorded, this ends
            next = (block.parent < index).then_some(block.parent);
            Some(block)
        })
    }

    /// Whether `block` is, or stands in, a block that `test` accepts.
    pub fn is_within(&self, block: usize, test: impl Fn(BlockKind) -> bool) -> bool {
        let Within { kinds, bits } = self.kinds.0.get_or_init(|| Within::of(&self.blocks));
        let within = bits.get(block).copied().unwrap_or(0);
        kinds.iter().enumerate().any(|(place, kind)| within & (1 << place) != 0 && test(*kind))
    }

    /// Whether kramdown and Python-Markdown read no Markdown in `block`, blank lines or not: the innermost element around it that
    /// the page wrote as HTML has no attribute `markdown` (kramdown, "HTML Blocks"; Python-Markdown, "Markdown in HTML").
    pub fn is_in_raw_element(&self, text: &str, block: usize) -> bool {
        let element = self.around(block).find(|block| block.is_element(text));
        element.is_some_and(|element| {
            let tag = element.span.of(text).split('>').next().unwrap_or_default();
            !tag.split_ascii_whitespace().skip(1).any(|part| part.starts_with("markdown"))
        })
    }

    /// Whether byte `at` stands in an element that some readers cannot perceive.
    pub fn is_hidden(&self, at: usize) -> bool {
        one_holds(&self.hidden, at)
    }

    /// The element of [`Self::inert`] that what is put at byte `at` would stand in.
    pub fn inert_at(&self, at: usize) -> Option<Span> {
        let next = self.inert.partition_point(|span| span.end < at);
        self.inert.get(next).copied().filter(|span| span.start < at)
    }

    /// Whether byte `at` stands in one of [`Self::columns`].
    pub fn is_in_columns(&self, at: usize) -> bool {
        one_holds(&self.columns, at)
    }

    /// What `span` stands in that is no text to Markdown's reader and more than `span` itself: a shortcode, the line that
    /// opens a container.
    pub fn obstacle_around(&self, span: Span) -> Option<Span> {
        let next = self.texts.partition_point(|text| text.span.end <= span.start);
        let text = self.texts.get(next).filter(|text| text.shown == Shown::Obstacle)?;
        (text.span.contains(span) && text.span != span).then_some(text.span)
    }

    /// The innermost block that holds byte `at`, as an index; the page where no other does.
    ///
    /// Takes time in the depth of the page and the logarithm of its length.
    pub fn block_at(&self, at: usize) -> usize {
        let after = self.blocks.partition_point(|block| block.span.start <= at);
        let mut index = after.saturating_sub(1);
        while let Some(block) = self.blocks.get(index) {
            if index == 0 || block.span.holds(at) || block.parent >= index {
                break;
            }
            index = block.parent;
        }
        index
    }
}

impl Block {
    /// Whether it is an element that a Markdown page wrote as HTML.
    fn is_element(&self, text: &str) -> bool {
        // a paragraph may begin with an element
        !matches!(self.kind, BlockKind::Page | BlockKind::Paragraph | BlockKind::Html)
            && self.span.of(text).starts_with('<')
    }
}

impl Text {
    /// What the reader sees, of a page with this `text`; `None` for what is no prose.
    pub fn prose<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        match &self.shown {
            Shown::Bytes | Shown::Apart(None) => Some(self.span.of(text)),
            Shown::Decoded(shown) | Shown::Apart(Some(shown)) => Some(shown),
            Shown::Space | Shown::Break => Some(" "),
            Shown::Verbatim | Shown::Obstacle => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, start: usize, end: usize, parent: usize) -> Block {
        let span = Span::new(start, end);
        Block { kind, span, inner: span, parent, is_content: false, in_content: true }
    }

    #[test]
    fn the_innermost_block_is_found() {
        let outline = Outline {
            blocks: vec![
                block(BlockKind::Page, 0, 40, 0),
                block(BlockKind::List, 2, 20, 0),
                block(BlockKind::Item, 2, 9, 1),
                block(BlockKind::Item, 10, 20, 1),
                block(BlockKind::Paragraph, 22, 30, 0),
            ],
            ..Outline::default()
        };
        let found: Vec<_> = [0, 2, 8, 9, 10, 19, 20, 22, 35, 99].map(|at| outline.block_at(at)).to_vec();
        assert_eq!(found, [0, 2, 2, 1, 3, 3, 0, 4, 0, 0]);
        assert!(outline.is_within(3, |kind| kind == BlockKind::List));
        assert!(!outline.is_within(4, |kind| kind == BlockKind::List));
        assert_eq!(
            outline.around(2).map(|block| block.kind).collect::<Vec<_>>(),
            [BlockKind::Item, BlockKind::List, BlockKind::Page]
        );
    }

    #[test]
    fn a_block_is_within_its_own_kind_and_those_around_it() {
        use BlockKind::{
            Article, Box, Caption, Cell, Code, Control, Figure, Footnote, Heading, Html, Item, List, Page, Paragraph,
            Quote, Row, Skipped, Summary, Table,
        };
        let mut kinds = vec![Page, Paragraph, List, Item, Table, Row, Cell, Quote, Caption, Figure, Summary, Control];
        kinds.extend([Code, Footnote, Article, Skipped, Box, Html]);
        kinds.extend((1..=6).map(Heading));
        let chain = |(at, kind): (usize, &BlockKind)| block(*kind, at, 99 - at, at.saturating_sub(1));
        let outline = Outline { blocks: kinds.iter().enumerate().map(chain).collect(), ..Outline::default() };
        for (at, _) in kinds.iter().enumerate() {
            for (around, kind) in kinds.iter().enumerate() {
                assert_eq!(outline.is_within(at, |found| found == *kind), around <= at, "{at} {kind:?}");
            }
        }
        assert!(!outline.is_within(99, |_| true));
    }
}
