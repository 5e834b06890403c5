//! Characters as names and texts are compared by. Decides which spellings are one: composed or not, which spaces,
//! apostrophes and hyphens, upper or lower case.

use unicode_normalization::char::decompose_canonical;

/// The dot of `İ`, once it is decomposed.
const DOT_ABOVE: char = '\u{307}';

/// Calls `push` with the characters that `c` stands for in any comparison: decomposed (Unicode Standard Annex 15), every
/// space a space, every apostrophe `'`, every hyphen `-`; nothing for what no reader sees.
pub(super) fn plain(c: char, mut push: impl FnMut(char)) {
    match c {
        // ignored: soft hyphen, zero-width space, joiners and marks of direction
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}' => push('\''),
        '\u{2010}' | '\u{2011}' => push('-'),
        c if c.is_ascii() => push(if c.is_ascii_whitespace() { ' ' } else { c }),
        c if c.is_whitespace() => push(' '),
        c => decompose_canonical(c, push),
    }
}

/// `c` without case, coarsely: characters that are one in any language's or comparison's eyes come out alike. `None` for
/// a character that is only told from none where case is looked at closely.
pub(super) fn coarse(c: char) -> Option<char> {
    match c {
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        DOT_ABOVE => None,
        'ı' => Some('i'),
        c => Some(simple(c)),
    }
}

/// `name` as a text is when all of it is plain and every run of spaces is one; without spaces around it.
pub(super) fn plain_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        plain(c, |c| {
            if c != ' ' || !(text.is_empty() || text.ends_with(' ')) {
                text.push(c);
            }
        });
    }
    text.truncate(text.trim_end().len());
    text
}

/// `text`, which is plain, without case, coarsely.
pub(super) fn coarse_text(text: &str) -> String {
    text.chars().filter_map(coarse).collect()
}

/// `text`, which is plain, in lower case as far as single characters have one, by Unicode's simple folding; with `turkic`
/// `I` is the capital of `ı` and `İ` that of `i`.
pub(super) fn folded(text: &str, turkic: bool) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            'I' if turkic && chars.next_if_eq(&DOT_ABOVE).is_some() => folded.push('i'),
            'I' if turkic => folded.push('ı'),
            'ı' => folded.push('ı'),
            c => folded.push(simple(c)),
        }
    }
    folded
}

/// `text`, which is plain, in capitals; plain again.
pub(super) fn capitals(text: &str, turkic: bool) -> String {
    let mut capitals = String::with_capacity(text.len());
    for c in text.chars() {
        if c == 'i' && turkic {
            capitals.extend(['I', DOT_ABOVE]);
            continue;
        }
        for upper in c.to_uppercase() {
            decompose_canonical(upper, |c| capitals.push(c));
        }
    }
    capitals
}

/// Simple folding by way of the capital, which brings `ς` to `σ`; a character with a longer capital (`ß`) by itself.
fn simple(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let upper = only(c.to_uppercase()).unwrap_or(c);
    only(upper.to_lowercase()).unwrap_or(c)
}

/// The one character of `chars`, where they are one.
fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_text_are_one() {
        for (text, plainly) in [
            ("  Reese\u{2019}s   Cups ", "Reese's Cups"),
            ("e\u{2011}reader\u{a0}X", "e-reader X"),
            ("Kin\u{ad}dle\u{200b}", "Kindle"),
            ("Caf\u{e9}", "Cafe\u{301}"),
            ("\u{212a}indle", "Kindle"),
        ] {
            assert_eq!(plain_text(text), plainly, "{text:?}");
        }
    }

    #[test]
    fn case_is_folded_closely_and_coarsely() {
        for (text, turkic, fold) in [
            ("KINDLE", false, "kindle"),
            ("KINDLE", true, "kındle"),
            ("KI\u{307}NDLE", true, "kindle"),
            ("KI\u{307}NDLE", false, "ki\u{307}ndle"),
            ("kındle", false, "kındle"),
            ("ΟΔΟΣ", false, "οδοσ"),
            ("οδος", false, "οδοσ"),
            ("Wei\u{1e9e}", false, "weiß"),
        ] {
            assert_eq!(folded(text, turkic), fold, "{text} {turkic}");
        }
        let alike = ["KINDLE", "kindle", "kındle", "KI\u{307}NDLE"].map(coarse_text);
        assert!(alike.iter().all(|text| text == "kindle"), "{alike:?}");
        assert_eq!((capitals("weiß", false).as_str(), capitals("iı", true).as_str()), ("WEISS", "I\u{307}I"));
    }
}
