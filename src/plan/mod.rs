//! Turns what is known of a page's links into changes and decisions. Pure: no files, no clock; a link that stays is as
//! much a decision, with its reason, as one that changes.

pub(crate) mod disclosure;
mod line;
pub mod link;
mod linked;
pub mod mention;
mod nest;
pub mod reason;
pub mod rel;

mod unlink;
mod write;

use rustc_hash::FxHashMap;

pub(crate) use self::disclosure::{move_up, own_texts, uncounted};
pub use self::link::Context;
pub use self::mention::{Names, Rules};
pub use self::reason::{Action, Reason};
use crate::document::{Document, LinkKind};
use crate::edit::Change;
use crate::notice::Disclosures;
use crate::plan::link::{Intent, intend};
use crate::plan::write::Site;
use crate::program::{Credit, OwnState, UrlEdit};
use crate::span::Span;
use crate::survey::LinkFacts;
use crate::survey::load::Rule;

/// What is to happen on a page.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The changes, by where they start.
    pub changes: Vec<Change>,
    /// A decision for every link that is anybody's business, by where it stands.
    pub decisions: Vec<Decision>,
    /// A decision for every mention that was considered, and for every notice, sentence and marker, by where it stands.
    pub additions: Vec<Addition>,
    /// What the page says of its paid links as it stands, where planning had to know: those who judge it need not look again.
    pub(crate) said: Option<Disclosures>,
}

/// What was decided about something that is no link yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// What it is.
    pub kind: Added,
    /// The bytes of the page that it is about; empty for what is inserted.
    pub place: Span,
    /// What happens.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The program, as an index into the program map.
    pub program: Option<usize>,
    /// The network.
    pub network: Option<String>,
    /// The sub-ID that a new link carries.
    pub subid: Option<String>,
    /// The product's name.
    pub product: Option<String>,
    /// The URL it leads to before a program has a say: the product's; empty for what is no link.
    pub url: String,
    /// The rule of the linter that a link here would break.
    pub rule: Option<Rule>,
    /// The change that brings it about, as an index into [`Plan::changes`].
    pub change: Option<usize>,
}

/// What is added to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Added {
    /// A link around a product's name.
    Mention,
    /// The disclosure.
    Notice,
    /// A sentence that a program requires.
    Statement,
    /// What stands after an affiliate link to mark it.
    Marker,
}

/// What was decided about one link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one decision")]
pub struct Decision {
    /// The link, as an index into the page's links.
    pub link: usize,
    /// What happens.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The program, as an index into the program map.
    pub program: Option<usize>,
    /// The network.
    pub network: Option<String>,
    /// The sub-ID it carries then.
    pub subid: Option<String>,
    /// The change that brings it about, as an index into [`Plan::changes`].
    pub change: Option<usize>,
    /// Whether it is an own link of an ended program that stays, because it cannot be read or written.
    pub left_ended: bool,
    /// Whether it credits somebody then.
    pub affiliate: bool,
    /// Whether readers are to be told of it: it credits somebody then whom the configuration speaks of.
    pub disclosed: bool,
    /// Whether it should have attributes then that its place or the style cannot give it.
    pub lacks_attributes: bool,
}

/// Plans a page. `facts` has one entry per link of `document`; `text` is the page's text view.
pub fn plan(text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>) -> Plan {
    let mut ordinals: FxHashMap<&str, usize> = FxHashMap::default();
    let intents: Vec<Option<Intent>> = document
        .links
        .iter()
        .zip(facts)
        .map(|(link, facts)| {
            let destination =
                facts.url.as_ref().and_then(|url| url.destination.as_deref()).unwrap_or(&facts.address.url);
            let ordinal = ordinals.entry(destination).or_default();
            let intent = intend(link, facts, *ordinal, context);
            *ordinal += usize::from(intent.is_some());
            intent
        })
        .collect();
    let mut plan = carry_out(text, document, facts, context, intents);
    if let Some(names) = context.names {
        mention::add(text, document, facts, context, names, &mut plan);
    }
    plan
}

/// As [`plan`], with what discloses the affiliate links where the page has its outline.
pub fn whole(text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>) -> Plan {
    let mut plan = self::plan(text, document, facts, context);
    let barred = disclosure::disclose(text, document, facts, context, &mut plan);
    if let Some(names_from) = barred {
        let context = Context { names_from, ..context };
        plan = self::plan(text, document, facts, context);
        disclosure::disclose(text, document, facts, context, &mut plan);
    }
    plan
}

/// What is wished of one link, when single faults of a page are mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The attributes of an affiliate link.
    Attributes,
    /// Edits to its URL.
    Url(Vec<UrlEdit>),
    /// What a build would do with it, and with somebody else's link where an own program serves the merchant.
    Rewrite,
    /// Its text alone.
    Unlink,
}

/// Plans to do what is wished of single links, by index, and with `disclose` what discloses the affiliate links that stand;
/// everything else stays.
pub fn mend(
    text: &str,
    document: &Document,
    facts: &[LinkFacts],
    context: Context<'_>,
    wishes: Vec<Option<Wish>>,
    disclose: bool,
) -> Plan {
    let ends = wishes.iter().enumerate().filter(|(_, wish)| **wish == Some(Wish::Unlink));
    let ends: Vec<usize> = ends.map(|(link, _)| link).collect();
    let intents = document.links.iter().zip(facts).zip(wishes);
    let intents = intents.map(|((link, facts), wish)| link::intend_wish(link, facts, wish, context)).collect();
    let mut plan = carry_out(text, document, facts, context, intents);
    for link in ends {
        unlink::leave_text(document, link, context, &mut plan);
    }
    if disclose {
        disclosure::disclose(text, document, facts, context, &mut plan);
    }
    plan
}

/// Plans to take own links out: each becomes its clean destination, and a `rel` that is exactly the configured one goes.
/// What a build would have made of a product's name becomes text again, and what it wrote about the links goes.
/// With `program`, only links of that program, and what it wrote about no other.
pub fn strip(
    text: &str,
    document: &Document,
    facts: &[LinkFacts],
    context: Context<'_>,
    program: Option<usize>,
) -> Plan {
    let links = || document.links.iter().zip(facts);
    let intents: Vec<_> = links().map(|(link, facts)| link::intend_strip(link, facts, program, context)).collect();
    let Some(_) = program else {
        let mut plan = carry_out(text, document, facts, context, intents);
        unlink::unlink(text, document, facts, context, &mut plan);
        disclosure::strip(text, document, facts, context, &mut plan);
        return plan;
    };
    let wanted: Vec<bool> = intents.iter().map(Option::is_some).collect();
    // what the others are says what is still to be disclosed
    let others = links().map(|(link, facts)| link::intend_wish(link, facts, None, context));
    let intents = intents.into_iter().zip(others).map(|(intent, other)| intent.or(other)).collect();
    let mut plan = carry_out(text, document, facts, context, intents);
    unlink::unlink(text, document, facts, context, &mut plan);
    for decision in plan.decisions.iter_mut().filter(|decision| decision.change.is_none()) {
        let url = facts[decision.link].url.as_ref().filter(|url| url.is_affiliate());
        decision.affiliate = url.is_some();
        decision.disclosed = url.is_some_and(|url| link::is_spoken_of(url, context.map));
    }
    disclosure::retract(text, document, facts, context, &mut plan);
    plan.decisions.retain(|decision| wanted[decision.link]);
    plan
}

fn carry_out<'p>(
    text: &'p str,
    document: &'p Document,
    facts: &'p [LinkFacts],
    context: Context<'p>,
    intents: Vec<Option<Intent>>,
) -> Plan {
    let changed = vec![None; document.links.len()];
    let mut planner = Planner { text, document, facts, context, intents, plan: Plan::default(), changed };
    planner.definitions();
    planner.links();
    planner.finish()
}

struct Planner<'p> {
    text: &'p str,
    document: &'p Document,
    facts: &'p [LinkFacts],
    context: Context<'p>,
    intents: Vec<Option<Intent>>,
    plan: Plan,
    /// The change of each link, by index.
    changed: Vec<Option<usize>>,
}

impl Planner<'_> {
    /// Definitions that all their links agree about are edited once.
    fn definitions(&mut self) {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.document.definitions.len()];
        for (index, link) in self.document.links.iter().enumerate() {
            if let Some(users) = link.definition.and_then(|definition| users.get_mut(definition)) {
                users.push(index);
            }
        }
        let document = self.document;
        for (definition, users) in document.definitions.iter().zip(users) {
            if definition.shared_with_image || definition.read_only.is_some() || !self.agree(&users) {
                continue;
            }
            // the first link's sub-ID stands for all: the bytes are there once
            let first = users[0];
            for &other in &users[1..] {
                let agreed = self.intents[first].clone();
                self.intents[other] = agreed;
            }
            let sites: Vec<_> = users.iter().filter_map(|&index| self.site(index)).collect();
            if let Ok(change) = write::definition(definition, &sites) {
                for &index in &users {
                    self.changed[index] = Some(self.plan.changes.len());
                }
                self.plan.changes.push(change);
            }
        }
    }

    fn agree(&self, users: &[usize]) -> bool {
        let verdict = |index: usize| {
            let intent = self.intents[index].as_ref()?;
            let site = self.site(index)?;
            (intent.action == Action::Rewritten && write::by_definition(&site))
                .then_some((intent.reason, intent.program))
        };
        let Some((&first, others)) = users.split_first() else { return false };
        verdict(first).is_some() && others.iter().all(|&other| verdict(other) == verdict(first))
    }

    fn links(&mut self) {
        for index in 0..self.document.links.len() {
            if self.changed[index].is_some() || !self.is_writable(index) {
                continue;
            }
            let Some(site) = self.site(index) else { continue };
            match write::link(&site) {
                Ok(Some(change)) => {
                    self.changed[index] = Some(self.plan.changes.len());
                    self.plan.changes.push(change);
                    if let Some(intent) = &mut self.intents[index]
                        && intent.action != Action::Rewritten
                    {
                        // why a link could not be more than it is stays to be told
                        if intent.action == Action::Kept {
                            intent.reason = Reason::Attributes;
                        }
                        intent.action = Action::Rewritten;
                    }
                }
                Ok(None) => {}
                Err(reason) => self.give_up(index, reason),
            }
        }
    }

    /// Whether the link's bytes may change: its new destination, or attributes for one that stays as it is.
    fn is_writable(&self, index: usize) -> bool {
        let link = &self.document.links[index];
        self.intents[index].as_ref().is_some_and(|intent| {
            intent.action == Action::Rewritten
                || (intent.attributes
                    && link.kind != LinkKind::Bare
                    && intent.reason != Reason::UnsafeUrl
                    && link::obstacle(link, self.context.policy).is_none())
        })
    }

    fn give_up(&mut self, index: usize, reason: Reason) {
        if let Some(intent) = &mut self.intents[index]
            && intent.action == Action::Rewritten
        {
            intent.action = Action::Skipped;
            intent.reason = reason;
            intent.subid = None;
        }
    }

    fn site(&self, index: usize) -> Option<Site<'_>> {
        let intent = self.intents[index].as_ref()?;
        Some(Site {
            text: self.text,
            document: self.document,
            index,
            address: &self.facts[index].address,
            url_edits: &intent.url_edits,
            attributes: intent.attributes,
            stripped: intent.reason == Reason::Stripped && !intent.affiliate,
            policy: self.context.policy,
            relinked: self.context.relinked,
            destination_only: self.context.destination_only.binary_search(&index).is_ok(),
        })
    }

    fn lacks_attributes(&self, index: usize) -> bool {
        let free = link::obstacle(&self.document.links[index], self.context.policy).is_none();
        free && self.site(index).is_some_and(|site| site.lacks_attributes())
    }

    fn finish(mut self) -> Plan {
        let lacks: Vec<bool> = (0..self.intents.len()).map(|index| self.lacks_attributes(index)).collect();
        for (index, intent) in self.intents.into_iter().enumerate() {
            let Some(intent) = intent else { continue };
            let ended = self.facts[index].url.as_ref().is_some_and(|url| {
                let credited = matches!(url.credit, Credit::Own(_)) && url.own_state == OwnState::Ended;
                credited || url.outer.iter().any(|layer| layer.state == OwnState::Ended)
            });
            let spoken_of = self.facts[index].url.as_ref().is_some_and(|url| link::is_spoken_of(url, self.context.map));
            self.plan.decisions.push(Decision {
                link: index,
                left_ended: ended && !intent.reason.is_change(),
                action: intent.action,
                reason: intent.reason,
                program: intent.program,
                network: intent.network,
                subid: intent.subid,
                change: self.changed[index],
                affiliate: intent.affiliate,
                disclosed: intent.affiliate && (spoken_of || intent.action == Action::Rewritten),
                lacks_attributes: lacks[index],
            });
        }
        self.plan
    }
}
