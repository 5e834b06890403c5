//! `build`: a tree's merchant links become affiliate links. Decides which style Markdown gets and what the manifest keeps.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::config::policy::MarkdownStyle;
use crate::config::{self, Config};
use crate::document::Relinked;
use crate::generator::Generator;
use crate::manifest::{self, Manifest, PageSum, follow, restore, undo};
use crate::pipeline::page::{Setup, rewrite};
use crate::pipeline::tree::{self, Agree, Job, TreeError};
use crate::report::run::{Record, TreeReport};

/// Rewrites a tree of pages made by `generator`.
pub fn build(job: Job<'_>, generator: Option<Generator>, date: &str) -> Result<TreeReport, TreeError> {
    let setup = setup(job.config, generator, date);
    tree::run(job, &|bytes, format, page| rewrite(bytes, format, page, setup))
}

/// The same in place, when `agree` says so of all that is ready; see [`tree::run_agreed`].
pub fn build_agreed<E: From<TreeError>>(
    job: Job<'_>,
    generator: Option<Generator>,
    date: &str,
    agree: &Agree<'_, E>,
) -> Result<TreeReport, E> {
    let setup = setup(job.config, generator, date);
    tree::run_agreed(job, &|bytes, format, page| rewrite(bytes, format, page, setup), agree)
}

/// How pages of a site made by `generator` are rewritten.
pub fn setup<'s>(config: &'s Config, generator: Option<Generator>, date: &'s str) -> Setup<'s> {
    Setup { config, relinked: generator.map_or(Relinked::Nothing, relinked), date }
}

/// What the configuration needs to know of `generator`.
pub fn facts(generator: Option<Generator>) -> config::Generator {
    // Python-Markdown has them as extensions, which the themes of these two are made for
    let containers = matches!(generator, Some(Generator::MkDocs | Generator::Zensical));
    config::Generator { markdown: auto_style(generator), math: false, containers }
}

/// The style for Markdown where `links.markdown` is `auto`: raw HTML where the generator is known to keep it.
fn auto_style(generator: Option<Generator>) -> MarkdownStyle {
    match generator {
        // goldmark drops raw HTML unless the site allows it (Hugo, "Configure markup", `unsafe`)
        // and so does remark-html, which Next's own guide for Markdown uses (its option `sanitize`)
        None | Some(Generator::Hugo | Generator::Next) => MarkdownStyle::Plain,
        Some(Generator::Jekyll) => MarkdownStyle::Kramdown,
        Some(Generator::Pandoc | Generator::Quarto) => MarkdownStyle::Pandoc,
        Some(_) => MarkdownStyle::Html,
    }
}

/// What the generator's Markdown makes links of in the text of raw `<a>` tags: goldmark's linkify, remark's GFM extension,
/// Python-Markdown with `pymdownx.magiclink` and Pandoc's `autolink_bare_uris` look at text, and raw HTML is not a link to
/// them; nor is it to markdown-it as `VitePress` sets it up.
fn relinked(generator: Generator) -> Relinked {
    use Generator::{Astro, Docusaurus, Gatsby, Hugo, MkDocs, Next, Nuxt, Quarto, VitePress, Zensical};
    match generator {
        VitePress => Relinked::Hosts,
        Astro | Docusaurus | Gatsby | Hugo | Next | Nuxt | Quarto => Relinked::Urls,
        MkDocs | Zensical => Relinked::UrlsOfMarkdown,
        _ => Relinked::Nothing,
    }
}

/// What the manifest of a run holds, and what it can no longer hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The manifest.
    pub manifest: Manifest,
    /// Pages that were changed since the manifest before was written, so that what was done to them then cannot be undone.
    pub lost: Vec<String>,
}

/// The manifest of a run. What `previous` says of pages that stand as its builds had made them stays, below this run's
/// own entries: rewriting in place twice, or a part of the site only, must not lose the way back. On a page that its author
/// edited since, what was written is looked for. `read` gives a page of SRC as it stands before this run.
pub fn manifest(report: &TreeReport, previous: Option<&Manifest>, read: impl Fn(&str) -> Option<Vec<u8>>) -> Recorded {
    let mut recorded = Recorded::default();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for page in &report.pages {
        if let Some(sum) = page.sum.as_ref().filter(|_| page.failure.is_none() && page.edited) {
            recorded.manifest.pages.push(PageSum { page: page.name.clone(), sha256: sum.clone(), earlier: 0 });
            recorded.manifest.decisions.extend(page.records.iter().map(|record| decision(&page.name, record)));
            done.insert(page.name.as_str());
        }
    }
    let Some(previous) = previous else { return recorded };
    let mut builds: BTreeMap<&str, BTreeMap<u32, Earlier<'_>>> = BTreeMap::new();
    for sum in &previous.pages {
        let of_page = builds.entry(sum.page.as_str()).or_default();
        of_page.insert(sum.earlier, Earlier { sum, decisions: Vec::new() });
    }
    for decision in &previous.decisions {
        let of_page = builds.get_mut(decision.page.as_str());
        if let Some(build) = of_page.and_then(|of_page| of_page.get_mut(&decision.earlier)) {
            build.decisions.push(decision);
        }
    }
    for (page, builds) in builds {
        let Some(bytes) = read(page) else { continue };
        let below = u32::from(done.contains(page));
        let Some(standing) = standing(bytes, builds.into_values()) else {
            recorded.lost.push(page.to_owned());
            continue;
        };
        for (sum, decisions) in standing {
            let deeper = |earlier: u32| earlier.saturating_add(below);
            recorded.manifest.pages.push(PageSum { earlier: deeper(sum.earlier), ..sum });
            let decisions = decisions.into_iter();
            let decisions =
                decisions.map(|decision| manifest::Decision { earlier: deeper(decision.earlier), ..decision });
            recorded.manifest.decisions.extend(decisions);
        }
    }
    recorded
}

/// What an earlier build did to a page.
struct Earlier<'m> {
    sum: &'m PageSum,
    decisions: Vec<&'m manifest::Decision>,
}

/// Those of `builds`, the last one first, that stand on the page of these `bytes`; `None` where its author changed it so that
/// this cannot be told. A page on which nothing of the last one stands was never edited, or was restored.
fn standing<'m>(
    mut bytes: Vec<u8>,
    builds: impl Iterator<Item = Earlier<'m>>,
) -> Option<Vec<(PageSum, Vec<manifest::Decision>)>> {
    let mut found = Vec::new();
    for Earlier { sum, decisions } in builds {
        if let Some(standing) = undo(&bytes, &decisions, &sum.sha256, |_| true) {
            if !standing.any {
                break;
            }
            found.push((sum.clone(), decisions.into_iter().cloned().collect()));
            bytes = standing.restored;
            continue;
        }
        let moved = follow(&bytes, &decisions)?;
        if moved.is_empty() {
            break;
        }
        let restored = restore(&bytes, &moved.iter().collect::<Vec<_>>()).ok()?;
        found.push((PageSum { sha256: manifest::sha256_hex(&bytes), ..sum.clone() }, moved));
        bytes = restored;
    }
    Some(found)
}

fn decision(page: &str, record: &Record) -> manifest::Decision {
    manifest::Decision {
        page: page.to_owned(),
        line: record.line,
        column: record.column,
        start: record.start,
        end: record.end,
        kind: record.kind,
        action: record.action,
        reason: record.reason.name().into(),
        program: record.program.clone(),
        network: record.network.clone(),
        before: Some(record.before.clone()),
        after: Some(record.after.clone()),
        subid: record.subid.clone(),
        product: record.product.clone(),
        earlier: 0,
    }
}
