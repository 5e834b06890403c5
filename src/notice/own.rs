//! What affilink itself wrote on a page: notices, sentences, in exactly their bytes. Decides what counts as its own; what
//! only resembles it is its author's.

use std::collections::BTreeSet;

use crate::config::policy::Disclosure;
use crate::document::Document;
use crate::document::outline::{BlockKind, Outline, Shown};
use crate::networks;
use crate::notice::render::{Style, notice};
use crate::notice::texts::{BUILT_IN, of_language};
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

/// An own text that stands on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFound {
    /// Its bytes on the page, without the lines around it.
    pub span: Span,
    /// What it is.
    pub own: Own,
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
pub fn candidates(disclosure: &Disclosure, style: Style) -> Vec<Own> {
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
            let style = Style { format, crlf: false, ascii };
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

/// The own texts of the page `text`, in its order: whole blocks that are exactly one of `candidates`.
pub fn find(text: &str, document: &Document, candidates: &[Own]) -> Vec<OwnFound> {
    let Some(outline) = &document.outline else { return Vec::new() };
    let mut hits: Vec<(Span, &Own)> = Vec::new();
    for own in candidates {
        let starts = memchr::memmem::find_iter(text.as_bytes(), own.written.as_bytes());
        hits.extend(starts.map(|at| (Span::new(at, at + own.written.len()), own)));
    }
    // the longest of those that begin together
    hits.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut found: Vec<OwnFound> = Vec::new();
    for (span, own) in hits {
        let free = found.last().is_none_or(|last| last.span.end <= span.start);
        if free && is_whole(text, document.format, outline, span) {
            found.push(OwnFound { span, own: own.clone() });
        }
    }
    found
}

/// Whether `span` is a block of its own, or several, that readers see.
fn is_whole(text: &str, format: Format, outline: &Outline, span: Span) -> bool {
    let first = outline.texts.partition_point(|shown| shown.span.end <= span.start);
    let mut inside =
        outline.texts.get(first..).unwrap_or_default().iter().take_while(|shown| shown.span.start < span.end);
    let is_prose = |shown: &Shown| !matches!(shown, Shown::Verbatim | Shown::Obstacle);
    let Some(shown) = inside.find(|shown| is_prose(&shown.shown)) else { return false };
    if outline.is_within(shown.block, |kind| kind == BlockKind::Code) {
        return false;
    }
    if format == Format::Html {
        return true;
    }
    let from = outline.blocks.partition_point(|block| block.span.start < span.start);
    let starting =
        outline.blocks.get(from..).unwrap_or_default().iter().take_while(|block| block.span.start == span.start);
    let behind = text.get(span.end..).unwrap_or_default();
    let at_top = { starting }.any(|block| block.parent == 0 && block.kind != BlockKind::Page);
    at_top && behind.lines().take(2).all(|line| line.trim().is_empty())
}
