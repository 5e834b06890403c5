//! The repository around a run, for reports that are read by who looks at the repository and not at the folder of the run.
//! Decides which folder that is. Asks no git: there may be none.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use affilink::report::finding::Finding;

use crate::cli::target::slashed;

/// What CI systems call the folder that holds the repository.
const WORKSPACES: [&str; 2] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/// A folder, and the repository around it.
pub(crate) struct Repository {
    here: PathBuf,
    root: PathBuf,
}

impl Repository {
    /// The one around the current folder. Of a submodule it is the repository that holds it: that is the one under review.
    pub(crate) fn here() -> Option<Self> {
        let here = env::current_dir().ok()?;
        let named = || WORKSPACES.iter().filter_map(env::var_os).map(PathBuf::from);
        let root = here.ancestors().find(|folder| is_root(folder)).map(Path::to_owned);
        let root =
            root.or_else(|| named().filter_map(|path| path.canonicalize().ok()).find(|path| here.starts_with(path)));
        Some(Self { root: root?, here })
    }

    /// The file shown as `path` by its place in the repository; as it is where it lies outside.
    pub(crate) fn path(&self, path: &str) -> String {
        let written = clean(&self.here.join(path));
        let inside = written.strip_prefix(&self.root).ok().map(Path::to_owned).or_else(|| {
            let real = written.canonicalize().ok()?;
            Some(real.strip_prefix(self.root.canonicalize().ok()?).ok()?.to_owned())
        });
        inside.map_or_else(|| path.to_owned(), |inside| slashed(&inside).trim_end_matches('/').to_owned())
    }

    /// `findings` with such paths; their order is that of pages.
    pub(crate) fn of_all(&self, findings: &[Finding]) -> Vec<Finding> {
        let pages = findings.chunk_by(|one, other| one.path == other.path);
        let moved = pages.flat_map(|page| {
            let path = page.first().map(|finding| self.path(&finding.path)).unwrap_or_default();
            page.iter().map(move |finding| Finding { path: path.clone(), ..finding.clone() })
        });
        moved.collect()
    }
}

/// Whether `folder` is the top of a repository's work tree.
fn is_root(folder: &Path) -> bool {
    let git = folder.join(".git");
    // a file names the folder that git keeps elsewhere
    git.is_dir()
        || fs::read_to_string(&git).is_ok_and(|text| text.starts_with("gitdir:") && !text.contains("/modules/"))
}

/// `path` without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_repository() {
        let repository = Repository { here: PathBuf::from("/r/site/docs"), root: PathBuf::from("/r") };
        for (shown, expected) in [
            ("a.md", "site/docs/a.md"),
            ("../b.md", "site/b.md"),
            ("./x/../c d.md", "site/docs/c d.md"),
            ("/r/d.md", "d.md"),
            ("/elsewhere/e.md", "/elsewhere/e.md"),
            ("../../../f.md", "../../../f.md"),
        ] {
            assert_eq!(repository.path(shown), expected, "{shown}");
        }
    }
}
