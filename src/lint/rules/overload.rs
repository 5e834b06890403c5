//! What the seven overload and placement rules share: limits from their options, messages from what is broken. Not a rule.

use crate::config::lint::{Level, RuleSetting};
use crate::lint::{Fix, Found, Page, Remedy, registry};
use crate::span::Span;
pub(super) use crate::survey::load::Rule;
use crate::survey::load::{
    Broken, Density, How, Limits, PageLimit, ParagraphLimit, Placement, RatioLimit, RepeatLimit,
};

/// The limits that the rules' settings (in the order of [`RULES`]) stand for.
pub(in crate::lint) fn limits(settings: &[RuleSetting]) -> Limits {
    let named = |name: &str| registry::running(settings, name).map(|(_, setting)| setting);
    let set = |rule: Rule| named(rule.name());
    Limits {
        density: set(Rule::LinkDensity).map(|set| Density {
            per_1000_words: set.number(0),
            words: whole(set, 1),
            links: whole(set, 2),
        }),
        page: set(Rule::PageOverload).map(|set| PageLimit {
            affiliate: whole(set, 0),
            external: whole(set, 1),
            roundup: whole(set, 2),
        }),
        paragraph: set(Rule::ParagraphOverload)
            .map(|set| ParagraphLimit { paragraph: whole(set, 0), row: whole(set, 1) }),
        run: set(Rule::LinkRun).map(|set| whole(set, 0)),
        repeated: set(Rule::RepeatedDestination).map(|set| RepeatLimit { section: whole(set, 0), page: whole(set, 1) }),
        ratio: set(Rule::LinkTextRatio).map(|set| RatioLimit {
            page: set.number(0),
            words: whole(set, 1),
            paragraph: set.number(2),
            characters: whole(set, 3),
        }),
        late_disclosure: named("late-disclosure").is_some(),
        weak_disclosure: named("weak-disclosure").is_some(),
        ambiguous_text: named("ambiguous-link-text").is_some(),
        placement: set(Rule::BadPlacement).map(|set| Placement { first_words: whole(set, 0), words: whole(set, 1) }),
    }
}

/// Pushes what is broken of `rule`. Of what the page as a whole breaks, the first rule speaks for all; the others are quiet.
pub(super) fn report(page: &Page<'_>, rule: Rule, found: &mut Vec<Found>) {
    let of_page: Vec<&Broken> = page.broken.iter().filter(|broken| broken.how.is_page()).collect();
    let of_rule = of_page.iter().find(|broken| broken.rule == rule);
    let loud: Vec<&&Broken> = of_page.iter().filter(|broken| !broken.quiet).collect();
    let speaks = loud.first().is_some_and(|first| first.rule == rule);
    if let Some(first) = loud.first().filter(|_| speaks).copied().or(of_rule) {
        let told = if speaks { &loud[..] } else { std::slice::from_ref(&first) };
        let figures: Vec<_> = told.iter().map(|broken| figure(broken)).collect();
        let kind = if page.is_roundup { ", for a list of products" } else { "" };
        let message = format!("too much for one page{kind}: {}", figures.join("; "));
        // what the figures count stands in the content's text, if anything does
        let shown = page.paid_links().find(|(_, link, _)| !link.kind.is_value());
        let paid = shown.or_else(|| page.paid_links().next()).map(|(_, link, _)| link.element);
        let help = match paid {
            None => "nothing is sold here: raise `external` of this rule for lists of links, or turn it off for them",
            Some(_) if page.is_roundup => "take out the links that matter least",
            Some(_) => "take out the links that matter least; a page that lists products may say `kind: roundup`",
        };
        let mut finding = Found::new(paid.unwrap_or(Span::at(0)), message).help(help).figure(first.figure);
        // a list of links that earns nothing is worth knowing, no fault
        finding.level = paid.is_none().then_some(Level::Info);
        finding.quiet = !speaks;
        found.push(finding);
    }
    for broken in page.broken.iter().filter(|broken| broken.rule == rule && !broken.how.is_page()) {
        let which = broken.links.get(first_too_many(broken)).or(broken.links.last());
        let Some(link) = which.and_then(|&index| page.document.links.get(index)) else { continue };
        let mut finding = Found::new(link.element, figure(broken)).help(advice(broken.how));
        if matches!(broken.how, How::Section | How::Repeated) {
            let links = broken.links.iter().skip(as_count(broken.limit)).copied().collect();
            finding = finding.fix(Fix::unsafe_("keep the text of the later links alone", Remedy::Unlink { links }));
        }
        finding.quiet = broken.quiet;
        found.push(finding);
    }
}

/// Which of the links is the first that is too many.
fn first_too_many(broken: &Broken) -> usize {
    match broken.how {
        How::Paragraph | How::Row | How::Section | How::Repeated => as_count(broken.limit),
        How::Run => as_count(broken.limit).saturating_sub(1),
        _ => 0,
    }
}

fn figure(broken: &Broken) -> String {
    let (figure, limit) = (broken.figure, broken.limit);
    let percent = |share: f64| format!("{} %", told_apart(share * 100.0, limit * 100.0, 0));
    match broken.how {
        How::Density => {
            format!("{} affiliate links per 1,000 words (limit {limit})", told_apart(figure, limit, 1))
        }
        How::Affiliate => format!("{figure} affiliate links (limit {limit})"),
        How::External => format!("{figure} external links (limit {limit})"),
        How::PageRatio => {
            format!("{} of the text is text of affiliate links (limit {:.0} %)", percent(figure), limit * 100.0)
        }
        How::Paragraph => format!("{figure} affiliate links in one paragraph (limit {limit})"),
        How::Row => format!("{figure} affiliate links in one table row (limit {limit})"),
        How::Run => format!("{figure} sentences running with an affiliate link each"),
        How::Section => format!("the same destination {figure} times in one section (limit {limit})"),
        How::Repeated => format!("the same destination {figure} times on the page (limit {limit})"),
        How::ParagraphRatio => {
            format!("{} of this paragraph is text of affiliate links (limit {:.0} %)", percent(figure), limit * 100.0)
        }
        How::Spot => "an affiliate link in a heading, a summary or a caption".to_owned(),
        How::Early => format!("an affiliate link after {figure} words, in the first {limit} of the page"),
    }
}

/// `figure`, which is over `limit`, with as many decimals as show that it is, and at least so many.
fn told_apart(figure: f64, limit: f64, decimals: usize) -> String {
    let shown = |decimals: usize| format!("{figure:.decimals$}");
    let tells = |shown: &String| shown.parse::<f64>().is_ok_and(|read| read > limit);
    (decimals..6).map(shown).find(tells).unwrap_or_else(|| shown(decimals))
}

fn advice(how: How) -> &'static str {
    match how {
        How::Spot => "link the product in the text below",
        How::Early => "say first what the page is about",
        How::Section | How::Repeated => "keep the first",
        How::ParagraphRatio => "link the product's name alone",
        _ => "take out the links that matter least",
    }
}

fn whole(setting: &RuleSetting, option: usize) -> usize {
    as_count(setting.number(option))
}

#[expect(clippy::cast_sign_loss, reason = "limits are never negative")]
fn as_count(limit: f64) -> usize {
    limit as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_their_limits() {
        assert_eq!(told_apart(23.64, 10.0, 1), "23.6");
        assert_eq!(told_apart(10.04, 10.0, 1), "10.04");
        assert_eq!(told_apart(20.3, 20.0, 0), "20.3");
        assert_eq!(told_apart(57.1, 50.0, 0), "57");
    }
}
