//! The user's products: what they are called, where they can be bought, and where on a page their names stand. Decides
//! what is a mention of which product; not whether it may become a link.

mod edge;
mod flow;
mod fold;
mod formula;
mod map;
mod needles;
mod search;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use globset::GlobSet;
use percent_encoding::percent_decode_str;

pub use self::flow::Flow;
pub use self::map::{Found, Mention, ProductMap, TooMany};
pub use self::needles::{Needles, fold};

/// A product, as the configuration gives it, already checked.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// What else it is called.
    pub aliases: Vec<String>,
    /// Where it can be bought, the best place first.
    pub urls: Vec<ProductUrl>,
    /// How upper and lower case must agree.
    pub case: Case,
    /// Words of which one must stand on the page; empty for every page.
    pub context: Vec<String>,
    /// Phrases that hold a name and mean something else.
    pub not: Vec<String>,
    /// The pages it may be linked on; `None` for every page.
    pub pages: Option<Arc<GlobSet>>,
    /// The most links to it on a page, where it has a limit of its own.
    pub per_page: Option<usize>,
}

/// Where a product can be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductUrl {
    /// The language of the pages that it is for, such as `de` or `pt-BR`; `None` for all.
    pub language: Option<String>,
    /// The URL.
    pub url: String,
}

/// How upper and lower case of a name and of a text must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// A name in lower case stands for any case; any other for itself and for itself in capitals.
    #[default]
    Smart,
    /// As the name is written.
    Exact,
    /// In any case.
    Ignore,
}

impl Product {
    /// Its name and what else it is called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    /// Its URLs for a page in `language`, the best first: those for the very tag, for its language, for all, the others.
    pub fn urls_for(&self, language: Option<&str>) -> Vec<&str> {
        let rank = |url: &ProductUrl| match (&url.language, language) {
            (Some(own), Some(page)) if own.eq_ignore_ascii_case(page) => 0,
            (Some(own), Some(page)) if primary(own).eq_ignore_ascii_case(primary(page)) => 1,
            (None, _) => 2,
            _ => 3,
        };
        let mut urls: Vec<_> = self.urls.iter().collect();
        urls.sort_by_key(|url| rank(url));
        urls.into_iter().map(|url| url.url.as_str()).collect()
    }
}

/// `name` in a spelling in which two names are the same that could not be told apart in a text, were it not for case.
pub fn key(name: &str) -> String {
    fold::coarse_text(&fold::plain_text(name))
}

/// What tells the product that `url` leads to from others: without scheme, `www.`, fragment and parameters that only
/// count visits; of Amazon and eBay the number of the article, in whatever store. How its characters are encoded makes no
/// difference.
pub fn identity(url: &str) -> String {
    let url = percent_decode_str(url).decode_utf8_lossy();
    let rest = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    let rest = rest.trim_start_matches("//").split('#').next().unwrap_or_default();
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.to_ascii_lowercase();
    let host = ["www.", "smile.", "m."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host);
    let shop = host.split('.').next().unwrap_or_default();
    if let Some(number) = article_number(shop, path) {
        return format!("{shop}/{number}");
    }
    let mut identity = format!("{host}/{}", path.trim_end_matches('/'));
    let named = query.split('&').filter(|pair| !pair.is_empty() && !is_noise(pair));
    for (index, pair) in named.enumerate() {
        identity.push(if index == 0 { '?' } else { '&' });
        identity.push_str(pair);
    }
    identity
}

/// The number by which a shop with stores in many countries knows an article.
fn article_number<'p>(shop: &str, path: &'p str) -> Option<&'p str> {
    let mut parts = path.split('/');
    let is_number = |part: &&str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match shop {
        "amazon" => {
            parts.find(|part| matches!(*part, "dp" | "product" | "ASIN" | "d"))?;
            parts.next().filter(is_number)
        }
        "ebay" => {
            parts.find(|part| *part == "itm")?;
            // the title may stand between
            parts.rfind(is_number)
        }
        _ => None,
    }
}

/// Whether a parameter says where a visitor comes from and nothing of what is shown.
fn is_noise(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || matches!(name.as_str(), "gclid" | "fbclid" | "msclkid" | "mc_cid" | "mc_eid" | "ref")
}

/// The language of a tag, without script and region.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
