//! HTML character references: which bytes are one and what it stands for. Decides nothing about when to write one.

use std::borrow::Cow;

use htmlize::{BARE_ENTITY_MAX_LENGTH, ENTITIES, ENTITY_MAX_LENGTH};

/// Whose rules say what is a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// An HTML attribute: a name without `;` counts unless a letter, digit or `=` follows.
    Attribute,
    /// HTML text: a name without `;` always counts.
    Text,
    /// Markdown: only with `;`, at most seven decimal or six hexadecimal digits.
    Markdown,
}

/// The reference that `text` starts with: its length in bytes and what it stands for.
///
/// Source: HTML, "character reference state" (13.2.5.72 to 80); `CommonMark` 0.31.2, "entity and numeric character
/// references".
pub(super) fn read(text: &str, rules: Rules) -> Option<(usize, Cow<'static, str>)> {
    let rest = text.as_bytes().strip_prefix(b"&")?;
    match rest.first()? {
        b'#' => numeric(&rest[1..], rules).map(|(len, c)| (len + 2, Cow::Owned(c.to_string()))),
        first if first.is_ascii_alphabetic() => named(text.as_bytes(), rules),
        _ => None,
    }
}

fn named(text: &[u8], rules: Rules) -> Option<(usize, Cow<'static, str>)> {
    let name = text[1..].iter().take(ENTITY_MAX_LENGTH).take_while(|byte| byte.is_ascii_alphanumeric()).count() + 1;
    let value = |len: usize| ENTITIES.get(text.get(..len)?).and_then(|value| std::str::from_utf8(value).ok());
    if text.get(name) == Some(&b';')
        && let Some(value) = value(name + 1)
    {
        return Some((name + 1, Cow::Borrowed(value)));
    }
    if rules == Rules::Markdown {
        return None;
    }
    let len = (2..=name.min(BARE_ENTITY_MAX_LENGTH)).rev().find(|&len| value(len).is_some())?;
    let next = text.get(len).copied().unwrap_or(b' ');
    if rules == Rules::Attribute && (next == b'=' || next.is_ascii_alphanumeric()) {
        return None;
    }
    Some((len, Cow::Borrowed(value(len)?)))
}

/// Reads what stands behind `&#`; the length leaves those two bytes out.
fn numeric(rest: &[u8], rules: Rules) -> Option<(usize, char)> {
    let hex = matches!(rest.first(), Some(b'x' | b'X'));
    let (radix, digits) = if hex { (16, &rest[1..]) } else { (10, rest) };
    let count = digits.iter().take_while(|&&byte| char::from(byte).is_digit(radix)).count();
    let closed = digits.get(count) == Some(&b';');
    let most = if hex { 6 } else { 7 };
    if count == 0 || rules == Rules::Markdown && (!closed || count > most) {
        return None;
    }
    let code = digits[..count].iter().fold(0_u32, |code, &byte| {
        code.saturating_mul(radix).saturating_add(char::from(byte).to_digit(radix).unwrap_or(0))
    });
    let c = if rules == Rules::Markdown { code } else { windows_1252(code) };
    let c = char::from_u32(c).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((usize::from(hex) + count + usize::from(closed), c))
}

/// What HTML reads for a C1 control: the character that Windows-1252 has there ("numeric character reference end state").
fn windows_1252(code: u32) -> u32 {
    const TABLE: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
        0x17e, 0x178,
    ];
    let index = code.checked_sub(0x80).and_then(|index| usize::try_from(index).ok());
    index.and_then(|index| TABLE.get(index)).map_or(code, |&mapped| u32::from(mapped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_by_the_rules_of_their_place() {
        // input; in an attribute; in text; in Markdown: bytes taken and value, or nothing
        type Read = Option<(usize, &'static str)>;
        let cases: &[(&str, Read, Read, Read)] = &[
            ("&amp;x", Some((5, "&")), Some((5, "&")), Some((5, "&"))),
            ("&ampx", None, Some((4, "&")), None),
            ("&copy=2", None, Some((5, "©")), None),
            ("&copy", Some((5, "©")), Some((5, "©")), None),
            ("&copy;2", Some((6, "©")), Some((6, "©")), Some((6, "©"))),
            ("&notit;", None, Some((4, "¬")), None),
            ("&notin;", Some((7, "∉")), Some((7, "∉")), Some((7, "∉"))),
            ("&#38;", Some((5, "&")), Some((5, "&")), Some((5, "&"))),
            ("&#x26", Some((5, "&")), Some((5, "&")), None),
            ("&#X26;", Some((6, "&")), Some((6, "&")), Some((6, "&"))),
            ("&#128;", Some((6, "€")), Some((6, "€")), Some((6, "\u{80}"))),
            ("&#0;", Some((4, "\u{fffd}")), Some((4, "\u{fffd}")), Some((4, "\u{fffd}"))),
            ("&#xd800;", Some((8, "\u{fffd}")), Some((8, "\u{fffd}")), Some((8, "\u{fffd}"))),
            ("&#99999999999;", Some((14, "\u{fffd}")), Some((14, "\u{fffd}")), None),
            ("&#;", None, None, None),
            ("&;", None, None, None),
            ("& ", None, None, None),
            ("&nonsense;", None, None, None),
            ("x", None, None, None),
        ];
        for &(input, attribute, text, markdown) in cases {
            for (rules, expected) in [(Rules::Attribute, attribute), (Rules::Text, text), (Rules::Markdown, markdown)] {
                let found = read(input, rules);
                assert_eq!(found, expected.map(|(len, value)| (len, value.into())), "{input} by {rules:?}");
            }
        }
    }
}
