//! Containers of Python-Markdown, whose content is indented under their first line: admonitions, details, tabs. Decides what
//! looks like code and is none because it stands in one.
//!
//! Sources: Python-Markdown, "Admonition"; `PyMdown` Extensions, "Details" and "Tabbed".

/// How far the content is indented against the first line, in columns.
const INDENT: usize = 4;
/// The most lines that are looked at for the first one.
const MOST_LINES: usize = 512;

/// A container around a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// Where its first line begins, the indentation left out: a byte.
    pub(super) start: usize,
    /// How far its content is indented, in columns.
    pub(super) indent: usize,
}

/// The innermost container that the line of byte `at` of `text` stands in. Takes time linear in the lines above it that are
/// indented.
pub(super) fn around(text: &str, at: usize) -> Option<Container> {
    let bytes = text.as_bytes();
    let start_of = |at: usize| memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let mut start = start_of(at.min(text.len()));
    let mut least = indent(text.get(start..)?).0;
    for _ in 0..MOST_LINES {
        let end = start.checked_sub(1).filter(|_| least >= INDENT)?;
        start = start_of(end);
        let line = text.get(start..end)?;
        let (columns, length) = indent(line);
        if line.get(length..).is_none_or(|rest| rest.trim_end().is_empty()) || columns >= least {
            continue;
        }
        if columns + INDENT <= least && line.get(length..).is_some_and(begins) {
            return Some(Container { start: start + length, indent: columns + INDENT });
        }
        least = columns;
    }
    None
}

/// How far `line` is indented, in columns and in bytes: behind the marks of quotes.
pub(super) fn indent(line: &str) -> (usize, usize) {
    let (mut columns, mut length) = (0, 0);
    while let Some(byte) = line.as_bytes().get(length) {
        columns = match byte {
            b' ' => columns + 1,
            b'\t' => columns / 4 * 4 + 4,
            b'>' => 0,
            _ => break,
        };
        // the space behind a mark belongs to it
        let is_wide = *byte == b'>' && line.as_bytes().get(length + 1) == Some(&b' ');
        length += 1 + usize::from(is_wide);
    }
    (columns, length)
}

/// Whether `line` is the first one of a container.
fn begins(line: &str) -> bool {
    let line = line.trim_end();
    if let Some(rest) = line.strip_prefix("===") {
        let title = rest.trim_start_matches(['+', '!']).trim_start().strip_prefix('"');
        return title.is_some_and(|title| title.ends_with('"'));
    }
    let rest = line.strip_prefix("!!!").or_else(|| {
        let rest = line.strip_prefix("???")?;
        Some(rest.strip_prefix('+').unwrap_or(rest))
    });
    let kind = rest.map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
    kind.is_some_and(|kind| kind.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_stands_under_a_first_line() {
        for (text, expected) in [
            ("!!! note\n\n    x", Some((0, 4))),
            ("!!! note \"A *title*\"\n    a\n\n    b\n\n    x", Some((0, 4))),
            ("=== \"A\"\n\n    a\n\n=== \"B\"\n\n    x", Some((16, 4))),
            ("???+ tip\n\n    ??? warning inline\n\n        x", Some((14, 8))),
            ("???+ tip\n\n    a\n\n        x", Some((0, 4))),
            ("1. a\n\n    !!!danger\n\n\t\tx", Some((10, 8))),
            ("> !!! note\n>\n>     x", Some((2, 4))),
            ("    x", None),
            ("a\n\n    x", None),
            ("!!! note\n\nb\n\n    x", None),
            ("!!! note\n\n  x", None),
            ("!!!\n\n    x", None),
            ("!!! -\n\n    x", None),
            ("===\n\n    x", None),
            ("=== A\n\n    x", None),
            ("- a\n\n      x", None),
        ] {
            let at = text.len() - 1;
            let found = around(text, at).map(|container| (container.start, container.indent));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
