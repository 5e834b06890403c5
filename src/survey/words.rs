//! How many words a text has. Decides what a word is: a word of UAX 29 (Unicode Text Segmentation, "Word Boundaries") that
//! holds a letter or a digit; in scripts that put no spaces between words, two letters count as one word.

use unicode_segmentation::UnicodeSegmentation;

/// The words of `text`, which is what a reader sees.
///
/// Takes time linear in the text.
pub fn count(text: &str) -> usize {
    let mut halves = 0;
    each(text, |_, half| halves += half);
    halves.div_ceil(2)
}

/// Gives `found` the words of `text` by where they start, each with what it counts in half words: 2, or 1 for one letter of
/// a script without spaces.
pub(super) fn each(text: &str, mut found: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while byte(at).is_ascii_alphanumeric() {
            at += 1;
        }
        // most tokens are one word: ASCII letters, and perhaps a mark behind them
        let mark = usize::from(matches!(byte(at), b',' | b'.'));
        if at > start && is_blank(byte(at + mark)) {
            found(start, 2);
            at += mark;
        } else {
            // no word reaches across white space
            while !is_blank(byte(at)) {
                at += 1;
            }
            pieces(text.get(start..at).unwrap_or_default(), start, &mut found);
        }
        at += 1;
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

/// The words of `token`, which stands at byte `at`.
fn pieces(token: &str, at: usize, found: &mut impl FnMut(usize, usize)) {
    if token.is_ascii() {
        return simple_words(token, at, found);
    }
    // Katakana and `_` join
    let joined = token.contains('_');
    let mut from = 0;
    for (offset, c) in token.char_indices() {
        if is_lone(c) || !joined && is_katakana(c) {
            words(token.get(from..offset).unwrap_or_default(), at + from, found);
            found(at + offset, 1);
            from = offset + c.len_utf8();
        }
    }
    words(token.get(from..).unwrap_or_default(), at + from, found);
}

/// Whether `c` is a word of its own whatever stands beside it: Han and Hiragana (UAX 29, "Word Boundary Rules", WB999).
fn is_lone(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | 'ぁ'..='ゖ')
}

/// Whether `c` is a letter of Katakana, of whose words each letter counts.
fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}

fn words(piece: &str, at: usize, found: &mut impl FnMut(usize, usize)) {
    if piece.chars().all(|c| class(c).is_some()) {
        return simple_words(piece, at, found);
    }
    for (offset, word) in piece.unicode_word_indices() {
        units(at + offset, word, found);
    }
}

/// What a character does to the words beside it, by UAX 29.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// `_`.
    Joint,
    /// Joins letters, and digits.
    Middle,
    /// Joins letters.
    MiddleLetter,
    /// Joins digits.
    MiddleDigit,
    /// Ends every word.
    Other,
}

/// The class of the commonest characters; `None` where the tables have to say it.
fn class(c: char) -> Option<Class> {
    Some(match c {
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ž' | 'Ѐ'..='ҁ' | '가'..='힣' => Class::Letter,
        '0'..='9' => Class::Digit,
        '_' => Class::Joint,
        '.' | '\'' | '\u{2019}' => Class::Middle,
        ':' => Class::MiddleLetter,
        ',' | ';' => Class::MiddleDigit,
        // behind those of ASCII that are named above
        '\0'..='\u{7f}' | '–' | '—' | '“' | '”' | '…' | '、' | '。' | '「' | '」' | '（' | '）' => {
            Class::Other
        }
        _ => return None,
    })
}

/// The words of a text all of whose characters have a [`Class`].
fn simple_words(text: &str, at: usize, found: &mut impl FnMut(usize, usize)) {
    let mut chars = text.char_indices().map(|(at, c)| (at, class(c).unwrap_or(Class::Other))).peekable();
    let (mut start, mut before, mut counts) = (None, Class::Other, false);
    while let Some((offset, class)) = chars.next() {
        let next = chars.peek().map_or(Class::Other, |&(_, next)| next);
        let between = |class: Class| before == class && next == class;
        let joins = match class {
            Class::Letter | Class::Digit | Class::Joint => true,
            Class::Middle => between(Class::Letter) || between(Class::Digit),
            Class::MiddleLetter => between(Class::Letter),
            Class::MiddleDigit => between(Class::Digit),
            Class::Other => false,
        };
        if joins {
            start.get_or_insert(offset);
            counts |= matches!(class, Class::Letter | Class::Digit);
        } else if let Some(start) = start.take().filter(|_| std::mem::take(&mut counts)) {
            found(at + start, 2);
        }
        before = class;
    }
    if let Some(start) = start.filter(|_| counts) {
        found(at + start, 2);
    }
}

/// A word as it counts: one of letters without spaces around them counts by the letter.
fn units(at: usize, word: &str, found: &mut impl FnMut(usize, usize)) {
    if word.is_ascii() || !word.chars().any(is_unspaced) {
        return found(at, 2);
    }
    for (offset, _) in word.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
        found(at + offset, 1);
    }
}

/// Whether `letter` is of a script that puts no spaces between words: Han, Kana, Bopomofo, Thai, Lao, Khmer, Burmese.
/// Hangul has spaces.
fn is_unspaced(letter: char) -> bool {
    matches!(
        letter,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{312f}'
            | '\u{31a0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9d}'
            | '\u{1b000}'..='\u{1b2ff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_counted_as_a_reader_would() {
        for (text, expected) in [
            ("", 0),
            (" \n -- ... & @", 0),
            ("one", 1),
            ("The Kindle Paperwhite, again.", 4),
            ("don't can\u{2019}t", 2),
            ("3.5 mm, 1,000 words", 4),
            ("e-reader", 2),
            ("AT&T", 2),
            ("https://shop.example/a", 3),
            ("naïve café", 2),
            ("über\u{a0}alles", 2),
            ("電子書籍", 2),
            ("電子書", 2),
            ("これはペンです。", 4),
            ("カメラ", 2),
            ("Kindle 電子書籍", 3),
            ("안녕하세요 세계", 2),
            ("كتاب جديد", 2),
            ("😀 👍🏽", 0),
            ("ราคา", 2),
        ] {
            assert_eq!(count(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_stand_where_they_start() {
        assert_eq!(all("A b, ü-x 電子"), [(0, 2), (2, 2), (5, 2), (8, 2), (10, 1), (13, 1)]);
    }

    fn all(text: &str) -> Vec<(usize, usize)> {
        let mut words = Vec::new();
        each(text, |at, halves| words.push((at, halves)));
        words
    }

    /// The same by the tables of all characters alone.
    fn by_tables(text: &str) -> Vec<(usize, usize)> {
        let mut words = Vec::new();
        text.unicode_word_indices().for_each(|(at, word)| units(at, word, &mut |at, halves| words.push((at, halves))));
        words
    }

    #[test]
    fn every_letter_told_without_tables_is_what_they_say() {
        for c in ('\0'..='\u{ffff}').filter(|&c| class(c).is_some() || is_lone(c) || is_katakana(c)) {
            for text in [format!("a{c}b"), format!("1{c}2_{c}_"), format!("{c}{c}'{c}"), format!("ア{c}\u{301}x{c}ア")]
            {
                assert_eq!(all(&text), by_tables(&text), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn words_are_those_of_the_tables(text in "([a-c1-3.:;,'_ -]|[à電のアカ—。\u{301}\u{fe0f}\u{200d}ёЖ한ก\"\u{2019}\u{3099}ー]){0,24}") {
            prop_assert_eq!(all(&text), by_tables(&text));
        }

        #[test]
        fn without_unspaced_scripts_it_is_the_number_of_words(text in "[a-zA-Z0-9 .,:;'_\\-\\n\u{e9}\u{df}\u{2019}\u{a0}]{0,60}") {
            prop_assert_eq!(count(&text), text.unicode_words().count());
        }

        #[test]
        fn any_text_can_be_counted(text in "\\PC{0,40}") {
            let starts: Vec<usize> = all(&text).into_iter().map(|(at, _)| at).collect();
            prop_assert!(starts.is_sorted_by(|a, b| a < b));
            prop_assert!(starts.iter().all(|&at| text.is_char_boundary(at)));
        }
    }
}
