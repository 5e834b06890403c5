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
//! | `{url!}` and so on | the same, and nothing is such a link without one | the same |
//! | `[...]` | the piece, or nothing | the piece if all its ids are known |
//!
//! A host without captures is written and not compared: the caller knows by the host which templates to try.
//! Parameters are found in any order and, failing an exact name, in any case. A capture takes every character of its
//! set, so the text after it must start with another one: reading never goes back.

mod parse;
mod pattern;

use std::ops::Range;

use thiserror::Error;

pub use self::parse::{Dialect, TemplateError};
use self::pattern::{Matched, Pattern, Piece};
use super::destination::{self, Encoding, Found};
use super::query::{self, Pair, decode};

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
    /// The destination, without which it is no such link.
    Demanded,
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
        self.names_where(Pattern::has_url)
    }

    /// The names of the parameters that hold the sub-ID, every alias included.
    pub fn names_of_subid(&self) -> impl Iterator<Item = &str> {
        self.names_of(SUBID)
    }

    /// The names of the parameters that hold capture `name`, every alias included.
    pub fn names_of<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.names_where(move |value| value.ways[0].iter().any(|piece| piece.is(name)))
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
            read_path(path, target, &mut read)?;
        }
        let range = if self.in_fragment { target.fragment.clone() } else { target.query.clone() };
        let pairs = range.map_or_else(Vec::new, |range| query::pairs(target.rest, range));
        for param in &self.params {
            self.read_param(param, &pairs, target, &mut read)?;
        }
        Some(read)
    }

    /// Reads what `target` has of its parameters, whichever are missing.
    pub fn read_some(&self, target: &Target<'_>) -> Read {
        let mut read = Read { captures: Vec::new(), destination: Found::Nothing, ambiguous: false };
        let range = if self.in_fragment { target.fragment.clone() } else { target.query.clone() };
        let pairs = range.map_or_else(Vec::new, |range| query::pairs(target.rest, range));
        for param in &self.params {
            let _ = self.read_param(param, &pairs, target, &mut read);
        }
        read
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

    fn names_where<'t>(&'t self, test: impl Fn(&Pattern) -> bool + 't) -> impl Iterator<Item = &'t str> {
        let params = self.params.iter().filter(move |param| test(&param.value));
        params.flat_map(|param| &param.names).map(String::as_str)
    }

    fn read_param(&self, param: &Param, pairs: &[Pair], target: &Target<'_>, read: &mut Read) -> Option<()> {
        let text = target.rest;
        if matches!(param.presence, Presence::Destination | Presence::Demanded) {
            self.read_destination(param, pairs, target, read);
            let found = matches!(read.destination, Found::Url { .. });
            return (found || param.presence == Presence::Destination).then_some(());
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

fn read_path(path: &Pattern, target: &Target<'_>, read: &mut Read) -> Option<()> {
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

impl Param {
    /// The parameters it may be: those of exactly its names first.
    fn find<'p>(&'p self, pairs: &'p [Pair], text: &'p str) -> impl Iterator<Item = &'p Pair> {
        let bare = self.names.is_empty();
        let exact = move |pair: &&Pair| self.names.iter().any(|name| *name == *pair.name_in(text));
        let folded = move |pair: &&Pair| {
            let name = pair.name_in(text);
            self.names.iter().any(|known| *known != *name && known.eq_ignore_ascii_case(&name))
        };
        // a destination may hold `=`
        let nameless = pairs.iter().filter(move |pair| bare && (pair.value.is_none() || self.value.has_url()));
        pairs.iter().filter(exact).chain(pairs.iter().filter(folded)).chain(nameless)
    }
}

impl Read {
    fn take(&mut self, matched: Matched<'_>) {
        self.captures.extend(matched.captures.into_iter().map(|(name, value)| (name, decode(value).into_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::Chars;

    fn chars(name: &str) -> Option<Chars> {
        let set = match name {
            "digits" | "more" => (b'0'..=b'9').fold(0, |set, byte| set | 1 << byte),
            "id" => (b'!'..=b'~').filter(|byte| !b"/&?#".contains(byte)).fold(0, |set, byte| set | 1 << byte),
            "key" => (b'0'..=b'z').filter(u8::is_ascii_alphanumeric).fold(0, |set, byte| set | 1 << byte),
            "starred" => (b'*'..=b'z').fold(0, |set, byte| set | 1 << byte) & !(1 << b'?'),
            _ => return None,
        };
        Some(Chars { set, min: 1, max: 40, inside: None })
    }

    fn parse(text: &str) -> Template {
        Template::parse(text, Dialect::Catalog, &chars).unwrap_or_else(|error| panic!("`{text}`: {error}"))
    }

    /// The captures and the destination of `url`, whose host is `host`.
    fn read(template: &str, host: &str, rest: &str) -> Option<(String, Found)> {
        let read = parse(template).read(&Target::new(host, rest))?;
        let captures: Vec<_> = read.captures.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some((captures.join(" "), read.destination))
    }

    #[test]
    fn shapes_of_links_are_read() {
        let url = |url: &str, raw| Found::Url { url: url.to_owned(), raw };
        let dest = || url("https://x.example/a?b=1&c", false);
        let encoded = "https%3A%2F%2Fx.example%2Fa%3Fb%3D1%26c";
        let tail = "/click/camref:{key}[/pubref:{subid}]/destination:{url}";
        for (template, host, rest, want) in [
            (
                tail,
                "t.example",
                format!("/click/camref:1a/pubref:s-1/destination:{encoded}"),
                Some(("key=1a subid=s-1", dest())),
            ),
            (
                tail,
                "t.example",
                "/click/camref:1a/destination:https://x.example/a?b=1&c".to_owned(),
                Some(("key=1a", url("https://x.example/a?b=1&c", true))),
            ),
            (tail, "t.example", format!("/click/camref:1a/destination:{encoded}?utm=1"), Some(("key=1a", dest()))),
            (
                "https://{key}.t.example/visit?url={url}",
                "me.t.example",
                format!("/visit?url={encoded}"),
                Some(("key=me", dest())),
            ),
            ("https://{key}.t.example/visit?url={url}", "a.b.t.example", format!("/visit?url={encoded}"), None),
            (
                "/?id={digits}X{more}&url={url}",
                "t.example",
                format!("?url={encoded}&id=12X34"),
                Some(("digits=12 more=34", dest())),
            ),
            ("/?id={digits}X{more}&url={url}", "t.example", format!("?url={encoded}&id=12Y34"), None),
            (
                "/?foid={digits}.{more}[.{key}]&url|to={url}",
                "t.example",
                format!("/?foid=1.2&TO={encoded}"),
                Some(("digits=1 more=2", dest())),
            ),
            (
                "/ppc/?{digits}C{more}&ulp={url:bracketed}",
                "t.example",
                format!("/ppc/?12C34&ulp=[[{encoded}]]"),
                Some(("digits=12 more=34", dest())),
            ),
            (
                "/r?u={url:schemeless}",
                "t.example",
                "/r?u=www.x.example%2Fa".to_owned(),
                Some(("", url("https://www.x.example/a", false))),
            ),
            (
                "/r?u={url:path}&a={digits}",
                "t.example",
                "/r?a=1&u=%2Fa".to_owned(),
                Some(("digits=1", Found::Path("/a".to_owned()))),
            ),
            ("/r?u={url!}", "t.example", format!("/r?u={encoded}"), Some(("", dest()))),
            ("/r?u={url!}", "t.example", "/r?u=x".to_owned(), None),
            ("/r?a=1&b={=2}", "t.example", "/r?a=1".to_owned(), Some(("", Found::Nothing))),
            ("/r?a=1&b={=2}", "t.example", "/r?a=2&b=2".to_owned(), None),
            ("?tag={key}", "t.example", "/any/where?tag=".to_owned(), None),
            ("#a_aid={key}", "t.example", "/x?y#a_aid=me".to_owned(), Some(("key=me", Found::Nothing))),
            ("/c/{digits}/{more}", "t.example", "/C/1/2/".to_owned(), Some(("digits=1 more=2", Found::Nothing))),
            ("/c/{digits}/{more}", "t.example", "/c/1/2/3".to_owned(), None),
            ("/c?s={subid?}", "t.example", "/c?s=%5Ba%20/%7C".to_owned(), Some(("subid=[a /|", Found::Nothing))),
        ] {
            let found = read(template, host, &rest);
            let found = found.as_ref().map(|(captures, destination)| (captures.as_str(), destination.clone()));
            assert_eq!(found, want, "{template} {rest}");
        }
    }

    #[test]
    fn ids_that_are_only_understood_bare_stay_bare() {
        let template = parse("https://t.example/deeplink?id={starred}&u1={subid?}&murl={url}");
        let value = |name: &str| Some(if name == "starred" { "*a/b+c" } else { "x*y" }.to_owned());
        let link = template.write("https://x.example/*", &value).expect("all ids known");
        assert_eq!(link, "https://t.example/deeplink?id=*a/b+c&u1=x%2Ay&murl=https%3A%2F%2Fx.example%2F%2A");
        let missing = template.write("https://x.example/", &|_| None);
        assert_eq!(missing, Err(Missing("starred".to_owned())));
    }

    #[test]
    fn a_template_that_cannot_work_is_refused() {
        for (text, want) in [
            ("/a/{nobody}", TemplateError::Unknown("nobody".to_owned())),
            ("/a/{digits", TemplateError::Unbalanced('{')),
            ("/a/digits}", TemplateError::Unbalanced('}')),
            ("/a/[x", TemplateError::Unbalanced('[')),
            ("/a/{+url}?b=c", TemplateError::NotLast),
            ("/a?u={+url}&b=c", TemplateError::NotLast),
            ("/a?u={url}x", TemplateError::NotAtEnd),
            ("/a?u=<b>", TemplateError::Character('<')),
            ("https:///a", TemplateError::Host(String::new())),
        ] {
            assert_eq!(Template::parse(text, Dialect::Catalog, &chars).err(), Some(want), "{text}");
        }
    }

    #[test]
    fn parameters_in_parentheses_are_read_like_others() {
        for (rest, want) in [
            ("/click?p(1)a(2)url(https%3A%2F%2Fx)#f", Some("/click?p=1&a=2&url=https%3A%2F%2Fx")),
            ("/click?p=1&a=(2)", None),
            ("/click?p(1", None),
            ("/click?", None),
            ("/click", None),
        ] {
            assert_eq!(query::without_parens(rest).as_deref(), want, "{rest}");
        }
    }
}
