//! Notices as texts: which there are, how they are written into a page, which of a page's bytes are one. Decides what a text
//! looks like; knows no page but its format.

pub mod render;
pub mod texts;
mod written;

pub use self::written::{Library, Own, Written, joined, marks, texts};
use crate::source::Format;

/// Where the notice stands (`disclosure.place`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NoticePlace {
    /// Before the first affiliate link.
    #[default]
    Auto,
    /// At the top of the content.
    Top,
    /// At its end.
    Bottom,
    /// Nowhere.
    None,
}

/// By which standard a wording counts as clear (`disclosure.standard`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standard {
    /// The Federal Trade Commission's.
    #[default]
    Ftc,
    /// The Advertising Standards Authority's.
    Asa,
    /// Germany's.
    De,
}

/// What is done about the disclosure (`disclosure`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Where the notice stands.
    pub place: NoticePlace,
    /// The configured texts by language tag, each on one line; those that are built in are not among them.
    pub texts: Vec<(String, String)>,
    /// How the notice is written in Markdown, with `{text}` once.
    pub markdown: String,
    /// How it is written in HTML, with `{text}` once.
    pub html: String,
    /// Whether required sentences are added to pages.
    pub statements: bool,
    /// By which standard a wording counts as clear.
    pub standard: Standard,
    /// What stands after each affiliate link; empty for nothing.
    pub marker: String,
    /// What is written of all this.
    pub library: Library,
}

impl Disclosure {
    /// Whether a build may write anything beside links: a notice, a required sentence, a marker.
    pub fn may_write(&self) -> bool {
        self.place != NoticePlace::None || self.statements || !self.marker.is_empty()
    }

    /// How a notice is written on pages of `format`, with `{text}` once.
    fn markup(&self, format: Format) -> &str {
        if format == Format::Html { &self.html } else { &self.markdown }
    }
}
