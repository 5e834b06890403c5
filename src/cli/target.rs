//! Paths that were asked for: what is read below them, and how it is shown. Shared by the commands that write no page.

use std::path::{Path, PathBuf};

use affilink::config::Config;
use affilink::git::Changes;
use affilink::printable::{printable, printable_path};
use affilink::report::run::{Failure, TreeReport};
use affilink::report::summary::census;
use anyhow::Context as _;

use crate::cli::common::Session;

/// A path that was asked for.
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    /// What stands before its pages' names.
    pub(crate) prefix: String,
    /// What stands before its pages' names in messages.
    pub(crate) shown: String,
}

impl Target {
    /// Those that `paths` name, of a site with its configuration in `folder`; the folder itself where none is named.
    pub(crate) fn all(folder: &Path, paths: &[PathBuf]) -> anyhow::Result<Vec<Self>> {
        let paths = if paths.is_empty() { vec![from_here(folder)] } else { paths.to_vec() };
        paths.into_iter().map(|path| Self::of(folder, path)).collect()
    }

    fn of(folder: &Path, path: PathBuf) -> anyhow::Result<Self> {
        let cannot = || format!("`{}` cannot be read", printable_path(&path));
        let real = path.canonicalize().with_context(cannot)?;
        let is_file = real.is_file();
        let root = if is_file { real.parent().unwrap_or(&real).to_owned() } else { real };
        let below = folder.canonicalize().ok().and_then(|folder| Some(root.strip_prefix(folder).ok()?.to_owned()));
        let shown = if is_file { path.parent().unwrap_or(Path::new("")).to_owned() } else { path.clone() };
        let shown: PathBuf = shown.components().filter(|part| *part != std::path::Component::CurDir).collect();
        Ok(Self { path, prefix: slashed(&below.unwrap_or_default()), shown: slashed(&shown) })
    }

    /// The page called `page` as it is shown.
    pub(crate) fn shown_path(&self, page: &str) -> String {
        format!("{}{}", self.shown, page.strip_prefix(&self.prefix).unwrap_or(page))
    }
}

/// `folder` as it is reached from the working directory, where that lies in it: what is shown says nothing of the machine.
fn from_here(folder: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let below = here.zip(folder.canonicalize().ok()).and_then(|(here, folder)| {
        let below = here.strip_prefix(folder).ok()?;
        Some(below.iter().map(|_| "..").collect::<PathBuf>())
    });
    match below {
        Some(up) if up.as_os_str().is_empty() => PathBuf::from("."),
        Some(up) => up,
        None => folder.to_owned(),
    }
}

/// The path of a page, as shown, in the repository.
pub(crate) fn in_repository(changes: &Changes, shown: &str) -> PathBuf {
    let real = Path::new(shown).canonicalize().unwrap_or_else(|_| PathBuf::from(shown));
    // the root is without symbolic links as git says it
    real.strip_prefix(&changes.root).map_or(real.clone(), Path::to_owned)
}

/// Names what could not be read; whether that makes the run fail.
pub(crate) fn tell(session: &Session<'_>, reports: &[TreeReport], config: &Config) -> bool {
    let mut failed = false;
    for report in reports {
        for page in &report.pages {
            let Some(Failure::Refused(reason) | Failure::Io(reason)) = &page.failure else { continue };
            Session::tell(&format!("error: {}: {}\n", printable(&page.name), printable(reason)));
        }
        for (problem, _) in report.problems.iter().filter(|(_, failure)| *failure) {
            Session::tell(&format!("error: {}\n", printable(problem)));
        }
        failed |= report.has_failures(config.files.fail_on_refused) || report.has_bad_skips(session.common.strict);
        if !session.common.quiet {
            Session::tell(&format!("{}\n", census(report)));
        }
    }
    failed
}

/// `path` with `/`, and one at its end if it is not empty.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    match parts.first() {
        None => String::new(),
        Some(root) if root == "/" => format!("/{}/", parts[1..].join("/")),
        Some(_) => format!("{}/", parts.join("/")),
    }
}
