//! The catalog: how each network's links are formed and recognised. Data, and nothing but data.

/// One network of the catalog.
#[derive(Debug)]
pub struct Network {
    /// Its catalog id, as `network:` names it.
    pub id: &'static str,
    /// Its name, as people write it.
    pub name: &'static str,
}

/// Which characters a sub-ID may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// Unknown: letters, digits, `-` and `_` are taken.
    Unknown,
    /// Letters and digits.
    Alphanumeric,
    /// Lower-case letters, digits and `_`.
    LowerAlphanumericUnderscore,
    /// Letters, digits, `-` and `_`.
    Word,
}
