//! How many words a text has. Decides what a word is: a word of UAX 29 (Unicode Text Segmentation, "Word Boundaries") that
//! holds a letter or a digit; in scripts that put no spaces between words, two letters count as one word.

use unicode_segmentation::UnicodeSegmentation;

/// The words of `text`, which is what a reader sees.
///
/// Takes time linear in the text.
pub fn count(text: &str) -> usize {
    let halves: usize = tokens(text).map(|(_, token)| halves(token)).sum();
    halves.div_ceil(2)
}

/// The words of `text` by where they start, each with what it counts in half words: 2, or 1 for one letter of a script
/// without spaces.
pub(super) fn each(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    tokens(text).flat_map(|(at, token)| {
        let plain = is_plain(token);
        let rest = if plain { "" } else { token };
        let words = rest.unicode_word_indices().flat_map(move |(offset, word)| units(at + offset, word));
        plain.then_some((at, 2)).into_iter().chain(words)
    })
}

/// What stands between white space, with where it begins: no word reaches across.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let pieces = text.split([' ', '\n', '\t']).map(move |token| {
        let start = at;
        at += token.len() + 1;
        (start, token)
    });
    pieces.filter(|(_, token)| !token.is_empty())
}

fn halves(token: &str) -> usize {
    if is_plain(token) {
        return 2;
    }
    token.unicode_words().flat_map(|word| units(0, word)).map(|(_, halves)| halves).sum()
}

/// Most tokens are one word: ASCII letters, and perhaps a mark behind them.
fn is_plain(token: &str) -> bool {
    let bytes = token.as_bytes();
    let word = bytes.strip_suffix(b",").or_else(|| bytes.strip_suffix(b".")).unwrap_or(bytes);
    !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric)
}

/// A word as it counts: one of letters without spaces around them counts by the letter.
fn units(at: usize, word: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let unspaced = !word.is_ascii() && word.chars().any(is_unspaced);
    let letters = word.char_indices().filter(move |(_, letter)| unspaced && letter.is_alphanumeric());
    let letters = letters.map(move |(offset, _)| (at + offset, 1));
    (!unspaced).then_some((at, 2)).into_iter().chain(letters)
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
            let halves: usize = each(text).map(|(_, halves)| halves).sum();
            assert_eq!(halves.div_ceil(2), expected, "{text:?}");
        }
    }

    #[test]
    fn words_stand_where_they_start() {
        let found: Vec<_> = each("A b, ü-x 電子").collect();
        assert_eq!(found, [(0, 2), (2, 2), (5, 2), (8, 2), (10, 1), (13, 1)]);
    }

    proptest! {
        #[test]
        fn without_unspaced_scripts_it_is_the_number_of_words(text in "[a-zA-Z0-9 .,:;'_\\-\\n\u{e9}\u{df}\u{2019}\u{a0}]{0,60}") {
            prop_assert_eq!(count(&text), text.unicode_words().count());
        }

        #[test]
        fn any_text_can_be_counted(text in "\\PC{0,40}") {
            let starts: Vec<usize> = each(&text).map(|(at, _)| at).collect();
            prop_assert!(starts.is_sorted_by(|a, b| a < b));
            prop_assert!(starts.iter().all(|&at| text.is_char_boundary(at)));
        }
    }
}
