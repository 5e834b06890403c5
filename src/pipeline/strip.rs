//! `strip`: own links out again, exactly with a manifest, as well as can be without. Decides nothing about files.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::manifest::{Action, Decision, Kind, Manifest, PageSum, undo};
use crate::pipeline::page::{self, Outcome, Setup};
use crate::pipeline::study::Study;
use crate::pipeline::tree::{self, Job, TreeError};
use crate::plan;
use crate::report::run::TreeReport;

/// Turns own links of a tree, or those of `program` alone, into clean destinations.
pub fn strip(job: Job<'_>, setup: Setup<'_>, program: Option<usize>) -> Result<TreeReport, TreeError> {
    tree::run(job, &|bytes, format, name| {
        page::guarded(|| {
            page::run(Study::outlined(bytes, format, name, setup), |text, document, facts, context| {
                plan::strip(text, document, facts, context, program)
            })
        })
    })
}

/// Gives the pages of a tree back the bytes they had before the builds that wrote `manifest`, or those of `program`'s
/// links alone. Pages of which some links were given back before are known as well.
pub fn restore_tree(job: Job<'_>, manifest: &Manifest, program: Option<&str>) -> Result<TreeReport, TreeError> {
    let mut pages: FxHashMap<&str, BTreeMap<u32, Build<'_>>> = FxHashMap::default();
    for sum in &manifest.pages {
        pages.entry(sum.page.as_str()).or_default().insert(sum.earlier, Build { sum, decisions: Vec::new() });
    }
    for decision in &manifest.decisions {
        if let Some(build) = pages.get_mut(decision.page.as_str()).and_then(|builds| builds.get_mut(&decision.earlier))
        {
            build.decisions.push(decision);
        }
    }
    tree::run(job, &|bytes, format, name| match pages.get(name) {
        None => page::idle(bytes, format),
        Some(builds) => match restored(bytes, builds, program) {
            Ok(restored) if restored == bytes => Outcome::Same(Vec::new()),
            Ok(restored) => Outcome::Edited { bytes: restored, records: Vec::new() },
            Err(reason) => Outcome::Refused(reason),
        },
    })
}

/// What one build did to a page.
struct Build<'m> {
    sum: &'m PageSum,
    decisions: Vec<&'m Decision>,
}

/// The page before `builds`, the last one first; each edited what the next one had written.
fn restored(bytes: &[u8], builds: &BTreeMap<u32, Build<'_>>, program: Option<&str>) -> Result<Vec<u8>, String> {
    let of_program = |decision: &Decision| program.is_none() || decision.program.as_deref() == program;
    let older = || builds.values().skip(1).flat_map(|build| &build.decisions);
    if program.is_some() && older().any(|decision| of_program(decision) && decision.change().is_some()) {
        return Err("several builds edited it, one on top of the other: strip it without `--program`".into());
    }
    let mut page: Option<Vec<u8>> = None;
    for build in builds.values() {
        if build.decisions.iter().all(|decision| decision.change().is_none()) {
            return Err("the manifest says that it was edited, and not how: is it cut short?".into());
        }
        let current = page.as_deref().unwrap_or(bytes);
        let undone = |wanted: &dyn Fn(usize) -> bool| undo(current, &build.decisions, &build.sum.sha256, wanted);
        let standing = match program {
            None => undone(&|_| true),
            Some(program) => undone(&|_| false).and_then(|standing| {
                let wanted = of_links(&build.decisions, &standing.stood, program);
                undone(&|index| wanted[index])
            }),
        };
        match standing {
            Some(standing) => page = Some(standing.restored),
            // what is older than the last build's pages is of no use for them
            None if page.is_some() && program.is_none() => {
                return Err("the manifest does not fit it: two builds do not follow one another".into());
            }
            None => {}
        }
    }
    page.ok_or_else(|| "it was changed since the build that wrote the manifest".into())
}

/// Which of a build's decisions go with the links of `program`: those about these links, and what was written about no other.
/// `stood` tells which of their changes stand on the page.
fn of_links(decisions: &[&Decision], stood: &[bool], program: &str) -> Vec<bool> {
    let is_about_link = |decision: &Decision| {
        !matches!(decision.kind, Kind::Notice | Kind::Statement | Kind::Marker) && decision.action != Action::Skipped
    };
    let goes = |decision: &Decision| decision.program.as_deref() == Some(program) && decision.change().is_some();
    let (mut gone, mut left): (Vec<&Decision>, Vec<&Decision>) = (Vec::new(), Vec::new());
    // a marker follows its link
    let mut ends = BTreeMap::new();
    for (decision, stood) in decisions.iter().zip(stood).filter(|(decision, _)| is_about_link(decision)) {
        let goes = goes(decision);
        ends.insert(decision.end, goes);
        if goes {
            gone.push(decision);
        } else if *stood || decision.change().is_none() {
            left.push(decision);
        }
    }
    let is_left = |network: &Option<String>| left.iter().any(|decision| decision.network == *network);
    let states = gone.iter().all(|decision| !is_left(&decision.network));
    let is_undone = |decision: &&Decision| match decision.kind {
        Kind::Notice => left.is_empty(),
        Kind::Statement => decision.program.as_deref() == Some(program) && states,
        Kind::Marker => ends.range(..=decision.start).next_back().is_some_and(|(_, goes)| *goes),
        _ => goes(decision),
    };
    decisions.iter().map(is_undone).collect()
}
