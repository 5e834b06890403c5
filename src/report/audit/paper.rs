//! Text as wide as a terminal: headings, lines and tables. Decides what is cut and where lines break.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

use super::Report;
use crate::printable::printable;

/// The fewest columns that a name is cut down to while another one has more.
const LEAST: usize = 24;
/// The fewest columns of a name, however narrow the terminal.
const NARROWEST: usize = 8;

/// What is written on.
pub(super) struct Paper {
    text: String,
    color: bool,
    width: Option<usize>,
}

impl Paper {
    /// That of `report`, empty.
    pub(super) fn of(report: &Report<'_>) -> Self {
        Self { text: String::new(), color: report.color, width: report.width }
    }

    /// All that was written.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn heading(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.gap();
        }
        let (bold, plain) = if self.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        for line in self.lines(0, &printable(title)) {
            let _ = writeln!(self.text, "{bold}{line}{plain}");
        }
    }

    /// `text` behind `label`, in as many lines as it takes, those that follow under the first. No word is cut: what is longer
    /// than a line can be copied from it.
    pub(super) fn line(&mut self, label: &str, text: &str) {
        for (at, line) in self.lines(label.width(), text).into_iter().enumerate() {
            let margin = if at == 0 { label.to_owned() } else { " ".repeat(label.width()) };
            let _ = writeln!(self.text, "{margin}{line}");
        }
    }

    /// `text` in lines that fit behind `margin` columns, broken at its single spaces.
    fn lines<'t>(&self, margin: usize, text: &'t str) -> Vec<&'t str> {
        let Some(room) = self.width.map(|width| width.saturating_sub(margin)) else { return vec![text] };
        let mut lines = Vec::new();
        let (mut start, mut end) = (0, 0);
        for (space, _) in text.match_indices(' ').chain([(text.len(), "")]) {
            if text[start..space].width() > room && end > start {
                lines.push(&text[start..end]);
                start = end + 1;
            }
            end = space;
        }
        lines.push(&text[start..]);
        lines
    }

    /// Columns of figures to the right, the last two to the left; names are cut where the line would be too long.
    pub(super) fn table<const N: usize>(&mut self, head: &[&str; N], rows: &[[String; N]]) {
        let width = |at: usize| rows.iter().map(|row| row[at].width()).chain([head[at].width()]).max().unwrap_or(0);
        let mut widths: [usize; N] = std::array::from_fn(width);
        let names = if head[N - 1].is_empty() { N - 2 } else { N - 1 };
        if let Some(full) = self.width {
            let figures: usize = widths[..names].iter().map(|width| width + 2).sum();
            share(&mut widths[names..], full.saturating_sub(figures));
        }
        for row in std::iter::once(head.map(str::to_owned)).chain(rows.iter().cloned()) {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                let cell = if at < names { cell.clone() } else { cut(cell, widths[at]) };
                let fill = " ".repeat(widths[at].saturating_sub(cell.width()));
                let _ = if at < names { write!(line, "{fill}{cell}  ") } else { write!(line, "{cell}{fill}  ") };
            }
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }

    /// That a list of `all` rows has more than those `shown`.
    pub(super) fn rest(&mut self, all: usize, shown: usize) {
        if all > shown {
            self.line("", &format!("and {} more: see `--format html`", super::words::grouped(all - shown)));
        }
    }
}

/// Makes columns of names with these widths fit into `room`: the last one gives first.
fn share(widths: &mut [usize], room: usize) {
    match widths {
        [one] => *one = (*one).min(room.max(NARROWEST)),
        [first, second] => {
            let room = room.saturating_sub(2);
            *first = (*first).min(room.saturating_sub(LEAST.min(*second))).max(NARROWEST.min(*first));
            *second = (*second).min(room.saturating_sub(*first).max(NARROWEST));
        }
        _ => {}
    }
}

/// `text` in `width` columns: of a longer one, its beginning and its end.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let tail = width.saturating_sub(1) * 2 / 3;
    let head = width.saturating_sub(1 + tail);
    // what is one sign to a reader may be several characters, and wider or narrower than they are by themselves
    let fitting = |most: usize| {
        let mut left = most;
        move |sign: &&str| left.checked_sub(sign.width()).inspect(|rest| left = *rest).is_some()
    };
    let start: String = text.graphemes(true).take_while(fitting(head)).collect();
    let end: Vec<&str> = text.graphemes(true).rev().take_while(fitting(tail)).collect();
    format!("{start}…{}", end.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(width: usize) -> Paper {
        Paper { text: String::new(), color: false, width: Some(width) }
    }

    #[test]
    fn lines_break_at_spaces_and_stand_under_each_other() {
        let mut paper = paper(20);
        paper.heading("a heading that is long");
        paper.line("label     ", "one two three four");
        paper.line("", "https://shop.example/a/long/address is whole");
        paper.line("    ", "");
        let expected = "a heading that is\nlong\nlabel     one two\n          three four\n\
            https://shop.example/a/long/address\nis whole\n    \n";
        assert_eq!(paper.finish(), expected);
    }

    #[test]
    fn tables_fit_whatever_stands_in_them() {
        let long = ["x", "日本語の長い名前", "🫖", "❤\u{fe0f}", "👩\u{200d}👩\u{200d}👧", "shop.example"]
            .map(|part| part.repeat(150));
        for width in [40, 80, 120] {
            for name in &long {
                for advice in ["", "short", long[0].as_str(), long[1].as_str()] {
                    let mut paper = paper(width);
                    paper.table(&["links", "pages", "domain", ""], &[["1,000", "10", name, advice].map(str::to_owned)]);
                    paper.table(&["links", "program"], &[["1,000", name].map(str::to_owned)]);
                    let text = paper.finish();
                    assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
                    assert!(text.contains('…'), "{width}: {text}");
                }
            }
        }
    }
}
