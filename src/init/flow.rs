//! Configurations in YAML whose maps stand in braces, as they would stand on lines of their own: what is read of a
//! generator's configuration is read by lines. Changes how values are written, and none of them.

use std::fmt::Write as _;

use crate::yaml::{self, Kind, Node};

/// `text` with every map in braces, and every list in brackets that holds more than scalars or goes over a line's end, written
/// on lines of their own; `text` itself where it is no YAML.
pub fn on_lines(text: &str) -> String {
    let Ok(Some(root)) = yaml::parse(text) else { return text.to_owned() };
    let mut written = String::with_capacity(text.len());
    let mut from = 0;
    write_changed(text, &root, &mut from, &mut written);
    written.push_str(text.get(from..).unwrap_or_default());
    written
}

/// Copies what stands before and in `node`, from byte `from` of `text` on, with what is to be written otherwise.
fn write_changed(text: &str, node: &Node, from: &mut usize, written: &mut String) {
    let raw = raw(text, node);
    let is_list = raw.starts_with('[');
    if raw.starts_with('{') || is_list && !is_line(raw, node) {
        written.push_str(text.get(*from..node.span.start).unwrap_or_default());
        let start = text[..node.span.start].rfind('\n').map_or(0, |at| at + 1);
        // items of a list stand further in than their hyphen
        let line = &text[start..node.span.start];
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let is_value = !line[indent..].is_empty();
        write_block(text, node, if is_value { indent + 2 } else { indent }, is_value, written);
        *from = node.span.start + raw.len();
        return;
    }
    match &node.kind {
        Kind::Map(pairs) => pairs.iter().for_each(|(_, value)| write_changed(text, value, from, written)),
        Kind::List(items) => items.iter().for_each(|item| write_changed(text, item, from, written)),
        _ => {}
    }
}

/// The bytes of `node`: the parser takes what stands behind a closing bracket for a part of it.
fn raw<'t>(text: &'t str, node: &Node) -> &'t str {
    let whole = node.span.of(text);
    if !whole.starts_with(['{', '[']) {
        return whole;
    }
    let last = match &node.kind {
        Kind::Map(pairs) => pairs.last().map(|(_, value)| value),
        Kind::List(items) => items.last(),
        _ => None,
    };
    let inside = last.map_or(1, |last| (last.span.start + raw(text, last).len()).saturating_sub(node.span.start));
    let mut rest = whole.get(inside..).unwrap_or_default().trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    let end = if rest.starts_with(['}', ']']) { whole.len() - rest.len() + 1 } else { whole.len() };
    whole.get(..end).unwrap_or(whole)
}

/// Whether `raw`, a list in brackets, is on one line and holds scalars alone.
fn is_line(raw: &str, list: &Node) -> bool {
    !raw.contains('\n') && list.items().iter().all(|item| item.scalar().is_some())
}

/// `node` in lines that begin at column `indent`; the first one on a line of its own if it `breaks`.
fn write_block(text: &str, node: &Node, indent: usize, breaks: bool, written: &mut String) {
    let mut first = !breaks;
    let mut begin = |written: &mut String| {
        if !std::mem::take(&mut first) {
            let _ = write!(written, "\n{:indent$}", "");
        }
    };
    match &node.kind {
        Kind::Map(pairs) if !pairs.is_empty() => {
            for (key, value) in pairs {
                begin(written);
                written.push_str(key.span.of(text));
                written.push_str(": ");
                write_block(text, value, indent + 2, true, written);
            }
        }
        Kind::List(items) if !items.is_empty() => {
            for item in items {
                begin(written);
                written.push_str("- ");
                write_block(text, item, indent + 2, false, written);
            }
        }
        _ => {
            let raw = raw(text, node);
            if raw.contains('\n') {
                written.extend(raw.split_whitespace().flat_map(|word| [word, " "]));
            } else {
                written.push_str(raw);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_in_braces_stand_on_lines_of_their_own_and_say_the_same() {
        for (text, want) in [
            ("a: 1\nb:\n  c: x # d\n", "a: 1\nb:\n  c: x # d\n"),
            (
                "theme: {name: material, language: 'de'} # x\nb: 2\n",
                "theme: \n  name: material\n  language: 'de' # x\nb: 2\n",
            ),
            ("{site_name: x, docs_dir: text}\n", "site_name: x\ndocs_dir: text\n"),
            ("a: [b, 'c']\n", "a: [b, 'c']\n"),
            ("a: [b,\n  c]\n", "a: \n  - b\n  - c\n"),
            (
                "plugins:\n  - search\n  - redirects: {redirect_maps: {'go/x.md': 'https://x.example/'}}\n",
                "plugins:\n  - search\n  - redirects: \n      redirect_maps: \n        'go/x.md': 'https://x.example/'\n",
            ),
            ("- {a: 1, b: [{c: 2}]}\n", "- a: 1\n  b: \n    - c: 2\n"),
            ("a: {}\nä: {ö: ü}\n", "a: {}\nä: \n  ö: ü\n"),
            ("a: {b", "a: {b"),
        ] {
            let made = on_lines(text);
            assert_eq!(made, want);
            assert_eq!(
                serde_yaml::from_str::<serde_yaml::Value>(&made).ok(),
                serde_yaml::from_str::<serde_yaml::Value>(text).ok(),
                "{text}"
            );
        }
    }
}
