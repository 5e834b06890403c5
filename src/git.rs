//! What git says has changed: which files, which of their lines, and what they were. Decides how git is asked and how its
//! answers are read; what becomes of a finding on such a line is decided by the check.
//!
//! The `git` binary is run, as the user's own settings (line endings, attributes, work trees, object formats) are then
//! honoured by the program that defines them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};

use thiserror::Error;

mod patch;
mod run;
#[cfg(test)]
mod tests;

use crate::printable::{printable, printable_path};
use run::Git;

/// What every question about differences has in common: nobody's drivers, colours or prefixes, and only the lines themselves.
///
/// Renames are followed. Submodules are repositories of their own and left out.
const DIFF: &[&str] = &[
    "diff",
    "--raw",
    "--patch",
    "--unified=0",
    "--inter-hunk-context=0",
    "--no-abbrev",
    "--find-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--ignore-submodules=all",
];

/// Files that differ from a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The new and changed files, by their paths relative to [`root`](Self::root); deleted ones are left out.
    pub files: BTreeMap<PathBuf, Lines>,
    /// The files that are no more, in the same way.
    pub gone: Vec<PathBuf>,
    /// The id of what they were compared with: a commit, or the empty tree where nothing is committed yet.
    pub base: String,
    /// The repository's top folder: absolute, without symbolic links, as git says it.
    pub root: PathBuf,
    /// What a renamed file was called, by what it is called now.
    renamed: BTreeMap<PathBuf, PathBuf>,
}

/// Lines of a file as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// All of them: the file is new, or git cannot tell its lines apart.
    All,
    /// These, 1-based: sorted, disjoint and not adjacent. None where lines were only deleted.
    Ranges(Vec<RangeInclusive<usize>>),
}

/// Why git could not be asked, or what it cannot answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no `git`.
    #[error("cannot find the program `git`: install it, or add its folder to `PATH`")]
    NotInstalled,
    /// `git` did not start.
    #[error("cannot run the program `git`")]
    Start(#[source] io::Error),
    /// Not in a repository, or in one without files.
    #[error("`{}` is not in the work tree of a git repository: run this inside one", printable_path(.dir))]
    NoRepository {
        /// Where git looked.
        dir: PathBuf,
    },
    /// The repository belongs to somebody else, as in a container.
    #[error(
        "git does not trust the repository of `{}`, which belongs to another user: \
         run `git config --global --add safe.directory <its top folder>`", printable_path(.dir)
    )]
    Untrusted {
        /// Where git looked.
        dir: PathBuf,
    },
    /// Nothing is committed.
    #[error("the repository of `{}` has no commit to compare with: commit first", printable_path(.dir))]
    NoCommit {
        /// Its top folder.
        dir: PathBuf,
    },
    /// No such commit.
    #[error("git knows no commit `{}`: check its spelling, or fetch it first", printable(.rev))]
    UnknownRev {
        /// As it was given.
        rev: String,
    },
    /// No such commit, in a repository that lacks most of them.
    #[error(
        "git knows no commit `{}` and this clone is shallow: \
         fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out", printable(.rev)
    )]
    UnknownRevShallow {
        /// As it was given.
        rev: String,
    },
    /// The common ancestor is not in a shallow clone.
    #[error(
        "this clone is shallow and lacks the commit where `{}` and `HEAD` parted: \
         fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out", printable(.rev)
    )]
    ShallowClone {
        /// As it was given.
        rev: String,
    },
    /// Histories that never met.
    #[error("`{}` and `HEAD` have no common ancestor: name a commit that `HEAD` comes from", printable(.rev))]
    NoCommonAncestor {
        /// As it was given.
        rev: String,
    },
    /// A clone with a filter lacks the contents, and nothing is fetched.
    #[error(
        "this clone was made with a filter and lacks file contents: clone without it, or run `git fetch --refetch --no-filter`"
    )]
    PartialClone,
    /// Anything else.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// Its command, such as `diff`.
        command: String,
        /// What git said, on one line.
        message: String,
    },
}

impl Changes {
    /// What differs between the working tree around `dir` and the commit where `rev` and `HEAD` parted (their merge base).
    ///
    /// What is not committed counts, and so do untracked files unless they are ignored. `rev` is whatever names a commit.
    pub fn since(dir: &Path, rev: &str) -> Result<Self, GitError> {
        let git = Git::around(dir)?;
        let head = git.commit("HEAD")?.ok_or_else(|| GitError::NoCommit { dir: git.dir().to_owned() })?;
        let other = match git.commit(rev)? {
            Some(commit) => commit,
            None if git.is_shallow()? => return Err(GitError::UnknownRevShallow { rev: rev.to_owned() }),
            None => return Err(GitError::UnknownRev { rev: rev.to_owned() }),
        };
        let base = match git.merge_base(&other, &head)? {
            Some(base) => base,
            None if git.is_shallow()? => return Err(GitError::ShallowClone { rev: rev.to_owned() }),
            None => return Err(GitError::NoCommonAncestor { rev: rev.to_owned() }),
        };
        let mut changes = Self::between(&git, base, None)?;
        let untracked = git.output(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        // a repository inside the repository is listed as a folder
        for path in untracked.split(|&byte| byte == 0).filter(|path| !path.is_empty() && !path.ends_with(b"/")) {
            changes.files.insert(run::path(path), Lines::All);
        }
        Ok(changes)
    }

    /// What differs between the index around `dir` and `HEAD`: what `git commit` would commit.
    pub fn staged(dir: &Path) -> Result<Self, GitError> {
        let git = Git::around(dir)?;
        let base = match git.commit("HEAD")? {
            Some(head) => head,
            None => git.empty_tree()?,
        };
        Self::between(&git, base, Some("--cached"))
    }

    /// The lines of `path` that differ; `None` where nothing does. A relative path is relative to [`root`](Self::root).
    pub fn changed(&self, path: &Path) -> Option<&Lines> {
        self.files.get(&self.inside(path)?)
    }

    /// What the renamed file `path` (as for [`changed`](Self::changed)) was called, relative to [`root`](Self::root).
    pub fn old_path(&self, path: &Path) -> Option<&Path> {
        Some(self.renamed.get(&self.inside(path)?)?)
    }

    /// The bytes of `path` (as for [`changed`](Self::changed)) as they were at [`base`](Self::base), under its name of then.
    /// `None` where there was no such file. Line endings are those that git stores.
    pub fn show(&self, path: &Path) -> Result<Option<Vec<u8>>, GitError> {
        let Some(inside) = self.inside(path) else { return Ok(None) };
        let then = self.renamed.get(&inside).unwrap_or(&inside);
        Git::at(&self.root).blob(&self.base, then, &["ls-tree", "-z", "--full-tree", &self.base])
    }

    /// The bytes of `path` (as for [`changed`](Self::changed)) as they are in the index, `None` where it is not there. Line
    /// endings are those that git stores.
    pub fn staged_bytes(&self, path: &Path) -> Result<Option<Vec<u8>>, GitError> {
        let Some(inside) = self.inside(path) else { return Ok(None) };
        Git::at(&self.root).blob(":0", &inside, &["ls-files", "-z", "--cached"])
    }

    /// The files that differ between the index and the work tree, relative to [`root`](Self::root): those with changes that
    /// are not staged. Files that git does not know are left out.
    pub fn unstaged(&self) -> Result<Vec<PathBuf>, GitError> {
        let names = ["diff", "--name-only", "-z", "--no-relative", "--no-renames", "--ignore-submodules=all", "--"];
        let output = Git::at(&self.root).output(&names)?;
        Ok(output.split(|&byte| byte == 0).filter(|name| !name.is_empty()).map(run::path).collect())
    }

    fn between(git: &Git, base: String, extra: Option<&str>) -> Result<Self, GitError> {
        let args: Vec<&str> = DIFF.iter().copied().chain(extra).chain([base.as_str(), "--"]).collect();
        let output = git.output(&args)?;
        let read = patch::parse(&output)
            .ok_or_else(|| GitError::Failed { command: "diff".into(), message: "its output cannot be read".into() })?;
        let gone = read.gone.iter().map(|path| run::path(path)).collect();
        let (root, renamed) = (git.dir().to_owned(), BTreeMap::new());
        let mut changes = Self { files: BTreeMap::new(), gone, base, root, renamed };
        for file in read.files {
            let path = run::path(&file.path);
            if let Some(old) = file.old_path {
                changes.renamed.insert(path.clone(), run::path(&old));
            }
            changes.files.insert(path, file.lines);
        }
        Ok(changes)
    }

    /// `path` relative to the root, without `.`; `None` where it is outside.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let relative = if path.is_absolute() {
            // the file itself may be a symbolic link that git tracks, so that only its folder is resolved
            let resolved = path.parent().and_then(|parent| fs::canonicalize(parent).ok());
            let real = fs::canonicalize(&self.root).ok();
            let found = resolved.zip(real).and_then(|(parent, root)| {
                let folder = parent.strip_prefix(&root).ok()?;
                Some(folder.join(path.file_name()?))
            });
            found.or_else(|| path.strip_prefix(&self.root).ok().map(Path::to_owned))?
        } else {
            path.to_owned()
        };
        let mut clean = PathBuf::new();
        for part in relative.components() {
            match part {
                Component::CurDir => {}
                Component::Normal(name) => clean.push(name),
                _ => return None,
            }
        }
        (!clean.as_os_str().is_empty()).then_some(clean)
    }
}

impl Lines {
    /// Whether any of the lines `first..=last` (1-based) is among them.
    pub fn touches(&self, first: usize, last: usize) -> bool {
        match self {
            Self::All => true,
            Self::Ranges(ranges) => {
                let next = ranges.partition_point(|range| *range.end() < first);
                ranges.get(next).is_some_and(|range| *range.start() <= last.max(first))
            }
        }
    }
}
