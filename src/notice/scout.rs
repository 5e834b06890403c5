//! A look over a text for what a disclosure cannot do without. Decides which texts are worth reading; what they say is
//! `wording`'s. Nearly every text of a page is none, so that all that is looked for is found in one pass over its bytes.

use std::sync::LazyLock;

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;

use super::plain;
use super::statement;
use super::words::{ADVERTISED, LABELS, LEXICONS, MONEY, TELLING};

/// Which languages' words stand in a text, as bits by the place in [`LEXICONS`], and whether those of a required sentence do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Languages(u32);

/// The bit for words of sentences that programs require.
const STATEMENT: u32 = 1 << 31;

impl Languages {
    pub(super) fn has(self, lexicon: usize) -> bool {
        self.0 & (1 << lexicon) != 0
    }

    pub(super) fn has_statement(self) -> bool {
        self.0 & STATEMENT != 0
    }
}

/// What was seen in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The languages of which a word that a sentence cannot do without stands there.
    pub(super) languages: Languages,
    /// Whether a label's words stand there.
    pub(super) has_label: bool,
    /// Whether a label with `#` does.
    pub(super) has_tag: bool,
    /// Whether the text is a label and nothing else.
    pub(super) is_label: bool,
}

impl Seen {
    pub(super) fn has_words(self) -> bool {
        self.languages.0 != 0
    }

    pub(super) fn is_nothing(self) -> bool {
        !self.has_words() && !self.has_label && !self.has_tag
    }
}

/// What stands in `text`.
pub(super) fn look(text: &str) -> Seen {
    let mut scout = Scout::new();
    scout.push(text);
    scout.seen()
}

/// Looks over a text piece by piece.
pub(super) struct Scout {
    table: &'static Table,
    state: StateID,
    /// The length of the text as a plain one, with a space before it.
    length: usize,
    spaced: bool,
    seen: Seen,
}

impl Scout {
    pub(super) fn new() -> Self {
        let table = &*TABLE;
        let seen = Seen { languages: Languages(0), has_label: false, has_tag: false, is_label: false };
        Self { table, state: table.start, length: 1, spaced: true, seen }
    }

    /// Goes on with `text`.
    pub(super) fn push(&mut self, text: &str) {
        plain::each(text, |byte| self.step(byte));
    }

    /// What stands in all that was given.
    pub(super) fn seen(mut self) -> Seen {
        self.step(b' ');
        self.seen
    }

    #[inline]
    fn step(&mut self, byte: u8) {
        let space = byte == b' ';
        if space && self.spaced {
            return;
        }
        self.spaced = space;
        self.length += 1;
        // the patterns decide where a word ends, so that a label is one only as long as nothing follows
        self.seen.is_label = false;
        let words = &self.table.words;
        self.state = words.next_state(Anchored::No, self.state, byte);
        if words.is_special(self.state) && words.is_match(self.state) {
            self.hit();
        }
    }

    fn hit(&mut self) {
        let Table { words, meanings, .. } = self.table;
        for index in 0..words.match_len(self.state) {
            match meanings[words.match_pattern(self.state, index).as_usize()] {
                Meaning::Word(languages) => self.seen.languages.0 |= languages,
                Meaning::Label { length, is_tag } => {
                    self.seen.has_label |= !is_tag;
                    self.seen.has_tag |= is_tag;
                    self.seen.is_label |= length == self.length;
                }
            }
        }
    }
}

/// What it means that a pattern stands in a text.
#[derive(Clone, Copy)]
enum Meaning {
    /// A word of these languages.
    Word(u32),
    /// A label.
    Label {
        /// Its length, the spaces around it included.
        length: usize,
        /// Whether it begins with `#`.
        is_tag: bool,
    },
}

struct Table {
    words: DFA,
    /// The state behind a space.
    start: StateID,
    /// By pattern.
    meanings: Vec<Meaning>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let mut words: Vec<(String, u32)> = Vec::new();
        let mut add = |word: String, languages: u32| match words.iter_mut().find(|(known, _)| *known == word) {
            Some((_, all)) => *all |= languages,
            None => words.push((word, languages)),
        };
        for (index, lexicon) in LEXICONS.iter().enumerate() {
            let money = if lexicon.language == "en" { MONEY } else { &[] };
            for pattern in lexicon.links.iter().chain(lexicon.pay).chain(lexicon.support).chain(money) {
                add(telling(pattern), 1 << index);
            }
        }
        let index = |language: &str| LEXICONS.iter().position(|lexicon| lexicon.language == language);
        let endings = TELLING.iter().flat_map(|(language, sentences)| {
            sentences.iter().filter_map(move |parts| Some((*language, *parts.last()?)))
        });
        let advertised = ADVERTISED.iter().flat_map(|(language, all)| all.iter().map(move |word| (*language, *word)));
        for (language, pattern) in endings.chain(advertised) {
            if let Some(index) = index(language) {
                add(telling(pattern), 1 << index);
            }
        }
        statement::endings().for_each(|pattern| add(telling(pattern), STATEMENT));
        let (mut patterns, mut meanings) = (Vec::new(), Vec::new());
        for (word, languages) in words {
            patterns.push(word);
            meanings.push(Meaning::Word(languages));
        }
        for (label, _) in LABELS {
            let pattern = format!(" {label} ");
            meanings.push(Meaning::Label { length: pattern.len(), is_tag: label.starts_with('#') });
            patterns.push(pattern);
        }
        let words = DFA::new(&patterns).expect("a few short words");
        let start = words.start_state(Anchored::No).expect("a search from anywhere is what it is built for");
        let start = words.next_state(Anchored::No, start, b' ');
        Self { words, start, meanings }
    }
}

/// The longest part of `pattern`, a word list's entry, that stands in every text that it fits; a space is where a word ends.
fn telling(pattern: &str) -> String {
    let words: Vec<&str> = pattern.split_whitespace().collect();
    let whole = format!(" {} ", words.join(" "));
    // every other sentence speaks of a link
    let rare = |part: &&str| !part.trim().is_empty() && !part.trim_start().starts_with("link");
    let parts = || whole.split('*');
    let longest = { parts().filter(rare).max_by_key(|part| part.len()) };
    longest.or_else(|| parts().max_by_key(|part| part.len())).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::plain::plain;

    #[test]
    fn a_pattern_is_known_by_its_longest_part() {
        for (pattern, expected) in [
            ("affiliate link*", " affiliate link"),
            ("support* us", " support"),
            ("a cut", " a cut "),
            ("*報酬*", "報酬"),
            ("links de afiliad*", " links de afiliad"),
            ("link* afiliados", " afiliados "),
            ("hur ", " hur "),
        ] {
            assert_eq!(telling(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn every_entry_is_seen_in_what_it_fits() {
        for (index, lexicon) in LEXICONS.iter().enumerate() {
            for pattern in lexicon.links.iter().chain(lexicon.pay).chain(lexicon.support) {
                for letters in ["", "x", "é", "の"] {
                    let text = pattern.replace('*', letters);
                    for text in [text.to_uppercase(), format!("(“{text}”)"), text.replace(' ', "&nbsp;—")] {
                        let text = text.replace("&nbsp;", "\u{a0}");
                        // capitals of some languages are not those of their letters alone
                        if plain(&text) == plain(&pattern.replace('*', letters)) {
                            assert!(look(&text).languages.has(index), "{text:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn words_within_words_are_none() {
        for text in ["execute", "we made a cute one", "commissioned", "helpful us", "unsupportive"] {
            assert!(look(text).is_nothing(), "{text}");
        }
    }

    #[test]
    fn a_text_goes_on_in_the_next_piece() {
        let mut scout = Scout::new();
        for piece in ["we earn a comm", "ission", "."] {
            scout.push(piece);
        }
        assert!(!scout.seen().is_nothing());
    }

    #[test]
    fn labels_are_seen_alone_and_among_words() {
        for (text, has_label, has_tag, is_label) in [
            ("(Paid  link)", true, false, true),
            ("*ad*", true, false, true),
            ("a pair (ad), cheap", true, false, false),
            ("#ad", false, true, true),
            ("new #ad!", false, true, false),
            ("#adapter", false, false, false),
            ("add", false, false, false),
            ("[広告]", true, false, true),
        ] {
            let seen = look(text);
            assert_eq!((seen.has_label, seen.has_tag, seen.is_label), (has_label, has_tag, is_label), "{text}");
        }
    }
}
