//! Links that a host has as nodes of its own: written as one page of HTML that the core reads like any other, and what it
//! decides led back to the nodes. Decides nothing about links.

use super::host::Message;
use crate::config::lint::Level;
use crate::config::policy::{Disclosure, NoticePlace};
use crate::disclosure::render::{self, Style};
use crate::document::{Context, Document, Link, escape};
use crate::edit::{Change, Edit};
use crate::pipeline::page::{Outcome, Setup};
use crate::pipeline::study::Study;
use crate::plan::rel::Wanted;
use crate::plan::{self, Action, Added, Plan, Reason};
use crate::program::Credit;
use crate::source::Format;
use crate::span::Span;

/// A page of HTML that stands for nodes.
#[derive(Debug)]
pub(super) struct Draft {
    html: String,
    /// The links among the nodes, by where their tags begin.
    links: Vec<Span>,
    /// What each of them is.
    given: Vec<Seen>,
    /// HTML that the host has as it is, by where it stands.
    raws: Vec<Span>,
}

/// What a page says of itself beside its nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'s> {
    /// Its name.
    pub(super) page: &'s str,
    /// What it says under `affilink`.
    pub(super) switch: Option<&'s serde_json::Value>,
}

/// What is to become of the nodes.
#[derive(Debug)]
pub(super) struct Settled {
    /// Of each link of the draft.
    pub(super) links: Vec<Ruling>,
    /// Where each link of the draft begins, in bytes.
    pub(super) starts: Vec<usize>,
    /// Of each raw piece of the draft: its new text, where it changes.
    pub(super) raws: Vec<Option<String>>,
    /// What discloses the links and has no place among the nodes yet.
    pub(super) notice: Option<Notice>,
    /// What somebody should look at; without path and place.
    pub(super) messages: Vec<Message>,
    /// Whether own links of ended programs stay.
    pub(super) left_ended: bool,
    /// Destination, `rel` and `target` of every link of the page then, in its order.
    pub(super) expected: Vec<Seen>,
    /// Of each link of the draft: what it had, and its number among all links of the page.
    given: Vec<(Seen, Option<usize>)>,
}

impl Settled {
    /// Leaves link number `link` of the draft the attributes that it has; whether it would have got others.
    pub(super) fn keep_attributes(&mut self, link: usize) -> bool {
        let (Some(ruling), Some((given, index))) = (self.links.get_mut(link), self.given.get(link)) else {
            return false;
        };
        let kept = Seen { url: ruling.seen.url.clone(), ..given.clone() };
        if ruling.seen == kept {
            return false;
        }
        if let Some(expected) = index.and_then(|index| self.expected.get_mut(index)) {
            expected.clone_from(&kept);
        }
        ruling.changed = kept != *given;
        ruling.seen = kept;
        true
    }
}

/// What is to become of one link.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruling {
    /// Its URL, `rel` and `target` then.
    pub(super) seen: Seen,
    /// Whether any of these is new.
    pub(super) changed: bool,
    /// Whom the URL credits as it stands, in one word.
    pub(super) credit: &'static str,
    /// Whether it is an affiliate link then.
    pub(super) affiliate: bool,
    /// What happens and why; `None` where it is nobody's business.
    pub(super) decision: Option<(Action, Reason)>,
    /// The program's name.
    pub(super) program: Option<String>,
    /// What is to stand behind it, as text.
    pub(super) marker: Option<String>,
}

/// What a parser sees of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its destination.
    pub(super) url: String,
    /// Its `rel`.
    pub(super) rel: Option<String>,
    /// Its `target`.
    pub(super) target: Option<String>,
}

/// A notice, or a sentence that a program requires.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    /// As the configuration writes it in HTML.
    pub(super) html: String,
    /// What it says.
    pub(super) text: String,
    /// What is done about disclosures on the page.
    pub(super) disclosure: Disclosure,
    /// Where the first link that makes it necessary begins, in bytes of the draft.
    pub(super) before: usize,
}

impl Draft {
    /// An empty page in `language`.
    pub(super) fn new(language: Option<&str>) -> Self {
        let mut draft =
            Self { html: "<!doctype html><html".to_owned(), links: Vec::new(), given: Vec::new(), raws: Vec::new() };
        if let Some(language) = language {
            draft.attribute("lang", language);
        }
        draft.html.push_str("><head><meta charset=\"utf-8\"></head><body>\n");
        draft
    }

    /// How long it is, in bytes.
    pub(super) fn len(&self) -> usize {
        self.html.len()
    }

    /// Begins an element.
    pub(super) fn open<'a>(&mut self, name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.html.push('<');
        self.html.push_str(name);
        for (name, value) in attributes {
            self.attribute(name, value);
        }
        self.html.push('>');
    }

    /// Ends an element.
    pub(super) fn close(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        if !matches!(name, "a" | "em" | "span") {
            self.html.push('\n');
        }
    }

    /// Begins a link to `url`; the number is for [`Self::close_link`].
    pub(super) fn open_link<'a>(
        &mut self,
        url: &'a str,
        attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> usize {
        let start = self.html.len();
        let attributes: Vec<_> = attributes.into_iter().collect();
        let of =
            |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
        self.given.push(Seen { url: url.to_owned(), rel: of("rel"), target: of("target") });
        self.open("a", attributes.into_iter().chain([("href", url)]));
        self.links.push(Span::new(start, start));
        self.links.len() - 1
    }

    /// Ends a link.
    pub(super) fn close_link(&mut self, link: usize) {
        self.close("a");
        if let Some(span) = self.links.get_mut(link) {
            *span = Span::new(span.start, self.html.len());
        }
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.html.push_str(&escape::html_text(text));
    }

    /// Adds HTML as it is.
    pub(super) fn raw(&mut self, html: &str) {
        let start = self.html.len();
        self.html.push_str(html);
        self.raws.push(Span::new(start, self.html.len()));
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        self.html.push_str(&escape::attribute_text(value, '"'));
        self.html.push('"');
    }

    /// What a parser sees of each link, or why it sees none.
    pub(super) fn seen(&self, setup: Setup<'_>, said: Said<'_>) -> Result<Vec<Seen>, Outcome> {
        let study = Study::of_nodes(&self.html, said.page, setup, said.switch)?;
        Ok(study.document.links.iter().map(seen).collect())
    }

    /// Decides about the page as a build under `setup` does.
    pub(super) fn settle(&self, setup: Setup<'_>, said: Said<'_>) -> Result<Settled, Outcome> {
        let study = Study::of_nodes(&self.html, said.page, setup, said.switch)?;
        let (plan, _) = study.settle(plan::whole)?;
        let policy = study.policy().map_err(Outcome::Refused)?;
        let notice = Notice::of(&plan, &study.document, &policy.disclosure);
        let mut settled = Settled {
            links: self
                .given
                .iter()
                .map(|given| Ruling { seen: given.clone(), credit: Credit::None.name(), ..Ruling::default() })
                .collect(),
            starts: self.links.iter().map(|link| link.start).collect(),
            raws: Vec::new(),
            notice: notice.as_ref().map(|(notice, _)| notice.clone()),
            messages: messages(&plan),
            left_ended: plan.decisions.iter().any(|decision| decision.left_ended),
            expected: study.document.links.iter().map(seen).collect(),
            given: self.given.iter().map(|given| (given.clone(), None)).collect(),
        };
        self.rule(&study, &plan, setup, &mut settled);
        let noticed = notice.map(|(_, change)| change);
        let others = plan.changes.iter().enumerate().filter(|(index, _)| Some(*index) != noticed);
        settled.raws = self.led_back(others.map(|(_, change)| change), &mut settled.links)?;
        Ok(settled)
    }

    /// What becomes of each link.
    fn rule(&self, study: &Study<'_>, plan: &Plan, setup: Setup<'_>, settled: &mut Settled) {
        for expected in plan.changes.iter().flat_map(|change| &change.expect) {
            if let Some(seen) = settled.expected.get_mut(expected.link) {
                seen.url.clone_from(&expected.destination);
                seen.rel.clone_from(&expected.rel);
                seen.target.clone_from(&expected.target);
            }
        }
        let mut decisions = plan.decisions.iter().peekable();
        for (index, (link, facts)) in study.document.links.iter().zip(&study.facts).enumerate() {
            let decision = decisions.next_if(|decision| decision.link == index);
            let Ok(own) = self.links.binary_search_by_key(&link.element.start, |span| span.start) else { continue };
            let (Some(ruling), Some(then)) = (settled.links.get_mut(own), settled.expected.get(index)) else {
                continue;
            };
            if let Some((_, place)) = settled.given.get_mut(own) {
                *place = Some(index);
            }
            let program = decision.and_then(|decision| setup.config.map.programs().get(decision.program?));
            *ruling = Ruling {
                changed: *then != seen(link),
                seen: then.clone(),
                credit: facts.url.as_ref().map_or(Credit::None.name(), |url| url.credit.name()),
                affiliate: decision.is_some_and(|decision| decision.affiliate),
                decision: decision.map(|decision| (decision.action, decision.reason)),
                program: program.map(|program| program.name.clone()),
                marker: None,
            };
        }
    }

    /// The raw pieces after `changes`; what stands behind a link goes to its ruling. Edits of the links' own tags are told by
    /// the rulings.
    fn led_back<'c>(
        &self,
        changes: impl Iterator<Item = &'c Change>,
        rulings: &mut [Ruling],
    ) -> Result<Vec<Option<String>>, Outcome> {
        let mut of_raws: Vec<Vec<&Edit>> = self.raws.iter().map(|_| Vec::new()).collect();
        for edit in changes.flat_map(|change| &change.edits) {
            let raw = self.raws.partition_point(|raw| raw.end < edit.span.start);
            let holds = |raw: &&Span| raw.start <= edit.span.start && edit.span.end <= raw.end && !raw.is_empty();
            if let Some(edits) = self.raws.get(raw).filter(holds).and_then(|_| of_raws.get_mut(raw)) {
                edits.push(edit);
                continue;
            }
            let link = self.links.partition_point(|link| link.start <= edit.span.start).checked_sub(1);
            let link = link.and_then(|link| Some((self.links.get(link)?, rulings.get_mut(link)?)));
            match link {
                Some((link, ruling)) if edit.fold && link.end == edit.span.start && edit.span.is_empty() => {
                    ruling.marker = Some(escape::decode(&edit.text, Context::HtmlText).value);
                }
                Some((link, _)) if edit.span.end < link.end => {}
                _ => return Err(Outcome::Refused("internal error: an edit outside links; please report it".into())),
            }
        }
        Ok(self.raws.iter().zip(of_raws).map(|(raw, edits)| self.edited(*raw, edits)).collect())
    }

    fn edited(&self, raw: Span, mut edits: Vec<&Edit>) -> Option<String> {
        if edits.is_empty() {
            return None;
        }
        edits.sort_by_key(|edit| edit.span.start);
        let mut text = String::new();
        let mut from = raw.start;
        for edit in edits {
            text.push_str(self.html.get(from..edit.span.start).unwrap_or_default());
            text.push_str(&edit.text);
            from = edit.span.end;
        }
        text.push_str(self.html.get(from..raw.end).unwrap_or_default());
        Some(text)
    }
}

impl Notice {
    /// What the plan puts in, and its change. What takes an older one's place is an edit of that.
    fn of(plan: &Plan, document: &Document, disclosure: &Disclosure) -> Option<(Self, usize)> {
        let is_notice = |kind| matches!(kind, Added::Notice | Added::Statement);
        let mut inserted =
            plan.additions.iter().filter(|addition| addition.action == Action::Inserted && is_notice(addition.kind));
        let change = inserted.find_map(|addition| addition.change)?;
        let [edit] = plan.changes.get(change)?.edits.as_slice() else { return None };
        let html = edit.text.trim().to_owned();
        let (before, behind) = disclosure.html.split_once("{text}")?;
        let text = html.strip_prefix(before.trim_start())?.strip_suffix(behind.trim_end())?;
        let disclosed = || plan.decisions.iter().filter(|decision| decision.disclosed);
        let links = || disclosed().filter_map(|decision| document.links.get(decision.link));
        let first = links().find(|link| link.in_content).or_else(|| links().next());
        let notice = Self {
            text: escape::decode(text, Context::HtmlText).value,
            html,
            disclosure: disclosure.clone(),
            before: first.map_or(0, |link| link.element.start),
        };
        Some((notice, change))
    }

    /// As the configuration writes it in Markdown.
    pub(super) fn markdown(&self) -> String {
        let style = Style { format: Format::Markdown, line_end: "\n", ascii: false };
        render::notice(&self.text, &self.disclosure, style)
    }

    /// Where it is to stand.
    pub(super) fn place(&self) -> NoticePlace {
        self.disclosure.place
    }
}

fn seen(link: &Link) -> Seen {
    let standing = Wanted::standing(link);
    Seen { url: link.destination.value.clone(), rel: standing.rel, target: standing.target }
}

fn messages(plan: &Plan) -> Vec<Message> {
    let message = |level, message: &str| Message {
        level,
        path: String::new(),
        line: None,
        column: None,
        message: message.to_owned(),
    };
    let ended = plan.decisions.iter().filter(|decision| decision.left_ended);
    let ended = ended.map(|decision| {
        message(Level::Error, &format!("own link of an ended program stays: {}", decision.reason.sentence()))
    });
    let additions = plan.additions.iter().filter(|addition| {
        matches!(addition.reason, Reason::NoPlace | Reason::OtherLanguage | Reason::WouldBreakMarkup)
    });
    ended.chain(additions.map(|addition| message(Level::Warn, addition.reason.sentence()))).collect()
}
