//! `rel` and `target`: what a link has, what it lacks, and the edits that add it. Decides how tokens are merged into what
//! the author wrote; never takes one away.

use crate::config::policy::{Policy, Target};
use crate::document::{Attribute, AttributeSyntax, Attributes, Link, escape};
use crate::edit::Edit;
use crate::span::Span;

/// The attributes that a link is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its `rel`; `None` for none.
    pub rel: Option<String>,
    /// Its `target`; `None` for none.
    pub target: Option<String>,
}

impl Wanted {
    /// What `link` has now.
    pub fn standing(link: &Link) -> Self {
        let text = |attribute: Option<&Attribute>| attribute.map(|attribute| attribute.text().to_owned());
        let attributes = link.attributes.as_ref();
        Self {
            rel: text(attributes.and_then(|attributes| attributes.rel.as_ref())),
            target: text(attributes.and_then(|attributes| attributes.target.as_ref())),
        }
    }

    /// What an affiliate link is to have that now has these attributes.
    #[must_use]
    pub fn for_affiliate(&self, policy: &Policy) -> Self {
        let mut tokens: Vec<&str> = policy.rel.iter().map(String::as_str).collect();
        let mut target = self.target.clone();
        if policy.target == Target::Blank {
            target.get_or_insert_with(|| "_blank".to_owned());
            if target.as_deref() == Some("_blank") {
                tokens.push("noopener");
            }
        }
        Self { rel: merge(self.rel.as_deref(), &tokens), target }
    }

    /// The attributes as they are written into a new tag or list, each with a space before it.
    pub fn written(&self) -> String {
        [("rel", &self.rel), ("target", &self.target)]
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| written(name, value)))
            .collect()
    }
}

/// `standing` with those of `tokens` that it lacks behind it; tokens are compared without case (HTML, "link types") and
/// may be separated by commas, which Google reads too.
fn merge(standing: Option<&str>, tokens: &[&str]) -> Option<String> {
    let has = |token: &str| {
        let mut present = standing.unwrap_or_default().split(|c: char| c.is_ascii_whitespace() || c == ',');
        present.any(|present| present.eq_ignore_ascii_case(token))
    };
    let missing: Vec<_> = tokens.iter().copied().filter(|token| !has(token)).collect();
    if missing.is_empty() {
        return standing.map(str::to_owned);
    }
    let standing = standing.unwrap_or_default();
    let gap = if standing.is_empty() || standing.ends_with(|c: char| c.is_ascii_whitespace()) { "" } else { " " };
    Some(format!("{standing}{gap}{}", missing.join(" ")))
}

/// Edits that give `attributes` what is `wanted`, sorted.
pub fn edits(attributes: &Attributes, wanted: &Wanted) -> Vec<Edit> {
    let mut inserted = String::new();
    let mut edits = Vec::new();
    let pairs = [("rel", &attributes.rel, &wanted.rel), ("target", &attributes.target, &wanted.target)];
    for (name, standing, wanted) in pairs {
        match (standing, wanted) {
            (None, None) => {}
            // with the space before it; a tag's name stands before its first attribute, so there is one
            (Some(standing), None) => {
                edits.push(Edit::replace(Span::new(standing.whole.start.saturating_sub(1), standing.whole.end), ""));
            }
            (None, Some(wanted)) => inserted.push_str(&written(name, wanted)),
            (Some(standing), Some(wanted)) => edits.extend(changed(standing, wanted)),
        }
    }
    if !inserted.is_empty() {
        edits.push(Edit::insert(attributes.insert_at, inserted));
    }
    for edit in &mut edits {
        // a tag's attributes are judged with its link; a list's are text to a parser that knows no lists
        edit.fold = attributes.syntax != AttributeSyntax::Tag;
    }
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

fn changed(standing: &Attribute, wanted: &str) -> Option<Edit> {
    if standing.text() == wanted {
        return None;
    }
    let Some(field) = &standing.value else {
        return Some(Edit::insert(standing.name.end, format!("=\"{wanted}\"")));
    };
    let quoted = standing.whole.end > field.span.end;
    match wanted.strip_prefix(standing.text()) {
        Some(added) if quoted => Some(Edit::insert(field.span.end, added)),
        _ if quoted => Some(Edit::replace(field.span, escape::attribute_text(wanted, '"'))),
        _ => Some(Edit::replace(field.span, format!("\"{}\"", escape::attribute_text(wanted, '"')))),
    }
}

fn written(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escape::attribute_text(value, '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_merged_behind_what_stands() {
        let tokens = ["sponsored", "nofollow"];
        for (standing, merged) in [
            (None, Some("sponsored nofollow")),
            (Some(""), Some("sponsored nofollow")),
            (Some("noopener"), Some("noopener sponsored nofollow")),
            (Some("NoFollow"), Some("NoFollow sponsored")),
            (Some("ugc,nofollow "), Some("ugc,nofollow sponsored")),
            (Some("nofollow  sponsored"), Some("nofollow  sponsored")),
        ] {
            assert_eq!(merge(standing, &tokens).as_deref(), merged, "{standing:?}");
        }
        assert_eq!(merge(None, &[]), None);
    }
}
