//! Where a name ends and the text around it begins. Decides what is a word of its own: Unicode's boundaries, with the
//! endings that a name may have and the signs that make something else of it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::span::Span;

/// The boundaries of a text's words, found line by line as they are asked for.
#[derive(Debug)]
pub(super) struct Words<'t> {
    text: &'t str,
    turkic: bool,
    elides: bool,
    /// The line that is known ...
    line: Span,
    /// ... and the boundaries in it.
    bounds: Vec<usize>,
}

impl<'t> Words<'t> {
    /// Of a plain text in `language`.
    pub(super) fn of(text: &'t str, language: Option<&str>) -> Self {
        let language = super::primary(language.unwrap_or_default()).to_ascii_lowercase();
        let turkic = matches!(language.as_str(), "tr" | "az");
        let elides = matches!(language.as_str(), "fr" | "it" | "ca");
        Self { text, turkic, elides, line: Span::at(0), bounds: Vec::new() }
    }

    /// The text.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Whether its language tells `i` with a dot from `ı` without.
    pub(super) fn is_turkic(&self) -> bool {
        self.turkic
    }

    /// The name at `base` with its plural ending, if it is a word of its own.
    ///
    /// Spans must be asked for in the order of their lines.
    pub(super) fn whole(&mut self, base: Span) -> Option<Span> {
        if base.is_empty() || !self.begins(base) {
            return None;
        }
        let end = [base.end].into_iter().chain(self.plurals(base)).find(|&end| self.ends(end))?;
        Some(Span::new(base.start, end))
    }

    fn begins(&mut self, base: Span) -> bool {
        let before = self.text.get(..base.start).unwrap_or_default();
        let mut chars = before.chars().rev();
        let (last, earlier) = (chars.next(), chars.next());
        let first = base.of(self.text).chars().next().unwrap_or_default();
        let elided = self.elides && last == Some('\'') && earlier.is_some_and(char::is_alphanumeric);
        let part = match last {
            // a path, a fraction, a name of several
            Some('/' | '@' | '#' | '\\' | '_' | '$') => true,
            // a dash of two hyphens is none
            Some('-') => earlier.is_some_and(char::is_alphanumeric),
            Some('.') => earlier.is_none_or(|c| c.is_alphanumeric() || c.is_whitespace()),
            Some(c) if !first.is_alphanumeric() => c == first || glues(c),
            _ => false,
        };
        !part && (elided || self.is_bound(base.start))
    }

    fn ends(&mut self, end: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or_default();
        let mut chars = rest.chars();
        let (next, later) = (chars.next(), chars.next());
        let last = self.text.get(..end).and_then(|text| text.chars().next_back()).unwrap_or_default();
        let part = match next {
            Some('/' | '-') => later.is_some_and(char::is_alphanumeric),
            Some('\\' | '@' | '_' | '+' | '#') => true,
            Some('.') => later.is_some_and(char::is_alphanumeric) && last.is_alphanumeric(),
            Some(c) if !last.is_alphanumeric() => c == last || glues(c),
            _ => false,
        };
        !part && (self.is_bound(end) || self.is_suffix(rest) || is_korean_ending(rest))
    }

    /// Whether `rest`, which goes on within a word, is the ending of a possessive.
    fn is_suffix(&self, rest: &str) -> bool {
        let Some(rest) = rest.strip_prefix('\'') else { return false };
        let mut chars = rest.chars();
        let is_s =
            chars.next().is_some_and(|c| matches!(c, 's' | 'S')) && !chars.next().is_some_and(char::is_alphanumeric);
        // `Kindle'ın`: Turkish sets every ending of a name apart
        is_s || self.turkic
    }

    /// Where the name at `base` ends with a plural ending.
    fn plurals(&self, base: Span) -> Vec<usize> {
        let name = base.of(self.text);
        let lower = name.to_lowercase();
        let is_long = name.chars().filter(|c| c.is_alphabetic()).nth(2).is_some();
        if !is_long || !name.ends_with(char::is_alphabetic) {
            return Vec::new();
        }
        let hisses = ["s", "x", "z", "ch", "sh", "o"].iter().any(|ending| lower.ends_with(ending));
        let capital = !name.chars().any(char::is_lowercase);
        let rest = self.text.get(base.end..).unwrap_or_default();
        let endings: &[&str] = if capital { &["s", "S", "es", "ES"] } else { &["s", "es"] };
        let endings = endings.iter().filter(|ending| rest.starts_with(**ending) && (ending.len() == 1 || hisses));
        endings.map(|ending| base.end + ending.len()).collect()
    }

    fn is_bound(&mut self, at: usize) -> bool {
        if !(self.line.start <= at && at <= self.line.end) || self.bounds.is_empty() {
            self.read_line(at);
        }
        self.bounds.binary_search(&at).is_ok()
    }

    /// Finds the boundaries of the line that byte `at` is in.
    fn read_line(&mut self, at: usize) {
        let (before, after) = (self.text.get(..at).unwrap_or_default(), self.text.get(at..).unwrap_or_default());
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = after.find('\n').map_or(self.text.len(), |length| at + length);
        self.line = Span::new(start, end);
        self.bounds.clear();
        let words = self.line.of(self.text).split_word_bound_indices();
        self.bounds.extend(words.map(|(index, _)| start + index));
        self.bounds.push(end);
    }
}

/// What Korean writes behind a noun without a space: particles, the copula, the plural.
///
/// Source: National Institute of Korean Language, "Korean Orthography" (article 41: particles are written together with the
/// word before them).
const KOREAN_ENDINGS: [&str; 58] = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "께",
    "게",
    "도",
    "만",
    "와",
    "과",
    "로",
    "나",
    "랑",
    "야",
    "아",
    "들",
    "뿐",
    "서",
    "고",
    "며",
    "란",
    "라",
    "용",
    "에서",
    "에게",
    "한테",
    "으로",
    "이나",
    "이랑",
    "까지",
    "부터",
    "마다",
    "보다",
    "처럼",
    "조차",
    "마저",
    "밖에",
    "하고",
    "이고",
    "이며",
    "이란",
    "이라",
    "라는",
    "라고",
    "이다",
    "인데",
    "이면",
    "같은",
    "같이",
    "대로",
    "만큼",
    "입니다",
    "이라는",
    "였습니다",
];
/// The longest row of them behind one noun, in syllables.
const LONGEST_ENDING: usize = 6;

/// Whether the word that goes on with `rest`, which is decomposed, has nothing but such endings left.
fn is_korean_ending(rest: &str) -> bool {
    // a syllable is three letters at most
    let letters = rest.chars().take_while(|c| matches!(c, '\u{1100}'..='\u{11ff}')).take(LONGEST_ENDING * 3 + 1);
    let word: String = letters.nfc().collect();
    let next = rest.chars().find(|c| !matches!(c, '\u{1100}'..='\u{11ff}'));
    if word.is_empty() || word.chars().count() > LONGEST_ENDING || next.is_some_and(char::is_alphanumeric) {
        return false;
    }
    // by place: whether endings alone lead there
    let mut reached = vec![false; word.len() + 1];
    reached[0] = true;
    for at in 0..word.len() {
        if !reached[at] {
            continue;
        }
        for ending in KOREAN_ENDINGS {
            if word[at..].starts_with(ending) {
                reached[at + ending.len()] = true;
            }
        }
    }
    reached[word.len()]
}

/// Whether `c` beside a sign makes one word of the two: a letter or digit of a script with spaces between its words.
fn glues(c: char) -> bool {
    c.is_alphanumeric() && !is_spaceless(c)
}

/// Whether words of the script of `c` stand side by side without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}
