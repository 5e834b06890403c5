//! The site's own redirects, as its host's, its server's and its generator's configuration have them. Decides which files those
//! are and where their paths lead.

use toml_edit::DocumentMut;

use crate::config::redirect_rules;
use crate::yaml::{self, Node};

/// The redirects of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirects {
    /// Whether `links.redirects.from` can name the file.
    pub readable: bool,
    /// From where to where.
    pub rules: Vec<Rule>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The path; of what cannot be named by `links.redirects.from` a glob.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// The 1-based line of the file that says so.
    pub line: usize,
}

/// Whether a file called `file`, without its folder, may hold redirects.
pub fn may_hold(file: &str) -> bool {
    ["_redirects", "netlify.toml", "vercel.json", ".htaccess", "book.toml", "mkdocs.yml", "mkdocs.yaml"].contains(&file)
        || file.starts_with("astro.config.")
        || file.to_ascii_lowercase().ends_with(".csv")
}

/// The redirects in the `text` of the file called `name`; `None` where it cannot be read.
pub fn redirects(name: &str, text: &str) -> Option<Redirects> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let found = match file {
        // Netlify, "Redirects and rewrites", configuration file; Vercel, "vercel.json", `redirects`
        "netlify.toml" => pairs(text, "from", "to"),
        "vercel.json" => pairs(text, "source", "destination"),
        ".htaccess" => of_apache(folder, text),
        "book.toml" => of_mdbook(text)?,
        "mkdocs.yml" | "mkdocs.yaml" => of_mkdocs(&yaml::parse(text).ok()??),
        _ if file.starts_with("astro.config.") => of_astro(text),
        _ => {
            let rules = redirect_rules(file, text).ok()?;
            let rules = rules.into_iter().filter_map(|rule| Some(Rule { from: rule.from, to: rule.to?, line: 1 }));
            return Some(Redirects { readable: true, rules: rules.collect() });
        }
    };
    let line = |to: &str| 1 + text.find(to).map_or(0, |at| text[..at].matches('\n').count());
    let rules = found.into_iter().map(|(from, to)| Rule { line: line(&to), from: globbed(&from), to });
    Some(Redirects { readable: false, rules: rules.collect() })
}

/// `from` with placeholders as stars: `:name` and `[name]` stand for any one part of a path, `[...name]` for any number.
fn globbed(from: &str) -> String {
    let part = |part: &str| {
        let whole = part.starts_with("[...") || part.starts_with(':') && part.ends_with('*');
        let one = part.starts_with(':') || part.starts_with('[') && part.ends_with(']');
        if whole { "**".to_owned() } else { if one { "*" } else { part }.to_owned() }
    };
    from.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The strings under two keys that follow each other, in TOML or JSON.
fn pairs(text: &str, from: &str, to: &str) -> Vec<(String, String)> {
    let strings = text.split(['\n', ',', '{', '}']).filter_map(|line| {
        let (key, value) = line.split_once(['=', ':'])?;
        let value = value.trim().strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
        Some((key.trim().trim_matches(['"', '\'']), value))
    });
    let mut found = Vec::new();
    let mut open: Option<&str> = None;
    for (key, value) in strings {
        if key == from {
            open = Some(value);
        } else if key == to
            && let Some(from) = open.take()
        {
            found.push((from.to_owned(), value.to_owned()));
        }
    }
    found
}

/// `[output.html.redirect]` (mdBook, "Renderers").
fn of_mdbook(text: &str) -> Option<Vec<(String, String)>> {
    let settings: DocumentMut = text.parse().ok()?;
    let table = settings.get("output").and_then(|output| output.get("html")?.get("redirect")?.as_table_like());
    let pairs = table.into_iter().flat_map(|table| table.iter());
    let rooted = |from: &str| format!("/{}", from.trim_start_matches('/'));
    Some(pairs.filter_map(|(from, to)| Some((rooted(from), to.as_str()?.to_owned()))).collect())
}

/// `redirect_maps` of the plugin `redirects` (mkdocs-redirects, README): from the names of pages.
fn of_mkdocs(settings: &Node) -> Vec<(String, String)> {
    let Some(plugins) = settings.get("plugins") else { return Vec::new() };
    let maps =
        plugins.items().iter().chain([plugins]).filter_map(|plugin| plugin.get("redirects")?.get("redirect_maps"));
    let path = |page: &str| {
        let bare = page.strip_suffix(".md").unwrap_or(page);
        let bare = bare.strip_suffix("/index").or_else(|| bare.strip_suffix("/README")).unwrap_or(bare);
        format!("/{}", bare.trim_start_matches('/'))
    };
    let pairs = maps.flat_map(Node::pairs);
    pairs.filter_map(|(from, to)| Some((path(from.scalar()?), to.scalar()?.to_owned()))).collect()
}

/// `redirects` of an object of JavaScript, whose values are addresses or objects with a `destination` (Astro,
/// "Configuration reference").
fn of_astro(code: &str) -> Vec<(String, String)> {
    let start = code.match_indices("redirects").find_map(|(at, word)| {
        let rest = code[at + word.len()..].trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix(':')?.trim_start().strip_prefix('{')?;
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        (!line.contains("//") || line.contains("://")).then_some(rest)
    });
    let mut found = Vec::new();
    let (mut depth, mut from, mut rest) = (1_usize, None, start.unwrap_or_default());
    let mut word = String::new();
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' | '\'' | '`' => {
                let Some(text) = rest[1..].split(c).next() else { break };
                length = (text.len() + 2).min(rest.len());
                match (depth, from.take()) {
                    (1, None) => from = Some(text),
                    (1, Some(from)) => found.push((from.to_owned(), text.to_owned())),
                    (_, Some(path)) if word == "destination" => found.push((path.to_owned(), text.to_owned())),
                    (_, path) => {
                        text.clone_into(&mut word);
                        from = path;
                    }
                }
            }
            '/' if rest.starts_with("//") => length = rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => length = rest.find("*/").map_or(rest.len(), |end| end + 2),
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' if depth == 1 => break,
            '}' | ']' | ')' => depth -= 1,
            ',' if depth == 1 => from = None,
            c if c.is_alphanumeric() || c == '_' => {
                length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                rest[..length].clone_into(&mut word);
            }
            _ => {}
        }
        rest = &rest[length..];
    }
    found
}

/// Folders that are served as the root of the site.
const ROOTS: [&str; 6] = ["assets", "content", "docs", "public", "source", "static"];

/// `Redirect`, `RedirectMatch` (Apache, `mod_alias`) and `RewriteRule` (`mod_rewrite`) of a `.htaccess` in `folder`.
fn of_apache(folder: &str, text: &str) -> Vec<(String, String)> {
    let mut base =
        folder.split('/').filter(|part| !part.is_empty() && !ROOTS.contains(part)).collect::<Vec<_>>().join("/");
    let mut found = Vec::new();
    for line in text.lines() {
        let words = words(line);
        let mut words = words.iter().map(String::as_str);
        let directive = words.next().unwrap_or_default().to_ascii_lowercase();
        let mut words: Vec<&str> = words.collect();
        let is_status = |word: &&str| {
            word.bytes().all(|byte| byte.is_ascii_digit())
                || ["permanent", "temp", "seeother", "gone"].contains(&word.to_ascii_lowercase().as_str())
        };
        if matches!(directive.as_str(), "redirect" | "redirectmatch") && words.first().is_some_and(is_status) {
            words.remove(0);
        }
        match (directive.as_str(), words.as_slice()) {
            ("rewritebase", [path, ..]) => path.trim_matches('/').clone_into(&mut base),
            // it takes everything below its path along
            ("redirect" | "redirectpermanent" | "redirecttemp", [from, to, ..]) => {
                found.push(((*from).to_owned(), (*to).to_owned()));
            }
            ("redirectmatch", [pattern, to, ..]) => {
                found.extend(by_pattern(pattern).map(|from| (from, (*to).to_owned())));
            }
            ("rewriterule", [pattern, to, flags @ ..]) if !is_answered(flags) => {
                let path = pattern.trim_start_matches('^').trim_start_matches("/?").trim_start_matches('/');
                let below = if base.is_empty() { format!("/{path}") } else { format!("/{base}/{path}") };
                found.extend(by_pattern(&below).map(|from| (from, (*to).to_owned())));
            }
            _ => {}
        }
    }
    found.retain(|(from, to)| from.starts_with('/') && to.contains("//"));
    found
}

/// Whether `flags` of a rule say that the server answers with what it fetches from there itself.
fn is_answered(flags: &[&str]) -> bool {
    let flags = flags.first().copied().unwrap_or_default().trim_matches(['[', ']']);
    flags.split(',').any(|flag| ["p", "proxy"].contains(&flag.trim().to_ascii_lowercase().as_str()))
}

/// The words of a line of Apache's configuration, quotes undone; none of a comment.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    if rest.starts_with('#') {
        return found;
    }
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inner = quote.map_or(rest, |_| &rest[1..]);
        let end = inner.find(|c: char| quote.map_or(c.is_whitespace(), |quote| c == quote)).unwrap_or(inner.len());
        found.push(inner[..end].to_owned());
        rest = inner[end..].trim_start_matches(['"', '\'']).trim_start();
    }
    found
}

/// A glob for the paths that the regular expression `pattern` takes: for its folder where it is more than a path.
fn by_pattern(pattern: &str) -> Option<String> {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let pattern = pattern.strip_suffix("/?").or_else(|| pattern.strip_suffix("(/.*)?")).unwrap_or(pattern);
    let mut path = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let counted = chars.peek().is_some_and(|next| matches!(next, '*' | '+' | '?' | '{'));
        match c {
            '\\' => path.extend(chars.next().filter(|c| !c.is_alphanumeric())),
            c if counted || "^$*+?()[]{}|".contains(c) => {
                path.truncate(path.rfind('/')? + 1);
                return (path.len() > 1).then(|| path + "**");
            }
            c => path.push(c),
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Vec<(String, String, usize)> {
        let found = redirects(name, text).expect("readable");
        found.rules.into_iter().map(|rule| (rule.from, rule.to, rule.line)).collect()
    }

    #[test]
    fn redirects_are_found_in_every_configuration_that_has_them() {
        for (name, text, want) in [
            (
                "netlify.toml",
                "[[redirects]]\nfrom = \"/go/a\"\nto = \"https://s.example/a\"\n[[redirects]]\nto = \"/x\"\n",
                &[("/go/a", "https://s.example/a", 3)][..],
            ),
            (
                "vercel.json",
                "{\"redirects\": [{\"source\": \"/go/:x\", \"destination\": \"https://s.example/\"}]}",
                &[("/go/*", "https://s.example/", 1)],
            ),
            (
                "astro.config.mjs",
                "export default defineConfig({\n  site: 'https://x.example', redirects: {\n    // '/no': 'https://s.example/no',\n    \
                 '/go/a': 'https://s.example/a',\n    \"/go/b\": {status: 302, destination: `https://s.example/b`},\n    \
                 '/go/[...x]': 'https://s.example/c', '/old': OLD, '/go/d': 'https://s.example/d',\n  },\n  x: {'/e': 'f'},\n})",
                &[
                    ("/go/a", "https://s.example/a", 4),
                    ("/go/b", "https://s.example/b", 5),
                    ("/go/**", "https://s.example/c", 6),
                    ("/go/d", "https://s.example/d", 6),
                ],
            ),
            ("astro.config.ts", "// redirects: { '/a': 'https://s.example/' }\nexport default {}", &[]),
            (
                "book.toml",
                "[book]\ntitle = 'x'\n[output.html.redirect]\n\"/go/a.html\" = \"https://s.example/a\"\n'b.html' = 'c.html'\n",
                &[("/go/a.html", "https://s.example/a", 4), ("/b.html", "c.html", 5)],
            ),
            (
                "book.toml",
                "output.html = {redirect = {'/a' = 'https://s.example/'}}",
                &[("/a", "https://s.example/", 1)],
            ),
            (
                "docs/mkdocs.yml",
                "plugins:\n  - search\n  - redirects:\n      redirect_maps:\n        'go/a.md': 'https://s.example/a'\n        go/b/index.md: c.md\n",
                &[("/go/a", "https://s.example/a", 5), ("/go/b", "c.md", 6)],
            ),
            (
                "mkdocs.yml",
                "plugins: {redirects: {redirect_maps: {a.md: 'https://s.example/'}}}\nx: !!python/name:y.z\n",
                &[("/a", "https://s.example/", 1)],
            ),
            (
                "static/.htaccess",
                "# Redirect /no https://s.example/no\nRewriteEngine On\nRedirect 301 /go/a https://s.example/a\n\
                 Redirect /go/b \"https://s.example/b\"\nRedirectMatch 302 ^/go/c/?$ https://s.example/c\n\
                 RewriteRule ^go/d$ https://s.example/d [R=301,L]\nRewriteRule ^out/(.*)$ https://s.example/$1 [R]\n\
                 RewriteRule ^api/(.*) https://s.example/api/$1 [P]\nRewriteRule . /index.html [L]\n\
                 RewriteRule ^(.*)$ https://www.x.example/$1 [R=301]\nredirectpermanent /go/e.x https://s.example/e\n",
                &[
                    ("/go/a", "https://s.example/a", 3),
                    ("/go/b", "https://s.example/b", 4),
                    ("/go/c", "https://s.example/c", 5),
                    ("/go/d", "https://s.example/d", 6),
                    ("/out/**", "https://s.example/$1", 7),
                    ("/go/e.x", "https://s.example/e", 11),
                ],
            ),
            (
                "public/go/.htaccess",
                "RewriteRule ^/?a$ https://s.example/a [R]",
                &[("/go/a", "https://s.example/a", 1)],
            ),
        ] {
            let found = read(name, text);
            let found: Vec<_> = found.iter().map(|(from, to, line)| (from.as_str(), to.as_str(), *line)).collect();
            assert_eq!(found, want, "{name}: {text}");
        }
    }
}
