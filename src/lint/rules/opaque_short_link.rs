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
//! A shortener's own front page; the site's own redirects, `links.redirects`; links in embedded posts, which their authors and X wrote and
//! nobody else can change.

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
    for (index, link) in page.document.links.iter().enumerate() {
        let url = page.facts.get(index).and_then(|facts| facts.url.as_ref());
        if url.is_some_and(|url| url.own_redirect) {
            continue;
        }
        let Some(host) = page.host(index).filter(|_| leads_on(page.address(index))) else { continue };
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
        if link.kind == LinkKind::Html && is_embedded(page, link) {
            continue;
        }
        let message = format!("`{host}` hides where this link leads");
        let finding =
            Found::new(link.destination.span, message).help("link to the page itself; `affilink build` adds your id");
        found.push(Found { level, ..finding });
    }
}

/// Whether there is more to `url` than its host: a shortener's own front page hides nothing.
fn leads_on(url: &str) -> bool {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    rest.split_once('/').is_some_and(|(_, path)| !path.is_empty())
}

/// The classes of embedded posts, as the embed codes of X, Bluesky, Mastodon, Instagram and `TikTok` have them.
const EMBEDS: [&str; 5] = ["twitter-tweet", "bluesky-embed", "mastodon-embed", "instagram-media", "tiktok-embed"];

/// Whether `link` stands in an embedded post of somebody else.
fn is_embedded(page: &Page<'_>, link: &Link) -> bool {
    let Some(outline) = &page.document.outline else { return false };
    let is_post = |block: &Block| {
        let tag = || tags(block.span.of(page.text)).next().unwrap_or_default();
        block.kind == BlockKind::Quote && EMBEDS.iter().any(|class| tag().contains(class))
    };
    let block = outline.block_at(link.element.start);
    outline.is_within(block, |kind| kind == BlockKind::Quote) && outline.around(block).any(is_post)
}
