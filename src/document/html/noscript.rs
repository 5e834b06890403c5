//! Links inside `noscript`. Decides that they are links that nobody edits: browsers without scripts follow them, all others
//! read them as text, and so does `lol_html`.

use memchr::memmem;

use super::tags::{Event, Tags, name_at, read};
use super::walk;
use crate::document::{Link, ParseError, ParseOptions, ReadOnly};
use crate::span::Span;

/// Adds the links inside the `noscript` elements among `inert` to `links`, which stay in their order.
pub(super) fn add(text: &str, tags: &Tags, inert: &[Span], links: &mut Vec<Link>) -> Result<(), ParseError> {
    let Some(view) = view(text, tags, inert) else { return Ok(()) };
    let tags =
        read(&view, &ParseOptions { content: String::new(), skip: String::new(), ..ParseOptions::default() }, false)?;
    let mut found = walk::walk(&view, &tags, &[]).links;
    for link in &mut found {
        link.read_only = Some(ReadOnly::InertPlace);
        link.in_content = false;
    }
    if !found.is_empty() {
        links.append(&mut found);
        links.sort_by_key(|link| link.element.start);
    }
    Ok(())
}

/// A copy of `text` with everything but what the `noscript` elements hold blanked; `None` where they hold no link.
fn view(text: &str, tags: &Tags, inert: &[Span]) -> Option<String> {
    let mut view: Option<Vec<u8>> = None;
    let mut events = tags.events.iter();
    let mut covered = 0;
    for span in inert {
        let inside = span.start < covered;
        covered = covered.max(span.end);
        if inside || !name_at(text, span.start + 1).eq_ignore_ascii_case(b"noscript") {
            continue;
        }
        let open = events.find_map(|event| match event {
            Event::Open(open) if open.span.start == span.start => Some(*open),
            _ => None,
        })?;
        let content = open.span.end..span.end;
        let bytes = text.as_bytes().get(content.clone()).unwrap_or_default();
        if memmem::find(&bytes.to_ascii_lowercase(), b"href").is_some() {
            let view = view.get_or_insert_with(|| vec![b' '; text.len()]);
            view.get_mut(content)?.copy_from_slice(bytes);
        }
    }
    String::from_utf8(view?).ok()
}
