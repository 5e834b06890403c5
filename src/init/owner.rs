//! Whose ids a site's links carry. Decides which id may be proposed as the user's own: by counts alone, since nothing else is
//! evidence.

use std::collections::BTreeMap;

use crate::init::site::{Site, Tally};
use crate::networks::{self, Network};

/// The fewest uses of an id that is proposed as the user's own.
pub(super) const MIN_USES: usize = 3;
/// The least share it must have of the links that credit somebody there, in per cent.
pub(super) const MIN_SHARE: usize = 80;

/// The ids of one network in one place: in a store that has ids of its own, on one merchant's site for software that
/// merchants run, else anywhere.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// The network.
    pub(super) network: &'static Network,
    /// The store or the merchant's host; empty for anywhere.
    pub(super) scope: String,
    /// The id that most links carry.
    pub(super) leader: String,
    /// How often.
    pub(super) tally: Tally,
    /// How many links carry any id.
    pub(super) total: usize,
    /// Whether the leader may be proposed as own.
    pub(super) own: bool,
    /// The other ids, the most used first.
    pub(super) others: Vec<(String, Tally)>,
}

/// A verdict for each network and place with ids, in the catalog's order of networks, then by place.
pub(super) fn verdicts(site: &Site) -> Vec<Verdict> {
    let mut places: BTreeMap<(usize, &str), Vec<(&str, &Tally)>> = BTreeMap::new();
    for ((network, scope, publisher), count) in &site.ids {
        let Some(order) = networks::all().iter().position(|known| known.id == *network) else { continue };
        places.entry((order, scope)).or_default().push((publisher, &count.tally));
    }
    places.into_iter().filter_map(|((order, scope), ids)| verdict(networks::all().get(order)?, scope, ids)).collect()
}

fn verdict(network: &'static Network, scope: &str, mut ids: Vec<(&str, &Tally)>) -> Option<Verdict> {
    ids.sort_by(|(one, a), (other, b)| b.links.cmp(&a.links).then_with(|| one.cmp(other)));
    // examples that somebody forgot to replace are nobody's
    ids.sort_by_key(|(id, _)| network.is_placeholder(id));
    let counting = ids.iter().filter(|(id, _)| !network.is_placeholder(id));
    let total = counting.map(|(_, tally)| tally.links).sum();
    let (leader, tally) = *ids.first()?;
    let fits = network.publisher.and_then(|name| network.id_named(name)).is_some_and(|id| id.fits(leader));
    let enough = tally.links >= MIN_USES && tally.links * 100 >= MIN_SHARE * total;
    let others = ids.into_iter().skip(1).map(|(id, tally)| (id.to_owned(), tally.clone())).collect();
    Some(Verdict {
        network,
        scope: scope.to_owned(),
        leader: leader.to_owned(),
        tally: tally.clone(),
        total,
        own: enough && fits && !network.is_placeholder(leader),
        others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(ids: &[(&str, usize)]) -> Verdict {
        let tallies: Vec<_> = ids.iter().map(|&(id, links)| (id, Tally { links, pages: 1, first: None })).collect();
        let amazon = networks::find("amazon").expect("in the catalog");
        verdict(amazon, "amazon.com", tallies.iter().map(|(id, tally)| (*id, tally)).collect()).expect("ids")
    }

    #[test]
    fn three_uses_and_four_fifths_make_an_id_own() {
        for (ids, leader, own) in [
            (&[("a-20", 3)][..], "a-20", true),
            (&[("a-20", 2)], "a-20", false),
            (&[("a-20", 4), ("b-20", 1)], "a-20", true),
            (&[("b-20", 1), ("a-20", 4)], "a-20", true),
            (&[("a-20", 79), ("b-20", 21)], "a-20", false),
            (&[("a-20", 80), ("b-20", 20)], "a-20", true),
            (&[("b-20", 5), ("a-20", 5)], "a-20", false),
            (&[("yourtag-20", 50)], "yourtag-20", false),
            (&[("yourtag-20", 50), ("a-20", 3)], "a-20", true),
            (&[("a%20b", 50)], "a%20b", false),
        ] {
            let verdict = decide(ids);
            assert_eq!((verdict.leader.as_str(), verdict.own), (leader, own), "{ids:?}");
        }
    }
}
