//! The lines of a commented YAML file. Decides how wide comments are and where they stand.

use std::fmt::Write as _;

/// How wide lines of prose get, in characters.
const WIDTH: usize = 110;
/// Where a comment behind a value begins, in characters.
const COLUMN: usize = 34;

/// A file being written.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.0.push('\n');
    }

    /// Prose as comments, wrapped.
    pub(super) fn prose(&mut self, indent: usize, prose: &str) {
        let margin = format!("{:indent$}# ", "");
        let mut line = margin.clone();
        for word in prose.split(' ') {
            let wide = line.chars().count() + word.chars().count();
            if wide >= WIDTH && line.len() > margin.len() {
                self.line(&line);
                line.clone_from(&margin);
            }
            let _ = write!(line, "{word} ");
        }
        self.line(&line);
    }

    /// `key: value` with what there is to say of it behind it, or above it where it is long.
    pub(super) fn pair(&mut self, indent: usize, key: &str, value: &str, remark: &str) {
        let pair = format!("{:indent$}{key}: {value}", "");
        let start = pair.chars().count().max(COLUMN - 1) + 1;
        if remark.is_empty() {
            self.line(&pair);
        } else if start + 2 + remark.chars().count() > WIDTH {
            self.prose(indent, remark);
            self.line(&pair);
        } else {
            let gap = (start - pair.chars().count()).max(2);
            self.line(&format!("{pair}{:gap$}# {remark}", ""));
        }
    }

    /// `value`, itself a comment behind `lead`, with `remark` behind it, or above it where the line would be long.
    pub(super) fn remarked(&mut self, lead: &str, value: &str, remark: &str) {
        if lead.len() + value.chars().count() + remark.chars().count() + 5 > WIDTH {
            let indent = lead.len() - lead.trim_start().len();
            self.prose(indent, &format!("{remark}:"));
            self.line(&format!("{lead}{value}"));
        } else {
            self.line(&format!("{lead}{value}   # {remark}"));
        }
    }

    /// The file.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// `1 link`, `2 links`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<T: AsRef<str>>(texts: &[T]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<_> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_wrapped_and_stand_in_a_column() {
        let mut text = Text::default();
        text.pair(2, "tag", "mysite-20", "3 links");
        text.pair(2, "tag", &"x".repeat(90), "a remark that has no place behind it");
        text.prose(0, &"word ".repeat(40));
        let text = text.finish();
        assert!(text.starts_with("  tag: mysite-20                  # 3 links\n  # a remark that"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH && !line.ends_with(' ')), "{text}");
    }
}
