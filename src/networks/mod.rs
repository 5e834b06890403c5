//! The catalog: how each network's links are formed and recognised. Data, and nothing but data.
//!
//! `catalog.yaml` is read when the crate is built; what a template means is [`template`]'s.

pub mod destination;
mod merchants;
pub mod query;
pub mod template;

pub use self::merchants::{Merchant, carriers, is_shortener, merchants, merchants_on};

/// One network of the catalog.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the catalog")]
pub struct Network {
    /// Its catalog id, as `network:` names it.
    pub id: &'static str,
    /// Its name, as people write it.
    pub name: &'static str,
    /// How its links are formed.
    pub kind: Kind,
    /// The merchant's own hosts for [`Kind::Append`] and [`Kind::HostSwap`] (the first is the one that ids without
    /// a store are for), the tracking hosts otherwise.
    pub hosts: &'static [Host],
    /// Whether [`Self::hosts`] are the merchant's own.
    pub shop: bool,
    /// Whether its merchants have shops on domains of their own as well.
    pub custom_domains: bool,
    /// Whether its links are no affiliate links: somebody is named, and nobody is paid.
    pub credits_nobody: bool,
    /// Hosts below [`Self::hosts`] that are no shop: a host, or `label.*` for that label before any of them.
    pub host_exclude: &'static [&'static str],
    /// Paths that are no shop: exact, with `*` inside a segment, or a whole tree (`/gp/help/**`).
    pub path_exclude: &'static [&'static str],
    /// Hosts whose links say neither whom they credit nor where they lead.
    pub short_hosts: &'static [&'static str],
    /// Strings of which one stands in every link that is recognised whatever its host (`rfsn=`).
    pub markers: &'static [&'static str],
    /// Whether whatever stands on its tracking hosts and fits no form is an affiliate link all the same.
    pub opaque: bool,
    /// The id that says whom a link credits.
    pub publisher: Option<&'static str>,
    /// The id that says which merchant.
    pub merchant: Option<&'static str>,
    /// The ids that a program gives.
    pub ids: &'static [Id],
    /// Other captures of the forms.
    pub fields: &'static [(&'static str, Chars)],
    /// The forms of its links; the first that can be written with a program's ids is.
    pub forms: &'static [Form],
    /// What it demands of sub-IDs; `None` where its links have no place for one.
    pub subid: Option<Subid>,
    /// Publisher ids that are nobody's (the merchant's own advertising), with `*` and `?`.
    pub nobody: &'static [&'static str],
    /// Publisher ids that documentation and plug-ins use as examples.
    pub placeholders: &'static [&'static str],
    /// Parameters of the merchant's URLs that do not change what the page shows, with `*`.
    pub noise: &'static [&'static str],
    /// Parameters of the merchant's URLs that choose what the page shows.
    pub keep: &'static [&'static str],
    /// Click ids that it leaves on the merchant's URL.
    pub landing: &'static [&'static str],
    /// The sentence that it wants on the site, by language.
    pub statements: &'static [(&'static str, &'static str)],
    /// Whether it forbids links that hide where they lead.
    pub no_cloaking: bool,
    /// Whether it looks at the referrer.
    pub checks_referrer: bool,
    /// How long a click counts, in days; `None` where unknown or set by each merchant.
    pub cookie_days: Option<f64>,
    /// What is needed to form a link.
    pub constructible: Constructible,
    /// How well the entry is known.
    pub confidence: Confidence,
    /// Where it was read.
    pub source: &'static str,
}

/// How a network's links are formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Parameters on the merchant's own URL.
    Append,
    /// The destination in a query parameter.
    Redirect,
    /// Ids, and perhaps the destination, in the path.
    Path,
    /// The merchant's host is replaced, the path stays.
    HostSwap,
    /// A minted token.
    Opaque,
}

/// What is needed to form a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constructible {
    /// The program's ids.
    FromIds,
    /// A link copied from the network.
    FromBaseLink,
    /// Nothing will do: each link leads to one fixed page.
    NotDeeplinkable,
    /// The form is read, and no longer written.
    Retired,
}

/// How well a catalog entry is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// Read in the vendor's own documentation.
    Verified,
    /// Read in several independent links or filter lists.
    Wild,
    /// Third-party prose, or one code base.
    Secondary,
    /// Commonly known; nothing read that proves it.
    WellKnownNotFound,
}

/// A host of a network, which stands for its subdomains as well.
#[derive(Debug, PartialEq, Eq)]
pub struct Host {
    /// Lower case, without a trailing dot.
    pub domain: &'static str,
    /// Whether subdomains are left out.
    pub exact: bool,
    /// Whether the store has closed: its links are read, and none are made.
    pub closed: bool,
    /// Captures that this store decides: eBay's `mkrid`.
    pub values: &'static [(&'static str, &'static str)],
}

/// An id that a program gives.
#[derive(Debug)]
pub struct Id {
    /// The network's own name for it.
    pub name: &'static str,
    /// Which characters it may hold.
    pub chars: Chars,
    /// How long one's own must be, where that is known.
    pub len: Option<u16>,
    /// Whether no link can do without it.
    pub required: bool,
    /// Whether each store has its own.
    pub per_store: bool,
}

impl Id {
    /// Whether `value` can be such an id.
    pub fn fits(&self, value: &str) -> bool {
        self.chars.fits(value) && self.len.is_none_or(|len| usize::from(len) == value.len())
    }
}

/// One form of a network's links.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the catalog")]
pub struct Form {
    /// In the language of [`template`].
    pub template: &'static str,
    /// The path that stays when the ids are taken out of one, in the same language.
    pub clean: Option<&'static str>,
    /// Hosts of this form alone, with `=` for no subdomains; empty for those of the network.
    pub hosts: &'static [&'static str],
    /// The label that stands before the network's host.
    pub label: Option<&'static str>,
    /// Whether the form is read, and never written.
    pub read_only: bool,
    /// Whether such a link does not say whom it credits, to anybody but its owner.
    pub opaque: bool,
    /// Whether such links are the merchant's own advertising, and credit nobody but whose own id stands in them.
    pub advertising: bool,
    /// Whether the form is read on any host, where one of the network's markers stands in the link. True of every form
    /// of a network without hosts.
    pub anywhere: bool,
    /// Whether the template's path is the last segment alone, whatever stands before it.
    pub last_segment: bool,
    /// How its parameters are packed, where they are.
    pub unpack: Option<Unpack>,
    /// What is read from the destination before the link can be written, in the same language: an ISBN.
    pub of: Option<&'static str>,
    /// Where the link leads, in the same language, where it says so only by its captures.
    pub leads: Option<&'static str>,
    /// The captures that together say whom it credits; empty for the network's publisher id.
    pub key: &'static [&'static str],
    /// Parameters that belong to such a link and go when it goes.
    pub drop: &'static [&'static str],
    /// The merchant's host, and the host that takes its place.
    pub swap: Option<(&'static str, &'static str)>,
}

/// How parameters stand in a link that are not written `name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unpack {
    /// `name(value)`.
    Parens,
    /// The members of a JSON object, in Base64, as the value of this parameter.
    Base64Json(&'static str),
}

/// What a network demands of sub-IDs.
#[derive(Clone, Copy, Debug)]
pub struct Subid {
    /// The most characters; `None` where unknown.
    pub max_len: Option<usize>,
    /// Which characters.
    pub charset: Charset,
    /// Whether they need the network's approval.
    pub needs_approval: bool,
}

/// A set of ASCII characters and how many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chars {
    /// One bit for each ASCII character.
    pub set: u128,
    /// The fewest.
    pub min: u16,
    /// The most.
    pub max: u16,
    /// A character that must stand between others: the `X` of `12X34`.
    pub inside: Option<u8>,
}

impl Chars {
    /// Whatever a path segment or a parameter's value may hold unescaped.
    pub const ANY: Self = Self {
        set: Self::graphic() & !(1 << b'/' | 1 << b'?' | 1 << b'#' | 1 << b'&'),
        min: 1,
        max: 1024,
        inside: None,
    };

    /// Whether `byte` is one of them.
    pub fn allows(self, byte: u8) -> bool {
        byte.is_ascii() && self.set >> byte & 1 == 1
    }

    /// Whether `value` holds nothing else, and no more or fewer than it may.
    pub fn fits(self, value: &str) -> bool {
        let between = || value.as_bytes().get(1..value.len().saturating_sub(1)).unwrap_or_default();
        (usize::from(self.min)..=usize::from(self.max)).contains(&value.len())
            && value.bytes().all(|byte| self.allows(byte))
            && self.inside.is_none_or(|byte| between().contains(&byte))
    }

    const fn graphic() -> u128 {
        let (all, low) = (u128::MAX, (1 << 33) - 1);
        all & !low & !(1 << 127)
    }
}

/// Which characters a sub-ID may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// Unknown: letters, digits, `-` and `_` are taken.
    Unknown,
    /// Letters and digits.
    Alphanumeric,
    /// Lower-case letters, digits and `_`.
    LowerAlphanumericUnderscore,
    /// Letters, digits, `-` and `_`.
    Word,
}

impl Charset {
    /// Whether `character` may stand in such a sub-ID.
    pub fn allows(self, character: char) -> bool {
        match self {
            Self::Alphanumeric => character.is_ascii_alphanumeric(),
            Self::LowerAlphanumericUnderscore => {
                character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_'
            }
            Self::Unknown | Self::Word => character.is_ascii_alphanumeric() || matches!(character, '-' | '_'),
        }
    }
}

impl Network {
    /// The id that programs give under `name`.
    pub fn id_named(&self, name: &str) -> Option<&'static Id> {
        self.ids.iter().find(|id| id.name == name)
    }

    /// What a capture of its forms may hold.
    pub fn chars_of(&self, capture: &str) -> Option<Chars> {
        let field = || self.fields.iter().find(|(name, _)| *name == capture).map(|(_, chars)| *chars);
        self.id_named(capture).map(|id| id.chars).or_else(field)
    }

    /// Whether the merchant's own URLs are among its hosts, so that a program needs no `domains`.
    pub fn is_merchant(&self) -> bool {
        self.shop
    }

    /// Whether its links are parameters on the URLs of merchants whose hosts it does not say.
    pub fn is_software(&self) -> bool {
        self.kind == Kind::Append && (!self.shop || self.custom_domains)
    }

    /// Whether `host` (lower case) is one of the merchant's open stores or stands below one, and is a shop; or may be a
    /// shop on a domain of its own.
    pub fn has_shop(&self, host: &str) -> bool {
        let on_hosts = |store: &Host| stands_on(host, store.domain);
        self.custom_domains && !self.hosts.iter().any(on_hosts) || self.has_store(host)
    }

    fn has_store(&self, host: &str) -> bool {
        self.hosts.iter().filter(|store| !store.closed).any(|store| {
            let front = host.strip_suffix(store.domain);
            let below = front.is_some_and(|front| front.is_empty() || !store.exact && front.ends_with('.'));
            below && !self.excludes_host(host, store.domain)
        })
    }

    /// The captures that stores decide of which `store` does not say the value: eBay's `siteid` in some marketplaces.
    ///
    /// Whatever such a parameter holds there is another store's, or nobody knows whose.
    pub fn undecided(&self, store: &Host) -> impl Iterator<Item = &'static str> {
        let known = |name: &str| store.values.iter().any(|(decided, _)| *decided == name);
        let mut names: Vec<_> = self.hosts.iter().flat_map(|host| host.values).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !known(name));
        names.into_iter()
    }

    /// Whether `value` of capture `name` is one that a store decides for itself alone.
    pub fn is_decided(&self, name: &str, value: &str) -> bool {
        self.hosts.iter().flat_map(|host| host.values).any(|decided| *decided == (name, value))
    }

    /// Whether publisher id `value` is nobody's: the merchant's own advertising.
    pub fn is_nobody(&self, value: &str) -> bool {
        self.nobody.iter().any(|pattern| wildcard(pattern, value))
    }

    /// Whether publisher id `value` is an example that somebody forgot to replace.
    pub fn is_placeholder(&self, value: &str) -> bool {
        self.placeholders.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(value)) || is_example(value)
    }

    /// Whether `path` (percent-decoded, dot segments resolved) of the merchant's URL is no page of its shop; a slash at
    /// its end makes no difference.
    pub fn excludes_path(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.path_exclude.iter().any(|pattern| match pattern.strip_suffix("/**") {
            Some(tree) => path.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            None => wildcard(pattern, path),
        })
    }

    /// Whether `host` (lower case), found below `domain` of [`Self::hosts`], is no shop.
    pub fn excludes_host(&self, host: &str, domain: &str) -> bool {
        let front = host.strip_suffix(domain).map(|front| front.trim_end_matches('.'));
        self.host_exclude.iter().any(|pattern| match pattern.strip_suffix(".*") {
            Some(label) => front.is_some_and(|front| stands_on(front, label)),
            None => stands_on(host, pattern),
        })
    }
}

/// Whether `id` is what people write where an id is to come.
pub fn is_example(id: &str) -> bool {
    let lower = id.to_ascii_lowercase().replace(['_', ' '], "-");
    // Amazon's ids end in a number for the store
    let name = lower.rsplit_once('-').filter(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(lower.as_str(), |(name, _)| name);
    let marked = [
        "todo",
        "fixme",
        "changeme",
        "change-me",
        "placeholder",
        "affiliate-id",
        "affiliateid",
        "my-affiliate-id",
        "example",
        "insert-id",
        "id-here",
        "tbd",
    ];
    let filled = name.len() > 2 && name.bytes().all(|byte| byte == b'x');
    filled
        || name.strip_prefix("your").is_some_and(is_all_of_an_id)
        || marked.iter().any(|word| lower == *word || lower.starts_with(&format!("{word}-")))
}

/// Whether `words`, with or without hyphens between them, are a name of an id, or of what has one, and nothing else:
/// `-amazon-tag`, `associateid`.
fn is_all_of_an_id(words: &str) -> bool {
    const WORDS: [&str; 22] = [
        "affiliate",
        "amazon",
        "associates",
        "associate",
        "blog",
        "campaign",
        "code",
        "goes",
        "here",
        "id",
        "name",
        "partner",
        "publisher",
        "referral",
        "ref",
        "site",
        "store",
        "tag",
        "tracking",
        "user",
        "website",
        "account",
    ];
    let mut rest = words.trim_start_matches('-');
    while let Some(behind) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = behind.trim_start_matches('-');
    }
    rest.is_empty() && !words.is_empty()
}

/// How long a click counts, so many days, in words; in hours where it is less than one day.
pub fn window(days: f64) -> String {
    match days {
        1.0 => "1 day".to_owned(),
        days if days < 1.0 => format!("{} hours", days * 24.0),
        days => format!("{days} days"),
    }
}

/// Every network of the catalog, in its order.
pub fn all() -> &'static [Network] {
    NETWORKS
}

/// Redirectors that credit nobody: search engines, social networks, chats. Their ids are no networks'.
pub fn redirectors() -> &'static [Network] {
    REDIRECTORS
}

/// Whether `host` is `domain` or lies below it, in whole labels; both in lower case.
pub fn stands_on(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// The network with catalog id `id`.
pub fn find(id: &str) -> Option<&'static Network> {
    NETWORKS.iter().find(|network| network.id == id)
}

/// Whether `text` is what `pattern` describes: `*` for any characters, `?` for one; ASCII case does not matter.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte.eq_ignore_ascii_case(&text[t]) => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
