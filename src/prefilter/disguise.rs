//! Spellings of a character that are not the character. Decides where in a page a needle may stand in disguise, and reads
//! such places as every parser on the way would, and more eagerly than any: what comes of it only has to hold the needle.

use std::borrow::Cow;
use std::ops::Range;

use htmlize::{BARE_ENTITY_MAX_LENGTH, ENTITIES, ENTITY_MAX_LENGTH};

use super::Piece;
use super::fold::{fold, may_fold, vanishes};

/// References on nearly every page, of which no needle is made.
const COMMON: [&[u8]; 6] = [b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&#39;", b"&nbsp;"];
/// How often percent signs are undone: wrappers carry URLs in URLs.
const NESTED: usize = 4;
/// Needles up to this long may come out of a single character.
const SHORT: usize = 4;

/// What the needles are made of.
#[derive(Debug)]
pub(super) struct Disguises {
    /// Which ASCII characters, in either case.
    ascii: [bool; 128],
    /// Which others, sorted.
    others: Vec<char>,
    /// Whether one character may stand for a whole needle.
    short: bool,
}

impl Disguises {
    pub(super) fn of(pieces: &[Piece]) -> Self {
        let mut disguises = Self { ascii: [false; 128], others: Vec::new(), short: false };
        for spelling in pieces.iter().flat_map(|piece| &piece.spellings) {
            disguises.short |= spelling.len() <= SHORT;
            for c in String::from_utf8_lossy(spelling).chars() {
                match disguises.ascii.get_mut(c as usize) {
                    Some(there) => *there = true,
                    None => disguises.others.push(c),
                }
            }
        }
        for upper in b'A'..=b'Z' {
            disguises.ascii[usize::from(upper)] = disguises.ascii[usize::from(upper.to_ascii_lowercase())];
        }
        disguises.others.sort_unstable();
        disguises.others.dedup();
        disguises
    }

    /// The stretches of `bytes` in which a needle of up to `longest` bytes may stand in disguise, in order; `None` where
    /// there is none.
    pub(super) fn windows(&self, bytes: &[u8], longest: usize) -> Option<Vec<Range<usize>>> {
        let places = self.spellings(bytes);
        if places.is_empty() {
            return None;
        }
        let mut windows: Vec<Range<usize>> = Vec::new();
        for place in places {
            let (start, end) = (reach_back(bytes, place.start, longest), reach_on(bytes, place.end, longest));
            match windows.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => windows.push(start..end),
            }
        }
        Some(windows)
    }

    /// References, escapes and characters that may stand for a needle's.
    pub(super) fn spellings(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut done = 0;
        for (index, block) in bytes.chunks(BLOCK).enumerate() {
            if is_ordinary(block) {
                continue;
            }
            let start = index * BLOCK;
            for (offset, byte) in block.iter().enumerate() {
                let at = start + offset;
                if !BEGINS[usize::from(*byte)] || at < done {
                    continue;
                }
                let (length, matters) = self.spelling(bytes, at);
                done = at + length;
                if matters {
                    found.push(at..done);
                }
            }
        }
        found
    }

    /// How long the spelling at `at` is, and whether a needle may hold what it stands for.
    fn spelling(&self, bytes: &[u8], at: usize) -> (usize, bool) {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.first() {
            Some(b'&') if COMMON.iter().any(|name| rest.starts_with(name)) => (1, false),
            Some(b'&') => match reference(rest) {
                Some((length, value)) => (length, value.chars().any(|c| self.matters(c))),
                None => (1, false),
            },
            Some(b'\\') => match escape(rest) {
                Some((length, Some(c))) => (length, self.matters(c)),
                Some((length, None)) => (length, true),
                None => (1, false),
            },
            Some(b'%') => match percent(rest) {
                Some(byte) if byte < 0x80 => (3, self.matters(char::from(byte))),
                Some(_) => {
                    let (length, c) = percent_character(rest);
                    (length, c.is_some_and(|c| self.matters(c)))
                }
                None => (1, false),
            },
            Some(_) => match character(rest) {
                Some(c) if may_fold(c) => (c.len_utf8(), self.has_company(bytes, at, c)),
                Some(c) => (c.len_utf8(), false),
                None => (1, false),
            },
            None => (1, false),
        }
    }

    /// Whether a spelling of `c` may be one of a needle's characters, or of nothing inside a needle.
    fn matters(&self, c: char) -> bool {
        match self.ascii.get(c as usize) {
            // a percent sign may be the first of three characters that stand for one; tabs and breaks vanish from URLs
            Some(there) => *there || matches!(c, '%' | '\t' | '\n' | '\r'),
            None => may_fold(c) || self.others.binary_search(&c).is_ok(),
        }
    }

    /// Whether what stands beside the folding character `c` at `at` may belong to a needle with it.
    fn has_company(&self, bytes: &[u8], at: usize, c: char) -> bool {
        let before = before(bytes, at).is_some_and(|c| self.matters(c)) || ends_spelling(bytes, at);
        let after = || after(bytes, at + c.len_utf8()).is_some_and(|c| self.matters(c) || matches!(c, '&' | '\\'));
        if vanishes(c) { before && after() } else { before || self.short || after() }
    }
}

/// `count` bytes before `at`, tabs and line breaks not counted.
fn reach_back(bytes: &[u8], at: usize, count: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    before
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| !is_break(**byte))
        .nth(count.saturating_sub(1))
        .map_or(0, |(at, _)| at)
}

/// `count` bytes behind `at`, tabs and line breaks not counted.
fn reach_on(bytes: &[u8], at: usize, count: usize) -> usize {
    let after = bytes.get(at..).unwrap_or_default();
    let last = after.iter().enumerate().filter(|(_, byte)| !is_break(**byte)).nth(count.saturating_sub(1));
    last.map_or(bytes.len(), |(last, _)| at + last + 1)
}

/// Whether readers of URLs take the byte out.
fn is_break(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Whether a reference, an escape or a percent sign with its digits may end at `at`.
fn ends_spelling(bytes: &[u8], at: usize) -> bool {
    let near = bytes.get(at.saturating_sub(LONGEST_ESCAPE)..at).unwrap_or_default();
    if near.iter().any(|byte| matches!(byte, b'%' | b'\\')) {
        return true;
    }
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let Some((b';', before)) = bytes.get(..at).and_then(<[u8]>::split_last) else { return false };
    before.iter().rev().find(|byte| !name(byte)) == Some(&b'&')
}

/// The most bytes of an escape: `\U00000061`.
const LONGEST_ESCAPE: usize = 10;

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// Whether no byte of `block` can begin a spelling.
fn is_ordinary(block: &[u8]) -> bool {
    // no early way out and no branch, so that it is done for many bytes at once
    let suspect = |byte: u8| u8::from(byte == b'&') | u8::from(byte == b'\\') | u8::from(byte == b'%') | (byte & 0x80);
    block.iter().fold(0, |found, &byte| found | suspect(byte)) == 0
}

/// Whether a byte can begin a spelling: marks, and first bytes of characters that fold.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let firsts =
        [b'&', b'\\', b'%', 0xc2, 0xc4, 0xc5, 0xc7, 0xca, 0xcb, 0xcd, 0xe1, 0xe2, 0xe3, 0xea, 0xef, 0xf0, 0xf3];
    let mut index = 0;
    while index < firsts.len() {
        begins[firsts[index] as usize] = true;
        index += 1;
    }
    begins
};

/// Hands every reading of `raw` to `found`, from the plainest to the most eager, until one is taken.
pub(super) fn readings(raw: &[u8], found: impl Fn(&[u8]) -> bool) -> bool {
    let read = unescape(raw);
    if found(&read) {
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

/// Undoes character references and backslashes.
fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let read = match rest[0] {
            b'&' => reference(rest),
            b'\\' => escape(rest).map(|(length, c)| (length, c.map_or(Cow::Borrowed(""), |c| c.to_string().into()))),
            _ => None,
        };
        match read {
            Some((length, value)) => {
                out.extend_from_slice(value.as_bytes());
                at += length;
            }
            None => {
                out.push(rest[0]);
                at += 1;
            }
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
fn character(rest: &[u8]) -> Option<char> {
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

/// The character before `at`, tabs and line breaks left out.
fn before(bytes: &[u8], at: usize) -> Option<char> {
    let end = bytes.get(..at)?.iter().rposition(|byte| !is_break(*byte))?;
    let last = *bytes.get(end)?;
    if last < 0x80 {
        return Some(char::from(last));
    }
    let start =
        (end.saturating_sub(3)..=end).rev().find(|&start| bytes.get(start).is_some_and(|byte| byte & 0xc0 != 0x80))?;
    character(bytes.get(start..=end)?)
}

/// The character at `at`, tabs and line breaks left out.
fn after(bytes: &[u8], at: usize) -> Option<char> {
    let rest = bytes.get(at..)?;
    let rest = rest.get(rest.iter().position(|byte| !is_break(*byte))?..)?;
    rest.first().filter(|byte| **byte < 0x80).map_or_else(|| character(rest), |&byte| Some(char::from(byte)))
}

/// The character reference that `rest` starts with: its length and what it stands for.
///
/// Source: HTML, "character reference state" (13.2.5.72 to 80), in the most generous reading: `;` may be missing.
fn reference(rest: &[u8]) -> Option<(usize, Cow<'static, str>)> {
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
fn escape(rest: &[u8]) -> Option<(usize, Option<char>)> {
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

/// The byte that `%XX` at the start of `rest` stands for.
fn percent(rest: &[u8]) -> Option<u8> {
    let nibble = |at: usize| rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    u8::try_from(nibble(1)? * 16 + nibble(2)?).ok()
}

/// The character that is not ASCII whose bytes stand at the start of `rest` as `%XX`, and how long that is; three bytes and
/// no character where they are none.
fn percent_character(rest: &[u8]) -> (usize, Option<char>) {
    let mut bytes = [0_u8; 4];
    for (index, slot) in bytes.iter_mut().enumerate() {
        let start = index * 3;
        let encoded = rest.get(start..).filter(|rest| rest.first() == Some(&b'%')).and_then(percent);
        let Some(byte) = encoded else { break };
        *slot = byte;
    }
    character(&bytes).map_or((3, None), |c| (c.len_utf8() * 3, Some(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_plain() {
        use super::super::is_plain;
        // readings end at the byte that parts windows
        assert!(!is_plain('\0') && !is_plain('\u{ad}'));
    }

    #[test]
    fn every_character_that_folds_begins_with_a_known_byte() {
        for c in ('\u{80}'..=char::MAX).filter(|&c| may_fold(c)) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes);
            assert!(BEGINS[usize::from(bytes[0])], "U+{:04X}", u32::from(c));
        }
    }

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
