//! Answers once what everybody asks about the links of a page: whose each is, where it leads, which program would win.
//! Pure; decides nothing about what to do.

pub mod language;
pub mod limits;
pub mod load;
pub mod place;
pub mod words;

use crate::document::{Document, Link, LinkKind};
use crate::program::{ProgramMap, UrlFacts};

/// What is known of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFacts {
    /// The URL that [`Self::url`] speaks of: the destination without the white space around it, a bare `www.` address
    /// with its scheme.
    pub address: Address,
    /// What the program map knows of it; `None` for a link that is nobody's business.
    pub url: Option<UrlFacts>,
}

/// A link's URL and where it stands in the decoded destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The URL.
    pub url: String,
    /// How many bytes of the decoded destination stand before it.
    pub skipped: usize,
    /// How many bytes of it do not stand in the destination: the scheme that a bare `www.` address lacks.
    pub added: usize,
}

/// What a bare `www.` address is taken to mean. GitHub's Markdown says `http://` (GFM specification, "Autolinks
/// (extension)"); every merchant redirects that to this.
pub const BARE_SCHEME: &str = "https://";

/// Surveys the links of `document`, the page called `page`: one entry per link, in the same order.
pub fn survey(document: &Document, map: &ProgramMap, page: &str) -> Vec<LinkFacts> {
    document
        .links
        .iter()
        .map(|link| {
            let address = address(link);
            let url = map.look(&address.url, page);
            LinkFacts { address, url }
        })
        .collect()
}

fn address(link: &Link) -> Address {
    let value = link.destination.value.as_str();
    let url = value.trim_matches(|c: char| c.is_ascii_whitespace());
    let skipped = value.len() - value.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
    let schemeless = link.kind == LinkKind::Bare && url.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
    if schemeless {
        return Address { url: format!("{BARE_SCHEME}{url}"), skipped, added: BARE_SCHEME.len() };
    }
    Address { url: url.to_owned(), skipped, added: 0 }
}
