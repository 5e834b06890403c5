//! What a URL is: wrapper by wrapper from the outside in, down to the merchant's URL. Decides which form a link has;
//! whose ids it carries, `credit` says.

use std::borrow::Cow;

use super::form::{Form, Net, Program, Set};
use super::index::{Hit, Index, Role};
use super::url::{Change, Place, Split, UrlEdit, apply, edit_params};
use super::{Status, UnsafeUrl};
use crate::networks::destination::Found;
use crate::networks::template::{Read, Target};
use crate::networks::{Host, Unpack, query};

/// The most wrappers that are taken off.
const MAX_LAYERS: usize = 5;

/// Who made one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// A program's own template, or its own `set` with own values.
    Program(usize),
    /// A program's `set` with somebody else's value.
    SomebodyElse(usize),
    /// A network: which, and which of its forms.
    Network(usize, usize),
}

/// One layer as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) maker: Maker,
    pub(super) captures: Vec<(String, String)>,
    pub(super) destination: Option<String>,
    /// What follows the merchant's domain there, where the link says no more.
    pub(super) path: Option<String>,
    /// The store it stands in, for a network with stores.
    pub(super) store: Option<&'static Host>,
    /// Parameters of this form that hold a value of nobody's, and stay.
    pub(super) strange: Vec<String>,
}

impl Mark {
    /// The capture called `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.captures.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A URL, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Its layers, from the outside in.
    pub(super) marks: Vec<Mark>,
    /// How many of them are wrappers.
    pub(super) wrappers: usize,
    /// The innermost URL, without anybody's parameters.
    pub(super) destination: Option<String>,
    /// Whether it leads to somewhere that it does not say.
    pub(super) opaque: bool,
    /// The network that alone knows where it leads, as an index into the nets.
    pub(super) opaque_net: Option<usize>,
    /// Whether another destination is possible.
    pub(super) ambiguous: bool,
    /// Whether the innermost URL is a merchant's.
    pub(super) merchant: bool,
    /// Why it is to be left alone.
    pub(super) unsafe_url: Option<UnsafeUrl>,
}

impl Decoded {
    /// Whether a wrapper stands around the destination.
    pub(super) fn is_wrapped(&self) -> bool {
        self.wrappers > 0
    }
}

enum Step {
    /// A wrapper, and what stands where its destination belongs.
    Wrapper(Mark, Found, bool),
    /// A merchant's URL with somebody's parameters.
    Tagged(Mark),
    Opaque(usize),
    Plain,
}

/// The parameters of one mark.
#[derive(Debug)]
pub(super) struct Traces<'m> {
    pub(super) names: Vec<&'m str>,
    pub(super) place: Place,
}

impl Default for Traces<'_> {
    fn default() -> Self {
        Self { names: Vec::new(), place: Place { in_fragment: false, any_case: false } }
    }
}

/// What decoding has to know.
#[derive(Clone, Copy)]
pub(super) struct Decoder<'m> {
    pub(super) index: &'m Index,
    pub(super) nets: &'m [Net],
    pub(super) programs: &'m [Program],
}

/// One URL with what its host is to anybody.
pub(super) struct Spot<'u, 'h> {
    split: &'u Split<'u>,
    host: &'h str,
    hits: &'h [Hit<'h>],
}

impl<'m> Decoder<'m> {
    /// Reads `url`; `None` where it is nobody's business.
    pub(super) fn decode(self, url: &str) -> Option<Decoded> {
        let mut decoded = Decoded::default();
        let mut current = Cow::Borrowed(url);
        for depth in 0..=MAX_LAYERS {
            let Some(step) = self.one(&current, depth, &mut decoded) else {
                // an inner URL that is nobody's business is a destination like any other
                decoded.destination = (depth > 0).then(|| current.clone().into_owned());
                decoded.merchant = false;
                break;
            };
            match step {
                Step::Wrapper(..) if depth == MAX_LAYERS => {
                    decoded.ambiguous = true;
                    break;
                }
                Step::Wrapper(mut mark, found, ambiguous) => {
                    decoded.wrappers += 1;
                    decoded.ambiguous |= ambiguous;
                    if let Found::Path(path) = &found {
                        mark.path = Some(path.clone());
                    }
                    mark.destination = destination(found);
                    let next = mark.destination.clone();
                    decoded.opaque = next.is_none() && !self.is_redirector(&mark);
                    decoded.marks.push(mark);
                    let Some(next) = next else { break };
                    current = Cow::Owned(next);
                }
                Step::Tagged(mut mark) => {
                    mark.destination = self.clean(&current, &mark);
                    decoded.destination.clone_from(&mark.destination);
                    decoded.marks.push(mark);
                    break;
                }
                Step::Opaque(net) => {
                    decoded.opaque = true;
                    decoded.opaque_net = Some(net);
                    break;
                }
                Step::Plain => {
                    decoded.destination = Split::of(&current).map(|split| split.absolute().into_owned());
                    break;
                }
            }
        }
        let marked = decoded.marks.iter().any(|mark| !self.is_redirector(mark));
        let business = marked || decoded.opaque || decoded.merchant || decoded.unsafe_url.is_some();
        business.then_some(decoded)
    }

    /// Whether `mark` is of a redirector that credits nobody.
    pub(super) fn is_redirector(self, mark: &Mark) -> bool {
        let of = |net: usize| self.nets[net].network.credits_nobody && !self.nets[net].network.shop;
        matches!(mark.maker, Maker::Network(net, _) if of(net))
    }

    /// What `mark` put on a merchant's URL.
    pub(super) fn traces(self, mark: &Mark) -> Traces<'m> {
        let (template, drop, any_case) = match mark.maker {
            Maker::Network(net, form) => {
                let form = &self.nets[net].forms[form];
                (&form.template, form.data.drop, true)
            }
            Maker::Program(program) | Maker::SomebodyElse(program) => match &self.programs[program].form {
                Form::Set(set) => (&set.template, &[][..], false),
                Form::Template(template) => (template, &[][..], false),
                Form::Network { .. } => return Traces::default(),
            },
        };
        let ours = |name: &&str| !mark.strange.iter().any(|strange| strange == name);
        let names = template.names().filter(ours).chain(drop.iter().copied()).chain(self.siblings(mark)).collect();
        Traces { names, place: Place { in_fragment: template.in_fragment(), any_case } }
    }

    /// The edits that take them off.
    pub(super) fn cleaning(self, split: &Split<'_>, mark: &Mark) -> Vec<UrlEdit> {
        let traces = self.traces(mark);
        let changes: Vec<_> = traces.names.iter().map(|name| Change::Remove(name)).collect();
        let mut edits = self.clean_path(split, mark);
        edits.extend(edit_params(split, traces.place, &changes));
        edits
    }

    /// `url` without the parameters of `mark`, with a scheme.
    fn clean(self, url: &str, mark: &Mark) -> Option<String> {
        let split = Split::of(url)?;
        let clean = apply(url, &self.cleaning(&split, mark));
        Split::of(&clean).map(|clean| clean.absolute().into_owned())
    }

    /// Where the ids stand in the path, the parameters of the network's other forms.
    fn siblings(self, mark: &Mark) -> Vec<&'m str> {
        let Maker::Network(net, form) = mark.maker else { return Vec::new() };
        let forms = &self.nets[net].forms;
        let in_path = forms[form].clean.is_some();
        let siblings = forms.iter().filter(|form| in_path && form.template.is_append());
        siblings.flat_map(|form| form.template.names()).collect()
    }

    /// The path without its ids, and the merchant's host in place of the network's.
    pub(super) fn clean_path(self, split: &Split<'_>, mark: &Mark) -> Vec<UrlEdit> {
        let Maker::Network(net, form) = mark.maker else { return Vec::new() };
        let form = &self.nets[net].forms[form];
        let mut edits = Vec::new();
        if let Some((merchant, _)) = form.data.swap {
            edits.push(UrlEdit { range: split.host.clone(), text: merchant.to_owned() });
        }
        if let Some(clean) = &form.clean
            && let Ok(path) = clean.write_path("", &|name| mark.get(name).map(str::to_owned))
        {
            edits.push(UrlEdit { range: split.path.clone(), text: path });
        }
        edits
    }

    fn one(self, url: &str, depth: usize, decoded: &mut Decoded) -> Option<Step> {
        let split = Split::of(url)?;
        let mut buffer = [0; 253];
        let host = split.host_name(&mut buffer)?;
        let hits = self.index.find(&host);
        // on a network's own hosts its forms say enough
        let unmarked = |hit: &Hit<'_>| matches!(hit.role, Role::Merchant(_) | Role::Site);
        let marked = if hits.iter().all(unmarked) { self.index.marked(url) } else { Vec::new() };
        if hits.is_empty() && marked.is_empty() {
            return None;
        }
        if let Some(kind) = split.unsafe_kind() {
            let only_site = hits.iter().all(|hit| matches!(hit.role, Role::Site | Role::Redirector(_)));
            if depth == 0 && !only_site {
                decoded.unsafe_url = Some(kind);
                return Some(Step::Plain);
            }
            return None;
        }
        let place = Spot { split: &split, host: host.as_str(), hits: &hits };
        decoded.merchant = self.is_merchant(&place);
        Some(self.step(&place, &marked))
    }

    fn step(self, place: &Spot<'_, '_>, marked: &[usize]) -> Step {
        let target = Target::new(place.host, place.split.rest());
        let made = place.hits.iter().find_map(|hit| self.by_program(place, hit, &target));
        let made = made.or_else(|| place.hits.iter().find_map(|hit| self.by_network(place, hit, &target)));
        let made = made.or_else(|| self.by_set(place, &target));
        let made = made.or_else(|| place.hits.iter().find_map(|hit| self.by_other_set(hit, place.split)));
        let made = made.or_else(|| marked.iter().find_map(|&net| self.by_marker(net, place, &target)));
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
        let tagged = form.template.is_append() || form.clean.is_some() || form.data.swap.is_some();
        Some(if tagged { Step::Tagged(mark(maker, read.captures, store)) } else { wrapper(maker, read) })
    }

    /// The program whose `set` the URL carries; of several, the one that most of it is of.
    fn by_set(self, place: &Spot<'_, '_>, target: &Target<'_>) -> Option<Step> {
        let mut best: Option<((usize, bool), Mark)> = None;
        for hit in place.hits {
            let Role::Merchant(program) = hit.role else { continue };
            let Form::Set(set) = &self.programs[program].form else { continue };
            let Some((own, strange)) = own_values(set, place.split) else { continue };
            let captures = set.template.read_some(target).captures;
            if own == 0 && captures.is_empty() {
                continue;
            }
            let rank = (own, self.programs[program].status != Status::Ended);
            if best.as_ref().is_none_or(|(least, _)| rank > *least) {
                let mark = Mark { strange, ..mark(Maker::Program(program), captures, None) };
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
    fn is_merchant(self, place: &Spot<'_, '_>) -> bool {
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

/// The parameters of a `set` with whatever values they have, where all of them stand and the first is not empty.
fn set_values(fixed: &[(String, String)], split: &Split<'_>) -> Option<Vec<(String, String)>> {
    let pairs = query::pairs(split.text, split.query.clone()?);
    let value = |name: &str| {
        let pair = pairs.iter().find(|pair| pair.name_in(split.text) == name)?;
        Some((name.to_owned(), query::decode(pair.value_in(split.text)).into_owned()))
    };
    let values: Vec<_> = fixed.iter().map(|(name, _)| value(name)).collect::<Option<_>>()?;
    values.first().is_some_and(|(_, value)| !value.is_empty()).then_some(values)
}

fn wrapper(maker: Maker, read: Read) -> Step {
    let Read { captures, destination, ambiguous } = read;
    Step::Wrapper(mark(maker, captures, None), destination, ambiguous)
}

fn mark(maker: Maker, captures: Vec<(String, String)>, store: Option<&'static Host>) -> Mark {
    Mark { maker, captures, destination: None, path: None, store, strange: Vec::new() }
}

/// How many parameters of `set` have their value, where the first, which says whom the link credits, is one of them;
/// and the names of those that have another.
///
/// A `set` of sub-IDs alone has none, and no first either.
fn own_values(set: &Set, split: &Split<'_>) -> Option<(usize, Vec<String>)> {
    let pairs = split.query.clone().map_or_else(Vec::new, |query| query::pairs(split.text, query));
    let (mut own, mut strange) = (0, Vec::new());
    for (at, (name, wanted)) in set.fixed.iter().enumerate() {
        let mut found = pairs.iter().filter(|pair| pair.name_in(split.text) == *name).peekable();
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

/// The destination, if it is one that every reader understands alike.
fn destination(found: Found) -> Option<String> {
    let Found::Url { url, .. } = found else { return None };
    let split = Split::of(&url)?;
    let host = split.text.get(split.host.clone())?;
    (host.contains('.') && split.unsafe_kind().is_none()).then(|| split.absolute().into_owned())
}

fn has_label(host: &str, domain: &str, label: &str) -> bool {
    let front = host.strip_suffix(domain).and_then(|front| front.strip_suffix('.'));
    front.is_some_and(|front| front == label || front.strip_suffix(label).is_some_and(|more| more.ends_with('.')))
}
