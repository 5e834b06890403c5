//! `build`: a tree's merchant links become affiliate links. Decides which style Markdown gets and what the manifest keeps.

use rustc_hash::FxHashSet;

use crate::config::policy::MarkdownStyle;
use crate::config::{self, Config};
use crate::generator::Generator;
use crate::manifest::{self, Manifest, PageSum};
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

/// The manifest of a run. Entries of `previous` stay for pages that stand as that run had made them and that this run left
/// alone: rewriting in place twice, or a part of the site only, must not lose the way back. `sum_of` gives the sum of a page
/// of SRC as it stands.
pub fn manifest(report: &TreeReport, previous: Option<&Manifest>, sum_of: impl Fn(&str) -> Option<String>) -> Manifest {
    let mut manifest = Manifest::default();
    let mut done: FxHashSet<&str> = FxHashSet::default();
    for page in &report.pages {
        if let Some(sum) = page.sum.as_ref().filter(|_| page.failure.is_none() && page.edited) {
            manifest.pages.push(PageSum { page: page.name.clone(), sha256: sum.clone() });
            manifest.decisions.extend(page.records.iter().map(|record| decision(&page.name, record)));
            done.insert(page.name.as_str());
        }
    }
    let Some(previous) = previous else { return manifest };
    let stands = |entry: &&PageSum| {
        !done.contains(entry.page.as_str()) && sum_of(&entry.page).is_some_and(|sum| sum == entry.sha256)
    };
    let kept: FxHashSet<&str> = previous.pages.iter().filter(stands).map(|entry| entry.page.as_str()).collect();
    manifest.pages.extend(previous.pages.iter().filter(|entry| kept.contains(entry.page.as_str())).cloned());
    let old = previous.decisions.iter().filter(|decision| kept.contains(decision.page.as_str()));
    manifest.decisions.extend(old.cloned());
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
    }
}
