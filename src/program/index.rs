//! Which hosts are anybody's business. Decides only that, by whole labels and before anything is allocated; what a
//! link on such a host is, others say.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use rustc_hash::FxBuildHasher;

use super::form::Net;
use super::map::SHORT;
use super::url::HostName;

/// What a host is to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A merchant's store that the catalog knows: network, and which of its hosts.
    Store(usize, usize),
    /// A network's tracking host.
    Tracking(usize),
    /// A host of a redirector that credits nobody.
    Redirector(usize),
    /// A host of one form alone: network, form.
    Form(usize, usize),
    /// A network's shortener.
    Short(usize),
    /// A domain of a program's merchant.
    Merchant(usize),
    /// The host that a program's own template writes.
    Maker(usize),
    /// The site's own redirect host.
    Redirect,
    /// The site itself.
    Site,
}

/// A role that a host has, and the domain that has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'h> {
    pub(super) role: Role,
    pub(super) domain: &'h str,
}

#[derive(Debug)]
struct Entry {
    role: Role,
    exact: bool,
}

/// Hosts and distinctive parameters.
#[derive(Debug, Default)]
pub(super) struct Index {
    hosts: HashMap<Box<str>, Vec<Entry>, FxBuildHasher>,
    markers: Option<AhoCorasick>,
    marked: Vec<usize>,
}

impl Index {
    /// The catalog's hosts.
    pub(super) fn new(nets: &[Net]) -> Self {
        let mut index = Self::default();
        let mut markers = Vec::new();
        for (net, Net { network, .. }) in nets.iter().enumerate() {
            for (at, host) in network.hosts.iter().enumerate() {
                let role = match network {
                    network if network.is_merchant() => Role::Store(net, at),
                    network if network.credits_nobody => Role::Redirector(net),
                    _ => Role::Tracking(net),
                };
                index.add(host.domain, host.exact, role);
            }
            for short in network.short_hosts {
                let whole = short.len() <= SHORT;
                index.add(short, whole, Role::Short(net));
                if whole {
                    index.add(&format!("www.{short}"), true, Role::Short(net));
                }
            }
            for (form, hosts) in network.forms.iter().enumerate().map(|(at, form)| (at, form.hosts)) {
                for host in hosts {
                    index.add_written(host, Role::Form(net, form));
                }
            }
            markers.extend(network.markers.iter().map(|marker| (*marker, net)));
        }
        index.marked = markers.iter().map(|(_, net)| *net).collect();
        if !markers.is_empty() {
            let builder = AhoCorasick::builder().ascii_case_insensitive(true).build(markers.iter().map(|(m, _)| m));
            index.markers = builder.ok();
        }
        index
    }

    /// Adds `domain` (lower case, ASCII), and its subdomains unless `exact`.
    pub(super) fn add(&mut self, domain: &str, exact: bool, role: Role) {
        let entries = self.hosts.entry(domain.into()).or_default();
        if !entries.iter().any(|entry| entry.role == role) {
            entries.push(Entry { role, exact });
        }
    }

    fn add_written(&mut self, host: &str, role: Role) {
        self.add(host.trim_start_matches('='), host.starts_with('='), role);
    }

    /// What `host` is to anybody, the most specific domain first; empty, and nothing allocated, for most hosts.
    pub(super) fn find<'h>(&self, host: &'h HostName<'_>) -> Vec<Hit<'h>> {
        let mut hits = Vec::new();
        for (depth, domain) in host.domains().enumerate() {
            let entries = self.hosts.get(domain).into_iter().flatten();
            let here = entries.filter(|entry| depth == 0 || !entry.exact);
            hits.extend(here.map(|entry| Hit { role: entry.role, domain }));
        }
        hits
    }

    /// The networks whose markers stand in `url`.
    pub(super) fn marked(&self, url: &str) -> Vec<usize> {
        let found = self.markers.iter().flat_map(|markers| markers.find_overlapping_iter(url));
        let mut nets: Vec<_> = found.map(|found| self.marked[found.pattern().as_usize()]).collect();
        nets.sort_unstable();
        nets.dedup();
        nets
    }
}
