//! Who is carried by whom. Data of the catalog, by domain; decides nothing about links.

#[cfg(doc)]
use super::Network;
use super::{Confidence, stands_on};

/// A merchant, and a network that carries it.
#[derive(Debug)]
pub struct Merchant {
    /// Its name, as people write it.
    pub name: &'static str,
    /// Its domains, which stand for their subdomains as well.
    pub domains: &'static [&'static str],
    /// The catalog id of the network.
    pub network: &'static str,
    /// What the network calls the merchant: the value of [`Network::merchant`].
    pub id: Option<&'static str>,
    /// The host that its links stand on, where it is the merchant's alone.
    pub host: Option<&'static str>,
    /// How long a click counts, in days; `None` where unknown.
    pub cookie_days: Option<f64>,
    /// How well this is known.
    pub confidence: Confidence,
    /// Where it was read.
    pub source: &'static str,
}

/// Every merchant that is known to be carried by a network whose hosts are not its own.
pub fn merchants() -> &'static [Merchant] {
    super::MERCHANTS
}

/// The merchants among [`merchants`] that have a shop on `host` (lower case), by whole labels; one for each network.
pub fn merchants_on(host: &str) -> impl Iterator<Item = &'static Merchant> {
    super::MERCHANTS.iter().filter(move |merchant| merchant.domains.iter().any(|domain| stands_on(host, domain)))
}

/// The catalog ids of the networks that are known to carry the merchant on `host` (lower case), its own scheme first.
pub fn carriers(host: &str) -> Vec<&'static str> {
    let own =
        super::NETWORKS.iter().filter(|network| network.shop && !network.credits_nobody && network.has_store(host));
    let mut ids: Vec<_> = own.map(|network| network.id).collect();
    for merchant in merchants_on(host) {
        if !ids.contains(&merchant.network) {
            ids.push(merchant.network);
        }
    }
    ids
}

/// Whether `host` (lower case) is a shortener's that anybody may use, so that nobody knows where its links lead.
pub fn is_shortener(host: &str) -> bool {
    super::SHORTENERS.iter().any(|domain| stands_on(host, domain))
}
