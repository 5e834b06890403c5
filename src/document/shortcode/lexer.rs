//! The inside of one template tag, cut into a name and arguments. Decides where a value ends; not what it is for.

use super::{Given, Role};
use crate::span::Span;

/// What stands between a tag's delimiters.
pub(super) struct Read<'t> {
    pub(super) name: &'t str,
    pub(super) role: Role,
    pub(super) arguments: Vec<Given<'t>>,
    /// Whether the arguments stand in parentheses.
    pub(super) call: bool,
}

/// Which delimiters the tag has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{{< >}}`, `{{% %}}`
    Hugo,
    /// `{{ }}`: an expression, of interest only if it is a call.
    Output,
    /// `{% %}`
    Statement,
}

/// Each opening delimiter with its closing one, the longest first.
const DELIMITERS: [(&str, &str, Kind); 4] =
    [("{{<", ">}}", Kind::Hugo), ("{{%", "%}}", Kind::Hugo), ("{{", "}}", Kind::Output), ("{%", "%}", Kind::Statement)];

pub(super) struct Lexer<'t> {
    text: &'t str,
    kind: Kind,
    at: usize,
    end: usize,
}

impl<'t> Lexer<'t> {
    /// A lexer at the first byte inside the tag at `tag`; `None` where there stands no tag.
    pub(super) fn of(text: &'t str, tag: Span) -> Option<Self> {
        let whole = tag.of(text);
        let (open, close, kind) = DELIMITERS.into_iter().find(|(open, ..)| whole.starts_with(open))?;
        let inner = whole.get(open.len()..)?.strip_suffix(close)?;
        let mut lexer = Self { text, kind, at: tag.start + open.len(), end: tag.start + open.len() + inner.len() };
        if kind != Kind::Hugo {
            // whitespace control: `{%- x -%}`
            lexer.at += usize::from(inner.starts_with(['-', '~']));
            lexer.end = (lexer.end - usize::from(inner.ends_with(['-', '~']))).max(lexer.at);
        }
        Some(lexer)
    }

    /// Reads the whole tag; `None` for what is no shortcode.
    pub(super) fn read(mut self) -> Option<Read<'t>> {
        self.skip_blank();
        let closing = self.eat('/');
        self.skip_blank();
        let mut name = self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':'));
        if self.kind == Kind::Hugo && self.rest().trim().is_empty() {
            name = name.strip_suffix('/').unwrap_or(name);
        }
        self.skip_blank();
        let call = self.kind != Kind::Hugo && self.eat('(');
        if name.is_empty() || (self.kind == Kind::Output && !call) {
            return None;
        }
        let arguments = self.arguments(call);
        let end_of = name.strip_prefix("end").filter(|_| {
            self.kind == Kind::Statement
                && !call
                && arguments.iter().all(|given| given.quote.is_none() && given.name.is_none())
        });
        let (name, role) = match end_of {
            _ if closing => (name, Role::Closes),
            Some(rest) => (rest, Role::Closes),
            None if self.kind == Kind::Output || self.closes_itself() => (name, Role::Alone),
            None => (name, Role::Opens),
        };
        Some(Read { name, role, arguments, call })
    }

    fn arguments(&mut self, call: bool) -> Vec<Given<'t>> {
        let mut arguments = Vec::new();
        let mut depth = 0_usize;
        let mut name = None;
        loop {
            self.skip_blank();
            let Some(c) = self.rest().chars().next() else { break };
            match c {
                ',' => {
                    self.at += 1;
                    name = None;
                }
                '"' | '\'' | '`' => {
                    let Some(value) = self.quoted(c) else { break };
                    arguments.push(Given { name: name.take(), value, quote: Some(c), nested: depth > 0 });
                }
                ')' if call && depth == 0 => break,
                '(' | '[' | '{' if call => {
                    self.at += 1;
                    depth += 1;
                }
                ')' | ']' | '}' if call => {
                    self.at += 1;
                    depth = depth.saturating_sub(1);
                    name = None;
                }
                _ if name.is_none() && self.key().is_some() => name = self.eat_key(),
                _ => {
                    let value = self.bare(call);
                    // a slash on its own closes the tag; it is no value
                    if value.of(self.text) != "/" {
                        arguments.push(Given { name: name.take(), value, quote: None, nested: depth > 0 });
                    }
                }
            }
        }
        arguments
    }

    /// The name at this place if a value is given under it, and how many bytes reach up to that value.
    fn key(&self) -> Option<(&'t str, usize)> {
        let rest = self.rest();
        let name = &rest[..rest.find(|c: char| !is_key(c)).unwrap_or(rest.len())];
        let after = rest.get(name.len()..).filter(|_| !name.is_empty())?;
        let spaced = after.trim_start();
        let gap = after.len() - spaced.len();
        if spaced.starts_with('=') && !spaced.starts_with("==") {
            return Some((name, name.len() + gap + 1));
        }
        // Liquid: `{% render "cta", url: "..." %}`; the colon of a URL has no blank behind it
        let value = after.strip_prefix(':').filter(|_| self.kind == Kind::Statement)?;
        value.starts_with([' ', '\t', '\r', '\n', '"', '\'']).then_some((name, name.len() + 1))
    }

    fn eat_key(&mut self) -> Option<&'t str> {
        let (name, length) = self.key()?;
        self.at += length;
        Some(name)
    }

    /// The bytes between two of `quote`; `None` where the second is missing.
    fn quoted(&mut self, quote: char) -> Option<Span> {
        let start = self.at + 1;
        let bytes = self.rest().as_bytes();
        let mut length = 1;
        loop {
            let byte = *bytes.get(length)?;
            match byte {
                b'\\' if quote != '`' => length += 2,
                _ if char::from(byte) == quote => break,
                _ => length += 1,
            }
        }
        self.at += length + 1;
        Some(Span::new(start, self.at - 1))
    }

    /// A value without quotes, one character at least.
    fn bare(&mut self, call: bool) -> Span {
        let start = self.at;
        let rest = self.rest();
        let ends = |(at, c): &(usize, char)| {
            let blank_follows =
                || rest.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
            c.is_whitespace() || (call && ",()[]{}".contains(*c)) || (*c == ',' && blank_follows())
        };
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at += rest.char_indices().skip(1).find(ends).map_or(rest.len(), |(at, _)| at).max(first);
        Span::new(start, self.at)
    }

    /// Whether the tag ends with a slash of its own: `{{< x />}}`.
    fn closes_itself(&self) -> bool {
        let inner = self.text.get(..self.end).unwrap_or_default().trim_end();
        self.kind == Kind::Hugo
            && inner.strip_suffix('/').is_some_and(|before| {
                // not the last byte of an unquoted URL
                let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
                word.is_empty() || word.ends_with(['"', '\'', '`']) || !word.contains("//")
            })
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.rest().starts_with(c);
        self.at += if there { c.len_utf8() } else { 0 };
        there
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }
}

fn is_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')
}
