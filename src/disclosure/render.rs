//! From a text to the bytes of a page: escaped for where it goes, in the markup around it. Decides how a character is
//! written so that no reader of Markdown, HTML, MDX or templates takes it for anything but itself.

use std::fmt::Write as _;

use super::Disclosure;
use crate::source::Format;

/// What stands for the text in the markup around it.
const TEXT: &str = "{text}";

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Its format.
    pub format: Format,
    /// How its lines end: LF, CR LF or CR.
    pub line_end: &'static str,
    /// Whether every character beyond ASCII is written as a reference: the page does not say that it is UTF-8.
    pub ascii: bool,
}

impl Style {
    /// The style of the page `text`.
    pub fn of(text: &str, format: Format) -> Self {
        let line_end = match memchr::memchr(b'\n', text.as_bytes()) {
            Some(at) if text.as_bytes().get(..at).is_some_and(|line| line.ends_with(b"\r")) => "\r\n",
            None if memchr::memchr(b'\r', text.as_bytes()).is_some() => "\r",
            _ => "\n",
        };
        Self { format, line_end, ascii: format == Format::Html && !is_utf8(text) }
    }
}

/// The whole notice that says `text`, as it stands on a page.
pub fn notice(text: &str, disclosure: &Disclosure, style: Style) -> String {
    let (before, behind) = around(disclosure, style);
    // what is at the start of its line can be more than a character; so it is behind the marks of quotes and lists
    let line = before.rsplit('\n').next().unwrap_or_default();
    let marks = line.is_empty() || line.ends_with(char::is_whitespace) && !line.contains(char::is_alphabetic);
    let starts_line = marks || line.trim_end().ends_with('>');
    finished(format!("{before}{}{behind}", escaped(text, style, starts_line)), style)
}

/// How many bytes of a notice stand before its text.
pub(super) fn lead(disclosure: &Disclosure, style: Style) -> usize {
    finished(around(disclosure, style).0.to_owned(), style).len()
}

/// What stands before a notice's text and behind it.
fn around(disclosure: &Disclosure, style: Style) -> (&str, &str) {
    disclosure.markup(style.format).split_once(TEXT).unwrap_or_default()
}

fn finished(mut whole: String, style: Style) -> String {
    if style.line_end != "\n" {
        whole = whole.replace('\n', style.line_end);
    }
    if style.ascii { ascii(&whole) } else { whole }
}

/// The marker behind a link, as it stands on a page.
pub fn marker(text: &str, style: Style) -> String {
    let marker = escaped(text, style, false);
    if style.ascii { ascii(&marker) } else { marker }
}

/// `text` so that it is shown as it is. References are used throughout: they mean the same in Markdown, in HTML inside
/// Markdown, in MDX and in HTML, and no template syntax is left.
fn escaped(text: &str, style: Style, starts_line: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    let mut in_number = starts_line;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let first = starts_line && before.is_none();
        let plain = if style.format == Format::Html {
            let of_url = c == ':' && next == Some('/') || c == '.' && is_www(&out);
            !of_url && !matches!(c, '&' | '<' | '>' | '"' | '{' | '}')
        } else {
            // `1.` and `1)` begin a list
            let lists = in_number && before.is_some() && matches!(c, '.' | ')');
            is_plain(c, before, next)
                && !lists
                && !(first && matches!(c, '-' | '+' | '=' | '#' | '%' | ':' | '!' | '?'))
        };
        in_number &= c.is_ascii_digit();
        match c {
            _ if plain => out.push(c),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => push_reference(&mut out, c),
        }
        before = Some(c);
    }
    out
}

/// Whether a host may begin at the end of `written`.
fn is_www(written: &str) -> bool {
    written.get(written.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Whether a character of Markdown text between `before` and `next` is no part of any markup.
fn is_plain(c: char, before: Option<char>, next: Option<char>) -> bool {
    let doubled = before == Some(c) || next == Some(c);
    match c {
        '&' | '<' | '>' | '"' | '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '~' | '|' | '$' | '^' | '@' => false,
        // `==marked==`, `++inserted++`, `--` for a dash, `%%` for comments
        '=' | '+' | '-' | '%' | ':' if doubled => false,
        // a URL's, an emoji's or a role's; a sentence goes on with a space
        ':' => next.is_none_or(char::is_whitespace),
        // some readers make a link of every name with a dot in it
        '.' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
        '#' => !next.is_some_and(char::is_alphanumeric) || !before.is_none_or(char::is_whitespace),
        _ => true,
    }
}

fn push_reference(out: &mut String, c: char) {
    // writing to a `String` cannot fail
    let _ = write!(out, "&#{};", u32::from(c));
}

fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() { out.push(c) } else { push_reference(&mut out, c) }
    }
    out
}

/// How much of a page is looked at for its encoding, in bytes (HTML, "determining the character encoding").
const PRESCAN: usize = 1024;

/// Whether the page is known to be UTF-8: all of its bytes are, and it says so, or says nothing else and holds characters that
/// only UTF-8 has.
fn is_utf8(text: &str) -> bool {
    if text.contains(crate::source::UNREADABLE) {
        return false;
    }
    let head = text.get(..text.floor_char_boundary(PRESCAN)).unwrap_or_default().to_ascii_lowercase();
    let declared = head.split("charset=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
    if let Some(name) = declared {
        return name.starts_with("utf-8") || name.starts_with("utf8");
    }
    !text.trim_start_matches('\u{feff}').is_ascii()
}
