//! Disclosures: what a notice says, how it is written, how one is recognised, where it goes. Decides nothing about whether a
//! page needs one: that is for `plan` and `lint`, which share what is here.
//!
//! [`find`] gives everything on a page that tells readers of paid links, with how clear it is under a standard and whether
//! affilink wrote it ([`own`]); [`slot`] gives where a notice would stand; [`crate::disclosure`]
//! writes it.

mod find;
mod lines;
pub mod own;
mod plain;
mod scout;
mod sentence;
mod slot;
mod statement;
mod wording;
mod words;

#[cfg(test)]
mod tests;

pub use self::find::{Disclosures, Found, Kind, Statement, find};
pub use self::slot::{Cause, Slot, begins_page, removal, slot};
pub use self::wording::Wording;
use crate::config::policy::Standard;

/// How clear `text`, a sentence or several, is under `standard`, whatever language it is in; `None` where it says nothing
/// of paid links.
pub fn judge(text: &str, standard: Standard) -> Option<Wording> {
    let words = plain::plain(text);
    let said = wording::label(&words).or_else(|| wording::says(&words));
    said.map(|says| says.wording(standard))
}

/// The network, by its catalog id, whose required sentence `text` is; `None` for any other text.
pub fn required_by(text: &str) -> Option<&'static str> {
    let words = plain::plain(text);
    let with_sentences = crate::networks::all().iter().filter(|network| !network.statements.is_empty());
    with_sentences.map(|network| network.id).find(|id| statement::is_statement(&words, id))
}

/// The languages, as tags, in which sentences of authors are recognised.
pub fn languages() -> impl Iterator<Item = &'static str> {
    words::LEXICONS.iter().map(|lexicon| lexicon.language)
}
