//! What a sentence says of paid links: nothing, something, or clearly that the page earns by them. Decides by word lists,
//! in any of their languages at once; where the sentence stands is `find`'s.

use std::sync::LazyLock;

use super::scout::{self, Languages};
use super::words::{
    ADVERTISED, ASA, COMMISSION, DE, DENIALS, DENIED, FTC, LABELS, LEXICONS, Lexicon, MONEY, OURS, PAST, POINTING,
    READER, TELLING, THIRD, USES, YOU,
};
use crate::config::policy::Standard;

/// How well a sentence tells readers that the page is paid by its links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wording {
    /// In words that readers may not take for that: "affiliate links" alone, "may contain", "supports my blog", "#aff".
    Weak,
    /// In words that say who is paid, and for what.
    Clear,
}

/// What a sentence says, before a standard judges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Who earns by what; `hedged` where it leaves open whether they do.
    Earns {
        /// Whether it says "may" or the like.
        hedged: bool,
    },
    /// That there are paid links.
    Links,
    /// That purchases support somebody.
    Supports,
    /// A label, clear under these standards.
    Label(u8),
}

impl Says {
    /// How clear it is under `standard`.
    pub(super) fn wording(self, standard: Standard) -> Wording {
        let (bit, takes_hedges) = match standard {
            Standard::Ftc => (FTC, true),
            // "may earn an affiliate commission" is unclear to it (ASA/CAP, "Online Affiliate Marketing", 2023)
            Standard::Asa => (ASA, false),
            Standard::De => (DE, true),
        };
        let clear = match self {
            Self::Earns { hedged } => takes_hedges || !hedged,
            Self::Label(standards) => standards & bit != 0,
            Self::Links | Self::Supports => false,
        };
        if clear { Wording::Clear } else { Wording::Weak }
    }
}

/// What `sentence`, a plain one, says in any language.
pub(super) fn says(sentence: &str) -> Option<Says> {
    says_in(sentence, scout::look(sentence).languages)
}

/// What `sentence`, a plain one, says in one of `languages`.
pub(super) fn says_in(sentence: &str, languages: Languages) -> Option<Says> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let mut best = None;
    // Dutch has "we" and "affiliate links", too
    let is_english = || words.iter().filter(|word| ENGLISH.contains(word)).count() > 1;
    for (index, lexicon) in COMPILED.iter().enumerate().filter(|&(index, _)| languages.has(index)) {
        if LEXICONS[index].language != "en" && is_english() {
            continue;
        }
        match lexicon.says(&words) {
            Some(earns @ Says::Earns { .. }) => return Some(earns),
            said => best = best.or(said),
        }
    }
    // languages share words for links: a label of one may be a question or a rule in another
    let is_label = words.len() <= LABEL_WORDS && best == Some(Says::Links);
    let shared = || COMPILED.iter().enumerate().filter(|&(index, _)| languages.has(index));
    best.filter(|_| !(is_label && shared().any(|(_, lexicon)| lexicon.takes_back(&words))))
}

/// What `segment`, a plain text between brackets or with nothing around it, says as a label.
pub(super) fn label(segment: &str) -> Option<Says> {
    LABELS.iter().find(|(label, _)| *label == segment).map(|&(_, standards)| Says::Label(standards))
}

/// Whether `patterns`, phrases as the word lists write them, stand in `sentence`, a plain one, one behind the other.
pub(super) fn in_order(sentence: &str, patterns: &[&str]) -> bool {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let mut rest = words.as_slice();
    patterns.iter().all(|pattern| {
        let pattern = Phrase::of(pattern);
        let Some(at) = pattern.position(rest) else { return false };
        // a word without spaces may hold several of them
        rest = rest.get(at + pattern.0.len() - usize::from(pattern.is_inside())..).unwrap_or_default();
        true
    })
}

/// The languages' words, in the order of [`LEXICONS`].
static COMPILED: LazyLock<Vec<Patterns>> = LazyLock::new(|| LEXICONS.iter().map(Patterns::of).collect());

/// A language's words, ready to be looked for.
struct Patterns {
    links: Vec<Phrase<'static>>,
    pay: Vec<Phrase<'static>>,
    earn: Vec<Phrase<'static>>,
    own: Vec<Phrase<'static>>,
    buy: Vec<Phrase<'static>>,
    here: Vec<Phrase<'static>>,
    hedge: Vec<Phrase<'static>>,
    support: Vec<Phrase<'static>>,
    other: Vec<Phrase<'static>>,
    about: Vec<Phrase<'static>>,
    past: Vec<Phrase<'static>>,
    reader: Vec<Phrase<'static>>,
    /// As `pay`, with one of `you`.
    money: Vec<Phrase<'static>>,
    you: Vec<Phrase<'static>>,
    /// Of `pay`, what is enough in a short sentence; all of it where there is none.
    commission: Vec<Phrase<'static>>,
    /// Instead of `own` where links are spoken of; `own` where there is none.
    ours: Vec<Phrase<'static>>,
    /// As `own`, where the reader is spoken to or it is left open.
    third: Vec<Phrase<'static>>,
    /// What makes one of `third` the page's own.
    pointing: Vec<Phrase<'static>>,
    /// As `ours`, with one of `own`.
    uses: Vec<Phrase<'static>>,
    /// What takes back the words right behind it.
    denials: Vec<Phrase<'static>>,
    /// What takes back the sentence.
    denied: Vec<Phrase<'static>>,
    /// As `links`, of the page itself.
    advertised: Vec<Phrase<'static>>,
    /// Instead of `links` and `here`: parts that stand one behind the other.
    telling: Vec<Vec<Phrase<'static>>>,
}

impl Patterns {
    fn of(lexicon: &Lexicon) -> Self {
        let phrases = |patterns: &[&'static str]| patterns.iter().map(|pattern| Phrase::of(pattern)).collect();
        let own = |lists: &[(&str, &[&'static str])]| {
            let list = lists.iter().find(|(language, _)| *language == lexicon.language);
            list.map_or_else(Vec::new, |(_, patterns)| phrases(patterns))
        };
        let telling = TELLING.iter().filter(|(language, _)| *language == lexicon.language);
        let telling = telling.flat_map(|(_, sentences)| sentences.iter());
        let english = |patterns| if lexicon.language == "en" { phrases(patterns) } else { Vec::new() };
        Self {
            links: phrases(lexicon.links),
            pay: phrases(lexicon.pay),
            earn: phrases(lexicon.earn),
            own: phrases(lexicon.own),
            buy: phrases(lexicon.buy),
            here: phrases(lexicon.here),
            hedge: phrases(lexicon.hedge),
            support: phrases(lexicon.support),
            other: phrases(lexicon.other),
            about: phrases(lexicon.about),
            past: english(PAST),
            reader: english(READER),
            money: english(MONEY),
            you: english(YOU),
            commission: english(COMMISSION),
            ours: english(OURS),
            third: english(THIRD),
            pointing: english(POINTING),
            uses: english(USES),
            denials: own(DENIALS),
            denied: own(DENIED),
            advertised: own(ADVERTISED),
            telling: telling.map(|parts| phrases(parts)).collect(),
        }
    }

    /// Whether one of `phrases` stands in `words` without a word that takes it back right before it.
    fn holds_undenied(&self, phrases: &[Phrase<'_>], words: &[&str]) -> bool {
        let denies = |word: &&str| self.denials.iter().any(|denial| denial.position(&[word]).is_some());
        let stands = |at: usize| {
            let near = words.get(at.saturating_sub(DENIAL_WORDS)..at).unwrap_or_default();
            let denial = near.iter().rposition(denies);
            // "not all links" speaks of those that are
            denial.is_none_or(|denial| near.get(denial + 1).is_some_and(|next| ALL.contains(next)))
        };
        let mut found = phrases.iter().flat_map(|phrase| phrase.positions(words));
        found.any(stands) && !self.denied.iter().any(|phrase| phrase.position(words).is_some())
    }

    /// Whether `words` are about links of that kind, or deny them.
    fn takes_back(&self, words: &[&str]) -> bool {
        self.about.iter().chain(&self.denied).any(|phrase| phrase.position(words).is_some())
    }

    /// As [`Self::holds_undenied`] for the last of `parts`, where each stands behind the one before.
    fn holds_in_order(&self, parts: &[Phrase<'_>], words: &[&str]) -> bool {
        let Some((last, before)) = parts.split_last() else { return false };
        let mut from = 0;
        let all = before.iter().all(|part| {
            let at = words.get(from..).and_then(|rest| part.position(rest));
            from += at.map_or(0, |at| at + part.0.len());
            at.is_some()
        });
        all && self.holds_undenied(std::slice::from_ref(last), words.get(from..).unwrap_or_default())
    }

    fn says(&self, words: &[&str]) -> Option<Says> {
        let words = &without(words, &self.other)[..];
        let holds = |phrases: &[Phrase<'_>]| phrases.iter().any(|phrase| phrase.position(words).is_some());
        let is_click = |word: &&str| word.starts_with("link") || word.starts_with("click");
        let clicks = || words.iter().any(is_click);
        // "you'd be paid by then" has many of its words where there are many words
        let money = || holds(&self.money) && holds(&self.you) && (words.len() <= MONEY_WORDS || clicks());
        let pays = self.holds_undenied(&self.pay, words) || money();
        let names_links = self.holds_undenied(&self.links, words);
        let tells = self.telling.iter().any(|parts| self.holds_in_order(parts, words));
        let advertises = self.holds_undenied(&self.advertised, words);
        let asks_support = holds(&self.support);
        // most sentences speak of none of these
        if !(pays || names_links || tells || advertises || asks_support) {
            return None;
        }
        let to_reader = || words.iter().any(|word| word.starts_with("you")) || holds(&self.hedge);
        let own = holds(&self.own) || holds(&self.third) && (to_reader() || holds(&self.pointing));
        let uses = || own && holds(&self.uses);
        let ours = || if self.ours.is_empty() { own } else { holds(&self.ours) || uses() };
        // "how to earn a commission by affiliate links" is no word of this page's
        // ... and "I spent an hour on my affiliate links" tells what was, not what is
        let is_about = || holds(&self.about) || holds(&self.past) && !holds(&self.reader);
        let earns = pays && holds(&self.earn) && own && holds(&self.buy);
        if earns && !is_about() {
            return Some(Says::Earns { hedged: holds(&self.hedge) });
        }
        // who earns, and not by what
        let short = words.len() <= SHORT_WORDS && own && pays && holds(&self.earn);
        if short && (self.commission.is_empty() || holds(&self.commission)) && !is_about() {
            return Some(Says::Links);
        }
        let is_label = words.len() <= LABEL_WORDS;
        let asks = own && asks_support;
        if (tells || advertises && own) && !is_about() {
            return Some(Says::Links);
        }
        if names_links && (is_label || ours() || holds(&self.here) || asks) && !is_about() {
            return Some(Says::Links);
        }
        let supports = asks_support && own && holds(&self.buy) && words.len() <= SUPPORT_WORDS;
        let by_readers = self.you.is_empty() || holds(&self.you) || clicks();
        (supports && by_readers && names_purchase(words, &self.buy)).then_some(Says::Supports)
    }
}

/// Words that stand in English sentences only.
const ENGLISH: [&str; 10] = ["the", "that", "this", "these", "they", "and", "which", "with", "from", "are"];

/// How many words before a word may take it back.
const DENIAL_WORDS: usize = 3;
/// Words for the whole, in the languages that deny it by two words.
const ALL: [&str; 12] =
    ["all", "every", "alle", "jeder", "todos", "todas", "tous", "toutes", "tutti", "tutte", "wszystkie", "все"];

/// As many words may a text have that is a label by its brevity.
const LABEL_WORDS: usize = 5;
/// The most words of a sentence that says of nothing else that it earns.
const SHORT_WORDS: usize = 6;
/// The most words of a sentence that speaks of money and not of links.
const MONEY_WORDS: usize = 25;
/// The most words of a sentence that asks for support.
const SUPPORT_WORDS: usize = 40;

/// Whether links and purchases are spoken of, each by a word of its own: support alone is asked for in many ways.
fn names_purchase(words: &[&str], buy: &[Phrase<'_>]) -> bool {
    let hits = buy.iter().filter(|phrase| phrase.position(words).is_some()).count();
    hits >= 2
}

/// `words` without the phrases that sound alike and mean something else.
fn without<'w>(words: &[&'w str], other: &[Phrase<'_>]) -> Vec<&'w str> {
    let mut kept = words.to_vec();
    for phrase in other {
        let mut from = 0;
        while let Some(at) = kept.get(from..).and_then(|rest| phrase.position(rest)) {
            from += at;
            kept.drain(from..from + phrase.0.len());
        }
    }
    kept
}

/// A word list's entry: one word or several in a row.
struct Phrase<'p>(Vec<Word<'p>>);

struct Word<'p> {
    letters: &'p str,
    open_start: bool,
    open_end: bool,
}

impl<'p> Phrase<'p> {
    fn of(pattern: &'p str) -> Self {
        let word = |word: &'p str| Word {
            letters: word.trim_matches('*'),
            open_start: word.starts_with('*'),
            open_end: word.ends_with('*'),
        };
        Self(pattern.split_whitespace().map(word).collect())
    }

    /// Where it begins in `words`, the first time.
    fn position(&self, words: &[&str]) -> Option<usize> {
        self.positions(words).next()
    }

    /// Where it begins in `words`, each time.
    fn positions(&self, words: &[&str]) -> impl Iterator<Item = usize> {
        let windows = words.windows(self.0.len().max(1)).enumerate();
        let is_it = |window: &[&str]| self.0.iter().zip(window).all(|(wanted, word)| wanted.is(word));
        windows.filter(move |(_, window)| is_it(window)).map(|(at, _)| at)
    }

    /// Whether it may stand inside a word.
    fn is_inside(&self) -> bool {
        self.0.last().is_some_and(|word| word.open_start && word.open_end)
    }
}

impl Word<'_> {
    fn is(&self, word: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => word == self.letters,
            (false, true) => word.starts_with(self.letters),
            (true, false) => word.ends_with(self.letters),
            (true, true) => word.contains(self.letters),
        }
    }
}
