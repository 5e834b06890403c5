//! A page as a build sees it before anything is decided: read, and its links surveyed. Decides what is no page and which
//! policy a page is under; edits nothing.

use std::borrow::Cow;

use crate::config::policy::{MarkdownStyle, Policy};
use crate::document::{self, AttributeSyntax, Document, Lists, ParseOptions, html};
use crate::lint;
use crate::pipeline::page::{Outcome, Setup};
use crate::plan::Names;
use crate::source::{Format, Source};
use crate::survey::load::Limits;
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
    /// Reads the page, or says why it is none.
    pub(crate) fn of(bytes: &'s [u8], format: Format, page: &'s str, setup: Setup<'s>) -> Result<Self, Outcome> {
        let source = open(bytes, format)?;
        let unswitched = setup.config.policy(page, None);
        let lists = match unswitched.markdown {
            MarkdownStyle::Kramdown => Lists::Only(AttributeSyntax::Kramdown),
            MarkdownStyle::Pandoc => Lists::Only(AttributeSyntax::Pandoc),
            MarkdownStyle::Html | MarkdownStyle::Plain => Lists::None,
        };
        let mut options = setup.config.parse_options(page);
        if options.lists != lists {
            options.to_mut().lists = lists;
        }
        if !options.outline {
            options.to_mut().outline = true;
        }
        let document = document::parse(&source, format, &options, None);
        let document = document.map_err(|error| Outcome::Refused(error.to_string()))?;
        let facts = survey(&document, &setup.config.map, page);
        let mut study = Self { source, document, facts, format, page, setup, options, names: None, unswitched };
        let enabled = study.policy().is_ok_and(|policy| policy.mentions.enabled);
        if enabled {
            study.look_for_names();
        }
        Ok(study)
    }

    /// Looks for the names of products on the page, whether or not they may become links.
    pub(crate) fn look_for_names(&mut self) {
        let config = self.setup.config;
        if !config.products.is_empty() {
            let (text, document) = (self.source.text(), &self.document);
            self.names = Names::of(&config.products, text, document, self.page, &config.site, &|| self.limits());
        }
    }

    /// What the page's rules of overload and placement allow.
    fn limits(&self) -> Limits {
        let config = self.setup.config;
        let ignored = self.policy().map_or_else(|_| Vec::new(), |policy| policy.ignored.clone());
        let settings = config.rules(self.page, &ignored);
        lint::limits(&settings)
    }

    /// The same with the page's outline, whatever a build needs of it.
    pub(crate) fn outlined(bytes: &'s [u8], format: Format, page: &'s str, setup: Setup<'s>) -> Result<Self, Outcome> {
        let mut study = Self::of(bytes, format, page, setup)?;
        if study.document.outline.is_none() {
            study.options.to_mut().outline = true;
            let document = document::parse(&study.source, format, &study.options, None);
            study.document = document.map_err(|error| Outcome::Refused(error.to_string()))?;
        }
        Ok(study)
    }

    /// What is done on the page, by the configuration and its own front matter; the error is for its author.
    pub(super) fn policy(&self) -> Result<Cow<'_, Policy>, String> {
        let front_matter = self.document.front_matter.as_ref();
        let Some(switch) = front_matter.and_then(|front_matter| front_matter.affilink.as_ref()) else {
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
