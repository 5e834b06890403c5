//! The user's programs as one question to ask of any URL: whose is it, where does it lead, which program would serve
//! it. Decides nothing about pages; edits of URLs are `link`'s.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::choose::Chooser;
use super::credit::Judge;
use super::decode::{Decoded, Decoder};
pub use super::form::Program;
use super::form::{Form, Net};
use super::index::{Index, Role};
pub use super::problem::{MapError, Problem};
use super::redirects::{Redirect, Redirects};
use super::url::Split;
use super::{
    Credit, Date, Layer, OwnState, PartnerSpec, ProgramSpec, Reading, RedirectSpec, SubidRule, UnsafeUrl, UrlFacts,
};
use crate::networks::query::escape_unsafe;
use crate::networks::{self, Charset};

/// Up to how many bytes a host also stands inside other words: `a.co`. Such a one has no subdomain but `www`.
pub(super) const SHORT: usize = 5;

/// What a [`ProgramMap`] is made of.
#[derive(Clone, Debug)]
pub struct MapInput {
    /// The user's programs, in the file's order.
    pub programs: Vec<ProgramSpec>,
    /// Those whose links stay.
    pub partners: Vec<PartnerSpec>,
    /// The site's own redirects.
    pub redirects: RedirectSpec,
    /// The site's hosts.
    pub own_hosts: Vec<String>,
    /// The day of the run.
    pub date: Date,
}

/// The user's programs, compiled once and shared by all pages.
#[derive(Debug)]
pub struct ProgramMap {
    pub(super) nets: Vec<Net>,
    pub(super) programs: Vec<Program>,
    partners: Vec<PartnerSpec>,
    redirects: Redirects,
    index: Index,
}

impl ProgramMap {
    /// Compiles `input`; every problem of every program at once.
    pub fn new(input: MapInput) -> Result<Self, Vec<MapError>> {
        let nets: Vec<Net> = networks::all().iter().chain(networks::redirectors()).map(Net::new).collect();
        let mut errors = Vec::new();
        let own_hosts: Vec<_> = input.own_hosts.iter().filter_map(|host| super::form::domain(host)).collect();
        let redirects = Redirects::new(input.redirects, &own_hosts, &mut errors);
        let mut programs = Vec::new();
        for spec in input.programs {
            programs.extend(Program::new(spec, &nets, input.date, &mut errors));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut index = Index::new(&nets);
        add_programs(&mut index, &nets, &programs);
        for host in &redirects.hosts {
            index.add(host, true, Role::Redirect);
        }
        for host in &redirects.ruled_hosts {
            index.add(host, true, Role::Site);
        }
        if !redirects.is_empty() {
            for host in &own_hosts {
                index.add(host, true, Role::Site);
            }
        }
        Ok(Self { nets, programs, partners: input.partners, redirects, index })
    }

    /// What there is to know about `url`, as its author wrote it, on page `page` (its page name); `None` where it is
    /// nobody's business.
    ///
    /// Of one with line breaks or tabs in it, it is what browsers follow, who leave them out (WHATWG URL, "basic URL
    /// parser"); nothing is to be done with such a link.
    pub fn look(&self, url: &str, page: &str) -> Option<UrlFacts> {
        if memchr::memchr3(b'\t', b'\n', b'\r', url.as_bytes()).is_none() {
            return self.look_at(url, page);
        }
        let read: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let facts = self.look_at(&read, page)?;
        Some(UrlFacts {
            candidates: Vec::new(),
            outer: Vec::new(),
            own_state: OwnState::Right,
            unsafe_url: facts.unsafe_url.or(Some(UnsafeUrl::Control)),
            ..facts
        })
    }

    fn look_at(&self, url: &str, page: &str) -> Option<UrlFacts> {
        if let Some(redirect) = self.redirect(url, page) {
            return self.look_behind(&redirect, page);
        }
        let decoded = self.decoder().decode(url)?;
        Some(self.facts(decoded, page))
    }

    /// Whether a program or a partner is of the network with the catalog id `network`.
    pub fn speaks_of(&self, network: &str) -> bool {
        let of_program =
            self.programs.iter().any(|program| program.network == Some(network) || program.name == network);
        of_program || self.partners.iter().any(|partner| partner.network.id == network)
    }

    /// The programs, in the file's order.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// What sub-IDs of `program` must be like; `None` where its links have no place for one.
    pub fn subid_rule(&self, program: usize) -> Option<SubidRule> {
        let free = |template: &networks::template::Template| {
            let rule = SubidRule { max_len: None, charset: Charset::Unknown, needs_approval: false };
            template.captures(networks::template::SUBID).then_some(rule)
        };
        match &self.programs.get(program)?.form {
            Form::Set(set) => free(&set.template),
            Form::Template(template) => free(template),
            Form::Network { net, .. } => self.nets[*net].network.subid.map(|subid| SubidRule {
                max_len: subid.max_len,
                charset: subid.charset,
                needs_approval: subid.needs_approval,
            }),
        }
    }

    /// Lower-case strings of which one stands, in any ASCII case, in the bytes of every page with a URL that
    /// [`Self::look`] has something to say about.
    ///
    /// An empty one, which stands everywhere, where nothing can be said; and nothing is said of the pages that
    /// [`Self::is_beside_redirects`] names. Left out are spellings of a host that readers do not agree on: those links are never touched.
    pub fn needles(&self) -> Vec<String> {
        let mut needles = BTreeSet::new();
        // what a redirector leads to stands in the same bytes
        let redirector = |net: &&Net| net.network.credits_nobody && !net.network.shop;
        for Net { network, .. } in self.nets.iter().filter(|net| !redirector(net)) {
            let hosts = network.hosts.iter().map(|host| host.domain);
            let own = network.forms.iter().flat_map(|form| form.hosts).map(|host| host.trim_start_matches('='));
            needles.extend(host_needles(hosts.chain(network.short_hosts.iter().copied()).chain(own)));
            needles.extend(network.markers.iter().map(|marker| marker.to_lowercase()));
        }
        for program in &self.programs {
            needles.extend(program.domains.iter().flat_map(|domain| spellings(domain)));
            needles.extend(maker_hosts(program));
        }
        needles.retain(|needle| !needle.is_empty());
        needles.extend(self.redirects.needles());
        without_covered(needles)
    }

    /// Whether a link on the page called `page` may lead to one of the site's own redirects without any needle, by a path
    /// relative to the page.
    pub fn is_beside_redirects(&self, page: &str) -> bool {
        self.redirects.surround(page)
    }

    pub(super) fn decoder(&self) -> Decoder<'_> {
        Decoder { index: &self.index, nets: &self.nets, programs: &self.programs }
    }

    /// The store of network `net` that `url` stands in.
    pub(super) fn store_of(&self, net: usize, url: &str) -> Option<&'static networks::Host> {
        let split = Split::of(url)?;
        let mut buffer = [0; 253];
        let host = split.host_name(&mut buffer)?;
        self.index.find(&host).iter().find_map(|hit| match hit.role {
            Role::Store(other, at) if other == net => self.nets[net].network.hosts.get(at),
            _ => None,
        })
    }

    fn redirect(&self, url: &str, page: &str) -> Option<Redirect> {
        if url.starts_with('/') && !url.starts_with("//") {
            return self.redirects.on_site(url);
        }
        if self.redirects.is_empty() && self.redirects.hosts.is_empty() {
            return None;
        }
        let Some(split) = Split::of(url) else { return self.redirects.relative(url, page) };
        let mut buffer = [0; 253];
        let host = split.host_name(&mut buffer)?;
        let hits = self.index.find(&host);
        let role = hits.iter().map(|hit| hit.role).find(|role| matches!(role, Role::Redirect | Role::Site))?;
        let own = self.redirects.ruled_hosts.contains(host.as_str());
        if role == Role::Redirect || own {
            self.redirects.on_host(host.as_str(), split.rest())
        } else {
            self.redirects.on_site(split.rest())
        }
    }

    fn look_behind(&self, redirect: &Redirect, page: &str) -> Option<UrlFacts> {
        let destination = redirect.destination.as_deref();
        let decoded = destination.and_then(|url| self.decoder().decode(url));
        if decoded.is_none() && !redirect.declared {
            return None;
        }
        let plain = || Decoded {
            destination: destination.map(str::to_owned),
            opaque: destination.is_none(),
            ..Decoded::default()
        };
        let decoded = decoded.unwrap_or_else(plain);
        Some(UrlFacts { own_redirect: true, outer: Vec::new(), ..self.facts(decoded, page) })
    }

    fn facts(&self, decoded: Decoded, page: &str) -> UrlFacts {
        let judge = Judge { nets: &self.nets, programs: &self.programs, partners: &self.partners };
        let (credit, own_state) = match decoded.unsafe_url {
            Some(_) => (Credit::None, OwnState::Right),
            None => judge.credit(&decoded),
        };
        let behind = || self.behind_path(&decoded, &credit);
        let destination = decoded.destination.clone().or_else(behind).filter(|_| decoded.unsafe_url.is_none());
        let opaque =
            decoded.opaque_net.map(|net| Layer { network: self.nets[net].network.id.into(), ..Layer::default() });
        let chooser = Chooser { index: &self.index, nets: &self.nets, programs: &self.programs };
        UrlFacts {
            credit,
            layers: decoded.marks.iter().map(|mark| judge.layer(mark)).chain(opaque).collect(),
            candidates: destination.as_deref().map_or_else(Vec::new, |url| chooser.candidates(url, page)),
            destination,
            ambiguous: decoded.ambiguous,
            own_redirect: false,
            own_state,
            outer: if decoded.unsafe_url.is_some() || decoded.ambiguous { Vec::new() } else { judge.outer(&decoded) },
            unsafe_url: decoded.unsafe_url,
            reading: Reading(decoded),
        }
    }

    /// Where an own link leads that says only what follows the merchant's domain: the program knows the domain.
    fn behind_path(&self, decoded: &Decoded, credit: &Credit) -> Option<String> {
        let path = decoded.marks.last()?.path.as_deref()?;
        let Credit::Own(program) = credit else { return None };
        let domain = self.programs.get(*program)?.domains.first()?;
        Some(format!("https://{domain}/{}", escape_unsafe(path.trim_start_matches('/'))))
    }
}

fn add_programs(index: &mut Index, nets: &[Net], programs: &[Program]) {
    for (at, program) in programs.iter().enumerate() {
        for domain in &program.domains {
            index.add(domain, false, Role::Merchant(at));
        }
        let role = match &program.form {
            Form::Template(_) => Role::Maker(at),
            Form::Network { net, .. } if !nets[*net].network.is_merchant() => Role::Tracking(*net),
            _ => continue,
        };
        for host in maker_hosts(program) {
            index.add(&host, true, role);
        }
    }
}

/// The hosts that a program's links stand on, where the catalog does not say them.
fn maker_hosts(program: &Program) -> Vec<String> {
    match &program.form {
        Form::Template(template) => template.host().map(str::to_owned).into_iter().collect(),
        Form::Network { ids, .. } => ids.all("host").map(str::to_owned).collect(),
        Form::Set(_) => Vec::new(),
    }
}

/// Those of `needles` that hold no other one: such a needle finds nothing that the other does not.
fn without_covered(needles: BTreeSet<String>) -> Vec<String> {
    let Ok(all) = AhoCorasick::new(&needles) else { return needles.into_iter().collect() };
    let covered = |needle: &String| all.find_overlapping_iter(needle).any(|found| found.len() < needle.len());
    needles.iter().filter(|needle| !covered(needle)).cloned().collect()
}

/// `amazon.` for a merchant with many stores, otherwise the hosts themselves; what stands before a short one as well.
fn host_needles<'h>(hosts: impl Iterator<Item = &'h str>) -> Vec<String> {
    let hosts: Vec<_> = hosts.collect();
    let label = |host: &str| host.split('.').next().unwrap_or_default().to_owned() + ".";
    let shared = |host: &&str| hosts.iter().filter(|other| label(other) == label(host)).count() > 2;
    let needles = hosts.iter().flat_map(|host| match host {
        host if shared(host) && host.len() > 6 => vec![label(host)],
        host if host.len() <= SHORT => vec![format!("/{host}"), format!("www.{host}")],
        // one letter before a dot says nothing, and the search goes by two
        host => {
            vec![host.split_once('.').filter(|(label, _)| label.len() < 2).map_or(*host, |(_, rest)| rest).to_owned()]
        }
    });
    needles.collect()
}

/// An international domain as people write it, in both cases, and as machines do.
fn spellings(domain: &str) -> Vec<String> {
    let native = ::url::quirks::domain_to_unicode(domain);
    if native == domain || native.is_empty() {
        return vec![domain.to_owned()];
    }
    vec![domain.to_owned(), native.to_uppercase(), native]
}
