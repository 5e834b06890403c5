//! Looking for many strings at once. Decides only how: by their dots, by vectors, by leaps, or byte for byte.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind, packed};
use memchr::{memchr, memchr_iter};
use rustc_hash::FxHashMap;

use super::words::Words;

/// The most strings that are looked for by [`Engine::Vector`]: it tells them apart by eight or sixteen buckets.
const VECTORED: usize = 48;
/// The most strings with a dot that are looked for like others.
const FEW: usize = 8;
/// How many bytes of a text decide about a leap.
const BLOCK: usize = 3;
/// Of how many bytes of each string leaps know.
const DEEPEST: usize = 8;
/// How many entries the table of leaps has, as a power of two.
const BITS: u32 = 15;

/// Looks for strings, byte for byte.
#[derive(Debug)]
pub(super) enum Engine {
    /// Many with a dot, as host names have; and the others.
    Dots(Dots, Option<Box<Engine>>),
    /// A few, sixteen or more bytes at a time; not on every processor.
    Vector(packed::Searcher),
    /// Many.
    Leaps(Leaps),
    /// Many, of which some are very short.
    Automaton(AhoCorasick),
    /// Very many whole words; and the others.
    Words(Words, Option<Box<Engine>>),
}

impl Engine {
    /// `None` where the strings are too many and too long.
    pub(super) fn over(strings: &[Vec<u8>]) -> Option<Self> {
        let (dotted, others): (Vec<_>, Vec<_>) =
            strings.iter().cloned().partition(|string| memchr(b'.', string).is_some());
        if dotted.len() > FEW {
            let others = if others.is_empty() { None } else { Some(Box::new(Self::over(&others)?)) };
            return Some(Self::Dots(Dots::over(dotted), others));
        }
        let vector = || packed::Config::new().builder().extend(strings).build();
        if let Some(searcher) = (strings.len() <= VECTORED).then(vector).flatten() {
            return Some(Self::Vector(searcher));
        }
        let shortest = strings.iter().map(Vec::len).min().unwrap_or(0);
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).start_kind(StartKind::Both).build(strings);
        let automaton = automaton.ok()?;
        if shortest > BLOCK {
            Some(Self::Leaps(Leaps::over(strings, shortest.min(DEEPEST), automaton)))
        } else {
            Some(Self::Automaton(automaton))
        }
    }

    /// As [`Self::over`]; and over very many `words`.
    pub(super) fn with_words(strings: &[Vec<u8>], words: &[Vec<u8>]) -> Option<Self> {
        let others = if strings.is_empty() { None } else { Some(Box::new(Self::over(strings)?)) };
        Some(Self::Words(Words::over(words), others))
    }

    /// Whether one of the strings stands in `bytes`.
    pub(super) fn is_match(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Words(words, others) => {
                others.as_ref().is_some_and(|others| others.is_match(bytes)) || words.is_match(bytes)
            }
            Self::Dots(dots, others) => {
                dots.is_match(bytes) || others.as_ref().is_some_and(|others| others.is_match(bytes))
            }
            Self::Vector(searcher) => searcher.find(bytes).is_some(),
            Self::Leaps(leaps) => leaps.is_match(bytes),
            Self::Automaton(automaton) => automaton.is_match(bytes),
        }
    }
}

/// Goes from dot to dot: a byte that is rare in texts and quickly found. The two bytes before one say whether any string
/// may have its first dot there.
#[derive(Debug)]
pub(super) struct Dots {
    strings: Vec<(Vec<u8>, usize)>,
    /// By the two bytes before their first dot, those of the strings, as bits of a table.
    table: Vec<u64>,
    /// By the two bytes before their first dot, which strings.
    by_pair: FxHashMap<u16, Vec<usize>>,
}

impl Dots {
    /// Over strings that all have a dot.
    fn over(strings: Vec<Vec<u8>>) -> Self {
        let first = |string: &Vec<u8>| memchr(b'.', string).unwrap_or(0);
        let strings: Vec<_> =
            strings.into_iter().map(|string| (first(&string), string)).map(|(at, s)| (s, at)).collect();
        let mut by_pair: FxHashMap<u16, Vec<usize>> = FxHashMap::default();
        let mut table = vec![0; (1 << 16) / 64];
        for (index, (string, at)) in strings.iter().enumerate() {
            for pair in pairs_before(string, *at) {
                table[usize::from(pair / 64)] |= 1_u64 << (pair % 64);
                by_pair.entry(pair).or_default().push(index);
            }
        }
        Self { strings, table, by_pair }
    }

    fn is_match(&self, bytes: &[u8]) -> bool {
        memchr_iter(b'.', bytes).any(|at| {
            let before = |back: usize| at.checked_sub(back).map_or(0, |at| bytes[at]);
            let pair = u16::from_be_bytes([before(2), before(1)]);
            self.table[usize::from(pair / 64)] >> (pair % 64) & 1 == 1 && self.stands_at(bytes, at, pair)
        })
    }

    /// Whether a string stands in `bytes` with its first dot at `at`, behind `pair`.
    fn stands_at(&self, bytes: &[u8], at: usize, pair: u16) -> bool {
        self.by_pair.get(&pair).into_iter().flatten().any(|&index| {
            let (string, dot) = &self.strings[index];
            at.checked_sub(*dot).and_then(|start| bytes.get(start..)).is_some_and(|rest| rest.starts_with(string))
        })
    }
}

/// Every pair of bytes that may stand before the byte `at` of `string` in a text.
fn pairs_before(string: &[u8], at: usize) -> Vec<u16> {
    let known = |back: usize| at.checked_sub(back).map(|at| string[at]);
    let all = |byte: Option<u8>| byte.map_or(0..=u8::MAX, |byte| byte..=byte);
    all(known(2)).flat_map(|first| all(known(1)).map(move |second| u16::from_be_bytes([first, second]))).collect()
}

/// The search of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994): three bytes at the end of a window
/// say how far the window may move without passing any string.
#[derive(Debug)]
pub(super) struct Leaps {
    /// By hash of three bytes, how far to go; 0 where a string may end its window with them.
    table: Vec<u8>,
    /// The length of the window.
    depth: usize,
    automaton: AhoCorasick,
}

impl Leaps {
    fn over(strings: &[Vec<u8>], depth: usize, automaton: AhoCorasick) -> Self {
        let furthest = depth - BLOCK + 1;
        let mut table = vec![u8::try_from(furthest).unwrap_or(1); 1 << BITS];
        for string in strings {
            for (index, block) in string.get(..depth).unwrap_or_default().windows(BLOCK).enumerate() {
                let left = u8::try_from(depth - BLOCK - index).unwrap_or(0);
                let leap = &mut table[hash(block)];
                *leap = left.min(*leap);
            }
        }
        Self { table, depth, automaton }
    }

    fn is_match(&self, bytes: &[u8]) -> bool {
        let mut start = 0;
        while let Some(block) = bytes.get(start + self.depth - BLOCK..start + self.depth) {
            match self.table[hash(block)] {
                0 => {
                    let here = Input::new(bytes).span(start..bytes.len()).anchored(Anchored::Yes);
                    // the automaton was built for both kinds of start, so an error cannot be
                    if self.automaton.try_find(here).is_ok_and(|found| found.is_some()) {
                        return true;
                    }
                    start += 1;
                }
                leap => start += usize::from(leap),
            }
        }
        false
    }
}

/// A number below two to the power of [`BITS`].
fn hash(block: &[u8]) -> usize {
    let number = block.iter().fold(0_u32, |number, &byte| (number << 8) | u32::from(byte));
    (number.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_way_of_looking_is_chosen_by_number_and_length() {
        let many = |start: &str| (100..200).map(|n| format!("{start}{n}").into_bytes()).collect::<Vec<_>>();
        assert!(matches!(Engine::over(&many("name")), Some(Engine::Leaps(_))));
        let mut short = many("name");
        short.push(b"tm".to_vec());
        assert!(matches!(Engine::over(&short), Some(Engine::Automaton(_))));
        let mut hosts = many("shop.");
        assert!(matches!(Engine::over(&hosts), Some(Engine::Dots(_, None))));
        hosts.extend([b"name".to_vec(), b".x".to_vec(), b"a.b".to_vec()]);
        let engine = Engine::over(&hosts).expect("few strings");
        assert!(matches!(engine, Engine::Dots(_, Some(_))));
        for (text, expected) in [
            ("a.b", true),
            ("see xa.b.", true),
            (".x", true),
            ("a name", true),
            ("x.shop.123", true),
            ("shop.1", false),
            ("a. b .y ..", false),
            ("", false),
        ] {
            assert_eq!(engine.is_match(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_way_finds_what_is_there(
            strings in prop_oneof![
                prop::collection::vec("[a-d]{4,9}", 60..90),
                prop::collection::vec("[a-d]{0,3}[.][a-d.]{0,4}|[a-d]{4,9}", 60..90),
            ],
            text in "[a-e.]{0,300}",
            shorter in 1..4_usize,
        ) {
            let there = |strings: &[Vec<u8>]| strings.iter().any(|string| memchr::memmem::find(text.as_bytes(), string).is_some());
            let mut strings: Vec<_> = strings.into_iter().map(String::into_bytes).collect();
            for number in [strings.len(), 20, 1] {
                strings.truncate(number);
                let engine = Engine::over(&strings).expect("few strings");
                prop_assert_eq!(engine.is_match(text.as_bytes()), there(&strings));
            }
            strings.extend((0..60).map(|_| b"dcba"[..shorter].to_vec()));
            let engine = Engine::over(&strings).expect("few strings");
            prop_assert_eq!(engine.is_match(text.as_bytes()), there(&strings));
        }
    }
}
