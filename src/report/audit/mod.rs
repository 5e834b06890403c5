//! Audits as text: one file per format. Decides what each format says, in which order, and how it is escaped; counts nothing.

mod csv;
mod html;
mod json;
mod markdown;
mod order;
mod paper;
mod table;
mod words;

use std::str::FromStr;

pub use self::order::Sort;
use crate::audit::{Change, LinkAudit, PageAudit, SiteAudit};
use crate::report::output::{self, FormatError, Named};

/// How an audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// One JSON object.
    Json,
    /// A line for each page.
    Csv,
    /// For a comment on a change, or an issue.
    Markdown,
    /// One page that needs nothing else.
    Html,
}

/// A format, and the file it goes to: `NAME` or `NAME=FILE`.
pub type Output = output::Output<Format>;

impl Named for Format {
    const ALL: &'static [Self] = &[Self::Table, Self::Json, Self::Csv, Self::Markdown, Self::Html];

    fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        output::named(name)
    }
}

/// What is reported.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A site and its pages.
    Site(&'a SiteAudit),
    /// The links to one merchant: its domain as asked for.
    Merchant(&'a SiteAudit, &'a str),
    /// What a change adds and takes away.
    Change(&'a Change),
}

/// What is reported, and of what.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What.
    pub subject: Subject<'a>,
    /// Every page, drafts too, by path.
    pub pages: &'a [PageAudit],
    /// Whether there was an `affiliates.yaml`: without one nothing is one's own, and nothing is built.
    pub configured: bool,
    /// What the site is called: its address, or its folder.
    pub name: &'a str,
    /// The day of the run, as `YYYY-MM-DD`.
    pub date: &'a str,
    /// How pages are ordered.
    pub sort: Sort,
    /// The most pages that are shown, where that is said.
    pub top: Option<usize>,
    /// How many columns a line of `table` may have; `None` for as many as it takes.
    pub width: Option<usize>,
    /// Whether `table` may use terminal colours.
    pub color: bool,
    /// This tool's version.
    pub version: &'a str,
}

/// Why a report cannot be written in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {format} report of {subject}: take {instead}", format = .format.name())]
pub struct Unfit {
    format: Format,
    subject: &'static str,
    instead: &'static str,
}

impl Report<'_> {
    /// The report as `format`, each line ended.
    pub fn write(&self, format: Format) -> Result<String, Unfit> {
        Ok(match (format, self.subject) {
            (Format::Table, Subject::Site(site)) => table::site(self, site),
            (Format::Table, Subject::Merchant(site, domain)) => table::merchant(self, site, domain),
            (Format::Table, Subject::Change(change)) => table::change(self, change),
            (Format::Json, Subject::Site(site)) => json::site(self, site),
            (Format::Json, Subject::Merchant(site, domain)) => json::merchant(self, site, domain),
            (Format::Json, Subject::Change(change)) => json::change(change),
            (Format::Csv, Subject::Site(_)) => csv::pages(self),
            (Format::Csv, Subject::Merchant(_, domain)) => csv::links(&self.links_to(domain)),
            (Format::Csv, Subject::Change(change)) => csv::change(change),
            (Format::Markdown, Subject::Site(site)) => markdown::site(self, site),
            (Format::Markdown, Subject::Merchant(site, domain)) => markdown::merchant(self, site, domain),
            (Format::Markdown, Subject::Change(change)) => markdown::change(change),
            (Format::Html, Subject::Site(site)) => html::site(self, site),
            (Format::Html, Subject::Merchant(..)) => {
                let instead = "table, json, csv or markdown; the page of the whole site shows every merchant";
                return Err(Unfit { format, subject: "one merchant", instead });
            }
            (Format::Html, Subject::Change(_)) => {
                let instead = "table, json, csv or markdown";
                return Err(Unfit { format, subject: "a change", instead });
            }
        })
    }

    /// The pages, the worst first, at most as many as are to be shown.
    fn ordered(&self, most: usize) -> Vec<&PageAudit> {
        let mut pages: Vec<_> = self.pages.iter().collect();
        self.sort.apply(&mut pages);
        pages.truncate(self.top.unwrap_or(most));
        pages
    }

    /// The same without pages that have nothing of what they are ordered by.
    fn worst(&self, most: usize) -> Vec<&PageAudit> {
        let mut pages = self.ordered(most);
        pages.retain(|page| self.sort.has_any(page));
        pages
    }

    /// The links that lead to the merchant `domain`, or below it, with the pages they stand on.
    fn links_to(&self, domain: &str) -> Vec<(&PageAudit, &LinkAudit)> {
        let links = self.pages.iter().flat_map(|page| page.business.iter().map(move |link| (page, link)));
        links.filter(|(_, link)| is_of(link, domain)).collect()
    }
}

/// Whether `link` leads to the merchant `domain`, or to a host below it.
fn is_of(link: &LinkAudit, domain: &str) -> bool {
    link.merchant.as_ref().is_some_and(|merchant| {
        let front = merchant.domain.strip_suffix(domain);
        front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
    })
}
