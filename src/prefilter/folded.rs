//! Names that their bytes do not tell: letters with marks, other scripts. Decides how a page is read to find them.

use aho_corasick::AhoCorasick;
use memchr::memchr;

use super::spelling::{character, reference};

/// Calls its second argument with what a character is in the spelling of the names.
pub type Fold = fn(char, &mut dyn FnMut(char));

/// The longest tag that is read over, in bytes.
const LONGEST_TAG: usize = 512;

/// Looks for names in a page that is read as they are spelt.
#[derive(Debug)]
pub(super) struct Folded {
    search: AhoCorasick,
    fold: Fold,
}

impl Folded {
    /// Over `names` in the spelling that `fold` gives; `None` where they are too many.
    pub(super) fn over(names: &[String], fold: Fold) -> Option<Self> {
        Some(Self { search: AhoCorasick::new(names).ok()?, fold })
    }

    /// Whether a name may stand in `bytes`, whatever marks of emphasis and tags stand in it.
    pub(super) fn is_match(&self, bytes: &[u8]) -> bool {
        (!bytes.is_ascii() || memchr(b'&', bytes).is_some()) && self.search.is_match(&self.read(bytes))
    }

    fn read(&self, bytes: &[u8]) -> String {
        let mut read = String::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            at += match rest[0] {
                b'*' | b'~' | b'_' => 1,
                b'<' => match memchr(b'>', rest.get(..LONGEST_TAG).unwrap_or(rest)) {
                    Some(end) => end + 1,
                    None => 1,
                },
                b'&' => match reference(rest) {
                    Some((length, value)) => {
                        value.chars().for_each(|c| (self.fold)(c, &mut |c| read.push(c)));
                        length
                    }
                    None => 1,
                },
                byte if byte.is_ascii() => {
                    read.push(char::from(byte.to_ascii_lowercase()));
                    1
                }
                _ => match character(rest) {
                    Some(c) => {
                        (self.fold)(c, &mut |c| read.push(c));
                        c.len_utf8()
                    }
                    None => 1,
                },
            };
        }
        read
    }
}
