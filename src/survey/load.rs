//! How many affiliate links a page carries, where, and what of that is too much: the figures and limits of the overload and
//! placement rules. Decides when a limit is broken; what is said about it and what is done is decided elsewhere.
//!
//! The limits are editorial: no search engine names such figures. The mention planner asks [`Load::would_overload`] before
//! it adds a link, so that what it adds breaks no limit the linter knows.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::product::identity;
use crate::program::url::shown_host;
pub use crate::survey::limits::{Density, Limits, PageLimit, ParagraphLimit, Placement, RatioLimit, RepeatLimit};
use crate::survey::place::{Place, Places, Spot};

/// The seven overload rules, by the names they have in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `link-density`
    LinkDensity,
    /// `page-overload`
    PageOverload,
    /// `paragraph-overload`
    ParagraphOverload,
    /// `link-run`
    LinkRun,
    /// `repeated-destination`
    RepeatedDestination,
    /// `link-text-ratio`
    LinkTextRatio,
    /// `bad-placement`
    BadPlacement,
}

impl Rule {
    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::LinkDensity => "link-density",
            Self::PageOverload => "page-overload",
            Self::ParagraphOverload => "paragraph-overload",
            Self::LinkRun => "link-run",
            Self::RepeatedDestination => "repeated-destination",
            Self::LinkTextRatio => "link-text-ratio",
            Self::BadPlacement => "bad-placement",
        }
    }
}

/// How much denser than other pages a roundup may be.
pub const ROUNDUP: f64 = 3.0;

/// What the configuration or the page says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// Nothing: a roundup if over half of its affiliate links stand in list items, table rows or cards.
    #[default]
    Unsaid,
    /// `kind: roundup`
    Roundup,
    /// Any other kind.
    Other,
}

/// What the rules need to know of a link besides its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight<'l> {
    /// Whether it is an affiliate link.
    pub affiliate: bool,
    /// Whether it leads to another site.
    pub external: bool,
    /// What tells its destination from others; `None` where that is not known.
    pub destination: Option<&'l str>,
}

/// A limit that is broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// Whose limit.
    pub rule: Rule,
    /// How.
    pub how: How,
    /// The figure: links, sentences, words before the link, links per 1,000 words, or a share of characters.
    pub figure: f64,
    /// The limit.
    pub limit: f64,
    /// The affiliate links that it is about, as indices, in order: of links that repeat, all of them. Empty for a page.
    pub links: Vec<usize>,
    /// Whether it only repeats what is broken of the page as a whole, or would be broken if the page were longer.
    pub quiet: bool,
}

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Links per 1,000 words of the page.
    Density,
    /// Affiliate links of the page.
    Affiliate,
    /// External links of the page.
    External,
    /// The share of the page's characters.
    PageRatio,
    /// Links in one paragraph or list item.
    Paragraph,
    /// Links in one table row.
    Row,
    /// Sentences running.
    Run,
    /// One destination in one section.
    Section,
    /// One destination on the page.
    Repeated,
    /// The share of a paragraph's characters.
    ParagraphRatio,
    /// A link in a heading, a `summary` or a caption.
    Spot,
    /// A link in the page's first words.
    Early,
}

impl How {
    /// Whether it is about the whole page.
    pub fn is_page(self) -> bool {
        matches!(self, Self::Density | Self::Affiliate | Self::External | Self::PageRatio)
    }

    /// Whether it stays quiet on a page that is over budget as a whole: it would only repeat that.
    fn is_local(self) -> bool {
        matches!(self, Self::Paragraph | Self::Row | Self::Run | Self::ParagraphRatio)
    }
}

/// What a page carries. Can be asked for what one more link would do, and told of it.
#[derive(Clone, Debug)]
pub struct Load<'p> {
    places: &'p Places,
    limits: Limits,
    kind: PageKind,
    /// The affiliate links of the content.
    pub affiliate: usize,
    /// The external links of the content, affiliate links among them.
    pub external: usize,
    /// The characters of affiliate links' texts.
    pub characters: usize,
    /// The affiliate links in list items, table rows and cards.
    pub listed: usize,
    /// By paragraph: links, and their characters.
    paragraphs: BTreeMap<usize, Held>,
    rows: BTreeMap<usize, Vec<usize>>,
    /// By sentence, for links that stand in a text and in no list.
    sentences: BTreeMap<usize, Vec<usize>>,
    /// By destination: section and link.
    destinations: BTreeMap<String, Vec<(usize, usize)>>,
    misplaced: Vec<(usize, Place)>,
    links: usize,
    /// The first rule broken if the page counted as a roundup where it counts as none, and the other way round.
    otherwise: OnceCell<Option<Rule>>,
}

/// What a paragraph carries.
#[derive(Clone, Debug, Default)]
struct Held {
    links: Vec<usize>,
    characters: usize,
    /// Whether it is a paragraph of text.
    prose: bool,
}

impl<'p> Load<'p> {
    /// Weighs the links of a page: `weights` has one entry for each of [`Places::links`].
    pub fn of(places: &'p Places, weights: &[Weight<'_>], limits: Limits, kind: PageKind) -> Self {
        let mut load = Self {
            places,
            limits,
            kind,
            affiliate: 0,
            external: 0,
            characters: 0,
            listed: 0,
            paragraphs: BTreeMap::new(),
            rows: BTreeMap::new(),
            sentences: BTreeMap::new(),
            destinations: BTreeMap::new(),
            misplaced: Vec::new(),
            links: 0,
            otherwise: OnceCell::new(),
        };
        for (place, weight) in places.links.iter().zip(weights) {
            load.add(place, *weight);
        }
        load
    }

    /// Adds a link at `place`; its index is one more than the last one's.
    pub fn add(&mut self, place: &Place, weight: Weight<'_>) {
        let index = self.links;
        self.links += 1;
        self.otherwise = OnceCell::new();
        if !place.in_content {
            return;
        }
        self.external += usize::from(weight.external);
        if !weight.affiliate {
            return;
        }
        self.affiliate += 1;
        self.characters += place.characters;
        self.listed += usize::from(place.listed);
        self.misplaced.push((index, *place));
        if place.button {
            return;
        }
        if let Some(row) = place.row {
            self.rows.entry(row).or_default().push(index);
        } else {
            let held = self.paragraphs.entry(place.paragraph).or_default();
            held.links.push(index);
            held.characters += place.characters;
            held.prose = is_prose(place);
        }
        if is_prose(place) && self.limits.run.is_some() {
            self.sentences.entry(self.sentence(place)).or_default().push(index);
        }
        if let Some(destination) = weight.destination {
            self.destinations.entry(place_of(destination)).or_default().push((place.section, index));
        }
    }

    /// Whether the page is a roundup: it says so, or over half of its affiliate links are listed.
    pub fn is_roundup(&self) -> bool {
        self.is_roundup_with(self.affiliate, self.listed)
    }

    /// Affiliate links per 1,000 words of the content; per word on a page without any.
    pub fn per_1000_words(&self) -> f64 {
        real(self.affiliate) * 1000.0 / real(self.places.words.max(1))
    }

    /// The share of the content's characters that is text of affiliate links.
    pub fn ratio(&self) -> f64 {
        real(self.characters) / real(self.places.characters.max(1))
    }

    /// The most affiliate links in one paragraph, list item or table row, and the first of them by index.
    pub fn densest(&self) -> Option<(usize, usize)> {
        let paragraphs = self.paragraphs.values().map(|held| &held.links).chain(self.rows.values());
        let counted = paragraphs.filter_map(|links| Some((links.len(), *links.first()?)));
        counted.max_by_key(|&(links, first)| (links, std::cmp::Reverse(first)))
    }

    /// Every limit that is broken, those of the page first. Where one of the page is, those of paragraphs and sentences are
    /// quiet: they would only repeat it. So is what a page is too short for.
    pub fn broken(&self) -> Vec<Broken> {
        self.broken_as(self.is_roundup())
    }

    /// The rule that an affiliate link at `place` that leads to `destination` would break, or break further.
    ///
    /// Takes time in the logarithm of the page, but for the first call behind an [`Self::add`], which may take as long as
    /// [`Self::broken`].
    pub fn would_overload(&self, place: &Place, destination: Option<&str>) -> Option<Rule> {
        if !place.in_content {
            return None;
        }
        let roundup = self.is_roundup_with(self.affiliate + 1, self.listed + usize::from(place.listed));
        let flips = roundup != self.is_roundup();
        let otherwise = || *self.otherwise.get_or_init(|| first_loud(&self.broken_as(roundup)));
        self.breaks(place, destination, roundup).or_else(|| if flips { otherwise() } else { None })
    }

    fn is_roundup_with(&self, affiliate: usize, listed: usize) -> bool {
        match self.kind {
            PageKind::Roundup => true,
            PageKind::Other => false,
            PageKind::Unsaid => listed * 2 > affiliate,
        }
    }

    fn sentence(&self, place: &Place) -> usize {
        // the text may begin with marks, which still belong to the sentence before
        self.places.sentence_at(place.text.end.saturating_sub(1).max(place.start))
    }

    fn broken_as(&self, roundup: bool) -> Vec<Broken> {
        let mut broken: Vec<_> =
            self.page(self.affiliate, self.external, self.characters, roundup).into_iter().flatten().collect();
        let over = broken.iter().any(|broken| !broken.quiet);
        self.paragraphs(&mut broken);
        if !roundup {
            self.runs(&mut broken);
            self.ratios(&mut broken);
        }
        self.repeats(&mut broken);
        self.places(&mut broken);
        for broken in &mut broken {
            broken.quiet |= over && broken.how.is_local();
        }
        broken
    }

    /// The limits of the page that so many links would break; quiet on a page that is too short to be measured by them.
    fn page(&self, affiliate: usize, external: usize, characters: usize, roundup: bool) -> [Option<Broken>; 4] {
        let words = self.places.words;
        let whole = |rule, how, figure: f64, limit: f64| {
            (figure > limit).then(|| Broken { rule, how, figure, limit, links: Vec::new(), quiet: false })
        };
        let hushed = |broken: Option<Broken>, quiet: bool| broken.map(|broken| Broken { quiet, ..broken });
        let density = self.limits.density.filter(|_| affiliate > 0).and_then(|limit| {
            let most = limit.per_1000_words * if roundup { ROUNDUP } else { 1.0 };
            let figure = real(affiliate) * 1000.0 / real(words.max(1));
            let quiet = words <= limit.words && affiliate <= limit.links;
            hushed(whole(Rule::LinkDensity, How::Density, figure, most), quiet)
        });
        let page = |figure, how, limit: fn(&PageLimit, bool) -> usize| {
            let limit = self.limits.page.as_ref().map(|page| limit(page, roundup))?;
            whole(Rule::PageOverload, how, real(figure), real(limit))
        };
        let links =
            page(affiliate, How::Affiliate, |page, roundup| if roundup { page.roundup } else { page.affiliate });
        let others = page(external, How::External, |page, _| page.external);
        let share = real(characters) / real(self.places.characters.max(1));
        let ratio = self.limits.ratio.filter(|_| !roundup).and_then(|limit| {
            hushed(whole(Rule::LinkTextRatio, How::PageRatio, share, limit.page), words <= limit.words)
        });
        [density, links, others, ratio]
    }

    fn paragraphs(&self, broken: &mut Vec<Broken>) {
        let Some(limits) = self.limits.paragraph else { return };
        let paragraphs = self.paragraphs.values().map(|held| (How::Paragraph, &held.links, limits.paragraph));
        let rows = self.rows.values().map(|links| (How::Row, links, limits.row));
        for (how, links, limit) in paragraphs.chain(rows).filter(|(_, links, limit)| links.len() > *limit) {
            let (figure, limit) = (real(links.len()), real(limit));
            broken.push(Broken {
                rule: Rule::ParagraphOverload,
                how,
                figure,
                limit,
                links: links.clone(),
                quiet: false,
            });
        }
    }

    fn runs(&self, broken: &mut Vec<Broken>) {
        let Some(limit) = self.limits.run else { return };
        let mut run: Vec<usize> = Vec::new();
        let (mut length, mut last) = (0, None);
        for (sentence, links) in
            self.sentences.iter().map(|(sentence, links)| (Some(*sentence), links.as_slice())).chain([(None, &[][..])])
        {
            if sentence.is_none() || last.map(|last| last + 1) != sentence {
                let links = std::mem::take(&mut run);
                if length >= limit.max(1) {
                    let (rule, figure) = (Rule::LinkRun, real(length));
                    broken.push(Broken { rule, how: How::Run, figure, limit: real(limit), links, quiet: false });
                }
                length = 0;
            }
            length += 1;
            last = sentence;
            run.extend(links);
        }
    }

    fn ratios(&self, broken: &mut Vec<Broken>) {
        let Some(limits) = self.limits.ratio else { return };
        for (paragraph, held) in self.paragraphs.iter().filter(|(_, held)| held.prose) {
            if let Some(figure) = self.share(&limits, *paragraph, held.characters) {
                let (rule, how, limit) = (Rule::LinkTextRatio, How::ParagraphRatio, limits.paragraph);
                broken.push(Broken { rule, how, figure, limit, links: held.links.clone(), quiet: false });
            }
        }
    }

    /// The share of `paragraph` that so many characters are, where it is too much.
    fn share(&self, limits: &RatioLimit, paragraph: usize, characters: usize) -> Option<f64> {
        let all = self.places.characters_of(paragraph);
        let share = real(characters) / real(all.max(1));
        (all > limits.characters && share > limits.paragraph).then_some(share)
    }

    fn repeats(&self, broken: &mut Vec<Broken>) {
        let Some(limits) = self.limits.repeated else { return };
        let rule = Rule::RepeatedDestination;
        for found in self.destinations.values() {
            if found.len() > limits.page {
                let links = found.iter().map(|(_, link)| *link).collect();
                let (figure, limit) = (real(found.len()), real(limits.page));
                broken.push(Broken { rule, how: How::Repeated, figure, limit, links, quiet: false });
                continue;
            }
            // links come in the order of the page, and so do sections, but for those that were added
            let mut found = found.clone();
            found.sort_unstable();
            for section in found.chunk_by(|a, b| a.0 == b.0).filter(|section| section.len() > limits.section) {
                let links = section.iter().map(|(_, link)| *link).collect();
                let (figure, limit) = (real(section.len()), real(limits.section));
                broken.push(Broken { rule, how: How::Section, figure, limit, links, quiet: false });
            }
        }
    }

    fn places(&self, broken: &mut Vec<Broken>) {
        let Some(limits) = self.limits.placement else { return };
        for (link, place) in &self.misplaced {
            let Some(how) = misplaced(&limits, place) else { continue };
            let (figure, limit) = (real(place.words_before), real(limits.first_words));
            let quiet = how == How::Early && !self.is_long(&limits);
            broken.push(Broken { rule: Rule::BadPlacement, how, figure, limit, links: vec![*link], quiet });
        }
    }

    /// Whether the page is long enough to have a beginning of its own.
    fn is_long(&self, limits: &Placement) -> bool {
        self.places.words > limits.words
    }

    /// The rule that one more link would break on a page that is a `roundup` or none.
    fn breaks(&self, place: &Place, destination: Option<&str>, roundup: bool) -> Option<Rule> {
        let misplaced =
            |limits: Placement| misplaced(&limits, place).is_some_and(|how| how != How::Early || self.is_long(&limits));
        if self.limits.placement.is_some_and(misplaced) {
            return Some(Rule::BadPlacement);
        }
        let characters = self.characters + place.characters;
        let page = self.page(self.affiliate + 1, self.external + 1, characters, roundup);
        if let Some(broken) = page.into_iter().flatten().find(|broken| !broken.quiet) {
            return Some(broken.rule);
        }
        if self.crowds(place) {
            return Some(Rule::ParagraphOverload);
        }
        if destination.is_some_and(|destination| self.repeats_at(place, destination)) {
            return Some(Rule::RepeatedDestination);
        }
        if roundup || !is_prose(place) {
            return None;
        }
        if self.limits.run.is_some_and(|limit| self.run_at(place, limit) >= limit) {
            return Some(Rule::LinkRun);
        }
        let held = self.paragraphs.get(&place.paragraph).map_or(0, |held| held.characters);
        let share = |limits: RatioLimit| self.share(&limits, place.paragraph, held + place.characters);
        self.limits.ratio.and_then(share).map(|_| Rule::LinkTextRatio)
    }

    fn crowds(&self, place: &Place) -> bool {
        let Some(limits) = self.limits.paragraph else { return false };
        match place.row {
            Some(row) => self.rows.get(&row).map_or(0, Vec::len) >= limits.row,
            None => self.paragraphs.get(&place.paragraph).map_or(0, |held| held.links.len()) >= limits.paragraph,
        }
    }

    fn repeats_at(&self, place: &Place, destination: &str) -> bool {
        let (Some(limits), Some(found)) = (self.limits.repeated, self.destinations.get(&place_of(destination))) else {
            return false;
        };
        // short enough to be counted through
        found.len() >= limits.page
            || found.iter().filter(|(section, _)| *section == place.section).count() >= limits.section
    }

    /// How many sentences with an affiliate link would run on at `place`, counted up to `limit` on either side.
    fn run_at(&self, place: &Place, limit: usize) -> usize {
        let sentence = self.sentence(place);
        let holds = |sentence: &usize| self.sentences.contains_key(sentence);
        let before = (1..limit).map_while(|back| sentence.checked_sub(back)).take_while(holds).count();
        let after = (1..limit).map(|on| sentence + on).take_while(holds).count();
        before + 1 + after
    }
}

fn misplaced(limits: &Placement, place: &Place) -> Option<How> {
    if place.spot != Spot::Text {
        return Some(How::Spot);
    }
    (place.words_before < limits.first_words).then_some(How::Early)
}

fn first_loud(broken: &[Broken]) -> Option<Rule> {
    broken.iter().find(|broken| !broken.quiet).map(|broken| broken.rule)
}

/// What tells where `destination` leads from elsewhere, however it is spelt: the page on one host.
pub fn place_of(destination: &str) -> String {
    let host = shown_host(destination).to_ascii_lowercase();
    let host = ["www.", "smile.", "m."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host);
    // one shop's countries are several places with the same articles
    format!("{host} {}", identity(destination))
}

/// Whether a place is one of running text: a list has no reading flow to break, and its items are links more often than not.
fn is_prose(place: &Place) -> bool {
    place.spot == Spot::Text && !place.listed && !place.button
}

fn real(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests;
