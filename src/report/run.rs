//! What became of a tree of pages: the figures and names that summaries and manifests are made of. Decides what counts as
//! a failure; prints nothing.

use crate::generator::Generator;
use crate::manifest::{Bytes, Kind};
use crate::plan::{Action, Reason};
use crate::source::Skip;

/// One decision, with all that a manifest or a summary says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// 1-based line of the link in the page as it was.
    pub line: usize,
    /// 1-based column, in code points.
    pub column: usize,
    /// The first byte of the link's bytes in the page as it became.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// How the link is written.
    pub kind: Kind,
    /// What happened.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The program's name.
    pub program: Option<String>,
    /// The network's catalog id.
    pub network: Option<String>,
    /// The bytes as they were.
    pub before: Bytes,
    /// The bytes as they became.
    pub after: Bytes,
    /// The sub-ID.
    pub subid: Option<String>,
    /// The product's name.
    pub product: Option<String>,
    /// The URL as it was.
    pub url: String,
    /// Whether an own link of an ended program stays.
    pub left_ended: bool,
    /// Whether it should have attributes now that its place or the style cannot give it.
    pub lacks_attributes: bool,
    /// Whether the link credits somebody now.
    pub affiliate: bool,
}

/// What became of one page.
#[derive(Debug, Default)]
pub struct PageReport {
    /// Its name.
    pub name: String,
    /// Every decision about it.
    pub records: Vec<Record>,
    /// Whether it changed.
    pub edited: bool,
    /// The SHA-256 of the page as it became, in hexadecimal, where wanted and the page changed.
    pub sum: Option<String>,
    /// What would change, where wanted.
    pub diff: Vec<u8>,
    /// The generator that rebuilds this built page in the browser.
    pub hydrated: Option<Generator>,
    /// Why it was not read as a page.
    pub not_read: Option<NotRead>,
    /// Why it is as it was though it should have been read or written.
    pub failure: Option<Failure>,
    /// Whether the caller named this very file.
    pub named: bool,
    /// Whether structured data in it holds merchant links.
    pub structured_data: bool,
}

/// Why a file was not read as a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotRead {
    /// Its bytes are no page's.
    Skipped(Skip),
    /// Template syntax.
    Template,
    /// A page that only leads elsewhere.
    Redirect,
}

/// Why a page could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Refused: the reason.
    Refused(String),
    /// It could not be read or written: the reason.
    Io(String),
}

/// What became of a tree.
#[derive(Debug, Default)]
pub struct TreeReport {
    /// The pages, by name.
    pub pages: Vec<PageReport>,
    /// Files that are no pages, copied or left alone.
    pub others: usize,
    /// Pages left out by the configuration.
    pub excluded: usize,
    /// Pages that could have been looked at and were not asked for: those that did not change, in a run over what did.
    pub passed_over: usize,
    /// Places of the tree that could not be looked at and why, and whether each is a failure.
    pub problems: Vec<(String, bool)>,
    /// Folders of other people's files that were not copied, by name.
    pub left_out: Vec<String>,
    /// Files under OUT that have no source, by name.
    pub leftovers: Vec<String>,
    /// Feeds, search indexes and the like that hold merchant links, by name.
    pub unseen: Vec<String>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
    /// Whether what was ready was not written after all.
    pub withheld: bool,
    /// How many files were written.
    pub written: usize,
}

impl TreeReport {
    /// Whether a page or place that the user meant could not be done; with `refusals_fail`, refused pages are such.
    pub fn has_failures(&self, refusals_fail: bool) -> bool {
        let fails = |page: &PageReport| match &page.failure {
            Some(Failure::Refused(_)) => refusals_fail,
            Some(Failure::Io(_)) => true,
            None => false,
        };
        self.pages.iter().any(fails) || self.problems.iter().any(|&(_, failure)| failure)
    }

    /// Whether own links of ended programs stay.
    pub fn has_ended_links(&self) -> bool {
        self.pages.iter().flat_map(|page| &page.records).any(|record| record.left_ended)
    }

    /// Whether a page was skipped that must not be: any with `strict`, else one that was named.
    pub fn has_bad_skips(&self, strict: bool) -> bool {
        let skipped = |page: &&PageReport| matches!(page.not_read, Some(NotRead::Skipped(_)));
        self.pages.iter().filter(skipped).any(|page| strict || page.named)
    }
}
