//! `strip`: own links out again, exactly with a manifest, as well as can be without. Decides nothing about files.

use rustc_hash::FxHashMap;

use crate::manifest::{Decision, Manifest, PageSum, restore, sha256_hex};
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
    let mut pages: FxHashMap<&str, Entry<'_>> = FxHashMap::default();
    for sum in &manifest.pages {
        pages.insert(sum.page.as_str(), Entry { sum, decisions: Vec::new() });
    }
    for decision in &manifest.decisions {
        if let Some(entry) = pages.get_mut(decision.page.as_str()) {
            entry.decisions.push(decision);
        }
    }
    tree::run(job, &|bytes, _, name| match pages.get(name) {
        None => Outcome::Same(Vec::new()),
        Some(entry) => entry.restored(bytes, program),
    })
}

/// What a manifest says of one page.
struct Entry<'m> {
    sum: &'m PageSum,
    decisions: Vec<&'m Decision>,
}

impl Entry<'_> {
    fn restored(&self, bytes: &[u8], program: Option<&str>) -> Outcome {
        if sha256_hex(bytes) != self.sum.sha256 {
            return if self.is_restored(bytes) {
                Outcome::Same(Vec::new())
            } else {
                Outcome::Refused("it was changed since the build that wrote the manifest".into())
            };
        }
        let of_program = |decision: &&&Decision| program.is_none() || decision.program.as_deref() == program;
        let decisions: Vec<_> = self.decisions.iter().filter(of_program).copied().collect();
        match restore(bytes, &decisions) {
            Ok(restored) => Outcome::Edited { bytes: restored, records: Vec::new() },
            Err(error) => Outcome::Refused(format!("the manifest does not fit it: {error}")),
        }
    }

    /// Whether the page is what it was before that build: done again, its edits give the page that was recorded.
    fn is_restored(&self, bytes: &[u8]) -> bool {
        let mut changes: Vec<_> =
            self.decisions.iter().filter_map(|decision| Some((decision.start, decision.change()?))).collect();
        changes.sort_by_key(|&(start, _)| start);
        let mut rebuilt = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for (start, (before, after)) in changes {
            let Some(kept) = start.checked_sub(rebuilt.len()) else { return false };
            let Some(between) = bytes.get(from..from + kept) else { return false };
            rebuilt.extend_from_slice(between);
            rebuilt.extend_from_slice(after);
            from += kept + before.len();
        }
        rebuilt.extend_from_slice(bytes.get(from..).unwrap_or_default());
        sha256_hex(&rebuilt) == self.sum.sha256
    }
}
