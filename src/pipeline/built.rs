//! A page as a build will write it, for those who judge it before. Decides nothing: what is written is the plan's.

use crate::document::{self, Document};
use crate::notice::Disclosures;
use crate::pipeline::page::Outcome;
use crate::pipeline::study::Study;
use crate::plan;
use crate::source::Source;
use crate::span::OffsetMap;
use crate::survey::{LinkFacts, survey};

/// A page as it will be written.
pub(super) struct Built {
    pub(super) text: String,
    pub(super) document: Document,
    pub(super) facts: Vec<LinkFacts>,
    /// Leads back to the page as it is.
    pub(super) map: OffsetMap,
}

/// What the page of `study` says of its paid links as it stands, where that had to be known; and the page as it will be
/// written, `None` where it stays as it is.
pub(super) fn built(study: &Study<'_>) -> Result<(Option<Disclosures>, Option<Built>), Outcome> {
    let (plan, verified) = study.settle(plan::whole)?;
    let Some(verified) = verified else { return Ok((plan.said, None)) };
    let source = Source::read(&verified.applied.bytes, study.format).map_err(Outcome::Skipped)?;
    let document = document::parse(&source, study.format, &study.options, None);
    let document = document.map_err(|error| Outcome::Refused(error.to_string()))?;
    let facts = survey(&document, &study.setup.config.map, study.page);
    let text = source.text().to_owned();
    Ok((plan.said, Some(Built { text, document, facts, map: verified.applied.map })))
}
