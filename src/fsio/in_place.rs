//! Replacing pages where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::disk::{Disk, Op};
use super::lock::TreeLock;
use super::read::Fingerprint;
use super::temp::{Closed, Temp};
use super::{Change, WriteError, directory_of};

/// The one writer to a tree, replacing its files. Shared between threads.
#[derive(Debug)]
pub struct InPlace {
    root: PathBuf,
    disk: Disk,
    _lock: TreeLock,
    /// Directories in which a file could be created, or why none could.
    probed: Mutex<BTreeMap<PathBuf, Option<io::ErrorKind>>>,
    /// Directories with a new file, to be flushed.
    touched: Mutex<BTreeSet<PathBuf>>,
}

/// A file that may be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it was found.
    path: PathBuf,
    /// The file itself, canonical.
    real: PathBuf,
}

impl Target {
    /// The file itself, canonical: two targets with the same are one file.
    pub fn real(&self) -> &Path {
        &self.real
    }
}

/// A file's new content, which waits beside it; dropped, it goes away.
#[derive(Debug)]
pub struct Ready<'d> {
    temp: Closed<'d>,
    target: Target,
    was: Fingerprint,
}

impl InPlace {
    /// Becomes the writer to the directory `root`, or to that of the file `root`.
    ///
    /// Errors: somebody else is, or the directory cannot be opened.
    pub fn open(root: &Path, disk: Disk) -> Result<Self, WriteError> {
        let mut real = fs::canonicalize(root).map_err(WriteError::io("open", root))?;
        if !real.is_dir() {
            real.pop();
        }
        let lock = TreeLock::take(&real)?;
        Ok(Self { root: real, disk, _lock: lock, probed: Mutex::default(), touched: Mutex::default() })
    }

    /// Whether the file at `path` can be replaced, as far as can be told before: check all files, then replace.
    ///
    /// The file is not changed; in its directory a temporary file comes and goes.
    /// Errors: what [`Self::replace`] would refuse.
    pub fn check(&self, path: &Path) -> Result<Target, WriteError> {
        let real = fs::canonicalize(path).map_err(WriteError::io("find", path))?;
        let target = Target { path: path.to_path_buf(), real };
        let meta = self.look(&target)?;
        // root may write to any file: the mode says what its owner wants
        if meta.permissions().readonly() {
            return Err(WriteError::ReadOnly(path.to_path_buf()));
        }
        self.probe(&target.real)?;
        match OpenOptions::new().write(true).open(&target.real) {
            Ok(_) => Ok(target),
            Err(error) if is_refusal(error.kind()) => Err(WriteError::ReadOnly(path.to_path_buf())),
            Err(error) => Err(WriteError::io("write", path)(error)),
        }
    }

    /// Replaces the content of `target`, which was `was` when it was read, by `content`.
    ///
    /// Nothing happens if that is its content. Errors: [`WriteError`]; the file is then as it was.
    pub fn replace(&self, target: &Target, was: &Fingerprint, content: &[u8]) -> Result<Change, WriteError> {
        if was.has_content(content) {
            return Ok(Change::Same);
        }
        let temp = self.temp(target, content)?;
        self.settle(target, was, |real| temp.place(real))?;
        Ok(Change::Written)
    }

    /// The first half of [`Self::replace`]: the content is on the disk, beside the file, which is as it was. `None` where
    /// that is its content.
    pub fn prepare(&self, target: Target, was: Fingerprint, content: &[u8]) -> Result<Option<Ready<'_>>, WriteError> {
        if was.has_content(content) {
            return Ok(None);
        }
        let temp = self.temp(&target, content)?.close();
        Ok(Some(Ready { temp, target, was }))
    }

    /// The second half: the content takes the file's place. Errors: [`WriteError`]; the file is then as it was.
    pub fn place(&self, ready: Ready<'_>) -> Result<(), WriteError> {
        let Ready { temp, target, was } = ready;
        self.settle(&target, &was, |real| temp.place(real))
    }

    fn temp(&self, target: &Target, content: &[u8]) -> Result<Temp<'_>, WriteError> {
        let fail = |source| WriteError::io("write", &target.path)(source);
        let meta = self.look(target)?;
        let temp = Temp::beside(&target.real, Some(&meta), true, &self.disk).map_err(fail)?;
        temp.write(content).and_then(|()| temp.sync()).map_err(fail)?;
        Ok(temp)
    }

    /// Lets `place` put new content at the path it is given, if the file is still what it `was`.
    fn settle(
        &self,
        target: &Target,
        was: &Fingerprint,
        place: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        self.look_again(target, was)?;
        place(&target.real).map_err(WriteError::io("write", &target.path))?;
        let directory = directory_of(&target.real).to_path_buf();
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).insert(directory);
        Ok(())
    }

    /// Flushes the directories of all files replaced so far; their content is on the disk already.
    ///
    /// Errors: the first directory that could not be flushed; the others were.
    pub fn finish(&self) -> Result<(), WriteError> {
        let touched = std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner));
        let flush = |directory: &PathBuf| self.disk.sync_dir(directory).map_err(WriteError::io("sync", directory));
        let touched: Vec<PathBuf> = touched.into_iter().collect();
        let results: Vec<_> = touched.par_iter().map(flush).collect();
        results.into_iter().collect()
    }

    /// Looks at the file of `target`: one regular file with one name, in the tree.
    fn look(&self, target: &Target) -> Result<Metadata, WriteError> {
        let path = &target.path;
        if !target.real.starts_with(&self.root) {
            return Err(WriteError::LeavesRoot { path: path.clone(), target: target.real.clone() });
        }
        let meta = fs::symlink_metadata(&target.real).map_err(WriteError::io("find", path))?;
        if !meta.is_file() {
            return Err(WriteError::NotAFile(path.clone()));
        }
        #[cfg(unix)]
        {
            let links = std::os::unix::fs::MetadataExt::nlink(&meta);
            if links > 1 {
                return Err(WriteError::HardLinked { path: path.clone(), links });
            }
        }
        Ok(meta)
    }

    /// Looks at the file right before it is replaced: is it still what was read?
    fn look_again(&self, target: &Target, was: &Fingerprint) -> Result<(), WriteError> {
        let changed = || WriteError::Changed(target.path.clone());
        self.disk.pass(Op::Restat, &target.path).map_err(WriteError::io("find", &target.path))?;
        // a folder on the way may have become a link to elsewhere
        let still_there = fs::canonicalize(&target.path).is_ok_and(|real| real == target.real);
        if !still_there || !was.has_stamp(&self.look(target)?) {
            return Err(changed());
        }
        self.disk.pass(Op::Reread, &target.path).map_err(WriteError::io("read", &target.path))?;
        let content = fs::read(&target.real).map_err(WriteError::io("read", &target.path))?;
        if was.has_content(&content) { Ok(()) } else { Err(changed()) }
    }

    /// Creates a file beside `real` and removes it, once per directory: nothing else says whether that is possible.
    fn probe(&self, real: &Path) -> Result<(), WriteError> {
        let directory = directory_of(real);
        let mut probed = self.probed.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = match probed.get(directory) {
            Some(&refusal) => refusal,
            None => match Temp::beside(real, None, false, &self.disk) {
                Ok(_) => *probed.entry(directory.to_path_buf()).or_insert(None),
                Err(source) => {
                    probed.insert(directory.to_path_buf(), Some(source.kind()));
                    return Err(WriteError::FolderNotWritable { path: directory.to_path_buf(), source });
                }
            },
        };
        let path = directory.to_path_buf();
        refusal.map_or(Ok(()), |kind| Err(WriteError::FolderNotWritable { path, source: kind.into() }))
    }
}

fn is_refusal(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}
