//! Writing a copy of a tree: only what differs, so that time stamps stay.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, BufRead as _, BufReader, Seek as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use icu_normalizer::ComposingNormalizerBorrowed;
use rustc_hash::FxHashMap;

use super::disk::Disk;
use super::lock::TreeLock;
use super::temp::Temp;
use super::{Change, WriteError, directory_of};

/// The one writer to an output folder. Shared between threads.
///
/// Files appear whole or not at all, but are not flushed one by one: after a power cut the build is run again.
#[derive(Debug)]
pub struct OutDir {
    root: PathBuf,
    disk: Disk,
    _lock: TreeLock,
    /// Directories that exist and lie in the root, by their path.
    made: RwLock<FxHashMap<OsString, Folder>>,
}

/// What is known of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// It was there before.
    Old,
    /// This run made it: whatever is in it, this run put there.
    New,
}

impl OutDir {
    /// Becomes the writer to `out`, making it if need be.
    ///
    /// Errors: somebody else is, or it cannot be made.
    pub fn open(out: &Path, disk: Disk) -> Result<Self, WriteError> {
        let folder = if fs::symlink_metadata(out).is_ok() { Folder::Old } else { Folder::New };
        disk.create_dir_all(out).map_err(WriteError::io("make the folder", out))?;
        let root = fs::canonicalize(out).map_err(WriteError::io("open", out))?;
        let lock = TreeLock::take(&root)?;
        let made = FxHashMap::from_iter([(root.clone().into_os_string(), folder)]);
        Ok(Self { root, disk, _lock: lock, made: RwLock::new(made) })
    }

    /// Writes `content` to `relative`, with the mode of the file that has the metadata `like`.
    ///
    /// A file is written once in a run: nothing is compared in a folder that this run has made.
    /// Errors: [`WriteError`]; what was there stays.
    pub fn put(&self, relative: &Path, content: &[u8], like: &Metadata) -> Result<Change, WriteError> {
        let (place, folder) = self.place(relative)?;
        let compared = folder == Folder::Old && has_size(&place, content.len() as u64);
        if compared && fs::read(&place).is_ok_and(|there| there == content) {
            return Ok(Change::Same);
        }
        let fail = |source| WriteError::io("write", &place)(source);
        let temp = Temp::beside(&place, Some(like), false, &self.disk).map_err(fail)?;
        temp.write(content).and_then(|()| temp.place(&place)).map_err(fail)?;
        Ok(Change::Written)
    }

    /// Copies the file `from` to `relative`, with its mode.
    ///
    /// Errors: [`WriteError`]; what was there stays.
    pub fn copy(&self, from: &Path, relative: &Path) -> Result<Change, WriteError> {
        let (place, folder) = self.place(relative)?;
        let fail_read = |source| WriteError::io("read", from)(source);
        let like = fs::metadata(from).map_err(fail_read)?;
        if !like.is_file() {
            return Err(WriteError::NotAFile(from.to_path_buf()));
        }
        let mut source = File::open(from).map_err(fail_read)?;
        if folder == Folder::Old && has_size(&place, like.len()) {
            if is_same_content(&source, &place) {
                return Ok(Change::Same);
            }
            source.rewind().map_err(fail_read)?;
        }
        let fail = |source| WriteError::io("write", &place)(source);
        let temp = Temp::beside(&place, Some(&like), false, &self.disk).map_err(fail)?;
        temp.copy_from(&source).and_then(|()| temp.place(&place)).map_err(fail)?;
        Ok(Change::Written)
    }

    /// Where `relative` goes: beneath the root, also by way of links, in a directory that exists.
    fn place(&self, relative: &Path) -> Result<(PathBuf, Folder), WriteError> {
        let place = self.root.join(relative);
        let leaves = |target| WriteError::LeavesRoot { path: relative.to_path_buf(), target };
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) || place == self.root {
            return Err(leaves(place));
        }
        let directory = directory_of(&place);
        let known = self.made.read().unwrap_or_else(PoisonError::into_inner).get(directory.as_os_str()).copied();
        if let Some(folder) = known {
            return Ok((place, folder));
        }
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        // another thread may have made it meanwhile
        if let Some(&folder) = made.get(directory.as_os_str()) {
            return Ok((place, folder));
        }
        self.check_way(directory).map_err(leaves)?;
        let folder = if fs::symlink_metadata(directory).is_ok() { Folder::Old } else { Folder::New };
        self.disk.create_dir_all(directory).map_err(WriteError::io("make the folder", directory))?;
        made.insert(directory.as_os_str().to_owned(), folder);
        Ok((place, folder))
    }

    /// Whether what exists of the way to `directory` lies in the root; else where it leads.
    fn check_way(&self, directory: &Path) -> Result<(), PathBuf> {
        let nearest = directory.ancestors().find_map(|part| fs::canonicalize(part).ok());
        match nearest {
            Some(real) if !real.starts_with(&self.root) => Err(real),
            _ => Ok(()),
        }
    }
}

/// The pairs of names that are one name where case does not count (macOS, Windows) or how letters are composed (macOS),
/// sorted.
///
/// Equal up to Unicode lower-casing and canonical equivalence.
pub fn collisions<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<(&'n str, &'n str)> {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut by_fold: FxHashMap<String, &str> = FxHashMap::default();
    let mut pairs = Vec::new();
    for name in names {
        let first = *by_fold.entry(nfc.normalize(&name.to_lowercase()).into_owned()).or_insert(name);
        if first != name {
            pairs.push((first.min(name), first.max(name)));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Whether a regular file of `size` bytes, and no link to one, is at `place`.
fn has_size(place: &Path, size: u64) -> bool {
    fs::symlink_metadata(place).is_ok_and(|meta| meta.is_file() && meta.len() == size)
}

fn is_same_content(source: &File, place: &Path) -> bool {
    File::open(place).is_ok_and(|there| is_same_stream(source, &there).unwrap_or(false))
}

fn is_same_stream(one: &File, other: &File) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::with_capacity(1 << 16, one), BufReader::with_capacity(1 << 16, other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let common = left.len().min(right.len());
        if common == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..common] != right[..common] {
            return Ok(false);
        }
        one.consume(common);
        other.consume(common);
    }
}
