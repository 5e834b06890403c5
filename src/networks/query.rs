//! Parameters of a URL by byte range, and percent escapes. Decides where one parameter ends and the next begins;
//! knows no parameter by name.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One parameter: byte ranges into the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The separator before it; empty for the first.
    pub separator: Range<usize>,
    /// All of it: `name=value`, `name=`, `name`, or nothing.
    pub whole: Range<usize>,
    /// Its name.
    pub name: Range<usize>,
    /// Its value; `None` without `=`.
    pub value: Option<Range<usize>>,
}

impl Pair {
    /// The name, percent-decoded.
    pub fn name_in<'t>(&self, text: &'t str) -> Cow<'t, str> {
        decode(text.get(self.name.clone()).unwrap_or_default())
    }

    /// The value as it is written; empty where there is none.
    pub fn value_in<'t>(&self, text: &'t str) -> &'t str {
        self.value.clone().and_then(|value| text.get(value)).unwrap_or_default()
    }
}

/// The parameters in bytes `range` of `text`, separated by `&` or by an `&amp;` that was left in.
pub fn pairs(text: &str, range: Range<usize>) -> Vec<Pair> {
    let Some(part) = text.get(range.clone()) else { return Vec::new() };
    let mut pairs = Vec::new();
    let mut from = 0;
    let mut separator = range.start..range.start;
    loop {
        let end = memchr::memchr(b'&', &part.as_bytes()[from..]).map_or(part.len(), |at| from + at);
        let whole = range.start + from..range.start + end;
        let equals = memchr::memchr(b'=', &part.as_bytes()[from..end]).map(|at| whole.start + at);
        let name = whole.start..equals.unwrap_or(whole.end);
        pairs.push(Pair { separator, value: equals.map(|at| at + 1..whole.end), name, whole });
        if end == part.len() {
            return pairs;
        }
        from = end + if part[end..].starts_with("&amp;") { 5 } else { 1 };
        separator = range.start + end..range.start + from;
    }
}

/// `text` with its percent escapes undone, where that gives UTF-8; otherwise only those of ASCII characters.
pub fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    percent_decode_str(text).decode_utf8().unwrap_or_else(|_| Cow::Owned(decode_ascii(text)))
}

/// `text` with everything but unreserved characters percent-escaped.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// `url` with every byte escaped that cannot stand in a URL, or that Markdown, HTML or a shell would take for theirs;
/// escapes that are there stay.
pub fn escape_unsafe(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        if character.is_ascii_alphanumeric() || "-_.~:/?#@!$&*+,;=%".contains(character) {
            out.push(character);
        } else {
            out.extend(utf8_percent_encode(character.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        }
    }
    out
}

/// `rest` (everything after a URL's authority) with parameters that are written `name(value)` as `name=value`; `None`
/// where its query is not written so.
pub fn without_parens(rest: &str) -> Option<String> {
    let (path, query) = rest.split_once('?')?;
    let mut out = format!("{path}?");
    let mut left = query.split('#').next().unwrap_or_default();
    while let Some((name, after)) = left.split_once('(') {
        let (value, after) = after.split_once(')')?;
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        out.extend([name, "=", value, "&"]);
        left = after;
    }
    out.pop().filter(|&last| last == '&').map(|_| out)
}

/// `rest` (everything after a URL's authority) with the members of the JSON object that is parameter `name`, in Base64
/// of either alphabet, as its parameters; `None` where there is no such object.
pub fn unpacked(rest: &str, name: &str) -> Option<String> {
    let (path, query) = rest.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let pairs = pairs(query, 0..query.len());
    let packed = pairs.iter().find(|pair| pair.name_in(query) == name)?;
    let object = base64(decode(packed.value_in(query)).as_bytes())?;
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&object).ok()?;
    let members = object.iter().filter_map(|(name, value)| match value {
        serde_json::Value::String(text) => Some(format!("{}={}", encode(name), encode(text))),
        serde_json::Value::Number(number) => Some(format!("{}={number}", encode(name))),
        _ => None,
    });
    Some(format!("{path}?{}", members.collect::<Vec<_>>().join("&")))
}

/// The bytes that `text` stands for in Base64 (RFC 4648, sections 4 and 5), with or without its padding.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in text.iter().take_while(|&&byte| byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    Some(out)
}

fn decode_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let escape = rest.get(at..at + 3).and_then(|escape| u8::from_str_radix(&escape[1..], 16).ok());
        let escape = escape.filter(u8::is_ascii);
        out.push(escape.map_or('%', char::from));
        rest = &rest[at + if escape.is_some() { 3 } else { 1 }..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_cut_at_their_separators() {
        for (text, want) in [
            ("a=1&b", vec![("", "a", Some("1")), ("&", "b", None)]),
            ("a=1&amp;b=&c==", vec![("", "a", Some("1")), ("&amp;", "b", Some("")), ("&", "c", Some("="))]),
            ("", vec![("", "", None)]),
            ("&a=x&", vec![("", "", None), ("&", "a", Some("x")), ("&", "", None)]),
        ] {
            let found = pairs(text, 0..text.len());
            let found: Vec<_> = found
                .iter()
                .map(|pair| (&text[pair.separator.clone()], &text[pair.name.clone()], pair.value.clone()))
                .map(|(separator, name, value)| (separator, name, value.map(|value| &text[value])))
                .collect();
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn a_packed_object_is_read_as_parameters() {
        for (rest, want) in [
            ("/x?d=eyJ1IjoiaHR0cHM6Ly9hL2I_YyIsInAiOjEyfQ", Some("/x?p=12&u=https%3A%2F%2Fa%2Fb%3Fc")),
            ("/x?a=1&d=eyJ1IjoiaHR0cHM6Ly9hL2I%2FYyIsInAiOjEyfQ%3D%3D#d=", Some("/x?p=12&u=https%3A%2F%2Fa%2Fb%3Fc")),
            ("/x?d=W10", None),
            ("/x?d=e(", None),
            ("/x?e=e30", None),
            ("/x", None),
        ] {
            assert_eq!(unpacked(rest, "d").as_deref(), want, "{rest}");
        }
    }

    #[test]
    fn escapes_that_are_no_utf8_stay() {
        assert_eq!(decode("a%20%C3%A4"), "a ä");
        assert_eq!(decode("a%2F%E9%zz%"), "a/%E9%zz%");
    }

    #[test]
    fn what_is_written_is_safe_everywhere() {
        assert_eq!(encode("a b&(ä)*~"), "a%20b%26%28%C3%A4%29%2A~");
        assert_eq!(escape_unsafe("https://x/(a b)?q=ä%20|'#f"), "https://x/%28a%20b%29?q=%C3%A4%20%7C%27#f");
    }
}
