//! `affilink build`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use affilink::config::Config;
use affilink::disclosure;
use affilink::fsio::{Disk, is_stray_name, remove_strays, site_text, write_file};
use affilink::generator::{self, Generator};
use affilink::manifest::Manifest;
use affilink::pipeline::build;
use affilink::pipeline::tree::{Job, Mode, root_of};
use affilink::printable::printable;
use affilink::report::run::TreeReport;
use affilink::report::summary::{Manner, census, decisions, summary};
use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::args::{Build, Target};
use crate::cli::common::{ExitStatus, Session, read_manifest};

pub(crate) fn run(session: &Session<'_>, args: &Build) -> anyhow::Result<ExitStatus> {
    let mode = match mode(&args.target) {
        Some(mode) => mode,
        None if args.diff => Mode::Preview { diff: true },
        None if args.dry_run || args.check => Mode::Preview { diff: false },
        None => bail!("say where results go: --out DIR or --in-place; or look first: --diff, --dry-run, --check"),
    };
    let site = Site::of(&args.source);
    let mut config = session.config()?;
    config.set_generator(build::facts(site.generator));
    let prefilter = config.prefilter(&disclosure::marks(&config.disclosures()));
    let link_filter = config.link_filter();
    session.catch_signals()?;
    let progress = Progress::new(session);
    let job = Job {
        source: &args.source,
        prefix: "",
        mode: &mode,
        config: &config,
        wanted: &|page| session.wants(page),
        skip_dirs: &site.output_folders,
        prefilter: Some(&prefilter),
        link_filter: Some(&link_filter),
        sums: args.manifest.is_some(),
        stop: &|| session.interrupt.pending().is_some(),
        progress: &|| progress.step(),
    };
    let date = session.date.to_string();
    let previous = args.manifest.as_deref().map_or(Ok(None), previous)?;
    let in_place = mode == Mode::InPlace;
    let report = if in_place && (args.all_or_nothing || args.manifest.is_some()) {
        build::build_agreed(job, site.generator, &date, &|report| {
            if args.all_or_nothing && status(session, &config, report, false) == ExitStatus::Failed {
                return Ok(false);
            }
            // the way back must be there before the first page changes
            args.manifest.as_ref().map_or(Ok(()), |path| record(path, report, previous.as_ref(), &args.source))?;
            anyhow::Ok(true)
        })?
    } else {
        build::build(job, site.generator, &date)?
    };
    progress.end();
    if let Some(path) = args.manifest.as_ref().filter(|_| !in_place) {
        record(path, &report, previous.as_ref(), &args.source)?;
    }
    let manner = Manner {
        wrote: !matches!(mode, Mode::Preview { .. }) && !report.withheld,
        strip: false,
        lacks_attributes: config.lacks_attributes(),
        subids_tell_pages: config.subids_tell_pages(),
    };
    show(session, &report, manner, args.diff)?;
    Ok(status(session, &config, &report, args.check))
}

/// Where results go, if anywhere.
pub(crate) fn mode(target: &Target) -> Option<Mode> {
    match &target.out {
        Some(dir) => Some(Mode::Out(dir.clone())),
        None if target.in_place => Some(Mode::InPlace),
        None => None,
    }
}

/// The site that pages are of, as its generator's configuration tells.
pub(crate) struct Site {
    /// The generator, where it is known.
    pub(crate) generator: Option<Generator>,
    /// The folders it writes, canonical.
    pub(crate) output_folders: Vec<PathBuf>,
}

impl Site {
    /// The site that `source` is of: its configuration stands beside or above the pages.
    pub(crate) fn of(source: &Path) -> Self {
        let Ok(root) = root_of(source).canonicalize() else {
            return Self { generator: None, output_folders: Vec::new() };
        };
        let found = root.ancestors().take(ANCESTORS).find_map(|folder| {
            let read = |name: &str| site_text(folder, name);
            let mark = *generator::marks(&read).first()?;
            let settings = read(mark.file).unwrap_or_default();
            Some((mark.generator, folder, generator::configured_output(mark.generator, &settings)))
        });
        let folders = |(generator, folder, configured): (Generator, &Path, Option<String>)| -> Vec<PathBuf> {
            let usual = generator::output_folders(generator).iter().map(|output| folder.join(output));
            // what holds the pages is not what is written
            let configured = configured.map(|output| folder.join(output)).filter(|output| !root.starts_with(output));
            usual.chain(configured).collect()
        };
        let read_otherwise = |(generator, folder, _): &(Generator, &Path, Option<String>)| {
            *generator == Generator::Jekyll && other_markdown(&std::fs::read_to_string(folder.join("_config.yml")))
        };
        // a site whose Markdown is not its generator's usual one is one of an unknown generator as far as style goes
        let generator = found.as_ref().filter(|found| !read_otherwise(found)).map(|(generator, ..)| *generator);
        Self { generator, output_folders: found.map_or(Vec::new(), folders) }
    }
}

/// Whether a Jekyll configuration names another Markdown reader than kramdown (Jekyll, "Markdown Options").
fn other_markdown(config: &std::io::Result<String>) -> bool {
    let lines = config.iter().flat_map(|text| text.lines());
    let mut named = lines.filter_map(|line| line.strip_prefix("markdown:"));
    named.any(|name| !name.trim().trim_matches(['"', '\'']).to_ascii_lowercase().starts_with("kramdown"))
}

/// How far above the pages a generator's configuration is looked for: `content/`, `src/content/`.
const ANCESTORS: usize = 3;

/// The manifest that stands where this run's will: rewriting in place twice keeps what the first run recorded.
fn previous(path: &Path) -> anyhow::Result<Option<Manifest>> {
    if !path.is_file() {
        return Ok(None);
    }
    read_manifest(path)
        .map(Some)
        .context("`--manifest` names a file that is there and cannot be added to; name another one")
}

fn record(path: &Path, report: &TreeReport, previous: Option<&Manifest>, source: &Path) -> anyhow::Result<()> {
    let root = root_of(source);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let strays: Vec<_> = entries.filter(|entry| is_stray_name(&entry.file_name())).map(|entry| entry.path()).collect();
    remove_strays(&strays, &Disk::real());
    let read = |page: &str| std::fs::read(root.join(page)).ok();
    let mut lines = Vec::new();
    let recorded = build::manifest(report, previous, read);
    recorded.manifest.write(&mut lines)?;
    write_file(path, &lines, &Disk::real())?;
    for page in recorded.lost {
        let page = printable(&page);
        Session::tell(&format!(
            "warning: {page}: changed since the manifest was written, so that `strip --manifest` cannot undo what was done to it before\n"
        ));
    }
    Ok(())
}

/// Prints what a run did.
pub(crate) fn show(session: &Session<'_>, report: &TreeReport, manner: Manner, diff: bool) -> anyhow::Result<()> {
    if diff {
        for page in &report.pages {
            Session::print_bytes(&page.diff)?;
        }
    }
    let mut text = String::new();
    if session.common.verbose {
        text.push_str(&decisions(report));
    }
    text.push_str(&summary(report, manner, session.common.quiet));
    if diff || session.common.quiet {
        Session::tell(&text);
    } else {
        Session::print(&text)?;
    }
    if !session.common.quiet {
        Session::tell(&format!("{}\n", census(report)));
    }
    Ok(())
}

/// The exit status of a run over a tree.
pub(crate) fn status(session: &Session<'_>, config: &Config, report: &TreeReport, check: bool) -> ExitStatus {
    if let Some(signal) = session.interrupt.pending() {
        return ExitStatus::Stopped(signal);
    }
    if report.has_failures(config.files.fail_on_refused) || report.has_bad_skips(session.common.strict) {
        ExitStatus::Failed
    } else if report.has_ended_links() || (check && report.pages.iter().any(|page| page.edited)) {
        ExitStatus::Findings
    } else {
        ExitStatus::Done
    }
}

/// A spinner on a terminal, for runs that take more than a second.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(session: &Session<'_>) -> Self {
        let bar = ProgressBar::hidden();
        if std::io::stderr().is_terminal() && !session.common.quiet {
            let style = ProgressStyle::with_template("{spinner} {pos} pages, {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            // drawn by the ticker alone, so that a run of less than a second shows nothing
            bar.enable_steady_tick(Duration::from_secs(1));
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
        }
        Self(bar)
    }

    pub(crate) fn step(&self) {
        if !self.0.is_hidden() {
            self.0.inc(1);
        }
    }

    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
