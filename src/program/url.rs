//! URLs by byte range: where each part stands, whether it is safe to touch, and how a parameter changes while every
//! other byte stays. Decides nothing about whose URL it is; never serialises one.

use std::borrow::Cow;
use std::ops::Range;

use super::UnsafeUrl;
use crate::networks::query::{self, Pair};

/// The longest host that DNS allows.
const MAX_HOST: usize = 253;

/// One change of a URL: `text` takes the place of bytes `range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlEdit {
    /// 0-based bytes into the URL as it was given.
    pub range: Range<usize>,
    /// What stands there afterwards: ASCII that needs no escaping anywhere a link can stand.
    pub text: String,
}

/// `url` with `edits`, which must be sorted and disjoint.
pub fn apply(url: &str, edits: &[UrlEdit]) -> String {
    let mut out = String::with_capacity(url.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut from = 0;
    for edit in edits {
        out.push_str(url.get(from..edit.range.start).unwrap_or_default());
        out.push_str(&edit.text);
        from = edit.range.end;
    }
    out.push_str(url.get(from..).unwrap_or_default());
    out
}

/// The parts of an absolute or scheme-relative http or https URL, as 0-based byte ranges into [`Split::text`].
#[derive(Clone, Debug)]
pub struct Split<'u> {
    /// The URL as it was given.
    pub text: &'u str,
    /// The URL without the white space around it.
    pub whole: Range<usize>,
    /// Whether it starts with `//`.
    pub relative: bool,
    /// Whether its scheme is `https`.
    pub secure: bool,
    /// User name and password, host and port.
    pub authority: Range<usize>,
    /// The host, with its trailing dot.
    pub host: Range<usize>,
    /// The digits behind the colon.
    pub port: Option<Range<usize>>,
    /// The path; empty where there is none.
    pub path: Range<usize>,
    /// What stands behind `?`.
    pub query: Option<Range<usize>>,
    /// What stands behind `#`.
    pub fragment: Option<Range<usize>>,
}

/// A host in lower case and without its trailing dot, on the stack unless it is international.
#[derive(Debug)]
pub struct HostName<'b>(Cow<'b, str>);

impl HostName<'_> {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name and, one label after the other taken away, the domains above it.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let mut rest = Some(self.as_str());
        std::iter::from_fn(move || {
            let domain = rest?;
            rest = memchr::memchr(b'.', domain.as_bytes()).map(|at| &domain[at + 1..]);
            Some(domain)
        })
    }
}

/// Room for a [`HostName`].
pub type HostBuffer = [u8; MAX_HOST];

impl<'u> Split<'u> {
    /// Cuts `text`; `None` where it is no http, https or scheme-relative URL with an authority.
    ///
    /// Splits as RFC 3986 does, but for a backslash, which ends the authority as it does in browsers.
    pub fn of(text: &'u str) -> Option<Self> {
        let bytes = text.as_bytes();
        let start = bytes.iter().position(|&byte| byte > b' ')?;
        let end = bytes.iter().rposition(|&byte| byte > b' ')? + 1;
        let (scheme, relative, secure) = match bytes.get(start..)? {
            [b'/', b'/', ..] => (2, true, true),
            rest if starts_with(rest, b"https://") => (8, false, true),
            rest if starts_with(rest, b"http://") => (7, false, false),
            _ => return None,
        };
        let from = start + scheme;
        let stop = |byte: &u8| matches!(byte, b'/' | b'?' | b'#' | b'\\');
        let authority = from..bytes[from..end].iter().position(stop).map_or(end, |at| from + at);
        let user = memchr::memrchr(b'@', &bytes[authority.clone()]).map_or(0, |at| at + 1);
        let host_start = authority.start + user;
        let colon = memchr::memrchr(b':', &bytes[host_start..authority.end]).map(|at| host_start + at);
        let colon = colon.filter(|_| bytes.get(host_start) != Some(&b'[') || bytes[authority.end - 1] != b']');
        let hash = memchr::memchr(b'#', &bytes[authority.end..end]).map(|at| authority.end + at);
        let before = hash.unwrap_or(end);
        let mark = memchr::memchr(b'?', &bytes[authority.end..before]).map(|at| authority.end + at);
        Some(Self {
            text,
            whole: start..end,
            relative,
            secure,
            host: host_start..colon.unwrap_or(authority.end),
            port: colon.map(|at| at + 1..authority.end),
            path: authority.end..mark.unwrap_or(before),
            query: mark.map(|at| at + 1..before),
            fragment: hash.map(|at| at + 1..end),
            authority,
        })
    }

    /// The host for comparing; `None` for an IP literal, a host that DNS cannot hold, or a port of one's own.
    pub fn host_name<'b>(&self, buffer: &'b mut HostBuffer) -> Option<HostName<'b>> {
        let raw = self.text.get(self.host.clone())?;
        if !self.has_default_port() {
            return None;
        }
        if !raw.is_ascii() || raw.contains('%') {
            return international(raw).map(|host| HostName(Cow::Owned(host)));
        }
        let raw = raw.strip_suffix('.').unwrap_or(raw).as_bytes();
        let room = buffer.get_mut(..raw.len()).filter(|room| !room.is_empty())?;
        room.copy_from_slice(raw);
        room.make_ascii_lowercase();
        std::str::from_utf8(room).ok().map(|host| HostName(Cow::Borrowed(host)))
    }

    /// What stands between `//` and the path: a user, the host, a port.
    pub fn authority(&self) -> &'u str {
        self.text.get(self.authority.clone()).unwrap_or_default()
    }

    /// Everything behind the authority.
    pub fn rest(&self) -> &'u str {
        self.text.get(self.authority.end..self.whole.end).unwrap_or_default()
    }

    /// The path as browsers ask for it, for comparing: dot segments resolved, percent-decoded, one `/` at its start.
    pub fn path_resolved(&self) -> Cow<'u, str> {
        let path = self.text.get(self.path.clone()).unwrap_or_default();
        // `%2e` is a dot as well
        let odd = |at: usize| matches!(path.as_bytes().get(at + 1), Some(b'.')) || path[at..].starts_with("/%2");
        let plain = path.starts_with('/') && !path.starts_with("//");
        if plain && !memchr::memchr_iter(b'/', path.as_bytes()).any(odd) {
            return query::decode(path);
        }
        let parsed = ::url::Url::parse(&self.absolute());
        let resolved = parsed.as_ref().map_or(path, ::url::Url::path);
        let decoded = query::decode(resolved);
        Cow::Owned(format!("/{}", decoded.trim_start_matches('/')))
    }

    /// The URL without white space around it, and with a scheme.
    pub fn absolute(&self) -> Cow<'u, str> {
        let whole = self.text.get(self.whole.clone()).unwrap_or_default();
        if self.relative { Cow::Owned(format!("https:{whole}")) } else { Cow::Borrowed(whole) }
    }

    /// Why it is better left alone; asks the `url` crate, so it is for URLs that are of interest.
    pub fn unsafe_kind(&self) -> Option<UnsafeUrl> {
        let whole = self.text.get(self.whole.clone()).unwrap_or_default();
        if memchr::memchr(b'\\', whole.as_bytes()).is_some() {
            Some(UnsafeUrl::Backslash)
        } else if !whole.bytes().all(|byte| matches!(byte, b' '..=b'~')) && whole.contains(hidden) {
            Some(UnsafeUrl::Control)
        } else if self.host.start > self.authority.start {
            Some(UnsafeUrl::Userinfo)
        } else if !self.read_alike() {
            Some(UnsafeUrl::Host)
        } else {
            None
        }
    }

    fn has_default_port(&self) -> bool {
        let port = self.port.clone().and_then(|port| self.text.get(port)).unwrap_or_default();
        match port {
            "" => true,
            "443" => self.secure,
            "80" => !self.secure || self.relative,
            _ => false,
        }
    }

    /// Whether the `url` crate, which reads as browsers do, finds the same host.
    fn read_alike(&self) -> bool {
        let raw = self.text.get(self.host.clone()).unwrap_or_default();
        if self.port.is_none() && is_plain_host(raw) {
            return true;
        }
        let Ok(parsed) = ::url::Url::parse(&self.absolute()) else { return false };
        let Some(host) = parsed.host_str() else { return false };
        let (raw, host) = (raw.trim_end_matches('.'), host.trim_end_matches('.'));
        let alike = |(raw, host): (&str, &str)| raw.eq_ignore_ascii_case(host) || !raw.is_ascii() && is_punycode(host);
        raw.split('.').count() == host.split('.').count() && raw.split('.').zip(host.split('.')).all(alike)
    }
}

/// Why `url` is better left alone, whatever it is; `None` also for what is no http or https URL.
///
/// For the linter, which asks it of every link.
pub fn unsafe_kind(url: &str) -> Option<UnsafeUrl> {
    Split::of(url)?.unsafe_kind()
}

/// A change of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'c> {
    /// It has this value afterwards, escaped already; where it stands several times, the first stays.
    Set(&'c str, &'c str),
    /// It is gone.
    Remove(&'c str),
}

/// Parameters to change, and where they stand.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Behind `#` instead of behind `?`.
    pub in_fragment: bool,
    /// Whether names are the same whatever their case.
    pub any_case: bool,
}

/// The edits that make `changes`, and touch nothing else.
pub fn edit_params(url: &Split<'_>, place: Place, changes: &[Change<'_>]) -> Vec<UrlEdit> {
    let range = if place.in_fragment { url.fragment.clone() } else { url.query.clone() };
    let pairs = range.clone().map_or_else(Vec::new, |range| query::pairs(url.text, range));
    let mut fates: Vec<Fate> = vec![Fate::Stays; pairs.len()];
    let mut added = Vec::new();
    for change in changes {
        decide(url.text, &pairs, place.any_case, change, &mut fates, &mut added);
    }
    let end = if place.in_fragment { url.whole.end } else { url.path.end };
    let mark = if place.in_fragment { '#' } else { '?' };
    let at = range.map_or((end, false), |range| (range.end, true));
    write_fates(&pairs, &fates, &added, at, mark)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    Goes,
    Value(String),
    Whole(String),
}

fn decide(
    text: &str,
    pairs: &[Pair],
    any_case: bool,
    change: &Change<'_>,
    fates: &mut [Fate],
    added: &mut Vec<String>,
) {
    let name = match change {
        Change::Set(name, _) | Change::Remove(name) => *name,
    };
    let same = |pair: &Pair| {
        let found = pair.name_in(text);
        !pair.whole.is_empty() && (*found == *name || any_case && found.eq_ignore_ascii_case(name))
    };
    let mut first = true;
    for (pair, fate) in pairs.iter().zip(fates.iter_mut()).filter(|(pair, _)| same(pair)) {
        *fate = match change {
            Change::Set(_, value) if first => set_fate(text, pair, name, value),
            _ => Fate::Goes,
        };
        first = false;
    }
    if let Change::Set(_, value) = change
        && first
    {
        added.push(if name.is_empty() { (*value).to_owned() } else { format!("{}={value}", written(name)) });
    }
}

/// Parameter name `name` as it is written: brackets mean something to Markdown.
fn written(name: &str) -> Cow<'_, str> {
    if name.contains(['[', ']']) { Cow::Owned(query::encode(name)) } else { Cow::Borrowed(name) }
}

fn set_fate(text: &str, pair: &Pair, name: &str, value: &str) -> Fate {
    let raw = text.get(pair.name.clone()).unwrap_or_default();
    let named = (raw == name || *raw == *written(name)) && pair.value.is_some();
    match (named, pair.value_in(text) == value) {
        (true, true) => Fate::Stays,
        (true, false) => Fate::Value(value.to_owned()),
        (false, _) => Fate::Whole(format!("{}={value}", written(name))),
    }
}

/// `at`: where the parameters end, and whether their mark stands before them.
fn write_fates(pairs: &[Pair], fates: &[Fate], added: &[String], at: (usize, bool), mark: char) -> Vec<UrlEdit> {
    let (end, marked) = at;
    let stays = |index: &usize| fates[*index] != Fate::Goes;
    let last = (0..pairs.len()).rev().find(stays);
    let mut edits = Vec::new();
    let mut kept = false;
    for (index, (pair, fate)) in pairs.iter().zip(fates).enumerate() {
        match fate {
            Fate::Stays => {}
            Fate::Value(text) => {
                let range = pair.value.clone().unwrap_or(pair.whole.end..pair.whole.end);
                edits.push(UrlEdit { range, text: text.clone() });
            }
            Fate::Whole(text) => edits.push(UrlEdit { range: pair.whole.clone(), text: text.clone() }),
            Fate::Goes => remove(pairs, index, kept, &mut edits),
        }
        kept |= *fate != Fate::Goes;
    }
    let Some(last) = last else {
        let text = if added.is_empty() { String::new() } else { format!("{mark}{}", added.join("&")) };
        let range = if marked { pairs[0].whole.start - 1..end } else { end..end };
        let change = !range.is_empty() || !text.is_empty();
        return if change { vec![UrlEdit { range, text }] } else { Vec::new() };
    };
    if !added.is_empty() {
        // to everybody but us, what `&amp;` ends with is the start of a name
        let open = pairs[last].whole.is_empty() && pairs[last].separator.len() < 2;
        let text = format!("{}{}", if open { "" } else { "&" }, added.join("&"));
        match edits.last_mut().filter(|edit| edit.range.end == end) {
            Some(edit) => edit.text.push_str(&text),
            None => edits.push(UrlEdit { range: end..end, text }),
        }
    }
    edits
}

/// Takes pair `index` out with one separator: the one before it where something before it stays.
fn remove(pairs: &[Pair], index: usize, kept_before: bool, edits: &mut Vec<UrlEdit>) {
    let range = if kept_before {
        pairs[index].separator.start..pairs[index].whole.end
    } else {
        pairs[index].whole.start..pairs.get(index + 1).map_or(pairs[index].whole.end, |next| next.whole.start)
    };
    match edits.last_mut().filter(|last| last.range.end == range.start && last.text.is_empty()) {
        Some(last) => last.range.end = range.end,
        None => edits.push(UrlEdit { range, text: String::new() }),
    }
}

fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn international(raw: &str) -> Option<String> {
    match ::url::Host::parse(raw).ok()? {
        ::url::Host::Domain(host) => Some(host.trim_end_matches('.').to_owned()),
        _ => None,
    }
}

/// Whether `host` is one that every reader takes as it stands: labels of ASCII letters, digits and hyphens, none of them
/// punycode, the last one no number (WHATWG URL, "host parser").
fn is_plain_host(host: &str) -> bool {
    let plain = |label: &str| {
        let ascii = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        ascii && !label.as_bytes().get(..4).is_some_and(|front| front.eq_ignore_ascii_case(b"xn--"))
    };
    let last = host.as_bytes().iter().rposition(|&byte| byte == b'.').map_or(0, |at| at + 1);
    host.as_bytes().get(last).is_some_and(u8::is_ascii_alphabetic) && host.split('.').all(plain)
}

fn is_punycode(label: &str) -> bool {
    label.starts_with("xn--")
}

/// The host of `url` for people to read: lower case, without `www.`; empty where there is none.
pub fn shown_host(url: &str) -> String {
    let rest = url.split_once("//").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    host.trim_start_matches("www.").to_owned()
}

/// Characters that readers drop, or that make the rest of a line show up elsewhere. A space is none: every reader writes
/// `%20` for it where a URL may hold one, and nowhere is it allowed in a host.
fn hidden(character: char) -> bool {
    character < ' '
        || character == '\u{7f}'
        || matches!(character, '\u{80}'..='\u{a0}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUERY: Place = Place { in_fragment: false, any_case: true };

    fn edited(url: &str, place: Place, changes: &[Change<'_>]) -> String {
        apply(url, &edit_params(&Split::of(url).expect("a URL"), place, changes))
    }

    #[test]
    fn a_parameter_changes_and_every_other_byte_stays() {
        let set = &[Change::Set("tag", "new")][..];
        let remove = &[Change::Remove("tag")][..];
        let both = &[Change::Remove("x"), Change::Set("tag", "new")][..];
        for (url, changes, want) in [
            ("https://h.example", set, "https://h.example?tag=new"),
            ("https://h.example/a%20b~c#f?g", set, "https://h.example/a%20b~c?tag=new#f?g"),
            ("https://h.example/?x=1%2C2&e=&f", set, "https://h.example/?x=1%2C2&e=&f&tag=new"),
            ("https://h.example/?", set, "https://h.example/?tag=new"),
            ("https://h.example/?a&#f", set, "https://h.example/?a&tag=new#f"),
            ("https://h.example/?a&amp;", set, "https://h.example/?a&amp;&tag=new"),
            ("https://h.example/?a&amp;#f", set, "https://h.example/?a&amp;&tag=new#f"),
            ("https://h.example/?a&amp", set, "https://h.example/?a&amp&tag=new"),
            ("https://h.example/?a&copy", set, "https://h.example/?a&copy&tag=new"),
            (" https://h.example/?a ", set, " https://h.example/?a&tag=new "),
            ("https://h.example/?tag=old&a", set, "https://h.example/?tag=new&a"),
            ("https://h.example/?t%61g=old&a&tag=b&TAG", set, "https://h.example/?tag=new&a"),
            ("https://h.example/?tag&a", set, "https://h.example/?tag=new&a"),
            ("https://h.example/?a&amp;tag=old&amp;b", set, "https://h.example/?a&amp;tag=new&amp;b"),
            ("https://h.example/?tag=new&a=%zz", set, "https://h.example/?tag=new&a=%zz"),
            ("https://h.example/?tag=1", remove, "https://h.example/"),
            ("https://h.example/?tag=1#f", remove, "https://h.example/#f"),
            ("https://h.example/?tag=1&a=2", remove, "https://h.example/?a=2"),
            ("https://h.example/?a=2&tag=1", remove, "https://h.example/?a=2"),
            ("https://h.example/?a&tag=1&tag=2&b&tag&c", remove, "https://h.example/?a&b&c"),
            ("https://h.example/?tag&tag=2&b", remove, "https://h.example/?b"),
            ("https://h.example/?stag=1&tags=2", remove, "https://h.example/?stag=1&tags=2"),
            ("https://h.example/?x=1", both, "https://h.example/?tag=new"),
            ("https://h.example/?a&x=1", both, "https://h.example/?a&tag=new"),
            ("https://h.example/?x=1&tag=old&x=2", both, "https://h.example/?tag=new"),
        ] {
            assert_eq!(edited(url, QUERY, changes), want, "{url}");
        }
        let place = Place { in_fragment: true, any_case: false };
        assert_eq!(edited("https://h.example/?a#tag=1&b", place, set), "https://h.example/?a#tag=new&b");
        assert_eq!(edited("https://h.example/?a#Tag=1", place, set), "https://h.example/?a#Tag=1&tag=new");
        assert_eq!(edited("https://h.example/?a", place, set), "https://h.example/?a#tag=new");
        assert_eq!(edited("https://h.example/?a#tag", place, remove), "https://h.example/?a");
    }

    #[test]
    fn a_url_is_cut_as_browsers_cut_it() {
        for (url, host, path, query, fragment) in [
            ("https://h.example/a?b#c", "h.example", "/a", Some("b"), Some("c")),
            ("//h.example:80?b?c#d#e", "h.example", "", Some("b?c"), Some("d#e")),
            ("HTTP://u:p@h.example/", "h.example", "/", None, None),
            ("https://a@b@h.example/", "h.example", "/", None, None),
            ("https://[::1]:8080/x", "[::1]", "/x", None, None),
            ("https://[::1]/x", "[::1]", "/x", None, None),
            ("https://h.example\\@x/", "h.example", "\\@x/", None, None),
            ("https://h.example#a?b", "h.example", "", None, Some("a?b")),
        ] {
            let split = Split::of(url).expect("a URL");
            let of = |range: Option<Range<usize>>| range.map(|range| &url[range]);
            assert_eq!((&url[split.host.clone()], &url[split.path.clone()]), (host, path), "{url}");
            assert_eq!((of(split.query), of(split.fragment)), (query, fragment), "{url}");
        }
        for url in ["", " ", "http:", "https:/h.example", "javascript://h.example", "/h.example", "ftp://h.example"] {
            assert!(Split::of(url).is_none(), "{url}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_host_is_the_one_that_browsers_find(
            host in prop_oneof![
                "([a-zA-Z0-9-]{0,5}\\.){0,3}[a-zA-Z0-9-]{0,4}",
                "(xn--|XN--|0x|r3---|_|%61|é)?[a-z0-9]{0,3}(\\.[a-z0-9]{0,3}){0,3}\\.?",
            ],
        ) {
            if is_plain_host(&host) {
                let parsed = ::url::Url::parse(&format!("https://{host}/a")).map_err(|error| error.to_string());
                let found = parsed.map(|parsed| parsed.host_str().unwrap_or_default().to_owned());
                prop_assert_eq!(found, Ok(host.to_ascii_lowercase()));
            }
        }

        #[test]
        fn what_was_inserted_comes_out_again(rest in "(/[a-z%&=~é]{0,6})?(\\?[a-su-z%&=;+é?]{0,12})?(#[a-z?&=#]{0,6})?") {
            let url = format!("https://h.example{rest}");
            let edits = edit_params(&Split::of(&url).expect("a URL"), QUERY, &[Change::Set("tag", "new")]);
            prop_assert_eq!(edits.len(), 1);
            prop_assert!(edits[0].range.is_empty(), "only an insertion: {:?}", edits);
            let with = apply(&url, &edits);
            let at = edits[0].range.start;
            let without = format!("{}{}", &with[..at], &with[at + edits[0].text.len()..]);
            prop_assert_eq!(&without, &url);
            let removed = edited(&with, QUERY, &[Change::Remove("tag")]);
            let (front, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
            let bare = front.strip_suffix(['?', '&']).unwrap_or(front);
            prop_assert!(removed == url || removed == format!("{bare}{fragment}"), "{} {}", url, removed);
        }
    }
}
