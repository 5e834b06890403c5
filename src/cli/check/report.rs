//! What a check tells: the findings that no baseline knows, in each format that was asked for. Decides whose paths they have
//! and the exit status.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::Path;

use affilink::config::lint::Level;
use affilink::fsio::{Disk, write_file};
use affilink::lint::baseline::{self, Baseline};
use affilink::pipeline::check::PageFinding;
use affilink::printable::{printable, printable_path};
use affilink::report::finding::Finding;
use affilink::report::findings::{Format, Options, Output, count, first_run, job_summary, last_line, write};
use anyhow::Context as _;

use super::{Run, Site, is_whole};
use crate::cli::args::Check;
use crate::cli::common::{ExitStatus, Session, is_broken_pipe};
use crate::cli::repository::Repository;

/// Tells what `run` found, but for what is `known`.
pub(super) fn report(
    site: &Site,
    session: &Session<'_>,
    args: &Check,
    mut run: Run,
    known: Option<&Baseline>,
) -> anyhow::Result<ExitStatus> {
    if let Some(known) = known {
        leave_out(known, session, args, &mut run);
    }
    // a page from the standard input is called what its caller calls it
    let repository = if args.stdin_path.is_none() { Repository::here() } else { None };
    let shown = sorted(&mut run, repository.as_ref());
    let placed = repository.map(|repository| repository.of_all(&shown));
    for finding in &shown {
        match finding.level {
            Level::Error => run.figures.errors += 1,
            Level::Warn => run.figures.warnings += 1,
            Level::Info => run.figures.infos += 1,
            Level::Off => {}
        }
    }
    let terminal = io::stdout().is_terminal();
    let options = Options {
        all: args.all,
        color: session.colors(terminal),
        fail_on: args.fail_on.map_or(site.config.lint.fail_on, Into::into),
        max_warnings: args.max_warnings,
        baseline: known.is_some(),
        ..Options::default()
    };
    let default = [Output { format: Format::default_for(terminal), file: None }];
    let outputs = if args.format.is_empty() { &default[..] } else { &args.format };
    for output in outputs {
        let options = if output.file.is_some() { Options { color: false, ..options.clone() } } else { options.clone() };
        let findings = placed.as_ref().filter(|_| output.format.is_for_repository()).unwrap_or(&shown);
        let text = write(output.format, findings, &run.figures, &options);
        match &output.file {
            Some(file) => write_file(file, text.as_bytes(), &Disk::real())?,
            // who reads no further still learns by the exit code what was found
            None => match Session::print(&text) {
                Err(error) if !is_broken_pipe(&error) => return Err(error),
                _ => {}
            },
        }
        if output.format == Format::Github {
            summarize(&job_summary(findings, &run.figures, &options))?;
        }
    }
    let told = outputs.iter().any(|output| output.format == Format::Full && output.file.is_none());
    if !told && !session.common.quiet {
        let hint = first_run(&shown, &options).unwrap_or_default();
        Session::tell(&format!("{hint}{}\n", last_line(&shown, &run.figures, &options)));
    }
    let fails = shown.iter().any(|finding| options.fails(finding.level, &run.figures));
    Ok(if fails { ExitStatus::Findings } else { ExitStatus::Done })
}

/// Takes out what the baseline knows, and names what it holds without need.
fn leave_out(known: &Baseline, session: &Session<'_>, args: &Check, run: &mut Run) {
    let partly = args.since.is_some() || args.staged;
    let whole = is_whole(session, args, run);
    let seen = run.names();
    let looked_at = |page: &str, _: &str| whole || !partly && seen.contains(page);
    let result = known.filter(run.entries(), looked_at);
    let all = run.findings.len();
    let mut new = vec![false; all];
    for index in result.new.into_iter().take_while(|&index| index < all) {
        new[index] = true;
    }
    let mut new = new.into_iter();
    run.findings.retain(|_| new.next().unwrap_or(true));
    run.figures.baselined = all - run.findings.len();
    let stale: usize = result.stale.iter().map(|stale| stale.count).sum();
    if stale > 0 && !session.common.quiet {
        let first = result
            .stale
            .first()
            .map_or(String::new(), |stale| format!(" (the first: {} in {})", stale.rule, printable(&stale.path)));
        Session::tell(&format!(
            "note: the baseline holds {} that no page has any more{first}; --write-baseline takes them out\n",
            count(stale, "finding")
        ));
    }
}

/// The findings by path and place, with what tells equal ones apart wherever in the repository a run begins.
fn sorted(run: &mut Run, repository: Option<&Repository>) -> Vec<Finding> {
    run.findings.sort_by(|one, other| {
        let key = |finding: &PageFinding| (finding.shown.start, finding.shown.rule);
        one.shown.path.cmp(&other.shown.path).then_with(|| key(one).cmp(&key(other)))
    });
    let mut findings = Vec::with_capacity(run.findings.len());
    for page in run.findings.chunk_by(|one, other| one.shown.path == other.shown.path) {
        let Some(path) = page.first().map(|finding| &finding.shown.path) else { continue };
        let place = repository.map_or_else(|| path.clone(), |repository| repository.path(path));
        let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for PageFinding { shown, text, .. } in page {
            let ordinal = seen.entry((shown.rule, text)).or_default();
            let fingerprint = baseline::fingerprint(shown.rule, Some(&place), text, *ordinal);
            *ordinal += 1;
            findings.push(Finding { fingerprint, ..shown.clone() });
        }
    }
    findings
}

/// Adds to the page that GitHub shows of a job.
fn summarize(text: &str) -> anyhow::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .with_context(|| format!("GITHUB_STEP_SUMMARY: cannot write to `{}`", printable_path(Path::new(&path))))?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    Ok(())
}
