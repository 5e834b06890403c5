//! One process for all pages of a host: JSON Lines in, JSON Lines out. Decides what a request and its answer look like.
//! Keys are a promise: new ones may come, none goes or changes its meaning.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::host::{Became, Host, Message, Page, Told, findings, skipped};
use crate::report::finding::Finding;
use crate::source::Format;

/// What a host asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    id: Option<Box<RawValue>>,
    path: String,
    text: Option<String>,
    format: Option<Written>,
    source: Option<String>,
    front_matter: Option<Map<String, Value>>,
    findings: Option<bool>,
}

/// How a page is written, in a request.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Written {
    Markdown,
    Mdx,
    Html,
}

impl From<Written> for Format {
    fn from(written: Written) -> Self {
        match written {
            Written::Markdown => Self::Markdown,
            Written::Mdx => Self::Mdx,
            Written::Html => Self::Html,
        }
    }
}

/// The line that answers a request.
#[derive(Default, Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    path: Option<&'a str>,
    outcome: Became,
    changed: bool,
    text: Option<&'a str>,
    reason: Option<&'a str>,
    fail: bool,
    #[serde(serialize_with = "findings")]
    findings: &'a [Finding],
    messages: &'a [Message],
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One line of JSON, with its line feed.
    pub line: Vec<u8>,
    /// Whether the request could not be served though it should have been: it made no sense, or its page was refused.
    pub failed: bool,
    /// Whether the host's build should fail.
    pub fail: bool,
}

/// What serves a host's requests.
#[derive(Clone, Copy)]
pub struct Server<'s> {
    /// What is the same for every page.
    pub host: Host<'s>,
    /// Whether a page, by its name, is to be worked on.
    pub wanted: &'s (dyn Fn(&str) -> bool + Sync),
    /// Reads a file of the user's that a request names; `None` where it cannot be read.
    pub read: &'s (dyn Fn(&Path) -> Option<String> + Sync),
}

impl std::fmt::Debug for Server<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Server").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Server<'_> {
    /// Answers the request on `line`, which has no line feed; `None` for a blank line. Never fails and never panics.
    pub fn answer(&self, line: &[u8]) -> Option<Answer> {
        if line.trim_ascii().is_empty() {
            return None;
        }
        let request = match serde_json::from_slice::<Request>(line) {
            Ok(request) => request,
            Err(error) => return Some(wrong(None, None, &format!("this is no request: {}", problem(&error)))),
        };
        let told = match self.told(&request) {
            Ok(told) => told,
            Err(reason) => return Some(wrong(request.id.as_deref(), Some(&request.path), &reason)),
        };
        Some(answer(&Line {
            id: request.id.as_deref(),
            path: Some(&request.path),
            outcome: told.became,
            changed: told.text.is_some(),
            text: told.text.as_deref(),
            reason: told.reason.as_deref(),
            fail: told.fail,
            findings: &told.findings,
            messages: &told.messages,
        }))
    }

    /// The answer to a line that is longer than `limit` bytes and was not read.
    pub fn too_long(limit: usize) -> Answer {
        wrong(None, None, &format!("a request of more than {limit} bytes: see `files.max_size`"))
    }

    fn told(&self, request: &Request) -> Result<Told, String> {
        let Some(text) = &request.text else { return Err("`text` is missing: the page".to_owned()) };
        let config = self.host.checking.setup.config;
        let format = match request.format {
            Some(written) => written.into(),
            None => match config.format(&request.path) {
                Some(format) => format,
                None => return Ok(skipped("no page by its name's ending; `format` says how it is written".to_owned())),
            },
        };
        if !(self.wanted)(&request.path) {
            return Ok(skipped("excluded".to_owned()));
        }
        if text.len() as u64 > config.files.max_size {
            return Ok(skipped(crate::source::Skip::TooLarge.to_string()));
        }
        let file = request.source.as_deref().and_then(|path| (self.read)(Path::new(path)));
        let head = request.front_matter.as_ref().filter(|_| format.is_markdown()).map(front_matter);
        let host = Host { findings: request.findings.unwrap_or(self.host.findings), ..self.host };
        Ok(host.page(Page {
            name: &request.path,
            // a file that cannot be read still has a name
            shown: request.source.as_deref().unwrap_or(&request.path),
            format,
            text,
            head: head.as_deref().unwrap_or_default(),
            file: file.as_deref(),
        }))
    }
}

/// The front matter that a host cut off, as it can stand at the head of a page: only what says how a page is treated.
fn front_matter(keys: &Map<String, Value>) -> String {
    let counts = |key: &str| ["affilink", "lang", "language", "locale"].contains(&key);
    let mut head = String::from("---\n");
    for (key, value) in keys.iter().filter(|(key, value)| counts(key) && !value.is_null()) {
        // a JSON value on one line is one of YAML, too
        let _ = writeln!(head, "{key}: {value}");
    }
    head.push_str("---\n");
    head
}

fn problem(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at byte ")
}

fn wrong(id: Option<&RawValue>, path: Option<&str>, reason: &str) -> Answer {
    answer(&Line { id, path, outcome: Became::Error, reason: Some(reason), fail: true, ..Line::default() })
}

fn answer(line: &Line<'_>) -> Answer {
    let mut bytes = Vec::new();
    // nothing in it can fail: its keys are strings and a vector takes all that is written
    let _ = serde_json::to_writer(&mut bytes, line);
    bytes.push(b'\n');
    let failed = line.fail && matches!(line.outcome, Became::Error | Became::Refused);
    Answer { line: bytes, failed, fail: line.fail }
}
