//! Settings of the whole site and what overrides change for some pages. Decides the order in which they have their say.

use super::globs::Globs;
use super::lint::LintChanges;
use super::policy::{
    Disclosure, Foreign, Kind, MarkdownChoice, MarkdownStyle, Mentions, NoticePlace, Policy, Skip, Standard, Target,
};
use crate::document::ParseOptions;
use crate::program::subid::Pattern;

/// What `links` says for the whole site.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) foreign: Foreign,
    pub(super) unwrap: bool,
    pub(super) subid: Option<Pattern>,
    pub(super) rel: Vec<String>,
    pub(super) target: Target,
    pub(super) bare_urls: bool,
    pub(super) markdown: MarkdownChoice,
    pub(super) disclosure: Disclosure,
    pub(super) mentions: MentionSettings,
}

/// What `mentions` says for the whole site.
#[derive(Clone, Debug)]
pub(super) struct MentionSettings {
    pub(super) enabled: bool,
    pub(super) per_page: usize,
    pub(super) per_product: usize,
    pub(super) per_paragraph: usize,
    pub(super) per_words: usize,
    pub(super) skip: Skip,
    pub(super) pages: Globs,
}

/// What an override says of mentions; what is `None` stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct MentionChanges {
    pub(super) enabled: Option<bool>,
    pub(super) per_page: Option<usize>,
    pub(super) per_product: Option<usize>,
    pub(super) per_paragraph: Option<usize>,
    pub(super) per_words: Option<usize>,
    pub(super) skip: Option<Skip>,
    pub(super) pages: Option<Globs>,
}

/// One entry of `overrides`.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub(super) files: Globs,
    pub(super) changes: Changes,
    pub(super) lint: LintChanges,
    pub(super) selectors: Selectors,
}

/// What an override says of links; what is `None` stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) kind: Option<Kind>,
    pub(super) foreign: Option<Foreign>,
    pub(super) unwrap: Option<bool>,
    pub(super) subid: Option<Subid>,
    pub(super) rel: Option<Vec<String>>,
    pub(super) target: Option<Target>,
    pub(super) bare_urls: Option<bool>,
    pub(super) markdown: Option<MarkdownChoice>,
    pub(super) mentions: MentionChanges,
    pub(super) disclosure: DisclosureChanges,
}

/// What an override says of the disclosure; what is `None` stays as it was, texts are added by language.
#[derive(Clone, Debug, Default)]
pub(super) struct DisclosureChanges {
    pub(super) place: Option<NoticePlace>,
    pub(super) texts: Vec<(String, String)>,
    pub(super) markdown: Option<String>,
    pub(super) html: Option<String>,
    pub(super) statements: Option<bool>,
    pub(super) recognize: Option<Vec<String>>,
    pub(super) standard: Option<Standard>,
    pub(super) marker: Option<String>,
}

/// What an override says of the sub-ID: another pattern, or none.
#[derive(Clone, Debug)]
pub(super) struct Subid(pub(super) Option<Pattern>);

/// What an override says of HTML; what is `None` stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Selectors {
    pub(super) content: Option<String>,
    pub(super) skip: Option<String>,
    pub(super) ignore: Option<String>,
}

impl Settings {
    /// The policy of `page`, which `changes` apply to, in order.
    pub(super) fn policy<'c>(
        &self,
        page: &str,
        changes: impl Iterator<Item = &'c Changes>,
        auto: MarkdownStyle,
        is_mdx: bool,
    ) -> Policy {
        let mut settings = self.clone();
        let mut kind = Kind::default();
        for change in changes {
            change.apply(&mut settings, &mut kind);
        }
        Policy {
            enabled: true,
            foreign: settings.foreign,
            unwrap: settings.unwrap,
            subid: settings.subid,
            rel: settings.rel,
            target: settings.target,
            bare_urls: settings.bare_urls,
            markdown: settings.markdown.resolve(auto, is_mdx),
            kind,
            ignored: Vec::new(),
            disclosure: settings.disclosure,
            mentions: settings.mentions.policy(page),
            problems: Vec::new(),
        }
    }
}

impl MentionSettings {
    fn policy(&self, page: &str) -> Mentions {
        Mentions {
            enabled: self.enabled,
            per_page: self.per_page,
            per_product: self.per_product,
            per_paragraph: self.per_paragraph,
            per_words: self.per_words,
            skip: self.skip,
            is_article: self.pages.is_match(page),
            skip_products: Vec::new(),
        }
    }
}

impl MentionChanges {
    fn apply(&self, settings: &mut MentionSettings) {
        replace(&mut settings.enabled, self.enabled.as_ref());
        replace(&mut settings.per_page, self.per_page.as_ref());
        replace(&mut settings.per_product, self.per_product.as_ref());
        replace(&mut settings.per_paragraph, self.per_paragraph.as_ref());
        replace(&mut settings.per_words, self.per_words.as_ref());
        replace(&mut settings.skip, self.skip.as_ref());
        replace(&mut settings.pages, self.pages.as_ref());
    }
}

impl Override {
    /// Whether it says anything that readers of pages need to know.
    pub(super) fn changes_parsing(&self) -> bool {
        let Selectors { content, skip, ignore } = &self.selectors;
        content.is_some()
            || skip.is_some()
            || ignore.is_some()
            || self.changes.bare_urls.is_some()
            || self.changes.disclosure.recognize.is_some()
    }

    /// Changes `options` as it says.
    pub(super) fn apply_to(&self, options: &mut ParseOptions) {
        replace(&mut options.content, self.selectors.content.as_ref());
        replace(&mut options.skip, self.selectors.skip.as_ref());
        replace(&mut options.ignore, self.selectors.ignore.as_ref());
        replace(&mut options.bare_urls, self.changes.bare_urls.as_ref());
        replace(&mut options.recognize, self.changes.disclosure.recognize.as_ref());
    }
}

impl Changes {
    fn apply(&self, settings: &mut Settings, kind: &mut Kind) {
        replace(kind, self.kind.as_ref());
        replace(&mut settings.foreign, self.foreign.as_ref());
        replace(&mut settings.unwrap, self.unwrap.as_ref());
        replace(&mut settings.subid, self.subid.as_ref().map(|Subid(pattern)| pattern));
        replace(&mut settings.rel, self.rel.as_ref());
        replace(&mut settings.target, self.target.as_ref());
        replace(&mut settings.bare_urls, self.bare_urls.as_ref());
        replace(&mut settings.markdown, self.markdown.as_ref());
        self.mentions.apply(&mut settings.mentions);
        self.disclosure.apply(&mut settings.disclosure);
    }
}

impl DisclosureChanges {
    fn apply(&self, disclosure: &mut Disclosure) {
        replace(&mut disclosure.place, self.place.as_ref());
        replace(&mut disclosure.markdown, self.markdown.as_ref());
        replace(&mut disclosure.html, self.html.as_ref());
        replace(&mut disclosure.statements, self.statements.as_ref());
        replace(&mut disclosure.standard, self.standard.as_ref());
        replace(&mut disclosure.marker, self.marker.as_ref());
        for (language, text) in &self.texts {
            match disclosure.texts.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(language)) {
                Some(known) => known.1.clone_from(text),
                None => disclosure.texts.push((language.clone(), text.clone())),
            }
        }
    }
}

fn replace<T: Clone>(value: &mut T, new: Option<&T>) {
    if let Some(new) = new {
        value.clone_from(new);
    }
}
