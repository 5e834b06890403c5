//! What a build is to do on one page, after every default, override and front-matter switch has had its say.

use super::raw;
pub use crate::disclosure::{Disclosure, NoticePlace, Standard};
use crate::program::subid::Pattern;

/// What is done with somebody else's affiliate link (`links.foreign`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// It stays.
    #[default]
    Keep,
    /// It becomes an own link where a program serves its merchant.
    Replace,
    /// It becomes the clean destination.
    Strip,
}

/// What is done about `target` (`links.target`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// It stays as the author wrote it.
    #[default]
    Keep,
    /// Affiliate links open in a new window, with `noopener`.
    Blank,
}

/// How attributes get into Markdown (`links.markdown`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkdownStyle {
    /// A link becomes an inline `<a>`.
    Html,
    /// An attribute list behind the link: `{: rel="..."}`.
    Kramdown,
    /// An attribute list behind the link: `{rel="..."}`.
    Pandoc,
    /// None: the destination alone changes.
    Plain,
}

/// What `links.markdown` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MarkdownChoice {
    /// Whatever the site's generator reads.
    #[default]
    Auto,
    /// This one.
    Fixed(MarkdownStyle),
}

/// What kind of page it is (`kind`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// To be found out from where its links stand.
    #[default]
    Auto,
    /// Running text.
    Article,
    /// A list of products.
    Roundup,
}

/// Where the names of products become links, and how many (`mentions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentions {
    /// Whether they do at all.
    pub enabled: bool,
    /// The most links to products on the page.
    pub per_page: usize,
    /// The most links to one product.
    pub per_product: usize,
    /// The most links to products in a paragraph.
    pub per_paragraph: usize,
    /// How many words lie between two of them at least.
    pub per_words: usize,
    /// Where names stay names.
    pub skip: Skip,
    /// Whether the configuration takes the page for an article whatever it looks like.
    pub is_article: bool,
    /// Products that the page itself leaves out, by name.
    pub skip_products: Vec<String>,
}

/// Kinds of places where the names of products stay names (`mentions.skip`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "one for each kind of place")]
pub struct Skip {
    /// Headings.
    pub headings: bool,
    /// Quotations.
    pub quotes: bool,
    /// Captions.
    pub captions: bool,
    /// The line that stands for folded-up details.
    pub summary: bool,
}

/// What a build does with the links of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether the page is edited at all.
    pub enabled: bool,
    /// What becomes of foreign links.
    pub foreign: Foreign,
    /// Whether the destination behind a redirector is taken out, so that own programs apply to it.
    pub unwrap: bool,
    /// The sub-ID that new links get; `None` for none.
    pub subid: Option<Pattern>,
    /// The `rel` tokens that affiliate links get.
    pub rel: Vec<String>,
    /// What becomes of `target`.
    pub target: Target,
    /// Whether bare URLs become links.
    pub bare_urls: bool,
    /// How attributes get into Markdown.
    pub markdown: MarkdownStyle,
    /// What kind of page it is.
    pub kind: Kind,
    /// The rules that the page's front matter ignores, as written.
    pub ignored: Vec<String>,
    /// What is done about the disclosure.
    pub disclosure: Disclosure,
    /// Where the names of products become links.
    pub mentions: Mentions,
    /// What is wrong with the page's own `affilink:` value, in messages for its author.
    pub problems: Vec<String>,
}

impl MarkdownChoice {
    /// The style on one page, where the generator reads `auto`. MDX knows no attribute lists, and takes tags.
    pub fn resolve(self, auto: MarkdownStyle, is_mdx: bool) -> MarkdownStyle {
        let style = match self {
            Self::Auto => auto,
            Self::Fixed(style) => style,
        };
        match style {
            MarkdownStyle::Kramdown | MarkdownStyle::Pandoc if is_mdx => MarkdownStyle::Html,
            style => style,
        }
    }
}

impl From<raw::Foreign> for Foreign {
    fn from(foreign: raw::Foreign) -> Self {
        match foreign {
            raw::Foreign::Keep => Self::Keep,
            raw::Foreign::Replace => Self::Replace,
            raw::Foreign::Strip => Self::Strip,
        }
    }
}

impl From<raw::Target> for Target {
    fn from(target: raw::Target) -> Self {
        match target {
            raw::Target::Keep => Self::Keep,
            raw::Target::Blank => Self::Blank,
        }
    }
}

impl From<raw::Markdown> for MarkdownChoice {
    fn from(markdown: raw::Markdown) -> Self {
        match markdown {
            raw::Markdown::Auto => Self::Auto,
            raw::Markdown::Html => Self::Fixed(MarkdownStyle::Html),
            raw::Markdown::Kramdown => Self::Fixed(MarkdownStyle::Kramdown),
            raw::Markdown::Pandoc => Self::Fixed(MarkdownStyle::Pandoc),
            raw::Markdown::Plain => Self::Fixed(MarkdownStyle::Plain),
        }
    }
}

impl From<&[raw::SkipPlace]> for Skip {
    fn from(places: &[raw::SkipPlace]) -> Self {
        let mut skip = Self::default();
        for place in places {
            match place {
                raw::SkipPlace::Headings => skip.headings = true,
                raw::SkipPlace::Quotes => skip.quotes = true,
                raw::SkipPlace::Captions => skip.captions = true,
                raw::SkipPlace::Summary => skip.summary = true,
            }
        }
        skip
    }
}

impl From<raw::Kind> for Kind {
    fn from(kind: raw::Kind) -> Self {
        match kind {
            raw::Kind::Auto => Self::Auto,
            raw::Kind::Article => Self::Article,
            raw::Kind::Roundup => Self::Roundup,
        }
    }
}

impl From<raw::NoticePlace> for NoticePlace {
    fn from(place: raw::NoticePlace) -> Self {
        match place {
            raw::NoticePlace::Auto => Self::Auto,
            raw::NoticePlace::Top => Self::Top,
            raw::NoticePlace::Bottom => Self::Bottom,
            raw::NoticePlace::None => Self::None,
        }
    }
}

impl From<raw::Standard> for Standard {
    fn from(standard: raw::Standard) -> Self {
        match standard {
            raw::Standard::Ftc => Self::Ftc,
            raw::Standard::Asa => Self::Asa,
            raw::Standard::De => Self::De,
        }
    }
}
