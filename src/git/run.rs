//! Running `git`. Decides which settings and variables it gets, so that its answers have one form everywhere, and which
//! of its failures have a name. Nothing is fetched, no hook and no pager runs, the repository is not written to.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::GitError;
use crate::printable::printable;

/// Variables that would change what is asked or how it is answered.
const UNSET: &[&str] = &[
    // overrides `--unified`
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    // not allowed beside literal ones
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// Variables for every run.
const SET: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    // nothing is fetched, not even what a clone with a filter lacks
    ("GIT_ALLOW_PROTOCOL", "none"),
];

/// Settings for every run.
const SETTINGS: &[&str] = &[
    "--no-pager",
    "-c",
    "core.quotepath=off",
    // may be a program to run, or starts a daemon
    "-c",
    "core.fsmonitor=false",
    // files whose time alone differs are no changes
    "-c",
    "diff.autoRefreshIndex=true",
];

/// A repository, by a folder of it.
#[derive(Debug)]
pub(super) struct Git {
    dir: PathBuf,
}

impl Git {
    /// The repository whose top folder is `root`.
    pub(super) fn at(root: &Path) -> Self {
        Self { dir: root.to_owned() }
    }

    /// The repository around `dir`, by its top folder.
    pub(super) fn around(dir: &Path) -> Result<Self, GitError> {
        let asked = Self::at(dir);
        let ran = asked.run(&["rev-parse", "--show-toplevel"])?;
        if ran.status.success() {
            return Ok(Self::at(&path(ran.stdout.strip_suffix(b"\n").unwrap_or(&ran.stdout))));
        }
        let said = String::from_utf8_lossy(&ran.stderr);
        let dir = dir.to_owned();
        Err(if said.contains("dubious ownership") || said.contains("unsafe repository") {
            GitError::Untrusted { dir }
        } else if said.contains("not a git repository") || said.contains("must be run in a work tree") {
            GitError::NoRepository { dir }
        } else {
            failure("rev-parse", &ran)
        })
    }

    /// Its folder.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The id of the commit that `rev` names, if it names one.
    pub(super) fn commit(&self, rev: &str) -> Result<Option<String>, GitError> {
        // no name of a commit begins with `-`, and git before 2.30 does not know `--end-of-options` here
        if rev.is_empty() || rev.starts_with('-') || rev.contains('\0') {
            return Ok(None);
        }
        let ran = self.run(&["rev-parse", "--verify", "--quiet", &format!("{rev}^{{commit}}")])?;
        // an excluded commit (`^main`) is an answer, but names none
        Ok(if ran.status.success() { id(&ran.stdout) } else { None })
    }

    /// The best common ancestor of two commits, given by ids.
    pub(super) fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        let ran = self.run(&["merge-base", one, other])?;
        match ran.status.code() {
            Some(0) => Ok(id(&ran.stdout)),
            Some(1) => Ok(None),
            _ => Err(failure("merge-base", &ran)),
        }
    }

    /// Whether history was cut off when this was cloned.
    pub(super) fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.output(&["rev-parse", "--is-shallow-repository"])?.starts_with(b"true"))
    }

    /// The id of the tree without files; it depends on the repository's hash.
    pub(super) fn empty_tree(&self) -> Result<String, GitError> {
        let ran = self.run(&["hash-object", "-t", "tree", "--stdin"])?;
        id(&ran.stdout).ok_or_else(|| failure("hash-object", &ran))
    }

    /// The contents of `path` in `tree` (a commit's id, or `:0` for the index). `listing` is the command that lists `path` if
    /// it is there: only then is it a failure that it cannot be read.
    pub(super) fn blob(&self, tree: &str, path: &Path, listing: &[&str]) -> Result<Option<Vec<u8>>, GitError> {
        let mut name = OsString::from(format!("{tree}:"));
        name.push(slashes(path));
        let ran = self.run(&[OsStr::new("cat-file"), OsStr::new("blob"), &name])?;
        if ran.status.success() {
            return Ok(Some(ran.stdout));
        }
        let path = slashes(path);
        let listing: Vec<_> = listing.iter().map(OsStr::new).chain([OsStr::new("--"), &path]).collect();
        let listed = self.output(&listing)?;
        if listed.is_empty() { Ok(None) } else { Err(failure("cat-file", &ran)) }
    }

    /// What git prints, which must be a success.
    pub(super) fn output(&self, args: &[impl AsRef<OsStr>]) -> Result<Vec<u8>, GitError> {
        let ran = self.run(args)?;
        if ran.status.success() {
            return Ok(ran.stdout);
        }
        Err(failure(&args.first().map(|arg| arg.as_ref().to_string_lossy()).unwrap_or_default(), &ran))
    }

    fn run(&self, args: &[impl AsRef<OsStr>]) -> Result<Output, GitError> {
        let mut command = Command::new("git");
        command.args(SETTINGS).arg("-C").arg(&self.dir).args(args).stdin(Stdio::null()).envs(SET.iter().copied());
        for name in UNSET {
            command.env_remove(name);
        }
        // relative to where this process runs, not to where git is sent
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"] {
            if let Some(absolute) = env::var_os(name).and_then(|value| std::path::absolute(value).ok()) {
                command.env(name, absolute);
            }
        }
        command.output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => GitError::NotInstalled,
            _ => GitError::Start(error),
        })
    }
}

/// The path that git means by `bytes`: on Unix any bytes, elsewhere UTF-8.
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        PathBuf::from(OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// `path` as git writes it.
fn slashes(path: &Path) -> OsString {
    let mut written = OsString::new();
    for part in path {
        if !written.is_empty() {
            written.push("/");
        }
        written.push(part);
    }
    written
}

/// The object id that is all of `output`, SHA-1 or SHA-256.
fn id(output: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(output).ok()?.trim_end();
    let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| text.to_owned())
}

fn failure(command: &str, ran: &Output) -> GitError {
    let said = String::from_utf8_lossy(&ran.stderr);
    if said.contains("lazy fetching disabled") || said.contains("promisor remote") {
        return GitError::PartialClone;
    }
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling =
        lines().find(|line| line.starts_with("fatal: ") || line.starts_with("error: ")).or_else(|| lines().next_back());
    let message = telling.map_or_else(|| ran.status.to_string(), printable);
    GitError::Failed { command: command.to_owned(), message }
}
