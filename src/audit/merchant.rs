//! Which merchant a link leads to. Decides by what counts as knowing that a host is a shop: nothing is guessed without
//! saying from what.

use rustc_hash::FxHashMap;

use crate::networks::{self, Network, stands_on};
use crate::program::url::{Split, shown_host};
use crate::program::{Credit, ProgramMap, UrlFacts};
use crate::survey::{LinkFacts, Reach};

/// A merchant, and how it is known that there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// Its domain: as the program or the catalog has it, else the host without `www.`.
    pub domain: String,
    /// How it is known.
    pub evidence: Evidence,
}

/// What says that a host is a shop, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// One of the user's programs is for it.
    Program,
    /// The catalog knows it.
    Catalog,
    /// An affiliate link leads there.
    Credited,
    /// The address looks like a shop's, by this part of it.
    Address(&'static str),
}

impl Evidence {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Catalog => "catalog",
            Self::Credited => "affiliate link",
            Self::Address(_) => "address",
        }
    }
}

/// Segments of paths that shops put before a product.
const SEGMENTS: [(&str, &str); 6] = [
    ("product", "/product/"),
    ("products", "/products/"),
    ("shop", "/shop/"),
    ("store", "/store/"),
    ("cart", "/cart/"),
    ("checkout", "/checkout/"),
];
/// First labels of shops' hosts.
const LABELS: [(&str, &str); 2] = [("shop", "shop."), ("store", "store.")];

/// What the catalog knows of hosts, each of which is looked for in it once.
#[derive(Debug, Default)]
pub struct Hosts(FxHashMap<String, Known>);

/// What the catalog knows of a host.
#[derive(Debug)]
struct Known {
    /// The domain above it.
    domain: Option<String>,
    /// Whether a network carries its merchant.
    carried: bool,
    /// The networks whose own shop it is.
    shops: Vec<&'static Network>,
}

impl Hosts {
    fn get(&mut self, host: &str) -> &Known {
        self.0.entry(host.to_owned()).or_insert_with(|| Known {
            domain: catalog_domain(host),
            carried: !networks::carriers(host).is_empty(),
            shops: { networks::all().iter() }
                .filter(|network| network.is_merchant() && network.has_shop(host))
                .collect(),
        })
    }
}

/// The merchant that a link with these `facts` leads to, on a site whose host is `site`; `None` where nothing says that there
/// is one. `hosts` keep what the catalog knows for the next link.
pub fn of_link(facts: &LinkFacts, map: &ProgramMap, site: Option<&str>, hosts: &mut Hosts) -> Option<Merchant> {
    let url = facts.url.as_ref();
    let programs = url.and_then(program).and_then(|program| map.programs().get(program));
    let destination = match url {
        Some(url) if url.is_affiliate() || url.destination.is_some() => url.destination.as_deref(),
        _ => Some(facts.address.url.as_str()),
    };
    let Some(destination) = destination else {
        // the program says it where the link does not, if it is for one merchant alone
        let domain = programs.filter(|program| program.domains.len() == 1)?.domains.first()?;
        return Some(Merchant { domain: domain.clone(), evidence: Evidence::Program });
    };
    if Reach::of(destination, site) != Reach::External {
        return None;
    }
    let host = shown_host(destination);
    let in_catalog = hosts.get(&host);
    let listed = programs.and_then(|program| program.domains.iter().find(|domain| stands_on(&host, domain)));
    let known = listed.or(in_catalog.domain.as_ref()).unwrap_or(&host).clone();
    let evidence = if programs.is_some() {
        Evidence::Program
    } else if !url.is_some_and(UrlFacts::is_affiliate) && is_no_shop(destination, &host, &in_catalog.shops) {
        return None;
    } else if in_catalog.carried {
        Evidence::Catalog
    } else if url.is_some_and(UrlFacts::is_affiliate) {
        Evidence::Credited
    } else {
        Evidence::Address(shop_sign(destination)?)
    };
    Some(Merchant { domain: known, evidence })
}

/// Whether the page at `url`, on the `host` of `shops`, is none of theirs: help, the law, an account.
fn is_no_shop(url: &str, host: &str, shops: &[&Network]) -> bool {
    let Some(split) = Split::of(url).filter(|_| !shops.is_empty()) else { return false };
    let path = split.path_resolved();
    shops.iter().any(|network| {
        network.excludes_path(&path) || network.hosts.iter().any(|store| network.excludes_host(host, store.domain))
    })
}

/// The program that a link is, or could be, one of.
fn program(url: &UrlFacts) -> Option<usize> {
    match url.credit {
        Credit::Own(program) => Some(program),
        _ => url.candidates.first().map(|candidate| candidate.program),
    }
}

/// The catalog's domain above `host`.
fn catalog_domain(host: &str) -> Option<String> {
    let shops = networks::all().iter().filter(|network| network.shop).flat_map(|network| network.hosts);
    let shops = shops.map(|host| host.domain);
    let carried = networks::merchants_on(host).flat_map(|merchant| merchant.domains.iter().copied());
    shops.chain(carried).find(|domain| stands_on(host, domain)).map(str::to_owned)
}

/// The part of an address that shops' addresses have.
fn shop_sign(url: &str) -> Option<&'static str> {
    let split = Split::of(url)?;
    let host = shown_host(url);
    let mut labels = host.split('.');
    let first = labels.next().unwrap_or_default();
    if labels.count() >= 2
        && let Some((_, sign)) = LABELS.iter().find(|(label, _)| *label == first)
    {
        return Some(sign);
    }
    let path = split.path_resolved();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    // shops have them first, or behind a language or country
    let is_region = |segment: &&str| matches!(segment.len(), 2 | 5) && !segment.contains(|c: char| c.is_ascii_digit());
    let rest = if segments.first().is_some_and(is_region) { segments.get(1..) } else { Some(&segments[..]) };
    let [first, _page, ..] = rest? else { return None };
    SEGMENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(first)).map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_shops_look_like_shops() {
        for (url, sign) in [
            ("https://kettles.example/products/red", Some("/products/")),
            ("https://kettles.example/de/Shop/kettles/red?x=1", Some("/shop/")),
            ("https://kettles.example/en-GB/store/red", Some("/store/")),
            ("https://code.example/somebody/store/issues", None),
            ("//store.kettles.example/", Some("store.")),
            ("https://kettles.example/product", None),
            ("https://shop.example/", None),
            ("https://kettles.example/productivity/a", None),
            ("https://kettles.example/a?next=/products/x", None),
            ("mailto:shop.a@kettles.example", None),
        ] {
            assert_eq!(shop_sign(url), sign, "{url}");
        }
    }
}
