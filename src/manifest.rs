//! The record of what a build decided, as JSON Lines. Decides how it is written and read, and how its decisions are
//! undone; which decisions there are is decided by the planner.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use crate::plan::Action;

use crate::printable::printable;

mod bytes;
mod follow;
mod restore;

pub use bytes::Bytes;
pub use follow::follow;
pub use restore::{RestoreError, Standing, restore, undo};

/// The version of the format that this module writes, and the only one it reads.
pub const VERSION: u32 = 1;

/// What one build decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The version of the program that wrote it; empty for this one.
    pub affilink: String,
    /// Edited pages, in the order of the file.
    pub pages: Vec<PageSum>,
    /// Decisions, in the order of the file.
    pub decisions: Vec<Decision>,
}

/// An edited page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSum {
    /// Its page name.
    pub page: String,
    /// The SHA-256 of its output, in lower-case hexadecimal.
    pub sha256: String,
    /// How many builds edited what this one had written; absent for 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub earlier: u32,
}

/// What became of one link, mention or notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The page name.
    pub page: String,
    /// Its line in the source, 1-based.
    pub line: usize,
    /// Its column in the source, 1-based, in code points.
    pub column: usize,
    /// Its first byte in the output, 0-based.
    pub start: usize,
    /// One past its last byte in the output.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// What was done.
    pub action: Action,
    /// Why, by the reason's documented name.
    pub reason: Cow<'static, str>,
    /// The program that won, by its name in the configuration.
    #[serde(default)]
    pub program: Option<String>,
    /// The network, by its id in the catalog.
    #[serde(default)]
    pub network: Option<String>,
    /// The bytes of the source that were replaced.
    #[serde(default)]
    pub before: Option<Bytes>,
    /// The bytes of the output that replaced them: those of `start..end`.
    #[serde(default)]
    pub after: Option<Bytes>,
    /// The sub-ID that the link now has.
    #[serde(default)]
    pub subid: Option<String>,
    /// The product, by its name in the configuration.
    #[serde(default)]
    pub product: Option<String>,
    /// As [`PageSum::earlier`]: the build that decided.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub earlier: u32,
}

impl Decision {
    /// The replaced and the replacing bytes if the decision changed any. A side that is absent is empty.
    pub fn change(&self) -> Option<(&[u8], &[u8])> {
        if matches!(self.action, Action::Kept | Action::Skipped) {
            return None;
        }
        let before = self.before.as_ref().map_or(&[][..], |bytes| &bytes.0);
        let after = self.after.as_ref().map_or(&[][..], |bytes| &bytes.0);
        (before != after).then_some((before, after))
    }
}

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Markdown link with its destination beside its text.
    Inline,
    /// A Markdown link that names a definition.
    Reference,
    /// A definition that reference links name.
    Definition,
    /// A URL in angle brackets.
    Autolink,
    /// A URL in running text.
    Bare,
    /// A linked image.
    Banner,
    /// An `a` element.
    Html,
    /// An `area` element.
    Area,
    /// A value of the front matter.
    FrontMatter,
    /// An argument of a shortcode.
    Shortcode,
    /// An attribute of a component.
    Component,
    /// A product's name in running text.
    Mention,
    /// The disclosure.
    Notice,
    /// A sentence that a program requires.
    Statement,
    /// What stands after each affiliate link to mark it.
    Marker,
}

/// Why a manifest cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct ManifestError {
    /// The line, 1-based.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

#[derive(Serialize, Deserialize)]
struct Header<'h> {
    version: u32,
    #[serde(default)]
    affilink: Cow<'h, str>,
}

impl Manifest {
    /// Reads a manifest. Unknown keys are passed over, for versions that say more; another version is an error.
    pub fn read(text: &str) -> Result<Self, ManifestError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let no_header = || ManifestError { line: 1, message: "not a manifest: no line with its version".to_owned() };
        let (_, first) = lines.next().ok_or_else(no_header)?;
        let header: Header = serde_json::from_str(first).map_err(|_| no_header())?;
        if header.version != VERSION {
            let message =
                format!("a manifest of version `{}`, and this affilink reads version {VERSION}", header.version);
            return Err(ManifestError { line: 1, message });
        }
        let mut manifest = Self { affilink: header.affilink.into_owned(), ..Self::default() };
        for (index, line) in lines {
            manifest.read_line(line).map_err(|message| ManifestError { line: index + 1, message })?;
        }
        Ok(manifest)
    }

    /// Writes the manifest: its version, then the pages, then the decisions.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let affilink = if self.affilink.is_empty() { env!("CARGO_PKG_VERSION") } else { &self.affilink };
        write_line(out, &Header { version: VERSION, affilink: affilink.into() })?;
        for page in &self.pages {
            write_line(out, page)?;
        }
        self.decisions.iter().try_for_each(|decision| write_line(out, decision))
    }

    /// The decisions about the page `name`, in the order of the file.
    pub fn of_page<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Decision> {
        self.decisions.iter().filter(move |decision| decision.page == name)
    }

    fn read_line(&mut self, line: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Probe {
            #[serde(default)]
            sha256: Option<serde::de::IgnoredAny>,
        }
        let probe: Probe = serde_json::from_str(line).map_err(|error| message(&error))?;
        if probe.sha256.is_some() {
            self.pages.push(serde_json::from_str(line).map_err(|error| message(&error))?);
        } else {
            self.decisions.push(serde_json::from_str(line).map_err(|error| message(&error))?);
        }
        Ok(())
    }
}

/// The decisions of `manifests` whose link has the sub-ID `subid`, in order.
///
/// Some networks report sub-IDs in another case than they got: if none is equal, those equal but for ASCII case.
pub fn resolve<'m>(subid: &str, manifests: &'m [Manifest]) -> Vec<&'m Decision> {
    let all = |same: &dyn Fn(&str) -> bool| -> Vec<&'m Decision> {
        let decisions = manifests.iter().flat_map(|manifest| &manifest.decisions);
        decisions.filter(|decision| decision.subid.as_deref().is_some_and(same)).collect()
    };
    let exact = all(&|other| other == subid);
    if exact.is_empty() { all(&|other| other.eq_ignore_ascii_case(subid)) } else { exact }
}

/// The SHA-256 of `bytes` in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // writing to a `String` cannot fail
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// The message of a JSON error, without the place: every line is a document of its own.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    format!("{} (column {})", printable(what), error.column())
}

#[cfg(test)]
mod tests;
