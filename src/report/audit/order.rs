//! The order of pages in reports.

use std::cmp::Ordering;
use std::str::FromStr;

use crate::audit::PageAudit;
use crate::report::output::{self, FormatError, Named};

/// By what pages are ordered, the most first; paths decide between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Affiliate links per 1,000 words.
    #[default]
    Density,
    /// Affiliate links.
    Affiliate,
    /// The share of the text that is affiliate links' text.
    Text,
    /// External links.
    External,
    /// Words.
    Words,
    /// Findings.
    Findings,
    /// Path, from A to Z.
    Path,
}

impl Named for Sort {
    const KIND: &'static str = "order";
    const ALL: &'static [Self] =
        &[Self::Density, Self::Affiliate, Self::Text, Self::External, Self::Words, Self::Findings, Self::Path];

    fn name(self) -> &'static str {
        match self {
            Self::Density => "density",
            Self::Affiliate => "affiliate",
            Self::Text => "text",
            Self::External => "external",
            Self::Words => "words",
            Self::Findings => "findings",
            Self::Path => "path",
        }
    }
}

impl FromStr for Sort {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        output::named(name)
    }
}

impl Sort {
    /// Orders `pages`.
    pub(super) fn apply(self, pages: &mut [&PageAudit]) {
        pages.sort_by(|one, other| self.compare(one, other).then_with(|| one.path.cmp(&other.path)));
    }

    /// Whether `page` has any of what pages are ordered by.
    pub(super) fn has_any(self, page: &PageAudit) -> bool {
        match self {
            Self::Density | Self::Affiliate | Self::Text => page.paid() > 0 || page.links.affiliate > 0,
            Self::External => page.links.external > 0,
            Self::Findings => !page.findings.is_empty(),
            Self::Words | Self::Path => true,
        }
    }

    fn compare(self, one: &PageAudit, other: &PageAudit) -> Ordering {
        let most = |count: fn(&PageAudit) -> usize| count(other).cmp(&count(one));
        match self {
            // a page of three words and one link is not the worst of a site
            Self::Density => {
                let rank = |page: &PageAudit| (page.is_dense, page.paid_density());
                let ((one_dense, one_density), (other_dense, other_density)) = (rank(one), rank(other));
                let by_density = other_dense.cmp(&one_dense).then(other_density.total_cmp(&one_density));
                by_density.then_with(|| most(|page| page.findings.len()))
            }
            Self::Affiliate => most(PageAudit::paid),
            Self::Text => other.link_text_share.total_cmp(&one.link_text_share),
            Self::External => most(|page| page.links.external),
            Self::Words => most(|page| page.words),
            Self::Findings => most(|page| page.findings.len()),
            Self::Path => Ordering::Equal,
        }
    }
}
