//! Whether a page can hold anything to do, told from its raw bytes. Decides "nothing here" only where no needle stands in
//! any spelling that a parser would read as one; never decides that there is work.
//!
//! Two passes. The first looks for the needles as they are. The second looks only at places where a needle may stand in
//! disguise (a character reference, a backslash, a percent sign, a character that host names fold to ASCII, a line break
//! inside a URL), reads what is around them and looks again. Words cut up by tags (`Kin<b>dle</b>`) are not seen.

mod disguise;
mod fold;

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind, packed};
use memchr::memchr3_iter;

use self::disguise::Disguises;

/// The word that every directive, attribute and front-matter key of ours holds.
const OWN: &str = "affilink";
/// The most bytes of a needle that are looked for.
const LONGEST: usize = 32;
/// The most strings that are looked for by [`Engine::Vector`]: it knows them by eight or sixteen buckets.
const VECTORED: usize = 48;
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
        let mut pieces = Vec::new();
        for needle in needles.iter().map(AsRef::as_ref).chain([OWN]) {
            let Some(piece) = Piece::of(needle) else { return Self { search: None } };
            pieces.push(piece);
        }
        let disguises = Disguises::of(&pieces);
        let mut patterns: Vec<Vec<u8>> = pieces.into_iter().flat_map(|piece| piece.spellings).collect();
        for mark in marks {
            let line = mark.as_ref().lines().map(str::trim).max_by_key(|line| line.len()).unwrap_or_default();
            if line.is_empty() {
                return Self { search: None };
            }
            let bytes = line.as_bytes();
            patterns.push(bytes.get(..LONGEST).unwrap_or(bytes).to_ascii_lowercase());
        }
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        let engine = Engine::over(&patterns);
        Self { search: engine.map(|engine| Search { engine, longest, disguises }) }
    }

    /// Whether the page with these bytes may hold anything to do: `false` is certain, `true` is not.
    ///
    /// The bytes need not be UTF-8. Takes time linear in them.
    pub fn dbg(&self, bytes: &[u8], which: u8) -> bool {
        let s = self.search.as_ref().unwrap();
        match which {
            0 => s.found_in(bytes),
            1 => !s.disguises.spellings(bytes).is_empty(),
            2 => false,
            _ => s.disguises.windows(bytes, s.longest).is_some_and(|w| s.found_disguised(bytes, &w)),
        }
    }
    pub fn may_hold_work(&self, bytes: &[u8]) -> bool {
        let Some(search) = &self.search else { return true };
        search.found_in(bytes)
            || search
                .disguises
                .windows(bytes, search.longest)
                .is_some_and(|windows| search.found_disguised(bytes, &windows))
    }
}

impl Search {
    /// Whether a needle stands in `bytes`, in any case, tabs and line breaks left out: readers of URLs leave them out.
    fn found_in(&self, bytes: &[u8]) -> bool {
        let mut lowered = Vec::with_capacity(bytes.len().min(CHUNK + self.longest));
        let mut start = 0;
        for end in memchr3_iter(b'\n', b'\r', b'\t', bytes).chain([bytes.len()]) {
            for part in bytes.get(start..end).unwrap_or_default().chunks(CHUNK) {
                if lowered.len() + part.len() > CHUNK {
                    if self.engine.is_match(&lowered) {
                        return true;
                    }
                    // a needle across the edge is seen with what follows
                    lowered.drain(..lowered.len().saturating_sub(self.longest));
                }
                lowered.extend(part.iter().map(u8::to_ascii_lowercase));
            }
            start = end + 1;
        }
        self.engine.is_match(&lowered)
    }

    /// Whether a needle shows once what stands in `windows` of `bytes` is read.
    fn found_disguised(&self, bytes: &[u8], windows: &[Range<usize>]) -> bool {
        let mut raw = Vec::with_capacity(CHUNK);
        for (index, window) in windows.iter().enumerate() {
            raw.extend_from_slice(bytes.get(window.clone()).unwrap_or_default());
            // no needle holds it, so none is found across two windows
            raw.push(0);
            if raw.len() >= CHUNK || index + 1 == windows.len() {
                if disguise::readings(&raw, |reading| self.found_in(reading)) {
                    return true;
                }
                raw.clear();
            }
        }
        false
    }
}

/// Looks for many strings at once.
#[derive(Debug)]
enum Engine {
    /// A few, sixteen or more bytes at a time; not on every processor.
    Vector(packed::Searcher),
    /// Any number.
    Automaton(AhoCorasick),
}

impl Engine {
    /// `None` where the automaton would be too large.
    fn over(patterns: &[Vec<u8>]) -> Option<Self> {
        let vector = || packed::Config::new().builder().extend(patterns).build();
        if let Some(searcher) = (patterns.len() <= VECTORED).then(vector).flatten() {
            return Some(Self::Vector(searcher));
        }
        let builder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns);
        builder.ok().map(Self::Automaton)
    }

    fn is_match(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Vector(searcher) => searcher.find(bytes).is_some(),
            Self::Automaton(automaton) => automaton.is_match(bytes),
        }
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
