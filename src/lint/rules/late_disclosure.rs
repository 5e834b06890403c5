//! The disclosure stands after the first affiliate link.
//!
//! ## Why
//!
//! Readers must know before they follow a link that it is paid. Source: FTC, "Disclosures 101" and the FAQ on the Endorsement
//! Guides: a disclosure belongs where it cannot be missed, not at the end.
//!
//! ## Bad
//!
//! ```markdown
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//!
//! *We earn a commission if you buy through links on this page.*
//! ```
//!
//! ## Good
//!
//! ```markdown
//! *We earn a commission if you buy through links on this page.*
//!
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Pages on which every link before the disclosure carries a label such as "(paid link)".

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::document::outline::BlockKind;
use crate::lint::{Fix, Found, Page, Remedy, Rule, Stage};
use crate::notice::{Found as Notice, Kind};
use crate::source::Format;
use crate::span::Span;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "late-disclosure", level: Level::Error, options: &[] },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("late_disclosure.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    if page.theme_discloses() {
        return;
    }
    let seen = page.disclosures.found.iter().filter(|notice| notice.kind != Kind::Label && !notice.is_statement);
    let mut seen: Vec<_> = seen.filter(|notice| !notice.hidden).collect();
    if seen.is_empty() {
        // a sentence that a program requires is better than none
        seen = page.disclosures.found.iter().filter(|notice| notice.kind != Kind::Label && !notice.hidden).collect();
    }
    let Some(notice) = seen.first() else { return };
    let early = page.paid_links().filter(|(_, link, _)| link.is_in_place());
    let mut early = early.filter(|(_, link, _)| link.element.start < notice.span.start);
    let late = early.find(|(index, _, _)| !page.disclosures.is_labelled(page.document, *index));
    if let Some((link, _, _)) = late {
        let mut finding = Found::new(notice.span, "the disclosure stands after the first affiliate link")
            .help("move it before the first link");
        if let Some(block) = own_block(page, notice) {
            finding = finding.fix(Fix::unsafe_("move it before the first link", Remedy::Move { block, link }));
        }
        found.push(finding);
    }
}

/// The paragraph that `notice` stands in, if that says little else and can be moved as a whole.
fn own_block(page: &Page<'_>, notice: &Notice) -> Option<Span> {
    let outline = page.document.outline.as_ref()?;
    let index = outline.block_at(notice.span.start);
    let block = outline.blocks.get(index).filter(|block| block.kind == BlockKind::Paragraph)?;
    let is_movable = page.format == Format::Html || block.parent == 0;
    let first = outline.texts.partition_point(|text| text.span.start < block.span.start);
    let texts = outline.texts.get(first..)?.iter().take_while(|text| text.span.start < block.span.end);
    let (mut said, mut all) = (0, 0);
    for text in texts.filter(|text| text.prose(page.text).is_some()) {
        all += text.span.len();
        let found = &page.disclosures.found;
        let first = found.partition_point(|found| found.span.end <= text.span.start);
        let within = found[first..].iter().take_while(|found| found.span.start < text.span.end);
        let shared =
            |found: &Notice| found.span.end.min(text.span.end).saturating_sub(found.span.start.max(text.span.start));
        said += within.map(shared).sum::<usize>();
    }
    (notice.kind == Kind::Sentence && is_movable && said * 2 > all).then_some(block.span)
}
