//! Paths to values in front matter, as `links.front_matter` names them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::yaml::Node;

/// A path to values in front matter: `key(.key|[])*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPath(pub Vec<Step>);

/// One step of a [`KeyPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value under a key.
    Key(String),
    /// Every item of a list.
    Items,
}

/// Why a text is no [`KeyPath`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyPathError {
    /// Nothing, or `[]` before any key.
    #[error("`{0}` does not start with a key")]
    NoKey(String),
    /// Two dots running, or a dot at an end.
    #[error("`{0}` has an empty key")]
    EmptyKey(String),
    /// A bracket that is no part of `[]`, or a key right behind one.
    #[error("`{0}` has a bracket that is not `[]` behind a key")]
    Bracket(String),
}

impl KeyPath {
    /// Reads a path such as `affiliate_link` or `products[].url`; a key is anything but `.`, `[` and `]`.
    pub fn parse(path: &str) -> Result<Self, KeyPathError> {
        let mut steps = Vec::new();
        for (index, part) in path.split('.').enumerate() {
            let (key, lists) = part.split_at(part.find(['[', ']']).unwrap_or(part.len()));
            if !lists.len().is_multiple_of(2) || !lists.replace("[]", "").is_empty() {
                return Err(KeyPathError::Bracket(path.to_owned()));
            }
            if key.trim().is_empty() {
                let error = if index == 0 { KeyPathError::NoKey } else { KeyPathError::EmptyKey };
                return Err(error(path.to_owned()));
            }
            steps.push(Step::Key(key.trim().to_owned()));
            steps.extend((0..lists.len() / 2).map(|_| Step::Items));
        }
        Ok(Self(steps))
    }

    /// The nodes that the path leads to from `root`, in the order written.
    pub(super) fn find<'n>(&self, root: &'n Node) -> Vec<&'n Node> {
        self.0.iter().fold(vec![root], |nodes, step| match step {
            Step::Key(key) => nodes.into_iter().filter_map(|node| node.get(key)).collect(),
            Step::Items => nodes.into_iter().flat_map(Node::items).collect(),
        })
    }
}

impl FromStr for KeyPath {
    type Err = KeyPathError;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        Self::parse(path)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => out.write_str(key)?,
                Step::Key(key) => write!(out, ".{key}")?,
                Step::Items => out.write_str("[]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_printed() {
        let key = |name: &str| Step::Key(name.into());
        for (path, steps) in [
            ("affiliate_link", vec![key("affiliate_link")]),
            ("products[].url", vec![key("products"), Step::Items, key("url")]),
            ("a.b[].c", vec![key("a"), key("b"), Step::Items, key("c")]),
            ("grid[][]", vec![key("grid"), Step::Items, Step::Items]),
            ("Buy here.größe", vec![key("Buy here"), key("größe")]),
        ] {
            let parsed = KeyPath::parse(path).expect("valid");
            assert_eq!(parsed.0, steps, "{path}");
            assert_eq!(parsed.to_string(), path);
        }
    }

    #[test]
    fn what_is_no_path_is_named() {
        for (path, error) in [
            ("", "`` does not start with a key"),
            ("[].a", "`[].a` does not start with a key"),
            (".a", "`.a` does not start with a key"),
            ("a..b", "`a..b` has an empty key"),
            ("a.", "`a.` has an empty key"),
            ("a.[]", "`a.[]` has an empty key"),
            ("a[0]", "`a[0]` has a bracket that is not `[]` behind a key"),
            ("a[]b", "`a[]b` has a bracket that is not `[]` behind a key"),
            ("a]", "`a]` has a bracket that is not `[]` behind a key"),
            ("a][", "`a][` has a bracket that is not `[]` behind a key"),
        ] {
            assert_eq!(KeyPath::parse(path).map_err(|error| error.to_string()), Err(error.to_owned()));
        }
    }
}
