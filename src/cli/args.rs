//! What can be typed. Decides names, help and defaults of flags; runs nothing.

use std::path::PathBuf;

use affilink::config::lint::Level;
use affilink::report::audit;
use affilink::report::findings::Output;
use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  `--check` found something to change, or links of an ended program are left that cannot be rewritten
  2  could not do its job: bad flag or configuration, no pages, an unreadable or refused page
  130, 143  stopped by SIGINT, SIGTERM; every file is as it was or finished";

/// Turns merchant links of a static site into affiliate links, byte by byte.
#[derive(Debug, Parser)]
#[command(name = "affilink", version, styles = STYLES, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The configuration [default: affiliates.yaml, here or in a folder above, up to the repository's root]
    // an empty variable is one that nobody set
    #[arg(short, long, value_name = "FILE", env = "AFFILINK_CONFIG", global = true)]
    #[arg(value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) config: Option<PathBuf>,
    /// Read only pages that match; repeatable, in place of `files.include`
    #[arg(long, value_name = "GLOB", global = true)]
    pub(crate) include: Vec<String>,
    /// Leave out pages that match; repeatable, beside `files.exclude`
    #[arg(long, value_name = "GLOB", global = true)]
    pub(crate) exclude: Vec<String>,
    /// How many files to work on at once [default: one per core]
    #[arg(short, long, value_name = "N", global = true)]
    pub(crate) jobs: Option<usize>,
    /// The day that programs' dates and `{date}` are judged by, as YYYY-MM-DD [default: `SOURCE_DATE_EPOCH`, or today in UTC]
    #[arg(long, value_name = "DATE", global = true)]
    pub(crate) date: Option<String>,
    /// Exit with 2 when a page was skipped
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// When to use colors; `NO_COLOR` is honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorWhen::Auto, global = true)]
    pub(crate) color: ColorWhen,
    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print every decision about a link
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// When output is colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at what a site links to, and write a commented affiliates.yaml
    Init(Init),
    /// Rewrite the merchant links of a tree of pages
    Build(Build),
    /// Report what costs an affiliate site money, trust or its account
    Check(Check),
    /// Count links: how many pay, on which pages, for whom, and which merchants earn nothing
    Audit(Audit),
    /// List the rules that `check` has, or show one
    Rules(Rules),
    /// Take own affiliate links out again
    Strip(Strip),
    /// Say where sub-IDs came from: page, line and link
    Resolve(Resolve),
    /// Rewrite one page from stdin to stdout
    Filter(Filter),
    /// Rewrite the chapters of a book: a preprocessor of mdBook
    Mdbook(Mdbook),
    /// Rewrite the links of a document: a JSON filter of Pandoc
    Pandoc(Pandoc),
    /// Say what a URL, a link of a page or a network is, and what a build makes of it
    Explain(Explain),
    /// List the networks that are built in, or show one
    Networks(Networks),
    /// Print the JSON Schema of affiliates.yaml
    Schema,
    /// Print a completion script
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

const PROPOSED: &str = "\
What is written, and what stays a comment:
  an id is taken for yours where at least 3 links carry it, and 80 % of those of its network (for Amazon: of its store);
  every other id stays a comment, with how often it stands there, and links with it stay as they are. Merchants that are
  linked to without any id are listed with the networks that carry them.

Nothing is overwritten: where there is an affiliates.yaml already, the exit code is 2.

Exit codes:
  0  written or printed
  2  could not: there is one already, no such folder, not writable; with --strict also if a page could not be read";

/// `affilink init`
#[derive(Debug, Args)]
#[command(after_help = PROPOSED)]
pub(crate) struct Init {
    /// The folder of the site: its sources, or what was built from them
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Print the file; write nothing
    #[arg(long)]
    pub(crate) print: bool,
    /// Print a block for one more merchant: its networks, and the ids to look up
    #[arg(long, value_name = "DOMAIN", conflicts_with = "print")]
    pub(crate) add: Option<String>,
}

/// `affilink build`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags")]
pub(crate) struct Build {
    /// The folder of pages
    #[arg(value_name = "SRC")]
    pub(crate) source: PathBuf,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Print what would change as a unified diff that `git apply` takes
    #[arg(long, group = "how")]
    pub(crate) diff: bool,
    /// Print the summary only; write nothing
    #[arg(long, group = "how")]
    pub(crate) dry_run: bool,
    /// Exit with 1 if anything would change; write nothing
    #[arg(long, group = "how")]
    pub(crate) check: bool,
    /// Rewrite no page at all where one cannot be done; with `--in-place`
    #[arg(long, conflicts_with_all = ["out", "diff", "dry_run", "check"])]
    pub(crate) all_or_nothing: bool,
    /// Record every decision here, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
}

/// Where results go.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// Write the whole tree here; files that are no pages are copied
    #[arg(long, value_name = "DIR", group = "how")]
    pub(crate) out: Option<PathBuf>,
    /// Rewrite the pages where they are
    #[arg(long, group = "how")]
    pub(crate) in_place: bool,
}

/// `affilink check`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags")]
pub(crate) struct Check {
    /// Pages and folders of pages [default: the configuration's folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How findings are written, and where to: `full`, `concise`, `json`, `sarif`, `github`, `gitlab`, `junit`, `rdjson`; repeatable
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<Output>,
    /// The level from which on findings make the run exit with 1 [default: `lint.fail_on`, `error`]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    /// Exit with 1 if there are more warnings than this
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Which state of a page is judged [default: `lint.as`, `auto`: Markdown as it will be built, HTML as it stands]
    #[arg(long = "as", value_enum, value_name = "STATE")]
    pub(crate) judged_as: Option<JudgedAs>,
    /// Mend what can be mended unseen
    #[arg(long)]
    pub(crate) fix: bool,
    /// Mend also what somebody has to look at: foreign ids, repeated links
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what fixes would change as a unified diff; write nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// Read one page from stdin; its name says how to read it, and globs match it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["paths", "fix", "unsafe_fixes", "diff", "since", "staged"])]
    pub(crate) stdin_path: Option<String>,
    /// Read only the pages that this file lists, a path on each line; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "stdin_path")]
    pub(crate) pages_from: Option<PathBuf>,
    /// Only what changed since this revision: findings on changed lines, and pages that became worse
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(crate) since: Option<String>,
    /// Only what is staged for the next commit
    #[arg(long)]
    pub(crate) staged: bool,
    /// The file of known findings [default: `lint.baseline` beside the configuration, where it exists]
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Report known findings, too
    #[arg(long, conflicts_with_all = ["baseline", "write_baseline"])]
    pub(crate) no_baseline: bool,
    /// Write the findings of this run as the known ones
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "since", "staged", "stdin_path"])]
    pub(crate) write_baseline: bool,
    /// Print every finding, however many there are
    #[arg(long)]
    pub(crate) all: bool,
}

impl Check {
    /// Whether anything is to be mended.
    pub(crate) fn wants_fixes(&self) -> bool {
        self.fix || self.unsafe_fixes || self.diff
    }
}

/// A level that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warn,
    /// Every finding
    Info,
}

impl From<FailOn> for Level {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warn => Self::Warn,
            FailOn::Info => Self::Info,
        }
    }
}

/// Which state of a page is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum JudgedAs {
    /// Markdown with a configuration as it will be built, everything else as it stands
    Auto,
    /// As it will be built
    Built,
    /// As it stands
    Written,
}

const AUDIT: &str = "\
Without an affiliates.yaml links are recognised by the built-in networks, and whatever credits somebody is foreign.
Drafts are marked, and left out of all totals. What a build makes of a link is planned, not proven.

Exit codes:
  0  counted
  2  could not: no pages, an unreadable or refused page, a broken configuration, an unknown revision";

/// `affilink audit`
#[derive(Debug, Args)]
#[command(after_help = AUDIT)]
pub(crate) struct Audit {
    /// Pages and folders of pages [default: the configuration's folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How it is written, and where to: `table`, `json`, `csv`, `markdown`, `html`; repeatable [default: table]
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<audit::Output>,
    /// The order of pages, the most first: `density`, `affiliate`, `text`, `external`, `words`, `findings`; or `path`
    #[arg(long, value_name = "BY", default_value = "density")]
    pub(crate) sort: audit::Sort,
    /// The most pages shown [default: 20 in `table` and `markdown`, all in the others]
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// The links to this merchant alone, by page and line, with what a build makes of each
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) merchant: Option<String>,
    /// What changed since this revision: paid links added and removed, by page and in all
    #[arg(long, value_name = "REV", conflicts_with = "merchant")]
    pub(crate) since: Option<String>,
}

/// `affilink rules`
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// The rule to show
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// `affilink strip`
#[derive(Debug, Args)]
pub(crate) struct Strip {
    /// The folder of pages
    #[arg(value_name = "SRC")]
    pub(crate) source: PathBuf,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Restore exactly what a build with this manifest changed
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Only links of this program
    #[arg(long, value_name = "NAME")]
    pub(crate) program: Option<String>,
}

/// `affilink resolve`
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// The sub-IDs; `-` reads one per line from stdin. The exit code is 1 where one of them is in no manifest
    #[arg(value_name = "SUBID", required = true)]
    pub(crate) subids: Vec<String>,
    /// A build's manifest; repeatable
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) manifest: Vec<PathBuf>,
}

const SERVE: &str = "\
With --serve, every line of stdin is a JSON object and is answered by one line on stdout, in order, as soon as it is there:
  {\"path\":NAME, \"text\":PAGE}     a page; also `format` (markdown, mdx, html), `source` (the user's file, for line numbers),
                                   `front_matter` (what was cut off), `findings` (true, false), `id` (comes back)
  {\"path\":NAME, \"links\":[{\"url\":URL}, ...]}   links alone; also `rel`, `target`, `text`, `off` of each, `prose`, `language`
Answers hold path, outcome (same, edited, skipped, refused, error), changed, text (null unless changed), reason, fail, findings,
messages, links and notice (see the README). Nothing that stands on a line ends the process; the end of stdin does.

Exit codes:
  0  done
  1  with --serve and --fail-on: a finding reached it, or links of ended programs are left
  2  could not do its job: a broken configuration, a refused page, a request that makes no sense";

/// `affilink filter`
#[derive(Debug, Args)]
#[command(after_help = SERVE)]
pub(crate) struct Filter {
    /// The page's name: its extension says how to read it, globs match it
    #[arg(long, value_name = "NAME", required_unless_present_any = ["serve", "config_files"])]
    pub(crate) path: Option<String>,
    /// Answer requests for many pages, for plugins: JSON Lines in, JSON Lines out
    #[arg(long, conflicts_with = "path")]
    pub(crate) serve: bool,
    /// Print the files that the configuration is made of, a path on each line, for plugins that watch them
    #[arg(long, conflicts_with_all = ["path", "serve"])]
    pub(crate) config_files: bool,
    /// With --serve: answers hold the linter's findings, too
    #[arg(long, requires = "serve")]
    pub(crate) findings: bool,
    /// With --serve: the level from which on a finding makes `fail` true; links of ended programs that stay do then, too [default: never]
    #[arg(long, value_enum, value_name = "LEVEL", requires = "serve")]
    pub(crate) fail_on: Option<HostFailOn>,
}

/// A level that makes a host's build fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HostFailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warn,
    /// Every finding
    Info,
    /// None
    Never,
}

impl HostFailOn {
    /// The level, if any.
    pub(crate) fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warn => Some(Level::Warn),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

const MDBOOK: &str = "\
In book.toml:
  [preprocessor.affilink]
  command = \"affilink mdbook\"
  after = [\"links\"]        # so that included files are rewritten, too
  config = \"affiliates.yaml\"  # default: the nearest one, from the book's folder up
  findings = true           # the linter's findings, on stderr
  fail-on = \"never\"       # or \"error\", \"warn\", \"info\": the level from which on they fail the build

Where this program is on PATH as `mdbook-affilink`, `command` may be left out.

Exit codes:
  0  done; for `supports`: chapters are rewritten for this renderer
  1  findings reached `fail-on`; for `supports`: they are not
  2  could not do its job: a broken configuration, a refused chapter, a protocol that is not known; nothing is printed then";

/// `affilink mdbook`
#[derive(Debug, Args)]
#[command(after_help = MDBOOK)]
pub(crate) struct Mdbook {
    #[command(subcommand)]
    pub(crate) command: Option<MdbookCommand>,
}

/// What mdBook asks beside rewriting.
#[derive(Debug, Subcommand)]
pub(crate) enum MdbookCommand {
    /// Exit with 0 if chapters are rewritten for a renderer: for all but link checkers and tests
    Supports {
        /// The renderer
        renderer: String,
    },
}

const PANDOC: &str = "\
As a filter of its own, under the name `pandoc-affilink` (a link to this program):
  pandoc --filter pandoc-affilink page.md -o page.html
or between two runs:
  pandoc -t json page.md | affilink pandoc html | pandoc -f json -o page.html

URLs, rel and target of links, raw HTML where the output keeps it, and the notice. Names of products and plain URLs in text stay
as they are. `affilink` and `lang` in the document's metadata count as in front matter.

Exit codes:
  0  done
  2  could not do its job: a broken configuration, a refused document, no document; nothing is printed then";

/// `affilink pandoc`
#[derive(Debug, Args)]
#[command(after_help = PANDOC)]
pub(crate) struct Pandoc {
    /// What Pandoc writes, as Pandoc names it [default: html]
    #[arg(value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// The page's name, which globs match and `{page}` is made of
    #[arg(long, value_name = "NAME", env = "AFFILINK_PATH", default_value = "document.md")]
    pub(crate) path: String,
}

const WHAT: &str = "\
How WHAT is told apart, in this order:
  -            one URL per line from stdin, answered as they come
  URL          it begins with a scheme and `://`, with `//` or with `www.`; or with `/`, for a redirect of your own site
  PAGE:LINE    a file and a line in it: every link there, with what a build would do and why
  NETWORK      the id of a network, such as `awin`; `affilink networks` lists them
Without an affiliates.yaml nothing is yours: whatever credits somebody is `foreign`.

JSON is one object per line: url, credit (own, partner, foreign, none, unknown), layers (from the outside in: network,
publisher, ids, subid, destination), destination, program, action (rewritten, kept, skipped), result (the URL that stands
there after a build), rel, reason. A line of stdin may also be an object, {\"url\":URL, \"path\":NAME}, so that one process
serves all pages; what makes no sense is answered by {\"url\", \"error\"}.

Exit codes:
  0  answered
  2  could not: an unknown word, a missing or refused page, a broken configuration";

/// `affilink explain`
#[derive(Debug, Args)]
#[command(after_help = WHAT)]
pub(crate) struct Explain {
    /// A URL, PAGE:LINE, a network or a rule; `-` reads one URL per line from stdin
    #[arg(value_name = "WHAT", required = true)]
    pub(crate) what: Vec<String>,
    /// The page that the URLs stand on: `pages`, overrides and `{page}` go by it
    #[arg(long, value_name = "NAME")]
    pub(crate) path: Option<String>,
    /// The folder that `build` is given: a page's name is relative to it. Without it, to the configuration's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) src: Option<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// `affilink networks`
#[derive(Debug, Args)]
pub(crate) struct Networks {
    /// The id of one network, to have everything that is known of it
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// How to answer; JSON is one object per line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
