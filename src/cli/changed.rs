//! The pages and lines that a check is about, where only what changed is: since a revision, or what is staged. Decides which
//! state of a page is looked at and which of its findings are new.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use affilink::git::{Changes, GitError};
use affilink::pipeline::check::{PageFinding, PageFindings};
use affilink::printable::printable_path;
use affilink::walk;
use anyhow::bail;

use crate::cli::args::Check;
use crate::cli::target::{Target, in_repository};

/// What changed.
pub(crate) struct Changed {
    changes: Changes,
    /// Whether pages are what is staged of them, and not what their files hold.
    staged: bool,
    /// Why the staged state of a page could not be read, the first time.
    failed: Mutex<Option<GitError>>,
}

/// A page that is in the index and not in the work tree.
pub(crate) struct Absent {
    /// Its name.
    pub(crate) page: String,
    /// Its path in the repository.
    pub(crate) place: PathBuf,
    /// What is staged.
    pub(crate) bytes: Vec<u8>,
}

impl Changed {
    /// What `args` ask for, of the site in `folder`; `None` where they ask for all of it.
    pub(crate) fn of(folder: &Path, args: &Check) -> anyhow::Result<Option<Self>> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let changes = match &args.since {
            Some(revision) => Changes::since(folder, revision)?,
            None if args.staged => Changes::staged(folder)?,
            None => return Ok(None),
        };
        let fixes = args.wants_fixes() || args.diff;
        if fixes && args.staged {
            require_all_staged(&changes)?;
        }
        Ok(Some(Self { changes, staged: args.staged && !fixes, failed: Mutex::default() }))
    }

    /// Whether the page shown as `path` changed.
    pub(crate) fn holds(&self, path: &str) -> bool {
        self.changes.changed(&in_repository(&self.changes, path)).is_some()
    }

    /// What is staged of the page shown as `path`; `None` where its file counts.
    pub(crate) fn staged(&self, path: &str) -> Option<Vec<u8>> {
        if !self.staged {
            return None;
        }
        self.changes.staged_bytes(&in_repository(&self.changes, path)).unwrap_or_else(|error| {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            None
        })
    }

    /// The staged pages of `target` that `wanted` takes by their names and that have no file.
    pub(crate) fn absent(&self, target: &Target, wanted: &dyn Fn(&str) -> bool) -> anyhow::Result<Vec<Absent>> {
        let mut absent = Vec::new();
        let Ok(folder) = target.path.canonicalize() else { return Ok(absent) };
        for path in self.changes.files.keys().filter(|_| self.staged) {
            let file = self.changes.root.join(path);
            let missing = file.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
            let Ok(below) = file.strip_prefix(&folder) else { continue };
            let page = format!("{}{}", target.prefix, walk::page_name(below));
            if missing
                && walk::is_walked(below)
                && wanted(&page)
                && let Some(bytes) = self.changes.staged_bytes(path)?
            {
                absent.push(Absent { page, place: path.clone(), bytes });
            }
        }
        Ok(absent)
    }

    /// The path in the repository of the page shown as `path`.
    pub(crate) fn place(&self, path: &str) -> PathBuf {
        in_repository(&self.changes, path)
    }

    /// Of what was found on the page at `place`, that which stands on changed lines, where more than their indentation or
    /// place is new; of the page as a whole, that which is new or worse than it was. `before` finds what there was in the bytes
    /// of then.
    pub(crate) fn only_new(
        &self,
        mut page: PageFindings,
        place: &Path,
        before: impl FnOnce(&[u8]) -> Option<PageFindings>,
    ) -> anyhow::Result<PageFindings> {
        if let Some(error) = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error.into());
        }
        let Some(lines) = self.changes.changed(place) else {
            page.findings.clear();
            return Ok(page);
        };
        let before = self.changes.show(place)?.and_then(|bytes| before(&bytes));
        let old = |finding: &PageFinding| {
            let same = |old: &&PageFinding| old.shown.rule == finding.shown.rule && old.of_page;
            // what another finding said for it was there, too
            let old = before.iter().flat_map(|page| page.findings.iter().chain(&page.quiet)).find(same);
            old.is_some_and(|old| finding.figure.unwrap_or(0.0) <= old.figure.unwrap_or(0.0))
        };
        let mut stood = HashMap::new();
        for finding in before.iter().flat_map(|page| &page.findings) {
            *stood.entry(likeness(finding)).or_insert(0_usize) += 1;
        }
        let mut takes = |finding: &PageFinding| {
            let left = stood.get_mut(&likeness(finding)).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        };
        let touched = |finding: &PageFinding| lines.touches(finding.shown.start.line, finding.shown.end.line);
        // what stands where it stood is not to be found again on a line that was copied
        for finding in page.findings.iter().filter(|finding| !finding.of_page && !touched(finding)) {
            takes(finding);
        }
        page.findings.retain(
            |finding| {
                if finding.of_page { !old(finding) } else { touched(finding) && !takes(finding) }
            },
        );
        Ok(page)
    }
}

/// What a finding and its line have in common with what they were before they were indented or moved.
fn likeness(finding: &PageFinding) -> (&'static str, String, String) {
    let line = finding.shown.line.split_whitespace().collect();
    (finding.shown.rule, finding.text.clone(), line)
}

/// Fixes go into files: what is staged of them has to be what they hold.
fn require_all_staged(changes: &Changes) -> anyhow::Result<()> {
    let unstaged = changes.unstaged()?;
    if let Some(path) = unstaged.iter().find(|path| changes.files.contains_key(*path)) {
        bail!("`{}` has changes that are not staged: stage them, or fix it without --staged", printable_path(path));
    }
    Ok(())
}
