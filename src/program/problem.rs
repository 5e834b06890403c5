//! What can be wrong with a program's configuration. Finds nothing; the configuration turns it into findings.

use thiserror::Error;

use crate::networks::template::TemplateError;

/// What is wrong with a program.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}`{field}`: {problem}", of(program))]
pub struct MapError {
    /// The program's name; empty for `links.redirects`.
    pub program: String,
    /// The key of the configuration, or the id's name.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

fn of(program: &str) -> String {
    if program.is_empty() { String::new() } else { format!("`{program}`: ") }
}

/// What is wrong with one value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// A template that is none.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// A glob that is none.
    #[error("`{0}` is no glob")]
    Glob(String),
    /// A domain that is none.
    #[error("`{0}` is no domain such as `shop.example.com`")]
    Domain(String),
    /// A merchant that nobody named.
    #[error("no domains: which merchant is it for")]
    NoDomains,
    /// An id that links cannot do without.
    #[error("missing")]
    MissingId,
    /// An id that the network does not know.
    #[error("`{0}` has no such id")]
    UnknownId(&'static str),
    /// An id with characters or a length that it cannot have.
    #[error("`{0}` cannot be such an id")]
    BadId(String),
    /// A store that the network does not have.
    #[error("`{0}` is no store of this network")]
    UnknownStore(String),
    /// A base link that is somebody else's.
    #[error("`{0}` is no link of this network")]
    BaseLink(String),
    /// An id that is another one in the base link.
    #[error("`{given}` here, and `{link}` in `link`")]
    OtherInLink {
        /// The first of those given by name.
        given: String,
        /// The base link's.
        link: String,
    },
    /// A parameter with a name that cannot be written.
    #[error("`{0}` is no name of a parameter: letters, digits and `-_.~[]` are")]
    ParameterName(String),
    /// No parameter at all.
    #[error("no parameter")]
    NoParameter,
}
