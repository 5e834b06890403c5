//! Which files of a tree are pages, which are copied, which are never looked at. Decides by names and file kinds
//! only: no file is opened, nothing is printed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use walkdir::{DirEntry, WalkDir};

use crate::fsio::is_stray_name;
use crate::printable::{printable, printable_path};

mod layout;

pub use layout::{Layout, LayoutError, layout};

/// Directories that hold other people's files, at any depth. What is in the first is a tool's and never served; a built site
/// may need what is in the second, so a copy of the tree has it.
const FOREIGN_DIRS: [&str; 2] = ["node_modules", "vendor"];

/// Hidden names that web servers and hosts read, and that are therefore copied.
const SERVED_HIDDEN: [&str; 3] = [".htaccess", ".nojekyll", ".well-known"];

/// How many directory links may follow each other on one path: links can multiply a tree without ever making a loop.
const MAX_LINK_HOPS: usize = 3;

/// What the caller knows about the tree.
#[derive(Clone, Copy)]
pub struct WalkRules<'r> {
    /// Whether a page name is one of `files.include`.
    pub include: &'r (dyn Fn(&str) -> bool + Sync),
    /// Whether a page name is one of `files.exclude`.
    pub exclude: &'r (dyn Fn(&str) -> bool + Sync),
    /// Directories that are never walked: OUT, a generator's output. Canonical paths.
    pub skip_dirs: &'r [PathBuf],
    /// What becomes of a file that has several names.
    pub links: Links,
}

/// What becomes of a file within the tree that symbolic links give more names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// Each name is a file of its own: for writing a copy of the tree.
    Copies,
    /// A file is read once, under its real name if that is walked, else under the first: for judging and for editing
    /// in place.
    Once,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is, in the caller's terms: the start of the walk and the way down.
    pub path: PathBuf,
    /// Its place relative to the root, lossless: join it to OUT.
    pub relative: PathBuf,
    /// Its page name: [`Self::relative`] with `/`, lossy where the name is no Unicode. Not escaped for printing.
    pub name: String,
    /// The canonical path of the file where a symbolic link leads there; always beneath the root.
    pub target: Option<PathBuf>,
    /// Whether the caller named this very file.
    pub named: bool,
}

/// What a walk found, each list sorted by the bytes of the names.
#[derive(Debug, Default)]
pub struct Walked {
    /// Files that are read as pages.
    pub pages: Vec<Found>,
    /// Regular files to copy, excluded pages among them.
    pub others: Vec<Found>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// How many files would be pages if `files.exclude` did not name them.
    pub excluded: usize,
    /// Folders of other people's files that are not looked into, by name.
    pub left_out: Vec<String>,
    /// Temporary files with the name of an interrupted run's, for [`crate::fsio::remove_strays`].
    pub strays: Vec<PathBuf>,
}

/// A place of the tree that was not read.
#[derive(Debug, Error)]
#[error("`{}`: {kind}", printable(name))]
pub struct Problem {
    /// Where it is, in the caller's terms.
    pub path: PathBuf,
    /// Relative to the root, with `/`; not escaped for printing.
    pub name: String,
    /// What is wrong there.
    #[source]
    pub kind: ProblemKind,
}

/// Why a place of the tree was not read.
#[derive(Debug, Error)]
pub enum ProblemKind {
    /// A directory that cannot be listed, or a file that cannot be looked at.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A symbolic link to something that does not exist.
    #[error("a symbolic link that leads nowhere")]
    BrokenLink,
    /// A symbolic link that leads out of the root.
    #[error("a symbolic link that leaves the tree, to `{}`", printable_path(.0))]
    LeavesRoot(PathBuf),
    /// A directory link that leads to a directory above itself.
    #[error("a symbolic link that leads back to `{}`", printable_path(.0))]
    Loop(PathBuf),
    /// Directory links within directory links.
    #[error("more than {MAX_LINK_HOPS} symbolic links to directories on the way here")]
    TooManyLinks,
    /// A FIFO, socket or device.
    #[error("neither a file nor a directory")]
    Special,
}

impl ProblemKind {
    /// Whether a file may have been missed that the user meant: what was left out on purpose is none.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }
}

/// Walks `start`, a file or a directory in (or equal to) the directory `root`.
///
/// Names are relative to `root`; where `start` lies elsewhere, relative to `start` itself, or to its directory if it is
/// a file. A file named so is a page whatever the rules say of it.
///
/// Errors: `start` or `root` cannot be looked at. Everything below is in [`Walked::problems`].
pub fn walk(start: &Path, root: &Path, rules: &WalkRules) -> io::Result<Walked> {
    let mut walk = Walk::new(start, root, rules)?;
    if walk.start_is_file {
        walk.take_named();
    } else {
        walk.descend();
    }
    Ok(walk.finish())
}

/// What OUT holds after a build: the names of files that `keep` does not want, sorted, and strays.
///
/// Hidden files and folders are nobody's business; a missing `out` holds nothing.
pub fn leftovers(out: &Path, keep: &dyn Fn(&Path) -> bool) -> (Vec<String>, Vec<PathBuf>) {
    let (mut names, mut strays) = (Vec::new(), Vec::new());
    let entries = WalkDir::new(out).into_iter().filter_entry(|entry| entry.depth() == 0 || !is_unwalked_dir(entry));
    for entry in entries.flatten().filter(|entry| !entry.file_type().is_dir()) {
        let Ok(relative) = entry.path().strip_prefix(out) else { continue };
        if is_stray_name(entry.file_name()) {
            strays.push(entry.into_path());
        } else if !is_hidden(entry.file_name()) && !keep(relative) {
            names.push(page_name(relative));
        }
    }
    names.sort_unstable();
    (names, strays)
}

/// The page name of the relative path `relative`: `/` between its parts, U+FFFD for what is no Unicode.
pub fn page_name(relative: &Path) -> String {
    let parts: Vec<_> = relative.iter().map(OsStr::to_string_lossy).collect();
    parts.join("/")
}

struct Walk<'w> {
    rules: &'w WalkRules<'w>,
    start: PathBuf,
    start_is_file: bool,
    /// The canonical start.
    real_start: PathBuf,
    /// The canonical root, which nothing may leave.
    real_root: PathBuf,
    /// The way from the root to the start.
    prefix: PathBuf,
    walked: Walked,
}

impl<'w> Walk<'w> {
    fn new(start: &Path, root: &Path, rules: &'w WalkRules<'w>) -> io::Result<Self> {
        let start_is_file = !fs::metadata(start)?.is_dir();
        let (real_start, real_root) = (fs::canonicalize(start)?, fs::canonicalize(root)?);
        // a named link keeps its own name: only the way to it is made canonical
        let place = match (start_is_file, start.file_name()) {
            (true, Some(name)) => fs::canonicalize(directory_of(start))?.join(name),
            _ => real_start.clone(),
        };
        let start = start.to_path_buf();
        let walked = Walked::default();
        let (real_root, prefix) = match (place.strip_prefix(&real_root), start_is_file) {
            (Ok(prefix), _) => (real_root.clone(), prefix.to_path_buf()),
            (Err(_), true) => (directory_of(&place).to_path_buf(), place.file_name().unwrap_or_default().into()),
            (Err(_), false) => (place.clone(), PathBuf::new()),
        };
        Ok(Self { rules, start, start_is_file, real_start, real_root, prefix, walked })
    }

    fn take_named(&mut self) {
        let mut found = self.found(self.start.clone(), Path::new(""));
        found.named = true;
        let is_link = fs::symlink_metadata(&self.start).is_ok_and(|meta| meta.is_symlink());
        match fs::metadata(&self.start) {
            Ok(meta) if meta.is_file() => {
                found.target = is_link.then(|| self.real_start.clone());
                self.walked.pages.push(found);
            }
            Ok(_) => self.report(found, ProblemKind::Special),
            Err(error) => self.report(found, error.into()),
        }
    }

    fn descend(&mut self) {
        let mut entries = WalkDir::new(&self.start).follow_links(true).into_iter();
        // the directory links above the current entry: their depth
        let mut hops: Vec<usize> = Vec::new();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.take_error(error);
                    continue;
                }
            };
            if entry.depth() == 0 {
                continue;
            }
            while hops.last().is_some_and(|&depth| depth >= entry.depth()) {
                hops.pop();
            }
            let enters = self.take(&entry, hops.len());
            if entry.file_type().is_dir() {
                if !enters {
                    entries.skip_current_dir();
                } else if entry.path_is_symlink() {
                    hops.push(entry.depth());
                }
            }
        }
    }

    /// Takes one entry, `hops` directory links away from the start; whether to enter it if it is a directory.
    fn take(&mut self, entry: &DirEntry, hops: usize) -> bool {
        let is_dir = entry.file_type().is_dir();
        if !is_dir && is_stray_name(entry.file_name()) {
            self.walked.strays.push(entry.path().to_path_buf());
            return false;
        }
        let copied = self.rules.links == Links::Copies && entry.file_name() == FOREIGN_DIRS[1];
        if is_hidden(entry.file_name()) || (is_unwalked_dir(entry) && !copied) {
            if is_dir && entry.file_name() == FOREIGN_DIRS[0] {
                let below = entry.path().strip_prefix(&self.start).unwrap_or(entry.path());
                self.walked.left_out.push(page_name(below));
            }
            return false;
        }
        let Ok(below) = entry.path().strip_prefix(&self.start) else { return false };
        let mut found = self.found(entry.path().to_path_buf(), below);
        let linked = hops > 0 || entry.path_is_symlink();
        let real = if linked { fs::canonicalize(entry.path()) } else { Ok(self.real_start.join(below)) };
        let problem = match real {
            Ok(real) if self.rules.skip_dirs.iter().any(|dir| real.starts_with(dir)) => return false,
            Ok(real) if linked && !real.starts_with(&self.real_root) => ProblemKind::LeavesRoot(real),
            Ok(_) if is_dir && entry.path_is_symlink() && hops >= MAX_LINK_HOPS => ProblemKind::TooManyLinks,
            Ok(_) if is_dir => return true,
            Ok(_) if !entry.file_type().is_file() => ProblemKind::Special,
            Ok(real) => {
                found.target = linked.then_some(real);
                let above = below.parent().unwrap_or(Path::new(""));
                let foreign = self.rules.links == Links::Copies && above.iter().any(|part| part == FOREIGN_DIRS[1]);
                self.sort_in(found, foreign);
                return false;
            }
            Err(error) => error.into(),
        };
        self.report(found, problem);
        false
    }

    /// Puts a file where it belongs; `foreign`: it lies in a folder of other people's files.
    fn sort_in(&mut self, found: Found, foreign: bool) {
        if foreign || is_served_hidden(&found.relative) || !(self.rules.include)(&found.name) {
            self.walked.others.push(found);
        } else if (self.rules.exclude)(&found.name) {
            self.walked.excluded += 1;
            self.walked.others.push(found);
        } else {
            self.walked.pages.push(found);
        }
    }

    fn take_error(&mut self, error: walkdir::Error) {
        let path = error.path().unwrap_or(&self.start).to_path_buf();
        if path.file_name().is_some_and(is_hidden) && path != self.start {
            return;
        }
        let below = path.strip_prefix(&self.start).unwrap_or(Path::new("")).to_path_buf();
        let found = self.found(path, &below);
        let kind = if let Some(ancestor) = error.loop_ancestor() {
            ProblemKind::Loop(ancestor.to_path_buf())
        } else if fs::symlink_metadata(&found.path).is_ok_and(|meta| meta.is_symlink()) && !found.path.exists() {
            ProblemKind::BrokenLink
        } else {
            ProblemKind::Unreadable(error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into()))
        };
        self.report(found, kind);
    }

    fn found(&self, path: PathBuf, below: &Path) -> Found {
        // joining an empty path would leave a trailing slash
        let relative = if below.as_os_str().is_empty() { self.prefix.clone() } else { self.prefix.join(below) };
        let name = page_name(&relative);
        Found { path, relative, name, target: None, named: false }
    }

    fn report(&mut self, found: Found, kind: ProblemKind) {
        self.walked.problems.push(Problem { path: found.path, name: found.name, kind });
    }

    fn finish(mut self) -> Walked {
        let by_name = |a: &Found, b: &Found| (&a.name, &a.relative).cmp(&(&b.name, &b.relative));
        self.walked.pages.sort_by(by_name);
        self.walked.others.sort_by(by_name);
        self.walked.problems.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        self.walked.strays.sort();
        if self.rules.links == Links::Once {
            let real_place = |found: &Found| self.real_root.join(&found.relative);
            keep_once(&mut self.walked.pages, real_place);
        }
        self.walked
    }
}

/// Drops every page whose file an earlier page, or one with the file's real name, already is.
fn keep_once(pages: &mut Vec<Found>, real_place: impl Fn(&Found) -> PathBuf) {
    let mut taken: BTreeSet<PathBuf> = pages.iter().filter(|page| page.target.is_none()).map(real_place).collect();
    pages.retain(|page| page.target.as_ref().is_none_or(|target| taken.insert(target.clone())));
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Whether a walk goes into the folders above `relative`, a file below its root.
pub fn is_walked(relative: &Path) -> bool {
    relative.parent().is_none_or(|folders| !folders.iter().any(is_unwalked))
}

fn is_unwalked_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && is_unwalked(entry.file_name())
}

fn is_unwalked(folder: &OsStr) -> bool {
    is_hidden(folder) || FOREIGN_DIRS.iter().any(|foreign| folder == *foreign)
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".") && !SERVED_HIDDEN.iter().any(|served| name == *served)
}

fn is_served_hidden(relative: &Path) -> bool {
    relative.iter().any(|part| SERVED_HIDDEN.iter().any(|served| part == *served))
}

#[cfg(test)]
mod tests;
