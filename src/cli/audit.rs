//! `affilink audit`.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use affilink::audit::{Change, PageAudit, PageChange, SiteAudit};
use affilink::config::Config;
use affilink::fsio::{Disk, write_file};
use affilink::git::Changes;
use affilink::networks::stands_on;
use affilink::pipeline::audit::{audit, page_audit};
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::check::Checking;
use affilink::pipeline::tree::{Job, Mode, TreeError};
use affilink::printable::{printable, printable_path};
use affilink::report::audit::{Format, Output, Report, Subject};
use affilink::report::run::TreeReport;
use anyhow::bail;

use crate::cli::args::Audit;
use crate::cli::build::{self, Progress};
use crate::cli::common::{ExitStatus, Session};
use crate::cli::target::{self, Target, in_repository};

pub(crate) fn run(session: &Session<'_>, args: &Audit) -> anyhow::Result<ExitStatus> {
    let site = Site::of(session)?;
    let changes = args.since.as_ref().map(|revision| Changes::since(site.git_folder(), revision)).transpose()?;
    session.catch_signals()?;
    let (mut reports, mut pages) = (Vec::new(), Vec::new());
    let targets = Target::all(&site.folder, &args.paths)?;
    let before = changes.as_ref().map(|changes| site.before(session, changes)).transpose()?.flatten();
    // another map makes something else of every page
    let only = changes.as_ref().filter(|_| before.is_none());
    for target in &targets {
        let wanted = only.map(|changes| move |page: &str| is_changed(changes, target, page));
        site.look(session, target, wanted.as_ref().map(|wanted| wanted as _), &mut reports, &mut pages)?;
    }
    let pages = in_order(pages);
    let stopped = session.interrupt.pending();
    let failed = target::tell(session, &reports, &site.config);
    let change = |changes| site.change(session, args, changes, before.as_ref(), &targets, &pages);
    let change = changes.as_ref().map(change).transpose()?;
    let pages: Vec<PageAudit> = pages.into_iter().map(|seen| seen.shown).collect();
    site.report(session, args, &pages, change.as_ref())?;
    Ok(match stopped {
        Some(signal) => ExitStatus::Stopped(signal),
        None if failed => ExitStatus::Failed,
        None => ExitStatus::Done,
    })
}

/// The site that is counted.
struct Site {
    config: Config,
    folder: PathBuf,
    configured: bool,
    generator: Option<affilink::generator::Generator>,
    date: String,
}

/// A page that was counted.
struct Seen {
    /// Its name to the configuration.
    name: String,
    /// With its path as it is shown.
    shown: PageAudit,
}

impl Site {
    fn of(session: &Session<'_>) -> anyhow::Result<Self> {
        let found = session.config_if_any()?;
        let configured = found.is_some();
        let (mut config, folder) =
            found.unwrap_or_else(|| (Config::without_file(session.date, affilink::lint::SPECS), PathBuf::from(".")));
        let generator = build::Site::of(&folder).generator;
        config.set_generator(facts(generator));
        Ok(Self { config, folder, configured, generator, date: session.date.to_string() })
    }

    fn checking(&self, session: &Session<'_>) -> Checking<'_> {
        let setup = setup(&self.config, self.generator, &self.date);
        Checking {
            setup,
            configured: self.configured,
            judged: self.config.lint.judged,
            date: session.date,
            with_edits: false,
        }
    }

    fn git_folder(&self) -> &Path {
        if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder }
    }

    /// The same site by the configuration before `changes`, where that was another one.
    fn before(&self, session: &Session<'_>, changes: &Changes) -> anyhow::Result<Option<Self>> {
        let Some(mut config) = session.config_before(changes)? else { return Ok(None) };
        config.set_generator(facts(self.generator));
        let Self { ref folder, ref date, configured, generator, .. } = *self;
        Ok(Some(Self { config, folder: folder.clone(), configured, generator, date: date.clone() }))
    }

    /// Counts the pages of `target`, those that are `wanted` by their names.
    fn look(
        &self,
        session: &Session<'_>,
        target: &Target,
        wanted: Option<&(dyn Fn(&str) -> bool + Sync)>,
        reports: &mut Vec<TreeReport>,
        pages: &mut Vec<Seen>,
    ) -> anyhow::Result<()> {
        let output_folders = build::Site::of(&target.path).output_folders;
        let progress = Progress::new(session);
        let job = Job {
            source: &target.path,
            prefix: &target.prefix,
            mode: &Mode::Preview { diff: false },
            config: &self.config,
            wanted: &|page: &str| session.wants(page) && wanted.is_none_or(|wanted| wanted(page)),
            skip_dirs: &output_folders,
            prefilter: None,
            link_filter: None,
            sums: false,
            stop: &|| session.interrupt.pending().is_some(),
            progress: &|| progress.step(),
        };
        match audit(job, self.checking(session)) {
            Ok((report, found)) => {
                reports.push(report);
                pages.extend(found.into_iter().map(|page| Seen {
                    name: page.path.clone(),
                    shown: PageAudit { path: target.shown_path(&page.path), ..page },
                }));
            }
            // none of those that are wanted
            Err(TreeError::NoPages { .. }) if wanted.is_some() => {}
            Err(error) => return Err(error.into()),
        }
        progress.end();
        Ok(())
    }

    /// What differs between `pages` and what they were: those that changed, and all where `before` says that the configuration
    /// was another one.
    fn change(
        &self,
        session: &Session<'_>,
        args: &Audit,
        changes: &Changes,
        before: Option<&Self>,
        targets: &[Target],
        pages: &[Seen],
    ) -> anyhow::Result<Change> {
        let mut unchanged = Vec::new();
        if let Some(before) = before {
            for target in targets {
                let wanted = |page: &str| !is_changed(changes, target, page);
                before.look(session, target, Some(&wanted), &mut Vec::new(), &mut unchanged)?;
            }
        }
        let mut unchanged: BTreeMap<_, _> =
            unchanged.into_iter().map(|seen| (seen.shown.path.clone(), seen.shown)).collect();
        let before = before.unwrap_or(self);
        let checking = before.checking(session);
        let count = |bytes: &[u8], name: &str, path: &str| {
            let page = page_audit(bytes, before.config.format(name)?, name, checking).ok()?;
            Some(PageAudit { path: path.to_owned(), ..page })
        };
        let mut found: BTreeMap<String, PageChange> = BTreeMap::new();
        let mut compared = 0;
        for Seen { name, shown } in pages {
            let place = in_repository(changes, &shown.path);
            let was = match unchanged.remove(&shown.path) {
                None if before.config.files.is_included(name) && changes.changed(&place).is_some() => {
                    changes.show(&place)?.and_then(|bytes| count(&bytes, name, &shown.path))
                }
                unchanged => unchanged,
            };
            compared += 1;
            found.extend(PageChange::of(was.as_ref(), Some(shown)).map(|change| (shown.path.clone(), change)));
        }
        // left out by the configuration of now
        for (path, was) in unchanged {
            compared += 1;
            found.extend(PageChange::of(Some(&was), None).map(|change| (path, change)));
        }
        for place in &changes.gone {
            let Some((name, path)) = targets.iter().find_map(|target| below(changes, target, place)) else { continue };
            if !before.config.files.is_included(&name) || !session.wants(&name) {
                continue;
            }
            let was = changes.show(place)?.and_then(|bytes| count(&bytes, &name, &path));
            compared += 1;
            found.extend(PageChange::of(was.as_ref(), None).map(|change| (path.clone(), change)));
        }
        let since = args.since.clone().unwrap_or_default();
        Ok(Change { since, pages: found.into_values().collect(), compared })
    }

    fn report(
        &self,
        session: &Session<'_>,
        args: &Audit,
        pages: &[PageAudit],
        change: Option<&Change>,
    ) -> anyhow::Result<()> {
        let site = SiteAudit::of(pages, &self.config.map);
        let domain = args.merchant.as_deref().map(|named| merchant(named, &site)).transpose()?;
        for file in args.format.iter().filter_map(|output| output.file.as_ref()) {
            spare(session, file, pages)?;
        }
        let subject = match (change, &domain) {
            (Some(change), _) => Subject::Change(change),
            (None, Some(domain)) => Subject::Merchant(&site, domain),
            (None, None) => Subject::Site(&site),
        };
        let terminal = io::stdout().is_terminal();
        let folder =
            std::env::current_dir().ok().and_then(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()));
        let report = Report {
            subject,
            pages,
            configured: self.configured,
            name: self.config.site.url.as_deref().or(folder.as_deref()).unwrap_or("this site"),
            date: &self.date,
            sort: args.sort,
            top: args.top,
            width: terminal.then(|| terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))),
            color: session.colors(terminal),
            version: env!("CARGO_PKG_VERSION"),
        };
        let default = [Output { format: Format::Table, file: None }];
        let outputs = if args.format.is_empty() { &default[..] } else { &args.format };
        for output in outputs {
            let report = match output.file {
                Some(_) => Report { color: false, width: None, ..report },
                None => report,
            };
            let text = report.write(output.format)?;
            match &output.file {
                Some(file) => write_file(file, text.as_bytes(), &Disk::real())?,
                None => Session::print(&text)?,
            }
        }
        Ok(())
    }
}

/// `pages` by their paths, each once.
fn in_order(mut pages: Vec<Seen>) -> Vec<Seen> {
    pages.sort_by(|one, other| one.shown.path.cmp(&other.shown.path));
    pages.dedup_by(|one, other| one.shown.path == other.shown.path);
    pages
}

fn is_changed(changes: &Changes, target: &Target, page: &str) -> bool {
    changes.changed(&in_repository(changes, &target.shown_path(page))).is_some()
}

/// Nothing if a report may be written to `file`: it is neither a page nor the configuration.
fn spare(session: &Session<'_>, file: &Path, pages: &[PageAudit]) -> anyhow::Result<()> {
    let Ok(real) = file.canonicalize() else { return Ok(()) };
    let is_it = |path: &Path| path.canonicalize().is_ok_and(|path| path == real);
    let is_page = pages.iter().any(|page| is_it(Path::new(&page.path)));
    if is_page || session.config_path().is_some_and(|path| is_it(&path)) {
        bail!("`{}` is a file of the site: name another one for the report", printable_path(file));
    }
    Ok(())
}

/// The merchant that is asked for by `named`, a domain or a URL: the one of `site` that it stands on, else the host itself.
fn merchant(named: &str, site: &SiteAudit) -> anyhow::Result<String> {
    let typed = named.trim().trim_start_matches("*.");
    let url = if typed.contains("//") { typed.to_owned() } else { format!("https://{typed}") };
    let host = affilink::program::url::shown_host(&url);
    // as addresses have it, with a user before it and a port behind
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let host = host.trim_end_matches('.').trim_start_matches("www.").to_owned();
    let odd = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'));
    let domains = || site.merchants.iter().map(|merchant| merchant.domain.as_str());
    if !host.contains('.') || host.starts_with('.') || host.contains(odd) || typed.starts_with("mailto:") {
        let called = domains().filter(|domain| domain.split('.').any(|label| label == host));
        let called: Vec<_> = called.take(SUGGESTED).map(|domain| format!("`{}`", printable(domain))).collect();
        let help = if called.is_empty() { "write it like `shop.example`".to_owned() } else { called.join(", ") + "?" };
        bail!("`--merchant {}`: no domain; {help}", printable(named));
    }
    let known = domains().filter(|domain| stands_on(&host, domain));
    Ok(known.max_by_key(|domain| domain.len()).map_or(host.clone(), str::to_owned))
}

/// The most domains named for what is none.
const SUGGESTED: usize = 5;

/// The name and the shown path of a file that is no more, if it was one of `target`'s pages.
fn below(changes: &Changes, target: &Target, place: &Path) -> Option<(String, String)> {
    let root = changes.root.canonicalize().unwrap_or_else(|_| changes.root.clone());
    let real = target.path.canonicalize().ok()?;
    let inside = real.strip_prefix(root).ok()?.to_owned();
    let name = place.strip_prefix(inside).ok()?.to_string_lossy().replace('\\', "/");
    let name = format!("{}{name}", target.prefix);
    let shown = target.shown_path(&name);
    Some((name, shown))
}
