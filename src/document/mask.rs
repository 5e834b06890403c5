//! Template syntax in Markdown: where it stands, and a copy of the page in which it is overwritten. Decides which bytes
//! no Markdown parser may see; what the tags say is read elsewhere.
//!
//! The copy is as long as the page and has its line endings, so that every offset into it is one into the page. Letters
//! stand for template syntax, because that is what generators put there; a tag in running text is a word.

use std::collections::HashMap;

use memchr::{memchr, memchr_iter, memmem};

use crate::document::shortcode;
use crate::span::Span;

/// The longest tag, in bytes: a lone `{{` in prose must not swallow the page.
const LONGEST: usize = 4096;

/// Bytes that are not Markdown, and what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The bytes.
    pub(super) span: Span,
    /// What they are.
    pub(super) kind: StretchKind,
}

/// The kinds of [`Stretch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StretchKind {
    /// A template tag or expression.
    Template,
    /// From a raw tag to its end: code, comments, diagrams.
    Raw,
    /// A JSX tag.
    Tag,
    /// The start or end tag of a JSX `a`.
    Anchor,
    /// A JSX expression or comment.
    Expression,
    /// Lines of `import` and `export`.
    Module,
}

/// Whether `text` may hold template syntax at all.
pub(super) fn any_template(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'{', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')))
}

/// Where template syntax stands in a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Templates {
    /// The tags, in order; a tag whose body is not Markdown as one with it.
    pub(super) stretches: Vec<Stretch>,
    /// What lies between the tags that only keep template syntax from being read: Markdown in which none is.
    pub(super) literal: Vec<Span>,
}

/// The template tags of `text` from byte `from` on.
pub(super) fn templates(text: &str, from: usize) -> Templates {
    let fences = fences(text, from);
    pair_raw(&tags(text, from, &fences))
}

/// The fenced code blocks of `text` from byte `from` on, by their lines alone: fences in lists and quotes count,
/// wherever they stand.
pub(super) fn fences(text: &str, from: usize) -> Vec<Span> {
    let bytes = text.as_bytes();
    let marks = |mark: &'static str| memmem::find_iter(&bytes[from..], mark).map(move |at| from + at);
    let mut marks: Vec<usize> = marks("```").chain(marks("~~~")).collect();
    marks.sort_unstable();
    let mut found = Vec::new();
    let mut open: Option<(usize, u8, usize)> = None;
    let mut seen = from;
    for at in marks {
        if at < seen {
            continue;
        }
        let start = memchr::memrchr(b'\n', &bytes[seen..at]).map_or(seen, |length| seen + length + 1);
        let end = memchr(b'\n', &bytes[at..]).map_or(text.len(), |length| at + length + 1);
        let line = text.get(start..end).unwrap_or_default();
        seen = end;
        match open {
            None => open = fence(line).map(|(mark, length)| (start, mark, length)),
            Some((first, mark, length)) if closes(line, mark, length) => {
                found.push(Span::new(first, end));
                open = None;
            }
            Some(_) => {}
        }
    }
    found.extend(open.map(|(first, ..)| Span::new(first, text.len())));
    found
}

/// `text` with every stretch overwritten; line endings stay.
pub(super) fn view(text: &str, stretches: &[Stretch]) -> String {
    overwritten(text, stretches, 'x')
}

/// `text` with every stretch overwritten as MDX has it: a line of nothing but JSX is blank, a tag in running text is
/// punctuation and letters.
pub(super) fn jsx_view(text: &str, stretches: &[Stretch]) -> String {
    // no page holds NUL
    let marked = overwritten(text, stretches, '\0');
    let mut view = String::with_capacity(text.len());
    let mut done = 0;
    while let Some(offset) = memchr(0, &marked.as_bytes()[done..]) {
        let start = memchr::memrchr(b'\n', &marked.as_bytes()[done..done + offset]).map_or(done, |at| done + at + 1);
        let end = memchr(b'\n', &marked.as_bytes()[done + offset..]).map_or(marked.len(), |at| done + offset + at + 1);
        view.push_str(&marked[done..start]);
        overwrite(&marked[start..end], &mut view);
        done = end;
    }
    view.push_str(&marked[done..]);
    view
}

/// `text` with `with` for every byte of a stretch that ends no line.
fn overwritten(text: &str, stretches: &[Stretch], with: char) -> String {
    let mut view = String::with_capacity(text.len());
    let mut done = 0;
    for stretch in stretches {
        view.push_str(text.get(done..stretch.span.start).unwrap_or_default());
        view.extend(stretch.span.of(text).bytes().map(|byte| match byte {
            b'\n' => '\n',
            b'\r' => '\r',
            _ => with,
        }));
        done = stretch.span.end;
    }
    view.push_str(text.get(done..).unwrap_or_default());
    view
}

fn overwrite(line: &str, view: &mut String) {
    if line.bytes().all(|byte| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n' | b'>')) {
        view.extend(line.chars().map(|letter| if letter == '\0' { ' ' } else { letter }));
        return;
    }
    let mut before = ' ';
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let edge = before != '\0' || letters.peek() != Some(&'\0');
        view.push(match letter {
            '\0' if edge => ',',
            '\0' => 'x',
            other => other,
        });
        before = letter;
    }
}

/// The mark and length of the fence that `line` opens.
fn fence(line: &str) -> Option<(u8, usize)> {
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    let item = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let inner = item.strip_prefix(['-', '*', '+', '.', ')']).filter(|inner| inner.starts_with([' ', '\t']));
    if let Some(inner) = inner {
        rest = inner.trim_start_matches([' ', '\t', '>']);
    }
    let mark = *rest.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let length = rest.bytes().take_while(|&byte| byte == mark).count();
    let valid = length >= 3 && (mark == b'~' || memchr(b'`', &rest.as_bytes()[length..]).is_none());
    valid.then_some((mark, length))
}

fn closes(line: &str, mark: u8, length: usize) -> bool {
    let rest = line.trim_start_matches([' ', '\t', '>']).trim_end();
    rest.len() >= length && rest.bytes().all(|byte| byte == mark)
}

/// One template tag.
#[derive(Clone, Copy, Debug)]
struct Tag<'t> {
    span: Span,
    role: Role<'t>,
    /// The fence it stands in, as an index.
    fence: Option<usize>,
    /// Whether all that it does is to keep template syntax from being read.
    is_literal: bool,
    /// Whether its body, if it has one, is not Markdown.
    is_raw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role<'t> {
    Open(&'t str),
    Close(&'t str),
    Plain,
}

/// How a tag opens and closes.
struct Form {
    open: &'static str,
    close: &'static str,
}

/// Longest opening first.
const FORMS: [Form; 7] = [
    Form { open: "{{</*", close: "*/>}}" },
    Form { open: "{{%/*", close: "*/%}}" },
    Form { open: "{{<", close: ">}}" },
    Form { open: "{{%", close: "%}}" },
    Form { open: "{{", close: "}}" },
    Form { open: "{%", close: "%}" },
    Form { open: "{# ", close: "#}" },
];

/// How many of [`FORMS`] are Hugo's.
const HUGO_FORMS: usize = 4;

/// Which of [`FORMS`] Liquid's tags have, and Nunjucks' and Tera's.
const LIQUID: usize = 5;

fn tags<'t>(text: &'t str, from: usize, fences: &[Span]) -> Vec<Tag<'t>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut closers = FORMS.map(|form| Ahead::new(form.close));
    let mut blanks = BlankLines::default();
    let mut next_fence = 0;
    let mut at = from;
    while let Some(offset) = memchr(b'{', bytes.get(at..).unwrap_or_default()) {
        let start = at + offset;
        at = start + 1;
        while fences.get(next_fence).is_some_and(|fence| fence.end <= start) {
            next_fence += 1;
        }
        let fence = fences.get(next_fence).filter(|fence| fence.holds(start)).map(|_| next_fence);
        let bound =
            fences.get(next_fence).map_or(text.len(), |next| if fence.is_some() { next.end } else { next.start });
        let Some(form) = FORMS.iter().position(|form| bytes[start..].starts_with(form.open.as_bytes())) else {
            continue;
        };
        let inside = start + FORMS[form].open.len();
        let Some(mut end) = closers[form].find(bytes, inside) else { continue };
        end += FORMS[form].close.len();
        // Hugo reads arguments over blank lines, too; another opening before the end says that this one has none
        let may_be_blank = || form < HUGO_FORMS && memmem::find(&bytes[inside..end], b"{{").is_none();
        if end > bound.min(start + LONGEST) || (blanks.next(bytes, start) < end && !may_be_blank()) {
            continue;
        }
        // `{{{ x }}}`
        if bytes.get(inside) == Some(&b'{') && bytes.get(end) == Some(&b'}') {
            end += 1;
        }
        let span = Span::new(start, end);
        let inner = text.get(inside..end).unwrap_or_default();
        let role = role(inner, form);
        let is_raw = matches!(role, Role::Open(name) if shortcode::is_raw(name) || shortcode::says_code(name, inner));
        let is_literal = form == LIQUID && matches!(role, Role::Open(name) if shortcode::is_literal(name));
        found.push(Tag { span, role, fence, is_literal, is_raw });
        at = end;
    }
    found
}

fn role(inner: &str, form: usize) -> Role<'_> {
    let inner = inner.trim_start_matches(['-', '~']).trim_start();
    let (closing, rest) = match inner.strip_prefix('/') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, inner),
    };
    let end =
        rest.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-'))).unwrap_or(rest.len());
    let name = &rest[..end];
    match form {
        2 | 3 if closing => Role::Close(name),
        2 | 3 if !inner.trim_end_matches(['>', '%', '}']).trim_end().ends_with('/') => Role::Open(name),
        LIQUID => name.strip_prefix("end").map_or(Role::Open(name), Role::Close),
        _ => Role::Plain,
    }
}

/// Joins every raw tag with its end and what lies between, unless that is Markdown.
fn pair_raw(tags: &[Tag<'_>]) -> Templates {
    // for every tag, the next one that may end it: read backwards, so that each is looked at once
    let mut next: HashMap<&str, usize> = HashMap::new();
    let mut ends = vec![None; tags.len()];
    for (index, tag) in tags.iter().enumerate().rev() {
        match tag.role {
            Role::Close(name) => {
                next.insert(name, index);
            }
            Role::Open(name) if tag.is_raw => {
                // `{% end %}` ends any
                ends[index] = [next.get(name), next.get("")].into_iter().flatten().min().copied();
            }
            _ => {}
        }
    }
    let mut found = Templates { stretches: Vec::with_capacity(tags.len()), literal: Vec::new() };
    let mut index = 0;
    while let Some(tag) = tags.get(index) {
        let end = ends[index].filter(|&end| tags[end].fence == tag.fence);
        if let Some(end) = end.filter(|_| tag.is_literal) {
            let tags = [tag.span, tags[end].span];
            found.literal.push(Span::new(tags[0].end, tags[1].start));
            found.stretches.extend(tags.map(|span| Stretch { span, kind: StretchKind::Template }));
            index = end + 1;
            continue;
        }
        let kind = if end.is_some() { StretchKind::Raw } else { StretchKind::Template };
        let last = end.unwrap_or(index);
        found.stretches.push(Stretch { span: Span::new(tag.span.start, tags[last].span.end), kind });
        index = last + 1;
    }
    found
}

/// The next place of one string, looked for once however often it is asked for.
struct Ahead {
    needle: &'static str,
    at: Option<usize>,
    searched: bool,
}

impl Ahead {
    fn new(needle: &'static str) -> Self {
        Self { needle, at: None, searched: false }
    }

    /// The first place at or behind `from`; `from` must never fall.
    fn find(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let known = self.searched && self.at.is_none_or(|at| at >= from);
        if !known {
            self.searched = true;
            self.at = memmem::find(bytes.get(from..)?, self.needle.as_bytes()).map(|at| from + at);
        }
        self.at
    }
}

/// The next blank line, looked for once however often it is asked for.
#[derive(Default)]
pub(super) struct BlankLines {
    at: Option<usize>,
}

impl BlankLines {
    /// Where the first blank line behind `from` begins; the text's end where there is none. `from` must never fall.
    pub(super) fn next(&mut self, bytes: &[u8], from: usize) -> usize {
        match self.at {
            Some(at) if at >= from => at,
            _ => *self.at.insert(blank_line(bytes, from)),
        }
    }
}

/// Where the first blank line behind the line of `from` begins.
pub(super) fn blank_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    for line_end in memchr_iter(b'\n', rest) {
        let after = &rest[line_end + 1..];
        let blank = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'>')).count();
        if matches!(after.get(blank), Some(b'\n')) {
            return from + line_end + 1;
        }
    }
    bytes.len()
}
