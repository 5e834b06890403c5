//! The figures of pages and sites: how many links there are and whom they pay, where they stand, which merchants earn nothing.
//! Decides what is counted as what; judges nothing, prints nothing, opens no file.
//!
//! A page is counted from what the survey and the linter's own counting know of it, so that no figure here differs from
//! theirs. What a link becomes and what the linter finds is told by whoever asks for the figures.

pub mod change;
pub mod merchant;
pub mod page;
pub mod site;

pub use self::change::{Change, PageChange, State};
pub use self::merchant::{Evidence, Merchant};
pub use self::page::Sight;
pub use self::site::{MerchantAudit, ProgramAudit, SiteAudit};
use crate::config::lint::Level;

/// The figures of one page.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one page")]
pub struct PageAudit {
    /// Its file, as it is shown.
    pub path: String,
    /// Whether it is a list of products.
    pub roundup: bool,
    /// Its language, as it or the site says it.
    pub language: Option<String>,
    /// Whether it is not published yet.
    pub draft: bool,
    /// The words of its content.
    pub words: usize,
    /// The links of its content.
    pub links: Counts,
    /// The links outside its content: in navigation, headers, footers, side columns.
    pub outside: Counts,
    /// The values that are links: of front matter, shortcodes, components.
    pub values: Counts,
    /// Affiliate links per 1,000 words of the content; per word on a page without any.
    pub density: f64,
    /// The share of the content's characters that is text of affiliate links, from 0 to 1.
    pub link_text_share: f64,
    /// The paragraph, list item or table row with the most affiliate links.
    pub densest: Option<Densest>,
    /// The words before the first affiliate link of the content.
    pub words_before_link: Option<usize>,
    /// The words before the first notice.
    pub words_before_notice: Option<usize>,
    /// Whether anything on the page tells readers of paid links.
    pub disclosure: bool,
    /// Whether a build puts a notice there, or the site's theme shows one.
    pub notice_to_come: bool,
    /// Affiliate links that can have attributes ...
    pub rel_places: usize,
    /// ... and those of them that are `sponsored` or `nofollow`.
    pub rel_covered: usize,
    /// The page after a build, where there is something to build by.
    pub built: Option<Built>,
    /// Whether it carries more affiliate links than the linter's `link-density` allows; after a build where there is one to
    /// come.
    pub is_dense: bool,
    /// Every link that is some program's or merchant's, by where it stands, values and those outside the content among them.
    pub business: Vec<LinkAudit>,
    /// Hosts of other sites that are no merchant's as far as is known, with how many links lead there.
    pub others: Vec<(String, usize)>,
    /// What the linter finds.
    pub findings: Vec<Finding>,
}

/// How many links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Those that credit somebody, wherever they lead.
    pub affiliate: usize,
    /// Those to other hosts.
    pub external: usize,
    /// Those within the site.
    pub internal: usize,
}

/// The paragraph with the most affiliate links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Densest {
    /// The 1-based line of the first of them.
    pub line: usize,
    /// How many.
    pub links: usize,
}

/// A page after a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Built {
    /// The affiliate links of its content.
    pub affiliate: usize,
    /// The same per 1,000 words.
    pub density: f64,
}

/// A finding of the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// How grave.
    pub level: Level,
    /// 1-based.
    pub line: usize,
    /// 1-based, in code points.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// A link that is some program's or merchant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAudit {
    /// 1-based.
    pub line: usize,
    /// 1-based, in code points.
    pub column: usize,
    /// Where on the page.
    pub area: Area,
    /// As written, white space apart.
    pub url: String,
    /// The beginning of what the reader clicks.
    pub text: String,
    /// Whom it credits.
    pub credit: Credit,
    /// Whether that is a program that has ended, and no build makes it another's.
    pub ended: bool,
    /// The program, for an own link; that would win it, for a plain one.
    pub program: Option<String>,
    /// The catalog id of the network whose click counts, or the program's name for a form of the user's own.
    pub network: Option<String>,
    /// The affiliate id that it carries.
    pub publisher: Option<String>,
    /// Whether it carries a sub-ID; `None` where it is no own link or there is no place for one.
    pub subid: Option<bool>,
    /// The merchant it leads to, where that is known.
    pub merchant: Option<Merchant>,
    /// What a build makes of it, where there is something to build by.
    pub becomes: Option<Becomes>,
}

impl LinkAudit {
    /// Whether it credits somebody once readers get it: after the build where there is one to come, else as it stands.
    pub fn is_paid(&self) -> bool {
        self.becomes.as_ref().map_or(self.credit != Credit::None, |becomes| becomes.affiliate)
    }
}

/// Where on the page a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// In the content.
    Content,
    /// In navigation, a header, a footer, a side column.
    Outside,
    /// In front matter, a shortcode or a component.
    Value,
}

/// Whom a link credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credit {
    /// One of the user's programs.
    Own,
    /// A partner.
    Partner,
    /// Somebody else.
    Foreign,
    /// An affiliate link that does not say whom.
    Unknown,
    /// Nobody: a plain link.
    None,
}

impl Credit {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Own, Self::Partner, Self::Foreign, Self::Unknown, Self::None];

    /// Its name in reports, as `explain` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Partner => "partner",
            Self::Foreign => "foreign",
            Self::Unknown => "unknown",
            Self::None => "none",
        }
    }
}

/// What a build makes of a link: planned, not proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Becomes {
    /// What happens, as the manifest says it.
    pub action: &'static str,
    /// Why, as the manifest says it.
    pub reason: &'static str,
    /// Why, for people.
    pub sentence: &'static str,
    /// The program.
    pub program: Option<String>,
    /// The URL then, where it is another one.
    pub result: Option<String>,
    /// Whether it credits somebody then.
    pub affiliate: bool,
}

impl PageAudit {
    /// The affiliate links of the content that readers get: after the build where there is one to come, else as they stand.
    pub fn paid(&self) -> usize {
        self.built.map_or(self.links.affiliate, |built| built.affiliate)
    }

    /// The same per 1,000 words.
    pub fn paid_density(&self) -> f64 {
        self.built.map_or(self.density, |built| built.density)
    }

    /// Whether it has affiliate links, and nothing tells readers of them, now or after a build.
    pub fn is_undisclosed(&self) -> bool {
        !self.disclosure && !self.notice_to_come && self.business.iter().any(LinkAudit::is_affiliate)
    }

    /// How many links credit somebody, wherever they stand, by whom: programs and partners by name, else networks.
    pub fn payers(&self) -> std::collections::BTreeMap<&str, usize> {
        let mut payers = std::collections::BTreeMap::new();
        for payer in self.business.iter().filter_map(LinkAudit::payer) {
            *payers.entry(payer).or_default() += 1;
        }
        payers
    }

    /// The largest share of its affiliate links that one program or network has, from 0 to 1.
    pub fn largest_share(&self) -> Option<f64> {
        let payers = self.payers();
        let most = payers.values().max()?;
        Some(ratio(*most, payers.values().sum()))
    }
}

impl LinkAudit {
    /// Whether it credits somebody.
    pub fn is_affiliate(&self) -> bool {
        self.credit != Credit::None
    }

    /// Who is credited: the program or partner by name, else the network; `None` for a plain link.
    pub fn payer(&self) -> Option<&str> {
        match self.credit {
            Credit::None => None,
            Credit::Own | Credit::Partner => self.program.as_deref().or(self.network.as_deref()),
            Credit::Foreign | Credit::Unknown => self.network.as_deref().or(Some("unknown")),
        }
    }
}

/// `part` of `whole`, from 0 to 1; 0 of nothing.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    real(part) / real(whole.max(1))
}

pub(crate) fn real(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

impl Area {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Outside => "outside",
            Self::Value => "value",
        }
    }
}
