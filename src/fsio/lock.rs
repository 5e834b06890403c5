//! One writer per tree: an advisory lock on the directory itself, so that no lock file is left lying about.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::WriteError;

/// The right to write to a tree; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct TreeLock {
    _directory: Option<File>,
}

impl TreeLock {
    /// Takes the lock of the directory `root` without waiting.
    ///
    /// Where directories cannot be locked (Windows, some network file systems) it is taken for free.
    /// Errors: [`WriteError::Locked`], or the directory cannot be opened.
    pub fn take(root: &Path) -> Result<Self, WriteError> {
        let directory = match open_directory(root) {
            Ok(Some(directory)) => directory,
            Ok(None) => return Ok(Self { _directory: None }),
            Err(source) => return Err(WriteError::io("open", root)(source)),
        };
        match directory.try_lock() {
            Err(TryLockError::WouldBlock) => Err(WriteError::Locked(root.to_path_buf())),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { _directory: Some(directory) }),
        }
    }
}

fn open_directory(root: &Path) -> io::Result<Option<File>> {
    if !cfg!(unix) {
        return Ok(None);
    }
    match File::open(root) {
        // a directory may be written and entered without being listed
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(None),
        opened => opened.map(Some),
    }
}
