//! One page from bytes to bytes: read, survey, plan, apply, prove. Decides what becomes of a page whose edits cannot be
//! proven; touches no file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::config::Config;
use crate::config::policy::Policy;
use crate::document::{Document, Link, LinkKind, ParseOptions, Relinked};
use crate::edit::Change;
use crate::edit::verify::{Mismatch, Verified, in_order, verify};
use crate::manifest::{self, Bytes};
use crate::pipeline::study::{self, Study};
use crate::plan::{self, Action, Added, Addition, Context, Decision, Plan, Reason};
use crate::report::run::Record;
use crate::source::{Format, Lines, Skip, Source};
use crate::span::Span;
use crate::survey::LinkFacts;

/// What a page became.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing to change.
    Same(Vec<Record>),
    /// Changed, and proven.
    Edited {
        /// The page after the edits.
        bytes: Vec<u8>,
        /// Every decision about it.
        records: Vec<Record>,
    },
    /// Not read as a page.
    Skipped(Skip),
    /// HTML with template syntax: no page but what pages are made from.
    Template,
    /// A page that only leads elsewhere.
    Redirect,
    /// Left as it was because something is wrong; says what.
    Refused(String),
}

/// How the pages of a site are to be rewritten, apart from the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'s> {
    /// The configuration.
    pub config: &'s Config,
    /// See [`Context::relinked`].
    pub relinked: Relinked,
    /// The day of the build, as `YYYY-MM-DD`.
    pub date: &'s str,
}

/// Rewrites one page. Never panics: a panic inside is a refusal.
pub fn rewrite(bytes: &[u8], format: Format, page: &str, setup: Setup<'_>) -> Outcome {
    guarded(|| run(Study::of(bytes, format, page, setup), plan::whole))
}

/// Runs `work`; a panic inside is a refusal.
pub(crate) fn guarded(work: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Outcome::Refused(format!("internal error: {message}; please report it with the page"))
    })
}

/// What becomes of a page that is known to hold nothing to do.
pub(crate) fn idle(bytes: &[u8], format: Format) -> Outcome {
    guarded(|| study::open(bytes, format).err().unwrap_or(Outcome::Same(Vec::new())))
}

/// What becomes of a page that was read, or not, as `planner` decides.
pub(crate) fn run(
    study: Result<Study<'_>, Outcome>,
    planner: impl Fn(&str, &Document, &[LinkFacts], Context<'_>) -> Plan,
) -> Outcome {
    let study = match study {
        Ok(study) => study,
        Err(outcome) => return outcome,
    };
    match study.settle(planner) {
        Err(outcome) => outcome,
        Ok((plan, None)) => Outcome::Same(study.recorder().records(&plan, None)),
        Ok((plan, Some(verified))) => {
            let records = study.recorder().records(&plan, Some(&verified));
            Outcome::Edited { bytes: verified.applied.bytes, records }
        }
    }
}

impl Study<'_> {
    /// What `planner` decides, as far as it stands, and its proof where it changes anything.
    pub(crate) fn settle(
        &self,
        planner: impl Fn(&str, &Document, &[LinkFacts], Context<'_>) -> Plan,
    ) -> Result<(Plan, Option<Verified>), Outcome> {
        let policy = self.policy().map_err(Outcome::Refused)?;
        let context = self.context(&policy);
        let plan = |failed: &Failed| {
            let context = Context { destination_only: &failed.links, barred: &failed.names, ..context };
            planner(self.source.text(), &self.document, &self.facts, context)
        };
        // a proof looks at links and structure alone
        let bare;
        let options = if self.options.outline {
            bare = ParseOptions { outline: false, ..self.options.clone().into_owned() };
            &bare
        } else {
            &*self.options
        };
        let page = Page { source: &self.source, format: self.format, options, document: &self.document };
        page.settle(&plan).map_err(|mismatch| Outcome::Refused(mismatch.to_string()))
    }

    /// What `planner` decides, without a proof: what would break the page is left out by [`Self::settle`] alone.
    pub(crate) fn unproven(
        &self,
        planner: impl FnOnce(&str, &Document, &[LinkFacts], Context<'_>) -> Plan,
    ) -> Result<Plan, Outcome> {
        let policy = self.policy().map_err(Outcome::Refused)?;
        Ok(planner(self.source.text(), &self.document, &self.facts, self.context(&policy)))
    }

    fn context<'c>(&'c self, policy: &'c Policy) -> Context<'c> {
        Context {
            map: &self.setup.config.map,
            policy,
            page: self.page,
            date: self.setup.date,
            site_language: self.setup.config.site.language.as_deref(),
            program_subids: &self.setup.config.program_subids,
            relinked: if self.format == Format::Mdx { Relinked::Urls } else { self.setup.relinked },
            names: self.names.as_ref(),
            barred: &[],
            names_from: 0,
            destination_only: &[],
        }
    }

    fn recorder(&self) -> Recorder<'_> {
        Recorder { source: &self.source, document: &self.document, facts: &self.facts, setup: self.setup }
    }
}

/// A page that was read.
struct Page<'p> {
    source: &'p Source<'p>,
    format: Format,
    options: &'p ParseOptions,
    document: &'p Document,
}

impl Page<'_> {
    /// A plan that stands, and its proof where it changes anything. Of what does not stand, links are tried once more with
    /// the destinations alone and other names of the same products in place of names; what does not stand then is left out.
    fn settle(&self, plan: &impl Fn(&Failed) -> Plan) -> Result<(Plan, Option<Verified>), Mismatch> {
        let mut failed = Failed::default();
        for _ in 0..ROUNDS {
            let made = plan(&failed);
            if made.changes.is_empty() {
                return Ok((made, None));
            }
            if let Ok(verified) = self.verify(&made.changes) {
                return Ok((made, Some(verified)));
            }
            if !failed.add(&made.changes, &self.sound(&made.changes)) {
                break;
            }
        }
        let mut last = plan(&failed);
        let sound = self.sound(&last.changes);
        drop_unsound(&mut last, &sound);
        if last.changes.is_empty() {
            return Ok((last, None));
        }
        let verified = self.verify(&last.changes)?;
        Ok((last, Some(verified)))
    }

    fn sound(&self, changes: &[Change]) -> Vec<bool> {
        sound(changes, &mut |changes| self.verify(changes).is_ok())
    }

    fn verify(&self, changes: &[Change]) -> Result<Verified, Mismatch> {
        verify(self.source, self.format, self.options, self.document, changes)
    }
}

/// What was tried and did not stand.
#[derive(Debug, Default)]
struct Failed {
    /// Links, by index and sorted.
    links: Vec<usize>,
    /// What names would have become links.
    names: Vec<Span>,
}

impl Failed {
    /// Adds those of `changes` that are not `sound`; whether any of them is new.
    fn add(&mut self, changes: &[Change], sound: &[bool]) -> bool {
        let before = self.links.len() + self.names.len();
        for (change, _) in changes.iter().zip(sound).filter(|(_, sound)| !**sound) {
            self.links.extend(change.expect.iter().map(|expected| expected.link));
            self.names.extend(change.new_links.iter().map(|link| link.text));
        }
        self.links.sort_unstable();
        self.links.dedup();
        self.links.len() + self.names.len() > before
    }
}

/// How often a page is planned anew without what did not stand.
const ROUNDS: usize = 8;

/// The most proofs spent on finding which changes of a page stand; those not reached then do not.
const PROOFS: usize = 48;

/// A set of `changes` that stands together, grown by halving.
fn sound(changes: &[Change], stands: &mut impl FnMut(&[Change]) -> bool) -> Vec<bool> {
    let mut sound = vec![false; changes.len()];
    let mut grown: Vec<Change> = Vec::new();
    let mut open = vec![(0, changes.len())];
    let mut proofs = 0;
    while let Some((from, to)) = open.pop() {
        if from == to {
            continue;
        }
        proofs += 1;
        if proofs > PROOFS {
            break;
        }
        let kept = grown.len();
        grown.extend_from_slice(&changes[from..to]);
        if stands(&grown) {
            sound[from..to].fill(true);
            continue;
        }
        grown.truncate(kept);
        if to - from > 1 {
            let middle = from.midpoint(to);
            open.push((middle, to));
            open.push((from, middle));
        }
    }
    sound
}

fn drop_unsound(plan: &mut Plan, sound: &[bool]) {
    let mut kept = 0;
    let places: Vec<Option<usize>> = sound
        .iter()
        .map(|&sound| {
            kept += usize::from(sound);
            sound.then(|| kept - 1)
        })
        .collect();
    let mut flags = sound.iter();
    plan.changes.retain(|_| *flags.next().unwrap_or(&false));
    for decision in &mut plan.decisions {
        let Some(change) = decision.change else { continue };
        decision.change = places[change];
        if decision.change.is_none() {
            decision.action = Action::Skipped;
            decision.reason = Reason::WouldBreakMarkup;
            decision.subid = None;
        }
    }
    for addition in &mut plan.additions {
        let Some(change) = addition.change else { continue };
        addition.change = places[change];
        if addition.change.is_none() {
            addition.action = Action::Skipped;
            addition.reason = Reason::WouldBreakMarkup;
            addition.subid = None;
        }
    }
}

/// The most names of products that stay names and are told of, of one page.
const MAX_TOLD: usize = 1000;

struct Recorder<'r> {
    source: &'r Source<'r>,
    document: &'r Document,
    facts: &'r [LinkFacts],
    setup: Setup<'r>,
}

impl Recorder<'_> {
    fn records(&self, plan: &Plan, verified: Option<&Verified>) -> Vec<Record> {
        if plan.decisions.is_empty() && plan.additions.is_empty() {
            return Vec::new();
        }
        let lines = Lines::of(self.source.text());
        // links and definitions have an order each; on a long line it counts where the last question led
        let definition_lines = Lines::of(self.source.text());
        let edits = Placed::of(&plan.changes, verified);
        let mut told = vec![false; plan.changes.len()];
        let mut records = Vec::with_capacity(plan.decisions.len());
        for decision in &plan.decisions {
            let link = &self.document.links[decision.link];
            let definition = link.definition.and_then(|index| self.document.definitions.get(index));
            if let (Some(definition), Some(change)) = (definition, decision.change) {
                let hull = edits.within(change, definition.span);
                if hull.is_some() && !std::mem::replace(&mut told[change], true) {
                    records.push(self.record(decision, manifest::Kind::Definition, hull, &definition_lines, &edits));
                }
            }
            // the change of a definition holds the lists of all its links: one where this link begins is the last one's
            let own = |span: Span| link.kind != LinkKind::Reference || span != Span::at(link.element.start);
            let hull = decision.change.and_then(|change| edits.within_where(change, link.with_attributes(), own));
            records.push(self.record(decision, kind(link), hull, &lines, &edits));
        }
        if !plan.additions.is_empty() {
            let mut refused = 0;
            let told = plan.additions.iter().filter(|addition| {
                let is_refusal = addition.kind == Added::Mention && addition.action == Action::Skipped;
                refused += usize::from(is_refusal);
                !is_refusal || refused <= MAX_TOLD
            });
            records.extend(told.map(|addition| self.addition(addition, plan, &lines, &edits)));
            records.sort_by_key(|record| (record.line, record.column));
        }
        records
    }

    fn addition(&self, addition: &Addition, plan: &Plan, lines: &Lines<'_>, edits: &Placed<'_>) -> Record {
        let hull = addition.change.and_then(|change| edits.within(change, plan.changes.get(change)?.hull()?));
        let (before, after) = hull.unwrap_or_else(|| (addition.place, edits.forward(addition.place)));
        let bytes: Bytes = self.source.bytes().get(before.start..before.end).unwrap_or_default().into();
        let (line, column) = lines.position(addition.place.start);
        Record {
            line,
            column,
            start: after.start,
            end: after.end,
            kind: kind_of(addition.kind),
            action: addition.action,
            reason: addition.reason,
            program: self.program(addition.program),
            network: addition.network.clone(),
            after: if hull.is_some() { edits.bytes(after) } else { bytes.clone() },
            before: bytes,
            subid: addition.subid.clone(),
            product: addition.product.clone(),
            url: addition.url.clone(),
            left_ended: false,
            affiliate: addition.kind == Added::Mention && addition.action == Action::Linked,
            lacks_attributes: addition.change.is_some_and(|change| {
                plan.changes.get(change).is_some_and(|change| change.new_links.iter().any(|link| link.rel.is_none()))
            }),
        }
    }

    fn program(&self, index: Option<usize>) -> Option<String> {
        Some(self.setup.config.map.programs().get(index?)?.name.clone())
    }

    fn record(
        &self,
        decision: &Decision,
        kind: manifest::Kind,
        hull: Option<(Span, Span)>,
        lines: &Lines<'_>,
        edits: &Placed<'_>,
    ) -> Record {
        let link = &self.document.links[decision.link];
        let url = &self.facts[decision.link].address.url;
        let (before, after) = hull.unwrap_or_else(|| (link.element, edits.forward(link.element)));
        let at = if kind == manifest::Kind::Definition { before.start } else { link.element.start };
        let place = lines.position(at);
        let bytes: Bytes = self.source.bytes().get(before.start..before.end).unwrap_or_default().into();
        Record {
            line: place.0,
            column: place.1,
            start: after.start,
            end: after.end,
            kind,
            action: decision.action,
            reason: decision.reason,
            program: self.program(decision.program),
            network: decision.network.clone(),
            after: if hull.is_some() { edits.bytes(after) } else { bytes.clone() },
            before: bytes,
            subid: decision.subid.clone(),
            product: None,
            url: url.clone(),
            left_ended: decision.left_ended,
            affiliate: decision.affiliate,
            lacks_attributes: decision.lacks_attributes,
        }
    }
}

pub(crate) fn kind(link: &Link) -> manifest::Kind {
    match link.kind {
        _ if link.banner => manifest::Kind::Banner,
        LinkKind::Inline => manifest::Kind::Inline,
        LinkKind::Reference => manifest::Kind::Reference,
        LinkKind::Autolink => manifest::Kind::Autolink,
        LinkKind::Bare => manifest::Kind::Bare,
        LinkKind::Html => manifest::Kind::Html,
        LinkKind::Area => manifest::Kind::Area,
        LinkKind::FrontMatter => manifest::Kind::FrontMatter,
        LinkKind::Shortcode => manifest::Kind::Shortcode,
        LinkKind::Component => manifest::Kind::Component,
    }
}

pub(crate) fn kind_of(added: Added) -> manifest::Kind {
    match added {
        Added::Mention => manifest::Kind::Mention,
        Added::Notice => manifest::Kind::Notice,
        Added::Statement => manifest::Kind::Statement,
        Added::Marker => manifest::Kind::Marker,
    }
}

/// Where the edits of a page stand, before and after.
struct Placed<'p> {
    /// By change: its edits' spans before and after.
    changes: Vec<Vec<(Span, Span)>>,
    /// All of them, in order.
    all: Vec<(Span, Span)>,
    bytes: &'p [u8],
}

impl<'p> Placed<'p> {
    fn of(changes: &[Change], verified: Option<&'p Verified>) -> Self {
        let mut placed = Self { changes: vec![Vec::new(); changes.len()], all: Vec::new(), bytes: &[] };
        let Some(verified) = verified else { return placed };
        placed.bytes = &verified.applied.bytes;
        for ((change, edit), &after) in in_order(changes).into_iter().zip(&verified.applied.placed) {
            let pair = (changes[change].edits[edit].span, after);
            placed.changes[change].push(pair);
            placed.all.push(pair);
        }
        placed
    }

    /// From the first to the last byte of those of `change`'s edits that lie in `extent`, before and after.
    fn within(&self, change: usize, extent: Span) -> Option<(Span, Span)> {
        self.within_where(change, extent, |_| true)
    }

    /// The same of those whose place in the original is `own`.
    fn within_where(&self, change: usize, extent: Span, own: impl Fn(Span) -> bool) -> Option<(Span, Span)> {
        let edits = self.changes.get(change)?;
        let from = edits.partition_point(|(before, _)| before.start < extent.start);
        let inside = edits[from..].iter().take_while(|(before, _)| before.end <= extent.end);
        let mut own = inside.filter(|(before, _)| own(*before));
        let first = own.next()?;
        let last = own.last().unwrap_or(first);
        Some((Span::new(first.0.start, last.0.end), Span::new(first.1.start, last.1.end)))
    }

    /// Where the unedited `span` of the original stands afterwards.
    fn forward(&self, span: Span) -> Span {
        let lead = |at: usize| {
            let index = self.all.partition_point(|(before, _)| before.end <= at);
            let last = index.checked_sub(1).map(|index| self.all[index]);
            last.map_or(at, |(before, after)| after.end + (at - before.end))
        };
        let start = lead(span.start);
        Span::new(start, lead(span.end).max(start))
    }

    fn bytes(&self, after: Span) -> Bytes {
        self.bytes.get(after.start..after.end).unwrap_or_default().into()
    }
}
