//! JSON front matter as a tree with byte spans. The JSON parser decides what is valid; this only finds where values stand.

use crate::span::Span;
use crate::yaml::{Kind, MAX_DEPTH, Node, Style};

/// One past the object that `text` begins with, in bytes; `None` where it never ends.
pub(super) fn end_of_object(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'{', b'}', b'"', text.as_bytes().get(at..)?)?;
        match text.as_bytes().get(at)? {
            b'"' => at += end_of_string(text.get(at..)?)?,
            b'{' => {
                depth += 1;
                at += 1;
            }
            _ => {
                depth = depth.checked_sub(1)?;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
    }
}

/// One past the string that `text` begins with, in bytes; `None` where it begins with none or it never ends.
pub(super) fn end_of_string(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Reads `text` as one object; `None` where it is not valid JSON or nested deeper than [`MAX_DEPTH`].
///
/// Spans are bytes of `text`. Strings are in double quotes, everything else is plain.
pub(super) fn parse(text: &str) -> Option<Node> {
    // validity first, so that what follows need not tell one delimiter from another
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut open: Vec<(usize, bool, Vec<Node>)> = Vec::new();
    let mut at = 0;
    loop {
        let byte = *text.as_bytes().get(at)?;
        let node = match byte {
            b'{' | b'[' if open.len() == MAX_DEPTH => return None,
            b'{' | b'[' => {
                open.push((at, byte == b'{', Vec::new()));
                at += 1;
                continue;
            }
            b'}' | b']' => {
                let (start, map, children) = open.pop()?;
                at += 1;
                let kind = if map { Kind::Map(pairs(children)) } else { Kind::List(children) };
                Node { span: Span::new(start, at), decorated: false, kind }
            }
            b'"' => {
                let span = Span::new(at, at + end_of_string(text.get(at..)?)?);
                at = span.end;
                scalar(span, serde_json::from_str(span.of(text)).ok()?, Style::Double)
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {
                at += 1;
                continue;
            }
            _ => {
                let rest = text.get(at..)?;
                let word = rest.get(..rest.find([' ', '\t', '\r', '\n', ',', ']', '}'])?)?;
                let span = Span::new(at, at + word.len());
                at = span.end;
                scalar(span, word.to_owned(), Style::Plain)
            }
        };
        match open.last_mut() {
            Some((_, _, siblings)) => siblings.push(node),
            None => return Some(node),
        }
    }
}

fn scalar(span: Span, value: String, style: Style) -> Node {
    Node { span, decorated: false, kind: Kind::Scalar { value, style } }
}

fn pairs(children: Vec<Node>) -> Vec<(Node, Node)> {
    let mut pairs = Vec::with_capacity(children.len() / 2);
    let mut children = children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        pairs.push((key, value));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_the_values_bytes() {
        let text = "{\"a\": [1, true, null], \"ü\":{\"k\":\"\\u00e9\\/\\ud83d\\ude00\"}, \"a\":\"}\"}";
        let root = parse(text).expect("valid");
        let deep = root.get("ü").and_then(|map| map.get("k")).expect("there");
        assert_eq!(deep.scalar(), Some("é/😀"));
        assert_eq!(deep.span.of(text), "\"\\u00e9\\/\\ud83d\\ude00\"");
        assert_eq!(root.get("a").map(|node| node.span.of(text)), Some("\"}\""), "the last of two keys");
        assert_eq!(
            root.pairs()[0].1.items().iter().map(|n| n.span.of(text)).collect::<Vec<_>>(),
            ["1", "true", "null"]
        );
        assert_eq!(root.span, Span::new(0, text.len()));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["{\"a\": }", "{\"a\": 1,}", "{a: 1}", "{\"a\": \"\n\"}"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let deep = |depth| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(parse(&deep(MAX_DEPTH)).is_some());
        assert!(parse(&deep(MAX_DEPTH + 1)).is_none());
    }
}
