//! The site's own redirects: `/go/x`, `l.example.com/x`. Decides what is one and where it is known to lead; what stands
//! there is read like any other link.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::RedirectSpec;
use super::form::{decoded_glob, domain};
use super::problem::{MapError, Problem};
use super::url::Split;
use crate::networks::query::decode;

/// The site's own redirects, compiled.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    paths: GlobSet,
    literals: Vec<String>,
    known: BTreeMap<String, String>,
    /// Hosts that hold nothing but redirects, lower case.
    pub(super) hosts: Vec<String>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Redirect<'m> {
    /// Where it leads.
    pub(super) destination: Option<&'m str>,
    /// Whether the configuration says that it is one, not only a list of redirects that names it.
    pub(super) declared: bool,
}

impl Redirects {
    /// Compiles `spec` for a site that stands on `own_hosts`.
    pub(super) fn new(spec: RedirectSpec, own_hosts: &[String], errors: &mut Vec<MapError>) -> Self {
        let mut report = |field: &str, problem: Problem| {
            errors.push(MapError { program: String::new(), field: field.to_owned(), problem });
        };
        let mut globs = GlobSetBuilder::new();
        let mut literals = Vec::new();
        for text in &spec.paths {
            let text = &decoded_glob(text);
            let rooted = if text.starts_with('/') { text.clone() } else { format!("/**/{text}") };
            match GlobBuilder::new(&rooted).literal_separator(true).build() {
                Ok(glob) => {
                    globs.add(glob);
                }
                Err(_) => report("paths", Problem::Glob(text.clone())),
            }
            let pieces = text.split(['*', '?', '[', ']', '{', '}']);
            literals.extend(pieces.max_by_key(|piece| piece.len()).map(str::to_owned));
        }
        let mut hosts = Vec::new();
        for text in &spec.hosts {
            match domain(text) {
                Some(host) => hosts.push(host),
                None => report("hosts", Problem::Domain(text.clone())),
            }
        }
        let mut known = BTreeMap::new();
        for (from, to) in spec.known {
            if let Some(key) = key_of(&from, own_hosts) {
                known.entry(key).or_insert(to);
            }
        }
        Self { paths: globs.build().unwrap_or_default(), literals, known, hosts }
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.known.is_empty()
    }

    /// The redirect at `path` (with or without query and fragment) of the site.
    pub(super) fn on_site(&self, path: &str) -> Option<Redirect<'_>> {
        let path = bare(path);
        let decoded = decode(path);
        let destination = self.known.get(trimmed(&decoded)).map(String::as_str);
        let declared = self.paths.is_match(&*decoded) || self.paths.is_match(trimmed(&decoded));
        (declared || destination.is_some()).then_some(Redirect { destination, declared })
    }

    /// The redirect at `path` of redirect host `host`.
    pub(super) fn on_host(&self, host: &str, path: &str) -> Redirect<'_> {
        let key = format!("{host}{}", decode(bare(path)));
        Redirect { destination: self.known.get(trimmed(&key)).map(String::as_str), declared: true }
    }

    /// Strings of which one stands in every such link.
    pub(super) fn needles(&self) -> impl Iterator<Item = String> {
        // what may also be written escaped says nothing about a page's bytes
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
        let longest = move |text: &str| {
            let pieces = text.split(|c| !plain(c));
            pieces.max_by_key(|piece| piece.len()).unwrap_or_default().to_lowercase()
        };
        self.literals.iter().chain(self.known.keys()).chain(&self.hosts).map(move |text| longest(text))
    }
}

fn key_of(from: &str, own_hosts: &[String]) -> Option<String> {
    if from.starts_with('/') && !from.starts_with("//") {
        return Some(trimmed(&decode(bare(from))).to_owned());
    }
    let split = Split::of(from)?;
    let mut buffer = [0; 253];
    let host = split.host_name(&mut buffer)?;
    let path = decode(split.text.get(split.path.clone())?);
    let own = own_hosts.iter().any(|own| own == host.as_str());
    let key = if own { path.into_owned() } else { format!("{}{path}", host.as_str()) };
    Some(trimmed(&key).to_owned())
}

fn bare(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}
