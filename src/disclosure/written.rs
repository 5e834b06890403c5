//! Every text that affilink may have written beside links, in its bytes, and where they stand in a page's. Decides what is
//! written of the configuration's and the networks' sentences; whether a hit is a notice is for who knows the page.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::Disclosure;
use super::render::{Style, lead, notice};
use super::texts::{BUILT_IN, of_language};
use crate::networks;
use crate::source::Format;
use crate::span::Span;

/// A text that affilink may have written, as it stands on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its bytes.
    pub written: String,
    /// Whether it is a notice, alone or with sentences behind it.
    pub is_notice: bool,
    /// The networks whose sentences it holds, by their ids.
    pub statements: Vec<&'static str>,
}

/// Every text that affilink may have written on pages of one style, ready to be looked for.
#[derive(Debug)]
pub struct Written {
    /// The longest first.
    texts: Vec<Own>,
    /// Says whether any piece stands on a page at all, which few pages hold.
    any: AhoCorasick,
    /// A piece of each text; several texts share theirs.
    pieces: AhoCorasick,
    /// By piece: the texts that hold it and how many bytes of them stand before it.
    holders: Vec<Vec<(usize, usize)>>,
}

/// The written texts of every disclosure and style that was asked for: they are made once. Copies share them, whatever
/// becomes of the configuration around them.
#[derive(Clone, Debug, Default)]
pub struct Library(Arc<RwLock<Vec<Entry>>>);

type Entry = (Key, Arc<Written>);

/// What a text's bytes depend on.
#[derive(Debug, PartialEq)]
struct Key {
    style: Style,
    markup: String,
    texts: Vec<(String, String)>,
}

/// How many bytes of a text are looked for first.
const PIECE: usize = 24;

impl Disclosure {
    /// Every text that affilink may have written on a page of this style.
    pub fn written(&self, style: Style) -> Arc<Written> {
        let markup = self.markup(style.format);
        let is_it = |key: &Key| key.style == style && key.markup == markup && key.texts == self.texts;
        let find = |all: &[Entry]| all.iter().find(|(key, _)| is_it(key)).map(|(_, written)| written.clone());
        let library = &self.library.0;
        if let Some(written) = find(&library.read().unwrap_or_else(PoisonError::into_inner)) {
            return written;
        }
        let mut all = library.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(written) = find(&all) {
            return written;
        }
        let written = Arc::new(Written::of(self, style));
        all.push((Key { style, markup: markup.to_owned(), texts: self.texts.clone() }, written.clone()));
        written
    }
}

/// Two libraries hold the same of whatever they are asked for.
impl PartialEq for Library {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Library {}

impl Written {
    fn of(disclosure: &Disclosure, style: Style) -> Self {
        let texts = candidates(disclosure, style);
        // what stands before the words is common on pages
        let lead = lead(disclosure, style);
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut holders: Vec<Vec<(usize, usize)>> = Vec::new();
        for (index, own) in texts.iter().enumerate() {
            let bytes = own.written.as_bytes();
            let piece = bytes.get(lead..bytes.len().min(lead + PIECE)).filter(|piece| !piece.is_empty());
            let (at, piece) = piece.map_or((0, bytes), |piece| (lead, piece));
            let known = pieces.iter().position(|known| *known == piece).unwrap_or_else(|| {
                pieces.push(piece);
                holders.push(Vec::new());
                pieces.len() - 1
            });
            holders[known].push((index, at));
        }
        let few = "a few short texts";
        let any = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&pieces).expect(few);
        let pieces = AhoCorasick::new(&pieces).expect(few);
        Self { texts, any, pieces, holders }
    }

    /// Where the texts stand in `page`: the longest of those that begin together, in order, overlapping ones included.
    pub fn hits(&self, page: &str) -> Vec<(Span, &Own)> {
        let mut hits: Vec<(Span, &Own)> = Vec::new();
        if !self.any.is_match(page) {
            return hits;
        }
        for hit in self.pieces.find_overlapping_iter(page) {
            for &(text, before) in &self.holders[hit.pattern().as_usize()] {
                let own = &self.texts[text];
                let Some(start) = hit.start().checked_sub(before) else { continue };
                let span = Span::new(start, start + own.written.len());
                if page.as_bytes().get(span.start..span.end) == Some(own.written.as_bytes()) {
                    hits.push((span, own));
                }
            }
        }
        hits.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        hits
    }
}

/// Every text with its language: those of the configuration, then those that are built in and not replaced.
pub fn texts(disclosure: &Disclosure) -> impl Iterator<Item = (&str, &str)> + Clone {
    let configured = disclosure.texts.iter().map(|(language, text)| (language.as_str(), text.as_str()));
    let replaced = |language: &str| disclosure.texts.iter().any(|(known, _)| known.eq_ignore_ascii_case(language));
    configured.chain(BUILT_IN.into_iter().filter(move |(language, _)| !replaced(language)))
}

/// `text` and the sentences of `networks` in `language`, as one paragraph; `None` where there is nothing to say.
pub fn joined(text: Option<&str>, networks: &[&'static str], language: &str) -> Option<String> {
    let statements = networks.iter().filter_map(|network| statement(network, language));
    let mut whole = String::new();
    for part in text.map(str::to_owned).into_iter().chain(statements) {
        // scripts without spaces between words have none between sentences
        if !whole.is_empty() && !whole.ends_with(['。', '！', '？']) {
            whole.push(' ');
        }
        whole.push_str(&part);
    }
    (!whole.is_empty()).then_some(whole)
}

/// The sentence that `network` requires, in `language` or in English, with its full stop.
fn statement(network: &str, language: &str) -> Option<String> {
    let statements = networks::all().iter().find(|known| known.id == network)?.statements;
    let sentences = || statements.iter().copied();
    let sentence = of_language(sentences(), language).or_else(|| of_language(sentences(), "en"))?;
    let ended = sentence.ends_with(['.', '。']);
    Some(if ended { sentence.to_owned() } else { format!("{sentence}.") })
}

/// Every text that affilink may have written on a page of this style, the longest first.
fn candidates(disclosure: &Disclosure, style: Style) -> Vec<Own> {
    let with_statements: Vec<&'static str> =
        networks::all().iter().filter(|network| !network.statements.is_empty()).map(|network| network.id).collect();
    let mut sets: Vec<Vec<&'static str>> = vec![Vec::new()];
    sets.extend(with_statements.iter().map(|network| vec![*network]));
    if with_statements.len() > 1 {
        sets.push(with_statements.clone());
    }
    let languages = texts(disclosure).map(|(language, text)| (language, Some(text)));
    let mut found: Vec<Own> = Vec::new();
    for (language, text) in languages.clone().chain(languages.map(|(language, _)| (language, None))) {
        for set in &sets {
            let Some(whole) = joined(text, set, language) else { continue };
            let mut styles = vec![style];
            if style.format == Format::Html && !whole.is_ascii() {
                styles.push(Style { ascii: !style.ascii, ..style });
            }
            for style in styles {
                let written = notice(&whole, disclosure, style);
                if found.iter().all(|known| known.written != written) {
                    found.push(Own { written, is_notice: text.is_some(), statements: set.clone() });
                }
            }
        }
    }
    found.sort_by_key(|own| std::cmp::Reverse(own.written.len()));
    found
}

/// Texts of which one stands on every page that holds an own one, for what only looks for the beginning of a line.
pub fn marks(disclosures: &[Disclosure]) -> Vec<String> {
    let mut marks = BTreeSet::new();
    for disclosure in disclosures {
        for (format, ascii) in [(Format::Markdown, false), (Format::Html, false), (Format::Html, true)] {
            let style = Style { format, line_end: "\n", ascii };
            for (language, text) in texts(disclosure) {
                let required = networks::all().iter().filter(|network| !network.statements.is_empty());
                let statements = required.filter_map(|network| joined(None, &[network.id], language));
                let wholes = std::iter::once(text.to_owned()).chain(statements);
                marks.extend(wholes.map(|whole| notice(&whole, disclosure, style)));
            }
        }
    }
    marks.into_iter().collect()
}
