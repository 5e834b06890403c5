//! `build`: a tree's merchant links become affiliate links. Decides which style Markdown gets and what the manifest keeps.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::policy::MarkdownStyle;
use crate::config::{self, Config};
use crate::generator::Generator;
use crate::manifest::{self, Manifest, PageSum, undo};
use crate::pipeline::page::{Setup, rewrite};
use crate::pipeline::tree::{self, Job, TreeError};
use crate::report::run::{Record, TreeReport};

/// Rewrites a tree of pages made by `generator`.
pub fn build(job: Job<'_>, generator: Option<Generator>, date: &str) -> Result<TreeReport, TreeError> {
    let setup = setup(job.config, generator, date);
    tree::run(job, &|bytes, format, page| rewrite(bytes, format, page, setup))
}

/// How pages of a site made by `generator` are rewritten.
pub fn setup<'s>(config: &'s Config, generator: Option<Generator>, date: &'s str) -> Setup<'s> {
    Setup { config, links_inside_html: generator.is_some_and(links_inside_html), date }
}

/// What the configuration needs to know of `generator`.
pub fn facts(generator: Option<Generator>) -> config::Generator {
    config::Generator { markdown: auto_style(generator), math: false }
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

/// Whether the generator's Markdown links bare URLs even inside raw `<a>` tags: remark's GFM extension looks at text, and
/// raw HTML is not a link to it.
fn links_inside_html(generator: Generator) -> bool {
    matches!(generator, Generator::Astro | Generator::Docusaurus | Generator::Gatsby | Generator::Next)
}

/// The manifest of a run. What `previous` says of pages that stand as its builds had made them stays, below this run's
/// own entries: rewriting in place twice, or a part of the site only, must not lose the way back. `read` gives a page of SRC
/// as it stands before this run.
pub fn manifest(report: &TreeReport, previous: Option<&Manifest>, read: impl Fn(&str) -> Option<Vec<u8>>) -> Manifest {
    let mut manifest = Manifest::default();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for page in &report.pages {
        if let Some(sum) = page.sum.as_ref().filter(|_| page.failure.is_none() && page.edited) {
            manifest.pages.push(PageSum { page: page.name.clone(), sha256: sum.clone(), earlier: 0 });
            manifest.decisions.extend(page.records.iter().map(|record| decision(&page.name, record)));
            done.insert(page.name.as_str());
        }
    }
    let Some(previous) = previous else { return manifest };
    let mut last: FxHashMap<&str, Vec<&manifest::Decision>> = FxHashMap::default();
    for decision in previous.decisions.iter().filter(|decision| decision.earlier == 0) {
        last.entry(decision.page.as_str()).or_default().push(decision);
    }
    let stands = |entry: &&PageSum| {
        let decisions = last.get(entry.page.as_str()).map_or(&[][..], Vec::as_slice);
        let standing = read(&entry.page).and_then(|bytes| undo(&bytes, decisions, &entry.sha256, |_| true));
        // a page on which none of it stands was never edited, or was restored
        standing.is_some_and(|standing| standing.any)
    };
    let kept = previous.pages.iter().filter(|entry| entry.earlier == 0).filter(stands);
    let kept: FxHashSet<&str> = kept.map(|entry| entry.page.as_str()).collect();
    let older =
        |page: &str, earlier: u32| kept.contains(page).then(|| earlier.saturating_add(u32::from(done.contains(page))));
    let pages = previous.pages.iter();
    manifest.pages.extend(
        pages.filter_map(|entry| Some(PageSum { earlier: older(&entry.page, entry.earlier)?, ..entry.clone() })),
    );
    let decisions = previous.decisions.iter();
    manifest.decisions.extend(decisions.filter_map(|decision| {
        Some(manifest::Decision { earlier: older(&decision.page, decision.earlier)?, ..decision.clone() })
    }));
    manifest
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
