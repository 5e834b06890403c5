//! YAML as a tree of values with byte spans, for configuration and front matter. Decides what YAML is refused outright:
//! aliases that would multiply, nesting that would not end. Interprets no value.

use saphyr_parser::{Event, Parser, ScalarStyle};
use thiserror::Error;

use crate::span::Span;

/// The deepest nesting read.
pub const MAX_DEPTH: usize = 64;
/// The most values read from one text.
pub const MAX_NODES: usize = 100_000;

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The value's bytes; for a quoted scalar with its quotes.
    pub span: Span,
    /// Whether it carries an anchor or a tag, so that its bytes are not all there is to it.
    pub decorated: bool,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, a number, a boolean, null: whatever is no collection.
    Scalar {
        /// The value with quotes and escapes undone; for a plain scalar, its spelling.
        value: String,
        /// How it is written.
        style: Style,
    },
    /// Key and value pairs in the order written; keys may repeat.
    Map(Vec<(Node, Node)>),
    /// Items in the order written.
    List(Vec<Node>),
    /// A reference to an anchor; never followed.
    Alias,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|` or `>`
    Block,
}

/// Why a text is not read as YAML.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct YamlError {
    /// The byte offset at which reading stopped.
    pub at: usize,
    /// What is wrong, in lower case.
    pub message: String,
}

impl Node {
    /// The scalar's text; `None` for anything else.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The pairs of a map; empty for anything else.
    pub fn pairs(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a list; empty for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The value under `key` in a map; the last one where the key repeats.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pairs().iter().rev().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
    }
}

/// Reads the first document of `text`; `None` where it holds none.
pub fn parse(text: &str) -> Result<Option<Node>, YamlError> {
    let offsets = Offsets::of(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    for event in Parser::new_from_str(text) {
        let (event, place) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            // of a tab the parser says where it began to read
            let tab = text.get(at..).filter(|_| error.info().contains("found a tab")).and_then(|rest| rest.find('\t'));
            YamlError { at: at + tab.unwrap_or(0), message: error.info().to_owned() }
        })?;
        let span = Span::new(offsets.byte(place.start.index()), offsets.byte(place.end.index()));
        let node = match event {
            Event::MappingStart(anchor, tag) => {
                open.push(Open { span, decorated: anchor > 0 || tag.is_some(), map: true, children: Vec::new() });
                None
            }
            Event::SequenceStart(anchor, tag) => {
                open.push(Open { span, decorated: anchor > 0 || tag.is_some(), map: false, children: Vec::new() });
                None
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop().map(|open| open.close(span.end)),
            Event::Alias(_) => Some(Node { span, decorated: true, kind: Kind::Alias }),
            Event::Scalar(value, style, anchor, tag) => Some(Node {
                span,
                decorated: anchor > 0 || tag.is_some(),
                kind: Kind::Scalar { value: value.into_owned(), style: Style::from(style) },
            }),
            Event::DocumentEnd => break,
            _ => None,
        };
        nodes += 1;
        if open.len() > MAX_DEPTH || nodes > MAX_NODES {
            return Err(YamlError { at: span.start, message: "nested too deeply or too many values".into() });
        }
        if let Some(node) = node {
            match open.last_mut() {
                Some(parent) => parent.children.push(node),
                None => root = Some(node),
            }
        }
    }
    Ok(root)
}

struct Open {
    span: Span,
    decorated: bool,
    map: bool,
    children: Vec<Node>,
}

impl Open {
    fn close(self, end: usize) -> Node {
        let kind = if self.map {
            let mut pairs = Vec::with_capacity(self.children.len() / 2);
            let mut children = self.children.into_iter();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                pairs.push((key, value));
            }
            Kind::Map(pairs)
        } else {
            Kind::List(self.children)
        };
        Node { span: Span::new(self.span.start, end.max(self.span.end)), decorated: self.decorated, kind }
    }
}

impl From<ScalarStyle> for Style {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted => Self::Single,
            ScalarStyle::DoubleQuoted => Self::Double,
            ScalarStyle::Literal | ScalarStyle::Folded => Self::Block,
        }
    }
}

/// The parser counts characters; everything here counts bytes.
enum Offsets<'t> {
    Ascii,
    Mixed(&'t str, Vec<usize>),
}

impl<'t> Offsets<'t> {
    fn of(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self::Ascii;
        }
        Self::Mixed(text, text.char_indices().map(|(at, _)| at).collect())
    }

    fn byte(&self, index: usize) -> usize {
        match self {
            Self::Ascii => index,
            Self::Mixed(text, starts) => starts.get(index).copied().unwrap_or(text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_the_values_bytes() {
        let text = "ä: ü # ö\nlist: [1, 'b c', \"d\"]\nmap:\n  k: v w\nk: 1\nk: 2\n";
        let root = parse(text).expect("valid").expect("a document");
        assert_eq!(root.get("ä").map(|node| node.span.of(text)), Some("ü"));
        let items: Vec<_> = root.get("list").expect("there").items().iter().map(|node| node.span.of(text)).collect();
        assert_eq!(items, ["1", "'b c'", "\"d\""]);
        assert_eq!(root.get("map").and_then(|map| map.get("k")).map(|node| node.span.of(text)), Some("v w"));
        assert_eq!(root.get("k").and_then(Node::scalar), Some("2"));
        assert_eq!(root.pairs().len(), 5, "repeated keys are kept");
    }

    #[test]
    fn bombs_are_refused_or_not_followed() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(parse(&deep).is_err());
        let lol = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
        let root = parse(lol).expect("valid").expect("a document");
        assert_eq!(root.get("c").expect("there").items()[0].kind, Kind::Alias);
        assert!(parse("a: [").is_err());
        assert_eq!(parse("a: 1\n\tb: x\n").map_err(|error| error.at), Err(5));
        assert_eq!(parse("# nothing\n"), Ok(None));
    }
}
