//! Reading a page, and knowing later whether its file is still what was read.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::printable::printable_path;

/// A page's bytes and the file they came from.
#[derive(Debug)]
pub struct PageFile {
    /// All bytes of the file.
    pub bytes: Vec<u8>,
    /// What the system said of the file when it was opened.
    pub metadata: Metadata,
}

impl PageFile {
    /// What tells this file, with this content, from any other; costs a pass over the bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint { stamp: Stamp::of(&self.metadata), sum: Sha256::digest(&self.bytes).into() }
    }
}

/// What a file was when it was read: which file, its time, its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    stamp: Stamp,
    sum: [u8; 32],
}

impl Fingerprint {
    pub(super) fn has_stamp(&self, meta: &Metadata) -> bool {
        self.stamp == Stamp::of(meta)
    }

    pub(super) fn has_content(&self, content: &[u8]) -> bool {
        let sum: [u8; 32] = Sha256::digest(content).into();
        self.sum == sum
    }
}

/// Why a page was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Neither a regular file nor a link to one; it was not opened.
    #[error("`{}` is not a regular file", printable_path(.0))]
    NotAFile(PathBuf),
    /// Larger than allowed; it was not read.
    #[error("`{}` has {size} bytes, more than {max_size}", printable_path(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The size allowed.
        max_size: u64,
    },
    /// The system refuses.
    #[error("cannot read `{}`: {source}", printable_path(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The text under `name`, a path with `/`, in the folder of a site: what a generator is told by. Empty for a folder; `None` where
/// there is nothing, or no text.
pub fn site_text(folder: &Path, name: &str) -> Option<String> {
    let path = folder.join(name);
    if path.is_dir() { Some(String::new()) } else { fs::read_to_string(path).ok() }
}

/// Reads the file `path`, following links, if it is a regular file of at most `max_size` bytes.
pub fn read_page(path: &Path, max_size: u64) -> Result<PageFile, ReadError> {
    let fail = |source| ReadError::Io { path: path.to_path_buf(), source };
    let too_large = |size| ReadError::TooLarge { path: path.to_path_buf(), size, max_size };
    // before it is opened: opening a FIFO waits for somebody to write
    let meta = fs::metadata(path).map_err(fail)?;
    if !meta.is_file() {
        return Err(ReadError::NotAFile(path.to_path_buf()));
    }
    if meta.len() > max_size {
        return Err(too_large(meta.len()));
    }
    let file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    let mut bytes = Vec::with_capacity(meta.len() as usize + 1);
    // one byte more than allowed, to see a file that grows meanwhile
    file.take(max_size.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > max_size {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(PageFile { bytes, metadata })
}

#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

#[cfg(unix)]
impl Stamp {
    fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            seconds: meta.mtime(),
            nanoseconds: meta.mtime_nsec(),
        }
    }
}

#[cfg(not(unix))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<std::time::SystemTime>,
}

#[cfg(not(unix))]
impl Stamp {
    fn of(meta: &Metadata) -> Self {
        Self { size: meta.len(), modified: meta.modified().ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_up_to_the_limit_are_read() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let page = dir.path().join("a.md");
        fs::write(&page, "12345").expect("written");
        assert_eq!(read_page(&page, 5).expect("small enough").bytes, b"12345");
        assert!(matches!(read_page(&page, 4), Err(ReadError::TooLarge { size: 5, max_size: 4, .. })));
        assert!(matches!(read_page(dir.path(), 5), Err(ReadError::NotAFile(_))));
        assert!(matches!(read_page(&dir.path().join("none"), 5), Err(ReadError::Io { .. })));
        assert_eq!(read_page(&page, u64::MAX).expect("no limit").bytes.len(), 5);
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_is_not_waited_for() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let fifo = dir.path().join("pipe.md");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo is there").success());
        std::os::unix::fs::symlink(&fifo, dir.path().join("link.md")).expect("linked");
        for path in [&fifo, &dir.path().join("link.md")] {
            assert!(matches!(read_page(path, 5), Err(ReadError::NotAFile(_))));
        }
        assert!(matches!(read_page(Path::new("/dev/zero"), 5), Err(ReadError::NotAFile(_))));
    }
}
