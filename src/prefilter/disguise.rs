//! Where in a page a needle may stand in disguise. Decides which places are read more closely; finds no needle.

use std::ops::Range;

use memchr::memchr3_iter;

use super::Piece;
use super::fold::{may_fold, vanishes};
use super::spelling::{character, emphasis, escape, is_break, percent, percent_character, reference};

/// References on nearly every page, of which no needle is made.
const COMMON: [&[u8]; 6] = [b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&#39;", b"&nbsp;"];
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
    /// Whether characters that are not ASCII may stand for a needle's.
    folds: bool,
}

impl Disguises {
    /// Of needles that are made of `pieces`; `folds` says whether characters that fold to ASCII may stand in one.
    pub(super) fn of(pieces: &[Piece], folds: bool) -> Self {
        let mut disguises = Self { ascii: [false; 128], others: Vec::new(), short: false, folds };
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

    /// The stretches of `bytes` in which a needle of up to `longest` bytes may stand in disguise, in order.
    pub(super) fn windows(&self, bytes: &[u8], longest: usize) -> Vec<Range<usize>> {
        let mut windows: Vec<Range<usize>> = Vec::new();
        for place in self.spellings(bytes) {
            let (start, end) = (reach_back(bytes, place.start, longest), reach_on(bytes, place.end, longest));
            match windows.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => windows.push(start..end),
            }
        }
        windows
    }

    /// References, escapes, characters that may stand for a needle's, and marks that may stand in one.
    fn spellings(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        if !self.folds {
            return self.marked(memchr3_iter(b'&', b'\\', b'%', bytes), bytes);
        }
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let blocks = blocks.iter().map(|block| (is_ordinary(block), &block[..]));
        let suspects = blocks.chain([(false, rest)]).enumerate().filter(|(_, (ordinary, _))| !ordinary);
        let places = suspects.flat_map(|(index, (_, block))| {
            let begins = block.iter().enumerate().filter(|(_, byte)| BEGINS[usize::from(**byte)]);
            begins.map(move |(offset, _)| index * BLOCK + offset)
        });
        self.marked(places, bytes)
    }

    /// The spellings at `places`, which are sorted, that may stand for a needle's characters.
    fn marked(&self, places: impl Iterator<Item = usize>, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut done = 0;
        for at in places {
            if at < done {
                continue;
            }
            let (length, matters) = self.spelling(bytes, at);
            done = at + length;
            if matters {
                found.push(at..done);
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
            Some(b'*' | b'<') => match emphasis(rest) {
                Some(length) => (length, is_within(bytes, at, length)),
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
            None => self.folds && may_fold(c) || self.others.binary_search(&c).is_ok(),
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
const BLOCK: usize = 32;

/// Whether no byte of `block` can begin a spelling.
fn is_ordinary(block: &[u8; BLOCK]) -> bool {
    // no early way out and no branch, so that it is done for many bytes at once
    let is = |byte: u8, mark: u8| u8::from(byte == mark);
    let marks = |byte: u8| is(byte, b'&') | is(byte, b'\\') | is(byte, b'%') | is(byte, b'*') | is(byte, b'<');
    let suspect = |byte: u8| marks(byte) | (byte & 0x80);
    block.iter().fold(0, |found, &byte| found | suspect(byte)) == 0
}

/// Whether a byte can begin a spelling: marks, and first bytes of characters that fold.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let firsts = [
        b'&', b'\\', b'%', b'*', b'<', 0xc2, 0xc4, 0xc5, 0xc7, 0xca, 0xcb, 0xcc, 0xcd, 0xe1, 0xe2, 0xe3, 0xea, 0xef,
        0xf0, 0xf3,
    ];
    let mut index = 0;
    while index < firsts.len() {
        begins[firsts[index] as usize] = true;
        index += 1;
    }
    begins
};

/// Whether marks of `length` bytes at `at` stand inside a word.
fn is_within(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(|&byte| is_of_word(byte));
    before && bytes.get(at + length).is_some_and(|&byte| is_of_word(byte) || matches!(byte, b'&' | b'\\'))
}

/// Whether `byte` may be part of a word, or of a spelling of one that ends with it.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || byte == b';'
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
}
