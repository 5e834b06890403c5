//! Front matter without fences: lines `Title: ...` (`MultiMarkdown`, Python-Markdown's "Meta-Data" for Pelican and `MkDocs`) or
//! `.. title: ...` (Nikola) at the very top, and YAML that only ends in a line `---` (Hexo). Decides which lines at the top of
//! a page are data about it and no text.

use super::Syntax;
use super::split::{Lines, Parsed, Split, read_yaml, reads_as_pairs};
use crate::span::Span;
use crate::yaml::{Kind, Node, Style};

/// Keys that such lines begin with; in order. A page whose text begins with another word and a colon has no data.
///
/// Sources: Pelican, "File metadata"; Hexo, "Front-matter"; Nikola, "Metadata fields"; `MultiMarkdown`, "Metadata".
const KEYS: [&str; 24] = [
    "author",
    "authors",
    "categories",
    "category",
    "comments",
    "cover",
    "date",
    "description",
    "draft",
    "keywords",
    "lang",
    "language",
    "layout",
    "modified",
    "permalink",
    "published",
    "save_as",
    "slug",
    "status",
    "subtitle",
    "tags",
    "template",
    "title",
    "updated",
];

/// Those of them that need no second line to be believed.
const ALONE: [&str; 4] = ["date", "layout", "slug", "title"];

/// The lines at byte `at` of page `text` that are front matter.
pub(super) fn find(text: &str, at: usize) -> Option<Parsed> {
    let nikola = text.get(at..)?.starts_with(".. ");
    let (_, first) = Lines { text, at }.next()?;
    let key = pair(first.strip_prefix(if nikola { ".. " } else { "" })?)?.0.to_ascii_lowercase();
    KEYS.binary_search(&key.as_str()).ok()?;
    if nikola {
        return plain(text, at, ".. ");
    }
    fenced_below(text, at).or_else(|| plain(text, at, "").filter(|found| is_believed(found, &key)))
}

/// YAML from byte `at` to a line `---`.
fn fenced_below(text: &str, at: usize) -> Option<Parsed> {
    let mut lines = Lines { text, at };
    let is_end = |line: &str| line.len() >= 3 && line.trim_end().bytes().all(|byte| byte == b'-');
    let (closing, _) = lines.find(|(_, line)| is_end(line))?;
    let content = Span::new(at, closing);
    if !reads_as_pairs(content.of(text), ':') {
        return None;
    }
    let root = read_yaml(content.of(text))?;
    Some(Parsed { split: Split { span: Span::new(at, lines.at), content, syntax: Syntax::Yaml }, root })
}

/// Lines from byte `at` to the first blank one, each a pair behind `mark` or the rest of the one before it.
fn plain(text: &str, at: usize, mark: &str) -> Option<Parsed> {
    let mut pairs = Vec::new();
    let mut lines = Lines { text, at };
    let mut end = at;
    while let Some((start, line)) = lines.next() {
        if line.trim().is_empty() || (!mark.is_empty() && !line.starts_with(mark)) {
            break;
        }
        end = lines.at;
        // Python-Markdown, "Meta-Data": a line that goes on is indented by four spaces
        if line.starts_with("    ") || line.starts_with('\t') {
            continue;
        }
        let (key, value) = pair(line.strip_prefix(mark)?)?;
        let from = start + line.len() - value.len();
        pairs.push((scalar(&key.to_ascii_lowercase(), 0), scalar(value.trim_end(), from - at)));
    }
    let content = Span::new(at, end);
    let root = Node { span: Span::new(0, content.len()), decorated: false, kind: Kind::Map(pairs) };
    Some(Parsed { split: Split { span: content, content, syntax: Syntax::Lines }, root: Some(root) })
}

/// Whether lines that begin with `key` are more than a text with a colon in it.
fn is_believed(found: &Parsed, key: &str) -> bool {
    let pairs = found.root.as_ref().map_or(0, |root| if let Kind::Map(pairs) = &root.kind { pairs.len() } else { 0 });
    pairs > 1 || ALONE.contains(&key)
}

/// The key of `line` and its value, blanks before it left out.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let named = !key.is_empty() && key.chars().all(is_key);
    (named && (value.is_empty() || value.starts_with([' ', '\t']))).then(|| (key, value.trim_start()))
}

fn scalar(value: &str, at: usize) -> Node {
    let kind = Kind::Scalar { value: value.to_owned(), style: Style::Plain };
    Node { span: Span::new(at, at + value.len()), decorated: false, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::frontmatter::split;

    #[test]
    fn keys_are_in_order() {
        assert!(KEYS.is_sorted());
    }

    #[test]
    fn lines_at_the_top_are_data_or_text() {
        use Syntax::{Lines, Yaml};
        for (text, want) in [
            ("Title: A\nDate: 2020\n\nbody", Some((Lines, "Title: A\nDate: 2020\n", "\nbody"))),
            ("Title: A\n\nbody", Some((Lines, "Title: A\n", "\nbody"))),
            (
                "Title: A\r\nTags: b,\r\n    c\r\n\r\nbody",
                Some((Lines, "Title: A\r\nTags: b,\r\n    c\r\n", "\r\nbody")),
            ),
            ("title: A", Some((Lines, "title: A", ""))),
            (".. title: A\n.. slug: a\n\nbody", Some((Lines, ".. title: A\n.. slug: a\n", "\nbody"))),
            ("title: A\ndate: 2020\ntags:\n- b\n---\nbody", Some((Yaml, "title: A\ndate: 2020\ntags:\n- b\n", "body"))),
            ("title: A\n\ntags: [b]\n----\nbody", Some((Yaml, "title: A\n\ntags: [b]\n", "body"))),
            ("Summary: what this is about.\n\nbody", None),
            ("Title: A\nand text\n\nbody", None),
            ("Note: a text\nDate: b\n\nbody", None),
            ("Title of it: A\n\nbody", None),
            ("title:A\n\nbody", None),
            ("\nTitle: A\n\nbody", None),
            (" Title: A\n\nbody", None),
            (".. note:: A\n\nbody", None),
            ("Description: a\n---\nbody", Some((Yaml, "Description: a\n", "body"))),
        ] {
            let found = split(text).map(|split| (split.syntax, split.content.of(text), &text[split.span.end..]));
            assert_eq!(found, want, "{text:?}");
        }
    }
}
