//! Redirects whose destination is known: exact paths, placeholders (`/p/:asin`) and splats (`/go/*`). Decides which rule
//! answers for a path and what its destination is then; whether that is anybody's business, others say.
//!
//! Netlify's documentation ("Redirect options") and Cloudflare's ("Pages: Redirects"): the first rule that matches wins, a
//! placeholder is one segment, a splat is the rest, and both may stand in the destination, the splat as `:splat`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::networks::query::{self, decode};
use crate::program::RedirectRule;

/// The most redirects that are followed one after the other.
const MAX_HOPS: usize = 5;
/// What a splat is called in a destination.
const SPLAT: &str = "splat";

/// Rules, compiled. A place is a host, empty for the own site, and a path: `/go/x`, `l.example.com/x`.
#[derive(Debug, Default)]
pub(super) struct Rules {
    all: Vec<Rule>,
    /// Rules without placeholders, by their decoded place.
    exact: BTreeMap<String, Vec<usize>>,
    /// The others, by their host and, where it is fixed, their first segment.
    patterns: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    literal: String,
    query: Vec<(String, String)>,
    /// `None` where the site answers by itself.
    to: Option<String>,
    conditional: bool,
}

#[derive(Debug)]
struct Pattern {
    head: Vec<Piece>,
    /// What stands around the splat in its segment.
    splat: Option<(String, String)>,
    tail: Vec<Piece>,
}

/// One segment.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// Decoded.
    Literal(String),
    /// A placeholder's name.
    Name(String),
}

/// What placeholders stand for, as it is written.
type Captures<'p> = Vec<(&'p str, &'p str)>;

impl Rules {
    /// Adds `rule` for `place`. One that catches every path of the own site is none: its pages stand there.
    pub(super) fn add(&mut self, place: &str, rule: RedirectRule) {
        let Some(pattern) = Pattern::of(place) else { return };
        let literal = match place.split_once('/') {
            // a port may stand behind it
            Some((host, _)) if !host.is_empty() => host.to_owned(),
            _ => literals(place).into_iter().max_by_key(String::len).unwrap_or_default(),
        };
        if literal.trim_matches('/').is_empty() {
            return;
        }
        let at = self.all.len();
        if pattern.is_exact() {
            self.exact.entry(trimmed(&decode(place)).to_owned()).or_default().push(at);
        } else {
            self.patterns.entry(pattern.group()).or_default().push(at);
        }
        let RedirectRule { query, to, conditional, .. } = rule;
        self.all.push(Rule { pattern, literal, query, to, conditional });
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Where `place`, as a link writes it, is known to lead, through redirects within the site as well; `own` gives the
    /// place of an absolute URL of the own site.
    pub(super) fn destination(&self, place: &str, own: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut place = Cow::Borrowed(place);
        for _ in 0..MAX_HOPS {
            let to = self.hop(&place)?;
            match if to.starts_with('/') { Some(to.clone()) } else { own(&to) } {
                Some(next) => place = Cow::Owned(next),
                None => return Some(to),
            }
        }
        None
    }

    /// The longest literal text of every rule. It stands in every link that the rule matches, but for what a link that is
    /// relative to its page leaves out.
    pub(super) fn literals(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|rule| rule.literal.as_str())
    }

    fn hop(&self, place: &str) -> Option<String> {
        let (path, query) = cut(place);
        let key = decode(path);
        let mut groups = path.splitn(3, '/');
        let host = groups.next().unwrap_or_default();
        let first = decode(groups.next().unwrap_or_default());
        let found =
            [self.exact.get(trimmed(&key)), self.patterns.get(host), self.patterns.get(&format!("{host}/{first}"))];
        let segments: Vec<&str> = path.split('/').collect();
        let best = found.into_iter().flatten().flatten().filter_map(|&at| {
            let rule = self.all.get(at)?;
            let mut captures = rule.pattern.captures(path, &segments)?;
            rule.asks(query, &mut captures).then_some(((rule.conditional, at), rule, captures))
        });
        let (_, rule, captures) = best.min_by_key(|(rank, ..)| *rank)?;
        rule.to.as_deref().map(|to| fill(to, &captures))
    }
}

impl Rule {
    /// Whether `query` has the parameters that the rule asks for.
    fn asks<'q>(&'q self, query: &'q str, captures: &mut Captures<'q>) -> bool {
        self.query.iter().all(|(name, wanted)| {
            let pairs = query::pairs(query, 0..query.len());
            let Some(pair) = pairs.iter().find(|pair| pair.name_in(query) == *name) else { return false };
            let value = pair.value.clone().and_then(|range| query.get(range)).unwrap_or_default();
            match wanted.strip_prefix(':') {
                Some(name) => captures.push((name, value)),
                None if decode(value) == decode(wanted) => {}
                None => return false,
            }
            true
        })
    }
}

impl Pattern {
    /// `None` with more than one splat.
    fn of(place: &str) -> Option<Self> {
        let piece = |text: &str| match name_of(text) {
            Some(name) => Piece::Name(name.to_owned()),
            None => Piece::Literal(decode(text).into_owned()),
        };
        let place = if place.contains('*') { place } else { trimmed(place) };
        let mut pattern = Self { head: Vec::new(), splat: None, tail: Vec::new() };
        for segment in place.split('/') {
            match segment.split_once('*') {
                Some((_, after)) if after.contains('*') || pattern.splat.is_some() => return None,
                Some((before, after)) => pattern.splat = Some((before.to_owned(), after.to_owned())),
                None if pattern.splat.is_some() => pattern.tail.push(piece(segment)),
                None => pattern.head.push(piece(segment)),
            }
        }
        Some(pattern)
    }

    fn is_exact(&self) -> bool {
        self.splat.is_none() && !self.head.iter().any(|piece| matches!(piece, Piece::Name(_)))
    }

    fn group(&self) -> String {
        match self.head.as_slice() {
            [Piece::Literal(host), Piece::Literal(first), ..] => format!("{host}/{first}"),
            [Piece::Literal(host), ..] => host.clone(),
            _ => String::new(),
        }
    }

    /// What the placeholders stand for in `path`, which is cut into `segments`; `None` where it is none of this pattern's.
    fn captures<'p>(&'p self, path: &'p str, segments: &[&'p str]) -> Option<Captures<'p>> {
        let ends = segments.len() > 1 && segments.last() == Some(&"");
        // a `/` at the end is a splat's, and else of no weight
        let open = self.splat.is_some() && self.tail.is_empty();
        let count = segments.len() - usize::from(ends && !open);
        let middle = count.checked_sub(self.head.len() + self.tail.len())?;
        if middle > 0 && self.splat.is_none() {
            return None;
        }
        let (head, rest) = segments.split_at_checked(self.head.len())?;
        let (inner, rest) = rest.split_at_checked(middle)?;
        let mut captures = Vec::new();
        for (piece, segment) in self.head.iter().zip(head).chain(self.tail.iter().zip(rest)) {
            match piece {
                Piece::Literal(literal) if decode(segment) == *literal => {}
                Piece::Name(name) if !segment.is_empty() => captures.push((name.as_str(), *segment)),
                _ => return None,
            }
        }
        if let Some((before, after)) = &self.splat {
            let from: usize = head.iter().map(|segment| segment.len() + 1).sum();
            let to = from + inner.iter().map(|segment| segment.len() + 1).sum::<usize>().checked_sub(1)?;
            let rest = path.get(from..to)?.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
            captures.push((SPLAT, rest));
        }
        Some(captures)
    }
}

/// The fixed texts of `place`, decoded.
fn literals(place: &str) -> Vec<String> {
    let mut texts = vec![String::new()];
    for (at, segment) in place.split('/').enumerate() {
        let fixed = match segment.split_once('*') {
            Some((before, after)) => [Some(before), Some(after)],
            None if name_of(segment).is_some() => [Some(""), Some("")],
            None => [Some(segment), None],
        };
        let [Some(before), after] = fixed else { continue };
        let text = texts.last_mut().into_iter();
        text.for_each(|text| text.extend([if at > 0 { "/" } else { "" }, &decode(before)]));
        texts.extend(after.map(|after| decode(after).into_owned()));
    }
    texts
}

/// The name of a placeholder: letters, digits and `_`, a letter first.
fn name_of(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix(':')?;
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name_length(name) == name.len()).then_some(name)
}

fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// `to` with its placeholders filled in.
fn fill(to: &str, captures: &Captures<'_>) -> String {
    let mut out = String::with_capacity(to.len());
    let mut rest = to;
    while let Some((before, after)) = rest.split_once(':') {
        let (name, left) = after.split_at(name_length(after));
        out.push_str(before);
        match captures.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.extend([":", name]),
        }
        rest = left;
    }
    out.push_str(rest);
    out
}

/// A place without query and fragment, and its query.
fn cut(place: &str) -> (&str, &str) {
    let place = place.split('#').next().unwrap_or_default();
    place.split_once('?').unwrap_or((place, ""))
}

pub(super) fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(lines: &[(&str, &str)]) -> Rules {
        let mut rules = Rules::default();
        for (place, to) in lines {
            let (from, query) = cut(place);
            let query = query.split('&').filter_map(|pair| pair.split_once('='));
            let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let (to, conditional) = to.strip_suffix(" ?").map_or((*to, false), |to| (to, true));
            let to = (!to.is_empty()).then(|| to.to_owned());
            rules.add(from, RedirectRule { from: from.to_owned(), query, to, conditional });
        }
        rules
    }

    #[test]
    fn the_first_rule_that_matches_answers() {
        let rules = rules(&[
            ("/go/special", "/deal"),
            ("/deal", "https://shop.example/deal"),
            ("/go/here", ""),
            ("/go/land", "https://de.example/land ?"),
            ("/go/land", "https://com.example/land"),
            ("/only", "https://de.example/only ?"),
            ("/p/:asin", "https://amazon.example/dp/:asin"),
            ("/:lang/p/:asin", "https://amazon.example/:lang/dp/:asin?l=:lang&x=:other"),
            ("/go/x-*", "https://x.example/:splat"),
            ("/go/*/end", "https://end.example/:splat"),
            ("/go/*", "https://go.example:8080/:splat"),
            ("/q?id=:id&kind=a%20b", "https://q.example/:id"),
            ("/loop/*", "/loop/:splat/x"),
            ("/caf%C3%A9/*", "https://c.example/:splat"),
            ("l.example/*", "https://l.shop.example/:splat"),
            ("/:everything", "https://nobody.example/:everything"),
            ("/*", "https://nobody.example/:splat"),
        ]);
        for (place, want) in [
            ("/go/special", Some("https://shop.example/deal")),
            ("/go/special/", Some("https://shop.example/deal")),
            ("/go/here", None),
            ("/go/land", Some("https://com.example/land")),
            ("/only", Some("https://de.example/only")),
            ("/p/B0%2F1?utm=1#top", Some("https://amazon.example/dp/B0%2F1")),
            ("/p/", None),
            ("/p/a/b", None),
            ("/de/p/B0/", Some("https://amazon.example/de/dp/B0?l=de&x=:other")),
            ("/go/x-1/2", Some("https://x.example/1/2")),
            ("/go/a/b/end", Some("https://end.example/a/b")),
            ("/go/a/b/", Some("https://go.example:8080/a/b/")),
            ("/go/", Some("https://go.example:8080/")),
            ("/go", None),
            ("/q?kind=a+b&id=7", None),
            ("/q?kind=a%20b&id=7", Some("https://q.example/7")),
            ("/q", None),
            ("/loop/x", None),
            ("/caf\u{e9}/a", Some("https://c.example/a")),
            ("/caf%c3%a9/%61", Some("https://c.example/%61")),
            ("l.example/a/b", Some("https://l.shop.example/a/b")),
            ("/about", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(rules.destination(place, |_| None).as_deref(), want, "{place}");
        }
    }

    #[test]
    fn a_literal_stands_in_every_place() {
        let places = ["/go/x", "/go/*", "/p/:asin/b", "/a/b-*c/d", "l.example/*"];
        let rules = rules(&places.map(|place| (place, "https://x.example/")));
        assert_eq!(rules.literals().collect::<Vec<_>>(), ["/go/x", "/go/", "/p/", "/a/b-", "l.example"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(from in "/?([:a-c]{0,3}[/*%é]?){0,6}", place in "[/:a-c*%é?#]{0,12}") {
            let to = "https://x.example/:a:splat:";
            let found = rules(&[(&from, to), ("/a/*", "/b/:splat"), ("/b/:c", to)]).destination(&place, |_| None);
            proptest::prop_assert!(found.is_none_or(|found| found.starts_with("https://x.example/")));
        }
    }
}
