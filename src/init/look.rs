//! One page for `init`: whom its links credit, which merchants it links to, and where such links stand that no parser reads.
//! Pure; decides nothing about what that means.

use std::collections::BTreeSet;

use crate::document::escape::{Context, decode};
use crate::document::offered::{self, Name, Offered};
use crate::document::{self, Argument, KeyPath, ParseOptions};
use crate::init::site::{Access, Seen};
use crate::networks::{self, Network};
use crate::program::url::Split;
use crate::program::{Credit, Layer, ProgramMap, UrlFacts};
use crate::source::{Format, Lines, Source};
use crate::survey::survey;

/// What one page says.
#[derive(Clone, Debug, Default)]
pub struct PageLook {
    /// Its name.
    pub page: String,
    /// Affiliate ids, merchants, values: each with the line it stands on.
    pub seen: Vec<(Seen, usize)>,
    /// Names of shortcodes and components in use.
    pub used: Vec<String>,
    /// The keys of its front matter whose values are not false.
    pub flags: BTreeSet<String>,
    /// Its language, where it says one as HTML does.
    pub language: Option<String>,
    /// The host of its canonical address.
    pub canonical: Option<String>,
    /// The generator that it says it was made by.
    pub built_by: Option<&'static str>,
    /// The path it is reached by, where its front matter says so.
    pub permalink: Option<String>,
    /// Other paths that lead to it.
    pub aliases: Vec<String>,
    /// Where it leads by a redirect in its front matter or HTML, with the line.
    pub leads: Option<(String, usize)>,
}

/// Front-matter keys of pages that only lead elsewhere: of jekyll-redirect-from, and as themes of other generators call it.
const LEADS: [&str; 8] = [
    "redirect_to",
    "redirect",
    "redirect_url",
    "redirectTo",
    "redirectUrl",
    "redirect_link",
    "target_url",
    "external_redirect",
];
/// Front-matter keys that hold the path of the page: of Jekyll and Eleventy, of Hugo.
const PERMALINKS: [&str; 2] = ["permalink", "url"];
/// Front-matter keys that hold other paths that lead to it: of Hugo and Zola, of jekyll-redirect-from.
const ALIASES: [&str; 2] = ["aliases", "redirect_from"];

/// Looks at a page; the error is for people.
pub fn look(source: &Source<'_>, format: Format, page: &str, map: &ProgramMap) -> Result<PageLook, String> {
    let text = source.text();
    let document =
        document::parse(source, format, &ParseOptions::default(), None).map_err(|error| error.to_string())?;
    let lines = Lines::of(text);
    let mut look = PageLook { page: page.to_owned(), ..PageLook::default() };
    for (link, facts) in document.links.iter().zip(survey(&document, map, page)) {
        let line = lines.position(link.element.start).0;
        look.take_url(&facts.address.url, facts.url.as_ref(), line);
        look.take_own_path(&facts.address.url, line);
    }
    let offers = offered::offered(text, format);
    for offered in &offers.values {
        look.take_value(offered, lines.position(offered.span.start).0, map);
    }
    look.used = offers.used;
    if let Some(front) = &document.front_matter {
        look.flags = front.span.of(text).lines().filter_map(flag).collect();
    }
    if format == Format::Html {
        look.take_head(text);
    }
    Ok(look)
}

/// The key that `line` of front matter gives a value that is not false.
fn flag(line: &str) -> Option<String> {
    let (key, value) = line.trim_start_matches('"').split_once([':', '='])?;
    let key = key.trim_end().trim_end_matches('"');
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let value = value.split(" #").next().unwrap_or_default().trim().trim_end_matches(',');
    let is_false = ["", "\"\"", "''", "[]", "{}", "~", "0", "false", "no", "null", "off"];
    (is_key && !is_false.contains(&value.to_ascii_lowercase().as_str())).then(|| key.to_owned())
}

impl PageLook {
    /// Records what `url` is; whether it is anybody's business.
    fn take_url(&mut self, url: &str, facts: Option<&UrlFacts>, line: usize) -> bool {
        let before = self.seen.len();
        if let Some(facts) = facts.filter(|facts| facts.unsafe_url.is_none()) {
            for layer in facts.layers.iter().filter(|_| facts.credit != Credit::None) {
                self.take_layer(url, layer, facts, line);
            }
            if facts.credit == Credit::None
                && let Some(host) = facts.destination.as_deref().and_then(host)
                && !networks::carriers(&host).is_empty()
            {
                self.seen.push((Seen::Plain { host }, line));
            }
        } else if facts.is_none()
            && let Some(host) = host(url)
            && networks::merchants_on(&host).next().is_some()
        {
            self.seen.push((Seen::Plain { host }, line));
        }
        self.seen.len() > before
    }

    fn take_layer(&mut self, url: &str, layer: &Layer, facts: &UrlFacts, line: usize) {
        let Some(network) = networks::find(&layer.network).filter(|network| !network.credits_nobody) else { return };
        let destination = facts.destination.as_deref().and_then(host);
        let seen = match layer.publisher.clone() {
            Some(publisher) if network.is_nobody(&publisher) => return,
            Some(publisher) => Seen::Id {
                network,
                store: store(network, destination.as_deref()),
                publisher,
                ids: layer.ids.clone(),
                destination,
                link: url.to_owned(),
            },
            None => Seen::Opaque { network },
        };
        self.seen.push((seen, line));
    }

    /// A value that is a whole URL of a merchant's or an affiliate link.
    fn take_value(&mut self, offered: &Offered, line: usize, map: &ProgramMap) {
        let value = offered.value.trim();
        if let Name::FrontMatter(path) = &offered.name {
            let key = path.to_string();
            let bare = key.trim_end_matches("[]");
            if PERMALINKS.contains(&bare) && value.starts_with('/') {
                self.permalink = Some(value.to_owned());
            }
            if ALIASES.contains(&bare) && value.starts_with('/') {
                self.aliases.push(value.to_owned());
            }
            if LEADS.contains(&bare) && is_url(value) && self.leads.is_none() {
                self.leads = Some((value.to_owned(), line));
            }
        }
        if !is_url(value) || is_image(value) || is_no_link(&offered.name) {
            return;
        }
        if self.take_url(value, map.look(value, &self.page).as_ref(), line) {
            let named = can_be_named(&offered.name);
            let access = match &offered.name {
                Name::FrontMatter(path) if !named => Access::Unnamed(path.to_string()),
                Name::Shortcode(..) | Name::Component(..) if !named => return,
                Name::FrontMatter(path) => Access::FrontMatter(path.to_string()),
                Name::Shortcode(name, Argument::Named(argument)) => Access::Shortcode(name.clone(), argument.clone()),
                Name::Shortcode(name, Argument::Position(at)) => Access::Shortcode(name.clone(), at.to_string()),
                Name::Component(name, attribute) => Access::Component(name.clone(), attribute.clone()),
            };
            self.seen.push((Seen::Value(access), line));
        }
    }

    /// The first folder of a link that leads to a path of the own site as redirects have it.
    fn take_own_path(&mut self, url: &str, line: usize) {
        if url.starts_with('/') && !url.starts_with("//") {
            let path = url.split(['?', '#']).next().unwrap_or_default();
            self.seen.push((Seen::OwnPath(path.to_owned()), line));
        }
    }

    /// What the head of HTML says of the site.
    fn take_head(&mut self, text: &str) {
        let head = &text[..text.floor_char_boundary(HEAD.min(text.len()))];
        self.built_by = tags_of(head, "<meta").find_map(|tag| {
            let generator = attribute(tag, "name")?.eq_ignore_ascii_case("generator");
            let content = generator.then(|| attribute(tag, "content")).flatten()?.to_ascii_lowercase();
            BUILDERS.into_iter().find(|name| content.starts_with(&name.to_ascii_lowercase()))
        });
        self.language = tag_of(head, "<html").and_then(|tag| attribute(tag, "lang"));
        let canonical = tags_of(head, "<link").find(|tag| attribute(tag, "rel").as_deref() == Some("canonical"));
        self.canonical = canonical.and_then(|tag| attribute(tag, "href")).filter(|href| is_url(href));
    }
}

/// What built pages call their generator.
const BUILDERS: [&str; 14] = [
    "Astro",
    "Docusaurus",
    "Eleventy",
    "Gatsby",
    "Hexo",
    "Hugo",
    "Jekyll",
    "mdBook",
    "MkDocs",
    "Next.js",
    "Pelican",
    "VitePress",
    "WordPress",
    "Zola",
];

/// How much of a page is looked at for what its head says, in bytes.
const HEAD: usize = 64 << 10;

/// Where redirect page `html` leads: the URL of its `meta refresh`.
pub fn refresh(html: &str) -> Option<String> {
    let head = &html[..html.floor_char_boundary(HEAD.min(html.len()))];
    let content = tags_of(head, "<meta").find_map(|tag| {
        let name = attribute(tag, "http-equiv")?;
        name.eq_ignore_ascii_case("refresh").then(|| attribute(tag, "content")).flatten()
    })?;
    let at = content.to_ascii_lowercase().find("url=")?;
    let url = content.get(at + 4..)?.trim().trim_matches(['"', '\'']);
    is_url(url).then(|| url.to_owned())
}

fn tag_of<'t>(html: &'t str, start: &'static str) -> Option<&'t str> {
    tags_of(html, start).next()
}

/// The tags of `html` that begin with `start`, in any case.
fn tags_of<'t>(html: &'t str, start: &'static str) -> impl Iterator<Item = &'t str> {
    let begins = move |at: &usize| {
        let name = html.as_bytes().get(*at..*at + start.len());
        let ends = html.as_bytes().get(*at + start.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        ends && name.is_some_and(|name| name.eq_ignore_ascii_case(start.as_bytes()))
    };
    memchr::memchr_iter(b'<', html.as_bytes()).filter(begins).filter_map(move |at| {
        let rest = html.get(at..)?;
        rest.get(..rest.find('>')? + 1)
    })
}

/// The value of attribute `name` in start tag `tag`, with character references undone.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let found = lower.match_indices(name).find_map(|(at, _)| {
        let before = lower.as_bytes().get(at.checked_sub(1)?)?;
        let rest = lower.get(at + name.len()..)?.trim_start();
        let value = rest.strip_prefix('=')?.trim_start();
        (before.is_ascii_whitespace() || matches!(before, b'"' | b'\'')).then_some(lower.len() - value.len())
    })?;
    let value = tag.get(found..)?;
    let raw = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split(|c: char| c.is_whitespace() || c == '>').next()?,
    };
    Some(decode(raw, Context::HtmlAttribute { quote: Some('"') }).value).filter(|value| !value.is_empty())
}

/// The host of `url` in lower case, as a configuration writes it; `None` where it is no web address.
pub fn host(url: &str) -> Option<String> {
    let split = Split::of(url).filter(|split| split.unsafe_kind().is_none())?;
    let mut buffer = [0; 253];
    let host = split.host_name(&mut buffer)?.as_str().to_owned();
    host.contains('.').then_some(host)
}

/// The store of `network` on `host`; empty where its ids are for all stores.
pub(super) fn store(network: &Network, host: Option<&str>) -> String {
    let per_store = network.publisher.and_then(|name| network.id_named(name)).is_some_and(|id| id.per_store);
    let on = |domain: &str| host.is_some_and(|host| networks::stands_on(host, domain));
    // the longest: `amazon.com.mx` is no store of `amazon.com`'s, but `amazon.com` may be one of a longer name's
    let stores = network.hosts.iter().map(|store| store.domain).filter(|domain| per_store && on(domain));
    stores.max_by_key(|domain| domain.len()).unwrap_or_default().to_owned()
}

/// Whether `value` is a whole URL.
pub fn is_url(value: &str) -> bool {
    let lower = value.get(..8).unwrap_or(value).to_ascii_lowercase();
    ["https://", "http://", "//"].iter().any(|scheme| lower.starts_with(scheme) && value.len() > scheme.len())
        && !value.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether `url` is a picture's, which nobody follows.
fn is_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".ico", ".mp4"].iter().any(|end| path.ends_with(end))
}

/// Whether a configuration can name it.
fn can_be_named(name: &Name) -> bool {
    let word = |text: &str| {
        text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'))
    };
    match name {
        Name::FrontMatter(path) => {
            let text = path.to_string();
            !text.contains(|c: char| c.is_whitespace() || c.is_control()) && KeyPath::parse(&text).as_ref() == Ok(path)
        }
        Name::Shortcode(name, _) => name.trim() == name && !name.contains(char::is_control),
        Name::Component(name, attribute) => word(name) && word(attribute),
    }
}

/// Whether the name says that the value is an address of the page's own or of a picture.
fn is_no_link(name: &Name) -> bool {
    let last = match name {
        Name::FrontMatter(path) => path.to_string(),
        Name::Shortcode(_, Argument::Named(name)) | Name::Component(_, name) => name.clone(),
        Name::Shortcode(_, Argument::Position(_)) => return false,
    };
    let last = last.trim_end_matches("[]").rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    ["src", "srcset", "poster"].contains(&last.as_str())
        || ["canonical", "image", "thumbnail", "img", "icon"].iter().any(|part| last.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_pages_are_read_whatever_their_quotes() {
        for (html, want) in [
            (
                "<meta http-equiv=\"refresh\" content=\"0; url=https://shop.example/a?x=1&amp;y=2\">",
                Some("https://shop.example/a?x=1&y=2"),
            ),
            ("<META HTTP-EQUIV=refresh CONTENT='0;URL=\"https://shop.example/\"'>", Some("https://shop.example/")),
            ("<meta http-equiv=\"refresh\" content=\"0; url=/local/\">", None),
            ("<meta name=\"refresh\" content=\"0; url=https://shop.example/\">", None),
            ("<p>", None),
        ] {
            assert_eq!(refresh(html).as_deref(), want, "{html}");
        }
        let mut look = PageLook::default();
        look.take_head("<!doctype html><html data-lang=xx lang=de><link href=https://a.example/x rel=canonical>");
        assert_eq!((look.language.as_deref(), look.canonical.as_deref()), (Some("de"), Some("https://a.example/x")));
    }

    #[test]
    fn stores_are_told_by_whole_labels() {
        let amazon = networks::find("amazon").expect("in the catalog");
        for (host, want) in [
            (Some("www.amazon.com"), "amazon.com"),
            (Some("amazon.com.mx"), "amazon.com.mx"),
            (Some("smile.amazon.de"), "amazon.de"),
            (Some("notamazon.de"), ""),
            (None, ""),
        ] {
            assert_eq!(store(amazon, host), want, "{host:?}");
        }
        let awin = networks::find("awin").expect("in the catalog");
        assert_eq!(store(awin, Some("www.amazon.de")), "");
    }
}
