//! What the pages of a site say in all: counts by id, merchant and place, whatever the order pages came in. Decides what is
//! counted as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::generator::Mark;
use crate::init::layout::Exclusion;
use crate::init::look::{self, PageLook};
use crate::init::theme::Notice;
use crate::networks::{self, Network};
use crate::program::ProgramMap;

/// Something on a page that a configuration may speak of.
#[derive(Clone, Debug)]
pub enum Seen {
    /// A link that credits somebody.
    Id {
        /// The network.
        network: &'static Network,
        /// The store, for ids that each store has its own of; else empty.
        store: String,
        /// Whom it credits.
        publisher: String,
        /// Every id read.
        ids: BTreeMap<String, String>,
        /// The host it leads to in the end, where it says so.
        destination: Option<String>,
        /// The link itself.
        link: String,
    },
    /// A link that credits somebody and does not say whom.
    Opaque {
        /// The network.
        network: &'static Network,
    },
    /// A plain link to a merchant that some network carries.
    Plain {
        /// The merchant's host.
        host: String,
    },
    /// A value that is one of these.
    Value(Access),
    /// A link to a path of the site's own.
    OwnPath(String),
}

/// Where a value stands, as the configuration names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// `links.front_matter`
    FrontMatter(String),
    /// `links.shortcodes`: name and argument.
    Shortcode(String, String),
    /// `links.components`: name and attribute.
    Component(String, String),
    /// A key of front matter that no configuration can name.
    Unnamed(String),
}

/// A place on the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name relative to the looked-at folder, with `/`.
    pub file: String,
    /// 1-based.
    pub line: usize,
}

/// How often something was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many times.
    pub links: usize,
    /// On how many pages.
    pub pages: usize,
    /// Where first, by name and line.
    pub first: Option<Place>,
}

impl Tally {
    /// Counts one more at `line` of `page`. Pages come one after the other.
    fn add(&mut self, page: &str, line: usize, last: &mut Option<String>) {
        self.links += 1;
        if last.as_deref() != Some(page) {
            self.pages += 1;
            *last = Some(page.to_owned());
        }
        let place = Place { file: page.to_owned(), line };
        if self.first.as_ref().is_none_or(|first| place < *first) {
            self.first = Some(place);
        }
    }
}

/// A tally that knows which page it counted last.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// The figures.
    pub tally: Tally,
    last: Option<String>,
}

impl Count {
    fn add(&mut self, page: &str, line: usize) {
        self.tally.add(page, line, &mut self.last);
    }
}

/// Whom links credit: network, scope, publisher. The scope is a store or, for software that runs on merchants' own sites, the
/// merchant's host; else empty.
pub type IdKey = (&'static str, String, String);

/// What is known of the links that credit one id for one merchant.
#[derive(Clone, Debug, Default)]
pub struct Membership {
    /// How many.
    pub count: Count,
    /// Each id's values, with how often they stand there.
    pub ids: BTreeMap<String, BTreeMap<String, usize>>,
    /// The hosts they lead to.
    pub hosts: BTreeMap<String, usize>,
    /// One of them: the first by name and line.
    pub link: Option<(Place, String)>,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Site {
    /// The generators that files of the folder speak of, the likeliest first.
    pub marks: Vec<Mark>,
    /// The text of the first one's file.
    pub settings: String,
    /// The generator that pages were built with, as they say themselves.
    pub built_by: Option<&'static str>,
    /// How many pages were looked at.
    pub pages: usize,
    /// How many of them are HTML.
    pub html: usize,
    /// How many of them are MDX by their ending.
    pub mdx: usize,
    /// The names of all files that look like pages, in order.
    pub names: Vec<String>,
    /// Which of them are none.
    pub exclusion: Exclusion,
    /// Links by whom they credit.
    pub ids: BTreeMap<IdKey, Count>,
    /// The same by network, publisher and merchant id.
    pub memberships: BTreeMap<(&'static str, String, Option<String>), Membership>,
    /// The hosts that all of these lead to.
    pub credited: BTreeSet<String>,
    /// Links of networks that do not say whom they credit.
    pub opaque: BTreeMap<&'static str, Count>,
    /// Plain links by merchants' domains; of several that a merchant has, the first in the catalog.
    pub plain: BTreeMap<String, Count>,
    /// Plain links to merchants with an id for each store, by store.
    pub plain_stores: BTreeMap<String, Count>,
    /// Values that are merchants' links.
    pub values: BTreeMap<Access, Count>,
    /// Links to the site's own paths, by their first folder.
    pub own_paths: BTreeMap<String, Count>,
    /// Paths of the site, or globs for them, that lead to a merchant, with the file that says so.
    pub leads: BTreeMap<String, Place>,
    /// Paths that lead to another site, and where: whether it is a merchant's, later pages may say.
    pub waiting: Vec<(Vec<String>, String, Place)>,
    /// Files that redirects are configured in: how many lead to a merchant, of how many, and their paths.
    pub redirect_files: BTreeMap<String, (usize, usize, Vec<String>)>,
    /// Languages that HTML pages say they are in.
    pub languages: BTreeMap<String, usize>,
    /// Hosts of canonical addresses, with the scheme.
    pub canonicals: BTreeMap<String, usize>,
    /// Names of shortcodes and components that pages use.
    pub used: BTreeSet<String>,
    /// Where the theme tells readers of paid links.
    pub notices: Vec<Notice>,
    /// How many pages hold links to merchants or affiliate links ...
    pub selling: usize,
    /// ... and how many of those give a key of their front matter a value that is not false.
    pub flagged: BTreeMap<String, usize>,
    /// Pages that could not be looked at, and why.
    pub problems: Vec<String>,
    /// How many files were skipped because they are no text.
    pub skipped: usize,
}

impl Site {
    /// Whether a page uses the shortcode, include or component in `file`.
    pub fn is_used(&self, file: &str) -> bool {
        super::links::used_as(file, self).is_some()
    }

    /// Whether `url` is a merchant's or an affiliate link, as far as the pages that were counted say.
    pub fn is_merchant(&self, url: &str, map: &ProgramMap) -> bool {
        let above = |host: &str| host.match_indices('.').map(|(at, _)| at + 1).chain([0]).collect::<Vec<_>>();
        let credited = |host: &str| above(host).into_iter().any(|at| self.credited.contains(&host[at..]));
        map.look(url, "").is_some_and(|facts| facts.is_affiliate() || facts.destination.is_some())
            || look::host(url).is_some_and(|host| networks::merchants_on(&host).next().is_some() || credited(&host))
    }

    /// Takes what leads to a merchant of what leads anywhere. All pages were counted.
    pub fn settle(&mut self, map: &ProgramMap) {
        for (paths, url, place) in std::mem::take(&mut self.waiting) {
            if self.is_merchant(&url, map) {
                for path in paths {
                    self.leads.entry(path).or_insert_with(|| place.clone());
                }
            }
        }
    }

    /// Counts what a page says. Pages come in the order of their names.
    pub fn add(&mut self, look: PageLook) {
        let page = look.page.as_str();
        if look.seen.iter().any(|(seen, _)| !matches!(seen, Seen::OwnPath(_))) {
            self.selling += 1;
            for flag in look.flags {
                *self.flagged.entry(flag).or_default() += 1;
            }
        }
        for (seen, line) in look.seen {
            match seen {
                Seen::Id { network, store, publisher, ids, destination, link } => {
                    let destination = destination.map(|host| without_www(&host));
                    let scope = if network.is_software() { destination.clone().unwrap_or_default() } else { store };
                    self.ids.entry((network.id, scope, publisher.clone())).or_default().add(page, line);
                    // software knows merchants by their hosts alone, whatever else its links say
                    let merchant = if network.is_software() {
                        destination.clone()
                    } else {
                        network.merchant.and_then(|name| ids.get(name)).cloned()
                    };
                    let membership = self.memberships.entry((network.id, publisher, merchant)).or_default();
                    membership.count.add(page, line);
                    for (name, value) in ids {
                        *membership.ids.entry(name).or_default().entry(value).or_default() += 1;
                    }
                    if let Some(host) = destination {
                        if !self.credited.contains(&host) {
                            self.credited.insert(host.clone());
                        }
                        *membership.hosts.entry(host).or_default() += 1;
                    }
                    if membership.link.is_none() {
                        membership.link = Some((Place { file: page.to_owned(), line }, link));
                    }
                }
                Seen::Opaque { network } => self.opaque.entry(network.id).or_default().add(page, line),
                Seen::Plain { host } => {
                    let shop = networks::carriers(&host).first().and_then(|id| networks::find(id));
                    let shop = shop.filter(|network| network.is_merchant() && !network.custom_domains);
                    if let Some(store) =
                        shop.map(|shop| look::store(shop, Some(&host))).filter(|store| !store.is_empty())
                    {
                        self.plain_stores.entry(store).or_default().add(page, line);
                    }
                    let main = shop.and_then(|shop| shop.hosts.first()).map(|host| host.domain);
                    let known = || networks::merchants_on(&host).find_map(|merchant| merchant.domains.first().copied());
                    let domain = main.or_else(known).map_or_else(|| without_www(&host), str::to_owned);
                    self.plain.entry(domain).or_default().add(page, line);
                }
                Seen::Value(access) => self.values.entry(access).or_default().add(page, line),
                Seen::OwnPath(path) => {
                    if let Some(folder) = first_folder(&path) {
                        self.own_paths.entry(folder.to_owned()).or_default().add(page, line);
                    }
                }
            }
        }
        if let Some((url, line)) = look.leads {
            let own = look.permalink.unwrap_or_else(|| path_of(page));
            let place = Place { file: page.to_owned(), line };
            self.waiting.push((look.aliases.into_iter().chain([own]).collect(), url, place));
        }
        self.used.extend(look.used);
        if let Some(language) = look.language {
            *self.languages.entry(language).or_default() += 1;
        }
        if let Some(origin) = look.canonical.as_deref().and_then(origin) {
            *self.canonicals.entry(origin).or_default() += 1;
        }
        self.pages += 1;
        self.names.push(look.page);
    }
}

/// The path that a page is reached by where nothing else says so: its name without ending and `index`.
pub fn path_of(page: &str) -> String {
    let bare = page.rsplit_once('.').map_or(page, |(front, _)| front);
    let bare = bare.strip_suffix("/index").or_else(|| bare.strip_suffix("/_index")).unwrap_or(bare);
    let folders = ["content/", "src/content/", "src/pages/", "docs/", "source/", "src/"];
    let bare = folders.iter().find_map(|folder| bare.strip_prefix(folder)).unwrap_or(bare);
    let bare = bare.trim_start_matches('_');
    format!("/{bare}")
}

/// The first folder of `path`, which is `/folder/...`.
pub(super) fn first_folder(path: &str) -> Option<&str> {
    let (folder, rest) = path.strip_prefix('/')?.split_once('/')?;
    (!folder.is_empty() && !rest.trim_matches('/').is_empty()).then_some(folder)
}

fn without_www(host: &str) -> String {
    host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host).to_owned()
}

/// Scheme and host of `url`.
fn origin(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str().filter(|host| host.contains('.'))?;
    Some(format!("{}://{host}", url.scheme()))
}
