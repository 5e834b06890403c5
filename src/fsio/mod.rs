//! Reading pages and replacing files. Decides how bytes get to the disk so that no file is ever lost; which files are
//! written, and with what, is decided elsewhere.
//!
//! Replacing a file, in this order: resolve a symbolic link and check that its target lies in the tree, is a regular
//! file with one name and may be written; create a temporary file beside it, under a name nobody has; give it the
//! owner and the mode of the original; write; fsync; look whether the original is still what was read; rename; when
//! all is done, fsync each directory once. Whatever happens at whatever moment, the file is the old one or the new
//! one. A temporary file that a killed run left is removed by the next run: it knows that nobody owns it any more
//! because its lock is free.
//!
//! Not kept by a replacement: extended attributes, ACLs, and an owner that the user may not give away.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::printable::printable_path;

mod disk;
mod in_place;
mod lock;
mod out;
mod read;
mod temp;

pub use disk::{Disk, Gate, Op};
pub use in_place::{InPlace, Ready, Target};
pub use lock::TreeLock;
pub use out::{OutDir, collisions};
pub use read::{Fingerprint, PageFile, ReadError, read_page, site_text};
pub use temp::{create_file, is_stray_name, remove_strays, write_file};

/// What writing a file came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file has new content, or is new.
    Written,
    /// The file had this content already; nothing about it was touched.
    Same,
}

/// Why a file was not written. The file is what it was before, unless the variant says otherwise.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Neither a regular file nor a link to one.
    #[error("`{}` is not a regular file", printable_path(.0))]
    NotAFile(PathBuf),
    /// A path that leads out of the tree that is written.
    #[error("`{}` leads out of the tree, to `{}`", printable_path(path), printable_path(target))]
    LeavesRoot {
        /// The path as it was found.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A file with several names: replacing it would part them.
    #[error(
        "`{}` has {links} hard links, and replacing it would part them: write to another folder with `--out`, \
         or exclude it",
        printable_path(path)
    )]
    HardLinked {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        links: u64,
    },
    /// A file that its mode, its mount or its owner protects.
    #[error("`{}` is read-only", printable_path(.0))]
    ReadOnly(PathBuf),
    /// A directory in which no file can be created.
    #[error("the folder `{}` is not writable: {source}", printable_path(path))]
    FolderNotWritable {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else wrote the file after it was read.
    #[error("`{}` changed since it was read: run again", printable_path(.0))]
    Changed(PathBuf),
    /// Another run writes to the same tree.
    #[error("another affilink run is writing to `{}`: wait until it has ended, then run again", printable_path(.0))]
    Locked(PathBuf),
    /// The system refuses an operation. After a failed `sync` of a folder its files are already the new ones.
    #[error("cannot {what} `{}`: {source}", printable_path(path))]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// Wraps what the system said when `what` was tried on `path`.
    fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }
}

/// The directory that holds `path`, which may be relative.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
