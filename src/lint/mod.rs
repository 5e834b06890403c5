//! The linter's core: what a rule sees, what it reports, and the running of all rules over a page. Pure; decides nothing about
//! files, formats of reports or what makes a run fail.
//!
//! A rule is one file in `rules/`: its module comment is its page in the reference, [`registry`] lists it.

pub mod baseline;
pub mod docs;
pub mod registry;
mod rules;
pub mod suppress;
#[cfg(test)]
mod tests;
mod text;

pub use self::registry::{RULES, SPECS};
use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::config::policy::{NoticePlace, Policy};
use crate::document::{Document, Link};
use crate::notice::Disclosures;
use crate::program::url::Split;
use crate::program::{Date, ProgramMap, UrlEdit, UrlFacts};
use crate::source::Format;
use crate::span::Span;
use crate::survey::LinkFacts;
use crate::survey::link_text;
use crate::survey::load::{Broken, Limits};
use crate::survey::place::Places;

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
    /// Where each link stands.
    pub places: &'p Places,
    /// What is too much on the page.
    pub broken: &'p [Broken],
    /// Whether the page is a list of products.
    pub is_roundup: bool,
    /// What the page says of its paid links.
    pub disclosures: &'p Disclosures,
    /// The programs.
    pub map: &'p ProgramMap,
    /// What the configuration says of the page.
    pub policy: &'p Policy,
    /// Whether there is a configuration: without one nothing is known of own ids, and what needs them stays silent.
    pub configured: bool,
    /// The host of the own site, in lower case.
    pub site: Option<&'p str>,
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
    /// Whether another finding says it already, or the page is too short for it: no report shows it, a baseline knows it for
    /// the day that this has changed.
    pub quiet: bool,
}

/// What mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be applied unseen: it changes neither whom a link credits nor what a reader sees but for a notice.
    pub safe: bool,
    /// What it does, for people, such as "add `sponsored`".
    pub what: String,
    /// What is to be done; the edits are made, and proven, as a build makes its own.
    pub remedy: Remedy,
}

/// What is to be done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The `rel` tokens that a link lacks are added.
    Rel {
        /// The link, by index.
        link: usize,
    },
    /// Edits to a link's URL.
    Url {
        /// The link, by index.
        link: usize,
        /// The edits to [`Page::address`].
        edits: Vec<UrlEdit>,
    },
    /// The link becomes what a build would make of it if foreign links were to be replaced.
    Rewrite {
        /// The link, by index.
        link: usize,
    },
    /// Links become their text.
    Unlink {
        /// The links, by index.
        links: Vec<usize>,
    },
    /// The disclosure and the sentences that programs require are inserted.
    Disclose,
    /// The author's disclosure goes up to where one is inserted.
    Move {
        /// The block that it is.
        block: Span,
        /// The link that it is to stand before, by index.
        link: usize,
    },
    /// Bytes that nobody reads are taken out: a comment.
    Delete {
        /// Which.
        span: Span,
    },
}

impl Fix {
    /// One that can be applied unseen.
    pub fn safe(what: impl Into<String>, remedy: Remedy) -> Self {
        Self { safe: true, what: what.into(), remedy }
    }

    /// One that somebody has to look at.
    pub fn unsafe_(what: impl Into<String>, remedy: Remedy) -> Self {
        Self { safe: false, what: what.into(), remedy }
    }
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
        Self { span, message: message.into(), help: None, fix: None, figure: None, level: None, quiet: false }
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

    /// The affiliate links that readers must be told of: those of the content, values included.
    pub fn paid_links(&self) -> impl Iterator<Item = (usize, &'p Link, &'p UrlFacts)> {
        self.affiliate_links().filter(|(_, link, _)| link.in_content)
    }

    /// Whether a notice on this source would be one too many: the theme shows it.
    pub fn theme_discloses(&self) -> bool {
        self.configured && self.format != Format::Html && self.policy.disclosure.place == NoticePlace::None
    }

    /// Whether the theme shows the sentences that programs require.
    pub fn theme_states(&self) -> bool {
        self.configured && self.format != Format::Html && !self.policy.disclosure.statements
    }

    /// The URL of link `index`: see [`crate::survey::Address`].
    pub fn address(&self, index: usize) -> &'p str {
        self.facts.get(index).map_or("", |facts| &facts.address.url)
    }

    /// The host of link `index`, in lower case; `None` for a link within the site that names none.
    pub fn host(&self, index: usize) -> Option<String> {
        let mut buffer = [0; 253];
        let host = Split::of(self.address(index))?.host_name(&mut buffer)?.as_str().to_owned();
        Some(host)
    }

    /// Whether link `index` stays on the site.
    pub fn is_internal(&self, index: usize) -> bool {
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        match self.host(index) {
            Some(host) => self.site.is_some_and(|site| bare(site) == bare(&host)),
            None => !self.address(index).split(['/', '?', '#']).next().unwrap_or_default().contains(':'),
        }
    }

    /// What a reader sees of a link's text, white space joined; empty for values.
    pub fn link_text(&self, link: &Link) -> String {
        let outline = self.document.outline.as_ref();
        outline.map_or(String::new(), |outline| link_text::shown(self.text, outline, link.text))
    }

    /// The comment that suppresses `rule` for what stands behind it.
    pub fn suppression(&self, rule: &str, reason: &str) -> String {
        let (open, close) = if self.format == Format::Mdx { ("{/*", "*/}") } else { ("<!--", "-->") };
        format!("{open} affilink-ignore-next-line {rule} -- {reason} {close}")
    }

    /// Every affiliate link.
    pub fn affiliate_links(&self) -> impl Iterator<Item = (usize, &'p Link, &'p UrlFacts)> {
        self.known_links().filter(|(_, _, url)| url.is_affiliate())
    }
}

/// The limits that the settings of the overload and placement rules (in the order of [`RULES`]) stand for.
pub fn limits(settings: &[RuleSetting]) -> Limits {
    rules::overload::limits(settings)
}

/// Whether a link with the text `words` says too little for the settings (in the order of [`RULES`]).
pub fn is_vague(settings: &[RuleSetting], words: &str) -> bool {
    let rule = RULES.iter().zip(settings).find(|(rule, _)| rule.spec.name == "vague-link-text");
    rule.is_some_and(|(_, setting)| {
        setting.level != Level::Off && rules::vague_link_text::is_vague(&link_text::bare(words), setting)
    })
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
