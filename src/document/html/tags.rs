//! The one pass of `lol_html` over a text: which tags stand where and what they mean to us. Decides which elements matter;
//! nothing about links.
//!
//! `lol_html` only reads: handlers record, what it writes is dropped. Handlers are what costs, so there is one for every
//! element, which looks at names in the text itself and asks for the end tag of the few elements whose extent matters.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lol_html::errors::{RewritingError, SelectorError};
use lol_html::html_content::{Attribute, Comment, Element};
use lol_html::{
    DocumentContentHandlers, ElementContentHandlers, HandlerResult, HtmlRewriter, MemorySettings, Selector, Settings,
};
use memchr::memmem;

use super::implied::Omittable;
use crate::document::{ParseError, ParseOptions};
use crate::span::Span;

/// What an element is to us: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles(u16);

impl Roles {
    /// `a`, with or without `href`.
    pub(super) const ANCHOR: Self = Self(1);
    /// `area`.
    pub(super) const AREA: Self = Self(1 << 1);
    /// Code: links in it are seen and never edited.
    pub(super) const CODE: Self = Self(1 << 2);
    /// What is no part of the rendered page: links in it are none.
    pub(super) const HIDDEN: Self = Self(1 << 3);
    /// Controls and drawings: no bare URL becomes a link there.
    pub(super) const CONTROL: Self = Self(1 << 4);
    /// Selected by `html.content`.
    pub(super) const CONTENT: Self = Self(1 << 5);
    /// Selected by `html.skip`.
    pub(super) const SKIP: Self = Self(1 << 6);
    /// `data-affilink="off"`.
    pub(super) const OFF: Self = Self(1 << 7);
    /// Selected by `html.ignore`.
    pub(super) const UNSELECTED: Self = Self(1 << 8);
    /// `script` and `style`, whose text is in another language.
    pub(super) const SCRIPT: Self = Self(1 << 9);
    /// Inside an element whose end tag may be left out: where it ends matters to where that one ends.
    pub(super) const NESTED: Self = Self(1 << 10);
    /// Selected by `disclosure.recognize`; looked for only where an outline is wanted.
    pub(super) const RECOGNIZED: Self = Self(1 << 11);
    /// How many bits there are.
    pub(super) const COUNT: usize = 12;
    /// What is said of all that an element holds.
    pub(super) const SCOPED: Self = Self::CONTENT.and(Self::SKIP).and(Self::OFF).and(Self::UNSELECTED);

    /// Whether it has one of `other`'s bits.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The bits of both.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The numbers of its bits.
    pub(super) fn bits(self) -> impl Iterator<Item = usize> {
        (0..Self::COUNT).filter(move |bit| self.0 >> bit & 1 != 0)
    }

    fn of_name(name: &[u8]) -> Self {
        let mut lower = [0_u8; 9];
        let Some(lower) = lower.get_mut(..name.len()) else { return Self::default() };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        match &*lower {
            b"a" => Self::ANCHOR,
            b"area" => Self::AREA,
            b"pre" | b"code" | b"kbd" | b"samp" => Self::CODE,
            b"script" | b"style" => Self::SCRIPT.and(Self::HIDDEN),
            b"title" | b"textarea" | b"template" | b"noscript" | b"iframe" | b"xmp" | b"noembed" | b"noframes"
            | b"plaintext" => Self::HIDDEN,
            b"button" | b"label" | b"option" | b"svg" | b"math" => Self::CONTROL,
            _ => Self::default(),
        }
    }
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// From `<` to `>`.
    pub(super) span: Span,
    /// What its element is.
    pub(super) roles: Roles,
    /// Its place in [`Tags::link_tags`], for `a` and `area`.
    pub(super) link_tag: Option<u32>,
}

/// What the pass saw, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A start tag.
    Open(Open),
    /// The end of an element that has a role.
    Close {
        /// Its start tag, as an index into the events.
        open: usize,
        /// The end tag that ends it, which may be another element's; empty where it ends without one.
        span: Span,
    },
    /// A comment, from `<` to `>`.
    Comment(Span),
}

/// One attribute of an `a` or `area`: its name, and its value without quotes if it has one.
pub(super) type RawAttribute = (Span, Option<Span>);

/// What one pass found.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// Tags and comments in order.
    pub(super) events: Vec<Event>,
    /// The attributes of every `a` and `area`.
    pub(super) link_tags: Vec<Vec<RawAttribute>>,
}

impl Tags {
    /// The start tag that a [`Event::Close`] speaks of.
    pub(super) fn open(&self, index: usize) -> Option<Open> {
        match self.events.get(index) {
            Some(&Event::Open(open)) => Some(open),
            _ => None,
        }
    }
}

/// The name in the start tag or end tag at `at`, which points behind `<` or `</`.
pub(super) fn name_at(text: &str, at: usize) -> &[u8] {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let end = rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>'));
    &rest[..end.unwrap_or(rest.len())]
}

/// Reads the tags of `text`, and its comments if `comments`.
pub(super) fn read(text: &str, options: &ParseOptions, comments: bool) -> Result<Tags, ParseError> {
    let tags = Rc::new(RefCell::new(Tags::default()));
    let pending = Rc::new(Cell::new(Roles::default()));
    let Selected { simple, selectors } = selected(options)?;
    let mut settings = Settings::new();
    // handlers run in the order they are added: the last one records what the others found out
    for (selector, role) in &selectors {
        let pending = Rc::clone(&pending);
        let note = move |_: &mut Element<'_, '_>| -> HandlerResult {
            pending.set(pending.get().and(*role));
            Ok(())
        };
        settings = settings
            .append_element_content_handler((Cow::Borrowed(selector), ElementContentHandlers::default().element(note)));
    }
    let everything: Selector = "*".parse().map_err(|error| selector_error("*", error))?;
    let watch_off = memmem::find(text.as_bytes(), b"data-affilink").is_some();
    let simple: Vec<_> = simple.into_iter().filter(|(simple, _)| simple.may_stand_in(text)).collect();
    let omittable = Rc::new(Cell::new(0));
    let record = {
        let tags = Rc::clone(&tags);
        move |element: &mut Element<'_, '_>| -> HandlerResult {
            let name = name_at(text, element.source_location().bytes().start + 1);
            let selecting = simple.iter().filter(|(simple, _)| simple.selects(name, element, text));
            let roles = selecting.fold(pending.take(), |roles, (_, role)| roles.and(*role));
            let roles = roles.and(Roles::of_name(name));
            let roles = if watch_off && is_off(element, text) { roles.and(Roles::OFF) } else { roles };
            record(element, &tags, roles, roles.any(Roles::SCOPED) && Omittable::of(name).is_some(), &omittable)
        }
    };
    settings = settings.append_element_content_handler((
        Cow::Borrowed(&everything),
        ElementContentHandlers::default().element(record),
    ));
    if comments {
        let tags = Rc::clone(&tags);
        settings = settings.append_document_content_handler(DocumentContentHandlers::default().comments(
            move |comment: &mut Comment<'_>| -> HandlerResult {
                tags.borrow_mut().events.push(Event::Comment(comment.source_location().bytes().into()));
                Ok(())
            },
        ));
    }
    run(text, settings)?;
    Ok(tags.take())
}

/// Lets `lol_html` read all of `text` at once and drops what it writes.
pub(super) fn run(text: &str, settings: Settings<'_, '_>) -> Result<(), ParseError> {
    // open elements are what takes memory, some 200 bytes each; a page of nothing else is refused
    let memory = MemorySettings::new().with_max_allowed_memory_usage((64 << 20) + text.len().saturating_mul(16));
    let settings = settings.with_strict(false).with_memory_settings(memory);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let gave_up = |error: RewritingError| ParseError::Html(error.to_string());
    rewriter.write(text.as_bytes()).map_err(gave_up)?;
    rewriter.end().map_err(gave_up)
}

/// What the configured selectors ask for.
struct Selected<'o> {
    /// What needs no reader of selectors.
    simple: Vec<(Simple<'o>, Roles)>,
    /// All others.
    selectors: Vec<(Selector, Roles)>,
}

/// A selector that is told by looking at the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Simple<'o> {
    /// Elements of this name.
    Name(&'o str),
    /// Elements with this role: `[role=main]`.
    Role(&'o str),
}

impl<'o> Simple<'o> {
    fn of(selector: &'o str) -> Option<Self> {
        let selector = selector.trim_ascii();
        if is_name(selector) {
            return Some(Self::Name(selector));
        }
        let role = selector.strip_prefix("[role=")?.strip_suffix(']')?;
        let is_bare = !role.is_empty() && role.bytes().all(|byte| byte.is_ascii_lowercase());
        is_bare.then_some(Self::Role(role))
    }

    /// Whether an element that it selects may stand in `text`.
    fn may_stand_in(self, text: &str) -> bool {
        match self {
            Self::Name(_) => true,
            Self::Role(role) => memmem::find(text.as_bytes(), role.as_bytes()).is_some(),
        }
    }

    fn selects(self, name: &[u8], element: &Element<'_, '_>, text: &str) -> bool {
        match self {
            Self::Name(wanted) => name.eq_ignore_ascii_case(wanted.as_bytes()),
            Self::Role(role) => {
                Span::from(element.source_location().bytes()).of(text).contains(role)
                    && element.get_attribute("role").is_some_and(|found| found == role)
            }
        }
    }
}

fn selected(options: &ParseOptions) -> Result<Selected<'_>, ParseError> {
    let lists =
        [(&options.content, Roles::CONTENT), (&options.skip, Roles::SKIP), (&options.ignore, Roles::UNSELECTED)];
    let mut selected = Selected { simple: Vec::new(), selectors: Vec::new() };
    for (list, role) in lists {
        if list.trim().is_empty() {
            continue;
        }
        // tags are looked at anyway; a selector is to be read first, and costs another handler
        if let Some(simple) = list.split(',').map(Simple::of).collect::<Option<Vec<_>>>() {
            selected.simple.extend(simple.into_iter().map(|simple| (simple, role)));
        } else {
            let selector = list.parse().map_err(|error| selector_error(list, error))?;
            selected.selectors.push((selector, role));
        }
    }
    if options.outline {
        for entry in &options.recognize {
            recognize(entry.trim(), &mut selected)?;
        }
    }
    Ok(selected)
}

/// Whether a selector of `options` may select an `a` of `text`.
pub(super) fn selects_anchors(text: &str, options: &ParseOptions) -> Result<bool, ParseError> {
    let Selected { simple, selectors } = selected(options)?;
    let selects = |simple: Simple<'_>| match simple {
        Simple::Name(name) => name == "a",
        Simple::Role(_) => simple.may_stand_in(text),
    };
    Ok(!selectors.is_empty() || simple.iter().any(|&(simple, _)| selects(simple)))
}

/// Adds what shows a disclosure: elements by selector, or the name of a component or shortcode, which no selector need be.
fn recognize<'o>(entry: &'o str, selected: &mut Selected<'o>) -> Result<(), ParseError> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if entry.starts_with(|c: char| c.is_ascii_alphabetic()) && entry.bytes().all(word) {
        selected.simple.push((Simple::Name(entry), Roles::RECOGNIZED));
        return Ok(());
    }
    let is_path = |byte: u8| word(byte) || matches!(byte, b'.' | b'/' | b' ');
    match entry.parse() {
        Ok(selector) => selected.selectors.push((selector, Roles::RECOGNIZED)),
        Err(_) if entry.bytes().all(is_path) && !entry.starts_with('.') => {}
        Err(error) => return Err(selector_error(entry, error)),
    }
    Ok(())
}

/// Whether a selector is an element's name and nothing else.
fn is_name(selector: &str) -> bool {
    selector.starts_with(|c: char| c.is_ascii_lowercase())
        && selector.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn selector_error(selector: &str, error: SelectorError) -> ParseError {
    ParseError::Selector { selector: selector.to_owned(), reason: error.to_string() }
}

/// Records a start tag, and the end of an element with a role. `omittable` is how many elements are open whose end tag
/// may be left out and who say something of what they hold; `is_one` says whether this is one more.
fn record(
    element: &mut Element<'_, '_>,
    tags: &Rc<RefCell<Tags>>,
    mut roles: Roles,
    is_one: bool,
    omittable: &Rc<Cell<usize>>,
) -> HandlerResult {
    let span = Span::from(element.source_location().bytes());
    if omittable.get() > 0 {
        roles = roles.and(Roles::NESTED);
    }
    let mut recorded = tags.borrow_mut();
    let open = recorded.events.len();
    let link_tag = roles.any(Roles::ANCHOR.and(Roles::AREA)).then(|| {
        recorded.link_tags.push(attributes(element));
        u32::try_from(recorded.link_tags.len() - 1).unwrap_or(u32::MAX)
    });
    recorded.events.push(Event::Open(Open { span, roles, link_tag }));
    if roles == Roles::default() {
        return Ok(());
    }
    if !element.can_have_content() {
        recorded.events.push(Event::Close { open, span: Span::at(span.end) });
        return Ok(());
    }
    omittable.set(omittable.get() + usize::from(is_one));
    let (tags, omittable) = (Rc::clone(tags), Rc::clone(omittable));
    element.on_end_tag(Box::new(move |end| {
        omittable.set(omittable.get() - usize::from(is_one));
        tags.borrow_mut().events.push(Event::Close { open, span: end.source_location().bytes().into() });
        Ok(())
    }))
}

fn attributes(element: &Element<'_, '_>) -> Vec<RawAttribute> {
    let place = |attribute: &Attribute<'_>| {
        let name = attribute.name_source_location()?.bytes().into();
        Some((name, attribute.value_source_location().map(|value| value.bytes().into())))
    };
    element.attributes().iter().filter_map(place).collect()
}

fn is_off(element: &Element<'_, '_>, text: &str) -> bool {
    let tag = Span::from(element.source_location().bytes()).of(text);
    tag.contains("data-affilink")
        && element.get_attribute("data-affilink").is_some_and(|value| value.trim().eq_ignore_ascii_case("off"))
}
