//! Looking for many strings at once. Decides only how: by vectors, by leaps, or byte for byte.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind, packed};

/// The most strings that are looked for by [`Engine::Vector`]: it tells them apart by eight or sixteen buckets.
const VECTORED: usize = 48;
/// How many bytes of a text decide about a leap.
const BLOCK: usize = 3;
/// Of how many bytes of each string leaps know.
const DEEPEST: usize = 8;
/// How many entries the table of leaps has, as a power of two.
const BITS: u32 = 15;

/// Looks for strings, byte for byte.
#[derive(Debug)]
pub(super) enum Engine {
    /// A few, sixteen or more bytes at a time; not on every processor.
    Vector(packed::Searcher),
    /// Many.
    Leaps(Leaps),
    /// Many, of which some are very short.
    Automaton(AhoCorasick),
}

impl Engine {
    /// `None` where the strings are too many and too long.
    pub(super) fn over(strings: &[Vec<u8>]) -> Option<Self> {
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

    /// Whether one of the strings stands in `bytes`.
    pub(super) fn is_match(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Vector(searcher) => searcher.find(bytes).is_some(),
            Self::Leaps(leaps) => leaps.is_match(bytes),
            Self::Automaton(automaton) => automaton.is_match(bytes),
        }
    }
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
    }

    proptest! {
        #[test]
        fn every_way_finds_what_is_there(
            strings in prop::collection::vec("[a-d]{4,9}", 60..90),
            text in "[a-e]{0,300}",
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
