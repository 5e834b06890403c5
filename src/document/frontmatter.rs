//! Front matter: where it ends, which of its values are links, what it says of affilink.

use crate::document::{Document, ParseOptions};
use crate::span::Span;

/// A path to values in front matter: `key(.key|[])*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPath(pub Vec<Step>);

/// One step of a [`KeyPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value under a key.
    Key(String),
    /// Every item of a list.
    Items,
}

/// The language front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines.
    Toml,
    /// A JSON object at the top of the page.
    Json,
}

/// A page's front matter.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// Everything before the body: fences included, a byte order mark not.
    pub span: Span,
    /// Its language.
    pub syntax: Syntax,
    /// What it says under `affilink`.
    pub affilink: Option<serde_json::Value>,
}
