//! Whether a page gets a notice, a required sentence, markers; whether those that affilink wrote go. Decides what is needed;
//! what it looks like, where it goes and what counts as one is `notice`'s.

mod marking;
mod paid;

use self::marking::Marking;
use self::paid::Paid;
use crate::config::policy::{Disclosure, NoticePlace};
use crate::disclosure::render::{self, Style};
use crate::disclosure::texts::of_language;
use crate::disclosure::{self, Own};
use crate::document::{Document, Link};
use crate::edit::{Change, Edit};
use crate::notice::own::{self, OwnFound};
use crate::notice::{self, Cause, Disclosures, Kind, Slot, Wording};
use crate::plan::{Action, Added, Addition, Context, Plan, Reason};
use crate::source::Format;
use crate::span::Span;
use crate::survey::{LinkFacts, language};

/// Plans what discloses the affiliate links of a page, once its links and mentions are planned. The page needs its outline.
///
/// Gives from where names may be links, if the author's own disclosure bars those before.
pub(crate) fn disclose(
    text: &str,
    document: &Document,
    facts: &[LinkFacts],
    context: Context<'_>,
    plan: &mut Plan,
) -> Option<usize> {
    let disclosure = &context.policy.disclosure;
    if !context.policy.enabled || document.outline.is_none() {
        return None;
    }
    let style = Style::of(text, document.format);
    let (mut own, markers) = own_texts(text, document, disclosure);
    // the theme's may be in the very same words
    let known = own.len();
    own.retain(|found| disclosure.place != NoticePlace::None || !found.own.is_notice);
    let paid = Paid::of(document, facts, context, plan);
    if paid.is_none() && own.is_empty() {
        Marking { text, document, facts, style, context, names: &paid.names }.all(None, plan);
        return None;
    }
    let said = notice::find(text, document, &own, &markers, disclosure.standard);
    Marking { text, document, facts, style, context, names: &paid.names }.all(Some(&said), plan);
    let page = Page { text, document, context, style, paid: &paid, said: &said };
    page.notice(&own, plan);
    let first = page.names_from(plan);
    plan.said = (own.len() == known).then_some(said);
    first
}

/// Plans to take `block`, the author's own disclosure, to where one is inserted for the link at byte `link`. Nothing where
/// that is no place before it.
pub(crate) fn move_up(
    text: &str,
    document: &Document,
    block: Span,
    link: usize,
    context: Context<'_>,
    plan: &mut Plan,
) {
    let place = match context.policy.disclosure.place {
        NoticePlace::Top => NoticePlace::Top,
        _ => NoticePlace::Auto,
    };
    let Some(slot) = notice::slot(text, document, place, Cause::Link(link)) else { return };
    let removed = notice::removal(text, document, block);
    if !context.policy.enabled || slot.at >= removed.start {
        return;
    }
    let written = format!("{}{}{}", slot.before, block.of(text), slot.behind);
    let edits = vec![Edit::insert_folded(slot.at, written), Edit::remove_folded(removed)];
    plan.changes.push(Change { edits, ..Change::default() });
}

/// The bytes of the page `text` that affilink wrote beside its links: notices and sentences, and markers; each in order.
/// They count for nothing, neither as words nor as an author's disclosure.
pub(crate) fn own_texts(text: &str, document: &Document, disclosure: &Disclosure) -> (Vec<OwnFound>, Vec<Span>) {
    let style = Style::of(text, document.format);
    let own = own::find(text, document, &disclosure.written(style));
    (own, markers(text, document, &render::marker(&disclosure.marker, style)))
}

/// What of [`own_texts`] does not count, in order.
pub(crate) fn uncounted(own: &[OwnFound], markers: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = own.iter().map(|found| found.span).chain(markers.iter().copied()).collect();
    spans.sort_unstable_by_key(|span| span.start);
    spans
}

/// Where `marker`, as it stands on a page, follows a link.
fn markers(text: &str, document: &Document, marker: &str) -> Vec<Span> {
    if marker.is_empty() {
        return Vec::new();
    }
    let links = document.links.iter().filter(|link| !link.kind.is_value());
    let mut found: Vec<Span> =
        links.map(|link| behind(text, link, marker)).filter(|place| place.of(text) == marker).collect();
    found.sort_unstable_by_key(|place| place.start);
    found.dedup();
    found
}

/// Plans to take out what affilink wrote beside links: notices, sentences, markers.
pub(crate) fn strip(text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>, plan: &mut Plan) {
    let disclosure = &context.policy.disclosure;
    let style = Style::of(text, document.format);
    remove(text, document, &own::find(text, document, &disclosure.written(style)), Reason::Stripped, plan);
    let marker = render::marker(&disclosure.marker, style);
    if marker.is_empty() {
        return;
    }
    for (link, facts) in document.links.iter().zip(facts) {
        if facts.url.is_some() {
            unmark(text, link, &marker, Reason::Stripped, plan);
        }
    }
}

/// Plans to take out what affilink wrote about links that `plan` takes out, of all that stand on the page: their markers,
/// and the notice and sentences that no other link needs.
pub(crate) fn retract(text: &str, document: &Document, facts: &[LinkFacts], context: Context<'_>, plan: &mut Plan) {
    let disclosure = &context.policy.disclosure;
    let style = Style::of(text, document.format);
    let marker = render::marker(&disclosure.marker, style);
    let gone = plan.decisions.iter().filter(|decision| decision.change.is_some() && !decision.affiliate);
    let gone: Vec<usize> = gone.map(|decision| decision.link).collect();
    for link in gone.into_iter().filter_map(|link| document.links.get(link)).filter(|_| !marker.is_empty()) {
        unmark(text, link, &marker, Reason::Stripped, plan);
    }
    if document.outline.is_none() {
        return;
    }
    let (mut own, markers) = own_texts(text, document, disclosure);
    own.retain(|found| disclosure.place != NoticePlace::None || !found.own.is_notice);
    if own.is_empty() {
        return;
    }
    let mut paid = Paid::of(document, facts, context, plan);
    // nothing is said that was not said before
    paid.statements.retain(|(network, _)| own.iter().any(|found| found.own.statements.contains(network)));
    let said = notice::find(text, document, &own, &markers, disclosure.standard);
    Page { text, document, context, style, paid: &paid, said: &said }.notice(&own, plan);
}

/// Plans to take out the `marker` that stands behind `link`.
fn unmark(text: &str, link: &Link, marker: &str, reason: Reason, plan: &mut Plan) {
    let place = behind(text, link, marker);
    if place.of(text) == marker {
        let change = Change { edits: vec![Edit::remove_folded(place)], ..Change::default() };
        push(plan, addition(Added::Marker, place, Action::Removed, reason), Some(change));
    }
}

/// A page with something to disclose, or an own text.
struct Page<'p> {
    text: &'p str,
    document: &'p Document,
    context: Context<'p>,
    style: Style,
    paid: &'p Paid,
    said: &'p Disclosures,
}

/// What is to stand on the page.
struct Wanted {
    written: String,
    is_notice: bool,
    program: Option<usize>,
    /// Whether the page's language has no text.
    other_language: bool,
}

impl Page<'_> {
    fn notice(&self, own: &[OwnFound], plan: &mut Plan) {
        let wanted = self.wanted(own, plan);
        let (first, others) = own.split_first().map_or((None, own), |(first, others)| (Some(first), others));
        match (first, wanted) {
            (Some(found), Some(wanted)) if self.is_same(&found.own, &wanted) => {
                let kind = if wanted.is_notice { Added::Notice } else { Added::Statement };
                push(plan, addition(kind, found.span, Action::Kept, Reason::Disclosed), None);
            }
            (Some(found), Some(wanted)) => {
                // a block of Markdown has its line end
                let behind = self.text.get(found.span.end..).unwrap_or_default();
                let end = self.style.line_end;
                let ends = self.style.format.is_markdown() && behind.starts_with(end);
                let end = if ends { end } else { "" };
                let place = Span::new(found.span.start, found.span.end + end.len());
                let written = format!("{}{end}", wanted.written);
                let edits = vec![Edit::insert_folded(place.start, written), Edit::remove_folded(place)];
                Self::insert(&wanted, edits, place, (Reason::Notice, true), plan);
            }
            (Some(_), None) => return remove(self.text, self.document, own, Reason::Stale, plan),
            (None, Some(wanted)) => self.put(&wanted, plan),
            (None, None) => {}
        }
        remove(self.text, self.document, others, Reason::Stale, plan);
    }

    /// The text that the page needs and its author did not write; `own` stands there.
    fn wanted(&self, own: &[OwnFound], plan: &mut Plan) -> Option<Wanted> {
        let disclosure = &self.context.policy.disclosure;
        let needed = disclosure.place != NoticePlace::None && self.paid.needs_notice();
        let has_notice = own.iter().any(|found| found.own.is_notice);
        let by_author = self.by_author().filter(|_| needed && !(has_notice && self.says_less()));
        if let Some(span) = by_author {
            push(plan, addition(Added::Notice, span, Action::Kept, Reason::Disclosed), None);
        }
        let language = self.language();
        let (text, other_language) = self.notice_text(&language);
        let text = text.filter(|_| needed && by_author.is_none());
        let required = self.paid.statements.iter().filter(|_| disclosure.statements);
        let missing: Vec<_> = required.filter(|(network, _)| !self.states(network)).copied().collect();
        let networks: Vec<_> = missing.iter().map(|(network, _)| *network).collect();
        let whole = disclosure::joined(text, &networks, &language)?;
        Some(Wanted {
            written: render::notice(&whole, disclosure, self.style),
            is_notice: text.is_some(),
            program: missing.first().and_then(|(_, program)| *program),
            other_language: other_language && text.is_some(),
        })
    }

    /// Whether the author's own words are less than a notice that stands: labels, or what is unclear or comes late.
    fn says_less(&self) -> bool {
        let first = self.paid.first.or(self.paid.value).unwrap_or(usize::MAX);
        !self.said.found.iter().any(|found| {
            let whole = !found.own && !found.hidden && found.kind != Kind::Label && !found.is_statement;
            whole && found.wording == Wording::Clear && found.span.start < first
        })
    }

    /// What the author wrote that discloses the page's links.
    fn by_author(&self) -> Option<Span> {
        let others = self.said.found.iter().filter(|found| !found.own && !found.hidden);
        let mut whole = others.filter(|found| found.kind != Kind::Label && (found.in_content || !found.is_statement));
        if let Some(found) = whole.next() {
            return Some(found.span);
        }
        let Paid { links, names, value, in_front_matter, .. } = self.paid;
        let all = value.is_none() && !in_front_matter;
        let labelled = || names.iter().all(|name| self.is_name_labelled(*name));
        let link = links.first().and_then(|&link| self.document.links.get(link)).map(|link| link.element);
        let first = [link, names.first().copied()].into_iter().flatten().min_by_key(|first| first.start)?;
        (all && links.iter().all(|&link| self.is_labelled(link)) && labelled()).then_some(first)
    }

    /// From where names may be links, where the author's own disclosure would come too late for those before, or be too
    /// unclear for any, and for no other link.
    fn names_from(&self, plan: &Plan) -> Option<usize> {
        let disclosure = &self.context.policy.disclosure;
        let by_theme = disclosure.place == NoticePlace::None && self.style.format.is_markdown();
        let limits = self.context.names?.limits();
        // what stands beside each link is neither late nor unclear
        if by_theme || !disclosure.marker.is_empty() || self.paid.names.is_empty() {
            return None;
        }
        // on a built page the theme may have shown something at its end
        let on_page = (disclosure.place == NoticePlace::None).then_some(Span::at(0));
        let by_author = self.by_author().or(on_page)?;
        let clear = self.clear_from(plan).filter(|from| limits.weak_disclosure && !self.has_others(*from, plan));
        let late = self.said_from(by_author).filter(|from| limits.late_disclosure && !self.has_others(*from, plan));
        clear.max(late)
    }

    /// Where the page's first sentence about its links stands, if names before it would have none and no label.
    fn said_from(&self, by_author: Span) -> Option<usize> {
        let whole = |found: &&notice::Found| found.kind != Kind::Label && !found.hidden;
        let sentences = || self.said.found.iter().filter(whole);
        let notice = sentences().find(|found| !found.is_statement).or_else(|| sentences().next())?;
        let from = notice.span.start;
        let names = self.paid.names.iter().take_while(|name| name.start < from);
        let is_late = !notice.own && by_author.start <= from && !{ names }.all(|name| self.is_name_labelled(*name));
        is_late.then_some(from)
    }

    /// From where on something on the page has said clearly that its links are paid, if something else says it unclearly;
    /// its end and more where nothing has.
    fn clear_from(&self, plan: &Plan) -> Option<usize> {
        let is_clear = |found: &&notice::Found| found.wording == Wording::Clear && !found.hidden;
        let inserted = plan.additions.iter().any(|addition| addition.kind == Added::Statement);
        let is_said = inserted || self.said.found.iter().all(|found| is_clear(&found));
        let clear = self.said.found.iter().find(is_clear);
        let from = |found: &notice::Found| if found.kind == Kind::Label { 0 } else { found.span.start };
        (!is_said).then(|| clear.map_or(usize::MAX, from))
    }

    /// Whether an affiliate link other than a name, and without the author's label, begins before byte `until`.
    fn has_others(&self, until: usize, plan: &Plan) -> bool {
        plan.decisions.iter().filter(|decision| decision.affiliate).any(|decision| {
            let link = self.document.links.get(decision.link);
            let is_before = |link: &Link| link.in_content && link.is_in_place() && link.element.start < until;
            link.is_some_and(is_before) && !self.is_labelled(decision.link)
        })
    }

    /// Whether the author's own label stands beside a name that becomes a link.
    fn is_name_labelled(&self, name: Span) -> bool {
        self.said.is_beside(name, next_link(self.document, &self.paid.names, name))
    }

    /// Whether the author's own label stands beside the link.
    fn is_labelled(&self, link: usize) -> bool {
        let marker = render::marker(&self.context.policy.disclosure.marker, self.style);
        let own = self
            .document
            .links
            .get(link)
            .is_some_and(|link| !marker.is_empty() && behind(self.text, link, &marker).of(self.text) == marker);
        let at = self.document.links.get(link).map_or(0, |link| link.element.start);
        !own && self.said.is_labelled_before(self.document, link, next_name(&self.paid.names, at))
    }

    /// Whether the page, but for what affilink wrote, has the sentence that `network` requires.
    fn states(&self, network: &str) -> bool {
        self.said.statements.iter().any(|found| found.network == network && !found.own && !found.hidden)
    }

    /// The page's language, as a tag; English where nothing says another.
    fn language(&self) -> String {
        let texts = disclosure::texts(&self.context.policy.disclosure);
        let configured: Vec<&str> = texts.map(|(language, _)| language).collect();
        let is_configured = |tag: &str| configured.iter().any(|known| known.eq_ignore_ascii_case(tag));
        let Context { page, site_language, .. } = self.context;
        language::of_page(self.document, page, site_language, &is_configured).unwrap_or_else(|| "en".into())
    }

    /// The notice in `language`, else in the site's, else in English; and whether it is another language's.
    fn notice_text(&self, language: &str) -> (Option<&str>, bool) {
        let texts = || disclosure::texts(&self.context.policy.disclosure);
        if let Some(text) = of_language(texts(), language) {
            return (Some(text), false);
        }
        let site = self.context.site_language.and_then(|site| of_language(texts(), site));
        (site.or_else(|| of_language(texts(), "en")), true)
    }

    fn is_same(&self, own: &Own, wanted: &Wanted) -> bool {
        own.written == wanted.written
            || (self.style.format == Format::Html && decoded(&own.written) == decoded(&wanted.written))
    }

    /// Puts the text where it belongs.
    fn put(&self, wanted: &Wanted, plan: &mut Plan) {
        let place = match self.context.policy.disclosure.place {
            NoticePlace::None => NoticePlace::Auto,
            place => place,
        };
        let kind = if wanted.is_notice { Added::Notice } else { Added::Statement };
        let Some(Slot { at, before, behind, begins_page }) =
            notice::slot(self.text, self.document, place, self.paid.cause())
        else {
            let start = self.paid.first.or(self.paid.value).unwrap_or(0);
            return push(plan, addition(kind, Span::at(start), Action::Skipped, Reason::NoPlace), None);
        };
        let reason = if begins_page { Reason::NoticeFirst } else { Reason::Notice };
        let edits = vec![Edit::insert_folded(at, format!("{before}{}{behind}", wanted.written))];
        // at the end of a page it stands behind what is written there
        let leads = self.paid.first.is_none_or(|first| at <= first);
        Self::insert(wanted, edits, Span::at(at), (reason, leads), plan);
    }

    fn insert(wanted: &Wanted, edits: Vec<Edit>, place: Span, (reason, leads): (Reason, bool), plan: &mut Plan) {
        if wanted.other_language {
            push(plan, addition(Added::Notice, Span::at(place.start), Action::Skipped, Reason::OtherLanguage), None);
        }
        let (kind, reason) =
            if wanted.is_notice { (Added::Notice, reason) } else { (Added::Statement, Reason::Statement) };
        let inserted = Addition { program: wanted.program, ..addition(kind, place, Action::Inserted, reason) };
        let change = Change { edits, ..Change::default() };
        // of several insertions at one byte the first to be pushed stands first
        if leads {
            push_first(plan, inserted, change);
        } else {
            push(plan, inserted, Some(change));
        }
    }
}

/// `written` with its references to characters beyond ASCII undone.
fn decoded(written: &str) -> String {
    crate::document::escape::decode(written, crate::document::Context::HtmlText).value
}

/// Plans to take out `found`, in order, so that the page is as it was before they were put in.
fn remove(text: &str, document: &Document, found: &[OwnFound], reason: Reason, plan: &mut Plan) {
    let removal = |span: Span| notice::removal(text, document, span);
    let mut rest = found;
    while !rest.is_empty() {
        // what stands in a row goes as one
        let in_row = |pair: &[OwnFound]| removal(pair[0].span).end >= pair[1].span.start;
        let row = 1 + rest.windows(2).take_while(|pair| in_row(pair)).count();
        let (together, others) = rest.split_at(row);
        rest = others;
        let whole = removal(Span::new(together[0].span.start, together[row - 1].span.end));
        for (index, found) in together.iter().enumerate() {
            let start = if index == 0 { whole.start } else { found.span.start };
            let end = together.get(index + 1).map_or(whole.end, |next| next.span.start);
            let place = Span::new(start, end);
            let kind = if found.own.is_notice { Added::Notice } else { Added::Statement };
            let change = Change { edits: vec![Edit::remove_folded(place)], ..Change::default() };
            push(plan, addition(kind, place, Action::Removed, reason), Some(change));
        }
    }
}

/// Where the first of `names`, which are in order, begins behind byte `at`.
fn next_name(names: &[Span], at: usize) -> usize {
    let next = names.partition_point(|name| name.start <= at);
    names.get(next).map_or(usize::MAX, |name| name.start)
}

/// Where the next link behind `name`, one of `names`, will begin.
fn next_link(document: &Document, names: &[Span], name: Span) -> usize {
    let next = document.links.partition_point(|link| link.element.start <= name.start);
    let next = document.links.get(next).map_or(usize::MAX, |link| link.element.start);
    next.min(next_name(names, name.start))
}

/// The bytes behind `link` and its attribute list that `marker` would take. What may be such a list counts as one, whatever
/// the site's Markdown reads: it belongs to the link.
fn behind(text: &str, link: &Link, marker: &str) -> Span {
    let end = link.with_attributes().end;
    let rest = text.get(end..).unwrap_or_default();
    let is_list = rest.starts_with('{') && !["{{", "{%", "{#", "{/"].iter().any(|open| rest.starts_with(open));
    let same_line = rest.lines().next().unwrap_or_default();
    let list = same_line.find('}').filter(|_| is_list && !link.kind.is_tag()).map_or(0, |close| close + 1);
    Span::new(end + list, end + list + marker.len())
}

fn addition(kind: Added, place: Span, action: Action, reason: Reason) -> Addition {
    Addition {
        kind,
        place,
        action,
        reason,
        program: None,
        network: None,
        subid: None,
        product: None,
        url: String::new(),
        rule: None,
        change: None,
    }
}

fn push(plan: &mut Plan, mut addition: Addition, change: Option<Change>) {
    if let Some(change) = change {
        addition.change = Some(plan.changes.len());
        plan.changes.push(change);
    }
    plan.additions.push(addition);
}

/// As [`push`], before every other change: of two insertions at one place, the notice stands before the link.
fn push_first(plan: &mut Plan, mut addition: Addition, change: Change) {
    let changes = plan.decisions.iter_mut().map(|decision| &mut decision.change);
    for index in changes.chain(plan.additions.iter_mut().map(|addition| &mut addition.change)).flatten() {
        *index += 1;
    }
    plan.changes.insert(0, change);
    addition.change = Some(0);
    plan.additions.push(addition);
}
