//! Where a page's links stand in what a reader reads: how many words come before them, in which paragraph, row, section and
//! sentence. Decides what counts as the page's text; says nothing about what is too much.
//!
//! What counts is rendered text in the content: no front matter, code, comments or shortcodes, nothing in notices and
//! nothing that `html.skip` selects. Every figure that a rule or a limit uses comes from here.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_segmentation::UnicodeSegmentation;

use crate::document::html::attribute;
use crate::document::outline::{Block, BlockKind, Outline, Shown, Text};
use crate::document::{Document, Link};
use crate::span::Span;
use crate::survey::words;

/// Where a link stands, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its first byte.
    pub start: usize,
    /// What the reader clicks.
    pub text: Span,
    /// Whether a reader comes to it in the content: never for values of front matter, shortcodes and components.
    pub in_content: bool,
    /// In what it stands.
    pub spot: Spot,
    /// The words of the content before it.
    pub words_before: usize,
    /// The words of its own text that count; a word belongs to where it begins.
    pub words: usize,
    /// The characters of its own text that count.
    pub characters: usize,
    /// The block that holds it, an index into [`Outline::blocks`]: a paragraph, an item of a tight list, a cell.
    pub paragraph: usize,
    /// The table row around it, an index into [`Outline::blocks`].
    pub row: Option<usize>,
    /// How many headings of the content begin before it or where it does.
    pub section: usize,
    /// Whether it stands in a list item, a table row or a card: an `article` inside the page's own.
    pub listed: bool,
    /// Whether it is a button or a picture rather than a part of a text.
    pub button: bool,
    /// How many links of the content begin before it.
    pub order: usize,
}

/// In what a link stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spot {
    /// Text.
    #[default]
    Text,
    /// A heading.
    Heading,
    /// A `summary`.
    Summary,
    /// A caption.
    Caption,
}

/// What a reader reads of a page, counted.
#[derive(Debug, Default)]
pub struct Places {
    /// The words of the content.
    pub words: usize,
    /// The characters of the content's text.
    pub characters: usize,
    /// One for each of [`Document::links`].
    pub links: Vec<Place>,
    blocks: Vec<Kind>,
    /// Where in the page which block becomes the innermost one.
    edges: Vec<(usize, usize)>,
    read: Read,
    /// Where each heading of the content begins.
    headings: Vec<usize>,
    /// Where each link of the content begins.
    order: Vec<usize>,
    sentences: OnceLock<Vec<usize>>,
}

/// What a block means to the links in it.
#[derive(Clone, Copy, Debug, Default)]
struct Kind {
    in_content: bool,
    spot: Spot,
    row: Option<usize>,
    listed: bool,
    control: bool,
    characters: usize,
}

/// The text of the content as it is read, and where its parts stand in the page.
#[derive(Debug, Default)]
struct Read {
    text: String,
    parts: Vec<Part>,
    /// Where each word begins in the page, and the half words up to its end.
    words: Vec<(usize, usize)>,
}

/// A stretch of text.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Its bytes in the page.
    span: Span,
    /// Where it begins in the text as read.
    at: usize,
    /// Whether its bytes are what is read.
    bytes: bool,
    /// The characters before it.
    before: usize,
}

/// The longest stretch of text, in bytes: characters are counted within one again and again.
const LONGEST: usize = 256;
/// Between two texts that no word and no sentence joins.
const GAP: char = '\n';
/// For what is no text inside a sentence. Source: Unicode, U+FFFC OBJECT REPLACEMENT CHARACTER.
const OBJECT: char = '\u{fffc}';
/// Its first byte.
const OBJECT_LEAD: u8 = 0xef;

impl Places {
    /// Counts `document`, the page with this `text`; what lies in `notices`, which are in order, does not count.
    ///
    /// Takes time linear in the page. A document without an outline has no content.
    pub fn of(text: &str, document: &Document, notices: &[Span]) -> Self {
        let Some(outline) = &document.outline else {
            return Self { links: vec![Place::default(); document.links.len()], ..Self::default() };
        };
        let mut blocks = kinds(text, &outline.blocks);
        let read = Read::of(text, outline, notices, &mut blocks);
        let headings = outline.blocks.iter().filter(|block| block.in_content && is_heading(block.kind));
        let mut places = Self {
            words: read.words.last().map_or(0, |(_, halves)| halves.div_ceil(2)),
            characters: read.characters(),
            links: Vec::new(),
            headings: headings.map(|block| block.span.start).collect(),
            blocks,
            edges: edges(&outline.blocks),
            read,
            order: Vec::new(),
            sentences: OnceLock::new(),
        };
        for link in &document.links {
            let mut place = places.place(link.element.start, link.text);
            place.in_content &= link.in_content && link.is_in_place();
            place.button |= link.banner || is_button(text, link);
            if place.in_content {
                places.order.push(place.start);
            }
            places.links.push(place);
        }
        places
    }

    /// The place of a link whose text would be `span`. Takes time in the logarithm of the page.
    pub fn place_of(&self, span: Span) -> Place {
        self.place(span.start, span)
    }

    /// The characters of `paragraph`, a block as [`Place::paragraph`] gives it, without those of blocks inside it.
    pub fn characters_of(&self, paragraph: usize) -> usize {
        self.blocks.get(paragraph).map_or(0, |block| block.characters)
    }

    /// Which sentence of the content byte `at` of the page stands in, counted from 0: sentences of UAX 29 (Unicode Text
    /// Segmentation, "Sentence Boundaries"), none reaching across a block, and none ending in an abbreviation.
    ///
    /// The first call takes time linear in the page.
    pub fn sentence_at(&self, at: usize) -> usize {
        let starts = self.sentences.get_or_init(|| self.read.sentences());
        starts.partition_point(|&start| start <= at).saturating_sub(1)
    }

    fn place(&self, start: usize, text: Span) -> Place {
        let paragraph = self.block_at(start);
        let block = self.blocks.get(paragraph).copied().unwrap_or_default();
        let (before, after) = (self.read.halves_before(text.start), self.read.halves_before(text.end));
        Place {
            start,
            text,
            in_content: block.in_content,
            spot: block.spot,
            words_before: self.read.halves_before(start).div_ceil(2),
            words: (after.saturating_sub(before)).div_ceil(2),
            characters: self.read.characters_before(text.end).saturating_sub(self.read.characters_before(text.start)),
            paragraph,
            row: block.row,
            section: self.headings.partition_point(|&heading| heading <= start),
            listed: block.listed,
            button: block.control,
            order: self.order.partition_point(|&link| link < start),
        }
    }

    /// The innermost block that holds byte `at`.
    fn block_at(&self, at: usize) -> usize {
        let next = self.edges.partition_point(|(edge, _)| *edge <= at);
        next.checked_sub(1).and_then(|last| self.edges.get(last)).map_or(0, |(_, block)| *block)
    }
}

/// Where in the page which block becomes the innermost one.
fn edges(blocks: &[Block]) -> Vec<(usize, usize)> {
    let mut edges = Vec::with_capacity(2 * blocks.len());
    let mut around: Vec<usize> = Vec::new();
    let leave = |edges: &mut Vec<_>, left: usize| {
        edges.extend(blocks.get(left).map(|block| (block.span.end, block.parent)));
    };
    for (index, block) in blocks.iter().enumerate() {
        while let Some(left) = around.pop_if(|outer| *outer != block.parent) {
            leave(&mut edges, left);
        }
        edges.push((block.span.start, index));
        around.push(index);
    }
    while let Some(left) = around.pop() {
        leave(&mut edges, left);
    }
    edges
}

/// What each block means: parents come before what is in them.
fn kinds(text: &str, blocks: &[Block]) -> Vec<Kind> {
    let cards = cards(text, blocks);
    let mut kinds: Vec<Kind> = Vec::with_capacity(blocks.len());
    let mut articles = vec![false; blocks.len()];
    for (index, block) in blocks.iter().enumerate() {
        let around = kinds.get(block.parent).copied().unwrap_or_default();
        let in_article = articles.get(block.parent).copied().unwrap_or_default();
        let card = block.kind == BlockKind::Article && in_article || cards.contains(&index);
        articles[index] = in_article || block.kind == BlockKind::Article;
        kinds.push(Kind {
            in_content: block.in_content,
            spot: spot(block.kind).unwrap_or(around.spot),
            row: if block.kind == BlockKind::Row { Some(index) } else { around.row },
            listed: around.listed || card || matches!(block.kind, BlockKind::Item | BlockKind::Row),
            control: around.control || block.kind == BlockKind::Control,
            characters: 0,
        });
    }
    kinds
}

/// The boxes that a page calls cards, of which at least two lie side by side: one alone may be the frame of a text.
fn cards(text: &str, blocks: &[Block]) -> FxHashSet<usize> {
    let called: Vec<(usize, usize)> = (blocks.iter().enumerate())
        .filter(|(_, block)| matches!(block.kind, BlockKind::Box | BlockKind::Article) && is_called_card(text, block))
        .map(|(index, block)| (index, holder(blocks, block)))
        .collect();
    let mut beside: FxHashMap<usize, usize> = FxHashMap::default();
    for (_, parent) in &called {
        *beside.entry(*parent).or_default() += 1;
    }
    called.into_iter().filter(|(_, parent)| beside[parent] > 1).map(|(index, _)| index).collect()
}

/// What `block` stands in; raw HTML is a stretch of what is around it.
fn holder(blocks: &[Block], block: &Block) -> usize {
    let is_raw = |around: &usize| blocks.get(*around).is_some_and(|around| around.kind == BlockKind::Html);
    let around = block.parent;
    if is_raw(&around) { blocks[around].parent } else { around }
}

/// Whether an element is a card by its name or by a class: `product-card`, `ProductCard`, `card`, `product`.
fn is_called_card(text: &str, block: &Block) -> bool {
    let Some(tag) = text.get(block.span.start..block.inner.start).filter(|tag| tag.starts_with('<')) else {
        return false;
    };
    let says = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("card") || name == "product"
    };
    let name = tag[1..].split(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    says(name) || attribute(tag, "class").is_some_and(|classes| classes.split_ascii_whitespace().any(says))
}

fn spot(kind: BlockKind) -> Option<Spot> {
    match kind {
        BlockKind::Heading(_) => Some(Spot::Heading),
        BlockKind::Summary => Some(Spot::Summary),
        BlockKind::Caption => Some(Spot::Caption),
        _ => None,
    }
}

fn is_heading(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Heading(_))
}

/// Whether a link's own attributes call it a button.
fn is_button(text: &str, link: &Link) -> bool {
    let Some(attributes) = &link.attributes else { return false };
    let raw = attributes.span.of(text).to_ascii_lowercase();
    // the destination may hold any word
    let href = Span::new(
        link.destination.span.start.saturating_sub(attributes.span.start).min(raw.len()),
        link.destination.span.end.saturating_sub(attributes.span.start).min(raw.len()),
    );
    let rest = [raw.get(..href.start), raw.get(href.end..)];
    rest.into_iter().flatten().any(|part| part.contains("button") || part.contains("btn"))
}

impl Read {
    fn of(page: &str, outline: &Outline, notices: &[Span], blocks: &mut [Kind]) -> Self {
        let mut read = Self::default();
        let mut characters = 0;
        let mut block = usize::MAX;
        let mut next_notice = 0;
        for text in &outline.texts {
            let Some(kind) = blocks.get_mut(text.block).filter(|kind| kind.in_content) else { continue };
            if std::mem::replace(&mut block, text.block) != text.block {
                read.text.push(GAP);
            }
            while notices.get(next_notice).is_some_and(|notice| notice.end <= text.span.start) {
                next_notice += 1;
            }
            let near = notices.get(next_notice..).unwrap_or_default();
            for part in outside(text, near) {
                let before = characters;
                characters += read.put(page, text, part, before);
                kind.characters += characters - before;
            }
        }
        let mut halves = 0;
        let mut found = Vec::with_capacity(read.text.len() / 6);
        let mut parts = read.parts.iter().peekable();
        let mut part: Option<Part> = None;
        words::each(&read.text, |at, half| {
            while let Some(next) = parts.next_if(|next| next.at <= at) {
                part = Some(*next);
            }
            halves += half;
            found.push((part.map_or(0, |part| part.place(at)), halves));
        });
        read.words = found;
        read
    }

    /// Reads `part` of `text`, which stands behind so many characters; gives its own.
    fn put(&mut self, page: &str, text: &Text, part: Span, before: usize) -> usize {
        if !matches!(text.shown, Shown::Bytes) {
            let shown = text.prose(page);
            self.parts.push(Part { span: part, at: self.text.len(), bytes: false, before });
            let Some(shown) = shown else {
                self.text.push(OBJECT);
                return 0;
            };
            return self.push(shown);
        }
        let mut count = 0;
        let mut from = part.start;
        while from < part.end {
            let end = page.floor_char_boundary(from + LONGEST).min(part.end);
            let span = Span::new(from, end);
            self.parts.push(Part { span, at: self.text.len(), bytes: true, before: before + count });
            count += self.push(span.of(page));
            from = end;
        }
        count
    }

    /// Reads `shown`, byte for byte; gives its characters.
    fn push(&mut self, shown: &str) -> usize {
        let at = self.text.len();
        // in HTML a line break is a blank like any other
        let is_blank = |byte: u8| byte != b' ' && byte.is_ascii_whitespace();
        if shown.bytes().fold(false, |any, byte| any | is_blank(byte)) {
            for (index, line) in shown.split(['\t', '\n', '\x0c', '\r']).enumerate() {
                self.text.push_str(if index > 0 { " " } else { "" });
                self.text.push_str(line);
            }
        } else {
            self.text.push_str(shown);
        }
        self.characters_in(at, self.text.len())
    }

    /// The characters between two bytes of the text as read: of several blanks a reader sees one, at a block's start none.
    fn characters_in(&self, from: usize, to: usize) -> usize {
        let text = self.text.get(from..to).unwrap_or_default();
        let bytes = text.as_bytes();
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n');
        // a character has one byte that does not go on with another
        let begins = bytes.iter().filter(|&byte| byte & 0xc0 != 0x80 && *byte != b'\n').count();
        let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        let doubled = pairs.filter(|(before, byte)| **byte == b' ' && is_blank(before)).count();
        let after_blank = from.checked_sub(1).and_then(|before| self.text.as_bytes().get(before)).is_some_and(is_blank);
        let objects = if memchr::memchr(OBJECT_LEAD, bytes).is_some() { text.matches(OBJECT).count() } else { 0 };
        begins - doubled - objects - usize::from(after_blank && text.starts_with(' '))
    }

    fn characters(&self) -> usize {
        self.characters_before(usize::MAX)
    }

    /// The characters before byte `at` of the page.
    fn characters_before(&self, at: usize) -> usize {
        let next = self.parts.partition_point(|part| part.span.start < at);
        let Some(part) = next.checked_sub(1).and_then(|last| self.parts.get(last)) else { return 0 };
        let end = self.parts.get(next).map_or(self.text.len(), |next| next.at);
        let end = match at.checked_sub(part.span.start) {
            Some(length) if part.bytes => end.min(part.at.saturating_add(length)),
            _ => end,
        };
        part.before + self.characters_in(part.at, end)
    }

    /// The half words that begin before byte `at` of the page.
    fn halves_before(&self, at: usize) -> usize {
        let next = self.words.partition_point(|(start, _)| *start < at);
        next.checked_sub(1).and_then(|last| self.words.get(last)).map_or(0, |(_, halves)| *halves)
    }

    /// Where each sentence begins in the page.
    fn sentences(&self) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut parts = self.parts.iter().peekable();
        let mut part = None;
        let mut goes_on = false;
        for (at, sentence) in self.text.split_sentence_bound_indices() {
            let begins = !std::mem::replace(&mut goes_on, goes_on_behind(sentence));
            let is_blank = sentence.chars().all(|c| c == GAP || c.is_whitespace());
            if is_blank {
                continue;
            }
            let at = at + (sentence.len() - sentence.trim_start_matches(GAP).len());
            while let Some(next) = parts.next_if(|next| next.at <= at) {
                part = Some(*next);
            }
            if begins {
                starts.push(part.map_or(0, |part: Part| part.place(at)));
            }
        }
        starts
    }
}

impl Part {
    /// Where byte `at` of the text as read stands in the page.
    fn place(self, at: usize) -> usize {
        if self.bytes { self.span.start + (at - self.at).min(self.span.len()) } else { self.span.start }
    }
}

/// The parts of `text` that lie in none of `notices`; what cannot be cut lies in one wholly or not at all.
fn outside<'n>(text: &Text, notices: &'n [Span]) -> impl Iterator<Item = Span> + 'n {
    let whole = text.span;
    let bytes = matches!(text.shown, Shown::Bytes);
    let mut from = whole.start;
    let near = notices.iter().take_while(move |notice| notice.start < whole.end);
    let cuts = near.map(move |notice| if bytes { *notice } else { whole });
    cuts.chain(std::iter::once(Span::at(whole.end))).filter_map(move |cut| {
        let part = (from < cut.start).then(|| Span::new(from, cut.start.min(whole.end)));
        from = from.max(cut.end);
        part
    })
}

/// Words with a full stop behind which a sentence goes on even with a capital or a figure, in lower case.
const ABBREVIATIONS: [&str; 26] = [
    "approx", "bzgl", "bzw", "ca", "cf", "dr", "e.g", "eg", "evtl", "fig", "i.e", "ie", "inkl", "jr", "mr", "mrs",
    "ms", "nr", "p.ej", "prof", "sr", "sra", "st", "vgl", "vs", "z.b",
];

/// Whether what UAX 29 takes for the end of a sentence is none: an abbreviation, an initial.
fn goes_on_behind(sentence: &str) -> bool {
    if sentence.ends_with(GAP) {
        return false;
    }
    let Some(rest) = sentence.trim_end().strip_suffix('.') else { return false };
    let last =
        rest.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '\u{201c}')).next().unwrap_or(rest);
    let mut letters = last.chars();
    let initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    initial || (last.len() <= 8 && ABBREVIATIONS.contains(&last.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests;
