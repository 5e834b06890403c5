//! Texts as the word lists write them. Decides what is a letter of a word and what stands between words.

/// `text` in lower case, with a space for everything that is no letter, digit, `#` or apostrophe between letters.
pub(super) fn plain(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut spaced = true;
    each(text, |byte| {
        let space = byte == b' ';
        if !(space && spaced) {
            plain.push(byte);
        }
        spaced = space;
    });
    if plain.last() == Some(&b' ') {
        plain.pop();
    }
    String::from_utf8(plain).unwrap_or_default()
}

/// Gives `put` the bytes of `text` as a plain text has them, with a space for each character that is none of a word.
pub(super) fn each(text: &str, mut put: impl FnMut(u8)) {
    for c in text.chars() {
        match PLAIN_ASCII.get(c as usize) {
            Some(&byte) => put(byte),
            None => other(c, &mut put),
        }
    }
}

fn other(c: char, put: &mut impl FnMut(u8)) {
    let mut letter = |c: char| c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut *put);
    match c {
        '\u{2019}' => put(b'\''),
        // a soft hyphen is none
        '\u{ad}' => {}
        // what most texts are made of is told without the tables of all characters
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3003}' => put(b' '),
        'а'..='я' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{4e00}'..='\u{9fff}' | '가'..='힣' => letter(c),
        c if c.is_alphanumeric() => c.to_lowercase().for_each(letter),
        _ => put(b' '),
    }
}

/// What each ASCII character is in a plain text.
const PLAIN_ASCII: [u8; 128] = {
    let mut table = [b' '; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c.is_ascii_alphanumeric() || c == b'\'' || c == b'#' {
            table[byte] = c.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_left() {
        for (text, expected) in [
            ("As an Amazon Associate, I earn…", "as an amazon associate i earn"),
            ("  (paid\u{a0}link)  ", "paid link"),
            ("l’éditeur's Über\u{ad}setzung #AD", "l'éditeur's übersetzung #ad"),
            ("—", ""),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn every_character_is_what_the_tables_of_all_characters_say() {
        for c in (' '..='\u{1ffff}').filter(|c| !matches!(c, '\'' | '#' | '\u{2019}' | '\u{ad}')) {
            let expected = if c.is_alphanumeric() { c.to_lowercase().to_string() } else { String::new() };
            assert_eq!(plain(&c.to_string()), expected, "{c:?}");
        }
    }
}
