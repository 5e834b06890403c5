//! What a page says of its paid links, and where. Decides what counts as saying it; whether that is enough is for those who
//! ask.

use crate::config::policy::Standard;
use crate::document::outline::{Outline, Shown, Text};
use crate::document::{Document, Link};
use crate::networks;
use crate::notice::own::OwnFound;
use crate::notice::plain::plain;
use crate::notice::scout::{self, Scout};
use crate::notice::sentence::{OPENING, bracketed, is_bracketed, sentences, without_brackets};
use crate::notice::statement::is_statement;
use crate::notice::wording::{self, Says, Wording};
use crate::source::Format;
use crate::span::Span;

/// Something that tells readers of paid links.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one place")]
pub struct Found {
    /// Its bytes: the sentence, the element, the label.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// How clear it is under the standard asked for.
    pub wording: Wording,
    /// Whether it stands in the page's content, not in its header, footer or side column.
    pub in_content: bool,
    /// Whether affilink wrote it.
    pub own: bool,
    /// Whether some readers do not see it.
    pub hidden: bool,
    /// Whether it is a sentence that a program requires, and says nothing else.
    pub is_statement: bool,
}

/// How a page tells readers of paid links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By a sentence, wherever it stands.
    Sentence,
    /// By a label, such as `(paid link)` or `#ad`: it speaks of what stands beside it.
    Label,
    /// By what `disclosure.recognize` names.
    Component,
}

/// A sentence that a program requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes.
    pub span: Span,
    /// The network, by its id.
    pub network: &'static str,
    /// Whether affilink wrote it.
    pub own: bool,
    /// Whether some readers do not see it.
    pub hidden: bool,
}

/// All that a page says of its paid links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosures {
    /// What tells readers of them, by where it starts.
    pub found: Vec<Found>,
    /// Sentences that programs require.
    pub statements: Vec<Statement>,
}

/// How far behind a link, or before it, a label still speaks of it, in bytes.
const BESIDE: usize = 40;

/// Looks for disclosures on the page `text`; `own` are the texts that affilink wrote, `markers` its labels
/// behind links, in order: they are no part of their sentences. The page needs its outline.
///
/// Any sentence of the author's that says the page is paid by links counts, however unclear: in every language there are
/// words for, whatever the page's language. Takes time linear in the page.
pub fn find(text: &str, document: &Document, own: &[OwnFound], markers: &[Span], standard: Standard) -> Disclosures {
    let Some(outline) = &document.outline else { return Disclosures::default() };
    let all = Disclosures::default();
    let mut finder = Finder { text, document, outline, own, markers, standard, all };
    for &span in outline.recognized.iter().filter(|span| !is_commented(text, span.start)) {
        finder.push(span, Kind::Component, Wording::Clear, false);
    }
    for run in runs(&outline.texts) {
        finder.run(run);
    }
    finder.own_words();
    finder.all.found.sort_by_key(|found| (found.span.start, found.span.end));
    finder.all.found.dedup_by(|next, before| next.span == before.span);
    finder.all
}

impl Disclosures {
    /// Whether something that readers see says it clearly before byte `first`, where the first paid link begins, or beside
    /// a link.
    pub fn is_clear_before(&self, first: usize) -> bool {
        let clear = |found: &&Found| found.wording == Wording::Clear && !found.hidden;
        self.found.iter().filter(clear).any(|found| found.kind == Kind::Label || found.span.start < first)
    }

    /// Whether a label stands beside `link`: in it, behind it with no other link between, or right before it.
    pub fn is_labelled(&self, document: &Document, link: usize) -> bool {
        self.is_labelled_before(document, link, usize::MAX)
    }

    /// The same where the next link but those of `document` begins at byte `other`.
    pub(crate) fn is_labelled_before(&self, document: &Document, link: usize, other: usize) -> bool {
        let next = document.links.get(link + 1).map_or(usize::MAX, |next| next.element.start);
        let element = document.links.get(link).map(Link::with_attributes);
        element.is_some_and(|element| self.is_beside(element, next.min(other)))
    }

    /// Whether a label stands beside a link at `element`, where the next link begins at byte `next`.
    pub(crate) fn is_beside(&self, element: Span, next: usize) -> bool {
        let until = next.min(element.end.saturating_add(BESIDE));
        let first = self.found.partition_point(|found| found.span.end + BESIDE < element.start);
        let near = self.found.get(first..).unwrap_or_default().iter().take_while(|found| found.span.start <= until);
        near.filter(|found| found.kind == Kind::Label && !found.hidden && !found.own).any(|found| {
            let before = found.span.end <= element.start && found.span.end + 2 >= element.start;
            before || found.span.start >= element.start && found.span.start < until
        })
    }
}

/// Whether byte `at` of the page stands in a comment of HTML or Liquid.
fn is_commented(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let is_open = |open: &str, close: &str| {
        let begun = before.rfind(open);
        begun.is_some_and(|begun| !before.get(begun..).is_some_and(|since| since.contains(close)))
    };
    is_open("<!--", "-->") || is_open("{% comment %}", "{% endcomment %}")
}

/// Texts that belong together: in one block, one behind the other.
fn runs(texts: &[Text]) -> impl Iterator<Item = &[Text]> {
    texts.chunk_by(|one, next| one.block == next.block)
}

struct Finder<'f> {
    text: &'f str,
    document: &'f Document,
    outline: &'f Outline,
    own: &'f [OwnFound],
    markers: &'f [Span],
    standard: Standard,
    all: Disclosures,
}

/// The text of a run as readers see it, and where its parts stand on the page.
struct Joined {
    shown: String,
    /// The same with spaces for markers.
    unmarked: String,
    /// By where they start in `shown`.
    parts: Vec<(usize, Span)>,
    /// Whether a part's bytes are what is shown.
    exact: Vec<bool>,
}

impl Joined {
    fn of(text: &str, run: &[Text], markers: &[Span]) -> Self {
        let mut joined = Self { shown: String::new(), unmarked: String::new(), parts: Vec::new(), exact: Vec::new() };
        for part in run {
            let shown = shown(part, text);
            joined.parts.push((joined.shown.len(), part.span));
            joined.exact.push(part.shown == Shown::Bytes);
            joined.shown.push_str(shown);
            let first = markers.partition_point(|marker| marker.end <= part.span.start);
            let near = markers.get(first..).unwrap_or_default();
            let mut near = near.iter().take_while(|marker| marker.start < part.span.end).peekable();
            if near.peek().is_none() {
                joined.unmarked.push_str(shown);
            } else if part.shown == Shown::Bytes {
                let is_marker =
                    |at: usize, near: &[Span]| near.iter().any(|marker| marker.start <= at && at < marker.end);
                let near: Vec<Span> = near.copied().collect();
                for (at, c) in shown.char_indices() {
                    joined.unmarked.extend(blanked(c, is_marker(part.span.start + at, &near)));
                }
            } else {
                shown.chars().for_each(|c| joined.unmarked.extend(blanked(c, true)));
            }
        }
        joined
    }

    /// The bytes of the page behind `range` of the text.
    fn place(&self, range: Span) -> Span {
        let at = |offset: usize, end: bool| {
            let index = self.parts.partition_point(|&(start, _)| if end { start < offset } else { start <= offset });
            let index = index.saturating_sub(1);
            let Some(&(start, span)) = self.parts.get(index) else { return 0 };
            match self.exact.get(index) {
                Some(true) => (span.start + offset.saturating_sub(start)).min(span.end),
                _ if end => span.end,
                _ => span.start,
            }
        };
        let start = at(range.start, false);
        Span::new(start, at(range.end, true).max(start))
    }
}

/// What a reader sees of `part`; what is no prose keeps the words around it apart.
fn shown<'t>(part: &'t Text, text: &'t str) -> &'t str {
    part.prose(text).unwrap_or(" ")
}

/// `c`, or as many spaces as it has bytes.
fn blanked(c: char, is_blank: bool) -> impl Iterator<Item = char> {
    std::iter::repeat_n(if is_blank { ' ' } else { c }, if is_blank { c.len_utf8() } else { 1 })
}

impl Finder<'_> {
    fn run(&mut self, run: &[Text]) {
        let mut scout = Scout::new();
        for part in run {
            scout.push(shown(part, self.text));
        }
        let seen = scout.seen();
        let marked = self.marks(run);
        let in_brackets = || run.iter().any(|part| shown(part, self.text).contains(OPENING));
        let labelled = seen.has_tag || seen.is_label || seen.has_label && in_brackets();
        if !seen.has_words() && !labelled && !marked {
            return;
        }
        let joined = Joined::of(self.text, run, self.markers);
        let label = if seen.is_label || marked { wording::label(&plain(&joined.unmarked)) } else { None };
        let block_label = label.filter(|_| self.is_own_line(&plain(&joined.shown)));
        for sentence in sentences(&joined.unmarked) {
            self.sentence(&joined, sentence, block_label, marked);
        }
    }

    /// Whether a marker stands in `run`.
    fn marks(&self, run: &[Text]) -> bool {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
        let next = self.markers.partition_point(|marker| marker.end <= first.span.start);
        self.markers.get(next).is_some_and(|marker| marker.start < last.span.end)
    }

    /// Whether a text that is a label and nothing else speaks of its page: an author wrote it there. On built pages it may
    /// stand over an advertisement.
    fn is_own_line(&self, label: &str) -> bool {
        self.document.format != Format::Html || label.contains("link")
    }

    fn sentence(&mut self, joined: &Joined, range: Span, block_label: Option<Says>, marked: bool) {
        let shown = range.of(&joined.unmarked);
        let seen = scout::look(shown);
        if seen.is_nothing() && block_label.is_none() && !marked {
            return;
        }
        let words = plain(shown);
        let place = joined.place(range);
        let required = || networks::all().iter().find(|network| is_statement(&words, network.id));
        if seen.languages.has_statement()
            && let Some(network) = required()
        {
            let (own, hidden) = (self.is_own(place), self.outline.is_hidden(place.start));
            self.all.statements.push(Statement { span: place, network: network.id, own, hidden });
            self.push(place, Kind::Sentence, Wording::Clear, true);
            return;
        }
        // a label in brackets speaks of what stands before it
        let outside = || wording::says(&plain(&without_brackets(shown)));
        // who asks does not tell
        let asks = shown.trim_end().ends_with(['?', '？']);
        let said = wording::says_in(&words, seen.languages).filter(|_| !asks).filter(|says| {
            !matches!(says, Says::Links)
                || shown.trim() == joined.unmarked.trim() && is_bracketed(shown)
                || outside().is_some()
        });
        // a link to a page about it is none
        let is_link = || self.link_around(place).is_some();
        if let Some(says) = said.or(block_label)
            && !(is_link() && (matches!(says, Says::Links | Says::Label(_)) || is_title(&words)))
        {
            self.push(place, Kind::Sentence, says.wording(self.standard), false);
            return;
        }
        self.labels(joined, range);
    }

    /// Labels in the sentence at `range`: between brackets, or with `#`.
    fn labels(&mut self, joined: &Joined, range: Span) {
        let shown = range.of(&joined.shown);
        for (at, inner) in bracketed(shown) {
            let words = plain(inner);
            let says = wording::label(&words).or_else(|| {
                let short = words.split_whitespace().count() <= 4;
                short.then(|| wording::says(&words)).flatten()
            });
            if let Some(says) = says {
                let place = joined.place(Span::new(range.start + at, range.start + at + inner.len()));
                self.push(place, Kind::Label, says.wording(self.standard), false);
            }
        }
        let mut at = 0;
        for word in shown.split_inclusive(char::is_whitespace) {
            if word.starts_with('#')
                && let Some(says) = wording::label(&plain(word))
            {
                let start = range.start + at;
                let place = joined.place(Span::new(start, start + word.trim_end().len()));
                self.push(place, Kind::Label, says.wording(self.standard), false);
            }
            at += word.len();
        }
    }

    /// Own notices in words that say nothing of what is known: the user's choice, and unclear.
    fn own_words(&mut self) {
        let own = self.own;
        for notice in own.iter().filter(|found| found.own.is_notice) {
            let said = self.all.found.iter().any(|found| !found.is_statement && notice.span.overlaps(found.span));
            if !said {
                self.push(notice.span, Kind::Sentence, Wording::Weak, false);
            }
        }
    }

    fn push(&mut self, span: Span, kind: Kind, wording: Wording, is_statement: bool) {
        let block = self.outline.block_at(span.start);
        let in_content = self.outline.blocks.get(block).is_none_or(|block| block.in_content);
        let (own, hidden) = (self.is_own(span), self.outline.is_hidden(span.start));
        self.all.found.push(Found { span, kind, wording, in_content, own, hidden, is_statement });
    }

    fn is_own(&self, span: Span) -> bool {
        let index = self.own.partition_point(|own| own.span.end <= span.start);
        self.own.get(index).is_some_and(|own| own.span.overlaps(span))
    }

    /// The link that readers click anywhere in `span`.
    fn link_around(&self, span: Span) -> Option<&Link> {
        let after = self.document.links.partition_point(|link| link.element.start <= span.start);
        let link = self.document.links.get(after.checked_sub(1)?)?;
        (!link.kind.is_value() && link.element.contains(span)).then_some(link)
    }
}

/// Whether `words`, a link's plain text, name a page rather than say anything: "How we earn commissions by links".
fn is_title(words: &str) -> bool {
    let first = words.split_whitespace().next();
    first.is_some_and(|first| ASKING.contains(&first))
}

/// What titles of pages begin with that explain something.
const ASKING: [&str; 19] = [
    "about", "come", "comment", "como", "cómo", "how", "hoe", "hur", "jak", "learn", "perché", "por", "pourquoi",
    "read", "waarom", "warum", "why", "wie", "как",
];
