//! How SRC and OUT may lie to each other.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use thiserror::Error;

use crate::printable::printable_path;

/// Where a build reads and writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// SRC, canonical.
    pub src: PathBuf,
    /// OUT, canonical as far as it exists.
    pub out: PathBuf,
    /// Whether OUT lies in SRC, so that the walk must leave it out.
    pub out_in_src: bool,
}

/// Why a build cannot write from SRC to OUT.
#[derive(Debug, Error)]
pub enum LayoutError {
    /// SRC does not exist or cannot be looked at.
    #[error("cannot read the source folder `{}`: {source}", printable_path(path))]
    Source {
        /// SRC as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// SRC is a file.
    #[error("`{}` is a file, not a folder: with `--out` the source must be a folder", printable_path(.0))]
    SourceIsFile(PathBuf),
    /// OUT cannot be looked at.
    #[error("cannot use the output folder `{}`: {source}", printable_path(path))]
    Out {
        /// OUT as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// OUT, or what it is to lie in, is no directory.
    #[error("cannot use the output folder `{}`: `{}` is not a folder", printable_path(path), printable_path(part))]
    OutIsFile {
        /// OUT as given.
        path: PathBuf,
        /// The part of it that is something else.
        part: PathBuf,
    },
    /// SRC and OUT are one directory.
    #[error("the output folder `{}` is the source folder: name another, or use `--in-place`", printable_path(.0))]
    Same(PathBuf),
    /// SRC lies in OUT.
    #[error(
        "the source folder `{}` lies in the output folder `{}`: name an output folder that does not hold the source",
        printable_path(src),
        printable_path(out)
    )]
    SourceInOut {
        /// SRC, canonical.
        src: PathBuf,
        /// OUT, canonical.
        out: PathBuf,
    },
}

/// Says where `src` and `out` really are; `out` need not exist.
///
/// Errors: one of them cannot be used, or `src` lies in or is `out`.
pub fn layout(src: &Path, out: &Path) -> Result<Layout, LayoutError> {
    let real_src = fs::canonicalize(src).map_err(|source| LayoutError::Source { path: src.to_path_buf(), source })?;
    if !real_src.is_dir() {
        return Err(LayoutError::SourceIsFile(src.to_path_buf()));
    }
    let real_out = canonical_as_far_as_it_exists(out)?;
    if real_src == real_out {
        return Err(LayoutError::Same(out.to_path_buf()));
    }
    if real_src.starts_with(&real_out) {
        return Err(LayoutError::SourceInOut { src: real_src, out: real_out });
    }
    let out_in_src = real_out.starts_with(&real_src);
    Ok(Layout { src: real_src, out: real_out, out_in_src })
}

fn canonical_as_far_as_it_exists(out: &Path) -> Result<PathBuf, LayoutError> {
    let fail = |source| LayoutError::Out { path: out.to_path_buf(), source };
    let absolute = std::path::absolute(out).map_err(fail)?;
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            // what is missing cannot be a link, so that `..` takes back exactly the part before it
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            part => real.push(part),
        }
        match fs::symlink_metadata(&real) {
            Ok(_) => real = fs::canonicalize(&real).map_err(fail)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(fail(error)),
        }
        if !real.is_dir() {
            return Err(LayoutError::OutIsFile { path: out.to_path_buf(), part: real });
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_layouts() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("site/docs")).expect("made");
        fs::write(at("file"), "").expect("written");
        assert!(!layout(&at("site"), &at("dist")).expect("beside").out_in_src);
        assert!(layout(&at("site"), &at("site/new/dist")).expect("inside, missing").out_in_src);
        assert!(layout(&at("site"), &at("site/docs")).expect("inside, there").out_in_src);
        assert!(!layout(&at("site"), &at("site-dist")).expect("a longer name is no part").out_in_src);
        assert!(matches!(layout(&at("site"), &at("site/docs/..")), Err(LayoutError::Same(_))));
        assert!(matches!(layout(&at("site"), &at("site/new/../")), Err(LayoutError::Same(_))));
        assert!(matches!(layout(&at("site/docs"), &at("site")), Err(LayoutError::SourceInOut { .. })));
        assert!(matches!(layout(&at("file"), &at("dist")), Err(LayoutError::SourceIsFile(_))));
        assert!(matches!(layout(&at("none"), &at("dist")), Err(LayoutError::Source { .. })));
        assert!(matches!(layout(&at("site"), &at("file")), Err(LayoutError::OutIsFile { .. })));
        assert!(layout(&at("site"), &at("file/dist")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_hide_no_layout() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("site/docs")).expect("made");
        for (target, link) in [("site", "alias"), ("site/docs", "inner"), ("gone", "broken")] {
            std::os::unix::fs::symlink(at(target), at(link)).expect("linked");
        }
        assert!(matches!(layout(&at("site"), &at("alias")), Err(LayoutError::Same(_))));
        assert!(layout(&at("site"), &at("alias/dist/x")).expect("inside through a link").out_in_src);
        assert!(matches!(layout(&at("inner"), &at("alias")), Err(LayoutError::SourceInOut { .. })));
        assert!(matches!(layout(&at("site"), &at("broken/dist")), Err(LayoutError::Out { .. })));
    }
}
