//! A page as a host has it, and what the host is told of it: the page after a build's edits, findings and messages with
//! places in the user's own file. Decides when the host's build should fail.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::origin::Origin;
use crate::config::lint::{Judged, Level};
use crate::manifest::Kind;
use crate::pipeline::check::{Checking, PageFinding, page_findings};
use crate::pipeline::page::{Outcome, idle as idle_page, rewrite};
use crate::plan::Reason;
use crate::prefilter::Prefilter;
use crate::printable::printable;
use crate::report::finding::{Figures, Finding};
use crate::report::findings::{Options, concise, item};
use crate::report::run::Record;
use crate::source::Format;

/// What is the same for every page of a host.
#[derive(Clone, Copy, Debug)]
pub struct Host<'h> {
    /// How pages are rewritten and judged; `auto` judges each as it is handed back.
    pub checking: Checking<'h>,
    /// What tells pages apart on which nothing can be done.
    pub prefilter: &'h Prefilter,
    /// Whether findings of the linter are wanted.
    pub findings: bool,
    /// The level from which on a finding makes the host's build fail; `None` for none.
    pub fail_on: Option<Level>,
}

/// A page that a host hands over.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// Its name, which globs match.
    pub name: &'p str,
    /// The path of the user's file, or whatever else the user knows it by.
    pub shown: &'p str,
    /// How it is written.
    pub format: Format,
    /// The page.
    pub text: &'p str,
    /// What is to be read before [`Self::text`] and is no part of it: whole lines, or nothing.
    pub head: &'p str,
    /// The text of the user's file that the page came from, where it is another one.
    pub file: Option<&'p str>,
}

/// What became of a page, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Became {
    /// Nothing to change.
    #[default]
    Same,
    /// Changed, and proven.
    Edited,
    /// Not read as a page.
    Skipped,
    /// Left as it was because something is wrong.
    Refused,
    /// What was asked makes no sense.
    Error,
}

/// What a host is told of a page.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What became of it.
    pub became: Became,
    /// The page after the edits, where there are any.
    pub text: Option<String>,
    /// Why it was not read, or refused.
    pub reason: Option<String>,
    /// Whether the host's build should fail.
    pub fail: bool,
    /// What the linter found, with the user's paths and lines.
    pub findings: Vec<Finding>,
    /// What else somebody should look at.
    pub messages: Vec<Message>,
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// How grave.
    pub level: Level,
    /// The file, as the host or the user names it.
    pub path: String,
    /// 1-based line; `None` for the page as a whole.
    pub line: Option<usize>,
    /// 1-based column, in code points.
    pub column: Option<usize>,
    /// What it is: lower case, no full stop.
    pub message: String,
}

impl Message {
    /// The message with the path of what it is about.
    #[must_use]
    pub fn of(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }
}

/// `findings` and `messages` for a host's log, a line each; `quiet` leaves errors only.
pub fn told(findings: &[Finding], messages: &[Message], quiet: bool) -> String {
    let loud = |level| !quiet || level == Level::Error;
    let findings: Vec<_> = findings.iter().filter(|finding| loud(finding.level)).cloned().collect();
    let mut text = concise(&findings, &Figures::default(), &Options::default());
    for message in messages.iter().filter(|message| loud(message.level)) {
        text.push_str(&printable(&message.path));
        for number in message.line.into_iter().chain(message.column) {
            // writing to a `String` cannot fail
            let _ = write!(text, ":{number}");
        }
        let _ = writeln!(text, ": {}: {}", message.level.name(), printable(&message.message));
    }
    text
}

impl Host<'_> {
    /// Rewrites `page` and says what there is to say of it.
    pub fn page(&self, page: Page<'_>) -> Told {
        let mut told = Told::default();
        let whereabouts = Whereabouts::of(page);
        let whole = page.whole();
        let map = &self.checking.setup.config.map;
        let idle = !self.prefilter.may_hold_work(whole.as_bytes()) && !map.is_beside_redirects(page.name);
        let outcome = if idle {
            idle_page(whole.as_bytes(), page.format)
        } else {
            rewrite(whole.as_bytes(), page.format, page.name, self.checking.setup)
        };
        let records = match outcome {
            Outcome::Same(records) => records,
            Outcome::Edited { bytes, records } => match page.without_head(bytes) {
                Some(text) => {
                    told.became = Became::Edited;
                    told.text = Some(text);
                    records
                }
                None => {
                    return self.refused(
                        "internal error: an edit before the page; please report it".to_owned(),
                        whereabouts.path,
                    );
                }
            },
            Outcome::Skipped(skip) => return skipped(skip.to_string()),
            Outcome::Template => return skipped("template syntax: pages are made from it".to_owned()),
            Outcome::Redirect => return skipped("it only leads elsewhere".to_owned()),
            Outcome::Refused(reason) => return self.refused(reason, whereabouts.path),
        };
        told.messages = records.iter().filter_map(|record| whereabouts.message(record)).collect();
        told.fail = self.fail_on.is_some() && records.iter().any(|record| record.left_ended);
        if self.findings {
            match page_findings(whole.as_bytes(), page.format, page.name, self.checking()) {
                Ok(found) => {
                    told.findings = found.findings.into_iter().map(|finding| whereabouts.finding(finding)).collect();
                }
                Err(Outcome::Refused(reason)) => return self.refused(reason, whereabouts.path),
                Err(_) => {}
            }
            told.fail |= told.findings.iter().any(|finding| self.fails(finding.level));
        }
        told
    }

    fn checking(&self) -> Checking<'_> {
        let judged = match self.checking.judged {
            Judged::Auto => Judged::Built,
            judged => judged,
        };
        Checking { judged, ..self.checking }
    }

    /// Whether a finding of `level` makes the host's build fail.
    fn fails(&self, level: Level) -> bool {
        self.fail_on.is_some_and(|fail_on| level >= fail_on)
    }

    pub(super) fn refused(&self, reason: String, path: &str) -> Told {
        let fail = self.checking.setup.config.files.fail_on_refused;
        let message = Message {
            level: if fail { Level::Error } else { Level::Warn },
            path: path.to_owned(),
            line: None,
            column: None,
            message: format!("left as it was: {reason}"),
        };
        Told { became: Became::Refused, reason: Some(reason), fail, messages: vec![message], ..Told::default() }
    }
}

impl<'p> Page<'p> {
    fn whole(&self) -> Cow<'p, str> {
        if self.head.is_empty() { Cow::Borrowed(self.text) } else { Cow::Owned(format!("{}{}", self.head, self.text)) }
    }

    /// The edited page `bytes` without its head, which no edit may touch.
    fn without_head(&self, bytes: Vec<u8>) -> Option<String> {
        let text = String::from_utf8(bytes).ok()?;
        if self.head.is_empty() { Some(text) } else { text.strip_prefix(self.head).map(str::to_owned) }
    }
}

/// What a host is told of a page that is none.
pub(super) fn skipped(reason: String) -> Told {
    Told { became: Became::Skipped, reason: Some(reason), ..Told::default() }
}

/// Where what is said of a page stands for the user.
struct Whereabouts<'w> {
    path: &'w str,
    /// Lines of the page's head.
    head: usize,
    origin: Option<Origin<'w>>,
}

impl<'w> Whereabouts<'w> {
    fn of(page: Page<'w>) -> Self {
        let origin = page.file.map(|file| Origin::of(page.text, file));
        Self { path: page.shown, head: page.head.lines().count(), origin }
    }

    /// Line and column for 1-based `line` and `column` of the whole page, about `text`.
    fn place(&self, line: usize, column: usize, text: &str) -> (usize, usize) {
        let line = line.saturating_sub(self.head).max(1);
        let Some(origin) = &self.origin else { return (line, column) };
        let place = origin.line(line);
        if let Some(place) = place.filter(|place| place.exact) {
            return (place.line, column);
        }
        let by_url = url_in(text).and_then(|url| origin.url(&url));
        by_url.unwrap_or((place.map_or(1, |place| place.line), 1))
    }

    fn finding(&self, found: PageFinding) -> Finding {
        let mut shown = found.shown;
        self.path.clone_into(&mut shown.path);
        let (start, end) = (shown.start, shown.end);
        let (line, column) = self.place(start.line, start.column, &found.text);
        let moved = column != start.column;
        (shown.start.line, shown.start.column) = (line, column);
        // of what is not in the user's file, the beginning is all there is to point at
        shown.end.line = if moved { line } else { line + end.line.saturating_sub(start.line) };
        if moved {
            shown.end.column = column;
        }
        shown
    }

    /// What the user should know of a decision.
    fn message(&self, record: &Record) -> Option<Message> {
        let (level, what) = match record.reason {
            reason if record.left_ended => {
                (Level::Error, format!("own link of an ended program: {}", reason.sentence()))
            }
            Reason::WouldBreakMarkup if record.kind != Kind::Mention => {
                (Level::Warn, record.reason.sentence().to_owned())
            }
            Reason::NoPlace | Reason::OtherLanguage => (Level::Warn, record.reason.sentence().to_owned()),
            _ => return None,
        };
        let (line, column) = self.place(record.line, record.column, &record.url);
        let of = if record.url.is_empty() { String::new() } else { format!("`{}`: ", record.url) };
        let (path, line, column) = (self.path.to_owned(), Some(line), Some(column));
        Some(Message { level, path, line, column, message: format!("{of}{what}") })
    }
}

/// The first URL in `text`, which has no white space, its character references taken for what they are.
fn url_in(text: &str) -> Option<String> {
    let start = text.find("https://").into_iter().chain(text.find("http://")).min()?;
    let rest = text.get(start..)?;
    let url = rest.split(['"', '\'', '<', '>', ')', ']', '}']).next()?;
    Some(url.replace("&amp;", "&"))
}

/// A finding as an object of [`crate::report::findings::json`].
pub(super) fn findings<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(item))
}
