//! The user's programs, compiled: whose a link is, which program wins for a merchant, and how the link is formed.
//! Decides nothing about pages or policy; edits URLs by byte range and never serialises one.

#[cfg(test)]
mod catalog_tests;
mod choose;
mod credit;
pub mod date;
mod decode;
mod form;
mod index;
pub mod link;
pub mod map;
mod problem;
mod recognise;
mod redirects;
mod repeated;
pub mod subid;
#[cfg(test)]
mod tests;
pub mod url;

use std::collections::BTreeMap;

pub use self::date::Date;
pub use self::link::NoLink;
pub use self::map::{MapError, MapInput, Problem, Program, ProgramMap};
pub use self::repeated::Repeated;
pub use self::url::UrlEdit;
use crate::networks::Network;

/// A program as the configuration gives it, already checked for itself.
#[derive(Clone, Debug)]
pub struct ProgramSpec {
    /// Its name in `programs`.
    pub name: String,
    /// How its links are formed.
    pub form: FormSpec,
    /// The merchant's domains; empty where the network says them itself (Amazon, eBay).
    pub domains: Vec<String>,
    /// Globs over the path of a merchant URL, such as `/products/**`; empty for every path.
    pub paths: Vec<String>,
    /// Globs over page names; empty for every page.
    pub pages: Vec<String>,
    /// Whether it is in use.
    pub status: Status,
    /// The first day it is in use, inclusive.
    pub starts: Option<Date>,
    /// The last day it is in use, inclusive.
    pub ends: Option<Date>,
    /// Higher wins.
    pub priority: i64,
    /// In per cent.
    pub commission: Option<f64>,
    /// How long a click counts, in days.
    pub cookie_days: Option<f64>,
    /// Ids that were the user's: own, and replaced by the first of today's.
    pub retired_ids: Vec<String>,
    /// The program's own sub-ID pattern. `None` takes the site's, unless the network wants approval for sub-IDs.
    pub subid: Option<String>,
}

/// How a program forms links.
#[derive(Clone, Debug)]
pub enum FormSpec {
    /// Parameters on the merchant's own URL; values may hold `{subid}` and parameters whose value is then empty are left out.
    Set(Vec<(String, String)>),
    /// A redirect: RFC 6570 with `{url}` (encoded), `{+url}` (as it is) and `{subid}`.
    Template(String),
    /// A network of the catalog.
    Network {
        /// The catalog's entry.
        network: &'static Network,
        /// The user's ids by the network's own name for them; the first of each is written, all are own.
        ids: BTreeMap<String, Vec<String>>,
        /// Ids for single stores: by the id's name, then by the store's host (`amazon.de`).
        store_ids: BTreeMap<String, BTreeMap<String, Vec<String>>>,
        /// A link copied from the network, to which destination and sub-ID are added.
        base: Option<String>,
    },
}

/// Whether a program is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// New links are made.
    #[default]
    Active,
    /// No new links; those that stand, stay.
    Paused,
    /// No new links; those that stand are taken out.
    Ended,
}

/// Somebody whose links stay and are disclosed.
#[derive(Clone, Debug)]
pub struct PartnerSpec {
    /// The name in `partners`.
    pub name: String,
    /// The network the ids are of.
    pub network: &'static Network,
    /// The partner's ids by the network's own name for them.
    pub ids: BTreeMap<String, Vec<String>>,
}

/// The site's own redirects.
#[derive(Clone, Debug, Default)]
pub struct RedirectSpec {
    /// Globs over paths of the own site, such as `/go/**`.
    pub paths: Vec<String>,
    /// Hosts that hold nothing but redirects.
    pub hosts: Vec<String>,
    /// Redirects whose destination is known. The first one that matches answers.
    pub known: Vec<RedirectRule>,
}

/// One of the site's own redirects whose destination is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedirectRule {
    /// A path or an absolute URL; a segment `:name` stands for any one segment, one `*` for any rest.
    pub from: String,
    /// Parameters that the request must have: name, and value or `:name`.
    pub query: Vec<(String, String)>,
    /// An absolute URL or a path of the site, with `:name` and `:splat`; `None` where the site answers by itself.
    pub to: Option<String>,
    /// Whether it is for some readers only, by country, language or cookie: others come first.
    pub conditional: bool,
}

impl RedirectRule {
    /// A redirect from `from` to `to` for everybody.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: Some(to.into()), ..Self::default() }
    }
}

/// Whom a link credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credit {
    /// One of the user's programs, as an index into [`ProgramMap::programs`].
    Own(usize),
    /// A partner, by name.
    Partner(String),
    /// Somebody else.
    Foreign,
    /// An affiliate link that does not say whom.
    Unknown,
    /// Nobody: a plain link.
    None,
}

impl Credit {
    /// It in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Own(_) => "own",
            Self::Partner(_) => "partner",
            Self::Foreign => "foreign",
            Self::Unknown => "unknown",
            Self::None => "none",
        }
    }
}

/// One wrapper around a destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// The network's catalog id; the program's name for a form of the user's own.
    pub network: String,
    /// The affiliate id.
    pub publisher: Option<String>,
    /// Every id read, by the network's own name.
    pub ids: BTreeMap<String, String>,
    /// The sub-ID.
    pub subid: Option<String>,
    /// Where this layer leads; no more than what follows the merchant's domain where the link says no more.
    pub destination: Option<String>,
}

/// What is to be mended about an own link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnState {
    /// Nothing.
    Right,
    /// It carries one of the program's retired ids.
    Retired,
    /// It lacks a parameter of its program's `set`.
    Incomplete,
    /// It carries an id of another store, and the right one is configured.
    WrongStore,
    /// It carries an id of another store, and none is configured for this one.
    NoIdForStore,
    /// Its program has ended.
    Ended,
}

/// Why a URL is left alone before anybody looks whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum UnsafeUrl {
    /// A user name or password before the host.
    #[error("user name before the host")]
    Userinfo,
    /// A backslash, which some readers take for a slash.
    #[error("backslash")]
    Backslash,
    /// A control character, a space or a direction mark inside.
    #[error("control character or space")]
    Control,
    /// Readers of URLs disagree about its host.
    #[error("host that parsers read differently")]
    Host,
}

/// Why a program gets or does not get a merchant link; `explain` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It wins.
    #[error("wins")]
    Wins,
    /// Another one's domain or path is more specific.
    #[error("another program's domain or path is more specific")]
    LessSpecific,
    /// It is paused.
    #[error("paused")]
    Paused,
    /// It has ended.
    #[error("ended")]
    Ended,
    /// It has not started.
    #[error("not started yet")]
    NotStarted,
    /// Its `pages` leave this page out.
    #[error("not on this page")]
    OtherPages,
    /// Its `paths` leave this URL out.
    #[error("not on this path")]
    OtherPaths,
    /// No id is configured for this store.
    #[error("no id for this store")]
    NoIdForStore,
    /// Another one has a higher priority.
    #[error("lower priority")]
    Priority,
    /// Another one pays more.
    #[error("lower commission")]
    Commission,
    /// Another one's cookie lives longer.
    #[error("shorter cookie")]
    CookieDays,
    /// Another one stands earlier in the file.
    #[error("later in the file")]
    FileOrder,
}

/// A program that could serve a merchant URL, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index into [`ProgramMap::programs`].
    pub program: usize,
    /// Why it won or lost.
    pub verdict: Verdict,
}

/// An own wrapper that is not what its link credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OuterLayer {
    /// Index into [`ProgramMap::programs`].
    pub program: usize,
    /// What is to be mended about it.
    pub state: OwnState,
    /// The URL inside.
    pub inner: String,
}

/// What there is to know about one URL on one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlFacts {
    /// Whom it credits.
    pub credit: Credit,
    /// Wrappers and tags around the destination, from the outside in.
    pub layers: Vec<Layer>,
    /// The merchant URL it leads to, without anybody's affiliate parameters; `None` where the link does not say it.
    pub destination: Option<String>,
    /// Whether several readings of the destination are possible.
    pub ambiguous: bool,
    /// Whether it is one of the site's own redirects.
    pub own_redirect: bool,
    /// What is to be mended, for an own link.
    pub own_state: OwnState,
    /// Own wrappers around a link that credits somebody else or another own program, or that cannot be read: from the
    /// outside in.
    pub outer: Vec<OuterLayer>,
    /// Why it is not to be touched.
    pub unsafe_url: Option<UnsafeUrl>,
    /// The programs for its merchant, the winner (if any) first.
    pub candidates: Vec<Candidate>,
    /// How it was read, so that nobody reads it again.
    pub reading: Reading,
}

/// A URL as [`ProgramMap::look`] read it, for [`ProgramMap::build`] and [`ProgramMap::clean`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading(decode::Decoded);

impl UrlFacts {
    /// The program that a new link to the destination would be one of.
    pub fn winner(&self) -> Option<usize> {
        self.candidates.first().filter(|first| first.verdict == Verdict::Wins).map(|first| first.program)
    }

    /// Whether it leads over a redirector that credits nobody.
    pub fn is_redirected(&self) -> bool {
        let redirectors = crate::networks::redirectors();
        let of = |layer: &Layer| redirectors.iter().any(|redirector| redirector.id == layer.network);
        self.layers.iter().any(of)
    }

    /// Whether following it credits somebody.
    pub fn is_affiliate(&self) -> bool {
        self.credit != Credit::None
    }
}

/// What a network or program demands of sub-IDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubidRule {
    /// The most characters; `None` where unknown.
    pub max_len: Option<usize>,
    /// Which characters.
    pub charset: crate::networks::Charset,
    /// Whether the network wants them approved first, so that only a program's own pattern makes one.
    pub needs_approval: bool,
}
