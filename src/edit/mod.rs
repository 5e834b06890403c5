//! Edits: what is to change, byte by byte, and what a parser must find there afterwards. Decides nothing about whether
//! to change anything.

pub mod apply;
pub mod diff;
pub mod verify;

use crate::span::Span;

/// One replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
    /// Whether a parser's view of the new text is to be taken for nothing: attribute lists, escapes, notices.
    pub fold: bool,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), fold: false }
    }

    /// Inserts `text` at byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::at(at), text: text.into(), fold: false }
    }

    /// Inserts `text` at byte `at`, which a parser may see as text though no reader does.
    pub fn insert_folded(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::at(at), text: text.into(), fold: true }
    }

    /// Takes `span` out, whatever a parser saw there: an own notice, an own marker.
    pub fn remove_folded(span: Span) -> Self {
        Self { span, text: String::new(), fold: true }
    }

    /// Whether it takes something out that a parser may have seen.
    pub fn is_removal(&self) -> bool {
        self.fold && self.text.is_empty() && !self.span.is_empty()
    }
}

/// What must be found of one link when the edited page is parsed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The link, as an index into the links of the original page.
    pub link: usize,
    /// Its destination, decoded.
    pub destination: String,
    /// Its `rel` attribute, decoded; `None` for none.
    pub rel: Option<String>,
    /// Its `target` attribute, decoded; `None` for none.
    pub target: Option<String>,
}

/// A link that must be found of the edited page where the original has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// What the reader clicks: bytes of the original.
    pub text: Span,
    /// Its destination, decoded.
    pub destination: String,
    /// Its `rel` attribute, decoded; `None` for none.
    pub rel: Option<String>,
    /// Its `target` attribute, decoded; `None` for none.
    pub target: Option<String>,
}

/// Edits that stand or fall together, and what they are to bring about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The edits, by where they start; they share no byte.
    pub edits: Vec<Edit>,
    /// What the parser must find afterwards.
    pub expect: Vec<Expectation>,
    /// The links that the parser must find no more, as indexes into the links of the original page, ascending.
    pub gone: Vec<usize>,
    /// The links that the parser must find where there were none, by where they start.
    pub new_links: Vec<NewLink>,
}

impl Change {
    /// Edits of links that the page has.
    pub fn of_links(edits: Vec<Edit>, expect: Vec<Expectation>) -> Self {
        Self { edits, expect, ..Self::default() }
    }

    /// From the first byte edited to the last; `None` for a change without edits.
    pub fn hull(&self) -> Option<Span> {
        Some(Span::new(self.edits.first()?.span.start, self.edits.last()?.span.end))
    }
}
