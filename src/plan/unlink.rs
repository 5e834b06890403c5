//! Names of products that a build made into links become names again. Decides which links those are, where no manifest
//! says it: own links around nothing but a product's name that lead to that product, with no attribute that a build would
//! not have written, on a page and in a place where names become links.

use super::{Action, Context, Plan, Reason};
use crate::config::policy::MarkdownStyle;
use crate::document::outline::BlockKind;
use crate::document::{Document, Link, LinkKind};
use crate::edit::{Change, Edit};
use crate::plan::link::obstacle;
use crate::plan::mention::page_obstacle;
use crate::plan::rel::Wanted;
use crate::product::identity;
use crate::span::Span;
use crate::survey::LinkFacts;

/// Changes `plan`, which makes own links clean ones, so that names that were made links are names.
pub(super) fn unlink(text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>, plan: &mut Plan) {
    if context.names.is_none() || page_obstacle(document, context).is_some() {
        return;
    }
    for decision in &mut plan.decisions {
        let (Some(link), Some(facts)) = (document.links.get(decision.link), facts.get(decision.link)) else { continue };
        let Some(change) = decision.change.and_then(|change| plan.changes.get_mut(change)) else { continue };
        if decision.reason == Reason::Stripped && is_made(text, document, link, facts, context) {
            *change = Change { edits: bare(link), gone: vec![decision.link], ..Change::default() };
            decision.action = Action::Removed;
            decision.reason = Reason::Unlinked;
        }
    }
}

/// Changes `plan`, which leaves the link at index `link` as it is, so that its text alone stays; one that shows its own URL
/// or a picture, and one that nothing may be written at, stay links.
pub(super) fn leave_text(document: &Document, link: usize, context: Context<'_>, plan: &mut Plan) {
    let Ok(decision) = plan.decisions.binary_search_by_key(&link, |decision| decision.link) else { return };
    let (Some(decision), Some(found)) = (plan.decisions.get_mut(decision), document.links.get(link)) else { return };
    let has_end = match found.kind {
        LinkKind::Inline | LinkKind::Reference => true,
        LinkKind::Html => found.attributes.as_ref().is_some_and(|attributes| attributes.end_tag.is_some()),
        _ => false,
    };
    if !has_end || found.banner || found.text.is_empty() || obstacle(found, context.policy).is_some() {
        return;
    }
    decision.change = Some(plan.changes.len());
    decision.action = Action::Removed;
    decision.reason = Reason::Unlinked;
    (decision.affiliate, decision.disclosed) = (false, false);
    plan.changes.push(Change { edits: bare(found), gone: vec![link], ..Change::default() });
}

/// Whether a build would have made `link` of a name.
fn is_made(text: &str, document: &Document, link: &Link, facts: &LinkFacts, context: Context<'_>) -> bool {
    let (Some(names), Some(outline)) = (context.names, &document.outline) else { return false };
    let plain = matches!(link.kind, LinkKind::Inline | LinkKind::Html) && link.title.is_none() && !link.banner;
    let Some(destination) = facts.url.as_ref().and_then(|url| url.destination.as_deref()) else { return false };
    let skip = context.policy.mentions.skip;
    let in_skipped = outline.is_within(outline.block_at(link.element.start), |kind| match kind {
        BlockKind::Heading(_) => skip.headings,
        BlockKind::Quote => skip.quotes,
        BlockKind::Caption => skip.captions,
        BlockKind::Summary => skip.summary,
        BlockKind::Control | BlockKind::Code | BlockKind::Skipped => true,
        _ => false,
    });
    plain
        && link.in_content
        && !in_skipped
        && has_own_attributes(link, context)
        && names.is_name(text, link.text, &identity(destination))
}

/// Whether `link` has the attributes that a build gives a new link, and no other.
fn has_own_attributes(link: &Link, context: Context<'_>) -> bool {
    let others = link.attributes.as_ref().map_or(0, |attributes| attributes.others);
    let standing = Wanted::standing(link);
    let made = Wanted::default().for_affiliate(context.policy);
    let without =
        standing == Wanted::default() && context.policy.markdown == MarkdownStyle::Plain && !link.kind.is_tag();
    others == 0 && (standing == made || without)
}

/// The edits that leave a link's text alone.
fn bare(link: &Link) -> Vec<Edit> {
    let end = link.with_attributes().end;
    vec![
        Edit::replace(Span::new(link.element.start, link.text.start), ""),
        Edit::replace(Span::new(link.text.end, end), ""),
    ]
}
