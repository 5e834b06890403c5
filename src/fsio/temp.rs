//! Temporary files beside what they replace: their names, their end, and what killed runs left of them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::Disk;
use super::lock::Locked;
use super::{WriteError, directory_of};

const MARK: &[u8] = b".affilink-";
const ENDING: &[u8] = b".tmp";

/// How many bytes of a file's name go into that of its temporary file: file systems allow 255 in all.
const MAX_NAME: usize = 180;

/// This process's number, asked for once.
static PROCESS: LazyLock<u32> = LazyLock::new(std::process::id);

/// A file that takes the place of another or goes away, while it is open: others see by its lock that this run is alive.
pub(super) struct Temp<'d> {
    closed: Closed<'d>,
    file: Locked,
    /// What it gets its mode from once more after the data, as writing clears the set-id bits.
    set_id: Option<Metadata>,
}

/// The same when nothing more is written to it. Any number may wait, since none is open; so none is locked, and a run over
/// a part of the tree would take it for a stray: then it cannot be placed any more.
#[derive(Debug)]
pub(super) struct Closed<'d> {
    disk: &'d Disk,
    path: PathBuf,
    placed: bool,
}

impl<'d> Temp<'d> {
    /// Creates a file beside `target`, with the mode of `like`, and its owner if `owned`; without `like`, as any new
    /// file.
    pub(super) fn beside(target: &Path, like: Option<&Metadata>, owned: bool, disk: &'d Disk) -> io::Result<Self> {
        let (path, file) = create_beside(target, like.is_some(), disk)?;
        let set_id = like.filter(|like| has_set_id(like)).cloned();
        let temp = Self { closed: Closed { disk, path, placed: false }, file: Locked::new(file), set_id };
        if let Some(like) = like {
            if owned {
                disk.set_owner(&temp.file, &temp.closed.path, like)?;
            }
            disk.set_mode(&temp.file, &temp.closed.path, like)?;
        }
        Ok(temp)
    }

    pub(super) fn write(&self, content: &[u8]) -> io::Result<()> {
        self.closed.disk.write(&self.file, &self.closed.path, content)?;
        self.set_mode_again()
    }

    pub(super) fn copy_from(&self, from: &File) -> io::Result<()> {
        self.closed.disk.copy(from, &self.file, &self.closed.path)?;
        self.set_mode_again()
    }

    fn set_mode_again(&self) -> io::Result<()> {
        let again = |like| self.closed.disk.set_mode(&self.file, &self.closed.path, like);
        self.set_id.as_ref().map_or(Ok(()), again)
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        self.closed.disk.sync(&self.file, &self.closed.path)
    }

    /// Takes the place of `target`, in one step.
    pub(super) fn place(self, target: &Path) -> io::Result<()> {
        self.closed.place(target)
    }

    /// Ends writing.
    pub(super) fn close(self) -> Closed<'d> {
        self.closed
    }
}

impl Closed<'_> {
    /// Takes the place of `target`, in one step.
    pub(super) fn place(mut self, target: &Path) -> io::Result<()> {
        self.disk.rename(&self.path, target)?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        if !self.placed {
            // nothing more can be done here; the next run removes it
            let _ = self.disk.remove(&self.path);
        }
    }
}

#[cfg(unix)]
fn has_set_id(meta: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o6000 != 0
}

#[cfg(not(unix))]
fn has_set_id(_: &Metadata) -> bool {
    false
}

/// Whether `name` is one that temporary files of this program have: `.NAME.affilink-<pid>-<n>.tmp`.
pub fn is_stray_name(name: &OsStr) -> bool {
    let inner = name.as_encoded_bytes().strip_prefix(b".").and_then(|rest| rest.strip_suffix(ENDING));
    let Some(inner) = inner else { return false };
    let Some(at) = memchr::memmem::rfind(inner, MARK) else { return false };
    let numbers: Vec<&[u8]> = inner[at + MARK.len()..].split(|&byte| byte == b'-').collect();
    let is_number = |part: &&[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    at > 0 && numbers.len() == 2 && numbers.iter().all(is_number)
}

/// Removes those of `paths` that are temporary files of runs that are no more; gives how many.
///
/// A file of a living run is locked and stays. What cannot be looked at or removed stays, too: nothing is lost by it.
pub fn remove_strays(paths: &[PathBuf], disk: &Disk) -> usize {
    paths.iter().filter(|path| is_dead_stray(path) && disk.remove(path).is_ok()).count()
}

/// Writes a file of the program's own (a report, a manifest) at `path`, whole or not at all.
///
/// A link is written through; what is no regular file (a pipe, `/dev/stdout`) is written to as it stands.
pub fn write_file(path: &Path, content: &[u8], disk: &Disk) -> Result<(), WriteError> {
    let fail = |source| WriteError::io("write", path)(source);
    let like = fs::metadata(path).ok();
    if like.as_ref().is_some_and(|meta| !meta.is_file()) {
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(fail)?;
        return file.write_all(content).map_err(fail);
    }
    let real = if like.is_some() { fs::canonicalize(path).map_err(fail)? } else { path.to_path_buf() };
    let temp = Temp::beside(&real, like.as_ref(), true, disk).map_err(fail)?;
    temp.write(content).and_then(|()| temp.sync()).and_then(|()| temp.place(&real)).map_err(fail)?;
    disk.sync_dir(directory_of(&real)).map_err(WriteError::io("sync", directory_of(&real)))
}

/// Creates `path` with `content`, whole or not at all; whether it did. What is there already stays, whatever it is.
pub fn create_file(path: &Path, content: &[u8], disk: &Disk) -> Result<bool, WriteError> {
    let fail = |source| WriteError::io("create", path)(source);
    if fs::symlink_metadata(path).is_ok() {
        return Ok(false);
    }
    let temp = Temp::beside(path, None, false, disk).map_err(fail)?;
    temp.write(content).and_then(|()| temp.sync()).map_err(fail)?;
    // a second name for the file fails where the name is taken; replacing would not
    let created = match disk.link(&temp.closed.path, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        // a file system without links
        Err(error) if is_unsupported(&error) => {
            if fs::symlink_metadata(path).is_ok() {
                return Ok(false);
            }
            temp.place(path).map_err(fail)?;
            true
        }
        linked => linked.map(|()| true).map_err(fail)?,
    };
    disk.sync_dir(directory_of(path)).map_err(WriteError::io("sync", directory_of(path)))?;
    Ok(created)
}

/// Whether the file system has no links to give (EPERM of FAT, EOPNOTSUPP of others).
fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied)
}

fn create_beside(target: &Path, private: bool, disk: &Disk) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = target.with_file_name(temp_name(target.file_name().unwrap_or_default(), number));
        match disk.create_new(&path, private) {
            // left by a run that had this process number
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (path, file)),
        }
    }
}

fn temp_name(of: &OsStr, number: u64) -> OsString {
    let mut name = OsString::from(".");
    if of.len() <= MAX_NAME {
        name.push(of);
    } else {
        let text = of.to_string_lossy();
        name.push(text.get(..text.floor_char_boundary(MAX_NAME)).unwrap_or_default());
    }
    name.push(format!(".affilink-{}-{number}.tmp", *PROCESS));
    name
}

fn is_dead_stray(path: &Path) -> bool {
    let is_regular = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
    if !is_regular || !path.file_name().is_some_and(is_stray_name) {
        return false;
    }
    match File::open(path).map(|file| file.try_lock()) {
        Ok(Ok(())) => true,
        Ok(Err(TryLockError::WouldBlock)) => false,
        // neither a lock nor a look: the process number has to do
        Ok(Err(TryLockError::Error(_))) | Err(_) => is_dead_process(path),
    }
}

/// Whether the process in the name of `path` is known to be gone; only Linux says.
fn is_dead_process(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbers = name.rsplit_once(".affilink-").and_then(|(_, numbers)| numbers.split_once('-'));
    let processes = Path::new("/proc");
    numbers.is_some_and(|(id, _)| processes.join("self").exists() && !processes.join(id).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_temporary_files() {
        for (name, is_stray) in [
            (".a.md.affilink-12-0.tmp", true),
            ("..htaccess.affilink-1-99.tmp", true),
            (".x.affilink-1-1.tmp.affilink-2-2.tmp", true),
            ("a.md.affilink-12-0.tmp", false),
            (".affilink-12-0.tmp", false),
            (".a.affilink-12.tmp", false),
            (".a.affilink-12-.tmp", false),
            (".a.affilink-1-2-3.tmp", false),
            (".a.affilink-12-0x.tmp", false),
            (".a.md.affilink-12-0.tmp~", false),
        ] {
            assert_eq!(is_stray_name(OsStr::new(name)), is_stray, "{name}");
        }
        for name in ["a.md".to_owned(), "é".repeat(127), "x".repeat(255)] {
            let temp = temp_name(OsStr::new(&name), u64::MAX);
            assert!(is_stray_name(&temp) && temp.len() <= 255, "{}", temp.len());
        }
    }

    #[test]
    fn a_file_is_written_whole_through_links_and_into_pipes() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| dir.path().join(name);
        write_file(&at("new"), b"1", &Disk::real()).expect("written");
        write_file(&at("new"), b"2", &Disk::real()).expect("written again");
        assert_eq!(fs::read(at("new")).expect("there"), b"2");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("new", at("link")).expect("linked");
            write_file(&at("link"), b"3", &Disk::real()).expect("written through");
            assert_eq!(fs::read(at("new")).expect("there"), b"3");
            assert!(fs::symlink_metadata(at("link")).expect("there").is_symlink());
            write_file(Path::new("/dev/null"), b"4", &Disk::real()).expect("taken");
        }
        assert!(matches!(write_file(&at("none/x"), b"5", &Disk::real()), Err(WriteError::Io { .. })));
    }
}
