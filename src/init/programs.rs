//! Programs for the ids that a site's links carry. Decides which ids and domains belong to one program, and what is only
//! proposed in a comment.

use std::collections::BTreeSet;

use crate::init::owner::Verdict;
use crate::init::site::{Membership, Site, Tally};
use crate::init::text::counted;
use crate::init::yaml;
use crate::init::{Proof, TOO_MANY};
use crate::networks::template::{Dialect, Template};
use crate::networks::{self, Constructible, Network};
use crate::program::url::{Change, Place, Split, apply, edit_params};

/// A program, or what may become one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// Its name in `programs`.
    pub(super) name: String,
    /// What was seen.
    pub(super) why: Vec<String>,
    /// Its keys and values, each as YAML, with what stands behind it as a comment.
    pub(super) keys: Vec<(String, String, String)>,
    /// Keys that stay comments.
    pub(super) hints: Vec<String>,
}

impl Block {
    /// The block as it is written, below `programs:`.
    pub(super) fn flow(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(|(key, value, _)| format!("{key}: {value}")).collect();
        format!("{}: {{{}}}", self.name, keys.join(", "))
    }
}

/// What is proposed.
#[derive(Debug, Default)]
pub(super) struct Programs {
    /// The user's, as far as counts can tell.
    pub(super) own: Vec<Block>,
    /// Perhaps the user's.
    pub(super) maybe: Vec<Block>,
    /// Somebody else's ids: network, place, id, count.
    pub(super) foreign: Vec<(&'static Network, String, String, Tally)>,
}

/// The programs for `verdicts`; `proof` says whether a block is one that works and that its links are of.
pub(super) fn programs(site: &Site, verdicts: &[Verdict], proof: &Proof<'_>) -> Programs {
    let mut found = Programs::default();
    let mut names = BTreeSet::new();
    for group in verdicts.chunk_by(|one, other| one.network.id == other.network.id) {
        let Some(network) = group.first().map(|verdict| verdict.network) else { continue };
        // nothing can be written of what somebody forgot to replace
        let (examples, group): (Vec<_>, Vec<_>) =
            group.iter().cloned().partition(|verdict| network.is_placeholder(&verdict.leader));
        for verdict in examples {
            let ids = verdict.others.into_iter().chain([(verdict.leader, verdict.tally)]);
            found.foreign.extend(ids.map(|(id, tally)| (network, verdict.scope.clone(), id, tally)));
        }
        let blocks = if is_per_store(network) {
            stores(site, network, &group)
        } else if network.is_merchant() {
            group.iter().map(|verdict| (verdict.own, of_shop(site, verdict))).collect()
        } else {
            group.iter().flat_map(|verdict| of_network(site, verdict)).collect()
        };
        let mut blocks = blocks;
        for (_, block) in &mut blocks {
            unique(block, network, &mut names);
        }
        // all at once, and one by one only where something is wrong
        let all: Vec<&Block> = blocks.iter().filter(|(own, _)| *own).take(TOO_MANY).map(|(_, block)| block).collect();
        let fine = !all.is_empty() && (proof.holds)(&all);
        for (own, mut block) in blocks {
            let room = found.own.len() < TOO_MANY;
            let proven = own && room && (fine || (proof.holds)(&[&block]));
            if own && room && !proven {
                block.why.push("nothing that works can be made of this alone".to_owned());
            }
            if proven { found.own.push(block) } else { found.maybe.push(block) }
        }
        let claimed: BTreeSet<&str> = group.iter().map(|verdict| verdict.leader.as_str()).collect();
        for verdict in &group {
            let others = verdict.others.iter().filter(|(id, _)| !claimed.contains(id.as_str()));
            found.foreign.extend(others.map(|(id, tally)| (network, verdict.scope.clone(), id.clone(), tally.clone())));
        }
    }
    found.foreign.sort_by(|one, other| other.3.links.cmp(&one.3.links).then_with(|| one.2.cmp(&other.2)));
    found
}

pub(super) fn is_per_store(network: &Network) -> bool {
    network.publisher.and_then(|name| network.id_named(name)).is_some_and(|id| id.per_store)
}

/// One program with an id for each store.
fn stores(site: &Site, network: &'static Network, group: &[Verdict]) -> Vec<(bool, Block)> {
    let name = network.publisher.unwrap_or("id");
    let main = network.hosts.first().map_or("", |host| host.domain);
    let is_store = |store: &str| network.hosts.iter().any(|host| host.domain == store && !host.closed);
    let (own, rest): (Vec<_>, Vec<_>) = group.iter().partition(|verdict| verdict.own && is_store(&verdict.scope));
    let any = !own.is_empty();
    let mut block = Block { name: network.id.to_owned(), ..Block::default() };
    block.keys.push(("network".to_owned(), network.id.to_owned(), String::new()));
    let shown = if any { own } else { rest.iter().copied().filter(|verdict| is_store(&verdict.scope)).collect() };
    let mut by_store = Vec::new();
    for verdict in &shown {
        // where an id leads in several stores, it is of the one that has most of its links
        let home = shown.iter().filter(|other| other.leader == verdict.leader).max_by(|one, other| {
            let main_first = |verdict: &Verdict| verdict.scope == main;
            one.tally.links.cmp(&other.tally.links).then(main_first(one).cmp(&main_first(other)))
        });
        if home.is_some_and(|home| home.scope != verdict.scope) {
            let links = counted(verdict.tally.links, "link");
            block.why.push(format!(
                "{links} to {} carry {} too, which is another store's: {} pays nothing for them.",
                verdict.scope,
                yaml::remark(&verdict.leader),
                network.name
            ));
            continue;
        }
        let mut ids = vec![verdict.leader.clone()];
        let strays = verdict.others.iter().filter(|(id, _)| shown.iter().any(|own| own.leader == *id));
        ids.extend(strays.map(|(id, _)| id.clone()));
        by_store.push((verdict, ids));
    }
    if let Some((verdict, ids)) = by_store.iter().find(|(verdict, _)| verdict.scope == main) {
        let plain =
            site.plain_stores.get(main).map_or(String::new(), |plain| format!("; {} without an id", plain.tally.links));
        block.keys.push((name.to_owned(), yaml::one_or_list(ids), format!("{}{plain}", share(verdict))));
    }
    let others: Vec<_> = by_store.iter().filter(|(verdict, _)| verdict.scope != main).collect();
    if !others.is_empty() {
        let pairs: Vec<_> =
            others.iter().map(|(verdict, ids)| format!("{}: {}", verdict.scope, yaml::one_or_list(ids))).collect();
        let why: Vec<_> = others.iter().map(|(verdict, _)| format!("{}: {}", verdict.scope, share(verdict))).collect();
        block.keys.push((format!("{name}s"), format!("{{{}}}", pairs.join(", ")), why.join("; ")));
    }
    let hint = |store: &str, id: &str, why: &str| match (store == main, others.is_empty()) {
        (true, _) => format!("{name}: {id}   # {why}"),
        (false, true) => format!("{name}s: {{{store}: {id}}}   # {why}"),
        (false, false) => format!("perhaps in {name}s, too: {store}: {id}   # {why}"),
    };
    let unsure = rest.iter().filter(|verdict| any && is_store(&verdict.scope));
    let unsure: Vec<_> = unsure.filter(|verdict| !shown.iter().any(|own| own.leader == verdict.leader)).collect();
    for verdict in &unsure {
        block.hints.push(hint(&verdict.scope, &yaml::scalar(&verdict.leader), &share(verdict)));
    }
    let lacking = site.plain_stores.iter().filter(|(store, _)| {
        let known = |verdict: &Verdict| verdict.scope == **store;
        any && is_store(store)
            && !by_store.iter().any(|(verdict, _)| known(verdict))
            && !unsure.iter().any(|one| known(one))
    });
    for (store, plain) in lacking {
        block.hints.push(hint(store, TO_FILL, &format!("{} without an id", counted(plain.tally.links, "link"))));
    }
    vec![(any, block)].into_iter().filter(|(_, block)| block.keys.len() > 1).collect()
}

/// One program for a merchant's own scheme.
fn of_shop(site: &Site, verdict: &Verdict) -> Block {
    let network = verdict.network;
    let mut block = Block { name: network.id.to_owned(), ..Block::default() };
    block.keys.push(("network".to_owned(), network.id.to_owned(), String::new()));
    let all = memberships(site, verdict).fold(Membership::default(), joined);
    id_keys(network, &verdict.leader, &all, &share(verdict), &mut block);
    let own_domain = |host: &&String| !network.hosts.iter().any(|known| networks::stands_on(host, known.domain));
    let domains: Vec<_> = all.hosts.keys().filter(own_domain).cloned().collect();
    if network.custom_domains && !domains.is_empty() {
        block.keys.push(("domains".to_owned(), yaml::list(&domains), String::new()));
    }
    block
}

/// A program for each merchant of a network; one for all of them where the network's links do not tell merchants apart.
fn of_network(site: &Site, verdict: &Verdict) -> Vec<(bool, Block)> {
    let network = verdict.network;
    let mut blocks = Vec::new();
    for membership in memberships(site, verdict) {
        let tally = &membership.count.tally;
        let mut block = Block::default();
        block.keys.push(("network".to_owned(), network.id.to_owned(), String::new()));
        let why = if tally.links == verdict.tally.links {
            share(verdict)
        } else {
            format!("{} on {}", counted(tally.links, "link"), counted(tally.pages, "page"))
        };
        if network.constructible == Constructible::FromBaseLink {
            let link = membership.link.as_ref().map(|(_, link)| base_link(network, link)).unwrap_or_default();
            block.keys.push(("link".to_owned(), yaml::scalar(&link), why));
        } else {
            id_keys(network, &verdict.leader, membership, &why, &mut block);
        }
        let domains = domains(network, membership);
        block.name = domains.first().map_or_else(|| network.id.to_owned(), |domain| label(domain));
        let led = !domains.is_empty();
        if led {
            block.keys.push(("domains".to_owned(), yaml::list(&domains), String::new()));
        } else {
            block.keys.push(("domains".to_owned(), "[]".to_owned(), String::new()));
            block.why.push("they do not say where they lead: add the merchant's domains".to_owned());
        }
        if membership.hosts.len() > 1 && network.merchant.is_none() {
            network.id.clone_into(&mut block.name);
        }
        blocks.push((verdict.own && led, block));
    }
    blocks
}

/// The memberships that the leader of `verdict` is credited for, with most links first.
fn memberships<'s>(site: &'s Site, verdict: &'s Verdict) -> impl Iterator<Item = &'s Membership> {
    let of =
        |((network, publisher, merchant), membership): (&'s (&'static str, String, Option<String>), &'s Membership)| {
            let here = !verdict.network.is_software() || merchant.as_deref().unwrap_or_default() == verdict.scope;
            (*network == verdict.network.id && *publisher == verdict.leader && here).then_some(membership)
        };
    let mut all: Vec<_> = site.memberships.iter().filter_map(of).collect();
    all.sort_by_key(|membership| std::cmp::Reverse(membership.count.tally.links));
    all.into_iter()
}

fn joined(mut all: Membership, more: &Membership) -> Membership {
    for (name, values) in &more.ids {
        for (value, times) in values {
            *all.ids.entry(name.clone()).or_default().entry(value.clone()).or_default() += times;
        }
    }
    for (host, times) in &more.hosts {
        *all.hosts.entry(host.clone()).or_default() += times;
    }
    all.link = all.link.or_else(|| more.link.clone());
    all
}

/// The ids that the network always needs, each with the value that most links carry.
fn id_keys(network: &Network, leader: &str, membership: &Membership, why: &str, block: &mut Block) {
    for id in network.ids.iter().filter(|id| id.required) {
        let most = |values: &std::collections::BTreeMap<String, usize>| {
            let known = values.iter().filter(|(value, _)| !networks::is_example(value));
            let best = known.max_by(|(one, a), (other, b)| a.cmp(b).then_with(|| other.cmp(one)));
            best.map(|(value, _)| value.clone())
        };
        let publisher = network.publisher == Some(id.name);
        let value = if publisher { Some(leader.to_owned()) } else { membership.ids.get(id.name).and_then(most) };
        let why = if publisher { why.to_owned() } else { String::new() };
        block.keys.push((id.name.to_owned(), yaml::scalar(&value.unwrap_or_else(|| TO_FILL.to_owned())), why));
    }
}

/// What stands for an id that has to be looked up.
pub(super) const TO_FILL: &str = "YOUR-ID";

/// The merchant's domains: where its links lead, or where the catalog knows it to be.
fn domains(network: &Network, membership: &Membership) -> Vec<String> {
    let hosts: Vec<&String> = membership.hosts.keys().collect();
    let covered = |host: &str| hosts.iter().any(|other| *other != host && networks::stands_on(host, other));
    let found: Vec<String> = hosts.iter().filter(|host| !covered(host)).map(|host| (*host).clone()).collect();
    if !found.is_empty() {
        return found;
    }
    let ids = network.merchant.and_then(|name| membership.ids.get(name));
    let known = networks::merchants().iter().find(|merchant| {
        let same_id = merchant.id.is_some_and(|id| ids.is_some_and(|ids| ids.contains_key(id)));
        let hosts = membership.ids.get("host");
        let same_host = merchant.host.is_some_and(|host| hosts.is_some_and(|hosts| hosts.contains_key(host)));
        merchant.network == network.id && (same_id || same_host)
    });
    known.into_iter().flat_map(|merchant| merchant.domains.iter().map(|domain| (*domain).to_owned())).collect()
}

/// `link` without its destination and sub-ID, as the network gives it.
fn base_link(network: &'static Network, link: &str) -> String {
    let Some(split) = Split::of(link) else { return link.to_owned() };
    let templates = network
        .forms
        .iter()
        .filter(|form| !form.read_only)
        .filter_map(|form| Template::parse(form.template, Dialect::Catalog, &|name| network.chars_of(name)).ok());
    let templates: Vec<_> = templates.collect();
    let names: BTreeSet<&str> =
        templates.iter().flat_map(|template| template.names_of_url().chain(template.names_of_subid())).collect();
    let gone: Vec<_> = names.into_iter().map(Change::Remove).collect();
    apply(link, &edit_params(&split, Place { in_fragment: false, any_case: true }, &gone))
}

/// The name of a program for `domain`: the label that names the merchant.
pub(super) fn label(domain: &str) -> String {
    let labels: Vec<&str> = domain.split('.').collect();
    let generic = |label: &str| ["ac", "co", "com", "gov", "ne", "net", "or", "org"].contains(&label);
    let label = match labels.as_slice() {
        [.., name, second, _] if generic(second) => name,
        [.., name, _] => name,
        _ => domain,
    };
    let name: String = label.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
    // what YAML takes for a number or a boolean is no name
    if yaml::scalar(&name) == name && !name.bytes().all(|byte| byte.is_ascii_digit()) {
        name
    } else {
        format!("shop-{name}")
    }
}

fn unique(block: &mut Block, network: &Network, names: &mut BTreeSet<String>) {
    let first = block.name.clone();
    let tries = [first.clone(), format!("{first}-{}", network.id.replace('_', "-"))];
    let more = (2..).map(|number| format!("{first}-{number}"));
    if let Some(free) = tries.into_iter().chain(more).find(|name| !names.contains(name)) {
        block.name = free;
    }
    names.insert(block.name.clone());
}

/// `48 of 50 links, on 12 pages`.
fn share(verdict: &Verdict) -> String {
    let links = if verdict.tally.links == verdict.total {
        counted(verdict.total, "link")
    } else {
        format!("{} of {}", verdict.tally.links, counted(verdict.total, "link"))
    };
    format!("{links} on {}", counted(verdict.tally.pages, "page"))
}
