//! JSX in Markdown: tags, expressions, `import` and `export`. Decides where they stand and which attributes a tag has;
//! what they mean is decided elsewhere. Source: the MDX syntax (mdxjs.com/docs/what-is-mdx), read by hand: an expression
//! is what stands between balanced braces.

use crate::document::mask::{BlankLines, blank_line};
use crate::span::Span;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// From `<` to `>`.
    pub(super) span: Span,
    /// Its name; empty for a fragment.
    pub(super) name: Span,
    /// Whether it is an end tag.
    pub(super) closing: bool,
    /// Whether it ends itself: `<br />`.
    pub(super) empty: bool,
    /// Its attributes, spread ones left out.
    pub(super) attributes: Vec<Written>,
}

/// An attribute of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Its name.
    pub(super) name: Span,
    /// From the name to the end of the value.
    pub(super) whole: Span,
    /// Its value.
    pub(super) value: Value,
}

/// An attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// There is none.
    None,
    /// A string, its quotes left out.
    Text(Span, char),
    /// An expression.
    Expression,
}

/// What is not Markdown in MDX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A tag.
    Tag(Tag),
    /// An expression, and the comment's body where it is one.
    Expression(Span, Option<Span>),
    /// `import` and `export` lines.
    Module(Span),
}

impl Item {
    /// Its bytes.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Tag(tag) => tag.span,
            Self::Expression(span, _) | Self::Module(span) => *span,
        }
    }
}

/// Everything in `text` from byte `from` on that is not Markdown, in order. `fences` are its fenced code blocks.
pub(super) fn scan(text: &str, from: usize, fences: &[Span]) -> Vec<Item> {
    Scanner::new(text).run(from, fences)
}

/// The start tags of `html`, a text that holds HTML and nothing else.
pub(super) fn start_tags(html: &str) -> Vec<Tag> {
    let mut scanner = Scanner::new(html);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        at += offset;
        if html[at..].starts_with("<!--") {
            at = html[at..].find("-->").map_or(html.len(), |length| at + length + 3);
        } else if let Some(tag) = scanner.tag(at) {
            at = tag.span.end;
            found.extend((!tag.closing).then_some(tag));
        } else {
            at += 1;
        }
    }
    found
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// How many bytes may still be read in vain: without an end, hostile braces would be read again and again.
    budget: usize,
    /// Per length of a run of backticks, up to where it is known that none closes.
    unclosed: [usize; 8],
    blanks: BlankLines,
    /// From where on no `*/` stands.
    no_comment_end: usize,
    /// Where the stretch of prose being read ends: no tag or expression reaches into fenced code.
    limit: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            budget: 4 * text.len() + 4096,
            unclosed: [0; 8],
            blanks: BlankLines::default(),
            no_comment_end: text.len(),
            limit: text.len(),
        }
    }

    fn run(mut self, from: usize, fences: &[Span]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut at = from;
        for fence in fences {
            at = self.prose(at, fence.start, &mut items).max(fence.end);
        }
        self.prose(at, self.bytes.len(), &mut items);
        items
    }

    /// Reads a stretch without fenced code; gives where it stopped, which is behind `end` where a comment reaches beyond.
    fn prose(&mut self, from: usize, end: usize, items: &mut Vec<Item>) -> usize {
        self.limit = end;
        let mut at = from;
        let mut block_start = true;
        while at < end {
            let line_end = memchr::memchr(b'\n', &self.bytes[at..end]).map_or(end, |length| at + length + 1);
            if block_start && self.starts_module(at) {
                let stop = self.module_end(at, end);
                items.push(Item::Module(Span::new(at, stop)));
                at = stop;
                continue;
            }
            block_start = self.bytes[at..line_end].iter().all(u8::is_ascii_whitespace);
            at = self.line(at, line_end, items);
        }
        at
    }

    /// Reads the rest of a line; gives where to go on, which is behind it where a tag reaches beyond.
    fn line(&mut self, from: usize, end: usize, items: &mut Vec<Item>) -> usize {
        let mut at = from;
        while at < end {
            let Some(offset) = self.bytes[at..end].iter().position(|byte| matches!(byte, b'\\' | b'`' | b'{' | b'<'))
            else {
                return end;
            };
            at += offset;
            let item = match self.bytes[at] {
                b'\\' => {
                    at += 2;
                    continue;
                }
                b'`' => {
                    at = self.code_end(at);
                    continue;
                }
                b'{' => self.expression(at),
                _ => self.tag(at).map(Item::Tag),
            };
            match item {
                Some(item) => {
                    at = item.span().end;
                    items.push(item);
                }
                None => at += 1,
            }
        }
        at
    }

    /// The end of the code span whose backticks stand at `at`; behind the backticks where nothing closes it.
    fn code_end(&mut self, at: usize) -> usize {
        let run = |at: usize| self.bytes[at..].iter().take_while(|&&byte| byte == b'`').count();
        let length = run(at);
        let inside = at + length;
        let slot = length.min(self.unclosed.len()) - 1;
        if self.unclosed[slot] > at {
            return inside;
        }
        let limit = self.blanks.next(self.bytes, at);
        let mut next = inside;
        while let Some(offset) = memchr::memchr(b'`', &self.bytes[next..limit.max(next)]) {
            let found = run(next + offset);
            next += offset + found;
            if found == length {
                return next;
            }
        }
        self.unclosed[slot] = limit;
        inside
    }

    /// The expression whose `{` stands at `at`.
    fn expression(&mut self, at: usize) -> Option<Item> {
        let end = self.braces_end(at)?;
        let inner = self.text.get(at + 1..end - 1)?;
        let comment = inner.trim().strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")).map(|body| {
            let start = at + 1 + (inner.len() - inner.trim_start().len()) + 2;
            Span::new(start, start + body.len())
        });
        Some(Item::Expression(Span::new(at, end), comment))
    }

    /// One past the `}` that closes the `{` at `at`: strings, templates and comments are not looked into.
    fn braces_end(&mut self, at: usize) -> Option<usize> {
        if self.bytes[at..].starts_with(b"{/*") {
            let mut end = self.comment_end(at + 1) + 1;
            self.skip_space(&mut end);
            if end > at + 2 && self.bytes.get(end) == Some(&b'}') {
                return Some(end + 1);
            }
        }
        let mut depth = 0_usize;
        let mut next = at;
        while next < self.limit && next - at < self.budget {
            match self.bytes[next] {
                b'{' => depth += 1,
                b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(next + 1);
                    }
                }
                b'"' | b'\'' | b'`' => next = self.string_end(next),
                b'/' => next = self.comment_end(next),
                _ => {}
            }
            next += 1;
        }
        self.budget = self.budget.saturating_sub(next - at);
        None
    }

    /// The quote that closes the one at `at`; `at` itself where none does on its line.
    fn string_end(&self, at: usize) -> usize {
        let quote = self.bytes[at];
        let mut next = at + 1;
        while let Some(&byte) = self.bytes.get(next) {
            match byte {
                b'\\' => next += 1,
                b'\n' if quote != b'`' => return at,
                _ if byte == quote => return next,
                _ => {}
            }
            next += 1;
        }
        at
    }

    /// The last byte of the comment at `at`; `at` itself where there is none.
    fn comment_end(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        if rest.starts_with(b"/*") {
            if at >= self.no_comment_end {
                return at;
            }
            let Some(length) = memchr::memmem::find(&rest[2..], b"*/") else {
                self.no_comment_end = at;
                return at;
            };
            return at + length + 3;
        }
        // `//` behind a colon is a URL
        if rest.starts_with(b"//") && at > 0 && self.bytes[at - 1] != b':' {
            return memchr::memchr(b'\n', rest).map_or(at, |length| at + length);
        }
        at
    }

    /// The tag whose `<` stands at `at`.
    fn tag(&mut self, at: usize) -> Option<Tag> {
        let mut tag =
            Tag { span: Span::at(at), name: Span::at(at), closing: false, empty: false, attributes: Vec::new() };
        let mut next = at + 1;
        if self.bytes.get(next) == Some(&b'/') {
            tag.closing = true;
            next += 1;
        }
        let name_end = self.name_end(next, b"_$-.:")?;
        tag.name = Span::new(next, name_end);
        let end = if self.budget == 0 { None } else { self.tag_rest(&mut tag, name_end) };
        if end.is_none() {
            let reached = tag.attributes.last().map_or(name_end, |last| last.whole.end);
            self.budget = self.budget.saturating_sub(64 + reached - at);
        }
        tag.span = Span::new(at, end?);
        Some(tag)
    }

    /// Reads attributes up to and with `>`.
    fn tag_rest(&mut self, tag: &mut Tag, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let spaced = self.skip_space(&mut at);
            match *self.bytes.get(at)? {
                b'>' => return Some(at + 1),
                b'/' => {
                    tag.empty = true;
                    at += 1;
                    self.skip_space(&mut at);
                    return (self.bytes.get(at) == Some(&b'>')).then_some(at + 1);
                }
                b'{' if !tag.name.is_empty() => at = self.braces_end(at)?,
                _ if spaced && !tag.name.is_empty() && !tag.closing => {
                    let written = self.attribute(at)?;
                    at = written.whole.end;
                    tag.attributes.push(written);
                }
                _ => return None,
            }
        }
    }

    fn attribute(&mut self, at: usize) -> Option<Written> {
        let end = self.name_end(at, b"_$-.:@#").filter(|&end| end > at)?;
        let name = Span::new(at, end);
        let mut next = end;
        self.skip_space(&mut next);
        if self.bytes.get(next) != Some(&b'=') {
            return Some(Written { name, whole: name, value: Value::None });
        }
        next += 1;
        self.skip_space(&mut next);
        let (value, end) = match *self.bytes.get(next)? {
            quote @ (b'"' | b'\'') => {
                let length = self.quoted_length(next + 1, quote)?;
                let text = Span::new(next + 1, next + 1 + length);
                (Value::Text(text, char::from(quote)), text.end + 1)
            }
            b'{' => (Value::Expression, self.braces_end(next)?),
            _ => return None,
        };
        Some(Written { name, whole: Span::new(at, end), value })
    }

    fn quoted_length(&mut self, from: usize, quote: u8) -> Option<usize> {
        let rest = self.bytes.get(from..self.limit.max(from))?;
        let length = memchr::memchr(quote, &rest[..rest.len().min(self.budget)]);
        if length.is_none() {
            self.budget = self.budget.saturating_sub(rest.len());
        }
        length
    }

    /// The end of the name of letters, digits and `signs` at `at`, which is `at` where a fragment's `>` stands; `None` where neither does.
    fn name_end(&self, at: usize, signs: &[u8]) -> Option<usize> {
        let first = *self.bytes.get(at)?;
        if first == b'>' {
            return Some(at);
        }
        if !(first.is_ascii_alphabetic() || signs.contains(&first) || !first.is_ascii()) {
            return None;
        }
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || signs.contains(byte) || !byte.is_ascii();
        Some(at + self.bytes[at..].iter().take_while(|byte| part(byte)).count())
    }

    fn skip_space(&self, at: &mut usize) -> bool {
        let from = *at;
        while self.bytes.get(*at).is_some_and(u8::is_ascii_whitespace) {
            *at += 1;
        }
        *at > from
    }

    fn starts_module(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        (rest.starts_with(b"import") || rest.starts_with(b"export"))
            && rest.get(6).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'{' | b'"' | b'\'' | b'*'))
    }

    /// Where the module lines at `at` end: at the first blank line at which every bracket is closed, or else at the first.
    fn module_end(&mut self, at: usize, end: usize) -> usize {
        let first = blank_line(self.bytes, at).min(end);
        let (mut depth, mut next, mut stop) = (0_i64, at, first);
        while next < end && next - at < self.budget {
            if next >= stop {
                if depth <= 0 {
                    return stop;
                }
                stop = blank_line(self.bytes, next).min(end);
            }
            match self.bytes[next] {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth -= 1,
                b'"' | b'\'' | b'`' => next = self.string_end(next),
                b'/' => next = self.comment_end(next),
                _ => {}
            }
            next += 1;
        }
        if depth <= 0 && next >= end {
            return end;
        }
        self.budget = self.budget.saturating_sub(next - at);
        first
    }
}
