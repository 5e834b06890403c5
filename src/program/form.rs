//! Programs and networks with their templates compiled. Decides whether a configuration can be worked with; every
//! problem of it is found, not only the first.

use std::collections::BTreeMap;

use super::problem::{MapError, Problem};
use super::url::{Change, Place, Split, apply, edit_params};
use super::{Date, FormSpec, ProgramSpec, Status};
use crate::networks::destination::Found;
use crate::networks::query::{decode, encode};
use crate::networks::template::{Dialect, Read, SUBID, Target, Template};
use crate::networks::{Form as FormData, Network};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A program, ready for use.
#[derive(Debug)]
pub struct Program {
    /// Its name in `programs`.
    pub name: String,
    /// The catalog id of its network; `None` for a form of the user's own.
    pub network: Option<&'static str>,
    /// The publisher id that its links carry, in the first store for a network with stores.
    pub publisher: Option<String>,
    /// Its status on the day of the run.
    pub status: Status,
    /// Whether its first day is still to come.
    pub not_started: bool,
    /// Its first day.
    pub starts: Option<Date>,
    /// Its last day.
    pub ends: Option<Date>,
    /// Its own sub-ID pattern.
    pub subid: Option<String>,
    /// Its merchant's domains, lower case, ASCII.
    pub domains: Vec<String>,
    pub(super) paths: Vec<PathGlob>,
    pub(super) pages: Option<GlobSet>,
    /// Higher wins.
    pub priority: i64,
    /// In per cent.
    pub commission: Option<f64>,
    /// How long a click counts, in days.
    pub cookie_days: Option<f64>,
    pub(super) retired: Vec<String>,
    pub(super) form: Form,
}

/// How a program's links are formed.
#[derive(Debug)]
pub(super) enum Form {
    /// Parameters on the merchant's URL.
    Set(Set),
    /// A redirect of the user's own.
    Template(Template),
    /// A network's.
    Network { net: usize, ids: Ids },
}

/// A merchant's own scheme.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) template: Template,
    /// Parameters that hold no sub-ID: name and value.
    pub(super) fixed: Vec<(String, String)>,
}

/// A program's ids in one network.
#[derive(Debug)]
pub(super) struct Ids {
    plain: BTreeMap<String, Vec<String>>,
    stores: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    pub(super) base: Option<Base>,
}

/// A link copied from the network.
#[derive(Debug)]
pub(super) struct Base {
    /// It, without destination and sub-ID.
    pub(super) text: String,
    /// Which of the network's forms it has.
    pub(super) form: usize,
}

/// A glob over paths, and how much of it is no wildcard.
#[derive(Debug)]
pub(super) struct PathGlob {
    pub(super) glob: globset::GlobMatcher,
    pub(super) literal: usize,
}

/// A network with its templates compiled.
#[derive(Debug)]
pub(super) struct Net {
    pub(super) network: &'static Network,
    pub(super) forms: Vec<NetForm>,
}

/// One form of it.
#[derive(Debug)]
pub(super) struct NetForm {
    pub(super) data: &'static FormData,
    pub(super) template: Template,
    pub(super) clean: Option<Template>,
    pub(super) of: Option<Template>,
    pub(super) leads: Option<Template>,
}

impl Net {
    /// `network` with its templates, all of which parse (tested).
    pub(super) fn new(network: &'static Network) -> Self {
        let chars = |name: &str| network.chars_of(name);
        let parse = |text: &str| Template::parse(text, Dialect::Catalog, &chars);
        let forms = network.forms.iter().filter_map(|data| {
            let [clean, of, leads] = [data.clean, data.of, data.leads].map(|text| text.map(parse).transpose());
            let (clean, of, leads) = (clean.ok()?, of.ok()?, leads.ok()?);
            Some(NetForm { data, template: parse(data.template).ok()?, clean, of, leads })
        });
        Self { network, forms: forms.collect() }
    }
}

impl Ids {
    /// One's own values of id `name` for `store`, the one to write first.
    pub(super) fn of<'i>(&'i self, network: &Network, name: &str, store: Option<&str>) -> &'i [String] {
        let per_store = network.id_named(name).is_some_and(|id| id.per_store);
        let first = network.hosts.first().map(|host| host.domain);
        let listed = store.and_then(|store| self.stores.get(name)?.get(store));
        match listed {
            Some(values) if per_store => values,
            _ if per_store && store.is_some() && store != first => &[],
            _ => self.plain.get(name).map_or(&[], Vec::as_slice),
        }
    }

    /// All of one's own values of id `name`, whatever the store.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let stores = self.stores.get(name).into_iter().flat_map(BTreeMap::values);
        self.plain.get(name).into_iter().chain(stores).flatten().map(String::as_str)
    }
}

impl Program {
    /// Compiles `spec` for `date`; problems go to `errors`.
    pub(super) fn new(spec: ProgramSpec, nets: &[Net], date: Date, errors: &mut Vec<MapError>) -> Option<Self> {
        let before = errors.len();
        let mut report = |field: &str, problem: Problem| {
            errors.push(MapError { program: spec.name.clone(), field: field.to_owned(), problem });
        };
        let network = match &spec.form {
            FormSpec::Network { network, .. } => Some(*network),
            _ => None,
        };
        let domains = domains(&spec.domains, network, &mut report);
        let paths = spec.paths.iter().filter_map(|glob| path_glob(glob, &mut report)).collect();
        let pages = page_globs(&spec.pages, &mut report);
        let form = form(spec.form, nets, &mut report);
        let publisher = form.as_ref().and_then(|form| publisher(form, nets));
        let ended = spec.ends.is_some_and(|ends| ends < date);
        let program = Self {
            network: network.map(|network| network.id),
            publisher,
            status: if ended { Status::Ended } else { spec.status },
            not_started: spec.starts.is_some_and(|starts| date < starts),
            starts: spec.starts,
            ends: spec.ends,
            subid: spec.subid,
            domains,
            paths,
            pages,
            priority: spec.priority,
            commission: spec.commission,
            cookie_days: spec.cookie_days,
            retired: spec.retired_ids,
            form: form?,
            name: spec.name,
        };
        (errors.len() == before).then_some(program)
    }
}

impl Program {
    /// Its ids, if it is one of network `net`.
    pub(super) fn ids_in(&self, net: usize) -> Option<&Ids> {
        match &self.form {
            Form::Network { net: own, ids } if *own == net => Some(ids),
            _ => None,
        }
    }

    /// Whether `url` stands on one of its merchant's domains.
    pub(super) fn has_domain_of(&self, url: &str) -> bool {
        let mut buffer = [0; 253];
        let split = Split::of(url);
        let host = split.as_ref().and_then(|split| split.host_name(&mut buffer));
        host.is_some_and(|host| host.domains().any(|domain| self.domains.iter().any(|own| own == domain)))
    }
}

/// The ASCII form of domain `text`; `None` where it is none.
pub(super) fn domain(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let odd = |c: char| c.is_whitespace() || "/:@*?#%[]\\".contains(c);
    match ::url::Host::parse(text).ok()? {
        ::url::Host::Domain(host) if host.contains('.') && !text.contains(odd) => Some(host),
        _ => None,
    }
}

/// A glob over page names: without a leading `/` it matches at any depth.
pub(super) fn glob_set(globs: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for text in globs {
        let mut add = |text: &str| {
            set.add(GlobBuilder::new(text).literal_separator(true).build().map_err(|_| text.to_owned())?);
            Ok::<_, String>(())
        };
        match text.strip_prefix('/') {
            Some(rooted) => add(rooted)?,
            None => add(&format!("**/{text}"))?,
        }
    }
    set.build().map_err(|_| globs.join(", "))
}

fn domains(given: &[String], network: Option<&Network>, report: &mut dyn FnMut(&str, Problem)) -> Vec<String> {
    let merchant = network.filter(|network| network.is_merchant());
    if given.is_empty() {
        let Some(network) = merchant else {
            report("domains", Problem::NoDomains);
            return Vec::new();
        };
        return network.hosts.iter().filter(|host| !host.closed).map(|host| host.domain.to_owned()).collect();
    }
    let mut domains = Vec::new();
    for text in given {
        match domain(text) {
            Some(domain) => domains.push(domain),
            None => report("domains", Problem::Domain(text.clone())),
        }
    }
    domains
}

fn path_glob(text: &str, report: &mut dyn FnMut(&str, Problem)) -> Option<PathGlob> {
    let decoded = decoded_glob(text);
    let rooted = if decoded.starts_with('/') { decoded.clone() } else { format!("/**/{decoded}") };
    let glob = GlobBuilder::new(&rooted).literal_separator(true).build();
    let literal = decoded.chars().take_while(|c| !"*?[{".contains(*c)).count();
    if glob.is_err() {
        report("paths", Problem::Glob(text.to_owned()));
    }
    Some(PathGlob { glob: glob.ok()?.compile_matcher(), literal })
}

/// Glob `text` over paths with its percent escapes undone, as the paths are that it is compared with.
pub(super) fn decoded_glob(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let escapes = rest.as_bytes()[at..].chunks(3);
        let is_escape =
            |chunk: &&[u8]| matches!(chunk, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
        let end = at + 3 * escapes.take_while(is_escape).count();
        match end - at {
            0 => out.push('%'),
            // an escaped wildcard is none
            _ => out.push_str(&globset::escape(&decode(&rest[at..end]))),
        }
        rest = &rest[end.max(at + 1)..];
    }
    out.push_str(rest);
    out
}

fn page_globs(globs: &[String], report: &mut dyn FnMut(&str, Problem)) -> Option<GlobSet> {
    let set = (!globs.is_empty()).then(|| glob_set(globs))?;
    set.map_err(|glob| report("pages", Problem::Glob(glob.trim_start_matches("**/").to_owned()))).ok()
}

fn publisher(form: &Form, nets: &[Net]) -> Option<String> {
    match form {
        Form::Network { net, ids } => {
            let network = nets[*net].network;
            ids.of(network, network.publisher?, None).first().cloned()
        }
        Form::Set(set) => set.fixed.first().map(|(_, value)| value.clone()),
        Form::Template(_) => None,
    }
}

fn form(spec: FormSpec, nets: &[Net], report: &mut dyn FnMut(&str, Problem)) -> Option<Form> {
    match spec {
        FormSpec::Set(params) => set(params, report).map(Form::Set),
        FormSpec::Template(text) => match Template::parse(&text, Dialect::User, &|_| None) {
            Ok(template) => Some(Form::Template(template)),
            Err(error) => {
                report("template", error.into());
                None
            }
        },
        FormSpec::Network { network, ids, store_ids, base } => {
            let net = nets.iter().position(|net| std::ptr::eq(net.network, network) || net.network.id == network.id)?;
            check_ids(network, &ids, report);
            for (name, stores) in &store_ids {
                for (store, values) in stores {
                    if !network.hosts.iter().any(|host| host.domain == store && !host.closed) {
                        report(name, Problem::UnknownStore(store.clone()));
                    }
                    check_ids(network, &BTreeMap::from([(name.clone(), values.clone())]), report);
                }
            }
            let mut ids = Ids { plain: ids, stores: store_ids, base: None };
            match base {
                Some(link) => take_base(&nets[net], &link, &mut ids, report),
                None => check_required(network, &ids, report),
            }
            Some(Form::Network { net, ids })
        }
    }
}

fn set(params: Vec<(String, String)>, report: &mut dyn FnMut(&str, Problem)) -> Option<Set> {
    if params.is_empty() {
        report("set", Problem::NoParameter);
        return None;
    }
    let odd =
        |(name, _): &(String, String)| name.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_.~[]".contains(*c));
    if let Some((name, _)) = params.iter().find(|param| odd(param).is_some()) {
        report("set", Problem::ParameterName(name.clone()));
        return None;
    }
    let written = |(name, value): &(String, String)| {
        let parts: Vec<_> = value.split("{subid}").map(encode).collect();
        format!("{name}={}", parts.join("{subid}"))
    };
    let text = format!("?{}", params.iter().map(written).collect::<Vec<_>>().join("&"));
    let fixed = params.into_iter().filter(|(_, value)| !value.contains("{subid}")).collect();
    match Template::parse(&text, Dialect::Set, &|_| None) {
        Ok(template) => Some(Set { template, fixed }),
        Err(error) => {
            report("set", error.into());
            None
        }
    }
}

fn check_ids(network: &Network, ids: &BTreeMap<String, Vec<String>>, report: &mut dyn FnMut(&str, Problem)) {
    for (name, values) in ids {
        let Some(id) = network.id_named(name) else {
            report(name, Problem::UnknownId(network.id));
            continue;
        };
        for value in values.iter().filter(|value| !id.fits(value)) {
            report(name, Problem::BadId(value.clone()));
        }
    }
}

fn check_required(network: &Network, ids: &Ids, report: &mut dyn FnMut(&str, Problem)) {
    for id in network.ids.iter().filter(|id| id.required) {
        if ids.all(id.name).next().is_none() {
            report(id.name, Problem::MissingId);
        }
    }
}

/// Takes the ids out of base link `link`, and destination and sub-ID off it.
fn take_base(net: &Net, link: &str, ids: &mut Ids, report: &mut dyn FnMut(&str, Problem)) {
    let Some((form, read, split)) = read_base(net, link) else {
        report("link", Problem::BaseLink(link.to_owned()));
        return;
    };
    for (name, value) in read.captures.into_iter().filter(|(name, _)| name != SUBID) {
        if ids.all(&name).next().is_some() && !ids.all(&name).any(|given| given == value) {
            let given = ids.all(&name).next().unwrap_or_default().to_owned();
            report(&name, Problem::OtherInLink { given, link: value });
            continue;
        }
        ids.plain.entry(name).or_insert_with(|| vec![value]);
    }
    let template = &net.forms[form].template;
    let names = template.names_of_url().chain(template.names_of_subid());
    let changes: Vec<_> = names.map(Change::Remove).collect();
    let place = Place { in_fragment: template.in_fragment(), any_case: true };
    let text = apply(link, &edit_params(&split, place, &changes));
    ids.base = Some(Base { text: text.trim().to_owned(), form });
}

fn read_base<'l>(net: &Net, link: &'l str) -> Option<(usize, Read, Split<'l>)> {
    let split = Split::of(link).filter(|split| split.unsafe_kind().is_none())?;
    let mut buffer = [0; 253];
    let host = split.host_name(&mut buffer)?;
    let target = Target::new(host.as_str(), split.rest());
    let known = net.network.hosts.iter().any(|known| host.domains().any(|domain| domain == known.domain));
    let mut forms = net.forms.iter().enumerate().filter(|(_, form)| !form.data.read_only);
    // a host of the merchant's own is believed, but only where the form says so itself
    let read = forms.find_map(|(at, form)| {
        let believed = known || form.template.host().is_none() && form.data.key.is_empty();
        Some((at, form.template.read(&target).filter(|_| believed)?))
    });
    read.map(|(at, read)| (at, Read { destination: Found::Nothing, ..read }, split))
}
