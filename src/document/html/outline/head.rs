//! What a page says of itself: its language, whether it is an article, whether it may be found. Decides where the head of
//! a page ends.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use serde_json::Value;

use super::super::element::Name;
use super::super::gap::Attributes;
use super::super::tags::{Event, Tags, name_at};
use crate::document::escape::{self, Context};
use crate::document::frontmatter;
use crate::document::outline::Head;
use crate::span::Span;

/// Types of schema.org that a page with one article has.
const ARTICLES: [&str; 12] = [
    "AdvertiserContentArticle",
    "AnalysisNewsArticle",
    "Article",
    "BlogPosting",
    "LiveBlogPosting",
    "NewsArticle",
    "OpinionNewsArticle",
    "Report",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "ScholarlyArticle",
    "TechArticle",
];

/// Types of schema.org that stand beside an article, or for it.
const REVIEWS: [&str; 4] = ["CriticReview", "EditorialReview", "Recommendation", "Review"];

/// How much of a title is read, in bytes.
const LONGEST_TITLE: usize = 1_000;

/// What is known of the head so far.
#[derive(Debug)]
pub(super) struct HeadReader {
    head: Head,
    /// Whether something that is shown came.
    left: bool,
    start: Option<usize>,
    body: Option<usize>,
    end: Option<usize>,
    articles: usize,
    reviews: usize,
}

impl HeadReader {
    /// Nothing known yet; a page that is `embedded` in another has no head.
    pub(super) fn new(embedded: bool) -> Self {
        Self { head: Head::default(), left: embedded, start: None, body: None, end: None, articles: 0, reviews: 0 }
    }

    /// Whether nothing came yet that a reader sees.
    pub(super) fn is_open(&self) -> bool {
        !self.left
    }

    /// At byte `at` something stands that ends the head.
    pub(super) fn leave(&mut self, at: usize) {
        if !self.left {
            self.left = true;
            self.start = Some(at);
        }
    }

    /// The `body` begins at byte `at`.
    pub(super) fn body(&mut self, at: usize) {
        self.left = true;
        self.body = self.body.or(Some(at));
    }

    /// The `body` ends at byte `at`.
    pub(super) fn end(&mut self, at: usize) {
        self.end = self.end.or(Some(at));
    }

    /// Where the body of a page of these bytes is.
    pub(super) fn body_of(&self, page: Span) -> Span {
        let start = self.body.or(self.start).unwrap_or(page.start);
        Span::new(start, self.end.unwrap_or(page.end).max(start))
    }

    /// Reads the start tag of `html`.
    pub(super) fn html(&mut self, tag: &str) {
        if self.head.language.is_none() {
            self.head.language = attribute(tag, "lang").map(Cow::into_owned);
        }
    }

    /// Reads a title: what stands behind its start tag.
    pub(super) fn title(&mut self, content: &str) {
        let content = content.rfind("</").and_then(|end| content.get(..end)).unwrap_or(content);
        let content = content.get(..content.floor_char_boundary(LONGEST_TITLE)).unwrap_or_default();
        let title = escape::decode(content, Context::HtmlText).value.trim().to_owned();
        self.head.title = self.head.title.take().or(Some(title));
    }

    /// Reads a `meta` tag.
    pub(super) fn meta(&mut self, tag: &str) {
        let Some(content) = attribute(tag, "content") else { return };
        let names = [attribute(tag, "property"), attribute(tag, "name")];
        let says = |name: &str| names.iter().flatten().any(|found| found.trim().eq_ignore_ascii_case(name));
        if says("og:type") {
            self.head.says_article |= content.trim().eq_ignore_ascii_case("article");
        } else if says("robots") || says("googlebot") {
            let words = content.split(|c: char| c == ',' || c.is_whitespace());
            self.head.no_index |=
                words.into_iter().any(|word| ["noindex", "none"].iter().any(|no| word.eq_ignore_ascii_case(no)));
        }
    }

    /// Reads a script: what stands behind its start tag.
    pub(super) fn script(&mut self, tag: &str, content: &str) {
        let is_data = attribute(tag, "type").is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default();
            kind.trim().eq_ignore_ascii_case("application/ld+json")
        });
        if !is_data {
            return;
        }
        let json = content.rfind("</").and_then(|end| content.get(..end)).unwrap_or(content).trim();
        let json = json.strip_prefix("<!--").and_then(|json| json.strip_suffix("-->")).unwrap_or(json);
        let Ok(value) = serde_json::from_str::<Value>(json) else { return };
        for node in nodes(&value) {
            self.articles += usize::from(is_of(node, &ARTICLES));
            self.reviews += usize::from(is_of(node, &REVIEWS));
        }
    }

    /// What the page says, its `article` elements left out.
    pub(super) fn finish(self) -> Head {
        // a list of articles is none
        let one = self.articles == 1 || self.articles == 0 && self.reviews == 1;
        Head { says_article: self.head.says_article || one, ..self.head }
    }
}

/// The things that JSON-LD describes: not what stands in their properties, which may be other pages.
fn nodes(value: &Value) -> impl Iterator<Item = &Value> {
    let listed = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    listed.iter().flat_map(|node| {
        let graph = node.get("@graph").map(|graph| graph.as_array().map_or(std::slice::from_ref(graph), Vec::as_slice));
        let page = node.get("mainEntity").filter(|entity| entity.is_object());
        std::iter::once(node).chain(graph.unwrap_or_default()).chain(page)
    })
}

fn is_of(node: &Value, types: &[&str]) -> bool {
    let known = |kind: &Value| {
        kind.as_str().is_some_and(|kind| types.contains(&kind.rsplit(['/', ':']).next().unwrap_or(kind)))
    };
    match node.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(known),
        Some(kind) => known(kind),
        None => false,
    }
}

/// Whether browsers read a page that begins like this in quirks mode; a page without `html` is part of another.
///
/// Source: HTML, 13.2.6.4.1 "the initial insertion mode"; of the old doctypes only those that were ever common.
pub(super) fn is_quirky(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment.find("-->").and_then(|end| comment.get(end + 3..)).unwrap_or_default().trim_start();
    }
    let doctype = rest.split('>').next().unwrap_or_default().chars().take(200).collect::<String>().to_ascii_lowercase();
    if doctype.starts_with("<!doctype") {
        let old = ["-//ietf//", "-//netscape", "-//w3c//dtd html 3", "-//w3c//dtd html 4.0 "];
        let loose = ["html 4.01 transitional//", "html 4.01 frameset//"].iter().any(|name| doctype.contains(name));
        return old.iter().any(|name| doctype.contains(name)) || loose && !doctype.contains("http");
    }
    doctype.starts_with("<html")
}

/// Whether the start tag `tag` says that its element is not shown, or not told to readers who listen.
pub(super) fn is_hidden(tag: &str) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [Finder::new("hidden"), Finder::new("none")]);
    // who writes capitals writes them from the element's name on
    let shouts = tag.as_bytes().get(1).is_some_and(u8::is_ascii_uppercase);
    let may_hide = || shouts || WORDS.iter().any(|word| word.find(tag.as_bytes()).is_some());
    if tag.len() < "<p hidden>".len() || !may_hide() {
        return false;
    }
    let hides = |style: &str| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        let style = style.to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    attribute(tag, "hidden").is_some()
        || attribute(tag, "aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || attribute(tag, "style").is_some_and(|style| hides(&style))
}

/// Roles of what readers press, and of headings. Source: WAI-ARIA 1.2, 5.4.
const ROLES: [&str; 9] = ["button", "checkbox", "heading", "link", "menuitem", "option", "radio", "switch", "tab"];

/// Whether the start tag `tag` of an element called `name` says that its element works like a link, a button or a heading:
/// by its role, or by an address on an element of the author's own.
pub(super) fn is_control(tag: &str, name: Name) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [Finder::new("role"), Finder::new("href")]);
    let [role, address] = &*WORDS;
    let is_one = |role: &str| ROLES.iter().any(|known| role.trim().eq_ignore_ascii_case(known));
    let has_role = || attribute(tag, "role").is_some_and(|role| is_one(&role));
    let is_custom = || name_at(tag, 1).contains(&b'-') && attribute(tag, "href").is_some();
    name != Name::A && role.find(tag.as_bytes()).is_some() && has_role()
        || address.find(tag.as_bytes()).is_some() && is_custom()
}

/// What the page says of affilink in the first `<meta name="affilink" content="...">`: a value as front matter has it under
/// `affilink`, in YAML or JSON.
pub(in super::super) fn switch(text: &str, tags: &Tags) -> Option<Value> {
    memmem::find(text.as_bytes(), OWN_NAME.as_bytes())?;
    tags.events.iter().find_map(|event| {
        let Event::Open(open) = event else { return None };
        let tag = open.span.of(text);
        let is_own = Name::of(name_at(text, open.span.start + 1)) == Name::Meta
            && attribute(tag, "name").is_some_and(|name| name.trim() == OWN_NAME);
        let content = attribute(tag, "content").filter(|_| is_own)?;
        Some(frontmatter::value(content.trim()))
    })
}

/// The name under which a page speaks to this program.
const OWN_NAME: &str = "affilink";

/// The value of the attribute `name` of a start tag, empty for one without a value; the first of several counts.
pub fn attribute<'t>(tag: &'t str, name: &str) -> Option<Cow<'t, str>> {
    let from = 1 + name_at(tag, 1).len();
    let mut attributes = Attributes::new(tag.as_bytes(), from);
    let (_, value) = attributes.find(|(found, _)| found.of(tag).eq_ignore_ascii_case(name))?;
    let raw = value.map_or("", |value| value.of(tag));
    Some(if raw.contains('&') {
        escape::decode(raw, Context::HtmlAttribute { quote: Some('"') }).value.into()
    } else {
        raw.into()
    })
}
