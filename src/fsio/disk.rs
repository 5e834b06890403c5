//! The operations that change the disk, each passing a gate at which a test can make it fail.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// How much is written between two passes of the gate.
const CHUNK: usize = 256 * 1024;

/// One operation on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Create a file that does not exist.
    Create,
    /// Give a file its owner and group.
    SetOwner,
    /// Give a file its mode.
    SetMode,
    /// Write a part of a file, or let the system copy one.
    Write,
    /// Flush a file to the disk.
    Sync,
    /// Look at the original again.
    Restat,
    /// Read the original again.
    Reread,
    /// Put the temporary file in the original's place.
    Rename,
    /// Remove a temporary file.
    Remove,
    /// Make a directory and those above it.
    CreateDir,
    /// Flush a directory to the disk.
    SyncDir,
}

/// Asked before each operation; its error becomes that of the operation, which then does not happen.
pub type Gate = dyn Fn(Op, &Path) -> io::Result<()> + Send + Sync;

/// The disk, or a disk that fails when a test wants it to.
#[derive(Default)]
pub struct Disk {
    gate: Option<Box<Gate>>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Disk").field("gated", &self.gate.is_some()).finish()
    }
}

impl Disk {
    /// The disk as it is.
    pub fn real() -> Self {
        Self::default()
    }

    /// A disk whose every operation asks `gate` first.
    pub fn gated(gate: Box<Gate>) -> Self {
        Self { gate: Some(gate) }
    }

    pub(super) fn pass(&self, op: Op, path: &Path) -> io::Result<()> {
        self.gate.as_ref().map_or(Ok(()), |gate| gate(op, path))
    }

    /// Creates `path`, which must not exist: for its owner alone where it is to get a mode later.
    pub(super) fn create_new(&self, path: &Path, private: bool) -> io::Result<File> {
        self.pass(Op::Create, path)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = private;
        options.open(path)
    }

    /// Gives `file` the owner and group of `like` as far as the user may.
    pub(super) fn set_owner(&self, file: &File, path: &Path, like: &Metadata) -> io::Result<()> {
        self.pass(Op::SetOwner, path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let now = file.metadata()?;
            // one by one: a user may give a file to another of their groups, hardly ever to another user
            if now.gid() != like.gid() {
                let _ = fchown(file, None, Some(like.gid()));
            }
            if now.uid() != like.uid() {
                let _ = fchown(file, Some(like.uid()), None);
            }
        }
        #[cfg(not(unix))]
        let _ = (file, like);
        Ok(())
    }

    pub(super) fn set_mode(&self, file: &File, path: &Path, like: &Metadata) -> io::Result<()> {
        self.pass(Op::SetMode, path)?;
        file.set_permissions(like.permissions())
    }

    pub(super) fn write(&self, mut file: &File, path: &Path, content: &[u8]) -> io::Result<()> {
        for chunk in content.chunks(CHUNK) {
            self.pass(Op::Write, path)?;
            file.write_all(chunk)?;
        }
        Ok(())
    }

    /// Copies what is left of `from` into `file`; within the kernel where it can.
    pub(super) fn copy(&self, mut from: &File, mut file: &File, path: &Path) -> io::Result<()> {
        self.pass(Op::Write, path)?;
        io::copy(&mut from, &mut file).map(|_| ())
    }

    pub(super) fn sync(&self, file: &File, path: &Path) -> io::Result<()> {
        self.pass(Op::Sync, path)?;
        file.sync_all()
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(Op::Rename, to)?;
        fs::rename(from, to)
    }

    /// Gives the file at `from` the name `to` as well, which must not exist.
    pub(super) fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(Op::Rename, to)?;
        fs::hard_link(from, to)
    }

    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        self.pass(Op::Remove, path)?;
        fs::remove_file(path)
    }

    pub(super) fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.pass(Op::CreateDir, path)?;
        fs::create_dir_all(path)
    }

    pub(super) fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.pass(Op::SyncDir, path)?;
        // only Unix can flush a directory, and some file systems there cannot either
        #[cfg(unix)]
        match File::open(path)?.sync_all() {
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => return Err(error),
            _ => {}
        }
        Ok(())
    }
}
