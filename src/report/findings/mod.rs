//! Findings of the linter as text, in the formats that people, editors and CI read: one file per format. Decides what each
//! format says and how it is escaped; not which findings there are, nor where the text goes.
//!
//! Every format takes the findings sorted by path and place. Formats for people escape what could forge output
//! ([`crate::printable::printable`]); formats for machines keep paths and edits as they are, escaped as the format
//! wants it, so that what is read back is what was there.

mod closing;
mod concise;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod rdjson;
mod sarif;

use std::fmt::{self, Write as _};
use std::str::FromStr;

pub use self::closing::last_line;
pub use self::concise::concise;
pub use self::full::{first_run, full};
pub use self::github::{github, job_summary};
pub use self::gitlab::gitlab;
pub use self::json::{Item, item, json};
pub use self::junit::junit;
pub use self::rdjson::rdjson;
pub use self::sarif::sarif;
use super::escape::markdown;
use super::finding::{Figures, Finding};
pub use super::output::FormatError;
use super::output::{self, Named};
use crate::config::lint::Level;
use crate::printable::{is_forging, printable};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people: the line, a caret, what to do.
    Full,
    /// One line each.
    Concise,
    /// This tool's own JSON.
    Json,
    /// SARIF 2.1.0: GitHub code scanning and others.
    Sarif,
    /// Workflow commands that GitHub Actions shows as annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// `JUnit` XML: GitLab's test report, Jenkins and others.
    Junit,
    /// The reviewdog Diagnostic Format.
    Rdjson,
}

/// A format, and the file it goes to: `NAME` or `NAME=FILE`.
pub type Output = output::Output<Format>;

/// How a run is spoken of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether `full` shows every finding.
    pub all: bool,
    /// Whether `full` may use terminal colours.
    pub color: bool,
    /// The level at which findings make the run fail.
    pub fail_on: Level,
    /// How many warnings make the run fail, if more of them do.
    pub max_warnings: Option<usize>,
    /// Whether a baseline was read: without one a run with very many findings names the way to write it.
    pub baseline: bool,
    /// This tool's version.
    pub version: &'static str,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: [Self; 8] =
        [Self::Full, Self::Concise, Self::Json, Self::Sarif, Self::Github, Self::Gitlab, Self::Junit, Self::Rdjson];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Rdjson => "rdjson",
        }
    }

    /// What it is, for the help.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Full => "the line with a caret and what to do; the default on a terminal",
            Self::Concise => "`path:line:column: level[rule] message`; the default elsewhere",
            Self::Json => "one JSON object",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Github => "annotations of GitHub Actions",
            Self::Gitlab => "GitLab's Code Quality report",
            Self::Junit => "JUnit XML",
            Self::Rdjson => "the reviewdog Diagnostic Format",
        }
    }

    /// Whether its readers look for files from the top of the repository; the others do from the folder of the run, and
    /// reviewdog, which reads `rdjson`, from its own.
    pub const fn is_for_repository(self) -> bool {
        matches!(self, Self::Sarif | Self::Github | Self::Gitlab | Self::Junit)
    }

    /// The format where none is asked for.
    pub const fn default_for(terminal: bool) -> Self {
        if terminal { Self::Full } else { Self::Concise }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        output::named(name)
    }
}

impl Named for Format {
    const ALL: &'static [Self] = &Self::ALL;

    fn name(self) -> &'static str {
        self.name()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            all: false,
            color: false,
            fail_on: Level::Error,
            max_warnings: None,
            baseline: false,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Options {
    /// Whether findings of `level` make a run with `figures` fail.
    pub fn fails(&self, level: Level, figures: &Figures) -> bool {
        level >= self.fail_on || (level == Level::Warn && self.max_warnings.is_some_and(|most| figures.warnings > most))
    }
}

/// `findings`, sorted by path and place, as `format`, each line ended.
pub fn write(format: Format, findings: &[Finding], figures: &Figures, options: &Options) -> String {
    let text = match format {
        Format::Full => full,
        Format::Concise => concise,
        Format::Json => json,
        Format::Sarif => sarif,
        Format::Github => github,
        Format::Gitlab => gitlab,
        Format::Junit => junit,
        Format::Rdjson => rdjson,
    };
    text(findings, figures, options)
}

/// `value` as JSON on one line in which no character could forge a line or steer a terminal: such are written `\u202e`, which
/// means the same to a reader of JSON.
pub(super) fn json_line(value: &impl serde::Serialize) -> String {
    let plain = serde_json::to_string(value).expect("texts, numbers, lists and maps with texts as keys");
    let plain = uncommanded(plain, "\\u0023");
    if !plain.contains(is_forging) {
        return plain;
    }
    let mut safe = String::with_capacity(plain.len());
    for char in plain.chars() {
        // what is left of them after serialisation stands inside strings
        if is_forging(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(char);
        }
    }
    safe
}

/// A JSON list with an item a line, so that the file can be read and compared.
pub(super) fn json_list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", items.join(",\n")) }
}

/// `text` for a line of a log: [`printable`], and no command to the CI that shows the log.
fn logged(text: &str) -> String {
    uncommanded(printable(text), "\\u{23}")
}

/// `text` with what GitHub's runner, Azure Pipelines and `TeamCity` take for a command wherever it stands on a line of a log
/// (`##[error]`, `##vso[...]`, `##teamcity[...]`) made harmless: its second `#` is written as `hash`.
fn uncommanded(mut text: String, hash: &str) -> String {
    for name in ["", "vso", "teamcity"] {
        let command = format!("##{name}[");
        if text.contains(&command) {
            text = text.replace(&command, &format!("#{hash}{name}["));
        }
    }
    text
}

/// A number of what `what` names one of: `1 error`, `2 errors`, `0 errors`.
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests;
