//! What was found once and is let be: a baseline, so that a site with old findings is told of new ones only. Decides how
//! findings are recognised again without line numbers, and the format of the file, JSON Lines. Pure: files are the caller's.
//!
//! A finding at a place is known by its rule and the text it is about, without white space: lines may be inserted, deleted
//! and indented anywhere. A finding about a page as a whole is known by its figure, and is new when that has grown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The version of the format that this module writes, and the only one it reads.
pub const VERSION: u32 = 1;

/// Rules that no baseline holds: what they find harms readers, however long it has been there.
pub const NEVER: &[&str] = &["unsafe-url"];

/// A finding, as far as a baseline knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The page's name.
    pub path: &'a str,
    /// The rule's name.
    pub rule: &'a str,
    /// The text of the reported element, such as a link with its destination. White space does not count.
    pub text: String,
    /// How bad it is; kept for findings about whole pages only, to two decimals.
    pub figure: Option<f64>,
    /// Whether it is about the page as a whole.
    pub of_page: bool,
    /// Whether no report shows it: nobody misses it when it is gone.
    pub quiet: bool,
}

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    known: BTreeMap<Key, Worth>,
    /// Those of them that nobody was told of.
    quiet: BTreeSet<Key>,
}

/// What [`Baseline::filter`] tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filtered {
    /// The places of the new findings among those given, 0-based, ascending.
    pub new: Vec<usize>,
    /// How many of those given are known.
    pub known: usize,
    /// What the baseline holds and was not found any more, by path and rule.
    pub stale: Vec<Stale>,
}

/// Known findings that are no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The page's name.
    pub path: String,
    /// The rule's name.
    pub rule: String,
    /// How many are gone, at least 1.
    pub count: usize,
}

/// Why a file is not a baseline that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// Nothing in it.
    #[error("the baseline is empty: write it anew with `--write-baseline`")]
    Empty,
    /// The first line is not a header.
    #[error("line {line}: not a baseline, it begins with `{{\"version\":{VERSION},…}}` ({problem})")]
    Header {
        /// 1-based.
        line: usize,
        /// What the parser said.
        problem: String,
    },
    /// A format of another time.
    #[error(
        "line {line}: version {found} of the format is not known, only {VERSION}: write it anew with `--write-baseline`"
    )]
    Version {
        /// 1-based.
        line: usize,
        /// What it says.
        found: u64,
    },
    /// A line that is no entry.
    #[error("line {line}: not an entry of a baseline: {problem}")]
    Malformed {
        /// 1-based.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A finding twice, as after a merge.
    #[error("line {line}: the finding of line {first} again: keep one, or write it anew with `--write-baseline`")]
    Repeated {
        /// 1-based.
        line: usize,
        /// Where it was first.
        first: usize,
    },
    /// A rule of [`NEVER`].
    #[error("line {line}: findings of `{rule}` are always reported: delete the line")]
    Never {
        /// 1-based.
        line: usize,
        /// The rule.
        rule: String,
    },
}

/// How a finding is recognised; the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    rule: String,
    /// Absent for findings about whole pages.
    hash: Option<String>,
}

/// What was there when the baseline was written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Worth {
    /// So many, at places.
    Count(usize),
    /// So bad a page.
    Figure(Option<f64>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u64,
    affilink: String,
}

// `figure` has three states: absent, `null`, a number
#[allow(clippy::option_option)]
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    /// `null` where the rule has no figure, which is not the same as absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    figure: Option<Option<f64>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    quiet: bool,
}

impl Baseline {
    /// The baseline in which `findings` are known, but those of the rules of [`NEVER`].
    pub fn of<'a>(findings: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let (mut known, mut told, mut quiet) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for finding in findings.into_iter().filter(|finding| !NEVER.contains(&finding.rule)) {
            let (key, worth) = (finding.key(), finding.worth());
            if finding.quiet { &mut quiet } else { &mut told }.insert(key.clone());
            known.entry(key).and_modify(|before: &mut Worth| *before = before.with(worth)).or_insert(worth);
        }
        quiet.retain(|key| !told.contains(key));
        Self { known, quiet }
    }

    /// The same with what `old` knows of everything that was not looked at now, by path and rule: a run over some pages does
    /// not forget the others.
    #[must_use]
    pub fn with_unseen(mut self, old: &Self, looked_at: impl Fn(&str, &str) -> bool) -> Self {
        for (key, worth) in old.known.iter().filter(|(key, _)| !looked_at(&key.path, &key.rule)) {
            self.known.entry(key.clone()).or_insert(*worth);
            self.quiet.extend(old.quiet.get(key).cloned());
        }
        self
    }

    /// Reads what [`write`](Self::write) wrote. Any line that is not understood is an error: a finding let be by mistake would
    /// never be seen.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let mut lines = numbered.filter(|(_, line)| !line.is_empty());
        let (line, header) = lines.next().ok_or(BaselineError::Empty)?;
        let header: Header =
            serde_json::from_str(header).map_err(|error| BaselineError::Header { line, problem: problem(&error) })?;
        if header.version != u64::from(VERSION) {
            return Err(BaselineError::Version { line, found: header.version });
        }
        let (mut known, mut hushed) = (BTreeMap::new(), BTreeSet::new());
        let mut places: BTreeMap<Key, usize> = BTreeMap::new();
        for (line, text) in lines {
            let (key, worth, quiet) = entry(line, text)?;
            if let Some(first) = places.insert(key.clone(), line) {
                return Err(BaselineError::Repeated { line, first });
            }
            hushed.extend(quiet.then(|| key.clone()));
            known.insert(key, worth);
        }
        Ok(Self { known, quiet: hushed })
    }

    /// The file's text: a header, then a line for each entry, sorted, so that versions of it merge.
    pub fn write(&self) -> String {
        let header = Header { version: u64::from(VERSION), affilink: env!("CARGO_PKG_VERSION").to_owned() };
        let mut text = json(&header);
        for (key, worth) in &self.known {
            let (count, figure) = match *worth {
                Worth::Count(count) => (Some(count), None),
                Worth::Figure(figure) => (None, Some(figure)),
            };
            let (path, rule, hash) = (key.path.clone(), key.rule.clone(), key.hash.clone());
            let quiet = self.quiet.contains(key);
            text.push_str(&json(&Line { path, rule, hash, count, figure, quiet }));
        }
        text
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.known.values().fold(0, |sum, worth| sum.saturating_add(worth.count()))
    }

    /// Which of `findings` are new. Of findings that look the same, the first as many as were there are known.
    ///
    /// `looked_at` says of a path and a rule whether this run would have found something there; only then can an entry be
    /// stale.
    pub fn filter<'a>(
        &self,
        findings: impl IntoIterator<Item = Entry<'a>>,
        looked_at: impl Fn(&str, &str) -> bool,
    ) -> Filtered {
        let mut filtered = Filtered::default();
        let mut seen: BTreeMap<&Key, usize> = BTreeMap::new();
        for (place, finding) in findings.into_iter().enumerate() {
            let entry = self.known.get_key_value(&finding.key()).filter(|_| !NEVER.contains(&finding.rule));
            let is_known = entry.is_some_and(|(key, worth)| {
                let count = seen.entry(key).or_default();
                *count += 1;
                worth.covers(*count, finding.worth())
            });
            if is_known {
                filtered.known += 1;
            } else {
                filtered.new.push(place);
            }
        }
        let told = self.known.iter().filter(|(key, _)| !self.quiet.contains(*key));
        for (key, worth) in told.filter(|(key, _)| looked_at(&key.path, &key.rule)) {
            let count = worth.count().saturating_sub(seen.get(key).copied().unwrap_or(0));
            if count > 0 {
                filtered.stale_at(key, count);
            }
        }
        filtered
    }
}

impl Filtered {
    /// Entries come sorted, so that those of a path and rule are neighbours.
    fn stale_at(&mut self, key: &Key, count: usize) {
        match self.stale.last_mut() {
            Some(last) if last.path == key.path && last.rule == key.rule => {
                last.count = last.count.saturating_add(count);
            }
            _ => self.stale.push(Stale { path: key.path.clone(), rule: key.rule.clone(), count }),
        }
    }
}

impl Entry<'_> {
    fn key(&self) -> Key {
        let hash = (!self.of_page).then(|| fingerprint(self.rule, None, &self.text, 0));
        Key { path: self.path.to_owned(), rule: self.rule.to_owned(), hash }
    }

    fn worth(&self) -> Worth {
        if self.of_page { Worth::Figure(self.figure.and_then(rounded)) } else { Worth::Count(1) }
    }
}

impl Worth {
    /// Both of them: counts add up, of two figures the worse one stands for the page.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Count(one), Self::Count(other)) => Self::Count(one.saturating_add(other)),
            (Self::Figure(Some(one)), Self::Figure(Some(other))) => Self::Figure(Some(one.max(other))),
            (Self::Figure(None), figure) => figure,
            (first, _) => first,
        }
    }

    /// Whether the `nth` finding (1-based), worth `found`, was there. Nothing can be said to have grown that had no figure.
    fn covers(self, nth: usize, found: Self) -> bool {
        match (self, found) {
            (Self::Count(count), _) => nth <= count,
            (Self::Figure(Some(before)), Self::Figure(Some(now))) => now <= before,
            (Self::Figure(_), _) => true,
        }
    }

    fn count(self) -> usize {
        match self {
            Self::Count(count) => count,
            Self::Figure(_) => 1,
        }
    }
}

/// What a finding is recognised by in reports: 64 lower-case hexadecimal digits, without line numbers. `text` is that of the
/// reported element, of which white space does not count; `ordinal` tells findings apart that are otherwise the same, in their
/// order from 0. A baseline's hashes are those without path and with ordinal 0.
pub fn fingerprint(rule: &str, path: Option<&str>, text: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    // neither a rule nor a path holds NUL, and the text comes last
    for part in [rule, path.unwrap_or_default(), &ordinal.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    for part in text.split_whitespace() {
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // writing to a `String` cannot fail
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn entry(line: usize, text: &str) -> Result<(Key, Worth, bool), BaselineError> {
    let malformed = |problem: String| BaselineError::Malformed { line, problem };
    let read: Line = serde_json::from_str(text).map_err(|error| malformed(problem(&error)))?;
    let Line { path, rule, hash, count, figure, quiet } = read;
    if path.is_empty() || rule.is_empty() {
        return Err(malformed("`path` or `rule` is empty".into()));
    }
    if NEVER.contains(&rule.as_str()) {
        return Err(BaselineError::Never { line, rule });
    }
    let worth = match (&hash, count, figure) {
        (Some(hash), Some(count), None) => {
            if hash.len() != 64 || !hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(malformed("`hash` is not 64 lower-case hexadecimal digits".into()));
            }
            if count == 0 {
                return Err(malformed("`count` is 0".into()));
            }
            Worth::Count(count)
        }
        (None, None, Some(figure)) => Worth::Figure(figure.and_then(rounded)),
        _ => return Err(malformed("it has either `hash` and `count`, or `figure`".into())),
    };
    Ok((Key { path, rule, hash }, worth, quiet))
}

/// To two decimals; `None` where it is no number. Limited to what survives being written and read with two decimals.
fn rounded(figure: f64) -> Option<f64> {
    figure.is_finite().then(|| (figure.clamp(-1e12, 1e12) * 100.0).round() / 100.0)
}

/// What the parser said, without the place in the line: it reads one line at a time, so that its line number misleads.
fn problem(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    format!("{} (column {})", crate::printable::printable(said), error.column())
}

fn json(line: &impl Serialize) -> String {
    let mut text = serde_json::to_string(line).expect("strings and numbers serialize");
    text.push('\n');
    text
}

#[allow(clippy::option_option)]
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[cfg(test)]
mod tests;
