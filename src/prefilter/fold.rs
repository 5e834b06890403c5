//! Characters that a host name's reader, or a reader of Turkish, folds to ASCII or drops. Decides what a single character
//! becomes.

use std::borrow::Cow;

use url::Host;

/// Blocks with characters that fold to ASCII or vanish, both ends included; not every character of a block does.
///
/// Source: the mapping of UTS 46 as the `url` crate applies it; a test goes through all of Unicode.
const BLOCKS: [(u32, u32); 46] = [
    (0xaa, 0xba),
    (0x130, 0x131),
    (0x132, 0x133),
    (0x17f, 0x17f),
    (0x1c7, 0x1cc),
    (0x1f1, 0x1f3),
    (0x2b0, 0x2e3),
    (0x307, 0x307),
    (0x34f, 0x34f),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x1d2c, 0x1dbb),
    (0x200b, 0x200b),
    (0x2024, 0x2025),
    (0x2060, 0x209f),
    (0x20a8, 0x20a8),
    (0x2100, 0x214f),
    (0x2160, 0x217f),
    (0x2460, 0x24ea),
    (0x2a75, 0x2a76),
    (0x2c7c, 0x2c7d),
    (0x3002, 0x3002),
    (0x3164, 0x3164),
    (0x3250, 0x33ff),
    (0xa7f1, 0xa7f4),
    (0xfb00, 0xfb29),
    (0xfe00, 0xfe0f),
    (0xfe33, 0xfe34),
    (0xfe4d, 0xfe69),
    (0xfeff, 0xfeff),
    (0xff0d, 0xff0e),
    (0xff10, 0xff19),
    (0xff1d, 0xff1d),
    (0xff21, 0xff3a),
    (0xff3f, 0xff3f),
    (0xff41, 0xff5a),
    (0xff61, 0xff61),
    (0xffa0, 0xffa0),
    (0x1_07a5, 0x1_07a5),
    (0x1_bca0, 0x1_bca3),
    (0x1_ccd6, 0x1_ccf9),
    (0x1_d173, 0x1_d17a),
    (0x1_d400, 0x1_df95),
    (0x1_f101, 0x1_fbf9),
    (0xe_0100, 0xe_01ef),
];

/// Whether `c` is in a block whose characters may fold.
pub(super) fn may_fold(c: char) -> bool {
    let code = u32::from(c);
    let block = BLOCKS.partition_point(|&(_, last)| last < code);
    BLOCKS.get(block).is_some_and(|&(first, _)| first <= code)
}

/// Whether `c` stands in a needle where host names drop it: soft hyphens, zero-width characters, selectors.
pub(super) fn vanishes(c: char) -> bool {
    may_fold(c) && fold(c).is_some_and(|folded| folded.is_empty())
}

/// What `c` is in a host name; `None` for itself.
pub(super) fn fold(c: char) -> Option<Cow<'static, str>> {
    if !may_fold(c) {
        return None;
    }
    match c {
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{307}' => {
            return Some("".into());
        }
        // `i` with and without its dot are one letter where case is looked at coarsely
        'İ' | 'ı' => return Some("i".into()),
        '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => return Some(".".into()),
        _ => {}
    }
    // letters on either side, so that rules about where a label begins and ends do not apply
    let Ok(Host::Domain(folded)) = Host::parse(&format!("a{c}a")) else { return None };
    if folded.starts_with("xn--") || folded.contains(".xn--") {
        return None;
    }
    folded.strip_prefix('a')?.strip_suffix('a').map(|folded| folded.to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_folds_is_outside_the_blocks() {
        assert!(BLOCKS.is_sorted());
        for c in ('\u{80}'..=char::MAX).filter(|&c| !may_fold(c)) {
            if let Ok(Host::Domain(host)) = Host::parse(&format!("a{c}a")) {
                let middle = host.get(1..host.len() - 1).unwrap_or_default();
                let punycode = host.starts_with("xn--") || host.contains(".xn--");
                let harmless = punycode || (!middle.is_empty() && !middle.chars().any(super::super::is_plain));
                assert!(harmless, "U+{:04X} becomes {middle:?}", u32::from(c));
            }
        }
    }

    #[test]
    fn characters_fold_as_host_names_do() {
        for (c, folded) in [
            ('\u{ad}', Some("")),
            ('\u{200b}', Some("")),
            ('Ａ', Some("a")),
            ('。', Some(".")),
            ('｡', Some(".")),
            ('．', Some(".")),
            ('\u{212a}', Some("k")),
            ('ſ', Some("s")),
            ('ﬁ', Some("fi")),
            ('𝒂', Some("a")),
            ('™', Some("tm")),
            ('İ', Some("i")),
            ('ı', Some("i")),
            ('\u{307}', Some("")),
            ('é', None),
            ('日', None),
            ('€', None),
        ] {
            assert_eq!(fold(c).as_deref(), folded, "{c}");
        }
    }
}
