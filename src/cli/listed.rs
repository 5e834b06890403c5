//! `--pages-from`: which pages a host publishes, as it lists them. Decides when a path is the same as one of the list.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use affilink::printable::printable_path;
use anyhow::Context as _;

/// The pages of a list.
pub(crate) struct Listed {
    /// Canonical.
    paths: BTreeSet<PathBuf>,
}

impl Listed {
    /// Reads `file`, or standard input for `-`: a path on each line; blank lines are passed over.
    ///
    /// Errors: it cannot be read, or there is no such file as a line names.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = if file == Path::new("-") { io::read_to_string(io::stdin()) } else { std::fs::read_to_string(file) };
        let text = text.with_context(|| format!("cannot read the list `{}`", printable_path(file)))?;
        let paths = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
            let real = Path::new(line).canonicalize();
            real.with_context(|| {
                let (line, file) = (printable_path(Path::new(line)), printable_path(file));
                format!("`{line}`, which `{file}` lists, cannot be read")
            })
        });
        Ok(Self { paths: paths.collect::<anyhow::Result<_>>()? })
    }

    /// Whether the file at `path` is one of them, whatever it is called there.
    pub(crate) fn holds(&self, path: &str) -> bool {
        Path::new(path).canonicalize().is_ok_and(|path| self.paths.contains(&path))
    }
}
