//! Looking for very many words at once. Decides only how: by the hash of each word that stands in the text.

use rustc_hash::FxHashSet;

/// How many bits of the first table there are for each word: of twenty words that are not looked for, one is looked up.
const BITS_PER_WORD: usize = 24;

/// Words of ASCII letters and digits.
#[derive(Debug)]
pub(super) struct Words {
    /// By the lower bits of a hash, whether a word has it.
    table: Vec<u64>,
    mask: u32,
    hashes: FxHashSet<u32>,
}

impl Words {
    /// Over words in lower case; a plural `s` or `es` is found as well.
    pub(super) fn over(words: &[Vec<u8>]) -> Self {
        let size = (words.len() * BITS_PER_WORD).next_power_of_two().max(1 << 12);
        let mask = u32::try_from(size - 1).unwrap_or(u32::MAX);
        let mut filled = Self { table: vec![0; size / 64], mask, hashes: FxHashSet::default() };
        for word in words {
            for ending in [&b""[..], b"s", b"es"] {
                let hash = word.iter().chain(ending).fold(SEED, |hash, &byte| step(hash, byte));
                filled.hashes.insert(hash);
                let at = finish(hash) & mask;
                if let Some(bits) = filled.table.get_mut((at / 64) as usize) {
                    *bits |= 1 << (at % 64);
                }
            }
        }
        filled
    }

    /// Whether a word with the hash of one of these stands in `bytes`, which are in lower case.
    pub(super) fn is_match(&self, bytes: &[u8]) -> bool {
        let mut hash = SEED;
        for &byte in bytes {
            if byte.is_ascii_alphanumeric() {
                hash = step(hash, byte);
            } else if hash != SEED {
                if self.holds(hash) {
                    return true;
                }
                hash = SEED;
            }
        }
        hash != SEED && self.holds(hash)
    }

    fn holds(&self, hash: u32) -> bool {
        let at = finish(hash) & self.mask;
        let bits = self.table.get((at / 64) as usize).copied().unwrap_or(0);
        bits >> (at % 64) & 1 == 1 && self.hashes.contains(&hash)
    }
}

// FNV-1a (Fowler, Noll, Vo): two operations a byte
const SEED: u32 = 0x811c_9dc5;

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// Mixes the upper bits in.
fn finish(hash: u32) -> u32 {
    hash ^ hash >> 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_and_plurals_are_found() {
        let words: Vec<_> = (0..10_000).map(|n| format!("word{n}x").into_bytes()).collect();
        let words = Words::over(&words);
        for (text, found) in [
            ("a word77x b", true),
            ("word77x", true),
            ("(word77xs)", true),
            ("\u{65e5}word77xes\u{65e5}", true),
            ("word77xy", false),
            ("sword77x", false),
            ("word 77x", false),
            ("", false),
        ] {
            assert_eq!(words.is_match(text.as_bytes()), found, "{text}");
        }
        let missed = (10_000..10_500).filter(|n| words.is_match(format!("word{n}x").as_bytes())).count();
        assert_eq!(missed, 0);
    }
}
