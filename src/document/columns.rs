//! Tables whose columns are told by where they stand on the line: Pandoc's simple, multi-line and grid tables. Decides which
//! lines are one; a longer link in them would shift what stands behind it into another column.
//! Source: Pandoc's Manual, "Tables".

use memchr::memmem;

use crate::span::{Span, one_holds};

/// The most lines a table is followed for: a line of dashes far below must not take in the page.
const LONGEST: usize = 500;

/// The tables of `text` from byte `from` on, in order; `code` are its fenced code blocks, in order.
pub fn tables(text: &str, from: usize, code: impl FnOnce() -> Vec<Span>) -> Vec<Span> {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    if !["- -", "-  ", "+-", "+=", "+:"].iter().any(|mark| memmem::find(rest, mark.as_bytes()).is_some()) {
        return Vec::new();
    }
    let code = code();
    let lines = lines(text, from);
    let closing = closing(&lines);
    let mut tables = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let found = match line.kind {
            _ if one_holds(&code, line.span.start) => None,
            Kind::Columns => dashes(&lines, at, &closing),
            Kind::Grid => grid(&lines, at),
            _ => None,
        };
        let Some((first, last)) = found else {
            at += 1;
            continue;
        };
        if let (Some(first), Some(last)) = (lines.get(first), lines.get(last)) {
            tables.push(Span::new(first.span.start, last.span.end));
        }
        at = last + 1;
    }
    tables
}

struct Line<'t> {
    /// Without its line end.
    span: Span,
    /// Without what stands before it in lists and quotes.
    text: &'t str,
    kind: Kind,
}

/// What a line may be of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    /// Dashes alone.
    Rule,
    /// Groups of dashes, each above or below a column.
    Columns,
    /// The border of a grid's row.
    Grid,
    Other,
}

fn lines(text: &str, from: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = from;
    for piece in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let line = piece.trim_end_matches(['\n', '\r']);
        let span = Span::new(start, start + line.len());
        start += piece.len();
        let text = line.trim_matches([' ', '\t']).trim_start_matches(['>', ' ', '\t']);
        lines.push(Line { span, text, kind: kind(text) });
    }
    lines
}

fn kind(line: &str) -> Kind {
    let dashes = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte == b'-');
    match line.as_bytes() {
        [] => Kind::Blank,
        [b'+', .., b'+'] if line.contains(['-', '=']) && line.bytes().all(|byte| b"+-=:".contains(&byte)) => Kind::Grid,
        [b'-', ..] if dashes(line) => Kind::Rule,
        // `- - -` is a break between paragraphs
        [b'-', ..] if line.contains("--") && line.split_ascii_whitespace().all(dashes) => Kind::Columns,
        _ => Kind::Other,
    }
}

/// By line: the next from there on that may close a table, its dashes behind the last row and a blank line behind them.
fn closing(lines: &[Line<'_>]) -> Vec<Option<usize>> {
    let mut closing = vec![None; lines.len()];
    let mut next = None;
    let mut blank_behind = true;
    for (at, line) in lines.iter().enumerate().rev() {
        if blank_behind && matches!(line.kind, Kind::Rule | Kind::Columns) {
            next = Some(at);
        }
        closing[at] = next;
        blank_behind = line.kind == Kind::Blank;
    }
    closing
}

/// The first and the last line of the table whose columns line `at` tells.
fn dashes(lines: &[Line<'_>], at: usize, closing: &[Option<usize>]) -> Option<(usize, usize)> {
    let has_rows = lines.get(at + 1).is_some_and(|line| line.kind == Kind::Other);
    if !has_rows {
        return None;
    }
    let above = lines.get(..at)?.iter().rev();
    let head = above.take(LONGEST).take_while(|line| matches!(line.kind, Kind::Other | Kind::Rule)).count();
    let first = at - head;
    // a table of one block: with a head above its columns, or dashes below them
    let block =
        lines.get(at + 1..)?.iter().position(|line| line.kind == Kind::Blank).map_or(lines.len(), |n| at + 1 + n);
    let open = head == 0 || lines.get(first).is_some_and(|line| line.kind == Kind::Rule);
    let closed = closing.get(at + 1).copied().flatten().filter(|&last| open && last - at <= LONGEST);
    match closed {
        Some(last) => Some((first, last)),
        None if head > 0 => Some((first, block - 1)),
        None => None,
    }
}

/// The first and the last line of the grid that begins at line `at`.
fn grid(lines: &[Line<'_>], at: usize) -> Option<(usize, usize)> {
    let rows = lines.get(at + 1..)?.iter().take_while(|line| line.text.starts_with(['|', '+'])).count();
    (rows > 0).then_some((at, at + rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        tables(text, 0, Vec::new).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn each_kind_of_table_is_found_whole() {
        for table in [
            "A     B\n----- ---\nx     y\nz     z",
            "----- ---\nx     y\n----- ---",
            "-----------\nA     B\nC     D\n----- -----\nx     y\n      y\n\nz     z\n-----------",
            "----- -----\nx     y\n\nz     z\n----- -----",
            "+---+---+\n| A | B |\n+:==+===+\n| x | y |\n|   | - |\n+---+---+",
            "> A     B\n> ----- ---\n> x     y",
        ] {
            for page in [table.to_owned(), format!("before\n\n{table}\n\nbehind\n"), format!("{table}\r\n\r\nx - y")] {
                let page = if page.contains('\r') { page.replace("\r\n", "\n").replace('\n', "\r\n") } else { page };
                let expected = if page.contains('\r') { table.replace('\n', "\r\n") } else { table.to_owned() };
                assert_eq!(of(&page), [expected], "{page:?}");
            }
        }
    }

    #[test]
    fn breaks_headings_lists_and_pipes_are_no_table() {
        for text in [
            "a\n\n- - -\n\nb\n",
            "a\n\n--- ---\n\nb\n",
            "Title\n-----\n\nb -- c\n",
            "- a\n- b -- c\n",
            "| a | b |\n|---|---|\n| x | y |\n",
            "+1\n+-+\n\nx",
            "--- ---\nx\n\nand no end",
        ] {
            assert_eq!(of(text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn what_begins_in_code_is_none() {
        let text = "```\nA     B\n----- ---\nx     y\n```\n";
        assert_eq!(tables(text, 0, || vec![Span::new(0, text.len())]), []);
    }
}
