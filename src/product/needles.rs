//! What of each name is looked for in the bytes of pages that are not read yet. Decides which word of a name is the one that
//! the fewest other names share.

use rustc_hash::FxHashMap;

/// The longest word that is looked for, in bytes.
const LONGEST: usize = 30;

/// Of every name something that stands wherever the name stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needles {
    /// Whole words of ASCII letters and digits in lower case; a plural ending may follow.
    pub words: Vec<String>,
    /// Names that have no such word, as they are.
    pub others: Vec<String>,
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
            None => needles.others.push((*name).to_owned()),
        }
    }
    for list in [&mut needles.words, &mut needles.others] {
        list.sort_unstable();
        list.dedup();
    }
    needles
}

/// The words of `name` that stand in every spelling of it between bytes that are no letters or digits of ASCII.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    parts.filter(|part| part.is_ascii() && (2..=LONGEST).contains(&part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_word_of_each_name_is_looked_for() {
        let needles =
            of(&["Acme Kettle", "Acme Toaster", "Acme", "AT&T", "Cafe\u{301} X", "\u{4efb}\u{5929}\u{5802}", "C++"]);
        assert_eq!(needles.words, ["acme", "at", "kettle", "toaster"]);
        assert_eq!(needles.others, ["C++", "Cafe\u{301} X", "\u{4efb}\u{5929}\u{5802}"]);
    }
}
