//! Formats by name, and where they go: `NAME` or `NAME=FILE`.

use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

use crate::config::nearest;

/// One of several formats or orders.
pub trait Named: Copy + 'static {
    /// What one of them is called.
    const KIND: &'static str = "format";
    /// All of them, in the order of the help.
    const ALL: &'static [Self];

    /// Its name.
    fn name(self) -> &'static str;
}

/// A format, and the file it goes to: `NAME` or `NAME=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output<F> {
    /// How.
    pub format: F,
    /// Where; `None` is the standard output.
    pub file: Option<PathBuf>,
}

/// Why a `--format` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatError {
    /// None has this name.
    #[error("`{name}` is no {kind}; {help}", name = .name.escape_debug())]
    Unknown {
        /// What it would be.
        kind: &'static str,
        /// As it was typed.
        name: String,
        /// Which there are.
        help: String,
    },
    /// `NAME=` without a file.
    #[error("`{0}=` names no file; write `{0}=FILE`, or `{0}` for the standard output")]
    NoFile(&'static str),
}

/// The one called `name`.
pub fn named<F: Named>(name: &str) -> Result<F, FormatError> {
    let known = F::ALL.iter().find(|format| format.name() == name);
    known.copied().ok_or_else(|| FormatError::Unknown { kind: F::KIND, name: name.to_owned(), help: help::<F>(name) })
}

impl<F: Named> FromStr for Output<F> {
    type Err = FormatError;

    /// The first `=` ends the name.
    fn from_str(text: &str) -> Result<Self, FormatError> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format: F = named(name)?;
        match file {
            Some("") => Err(FormatError::NoFile(format.name())),
            file => Ok(Self { format, file: file.map(PathBuf::from) }),
        }
    }
}

fn help<F: Named>(name: &str) -> String {
    let names = || F::ALL.iter().map(|format| format.name());
    nearest(name, names()).map_or_else(
        || {
            let names: Vec<_> = names().map(|name| format!("`{name}`")).collect();
            format!("the {}s are {}", F::KIND, names.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    )
}
