//! What follows from the site's generator: its address and language, which of its files are no pages, how attributes get into
//! Markdown. Decides by the generator's configuration file and the names of pages.

use std::collections::BTreeMap;

use crate::generator::Generator;
use crate::init::TOO_MANY;
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
        let (key, value) = keys
            .iter()
            .flat_map(|key| values(&site.settings, key).map(move |value| (*key, value)))
            .find(|(_, value)| is_address(value))?;
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
        let found = keys.iter().flat_map(|key| values(&site.settings, key).map(move |value| (*key, value)));
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
    let told = values(&site.settings, "format").any(|value| value == "detect" || value == "md");
    let holds_md = site.names.iter().any(|name| name.to_ascii_lowercase().ends_with(".md"));
    (docusaurus && !told && holds_md)
        .then(|| Setting { value: yaml::list(["**/*.md"]), why: "Docusaurus reads .md as MDX, too".to_owned() })
}

/// Says which of a site's files are read as pages and are none.
#[derive(Debug, Default)]
pub struct Exclusion {
    generator: Option<Generator>,
    roots: Option<Vec<String>>,
}

impl Exclusion {
    /// What the `generator` makes no pages of, with the text of its configuration file; `names` are those of all files. Where
    /// nothing would be left, nothing is left out.
    pub fn of<'n>(generator: Option<Generator>, settings: &str, names: impl Iterator<Item = &'n str>) -> Self {
        let Some(known) = generator else { return Self::default() };
        let found = Self { generator, roots: roots(known, settings) };
        let mut names = names.peekable();
        let all = names.peek().is_some() && names.all(|name| found.leaves_out(name));
        if all { Self::default() } else { found }
    }

    /// Whether the file called `name` is left out.
    pub fn leaves_out(&self, name: &str) -> bool {
        self.glob(name).is_some()
    }

    /// The glob that leaves out `name`, and why.
    fn glob(&self, name: &str) -> Option<(String, &'static str)> {
        excluded(name, self.generator?, self.roots.as_deref())
    }
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

/// Folders that the generator makes pages from, where nothing else can be one.
fn roots(generator: Generator, settings: &str) -> Option<Vec<String>> {
    let configured = |key: &str, default: &str| {
        let value = values(settings, key).next().unwrap_or_default();
        let value = value.trim_start_matches("./").trim_matches('/').to_owned();
        // another folder than one below this one: nothing is known
        let odd = value.contains("..") || value == ".";
        if odd { None } else { Some(if value.is_empty() { default.to_owned() } else { value }) }
    };
    let mut roots = match generator {
        Generator::Hugo => {
            // each language may have its own
            let folders = values(settings, "contentDir")
                .map(|folder| folder.trim_start_matches("./").trim_matches('/').to_owned());
            ["content", "static", "assets"].into_iter().map(str::to_owned).chain(folders).collect()
        }
        Generator::Zola => vec!["content".to_owned(), "static".to_owned()],
        Generator::MkDocs | Generator::Zensical => vec![configured("docs_dir", "docs")?],
        Generator::MdBook => vec![configured("src", "src")?],
        Generator::Hexo => vec![configured("source_dir", "source")?],
        Generator::Pelican => vec![configured("PATH", "content")?],
        _ => return None,
    };
    roots.retain(|root| !root.is_empty());
    Some(roots)
}

/// Files in the root of a repository that speak of the repository.
const ABOUT: [&str; 12] = [
    "agents.md",
    "authors.md",
    "changelog.md",
    "claude.md",
    "code_of_conduct.md",
    "code-of-conduct.md",
    "contributing.md",
    "license.md",
    "readme.md",
    "security.md",
    "todo.md",
    "support.md",
];

/// The glob that leaves out page `name`, if it is none, and why.
fn excluded(name: &str, generator: Generator, roots: Option<&[String]>) -> Option<(String, &'static str)> {
    let parts: Vec<&str> = name.split('/').collect();
    let below = |roots: &[String]| {
        roots.iter().any(|root| name.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    if let Some(roots) = roots {
        if below(roots) {
            return None;
        }
        return match parts.as_slice() {
            [file] if file.starts_with("README") => Some(("/README*.md".to_owned(), "Not of the site's content:")),
            [file] => Some((glob(&[file], ""), "Not of the site's content:")),
            ["themes", theme, ..] => Some((glob(&["themes", theme], "/**"), "Of the theme:")),
            [folder, ..] if TEMPLATES.contains(folder) => Some((glob(&[folder], "/**"), "Of the theme:")),
            [folder, ..] => Some((glob(&[folder], "/**"), "Not of the site's content:")),
            [] => None,
        };
    }
    if let Some(at) = parts.iter().position(|part| PARTS.contains(part)) {
        return (at + 1 < parts.len()).then(|| (glob(&parts[..=at], "/**"), "Parts of pages:"));
    }
    let components = matches!(
        generator,
        Generator::Astro | Generator::Docusaurus | Generator::Gatsby | Generator::Next | Generator::Nuxt
    );
    let in_source = parts.first() == Some(&"src");
    if let Some(folder) = parts.get(usize::from(in_source)).filter(|folder| components && COMPONENTS.contains(folder)) {
        let at = parts.iter().position(|part| part == folder).unwrap_or(0);
        return (at + 1 < parts.len()).then(|| (glob(&parts[..=at], "/**"), "Parts of pages:"));
    }
    let keeps_readme = matches!(
        generator,
        Generator::Docsify | Generator::VitePress | Generator::Sphinx | Generator::Quarto | Generator::Pandoc
    );
    match parts.as_slice() {
        [file] if !keeps_readme && ABOUT.contains(&file.to_ascii_lowercase().as_str()) => {
            Some((glob(&[file], ""), "About the repository:"))
        }
        _ => None,
    }
}

/// Folders of templates beside the content.
const TEMPLATES: [&str; 8] =
    ["archetypes", "layouts", "overrides", "scaffolds", "templates", "theme", "themes", "_templates"];

/// Folders whose files are parts of pages and data, wherever they stand.
const PARTS: [&str; 5] = ["_data", "_includes", "_layouts", "_partials", "_sass"];
/// Folders of what applications put pages together from.
const COMPONENTS: [&str; 5] = ["components", "layouts", "partials", "templates", "theme"];

/// A glob for the very path of `parts` and what `tail` says.
fn glob(parts: &[&str], tail: &str) -> String {
    // what a glob has signs for stands for any character
    let literal = |part: &&str| part.replace(['*', '?', '[', ']', '{', '}', '\\', ','], "?");
    format!("/{}{tail}", parts.iter().map(literal).collect::<Vec<_>>().join("/"))
}

/// Whether a Jekyll configuration names another Markdown reader than kramdown (Jekyll, "Markdown Options").
fn other_reader(settings: &str) -> bool {
    values(settings, "markdown").any(|name| !name.to_ascii_lowercase().starts_with("kramdown"))
}

fn has_line(settings: &str, key: &str, value: &str) -> bool {
    values(settings, key).any(|found| found == value)
}

/// The values of `key` in a configuration in TOML, YAML, JSON or JavaScript, as far as a line says them.
fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = String> + 't {
    text.lines().filter_map(move |line| {
        let line = line.trim().trim_start_matches(['{', ',', ' ']);
        let rest = line.strip_prefix(['"', '\'']).unwrap_or(line).strip_prefix(key)?;
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        let value = rest.strip_prefix([':', '='])?.trim();
        let value = match value.chars().next()? {
            quote @ ('"' | '\'' | '`') => value[1..].split(quote).next()?,
            _ => value.split([' ', ',', '#', ';']).next()?,
        };
        Some(value.to_owned()).filter(|value| !value.is_empty())
    })
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

    #[test]
    fn what_is_no_page_is_left_out_by_its_place() {
        let hugo = ["content".to_owned()];
        for (name, generator, roots, want) in [
            ("content/a.md", Generator::Hugo, Some(&hugo[..]), None),
            ("README.md", Generator::Hugo, Some(&hugo[..]), Some("/README*.md")),
            ("themes/x y/layouts/a.html", Generator::Hugo, Some(&hugo[..]), Some("/themes/x y/**")),
            ("archetypes/a.md", Generator::Hugo, Some(&hugo[..]), Some("/archetypes/**")),
            ("a[1],/b.md", Generator::Hugo, Some(&hugo[..]), Some("/a?1??/**")),
            ("_includes/a.html", Generator::Jekyll, None, Some("/_includes/**")),
            ("src/_includes/a.html", Generator::Eleventy, None, Some("/src/_includes/**")),
            ("_posts/a.md", Generator::Jekyll, None, None),
            ("README.md", Generator::Jekyll, None, Some("/README.md")),
            ("README.md", Generator::Docsify, None, None),
            ("_data/a.md", Generator::Jekyll, None, Some("/_data/**")),
            ("src/components/Card/a.mdx", Generator::Astro, None, Some("/src/components/**")),
            ("src/content/components/a.mdx", Generator::Astro, None, None),
            ("components/a.html", Generator::Jekyll, None, None),
        ] {
            assert_eq!(excluded(name, generator, roots).map(|(glob, _)| glob).as_deref(), want, "{name}");
        }
    }
}
