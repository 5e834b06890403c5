//! A page as a build sees it before anything is decided: read, and its links surveyed. Decides what is no page and which
//! policy a page is under; edits nothing.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::config::lint::RuleSetting;
use crate::config::policy::{MarkdownStyle, Policy};
use crate::document::{self, AttributeSyntax, Document, Lists, ParseOptions, Relinked, html};
use crate::lint;
use crate::pipeline::page::{Outcome, Setup};
use crate::plan::{self, Names, Rules};
use crate::source::{Format, Source};
use crate::span::Span;
use crate::survey::{LinkFacts, survey};

/// A page as a build sees it, before anything is decided.
pub(crate) struct Study<'s> {
    /// The page.
    pub(crate) source: Source<'s>,
    /// Its links.
    pub(crate) document: Document,
    /// What is known of each of them, in the same order.
    pub(crate) facts: Vec<LinkFacts>,
    pub(super) format: Format,
    pub(super) page: &'s str,
    pub(super) setup: Setup<'s>,
    pub(super) options: Cow<'s, ParseOptions>,
    /// The names of products on the page.
    pub(super) names: Option<Names<'s>>,
    unswitched: Policy,
}

impl<'s> Study<'s> {
    /// Reads the page, or says why it is none. It has its outline where a build needs one.
    pub(crate) fn of(bytes: &'s [u8], format: Format, page: &'s str, setup: Setup<'s>) -> Result<Self, Outcome> {
        let policy = setup.config.policy(page, None);
        // where elements hold no Markdown, what stands in them is written otherwise
        let by_element = policy.markdown == MarkdownStyle::Kramdown || setup.relinked == Relinked::UrlsOfMarkdown;
        let writes = !setup.config.products.is_empty() || policy.disclosure.may_write();
        let outlined = writes || format.is_markdown() && by_element;
        Self::of_file(bytes, format, page, setup, (policy, outlined))
    }

    /// The same with the page's outline, whatever a build needs of it.
    pub(crate) fn outlined(bytes: &'s [u8], format: Format, page: &'s str, setup: Setup<'s>) -> Result<Self, Outcome> {
        Self::of_file(bytes, format, page, setup, (setup.config.policy(page, None), true))
    }

    /// Reads HTML that stands for a page that is no file: it is a page whatever it looks like, all of it is content, and
    /// nothing but its links is a link. `switch` is what the page says under `affilink`.
    pub(crate) fn of_nodes(
        html: &'s str,
        page: &'s str,
        setup: Setup<'s>,
        switch: Option<&serde_json::Value>,
    ) -> Result<Self, Outcome> {
        let source = Source::read(html.as_bytes(), Format::Html).map_err(Outcome::Skipped)?;
        let policy = setup.config.policy(page, switch);
        if !policy.problems.is_empty() {
            return Err(Outcome::Refused(policy.problems.join("; ")));
        }
        let mut options = setup.config.parse_options(page).into_owned();
        (options.outline, options.bare_urls) = (true, false);
        "body".clone_into(&mut options.content);
        Self::read(source, Format::Html, page, setup, (policy, Cow::Owned(options)))
    }

    fn of_file(
        bytes: &'s [u8],
        format: Format,
        page: &'s str,
        setup: Setup<'s>,
        (policy, outlined): (Policy, bool),
    ) -> Result<Self, Outcome> {
        let source = open(bytes, format)?;
        let lists = match policy.markdown {
            MarkdownStyle::Kramdown => Lists::Only(AttributeSyntax::Kramdown),
            MarkdownStyle::Pandoc => Lists::Only(AttributeSyntax::Pandoc),
            MarkdownStyle::Html | MarkdownStyle::Plain => Lists::None,
        };
        let mut options = setup.config.parse_options(page);
        if options.lists != lists {
            options.to_mut().lists = lists;
        }
        if options.outline != outlined {
            options.to_mut().outline = outlined;
        }
        let mut study = Self::read(source, format, page, setup, (policy, options))?;
        let enabled = study.policy().is_ok_and(|policy| policy.mentions.enabled);
        if enabled {
            study.look_for_names();
        }
        Ok(study)
    }

    fn read(
        source: Source<'s>,
        format: Format,
        page: &'s str,
        setup: Setup<'s>,
        (unswitched, options): (Policy, Cow<'s, ParseOptions>),
    ) -> Result<Self, Outcome> {
        let document = document::parse(&source, format, &options, None);
        let document = document.map_err(|error| Outcome::Refused(error.to_string()))?;
        let facts = survey(&document, &setup.config.map, page);
        Ok(Self { source, document, facts, format, page, setup, options, names: None, unswitched })
    }

    /// Looks for the names of products on the page, whether or not they may become links.
    pub(crate) fn look_for_names(&mut self) {
        let config = self.setup.config;
        if !config.products.is_empty() {
            let (text, document) = (self.source.text(), &self.document);
            let uncounted = || self.uncounted();
            let settings = OnceCell::new();
            let settings = || settings.get_or_init(|| self.settings()).as_slice();
            let rules = Rules {
                limits: &|| lint::limits(settings()),
                is_vague: &|words: &str| lint::is_vague(settings(), words),
                uncounted: &uncounted,
            };
            self.names = Names::of(&config.products, text, document, self.page, &config.site, &rules);
        }
    }

    /// The bytes that affilink wrote beside links, which do not count.
    fn uncounted(&self) -> Vec<Span> {
        let policy = self.policy().unwrap_or(Cow::Borrowed(&self.unswitched));
        let (own, markers) = plan::own_texts(self.source.text(), &self.document, &policy.disclosure);
        plan::uncounted(&own, &markers)
    }

    /// The settings of the page's rules.
    fn settings(&self) -> Vec<RuleSetting> {
        let ignored = self.policy().map_or_else(|_| Vec::new(), |policy| policy.ignored.clone());
        self.setup.config.rules(self.page, &ignored)
    }

    /// What is done on the page, by the configuration and its own front matter; the error is for its author.
    pub(crate) fn policy(&self) -> Result<Cow<'_, Policy>, String> {
        let Some(switch) = self.document.switch() else {
            return Ok(Cow::Borrowed(&self.unswitched));
        };
        let policy = self.setup.config.policy(self.page, Some(switch));
        if policy.problems.is_empty() { Ok(Cow::Owned(policy)) } else { Err(policy.problems.join("; ")) }
    }
}

/// The page to read, or why there is none.
pub(super) fn open(bytes: &[u8], format: Format) -> Result<Source<'_>, Outcome> {
    let source = Source::read(bytes, format).map_err(Outcome::Skipped)?;
    if format != Format::Html {
        Ok(source)
    } else if html::is_redirect(source.text()) {
        Err(Outcome::Redirect)
    } else if html::is_template(source.text()) {
        Err(Outcome::Template)
    } else {
        Ok(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, ConfigEnv};
    use crate::pipeline::build::setup;

    #[test]
    fn the_outline_is_asked_for_where_something_may_be_written_beside_links() {
        let quiet = "disclosure: {place: none, statement: theme}";
        for (more, outlined) in [
            ("", true),
            (quiet, false),
            ("disclosure: {place: none}", true),
            ("disclosure: {statement: theme}", true),
            ("disclosure: {place: none, statement: theme, marker: \" (ad)\"}", true),
            (&format!("{quiet}\nproducts: [{{name: Foo, url: \"https://shop.example/\"}}]"), true),
            (&format!("{quiet}\noverrides: [{{files: [b.md], disclosure: {{place: top}}}}]"), false),
            (&format!("{quiet}\noverrides: [{{files: [a.md], disclosure: {{place: top}}}}]"), true),
        ] {
            let text =
                format!("version: 1\nprograms:\n  shop: {{domains: [shop.example], set: {{ref: me}}}}\n{more}\n");
            let date = "2026-06-01".parse().expect("a date");
            let env = ConfigEnv { date, read_file: &|_| Err(String::new()), rules: lint::SPECS };
            let config = Config::read("affiliates.yaml", &text, &env).expect("a configuration");
            let setup = setup(&config, None, "2026-06-01");
            let study = Study::of(b"[x](https://shop.example/)\n", Format::Markdown, "a.md", setup).expect("a page");
            assert_eq!(study.document.outline.is_some(), outlined, "{more}");
            let study = Study::outlined(b"x\n", Format::Markdown, "a.md", setup).expect("a page");
            assert!(study.document.outline.is_some());
        }
    }
}
