//! What encloses what in a Markdown page beyond its blocks: elements, components, paired shortcodes, containers. Decides
//! which stretches of a page nothing may be put into.

use rustc_hash::FxHashMap;

use crate::document::Document;
use crate::document::directive::{self, Directive};
use crate::document::outline::{BlockKind, Shown};
use crate::span::Span;

/// The longest template tag, in bytes.
const LONGEST: usize = 4096;
/// The deepest indentation of a container's line, in bytes.
const INDENT: usize = 48;
/// The longest HTML or JSX tag, in bytes.
const LONGEST_TAG: usize = 1024;

/// The stretches of the body of `text`, from byte `body`, that lie between a start and its end, sorted and disjoint: the
/// outermost alone. A tag or shortcode over several lines is one as well.
pub(super) fn enclosed(text: &str, document: &Document, body: usize) -> Vec<Span> {
    let Some(outline) = &document.outline else { return Vec::new() };
    let mut skipped: Vec<Span> =
        outline.blocks.iter().filter(|block| block.kind == BlockKind::Code).map(|block| block.span).collect();
    skipped.extend(
        outline
            .texts
            .iter()
            .filter(|text| matches!(text.shown, Shown::Verbatim | Shown::Apart(_)))
            .map(|text| text.span),
    );
    skipped.sort_unstable();
    let mut nest = Nest { text, open: FxHashMap::default(), containers: Vec::new(), found: Vec::new() };
    nest.read(body, &skipped);
    let directives: Vec<(Span, Directive)> = outline
        .comments
        .iter()
        .filter_map(|comment| Some((comment.span, directive::read(comment.body.of(text))?)))
        .collect();
    nest.found.extend(&outline.columns);
    nest.found.extend(&outline.indented);
    nest.found.extend(directive::off_regions(&directives, text.len()));
    union(nest.found)
}

/// The stretch of `enclosed` that byte `at` lies in, its first byte left out.
pub(super) fn around(enclosed: &[Span], at: usize) -> Option<Span> {
    let next = enclosed.partition_point(|span| span.end <= at);
    enclosed.get(next).copied().filter(|span| span.start < at)
}

fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut union: Vec<Span> = Vec::new();
    for span in spans {
        match union.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => union.push(span),
        }
    }
    union
}

struct Nest<'t> {
    text: &'t str,
    /// Where what is open began, by its name.
    open: FxHashMap<&'t str, Vec<usize>>,
    containers: Vec<usize>,
    found: Vec<Span>,
}

impl Nest<'_> {
    fn read(&mut self, body: usize, skipped: &[Span]) {
        let bytes = self.text.as_bytes();
        let mut skipped = skipped.iter().peekable();
        let mut at = body;
        while let Some(offset) = memchr::memchr3(b'<', b'{', b':', bytes.get(at..).unwrap_or_default()) {
            at += offset;
            while skipped.next_if(|span| span.end <= at).is_some() {}
            if let Some(span) = skipped.peek().filter(|span| span.holds(at)) {
                at = span.end;
                continue;
            }
            let end = match bytes.get(at) {
                Some(b'<') => self.tag(at),
                Some(b'{') => self.shortcode(at),
                _ => self.container(at),
            };
            at = end.unwrap_or(at + 1).max(at + 1);
        }
    }

    /// Reads the tag at `at`; gives where it ends.
    fn tag(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at + 1..)?;
        if rest.starts_with("!--") {
            let end = at + 4 + self.ahead(at + 4, "-->")?;
            self.found.push(Span::new(at, end));
            return Some(end);
        }
        let closing = rest.starts_with('/');
        let name_at = at + 1 + usize::from(closing);
        let name = name_of(self.text.get(name_at..)?);
        let follows = self.text.as_bytes().get(name_at + name.len());
        // `<>` is a fragment of JSX; `<https:` is no tag
        let ends = matches!(follows, Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r'));
        if !ends || (name.is_empty() && follows != Some(&b'>')) {
            return None;
        }
        let end = tag_end(self.text.as_bytes(), name_at + name.len())?;
        self.found.push(Span::new(at, end));
        if closing {
            self.close(name, end);
        } else if self.text.as_bytes().get(end.checked_sub(2)?) != Some(&b'/') {
            self.open.entry(name).or_default().push(at);
        }
        Some(end)
    }

    /// Reads the template tag at `at`; gives where it ends.
    fn shortcode(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let forms = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}"), ("{/*", "*/}")];
        let (open, close) = forms.into_iter().find(|(open, _)| rest.starts_with(open))?;
        let inside = at + open.len();
        let end = inside + self.ahead(inside, close)?;
        self.found.push(Span::new(at, end));
        if matches!(open, "{{" | "{/*") {
            return Some(end);
        }
        let inner = self.text.get(inside..end)?.trim_start_matches(['-', '~']).trim_start();
        let (closing, inner) = match (open, inner.strip_prefix('/'), inner.strip_prefix("end")) {
            ("{{<" | "{{%" | "{%", Some(inner), _) => (true, inner.trim_start()),
            ("{%", _, Some(inner)) => (true, inner),
            _ => (false, inner),
        };
        let name = name_of(inner);
        if closing {
            self.close(name, end);
        } else {
            self.open.entry(name).or_default().push(at);
        }
        Some(end)
    }

    /// Reads the line of colons at `at` that opens or closes a container; gives where it ends.
    fn container(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let colons = rest.len() - rest.trim_start_matches(':').len();
        if colons < 3 || !self.begins_line(at) {
            return Some(at + colons);
        }
        let line = rest.lines().next().unwrap_or_default();
        if line.trim_start_matches(':').trim().is_empty() {
            let start = self.containers.pop();
            self.found.extend(start.map(|start| Span::new(start, at + line.len())));
        } else {
            self.containers.push(at);
        }
        Some(at + line.len())
    }

    /// Whether nothing but a little indentation stands before byte `at` on its line.
    fn begins_line(&self, at: usize) -> bool {
        let near = self.text.as_bytes().get(at.saturating_sub(INDENT)..at).unwrap_or_default();
        let other = near.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        other.map_or(near.len() < INDENT, |byte| matches!(byte, b'\n' | b'\r' | 0xbf))
    }

    fn close(&mut self, name: &str, end: usize) {
        if let Some(start) = self.open.get_mut(name).and_then(Vec::pop) {
            self.found.push(Span::new(start, end));
        }
    }

    /// How far behind `from` the next `close` ends.
    fn ahead(&self, from: usize, close: &str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let near = bytes.get(from..bytes.len().min(from + LONGEST))?;
        memchr::memmem::find(near, close.as_bytes()).map(|at| at + close.len())
    }
}

fn name_of(text: &str) -> &str {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len()).min(64);
    text.get(..text.floor_char_boundary(end)).unwrap_or_default().trim_end_matches('/')
}

/// One past the `>` of a tag, what is in quotes or braces passed over.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0_usize;
    for (offset, &byte) in bytes.get(from..)?.iter().take(LONGEST_TAG).enumerate() {
        match (quote, byte) {
            (Some(mark), byte) if byte == mark => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(from + offset + 1),
            // no tag: it would begin another
            (None, b'<') if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
