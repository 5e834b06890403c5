//! Very many patterns looked for at once, where words may begin. Decides which patterns stand in a text; whether one is a word
//! of its own is decided by who asks.
//!
//! Patterns are kept in order, by their first bytes, and are found by halving: an automaton over a hundred thousand names takes
//! seconds to be made, and more memory than a processor has near.

use rustc_hash::FxHashMap;

use super::map::TooMany;
use crate::span::Span;

/// How many of a pattern's bytes tell where it is kept.
const HEAD: usize = 8;

/// The patterns, made once.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// In order, one behind the other.
    text: String,
    /// Each one's bytes in [`Self::text`], its number, and the longest other of the same head that it begins with.
    patterns: Vec<Pattern>,
    /// By head, the range of [`Self::patterns`] with it; a shorter pattern is its own head.
    heads: FxHashMap<[u8; HEAD], (u32, u32)>,
    /// Which lengths below [`HEAD`] patterns have.
    short: [bool; HEAD],
    /// The length of the longest, in bytes.
    longest: usize,
}

#[derive(Clone, Copy, Debug)]
struct Pattern {
    start: u32,
    end: u32,
    number: u32,
    within: Option<u32>,
}

impl Search {
    /// Of `patterns`, none of which is empty and no two alike; their numbers are their places.
    pub(super) fn new(patterns: &[String]) -> Result<Self, TooMany> {
        let mut order: Vec<u32> = (0..u32::try_from(patterns.len())?).collect();
        let of = |number: u32| patterns.get(number as usize).map_or("", String::as_str);
        order.sort_unstable_by_key(|&number| of(number));
        let mut search = Self {
            text: String::with_capacity(patterns.iter().map(String::len).sum()),
            patterns: Vec::with_capacity(order.len()),
            heads: FxHashMap::default(),
            short: [false; HEAD],
            longest: patterns.iter().map(String::len).max().unwrap_or(0),
        };
        for number in order {
            search.add(number, of(number))?;
        }
        Ok(search)
    }

    /// Adds the next in order.
    fn add(&mut self, number: u32, pattern: &str) -> Result<(), TooMany> {
        let index = u32::try_from(self.patterns.len())?;
        let start = u32::try_from(self.text.len())?;
        self.text.push_str(pattern);
        let end = u32::try_from(self.text.len())?;
        if let Some(short) = self.short.get_mut(pattern.len()) {
            *short = true;
        }
        let range = self.heads.entry(head(pattern.as_bytes())).or_insert((index, index));
        range.1 = index + 1;
        // what this one begins with is the last, or what that begins with
        let mut within = index.checked_sub(1).filter(|&last| last >= range.0);
        while let Some(other) = within.and_then(|other| self.patterns.get(other as usize)) {
            if pattern.as_bytes().starts_with(self.bytes(other)) {
                break;
            }
            within = other.within;
        }
        self.patterns.push(Pattern { start, end, number, within });
        Ok(())
    }

    /// Where each pattern stands in `text`, by where it begins, and its number; those that begin between two letters or digits
    /// of ASCII are left out.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Span, u32)> + 't {
        let bytes = text.as_bytes();
        let begins = |&at: &usize| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let within = before.is_some_and(u8::is_ascii_alphanumeric) && bytes[at].is_ascii_alphanumeric();
            !within && text.is_char_boundary(at)
        };
        (0..bytes.len()).filter(begins).flat_map(move |at| {
            let rest = bytes.get(at..bytes.len().min(at + self.longest)).unwrap_or_default();
            let span = move |length: usize| Span::new(at, at + length);
            let long = self.longest_at(rest);
            let longer = std::iter::successors(long, |last| self.get(last.within?));
            let short = (1..HEAD).filter(|&length| self.short[length] && length <= rest.len());
            let short = short.filter_map(|length| self.get(self.heads.get(&head(&rest[..length]))?.0));
            longer.chain(short).map(move |found| (span((found.end - found.start) as usize), found.number))
        })
    }

    /// The longest pattern, of [`HEAD`] bytes or more, that `rest` begins with.
    fn longest_at(&self, rest: &[u8]) -> Option<&Pattern> {
        let &(first, end) = self.heads.get(&head(rest.get(..HEAD)?))?;
        let near = self.patterns.get(first as usize..end as usize)?;
        // all that `rest` begins with are no greater, and what the greatest of those begins with
        let after = near.partition_point(|pattern| self.bytes(pattern) <= rest);
        let mut found = near.get(after.checked_sub(1)?)?;
        while !rest.starts_with(self.bytes(found)) {
            found = self.get(found.within?)?;
        }
        Some(found)
    }

    fn get(&self, index: u32) -> Option<&Pattern> {
        self.patterns.get(index as usize)
    }

    fn bytes(&self, pattern: &Pattern) -> &[u8] {
        self.text.as_bytes().get(pattern.start as usize..pattern.end as usize).unwrap_or_default()
    }

    /// The length of the longest pattern, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many bytes it takes.
    pub(super) fn memory(&self) -> usize {
        let entry = size_of::<([u8; HEAD], (u32, u32))>() + 1;
        self.text.capacity() + self.patterns.capacity() * size_of::<Pattern>() + self.heads.capacity() * entry
    }
}

/// The first bytes of a pattern or a text; no page holds NUL.
fn head(bytes: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    for (to, from) in head.iter_mut().zip(bytes) {
        *to = *from;
    }
    head
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(patterns: &[&str], text: &str) -> Vec<(usize, String)> {
        let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        let search = Search::new(&patterns).unwrap();
        let mut found: Vec<_> =
            search.find(text).map(|(span, number)| (span.start, patterns[number as usize].clone())).collect();
        for (at, pattern) in &found {
            assert!(text[*at..].starts_with(pattern));
        }
        found.sort();
        found
    }

    #[test]
    fn every_pattern_that_begins_there_is_found() {
        let patterns = ["a", "ab", "kettle", "kettle one", "kettle one pro", "kettles", "任天堂", "c++", "+1"];
        let of = |text: &str| found(&patterns, text).into_iter().map(|(at, p)| format!("{at}{p}")).collect::<Vec<_>>();
        assert_eq!(of("kettle one prox"), ["0kettle", "0kettle one", "0kettle one pro"]);
        assert_eq!(of("kettle on, kettles"), ["0kettle", "11kettle", "11kettles"]);
        assert_eq!(of("xkettle kettl"), Vec::<String>::new());
        assert_eq!(of("x任天堂任天堂"), ["1任天堂", "10任天堂"]);
        assert_eq!(of("ab a+1 c++"), ["0a", "0ab", "3a", "4+1", "7c++"]);
    }

    proptest! {
        #[test]
        fn it_finds_what_looking_everywhere_finds(
            patterns in proptest::collection::btree_set("[ab é+]{1,14}", 1..60),
            text in "[ab é+]{0,60}",
        ) {
            let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
            let bytes = text.as_bytes();
            let mut expected = Vec::new();
            for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
                let within = at > 0 && bytes[at - 1].is_ascii_alphanumeric() && bytes[at].is_ascii_alphanumeric();
                let here = patterns.iter().filter(|pattern| !within && text[at..].starts_with(**pattern));
                expected.extend(here.map(|pattern| (at, (*pattern).to_owned())));
            }
            expected.sort();
            prop_assert_eq!(found(&patterns, &text), expected);
        }
    }
}
