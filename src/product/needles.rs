//! What of each name is looked for in the bytes of pages that are not read yet. Decides which word of a name is the one that
//! the fewest other names share.

use rustc_hash::FxHashMap;

use super::fold::{capitals, coarse, coarse_text, plain};

/// The longest word that is looked for, in bytes.
const LONGEST: usize = 30;

/// Of every name something that stands wherever the name stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needles {
    /// Whole words of ASCII letters and digits in lower case; a plural ending may follow.
    pub words: Vec<String>,
    /// ASCII names that have no such word, as they are.
    pub others: Vec<String>,
    /// Parts of names in which not all is ASCII, in the spelling that [`fold`] gives.
    pub folded: Vec<String>,
}

/// Calls `push` with what `c` is in the spelling of [`Needles::folded`].
pub fn fold(c: char, push: &mut dyn FnMut(char)) {
    plain(c, |c| {
        if let Some(c) = coarse(c) {
            push(c);
        }
    });
}

/// The needles of names that are plain.
pub(super) fn of(names: &[&str]) -> Needles {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for name in names {
        for word in words(name) {
            *counts.entry(word.to_ascii_lowercase()).or_default() += 1;
        }
    }
    let mut needles = Needles::default();
    for name in names {
        let lower = words(name).map(str::to_ascii_lowercase);
        let rarest = lower.min_by_key(|word| (counts.get(word).copied().unwrap_or(0), std::cmp::Reverse(word.len())));
        match rarest {
            Some(word) => needles.words.push(word),
            None if name.is_ascii() => needles.others.push((*name).to_owned()),
            None => {
                needles.add_folded(&coarse_text(name));
                // `ß` is two letters in capitals
                needles.add_folded(&coarse_text(&capitals(name, false)));
            }
        }
    }
    for list in [&mut needles.words, &mut needles.others, &mut needles.folded] {
        list.sort_unstable();
        list.dedup();
    }
    needles
}

impl Needles {
    /// Adds the longest part of the folded `name`; where that has become ASCII, as a word, too.
    fn add_folded(&mut self, name: &str) {
        let parts = name.split(is_between_words);
        let Some(part) = parts.max_by_key(|part| (!part.is_ascii(), part.len())) else { return };
        if part.is_ascii() {
            let list = if (2..=LONGEST).contains(&part.len()) { &mut self.words } else { &mut self.others };
            list.push(part.to_owned());
        }
        self.folded.push(part.to_owned());
    }
}

/// The words of `name` that stand in every spelling of it between bytes that are no letters or digits of ASCII.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(is_between_words).filter(|part| part.is_ascii() && (2..=LONGEST).contains(&part.len()))
}

fn is_between_words(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_word_of_each_name_is_looked_for() {
        let names = ["Acme Kettle", "Acme Toaster", "Acme", "AT&T", "Cafe\u{301} X", "\u{4efb}\u{5929}\u{5802}", "C++"];
        let needles = of(&names);
        assert_eq!(needles.words, ["acme", "at", "kettle", "toaster"]);
        assert_eq!(needles.others, ["C++"]);
        assert_eq!(needles.folded, ["cafe\u{301}", "\u{4efb}\u{5929}\u{5802}"]);
        let needles = of(&["Ma\u{df}", "\u{131}5", "z\u{307}ubr 8"]);
        assert_eq!(needles.words, ["i5", "mass", "zubr"]);
        assert_eq!(needles.folded, ["i5", "mass", "ma\u{df}", "zubr"]);
    }
}
