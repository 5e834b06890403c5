//! A tree of files through a page's work: walk, read, rewrite in parallel, write what changed. Decides what is counted,
//! what is named and what fails; what happens to a page is the caller's.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use thiserror::Error;

use crate::config::Config;
use crate::fsio::{Disk, InPlace, OutDir, ReadError, Ready, WriteError, collisions, read_page, remove_strays};
use crate::generator;
use crate::pipeline::page::{self, Outcome};
use crate::pipeline::writer::Writer;
use crate::prefilter::Prefilter;
use crate::printable::printable;
use crate::report::run::{Failure, NotRead, PageReport, TreeReport};
use crate::source::{Format, Skip};
use crate::walk::{self, Found, LayoutError, Links, WalkRules, Walked, layout};

/// Where results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Into a folder, with everything else copied.
    Out(PathBuf),
    /// Into the files themselves.
    InPlace,
    /// Nowhere.
    Preview {
        /// Whether to keep what would change as a unified diff.
        diff: bool,
    },
}

/// A run over a tree.
#[derive(Clone, Copy)]
pub struct Job<'j> {
    /// The folder of pages, or one page.
    pub source: &'j Path,
    /// What stands before a path below SRC in its page name: empty, or SRC's own name in a larger site, with `/` behind it.
    pub prefix: &'j str,
    /// Where results go.
    pub mode: &'j Mode,
    /// The configuration.
    pub config: &'j Config,
    /// Says which pages the caller wants; beside `files`.
    pub wanted: &'j (dyn Fn(&str) -> bool + Sync),
    /// Folders that are not walked, canonical: what the site's generator writes. One that SRC lies in does not count.
    pub skip_dirs: &'j [PathBuf],
    /// Pages without any of its marks are not parsed; `None` reads every page.
    pub prefilter: Option<&'j Prefilter>,
    /// Finds files that hold no link of anybody's business; `None` not to look for those that are never rewritten.
    pub link_filter: Option<&'j Prefilter>,
    /// Whether sums of edited pages are wanted.
    pub sums: bool,
    /// Whether to stop: asked before each file.
    pub stop: &'j (dyn Fn() -> bool + Sync),
    /// Told after each page.
    pub progress: &'j (dyn Fn() + Sync),
}

impl Job<'_> {
    /// The page name of what is called `name` below SRC.
    fn page<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.prefix.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{}{name}", self.prefix)) }
    }
}

/// What happens to one page: its bytes, its format and its name.
pub type Work<'w> = dyn Fn(&[u8], Format, &str) -> Outcome + Sync + 'w;

/// Why a run did not start.
#[derive(Debug, Error)]
pub enum TreeError {
    /// SRC or OUT are not as they must be.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// SRC cannot be walked.
    #[error("`{name}` cannot be read: {source}", name = printable(&path.to_string_lossy()))]
    Walk {
        /// SRC as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no page.
    #[error(
        "no pages in `{}`: {why}",
        printable(&path.to_string_lossy())
    )]
    NoPages {
        /// SRC as given.
        path: PathBuf,
        /// What leaves none.
        why: String,
    },
    /// Two outputs would be one file where case does not count.
    #[error("`{0}` and `{1}` would be one file on a file system that ignores case: rename one")]
    Collision(String, String),
    /// The tree cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Runs `work` over the pages of a tree and writes what changed.
///
/// Errors: nothing was written. What goes wrong with single files is in the report.
pub fn run(job: Job<'_>, work: &Work<'_>) -> Result<TreeReport, TreeError> {
    run_all(job, work, None)
}

/// The same in place, but no file is replaced before all pages are ready and `agree` says that they are to be.
///
/// Its report is what the run is going to do, without what may go wrong at replacing. Errors, of `agree` as well: nothing was
/// written.
pub fn run_agreed<E: From<TreeError>>(job: Job<'_>, work: &Work<'_>, agree: &Agree<'_, E>) -> Result<TreeReport, E> {
    run_all(job, work, Some(agree))
}

/// Says whether what is ready is to be written.
pub type Agree<'a, E> = dyn Fn(&TreeReport) -> Result<bool, E> + 'a;

fn run_all<E: From<TreeError>>(job: Job<'_>, work: &Work<'_>, agree: Option<&Agree<'_, E>>) -> Result<TreeReport, E> {
    let Prepared { walked, writer, unwanted, collision } = prepare(job, agree.is_none())?;
    if walked.pages.is_empty() {
        let why = match (unwanted, walked.excluded) {
            (0, 0) => format!("`files.include` names {}", job.config.files.include_text),
            (0, excluded) => format!("`files.exclude` names all {excluded} files that could be one"),
            (unwanted, _) => format!("`--include` and `--exclude` leave out all {unwanted} files that could be one"),
        };
        return Err(TreeError::NoPages { path: job.source.to_owned(), why }.into());
    }
    let mut report = TreeReport { others: walked.others.len(), excluded: walked.excluded, ..TreeReport::default() };
    if matches!(job.mode, Mode::Out(_)) {
        report.left_out.clone_from(&walked.left_out);
    }
    report.problems = walked.problems.iter().map(|problem| (problem.to_string(), problem.kind.is_failure())).collect();
    // what would keep `--out` from writing anything is told before
    report.problems.extend(collision.map(|collision| (collision.to_string(), false)));
    let pages = || walked.pages.par_iter().map(|found| one(job, &writer, found, work)).unzip();
    let ready: Vec<_>;
    (report.pages, ready) = match writer.threads() {
        Some(pool) => pool.install(pages),
        None => pages(),
    };
    let built_site = walked.pages.iter().any(|found| format_of(job, found) == Some(Format::Html));
    others(job, &writer, &walked, built_site, &mut report);
    report.stopped = (job.stop)();
    if let Some(agree) = agree {
        report.withheld = report.stopped || !agree(&report)?;
        if report.withheld {
            return Ok(report);
        }
        let places = report.pages.par_iter_mut().zip(ready);
        places.for_each(|(page, ready)| writer.place(ready, page));
    }
    report.written = report.pages.iter().filter(|page| page.edited && page.failure.is_none()).count();
    writer.finish(&walked, &mut report);
    Ok(report)
}

/// The source root of `job`: SRC, or the folder of a single page.
pub fn root_of(source: &Path) -> &Path {
    if source.is_file() {
        source.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
    } else {
        source
    }
}

/// What a run begins with.
struct Prepared {
    walked: Walked,
    writer: Writer,
    /// How many files flags leave out.
    unwanted: usize,
    /// Names that only `--out` could not write.
    collision: Option<TreeError>,
}

fn prepare(job: Job<'_>, at_once: bool) -> Result<Prepared, TreeError> {
    let root = root_of(job.source);
    let cannot_walk = |source| TreeError::Walk { path: job.source.to_owned(), source };
    let canonical = root.canonicalize().map_err(cannot_walk)?;
    let apart = |dir: &&PathBuf| !canonical.starts_with(dir);
    let mut skip_dirs: Vec<PathBuf> = job.skip_dirs.iter().filter(apart).cloned().collect();
    let mut out = None;
    if let Mode::Out(dir) = job.mode {
        let layout = layout(root, dir)?;
        skip_dirs.push(layout.out.clone());
        out = Some(dir);
    }
    let links = if out.is_some() { Links::Copies } else { Links::Once };
    let unwanted = AtomicUsize::new(0);
    let include = |name: &str| job.config.files.include.is_match(&job.page(name));
    let exclude = |name: &str| {
        let name = job.page(name);
        let wanted = (job.wanted)(&name);
        unwanted.fetch_add(usize::from(!wanted), Ordering::Relaxed);
        !wanted || job.config.files.exclude.is_match(&name)
    };
    let rules = WalkRules { include: &include, exclude: &exclude, skip_dirs: &skip_dirs, links };
    let walked = walk::walk(job.source, root, &rules).map_err(cannot_walk)?;
    let find_collision = || {
        let names = walked.pages.iter().chain(&walked.others).map(|found| found.name.as_str());
        collisions(names).first().map(|(one, other)| TreeError::Collision(printable(one), printable(other)))
    };
    let writer = match job.mode {
        Mode::Out(dir) => {
            if let Some(collision) = find_collision() {
                return Err(collision);
            }
            Writer::Out(OutDir::open(dir, Disk::real())?, dir.clone())
        }
        Mode::InPlace => {
            let files = InPlace::open(root, Disk::real())?;
            remove_strays(&walked.strays, &Disk::real());
            Writer::InPlace { files, at_once }
        }
        Mode::Preview { .. } => Writer::nowhere(root),
    };
    let collision = if matches!(job.mode, Mode::Preview { .. }) { find_collision() } else { None };
    Ok(Prepared { walked, writer, unwanted: unwanted.into_inner(), collision })
}

fn one<'w>(job: Job<'_>, writer: &'w Writer, found: &Found, work: &Work<'_>) -> (PageReport, Option<Ready<'w>>) {
    let mut report =
        PageReport { name: job.page(&found.name).into_owned(), named: found.named, ..PageReport::default() };
    if (job.stop)() {
        return (report, None);
    }
    let file = match read_page(&found.path, job.config.files.max_size) {
        Ok(file) => file,
        Err(ReadError::TooLarge { .. }) => {
            report.not_read = Some(NotRead::Skipped(Skip::TooLarge));
            writer.keep(found, None, &mut report);
            return (report, None);
        }
        Err(error) => {
            report.failure = Some(Failure::Io(error.to_string()));
            return (report, None);
        }
    };
    let format = format_of(job, found).unwrap_or(Format::Html);
    let idle = job.prefilter.is_some_and(|prefilter| !prefilter.may_hold_work(&file.bytes))
        && !job.config.map.is_beside_redirects(&report.name);
    let outcome = if idle { page::idle(&file.bytes, format) } else { work(&file.bytes, format, &report.name) };
    let mut ready = None;
    match outcome {
        Outcome::Edited { .. } if job.sums && report.name.contains(char::REPLACEMENT_CHARACTER) => {
            let reason = "its name is no Unicode, which a manifest cannot hold; rename the file".to_owned();
            report.failure = Some(Failure::Refused(reason));
            writer.keep(found, Some(&file), &mut report);
        }
        Outcome::Edited { bytes, records } => {
            report.records = records;
            report.edited = bytes != file.bytes;
            if format == Format::Html {
                report.hydrated = std::str::from_utf8(&file.bytes).ok().and_then(generator::hydrated_html);
                report.structured_data = job.link_filter.is_some_and(|prefilter| in_structured_data(prefilter, &bytes));
            }
            ready = writer.write(job, found, &file, &bytes, &mut report);
        }
        Outcome::Same(records) => {
            report.records = records;
            writer.keep(found, Some(&file), &mut report);
        }
        Outcome::Skipped(skip) => {
            report.not_read = Some(NotRead::Skipped(skip));
            writer.keep(found, Some(&file), &mut report);
        }
        Outcome::Template => {
            report.not_read = Some(NotRead::Template);
            writer.keep(found, Some(&file), &mut report);
        }
        Outcome::Redirect => {
            report.not_read = Some(NotRead::Redirect);
            writer.keep(found, Some(&file), &mut report);
        }
        Outcome::Refused(reason) => {
            report.failure = Some(Failure::Refused(reason));
            writer.keep(found, Some(&file), &mut report);
        }
    }
    (job.progress)();
    (report, ready)
}

fn format_of(job: Job<'_>, found: &Found) -> Option<Format> {
    job.config.format(&job.page(&found.name))
}

/// Copies what is no page, and looks at what nobody rewrites.
fn others(job: Job<'_>, writer: &Writer, walked: &Walked, built_site: bool, report: &mut TreeReport) {
    let done: Vec<(Option<String>, bool)> = walked
        .others
        .par_iter()
        .map(|found| {
            if (job.stop)() {
                return (None, false);
            }
            let unseen = built_site && holds_links_unseen(job, found);
            (writer.copy(found), unseen)
        })
        .collect();
    for (found, (failure, unseen)) in walked.others.iter().zip(done) {
        report.problems.extend(failure.map(|failure| (failure, true)));
        if unseen {
            report.unseen.push(found.name.clone());
        }
    }
}

/// Whether a file is a feed or a search index with merchant links.
fn holds_links_unseen(job: Job<'_>, found: &Found) -> bool {
    let extension = found.relative.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    // it names merchants, and is no part of the site
    if found.relative.ends_with("affiliates.schema.json") {
        return false;
    }
    let feed = ["xml", "json", "rss", "atom"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    let Some(prefilter) = job.link_filter.filter(|_| feed) else { return false };
    read_page(&found.path, job.config.files.max_size).is_ok_and(|file| prefilter.may_hold_work(&file.bytes))
}

/// Whether JSON-LD in the page holds merchant links.
fn in_structured_data(prefilter: &Prefilter, bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"ld+json").any(|at| {
        let rest = &bytes[at..];
        let end = memchr::memmem::find(rest, b"</").unwrap_or(rest.len());
        prefilter.may_hold_work(&rest[..end])
    })
}
