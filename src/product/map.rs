//! All products as one question to ask of a page's text: which names stand in it, and where. Decides what is a name as a
//! word of its own, and which of several names one stretch of text is.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use thiserror::Error;

use super::edge::Words;
use super::flow::{Flow, Stretch};
use super::fold::{capitals, coarse_text, folded, plain_text};
use super::formula::formulas;
use super::needles::{self, Needles};
use super::search::Search;
use super::{Case, Product, identity};
use crate::span::Span;

/// The user's products, compiled once and shared by all pages.
#[derive(Debug, Default)]
pub struct ProductMap {
    products: Vec<Product>,
    /// By product, the patterns of its context and of what it is not.
    phrases: Vec<Phrases>,
    /// Every name in the spelling that texts are searched in, and every phrase.
    search: Search,
    /// The patterns that are phrases.
    is_phrase: FxHashSet<u32>,
    /// By pattern, its first name as an index into [`Self::names`].
    first: Vec<Option<u32>>,
    names: Vec<Name>,
    /// By [`identity`] of the URLs, the products.
    by_url: FxHashMap<String, Vec<u32>>,
}

/// More names than can be looked for at once.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the names of the products are too many to be looked for: {0}")]
pub struct TooMany(#[from] std::num::TryFromIntError);

/// A product's name in a page's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The product, as an index into [`ProductMap::products`].
    pub product: usize,
    /// The name with a plural ending but without a possessive one, in bytes of the page.
    pub span: Span,
    /// Whether it stands in a phrase that its product is not.
    pub excluded: bool,
}

/// What stands in a page's text.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The mentions, in reading order; of those that share a character the first, of those that begin together the longest.
    pub mentions: Vec<Mention>,
    /// The patterns that are phrases and stand on the page.
    phrases: FxHashSet<u32>,
}

#[derive(Clone, Debug, Default)]
struct Phrases {
    context: Box<[u32]>,
    not: Box<[u32]>,
}

#[derive(Clone, Debug)]
struct Name {
    product: u32,
    /// Plain, with its case.
    plain: Box<str>,
    /// The next name with the same pattern.
    next: Option<u32>,
}

/// A name where it stands in the text.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// The name alone, in bytes of the plain text.
    base: Span,
    /// With its plural ending.
    whole: Span,
    product: u32,
    /// Whether it stands there as it is written in the configuration.
    exact: bool,
}

impl ProductMap {
    /// Compiles `products`, whose names and phrases are neither empty nor without letters and digits.
    pub fn new(products: Vec<Product>) -> Result<Self, TooMany> {
        let mut builder = Builder::default();
        for (index, product) in products.iter().enumerate() {
            let index = u32::try_from(index)?;
            for name in product.names() {
                builder.name(index, &plain_text(name));
            }
            let context = product.context.iter().map(|phrase| builder.pattern(&plain_text(phrase))).collect();
            let not = product.not.iter().map(|phrase| builder.pattern(&plain_text(phrase))).collect();
            builder.phrases.push(Phrases { context, not });
        }
        let Builder { patterns, names, first, phrases, .. } = builder;
        let search = Search::new(&patterns)?;
        let is_phrase = phrases.iter().flat_map(|one| one.context.iter().chain(&one.not)).copied().collect();
        let mut map = Self { products, phrases, search, is_phrase, first, names, by_url: FxHashMap::default() };
        map.identify(&|_| None);
        Ok(map)
    }

    /// Learns where the products' URLs lead, where `destination_of` knows it: those that are affiliate links lead elsewhere.
    pub fn identify(&mut self, destination_of: &dyn Fn(&str) -> Option<String>) {
        self.by_url.clear();
        for (index, product) in self.products.iter().enumerate() {
            for url in &product.urls {
                let key = destination_of(&url.url).map_or_else(|| identity(&url.url), |url| identity(&url));
                let of_url = self.by_url.entry(key).or_default();
                // one product may have one page under two spellings
                if let Some(index) = u32::try_from(index).ok().filter(|index| of_url.last() != Some(index)) {
                    of_url.push(index);
                }
            }
        }
    }

    /// The products that a URL with this [`identity`] leads to, as indexes.
    pub fn leading_to(&self, identity: &str) -> Option<&[u32]> {
        self.by_url.get(identity).map(Vec::as_slice)
    }

    /// The products, in the configuration's order.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// What stands, in any case, on every page with a mention.
    pub fn needles(&self) -> Needles {
        needles::of(&self.names.iter().map(|name| &*name.plain).collect::<Vec<_>>())
    }

    /// How many bytes the compiled names take.
    pub fn memory(&self) -> usize {
        let names: usize = self.names.iter().map(|name| size_of::<Name>() + name.plain.len()).sum();
        names + self.search.memory()
    }

    /// The product called `text`, and nothing but that, on a page in `language`.
    pub fn named(&self, text: &str, language: Option<&str>) -> Option<usize> {
        let flow = Flow::of_text(text);
        let found = self.find(&flow, language);
        found.mentions.iter().find(|mention| mention.span.of(text) == text).map(|mention| mention.product)
    }

    /// The names in `flow`, the text of a page in `language`. Takes time in the text and what stands in it.
    pub fn find(&self, flow: &Flow, language: Option<&str>) -> Found {
        if self.is_empty() {
            return Found::default();
        }
        let mut words = Words::of(flow.plain(), language);
        let mut candidates = Vec::new();
        let mut phrases: Vec<(Span, u32)> = Vec::new();
        for (place, pattern) in self.search.find(flow.coarse()) {
            let base = flow.plain_of(place);
            let Some(whole) = words.whole(base) else { continue };
            let first = self.first.get(pattern as usize).copied().flatten();
            candidates.extend(self.chain(first).filter_map(|name| self.candidate(name, base, whole, &words)));
            if self.is_phrase.contains(&pattern) {
                phrases.push((whole, pattern));
            }
        }
        phrases.sort_by_key(|(span, _)| span.start);
        candidates.sort_by_key(|found: &Candidate| {
            (found.base.start, Reverse(found.base.end), Reverse(found.exact), found.product)
        });
        let formulas = formulas(flow.plain());
        let is_math = |span: Span| {
            let next = formulas.partition_point(|formula| formula.end <= span.start);
            formulas.get(next).is_some_and(|formula| formula.overlaps(span))
        };
        let mut mentions = Vec::new();
        let mut from = 0;
        for candidate in candidates {
            if candidate.base.start < from || is_math(candidate.whole) {
                continue;
            }
            from = candidate.whole.end;
            let Some(source) = flow.source_of(candidate.whole) else { continue };
            let stretch = Stretch { plain: candidate.whole, source };
            mentions.push(self.mention(candidate.product, stretch, &phrases));
        }
        Found { mentions, phrases: phrases.into_iter().map(|(_, pattern)| pattern).collect() }
    }

    /// Whether a page where this was `found` holds one of the words that `product` wants to stand on it.
    pub fn has_context(&self, product: usize, found: &Found) -> bool {
        self.phrases.get(product).is_none_or(|phrases| {
            phrases.context.is_empty() || phrases.context.iter().any(|pattern| found.phrases.contains(pattern))
        })
    }

    fn chain(&self, first: Option<u32>) -> impl Iterator<Item = &Name> {
        let name = |index: u32| self.names.get(index as usize);
        std::iter::successors(first.and_then(name), move |last| last.next.and_then(name))
    }

    fn candidate(&self, name: &Name, base: Span, whole: Span, words: &Words<'_>) -> Option<Candidate> {
        let case = self.products.get(name.product as usize)?.case;
        let text = base.of(words.text());
        let exact = text == &*name.plain;
        let stands = exact || agrees(&name.plain, text, case, words.is_turkic());
        stands.then_some(Candidate { base, whole, product: name.product, exact })
    }

    fn mention(&self, product: u32, stretch: Stretch, phrases: &[(Span, u32)]) -> Mention {
        let not = self.phrases.get(product as usize).map_or(&[][..], |phrases| &phrases.not);
        let until = phrases.partition_point(|(span, _)| span.start <= stretch.plain.start);
        // a phrase is at most twice as long in the plain text, and has a plural ending
        let reach = 2 * self.search.longest() + 2;
        let near = phrases.get(..until).unwrap_or_default().iter().rev();
        let near = near.take_while(|(span, _)| span.start + reach >= stretch.plain.end);
        let mut around = near.filter(|(span, _)| span.contains(stretch.plain));
        let excluded = !not.is_empty() && around.any(|(_, pattern)| not.contains(pattern));
        Mention { product: product as usize, span: stretch.source, excluded }
    }
}

/// Whether the plain `text` is `name`, as far as its case goes.
fn agrees(name: &str, text: &str, case: Case, turkic: bool) -> bool {
    // `ß` has two capitals
    let is_capitals = || text.replace('ẞ', "SS") == capitals(name, turkic);
    let alike = || folded(name, turkic) == folded(text, turkic) || is_capitals();
    match case {
        Case::Exact => false,
        Case::Ignore => alike(),
        Case::Smart if !name.chars().any(char::is_uppercase) => alike(),
        Case::Smart => is_capitals(),
    }
}

/// Names and phrases while they are collected.
#[derive(Default)]
struct Builder {
    known: FxHashMap<String, u32>,
    patterns: Vec<String>,
    first: Vec<Option<u32>>,
    names: Vec<Name>,
    phrases: Vec<Phrases>,
}

impl Builder {
    fn name(&mut self, product: u32, plain: &str) {
        let pattern = self.pattern(plain);
        self.add(product, plain, pattern);
        // `ß` is two letters in capitals
        let upper = coarse_text(&capitals(plain, false));
        if !plain.is_ascii() && upper != coarse_text(plain) {
            let pattern = self.searched(upper);
            self.add(product, plain, pattern);
        }
    }

    fn add(&mut self, product: u32, plain: &str, pattern: u32) {
        let index = u32::try_from(self.names.len()).ok();
        if let Some(first) = self.first.get_mut(pattern as usize) {
            self.names.push(Name { product, plain: plain.into(), next: std::mem::replace(first, index) });
        }
    }

    /// The pattern that finds the plain `text`.
    fn pattern(&mut self, plain: &str) -> u32 {
        self.searched(coarse_text(plain))
    }

    fn searched(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        *self.known.entry(text).or_insert_with_key(|text| {
            self.patterns.push(text.clone());
            self.first.push(None);
            next
        })
    }
}
