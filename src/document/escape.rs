//! How values are written in the places where links stand: decoding with a map back to the bytes, and writing a changed
//! value with the author's own bytes kept. Decides how a character is spelt in a place; knows no page and no link.

mod reference;
mod splice;

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use self::reference::Rules;
pub use self::splice::{NotWritable, splice, url_text};

/// The syntax around a value, which says how characters are escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// An attribute value of HTML, or a string attribute of JSX.
    HtmlAttribute {
        /// Its quotes; `None` for an unquoted value.
        quote: Option<char>,
    },
    /// Text between HTML tags.
    HtmlText,
    /// The destination of a Markdown link or definition.
    Destination {
        /// Whether it stands between `<` and `>`.
        angle: bool,
    },
    /// A URL between `<` and `>` in Markdown, read as it stands.
    Autolink,
    /// A URL in Markdown text.
    Bare,
    /// A YAML scalar without quotes.
    YamlPlain,
    /// A YAML scalar between single quotes.
    YamlSingle,
    /// A YAML scalar between double quotes.
    YamlDouble,
    /// A TOML string between double quotes.
    TomlBasic,
    /// A TOML string between single quotes.
    TomlLiteral,
    /// A JSON string.
    Json,
    /// A shortcode argument: the strings of Go templates, Tera and Liquid.
    Argument {
        /// Its quotes; `None` for an unquoted value.
        quote: Option<char>,
    },
    /// A value in an attribute list of kramdown or Pandoc.
    AttributeList {
        /// Its quotes; `None` for an unquoted value.
        quote: Option<char>,
    },
}

/// A value, and which bytes stand for which of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The value itself.
    pub value: String,
    escapes: Vec<Escape>,
}

/// Bytes that are not the text they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Escape {
    raw: Range<usize>,
    value: Range<usize>,
}

impl Decoded {
    /// The bytes of the raw text, 0-based, that stand for bytes `range` of [`Self::value`]; widened to whole escapes.
    pub fn raw_range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.escape_around(range.start).map_or_else(|| self.raw_at(range.start), |around| around.raw.start);
        let end = self.escape_around(range.end).map_or_else(|| self.raw_at(range.end), |around| around.raw.end);
        start..end.max(start)
    }

    /// Every escape of the raw text: its bytes and what they stand for, in order.
    pub(super) fn escapes(&self) -> impl Iterator<Item = (Range<usize>, &str)> {
        self.escapes.iter().map(|escape| (escape.raw.clone(), &self.value[escape.value.clone()]))
    }

    /// The escape with byte `at` of the value strictly inside what it stands for.
    fn escape_around(&self, at: usize) -> Option<&Escape> {
        let index = self.escapes.partition_point(|escape| escape.value.end <= at);
        self.escapes.get(index).filter(|escape| escape.value.start < at)
    }

    fn raw_at(&self, at: usize) -> usize {
        let index = self.escapes.partition_point(|escape| escape.value.end <= at);
        match index.checked_sub(1).and_then(|index| self.escapes.get(index)) {
            Some(escape) => escape.raw.end + (at - escape.value.end),
            None => at,
        }
    }
}

/// Reads `raw`, the bytes of a value without its quotes or brackets, as `context` has it.
///
/// What is no valid escape there stands for itself, so that every text decodes to something.
pub fn decode(raw: &str, context: Context) -> Decoded {
    let mut decoded = Decoded { value: String::with_capacity(raw.len()), escapes: Vec::new() };
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = next_candidate(&raw.as_bytes()[at..], context) {
        at += found;
        let Some((len, stands_for)) = read_escape(&raw[at..], context) else {
            at += 1;
            continue;
        };
        decoded.value.push_str(&raw[copied..at]);
        let start = decoded.value.len();
        decoded.value.push_str(&stands_for);
        decoded.escapes.push(Escape { raw: at..at + len, value: start..decoded.value.len() });
        at += len;
        copied = at;
    }
    decoded.value.push_str(&raw[copied..]);
    decoded
}

/// `value` as the whole of an attribute value between two of `quote`, whichever kind of quote that is.
pub fn attribute_text(value: &str, quote: char) -> String {
    let special = |byte| matches!(byte, b'"' | b'\'' | b'&' | b'<' | b'>');
    if !value.bytes().any(special) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '"' if quote == '"' => text.push_str("&quot;"),
            '\'' if quote == '\'' => text.push_str("&#39;"),
            '"' | '\'' => text.push(c),
            c => push_html(&mut text, c),
        }
    }
    text
}

/// `value` as text between HTML tags.
pub fn html_text(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 16);
    value.chars().for_each(|c| push_html(&mut text, c));
    text
}

fn push_html(text: &mut String, c: char) {
    match c {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        c => text.push(c),
    }
}

/// The next byte at which an escape may start.
fn next_candidate(rest: &[u8], context: Context) -> Option<usize> {
    match context {
        Context::HtmlAttribute { .. } | Context::HtmlText => memchr(b'&', rest),
        Context::Destination { .. } | Context::Bare => memchr2(b'&', b'\\', rest),
        Context::YamlSingle => memchr(b'\'', rest),
        Context::YamlDouble | Context::TomlBasic | Context::Json => memchr(b'\\', rest),
        Context::Argument { quote } | Context::AttributeList { quote } => match quote {
            Some('"' | '\'') => memchr(b'\\', rest),
            _ => None,
        },
        Context::Autolink | Context::YamlPlain | Context::TomlLiteral => None,
    }
}

/// The escape that `text` starts with: its length in bytes and what it stands for.
fn read_escape(text: &str, context: Context) -> Option<(usize, Cow<'static, str>)> {
    match context {
        Context::HtmlAttribute { .. } => reference::read(text, Rules::Attribute),
        Context::HtmlText => reference::read(text, Rules::Text),
        Context::Destination { .. } | Context::Bare if text.starts_with('&') => reference::read(text, Rules::Markdown),
        Context::Destination { .. } | Context::Bare => backslash(text, |c| c.is_ascii_punctuation()),
        Context::Argument { .. } => backslash(text, |c| matches!(c, '"' | '\'' | '\\')),
        Context::AttributeList { .. } => backslash(text, |c| c.is_ascii_punctuation()),
        Context::YamlSingle => text.starts_with("''").then_some((2, Cow::Borrowed("'"))),
        Context::YamlDouble => yaml_escape(text),
        Context::TomlBasic => toml_escape(text),
        Context::Json => json_escape(text),
        Context::Autolink | Context::YamlPlain | Context::TomlLiteral => None,
    }
}

fn backslash(text: &str, stands_for_itself: impl Fn(char) -> bool) -> Option<(usize, Cow<'static, str>)> {
    let c = text.strip_prefix('\\')?.chars().next()?;
    stands_for_itself(c).then(|| (2, Cow::Owned(c.to_string())))
}

/// Source: YAML 1.2.2, 5.7 "escaped characters".
fn yaml_escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let short = |value| Some((2, Cow::Borrowed(value)));
    match text.as_bytes().get(1)? {
        b'0' => short("\0"),
        b'a' => short("\u{7}"),
        b'v' => short("\u{b}"),
        b'e' => short("\u{1b}"),
        b' ' => short(" "),
        b'\t' => short("\t"),
        b'N' => short("\u{85}"),
        b'_' => short("\u{a0}"),
        b'L' => short("\u{2028}"),
        b'P' => short("\u{2029}"),
        b'x' => code_point(text, 2),
        b'u' => code_point(text, 4),
        b'U' => code_point(text, 8),
        b'/' => short("/"),
        _ => common_escape(text),
    }
}

/// Source: TOML 1.1, "string"; 1.0 lacks `\e` and `\x`.
fn toml_escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    match text.as_bytes().get(1)? {
        b'e' => Some((2, Cow::Borrowed("\u{1b}"))),
        b'x' => code_point(text, 2),
        b'u' => code_point(text, 4),
        b'U' => code_point(text, 8),
        _ => common_escape(text),
    }
}

/// Source: RFC 8259, section 7.
fn json_escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    match text.as_bytes().get(1)? {
        b'/' => Some((2, Cow::Borrowed("/"))),
        b'u' => code_point(text, 4).or_else(|| surrogates(text)),
        _ => common_escape(text),
    }
}

/// The escapes that YAML, TOML and JSON share.
fn common_escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let value = match text.as_bytes().get(1)? {
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        b'"' => "\"",
        b'\\' => "\\",
        _ => return None,
    };
    Some((2, Cow::Borrowed(value)))
}

fn code_point(text: &str, digits: usize) -> Option<(usize, Cow<'static, str>)> {
    let c = char::from_u32(hex(text, 2, digits)?)?;
    Some((2 + digits, Cow::Owned(c.to_string())))
}

fn surrogates(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let (high, low) = (hex(text, 2, 4)?, hex(text, 8, 4)?);
    let paired = text.get(6..8)? == "\\u" && (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    let c = char::from_u32(0x1_0000 + ((high.checked_sub(0xd800)?) << 10) + low.checked_sub(0xdc00)?)?;
    paired.then(|| (12, Cow::Owned(c.to_string())))
}

fn hex(text: &str, at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    // the parser of the standard library would take a sign
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOUBLE: Context = Context::HtmlAttribute { quote: Some('"') };
    const PLAIN: Context = Context::Destination { angle: false };

    #[test]
    fn every_place_has_its_own_escapes() {
        let argument = Context::Argument { quote: Some('"') };
        for (context, raw, value) in [
            (DOUBLE, "?a=1&amp;b=2&copy=3", "?a=1&b=2&copy=3"),
            (DOUBLE, r"C:\a", r"C:\a"),
            (Context::HtmlText, "a&copy=3&amp;", "a©=3&"),
            (PLAIN, r"/a\_b\q?x=1&amp;y&copy=2", r"/a_b\q?x=1&y&copy=2"),
            (Context::Bare, r"https://h.com/a\_b?x&amp;y", "https://h.com/a_b?x&y"),
            (Context::Autolink, r"https://h.com/\_?x&amp;y", r"https://h.com/\_?x&amp;y"),
            (Context::YamlPlain, r"a''b\n", r"a''b\n"),
            (Context::YamlSingle, r"it''s \n", r"it's \n"),
            (Context::YamlDouble, r#"\"a\"\/\x41\u00e9\U0001F600\q"#, "\"a\"/Aé😀\\q"),
            (Context::TomlBasic, r#"\"\u00e9\U0001F600\/"#, "\"é😀\\/"),
            (Context::TomlLiteral, r"a\nb", r"a\nb"),
            (Context::Json, r#"\"\/\ud83d\ude00\ud83d\u+041"#, "\"/😀\\ud83d\\u+041"),
            (argument, r#"a\"b\n"#, r#"a"b\n"#),
            (Context::Argument { quote: None }, r"a\b", r"a\b"),
            (Context::AttributeList { quote: Some('"') }, r#"a\}b\""#, "a}b\""),
        ] {
            assert_eq!(decode(raw, context).value, value, "{raw} in {context:?}");
        }
    }

    #[test]
    fn parts_of_a_value_lead_to_their_bytes() {
        let raw = "a&amp;b&#x1F600;c&NotEqualTilde;d";
        let decoded = decode(raw, DOUBLE);
        assert_eq!(decoded.value, "a&b😀c≂̸d");
        let of = |part: &str| {
            let at = decoded.value.find(part).expect("part of the value");
            &raw[decoded.raw_range(at..at + part.len())]
        };
        assert_eq!(of("a"), "a");
        assert_eq!(of("&"), "&amp;");
        assert_eq!(of("b"), "b");
        assert_eq!(of("b😀"), "b&#x1F600;");
        assert_eq!(of("≂"), "&NotEqualTilde;", "half of what an escape stands for");
        assert_eq!(of("d"), "d");
        assert_eq!(decoded.raw_range(0..decoded.value.len()), 0..raw.len());
        assert_eq!(decoded.raw_range(2..2), 6..6, "between an escape and what follows");
    }

    #[test]
    fn whole_values_cannot_end_their_attribute() {
        assert_eq!(attribute_text("a\"b'c&d<e>", '"'), "a&quot;b'c&amp;d&lt;e&gt;");
        assert_eq!(attribute_text("a\"b'c", '\''), "a\"b&#39;c");
        assert_eq!(html_text("a < b & c"), "a &lt; b &amp; c");
    }
}
