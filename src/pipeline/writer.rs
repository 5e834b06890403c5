//! Where the pages of a run go: into a folder, into their files, nowhere. Decides what is told of a page that cannot be
//! written; what a page becomes is decided before.

use std::ffi::OsStr;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use rayon::{ThreadPool, ThreadPoolBuilder};
use rustc_hash::FxHashSet;

use crate::edit::diff;
use crate::fsio::{Change, Disk, InPlace, OutDir, PageFile, Ready, WriteError, remove_strays};
use crate::manifest::sha256_hex;
use crate::pipeline::tree::{Job, Mode};
use crate::report::run::{Failure, PageReport, TreeReport};
use crate::walk::{self, Found, Walked};

/// Where results go, opened.
pub(super) enum Writer {
    /// Into a folder.
    Out(OutDir, PathBuf),
    /// Into the files.
    InPlace {
        /// Who replaces them.
        files: InPlace,
        /// Whether each is replaced when its page is done; or else it waits until all are.
        at_once: bool,
    },
    /// Nowhere, with the folder that names in patches begin with.
    Nowhere(PathBuf),
}

/// As many pages are replaced at once: a flush waits for the disk, and one wait serves all who wait.
const WRITERS: usize = 16;

impl Writer {
    /// One that previews a tree at `root`.
    pub(super) fn nowhere(root: &Path) -> Self {
        Self::Nowhere(patch_folder(root))
    }

    /// Threads to replace files with, where the usual ones would only wait and nobody asked for fewer.
    pub(super) fn threads(&self) -> Option<ThreadPool> {
        let threads = rayon::current_num_threads();
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let few = matches!(self, Self::InPlace { .. }) && (cores..WRITERS).contains(&threads);
        few.then(|| ThreadPoolBuilder::new().num_threads(WRITERS).build().ok()).flatten()
    }

    /// Writes an edited page, or makes it ready to be [placed](Self::place).
    pub(super) fn write(
        &self,
        job: Job<'_>,
        found: &Found,
        file: &PageFile,
        bytes: &[u8],
        report: &mut PageReport,
    ) -> Option<Ready<'_>> {
        let mut ready = None;
        let written = match self {
            Self::Out(out, _) => out.put(&found.relative, bytes, &file.metadata),
            Self::InPlace { files, at_once } => files.check(&found.path).and_then(|target| {
                if *at_once {
                    return files.replace(&target, &file.fingerprint(), bytes);
                }
                ready = files.prepare(target, file.fingerprint(), bytes)?;
                Ok(Change::Same)
            }),
            Self::Nowhere(folder) => {
                if matches!(job.mode, Mode::Preview { diff: true }) {
                    report.diff = diff::unified(patch_name(folder, found), &file.bytes, bytes);
                }
                Ok(Change::Same)
            }
        };
        match written {
            Ok(_) if job.sums => report.sum = Some(sha256_hex(bytes)),
            Ok(_) => {}
            Err(error) => fail(report, &error),
        }
        ready
    }

    /// Puts a page that stays as it is where it belongs.
    pub(super) fn keep(&self, found: &Found, file: Option<&PageFile>, report: &mut PageReport) {
        let Self::Out(out, _) = self else { return };
        let kept = match file {
            Some(file) => out.put(&found.relative, &file.bytes, &file.metadata),
            None => out.copy(&found.path, &found.relative),
        };
        if let Err(error) = kept {
            fail(report, &error);
        }
    }

    /// Copies what is no page; gives what is wrong with it.
    pub(super) fn copy(&self, found: &Found) -> Option<String> {
        let Self::Out(out, _) = self else { return None };
        out.copy(&found.path, &found.relative).err().map(|error| error.to_string())
    }

    /// Lets a page that is ready take its file's place.
    pub(super) fn place(&self, ready: Option<Ready<'_>>, report: &mut PageReport) {
        let (Self::InPlace { files, .. }, Some(ready)) = (self, ready) else { return };
        if let Err(error) = files.place(ready) {
            fail(report, &error);
        }
    }

    /// Ends the run.
    pub(super) fn finish(&self, walked: &Walked, report: &mut TreeReport) {
        match self {
            Self::Out(_, dir) => {
                // by their bytes: comparing paths part by part is slow, and these are written alike
                let kept: FxHashSet<&OsStr> =
                    walked.pages.iter().chain(&walked.others).map(|found| found.relative.as_os_str()).collect();
                let (leftovers, strays) = walk::leftovers(dir, &|relative| kept.contains(relative.as_os_str()));
                report.leftovers = leftovers;
                remove_strays(&strays, &Disk::real());
            }
            Self::InPlace { files, .. } => {
                if let Err(error) = files.finish() {
                    report.problems.push((error.to_string(), true));
                }
            }
            Self::Nowhere(_) => {}
        }
    }
}

fn fail(report: &mut PageReport, error: &WriteError) {
    report.failure = Some(Failure::Io(error.to_string()));
}

/// Where the source root lies in the working folder, in which patches are applied; empty where it lies elsewhere.
fn patch_folder(root: &Path) -> PathBuf {
    let real = |path: &Path| path.canonicalize().ok();
    let folder = real(root).and_then(|root| Some(root.strip_prefix(real(Path::new("."))?).ok()?.to_owned()));
    folder.unwrap_or_default()
}

/// The name in a patch: the file's own bytes, `/` between its parts.
fn patch_name(folder: &Path, found: &Found) -> Vec<u8> {
    let parts: Vec<_> = folder.iter().chain(found.relative.iter()).map(OsStr::as_encoded_bytes).collect();
    parts.join(&b'/')
}
