//! `strip`: own links out again, exactly with a manifest, as well as can be without. Decides nothing about files.

use rustc_hash::FxHashMap;

use crate::manifest::{Manifest, PageEntry, restore, sha256_hex};
use crate::pipeline::page::{self, Outcome, Setup};
use crate::pipeline::tree::{self, Job, TreeError};
use crate::plan;
use crate::report::run::TreeReport;

/// Turns own links of a tree, or those of `program` alone, into clean destinations.
pub fn strip(job: Job<'_>, setup: Setup<'_>, program: Option<usize>) -> Result<TreeReport, TreeError> {
    tree::run(job, &|bytes, format, name| {
        page::guarded(|| {
            page::run(bytes, format, name, setup, |text, document, facts, context| {
                plan::strip(text, document, facts, context, program)
            })
        })
    })
}

/// Gives the pages of a tree back the bytes they had before the build that wrote `manifest`, or those of `program`'s links
/// alone.
pub fn restore_tree(job: Job<'_>, manifest: &Manifest, program: Option<&str>) -> Result<TreeReport, TreeError> {
    let pages: FxHashMap<&str, &PageEntry> =
        manifest.pages.iter().map(|entry| (entry.page.as_str(), entry)).collect();
    tree::run(job, &|bytes, _, name| match pages.get(name) {
        None => Outcome::Same(Vec::new()),
        Some(entry) => restored(bytes, entry, program),
    })
}

fn restored(bytes: &[u8], entry: &PageEntry, program: Option<&str>) -> Outcome {
    if sha256_hex(bytes) != entry.sha256 {
        return Outcome::Refused("it was changed since the build that wrote the manifest".into());
    }
    let of_program = |name: &Option<String>| program.is_none() || name.as_deref() == program;
    let decisions: Vec<_> = entry.decisions.iter().filter(|decision| of_program(&decision.program)).collect();
    match restore(bytes, &decisions) {
        Ok(restored) => Outcome::Edited { bytes: restored, records: Vec::new() },
        Err(error) => Outcome::Refused(format!("the manifest does not fit it: {error}")),
    }
}
