//! Text of others, escaped for where it is put.

use std::fmt::Write as _;

use crate::printable::printable;

/// `text` with every character that means something in Markdown or HTML as a character reference: nobody's text makes a
/// link, an image, a mention or a cell.
pub(super) fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in printable(text).chars() {
        if char.is_ascii_punctuation() && !matches!(char, ',' | ';' | '/' | '-' | '=' | '%' | '?') {
            let _ = write!(safe, "&#{};", u32::from(char));
        } else {
            safe.push(char);
        }
    }
    safe
}

/// `text` for a cell of CSV that a spreadsheet opens: what it would take for a formula is text, and nothing steers a terminal.
///
/// Source: OWASP, "CSV Injection": a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return.
pub(super) fn cell(text: &str) -> String {
    let safe = printable(text);
    // spreadsheets take white space off before they look
    let first = safe.trim_start().chars().next();
    if first
        .is_some_and(|char| matches!(char, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'))
    {
        format!("'{safe}")
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [
            ("posts/a.md", "posts/a.md"),
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            (" \u{a0}@SUM(1)", "' \u{a0}@SUM(1)"),
            ("\t+1", "\\t+1"),
            ("-1", "'-1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
            ("a-b=c", "a-b=c"),
        ] {
            assert_eq!(cell(text), safe, "{text:?}");
        }
    }
}
