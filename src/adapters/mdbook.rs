//! mdBook's preprocessor protocol: `[context, book]` in, the book with its links rewritten out. Decides which chapters are
//! pages and what the context says; everything of the book but the text of edited chapters goes back byte for byte.
//!
//! Protocol: mdBook's guide, "Preprocessors" (versions 0.4 and 0.5, which renamed `sections` to `items`).

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use super::host::{Became, Host, Message, Page, Told};
use super::json::{Json, Value, spliced};
use crate::config::lint::Level;
use crate::config::nearest;
use crate::generator::Generator;
use crate::report::finding::Finding;
use crate::source::Format;

/// The versions of mdBook whose protocol this is, as `MAJOR.MINOR`.
const KNOWN: [&str; 2] = ["0.4", "0.5"];
/// What mdBook itself reads of a preprocessor's table.
const MDBOOKS: [&str; 6] = ["command", "after", "before", "renderers", "renderer", "optional"];
/// What is read here.
const OPTIONS: [&str; 3] = ["config", "findings", "fail-on"];

/// What mdBook says.
#[derive(Debug)]
pub struct Call<'c> {
    json: Json<'c>,
    text: &'c str,
}

/// Why what mdBook says cannot be used.
#[derive(Debug, Error)]
pub enum CallError {
    /// No JSON.
    #[error("standard input is no JSON; `affilink mdbook` is run by mdBook, see the README: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of another shape.
    #[error("standard input is not what mdBook 0.4 and 0.5 tell a preprocessor: {0}")]
    Shape(&'static str),
    /// A key of the table that nobody reads.
    #[error("`{key}` under [preprocessor.{table}] in book.toml is no option; {help}")]
    Unknown {
        /// The table.
        table: String,
        /// The key.
        key: String,
        /// What there is.
        help: String,
    },
    /// A value of another type, or not one of those that are allowed.
    #[error("`{key}` under [preprocessor.{table}] in book.toml is {value}; {help}")]
    Wrong {
        /// The table.
        table: String,
        /// The key.
        key: &'static str,
        /// The value, as JSON.
        value: String,
        /// What there is.
        help: &'static str,
    },
}

/// What the preprocessor's table in book.toml says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The configuration file, absolute or relative to the book's folder.
    pub config: Option<PathBuf>,
    /// Whether findings are wanted.
    pub findings: bool,
    /// The level from which on a finding makes the build fail.
    pub fail_on: Option<Level>,
}

/// The book after the edits, and what there is to say of it.
#[derive(Debug, Default)]
pub struct Book {
    /// The book, as mdBook wants it back.
    pub json: String,
    /// What the linter found, by path and place.
    pub findings: Vec<Finding>,
    /// What else somebody should look at.
    pub messages: Vec<Message>,
    /// Whether a chapter was refused that should not have been.
    pub failed: bool,
    /// Whether findings make the build fail.
    pub fail: bool,
}

/// Whether chapters are rewritten for `renderer`. Programs that follow links are none of the readers that networks pay for,
/// and look at what the author wrote; tests of code have no use for links.
pub fn supports(renderer: &str) -> bool {
    !matches!(renderer, "linkcheck" | "linkcheck2" | "test")
}

impl<'c> Call<'c> {
    /// Reads what mdBook says.
    pub fn read(text: &'c str) -> Result<Self, CallError> {
        let call = Self { json: Json::read(text)?, text };
        call.book()?;
        call.context().ok_or(CallError::Shape("there is no context"))?;
        Ok(call)
    }

    fn context(&self) -> Option<Value<'_>> {
        let context = self.json.root().item(0)?;
        context.get("root").map(|_| context)
    }

    fn of_context(&self, key: &str) -> Option<String> {
        Some(self.context()?.get(key)?.string()?.into_owned())
    }

    fn book(&self) -> Result<Value<'_>, CallError> {
        let book = self.json.root().item(1).ok_or(CallError::Shape("no array of a context and a book"))?;
        items(book).ok_or(CallError::Shape("the book has neither `items` nor `sections`"))?;
        Ok(book)
    }

    /// The book's folder.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(self.of_context("root").unwrap_or_default())
    }

    /// The folder of the chapters below [`Self::root`], with `/`.
    fn source(&self) -> String {
        let book = self.context().and_then(|context| context.get("config")?.get("book"));
        let source = book.and_then(|book| Some(book.get("src")?.string()?.into_owned()));
        source.map_or_else(|| "src".to_owned(), |source| slashed(&source))
    }

    /// What to say about mdBook's version; `None` for one that is known.
    pub fn version_warning(&self) -> Option<String> {
        let version = self.of_context("mdbook_version")?;
        let is_known = |known: &str| version.strip_prefix(known).is_some_and(|rest| rest.starts_with('.'));
        if KNOWN.into_iter().any(is_known) {
            return None;
        }
        Some(format!("this is mdBook {version}; affilink knows the protocol of {}", KNOWN.join(" and ")))
    }

    /// What to say about included files that links are left in; `None` where none are.
    pub fn include_warning(&self) -> Option<String> {
        let (name, table) = self.table()?;
        let after = table.get("after");
        if after.is_some_and(|after| after.items().any(|name| name.string().as_deref() == Some("links"))) {
            return None;
        }
        let includes = |chapter: &Chapter<'_>| {
            let (text, marks) = (&chapter.text, ["{{#include", "{{#rustdoc_include"]);
            marks.iter().any(|mark| text.match_indices(mark).any(|(at, _)| !text[..at].ends_with('\\')))
        };
        let first = self.chapters().into_iter().find(includes)?;
        Some(format!(
            "{} includes a file, whose links stay as they are: write `after = [\"links\"]` under [preprocessor.{name}] in \
             book.toml",
            first.shown
        ))
    }

    /// The generator as far as style goes: a renderer that is not known to keep raw HTML gets none.
    pub fn generator(&self) -> Option<Generator> {
        let keeps = matches!(self.of_context("renderer").as_deref(), Some("html" | "markdown" | "epub" | "pdf"));
        keeps.then_some(Generator::MdBook)
    }

    /// The preprocessor's table and its name.
    fn table(&self) -> Option<(String, Value<'_>)> {
        let tables = self.context()?.get("config")?.get("preprocessor")?;
        let runs = |(name, table): &(std::borrow::Cow<'_, str>, Value<'_>)| {
            let command = table.get("command").and_then(Value::string);
            name == "affilink" || command.is_some_and(|command| command.contains("affilink"))
        };
        tables.members().find(runs).map(|(name, table)| (name.into_owned(), table))
    }

    /// What the preprocessor's table says.
    pub fn options(&self) -> Result<Options, CallError> {
        let mut options = Options { findings: true, ..Options::default() };
        let Some((table, values)) = self.table() else { return Ok(options) };
        for (key, value) in values.members() {
            let wrong =
                |key, help| CallError::Wrong { table: table.clone(), key, value: format!("`{}`", value.raw()), help };
            match &*key {
                "config" => {
                    let path = value.string().ok_or_else(|| wrong("config", "write the path of an affiliates.yaml"))?;
                    options.config = Some(PathBuf::from(path.into_owned()));
                }
                "findings" => {
                    options.findings = match value.raw() {
                        "true" => true,
                        "false" => false,
                        _ => return Err(wrong("findings", "write `true` or `false`")),
                    };
                }
                "fail-on" => {
                    options.fail_on = match value.string().as_deref() {
                        Some("error") => Some(Level::Error),
                        Some("warn") => Some(Level::Warn),
                        Some("info") => Some(Level::Info),
                        Some("never") => None,
                        _ => return Err(wrong("fail-on", "write \"error\", \"warn\", \"info\" or \"never\"")),
                    };
                }
                key if MDBOOKS.contains(&key) => {}
                key => {
                    let help = nearest(key, OPTIONS.into_iter().chain(MDBOOKS)).map_or_else(
                        || "there are `config`, `findings` and `fail-on`".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    return Err(CallError::Unknown { table, key: key.to_owned(), help });
                }
            }
        }
        Ok(options)
    }

    /// Rewrites the chapters that are `wanted` by their names; `read` gives the text of a file below [`Self::root`].
    pub fn run(
        &self,
        host: Host<'_>,
        wanted: &(dyn Fn(&str) -> bool + Sync),
        read: &(dyn Fn(&Path) -> Option<String> + Sync),
    ) -> Result<Book, CallError> {
        let book = self.book()?;
        let chapters = self.chapters();
        let told: Vec<Told> = chapters
            .par_iter()
            .map(|chapter| {
                if !wanted(&chapter.name) {
                    return Told::default();
                }
                let file = chapter.has_file.then(|| read(Path::new(&chapter.shown))).flatten();
                host.page(Page {
                    name: &chapter.name,
                    shown: &chapter.shown,
                    format: Format::Markdown,
                    text: &chapter.text,
                    head: "",
                    file: file.as_deref(),
                })
            })
            .collect();
        let mut out = Book::default();
        let mut changes = Vec::new();
        for (chapter, told) in chapters.iter().zip(told) {
            out.failed |= told.became == Became::Refused && told.fail;
            out.fail |= told.fail;
            out.findings.extend(told.findings);
            out.messages.extend(told.messages);
            if told.became == Became::Skipped {
                let message = format!("not read: {}", told.reason.unwrap_or_default());
                let path = chapter.shown.clone();
                out.messages.push(Message { level: Level::Warn, path, line: None, column: None, message });
            }
            if let Some(text) = told.text {
                let text = serde_json::Value::String(text).to_string();
                changes.push((chapter.content.span(), text));
            }
        }
        out.findings
            .sort_by(|one, other| (&one.path, one.start, one.rule).cmp(&(&other.path, other.start, other.rule)));
        changes.sort_by_key(|(span, _)| span.start);
        let whole = spliced(self.text, &changes);
        // what stands behind the book: the end of the array that it came in
        let behind = self.text.len() - book.span().end;
        whole.get(book.span().start..whole.len() - behind).unwrap_or_default().clone_into(&mut out.json);
        Ok(out)
    }

    /// The chapters that have a text, in no order that counts.
    fn chapters(&self) -> Vec<Chapter<'_>> {
        let source = self.source();
        let mut chapters = Vec::new();
        let mut open: Vec<Value<'_>> = self.book().ok().and_then(items).into_iter().collect();
        while let Some(items) = open.pop() {
            for chapter in items.items().filter_map(|item| item.get("Chapter")) {
                open.extend(chapter.get("sub_items"));
                chapters.extend(Chapter::of(chapter, &source));
            }
        }
        chapters
    }
}

/// A chapter with a text.
struct Chapter<'c> {
    /// Its path below the folder of chapters, as the author named it.
    name: String,
    /// Its path below the book's folder.
    shown: String,
    /// Whether it came from a file of that name.
    has_file: bool,
    text: std::borrow::Cow<'c, str>,
    content: Value<'c>,
}

impl<'c> Chapter<'c> {
    /// `None` for a draft, which has no path.
    fn of(chapter: Value<'c>, source: &str) -> Option<Self> {
        let path = |key| chapter.get(key).and_then(Value::string).map(|path| slashed(&path));
        let (file, page) = (path("source_path"), path("path"));
        let has_file = file.is_some();
        let name = file.or(page)?;
        let content = chapter.get("content")?;
        let shown = if source.is_empty() || source == "." { name.clone() } else { format!("{source}/{name}") };
        Some(Self { shown, has_file, text: content.string()?, content, name })
    }
}

/// The book's items, as mdBook 0.5 and 0.4 name them.
fn items(book: Value<'_>) -> Option<Value<'_>> {
    book.get("items").or_else(|| book.get("sections")).filter(|items| items.is_array())
}

fn slashed(path: &str) -> String {
    path.replace('\\', "/").trim_end_matches('/').to_owned()
}
