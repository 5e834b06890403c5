//! What a build is to do on one page, after every default, override and front-matter switch has had its say.

use crate::plan::subid::Pattern;

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
}
