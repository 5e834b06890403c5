//! Why a URL or a link is what it is, and what a build makes of it. Decides nothing of its own: the program map, the plan
//! and the page's way through a build are asked, and their answers put together.

use std::borrow::Cow;

use crate::config::Config;
use crate::config::policy::Policy;
use crate::document::{Document, Link, Relinked};
use crate::edit::Expectation;
use crate::pipeline::page::{Outcome, Setup, guarded, kind, kind_of};
use crate::pipeline::study::Study;
use crate::plan::link::{Intent, intend_url};
use crate::plan::rel::Wanted;
use crate::plan::{self, Action, Addition, Context, Decision, Plan, Reason};
use crate::program::UrlFacts;
use crate::program::url::{Split, apply};
use crate::report::explain::{self, Explanation, LineView, Place, Unread, UnreadPlace};
use crate::source::{Format, Lines};
use crate::span::Span;
use crate::survey::BARE_SCHEME;
use crate::survey::load::Rule;

/// Explains URLs as if each stood alone on one page.
#[derive(Debug)]
pub struct Explainer<'c> {
    config: &'c Config,
    page: &'c str,
    date: &'c str,
    policy: Policy,
}

impl<'c> Explainer<'c> {
    /// For URLs on the page named `page`, on the day `date` (`YYYY-MM-DD`).
    pub fn new(config: &'c Config, page: &'c str, date: &'c str) -> Self {
        Self { config, page, date, policy: config.policy(page, None) }
    }

    /// What `url` is and what a build would write for it. White space around it is not part of it; what is no URL, an empty
    /// text too, credits nobody.
    pub fn url<'e>(&'e self, url: &'e str) -> Explanation<'e> {
        let url = url.trim_ascii();
        let whole = absolute(url);
        let facts = self.config.map.look(&whole, self.page);
        let reason = if Split::of(&whole).is_some() { Reason::NoProgram } else { Reason::NoUrl };
        let unknown = Explanation {
            url: Cow::Borrowed(url),
            facts: None,
            action: Action::Skipped,
            reason,
            program: None,
            result: None,
            rel: None,
            lacks_rel: false,
            place: None,
            addition: None,
        };
        let Some(facts) = facts else { return unknown };
        let intent = intend_url(&facts, &whole, 0, self.context());
        Explanation {
            action: intent.action,
            reason: intent.reason,
            program: program_name(self.config, intent.program),
            result: (!intent.url_edits.is_empty()).then(|| apply(&whole, &intent.url_edits)),
            rel: self.rel(&intent),
            facts: Some(facts),
            ..unknown
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            map: &self.config.map,
            policy: &self.policy,
            page: self.page,
            date: self.date,
            site_language: self.config.site.language.as_deref(),
            program_subids: &self.config.program_subids,
            relinked: Relinked::Nothing,
            names: None,
            barred: &[],
            names_from: 0,
            destination_only: &[],
        }
    }

    fn rel(&self, intent: &Intent) -> Option<String> {
        intent.attributes.then(|| Wanted::default().for_affiliate(&self.policy).rel).flatten()
    }
}

/// Explains the links, the mentions and the notices of line `number` (1-based) of a page, as a build under `setup` decides about them; the error is what becomes
/// of a page that is not read.
pub fn line<'c>(
    bytes: &[u8],
    format: Format,
    page: &str,
    setup: Setup<'c>,
    number: usize,
) -> Result<LineView<'c>, Outcome> {
    let mut view = None;
    let outcome = guarded(|| match view_of(bytes, format, page, setup, number) {
        Ok(found) => {
            view = Some(found);
            Outcome::Same(Vec::new())
        }
        Err(outcome) => outcome,
    });
    view.ok_or(outcome)
}

fn view_of<'c>(
    bytes: &[u8],
    format: Format,
    page: &str,
    setup: Setup<'c>,
    number: usize,
) -> Result<LineView<'c>, Outcome> {
    let mut study = Study::outlined(bytes, format, page, setup)?;
    // also where they are not looked for: why is what is asked
    study.look_for_names();
    let (plan, _) = study.settle(plan::whole)?;
    let places = Lines::of(study.source.text());
    let wanted = places.span_of(number);
    let last = places.count();
    let on_line = |span: Span| match wanted {
        // what is inserted behind the last line end belongs to the last line
        _ if span.is_empty() => places.position(span.start).0.min(last) == number,
        Some(wanted) => span.start <= wanted.end && wanted.start < span.end,
        None => false,
    };
    let document = &study.document;
    let here = |link: &Link| on_line(link.element) || on_line(link.destination.span);
    let at = |index: &usize| document.links.get(*index).is_some_and(here);
    let links = (0..document.links.len()).filter(at).filter_map(|index| of_link(&study, &plan, &places, setup, index));
    let additions = plan.additions.iter().filter(|addition| on_line(addition.place));
    let additions = additions.map(|addition| of_addition(&study, &plan, &places, setup, page, addition));
    let mut links: Vec<_> = links.collect();
    links.extend(additions);
    links.sort_by_key(|found| found.place.map(|place| (place.line, place.column)));
    let has_link = links.iter().any(Explanation::is_of_link);
    let unread = wanted.map_or_else(Vec::new, |wanted| unread(&study, setup, page, wanted));
    let nearest = if has_link { Vec::new() } else { nearest(document, &places, number) };
    Ok(LineView { links, unread, lines: last, nearest })
}

fn of_link<'c>(
    study: &Study<'_>,
    plan: &Plan,
    places: &Lines<'_>,
    setup: Setup<'c>,
    index: usize,
) -> Option<Explanation<'c>> {
    let link = study.document.links.get(index)?;
    let facts = study.facts.get(index)?;
    let found = plan.decisions.binary_search_by_key(&index, |decision| decision.link).ok();
    let decision = found.and_then(|found| plan.decisions.get(found));
    let after = decision.and_then(|decision| expected(plan, decision));
    let at = places.position(link.element.start);
    let known = Split::of(&facts.address.url).is_some();
    let result = after.map(|after| after.destination.clone()).filter(|result| *result != link.destination.value);
    Some(Explanation {
        url: Cow::Owned(facts.address.url.clone()),
        facts: facts.url.clone(),
        action: decision.map_or(Action::Skipped, |decision| decision.action),
        reason: match decision {
            Some(decision) => decision.reason,
            None if known => Reason::NoProgram,
            None => Reason::NoUrl,
        },
        program: program_name(setup.config, decision.and_then(|decision| decision.program)),
        result,
        rel: after.map_or_else(|| Wanted::standing(link).rel, |after| after.rel.clone()),
        lacks_rel: decision.is_some_and(|decision| decision.lacks_attributes),
        place: Some(Place { line: at.0, column: at.1, kind: kind(link) }),
        addition: None,
    })
}

fn of_addition<'c>(
    study: &Study<'_>,
    plan: &Plan,
    places: &Lines<'_>,
    setup: Setup<'c>,
    page: &str,
    addition: &Addition,
) -> Explanation<'c> {
    let change = addition.change.and_then(|change| plan.changes.get(change));
    let link = change.and_then(|change| change.new_links.first());
    let facts = setup.config.map.look(&addition.url, page).filter(|_| !addition.url.is_empty());
    let lost = |facts: &UrlFacts| {
        let same = facts.candidates.iter().find(|candidate| Reason::of_verdict(candidate.verdict) == addition.reason);
        same.filter(|_| addition.reason != Reason::NoProgram).map(|candidate| candidate.program)
    };
    let program = addition.program.or_else(|| facts.as_ref().and_then(lost));
    let inserted = change.filter(|_| addition.action == Action::Inserted);
    let text = match inserted {
        Some(change) => change.edits.iter().map(|edit| edit.text.trim()).collect(),
        None => addition.place.of(study.source.text()).trim().to_owned(),
    };
    let at = places.position(addition.place.start);
    Explanation {
        url: Cow::Owned(addition.url.clone()),
        facts,
        action: addition.action,
        reason: addition.reason,
        program: program_name(setup.config, program),
        result: link.map(|link| link.destination.clone()).filter(|result| *result != addition.url),
        rel: link.and_then(|link| link.rel.clone()),
        lacks_rel: link.is_some_and(|link| link.rel.is_none()),
        place: Some(Place { line: at.0, column: at.1, kind: kind_of(addition.kind) }),
        addition: Some(explain::Addition {
            product: addition.product.clone(),
            text,
            rule: addition.rule.map(Rule::name),
        }),
    }
}

/// What a link is to be after its change.
fn expected<'p>(plan: &'p Plan, decision: &Decision) -> Option<&'p Expectation> {
    let change = plan.changes.get(decision.change?)?;
    change.expect.iter().find(|expected| expected.link == decision.link)
}

fn program_name(config: &Config, program: Option<usize>) -> Option<&str> {
    config.map.programs().get(program?).map(|program| program.name.as_str())
}

/// `url` with the scheme that a bare `www.` address lacks.
fn absolute(url: &str) -> Cow<'_, str> {
    let bare = url.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
    if bare { Cow::Owned(format!("{BARE_SCHEME}{url}")) } else { Cow::Borrowed(url) }
}

/// The nearest lines before and after line `number` on which links begin.
fn nearest(document: &Document, places: &Lines<'_>, number: usize) -> Vec<usize> {
    let starts = |index: usize| document.links.get(index).map(|link| places.position(link.element.start).0);
    let first = document.links.partition_point(|link| places.position(link.element.start).0 < number);
    first.checked_sub(1).into_iter().chain(Some(first)).filter_map(starts).collect()
}

/// The URLs of a line that are in no link and that somebody knows.
fn unread(study: &Study<'_>, setup: Setup<'_>, page: &str, line: Span) -> Vec<Unread> {
    let text = line.of(study.source.text());
    let links = study.document.links.iter().map(|link| link.element);
    let definitions = study.document.definitions.iter().map(|definition| definition.span);
    let mut taken: Vec<Span> = links.chain(definitions).filter(|span| span.overlaps(line)).collect();
    taken.sort_unstable_by_key(|span| span.start);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("http")).map(|at| from + at) {
        let rest = text.get(at..).unwrap_or_default();
        let url = rest.split(|c: char| c.is_whitespace() || "\"'<>`|{}[]".contains(c)).next().unwrap_or_default();
        let url = url.trim_end_matches([')', '.', ',', ';', ':', '!', '?']);
        from = at + url.len().max(4);
        let start = line.start + at;
        let before = taken.partition_point(|span| span.start <= start).checked_sub(1).and_then(|last| taken.get(last));
        let in_link = before.is_some_and(|span| span.end > start);
        if !in_link && Split::of(url).is_some() && setup.config.map.look(url, page).is_some() {
            found.push(Unread { url: url.to_owned(), place: unread_place(study, line, text, at) });
        }
    }
    found
}

fn unread_place(study: &Study<'_>, line: Span, text: &str, at: usize) -> UnreadPlace {
    let front_matter = study.document.front_matter.as_ref().map(|front_matter| front_matter.span);
    if front_matter.is_some_and(|span| span.holds(line.start + at)) {
        let key = text.trim_start_matches([' ', '-', '"']).split([':', '=', '"']).next().map(str::trim);
        let is_key = |key: &&str| !key.is_empty() && *key != "http" && *key != "https" && key.chars().all(is_word);
        return UnreadPlace::FrontMatter(key.filter(is_key).map(str::to_owned));
    }
    let before = text.get(..at).unwrap_or_default();
    let open = ["{{<", "{{%", "{%", "<"].into_iter().filter_map(|mark| Some((before.rfind(mark)?, mark)));
    let Some((start, mark)) = open.max_by_key(|&(start, mark)| (start + mark.len(), mark.len())) else {
        return UnreadPlace::Elsewhere;
    };
    let call = before.get(start + mark.len()..).unwrap_or_default();
    let name: String = call.trim_start().chars().take_while(|&c| is_word(c) || c == '.').collect();
    let component = mark != "<" || name.starts_with(char::is_uppercase);
    let closed = call.contains(if mark == "<" { ">" } else { "}" });
    if name.is_empty() || !component || closed { UnreadPlace::Elsewhere } else { UnreadPlace::Call(name) }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}
