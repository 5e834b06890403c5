//! A JSON text as spans: what a host says can be read, and single values replaced, while everything else goes back byte for
//! byte, whatever numbers, keys and order it has. Nesting of any depth takes no stack.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::span::Span;

/// A JSON text that was read.
#[derive(Debug)]
pub(super) struct Json<'t> {
    text: &'t str,
    /// Every value and every key, by where it begins.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    /// The next node that is not within this one, as an index.
    after: usize,
}

/// A value of a JSON text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'j> {
    json: &'j Json<'j>,
    at: usize,
}

impl<'t> Json<'t> {
    /// Reads `text`; the error says what is wrong and where.
    pub(super) fn read(text: &'t str) -> serde_json::Result<Self> {
        serde_json::from_str::<IgnoredAny>(text)?;
        Ok(Self { text, nodes: nodes(text) })
    }

    /// The whole value.
    pub(super) fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }
}

impl<'j> Value<'j> {
    /// Its bytes.
    pub(super) fn span(self) -> Span {
        self.json.nodes.get(self.at).map_or(Span::at(0), |node| node.span)
    }

    /// The text it is written as.
    pub(super) fn raw(self) -> &'j str {
        self.span().of(self.json.text)
    }

    /// Whether it is an array.
    pub(super) fn is_array(self) -> bool {
        self.raw().starts_with('[')
    }

    /// The string that it is; `None` for anything else, and for one with half a surrogate pair.
    pub(super) fn string(self) -> Option<Cow<'j, str>> {
        let raw = self.raw();
        let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
        if memchr::memchr(b'\\', inside.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inside));
        }
        serde_json::from_str(raw).ok().map(Cow::Owned)
    }

    /// The elements of the array that it is; none for anything else.
    pub(super) fn items(self) -> impl Iterator<Item = Self> + use<'j> {
        self.children('[')
    }

    /// The members of the object that it is, by key; none for anything else.
    pub(super) fn members(self) -> impl Iterator<Item = (Cow<'j, str>, Self)> + use<'j> {
        let mut inside = self.children('{');
        std::iter::from_fn(move || {
            let (key, value) = (inside.next()?, inside.next()?);
            Some((key.string().unwrap_or_default(), value))
        })
    }

    /// The value of the object's member `key`.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.members().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The element `index` of the array that it is.
    pub(super) fn item(self, index: usize) -> Option<Self> {
        self.items().nth(index)
    }

    fn children(self, open: char) -> impl Iterator<Item = Self> + use<'j> {
        let node = self.json.nodes.get(self.at).filter(|_| self.raw().starts_with(open));
        let end = node.map_or(0, |node| node.after);
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let at = next;
            next = self.json.nodes.get(at).filter(|_| at < end)?.after;
            Some(Self { at, ..self })
        })
    }
}

/// The values and keys of `text`, which is JSON.
fn nodes(text: &str) -> Vec<Node> {
    let bytes = text.as_bytes();
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b'{' | b'[' => {
                open.push(nodes.len());
                nodes.push(Node { span: Span::new(at, at + 1), after: 0 });
                at += 1;
                continue;
            }
            b'}' | b']' => {
                let count = nodes.len();
                if let Some(node) = open.pop().and_then(|node| nodes.get_mut(node)) {
                    *node = Node { span: Span::new(node.span.start, at + 1), after: count };
                }
                at += 1;
                continue;
            }
            b'"' => string_end(bytes, at),
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            _ => {
                let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
                bytes[at..].iter().position(is_end).map_or(bytes.len(), |length| at + length)
            }
        };
        nodes.push(Node { span: Span::new(at, end), after: nodes.len() + 1 });
        at = end;
    }
    nodes
}

/// One past the quotation mark that ends the string beginning at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        if bytes[at + found] == b'"' {
            return at + found + 1;
        }
        at += found + 2;
    }
    bytes.len()
}

/// `text` with each value of `changes` replaced; they are in order and none is within another.
pub(super) fn spliced(text: &str, changes: &[(Span, String)]) -> String {
    let added: usize = changes.iter().map(|(_, new)| new.len()).sum();
    let mut out = String::with_capacity(text.len() + added);
    let mut from = 0;
    for (span, new) in changes {
        out.push_str(text.get(from..span.start).unwrap_or_default());
        out.push_str(new);
        from = span.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_key_and_place() {
        let text = r#" {"a": [1.50, "x\"]\\", {}, [[]], null], "b\u0041": {"c": true}, "a": 7}"#;
        let json = Json::read(text).expect("JSON");
        let root = json.root();
        let raw: Vec<_> = root.get("a").expect("a member").items().map(Value::raw).collect();
        assert_eq!(raw, ["1.50", r#""x\"]\\""#, "{}", "[[]]", "null"]);
        let string = root.get("a").and_then(|array| array.item(1)?.string());
        assert_eq!(string.as_deref(), Some("x\"]\\"));
        assert_eq!(root.get("bA").and_then(|object| object.get("c")).map(Value::raw), Some("true"));
        assert!(root.get("c").is_none() && root.items().next().is_none());
        assert_eq!(root.members().count(), 3);
        assert_eq!(root.raw(), text.trim());
        assert!(Json::read("{\"a\":}").is_err() && Json::read("").is_err());
    }

    #[test]
    fn depth_takes_no_stack() {
        let depth = 500_000;
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let json = Json::read(&text).expect("JSON");
        assert_eq!(json.nodes.len(), depth);
        assert_eq!(json.root().items().count(), 1);
    }

    #[test]
    fn what_is_not_replaced_stays() {
        let text = r#"[ 1e400 ,"a", {"k" :"b"}]"#;
        let json = Json::read(text).expect("JSON");
        let b = json.root().item(2).and_then(|object| object.get("k")).expect("a member");
        assert_eq!(spliced(text, &[(b.span(), "\"c\"".into())]), r#"[ 1e400 ,"a", {"k" :"c"}]"#);
        assert_eq!(spliced(text, &[]), text);
    }
}
