//! Writing a changed URL into the bytes of the old one.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use thiserror::Error;

use super::{Context, Decoded, decode, read_escape};

/// What no URL needs as it is and some place cannot hold: quotes, brackets, blanks, table bars, template syntax.
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'<').add(b'>').add(b'`').add(b'|').add(b'{').add(b'}').add(b'\\');

/// Round brackets, which end a Markdown destination where they do not balance.
const ROUND: &AsciiSet = &AsciiSet::EMPTY.add(b'(').add(b')');

/// What ends an item of a YAML or Pandoc list.
const LISTED: &AsciiSet = &AsciiSet::EMPTY.add(b',').add(b'[').add(b']');

/// As deep as Markdown parsers follow round brackets in a destination.
const DEPTH: usize = 32;

/// Why a changed value cannot be written where the old one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotWritable {
    /// It stands without quotes, and the new one would need them.
    #[error("the value would need quotes")]
    NeedsQuotes,
    /// The edits are not ranges of the value, or not in order.
    #[error("the edits do not fit the value")]
    NoSuchRange,
    /// What would be written does not read back as what is meant.
    #[error("the value cannot be written there with certainty")]
    NotCertain,
}

/// `text` with every character percent-encoded that could end a value, a cell or a template expression somewhere.
///
/// [`splice`] does this to all new text, so what is expected of its result has to be written with this, too.
pub fn url_text(text: &str) -> Cow<'_, str> {
    utf8_percent_encode_ascii(text, UNSAFE)
}

/// The bytes of `raw` with `edits` made to the URL that they stand for in `context`.
///
/// `edits` are ranges of bytes of the decoded value and what is to stand there, sorted and disjoint. Untouched parts keep
/// their bytes; new text is passed through [`url_text`] and escaped as the author does it: `&` as `&amp;` where the value
/// has it so or, in HTML, where it has none yet. The result, decoded, is the value with the edits made, or nothing is given:
/// [`NotWritable::NeedsQuotes`] where an unquoted value cannot hold it, [`NotWritable::NotCertain`] where no spelling can.
pub fn splice(raw: &str, context: Context, edits: &[(Range<usize>, String)]) -> Result<String, NotWritable> {
    let decoded = decode(raw, context);
    check_ranges(&decoded.value, edits)?;
    let edits: Vec<_> = edits.iter().map(|(range, text)| (range.clone(), safe_text(text, context))).collect();
    let spelling = ampersand(raw, &decoded, context);
    // where brackets or references do not come out, the more guarded spelling is tried before giving up
    for (guard_round, guard_and) in [(false, false), (false, true), (true, false), (true, true)] {
        let edits: Vec<_> = edits.iter().map(|(range, text)| (range.clone(), guarded(text, guard_round))).collect();
        let expected = edited(&decoded.value, &edits);
        let and = if guard_and && has_references(context) { "&amp;" } else { spelling };
        let written = write(raw, &decoded, context, &edits, and);
        if decode(&written, context).value == expected && stands(&written, context) {
            return if holds(raw, &written, context) { Ok(written) } else { Err(NotWritable::NeedsQuotes) };
        }
    }
    Err(NotWritable::NotCertain)
}

fn check_ranges(value: &str, edits: &[(Range<usize>, String)]) -> Result<(), NotWritable> {
    let mut from = 0;
    for (range, _) in edits {
        if range.start < from || value.get(range.clone()).is_none() {
            return Err(NotWritable::NoSuchRange);
        }
        from = range.end;
    }
    Ok(())
}

fn safe_text(text: &str, context: Context) -> String {
    let text = url_text(text);
    match context {
        Context::YamlPlain | Context::AttributeList { quote: None } => {
            utf8_percent_encode_ascii(&text, LISTED).into_owned()
        }
        _ => text.into_owned(),
    }
}

fn guarded(text: &str, guard_round: bool) -> Cow<'_, str> {
    if guard_round { utf8_percent_encode_ascii(text, ROUND) } else { Cow::Borrowed(text) }
}

/// Percent-encodes the characters of `set` alone; others than ASCII stay as they are.
fn utf8_percent_encode_ascii<'t>(text: &'t str, set: &'static AsciiSet) -> Cow<'t, str> {
    let mut encoded = Cow::Borrowed("");
    for part in text.split_inclusive(|c: char| !c.is_ascii()) {
        let ascii = part.trim_end_matches(|c: char| !c.is_ascii());
        encoded += Cow::from(utf8_percent_encode(ascii, set));
        encoded += &part[ascii.len()..];
    }
    encoded
}

fn edited(value: &str, edits: &[(Range<usize>, Cow<'_, str>)]) -> String {
    let mut result = String::with_capacity(value.len() + 64);
    let mut from = 0;
    for (range, text) in edits {
        result.push_str(&value[from..range.start]);
        result.push_str(text);
        from = range.end;
    }
    result.push_str(&value[from..]);
    result
}

fn has_references(context: Context) -> bool {
    use Context::{Bare, Destination, HtmlAttribute, HtmlText};
    matches!(context, HtmlAttribute { .. } | HtmlText | Destination { .. } | Bare)
}

/// How the author writes an ampersand in this value.
fn ampersand<'r>(raw: &'r str, decoded: &Decoded, context: Context) -> &'r str {
    if !has_references(context) {
        return "&";
    }
    let first = decoded.value.find('&').and_then(|at| raw.get(decoded.raw_range(at..at + 1)));
    match first {
        Some(spelling) if spelling == "&" || spelling.ends_with(';') => spelling,
        None if !matches!(context, Context::HtmlAttribute { .. } | Context::HtmlText) => "&",
        _ => "&amp;",
    }
}

fn write(raw: &str, decoded: &Decoded, context: Context, edits: &[(Range<usize>, Cow<'_, str>)], and: &str) -> String {
    let mut written = String::with_capacity(raw.len() + 64);
    let mut from = 0;
    for (range, text) in edits {
        let replaced = decoded.raw_range(range.clone());
        // two edits inside one escape cannot both be made; decoding the result shows it
        written.push_str(raw.get(from..replaced.start).unwrap_or_default());
        from = replaced.end.max(from);
        if text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '=')
            && ends_in_open_reference(&written, context)
        {
            written.push(';');
        }
        push_text(&mut written, text, &raw[from..], context, and);
    }
    written.push_str(&raw[from..]);
    written
}

/// Whether `written` ends with a reference without its semicolon, such as `&amp`, which a letter behind it would undo.
fn ends_in_open_reference(written: &str, context: Context) -> bool {
    let bytes = written.as_bytes();
    let near = bytes.len().saturating_sub(40);
    let start = memchr::memrchr(b'&', &bytes[near..]).map(|at| near + at);
    let tail =
        start.and_then(|start| written.get(start..)).filter(|tail| has_references(context) && !tail.ends_with(';'));
    tail.is_some_and(|tail| read_escape(tail, context).is_some_and(|(length, _)| length == tail.len()))
}

/// Writes new text; `behind` is what follows it, which may complete a reference.
fn push_text(written: &mut String, text: &str, behind: &str, context: Context, and: &str) {
    let mut parts = text.split('&');
    written.push_str(parts.next().unwrap_or_default());
    for part in parts {
        // no reference is longer than this, and none goes on past the part unless the part is all of it
        let behind: String = behind.chars().take(40).collect();
        let would_be_read = || read_escape(&format!("&{part}{behind}"), context).is_some();
        let keep_bare = and == "&" && !(has_references(context) && would_be_read());
        written.push_str(if and == "&" && !keep_bare { "&amp;" } else { and });
        written.push_str(part);
    }
}

/// Whether `raw` is all of a value there: in Markdown, whether the parser would end it where it is meant to end.
fn stands(raw: &str, context: Context) -> bool {
    match context {
        Context::Destination { angle: true } => !raw.contains(['\n', '\r']),
        Context::Destination { angle: false } => !raw.is_empty() && !raw.starts_with('<') && balances(raw),
        _ => true,
    }
}

fn balances(raw: &str) -> bool {
    let mut depth = 0_usize;
    let mut escaped = false;
    for byte in raw.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' if depth == DEPTH => return false,
            b'(' => depth += 1,
            b')' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

/// Whether the value can do without quotes, where it has none.
fn holds(old: &str, new: &str, context: Context) -> bool {
    match context {
        Context::HtmlAttribute { quote: None } => {
            // parsers take `=` but the specification has no unquoted value with one: none is brought in
            !new.is_empty() && (old.contains('=') || !new.contains('='))
        }
        Context::Argument { quote: None } | Context::AttributeList { quote: None } => {
            !new.is_empty() && (old.contains('=') || !new.contains('='))
        }
        Context::YamlPlain => {
            !new.is_empty() && !new.ends_with(':') && !new.starts_with(|c: char| "-?:,[]{}#&*!|>'\"%@`".contains(c))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DOUBLE: Context = Context::HtmlAttribute { quote: Some('"') };
    const UNQUOTED: Context = Context::HtmlAttribute { quote: None };
    const PLAIN: Context = Context::Destination { angle: false };
    const ANGLE: Context = Context::Destination { angle: true };

    /// Puts `new` where `old` stands in the decoded value; an empty `old` is the end.
    fn put(raw: &str, context: Context, old: &str, new: &str) -> Result<String, NotWritable> {
        let value = decode(raw, context).value;
        let range = if old.is_empty() {
            value.len()..value.len()
        } else {
            let at = value.find(old).expect("part of the value");
            at..at + old.len()
        };
        splice(raw, context, &[(range, new.to_owned())])
    }

    #[test]
    fn new_text_is_spelt_as_the_author_spells() {
        for (context, raw, old, new, expected) in [
            (DOUBLE, "https://h.com/?a=1", "", "&b=2", "https://h.com/?a=1&amp;b=2"),
            (DOUBLE, "?a=1&b=2", "", "&c=3", "?a=1&b=2&c=3"),
            (DOUBLE, "?a=1&b=2", "", "&copy=3", "?a=1&b=2&copy=3"),
            (DOUBLE, "?a=1&b=2", "", "&copy", "?a=1&b=2&amp;copy"),
            (DOUBLE, "?a=1&amp;b=2&c", "", "&d=3", "?a=1&amp;b=2&c&amp;d=3"),
            (DOUBLE, "?a=1&#38;b=2", "", "&c=3", "?a=1&#38;b=2&#38;c=3"),
            (DOUBLE, "?a=1&amp;tag=x&amp;b=é&#x2F;", "x", "me-20", "?a=1&amp;tag=me-20&amp;b=é&#x2F;"),
            (DOUBLE, "?a=1&amp;tag=x#f", "&tag=x", "", "?a=1#f"),
            (DOUBLE, "x", "x", "a b\"c'd<e>f`g|h{i}j\\k\tl", "a%20b%22c%27d%3Ce%3Ef%60g%7Ch%7Bi%7Dj%5Ck%09l"),
            (DOUBLE, "x", "x", "é日", "é日"),
            (Context::HtmlText, "?a", "", "&copy=1", "?a&amp;copy=1"),
            (DOUBLE, "?a&amp", "", "tag=1", "?a&amp;tag=1"),
            (UNQUOTED, "?a=1&amp", "", "tag=1", "?a=1&amp;tag=1"),
            (DOUBLE, "?a&copy", "", "&tag=1", "?a&copy&amp;tag=1"),
            (PLAIN, "?a&amp", "", "tag=1", "?a&amptag=1"),
            (Context::HtmlText, "?a&b", "", "&copy=1", "?a&b&amp;copy=1"),
            (UNQUOTED, "/?a=1", "", "&b=2", "/?a=1&amp;b=2"),
            (PLAIN, "https://h.com/a", "", "?x=1&y=2", "https://h.com/a?x=1&y=2"),
            (PLAIN, "https://h.com/a?x=1&amp;y", "", "&z", "https://h.com/a?x=1&amp;y&amp;z"),
            (PLAIN, "https://h.com/a?x", "", "&copy;2", "https://h.com/a?x&amp;copy;2"),
            (PLAIN, "https://h.com/a?x", "", "&copy=2", "https://h.com/a?x&copy=2"),
            (PLAIN, r"https://h.com/\_a\)", "h.com", "i.com", r"https://i.com/\_a\)"),
            (PLAIN, "https://h.com/a", "", "(b)", "https://h.com/a(b)"),
            (PLAIN, "https://h.com/a", "", "b)", "https://h.com/ab%29"),
            (PLAIN, "https://h.com/(a)", "", ")(", "https://h.com/(a)%29%28"),
            (ANGLE, "https://h.com/a b", "", "c) <d>", "https://h.com/a bc)%20%3Cd%3E"),
            (Context::YamlPlain, "https://h.com/a", "", "?x=1&y=a,b", "https://h.com/a?x=1&y=a%2Cb"),
            (Context::YamlSingle, "https://h.com/it''s", "", "?x='", "https://h.com/it''s?x=%27"),
            (Context::YamlDouble, r"https:\/\/h.com", "", "/\"", r"https:\/\/h.com/%22"),
            (Context::TomlBasic, r"https://h.com/\u00e9", "", "?a&b", r"https://h.com/\u00e9?a&b"),
            (Context::TomlLiteral, "https://h.com", "", "/'", "https://h.com/%27"),
            (Context::Json, r"https:\/\/h.com\/\u0026", "", "&a", r"https:\/\/h.com\/\u0026&a"),
            (Context::Argument { quote: Some('"') }, "https://h.com", "", "?a&b }}", "https://h.com?a&b%20%7D%7D"),
            (Context::Argument { quote: None }, "https://h.com?a=1", "", "&b=2", "https://h.com?a=1&b=2"),
        ] {
            assert_eq!(put(raw, context, old, new).as_deref(), Ok(expected), "{raw} + {new} in {context:?}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        use NotWritable::{NeedsQuotes, NoSuchRange, NotCertain};
        assert_eq!(put("/", UNQUOTED, "", "?a=1"), Err(NeedsQuotes));
        assert_eq!(put("x", UNQUOTED, "x", ""), Err(NeedsQuotes));
        assert_eq!(put("/", Context::Argument { quote: None }, "", "?a=1"), Err(NeedsQuotes));
        assert_eq!(put("h.com", Context::YamlPlain, "", ":"), Err(NeedsQuotes));
        assert_eq!(put("h.com", Context::YamlPlain, "h", "&"), Err(NeedsQuotes));
        assert_eq!(put("a(b)", PLAIN, "(", ""), Err(NotCertain), "the author's own bracket is left alone");
        assert_eq!(put("a", PLAIN, "a", ""), Err(NotCertain), "no destination is left");
        assert_eq!(put("a&NotEqualTilde;", DOUBLE, "≂", "x"), Err(NotCertain), "half of what an escape stands for");
        for edits in [vec![(0..9, String::new())], vec![(1..2, String::new()), (0..1, String::new())]] {
            assert_eq!(splice("abc", DOUBLE, &edits), Err(NoSuchRange));
        }
        assert_eq!(splice("é", DOUBLE, &[(1..2, String::new())]), Err(NoSuchRange));
    }

    fn contexts() -> impl Strategy<Value = Context> {
        let quotes = [Some('"'), Some('\''), None];
        let mut contexts: Vec<_> = [
            Context::HtmlText,
            PLAIN,
            ANGLE,
            Context::Autolink,
            Context::Bare,
            Context::YamlPlain,
            Context::YamlSingle,
            Context::YamlDouble,
            Context::TomlBasic,
            Context::TomlLiteral,
            Context::Json,
        ]
        .into();
        contexts.extend(quotes.map(|quote| Context::HtmlAttribute { quote }));
        contexts.extend(quotes.map(|quote| Context::Argument { quote }));
        contexts.extend(quotes.map(|quote| Context::AttributeList { quote }));
        prop::sample::select(contexts)
    }

    fn raw() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "https://h.com/",
            "?",
            "&",
            "&amp;",
            "&#38;",
            "&#x26",
            "&copy",
            "&copy;",
            ";",
            "=",
            "a",
            "é",
            "\\",
            "\\u00e9",
            "\\\"",
            "''",
            "(",
            ")",
            " ",
            "#",
            "%20",
            "&nGt;",
            "日",
            "\\ud83d\\ude00",
            "amp;",
            "<",
            ",",
        ]);
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn decoded_parts_make_up_the_raw_text(raw in raw(), context in contexts()) {
            let decoded = decode(&raw, context);
            let mut from = 0;
            for (at, c) in decoded.value.char_indices() {
                let range = decoded.raw_range(at..at + c.len_utf8());
                prop_assert!(range.start <= from && from <= range.end, "{} leaves a gap in {}", at, raw);
                prop_assert!(raw.get(range.clone()).is_some());
                from = range.end;
            }
            prop_assert_eq!(from, raw.len());
        }

        #[test]
        fn what_is_written_reads_back(raw in raw(), context in contexts(), new in raw(), ends in (0..40_usize, 0..40_usize)) {
            let value = decode(&raw, context).value;
            let (start, end) = (ends.0.min(ends.1).min(value.len()), ends.0.max(ends.1).min(value.len()));
            let Ok(written) = splice(&raw, context, &[(start..end, new.clone())]) else { return Ok(()) };
            let read = decode(&written, context).value;
            prop_assert!(read.starts_with(&value[..start]) && read.ends_with(&value[end..]));
            let middle = &read[start..read.len() - (value.len() - end)];
            let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
            prop_assert_eq!(plain(middle), plain(&new));
            if start == end && new.is_empty() {
                prop_assert_eq!(written, raw);
            }
        }
    }
}
