//! Spellings of characters, undone. Reads as every parser on the way to a URL would, and more eagerly than any: what comes
//! of it only has to hold the needle.

use std::borrow::Cow;

use htmlize::{BARE_ENTITY_MAX_LENGTH, ENTITIES, ENTITY_MAX_LENGTH};
use memchr::{memchr, memchr2};

use super::fold::fold;

/// How often percent signs are undone: wrappers carry URLs in URLs.
const NESTED: usize = 4;

/// Hands every reading of `raw` to `found`, from the plainest to the most eager, until one is taken.
pub(super) fn readings(raw: &[u8], found: impl Fn(&[u8]) -> bool) -> bool {
    let read = unescape(raw, false);
    if found(&read) || memchr2(b'*', b'<', raw).is_some() && found(&host_text(&unescape(raw, true))) {
        return true;
    }
    let mut url = host_text(&read);
    for _ in 0..NESTED {
        if found(&url) {
            return true;
        }
        let undone = unpercent(&url);
        if undone == url {
            return false;
        }
        url = host_text(&undone);
    }
    found(&url)
}

/// Undoes character references, backslashes and, with `emphasis_too`, emphasis.
fn unescape(raw: &[u8], emphasis_too: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let read = match rest[0] {
            b'&' => reference(rest),
            b'*' | b'<' if emphasis_too => emphasis(rest).map(|length| (length, Cow::Borrowed(""))),
            b'\\' => escape(rest).map(|(length, c)| (length, c.map_or(Cow::Borrowed(""), |c| c.to_string().into()))),
            _ => None,
        };
        if let Some((length, value)) = read {
            out.extend_from_slice(value.as_bytes());
            at += length;
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    out
}

/// What a reader of URLs makes of text: without tabs and line breaks, host names folded.
fn host_text(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(c) = character(rest) else {
            if !is_break(rest[0]) {
                out.push(rest[0]);
            }
            at += 1;
            continue;
        };
        match fold(c) {
            Some(folded) => out.extend_from_slice(folded.as_bytes()),
            None => out.extend_from_slice(rest.get(..c.len_utf8()).unwrap_or_default()),
        }
        at += c.len_utf8();
    }
    out
}

fn unpercent(text: &[u8]) -> Vec<u8> {
    percent_encoding::percent_decode(text).collect()
}

/// The character that is not ASCII at the start of `rest`.
pub(super) fn character(rest: &[u8]) -> Option<char> {
    let first = *rest.first()?;
    let (length, bits) = match first {
        0xc2..=0xdf => (2, first & 0x1f),
        0xe0..=0xef => (3, first & 0x0f),
        0xf0..=0xf4 => (4, first & 0x07),
        _ => return None,
    };
    let code = rest.get(1..length)?.iter().try_fold(u32::from(bits), |code, &byte| {
        (byte & 0xc0 == 0x80).then_some((code << 6) | u32::from(byte & 0x3f))
    })?;
    // the length is the character's own: no overlong forms
    char::from_u32(code).filter(|c| c.len_utf8() == length)
}

/// The character reference that `rest` starts with: its length and what it stands for.
///
/// Source: HTML, "character reference state" (13.2.5.72 to 80), in the most generous reading: `;` may be missing.
pub(super) fn reference(rest: &[u8]) -> Option<(usize, Cow<'static, str>)> {
    if rest.get(1) == Some(&b'#') {
        let hex = matches!(rest.get(2), Some(b'x' | b'X'));
        let (radix, start) = if hex { (16, 3) } else { (10, 2) };
        let digits = rest.get(start..)?;
        let count = digits.iter().take_while(|&&byte| char::from(byte).is_digit(radix)).count();
        let code = digits.get(..count)?.iter().fold(0_u32, |code, &byte| {
            code.saturating_mul(radix).saturating_add(char::from(byte).to_digit(radix).unwrap_or(0))
        });
        let length = start + count + usize::from(digits.get(count) == Some(&b';'));
        // the one among the C1 controls, read as Windows-1252, that folds to letters
        let c = if code == 153 { Some('™') } else { char::from_u32(code) };
        return (count > 0).then_some((length, c?.to_string().into()));
    }
    let name = rest.iter().skip(1).take(ENTITY_MAX_LENGTH).take_while(|byte| byte.is_ascii_alphanumeric()).count() + 1;
    let value = |length: usize| {
        let value = *ENTITIES.get(rest.get(..length)?)?;
        Some((length, Cow::Borrowed(std::str::from_utf8(value).ok()?)))
    };
    let closed = if rest.get(name) == Some(&b';') { value(name + 1) } else { None };
    closed.or_else(|| (2..=name.min(BARE_ENTITY_MAX_LENGTH)).rev().find_map(value))
}

/// The escape that `rest` starts with: its length, and what it stands for if that is anything. Of Markdown, JSON, YAML, TOML.
pub(super) fn escape(rest: &[u8]) -> Option<(usize, Option<char>)> {
    let digits = |start: usize, count: usize| -> Option<u32> {
        let digits = rest.get(start..start + count).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let coded = |count: usize| digits(2, count).and_then(char::from_u32).map(|c| (2 + count, Some(c)));
    match rest.get(1)? {
        b'u' => coded(4).or_else(|| {
            let (high, low) = (digits(2, 4)?.checked_sub(0xd800)?, digits(8, 4)?.checked_sub(0xdc00)?);
            let paired = rest.get(6..8)? == b"\\u" && high < 0x400 && low < 0x400;
            let c = char::from_u32(0x1_0000 + high * 0x400 + low).filter(|_| paired)?;
            Some((12, Some(c)))
        }),
        b'U' => coded(8),
        b'x' => coded(2),
        // what they stand for vanishes from a URL
        b't' | b'n' | b'r' => Some((2, None)),
        // the end of a line in a YAML or TOML string: it and the blanks before the next text are nothing
        b'\n' | b'\r' => {
            let blanks = rest.iter().skip(1).take_while(|byte| byte.is_ascii_whitespace()).count();
            Some((1 + blanks, None))
        }
        // the backslash goes, the character stays and may begin a spelling of its own: `\%61`
        byte if byte.is_ascii_punctuation() => Some((2, Some(char::from(*byte)))),
        _ => None,
    }
}

/// Elements that stand inside words.
const INLINE: [&str; 20] = [
    "abbr", "b", "bdi", "bdo", "big", "cite", "dfn", "em", "font", "i", "ins", "mark", "q", "s", "small", "span",
    "strong", "sub", "u", "wbr",
];
/// The most bytes of a tag that is read over.
const LONGEST_TAG: usize = 256;

/// How long the marks of emphasis are that `rest` starts with: asterisks and tags of elements inside words.
pub(super) fn emphasis(rest: &[u8]) -> Option<usize> {
    let mut length = 0;
    while let Some(found) = rest.get(length..).and_then(mark) {
        length += found;
    }
    (length > 0).then_some(length)
}

fn mark(rest: &[u8]) -> Option<usize> {
    if rest.first()? == &b'*' {
        return Some(1);
    }
    let name = rest.strip_prefix(b"<")?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let length = name.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let name = name.get(..length)?;
    INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline.as_bytes())).then_some(())?;
    memchr(b'>', rest.get(..LONGEST_TAG).unwrap_or(rest)).map(|end| end + 1)
}

/// The byte that `%XX` at the start of `rest` stands for.
pub(super) fn percent(rest: &[u8]) -> Option<u8> {
    let nibble = |at: usize| rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    u8::try_from(nibble(1)? * 16 + nibble(2)?).ok()
}

/// The character that is not ASCII whose bytes stand at the start of `rest` as `%XX`, and how long that is; three bytes and
/// no character where they are none.
pub(super) fn percent_character(rest: &[u8]) -> (usize, Option<char>) {
    let mut bytes = [0_u8; 4];
    for (index, slot) in bytes.iter_mut().enumerate() {
        let start = index * 3;
        let encoded = rest.get(start..).filter(|rest| rest.first() == Some(&b'%')).and_then(percent);
        let Some(byte) = encoded else { break };
        *slot = byte;
    }
    character(&bytes).map_or((3, None), |c| (c.len_utf8() * 3, Some(c)))
}

/// Whether readers of URLs take the byte out.
pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_escapes_are_read() {
        for (text, want) in [
            ("&#97;b", Some((5, "a"))),
            ("&#x61b;", Some((7, "\u{61b}"))),
            ("&#097mazon", Some((5, "a"))),
            ("&period;", Some((8, "."))),
            ("&shy", Some((4, "\u{ad}"))),
            ("&copy=", Some((5, "©"))),
            ("&#153;", Some((6, "™"))),
            ("&#;", None),
            ("&#x;", None),
            ("& ", None),
            ("&nosuchname;", None),
            ("&#99999999999999;", None),
        ] {
            let read = reference(text.as_bytes());
            assert_eq!(read.as_ref().map(|(length, value)| (*length, value.as_ref())), want, "{text}");
        }
        for (text, want) in [
            (r"\.c", Some((2, Some('.')))),
            (r"\u0061", Some((6, Some('a')))),
            (r"\ud835\udc4e", Some((12, Some('𝑎')))),
            (r"\x61", Some((4, Some('a')))),
            (r"\U00000061", Some((10, Some('a')))),
            ("\\\n   zon", Some((5, None))),
            (r"\a", None),
            (r"\u00", None),
        ] {
            assert_eq!(escape(text.as_bytes()), want, "{text}");
        }
    }
}
