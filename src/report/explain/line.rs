//! One line of a page: its links and mentions, the notices there, and what is no link though it looks like one.

use std::fmt::Write as _;

use super::Explanation;
use crate::printable::printable;

/// The links of one line, and what else of interest stands there.
#[derive(Debug)]
pub struct LineView<'e> {
    /// Every link that stands on the line, or whose definition does; every mention, notice, sentence and marker that stands or
    /// would stand there; by where they begin.
    pub links: Vec<Explanation<'e>>,
    /// URLs on the line that are no links to a build, though somebody knows them.
    pub unread: Vec<Unread>,
    /// How many lines the page has.
    pub lines: usize,
    /// The nearest lines that have links: at most one before, one after.
    pub nearest: Vec<usize>,
}

/// A URL of interest that is no link of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The URL.
    pub url: String,
    /// Where it stands.
    pub place: UnreadPlace,
}

/// Where a URL stands that is no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadPlace {
    /// In the front matter, under this key where the line says it.
    FrontMatter(Option<String>),
    /// In the call of a shortcode or component, of this name.
    Call(String),
    /// In running text, code or an attribute.
    Elsewhere,
}

/// What there is to say about line `number` of `page` beside its links: that it has none, and which URLs are none.
pub fn beside(view: &LineView<'_>, page: &str, number: usize) -> String {
    let mut text = String::new();
    if !view.links.iter().any(Explanation::is_of_link) {
        let near: Vec<_> = view.nearest.iter().map(|line| format!("{}:{line}", printable(page))).collect();
        let near =
            if near.is_empty() { "the page has none".to_owned() } else { format!("the nearest: {}", near.join(", ")) };
        let _ = writeln!(text, "{}:{number}: no link here; {near}", printable(page));
    }
    for Unread { url, place } in &view.unread {
        let why = match place {
            UnreadPlace::FrontMatter(Some(key)) => format!(
                "a front-matter value that is not configured; in affiliates.yaml:\n    links:\n      front_matter: [{}]",
                printable(key)
            ),
            UnreadPlace::FrontMatter(None) => {
                "a front-matter value; name its key under `links: {front_matter: ...}`".into()
            }
            UnreadPlace::Call(name) => format!(
                "an argument of `{0}`, which is not configured; in affiliates.yaml, for a shortcode:\n    links:\n      \
                 shortcodes: {{{0}: [0]}}   # or the argument's name",
                printable(name)
            ),
            UnreadPlace::Elsewhere => "code, a comment, an attribute, or running text that is not looked at".into(),
        };
        let _ = writeln!(text, "{}:{number}: {}\n  no link to a build: {why}", printable(page), printable(url));
    }
    text
}
