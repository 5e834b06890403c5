//! Whom a link credits: the user, a partner, somebody else, nobody. Decides it by ids alone; what is done about it is
//! the plan's.

use std::collections::BTreeMap;

use super::decode::{Decoded, Maker, Mark};
use super::form::{Form, Ids, Net, Program};
use super::{Credit, Layer, OuterLayer, OwnState, PartnerSpec, Status};
use crate::networks::Network;
use crate::networks::template::SUBID;

/// Who could be credited.
#[derive(Clone, Copy)]
pub(super) struct Judge<'m> {
    pub(super) nets: &'m [Net],
    pub(super) programs: &'m [Program],
    pub(super) partners: &'m [PartnerSpec],
}

enum Whose {
    Own(usize, OwnState),
    Partner(String),
    Foreign,
    /// It does not say.
    Silent,
    /// The merchant's own advertising.
    Nobody,
}

impl Judge<'_> {
    /// Whom `decoded` credits: the innermost layer that names somebody, since its click is the last. A layer of one's own
    /// whose program has ended goes before all others: no such link may stay, whatever it holds.
    pub(super) fn credit(self, decoded: &Decoded) -> (Credit, OwnState) {
        let mut silent = decoded.opaque;
        let mut innermost = None;
        for mark in decoded.marks.iter().rev() {
            let found = match self.whose(mark, decoded.destination.as_deref()) {
                Whose::Own(program, OwnState::Ended) => return (Credit::Own(program), OwnState::Ended),
                Whose::Own(program, state) => (Credit::Own(program), state),
                Whose::Partner(name) => (Credit::Partner(name), OwnState::Right),
                Whose::Foreign => (Credit::Foreign, OwnState::Right),
                Whose::Silent => {
                    silent = true;
                    continue;
                }
                Whose::Nobody => continue,
            };
            innermost.get_or_insert(found);
        }
        innermost.unwrap_or((if silent { Credit::Unknown } else { Credit::None }, OwnState::Right))
    }

    /// The own wrappers of `decoded`, from the outside in, that can be taken off without touching the layer it credits.
    pub(super) fn outer(self, decoded: &Decoded) -> Vec<OuterLayer> {
        let whose = |mark| self.whose(mark, decoded.destination.as_deref());
        let credited = decoded.marks.iter().rposition(|mark| !matches!(whose(mark), Whose::Silent | Whose::Nobody));
        // the wrapper of what cannot be read is no more than a wrapper
        let wrappers = if decoded.opaque { decoded.wrappers } else { credited.unwrap_or(0).min(decoded.wrappers) };
        let layers = decoded.marks.iter().take(wrappers).map_while(|mark| match whose(mark) {
            Whose::Own(program, state) => Some(OuterLayer { program, state, inner: mark.destination.clone()? }),
            _ => None,
        });
        layers.collect()
    }

    /// `mark` for people to read.
    pub(super) fn layer(self, mark: &Mark) -> Layer {
        let ids = || mark.captures.iter().filter(|(name, _)| name != SUBID).cloned();
        let (network, publisher, ids): (_, _, BTreeMap<_, _>) = match mark.maker {
            Maker::Network(net, _) => {
                let network = self.nets[net].network;
                let publisher = network.publisher.and_then(|name| mark.get(name)).map(str::to_owned);
                (network.id, publisher, ids().collect())
            }
            Maker::Program(program) | Maker::SomebodyElse(program) => {
                let program = &self.programs[program];
                let fixed = match &program.form {
                    Form::Set(set) if ids().next().is_none() => set.fixed.clone(),
                    _ => ids().collect(),
                };
                let publisher = fixed.first().map(|(_, value)| value.clone());
                (program.name.as_str(), publisher, fixed.into_iter().collect())
            }
        };
        let subid = mark.get(SUBID).map(str::to_owned);
        let destination = mark.destination.as_ref().or(mark.path.as_ref()).cloned();
        Layer { network: network.to_owned(), publisher, ids, subid, destination }
    }

    fn whose(self, mark: &Mark, destination: Option<&str>) -> Whose {
        let first = self.whose_first(mark, destination);
        if matches!(first, Whose::Partner(_)) {
            return first;
        }
        let ended = mark.beside.iter().find_map(|captures| {
            let twin = Mark { captures: captures.clone(), beside: Vec::new(), ..mark.clone() };
            let whose = self.whose_first(&twin, destination);
            matches!(whose, Whose::Own(_, OwnState::Ended)).then_some(whose)
        });
        ended.unwrap_or(first)
    }

    /// Whose `mark` is by the id that stands in it first.
    fn whose_first(self, mark: &Mark, destination: Option<&str>) -> Whose {
        let (net, form) = match mark.maker {
            Maker::SomebodyElse(_) => return Whose::Foreign,
            Maker::Program(program) => return Whose::Own(program, self.made_state(program, mark)),
            Maker::Network(net, form) => (net, form),
        };
        let network = self.nets[net].network;
        let data = self.nets[net].forms[form].data;
        let publisher = network.publisher.as_slice();
        let keys = if data.key.is_empty() { publisher } else { data.key };
        let values: Option<Vec<_>> = keys.iter().map(|key| Some((*key, mark.get(key)?))).collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            return if network.credits_nobody { Whose::Nobody } else { Whose::Silent };
        };
        if let Some(program) = self.owner(net, &values, mark, destination) {
            return Whose::Own(program, self.state(network, program, mark));
        }
        let partner = |partner: &&PartnerSpec| {
            partner.network.id == network.id && values.iter().all(|(key, value)| has(&partner.ids, key, value))
        };
        if let Some(partner) = self.partners.iter().find(partner) {
            return Whose::Partner(partner.name.clone());
        }
        match values.first() {
            _ if data.opaque => Whose::Silent,
            _ if network.credits_nobody || data.advertising => Whose::Nobody,
            Some((_, value)) if network.is_nobody(value) => Whose::Nobody,
            _ => Whose::Foreign,
        }
    }

    /// The program whose ids these are; of several, the one for this merchant.
    fn owner(self, net: usize, values: &[(&str, &str)], mark: &Mark, destination: Option<&str>) -> Option<usize> {
        let network = self.nets[net].network;
        let owned = |(at, program): (usize, &Program)| {
            let ids = program.ids_in(net)?;
            let mine = |key: &str, value: &str| {
                let retired = network.publisher == Some(key) && program.retired.iter().any(|id| id == value);
                retired || ids.all(key).any(|id| id == value)
            };
            values.iter().all(|(key, value)| mine(key, value)).then(|| {
                let domain = destination.is_some_and(|url| program.has_domain_of(url));
                let merchant = is_merchant_of(network, ids, mark) == Some(true);
                (at, (merchant, domain, program.status != Status::Ended))
            })
        };
        let mut best: Option<(usize, (bool, bool, bool))> = None;
        for (at, rank) in self.programs.iter().enumerate().filter_map(owned) {
            if best.is_none_or(|(_, least)| rank > least) {
                best = Some((at, rank));
            }
        }
        best.map(|(at, _)| at)
    }

    fn state(self, network: &Network, program: usize, mark: &Mark) -> OwnState {
        let program = &self.programs[program];
        let Form::Network { ids, .. } = &program.form else { return OwnState::Right };
        if program.status == Status::Ended && is_merchant_of(network, ids, mark) != Some(false) {
            return OwnState::Ended;
        }
        let Some((name, value)) = network.publisher.and_then(|name| Some((name, mark.get(name)?))) else {
            return OwnState::Right;
        };
        let here = ids.of(network, name, mark.store.map(|store| store.domain));
        let per_store = network.id_named(name).is_some_and(|id| id.per_store);
        if program.retired.iter().any(|id| id == value) && !(per_store && here.is_empty()) {
            return OwnState::Retired;
        }
        if !here.iter().any(|id| id == value) {
            return if here.is_empty() { OwnState::NoIdForStore } else { OwnState::WrongStore };
        }
        let decided = mark.store.map_or(&[][..], |store| store.values);
        let other = |(name, value): &(&str, &str)| mark.get(name).is_some_and(|found| found != *value);
        let mut undecided = mark.store.into_iter().flat_map(|store| network.undecided(store));
        let of_another = |name: &str| mark.get(name).is_some_and(|found| network.is_decided(name, found));
        if decided.iter().any(other) || undecided.any(of_another) { OwnState::WrongStore } else { OwnState::Right }
    }

    fn made_state(self, program: usize, mark: &Mark) -> OwnState {
        let program = &self.programs[program];
        let retired = mark.captures.first().is_some_and(|(_, value)| program.retired.contains(value));
        match program.status {
            Status::Ended => OwnState::Ended,
            _ if retired => OwnState::Retired,
            Status::Active if mark.incomplete => OwnState::Incomplete,
            _ => OwnState::Right,
        }
    }
}

/// Whether the link is for the merchant that `ids` are for; `None` where either does not say.
fn is_merchant_of(network: &Network, ids: &Ids, mark: &Mark) -> Option<bool> {
    let name = network.merchant?;
    let value = mark.get(name)?;
    ids.all(name).next()?;
    Some(ids.all(name).any(|id| id == value))
}

fn has(ids: &BTreeMap<String, Vec<String>>, key: &str, value: &str) -> bool {
    ids.get(key).is_some_and(|values| values.iter().any(|id| id == value))
}
