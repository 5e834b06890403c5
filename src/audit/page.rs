//! The figures of one page.

use crate::audit::{Area, Becomes, Built, Counts, Credit, Densest, Finding, LinkAudit, PageAudit, merchant, real};
use crate::document::{Attribute, AttributeSyntax, Document, Link, LinkKind};
use crate::notice::{Disclosures, Kind};
use crate::program::url::shown_host;
use crate::program::{self, ProgramMap, Status, UrlFacts};
use crate::source::Lines;
use crate::survey::load::{Density, Load, ROUNDUP};
use crate::survey::place::Places;
use crate::survey::{LinkFacts, Reach};

/// The most characters of a link's text that are kept.
const LONGEST_TEXT: usize = 80;

/// A page as it is to be counted.
#[derive(Clone, Copy)]
pub struct Sight<'s> {
    /// Its text view.
    pub text: &'s str,
    /// Its lines.
    pub lines: &'s Lines<'s>,
    /// Its links, blocks and texts.
    pub document: &'s Document,
    /// What is known of each link.
    pub facts: &'s [LinkFacts],
    /// Where each link stands.
    pub places: &'s Places,
    /// What the page carries.
    pub load: &'s Load<'s>,
    /// What it says of its paid links.
    pub disclosures: &'s Disclosures,
    /// The programs.
    pub map: &'s ProgramMap,
    /// The site's host.
    pub site: Option<&'s str>,
    /// What a build makes of each link, by the link's index; `None` where there is nothing to build by.
    pub becomes: Option<&'s [Option<Becomes>]>,
    /// How many names of products the build links in the content.
    pub mentions: usize,
    /// Whether a build puts a notice there, or the site's theme shows one.
    pub notice_to_come: bool,
    /// What is dense.
    pub limit: Density,
}

impl PageAudit {
    /// Counts a page. What it is called, its language and the findings are for the caller to add.
    pub fn of(sight: Sight<'_>) -> Self {
        let mut page = Self {
            roundup: sight.load.is_roundup() && sight.load.affiliate > 0,
            draft: sight.document.front_matter.as_ref().is_some_and(|front_matter| front_matter.draft),
            words: sight.places.words,
            density: sight.load.per_1000_words(),
            link_text_share: sight.load.ratio(),
            disclosure: !sight.disclosures.found.is_empty(),
            notice_to_come: sight.notice_to_come,
            ..Self::default()
        };
        let mut built = sight.mentions;
        let mut others: Vec<String> = Vec::new();
        let mut hosts = merchant::Hosts::default();
        for index in 0..sight.document.links.len() {
            let Some(seen) = Seen::of(sight, index) else { continue };
            if seen.is_followed() {
                seen.count(match seen.area {
                    Area::Content => &mut page.links,
                    Area::Outside => &mut page.outside,
                    Area::Value => &mut page.values,
                });
            }
            built += usize::from(seen.area == Area::Content && seen.is_paid_after());
            page.rel_places += usize::from(seen.has_rel_place());
            page.rel_covered += usize::from(seen.has_rel_place() && is_marked(seen.link));
            match seen.business(&mut hosts) {
                Some(link) => page.business.push(link),
                None if seen.reach == Reach::External && seen.is_followed() => {
                    others.push(shown_host(&seen.facts.address.url));
                }
                None => {}
            }
        }
        page.others = tally(others);
        page.built = sight.becomes.map(|_| Built { affiliate: built, density: per_1000(built, page.words) });
        page.is_dense = page.is_over(sight.limit);
        page.place(sight);
        page
    }

    fn is_over(&self, limit: Density) -> bool {
        let most = limit.per_1000_words * if self.roundup { ROUNDUP } else { 1.0 };
        (self.words > limit.words || self.paid() > limit.links) && self.paid_density() > most
    }

    /// Where its affiliate links and notices stand.
    fn place(&mut self, sight: Sight<'_>) {
        let links = sight.places.links.iter().zip(sight.facts);
        let mut paid = links.filter(|(place, facts)| place.in_content && is_affiliate(facts)).map(|(place, _)| place);
        self.words_before_link = paid.next().map(|place| place.words_before);
        let notices = sight.disclosures.found.iter().filter(|found| found.kind != Kind::Label && !found.hidden);
        self.words_before_notice = notices.map(|found| sight.places.place_of(found.span).words_before).min();
        self.densest = sight.load.densest().and_then(|(links, first)| {
            let link = sight.document.links.get(first)?;
            Some(Densest { line: sight.lines.position(link.element.start).0, links })
        });
    }

    /// Takes in what the linter found.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }
}

/// One link, seen.
struct Seen<'s> {
    sight: Sight<'s>,
    link: &'s Link,
    facts: &'s LinkFacts,
    becomes: Option<&'s Becomes>,
    area: Area,
    reach: Reach,
}

impl<'s> Seen<'s> {
    fn of(sight: Sight<'s>, index: usize) -> Option<Self> {
        let (link, facts) = (sight.document.links.get(index)?, sight.facts.get(index)?);
        let area = if !link.is_in_place() {
            Area::Value
        } else if sight.places.links.get(index).is_some_and(|place| place.in_content) {
            Area::Content
        } else {
            Area::Outside
        };
        let becomes = sight.becomes.and_then(|becomes| becomes.get(index)?.as_ref());
        let reach = Reach::of(&facts.address.url, sight.site);
        Some(Self { sight, link, facts, becomes, area, reach })
    }

    /// Whether a reader can follow it: not a URL that is mere text of an HTML page.
    fn is_followed(&self) -> bool {
        self.link.kind != LinkKind::Bare || self.sight.document.format.is_markdown()
    }

    fn count(&self, counts: &mut Counts) {
        counts.all += 1;
        counts.affiliate += usize::from(is_affiliate(self.facts));
        counts.external += usize::from(self.reach == Reach::External);
        counts.internal += usize::from(self.reach == Reach::Internal);
    }

    fn is_paid_after(&self) -> bool {
        self.becomes.map_or(is_affiliate(self.facts), |becomes| becomes.affiliate)
    }

    /// Whether it is an affiliate link written in a way that has attributes.
    fn has_rel_place(&self) -> bool {
        let tag = |link: &Link| link.attributes.as_ref().is_some_and(|found| found.syntax == AttributeSyntax::Tag);
        is_affiliate(self.facts) && !self.link.kind.is_value() && (tag(self.link) || is_marked(self.link))
    }

    /// What is told of it, if it is anybody's business.
    fn business(&self, hosts: &mut merchant::Hosts) -> Option<LinkAudit> {
        let merchant = merchant::of_link(self.facts, self.sight.map, self.sight.site, hosts);
        let url = self.facts.url.as_ref();
        let affiliate = url.is_some_and(UrlFacts::is_affiliate);
        if merchant.is_none() && !affiliate {
            return None;
        }
        let (line, column) = self.sight.lines.position(self.link.element.start);
        let layer =
            url.and_then(|url| url.layers.iter().rev().find(|layer| layer.publisher.is_some()).or(url.layers.last()));
        let credited = layer.filter(|_| affiliate);
        Some(LinkAudit {
            line,
            column,
            area: self.area,
            url: self.facts.address.url.clone(),
            text: shown(self.sight, self.link),
            credit: url.map_or(Credit::None, credit),
            ended: url.is_some_and(|url| self.has_ended(url)),
            program: url.and_then(|url| self.program(url)),
            network: credited.map(|layer| layer.network.clone()),
            publisher: credited.and_then(|layer| layer.publisher.clone()),
            subid: url.and_then(|url| self.subid(url)),
            merchant,
            becomes: self.becomes.cloned(),
        })
    }

    fn program(&self, url: &UrlFacts) -> Option<String> {
        let index = match &url.credit {
            program::Credit::Own(program) => Some(*program),
            program::Credit::Partner(name) => return Some(name.clone()),
            program::Credit::None => url.winner(),
            program::Credit::Foreign | program::Credit::Unknown => None,
        };
        Some(self.sight.map.programs().get(index?)?.name.clone())
    }

    /// Whether it credits a program that is over, and will.
    fn has_ended(&self, url: &UrlFacts) -> bool {
        let program::Credit::Own(program) = url.credit else { return false };
        let is_over = self.sight.map.programs().get(program).is_some_and(|program| program.status == Status::Ended);
        is_over && !self.becomes.is_some_and(|becomes| becomes.affiliate && becomes.result.is_some())
    }

    fn subid(&self, url: &UrlFacts) -> Option<bool> {
        let program::Credit::Own(program) = url.credit else { return None };
        let rule = self.sight.map.subid_rule(program)?;
        // where the network wants to be asked first, none is missing
        let wanted = self.sight.map.programs().get(program).is_some_and(|program| program.subid.is_some());
        if rule.needs_approval && !wanted {
            return None;
        }
        Some(url.layers.iter().any(|layer| layer.subid.as_ref().is_some_and(|subid| !subid.is_empty())))
    }
}

fn credit(url: &UrlFacts) -> Credit {
    match url.credit {
        program::Credit::Own(_) => Credit::Own,
        program::Credit::Partner(_) => Credit::Partner,
        program::Credit::Foreign => Credit::Foreign,
        program::Credit::Unknown => Credit::Unknown,
        program::Credit::None => Credit::None,
    }
}

fn is_affiliate(facts: &LinkFacts) -> bool {
    facts.url.as_ref().is_some_and(UrlFacts::is_affiliate)
}

/// Whether its `rel` says what it is.
fn is_marked(link: &Link) -> bool {
    let rel = link.attributes.as_ref().and_then(|attributes| attributes.rel.as_ref()).map_or("", Attribute::text);
    let mut tokens = rel.split(|c: char| c.is_ascii_whitespace() || c == ',');
    tokens.any(|token| ["sponsored", "nofollow"].iter().any(|known| token.eq_ignore_ascii_case(known)))
}

/// What a reader sees of a link's text, its beginning.
fn shown(sight: Sight<'_>, link: &Link) -> String {
    let Some(outline) = &sight.document.outline else { return String::new() };
    let first = outline.texts.partition_point(|text| text.span.end <= link.text.start);
    let within = outline.texts.iter().skip(first).take_while(|text| text.span.start < link.text.end);
    let mut shown = String::new();
    for text in within {
        shown.push_str(text.prose(sight.text).unwrap_or(" "));
        if shown.len() > 4 * LONGEST_TEXT {
            break;
        }
    }
    let words: Vec<_> = shown.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_TEXT).collect()
}

fn tally(mut hosts: Vec<String>) -> Vec<(String, usize)> {
    hosts.sort_unstable();
    let groups = hosts.chunk_by(|one, next| one == next);
    groups.filter_map(|group| Some((group.first()?.clone(), group.len()))).collect()
}

fn per_1000(links: usize, words: usize) -> f64 {
    real(links) * 1000.0 / real(words.max(1))
}
