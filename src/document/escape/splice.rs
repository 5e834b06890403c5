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
    let first = decoded.value.find('&').and_then(|at| raw.get(decoded.raw_range(at..at + 1)));
    match first {
        Some(spelling) if spelling == "&" || spelling.ends_with(';') => spelling,
        None if !matches!(context, Context::HtmlAttribute { .. } | Context::HtmlText) => "&",
        _ => "&amp;",
    }
}

fn write(
    raw: &str,
    decoded: &Decoded,
    context: Context,
    edits: &[(Range<usize>, Cow<'_, str>)],
    and: &str,
) -> String {
    let mut written = String::with_capacity(raw.len() + 64);
    let mut from = 0;
    for (range, text) in edits {
        let replaced = decoded.raw_range(range.clone());
        // two edits inside one escape cannot both be made; decoding the result shows it
        written.push_str(raw.get(from..replaced.start).unwrap_or_default());
        from = replaced.end.max(from);
        push_text(&mut written, text, &raw[from..], context, and);
    }
    written.push_str(&raw[from..]);
    written
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
