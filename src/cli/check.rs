//! `affilink check`.

mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use affilink::config::Config;
use affilink::config::lint::Judged;
use affilink::fsio::{Disk, write_file};
use affilink::lint::baseline::{self, Baseline, Entry};
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::check::{Checking, PageFinding, PageFindings, check, page_findings};
use affilink::pipeline::fix::{Fixing, fix};
use affilink::pipeline::page::Outcome;
use affilink::pipeline::tree::{Job, Mode, TreeError};
use affilink::pipeline::unused::{Used, unused};
use affilink::printable::{printable, printable_path};
use affilink::report::finding::Figures;
use affilink::report::findings::{Format, count};
use affilink::report::run::TreeReport;
use anyhow::{Context as _, bail};

use crate::cli::args::{Check, JudgedAs};
use crate::cli::build::{self, Progress};
use crate::cli::changed::{Absent, Changed};
use crate::cli::common::{ExitStatus, Session};
use crate::cli::listed::Listed;
use crate::cli::target::{Target, slashed, tell};

pub(crate) fn run(session: &Session<'_>, args: &Check) -> anyhow::Result<ExitStatus> {
    let site = Site::of(session, args)?;
    let known = site.known(args)?;
    let changed = Changed::of(&site.folder, args)?;
    let listed = args.pages_from.as_deref().map(Listed::read).transpose()?;
    let only = Only { changed: changed.as_ref(), listed: listed.as_ref() };
    if let Some(name) = &args.stdin_path {
        return site.stdin(session, args, name, known.as_ref());
    }
    session.catch_signals()?;
    let mut run = Run::default();
    for target in Target::all(&site.folder, &args.paths)? {
        site.look(session, args, &target, only, &mut run)?;
    }
    if args.paths.is_empty() && args.since.is_none() && !args.staged && args.pages_from.is_none() {
        run.findings.extend(site.unused(&run));
    }
    if args.write_baseline {
        return site.write_baseline(session, args, &run);
    }
    if args.diff {
        for page in run.reports.iter().flat_map(|report| &report.pages) {
            Session::print_bytes(&page.diff)?;
        }
    }
    let stopped = session.interrupt.pending();
    let failed = tell(session, &run.reports, &site.config);
    let status = report::report(&site, session, args, run, known.as_ref())?;
    Ok(match stopped {
        Some(signal) => ExitStatus::Stopped(signal),
        None if failed => ExitStatus::Failed,
        None => status,
    })
}

/// The site that is checked.
struct Site {
    config: Config,
    folder: PathBuf,
    configured: bool,
    /// The configuration file as it is shown.
    file: Option<PathBuf>,
    generator: Option<affilink::generator::Generator>,
    judged: Judged,
    date: String,
}

/// Which pages are looked at, of those below a path.
#[derive(Clone, Copy)]
struct Only<'o> {
    changed: Option<&'o Changed>,
    listed: Option<&'o Listed>,
}

impl Only<'_> {
    /// Whether the page with this path, as shown, is one of them.
    fn wants(self, path: &str) -> bool {
        self.listed.is_none_or(|listed| listed.holds(path)) && self.changed.is_none_or(|changed| changed.holds(path))
    }

    /// Whether there was nothing to look at only because none of the pages is wanted.
    fn leaves_none(self, error: &TreeError) -> bool {
        (self.changed.is_some() || self.listed.is_some()) && matches!(error, TreeError::NoPages { .. })
    }
}

/// What was found so far.
#[derive(Default)]
struct Run {
    reports: Vec<TreeReport>,
    /// With paths as they are shown.
    findings: Vec<PageFinding>,
    /// What other findings say already; with paths, too.
    quiet: Vec<PageFinding>,
    figures: Figures,
    /// The names of the pages that were looked at, by their paths as shown.
    looked: BTreeMap<String, String>,
    used: Used,
}

impl Site {
    fn of(session: &Session<'_>, args: &Check) -> anyhow::Result<Self> {
        let found = session.config_if_any()?;
        let configured = found.is_some();
        let file = session.config_path().filter(|_| configured);
        let (mut config, folder) =
            found.unwrap_or_else(|| (Config::without_file(session.date, affilink::lint::SPECS), PathBuf::from(".")));
        let generator = build::Site::of(&folder).generator;
        config.set_generator(facts(generator));
        let judged = match args.judged_as {
            Some(JudgedAs::Auto) => Judged::Auto,
            Some(JudgedAs::Built) => Judged::Built,
            Some(JudgedAs::Written) => Judged::Written,
            None => config.lint.judged,
        };
        Ok(Self { config, folder, configured, file, generator, judged, date: session.date.to_string() })
    }

    fn checking(&self, session: &Session<'_>, args: &Check) -> Checking<'_> {
        let with_edits = args.format.iter().any(|output| matches!(output.format, Format::Sarif | Format::Rdjson));
        let setup = setup(&self.config, self.generator, &self.date);
        Checking { setup, configured: self.configured, judged: self.judged, date: session.date, with_edits }
    }

    fn look(
        &self,
        session: &Session<'_>,
        args: &Check,
        target: &Target,
        only: Only<'_>,
        run: &mut Run,
    ) -> anyhow::Result<()> {
        let output_folders = build::Site::of(&target.path).output_folders;
        let progress = Progress::new(session);
        let mode = if args.wants_fixes() && !args.diff { Mode::InPlace } else { Mode::Preview { diff: args.diff } };
        let path_of = |page: &str| target.shown_path(page);
        let passed_over = AtomicUsize::new(0);
        let wanted = |page: &str| {
            let (flagged, is_wanted) = (session.wants(page), only.wants(&path_of(page)));
            let files = &self.config.files;
            let is_page = || !files.exclude.is_match(page);
            passed_over.fetch_add(usize::from(flagged && !is_wanted && is_page()), Ordering::Relaxed);
            flagged && is_wanted
        };
        let preview = Mode::Preview { diff: false };
        let job = Job {
            source: &target.path,
            prefix: &target.prefix,
            mode: &preview,
            config: &self.config,
            wanted: &wanted,
            skip_dirs: &output_folders,
            prefilter: None,
            link_filter: None,
            sums: false,
            stop: &|| session.interrupt.pending().is_some(),
            progress: &|| progress.step(),
        };
        let checking = self.checking(session, args);
        if args.wants_fixes() {
            let fixing = Fixing { unsafe_too: args.unsafe_fixes };
            match fix(Job { mode: &mode, ..job }, checking, fixing) {
                Ok(report) => run.fixed(report, args.diff),
                Err(error) if only.leaves_none(&error) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        // fixes have gone over the same files
        passed_over.store(0, Ordering::Relaxed);
        let contents = |page: &str| only.changed.and_then(|changed| changed.staged(&path_of(page)));
        match check(job, checking, &contents) {
            Ok((mut report, pages)) => {
                report.passed_over = passed_over.load(Ordering::Relaxed);
                report.excluded = report.excluded.saturating_sub(report.passed_over);
                run.reports.push(report);
                for page in pages {
                    let path = path_of(&page.page);
                    let page = self.only_new(only.changed, checking, page, |changed| changed.place(&path))?;
                    run.add(page, &path);
                }
            }
            Err(error) if only.leaves_none(&error) => {}
            Err(error) => return Err(error.into()),
        }
        progress.end();
        self.look_at_absent(session, target, only.changed, checking, run)
    }

    /// Looks at what is staged and has no file.
    fn look_at_absent(
        &self,
        session: &Session<'_>,
        target: &Target,
        changed: Option<&Changed>,
        checking: Checking<'_>,
        run: &mut Run,
    ) -> anyhow::Result<()> {
        let files = &self.config.files;
        let wanted = |page: &str| session.wants(page) && files.include.is_match(page) && !files.exclude.is_match(page);
        let absent = changed.map(|changed| changed.absent(target, &wanted)).transpose()?;
        for Absent { page, place, bytes } in absent.into_iter().flatten() {
            let found = self.config.format(&page).map(|format| page_findings(&bytes, format, &page, checking));
            match found {
                Some(Ok(found)) => {
                    let found = self.only_new(changed, checking, found, |_| place)?;
                    run.add(found, &target.shown_path(&page));
                }
                Some(Err(Outcome::Refused(reason))) => bail!("{}: {}", printable(&page), printable(&reason)),
                _ => {}
            }
        }
        Ok(())
    }

    /// What of `page` is new, where only changes are looked at; `place` is where it is in the repository.
    fn only_new(
        &self,
        changed: Option<&Changed>,
        checking: Checking<'_>,
        page: PageFindings,
        place: impl FnOnce(&Changed) -> PathBuf,
    ) -> anyhow::Result<PageFindings> {
        let Some(changed) = changed else { return Ok(page) };
        let name = page.page.clone();
        let before = |bytes: &[u8]| page_findings(bytes, self.config.format(&name)?, &name, checking).ok();
        changed.only_new(page, &place(changed), before)
    }

    fn baseline_path(&self, args: &Check) -> PathBuf {
        args.baseline.clone().unwrap_or_else(|| self.folder.join(&self.config.lint.baseline))
    }

    fn known(&self, args: &Check) -> anyhow::Result<Option<Baseline>> {
        let path = self.baseline_path(args);
        if args.no_baseline || args.write_baseline || !path.is_file() {
            if args.baseline.is_some() && !args.write_baseline && !path.is_file() {
                bail!("`{}`: no such baseline; write it with --write-baseline", printable_path(&path));
            }
            return Ok(None);
        }
        read_baseline(&path).map(Some)
    }

    fn write_baseline(&self, session: &Session<'_>, args: &Check, run: &Run) -> anyhow::Result<ExitStatus> {
        let path = self.baseline_path(args);
        let new = Baseline::of(run.entries());
        let mut kept = 0;
        let mut baseline = new.clone();
        if path.is_file() && !is_whole(session, args, run) {
            let (old, seen) = (read_baseline(&path)?, run.names());
            baseline = baseline.with_unseen(&old, |page, _| seen.contains(page));
            kept = baseline.len() - new.len();
        }
        write_file(&path, baseline.write().as_bytes(), &Disk::real())?;
        let kept = if kept > 0 { format!(", {kept} of other pages kept") } else { String::new() };
        let never = run.findings.iter().filter(|finding| baseline::NEVER.contains(&finding.shown.rule)).count();
        let never = match never {
            0 => String::new(),
            never => format!("; {} not: {} is always reported", count(never, "finding"), baseline::NEVER.join(", ")),
        };
        let written = count(new.len(), "finding");
        Session::tell(&format!("{written} written to {}{kept}{never}\n", printable_path(&path)));
        Ok(ExitStatus::Done)
    }

    fn stdin(
        &self,
        session: &Session<'_>,
        args: &Check,
        name: &str,
        known: Option<&Baseline>,
    ) -> anyhow::Result<ExitStatus> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        let Some(format) = self.config.format(name) else {
            bail!("`{}` is no page: neither Markdown nor HTML by its ending", printable(name));
        };
        let page = match page_findings(&bytes, format, name, self.checking(session, args)) {
            Ok(page) => page,
            Err(Outcome::Skipped(skip)) => bail!("{}: not read: {skip}", printable(name)),
            Err(Outcome::Refused(reason)) => bail!("{}: {}", printable(name), printable(&reason)),
            Err(_) => PageFindings { page: name.to_owned(), ..PageFindings::default() },
        };
        let mut run = Run::default();
        run.add(page, name);
        report::report(self, session, args, run, known)
    }

    /// Programs and products that nothing on the site has to do with.
    fn unused(&self, run: &Run) -> Vec<PageFinding> {
        let Some(file) = self.file.as_ref().filter(|_| self.configured) else { return Vec::new() };
        let Ok(text) = std::fs::read_to_string(file) else { return Vec::new() };
        let shown: PathBuf = file.components().filter(|part| *part != std::path::Component::CurDir).collect();
        unused(&self.config, &text, slashed(&shown).trim_end_matches('/'), &run.used)
    }
}

impl Run {
    fn add(&mut self, page: PageFindings, path: &str) {
        self.figures.pages += 1;
        self.figures.built += usize::from(page.as_built);
        self.figures.suppressed += page.suppressed;
        self.used.add(page.used);
        self.looked.insert(path.to_owned(), page.page);
        let at_path = |mut finding: PageFinding| {
            path.clone_into(&mut finding.shown.path);
            finding
        };
        self.findings.extend(page.findings.into_iter().map(at_path));
        self.quiet.extend(page.quiet.into_iter().map(at_path));
    }

    fn fixed(&mut self, report: TreeReport, diff: bool) {
        if report.written > 0 && !diff {
            Session::tell(&format!("{} pages mended\n", report.written));
        }
        if diff {
            self.reports.push(report);
        }
    }

    /// Everything that a baseline knows.
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let all = self.findings.iter().map(|finding| (finding, false));
        all.chain(self.quiet.iter().map(|finding| (finding, true))).map(|(finding, quiet)| {
            let shown = &finding.shown;
            Entry {
                path: self.looked.get(&shown.path).unwrap_or(&shown.path),
                rule: shown.rule,
                text: finding.text.clone(),
                figure: finding.figure,
                of_page: finding.of_page,
                quiet,
            }
        })
    }

    /// The names of the pages that were looked at.
    fn names(&self) -> BTreeSet<&str> {
        self.looked.values().map(String::as_str).collect()
    }
}

/// Whether a run looked at every page of the site: what it did not see is not there.
fn is_whole(session: &Session<'_>, args: &Check, run: &Run) -> bool {
    let some = args.since.is_some() || args.staged || args.stdin_path.is_some() || args.pages_from.is_some();
    let named = !args.paths.is_empty() || some;
    let is_read =
        |report: &TreeReport| report.problems.is_empty() && report.pages.iter().all(|page| page.failure.is_none());
    !named && session.wants_all() && run.reports.iter().all(is_read)
}

fn read_baseline(path: &Path) -> anyhow::Result<Baseline> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", printable_path(path)))?;
    Baseline::read(&text).with_context(|| format!("`{}`", printable_path(path)))
}
