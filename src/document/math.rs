//! Display math in Markdown, which most readers of the page's Markdown do not parse: `$$ ... $$`, `\[ ... \]` and
//! `\begin{...} ... \end{...}` that begin a line. Decides where nothing is edited because it is a formula; single `$` are
//! prices more often than formulas and are not looked at.

use memchr::memmem;

use crate::span::Span;

/// The longest formula, in bytes: a lone `$$` must not swallow the page.
const LONGEST: usize = 4096;

/// How a formula begins and ends.
const FENCES: [(&str, &str); 3] = [("$$", "$$"), ("\\[", "\\]"), ("\\begin{", "\\end{")];

/// The formulas of `text` from byte `from` on. None holds an empty line.
pub fn blocks(text: &str, from: usize) -> Vec<Span> {
    let mut blocks = Vec::new();
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    if memchr::memchr2(b'$', b'\\', rest).is_none() {
        return blocks;
    }
    for (open, close) in FENCES {
        let mut at = from;
        while let Some(found) = text.get(at..).and_then(|rest| memmem::find(rest.as_bytes(), open.as_bytes())) {
            let start = at + found;
            at = start + open.len();
            if let Some(end) = begins_line(text, start).then(|| end(text, at, close)).flatten() {
                blocks.push(Span::new(start, end));
                at = end;
            }
        }
    }
    blocks
}

fn begins_line(text: &str, start: usize) -> bool {
    let markers = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'*');
    let before = text.as_bytes().get(..start).unwrap_or_default();
    let skipped = before.iter().rev().take(LONGEST).take_while(markers).count();
    before.get(..start - skipped).is_some_and(|before| before.last().is_none_or(|byte| matches!(byte, b'\n' | b'\r')))
}

fn end(text: &str, from: usize, close: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let near = &bytes[from..bytes.len().min(from + LONGEST)];
    let length = memmem::find(near, close.as_bytes())?;
    let inside = near[..length].split(|&byte| byte == b'\n');
    let lines = inside.map(|line| line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'>'));
    // the first and the last piece stand beside the fences
    let empty = lines.collect::<Vec<_>>();
    let holds_empty_line = empty.len() > 2 && empty[1..empty.len() - 1].iter().any(|empty| *empty);
    (!holds_empty_line).then_some(from + length + close.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_begin_a_line_and_hold_no_empty_one() {
        for (text, formulas) in [
            ("a\n$$\nx\n$$\nb", vec!["$$\nx\n$$"]),
            ("> $$x$$ y\n", vec!["$$x$$"]),
            ("\\[\nx\n\\] \\begin{a}x\\end{a}\n\\begin{b}\ny\n\\end{b}", vec!["\\[\nx\n\\]", "\\begin{b}\ny\n\\end{"]),
            ("it costs $$ here and $$ there", vec![]),
            ("$$\nx\n\ny\n$$", vec![]),
            ("$$ alone", vec![]),
        ] {
            let found: Vec<_> = blocks(text, 0).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, formulas, "{text:?}");
        }
    }
}
