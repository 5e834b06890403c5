//! Text of pages as YAML. Decides how it is quoted so that nothing a page or a file is called can be anything but that text.

use std::fmt::Write as _;

use crate::printable::is_forging;

/// The longest text that a comment quotes, in characters.
const LONGEST: usize = 120;

/// `text` as one scalar that reads back as that very text, in a block and in a flow collection.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_odd(c) && u32::from(c) <= 0xff => escape(&mut quoted, 'x', 2, c),
            c if is_odd(c) && u32::from(c) <= 0xffff => escape(&mut quoted, 'u', 4, c),
            c if is_odd(c) => escape(&mut quoted, 'U', 8, c),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(quoted: &mut String, mark: char, width: usize, c: char) {
    // writing to a `String` cannot fail
    let _ = write!(quoted, "\\{mark}{:0width$x}", u32::from(c));
}

/// `texts` as a flow sequence.
pub(super) fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| scalar(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

/// `texts` as a flow sequence of what has to be text, numbers included.
pub(super) fn text_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let quoted = |text: &str| {
        let scalar = scalar(text);
        if scalar.bytes().all(|byte| byte.is_ascii_digit()) { format!("\"{scalar}\"") } else { scalar }
    };
    let texts: Vec<_> = texts.into_iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

/// One value alone, several as a flow sequence.
pub(super) fn one_or_list(texts: &[String]) -> String {
    match texts {
        [one] => scalar(one),
        more => list(more),
    }
}

/// `text` for a comment: on one line, nothing hidden, not without end.
pub(super) fn remark(text: &str) -> String {
    let mut shown = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            shown.push_str("...");
            break;
        }
        match c {
            c if is_odd(c) => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a YAML reader refuses the character or a person does not see it.
fn is_odd(c: char) -> bool {
    is_forging(c)
        || u32::from(c) & 0xfffe == 0xfffe
        || ('\u{fdd0}'..='\u{fdef}').contains(&c)
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// Whether `text` without quotes is that text to every YAML reader: no number but plain digits, no boolean, no null, no syntax.
fn is_plain(text: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'_'));
    let starts = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    // `0x1f`, `0o17` and leading zeros are numbers to some
    let zero = text.starts_with('0') && text.len() > 1;
    let word = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    starts
        && text.bytes().all(safe)
        && !zero
        && !(digits && text.len() > 15)
        && (!numeric || digits)
        && (digits || text.parse::<f64>().is_err())
        && !word.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_texts_stay_plain() {
        for text in ["mysite-20", "123456", "amazon.de", "static/_redirects", "url", "0"] {
            assert_eq!(scalar(text), text);
        }
        for text in [
            "",
            "no",
            "1e3",
            "1.5",
            "007",
            "0x1f",
            "a b",
            "a: b",
            "#a",
            "-x",
            "[a]",
            "*a",
            "1_000",
            "99999999999999999999",
            "\u{feff}a",
        ] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        assert_eq!(remark("a\nb\u{202e}\u{85}c"), "a\\nb\\u{202e}\\u{85}c");
        assert_eq!(remark(&"x".repeat(500)).len(), 123);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(text in any::<String>(), key in any::<String>()) {
            let yaml = format!("version: 1 # {}\n# {}\nlist: [{}, {}]\nmap: {{{}: x}}\n", remark(&text), remark(&key), scalar(&text), scalar(&key), scalar(&key));
            let read: serde_json::Value = serde_yaml::from_str(&yaml).expect("YAML");
            let list = read["list"].as_array().expect("a list");
            let text_of = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            prop_assert_eq!(text_of(&list[0]), text);
            prop_assert_eq!(text_of(&list[1]), key.clone());
            prop_assert!(read["map"].get(&key).is_some(), "{}", yaml);
            let tree = crate::yaml::parse(&yaml).expect("YAML").expect("a document");
            prop_assert!(tree.get("map").and_then(|map| map.get(&key)).is_some());
        }
    }
}
