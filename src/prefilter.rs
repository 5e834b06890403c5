//! Whether a page can hold anything to do, told from its raw bytes. Decides "nothing here" only where no needle stands in
//! any spelling that a parser would read as one; never decides that there is work.
//!
//! Two passes. The first looks for the needles as they are. The second looks only at places where a needle may stand in
//! disguise (a character reference, a backslash, a percent sign, for words and international hosts a character that folds
//! to ASCII or a mark of emphasis), reads what is around them and looks again. Names that are not ASCII are looked for in the
//! spelling that names are compared in. Not seen are URLs that readers do not agree on, which are never edited: an ASCII
//! host with characters that fold, a tab or a line break inside.

mod disguise;
mod engine;
mod fold;
mod folded;
mod spelling;
mod words;

use std::ops::Range;

use self::disguise::Disguises;
use self::engine::Engine;
use self::folded::Folded;

pub use self::folded::Fold;

/// The word that every directive, attribute and front-matter key of ours holds.
const OWN: &str = "affilink";
/// The most bytes of a needle that are looked for.
const LONGEST: usize = 32;
/// The most needles that are looked for, words apart: more of them stand on every page.
const MANY: usize = 20_000;
/// What words are made of.
const EVERY_LETTER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// How many bytes are lowered and searched at a time, so that they stay in the fastest cache.
const CHUNK: usize = 16 * 1024;

/// Finds pages that can be left alone.
#[derive(Debug)]
pub struct Prefilter {
    /// `None` where a needle says too little to be looked for: every page may hold it.
    search: Option<Search>,
}

#[derive(Debug)]
struct Search {
    /// Over lower-case pieces.
    engine: Engine,
    /// The length of the longest piece in bytes.
    longest: usize,
    disguises: Disguises,
    folded: Option<Folded>,
}

impl Prefilter {
    /// Looks for `needles`: host labels (`amazon.`), parameters, words of product names.
    ///
    /// Any case counts. Of a needle the longest run of ASCII letters, digits and `.-_/:=?` is looked for, where it has
    /// three in a row; so a word may be given with its apostrophes and accents. The word `affilink` is always looked for.
    pub fn new(needles: &[impl AsRef<str>]) -> Self {
        Self::with_marks(needles, &[] as &[&str])
    }

    /// As [`Self::new`]; and looks for `marks`, texts that the program itself wrote, by their longest line as it stands.
    pub fn with_marks(needles: &[impl AsRef<str>], marks: &[impl AsRef<str>]) -> Self {
        Self::with_words(needles, marks, &[])
    }

    /// As [`Self::with_marks`]; and looks for `words`: whole words of at most 32 ASCII letters and digits, in lower case,
    /// however many. A plural `s` or `es` is found with them.
    pub fn with_words(needles: &[impl AsRef<str>], marks: &[impl AsRef<str>], words: &[String]) -> Self {
        let mut pieces = Vec::new();
        for needle in needles.iter().map(AsRef::as_ref).chain([OWN]) {
            let Some(piece) = Piece::of(needle) else { return Self { search: None } };
            pieces.push(piece);
        }
        let is_of_urls = |needle: &str| needle.contains(['.', '/', '=', '?']) && !needle.contains("xn--");
        let folds = !needles.iter().map(AsRef::as_ref).all(|needle| needle.is_ascii() && is_of_urls(needle));
        let folds = folds || !words.is_empty();
        if !words.is_empty() {
            pieces.push(Piece { spellings: vec![EVERY_LETTER.to_vec()] });
        }
        let disguises = Disguises::of(&pieces, folds);
        if !words.is_empty() {
            pieces.pop();
        }
        let mut patterns: Vec<Vec<u8>> = pieces.into_iter().flat_map(|piece| piece.spellings).collect();
        for mark in marks {
            let line = mark.as_ref().lines().map(str::trim).max_by_key(|line| line.len()).unwrap_or_default();
            if line.is_empty() {
                return Self { search: None };
            }
            let bytes = line.as_bytes();
            patterns.push(bytes.get(..LONGEST).unwrap_or(bytes).to_ascii_lowercase());
        }
        if needles.len() > MANY {
            return Self { search: None };
        }
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let longest = patterns.iter().map(Vec::len).chain(words.iter().map(|word| word.len() + 2)).max().unwrap_or(0);
        let engine = if words.is_empty() { Engine::over(&patterns) } else { Engine::with_words(&patterns, &words) };
        Self { search: engine.map(|engine| Search { engine, longest, disguises, folded: None }) }
    }

    /// And looks for `names` that are not ASCII, in the spelling that `fold` gives, however many.
    #[must_use]
    pub fn and_folded(mut self, names: &[String], fold: Fold) -> Self {
        if let Some(search) = self.search.as_mut().filter(|_| !names.is_empty()) {
            search.folded = Folded::over(names, fold);
            if search.folded.is_none() {
                self.search = None;
            }
        }
        self
    }

    /// Whether the page with these bytes may hold anything to do: `false` is certain, `true` is not.
    ///
    /// The bytes need not be UTF-8. Takes time linear in them.
    pub fn may_hold_work(&self, bytes: &[u8]) -> bool {
        let Some(search) = &self.search else { return true };
        search.found_in(bytes)
            || search.found_disguised(bytes, &search.disguises.windows(bytes, search.longest))
            || search.folded.as_ref().is_some_and(|folded| folded.is_match(bytes))
    }
}

impl Search {
    /// Whether a needle stands in `bytes`, in any case.
    fn found_in(&self, bytes: &[u8]) -> bool {
        let mut lowered = Vec::with_capacity(bytes.len().min(CHUNK));
        let mut start = 0;
        loop {
            let end = bytes.len().min(start + CHUNK);
            lowered.clear();
            lowered.extend(bytes.get(start..end).unwrap_or_default().iter().map(u8::to_ascii_lowercase));
            if self.engine.is_match(&lowered) {
                return true;
            }
            if end == bytes.len() {
                return false;
            }
            // a needle across the edge is seen in the next chunk
            start = end - self.longest;
        }
    }

    /// Whether a needle shows once what stands in `windows` of `bytes` is read.
    fn found_disguised(&self, bytes: &[u8], windows: &[Range<usize>]) -> bool {
        let mut raw = Vec::with_capacity(CHUNK);
        for (index, window) in windows.iter().enumerate() {
            raw.extend_from_slice(bytes.get(window.clone()).unwrap_or_default());
            // no needle holds it, so none is found across two windows
            raw.push(0);
            if raw.len() >= CHUNK || index + 1 == windows.len() {
                if spelling::readings(&raw, |reading| self.found_in(reading)) {
                    return true;
                }
                raw.clear();
            }
        }
        false
    }
}

/// What is looked for of one needle.
struct Piece {
    /// Its spellings, ASCII in lower case.
    spellings: Vec<Vec<u8>>,
}

impl Piece {
    /// `None` for a needle that says nothing.
    fn of(needle: &str) -> Option<Self> {
        let runs = needle.split(|c: char| !is_plain(c)).map(|run| run.get(..LONGEST).unwrap_or(run));
        let run = runs.max_by_key(|run| run.len()).filter(|run| !run.is_empty());
        let foreign = || needle.split(|c: char| c.is_ascii() || !c.is_alphanumeric()).max_by_key(|run| run.len());
        match run.filter(|run| run.len() >= 3 || needle.is_ascii()) {
            Some(run) => Some(Self { spellings: vec![run.to_ascii_lowercase().into_bytes()] }),
            None => Self::foreign(foreign()?),
        }
    }

    /// The first letters of a word that is not ASCII, in every case: searching by bytes folds ASCII alone.
    fn foreign(word: &str) -> Option<Self> {
        let mut spellings = vec![String::new()];
        for c in word.chars().take(3) {
            let mut cases = vec![c];
            cases.extend(c.to_lowercase().chain(c.to_uppercase()));
            // the two lower-case sigmas
            cases.extend(if matches!(c, 'Σ' | 'σ' | 'ς') { vec!['σ', 'ς'] } else { Vec::new() });
            cases.sort_unstable();
            cases.dedup();
            if c.to_lowercase().count() > 1 || c.to_uppercase().count() > 1 {
                // `ß` becomes two letters: what stands before it has to do
                break;
            }
            spellings =
                spellings.iter().flat_map(|start| cases.iter().map(move |case| format!("{start}{case}"))).collect();
        }
        spellings.retain(|spelling| !spelling.is_empty());
        (!spellings.is_empty()).then(|| Self { spellings: spellings.into_iter().map(String::into_bytes).collect() })
    }
}

/// Whether a needle is looked for with this character in it.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '=' | '?')
}

#[cfg(test)]
mod tests;
