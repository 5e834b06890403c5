//! One process for all pages of a host: JSON Lines in, JSON Lines out. Decides what a request and its answer look like.
//! Keys are a promise: new ones may come, none goes or changes its meaning.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::host::{Became, Host, Message, Page, Told, findings, skipped};
use super::nodes::{Draft, Ruling, Said};
use crate::pipeline::page::{Outcome, guarded};
use crate::plan::{Action, Reason};
use crate::report::finding::Finding;
use crate::source::{Format, Skip};

/// What a host asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a request, which is an object")]
struct Request {
    id: Option<Box<RawValue>>,
    path: String,
    text: Option<String>,
    links: Option<Vec<Node>>,
    language: Option<String>,
    prose: Option<String>,
    format: Option<Written>,
    source: Option<String>,
    front_matter: Option<Map<String, Value>>,
    findings: Option<bool>,
}

/// What tells a host which of its requests is answered, also where the rest makes no sense.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Name {
    id: Option<Box<RawValue>>,
    path: Value,
}

/// A link that a host has as a node.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a link, which is an object")]
struct Node {
    url: String,
    rel: Option<String>,
    target: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    off: bool,
}

/// What becomes of a link.
#[derive(Serialize)]
struct LinkLine {
    url: String,
    rel: Option<String>,
    target: Option<String>,
    changed: bool,
    credit: &'static str,
    affiliate: bool,
    action: Option<Action>,
    reason: Option<Reason>,
    program: Option<String>,
    marker: Option<String>,
}

/// What is to stand before a link's block.
#[derive(Serialize)]
struct NoticeLine {
    before: usize,
    text: String,
    html: String,
    markdown: String,
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
    links: Option<&'a [LinkLine]>,
    notice: Option<&'a NoticeLine>,
}

/// What becomes of a page of which the links alone are known.
#[derive(Default)]
struct Links {
    links: Option<Vec<LinkLine>>,
    notice: Option<NoticeLine>,
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
        // an array of the keys' values would be taken for the object
        if !line.trim_ascii_start().starts_with(b"{") {
            return Some(wrong(None, None, "this is no request, which is a JSON object"));
        }
        let request = match serde_json::from_slice::<Request>(line) {
            Ok(request) => request,
            Err(error) => {
                let Name { id, path } = serde_json::from_slice(line).unwrap_or_default();
                // one that is nested too deep for most parsers of JSON would cost the host the whole answer
                let id = id.filter(|id| serde_json::from_str::<Value>(id.get()).is_ok());
                return Some(wrong(id.as_deref(), path.as_str(), &format!("this is no request: {}", problem(&error))));
            }
        };
        let (told, nodes) = match self.told(&request) {
            Ok(told) => told,
            Err(reason) => return Some(wrong(request.id.as_deref(), Some(&request.path), &reason)),
        };
        Some(answer(&Line {
            id: request.id.as_deref(),
            path: Some(&request.path),
            outcome: told.became,
            changed: told.became == Became::Edited,
            text: told.text.as_deref(),
            reason: told.reason.as_deref(),
            fail: told.fail,
            findings: &told.findings,
            messages: &told.messages,
            links: nodes.links.as_deref(),
            notice: nodes.notice.as_ref(),
        }))
    }

    /// The answer to a line that is longer than `limit` bytes and was not read.
    pub fn too_long(limit: usize) -> Answer {
        wrong(None, None, &format!("a request of more than {limit} bytes: see `files.max_size`"))
    }

    fn told(&self, request: &Request) -> Result<(Told, Links), String> {
        if request.text.is_some() == request.links.is_some() {
            return Err("`text`, the page, or `links`, its links, has to be there, and one of them only".to_owned());
        }
        if !(self.wanted)(&request.path) {
            return Ok((skipped("excluded".to_owned()), Links::default()));
        }
        match (&request.text, &request.links) {
            (Some(text), _) => Ok((self.page(request, text), Links::default())),
            (None, links) => Ok(self.links(request, links.as_deref().unwrap_or_default())),
        }
    }

    fn page(&self, request: &Request, text: &str) -> Told {
        let config = self.host.checking.setup.config;
        let Some(format) = request.format.map(Format::from).or_else(|| config.format(&request.path)) else {
            return skipped("no page by its name's ending; `format` says how it is written".to_owned());
        };
        if text.len() as u64 > config.files.max_size {
            return skipped(Skip::TooLarge.to_string());
        }
        let file = request.source.as_deref().and_then(|path| (self.read)(Path::new(path)));
        let head = request.front_matter.as_ref().map(front_matter);
        let host = Host { findings: request.findings.unwrap_or(self.host.findings), ..self.host };
        host.page(Page {
            name: &request.path,
            // a file that cannot be read still has a name
            shown: request.shown(),
            format,
            text,
            head: head.as_deref().unwrap_or_default(),
            file: file.as_deref(),
        })
    }

    fn links(&self, request: &Request, links: &[Node]) -> (Told, Links) {
        let mut settled = None;
        let outcome = guarded(|| {
            let switch = request.front_matter.as_ref().and_then(|keys| keys.get("affilink"));
            match draft(request, links).settle(self.host.checking.setup, Said { page: &request.path, switch }) {
                Ok(done) => {
                    settled = Some(done);
                    Outcome::Same(Vec::new())
                }
                Err(outcome) => outcome,
            }
        });
        let Some(settled) = settled else {
            let told = match outcome {
                Outcome::Refused(reason) => self.host.refused(reason, request.shown()),
                Outcome::Skipped(skip) => skipped(skip.to_string()),
                _ => skipped("nothing is known of it".to_owned()),
            };
            return (told, Links::default());
        };
        let notice = settled.notice.as_ref().map(|notice| NoticeLine {
            before: settled.starts.partition_point(|start| *start < notice.before),
            text: notice.text.clone(),
            html: notice.html.clone(),
            markdown: notice.markdown(),
        });
        let changed = notice.is_some() || settled.links.iter().any(|link| link.changed || link.marker.is_some());
        let told = Told {
            became: if changed { Became::Edited } else { Became::Same },
            fail: self.host.fail_on.is_some() && settled.left_ended,
            messages: settled.messages.into_iter().map(|message| message.of(request.shown())).collect(),
            ..Told::default()
        };
        (told, Links { links: Some(settled.links.into_iter().map(LinkLine::from).collect()), notice })
    }
}

impl Request {
    /// The path by which the user knows the page.
    fn shown(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.path)
    }
}

impl From<Ruling> for LinkLine {
    fn from(ruling: Ruling) -> Self {
        let Ruling { seen, changed, credit, affiliate, decision, program, marker } = ruling;
        Self {
            url: seen.url,
            rel: seen.rel,
            target: seen.target,
            changed,
            credit,
            affiliate,
            action: decision.map(|(action, _)| action),
            reason: decision.map(|(_, reason)| reason),
            program,
            marker,
        }
    }
}

/// The page that `links` stand for: its text, and each link in a paragraph of its own.
fn draft(request: &Request, links: &[Node]) -> Draft {
    let of_front_matter = |key: &&str| request.front_matter.as_ref()?.get(*key)?.as_str().map(str::to_owned);
    let language = request.language.clone().or_else(|| ["lang", "language", "locale"].iter().find_map(of_front_matter));
    let mut draft = Draft::new(language.as_deref());
    for paragraph in request.prose.iter().flat_map(|prose| prose.split("\n\n")) {
        draft.open("p", []);
        draft.text(paragraph);
        draft.close("p");
    }
    for link in links {
        draft.open("p", []);
        let attributes = [("rel", link.rel.as_deref()), ("target", link.target.as_deref())];
        let off = link.off.then_some(("data-affilink", "off"));
        let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(off);
        let open = draft.open_link(&link.url, attributes);
        draft.text(&link.text);
        draft.close_link(open);
        draft.close("p");
    }
    draft
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
    if error.is_eof() {
        return format!("the line ends within it, at byte {}", error.column());
    }
    let text = error.to_string().replace(" at line 1 column ", " at byte ");
    // a key, as the documentation calls it
    match ["unknown", "missing", "duplicate"]
        .iter()
        .find_map(|what| Some((what, text.strip_prefix(&format!("{what} field"))?)))
    {
        Some((what, rest)) => format!("{what} key{rest}"),
        None => text,
    }
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
