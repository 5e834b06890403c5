//! Text of others made safe to print. Decides which characters may reach a terminal or a log as they are; quoting for
//! a given format (XML, CSV, GitHub) is that format's own affair.

use std::fmt::Write as _;
use std::path::Path;

/// `text` with every character that could forge output escaped, as Rust writes it: `\n`, `\u{1b}`, `\u{202e}`.
///
/// Escaped are the C0 and C1 controls and DEL, line and paragraph separators, the bidirectional controls (Unicode 16),
/// and what is invisible and hides or joins words: zero-width spaces, byte order marks, tags. Backslashes stay single,
/// so that a usual name is printed as it is.
pub fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_forging(character) {
            // writing to a `String` cannot fail
            let _ = write!(safe, "{}", character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// [`printable`] for a path; bytes that are no Unicode show as U+FFFD.
pub fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Whether `character` may change how the text around it is shown, or where a line of output ends.
pub fn is_forging(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_forge_output_is_escaped_and_nothing_else() {
        for (text, safe) in [
            ("posts/été 東京.md", "posts/été 東京.md"),
            ("a\\b\"c'", "a\\b\"c'"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\x1b[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("a\u{202e}gnp.md", "a\\u{202e}gnp.md"),
            ("a\u{2028}::error::b", "a\\u{2028}::error::b"),
            // joiners are part of words in many scripts and of emoji
            ("न\u{200d}म", "न\u{200d}म"),
        ] {
            assert_eq!(printable(text), safe);
        }
    }
}
