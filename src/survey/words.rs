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
    let mut at = 0;
    // no word reaches across white space
    for token in text.split([' ', '\n', '\t']) {
        if is_plain(token) {
            found(at, 2);
        } else if !token.is_empty() {
            pieces(token, at, &mut found);
        }
        at += token.len() + 1;
    }
}

/// Most tokens are one word: letters, and perhaps a mark behind them.
fn is_plain(token: &str) -> bool {
    let bytes = token.as_bytes();
    let word = token.get(..bytes.len() - usize::from(bytes.ends_with(b",") || bytes.ends_with(b".")));
    let word = word.unwrap_or_default();
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || is_spaced(c))
}

/// Whether `letter` is one of those in most words of Latin and Cyrillic, of which no mark is part.
fn is_spaced(letter: char) -> bool {
    matches!(letter, 'à'..='ö' | 'ø'..='ÿ' | 'À'..='Ö' | 'Ø'..='ß' | 'Ā'..='ž' | 'Ё'..='ё')
}

/// The words of `token`, which stands at byte `at`.
fn pieces(token: &str, at: usize, found: &mut impl FnMut(usize, usize)) {
    let mut from = 0;
    for (offset, c) in token.char_indices() {
        if is_lone(c) {
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

fn words(piece: &str, at: usize, found: &mut impl FnMut(usize, usize)) {
    if piece.is_ascii() {
        ascii_words(piece.as_bytes(), at, found);
    } else {
        for (offset, word) in piece.unicode_word_indices() {
            units(at + offset, word, found);
        }
    }
}

/// The words of an ASCII text by the rules of UAX 29 that concern it: letters, digits and `_` join; `.`, `'` and `:` do
/// between letters, `.`, `'`, `,` and `;` between digits.
fn ascii_words(text: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
    let byte = |index: usize| text.get(index).copied().unwrap_or_default();
    let mut index = 0;
    while index < text.len() {
        let (start, mut counts) = (index, false);
        loop {
            let c = byte(index);
            let (before, behind) = (byte(index.wrapping_sub(1)), byte(index + 1));
            let joins = match c {
                b'.' | b'\'' => {
                    before.is_ascii_alphabetic() && behind.is_ascii_alphabetic()
                        || before.is_ascii_digit() && behind.is_ascii_digit()
                }
                b':' => before.is_ascii_alphabetic() && behind.is_ascii_alphabetic(),
                b',' | b';' => before.is_ascii_digit() && behind.is_ascii_digit(),
                _ => c == b'_' || c.is_ascii_alphanumeric(),
            };
            if !joins {
                break;
            }
            counts |= c.is_ascii_alphanumeric();
            index += 1;
        }
        if counts {
            found(at + start, 2);
        }
        index += usize::from(index == start);
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
        for c in ('\u{80}'..='\u{ffff}').filter(|&c| is_spaced(c) || is_lone(c)) {
            for text in [format!("a{c}b"), format!("1{c}_"), format!("{c}{c}'{c}"), format!("ア{c}\u{301}x")] {
                assert_eq!(all(&text), by_tables(&text), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn words_are_those_of_the_tables(text in "([a-c1-3.:;,'_ -]|[à電のアカ\u{301}\u{fe0f}\u{200d}ёЖ한ก\"\u{2019}\u{3099}ー]){0,24}") {
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
