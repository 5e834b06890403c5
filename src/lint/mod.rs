//! The linter's core: what a rule sees, what it reports, and the running of all rules over a page. Pure; decides nothing about
//! files, formats of reports or what makes a run fail.
//!
//! A rule is one file in `rules/`: its module comment is its page in the reference, [`registry`] lists it.

pub mod docs;
pub mod registry;
mod rules;
pub mod suppress;

pub use self::registry::{RULES, SPECS};
use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::config::policy::Policy;
use crate::document::{Document, Link};
use crate::edit::Change;
use crate::program::{Date, ProgramMap, UrlFacts};
use crate::source::Format;
use crate::span::Span;
use crate::survey::LinkFacts;

/// A rule of the linter.
#[derive(Debug)]
pub struct Rule {
    /// What the configuration knows of it.
    pub spec: RuleSpec,
    /// Which state of the page it judges where `lint.as` is `built`.
    pub stage: Stage,
    /// Whether it speaks of the page as a whole: a baseline then keeps its figure, not the place.
    pub of_page: bool,
    /// The source of its file: the module comment is its documentation, see [`docs`].
    pub source: &'static str,
    /// Looks at a page.
    pub check: Check,
}

/// Looks at a page and pushes what it finds.
pub type Check = fn(&Page<'_>, &RuleSetting, &mut Vec<Found>);

/// Which state of a page a rule judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The page as it stands, always.
    Written,
    /// The page as the build will write it, where that is judged.
    Built,
    /// Nothing of pages: it is found where a run comes together.
    Site,
}

/// What a rule sees of a page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// Its name.
    pub name: &'p str,
    /// Its text view.
    pub text: &'p str,
    /// How it was read.
    pub format: Format,
    /// Its links, blocks and texts; the outline is there.
    pub document: &'p Document,
    /// What is known of each link.
    pub facts: &'p [LinkFacts],
    /// The programs.
    pub map: &'p ProgramMap,
    /// What the configuration says of the page.
    pub policy: &'p Policy,
    /// Whether there is a configuration: without one nothing is known of own ids, and what needs them stays silent.
    pub configured: bool,
    /// The day of the run.
    pub date: Date,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where, in the page as it was given to the rule. What is in the way: the destination, the attribute, the link.
    pub span: Span,
    /// What is wrong: lower case, no full stop, values in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
    /// How bad it is, for rules about whole pages: a baseline fires again when it grows.
    pub figure: Option<f64>,
    /// Another level than the rule's, never a higher one.
    pub level: Option<Level>,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be applied unseen: it changes neither whom a link credits nor what a reader sees but for a notice.
    pub safe: bool,
    /// What it does, for people, such as "add `sponsored`".
    pub what: String,
    /// The edits, and what a parser must find afterwards.
    pub change: Change,
}

/// A finding of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How grave.
    pub level: Level,
    /// What was found.
    pub found: Found,
    /// Whether it is about the page as a whole.
    pub of_page: bool,
}

impl Found {
    /// Something wrong at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, fix: None, figure: None, level: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The same with the figure that a baseline keeps.
    #[must_use]
    pub fn figure(mut self, figure: f64) -> Self {
        self.figure = Some(figure);
        self
    }
}

impl<'p> Page<'p> {
    /// Every link that is somebody's business, with its index and what is known of it.
    pub fn known_links(&self) -> impl Iterator<Item = (usize, &'p Link, &'p UrlFacts)> {
        let links = self.document.links.iter().zip(self.facts).enumerate();
        links.filter_map(|(index, (link, facts))| Some((index, link, facts.url.as_ref()?)))
    }

    /// Every affiliate link.
    pub fn affiliate_links(&self) -> impl Iterator<Item = (usize, &'p Link, &'p UrlFacts)> {
        self.known_links().filter(|(_, _, url)| url.is_affiliate())
    }
}

/// Runs the rules of `stages` over `page`, each as `settings` say (in the order of [`RULES`]). Findings come by where they
/// stand.
pub fn lint(page: &Page<'_>, settings: &[RuleSetting], stages: &[Stage]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, setting) in RULES.iter().zip(settings) {
        if setting.level == Level::Off || !stages.contains(&rule.stage) {
            continue;
        }
        let mut found = Vec::new();
        (rule.check)(page, setting, &mut found);
        findings.extend(found.into_iter().map(|found| Finding {
            rule: rule.spec.name,
            level: found.level.unwrap_or(setting.level).min(setting.level),
            found,
            of_page: rule.of_page,
        }));
    }
    findings.sort_by_key(|finding| (finding.found.span, finding.rule));
    findings
}
