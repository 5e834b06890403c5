//! Whether a link shows an image and nothing else.

use super::tags::{Event, Roles, Tags, name_at};
use crate::document::Link;
use crate::span::Span;

/// What a reader sees or uses that is neither text nor an image.
const OTHER: [&str; 11] =
    ["audio", "button", "canvas", "embed", "iframe", "input", "math", "object", "select", "textarea", "video"];

/// Says of every link of `links` whether it is a banner; `tags` are those of `text`.
pub(super) fn mark(text: &str, tags: &Tags, links: &mut [Link]) {
    for link in links {
        link.banner = is_banner(text, tags, link.text);
    }
}

fn is_banner(text: &str, tags: &Tags, inside: Span) -> bool {
    if !text.get(inside.start..).is_some_and(|rest| rest.trim_start().starts_with('<')) {
        return false;
    }
    let first = tags.events.partition_point(|event| start(event) < inside.start);
    let mut at = inside.start;
    let mut image = false;
    let mut skipped = None;
    for (index, event) in tags.events.iter().enumerate().skip(first) {
        match event {
            Event::Close { open, span } if skipped == Some(*open) => {
                skipped = None;
                at = span.end;
            }
            _ if start(event) >= inside.end => break,
            Event::Open(open) if skipped.is_none() => {
                if !is_blank(text, at, open.span.start) {
                    return false;
                }
                let name = name_at(text, open.span.start + 1);
                let named = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
                image |= ["img", "picture", "svg"].into_iter().any(named);
                if open.roles.any(Roles::HIDDEN) || named("svg") {
                    skipped = Some(index);
                } else if OTHER.into_iter().any(named) {
                    return false;
                }
                at = open.span.end;
            }
            _ => {}
        }
    }
    image && (skipped.is_some() || is_blank(text, at, inside.end))
}

fn start(event: &Event) -> usize {
    match event {
        Event::Open(open) => open.span.start,
        Event::Close { span, .. } | Event::Comment(span) => span.start,
    }
}

/// Whether nothing shows from `start` to `end`, where there is no start tag: blanks, end tags and comments.
fn is_blank(text: &str, start: usize, end: usize) -> bool {
    let mut rest = text.get(start..end.max(start)).unwrap_or_default();
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        rest = match rest.strip_prefix("&nbsp;") {
            Some(behind) => behind,
            None if rest.starts_with("</") || rest.starts_with("<!--") => {
                rest.find(end).and_then(|at| rest.get(at + end.len()..)).unwrap_or_default()
            }
            None => return rest.is_empty(),
        };
    }
}
