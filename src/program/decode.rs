//! What a URL is: wrapper by wrapper from the outside in, down to the merchant's URL. Decides which form a link has;
//! whose ids it carries, `credit` says.

use std::borrow::Cow;

use super::UnsafeUrl;
use super::form::{Form, Net, Program};
use super::index::{Hit, Index, Role};
use super::recognise::{Spot, Step};
use super::url::{Change, Place, Split, UrlEdit, apply, edit_params};
use crate::networks::Host;
use crate::networks::destination::Found;

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
    /// Whether one of its parameters is missing that every link of its program has.
    pub(super) incomplete: bool,
    /// The captures, once more for each further publisher id that stands in the link. Read only where a program has
    /// ended: nobody else asks.
    pub(super) beside: Vec<Vec<(String, String)>>,
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
}

/// The destination, if it is one that every reader understands alike.
fn destination(found: Found) -> Option<String> {
    let Found::Url { url, .. } = found else { return None };
    let split = Split::of(&url)?;
    let host = split.text.get(split.host.clone())?;
    (host.contains('.') && split.unsafe_kind().is_none()).then(|| split.absolute().into_owned())
}
