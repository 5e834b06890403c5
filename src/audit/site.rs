//! The figures of a site: those of its pages together. Drafts are left out of all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Counts, Credit, Evidence, LinkAudit, PageAudit, real};
use crate::networks;
use crate::program::{Program, ProgramMap, Status};

/// Clicks that count for fewer days than this are short.
pub const SHORT_COOKIE_DAYS: f64 = 7.0;
/// The upper bounds of the classes of [`SiteAudit::distribution`], in affiliate links per 1,000 words; behind the last one there
/// is one more class.
pub const CLASSES: [f64; 7] = [0.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0];

/// The figures of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteAudit {
    /// Pages that count.
    pub pages: usize,
    /// Drafts, which do not.
    pub drafts: usize,
    /// The words of the pages' contents.
    pub words: usize,
    /// The links of their contents.
    pub links: Counts,
    /// The links outside their contents.
    pub outside: Counts,
    /// The values that are links.
    pub values: Counts,
    /// The affiliate links of the contents after a build, where there is something to build by.
    pub built: Option<usize>,
    /// Pages with an affiliate link, wherever it stands; after a build where there is one to come, in their contents.
    pub paid_pages: usize,
    /// How many pages have so many affiliate links per 1,000 words: the class of [`CLASSES`] that holds them.
    pub distribution: [usize; CLASSES.len() + 1],
    /// How many links credit whom, wherever they stand.
    pub credits: BTreeMap<Credit, usize>,
    /// Own links whose program has a place for sub-IDs ...
    pub subid_places: usize,
    /// ... and those of them that carry one.
    pub subids: usize,
    /// Affiliate links that can have attributes ...
    pub rel_places: usize,
    /// ... and those of them that are `sponsored` or `nofollow`.
    pub rel_covered: usize,
    /// Pages with affiliate links and nothing that tells readers of them.
    pub undisclosed: usize,
    /// The user's programs, in the file's order.
    pub programs: Vec<ProgramAudit>,
    /// Who else is credited: network, affiliate id, links and pages, the most first.
    pub others: Vec<OtherAudit>,
    /// Merchants, those with the most links first.
    pub merchants: Vec<MerchantAudit>,
    /// Other sites that are no merchants as far as is known: host, links, pages, the most links first.
    pub outbound: Vec<(String, usize, usize)>,
    /// Pages with too many affiliate links, all of one program or network: path and payer.
    pub concentrated: Vec<(String, String)>,
    /// How many findings of each rule.
    pub findings: BTreeMap<&'static str, usize>,
}

/// A program in use, or not.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramAudit {
    /// Its name.
    pub name: String,
    /// The catalog id of its network.
    pub network: Option<String>,
    /// Its links, wherever they stand.
    pub links: usize,
    /// The plain links that a build makes its own.
    pub to_come: usize,
    /// The pages with such links.
    pub pages: usize,
    /// Whether it is in use: `active`, `paused`, `ended`, `not started`.
    pub status: &'static str,
    /// Its last day, as `YYYY-MM-DD`.
    pub ends: Option<String>,
    /// How long a click counts, in days, by the configuration or else the catalog.
    pub cookie_days: Option<f64>,
    /// Whether its links pay little for long: clicks count for fewer than [`SHORT_COOKIE_DAYS`].
    pub short_cookie: bool,
    /// Whether it has ended and links of it stand.
    pub ended_in_use: bool,
}

/// Somebody else who is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherAudit {
    /// A partner's name, or nothing.
    pub partner: Option<String>,
    /// The catalog id of the network.
    pub network: String,
    /// The affiliate id; `None` where the link does not say it.
    pub publisher: Option<String>,
    /// How many links.
    pub links: usize,
    /// On how many pages.
    pub pages: usize,
}

/// A merchant that the site links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantAudit {
    /// Its domain.
    pub domain: String,
    /// How it is known to be one: the surest of what its links say.
    pub evidence: Evidence,
    /// The links that lead there, wherever they stand.
    pub links: usize,
    /// On how many pages.
    pub pages: usize,
    /// Those that credit nobody.
    pub plain: usize,
    /// Those that credit one of the user's programs that is not over, or will.
    pub own: usize,
    /// Those that credit a partner.
    pub partner: usize,
    /// Those that credit one of the user's programs that has ended.
    pub ended: usize,
    /// Those that credit somebody else, or do not say whom.
    pub foreign: usize,
    /// The plain ones that a build makes affiliate links.
    pub to_come: usize,
    /// The user's program for it, where there is one.
    pub program: Option<String>,
    /// The catalog ids of the networks that are known to carry it.
    pub networks: Vec<&'static str>,
}

impl MerchantAudit {
    /// Whether no link to it earns the user or a partner anything, now or after a build.
    pub fn earns_nothing(&self) -> bool {
        self.own == 0 && self.to_come == 0 && self.partner == 0
    }
}

impl SiteAudit {
    /// The figures of `pages` together, on a site with the programs of `map`.
    pub fn of(pages: &[PageAudit], map: &ProgramMap) -> Self {
        let mut site = Self::default();
        let mut sums = Sums::default();
        for page in pages {
            if page.draft {
                site.drafts += 1;
                continue;
            }
            site.add(page);
            sums.add(page);
        }
        site.programs = map.programs().iter().map(|program| sums.program(program)).collect();
        site.others = sums.others();
        site.merchants = sums.merchants();
        site.outbound = sums.outbound();
        site.others.sort_by(|one, other| other.links.cmp(&one.links).then_with(|| one.cmp_key().cmp(&other.cmp_key())));
        site
    }

    fn add(&mut self, page: &PageAudit) {
        self.pages += 1;
        self.words += page.words;
        for (sum, counts) in
            [(&mut self.links, page.links), (&mut self.outside, page.outside), (&mut self.values, page.values)]
        {
            sum.add(counts);
        }
        if let Some(built) = page.built {
            *self.built.get_or_insert(0) += built.affiliate;
        }
        let affiliate = page.business.iter().filter(|link| link.is_affiliate()).count();
        self.paid_pages += usize::from(affiliate > 0 || page.paid() > 0);
        self.undisclosed += usize::from(page.is_undisclosed());
        let density = page.paid_density();
        let class = if page.paid() == 0 { 0 } else { CLASSES.partition_point(|&most| most < density).max(1) };
        self.distribution[class] += 1;
        for link in page.business.iter().filter(|link| link.is_affiliate()) {
            *self.credits.entry(link.credit).or_default() += 1;
            self.subid_places += usize::from(link.subid.is_some());
            self.subids += usize::from(link.subid == Some(true));
        }
        self.rel_places += page.rel_places;
        self.rel_covered += page.rel_covered;
        for finding in &page.findings {
            *self.findings.entry(finding.rule).or_default() += 1;
        }
        if page.is_dense
            && let Some(payer) = only_payer(page)
        {
            self.concentrated.push((page.path.clone(), payer));
        }
    }

    /// All affiliate links, wherever they stand.
    pub fn affiliate(&self) -> usize {
        self.credits.values().sum()
    }

    /// How many links to merchants earn the user something, earn somebody else something, and earn nobody anything; the first
    /// after a build where there is one to come.
    pub fn shares(&self) -> [usize; 3] {
        let sum = |count: fn(&MerchantAudit) -> usize| self.merchants.iter().map(count).sum();
        let own = |merchant: &MerchantAudit| merchant.own + merchant.to_come;
        let plain = |merchant: &MerchantAudit| merchant.ended + merchant.plain.saturating_sub(merchant.to_come);
        [sum(own), sum(|merchant| merchant.foreign + merchant.partner), sum(plain)]
    }

    /// Affiliate links of the contents per 1,000 words, as the pages stand.
    pub fn density(&self) -> f64 {
        self.per_1000(self.links.affiliate)
    }

    /// The same after a build, where there is one to come.
    pub fn built_density(&self) -> Option<f64> {
        self.built.map(|built| self.per_1000(built))
    }

    fn per_1000(&self, links: usize) -> f64 {
        real(links) * 1000.0 / real(self.words.max(1))
    }
}

impl Counts {
    /// Adds `other`.
    pub fn add(&mut self, other: Self) {
        self.all += other.all;
        self.affiliate += other.affiliate;
        self.external += other.external;
        self.internal += other.internal;
    }
}

impl OtherAudit {
    fn cmp_key(&self) -> (&Option<String>, &str, &Option<String>) {
        (&self.partner, &self.network, &self.publisher)
    }
}

/// The one that all affiliate links of `page` credit, or will.
fn only_payer(page: &PageAudit) -> Option<String> {
    let after = |link: &LinkAudit| match &link.becomes {
        Some(becomes) if becomes.affiliate && link.credit == Credit::None => becomes.program.clone(),
        _ => link.payer().map(str::to_owned),
    };
    let payers: BTreeSet<String> = page.business.iter().filter_map(after).collect();
    if payers.len() == 1 { payers.into_iter().next() } else { None }
}

/// What is summed up over pages.
#[derive(Default)]
struct Sums {
    merchants: BTreeMap<String, MerchantSum>,
    programs: BTreeMap<String, (Tally, usize)>,
    others: BTreeMap<(Option<String>, String, Option<String>), Tally>,
    hosts: BTreeMap<String, Tally>,
    /// The pages so far.
    page: usize,
}

/// Links, and the pages that they stand on.
#[derive(Default)]
struct Tally {
    links: usize,
    pages: usize,
    /// The last page counted, from 1.
    last: usize,
}

impl Tally {
    fn add(&mut self, links: usize, page: usize) {
        self.links += links;
        self.pages += usize::from(std::mem::replace(&mut self.last, page) != page);
    }
}

struct MerchantSum {
    tally: Tally,
    audit: MerchantAudit,
}

impl Sums {
    fn add(&mut self, page: &PageAudit) {
        self.page += 1;
        for link in &page.business {
            self.link(link);
        }
        for (host, links) in &page.others {
            tally(&mut self.hosts, host).add(*links, self.page);
        }
    }

    fn link(&mut self, link: &LinkAudit) {
        let page = self.page;
        let to_come = link.becomes.as_ref().filter(|becomes| link.credit == Credit::None && becomes.affiliate);
        let program = to_come.and_then(|becomes| becomes.program.as_ref());
        let program = if link.credit == Credit::Own { link.program.as_ref() } else { program };
        if let Some(program) = program {
            let (tally, coming) = self.programs.entry(program.clone()).or_default();
            tally.add(usize::from(to_come.is_none()), page);
            *coming += usize::from(to_come.is_some());
        }
        if matches!(link.credit, Credit::Partner | Credit::Foreign | Credit::Unknown) {
            let partner = link.program.clone().filter(|_| link.credit == Credit::Partner);
            let network = link.network.clone().unwrap_or_default();
            self.others.entry((partner, network, link.publisher.clone())).or_default().add(1, page);
        }
        let Some(merchant) = &link.merchant else { return };
        if !self.merchants.contains_key(&merchant.domain) {
            let audit = MerchantAudit::new(&merchant.domain, merchant.evidence);
            self.merchants.insert(merchant.domain.clone(), MerchantSum { tally: Tally::default(), audit });
        }
        if let Some(sum) = self.merchants.get_mut(&merchant.domain) {
            sum.tally.add(1, page);
            sum.audit.add(link, merchant.evidence, to_come.is_some());
        }
    }

    fn program(&self, program: &Program) -> ProgramAudit {
        let used = self.programs.get(&program.name);
        let links = used.map_or(0, |(tally, _)| tally.links);
        let cookie_days = program.cookie_days.or_else(|| catalog_days(program));
        ProgramAudit {
            name: program.name.clone(),
            network: program.network.map(str::to_owned),
            links,
            to_come: used.map_or(0, |(_, to_come)| *to_come),
            pages: used.map_or(0, |(tally, _)| tally.pages),
            status: match program.status {
                Status::Active if program.not_started => "not started",
                Status::Active => "active",
                Status::Paused => "paused",
                Status::Ended => "ended",
            },
            ends: program.ends.map(|date| date.to_string()),
            cookie_days,
            short_cookie: cookie_days.is_some_and(|days| days < SHORT_COOKIE_DAYS),
            ended_in_use: program.status == Status::Ended && links > 0,
        }
    }

    fn others(&self) -> Vec<OtherAudit> {
        let other = |((partner, network, publisher), tally): (&(Option<String>, String, Option<String>), &Tally)| {
            let (partner, network, publisher) = (partner.clone(), network.clone(), publisher.clone());
            OtherAudit { partner, network, publisher, links: tally.links, pages: tally.pages }
        };
        self.others.iter().map(other).collect()
    }

    fn merchants(&self) -> Vec<MerchantAudit> {
        let merchant = |sum: &MerchantSum| MerchantAudit {
            links: sum.tally.links,
            pages: sum.tally.pages,
            networks: networks::carriers(&sum.audit.domain),
            ..sum.audit.clone()
        };
        let mut merchants: Vec<_> = self.merchants.values().map(merchant).collect();
        merchants.sort_by(|one, other| other.links.cmp(&one.links).then_with(|| one.domain.cmp(&other.domain)));
        merchants
    }

    fn outbound(&self) -> Vec<(String, usize, usize)> {
        let mut hosts: Vec<_> =
            self.hosts.iter().map(|(host, tally)| (host.clone(), tally.links, tally.pages)).collect();
        hosts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        hosts
    }
}

impl MerchantAudit {
    fn new(domain: &str, evidence: Evidence) -> Self {
        Self {
            domain: domain.to_owned(),
            evidence,
            links: 0,
            pages: 0,
            plain: 0,
            own: 0,
            partner: 0,
            ended: 0,
            foreign: 0,
            to_come: 0,
            program: None,
            networks: Vec::new(),
        }
    }

    fn add(&mut self, link: &LinkAudit, evidence: Evidence, to_come: bool) {
        self.evidence = self.evidence.min(evidence);
        self.to_come += usize::from(to_come);
        match link.credit {
            Credit::None => self.plain += 1,
            Credit::Own if link.ended => self.ended += 1,
            Credit::Own => self.own += 1,
            Credit::Partner => self.partner += 1,
            Credit::Foreign | Credit::Unknown => self.foreign += 1,
        }
        if self.program.is_none() && link.credit != Credit::Partner {
            self.program.clone_from(&link.program);
        }
    }
}

fn tally<'t>(tallies: &'t mut BTreeMap<String, Tally>, key: &str) -> &'t mut Tally {
    if !tallies.contains_key(key) {
        tallies.insert(key.to_owned(), Tally::default());
    }
    tallies.entry(key.to_owned()).or_default()
}

/// How long the catalog says that a click of `program` counts: for its merchant, else for the network.
fn catalog_days(program: &Program) -> Option<f64> {
    let network = networks::find(program.network?)?;
    let merchants = program.domains.iter().flat_map(|domain| networks::merchants_on(domain));
    let merchant = merchants.filter(|merchant| merchant.network == network.id).find_map(|found| found.cookie_days);
    merchant.or(network.cookie_days)
}
