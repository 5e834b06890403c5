//! Which form a URL on a known host has, and what stands in it. Decides one layer at a time; what stands inside it,
//! `decode` asks again.

use super::Status;
use super::decode::{Decoder, Maker, Mark};
use super::form::{Form, Program, Set};
use super::index::{Hit, Role};
use super::url::Split;
use crate::networks::destination::Found;
use crate::networks::template::{Read, Target};
use crate::networks::{Host, Unpack, query};

/// What one look at a URL gives.
pub(super) enum Step {
    /// A wrapper, and what stands where its destination belongs.
    Wrapper(Mark, Found, bool),
    /// A merchant's URL with somebody's parameters.
    Tagged(Mark),
    Opaque(usize),
    Plain,
}

/// One URL with what its host is to anybody.
pub(super) struct Spot<'u, 'h> {
    pub(super) split: &'u Split<'u>,
    pub(super) host: &'h str,
    pub(super) hits: &'h [Hit<'h>],
}

impl Decoder<'_> {
    /// What the URL at `place` is; `marked`: the networks whose markers stand in it.
    pub(super) fn step(self, place: &Spot<'_, '_>, marked: &[usize]) -> Step {
        let target = Target::new(place.host, place.split.rest());
        let made = place.hits.iter().find_map(|hit| self.by_program(place, hit, &target));
        let made = made.or_else(|| place.hits.iter().find_map(|hit| self.by_network(place, hit, &target)));
        let made = made.or_else(|| self.by_set(place, &target));
        let made = made.or_else(|| place.hits.iter().find_map(|hit| self.by_other_set(hit, place.split)));
        let made = made.or_else(|| marked.iter().find_map(|&net| self.by_marker(net, place, &target)));
        let made = made.or_else(|| place.hits.iter().find_map(|hit| self.by_damaged(place, hit)));
        made.unwrap_or_else(|| self.opaque_net(place).map_or(Step::Plain, Step::Opaque))
    }

    fn by_program(self, place: &Spot<'_, '_>, hit: &Hit<'_>, target: &Target<'_>) -> Option<Step> {
        let Role::Maker(program) = hit.role else { return None };
        let Form::Template(template) = &self.programs[program].form else { return None };
        let exact = hit.domain == place.host;
        exact.then(|| template.read(target)).flatten().map(|read| wrapper(Maker::Program(program), read))
    }

    fn by_network(self, place: &Spot<'_, '_>, hit: &Hit<'_>, target: &Target<'_>) -> Option<Step> {
        let (net, store, only) = match hit.role {
            Role::Store(net, host) => (net, self.nets[net].network.hosts.get(host), None),
            Role::Tracking(net) | Role::Redirector(net) => (net, None, None),
            Role::Form(net, form) => (net, None, Some(form)),
            Role::Merchant(program) => return self.by_software(program, place, target),
            _ => return None,
        };
        let excluded = self.nets[net].network.excludes_host(place.host, hit.domain);
        let here = |at: usize| {
            let form = &self.nets[net].forms[at];
            match (only, form.data.label) {
                (Some(only), _) => only == at,
                (None, Some(label)) => has_label(place.host, hit.domain, label),
                (None, None) => form.data.hosts.is_empty() && !excluded,
            }
        };
        let mut forms = (0..self.nets[net].forms.len()).filter(|at| here(*at));
        forms.find_map(|at| self.by_form(net, at, place, target, store))
    }

    /// The parameters of affiliate software on the domains of a program of it.
    fn by_software(self, program: usize, place: &Spot<'_, '_>, target: &Target<'_>) -> Option<Step> {
        let Form::Network { net, .. } = self.programs[program].form else { return None };
        let software = self.nets[net].network.is_software();
        let mut forms = (0..self.nets[net].forms.len()).filter(|_| software);
        forms.find_map(|at| {
            let here = self.nets[net].forms[at].template.is_append();
            here.then(|| self.by_form(net, at, place, target, None)).flatten()
        })
    }

    /// A form that says by itself whose it is, on any host.
    fn by_marker(self, net: usize, place: &Spot<'_, '_>, target: &Target<'_>) -> Option<Step> {
        let network = self.nets[net].network;
        let anywhere = |at: &usize| network.hosts.is_empty() || self.nets[net].forms[*at].data.anywhere;
        let mut forms = (0..self.nets[net].forms.len()).filter(anywhere);
        forms.find_map(|at| self.by_form(net, at, place, target, None))
    }

    fn by_form(
        self,
        net: usize,
        at: usize,
        place: &Spot<'_, '_>,
        target: &Target<'_>,
        store: Option<&'static Host>,
    ) -> Option<Step> {
        let form = &self.nets[net].forms[at];
        let rest = place.split.rest();
        let mut read = match form.data.unpack {
            Some(Unpack::Parens) => form.template.read(&Target::new(place.host, &query::without_parens(rest)?))?,
            Some(Unpack::Base64Json(name)) => {
                form.template.read(&Target::new(place.host, &query::unpacked(rest, name)?))?
            }
            None if form.data.last_segment => {
                let from = target.path().rfind('/').unwrap_or(0);
                form.template.read(&Target::new(place.host, rest.get(from..)?))?
            }
            None => form.template.read(target)?,
        };
        if let Some(leads) = &form.leads
            && let Ok(url) = leads.write("", &|name| read.get(name).map(str::to_owned))
        {
            read.destination = Found::Url { url, raw: false };
        }
        let maker = Maker::Network(net, at);
        let beside = self.beside(net, at, place.split, &read.captures);
        let tagged = form.template.is_append() || form.clean.is_some() || form.data.swap.is_some();
        Some(if tagged {
            Step::Tagged(Mark { beside, ..mark(maker, read.captures, store) })
        } else {
            let Read { captures, destination, ambiguous } = read;
            Step::Wrapper(Mark { beside, ..mark(maker, captures, None) }, destination, ambiguous)
        })
    }

    /// A merchant's URL with an id that something was run into: `tag=foo-20/`. Whose it is can still be read, and it is no plain
    /// link; one's own id is, to be written anew.
    fn by_damaged(self, place: &Spot<'_, '_>, hit: &Hit<'_>) -> Option<Step> {
        let Role::Store(net, host) = hit.role else { return None };
        let network = self.nets[net].network;
        let (publisher, text) = (network.publisher?, place.split.text);
        let chars = network.id_named(publisher)?.chars;
        let pairs = query::pairs(text, place.split.query.clone()?);
        let forms = self.nets[net].forms.iter().enumerate();
        let mut forms = forms.filter(|(_, form)| form.template.is_append() && form.data.hosts.is_empty());
        forms.find_map(|(at, form)| {
            let holds = |name: &str| form.template.names_of(publisher).any(|known| known.eq_ignore_ascii_case(name));
            let pair = pairs.iter().find(|pair| holds(&pair.name_in(text)))?;
            let value = query::decode(pair.value_in(text)).into_owned();
            let id = intact(&value, |byte| chars.allows(byte)).filter(|id| chars.fits(id))?;
            let is_own = |program: &Program| {
                let configured = program.ids_in(net).is_some_and(|ids| ids.all(publisher).any(|own| own == id));
                configured || program.retired.iter().any(|own| own == id)
            };
            if self.programs.iter().any(is_own) {
                return None;
            }
            let mended = format!("{}{id}{}", text.get(..pair.value.clone()?.start)?, text.get(pair.whole.end..)?);
            let split = Split::of(&mended)?;
            let spot = Spot { split: &split, host: place.host, hits: place.hits };
            let target = Target::new(place.host, split.rest());
            let store = network.hosts.get(host);
            let Step::Tagged(mut mark) = self.by_form(net, at, &spot, &target, store)? else { return None };
            mark.captures
                .iter_mut()
                .filter(|(name, _)| name == publisher)
                .for_each(|(_, found)| found.clone_from(&value));
            Some(Step::Tagged(mark))
        })
    }

    /// `captures` with each further publisher id that stands among the parameters of the link: a link counts as an ended
    /// program's wherever its id stands.
    fn beside(
        self,
        net: usize,
        at: usize,
        split: &Split<'_>,
        captures: &[(String, String)],
    ) -> Vec<Vec<(String, String)>> {
        let Some((publisher, query)) = self.nets[net].network.publisher.zip(split.query.clone()) else {
            return Vec::new();
        };
        let ended = |program: &Program| program.status == Status::Ended && program.ids_in(net).is_some();
        let Some(first) = captures.iter().position(|(name, _)| name == publisher) else { return Vec::new() };
        if !self.programs.iter().any(ended) {
            return Vec::new();
        }
        let template = &self.nets[net].forms[at].template;
        let holds = |name: &str| template.names_of(publisher).any(|known| known.eq_ignore_ascii_case(name));
        let pairs = query::pairs(split.text, query);
        let values = pairs.iter().filter(|pair| holds(&pair.name_in(split.text)));
        let values = values.map(|pair| query::decode(pair.value_in(split.text)).into_owned());
        let further = values.filter(|value| !value.is_empty() && *value != captures[first].1);
        let with = |value| {
            let mut captures = captures.to_vec();
            captures[first].1 = value;
            captures
        };
        further.map(with).collect()
    }

    /// The program whose `set` the URL carries; of several, the one that most of it is of.
    fn by_set(self, place: &Spot<'_, '_>, target: &Target<'_>) -> Option<Step> {
        let mut best: Option<((usize, bool), Mark)> = None;
        for hit in place.hits {
            let Role::Merchant(program) = hit.role else { continue };
            let Form::Set(set) = &self.programs[program].form else { continue };
            let ended = self.programs[program].status == Status::Ended;
            let Some((own, strange)) = own_values(set, place.split, ended) else { continue };
            let captures = set.template.read_some(target).captures;
            if own == 0 && captures.is_empty() {
                continue;
            }
            let rank = (own, !ended);
            if best.as_ref().is_none_or(|(least, _)| rank > *least) {
                let incomplete = own > 0 && own + strange.len() < set.fixed.len();
                let mark = Mark { strange, incomplete, ..mark(Maker::Program(program), captures, None) };
                best = Some((rank, mark));
            }
        }
        best.map(|(_, mark)| Step::Tagged(mark))
    }

    fn by_other_set(self, hit: &Hit<'_>, split: &Split<'_>) -> Option<Step> {
        let Role::Merchant(program) = hit.role else { return None };
        let Form::Set(set) = &self.programs[program].form else { return None };
        let captures = set_values(&set.fixed, split)?;
        let retired = self.programs[program].retired.contains(&captures.first()?.1);
        let maker = if retired { Maker::Program(program) } else { Maker::SomebodyElse(program) };
        Some(Step::Tagged(mark(maker, captures, None)))
    }

    fn opaque_net(self, place: &Spot<'_, '_>) -> Option<usize> {
        let path = place.split.text.get(place.split.path.clone()).unwrap_or_default();
        let somewhere = !matches!(path, "" | "/") || place.split.query.is_some();
        // a label of its own before the host says as much as a path
        let below = |hit: &Hit<'_>| {
            let front = place.host.strip_suffix(hit.domain).unwrap_or_default();
            somewhere || !matches!(front, "" | "www.")
        };
        place.hits.iter().find_map(|hit| match hit.role {
            Role::Short(net) => somewhere.then_some(net),
            Role::Tracking(net) => {
                let network = self.nets[net].network;
                (below(hit) && network.opaque && !network.excludes_host(place.host, hit.domain)).then_some(net)
            }
            _ => None,
        })
    }

    /// Whether the URL is one of a merchant's shop: the catalog's or a program's.
    pub(super) fn is_merchant(self, place: &Spot<'_, '_>) -> bool {
        place.hits.iter().any(|hit| match hit.role {
            Role::Store(net, _) => {
                let network = self.nets[net].network;
                !network.excludes_host(place.host, hit.domain) && !network.excludes_path(&place.split.path_resolved())
            }
            Role::Merchant(program) => match &self.programs[program].form {
                // the catalog says which pages of these hosts are a shop
                Form::Network { net, .. } => {
                    let own = |hit: &Hit<'_>| matches!(hit.role, Role::Store(other, _) if other == *net);
                    let network = self.nets[*net].network;
                    !network.is_merchant() || network.custom_domains && !place.hits.iter().any(own)
                }
                _ => true,
            },
            _ => false,
        })
    }
}

/// Those parameters of a `set` that stand, with whatever values they have, where the first, which says whom the link credits,
/// stands and is not empty.
fn set_values(fixed: &[(String, String)], split: &Split<'_>) -> Option<Vec<(String, String)>> {
    let pairs = query::pairs(split.text, split.query.clone()?);
    let value = |name: &str| {
        let pair = pairs.iter().find(|pair| pair.name_in(split.text) == name)?;
        Some((name.to_owned(), query::decode(pair.value_in(split.text)).into_owned()))
    };
    let first = value(&fixed.first()?.0).filter(|(_, value)| !value.is_empty())?;
    Some(std::iter::once(first).chain(fixed.iter().skip(1).filter_map(|(name, _)| value(name))).collect())
}

/// The id that `value` begins with, where something stands behind it that no id and no word holds.
fn intact(value: &str, allows: impl Fn(u8) -> bool) -> Option<&str> {
    let id = value.get(..value.bytes().take_while(|&byte| allows(byte)).count())?;
    let behind = value.get(id.len()..)?.chars().next()?;
    (!behind.is_alphanumeric() && !matches!(behind, '-' | '_')).then_some(id)
}

fn wrapper(maker: Maker, read: Read) -> Step {
    let Read { captures, destination, ambiguous } = read;
    Step::Wrapper(mark(maker, captures, None), destination, ambiguous)
}

fn mark(maker: Maker, captures: Vec<(String, String)>, store: Option<&'static Host>) -> Mark {
    Mark {
        maker,
        captures,
        destination: None,
        path: None,
        store,
        strange: Vec::new(),
        incomplete: false,
        beside: Vec::new(),
    }
}

/// How many parameters of `set` have their value, where the first, which says whom the link credits, is one of them;
/// and the names of those that have another. Of a parameter that stands twice the first counts; with `any`, as is asked of
/// a program that has ended, whichever is one's own.
///
/// A `set` of sub-IDs alone has none, and no first either.
fn own_values(set: &Set, split: &Split<'_>, any: bool) -> Option<(usize, Vec<String>)> {
    let pairs = split.query.clone().map_or_else(Vec::new, |query| query::pairs(split.text, query));
    let (mut own, mut strange) = (0, Vec::new());
    for (at, (name, wanted)) in set.fixed.iter().enumerate() {
        let found = pairs.iter().filter(|pair| pair.name_in(split.text) == *name);
        let mut found = found.take(if any { usize::MAX } else { 1 }).peekable();
        let there = found.peek().is_some();
        if found.any(|pair| query::decode(pair.value_in(split.text)).eq_ignore_ascii_case(wanted)) {
            own += 1;
        } else if at == 0 {
            return None;
        } else if there {
            strange.push(name.clone());
        }
    }
    Some((own, strange))
}

fn has_label(host: &str, domain: &str, label: &str) -> bool {
    let front = host.strip_suffix(domain).and_then(|front| front.strip_suffix('.'));
    front.is_some_and(|front| front == label || front.strip_suffix(label).is_some_and(|more| more.ends_with('.')))
}
