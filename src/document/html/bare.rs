//! Bare URLs in the text of a page. Decides what of the text is plain running text; where a URL ends in it is decided for
//! Markdown and HTML alike by [`crate::document::bare`].

use std::cell::RefCell;

use lol_html::html_content::{TextChunk, TextType};
use lol_html::{DocumentContentHandlers, HandlerResult, Settings};

use super::tags::{name_at, run};
use super::walk::{Candidate, unreadable};
use crate::document::bare::{self, Begins, Url};
use crate::document::escape::{self, Context};
use crate::document::{Field, Link, LinkKind, ParseError, ReadOnly};
use crate::source::UNREADABLE;
use crate::span::Span;

/// Elements within a word: a URL that stops at one of their tags may go on behind it.
const INLINE: [&str; 18] = [
    "b", "i", "em", "strong", "u", "s", "del", "ins", "mark", "span", "small", "big", "sub", "sup", "font", "wbr",
    "abbr", "bdi",
];

/// Where a URL may begin in `text`, by the bytes around it alone; tags are not looked at.
pub(super) fn possible(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = bare::candidates(text, Span::new(0, text.len()));
    // most URLs of a page are attribute values, which have a quote before them
    found.retain(|&at| match bytes.get(..at).unwrap_or_default() {
        [] | [.., b'>' | b';'] => true,
        [.., b'=', b'"' | b'\''] => false,
        _ => bare::begins(text, at, false) != Begins::No,
    });
    found
}

/// The bare URLs that begin at one of `candidates`, in order.
///
/// This needs a second pass, over text; it is made only where there are candidates. For `source` see [`bare::begins`].
pub(super) fn links(text: &str, candidates: &[Candidate], source: bool) -> Result<Vec<Link>, ParseError> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let mut links = Vec::new();
    let mut rest = candidates;
    for chunk in chunks(text)? {
        rest = &rest[rest.partition_point(|candidate| candidate.at < chunk.start)..];
        let here = &rest[..rest.partition_point(|candidate| candidate.at < chunk.end)];
        if here.is_empty() {
            continue;
        }
        for zone in zones(text, chunk) {
            for url in bare::find(text, zone, source) {
                let candidate = here.binary_search_by_key(&url.span.start, |candidate| candidate.at);
                let candidate = candidate.ok().and_then(|index| here.get(index));
                // a link to generators that read Markdown there
                let is_markdown = source && text.get(..url.span.start).is_some_and(|before| before.ends_with("]("));
                // a definition, to those for whom the element above has ended
                let is_markdown = is_markdown || source && bare::is_labelled(text, url.span.start);
                let plain = |_: &&Candidate| !is_markdown && !goes_on(text, url.span.end);
                links.extend(candidate.filter(plain).map(|found| link(text, url, found)));
            }
        }
    }
    Ok(links)
}

/// The stretches of plain text, adjoining ones as one.
fn chunks(text: &str) -> Result<Vec<Span>, ParseError> {
    let found: RefCell<Vec<Span>> = RefCell::default();
    let record = |chunk: &mut TextChunk<'_>| -> HandlerResult {
        if chunk.text_type() == TextType::Data {
            let span = Span::from(chunk.source_location().bytes());
            let mut found = found.borrow_mut();
            match found.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => found.push(span),
            }
        }
        Ok(())
    };
    let handlers = DocumentContentHandlers::default().text(record);
    run(text, Settings::new().append_document_content_handler(handlers))?;
    Ok(found.into_inner())
}

/// The parts of `chunk` between character references that end a URL: blanks, angle brackets, quotes, other punctuation.
fn zones(text: &str, chunk: Span) -> Vec<Span> {
    let decoded = escape::decode(chunk.of(text), Context::HtmlText);
    let mut zones = Vec::new();
    let mut from = chunk.start;
    for (raw, stands_for) in decoded.escapes() {
        let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c) || bare::is_mark(c);
        if stands_for.contains(ends) {
            zones.push(Span::new(from, chunk.start + raw.start));
            from = chunk.start + raw.end;
        }
    }
    zones.push(Span::new(from, chunk.end));
    zones
}

/// Whether what was found up to `end` may be the first part of a longer URL.
fn goes_on(text: &str, end: usize) -> bool {
    let Some(behind) = text.get(end..) else { return true };
    if behind.starts_with(UNREADABLE) {
        return true;
    }
    let Some(tag) = behind.strip_prefix('<') else { return false };
    let name = name_at(tag, usize::from(tag.starts_with('/')));
    let inline = INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline.as_bytes()));
    let then = tag.find('>').and_then(|at| tag[at + 1..].chars().next());
    inline && then.is_some_and(|c| c.is_alphanumeric() || "/-_~%=&?#.".contains(c))
}

fn link(text: &str, Url { span, sure }: Url, candidate: &Candidate) -> Link {
    let context = Context::HtmlText;
    let value = escape::decode(span.of(text), context).value;
    let unreadable = unreadable(span.of(text)).filter(|&reason| reason != ReadOnly::Encoding);
    Link {
        opt_out: candidate.opt_out,
        read_only: unreadable.or((!sure).then_some(ReadOnly::NotLocated)),
        ..Link::new(LinkKind::Bare, span, span, Field { span, context, value })
    }
}
