//! The link template: one description of a link that both writes it and reads it back.
//!
//! ```text
//! https://www.awin1.com/cread.php?awinmid={awinmid}&awinaffid={awinaffid}&clickref={subid?}&ued={url}
//! /links/{pid}/type/dlg/[sid/{subid}/]{+url}          any host of the network, a piece that may be missing
//! ?mkevt=1&campid={campid}&toolid={=10001}            parameters on the merchant's own URL
//! ```
//!
//! | piece | reads | writes |
//! |---|---|---|
//! | `name=text` | that value and no other | the same |
//! | `name={id}` | a value of the id's characters | the id, which must be known |
//! | `name={id?}` | the same, or nothing | the id if it is known |
//! | `name={=text}` | whatever it is | the text |
//! | `a\|b=...` | either name | the first |
//! | `{url}` `{+url}` | the destination | percent-encoded once; as it is, to the end |
//! | `{url:twice}` `:path` `:barepath` `:schemeless` `:bracketed` | the destination | as [`Encoding`] says |
//! | `[...]` | the piece, or nothing | the piece if all its ids are known |
//!
//! A host without captures is written and not compared: the caller knows by the host which templates to try.
//! Parameters are found in any order and, failing an exact name, in any case. A capture takes every character of its
//! set, so the text after it must start with another one: reading never goes back.

mod parse;

use std::ops::Range;

use thiserror::Error;

pub use self::parse::{Dialect, TemplateError};
use super::Chars;
use super::destination::{self, Encoding, Found};
use super::query::{self, Pair, decode, encode};

/// The capture that is a sub-ID.
pub const SUBID: &str = "subid";

/// A link template, ready to read and write.
#[derive(Clone, Debug)]
pub struct Template {
    scheme: String,
    host: Option<Pattern>,
    path: Option<Pattern>,
    params: Vec<Param>,
    in_fragment: bool,
}

/// An id that a link cannot do without, and that nobody gave.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no `{0}`")]
pub struct Missing(pub String);

/// A URL cut for reading.
#[derive(Clone, Debug)]
pub struct Target<'u> {
    host: &'u str,
    rest: &'u str,
    path: Range<usize>,
    query: Option<Range<usize>>,
    fragment: Option<Range<usize>>,
}

/// What a template found in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Captures by name, in the template's order; percent-decoded, never empty.
    pub captures: Vec<(String, String)>,
    /// The destination.
    pub destination: Found,
    /// Whether part of the destination may have been taken for parameters of the link.
    pub ambiguous: bool,
}

impl Read {
    /// The capture called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.captures.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Debug)]
struct Pattern {
    /// Every way to leave groups out, the fullest first.
    ways: Vec<Vec<Piece>>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Capture { name: String, chars: Chars },
    Url(Encoding),
}

#[derive(Clone, Debug)]
struct Param {
    /// The first is written; empty for one without a name.
    names: Vec<String>,
    value: Pattern,
    presence: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Fixed,
    Required,
    Optional,
    Written,
    Destination,
}

impl<'u> Target<'u> {
    /// `host` in lower case without a trailing dot, and `rest`: everything of the URL after its authority.
    pub fn new(host: &'u str, rest: &'u str) -> Self {
        let hash = rest.find('#');
        let before = hash.unwrap_or(rest.len());
        let question = rest[..before].find('?');
        let query = question.map(|at| at + 1..before);
        let fragment = hash.map(|at| at + 1..rest.len());
        Self { host, rest, path: 0..question.unwrap_or(before), query, fragment }
    }

    /// The path; empty where the URL has none.
    pub fn path(&self) -> &'u str {
        &self.rest[self.path.clone()]
    }
}

impl Template {
    /// The host, where it holds no capture.
    pub fn host(&self) -> Option<&str> {
        match self.host.as_ref()?.ways.first()?.as_slice() {
            [Piece::Text(host)] => Some(host),
            _ => None,
        }
    }

    /// Whether it describes parameters on a URL that is somebody else's.
    pub fn is_append(&self) -> bool {
        self.host.is_none() && self.path.is_none()
    }

    /// Whether its parameters stand behind `#`.
    pub fn in_fragment(&self) -> bool {
        self.in_fragment
    }

    /// Whether it holds a capture called `name`.
    pub fn captures(&self, name: &str) -> bool {
        let patterns = self.host.iter().chain(&self.path).chain(self.params.iter().map(|param| &param.value));
        patterns.flat_map(|pattern| &pattern.ways[0]).any(|piece| piece.is(name))
    }

    /// Whether it has a place for the destination.
    pub fn has_destination(&self) -> bool {
        self.path.as_ref().is_some_and(Pattern::has_url) || self.params.iter().any(|param| param.value.has_url())
    }

    /// The names of the parameters that hold the destination, every alias included.
    pub fn names_of_url(&self) -> impl Iterator<Item = &str> {
        self.names_where(|value| value.has_url())
    }

    /// The names of the parameters that hold the sub-ID, every alias included.
    pub fn names_of_subid(&self) -> impl Iterator<Item = &str> {
        self.names_where(|value| value.ways[0].iter().any(|piece| piece.is(SUBID)))
    }

    /// The names of the parameters that are written, and may have another value.
    pub fn names_of_written(&self) -> impl Iterator<Item = &str> {
        let written = self.params.iter().filter(|param| param.presence == Presence::Written);
        written.flat_map(|param| &param.names).map(String::as_str)
    }

    /// The names of all its parameters, every alias included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.params.iter().flat_map(|param| &param.names).map(String::as_str)
    }

    /// Reads `target`; `None` where it is no such link.
    pub fn read(&self, target: &Target<'_>) -> Option<Read> {
        let mut read = Read { captures: Vec::new(), destination: Found::Nothing, ambiguous: false };
        if self.host().is_none()
            && let Some(host) = &self.host
        {
            read.take(host.whole(target.host, false)?);
        }
        if let Some(path) = &self.path {
            self.read_path(path, target, &mut read)?;
        }
        let range = if self.in_fragment { target.fragment.clone() } else { target.query.clone() };
        let pairs = range.map_or_else(Vec::new, |range| query::pairs(target.rest, range));
        for param in &self.params {
            self.read_param(param, &pairs, target, &mut read)?;
        }
        Some(read)
    }

    /// The whole link to `url`; `value` knows the captures.
    pub fn write(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        let mut out = format!("{}//", self.scheme);
        out.push_str(&self.host.as_ref().map_or(Ok(String::new()), |host| host.write(url, value))?);
        out.push_str(&self.write_path(url, value)?);
        let mut mark = if self.in_fragment { '#' } else { '?' };
        for (name, text) in self.settings(url, value)? {
            out.push(mark);
            mark = '&';
            out.push_str(&name);
            if !name.is_empty() {
                out.push('=');
            }
            out.push_str(&text);
        }
        Ok(out)
    }

    /// The path alone.
    pub fn write_path(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        self.path.as_ref().map_or(Ok(String::new()), |path| path.write(url, value))
    }

    /// The parameters to be written, in order: name (empty for one without) and escaped value.
    pub fn settings(
        &self,
        url: &str,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<(String, String)>, Missing> {
        let mut out = Vec::new();
        for param in &self.params {
            match param.value.write(url, value) {
                Ok(text) => out.push((param.names.first().cloned().unwrap_or_default(), text)),
                Err(_) if param.presence == Presence::Optional => {}
                Err(missing) => return Err(missing),
            }
        }
        Ok(out)
    }

    fn names_where(&self, test: fn(&Pattern) -> bool) -> impl Iterator<Item = &str> {
        let params = self.params.iter().filter(move |param| test(&param.value));
        params.flat_map(|param| &param.names).map(String::as_str)
    }

    fn read_path(&self, path: &Pattern, target: &Target<'_>, read: &mut Read) -> Option<()> {
        let text = target.path();
        let matched = path.whole(if text.is_empty() { "/" } else { text }, true)?;
        if let Some((start, encoding)) = matched.url {
            // a raw destination has its own query and fragment; an encoded one has them encoded
            let part = target.rest.get(start..target.path.end)?;
            let raw = destination::absolute(part).is_some();
            let part = if raw { target.rest.get(start..)? } else { part };
            read.destination = destination::read(part, encoding);
        }
        read.take(matched);
        Some(())
    }

    fn read_param(&self, param: &Param, pairs: &[Pair], target: &Target<'_>, read: &mut Read) -> Option<()> {
        let text = target.rest;
        if param.presence == Presence::Destination {
            self.read_destination(param, pairs, target, read);
            return Some(());
        }
        if param.presence == Presence::Written {
            return Some(());
        }
        let matched = param.find(pairs, text).find_map(|pair| {
            let value = if param.names.is_empty() { text.get(pair.whole.clone())? } else { pair.value_in(text) };
            let raw = || param.value.whole(value, false).map(|matched| matched.owned());
            param.value.whole(&decode(value), false).map(|matched| matched.owned()).or_else(raw)
        });
        match matched {
            Some(captures) => read.captures.extend(captures),
            None if param.presence == Presence::Optional => {}
            None => return None,
        }
        Some(())
    }

    fn read_destination(&self, param: &Param, pairs: &[Pair], target: &Target<'_>, read: &mut Read) {
        for pair in param.find(pairs, target.rest) {
            let start = match &pair.value {
                Some(value) if !param.names.is_empty() => value.start,
                _ => pair.whole.start,
            };
            let whole = target.rest.get(start..pair.whole.end).unwrap_or_default();
            let Some(Matched { url: Some((skip, encoding)), .. }) = param.value.whole(whole, false) else { continue };
            let last = pairs.last().is_some_and(|last| last == pair);
            let bare = destination::absolute(whole.get(skip..).unwrap_or_default()).is_some();
            let to_the_end = bare && (last || encoding == Encoding::Raw);
            let end = if to_the_end { target.rest.len() } else { pair.whole.end };
            let found = destination::read(target.rest.get(start + skip..end).unwrap_or_default(), encoding);
            if found == Found::Nothing {
                continue;
            }
            if let Found::Url { url, raw: true } = &found
                && !to_the_end
            {
                read.ambiguous |= url.contains('?') && self.stranger_after(pair, pairs, target.rest);
            }
            read.destination = found;
            return;
        }
    }

    /// Whether a parameter that is none of the link's own stands after `pair`.
    fn stranger_after(&self, pair: &Pair, pairs: &[Pair], text: &str) -> bool {
        let own = |name: &str| self.names().any(|known| known.eq_ignore_ascii_case(name));
        let after = pairs.iter().filter(|other| other.whole.start > pair.whole.start && !other.whole.is_empty());
        after.into_iter().any(|other| !own(&other.name_in(text)))
    }
}

impl Param {
    /// The parameters it may be: those of exactly its names first.
    fn find<'p>(&'p self, pairs: &'p [Pair], text: &'p str) -> impl Iterator<Item = &'p Pair> {
        let bare = self.names.is_empty();
        let exact = move |pair: &&Pair| self.names.iter().any(|name| *name == *pair.name_in(text));
        let folded = move |pair: &&Pair| {
            let name = pair.name_in(text);
            self.names.iter().any(|known| *known != *name && known.eq_ignore_ascii_case(&name))
        };
        let nameless = pairs.iter().filter(move |pair| bare && pair.value.is_none());
        pairs.iter().filter(exact).chain(pairs.iter().filter(folded)).chain(nameless)
    }
}

/// What a pattern found in a text: captures, and where the destination starts.
struct Matched<'t> {
    captures: Vec<(String, &'t str)>,
    url: Option<(usize, Encoding)>,
}

impl Matched<'_> {
    fn owned(&self) -> Vec<(String, String)> {
        self.captures.iter().map(|(name, value)| (name.clone(), (*value).to_owned())).collect()
    }
}

impl Read {
    fn take(&mut self, matched: Matched<'_>) {
        self.captures.extend(matched.captures.into_iter().map(|(name, value)| (name, decode(value).into_owned())));
    }
}

impl Pattern {
    fn text(text: &str) -> Self {
        Self { ways: vec![vec![Piece::Text(text.to_owned())]] }
    }

    fn has_url(&self) -> bool {
        self.ways[0].iter().any(|piece| matches!(piece, Piece::Url(_)))
    }

    /// Matches all of `text`; with `slash`, but for a trailing one.
    fn whole<'t>(&self, text: &'t str, slash: bool) -> Option<Matched<'t>> {
        self.ways.iter().find_map(|way| one_way(way, text, slash))
    }

    fn write(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        let mut first = None;
        for way in &self.ways {
            match way.iter().map(|piece| piece.write(url, value)).collect::<Result<String, _>>() {
                Ok(text) => return Ok(text),
                Err(missing) => first = Some(missing),
            }
        }
        Err(first.unwrap_or(Missing(String::new())))
    }
}

fn one_way<'t>(way: &[Piece], text: &'t str, slash: bool) -> Option<Matched<'t>> {
    let mut matched = Matched { captures: Vec::new(), url: None };
    let mut at = 0;
    for piece in way {
        let rest = &text[at..];
        at += match piece {
            Piece::Text(literal) => {
                rest.get(..literal.len()).filter(|head| head.eq_ignore_ascii_case(literal))?;
                literal.len()
            }
            // nobody else's sub-ID need keep to any alphabet
            Piece::Capture { name, .. } if name == SUBID && !slash && is_last(piece, way) && !rest.is_empty() => {
                matched.captures.push((name.clone(), rest));
                rest.len()
            }
            Piece::Capture { name, chars } => {
                let len = rest.bytes().take_while(|&byte| chars.allows(byte)).count();
                let value = rest.get(..len).filter(|value| chars.fits(value))?;
                matched.captures.push((name.clone(), value));
                len
            }
            Piece::Url(encoding) => {
                matched.url = Some((at, *encoding));
                rest.len()
            }
        };
    }
    let left = &text[at..];
    (left.is_empty() || slash && left == "/").then_some(matched)
}

fn is_last(piece: &Piece, way: &[Piece]) -> bool {
    way.last().is_some_and(|last| std::ptr::eq(last, piece))
}

impl Piece {
    fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Capture { name, .. } if name == wanted)
    }

    fn write(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Url(encoding) => destination::write(url, *encoding).ok_or_else(|| Missing("url".to_owned())),
            Self::Capture { name, chars } => {
                let value = value(name).filter(|value| !value.is_empty()).ok_or_else(|| Missing(name.clone()))?;
                Ok(escape(&value, *chars))
            }
        }
    }
}

/// `value` escaped, but for delimiters that the capture's own set names: some ids are only understood bare.
fn escape(value: &str, chars: Chars) -> String {
    let bare = |c: char| chars != Chars::ANY && "*/+:,@".contains(c) && chars.allows(c as u8);
    value.chars().map(|c| if bare(c) { c.to_string() } else { encode(c.encode_utf8(&mut [0; 4])) }).collect()
}
