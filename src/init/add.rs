//! `init --add`: what to write for one more merchant. Decides which networks are named and what has to be looked up.

use thiserror::Error;

use crate::init::programs::TO_FILL;
use crate::init::text::Text;
use crate::init::{look, merchants, yaml};
use crate::networks::window;

/// Why there is no block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Added {
    /// What was given names no merchant.
    #[error("`{0}` is no domain: write it like `shop.example`")]
    NoDomain(String),
    /// A host on which links of a network or a shortener stand, and no shop.
    #[error("`{host}` is {what}: name the merchant that its links lead to, like `shop.example`")]
    NoMerchant {
        /// The host.
        host: String,
        /// What it is.
        what: String,
    },
}

/// The block for the merchant on `domain`, a host or a URL, to be put below `programs:`. `ids` gives the value that the user's
/// configuration already has for an id of a network.
pub fn add(domain: &str, ids: &dyn Fn(&str, &str) -> Option<String>) -> Result<String, Added> {
    let given = domain.trim();
    let url = if given.contains("//") { given.to_owned() } else { format!("https://{given}") };
    let host = look::host(&url).ok_or_else(|| Added::NoDomain(crate::printable::printable(domain)))?;
    let host = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(&host).to_owned();
    // a pattern is none, whatever a URL's host may be made of
    if !host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-')) {
        return Err(Added::NoDomain(crate::printable::printable(domain)));
    }
    let carriers = merchants::carriers(&host);
    if let Some(what) = merchants::leads_on(&host).filter(|_| carriers.is_empty()) {
        return Err(Added::NoMerchant { host, what });
    }
    let name = merchants::name(&host).unwrap_or(&host);
    let mut text = Text::default();
    if carriers.is_empty() {
        text.prose(2, &format!("{}: the catalog knows no network that carries it. Its own pages say, often at their foot, under \"Affiliates\" or \"Partners\": with a network, copy a link from there; a scheme of its own is one of the other two. Keep one.", yaml::remark(name)));
        let block = merchants::label_of(&host);
        let domains = yaml::list([&host]);
        text.line(&format!("  {block}: {{network: awin, awinaffid: {TO_FILL}, awinmid: {TO_FILL}, domains: {domains}}}   # see `affilink networks`"));
        text.line(&format!("  # {block}: {{set: {{ref: {TO_FILL}}}, domains: {domains}}}"));
        text.line(&format!("  # {block}: {{template: \"https://track.example/c?u={{url}}\", domains: {domains}}}"));
        return Ok(text.finish());
    }
    let mut lead = "  ";
    for network in carriers {
        let mut block = merchants::block(&host, network);
        for (key, value, _) in &mut block.keys {
            if value.contains(TO_FILL)
                && let Some(known) = ids(network.id, key)
            {
                *value = yaml::scalar(&known);
            }
        }
        let days = network.cookie_days.filter(|days| *days > 0.0);
        let cookie = days.map_or_else(String::new, |days| format!(" A click counts for {}.", window(days)));
        if network.is_merchant() && ids(network.id, network.publisher.unwrap_or_default()).is_some() {
            let is_new = |key: &&(String, String, String)| key.1.contains(TO_FILL);
            let new: Vec<String> =
                block.keys.iter().filter(is_new).map(|(key, value, _)| format!("    {key}: {value}")).collect();
            let what = if new.is_empty() { "it serves this merchant, too" } else { "put this into it" };
            let already = format!("There is a program of {} already: {what}.{cookie}", network.name);
            text.prose(2, already.trim());
            for line in &new {
                text.line(line);
            }
            continue;
        }
        let look_up = merchants::to_look_up(&block, network);
        text.prose(2, format!("{} at {}.{cookie} {look_up}", yaml::remark(name), network.name).trim());
        text.line(&format!("{lead}{}", block.flow()));
        // one program is enough; the others are for who has joined elsewhere
        lead = "  # ";
    }
    Ok(text.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_for_any_merchant() {
        let none = |_: &str, _: &str| None;
        let known = |network: &str, id: &str| (network == "amazon" && id == "tag").then(|| "mysite-20".to_owned());
        let amazon = add("https://www.amazon.com/dp/B0", &known).expect("a block");
        assert!(amazon.contains("already: it serves this merchant, too") && !amazon.contains("network:"), "{amazon}");
        let german = add("amazon.de", &known).expect("a block");
        assert!(german.ends_with("    tags: {amazon.de: YOUR-ID}\n"), "{german}");
        let first = add("amazon.com", &none).expect("a block");
        assert!(first.contains("  amazon: {network: amazon, tag: YOUR-ID}\n"), "{first}");
        let unknown = add("www.shop.example", &none).expect("a block");
        assert!(unknown.contains("  shop: {") || unknown.contains("example: {"), "{unknown}");
        for carried in crate::networks::merchants() {
            let domain = carried.domains.first().copied().unwrap_or_default();
            let text = add(domain, &none).expect("a block");
            assert!(text.contains(&format!("network: {}", carried.network)), "{domain}: {text}");
        }
        for wrong in
            ["", "a b", "com", "https://", "a\n- b", "*.com", "*.shop.example", "amzn.to", "www.awin1.com", "bit.ly"]
        {
            assert!(add(wrong, &none).is_err(), "{wrong}");
        }
    }
}
