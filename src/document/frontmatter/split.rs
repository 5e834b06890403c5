//! Where front matter ends. Decides what is front matter and what only looks like it: a thematic break at the top, a fence
//! that never closes.

use super::{Syntax, joined, json, lines, toml};
use crate::span::Span;
use crate::yaml::{self, Kind, Node};

/// Where a page's front matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Everything before the body: fences and the line ending of the last one included, a byte order mark not.
    pub span: Span,
    /// What stands between the fences; the whole object in JSON.
    pub content: Span,
    /// Its language.
    pub syntax: Syntax,
}

/// Front matter and what was read of it; spans inside `root` count from the start of the content.
pub(super) struct Parsed {
    pub(super) split: Split,
    /// `None` where the language's parser refused the content, or there is none.
    pub(super) root: Option<Node>,
}

/// Finds the front matter of page `text`, in bytes; `None` where it has none.
///
/// It stands at the very top, behind a byte order mark and blank lines at most: YAML between a line `---` and a line `---`
/// or `...`, TOML between `+++` lines, or a JSON object. What the fences hold must read as key and value pairs; text
/// that the parser refuses counts if every line at its margin looks like such a pair. A language may stand behind the first
/// `---` (gray-matter, as Eleventy reads it); what has no first fence is data if it begins with a key that generators know.
pub fn split(text: &str) -> Option<Split> {
    parse(text, &|_| false).map(|parsed| parsed.split)
}

/// Finds the front matter of page `text` and reads it where `wanted` says of its content that it is of interest; where it
/// is not, it is read only if that is needed to know whether it is front matter.
pub(super) fn parse(text: &str, wanted: &dyn Fn(&str) -> bool) -> Option<Parsed> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = text.get(start..)?;
    let at = text.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let indented = rest.get(..at - start).is_some_and(|blank| blank.ends_with([' ', '\t']));
    match text.as_bytes().get(at)? {
        b'-' if !indented => fenced(text, start, at, Syntax::Yaml, wanted),
        b'+' if !indented => fenced(text, start, at, Syntax::Toml, wanted),
        b'{' => object(text, start, at),
        _ if at == start => lines::find(text, at),
        _ => None,
    }
}

fn fenced(text: &str, start: usize, at: usize, syntax: Syntax, wanted: &dyn Fn(&str) -> bool) -> Option<Parsed> {
    let fences: &[&str] = if syntax == Syntax::Toml { &["+++"] } else { &["---", "..."] };
    let mut lines = Lines { text, at };
    let (_, opening) = lines.next()?;
    let language = opening.strip_prefix(fences.first()?)?.trim_end_matches([' ', '\t']);
    let syntax = if language.is_empty() { syntax } else { named(language).filter(|_| syntax == Syntax::Yaml)? };
    let from = lines.at;
    let (closing, _) = lines.find(|(_, line)| fences.contains(&line.trim_end_matches([' ', '\t'])))?;
    let (span, content) = (Span::new(start, lines.at), Span::new(from, closing));
    let inside = content.of(text);
    if matches!(syntax, Syntax::Json | Syntax::Code) {
        let begin = inside.len() - inside.trim_start().len();
        let content = Span::new(from + begin, from + inside.trim_end().len().max(begin));
        let root = if syntax == Syntax::Json { json::parse(content.of(text)) } else { None };
        return Some(Parsed { split: Split { span, content, syntax }, root });
    }
    let split = Split { span, content, syntax };
    if !wanted(inside) && is_certain(inside, syntax) {
        return Some(Parsed { split, root: None });
    }
    let root = match syntax {
        Syntax::Toml => match toml::parse(inside) {
            Some(root) => Some(root),
            None if reads_as_pairs(inside, '=') => None,
            None => return None,
        },
        _ => read_yaml(inside)?,
    };
    Some(Parsed { split, root })
}

/// The syntax that is called `language` behind the first fence: gray-matter's, and what Eleventy's users add to them.
fn named(language: &str) -> Option<Syntax> {
    Some(match language.trim_start() {
        "yaml" | "yml" => Syntax::Yaml,
        "toml" => Syntax::Toml,
        "json" => Syntax::Json,
        "js" | "javascript" | "node" | "ts" | "typescript" | "coffee" | "coffeescript" | "cson" | "json5" => {
            Syntax::Code
        }
        _ => return None,
    })
}

/// What YAML front matter says; `None` where it says nothing or the parser refuses it. `None` around that for what is no front
/// matter.
#[expect(clippy::option_option, reason = "front matter that says nothing is front matter")]
pub(super) fn read_yaml(inside: &str) -> Option<Option<Node>> {
    let joined;
    let (yaml, read) = match yaml::parse(inside) {
        Err(error) => match joined::joined(inside) {
            Some(text) => {
                joined = text;
                (joined.as_str(), yaml::parse(&joined))
            }
            None => (inside, Err(error)),
        },
        read => (inside, read),
    };
    match read {
        Ok(Some(root)) if matches!(root.kind, Kind::Map(_)) => Some(Some(root)),
        Ok(root) if root.as_ref().is_none_or(|root| root.scalar() == Some("")) => Some(None),
        Err(_) if reads_as_pairs(yaml, ':') => Some(None),
        // a scalar or a list, or nothing that is YAML: prose between two thematic breaks
        _ => None,
    }
}

/// Whether the content of fences is front matter whatever its language's parser says: lines that read as pairs count where
/// the parser refuses them, and in YAML a first line `key: value` or `key:` begins a map or nothing.
fn is_certain(inside: &str, syntax: Syntax) -> bool {
    if syntax == Syntax::Toml {
        return reads_as_pairs(inside, '=');
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let word = inside.bytes().take_while(|byte| is_word(byte)).count();
    let behind = inside.get(word..).and_then(|rest| rest.strip_prefix(':'));
    word > 0
        && behind.is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', '\n', '\r']))
        && reads_as_pairs(inside, ':')
}

/// Whether text that no parser takes is meant as key and value pairs: every line at the margin is a pair, a comment, a
/// list item, a table's head or a closing bracket.
pub(super) fn reads_as_pairs(inside: &str, separator: char) -> bool {
    let mut pairs = 0;
    for (_, line) in (Lines { text: inside, at: 0 }) {
        if line.trim().is_empty() || line.starts_with([' ', '\t', '#', ']', '}']) || line.starts_with("- ") {
            continue;
        }
        if separator == '=' && line.starts_with('[') && !line.contains("](") {
            continue;
        }
        let key = line.split(separator).next().unwrap_or_default().trim_end().trim_matches(['"', '\'']);
        let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@');
        if key.is_empty() || !key.chars().all(is_key) || !line.contains(separator) {
            return false;
        }
        pairs += 1;
    }
    pairs > 0
}

fn object(text: &str, start: usize, at: usize) -> Option<Parsed> {
    let rest = text.get(at..)?;
    // `{{ ... }}`, `{% ... %}` and `{: ... }` start with a brace too
    let first = rest.get(1..)?.trim_start();
    if !first.starts_with(['"', '}']) {
        return None;
    }
    let end = at + json::end_of_object(rest)?;
    let (_, tail) = Lines { text, at: end }.next().unwrap_or((end, ""));
    if !tail.trim().is_empty() {
        return None;
    }
    let mut lines = Lines { text, at: end };
    lines.next();
    let content = Span::new(at, end);
    let split = Split { span: Span::new(start, lines.at), content, syntax: Syntax::Json };
    let root = json::parse(content.of(text));
    // a refused object counts as front matter if it begins as one: a string, then a colon
    let begins = || json::end_of_string(first).and_then(|end| first.get(end..)).map(str::trim_start);
    (root.is_some() || begins().is_some_and(|rest| rest.starts_with(':'))).then_some(Parsed { split, root })
}

/// Lines from a byte offset on, each with where it starts, without its ending: `\n`, `\r\n` or a lone `\r`.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let line = rest.get(..length)?;
        let ending = rest.get(length..)?;
        self.at += length + if ending.starts_with("\r\n") { 2 } else { usize::from(!ending.is_empty()) };
        Some((start, line))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the page is cut into: syntax, content, body.
    fn cut(text: &str) -> Option<(Syntax, &str, &str)> {
        split(text).map(|split| (split.syntax, split.content.of(text), &text[split.span.end..]))
    }

    #[test]
    fn front_matter_is_cut_off() {
        use Syntax::{Json, Toml, Yaml};
        for (text, want) in [
            ("---\ntitle: x\n---\nbody", (Yaml, "title: x\n", "body")),
            ("\u{feff}---\r\ntitle: x\r\n---\r\nbody", (Yaml, "title: x\r\n", "body")),
            ("---\rtitle: x\r---\rbody", (Yaml, "title: x\r", "body")),
            ("---\ntitle: x\n...\ntext", (Yaml, "title: x\n", "text")),
            ("--- \nt: 1\n---\t \n", (Yaml, "t: 1\n", "")),
            ("---\nt: 1\n---", (Yaml, "t: 1\n", "")),
            ("---\n---\nbody", (Yaml, "", "body")),
            ("---\n# only a comment\n---\nbody", (Yaml, "# only a comment\n", "body")),
            ("---\nt: |\n  ---\n  x\n---\nbody", (Yaml, "t: |\n  ---\n  x\n", "body")),
            ("\n\n---\nt: 1\n---\nx", (Yaml, "t: 1\n", "x")),
            ("---\nt: \"a\nb\"\nu: v\n---\nx", (Yaml, "t: \"a\nb\"\nu: v\n", "x")),
            ("---\nt: \"a\nb\"\nu: v: w\n---\nx", (Yaml, "t: \"a\nb\"\nu: v: w\n", "x")),
            ("---\ntitle: a: b\nx: [\n---\nx", (Yaml, "title: a: b\nx: [\n", "x")),
            ("+++\nt = 1\n+++\nbody", (Toml, "t = 1\n", "body")),
            ("+++\nt = \n[x]\n+++\nbody", (Toml, "t = \n[x]\n", "body")),
            ("{\n \"t\": \"}\\\"{\"\n} \n\ntext", (Json, "{\n \"t\": \"}\\\"{\"\n}", "\ntext")),
            ("{}", (Json, "{}", "")),
            ("{\"a\": [1,}\nx", (Json, "{\"a\": [1,}", "x")),
        ] {
            assert_eq!(cut(text), Some(want), "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_front_matter_is_none() {
        for text in [
            "",
            "\u{feff}",
            "text\n---\nt: 1\n---\n",
            "para\n\n---\ntext [a](https://h.example)\n---\n\nafter",
            "---\ntitle: x\nbody without an end",
            "---\ntitle: x\n---1\n\nbody\n\n---\nmore",
            "---\ntitle: x\n---1\n\nbody ---",
            "---\n\nJust prose.\n\n---\n\nMore.",
            "---\n- a list\n---\n",
            "---\nSee [a](https://h.example).\n\nNote: x\n---\n",
            "---1\nt: 1\n---\n",
            "---\na: 1\n----\nb: 2\n---\nx",
            "----\nt: 1\n---\n",
            " ---\nt: 1\n---\n",
            "+++\nprose here\n+++\n",
            "+++\n[a](https://h.example)\n+++\n",
            "{{ page.title }}\n",
            "{% include x %}\n",
            "{: .class}\n",
            "{\"a\": 1} and text",
            "{\"a\" is what}\ntext",
            "{\"a\": 1",
            "{",
        ] {
            assert_eq!(cut(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_not_read_is_cut_off_all_the_same(
            fence in prop_oneof![Just("---"), Just("+++")],
            lines in prop::collection::vec("(ab|a-b|'a'|\"a\"|- |  |#|\\[a\\]|)[:=]?[ \t]?[a&*!|>\\[{%@`'\":=#-]{0,3}", 0..6),
        ) {
            let text = format!("{fence}\n{}\n{fence}\nbody\n", lines.join("\n"));
            let read = parse(&text, &|_| true).map(|parsed| parsed.split);
            prop_assert_eq!(split(&text), read, "{:?}", text);
        }
    }
}
