//! What every command shares: the configuration found and read, output, the exit status. Decides which exit code a run has.

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

use affilink::config::{Config, ConfigEnv, Globs, MAX_CONFIG_SIZE};
use affilink::generator::Generator;
use affilink::git::Changes;
use affilink::interrupt::{Interrupt, Signal};
use affilink::manifest::Manifest;
use affilink::pipeline::build::setup;
use affilink::pipeline::check::Checking;
use affilink::printable::{printable, printable_path};
use affilink::program::Date;
use affilink::source::Lines;
use anyhow::{Context as _, bail};

use crate::cli::args::{ColorWhen, Common};
use crate::cli::target::in_repository;

/// The file looked for where none is named.
pub(crate) const CONFIG_NAME: &str = "affiliates.yaml";

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done, or clean.
    Done,
    /// There is something to see to.
    Findings,
    /// It could not do its job.
    Failed,
    /// Stopped by a signal.
    Stopped(Signal),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Done => Self::SUCCESS,
            ExitStatus::Findings => Self::from(1),
            ExitStatus::Failed => Self::from(2),
            ExitStatus::Stopped(signal) => Self::from(signal.exit_code()),
        }
    }
}

/// One run of the binary.
pub(crate) struct Session<'s> {
    pub(crate) common: &'s Common,
    pub(crate) interrupt: Interrupt,
    pub(crate) date: Date,
    /// The files of the configuration that was read first.
    pub(crate) read: OnceLock<Vec<PathBuf>>,
    include: Option<Globs>,
    exclude: Globs,
}

impl<'s> Session<'s> {
    /// Reads the common flags.
    pub(crate) fn start(common: &'s Common) -> anyhow::Result<Self> {
        if let Some(jobs) = common.jobs {
            if jobs == 0 {
                bail!("`--jobs 0`: at least one file has to be worked on at once");
            }
            rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global()?;
        }
        Ok(Self {
            common,
            interrupt: Interrupt::default(),
            date: date(common.date.as_deref())?,
            read: OnceLock::new(),
            include: if common.include.is_empty() { None } else { Some(globs("--include", &common.include)?) },
            exclude: globs("--exclude", &common.exclude)?,
        })
    }

    /// From here on a signal ends the run between two files: for what writes files, once all input was read.
    pub(crate) fn catch_signals(&self) -> anyhow::Result<()> {
        self.interrupt.arm().context("cannot catch signals")
    }

    /// Whether `--include` and `--exclude` let a page be read.
    pub(crate) fn wants(&self, page: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(page)) && !self.exclude.is_match(page)
    }

    /// Whether they let every page be read.
    pub(crate) fn wants_all(&self) -> bool {
        self.include.is_none() && self.common.exclude.is_empty()
    }

    /// The same as [`wants`](Self::wants), and whether the configuration does not exclude it: of a page that a host hands over.
    pub(crate) fn takes(&self, config: &Config, page: &str) -> bool {
        self.wants(page) && !config.files.exclude.is_match(page)
    }

    /// How pages of a site with a configuration are rewritten and judged on the day `date`, the session's.
    pub(crate) fn checking<'c>(&self, config: &'c Config, generator: Option<Generator>, date: &'c str) -> Checking<'c> {
        let setup = setup(config, generator, date);
        Checking { setup, configured: true, judged: config.lint.judged, date: self.date, with_edits: false }
    }

    /// Finds and reads the configuration.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let path = self.config_path().with_context(|| {
            format!(
                "no `{CONFIG_NAME}` here or in a folder above, up to the repository's root; name one with --config, \
                 or let `affilink init` write one"
            )
        })?;
        self.read_config(&path)
    }

    /// The configuration and its folder, for commands that can do without one.
    pub(crate) fn config_if_any(&self) -> anyhow::Result<Option<(Config, PathBuf)>> {
        let Some(path) = self.config_path() else { return Ok(None) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Some((self.read_config(&path)?, folder.to_owned())))
    }

    /// The configuration that was named, or the nearest one.
    pub(crate) fn config_path(&self) -> Option<PathBuf> {
        self.named_config().or_else(|| find_config(&std::env::current_dir().ok()?))
    }

    /// The configuration of a host's site in `folder`: the one that was named, else what the host itself names, else the
    /// nearest one.
    pub(crate) fn config_of_host(&self, folder: &Path, named: Option<PathBuf>) -> anyhow::Result<Config> {
        let named = self.named_config().or_else(|| Some(folder.join(named?)));
        let path = named.or_else(|| find_config(folder)).with_context(|| {
            let folder = printable_path(folder);
            format!("no `{CONFIG_NAME}` in `{folder}` or in a folder above, up to the repository's root")
        })?;
        self.read_config(&path)
    }

    fn named_config(&self) -> Option<PathBuf> {
        self.common.config.clone().filter(|path| !path.as_os_str().is_empty())
    }

    fn read_config(&self, path: &Path) -> anyhow::Result<Config> {
        let name = path.display().to_string();
        let bytes = read_up_to(path, MAX_CONFIG_SIZE).with_context(|| format!("cannot read `{}`", printable(&name)))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let read = RefCell::new(vec![path.to_owned()]);
        let read_file = |name: &str| {
            read.borrow_mut().push(folder.join(name));
            read_up_to(&folder.join(name), MAX_LIST_SIZE).map_err(|error| error.to_string())
        };
        let config = self.parse_config(&name, bytes, &read_file);
        // whoever asks for it wants that of the first
        let _ = self.read.set(read.into_inner());
        config
    }

    /// The configuration as it was before `changes`, where they touch it or a file that it names; without a file where it is
    /// new. `None` where it is as it was, and where it could not be read then.
    pub(crate) fn config_before(&self, changes: &Changes) -> anyhow::Result<Option<Config>> {
        let files = self.read.get().map_or(&[][..], Vec::as_slice);
        let place = |path: &Path| in_repository(changes, &path.to_string_lossy());
        let Some(path) = files.first().filter(|_| files.iter().any(|path| changes.changed(&place(path)).is_some()))
        else {
            return Ok(None);
        };
        let Some(bytes) = changes.show(&place(path))? else {
            return Ok(Some(Config::without_file(self.date, affilink::lint::SPECS)));
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let read_file = |name: &str| {
            let bytes = changes.show(&place(&folder.join(name))).map_err(|error| error.to_string())?;
            bytes.ok_or_else(|| "there was no such file".to_owned())
        };
        let name = format!("{} at {}", path.display(), changes.base.get(..12).unwrap_or(&changes.base));
        let config = self.parse_config(&name, bytes, &read_file).ok();
        if config.is_none() {
            let name = printable(&name);
            Self::tell(&format!("warning: {name}: it could not be read; what was there is counted by that of now\n"));
        }
        Ok(config)
    }

    /// The configuration that `bytes` of the file `name` hold; `read_file` gives the files that it names.
    fn parse_config(
        &self,
        name: &str,
        bytes: Vec<u8>,
        read_file: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> anyhow::Result<Config> {
        if bytes.len() > MAX_CONFIG_SIZE {
            bail!("`{}` has more than 1 MiB, which no configuration has; is this the right file?", printable(name));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default()).into_owned();
            let (line, column) = Lines::of(&before).position(before.len());
            anyhow::anyhow!("{}:{line}:{column}: not UTF-8; save the file as UTF-8", printable(name))
        })?;
        let read_file = |name: &str| {
            let bytes = read_file(name)?;
            if bytes.len() > MAX_LIST_SIZE {
                return Err("it has more than 64 MiB".to_owned());
            }
            String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
        };
        let env = ConfigEnv { date: self.date, read_file: &read_file, rules: affilink::lint::SPECS };
        Config::read(name, &text, &env)
            .map_err(|error| anyhow::Error::msg(error.render(self.colors(io::stderr().is_terminal()))))
    }

    /// Whether to color what goes to a stream.
    pub(crate) fn colors(&self, terminal: bool) -> bool {
        match self.common.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// Prints a result.
    pub(crate) fn print(text: &str) -> anyhow::Result<()> {
        Self::print_bytes(text.as_bytes())
    }

    /// Prints a result.
    pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).context("cannot write to standard output")
    }

    /// Tells the user something that is no result.
    pub(crate) fn tell(text: &str) {
        // nobody is left to tell where stderr is closed
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Reads the manifest that a build wrote to `path`.
pub(crate) fn read_manifest(path: &Path) -> anyhow::Result<Manifest> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", printable_path(path)))?;
    Manifest::read(&text).with_context(|| format!("`{}`", printable_path(path)))
}

/// The largest file that a configuration may name, in bytes.
const MAX_LIST_SIZE: usize = 64 << 20;

/// The bytes of a file, and no more than one above `most` of them: a device has no end.
fn read_up_to(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An error and its causes in one sentence.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // some errors tell their cause themselves
        if !text.contains(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    text
}

/// Whether whoever read the output has gone.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn globs(flag: &str, patterns: &[String]) -> anyhow::Result<Globs> {
    Globs::new(patterns).map_err(|errors| {
        let wrong = errors.iter().filter_map(|(index, error)| Some((patterns.get(*index)?, error)));
        let wrong: Vec<_> = wrong.map(|(glob, error)| format!("`{flag} {}`: {error}", printable(glob))).collect();
        anyhow::Error::msg(wrong.join("; "))
    })
}

fn date(flag: Option<&str>) -> anyhow::Result<Date> {
    if let Some(text) = flag {
        return text.parse().map_err(|_| anyhow::anyhow!("`--date {text}`: not a day, write YYYY-MM-DD"));
    }
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds = text
                .trim()
                .parse()
                .with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, not a number of seconds"))?;
            Ok(Date::from_unix(seconds))
        }
        Err(_) => Ok(Date::today_utc()),
    }
}

fn find_config(start: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().is_ok_and(|here| here == start);
    for (depth, folder) in start.ancestors().enumerate() {
        let path = folder.join(CONFIG_NAME);
        if path.is_file() {
            return Some(if depth == 0 && here { PathBuf::from(CONFIG_NAME) } else { path });
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
