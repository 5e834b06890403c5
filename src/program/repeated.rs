//! Tracking parameters that stand twice in a URL. Decides which parameters are a network's or a program's.

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
        let mut names: Vec<_> = pairs.iter().map(|pair| pair.name_in(url)).collect();
        names.sort_unstable();
        if names.windows(2).all(|two| two[0] != two[1]) {
            return Vec::new();
        }
        let Some(decoded) = self.decoder().decode(url) else { return Vec::new() };
        let Some(template) = decoded.marks.first().and_then(|mark| self.template_of(mark.maker)) else {
            return Vec::new();
        };
        let mut repeated: Vec<Repeated> = Vec::new();
        for pair in &pairs {
            let name = pair.name_in(url);
            let same: Vec<_> = pairs.iter().filter(|other| other.name_in(url) == name).collect();
            let known = template.names().any(|known| known.eq_ignore_ascii_case(&name));
            if same.len() < 2 || !known || repeated.iter().any(|done| done.name == *name) {
                continue;
            }
            let value = pair.value_in(url);
            let equal = same.iter().all(|other| other.value_in(url) == value);
            let edits =
                edit_params(&split, Place { in_fragment: false, any_case: false }, &[Change::Set(&name, value)]);
            repeated.push(Repeated { name: name.into_owned(), equal, edits });
        }
        repeated
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
