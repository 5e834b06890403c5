//! What follows from the site's generator: its address and language, how attributes get into Markdown. Decides by the
//! generator's configuration file and the names of pages.

use std::collections::BTreeMap;

use crate::generator::{Generator, all_in_code, constant, string, values};
use crate::init::TOO_MANY;
use crate::init::layout::items;
use crate::init::site::Site;
use crate::init::text::counted;
use crate::init::yaml;

/// One setting, why it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// The value.
    pub(super) value: String,
    /// Where it comes from.
    pub(super) why: String,
}

/// The site's address, from its generator's configuration or from what pages call canonical.
pub(super) fn url(site: &Site) -> Option<Setting> {
    let keys = [
        "baseURL",
        "baseurl",
        "baseUrl",
        "base_url",
        "site_url",
        "siteUrl",
        "SITEURL",
        "site",
        "url",
        "html_baseurl",
        "hostname",
    ];
    let from_file = site.marks.first().and_then(|mark| {
        let found = keys.iter().flat_map(|key| set(&site.settings, mark.file, key).map(move |value| (*key, value)));
        let (key, value) = found.into_iter().find(|(_, value)| is_address(value))?;
        Some(Setting { value, why: format!("{key} in {}", mark.file) })
    });
    from_file.or_else(|| {
        let (origin, pages) = most(&site.canonicals)?;
        (pages * 2 > site.html && is_address(origin)).then(|| Setting {
            value: origin.to_owned(),
            why: format!("the canonical address of {}", counted(pages, "page")),
        })
    })
}

/// What `settings`, the text of the configuration `file`, sets `key` to; in code a constant of the same file is what it stands
/// for.
fn set<'t>(settings: &'t str, file: &str, key: &'t str) -> Box<dyn Iterator<Item = String> + 't> {
    if !is_code(file) {
        // MkDocs, "Configuration", environment variables: the last of several is the default
        let default = |line: &str| {
            let list = line.split_once("!ENV")?.1.trim().strip_prefix('[')?.split(']').next()?;
            list.rsplit(',').next().map(|last| last.trim().trim_matches(['"', '\'']).to_owned())
        };
        let lines = settings.lines().filter(move |line| values(line, key).next().is_some());
        return Box::new(values(settings, key).chain(lines.filter_map(default)));
    }
    let known = |value: String| constant(settings, &value).unwrap_or(value);
    // where the environment says nothing, what stands behind it holds
    let behind = settings.split(['{', ',', '\n']).filter_map(move |pair| {
        values(pair, key).next()?;
        let (_, default) = pair.rsplit_once("||").or_else(|| pair.rsplit_once("??"))?;
        string(default.trim_start()).map(str::to_owned)
    });
    // `url,` alone is what the constant of that name says
    let is_short = settings.split(['{', '}', ',', '\n']).any(|pair| pair.trim() == key);
    let short = is_short.then(|| constant(settings, key)).flatten();
    Box::new(all_in_code(settings, key).map(known).chain(behind).chain(short))
}

fn is_code(file: &str) -> bool {
    file.rsplit('.').next().is_some_and(|end| ["js", "ts", "mjs", "mts", "cjs", "cts"].contains(&end))
}

/// The site's language, likewise.
pub(super) fn language(site: &Site) -> Option<Setting> {
    let keys = [
        "defaultContentLanguage",
        "default_language",
        "languageCode",
        "language",
        "lang",
        "defaultLocale",
        "DEFAULT_LANG",
        "locale",
    ];
    let from_file = site.marks.first().and_then(|mark| {
        // of several languages the first one is the site's (Hexo, "Internationalization")
        let first = |key: &&'static str| items(&site.settings, key).next();
        let found = keys
            .iter()
            .flat_map(|key| set(&site.settings, mark.file, key).chain(first(key)).map(move |value| (*key, value)));
        let (key, value) =
            found.map(|(key, value)| (key, value.replace('_', "-"))).find(|(_, value)| is_language(value))?;
        Some(Setting { value, why: format!("{key} in {}", mark.file) })
    });
    from_file.or_else(|| {
        let (language, pages) = most(&site.languages)?;
        (pages * 2 > site.html && is_language(language))
            .then(|| Setting { value: language.to_owned(), why: format!("the `lang` of {}", counted(pages, "page")) })
    })
}

/// `links.markdown`, for a site with Markdown.
pub(super) fn markdown(site: &Site) -> Option<Setting> {
    if site.html == site.pages {
        return None;
    }
    let mark = site.marks.first()?;
    let name = mark.generator.name();
    let setting = |value: &str, why: String| Some(Setting { value: value.to_owned(), why });
    match mark.generator {
        Generator::Hugo if has_line(&site.settings, "unsafe", "true") => {
            setting("html", format!("{} lets raw HTML through: unsafe = true", mark.file))
        }
        Generator::Hugo => setting(
            "plain",
            "Hugo drops raw HTML, so links in Markdown get no rel here: build public/ instead, or allow `unsafe`"
                .to_owned(),
        ),
        Generator::Jekyll if !other_reader(&site.settings) => setting("kramdown", "as Jekyll reads it".to_owned()),
        Generator::Jekyll => setting("html", format!("{} names another reader than kramdown", mark.file)),
        Generator::Pandoc | Generator::Quarto => setting("pandoc", format!("as {name} reads it")),
        Generator::Next => setting("plain", "usual readers of Markdown in Next.js drop raw HTML".to_owned()),
        _ => setting("html", format!("{name} keeps raw HTML in Markdown")),
    }
}

/// `files.mdx`: Docusaurus reads `.md` as MDX unless told otherwise (docusaurus.io, "Markdown features", `markdown.format`).
pub(super) fn mdx(site: &Site) -> Option<Setting> {
    let docusaurus = site.marks.first().is_some_and(|mark| mark.generator == Generator::Docusaurus);
    let told = all_in_code(&site.settings, "format").any(|value| value == "detect" || value == "md");
    let holds_md = site.names.iter().any(|name| name.to_ascii_lowercase().ends_with(".md"));
    (docusaurus && !told && holds_md)
        .then(|| Setting { value: yaml::list(["**/*.md"]), why: "Docusaurus reads .md as MDX, too".to_owned() })
}

/// Globs for files that are read as pages and are none, with how many files each is about, by why they are none.
pub(super) fn excludes(site: &Site) -> BTreeMap<&'static str, BTreeMap<String, usize>> {
    let mut found: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for name in &site.names {
        if let Some((glob, why)) = site.exclusion.glob(name) {
            *found.entry(why).or_default().entry(glob).or_default() += 1;
        }
    }
    for globs in found.values_mut() {
        if let Some(last) = globs.keys().nth(TOO_MANY).cloned() {
            globs.split_off(&last);
        }
    }
    found
}

/// Whether a Jekyll configuration names another Markdown reader than kramdown (Jekyll, "Markdown Options").
fn other_reader(settings: &str) -> bool {
    values(settings, "markdown").any(|name| !name.to_ascii_lowercase().starts_with("kramdown"))
}

fn has_line(settings: &str, key: &str, value: &str) -> bool {
    values(settings, key).any(|found| found == value)
}

/// Whether `text` is an address that a configuration takes, and not one of documentation.
fn is_address(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '{' | '$');
    let Ok(url) = url::Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default();
    let local = ["localhost", "example.com", "example.org", "example.net"].contains(&host.trim_start_matches("www."));
    !text.contains(odd)
        && text.contains("://")
        && matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.domain().is_some_and(|domain| domain.contains('.'))
        && !local
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    first && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn most(counts: &BTreeMap<String, usize>) -> Option<(&str, usize)> {
    let best = counts.iter().max_by(|(one, a), (other, b)| a.cmp(b).then_with(|| other.cmp(one)));
    best.map(|(value, count)| (value.as_str(), *count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_in_every_language_of_configurations() {
        for (text, key, want) in [
            ("baseURL = \"https://a.org/\"", "baseURL", Some("https://a.org/")),
            ("url: https://a.org # x", "url", Some("https://a.org")),
            ("  \"url\": \"https://a.org\",", "url", Some("https://a.org")),
            ("  site: 'https://a.org',", "site", Some("https://a.org")),
            ("SITEURL = 'https://a.org'", "SITEURL", Some("https://a.org")),
            ("# url: https://a.org", "url", None),
            ("urls: x", "url", None),
            ("url:", "url", None),
        ] {
            assert_eq!(values(text, key).next().as_deref(), want, "{text}");
        }
        for (file, text, key, want) in [
            ("a.mjs", "export default defineConfig({ site: 'https://a.org', base })", "site", Some("https://a.org")),
            ("a.mjs", "  site: process.env.SITE ?? \"https://a.org\",", "site", Some("https://a.org")),
            (
                "a.ts",
                "const url: string = 'https://a.org';\nexport default { title, url, baseUrl: '/' }",
                "url",
                Some("https://a.org"),
            ),
            ("a.ts", "const SITE = `https://a.org`\nexport default { url: SITE }", "url", Some("https://a.org")),
            ("a.ts", "import { SITE } from './x'\nexport default { url: SITE }", "url", None),
            ("mkdocs.yml", "site_url: !ENV [SITE, 'https://a.org']", "site_url", Some("https://a.org")),
            ("mkdocs.yml", "site_url: !ENV SITE", "site_url", None),
        ] {
            assert_eq!(set(text, file, key).find(|value| is_address(value)).as_deref(), want, "{text}");
        }
        for (text, fine) in [
            ("https://a.org/x", true),
            ("https://example.com", false),
            ("http://localhost:4000", false),
            ("/", false),
            ("https://u@a.org", false),
        ] {
            assert_eq!(is_address(text), fine, "{text}");
        }
    }
}
