//! Markers beside links: which links get one, which lose theirs.

use crate::disclosure::render::{self, Style};
use crate::document::outline::BlockKind;
use crate::document::{Document, Link, LinkKind, ReadOnly};
use crate::edit::{Change, Edit};
use crate::notice::Disclosures;
use crate::plan::{Action, Added, Context, Plan, Reason};
use crate::span::Span;
use crate::survey::LinkFacts;

use super::{addition, behind, next_link, next_name, push, unmark};

/// The markers of a page.
pub(super) struct Marking<'m> {
    pub(super) text: &'m str,
    pub(super) document: &'m Document,
    pub(super) facts: &'m [LinkFacts],
    pub(super) style: Style,
    pub(super) context: Context<'m>,
    /// Names that become links, in order.
    pub(super) names: &'m [Span],
}

impl Marking<'_> {
    pub(super) fn all(&self, said: Option<&Disclosures>, plan: &mut Plan) {
        let marker = render::marker(&self.context.policy.disclosure.marker, self.style);
        if marker.is_empty() {
            return;
        }
        let decisions: Vec<(usize, bool)> =
            plan.decisions.iter().map(|decision| (decision.link, decision.disclosed)).collect();
        for (index, affiliate) in decisions {
            let Some(link) = self.document.links.get(index) else { continue };
            let place = behind(self.text, link, &marker);
            let stands = place.of(self.text) == marker;
            if !self.takes_marker(link) {
                continue;
            }
            let labelled = || {
                // a name that becomes a link takes the label behind it
                let next = next_name(self.names, link.element.start);
                said.is_some_and(|said| said.is_labelled_before(self.document, index, next))
            };
            match (affiliate, stands) {
                (true, true) => push(plan, addition(Added::Marker, place, Action::Kept, Reason::Disclosed), None),
                (true, false) if !labelled() => {
                    let at = Span::at(place.start);
                    let change =
                        Change { edits: vec![Edit::insert_folded(at.start, marker.clone())], ..Change::default() };
                    push(plan, addition(Added::Marker, at, Action::Inserted, Reason::Marker), Some(change));
                }
                (false, true) if self.facts.get(index).is_some_and(|facts| facts.url.is_some()) => {
                    unmark(self.text, link, &marker, Reason::Stale, plan);
                }
                _ => {}
            }
        }
        self.mentions(&marker, said, plan);
    }

    /// Words that become links get their marker with the link.
    fn mentions(&self, marker: &str, said: Option<&Disclosures>, plan: &mut Plan) {
        let is_labelled =
            |name: Span| said.is_some_and(|said| said.is_beside(name, next_link(self.document, self.names, name)));
        for name in self.names.iter().filter(|name| !is_labelled(**name)) {
            let at = name.end;
            let change = Change { edits: vec![Edit::insert_folded(at, marker)], ..Change::default() };
            push(plan, addition(Added::Marker, Span::at(at), Action::Inserted, Reason::Marker), Some(change));
        }
    }

    /// Whether a marker may stand behind `link`: in text that readers see and editors may edit. Not in headings, whose
    /// anchors are made of their text.
    fn takes_marker(&self, link: &Link) -> bool {
        let barred = matches!(
            link.read_only,
            Some(ReadOnly::InertPlace | ReadOnly::Columns | ReadOnly::Broken | ReadOnly::NotLocated)
        );
        let has_end =
            link.kind != LinkKind::Html || link.attributes.as_ref().is_some_and(|found| found.end_tag.is_some());
        let in_heading = || {
            let outline = self.document.outline.as_ref();
            outline.is_some_and(|outline| {
                outline.is_within(outline.block_at(link.element.start), |kind| matches!(kind, BlockKind::Heading(_)))
            })
        };
        !link.kind.is_value()
            && link.kind != LinkKind::Area
            && link.in_content
            && link.opt_out.is_none()
            && !link.destination_only
            && !barred
            && has_end
            && !in_heading()
    }
}
