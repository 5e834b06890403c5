//! A finding of the linter as reports show it. Decides nothing but what every format may say.

use crate::config::lint::Level;

/// One finding with its place for people and machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The file, with `/`, relative to the folder that the run speaks of.
    pub path: String,
    /// The rule's name.
    pub rule: &'static str,
    /// How grave.
    pub level: Level,
    /// Where it begins.
    pub start: Position,
    /// One past where it ends.
    pub end: Position,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What mends it.
    pub fix: Option<Fix>,
    /// What tells it from others, whatever line it stands on: see [`crate::lint`]'s baseline. Hexadecimal.
    pub fingerprint: String,
    /// The line it begins on, without its end, for snippets; empty where it is too long to be shown.
    pub line: String,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based.
    pub line: usize,
    /// 1-based, in code points.
    pub column: usize,
    /// 1-based, in bytes of UTF-8.
    pub byte_column: usize,
    /// From the beginning of the file, 0-based, in bytes.
    pub offset: usize,
}

/// What mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether `--fix` applies it; otherwise `--unsafe-fixes` does.
    pub safe: bool,
    /// What it does.
    pub what: String,
    /// The bytes that are replaced, and by what; empty where they are not known in advance.
    pub edits: Vec<(Position, Position, String)>,
}

/// The figures at the end of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Pages that were looked at.
    pub pages: usize,
    /// Of these, pages that were judged as the build will write them; the others were judged as they stand.
    pub built: usize,
    /// Findings of level `error`.
    pub errors: usize,
    /// Findings of level `warn`.
    pub warnings: usize,
    /// Findings of level `info`.
    pub infos: usize,
    /// Findings that the baseline holds.
    pub baselined: usize,
    /// Findings that comments, attributes, front matter or the configuration suppress.
    pub suppressed: usize,
}

impl Figures {
    /// All findings that are reported.
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}
