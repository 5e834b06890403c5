//! Which static-site generator a site is built with, and what follows from that. Decides by the text of configuration files
//! and of built pages that the caller hands in; opens no file.

use memchr::memmem::{Finder, find};

/// A static-site generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generator {
    /// Astro
    Astro,
    /// Docsify: pages are rendered in the browser.
    Docsify,
    /// Docusaurus
    Docusaurus,
    /// Eleventy
    Eleventy,
    /// Gatsby
    Gatsby,
    /// Hexo
    Hexo,
    /// Hugo
    Hugo,
    /// Jekyll
    Jekyll,
    /// mdBook
    MdBook,
    /// `MkDocs`
    MkDocs,
    /// Next.js
    Next,
    /// Nuxt
    Nuxt,
    /// Pandoc
    Pandoc,
    /// Pelican
    Pelican,
    /// Quarto
    Quarto,
    /// Sphinx with `MyST`
    Sphinx,
    /// `VitePress`
    VitePress,
    /// Zensical
    Zensical,
    /// Zola
    Zola,
}

use Generator::{
    Astro, Docsify, Docusaurus, Eleventy, Gatsby, Hexo, Hugo, Jekyll, MdBook, MkDocs, Next, Nuxt, Pandoc, Pelican,
    Quarto, Sphinx, VitePress, Zensical, Zola,
};

/// What the user of the generator has to be told.
impl Generator {
    /// Its name as its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Astro => "Astro",
            Docsify => "Docsify",
            Docusaurus => "Docusaurus",
            Eleventy => "Eleventy",
            Gatsby => "Gatsby",
            Hexo => "Hexo",
            Hugo => "Hugo",
            Jekyll => "Jekyll",
            MdBook => "mdBook",
            MkDocs => "MkDocs",
            Next => "Next.js",
            Nuxt => "Nuxt",
            Pandoc => "Pandoc",
            Pelican => "Pelican",
            Quarto => "Quarto",
            Sphinx => "Sphinx",
            VitePress => "VitePress",
            Zensical => "Zensical",
            Zola => "Zola",
        }
    }

    /// The kind of plugin through which links are rewritten before pages are turned into JavaScript; `None` for a
    /// generator whose built HTML is all there is.
    pub fn plugin(self) -> Option<&'static str> {
        match self {
            VitePress => Some("vite-plugin-affilink"),
            Docusaurus | Gatsby | Next | Nuxt => Some("rehype-affilink"),
            _ => None,
        }
    }
}

/// Configuration files, and what must stand in them for the generator to be the one. The first that fits wins, so that what
/// several generators share (`_config.yml`, `config.toml`, `conf.py`) comes after what only one has, with its marks.
///
/// Sources: each generator's documentation of its configuration file. An empty list of marks takes any content.
const SOURCES: &[(&[&str], &[&str], Generator)] = &[
    (&["book.toml"], &[], MdBook),
    (&["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"], &[], Hugo),
    (&["config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml"], &[], Hugo),
    (&["config/_default/config.yaml", "config/_default/config.yml", "config/_default/params.toml"], &[], Hugo),
    (
        &[".vitepress/config.ts", ".vitepress/config.mts", ".vitepress/config.js", ".vitepress/config.mjs"],
        &[],
        VitePress,
    ),
    (
        &[
            "docs/.vitepress/config.ts",
            "docs/.vitepress/config.mts",
            "docs/.vitepress/config.js",
            "docs/.vitepress/config.mjs",
        ],
        &[],
        VitePress,
    ),
    (
        &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
        &[],
        Docusaurus,
    ),
    (&["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts", "astro.config.cjs"], &[], Astro),
    (&["gatsby-config.js", "gatsby-config.ts", "gatsby-config.mjs"], &[], Gatsby),
    (&["zensical.toml"], &[], Zensical),
    (&["mkdocs.yml", "mkdocs.yaml"], &[], MkDocs),
    (&["_quarto.yml", "_quarto.yaml"], &[], Quarto),
    (&["pelicanconf.py"], &[], Pelican),
    (
        &[".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts"],
        &[],
        Eleventy,
    ),
    (&["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"], &[], Nuxt),
    (&["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"], &[], Next),
    (&["conf.py", "source/conf.py", "docs/conf.py"], &["extensions", "html_theme", "sphinx"], Sphinx),
    (&["_config.toml"], &[], Jekyll),
    (&["zola.toml"], &[], Zola),
    (&["config.toml"], ZOLA_MARKS, Zola),
    (&["config.toml"], HUGO_MARKS, Hugo),
    (&["config.yaml", "config.yml"], &["baseURL", "baseurl", "languageCode", "markup:"], Hugo),
    (&["config.json"], &["\"baseURL\"", "\"languageCode\""], Hugo),
    (&["index.html"], &["$docsify", "docsify.min.js", "docsify@"], Docsify),
];

/// Keys that Zola's configuration has and Hugo's has not.
const ZOLA_MARKS: &[&str] = &["base_url", "compile_sass", "build_search_index", "generate_feed", "[markdown]"];
/// Keys that Hugo's configuration has and Zola's has not.
const HUGO_MARKS: &[&str] =
    &["baseURL", "baseurl", "baseUrl", "languageCode", "[params", "[markup", "[Params", "paginate"];

/// Keys and files that only Hexo's `_config.yml` has.
const HEXO_MARKS: &[&str] =
    &["source_dir:", "public_dir:", "skip_render:", "new_post_name:", "default_layout:", "hexo"];

/// The generator of the site in one folder; `None` where none is known.
///
/// `read` gives the text of the file under a path relative to the folder, with `/` between its parts, an empty text for a
/// folder, and `None` where there is nothing. Where several generators' files stand side by side, the one whose file no other uses wins; of two such,
/// the one that builds pages before the one that builds applications (Next, Nuxt).
pub fn detect_source(read: &dyn Fn(&str) -> Option<String>) -> Option<Generator> {
    marks(read).first().map(|mark| mark.generator)
}

/// A file that says which generator a site is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The generator.
    pub generator: Generator,
    /// The file's path relative to the folder.
    pub file: &'static str,
}

/// Every generator that a file in one folder speaks of, each once, the likeliest first; `read` as for [`detect_source`].
pub fn marks(read: &dyn Fn(&str) -> Option<String>) -> Vec<Mark> {
    let package = read("package.json").unwrap_or_default();
    let depends_on = |name: &str| find(package.as_bytes(), format!("\"{name}\"").as_bytes()).is_some();
    let by_file = SOURCES.iter().filter_map(|(names, marks, generator)| {
        let holds_mark = |text: &String| marks.is_empty() || marks.iter().any(|mark| has_setting(text, mark));
        let file = names.iter().find(|name| read(name).as_ref().is_some_and(holds_mark))?;
        Some(Mark { generator: *generator, file })
    });
    let mut found: Vec<Mark> = by_file.chain(jekyll_or_hexo(read, &depends_on)).collect();
    if found.is_empty() {
        let known = PACKAGES.iter().find(|(name, _)| depends_on(name));
        found.extend(known.map(|&(_, generator)| Mark { generator, file: "package.json" }));
    }
    let mut seen = Vec::new();
    found.retain(|mark| {
        !seen.contains(&mark.generator) && {
            seen.push(mark.generator);
            true
        }
    });
    found
}

/// Packages that a site's `package.json` depends on, in the order looked for.
const PACKAGES: [(&str, Generator); 8] = [
    ("vitepress", VitePress),
    ("@docusaurus/core", Docusaurus),
    ("astro", Astro),
    ("gatsby", Gatsby),
    ("@11ty/eleventy", Eleventy),
    ("hexo", Hexo),
    ("nuxt", Nuxt),
    ("next", Next),
];

/// Both call their configuration `_config.yml`.
fn jekyll_or_hexo(read: &dyn Fn(&str) -> Option<String>, depends_on: &dyn Fn(&str) -> bool) -> Option<Mark> {
    let found = ["_config.yml", "_config.yaml"].into_iter().find_map(|name| Some((name, read(name)?)));
    let Some((file, config)) = found else {
        let gems = read("Gemfile").unwrap_or_default();
        return names_jekyll(&gems).then_some(Mark { generator: Jekyll, file: "Gemfile" });
    };
    let hexo = depends_on("hexo")
        || HEXO_MARKS.iter().any(|mark| has_setting(&config, mark))
        || has_hexos_folders(read, &config);
    Some(Mark { generator: if hexo { Hexo } else { Jekyll }, file })
}

/// Whether the posts lie where Hexo has them by itself, and Jekyll only where it is told to (Hexo, "Setup"; Jekyll, "Directory
/// Structure").
fn has_hexos_folders(read: &dyn Fn(&str) -> Option<String>, config: &str) -> bool {
    let of_jekyll = values(config, "source").next().is_some()
        || read("_posts").is_some()
        || read("Gemfile").is_some_and(|gems| names_jekyll(&gems));
    read("source/_posts").is_some() && !of_jekyll
}

/// Whether `gems`, the text of a `Gemfile`, installs Jekyll.
fn names_jekyll(gems: &str) -> bool {
    has_setting(gems, "jekyll") || has_setting(gems, "github-pages")
}

/// Whether `mark` stands in `text` outside lines that are comments.
fn has_setting(text: &str, mark: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(mark))
}

/// Folders that `generator` writes below its source root, as paths with `/`; never pages of the site's own.
pub fn output_folders(generator: Generator) -> &'static [&'static str] {
    match generator {
        Astro => &["dist", ".astro"],
        Docsify | Pandoc => &[],
        Docusaurus => &["build", ".docusaurus"],
        Eleventy | Quarto => &["_site"],
        Gatsby => &["public", ".cache"],
        Hexo => &["public", ".deploy_git"],
        Hugo => &["public", "resources/_gen"],
        Jekyll => &["_site", ".jekyll-cache"],
        MdBook => &["book"],
        MkDocs | Zensical => &["site"],
        Next => &[".next", "out"],
        Nuxt => &[".nuxt", ".output", "dist"],
        Pelican => &["output"],
        Sphinx => &["_build", "build", "docs/_build"],
        VitePress => &[".vitepress/dist", ".vitepress/cache", "docs/.vitepress/dist", "docs/.vitepress/cache"],
        Zola => &["public"],
    }
}

/// The folder that `settings`, the text of the configuration file of `generator`, names for what is written, as a path below
/// the file's folder with `/`; `None` where it names none or one that lies elsewhere.
///
/// Sources: each generator's documentation of its configuration.
pub fn configured_output(generator: Generator, settings: &str) -> Option<String> {
    let key = match generator {
        Astro | VitePress => "outDir",
        Eleventy => "output",
        Hexo => "public_dir",
        Hugo => "publishDir",
        Jekyll => "destination",
        MdBook => "build-dir",
        MkDocs | Zensical => "site_dir",
        Next => "distDir",
        Pelican => "OUTPUT_PATH",
        Quarto => "output-dir",
        Zola => "output_dir",
        Docsify | Docusaurus | Gatsby | Nuxt | Pandoc | Sphinx => return None,
    };
    let folder = match generator {
        // other tools that Eleventy's file sets up have an output as well
        Eleventy => eleventy(settings, key),
        _ => values(settings, key).next().or_else(|| in_code(settings, key)),
    }?;
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let is_below = |folder: &str| {
        let mut parts = folder.split('/');
        !folder.starts_with('/')
            && !folder.contains([':', '\\', '$'])
            && parts.all(|part| !matches!(part, "" | "." | ".."))
    };
    is_below(folder).then(|| folder.to_owned())
}

/// The values of `key` in a configuration in TOML, YAML, JSON or JavaScript, as far as a line says them.
pub fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = String> + 't {
    text.lines().filter_map(move |line| {
        let line = line.trim().trim_start_matches(['{', ',', ' ']);
        let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
        let rest = line.strip_prefix(['"', '\'']).unwrap_or(line).strip_prefix(key)?;
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        let value = rest.strip_prefix([':', '='])?.trim();
        let value = string(value).or_else(|| value.split([' ', ',', '#', ';']).next())?;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    })
}

/// The folder that Eleventy's configuration names for `key`, a setting below `dir` or one of its `set...Directory` calls.
pub fn eleventy(settings: &str, key: &str) -> Option<String> {
    let dir = settings.split_once("dir:").map_or("", |(_, rest)| rest.split('}').next().unwrap_or_default());
    in_code(dir, key).or_else(|| {
        let mut letters = key.chars();
        let name = letters.next()?.to_ascii_uppercase().to_string() + letters.as_str();
        let rest = settings.split_once(&format!("set{name}Directory("))?.1.trim_start();
        string(rest).map(str::to_owned)
    })
}

/// What stands between the quotes that `code` begins with; `None` where it begins with none.
pub fn string(code: &str) -> Option<&str> {
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    code[1..].split(quote).next()
}

/// The value of `key` in an object of JavaScript, wherever it stands on its line.
pub fn in_code(code: &str, key: &str) -> Option<String> {
    all_in_code(code, key).next()
}

/// The values of `key` in objects of JavaScript, wherever they stand on their lines.
pub fn all_in_code<'t>(code: &'t str, key: &'t str) -> impl Iterator<Item = String> + 't {
    let pairs = code.split(['{', ',', '\n']);
    pairs.flat_map(move |pair| values(pair.trim_end().trim_end_matches(['}', ')', ';']), key))
}

/// The text that `code` in JavaScript gives the constant `name`, as far as a line says it.
pub fn constant(code: &str, name: &str) -> Option<String> {
    code.lines().find_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let rest = ["const ", "let ", "var "].iter().find_map(|word| line.strip_prefix(word))?.trim_start();
        let (before, value) = rest.strip_prefix(name)?.split_once('=')?;
        let typed = before.trim().is_empty() || before.trim_start().starts_with(':');
        string(value.trim_start()).filter(|_| typed).map(str::to_owned)
    })
}

/// Marks that the builds of generators leave in every page, in the order looked for.
const BUILT: [(&str, Generator); 10] = [
    ("__VP_HASH_MAP__", VitePress),
    ("content=\"VitePress", VitePress),
    ("id=\"__docusaurus\"", Docusaurus),
    ("id=__docusaurus", Docusaurus),
    ("id=\"___gatsby\"", Gatsby),
    ("id=___gatsby", Gatsby),
    ("id=\"__NEXT_DATA__\"", Next),
    ("id=__NEXT_DATA__", Next),
    ("self.__next_f", Next),
    ("id=\"__NUXT_DATA__\"", Nuxt),
];

/// The generator of built page `html` if its pages are rendered again from JavaScript in the browser, where a rewrite of the
/// HTML alone is undone; `None` for any other page.
///
/// A mark counts only where it stands as markup: a page that shows it as code has `&quot;` or `&lt;` around it, or no
/// script.
pub fn hydrated_html(html: &str) -> Option<Generator> {
    let bytes = html.as_bytes();
    // nothing is rendered again without a script
    Finder::new("<script").find(bytes)?;
    BUILT.into_iter().find(|(mark, _)| find(bytes, mark.as_bytes()).is_some()).map(|(_, generator)| generator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(files: &[(&str, &str)]) -> Option<Generator> {
        detect_source(&|name| files.iter().find(|(path, _)| *path == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn folders_for_what_is_written_are_read_from_settings() {
        for (generator, settings, want) in [
            (Eleventy, "return { dir: { input: \"src\", output: \"dist\" } };", Some("dist")),
            (Eleventy, "  eleventyConfig.setOutputDirectory('./www/');", Some("www")),
            (Eleventy, "dir: {\n// output: 'x'\n      output: \"out/site\",", Some("out/site")),
            (Eleventy, "esbuild({ output: 'src' })\nreturn {dir: {input: '.'}}", None),
            (Jekyll, "destination: ./build # x", Some("build")),
            (Jekyll, "destination: ../build", None),
            (Jekyll, "destination: /var/www", None),
            (Jekyll, "destination: .", None),
            (Jekyll, "# destination: x", None),
            (Hugo, "publishDir = \"docs\"", Some("docs")),
            (Hugo, "\"publishDir\": \"docs\",", Some("docs")),
            (Astro, "  outDir: process.env.OUT ?? 'x',", Some("process.env.OUT")),
            (Astro, "export default defineConfig({ site: 'x', outDir: './build' })", Some("build")),
            (MdBook, "[build]\nbuild-dir = \"html\"", Some("html")),
            (MkDocs, "site_dir: public", Some("public")),
            (MkDocs, "site_dirs: public", None),
            (Docusaurus, "outDir: 'x'", None),
        ] {
            assert_eq!(configured_output(generator, settings).as_deref(), want, "{settings}");
        }
    }

    #[test]
    fn sources_are_told_by_their_configuration() {
        for (files, want) in [
            (&[][..], None),
            (&[("README.md", "x")], None),
            (&[("hugo.toml", "")], Some(Hugo)),
            (&[("config.toml", "baseURL = 'https://x.example'\ntheme = 'x'")], Some(Hugo)),
            (&[("zola.toml", "base_url = 'https://x.example'")], Some(Zola)),
            (&[("config.toml", "base_url = 'https://x.example'\n[markdown]")], Some(Zola)),
            (&[("config.toml", "[build]\ntarget = 'x'")], None),
            (&[("config.toml", "# base_url of nothing\n")], None),
            (&[("config.yaml", "baseURL: https://x.example")], Some(Hugo)),
            (&[("config/_default/config.toml", "")], Some(Hugo)),
            (&[("_config.yml", "title: x\nplugins: [jekyll-feed]")], Some(Jekyll)),
            (&[("Gemfile", "gem 'github-pages'")], Some(Jekyll)),
            (&[("Gemfile", "# gem 'jekyll'\ngem 'rails'")], None),
            (&[("_config.yml", "title: x\nsource_dir: source\n")], Some(Hexo)),
            (&[("_config.yml", "title: x\ntheme: plain"), ("source/_posts", "")], Some(Hexo)),
            (&[("_config.yml", "title: x\nsource: source"), ("source/_posts", "")], Some(Jekyll)),
            (&[("_config.yml", "title: x"), ("source/_posts", ""), ("Gemfile", "gem 'jekyll'")], Some(Jekyll)),
            (&[("_config.yml", "title: x"), ("package.json", "{\"dependencies\":{\"hexo\":\"^7\"}}")], Some(Hexo)),
            (&[("eleventy.config.js", "")], Some(Eleventy)),
            (&[(".eleventy.js", ""), ("_config.yml", "")], Some(Eleventy)),
            (&[("package.json", "{\"devDependencies\":{\"@11ty/eleventy\":\"3\"}}")], Some(Eleventy)),
            (&[("astro.config.mjs", ""), ("package.json", "{\"x\":{\"next\":\"1\"}}")], Some(Astro)),
            (&[("docusaurus.config.js", "")], Some(Docusaurus)),
            (&[("mkdocs.yml", "site_name: x"), ("conf.py", "extensions = []")], Some(MkDocs)),
            (&[("conf.py", "extensions = ['myst_parser']")], Some(Sphinx)),
            (&[("conf.py", "x = 1")], None),
            (&[("book.toml", "[book]\ntitle = 'x'")], Some(MdBook)),
            (&[("docs/.vitepress/config.mts", "")], Some(VitePress)),
            (&[("gatsby-config.js", "")], Some(Gatsby)),
            (&[("next.config.js", ""), ("gatsby-config.js", "")], Some(Gatsby)),
            (&[("next.config.mjs", "")], Some(Next)),
            (&[("pelicanconf.py", "")], Some(Pelican)),
            (&[("index.html", "<script>window.$docsify = {}</script>")], Some(Docsify)),
            (&[("index.html", "<p>x")], None),
        ] {
            assert_eq!(detect(files), want, "{files:?}");
        }
    }

    #[test]
    fn every_generator_that_has_a_mark_is_named_once() {
        let marks = |names: &[&str]| -> Vec<_> {
            let found = marks(&|name| names.contains(&name).then(String::new));
            found.into_iter().map(|mark| (mark.generator, mark.file)).collect()
        };
        assert_eq!(
            marks(&["_config.yml", "hugo.toml", "hugo.yaml", "package.json"]),
            [(Hugo, "hugo.toml"), (Jekyll, "_config.yml")]
        );
        assert_eq!(marks(&["README.md"]), []);
    }

    #[test]
    fn built_pages_that_render_again_are_told_by_their_marks() {
        for (html, want) in [
            ("<meta name=\"generator\" content=\"VitePress v1.6.4\"><script>x</script>", Some(VitePress)),
            ("<div id=app></div><script>window.__VP_HASH_MAP__=JSON.parse(\"{}\")</script>", Some(VitePress)),
            ("<body><div id=\"__docusaurus\"></div><script src=x></script>", Some(Docusaurus)),
            ("<div id=___gatsby></div><script src=x></script>", Some(Gatsby)),
            ("<script id=\"__NEXT_DATA__\" type=\"application/json\">{}</script>", Some(Next)),
            ("<script>self.__next_f.push([1,\"x\"])</script>", Some(Next)),
            ("<script id=\"__NUXT_DATA__\" type=\"application/json\">[]</script>", Some(Nuxt)),
            ("<pre>id=&quot;__docusaurus&quot;</pre><script src=x></script>", None),
            ("<p>id=\"___gatsby\"</p>", None),
            ("<meta name=\"generator\" content=\"Hugo 0.168.0\"><script>x</script>", None),
            ("", None),
        ] {
            assert_eq!(hydrated_html(html), want, "{html}");
        }
    }

    #[test]
    fn output_folders_are_below_the_root() {
        for generator in SOURCES.iter().map(|source| source.2).chain([Jekyll, Hexo, Pandoc]) {
            assert!(!generator.name().is_empty());
            for folder in output_folders(generator) {
                assert!(!folder.is_empty() && !folder.starts_with('/') && !folder.contains(".."), "{folder}");
            }
        }
        assert_eq!(output_folders(Hugo).first(), Some(&"public"));
        assert_eq!(BUILT.iter().filter(|(_, generator)| generator.plugin().is_none()).count(), 0);
    }
}
