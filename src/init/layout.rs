//! How a site lies on the disk: which of the files that look like pages its generator makes no pages of. Decides by the
//! generator's configuration and the names of files.

use super::ignored;
use crate::config::Globs;
use crate::generator::{Generator, Mark, eleventy, in_code, values};

/// Says which of a site's files are read as pages and are none.
#[derive(Debug, Default)]
pub struct Exclusion {
    generator: Option<Generator>,
    /// Folders that pages are made from, where nothing else can be one.
    roots: Option<Vec<String>>,
    /// Folders of templates that the configuration names.
    parts: Vec<String>,
    /// Files and folders that are left out, and why.
    unused: Vec<(String, &'static str)>,
    /// Globs of what the generator is told to leave alone.
    ignored: Vec<(String, Globs)>,
    /// The folder that the names of applications' folders begin in, with a slash behind it.
    source: String,
    /// The configuration, where it may name folders that would be none of pages.
    collections: String,
}

impl Exclusion {
    /// What the generator of `mark` makes no pages of, with the text of its configuration; `names` are those of all files,
    /// `ignore` the folders and texts of its ignore files. Where no page would be left, only templates are left out.
    pub fn of<'n>(
        mark: Option<Mark>,
        settings: &str,
        names: impl Iterator<Item = &'n str>,
        ignore: &[(String, String)],
    ) -> Self {
        let names: Vec<&str> = names.collect();
        let Some(mark) = mark else {
            // beside a start page of HTML, nobody reads what a repository says of itself
            let about = names.iter().filter(|name| names.contains(&"index.html") && is_about(name));
            return Self { unused: about.map(|name| ((*name).to_owned(), REPOSITORY)).collect(), ..Self::default() };
        };
        let mut found = Self::configured(mark, settings);
        let root = found.roots.as_ref().and_then(|roots| roots.first()).map_or("", String::as_str);
        found.ignored = ignored::globs(mark.generator, settings, root, ignore, &names);
        let nothing_is_left = names.iter().all(|name| found.leaves_out(name));
        if nothing_is_left && names.iter().any(|name| !found.is_template(name)) {
            if found.roots.take().is_some() {
                found.parts.extend(TEMPLATES.map(str::to_owned));
            }
            found.unused.clear();
            found.ignored.clear();
        }
        found
    }

    fn configured(mark: Mark, settings: &str) -> Self {
        let generator = mark.generator;
        let below = |base: &str, key: &str| values(settings, key).find_map(|value| join(base, &value));
        let base = if mark.file.starts_with("docs/") { "docs" } else { "" };
        let mut found = Self { generator: Some(generator), roots: roots(mark, settings), ..Self::default() };
        "src/".clone_into(&mut found.source);
        match generator {
            Generator::MkDocs | Generator::Zensical => found.parts.extend(below("", "custom_dir")),
            Generator::MdBook => found.parts.push(below("", "theme").unwrap_or_else(|| "theme".to_owned())),
            Generator::Pelican => found.parts.extend(below("", "THEME")),
            Generator::Astro => {
                let folder = in_code(settings, "srcDir").and_then(|folder| join("", &folder));
                found.source = folder.filter(|folder| !folder.is_empty()).map_or(found.source, |folder| folder + "/");
            }
            Generator::Eleventy => {
                let input = found.roots.as_ref().and_then(|roots| roots.first().cloned()).unwrap_or_default();
                let dirs = ["includes", "layouts", "data"].into_iter().filter_map(|key| eleventy(settings, key));
                found.parts.extend(dirs.filter_map(|folder| join(&input, &folder)));
            }
            Generator::Jekyll => {
                let source = below("", "source").unwrap_or_default();
                let dirs = ["includes_dir", "layouts_dir", "data_dir", "sass_dir"];
                found.parts.extend(dirs.into_iter().filter_map(|key| below(&source, key)));
                let unused = items(settings, "exclude").filter_map(|item| join(&source, &item));
                found.unused.extend(unused.map(|path| (path, UNUSED)));
                settings.clone_into(&mut found.collections);
            }
            _ => {}
        }
        // a folder that holds pages is none of templates alone
        let whole = |folder: &String| folder.is_empty() || folder == base;
        found.parts.retain(|folder| !whole(folder));
        found.unused.retain(|(folder, _)| !whole(folder));
        found
    }

    /// Whether the file called `name` is left out.
    pub fn leaves_out(&self, name: &str) -> bool {
        self.glob(name).is_some()
    }

    /// Whether the file called `name` is what pages are put together from.
    pub fn is_part(&self, name: &str) -> bool {
        self.glob(name).is_some_and(|(_, why)| why == PART)
    }

    /// Whether the file called `name` is of the theme or what pages are put together from.
    pub fn is_template(&self, name: &str) -> bool {
        self.glob(name).is_some_and(|(_, why)| why == PART || why == THEME)
    }

    /// The glob that leaves out page `name`, if it is none, and why.
    pub(super) fn glob(&self, name: &str) -> Option<(String, &'static str)> {
        let parts: Vec<&str> = name.split('/').collect();
        let is_below = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        if let Some(folder) = self.parts.iter().find(|folder| is_below(folder)) {
            return Some((glob(&[folder], "/**"), THEME));
        }
        if let Some((path, why)) = self.unused.iter().find(|(path, _)| path == name || is_below(path)) {
            return Some((glob(&[path], if path == name { "" } else { "/**" }), why));
        }
        if let Some((glob, _)) = self.ignored.iter().find(|(_, globs)| globs.is_match(name)) {
            return Some((glob.clone(), UNUSED));
        }
        let generator = self.generator?;
        if let Some(roots) = &self.roots {
            if !roots.iter().any(|root| is_below(root)) {
                return outside(&parts, roots);
            }
            if !matches!(generator, Generator::Jekyll | Generator::Eleventy | Generator::VitePress) {
                return None;
            }
        }
        self.among_pages(name, &parts)
    }

    /// What is left out where pages may stand anywhere.
    fn among_pages(&self, name: &str, parts: &[&str]) -> Option<(String, &'static str)> {
        let generator = self.generator?;
        let folder_at = |at: usize| (at + 1 < parts.len()).then(|| (glob(&parts[..=at], "/**"), PART));
        if let Some(at) = parts.iter().position(|part| PARTS.contains(part)) {
            return folder_at(at);
        }
        if generator == Generator::Jekyll
            && let Some(at) = parts.iter().position(|part| self.is_private(part))
        {
            return folder_at(at).map(|(glob, _)| (glob, OTHER));
        }
        let application = matches!(
            generator,
            Generator::Astro | Generator::Docusaurus | Generator::Gatsby | Generator::Next | Generator::Nuxt
        );
        let start = if name.starts_with(&self.source) { self.source.matches('/').count() } else { 0 };
        if application && parts.get(start).is_some_and(|folder| COMPONENTS.contains(folder)) {
            return folder_at(start);
        }
        let keeps_readme = matches!(
            generator,
            Generator::Docsify | Generator::VitePress | Generator::Sphinx | Generator::Quarto | Generator::Pandoc
        );
        match parts {
            [file] if !keeps_readme && is_about(file) => Some((glob(&[file], ""), REPOSITORY)),
            _ => None,
        }
    }

    /// Whether Jekyll makes no pages of what is in a folder called `part` (Jekyll, "Directory Structure").
    fn is_private(&self, part: &str) -> bool {
        let Some(name) = part.strip_prefix('_') else { return false };
        let is_word = |word: &str| word == name || word == part;
        !["posts", "drafts"].contains(&name)
            && !self.collections.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).any(is_word)
    }
}

/// Why files are left out that pages are put together from.
const PART: &str = "Parts of pages:";
/// Why a theme's files are left out.
const THEME: &str = "Of the theme:";

/// Why what the generator is told to leave alone is left out.
const UNUSED: &str = "Left out by the generator's configuration:";
/// Why everything else is left out.
const OTHER: &str = "Not of the site's content:";
/// Why a repository's own files are left out.
const REPOSITORY: &str = "About the repository:";

/// Whether the file called `name` stands in the root of a repository and speaks of it.
fn is_about(name: &str) -> bool {
    ABOUT.contains(&name.to_ascii_lowercase().as_str())
}

/// What is outside of the folders that pages are made from.
fn outside(parts: &[&str], roots: &[String]) -> Option<(String, &'static str)> {
    // a folder with pages further down is not left out as a whole
    let holds_root = |depth: &usize| {
        let folder = parts[..*depth].join("/") + "/";
        roots.iter().any(|root| root.starts_with(&folder))
    };
    if let Some(depth) = (1..parts.len()).rev().find(holds_root) {
        let tail = if depth + 1 < parts.len() { "/**" } else { "" };
        return Some((glob(&parts[..=depth], tail), OTHER));
    }
    match parts {
        [file] if file.starts_with("README") => Some(("/README*.md".to_owned(), OTHER)),
        [file] => Some((glob(&[file], ""), OTHER)),
        [folder, ..] if TEMPLATES.contains(folder) => Some((glob(&[folder], "/**"), THEME)),
        [folder, ..] => Some((glob(&[folder], "/**"), OTHER)),
        [] => None,
    }
}

/// Folders that the generator makes pages from, where nothing else can be one; `None` where that is not known.
fn roots(mark: Mark, settings: &str) -> Option<Vec<String>> {
    let configured = |key: &str, default: &str| match values(settings, key).next() {
        // another folder than one below this one: nothing is known
        Some(value) => join("", &value),
        None => Some(default.to_owned()).filter(|default| !default.is_empty()),
    };
    let roots = match mark.generator {
        Generator::Hugo => hugo(settings),
        Generator::Zola => vec!["content".to_owned(), "static".to_owned()],
        Generator::MkDocs | Generator::Zensical => vec![configured("docs_dir", "docs")?],
        Generator::MdBook => vec![configured("src", "src")?],
        Generator::Hexo => vec![configured("source_dir", "source")?],
        Generator::Pelican => vec![configured("PATH", "content")?],
        Generator::Jekyll => vec![configured("source", "")?],
        Generator::Eleventy => vec![join("", &eleventy(settings, "input")?)?],
        Generator::VitePress => {
            let base = if mark.file.starts_with("docs/") { "docs" } else { "" };
            vec![in_code(settings, "srcDir").map_or(Some(base.to_owned()), |folder| join(base, &folder))?]
        }
        _ => return None,
    };
    roots.iter().all(|root| !root.is_empty()).then_some(roots)
}

/// Hugo's: each language may have its own, and mounts may put any folder in its place (Hugo, "Module configuration").
fn hugo(settings: &str) -> Vec<String> {
    let own: Vec<String> = values(settings, "contentDir").filter_map(|folder| join("", &folder)).collect();
    let mut lines = settings.lines().take_while(|line| !line.starts_with('['));
    let replaced = lines.any(|line| line.starts_with("contentDir"));
    let mut roots = vec!["static".to_owned()];
    if !replaced {
        roots.push("content".to_owned());
    }
    roots.extend(own);
    let (mut from, mut to) = (None, None);
    for line in settings.lines() {
        from = values(line, "source").next().or(from);
        to = values(line, "target").next().or(to);
        if let (Some(folder), Some(place)) = (&from, &to) {
            let holds_pages = ["content", "static"].contains(&place.split('/').next().unwrap_or_default());
            roots.extend(join("", folder).filter(|_| holds_pages));
            (from, to) = (None, None);
        }
    }
    roots.retain(|root| !root.is_empty());
    roots
}

/// The items of the list under `key` of a YAML file, as far as lines say them.
pub(super) fn items<'t>(settings: &'t str, key: &'t str) -> impl Iterator<Item = String> + 't {
    let mut lines = settings.lines();
    let first = lines.find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(':'));
    let flow = first.and_then(|rest| rest.trim().strip_prefix('['));
    let inline = flow.into_iter().flat_map(|rest| rest.split(']').next().unwrap_or_default().split(','));
    let is_block = first.is_some() && flow.is_none();
    let block = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let block = block.map_while(move |line| line.strip_prefix("- ").filter(|_| is_block));
    let plain = |item: &str| {
        let item = item.split(" #").next().unwrap_or_default().trim();
        item.trim_matches(['"', '\'']).trim_end_matches("**").trim_end_matches('/').to_owned()
    };
    inline.chain(block).map(plain).filter(|item| !item.is_empty() && !item.contains(['*', '?']))
}

/// The path `value` below the folder `base`; `None` where it leads out of the site. Empty for the site's folder itself.
fn join(base: &str, value: &str) -> Option<String> {
    if value.starts_with('/') || value.contains([':', '\\', '$', '{']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(value.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use Generator::{
        Astro, Docsify, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, MdBook, MkDocs, Pelican, VitePress, Zola,
    };

    #[test]
    fn what_is_no_page_is_left_out_by_its_place() {
        for (name, generator, settings, want) in [
            ("content/a.md", Hugo, "", None),
            ("README.md", Hugo, "", Some("/README*.md")),
            ("themes/x y/layouts/a.html", Hugo, "", Some("/themes/**")),
            ("archetypes/a.md", Hugo, "", Some("/archetypes/**")),
            ("a[1],/b.md", Hugo, "", Some("/a?1??/**")),
            ("assets/a.html", Hugo, "", Some("/assets/**")),
            ("content/a.md", Hugo, "contentDir = \"pages\"", Some("/content/**")),
            ("pages/a.md", Hugo, "contentDir = \"pages\"", None),
            ("content/a.md", Hugo, "[languages.de]\ncontentDir = \"inhalt/de\"", None),
            ("inhalt/de/a.md", Hugo, "[languages.de]\ncontentDir = \"inhalt/de\"", None),
            ("articles/a.md", Hugo, "[[module.mounts]]\nsource = \"articles\"\ntarget = \"content\"", None),
            ("articles/a.md", Hugo, "mounts:\n  - source: articles\n    target: content/x", None),
            ("i18n/a.md", Hugo, "mounts:\n  - source: i18n\n    target: i18n", Some("/i18n/**")),
            ("content/a.de.md", Zola, "", None),
            ("_includes/a.html", Jekyll, "", Some("/_includes/**")),
            ("_posts/a.md", Jekyll, "", None),
            ("README.md", Jekyll, "", Some("/README.md")),
            ("_data/a.md", Jekyll, "", Some("/_data/**")),
            ("components/a.html", Jekyll, "", None),
            ("_reviews/a.md", Jekyll, "collections:\n  reviews:\n", None),
            ("_notes/a.md", Jekyll, "collections:\n  reviews:\n", Some("/_notes/**")),
            ("vendored/a.md", Jekyll, "exclude: [vendored/, 'b.md']", Some("/vendored/**")),
            ("b.md", Jekyll, "exclude:\n  - vendored\n  # x\n  - b.md # why\ntitle: x", Some("/b.md")),
            ("c.md", Jekyll, "exclude:\n  - vendored\ninclude:\n  - c.md", None),
            ("docs/a.md", Jekyll, "source: src", Some("/docs/**")),
            ("src/_includes/a.md", Jekyll, "source: ./src/", Some("/src/_includes/**")),
            ("src/_includes/a.html", Eleventy, "", Some("/src/_includes/**")),
            ("docs/a.md", Eleventy, "dir: { input: 'site', includes: '_p' }", Some("/docs/**")),
            ("site/a.md", Eleventy, "dir: { input: 'site', includes: '_p' }", None),
            ("site/_p/a.html", Eleventy, "dir: {\n input: 'site',\n includes: '_p' }", Some("/site/_p/**")),
            ("inc/a.html", Eleventy, "c.setInputDirectory(\"v\"); c.setIncludesDirectory('../inc')", Some("/inc/**")),
            ("a.md", Eleventy, "c.setInputDirectory(\".\")", None),
            ("over/a.html", MkDocs, "docs_dir: .\ntheme:\n  custom_dir: over", Some("/over/**")),
            ("a.md", MkDocs, "docs_dir: .", None),
            ("docs/a.md", MkDocs, "docs_dir: text", Some("/docs/**")),
            ("theme/a.html", MdBook, "src = \".\"", Some("/theme/**")),
            ("mine/a.html", MdBook, "[output.html]\ntheme = \"mine\"", Some("/mine/**")),
            ("mine/templates/a.html", Pelican, "THEME = 'mine'\nPATH = 'text'", Some("/mine/**")),
            ("text/_drafts/a.md", Hexo, "source_dir: text", None),
            ("README.md", Docsify, "", None),
            ("src/components/Card/a.mdx", Astro, "", Some("/src/components/**")),
            ("src/content/components/a.mdx", Astro, "", None),
            ("app/layouts/a.md", Astro, "  srcDir: './app',", Some("/app/layouts/**")),
            ("i18n/de/docusaurus-plugin-content-docs/current/a.md", Docusaurus, "", None),
            ("app/layouts/a.md", Astro, "export default ({ site: 'x', srcDir: './app' });", Some("/app/layouts/**")),
            ("text/a.md", VitePress, "  srcDir: 'text',", None),
            ("site/content/a.md", Hugo, "contentDir = \"site/content\"", None),
            ("site/notes/x/a.md", Hugo, "contentDir = \"site/content\"", Some("/site/notes/**")),
            ("site/a.md", Hugo, "contentDir = \"site/content\"", Some("/site/a.md")),
            ("README.md", VitePress, "  srcDir: 'text',", Some("/README*.md")),
        ] {
            let found = Exclusion::configured(Mark { generator, file: "" }, settings);
            assert_eq!(found.glob(name).map(|(glob, _)| glob).as_deref(), want, "{name} {settings}");
        }
        let docs = Exclusion::configured(Mark { generator: VitePress, file: "docs/.vitepress/config.ts" }, "");
        assert!(docs.leaves_out("README.md") && !docs.leaves_out("docs/README.md"));
    }

    #[test]
    fn something_is_left() {
        let hugo = Some(Mark { generator: Hugo, file: "" });
        let all = Exclusion::of(hugo, "", ["README.md", "a/b.md"].into_iter(), &[]);
        assert!(!all.leaves_out("README.md") || !all.leaves_out("a/b.md"));
        let plain = Exclusion::of(None, "", ["README.md", "index.html"].into_iter(), &[]);
        assert!(plain.leaves_out("README.md") && !plain.leaves_out("index.html"));
        assert!(!Exclusion::of(None, "", ["README.md", "a.md"].into_iter(), &[]).leaves_out("README.md"));
    }
}
