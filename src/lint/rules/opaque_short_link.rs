//! A shortener hides where the link leads.
//!
//! ## Why
//!
//! Nobody can check the destination, the id or the merchant of a short link, neither your readers nor this tool; shorteners close
//! down and take their links with them; Amazon wants readers to see that they go to Amazon. The networks' own short links
//! (`amzn.to`, `ebay.us`, `tidd.ly`) are reported as `info`.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle](https://bit.ly/3abcdef)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Not reported
//!
//! A shortener's own front page; what Google's says itself, `goo.gl/maps/...`, `goo.gl/photos/...`, `goo.gl/forms/...`; the site's own
//! redirects, `links.redirects`; links in embedded or quoted posts, which their authors and X wrote and nobody else can change.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::outline::{Block, BlockKind};
use crate::document::{Link, LinkKind};
use crate::lint::text::tags;
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks::{self, Network};
use crate::program::Credit;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "opaque-short-link", level: Level::Warn, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("opaque_short_link.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    let mut posts = None;
    for (index, link) in page.document.links.iter().enumerate() {
        let url = page.facts.get(index).and_then(|facts| facts.url.as_ref());
        if url.is_some_and(|url| url.own_redirect) {
            continue;
        }
        let Some(host) = page.host(index).filter(|host| leads_on(page.address(index), host)) else { continue };
        let networks_own = || {
            let opaque = url.is_some_and(|url| url.credit == Credit::Unknown && url.destination.is_none());
            let short = |network: &Network| network.short_hosts.iter().any(|short| networks::stands_on(&host, short));
            let of_link = |network: &Network| {
                let mut layers = url.iter().flat_map(|url| &url.layers);
                network.opaque && layers.any(|layer| layer.network == network.id)
            };
            opaque && networks::all().iter().any(|network| short(network) || of_link(network))
        };
        let level = if networks::is_shortener(&host) {
            None
        } else if networks_own() {
            Some(Level::Info)
        } else {
            continue;
        };
        if is_embedded(page, link, posts.get_or_insert_with(|| links_to_posts(page))) {
            continue;
        }
        let message = format!("`{host}` hides where this link leads");
        let finding =
            Found::new(link.destination.span, message).help("link to the page itself; `affilink build` adds your id");
        found.push(Found { level, ..finding });
    }
}

/// Whether there is more to `url` than its host, and that does not say where it leads: a shortener's own front page hides
/// nothing.
fn leads_on(url: &str, host: &str) -> bool {
    const SERVICES: [&str; 4] = ["maps/", "photos/", "forms/", "app/maps/"];
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let Some((_, path)) = rest.split_once('/') else { return false };
    !(path.is_empty() || host == "goo.gl" && SERVICES.iter().any(|service| path.starts_with(service)))
}

/// The classes of embedded posts, as the embed codes of X, Bluesky, Mastodon, Instagram and `TikTok` have them.
const EMBEDS: [&str; 5] = ["twitter-tweet", "bluesky-embed", "mastodon-embed", "instagram-media", "tiktok-embed"];

/// Whether `link` stands in a post of somebody else: in a quote with the class of an embed code, or with a link to the post,
/// which [`links_to_posts`] has found at `posts`.
fn is_embedded(page: &Page<'_>, link: &Link, posts: &[usize]) -> bool {
    let Some(outline) = &page.document.outline else { return false };
    let is_post = |block: &Block| {
        let tag = || tags(block.span.of(page.text)).next().unwrap_or_default();
        let next = || posts.get(posts.partition_point(|&post| post < block.span.start));
        let holds_post = || next().is_some_and(|&post| post < block.span.end);
        block.kind == BlockKind::Quote
            && (link.kind == LinkKind::Html && EMBEDS.iter().any(|class| tag().contains(class)) || holds_post())
    };
    let block = outline.block_at(link.element.start);
    outline.is_within(block, |kind| kind == BlockKind::Quote) && outline.around(block).any(is_post)
}

/// Where links to posts on X stand, in order, as its embed codes have them under a post: to the post itself, or with the
/// mark of an embed code in the query.
fn links_to_posts(page: &Page<'_>) -> Vec<usize> {
    let is_post = |index: usize| {
        let url = page.address(index);
        let on_x = || page.host(index).is_some_and(|host| POSTS.iter().any(|post| networks::stands_on(&host, post)));
        url.contains("ref_src=twsrc") || (url.contains("/status/") && on_x())
    };
    let links = page.document.links.iter().enumerate().filter(|(index, _)| is_post(*index));
    let mut found: Vec<usize> = links.map(|(_, link)| link.element.start).collect();
    found.sort_unstable();
    found
}

/// Where posts on X have their pages.
const POSTS: [&str; 2] = ["twitter.com", "x.com"];
