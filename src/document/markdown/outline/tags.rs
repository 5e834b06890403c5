//! Tags in running text: which belong together, which a reader does not notice. Decides what an element's name means to
//! the text around it.

use super::Recorder;
use crate::document::outline::{BlockKind, Inline, Shown};
use crate::span::Span;

/// How many open elements an end tag may close at once.
const REACH: usize = 8;

/// Something inline that is open.
#[derive(Debug)]
pub(super) enum Open {
    /// Markdown's emphasis, or a link: no element reaches across its end.
    Mark(Option<Inline>),
    /// An element.
    Element {
        /// Its name, in lower case.
        name: Box<str>,
        /// Its start tag.
        tag: Span,
        /// Where the start tag was recorded.
        text: usize,
    },
}

/// Elements that may stand around a part of a sentence. Source: HTML, "phrasing content", the ones that only say what
/// their text is.
const PHRASING: [&str; 29] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "mark",
    "nobr", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// Elements whose text is no prose, or is not shown.
const NO_PROSE: [&str; 17] = [
    "audio", "canvas", "code", "iframe", "kbd", "math", "noscript", "object", "pre", "samp", "script", "style", "svg",
    "template", "textarea", "title", "video",
];

/// Elements whose text is read, and that take no link.
const LABELS: [&str; 5] = ["button", "label", "legend", "option", "select"];

/// Whether text inside element `name` is no prose.
pub(super) fn is_no_prose(name: &str) -> bool {
    NO_PROSE.contains(&name)
}

/// Whether text inside element `name` is read and takes no link.
pub(super) fn is_label(name: &str) -> bool {
    LABELS.contains(&name)
}

/// Whether a component called `name` shows code to its readers.
pub(super) fn is_code(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("code")
}

/// Whether a component called `name` is a link, a button, a heading or code to its readers: it is called so, or leads
/// somewhere by one of its `attributes`.
pub(super) fn is_control<'a>(name: &str, mut attributes: impl Iterator<Item = &'a str>) -> bool {
    let own = name.rsplit('.').next().unwrap_or_default();
    let is_component = name.contains('.') || own.starts_with(|c: char| c.is_ascii_uppercase());
    let own = own.to_ascii_lowercase();
    is_component
        && (CONTROLS.iter().any(|end| own.ends_with(end)) || attributes.any(|name| matches!(name, "href" | "to")))
}

/// How components are called that take no link.
const CONTROLS: [&str; 7] = ["link", "button", "btn", "heading", "headline", "code", "summary"];

/// The block that element `name` is, where `skip` lists what is no content.
pub(super) fn block(name: &str, skip: &str) -> Option<BlockKind> {
    if skip.split(',').any(|part| part.trim_ascii() == name) {
        return Some(BlockKind::Skipped);
    }
    Some(match name {
        "p" => BlockKind::Paragraph,
        "h1" => BlockKind::Heading(1),
        "h2" => BlockKind::Heading(2),
        "h3" => BlockKind::Heading(3),
        "h4" => BlockKind::Heading(4),
        "h5" => BlockKind::Heading(5),
        "h6" => BlockKind::Heading(6),
        "ul" | "ol" | "menu" => BlockKind::List,
        "li" => BlockKind::Item,
        "table" => BlockKind::Table,
        "tr" => BlockKind::Row,
        "td" | "th" => BlockKind::Cell,
        "blockquote" => BlockKind::Quote,
        "figcaption" | "caption" => BlockKind::Caption,
        "figure" => BlockKind::Figure,
        "summary" => BlockKind::Summary,
        "button" | "label" | "select" | "option" | "legend" => BlockKind::Control,
        "pre" => BlockKind::Code,
        "article" => BlockKind::Article,
        "div" | "section" | "main" | "dl" | "dt" | "dd" | "details" | "center" | "address" | "form" | "fieldset" => {
            BlockKind::Box
        }
        _ => return None,
    })
}

impl Recorder {
    /// Records the tag, comment or the like that `html` is and that stands at `span`; in JSX a name with a capital is no
    /// element's.
    pub(super) fn tag(&mut self, html: &str, span: Span, jsx: bool) {
        let (name, closing) = name(html);
        let name = if jsx { name.to_owned() } else { name.to_ascii_lowercase() };
        if name == "br" && !closing {
            return self.push(span, Shown::Break);
        }
        let text = self.texts.len();
        self.push(span, Shown::Obstacle);
        if closing {
            self.end_element(&name, span);
        } else if (PHRASING.contains(&&*name) || is_no_prose(&name) || is_label(&name)) && !html.ends_with("/>") {
            self.open.push(Open::Element { name: name.into(), tag: span, text });
        }
    }

    /// Ends the innermost element called `name`, whose end tag was recorded last.
    fn end_element(&mut self, name: &str, end: Span) {
        let near = self.open.iter().rev().take(REACH).take_while(|open| matches!(open, Open::Element { .. }));
        let found =
            near.enumerate().find(|(_, open)| matches!(open, Open::Element { name: open, .. } if **open == *name));
        let Some((depth, _)) = found else { return };
        let index = self.open.len() - 1 - depth;
        let Some(Open::Element { tag, text, .. }) = self.open.drain(index..).next() else { return };
        let inner = Span::new(tag.end, end.start.max(tag.end));
        if is_no_prose(name) {
            self.verbatim.push(inner);
            return;
        }
        if is_label(name) {
            self.apart.push(inner);
            return;
        }
        // a reader sees neither tag
        for tag in [text, self.texts.len().saturating_sub(1)] {
            if let Some(tag) = self.texts.get_mut(tag) {
                tag.span = Span::at(tag.span.start);
            }
        }
        if name != "a" {
            self.inlines.push(Inline { span: Span::new(tag.start, end.end), inner });
        }
    }
}

/// The name in a tag, and whether it is an end tag; empty for a comment and the like.
fn name(html: &str) -> (&str, bool) {
    let tag = html.strip_prefix('<').unwrap_or_default();
    let (tag, closing) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
    let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
    (tag.get(..end).unwrap_or_default(), closing)
}
