//! TOML front matter as a tree with byte spans. The TOML parser decides what is valid and where values stand.

use toml_edit::{Document, Item, Table, TableLike, Value};

use crate::span::Span;
use crate::yaml::{Kind, MAX_DEPTH, Node, Style};

/// Reads `text` as TOML; `None` where it is not.
///
/// Spans are bytes of `text`. Strings in three quotes have the style [`Style::Block`], what is no string is
/// [`Style::Plain`]; whatever is nested deeper than [`MAX_DEPTH`] is left out.
pub(super) fn parse(text: &str) -> Option<Node> {
    let document = Document::parse(text).ok()?;
    Some(Tree { text }.table(document.as_table(), document.as_table().span(), 0))
}

struct Tree<'t> {
    text: &'t str,
}

impl Tree<'_> {
    fn table(&self, table: &dyn TableLike, place: Option<std::ops::Range<usize>>, depth: usize) -> Node {
        let pairs = table.iter().filter_map(|(key, item)| Some((key_node(key), self.item(item, depth + 1)?)));
        Node { span: span(place), decorated: false, kind: Kind::Map(pairs.collect()) }
    }

    fn item(&self, item: &Item, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        match item {
            Item::None => None,
            Item::Value(value) => self.value(value, depth),
            Item::Table(table) => Some(self.table(table, table.span(), depth)),
            Item::ArrayOfTables(tables) => {
                let each = |table: &Table| self.table(table, table.span(), depth + 1);
                Some(Node {
                    span: span(tables.span()),
                    decorated: false,
                    kind: Kind::List(tables.iter().map(each).collect()),
                })
            }
        }
    }

    fn value(&self, value: &Value, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let place = span(value.span());
        let kind = match value {
            Value::InlineTable(table) => return Some(self.table(table, value.span(), depth)),
            Value::Array(items) => Kind::List(items.iter().filter_map(|item| self.value(item, depth + 1)).collect()),
            Value::String(string) => {
                let style = self.style(place);
                Kind::Scalar { value: string.value().clone(), style }
            }
            _ => Kind::Scalar { value: place.of(self.text).to_owned(), style: Style::Plain },
        };
        Some(Node { span: place, decorated: false, kind })
    }

    fn style(&self, place: Span) -> Style {
        let raw = place.of(self.text);
        if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
            Style::Block
        } else if raw.starts_with('\'') {
            Style::Single
        } else {
            Style::Double
        }
    }
}

fn key_node(key: &str) -> Node {
    Node { span: Span::default(), decorated: false, kind: Kind::Scalar { value: key.to_owned(), style: Style::Double } }
}

fn span(place: Option<std::ops::Range<usize>>) -> Span {
    place.map_or_else(Span::default, |range| Span::new(range.start, range.end.max(range.start)))
}
