//! Why a link is what it is after a build. The one list of reasons: the manifest, the summary and `explain` speak in them.

use serde::{Deserialize, Serialize};

use crate::document::{OptOut, ReadOnly};
use crate::program::{NoLink, Verdict};

/// What a decision did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A link got another destination or other attributes.
    Rewritten,
    /// Text became a link.
    Linked,
    /// Something was added.
    Inserted,
    /// Something was taken out.
    Removed,
    /// It was already right.
    Kept,
    /// It could have been changed and was not.
    Skipped,
}

impl Action {
    /// The action as the manifest writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rewritten => "rewritten",
            Self::Linked => "linked",
            Self::Inserted => "inserted",
            Self::Removed => "removed",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
        }
    }
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// Why.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Reason {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The reason as the manifest writes it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// One sentence for people.
            pub fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

reasons! {
    /// a plain merchant link became the program's link
    Program = "program",
    /// the affiliate link lacked attributes
    Attributes = "attributes",
    /// an own id of another store was put right
    Store = "store",
    /// a retired id of one's own was replaced
    RetiredId = "retired-id",
    /// an own link got the parameters of its program that it lacked
    Completed = "completed",
    /// somebody else's id was replaced by one's own
    ForeignReplaced = "foreign-replaced",
    /// somebody else's link became the clean destination
    ForeignStripped = "foreign-stripped",
    /// a redirector was taken away and the program's link put in its place
    Unwrapped = "unwrapped",
    /// the program has ended: the link goes to another program or to the clean destination
    ProgramEnded = "program-ended",
    /// an affiliate link was turned into the clean destination
    Stripped = "stripped",
    /// an own link around a product's name became the name alone
    Unlinked = "unlinked",
    /// a product's name became the program's link
    Mention = "mention",

    /// it credits one's own program already
    Own = "own",
    /// it credits a partner
    Partner = "partner",
    /// it credits somebody else, and `links.foreign` is `keep`
    Foreign = "foreign",
    /// an affiliate link that does not say whom it credits
    Opaque = "opaque",
    /// a redirect of the own site
    OwnRedirect = "own-redirect",
    /// a redirector leads to the merchant, and `links.unwrap` is off
    Redirector = "redirector",

    /// no http or https URL (told by `explain` only)
    NoUrl = "no-url",
    /// no program serves this merchant
    NoProgram = "no-program",
    /// the program is paused
    Paused = "paused",
    /// the program has ended
    Ended = "ended",
    /// the program has not started
    NotStarted = "not-started",
    /// the program's `pages` leave this page out
    OtherPages = "other-pages",
    /// the program's `paths` leave this URL out
    OtherPaths = "other-paths",
    /// no id is configured for this store
    NoIdForStore = "no-id-for-store",
    /// the network cannot link to this page of the merchant
    NoDeepLink = "no-deep-link",
    /// an id is missing that the network's links need
    MissingId = "missing-id",
    /// the link does not say where it leads
    NoDestination = "no-destination",
    /// somebody else's id, to be replaced, but no own program serves the merchant
    ForeignNoProgram = "foreign-no-program",
    /// where the link leads can be read in more than one way
    Ambiguous = "ambiguous",
    /// the URL is one that browsers and other readers do not agree on
    UnsafeUrl = "unsafe-url",
    /// the page says `affilink: false`
    PageOff = "page-off",
    /// `data-affilink="off"` stands on the link or around it
    OptOutAttribute = "opt-out-attribute",
    /// it stands between `affilink-off` and `affilink-on`
    OptOutComment = "opt-out-comment",
    /// `rel="me"`
    OptOutRelMe = "opt-out-rel-me",
    /// `html.ignore` selects it
    OptOutSelector = "opt-out-selector",
    /// the destination's bytes could not be found with certainty
    NotLocated = "not-located",
    /// the destination holds template syntax
    TemplateSyntax = "template-syntax",
    /// a character reference in an autolink, which Markdown parsers read differently
    AmbiguousAutolink = "ambiguous-autolink",
    /// the value runs over several lines
    MultiLine = "multi-line",
    /// the value is a block scalar
    BlockScalar = "block-scalar",
    /// the value has an anchor, an alias or a tag
    Anchor = "anchor",
    /// the destination holds bytes that are not UTF-8
    Encoding = "encoding",
    /// it stands in code or another place that is never edited
    InertPlace = "inert-place",
    /// it stands in a table laid out by its columns, which more bytes would shift
    Columns = "columns",
    /// the tag is broken by quote or list markers
    Broken = "broken",
    /// the page already links the product
    AlreadyLinked = "already-linked",
    /// `mentions.per_page` links to products stand on the page
    OverPage = "over-per-page",
    /// `mentions.per_product` allows no link to the product
    OverProduct = "over-per-product",
    /// `mentions.per_paragraph` links to products stand in the paragraph
    OverParagraph = "over-per-paragraph",
    /// a link to a product is nearer than `mentions.per_words` words
    TooNear = "over-per-words",
    /// one more link here would be more than the linter's limits allow
    WouldOverload = "would-overload",
    /// a link here would not say where it leads, or say it in the words of one that leads elsewhere
    UnclearText = "unclear-text",
    /// the page's own disclosure comes too late for a link here, or is too unclear for any
    OwnDisclosure = "own-disclosure",
    /// the name stands in a link
    InLink = "in-link",
    /// the name stands in a heading, see `mentions.skip`
    InHeading = "in-heading",
    /// the name stands in a quotation, see `mentions.skip`
    InQuote = "in-quote",
    /// the name stands in a caption, see `mentions.skip`
    InCaption = "in-caption",
    /// the name stands in a summary, see `mentions.skip`
    InSummary = "in-summary",
    /// the name stands in a button, a label or another control
    InControl = "in-control",
    /// the name stands outside the page's content, see `html.content` and `html.skip`
    OutsideContent = "outside-content",
    /// the name stands in a phrase that the product's `not` names
    ExcludedPhrase = "excluded-phrase",
    /// the page holds none of the words that the product's `context` names
    NoContext = "no-context",
    /// the product's `pages` leave this page out
    ProductPages = "product-pages",
    /// the page's front matter leaves the product out
    ProductOff = "product-off",
    /// names are no links on this page, see `mentions.enabled` and the page's front matter
    MentionsOff = "mentions-off",
    /// the built page is no single article, see `mentions.pages`
    NoArticle = "no-article",
    /// a page for errors, searches, privacy, terms or disclosures
    PageApart = "page-apart",
    /// the new URL cannot be written in this place
    NotWritable = "not-writable",
    /// the edit would have changed more than the link
    WouldBreakMarkup = "would-break-markup",

    /// affiliate links stand on the page
    Notice = "notice",
    /// affiliate links stand on the page, and no text before them: excerpts of the page begin with the notice
    NoticeFirst = "notice-first",
    /// the program requires the sentence where its links stand
    Statement = "statement",
    /// it stands behind an affiliate link
    Marker = "marker",
    /// what made it necessary is gone, or another text took its place
    Stale = "stale",
    /// the page has a notice
    Disclosed = "disclosed",
    /// no text is known in the page's language: the site's is used
    OtherLanguage = "other-language",
    /// the page has no place for a notice before its affiliate links
    NoPlace = "no-place",
}

impl Reason {
    /// Whether the destination changed, or nothing but attributes was missing: the reasons of a link that is right then.
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Self::Program
                | Self::Attributes
                | Self::Store
                | Self::RetiredId
                | Self::Completed
                | Self::ForeignReplaced
                | Self::ForeignStripped
                | Self::Unwrapped
                | Self::ProgramEnded
                | Self::Stripped
                | Self::Unlinked
                | Self::Mention
        )
    }
}

impl Reason {
    /// What a decision with this reason did.
    pub fn action(self) -> Action {
        match self {
            Self::Mention => Action::Linked,
            Self::Unlinked => Action::Removed,
            _ if self.is_change() => Action::Rewritten,
            Self::Notice | Self::NoticeFirst | Self::Statement | Self::Marker => Action::Inserted,
            Self::Stale => Action::Removed,
            Self::Own | Self::Partner | Self::Foreign | Self::Opaque | Self::OwnRedirect | Self::Disclosed => {
                Action::Kept
            }
            _ => Action::Skipped,
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl From<OptOut> for Reason {
    fn from(opt_out: OptOut) -> Self {
        match opt_out {
            OptOut::Attribute => Self::OptOutAttribute,
            OptOut::Comment => Self::OptOutComment,
            OptOut::RelMe => Self::OptOutRelMe,
            OptOut::Selector => Self::OptOutSelector,
        }
    }
}

impl From<ReadOnly> for Reason {
    fn from(read_only: ReadOnly) -> Self {
        match read_only {
            ReadOnly::NotLocated => Self::NotLocated,
            ReadOnly::TemplateSyntax => Self::TemplateSyntax,
            ReadOnly::AmbiguousAutolink => Self::AmbiguousAutolink,
            ReadOnly::MultiLine => Self::MultiLine,
            ReadOnly::BlockScalar => Self::BlockScalar,
            ReadOnly::Anchor => Self::Anchor,
            ReadOnly::Encoding => Self::Encoding,
            ReadOnly::InertPlace => Self::InertPlace,
            ReadOnly::Columns => Self::Columns,
            ReadOnly::Broken => Self::Broken,
        }
    }
}

impl Reason {
    /// Why a program that lost gets no link, where no other program won.
    pub fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Paused => Self::Paused,
            Verdict::Ended => Self::Ended,
            Verdict::NotStarted => Self::NotStarted,
            Verdict::OtherPages => Self::OtherPages,
            Verdict::OtherPaths => Self::OtherPaths,
            Verdict::NoIdForStore => Self::NoIdForStore,
            _ => Self::NoProgram,
        }
    }
}

impl From<&NoLink> for Reason {
    fn from(no_link: &NoLink) -> Self {
        match no_link {
            NoLink::Unsafe(_) => Self::UnsafeUrl,
            NoLink::NoDestination => Self::NoDestination,
            NoLink::Ambiguous => Self::Ambiguous,
            NoLink::OwnRedirect => Self::OwnRedirect,
            NoLink::NoIdForStore => Self::NoIdForStore,
            NoLink::MissingId(_) => Self::MissingId,
            NoLink::NotDeeplinkable => Self::NoDeepLink,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own_and_a_sentence() {
        let mut names: Vec<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().all(|reason| reason.sentence().len() > 5));
    }
}
