//! Answers once what everybody asks about the links of a page: whose each is, where it leads, which program would win.
//! Pure; decides nothing about what to do.

pub mod language;
pub mod limits;
pub mod link_text;
pub mod load;
pub mod place;
pub mod words;

use crate::document::{Document, Link, LinkKind};
use crate::program::url::{Split, shown_host};
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

/// Where a URL leads, seen from the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// To the site itself: a path, a fragment, or the site's own host.
    Internal,
    /// To another host, by http or https.
    External,
    /// To no page: `mailto:`, `tel:` and the like.
    Other,
}

impl Reach {
    /// Where `url` leads on a site whose host is `site`, where that is known; `www.` makes no difference.
    pub fn of(url: &str, site: Option<&str>) -> Self {
        let bare = |host: &str| host.trim_start_matches("www.").to_ascii_lowercase();
        if Split::of(url).is_some() {
            let own = site.is_some_and(|site| bare(site) == shown_host(url));
            return if own { Self::Internal } else { Self::External };
        }
        let head = url.split(['/', '?', '#']).next().unwrap_or_default();
        if head.contains(':') { Self::Other } else { Self::Internal }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_into_the_site_or_out_of_it() {
        use Reach::{External, Internal, Other};
        for (url, reach) in [
            ("/a", Internal),
            ("../a.html?x=http://b.example/", Internal),
            ("#top", Internal),
            ("", Internal),
            ("https://mysite.example/a", Internal),
            ("//WWW.mysite.example", Internal),
            ("https://shop.mysite.example/", External),
            ("http://other.example", External),
            ("//other.example/a", External),
            ("http://127.0.0.1:8000/", External),
            ("mailto:me@mysite.example", Other),
            ("tel:+123", Other),
            ("javascript:void(0)//x", Other),
        ] {
            assert_eq!(Reach::of(url, Some("www.mysite.example")), reach, "{url}");
        }
        assert_eq!(Reach::of("https://mysite.example/", None), External);
    }
}
