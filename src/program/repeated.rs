//! Tracking parameters that stand twice in a URL. Decides which parameters are a network's or a program's.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::ProgramMap;
use super::decode::Maker;
use super::form::Form;
use super::url::{Change, Place, Split, UrlEdit, edit_params};
use crate::networks::query;
use crate::networks::template::Template;

/// A tracking parameter that stands twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// Its name, as it stands first.
    pub name: String,
    /// Whether all its values are the same.
    pub equal: bool,
    /// The edits that leave the first alone.
    pub edits: Vec<UrlEdit>,
}

impl ProgramMap {
    /// The parameters of the outermost layer of `url` that stand in its query more than once.
    pub fn repeated(&self, url: &str) -> Vec<Repeated> {
        let Some(split) = Split::of(url) else { return Vec::new() };
        let Some((start, question)) = url.find('?').map(|at| (at + 1, at)) else { return Vec::new() };
        let end = url[question..].find('#').map_or(url.len(), |at| question + at);
        let pairs = query::pairs(url, start..end);
        let mut places: FxHashMap<Cow<'_, str>, Vec<usize>> = FxHashMap::default();
        for (index, pair) in pairs.iter().enumerate() {
            places.entry(pair.name_in(url)).or_default().push(index);
        }
        let mut twice: Vec<_> = places.into_iter().filter(|(_, places)| places.len() > 1).collect();
        twice.sort_unstable_by_key(|(_, places)| places[0]);
        if twice.is_empty() {
            return Vec::new();
        }
        let Some(decoded) = self.decoder().decode(url) else { return Vec::new() };
        let Some(template) = decoded.marks.first().and_then(|mark| self.template_of(mark.maker)) else {
            return Vec::new();
        };
        let known = |name: &str| template.names().any(|known| known.eq_ignore_ascii_case(name));
        let repeated = twice.into_iter().filter(|(name, _)| known(name)).map(|(name, places)| {
            let value = pairs[places[0]].value_in(url);
            let equal = places.iter().all(|&place| pairs[place].value_in(url) == value);
            let edits =
                edit_params(&split, Place { in_fragment: false, any_case: false }, &[Change::Set(&name, value)]);
            Repeated { name: name.into_owned(), equal, edits }
        });
        repeated.collect()
    }

    fn template_of(&self, maker: Maker) -> Option<&Template> {
        match maker {
            Maker::Network(net, form) => Some(&self.nets.get(net)?.forms.get(form)?.template),
            Maker::Program(program) | Maker::SomebodyElse(program) => match &self.programs.get(program)?.form {
                Form::Set(set) => Some(&set.template),
                Form::Template(template) => Some(template),
                Form::Network { .. } => None,
            },
        }
    }
}
