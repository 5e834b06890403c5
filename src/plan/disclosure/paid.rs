//! The affiliate links that a page will have: which of them need a notice, which sentences they require, which readers come to
//! first. Decides nothing about what is written.

use crate::document::outline::BlockKind;
use crate::document::{Document, LinkKind};
use crate::networks;
use crate::notice::Cause;
use crate::plan::{Action, Added, Context, Plan};
use crate::program::Credit;
use crate::span::Span;
use crate::survey::LinkFacts;

/// The affiliate links of a page, as they will be.
pub(super) struct Paid {
    /// Where the first stands that readers come to, in the content.
    pub(super) first: Option<usize>,
    /// Where the first value in the body stands.
    pub(super) value: Option<usize>,
    /// Whether front matter has one.
    pub(super) in_front_matter: bool,
    /// Links of the content that readers see, by index.
    pub(super) links: Vec<usize>,
    /// Names that become links, in order.
    pub(super) names: Vec<Span>,
    /// The networks of own links that require a sentence, with the program.
    pub(super) statements: Vec<(&'static str, Option<usize>)>,
}

impl Paid {
    pub(super) fn of(document: &Document, facts: &[LinkFacts], context: Context<'_>, plan: &Plan) -> Self {
        let mut paid = Self {
            first: None,
            value: None,
            in_front_matter: false,
            links: Vec::new(),
            names: Vec::new(),
            statements: Vec::new(),
        };
        let mut order: Vec<usize> = Vec::new();
        // a notice that is needed stands before these, too
        let mut others: Vec<usize> = Vec::new();
        for decision in plan.decisions.iter().filter(|decision| decision.affiliate) {
            let Some(link) = document.links.get(decision.link) else { continue };
            if !decision.disclosed {
                others.extend((link.in_content && link.is_in_place()).then_some(link.element.start));
                continue;
            }
            let credit = facts.get(decision.link).and_then(|facts| facts.url.as_ref()).map(|url| &url.credit);
            // somebody else's account is somebody else's duty; a short link of one's own network may be one's own
            let is_own = match credit {
                Some(Credit::Own(_) | Credit::None) => true,
                Some(Credit::Unknown) => decision.network.as_deref().is_some_and(|id| context.map.speaks_of(id)),
                _ => decision.program.is_some() && decision.action == Action::Rewritten,
            };
            if is_own {
                paid.require(network(context, decision.program, decision.network.as_deref()), decision.program);
            }
            let at = link.element.start;
            match link.kind {
                LinkKind::FrontMatter => paid.in_front_matter = true,
                _ if !link.in_content => {}
                _ if !link.is_in_place() => {
                    paid.value = Some(paid.value.map_or(at, |least| least.min(at)));
                }
                _ => {
                    paid.links.push(decision.link);
                    order.push(at);
                }
            }
        }
        for mention in &plan.additions {
            if mention.kind == Added::Mention && mention.action == Action::Linked {
                paid.names.push(mention.place);
                order.push(mention.place.start);
                paid.require(network(context, mention.program, mention.network.as_deref()), mention.program);
            }
        }
        paid.names.sort_unstable_by_key(|name| name.start);
        if !order.is_empty() {
            order.append(&mut others);
        }
        // a footnote is read last, wherever it stands
        let in_footnote = |at: usize| {
            let outline = document.outline.as_ref();
            outline.is_some_and(|outline| outline.is_within(outline.block_at(at), |kind| kind == BlockKind::Footnote))
        };
        paid.first = order.into_iter().min_by_key(|&at| (in_footnote(at), at));
        paid
    }

    fn require(&mut self, network: Option<&'static networks::Network>, program: Option<usize>) {
        let Some(network) = network.filter(|network| !network.statements.is_empty()) else { return };
        if self.statements.iter().all(|(known, _)| *known != network.id) {
            self.statements.push((network.id, program));
        }
    }

    pub(super) fn is_none(&self) -> bool {
        !self.needs_notice() && self.statements.is_empty()
    }

    pub(super) fn needs_notice(&self) -> bool {
        self.first.is_some() || self.value.is_some() || self.in_front_matter
    }

    /// What makes the notice necessary, where the reader comes first.
    pub(super) fn cause(&self) -> Cause {
        match (self.first, self.value) {
            (Some(link), _) => Cause::Link(link),
            (None, Some(value)) => Cause::Value(value),
            (None, None) => Cause::Elsewhere,
        }
    }
}

fn network(context: Context<'_>, program: Option<usize>, id: Option<&str>) -> Option<&'static networks::Network> {
    let of_program = program.and_then(|program| context.map.programs().get(program)?.network);
    let id = of_program.or(id)?;
    networks::all().iter().find(|network| network.id == id)
}
