//! What is too much of affiliate links: the thresholds of the overload and placement rules and their defaults. Decides nothing;
//! what they are compared with is [`super::load`]'s.

/// What is too much. A rule that is off has no limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// `link-density`
    pub density: Option<Density>,
    /// `page-overload`
    pub page: Option<PageLimit>,
    /// `paragraph-overload`
    pub paragraph: Option<ParagraphLimit>,
    /// `link-run`: this many sentences running with an affiliate link each are too many.
    pub run: Option<usize>,
    /// `repeated-destination`
    pub repeated: Option<RepeatLimit>,
    /// `link-text-ratio`
    pub ratio: Option<RatioLimit>,
    /// `bad-placement`
    pub placement: Option<Placement>,
    /// `late-disclosure`: whether affiliate links before the page's disclosure are too early.
    pub late_disclosure: bool,
    /// `weak-disclosure`: whether an unclear one is none.
    pub weak_disclosure: bool,
    /// `ambiguous-link-text`: whether one text that leads to several destinations is too unclear.
    pub ambiguous_text: bool,
}

/// The limit of `link-density`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Density {
    /// At most so many affiliate links per 1,000 words.
    pub per_1000_words: f64,
    /// Pages with at most so many words ...
    pub words: usize,
    /// ... and at most so many affiliate links are left alone.
    pub links: usize,
}

/// The limits of `page-overload`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimit {
    /// At most so many affiliate links.
    pub affiliate: usize,
    /// At most so many external links.
    pub external: usize,
    /// At most so many affiliate links on a roundup.
    pub roundup: usize,
}

/// The limits of `paragraph-overload`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParagraphLimit {
    /// At most so many affiliate links in a paragraph or a list item.
    pub paragraph: usize,
    /// At most so many in a table row.
    pub row: usize,
}

/// The limits of `repeated-destination`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatLimit {
    /// One destination at most so often a section.
    pub section: usize,
    /// One destination at most so often on the page.
    pub page: usize,
}

/// The limits of `link-text-ratio`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioLimit {
    /// At most this share of the page's characters.
    pub page: f64,
    /// Pages with at most so many words are left alone.
    pub words: usize,
    /// At most this share of a paragraph's characters.
    pub paragraph: f64,
    /// Paragraphs with at most so many characters are left alone.
    pub characters: usize,
}

/// The limits of `bad-placement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// No affiliate link in the first so many words ...
    pub first_words: usize,
    /// ... of a page with more than so many.
    pub words: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            density: Some(Density { per_1000_words: 10.0, words: 150, links: 3 }),
            page: Some(PageLimit { affiliate: 25, external: 100, roundup: 60 }),
            paragraph: Some(ParagraphLimit { paragraph: 2, row: 4 }),
            run: Some(3),
            repeated: Some(RepeatLimit { section: 1, page: 3 }),
            ratio: Some(RatioLimit { page: 0.2, words: 150, paragraph: 0.5, characters: 80 }),
            placement: Some(Placement { first_words: 50, words: 150 }),
            late_disclosure: true,
            weak_disclosure: true,
            ambiguous_text: true,
        }
    }
}

impl Limits {
    /// No limit at all.
    pub fn none() -> Self {
        Self {
            density: None,
            page: None,
            paragraph: None,
            run: None,
            repeated: None,
            ratio: None,
            placement: None,
            late_disclosure: false,
            weak_disclosure: false,
            ambiguous_text: false,
        }
    }
}
