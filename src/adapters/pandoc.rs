//! Pandoc's JSON filter protocol: a document in, the same document with its links rewritten out. Decides which nodes are
//! links and text; every byte that belongs to no rewritten link goes back as it came, nodes of other versions included.
//!
//! Format: pandoc-types, `Text.Pandoc.Definition`; `Link` and `Image` have their attributes since API 1.16.

mod meta;
mod projection;
mod write;

use thiserror::Error;

use self::meta::plain;
use self::projection::Projection;
use self::write::block;
use super::host::Message;
use super::json::{Json, Value, spliced};
use super::nodes::{Said, Seen, Settled};
use crate::config::lint::Level;
use crate::pipeline::page::{Outcome, Setup, guarded};
use crate::span::Span;

/// The versions of the document format that are known: the major one, the oldest and the newest minor one.
const KNOWN: (u64, u64, u64) = (1, 17, 23);

/// A document as Pandoc hands it over.
#[derive(Debug)]
pub struct Filtered<'d> {
    json: Json<'d>,
    text: &'d str,
    version: (u64, u64),
}

/// Why what Pandoc says cannot be used.
#[derive(Debug, Error)]
pub enum FilterError {
    /// No JSON.
    #[error("standard input is no JSON; `affilink pandoc` is run by Pandoc or behind `pandoc -t json`: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of another shape.
    #[error("standard input is no document of Pandoc's: {0}")]
    Shape(&'static str),
    /// A document format that is not known.
    #[error("the document has pandoc-api-version {0}; affilink knows 1.17 to 1.23, of Pandoc 1.18 and newer")]
    Version(String),
}

/// A document after the edits, and what there is to say of it.
#[derive(Debug)]
pub struct Document {
    /// The document, as Pandoc wants it back.
    pub json: String,
    /// What somebody should look at.
    pub messages: Vec<Message>,
    /// Whether own links of ended programs stay.
    pub left_ended: bool,
}

/// What Pandoc makes of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// HTML, or what holds HTML: raw HTML is part of it.
    Html,
    /// Markdown: so it is, and attributes may be.
    Markdown {
        /// Whether links have attributes; if not, Pandoc writes one that has some as raw HTML, and breaks it between lines.
        attributes: bool,
    },
    /// What has neither raw HTML nor attributes of links.
    Other,
}

impl Target {
    /// What the writer `name`, with its extensions, makes; HTML where it is not known.
    fn of(name: Option<&str>) -> Self {
        let Some(name) = name else { return Self::Html };
        let base = name.split(['+', '-']).next().unwrap_or_default();
        match base {
            "" | "json" | "native" | "html" | "html4" | "html5" | "chunkedhtml" | "epub" | "epub2" | "epub3"
            | "revealjs" | "slidy" | "slideous" | "dzslides" | "s5" => Self::Html,
            "markdown" | "markdown_github" | "markdown_mmd" | "markdown_phpextra" | "markdown_strict" | "gfm"
            | "commonmark" | "commonmark_x" => Self::Markdown { attributes: has_attributes(name, base) },
            _ => Self::Other,
        }
    }

    /// Whether a link that must stand on one line keeps the attributes that it has.
    fn tears(self) -> bool {
        self == Self::Markdown { attributes: false }
    }
}

/// Whether the Markdown writer `name`, `base` with extensions switched on and off, has attributes of links.
///
/// Source: Pandoc's manual, "Extensions"; `linkAttributes` in `Text.Pandoc.Writers.Markdown.Inline`.
fn has_attributes(name: &str, base: &str) -> bool {
    let extensions = ["link_attributes", "attributes"];
    let mut on = match base {
        "markdown" | "markdown_phpextra" => [true, false],
        "commonmark_x" => [false, true],
        _ => [false, false],
    };
    for (at, _) in name.match_indices(['+', '-']) {
        let extension = name[at + 1..].split(['+', '-']).next();
        if let Some(which) = extensions.iter().position(|known| Some(*known) == extension) {
            on[which] = name[at..].starts_with('+');
        }
    }
    on.contains(&true)
}

impl<'d> Filtered<'d> {
    /// Reads what Pandoc says.
    pub fn read(text: &'d str) -> Result<Self, FilterError> {
        let json = Json::read(text)?;
        let version = version(json.root())?;
        Ok(Self { json, text, version })
    }

    /// What to say about the document's version; `None` for one that is known.
    pub fn version_warning(&self) -> Option<String> {
        let (major, minor) = self.version;
        (minor > KNOWN.2).then(|| {
            format!(
                "pandoc-api-version {major}.{minor} is newer than {}.{}, which affilink knows; nodes that are new stay as they are",
                KNOWN.0, KNOWN.2
            )
        })
    }

    /// Rewrites the document called `page` for Pandoc's writer `target`. Never panics.
    pub fn rewrite(&self, setup: Setup<'_>, page: &str, target: Option<&str>) -> Result<Document, Outcome> {
        let mut done = None;
        let outcome = guarded(|| match self.rewritten(setup, page, Target::of(target)) {
            Ok(document) => {
                done = Some(document);
                Outcome::Same(Vec::new())
            }
            Err(outcome) => outcome,
        });
        done.ok_or(outcome)
    }

    fn rewritten(&self, setup: Setup<'_>, page: &str, target: Target) -> Result<Document, Outcome> {
        let meta = self.json.root().get("meta");
        let switch = meta.and_then(|meta| meta.get("affilink")).map(|value| plain(value, 0));
        let said = Said { page, switch: switch.as_ref() };
        let projection = Projection::of(&self.json, target);
        let mut settled = projection.draft.settle(setup, said)?;
        if target.tears() {
            let torn = projection.on_one_line.iter().filter(|&&link| settled.keep_attributes(link)).count();
            settled.messages.extend((torn > 0).then(|| without_rel(torn)));
        }
        let mut changes = projection.changes(&settled, target);
        if !changes.is_empty() {
            changes.sort_by_key(|(span, _)| span.start);
            prove(&spliced(self.text, &changes), (setup, said, target), &settled)?;
        }
        if let Some(notice) = &settled.notice {
            let place = projection.place(notice, &self.json);
            changes.extend(place.map(|at| (Span::at(at.0), at.1.around(&block(notice, target)))));
            changes.sort_by_key(|(span, _)| span.start);
        }
        Ok(Document { json: spliced(self.text, &changes), messages: settled.messages, left_ended: settled.left_ended })
    }
}

/// What to say of `links` that get no `rel`.
fn without_rel(links: usize) -> Message {
    let (links, get) = if links == 1 { ("1 link".to_owned(), "gets") } else { (format!("{links} links"), "get") };
    Message {
        level: Level::Info,
        path: String::new(),
        line: None,
        column: None,
        message: format!(
            "{links} in headings and tables {get} no `rel`: this format has no attributes of links, and Pandoc would break the \
             HTML in place of them between lines; run `affilink build` on what it writes"
        ),
    }
}

/// Whether `text`, read again, has exactly the links that were decided upon.
fn prove(text: &str, (setup, said, target): (Setup<'_>, Said<'_>, Target), settled: &Settled) -> Result<(), Outcome> {
    let refused = |what: &str| Outcome::Refused(format!("the edited document {what}; please report it"));
    let json = Json::read(text).map_err(|error| refused(&format!("would be no JSON: {error}")))?;
    let seen = Projection::of(&json, target).draft.seen(setup, said)?;
    let same = |(one, other): (&Seen, &Seen)| match target {
        Target::Html | Target::Markdown { .. } => one == other,
        Target::Other => one.url == other.url,
    };
    if seen.len() == settled.expected.len() && seen.iter().zip(&settled.expected).all(same) {
        return Ok(());
    }
    Err(refused("would have other links than planned"))
}

/// The version of the document's format, where it is one that is known or a newer one.
fn version(root: Value<'_>) -> Result<(u64, u64), FilterError> {
    if root.is_array() {
        return Err(FilterError::Version("before 1.17".to_owned()));
    }
    let version = root.get("pandoc-api-version").ok_or(FilterError::Shape("there is no `pandoc-api-version`"))?;
    let mut numbers = version.items().map(|number| number.raw().parse().unwrap_or(0));
    let read = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if read.0 != KNOWN.0 || read.1 < KNOWN.1 {
        return Err(FilterError::Version(version.raw().to_owned()));
    }
    if !root.get("blocks").is_some_and(Value::is_array) {
        return Err(FilterError::Shape("there are no `blocks`"));
    }
    Ok(read)
}
