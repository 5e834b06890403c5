//! The user's `affiliates.yaml`, from text to what a build asks of it page by page. Decides what the file means and what is
//! wrong with it; opens no file.
//!
//! The way: [`crate::yaml`] reads a tree with positions, `shape` checks it against the schema made of [`raw`]'s types,
//! `serde_yaml` reads the values, `validate` compiles them. Problems of every step are collected, so that one run names
//! them all.

mod checks;
mod disclosure;
mod findings;
mod globs;
mod ids;
pub mod lint;
mod overrides;
pub mod policy;
mod product_file;
mod products;
mod programs;
pub mod raw;
pub mod raw_values;
mod redirects;
mod scalar;
mod schema;
mod shape;
mod switch;
mod validate;

use std::borrow::Cow;

use thiserror::Error;

pub use self::findings::nearest;
use self::findings::{Findings, Place};
pub use self::globs::Globs;
use self::lint::{Lint, RuleSetting, RuleSpec};
use self::overrides::{Override, Settings};
use self::policy::{Disclosure, MarkdownChoice, MarkdownStyle, Policy};
use self::raw::Raw;
pub use self::redirects::{RedirectError, read as redirect_rules};
pub use self::schema::{defaults_table, schema, schema_json};
use crate::diagnostic::{self, Diagnostic};
use crate::document::ParseOptions;
use crate::prefilter::Prefilter;
use crate::product::{self, ProductMap};
use crate::program::subid::Pattern;
use crate::program::{Date, ProgramMap};
use crate::source::{Format, Lines};
use crate::span::Span;
use crate::yaml;

/// The largest configuration read, in bytes.
pub const MAX_CONFIG_SIZE: usize = 1 << 20;

/// The most words of products' names that are looked for like hosts.
const FEW_WORDS: usize = 48;

/// What a configuration needs to know of the world.
pub struct ConfigEnv<'e> {
    /// The day of the build.
    pub date: Date,
    /// Reads a file named in the configuration, as the configuration names it; the error is shown to the user.
    pub read_file: &'e dyn Fn(&str) -> Result<String, String>,
    /// Every rule of the linter.
    pub rules: &'static [&'static RuleSpec],
}

/// A configuration, compiled: everything that is asked of it is asked here.
#[derive(Debug)]
pub struct Config {
    /// The site.
    pub site: Site,
    /// The programs.
    pub map: ProgramMap,
    /// The products.
    pub products: ProductMap,
    /// The sub-ID patterns that single programs have, by the program's index in the map.
    pub program_subids: Vec<Option<Pattern>>,
    /// What the linter reports.
    pub lint: Lint,
    /// Which files are pages.
    pub files: Files,
    options: ParseOptions,
    settings: Settings,
    overrides: Vec<Override>,
    generator: Generator,
}

/// What the configuration says of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Its address.
    pub url: Option<String>,
    /// The host of its address, in lower case.
    pub host: Option<String>,
    /// The language of pages that do not say theirs.
    pub language: Option<String>,
}

/// Which files are pages.
#[derive(Clone, Debug)]
pub struct Files {
    /// `files.include` as configured.
    pub include_text: String,
    /// Pages are among these ...
    pub include: Globs,
    /// ... and not among these.
    pub exclude: Globs,
    /// Markdown files that are MDX whatever their extension.
    pub mdx: Globs,
    /// The largest page, in bytes.
    pub max_size: u64,
    /// Whether a refused page makes the run fail.
    pub fail_on_refused: bool,
}

/// What the caller found out about the site's generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generator {
    /// What `links.markdown: auto` stands for.
    pub markdown: MarkdownStyle,
    /// Whether it reads `$...$` as math.
    pub math: bool,
    /// Whether it reads containers of Python-Markdown: `!!!`, `???`, `===`.
    pub containers: bool,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.render(false))]
pub struct ConfigError {
    name: String,
    text: String,
    findings: Vec<Diagnostic>,
}

impl Default for Generator {
    fn default() -> Self {
        Self { markdown: MarkdownStyle::Plain, math: false, containers: false }
    }
}

impl std::fmt::Debug for ConfigEnv<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ConfigEnv").field("date", &self.date).finish_non_exhaustive()
    }
}

impl ConfigError {
    /// Every problem, in the file's order.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The problems as text, each on the line it is at; safe to print whatever the file holds.
    pub fn render(&self, color: bool) -> String {
        diagnostic::render(&self.name, &self.text, &self.findings, color)
    }
}

impl Config {
    /// Reads the configuration `text` of the file that messages call `name`.
    ///
    /// The error holds every problem, not the first alone.
    pub fn read(name: &str, text: &str, env: &ConfigEnv<'_>) -> Result<Self, ConfigError> {
        // it takes no column in any editor
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut findings = Findings::default();
        let config = compile(text, env, &mut findings);
        match config {
            Some(config) if findings.is_empty() => Ok(config),
            _ => {
                // nothing is shown of a file that is too large to be read
                let text = if text.len() > MAX_CONFIG_SIZE { "" } else { text };
                Err(ConfigError { name: name.to_owned(), text: text.to_owned(), findings: findings.into_sorted() })
            }
        }
    }

    /// The configuration of a site that has none: every default, no program.
    ///
    /// # Panics
    ///
    /// Never: what is read is a constant, and a test reads it.
    pub fn without_file(date: Date, rules: &'static [&'static RuleSpec]) -> Self {
        let env = ConfigEnv { date, read_file: &|_| Err(String::new()), rules };
        Self::read("", "version: 1\n", &env).expect("the smallest configuration is right")
    }

    /// Says what the site's generator reads; without it, Markdown gets no attributes and `$` is no math.
    pub fn set_generator(&mut self, generator: Generator) {
        self.options.math = generator.math;
        self.options.containers = generator.containers;
        self.generator = generator;
    }

    /// Whether Markdown gets no attributes only because nobody knows that its generator keeps them.
    pub fn lacks_attributes(&self) -> bool {
        self.settings.markdown == MarkdownChoice::Auto && self.generator.markdown == MarkdownStyle::Plain
    }

    /// Whether any sub-ID pattern is meant to tell pages apart.
    pub fn subids_tell_pages(&self) -> bool {
        let patterns = self.program_subids.iter().flatten().chain(&self.settings.subid);
        patterns.into_iter().any(Pattern::tells_pages)
    }

    /// What readers need to know for `page`, a page name with `/`.
    pub fn parse_options(&self, page: &str) -> Cow<'_, ParseOptions> {
        let mut options = Cow::Borrowed(&self.options);
        for entry in self.overrides_of(page).filter(|entry| entry.changes_parsing()) {
            entry.apply_to(options.to_mut());
        }
        options
    }

    /// What is done on `page`, a page name with `/`, whose front matter says `switch` under `affilink`.
    ///
    /// Defaults, then `links`, then overrides in their order, then the page. What is wrong with the switch stands in
    /// [`Policy::problems`].
    pub fn policy(&self, page: &str, switch: Option<&serde_json::Value>) -> Policy {
        let changes = self.overrides_of(page).map(|entry| &entry.changes);
        let mut policy = self.settings.policy(page, changes, self.generator.markdown, self.is_mdx(page));
        if let Some(switch) = switch {
            switch::apply(switch, &mut policy);
        }
        policy
    }

    /// A filter that tells files apart that hold no link of anybody's business.
    pub fn link_filter(&self) -> Prefilter {
        Prefilter::new(&self.map.needles())
    }

    /// A filter that tells pages apart on which nothing can be done.
    ///
    /// `marks` are texts of ours that a build may have to take out again.
    pub fn prefilter(&self, marks: &[impl AsRef<str>]) -> Prefilter {
        let mut needles = self.map.needles();
        let mut names = self.products.needles();
        needles.append(&mut names.others);
        // a short word stands in many others
        if names.words.len() <= FEW_WORDS && names.words.iter().all(|word| word.len() >= 4) {
            needles.append(&mut names.words);
        }
        Prefilter::with_words(&needles, marks, &names.words).and_folded(&names.folded, product::fold)
    }

    /// How each rule of [`Lint::specs`] is run on `page`, whose front matter ignores the rules `ignored`.
    pub fn rules(&self, page: &str, ignored: &[String]) -> Vec<RuleSetting> {
        self.lint.on_page(self.overrides_of(page).map(|entry| &entry.lint), ignored)
    }

    /// What is done about the disclosure on any page: of each way to write a notice one, with every text there is.
    pub fn disclosures(&self) -> Vec<Disclosure> {
        let changes = || self.overrides.iter().map(|entry| &entry.changes.disclosure);
        let mut base = self.settings.disclosure.clone();
        base.texts.extend(changes().flat_map(|changes| changes.texts.iter().cloned()));
        let mut all = vec![base.clone()];
        for changes in changes() {
            if changes.markdown.is_some() || changes.html.is_some() || changes.place.is_some() {
                all.push(Disclosure {
                    markdown: changes.markdown.clone().unwrap_or_else(|| base.markdown.clone()),
                    html: changes.html.clone().unwrap_or_else(|| base.html.clone()),
                    place: changes.place.unwrap_or(base.place),
                    ..base.clone()
                });
            }
        }
        all
    }

    /// The format of `page`, by its extension and `files.mdx`; `None` for a file that can be no page.
    pub fn format(&self, page: &str) -> Option<Format> {
        let (_, extension) = page.rsplit_once('.')?;
        match Format::of_extension(extension)? {
            Format::Markdown if self.files.mdx.is_match(page) => Some(Format::Mdx),
            format => Some(format),
        }
    }

    fn is_mdx(&self, page: &str) -> bool {
        self.format(page) == Some(Format::Mdx)
    }

    fn overrides_of<'c>(&'c self, page: &'c str) -> impl Iterator<Item = &'c Override> {
        self.overrides.iter().filter(move |entry| entry.files.is_match(page))
    }
}

impl Files {
    /// Whether `page`, a path with `/` relative to the root, is included and not excluded.
    pub fn is_included(&self, page: &str) -> bool {
        self.include.is_match(page) && !self.exclude.is_match(page)
    }
}

fn compile(text: &str, env: &ConfigEnv<'_>, findings: &mut Findings) -> Option<Config> {
    if text.len() > MAX_CONFIG_SIZE {
        let help = "a configuration has at most 1 MiB; is this the right file?";
        findings.push_help(Span::at(0), format!("the file has {} bytes", text.len()), help);
        return None;
    }
    let tree = read_tree(text, findings)?;
    several_documents(text, &tree, findings);
    let lines = Lines::of(text);
    let right = shape::check(&tree, &schema(env.rules), &lines, findings);
    // what is wrong or empty is left out: everything else is read, and checked, all the same
    let raw = if right == tree {
        // a byte order mark is a document of its own to this reader
        serde_yaml::from_str::<Raw>(text.trim_start_matches('\u{feff}'))
    } else {
        serde_yaml::from_str::<Raw>(&shape::flow(&right))
    };
    match raw {
        Ok(raw) => validate::validate(&raw, Place::of(&right), env, findings),
        Err(_) if !findings.is_empty() => None,
        Err(error) => {
            let at = error.location().map_or(0, |location| location.index());
            findings.push(Span::at(at), format!("this is no configuration: {error}"));
            None
        }
    }
}

/// A second document would go unread: nothing stands after the first but comments.
fn several_documents(text: &str, tree: &yaml::Node, findings: &mut Findings) {
    let rest = text.get(tree.span.start..).unwrap_or_default();
    if let Some(span) = after_the_end(text, tree.span.start) {
        findings.push_help(
            span,
            "the file goes on behind `...`, which ends it",
            "remove the line `...`, or what follows",
        );
        return;
    }
    let marker = rest.match_indices("\n---").find(|(at, _)| {
        rest.get(at + 4..).is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
    });
    if let Some((at, _)) = marker {
        let start = tree.span.start + at + 1;
        let help = "keep one document; `---` stands at the top at most";
        findings.push_help(Span::new(start, start + 3), "the file holds more than one document", help);
    }
}

/// The first line behind the line `...`, behind byte `from`, that is no comment.
fn after_the_end(text: &str, from: usize) -> Option<Span> {
    let rest = text.get(from..)?;
    let mut at = from;
    let mut ended = false;
    for line in rest.split_inclusive('\n') {
        let bare = line.trim();
        if ended && !bare.is_empty() && !bare.starts_with('#') && !bare.starts_with("---") {
            return Some(Span::new(at, at + line.trim_end().len()));
        }
        ended |= at > from && line.starts_with("...") && bare == "...";
        at += line.len();
    }
    None
}

fn read_tree(text: &str, findings: &mut Findings) -> Option<yaml::Node> {
    let tree = match yaml::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            findings.push(Span::at(error.at), format!("this is no YAML: {}", error.message));
            return None;
        }
    };
    let tree = tree.filter(|tree| tree.scalar() != Some(""));
    if tree.is_none() {
        let help = "write `version: 1` and `programs:`; four lines are enough, see the README";
        findings.push_help(Span::at(0), "the file is empty", help);
    }
    tree
}

#[cfg(test)]
mod tests;
