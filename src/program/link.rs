//! Links as edits of the URL that stands there: a program's link to its destination, or the clean destination. Decides
//! how a link is written; whether it should be, the plan does.

use thiserror::Error;

use super::decode::{Decoded, Maker, Mark};
use super::form::{Form, Ids, Net, NetForm};
use super::map::ProgramMap;
use super::url::{Change, Place, Split, UrlEdit, apply, edit_params};
use super::{Credit, OwnState, UnsafeUrl, UrlFacts};
use crate::networks::Host;
use crate::networks::query::escape_unsafe;
use crate::networks::template::{Missing, Read, SUBID, Target, Template};

/// Why there is no link to write.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoLink {
    /// The URL is not to be touched.
    #[error("unsafe URL: {0}")]
    Unsafe(UnsafeUrl),
    /// The link does not say where it leads.
    #[error("the link does not say where it leads")]
    NoDestination,
    /// The link can be read in several ways.
    #[error("the destination can be read in several ways")]
    Ambiguous,
    /// One of the site's own redirects: what it leads to is changed where it is kept.
    #[error("one of the site's own redirects")]
    OwnRedirect,
    /// No id is configured for the store.
    #[error("no id for this store")]
    NoIdForStore,
    /// An id is missing.
    #[error("no `{0}`")]
    MissingId(String),
    /// The network's links lead to fixed pages.
    #[error("this network cannot link to a page of one's choice")]
    NotDeeplinkable,
}

/// The link as it stands.
struct Current<'c> {
    url: &'c Split<'c>,
    decoded: &'c Decoded,
    destination: &'c str,
    /// Whether its innermost tag is one of the user's.
    own: bool,
}

impl ProgramMap {
    /// The edits that turn `url`, of which `facts` speaks, into a link of program `program` to `facts.destination`; none
    /// where it is one that needs no mending.
    ///
    /// Ranges are bytes of `url`. A sub-ID that an own link has stays; `subid` is for links that have none.
    pub fn build(
        &self,
        program: usize,
        url: &str,
        facts: &UrlFacts,
        subid: Option<&str>,
    ) -> Result<Vec<UrlEdit>, NoLink> {
        let destination = check(facts)?;
        if facts.credit == Credit::Own(program) && facts.own_state == OwnState::Right {
            return Ok(Vec::new());
        }
        let own = matches!(facts.credit, Credit::Own(_));
        let kept = facts.layers.iter().rev().find_map(|layer| layer.subid.as_deref()).filter(|_| own);
        let subid = kept.or(subid).filter(|_| self.subid_rule(program).is_some());
        let decoded = &facts.reading.0;
        let split = Split::of(url).ok_or(NoLink::NoDestination)?;
        let current = Current { url: &split, decoded, destination, own };
        let Some(spec) = self.programs.get(program) else { return Err(NoLink::NoDestination) };
        let value = |name: &str| subid.filter(|_| name == SUBID).map(str::to_owned);
        match &spec.form {
            Form::Template(template) => Ok(replace(&split, &template.write(destination, &value).map_err(missing)?)),
            Form::Set(set) => {
                let settings = set.template.settings(destination, &value).map_err(missing)?;
                let same = decoded.marks.last().is_some_and(|mark| mark.maker == Maker::Program(program));
                Ok(self.append(&current, &set.template, None, &settings, same))
            }
            Form::Network { net, ids } => self.build_network(*net, ids, &current, subid),
        }
    }

    /// The edits that turn `url`, of which `facts` speaks, into its clean destination: affiliate parameters taken out,
    /// wrappers replaced by what they hold; `None` where there is nothing to take out, or nothing known that could stay.
    pub fn clean(&self, url: &str, facts: &UrlFacts) -> Option<Vec<UrlEdit>> {
        let destination = check(facts).ok()?;
        let decoded = &facts.reading.0;
        let split = Split::of(url)?;
        let mark = decoded.marks.last()?;
        if decoded.is_wrapped() {
            return Some(replace(&split, &escape_unsafe(destination)));
        }
        Some(self.decoder().cleaning(&split, mark))
    }

    /// The edits that put `inner`, a URL inside wrappers of `url`, in its place.
    pub fn unwrap(&self, url: &str, inner: &str) -> Vec<UrlEdit> {
        Split::of(url).map_or_else(Vec::new, |split| replace(&split, &escape_unsafe(inner)))
    }

    fn build_network(
        &self,
        net: usize,
        ids: &Ids,
        current: &Current<'_>,
        subid: Option<&str>,
    ) -> Result<Vec<UrlEdit>, NoLink> {
        let network = self.nets[net].network;
        let store = self.store_of(net, current.destination);
        let mark = current.decoded.marks.last().filter(|mark| current.own && in_net(mark, net));
        let value = |name: &str| match name {
            SUBID => subid.map(str::to_owned),
            name => written_id(network, ids, store, name).or_else(|| {
                // what says whom a link credits, or in which store, is written from the configuration or not at all
                network.id_named(name).filter(|id| !id.per_store && network.publisher != Some(id.name))?;
                mark.and_then(|mark| mark.get(name)).map(str::to_owned)
            }),
        };
        let mut problem = NoLink::NotDeeplinkable;
        // what was copied from the network is the form to write, whatever else the ids in it would fill
        let meant = |at: usize| ids.base.as_ref().is_none_or(|base| base.form == at);
        let forms = self.nets[net].forms.iter().enumerate();
        for (at, form) in forms.filter(|(at, form)| meant(*at) && can_deeplink(form)) {
            match self.write_form(at, form, ids, current, &value) {
                Ok(edits) => return Ok(edits),
                Err(Missing(name)) if problem == NoLink::NotDeeplinkable => {
                    let per_store = network.id_named(&name).is_some_and(|id| id.per_store);
                    problem = if per_store { NoLink::NoIdForStore } else { NoLink::MissingId(name) };
                }
                Err(_) => {}
            }
        }
        Err(problem)
    }

    fn write_form(
        &self,
        at: usize,
        form: &NetForm,
        ids: &Ids,
        current: &Current<'_>,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<UrlEdit>, Missing> {
        let destination = current.destination;
        let said = form.of.as_ref().map(|of| read_of(of, destination));
        let said = |name: &str| said.as_ref()?.as_ref()?.get(name).map(str::to_owned);
        let value = &|name: &str| value(name).or_else(|| said(name));
        if form.template.is_append() || form.data.swap.is_some() {
            let settings = form.template.settings(destination, value)?;
            let same = current.own && current.decoded.marks.last().is_some_and(|mark| self.is_form(mark, form));
            return Ok(self.append(current, &form.template, Some(form), &settings, same));
        }
        let text = match ids.base.as_ref().filter(|base| base.form == at) {
            Some(base) if form.template.names_of_url().next().is_some() => {
                extend(&base.text, &form.template, destination, value)?
            }
            _ => form.template.write(destination, value)?,
        };
        Ok(replace(current.url, &text))
    }

    /// Takes out what only other stores decide: a link that is written here cannot mean it.
    fn of_other_stores<'m>(&'m self, url: &Split<'_>, form: Option<&'m NetForm>) -> Vec<Change<'m>> {
        let Some(form) = form else { return Vec::new() };
        let has_form = |net: &Net| net.forms.iter().any(|one| std::ptr::eq(one, form));
        let Some(net) = self.nets.iter().position(has_form) else { return Vec::new() };
        if self.nets[net].network.hosts.iter().all(|store| store.values.is_empty()) {
            return Vec::new();
        }
        let undecided = self.store_of(net, url.text).map(|store| self.nets[net].network.undecided(store));
        let names = undecided.into_iter().flatten().flat_map(|name| form.template.names_of(name));
        names.map(Change::Remove).collect()
    }

    fn is_form(&self, mark: &Mark, form: &NetForm) -> bool {
        matches!(mark.maker, Maker::Network(net, at) if std::ptr::eq(&raw const self.nets[net].forms[at], form))
    }

    /// Sets parameters on the merchant's URL; `same`: it is an own link of this form, of which all else stays.
    fn append(
        &self,
        current: &Current<'_>,
        template: &Template,
        form: Option<&NetForm>,
        settings: &[(String, String)],
        same: bool,
    ) -> Vec<UrlEdit> {
        if current.decoded.is_wrapped() {
            let Some(bare) = Split::of(current.destination) else { return Vec::new() };
            let edits = self.set(&bare, None, template, form, settings, false);
            return replace(current.url, &escape_unsafe(&apply(current.destination, &edits)));
        }
        self.set(current.url, current.decoded.marks.last(), template, form, settings, same)
    }

    fn set(
        &self,
        url: &Split<'_>,
        mark: Option<&Mark>,
        template: &Template,
        form: Option<&NetForm>,
        settings: &[(String, String)],
        same: bool,
    ) -> Vec<UrlEdit> {
        let place = Place { in_fragment: template.in_fragment(), any_case: form.is_some() };
        let mut edits = Vec::new();
        let mut changes = self.of_other_stores(url, form);
        if let Some(mark) = mark.filter(|_| !same) {
            edits.extend(self.decoder().clean_path(url, mark));
            let traces = self.decoder().traces(mark);
            let ours = |name: &str| settings.iter().any(|(ours, _)| ours.eq_ignore_ascii_case(name));
            let gone = traces.names.into_iter().map(Change::Remove);
            if traces.place.in_fragment == place.in_fragment {
                changes.extend(gone.filter(|change| matches!(change, Change::Remove(name) if !ours(name))));
            } else {
                edits.extend(edit_params(url, traces.place, &gone.collect::<Vec<_>>()));
            }
        }
        let stays = |name: &str| {
            let mut kept = template.names_of_subid().chain(template.names_of_written());
            same && kept.any(|kept| kept == name) && has_param(url, name)
        };
        let set = settings.iter().filter(|(name, _)| !stays(name));
        changes.extend(set.map(|(name, text)| Change::Set(name, text)));
        edits.extend(edit_params(url, place, &changes));
        if let Some((_, affiliate)) = form.and_then(|form| form.data.swap) {
            edits.retain(|edit| edit.range != url.host);
            if url.text.get(url.host.clone()) != Some(affiliate) {
                edits.push(UrlEdit { range: url.host.clone(), text: affiliate.to_owned() });
            }
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        edits
    }
}

fn check(facts: &UrlFacts) -> Result<&str, NoLink> {
    match facts.unsafe_url {
        Some(kind) => Err(NoLink::Unsafe(kind)),
        None if facts.own_redirect => Err(NoLink::OwnRedirect),
        None if facts.ambiguous => Err(NoLink::Ambiguous),
        None => facts.destination.as_deref().ok_or(NoLink::NoDestination),
    }
}

fn missing(Missing(name): Missing) -> NoLink {
    NoLink::MissingId(name)
}

fn in_net(mark: &Mark, net: usize) -> bool {
    matches!(mark.maker, Maker::Network(other, _) if other == net)
}

fn can_deeplink(form: &NetForm) -> bool {
    let whole = form.template.has_destination() || form.of.is_some();
    (whole || form.template.is_append() || form.data.swap.is_some()) && !form.data.read_only
}

/// What `of` finds in `destination`.
fn read_of(of: &Template, destination: &str) -> Option<Read> {
    let split = Split::of(destination)?;
    let mut buffer = [0; 253];
    let host = split.host_name(&mut buffer)?;
    of.read(&Target::new(host.as_str(), split.rest()))
}

/// What a link carries for capture `name`: what the store decides, else the first of one's own ids.
fn written_id(network: &crate::networks::Network, ids: &Ids, store: Option<&Host>, name: &str) -> Option<String> {
    let decided = store.and_then(|store| store.values.iter().find(|(known, _)| *known == name));
    let decided = decided.map(|(_, value)| (*value).to_owned());
    decided.or_else(|| ids.of(network, name, store.map(|store| store.domain)).first().cloned())
}

/// Base link `base` with sub-ID and destination added, in this order.
fn extend(
    base: &str,
    template: &Template,
    destination: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Missing> {
    let Some(split) = Split::of(base) else { return Ok(base.to_owned()) };
    let url: Vec<_> = template.names_of_url().collect();
    let added: Vec<_> = template.names_of_subid().take(1).chain(url.iter().copied().take(1)).collect();
    let settings = template.settings(destination, value)?;
    let set = settings.iter().filter(|(name, _)| added.contains(&name.as_str()));
    let changes: Vec<_> = set.map(|(name, text)| Change::Set(name, text)).collect();
    let place = Place { in_fragment: template.in_fragment(), any_case: true };
    Ok(apply(base, &edit_params(&split, place, &changes)))
}

fn replace(url: &Split<'_>, text: &str) -> Vec<UrlEdit> {
    if url.text.get(url.whole.clone()) == Some(text) {
        return Vec::new();
    }
    vec![UrlEdit { range: url.whole.clone(), text: text.to_owned() }]
}

fn has_param(url: &Split<'_>, name: &str) -> bool {
    let range = url.query.clone().unwrap_or_default();
    crate::networks::query::pairs(url.text, range).iter().any(|pair| pair.name_in(url.text).eq_ignore_ascii_case(name))
}
