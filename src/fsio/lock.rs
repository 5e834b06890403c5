//! One writer per tree: an advisory lock on the directory itself, so that no lock file is left lying about.

use std::fs::{File, TryLockError};
use std::io;
use std::ops::Deref;
use std::path::Path;

use super::WriteError;

/// The right to write to a tree; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct TreeLock {
    _directory: Option<Locked>,
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
        Locked::take(directory)
            .map(|directory| Self { _directory: Some(directory) })
            .ok_or_else(|| WriteError::Locked(root.to_path_buf()))
    }
}

/// An open file that is unlocked before it is closed.
///
/// Closing it would not do: a process that is being started holds a copy until it runs its own program.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Locked {
    /// Locks `file` without waiting; `None` if another run has. A file system without locks has to do without.
    pub(super) fn take(file: File) -> Option<Self> {
        (!matches!(file.try_lock(), Err(TryLockError::WouldBlock))).then_some(Self(file))
    }

    /// The same for a file that this run has just made: whoever has it locked looks at it and lets go.
    pub(super) fn new(file: File) -> Self {
        let _ = file.try_lock();
        Self(file)
    }
}

impl Deref for Locked {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = self.0.unlock();
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_handle_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let open = || File::open(dir.path()).expect("opened");
        let lock = Locked::take(open()).expect("nobody else's");
        let _copy = lock.try_clone().expect("copied");
        assert!(Locked::take(open()).is_none());
        drop(lock);
        assert!(Locked::take(open()).is_some());
    }
}
