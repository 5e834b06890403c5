//! The site's own redirects: `/go/x`, `l.example.com/x`. Decides what is one and where it is known to lead; what stands
//! there is read like any other link.

mod rules;

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use self::rules::{Rules, trimmed};
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
    rules: Rules,
    own_hosts: Vec<String>,
    /// Hosts that hold nothing but redirects, lower case.
    pub(super) hosts: Vec<String>,
    /// Other hosts that rules speak of, lower case.
    pub(super) ruled_hosts: BTreeSet<String>,
    /// The first segments of what paths begin with, in lower case.
    folders: BTreeSet<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    /// Where it leads.
    pub(super) destination: Option<String>,
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
        let mut rules = Rules::default();
        let mut ruled_hosts = BTreeSet::new();
        for rule in spec.known {
            if let Some(place) = place_of(&rule.from, own_hosts) {
                let host = place.split('/').next().filter(|host| !host.is_empty());
                ruled_hosts.extend(host.filter(|host| !hosts.iter().any(|known| known == host)).map(str::to_owned));
                rules.add(&place, rule);
            }
        }
        let first = |text: &str| text.split('/').find(|segment| !segment.is_empty()).unwrap_or_default().to_lowercase();
        let folders = literals.iter().map(String::as_str).chain(rules.literals()).map(first).collect();
        let paths = globs.build().unwrap_or_default();
        Self { paths, literals, rules, own_hosts: own_hosts.to_vec(), hosts, ruled_hosts, folders }
    }

    /// Whether the own site has any.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.rules.is_empty()
    }

    /// The redirect at `path` (with or without query and fragment) of the site.
    pub(super) fn on_site(&self, path: &str) -> Option<Redirect> {
        let decoded = decode(bare(path));
        let destination = self.destination(path);
        let declared = self.paths.is_match(&*decoded) || self.paths.is_match(trimmed(&decoded));
        (declared || destination.is_some()).then_some(Redirect { destination, declared })
    }

    /// The redirect that `reference`, without scheme, host and leading `/`, leads to from the page called `page`.
    ///
    /// A page `a/b.md` may be served as `/a/b`, as `/a/b.html` or as `/a/b/`: both folders are asked.
    pub(super) fn relative(&self, reference: &str, page: &str) -> Option<Redirect> {
        if !is_relative(reference) || self.is_empty() {
            return None;
        }
        let (folder, file) = page.rsplit_once('/').unwrap_or(("", page));
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let served = extension.to_ascii_lowercase();
        let own_folder = !served.starts_with("htm") && !matches!(stem, "index" | "_index" | "README");
        let inner = format!("{folder}/{stem}");
        let folders = [Some(folder), own_folder.then_some(inner.as_str())];
        folders.into_iter().flatten().find_map(|folder| self.on_site(&resolved(folder, reference)))
    }

    /// The redirect at `path` of host `host`; of a host that holds more than redirects, one that a list names.
    pub(super) fn on_host(&self, host: &str, path: &str) -> Option<Redirect> {
        let destination = self.destination(&format!("{host}{path}"));
        let declared = self.hosts.iter().any(|known| known == host);
        (declared || destination.is_some()).then_some(Redirect { destination, declared })
    }

    /// Strings of which one stands in every such link, on every page but those of [`Self::surround`]; an empty one where
    /// there is nothing to say.
    pub(super) fn needles(&self) -> impl Iterator<Item = String> {
        // what may also be written escaped says nothing about a page's bytes
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
        let longest = move |text: &str| {
            let pieces = text.split(|c| !plain(c));
            let longest = pieces.max_by_key(|piece| piece.len()).unwrap_or_default();
            // a link may be relative to its page
            longest.strip_prefix('/').unwrap_or(longest).to_lowercase()
        };
        let literals = self.literals.iter().map(String::as_str).chain(self.rules.literals());
        literals.chain(self.hosts.iter().map(String::as_str)).map(longest)
    }

    /// Whether a link on the page called `page` can lead to one of them by less than a needle, because the page stands in
    /// the same folder.
    pub(super) fn surround(&self, page: &str) -> bool {
        let stem = page.rsplit_once('.').map_or(page, |(stem, _)| stem).to_lowercase();
        !self.folders.is_empty() && stem.split('/').any(|segment| self.folders.contains(segment))
    }

    fn destination(&self, place: &str) -> Option<String> {
        self.rules.destination(place, |url| place_of(url, &self.own_hosts).filter(|place| place.starts_with('/')))
    }
}

/// The place of a path or an absolute URL: the host unless it is the own site's, path and query.
fn place_of(from: &str, own_hosts: &[String]) -> Option<String> {
    if from.starts_with('/') && !from.starts_with("//") {
        return Some(from.to_owned());
    }
    let split = Split::of(from)?;
    let mut buffer = [0; 253];
    let host = split.host_name(&mut buffer)?;
    let rest = split.rest();
    let slash = if rest.starts_with('/') { "" } else { "/" };
    let host = if own_hosts.iter().any(|own| own == host.as_str()) { "" } else { host.as_str() };
    Some(format!("{host}{slash}{rest}"))
}

fn is_relative(reference: &str) -> bool {
    let first = reference.split('/').next().unwrap_or_default();
    !reference.starts_with(['/', '\\', '?', '#']) && !reference.is_empty() && !first.contains(':')
}

/// `reference` seen from `folder` (RFC 3986, section 5.2.4), with a leading `/`.
fn resolved(folder: &str, reference: &str) -> String {
    let path = bare(reference);
    let behind = reference.get(path.len()..).unwrap_or_default();
    let folder = folder.replace('%', "%25");
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    segments.pop();
                }
                segments.extend(last.then_some(""));
            }
            part => segments.push(part),
        }
    }
    format!("/{}{behind}", segments.join("/"))
}

fn bare(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve_as_browsers_do() {
        for (folder, reference, want) in [
            ("", "go/amz", "/go/amz"),
            ("a/b", "../go/amz?x=../y#z", "/a/go/amz?x=../y#z"),
            ("a/b", "../../../go/./amz", "/go/amz"),
            ("a/b", "c/..", "/a/b/"),
            ("a/b", ".", "/a/b/"),
            ("100%", "x", "/100%25/x"),
        ] {
            assert_eq!(resolved(folder, reference), want, "{folder} {reference}");
        }
        for other in ["", "#top", "?q", "/x", "//x", "mailto:a@b.example", "https://x.example/"] {
            assert!(!is_relative(other), "{other}");
        }
    }
}
