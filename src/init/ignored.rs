//! What a generator is told to make no pages of: Eleventy's `.eleventyignore` and `ignores.add`, `exclude_docs` of `MkDocs`,
//! Hugo's `ignoreFiles`. Decides which globs of a configuration say the same; what none says exactly is left.

use crate::config::Globs;
use crate::generator::{Generator, values};

/// Globs for what `settings` and the ignore files tell `generator` to leave alone, each with how it matches. `root` is the
/// folder of its pages, empty for the site's own; `files` are the folders and texts of ignore files; `names` those of all files.
pub(super) fn globs(
    generator: Generator,
    settings: &str,
    root: &str,
    files: &[(String, String)],
    names: &[&str],
) -> Vec<(String, Globs)> {
    let mut found: Vec<String> = Vec::new();
    let mut kept: Vec<String> = Vec::new();
    let mut read = |base: &str, text: &str| {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('!') {
                Some(line) => kept.extend(by_line(base, line)),
                None => found.extend(by_line(base, line)),
            }
        }
    };
    match generator {
        Generator::Eleventy => {
            for (folder, text) in files {
                read(folder, text);
            }
            for call in settings.split("ignores.add(").skip(1) {
                if let Some(path) = quoted(call.trim_start()).first() {
                    read("", &format!("/{}", path.trim_start_matches("./").trim_start_matches('/')));
                }
            }
        }
        Generator::MkDocs | Generator::Zensical => read(root, &block(settings, "exclude_docs")),
        Generator::Hugo => found.extend(list(settings, "ignoreFiles").iter().flat_map(|pattern| by_pattern(pattern))),
        _ => {}
    }
    let compiled = |glob: String| Some((Globs::new(std::slice::from_ref(&glob)).ok()?, glob));
    let kept: Vec<Globs> = kept.into_iter().filter_map(|glob| Some(compiled(glob)?.0)).collect();
    let is_kept = |name: &str| kept.iter().any(|globs| globs.is_match(name));
    let mut globs: Vec<(String, Globs)> = Vec::new();
    for (matcher, glob) in found.into_iter().filter_map(compiled) {
        // no glob takes back what another leaves out
        let mut matched = names.iter().filter(|name| matcher.is_match(name)).peekable();
        if matched.peek().is_some()
            && !matched.any(|name| is_kept(name))
            && globs.iter().all(|(known, _)| *known != glob)
        {
            globs.push((glob, matcher));
        }
    }
    globs
}

/// A line of an ignore file in the folder `base`, which is empty for the site's own. Source: Git, "gitignore", pattern format.
fn by_line(base: &str, line: &str) -> Vec<String> {
    if line.contains(['\\', '{', ',']) {
        return Vec::new();
    }
    let path = line.trim_end_matches('/');
    let front = if base.is_empty() { String::new() } else { format!("/{base}") };
    let glob = match path.strip_prefix("**/").unwrap_or(path) {
        "" => return Vec::new(),
        rest if rest.len() < path.len() || !path.contains('/') => {
            if front.is_empty() {
                rest.to_owned()
            } else {
                format!("{front}/**/{rest}")
            }
        }
        rest => format!("{front}/{}", rest.trim_start_matches('/')),
    };
    let below = format!("{glob}/**");
    if glob.ends_with("/**") {
        vec![glob]
    } else if line.ends_with('/') {
        vec![below]
    } else {
        vec![glob, below]
    }
}

/// A regular expression over whole paths, as Hugo has it (Hugo, "All settings", `ignoreFiles`), where stars say as much.
fn by_pattern(pattern: &str) -> Vec<String> {
    let at_end = pattern.ends_with('$') && !pattern.ends_with("\\$");
    let pattern = pattern.trim_end_matches('$');
    let at_end = at_end && !pattern.ends_with(".*");
    let inner = pattern.strip_prefix(".*").unwrap_or(pattern);
    let inner = inner.strip_suffix(".*").unwrap_or(inner);
    let mut glob = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('.' | '-' | '_' | '/')) => glob.push(c),
                _ => return Vec::new(),
            },
            '.' if chars.next_if_eq(&'*').is_some() => glob.push('*'),
            '.' => glob.push('?'),
            c if "^$*+?()[]{}|,".contains(c) => return Vec::new(),
            c => glob.push(c),
        }
    }
    if glob.trim_matches(['*', '?', '/']).is_empty() {
        return Vec::new();
    }
    let front = match glob.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None => format!("*{glob}"),
    };
    match front.strip_suffix('/') {
        _ if at_end => vec![front],
        Some(folder) => vec![format!("{folder}/**")],
        None => vec![format!("{front}*"), format!("{front}*/**")],
    }
}

/// The lines of the text under `key` of a YAML file: those of a block, or the value itself.
fn block(settings: &str, key: &str) -> String {
    let mut lines = settings.lines();
    let Some(first) = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(':')) else { return String::new() };
    if !first.trim_start().starts_with(['|', '>']) {
        return values(settings, key).next().unwrap_or_default();
    }
    let inside = lines.take_while(|line| line.trim().is_empty() || line.starts_with([' ', '\t']));
    inside.collect::<Vec<_>>().join("\n")
}

/// The texts of the list under `key` of a file in TOML, YAML or JSON.
fn list(settings: &str, key: &str) -> Vec<String> {
    let mut rest = settings;
    while let Some((before, after)) = rest.split_once(key) {
        rest = after;
        let line = before.rsplit('\n').next().unwrap_or_default();
        let value = after.trim_start_matches(['"', '\'']).trim_start();
        let Some(value) =
            value.strip_prefix(['=', ':']).filter(|_| line.trim_matches(['"', '\'', ' ', '{']).is_empty())
        else {
            continue;
        };
        let value = value.trim_start();
        if value.starts_with('[') {
            return quoted(value);
        }
        let items = value.lines().map(str::trim).map_while(|line| line.strip_prefix("- "));
        let plain = |item: &str| quoted(item).first().cloned().unwrap_or_else(|| item.trim().to_owned());
        return items.map(plain).collect();
    }
    Vec::new()
}

/// The texts between quotes in `text`, up to a bracket that ends; in double quotes a backslash stands for itself twice.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ']' | ')' => break,
            '"' | '\'' | '`' => {
                let inner: String = chars.by_ref().take_while(|next| *next != c).collect();
                found.push(if c == '"' { inner.replace("\\\\", "\\") } else { inner });
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use Generator::{Eleventy, Hugo, MkDocs};

    #[test]
    fn what_generators_leave_alone_becomes_globs() {
        for (generator, settings, root, ignore, name, want) in [
            (Eleventy, "", "", "drafts/", "drafts/a.md", Some("drafts/**")),
            (Eleventy, "", "", "drafts/", "x/drafts/a.md", Some("drafts/**")),
            (Eleventy, "", "", "# x\n\nREADME.md\n", "README.md", Some("README.md")),
            (Eleventy, "", "", "./a.md", "b.md", None),
            (Eleventy, "", "", "/notes/*.md", "notes/a.md", Some("/notes/*.md")),
            (Eleventy, "", "", "notes/old", "notes/old/a.md", Some("/notes/old/**")),
            (Eleventy, "", "", "*.md\n!a.md", "a.md", None),
            (Eleventy, "", "", "**/tmp", "x/tmp/a.md", Some("tmp/**")),
            (Eleventy, "c.ignores.add('./src/wip/**/*');", "src", "", "src/wip/a.md", Some("/src/wip/**/*")),
            (
                MkDocs,
                "exclude_docs: |\n  drafts/\n  *.py\n\nnav: x",
                "docs",
                "",
                "docs/x/drafts/a.md",
                Some("/docs/**/drafts/**"),
            ),
            (MkDocs, "exclude_docs: |\n  /a.md\nnav:\n  b.md", "docs", "", "docs/a.md", Some("/docs/a.md")),
            (MkDocs, "exclude_docs: |\n  /a.md\nnav:\n  b.md", "docs", "", "docs/b.md", None),
            (MkDocs, "exclude_docs: README.md", "docs", "", "docs/x/README.md", Some("/docs/**/README.md")),
            (MkDocs, "exclude_docs: README.md", "docs", "", "README.md", None),
            (Hugo, "ignoreFiles = [\"\\\\.draft\\\\.md$\", '/wip/']", "", "", "content/a.draft.md", Some("*.draft.md")),
            (Hugo, "ignoreFiles = [\n  \"x$\",\n  '/wip/', ]", "", "", "content/wip/a.md", Some("wip/**")),
            (
                Hugo,
                "ignoreFiles:\n  - content/old/.*\n  - '_old'\nx: 1",
                "",
                "",
                "content/old/a.md",
                Some("*content/old/**"),
            ),
            (Hugo, "ignoreFiles:\n  - content/new/.*\n  - '_old'\nx: 1", "", "", "content/a_old.md", Some("*_old*")),
            (Hugo, "ignoreFiles = ['[a-z]+\\.md$', '.*', '^x']", "", "", "content/x.md", None),
            (Hugo, "{\"ignoreFiles\": [\"\\\\.md$\"]}", "", "", "content/x.md", Some("*.md")),
        ] {
            let files = [(String::new(), ignore.to_owned())];
            let found = globs(generator, settings, root, &files, &[name]);
            let found = found.iter().find(|(_, globs)| globs.is_match(name)).map(|(glob, _)| glob.as_str());
            assert_eq!(found, want, "{settings} {ignore} {name}");
        }
    }
}
