//! One representation for both formats: spans over the source, in order. Decides where links stand and what of them
//! can be edited; knows no program and no policy.
//!
//! A span is editable only when its bytes, decoded in their context, are what the parser reported; otherwise the link is
//! [`ReadOnly`]: surveyed and reported, never guessed at.

mod attribute_list;
pub mod bare;
pub mod columns;
pub mod destination;
pub mod directive;
pub mod embedded;
pub mod escape;
pub mod frontmatter;
pub mod html;
pub mod indented;
mod jsx;
pub mod markdown;
pub mod mask;
pub mod math;
pub mod offered;
pub mod outline;
pub mod shortcode;
mod skeleton;

use std::collections::BTreeMap;

use thiserror::Error;

pub use self::bare::Relinked;
pub use self::escape::Context;
pub use self::frontmatter::{FrontMatter, KeyPath};
pub use self::outline::Outline;
pub use self::skeleton::Skeleton;
use crate::source::{Format, Source};
use crate::span::{OffsetMap, Span};

/// What the front ends need to know of the configuration.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one site")]
pub struct ParseOptions {
    /// Front-matter keys whose strings are links (`links.front_matter`).
    pub front_matter: Vec<KeyPath>,
    /// Shortcode arguments that are links, by shortcode name (`links.shortcodes`).
    pub shortcodes: BTreeMap<String, Vec<Argument>>,
    /// Component attributes that are links, by component name (`links.components`).
    pub components: BTreeMap<String, Vec<String>>,
    /// CSS selectors of the content element (`html.content`); where none matches, `body` is the content.
    pub content: String,
    /// CSS selectors of what is no content though it stands inside it (`html.skip`).
    pub skip: String,
    /// CSS selectors of elements whose links are left alone (`html.ignore`); may be empty.
    pub ignore: String,
    /// Whether bare URLs are looked for (`links.bare_urls`).
    pub bare_urls: bool,
    /// Whether the site's generator reads `$...$` as math.
    pub math: bool,
    /// Whether the site's generator reads containers of Python-Markdown, whose content is indented: `!!!`, `???`, `===`.
    pub containers: bool,
    /// Which attribute lists behind Markdown links the site's generator reads; others are text.
    pub lists: Lists,
    /// Whether [`Document::outline`] is wanted.
    pub outline: bool,
    /// CSS selectors, names of components and of shortcodes that show a disclosure (`disclosure.recognize`).
    pub recognize: Vec<String>,
}

impl Default for ParseOptions {
    fn default() -> Self {
        Self {
            front_matter: Vec::new(),
            shortcodes: BTreeMap::new(),
            components: BTreeMap::new(),
            content: "main, article, [role=main]".into(),
            skip: "nav, header, footer, aside".into(),
            ignore: String::new(),
            bare_urls: true,
            math: false,
            containers: false,
            lists: Lists::default(),
            outline: false,
            recognize: Vec::new(),
        }
    }
}

/// Which attribute lists are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lists {
    /// Of any syntax.
    #[default]
    Any,
    /// Of this one.
    Only(AttributeSyntax),
    /// None.
    None,
}

impl Lists {
    /// Whether lists of `syntax` are read.
    pub fn has(self, syntax: AttributeSyntax) -> bool {
        match self {
            Self::Any => true,
            Self::Only(only) => only == syntax,
            Self::None => false,
        }
    }
}

/// Which argument of a shortcode.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// By name, as in `url="..."`.
    Named(String),
    /// By position, 0-based, among the positional arguments.
    Position(usize),
}

/// How a link is written; the `kind` of a manifest line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// `[text](destination)`
    Inline,
    /// `[text][label]`, `[label][]`, `[label]`
    Reference,
    /// `<https://...>`
    Autolink,
    /// A URL in running text.
    Bare,
    /// `a[href]`, in HTML, in Markdown or in MDX.
    Html,
    /// `area[href]`
    Area,
    /// A configured front-matter value.
    FrontMatter,
    /// A configured shortcode argument.
    Shortcode,
    /// A configured component attribute.
    Component,
}

impl LinkKind {
    /// Whether it is a value that no Markdown or HTML parser reads as a link: nothing of it but the value can change.
    pub fn is_value(self) -> bool {
        matches!(self, Self::FrontMatter | Self::Shortcode | Self::Component)
    }

    /// Whether it is written in HTML's or JSX's tags.
    pub fn is_tag(self) -> bool {
        matches!(self, Self::Html | Self::Area)
    }
}

/// Why a link's bytes are not edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, Error)]
#[serde(rename_all = "kebab-case")]
pub enum ReadOnly {
    /// The bytes do not decode to what the parser reported.
    #[error("the destination's bytes could not be found with certainty")]
    NotLocated,
    /// The destination holds template syntax.
    #[error("template syntax in the destination")]
    TemplateSyntax,
    /// A character reference in an autolink, which Markdown parsers read differently.
    #[error("a character reference in an autolink")]
    AmbiguousAutolink,
    /// A value over several lines.
    #[error("a value over several lines")]
    MultiLine,
    /// A YAML block scalar.
    #[error("a block scalar")]
    BlockScalar,
    /// A YAML anchor, alias or tag.
    #[error("an anchor, an alias or a tag")]
    Anchor,
    /// Bytes that are not UTF-8 in the destination.
    #[error("bytes that are not UTF-8")]
    Encoding,
    /// Inside `code`, `pre`, `kbd`, `samp`, `noscript`, `template` and the like.
    #[error("inside code or another place that is never edited")]
    InertPlace,
    /// Inside a table whose columns are told by where they stand.
    #[error("a table laid out by its columns")]
    Columns,
    /// An HTML tag cut up by quote or list markers.
    #[error("a tag broken by quote or list markers")]
    Broken,
}

/// What the author said to leave alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptOut {
    /// `data-affilink="off"` on the link or around it.
    Attribute,
    /// Between `affilink-off` and `affilink-on` comments.
    Comment,
    /// `rel="me"`
    RelMe,
    /// An element that `html.ignore` selects.
    Selector,
}

/// Bytes that hold a value, and how they hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The value's bytes, quotes and brackets left out.
    pub span: Span,
    /// How the value is escaped there.
    pub context: Context,
    /// The value itself.
    pub value: String,
}

/// The syntax that attributes are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeSyntax {
    /// An HTML or JSX start tag.
    Tag,
    /// A kramdown attribute list: `{: rel="..."}`.
    Kramdown,
    /// A Pandoc attribute list: `{rel="..."}`.
    Pandoc,
}

/// One attribute as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute's name.
    pub name: Span,
    /// Everything from the name to the end of the value, quotes included.
    pub whole: Span,
    /// The value between its quotes; `None` for an attribute without a value.
    pub value: Option<Field>,
}

impl Attribute {
    /// The decoded value; empty for an attribute without one.
    pub fn text(&self) -> &str {
        self.value.as_ref().map_or("", |field| field.value.as_str())
    }
}

/// The attributes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// How they are written.
    pub syntax: AttributeSyntax,
    /// The start tag from `<` to `>`, or the attribute list with its braces.
    pub span: Span,
    /// Where ` name="value"` may be inserted: right after a tag's name; before a list's closing brace.
    pub insert_at: usize,
    /// The `rel` attribute, the first where there are several.
    pub rel: Option<Attribute>,
    /// The `target` attribute.
    pub target: Option<Attribute>,
    /// A hash of every other attribute but `href` and `title`, so that none can change unseen; 0 for none.
    pub others: u64,
    /// The end tag, where one belongs to the start tag; always `None` for an attribute list.
    pub end_tag: Option<Span>,
}

/// One link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one link")]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// The whole link: `[text](destination)`, with a collapsed reference's `[]`; `<https://...>`; from the start tag to
    /// the end tag (where it has none of its own, to where its element ends or the next link begins); the bare URL; the
    /// value of a front-matter key, a shortcode argument or a component attribute. An attribute list behind a Markdown link
    /// is not part of it.
    pub element: Span,
    /// What the reader clicks: between the brackets or tags. Equal to `element` for a bare URL; empty for values.
    pub text: Span,
    /// The destination's bytes: those of the definition for a reference link. For a bare URL and an autolink the URL itself.
    /// The value is what the page's reader would follow; for a bare `www.` address it is the text as it stands.
    pub destination: Field,
    /// The definition that a reference link uses, as an index into [`Document::definitions`].
    pub definition: Option<usize>,
    /// The title, decoded.
    pub title: Option<String>,
    /// Attributes: of the tag, or of an attribute list directly behind a Markdown link.
    pub attributes: Option<Attributes>,
    /// Whether what the reader clicks is an image and nothing else.
    pub banner: bool,
    /// Whether it stands in a table cell of Markdown, where `|` ends the cell.
    pub in_cell: bool,
    /// Whether it stands in the page's content: always in Markdown; within `html.content` and outside `html.skip` in HTML.
    pub in_content: bool,
    /// Whether the author opted it out of edits.
    pub opt_out: Option<OptOut>,
    /// Why its bytes cannot be edited.
    pub read_only: Option<ReadOnly>,
    /// Whether its destination alone may change, because no tag and no attribute list can stand there: a Markdown link in
    /// a shortcode argument or a multi-line link text.
    pub destination_only: bool,
    /// Whether it stands in the tag of a shortcode: in an argument.
    pub in_argument: bool,
}

impl Link {
    /// Whether readers meet it where its bytes stand; of a value and of what an argument holds the theme decides where.
    pub fn is_in_place(&self) -> bool {
        !self.kind.is_value() && !self.in_argument
    }

    /// The bytes of a value with the quotes around it, which may change with it; one byte more on each side where it has none.
    pub fn quoted(&self) -> Span {
        Span::new(self.element.start.saturating_sub(1), self.element.end + 1)
    }

    /// Its bytes, those of an attribute list behind it among them.
    pub fn with_attributes(&self) -> Span {
        let attributes = self.attributes.as_ref().map_or(self.element, |attributes| attributes.span);
        Span::new(self.element.start.min(attributes.start), self.element.end.max(attributes.end))
    }

    /// A link of which nothing is known but how and where it is written: editable, in the content, without attributes.
    pub fn new(kind: LinkKind, element: Span, text: Span, destination: Field) -> Self {
        Self {
            kind,
            element,
            text,
            destination,
            definition: None,
            title: None,
            attributes: None,
            banner: false,
            in_cell: false,
            in_content: true,
            opt_out: None,
            read_only: None,
            destination_only: false,
            in_argument: false,
        }
    }

    /// A value that is a link: nothing of it but the destination can change.
    pub fn of_value(kind: LinkKind, destination: Field, read_only: Option<ReadOnly>) -> Self {
        let (element, text) = (destination.span, Span::at(destination.span.start));
        Self { read_only, destination_only: true, ..Self::new(kind, element, text, destination) }
    }
}

/// A link reference definition: `[label]: destination "title"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The whole definition.
    pub span: Span,
    /// Its destination.
    pub destination: Field,
    /// Its title as written, quotes included.
    pub title: Option<Span>,
    /// Whether an image uses it too.
    pub shared_with_image: bool,
    /// Why its bytes cannot be edited.
    pub read_only: Option<ReadOnly>,
}

/// A page, as spans over its text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The format it was read as.
    pub format: Format,
    /// Every link, by where its element starts; two links never overlap.
    pub links: Vec<Link>,
    /// Every definition in use, by where it starts.
    pub definitions: Vec<Definition>,
    /// The front matter, where the page has one.
    pub front_matter: Option<FrontMatter>,
    /// What HTML says of affilink in `<meta name="affilink">`: what front matter would say under `affilink`.
    pub switch: Option<serde_json::Value>,
    /// A hash of everything a parser sees but the links: see [`Skeleton`].
    pub skeleton: u64,
    /// Blocks and running text, where they were asked for.
    pub outline: Option<Outline>,
}

impl Document {
    /// What the page itself says of affilink.
    pub fn switch(&self) -> Option<&serde_json::Value> {
        self.front_matter.as_ref().and_then(|front_matter| front_matter.affilink.as_ref()).or(self.switch.as_ref())
    }
}

/// Why a page is left as it was, though it could be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseError {
    /// The HTML parser gave up.
    #[error("the HTML parser gave up: {0}")]
    Html(String),
    /// A selector of the configuration is not one that can be matched while reading.
    #[error("`{selector}` is no selector that can be matched: {reason}")]
    Selector {
        /// The selector as configured.
        selector: String,
        /// What the selector parser says.
        reason: String,
    },
}

/// Reads a page.
///
/// With `edits`, the page is an edited one and [`Document::skeleton`] is folded back through them: it equals the
/// original's where the edits changed nothing but links. All spans are offsets into the text as given.
pub fn parse(
    source: &Source<'_>,
    format: Format,
    options: &ParseOptions,
    edits: Option<&OffsetMap>,
) -> Result<Document, ParseError> {
    match format {
        Format::Markdown | Format::Mdx => markdown::parse(source.text(), format, options, edits),
        Format::Html => html::parse(source.text(), options, edits),
    }
}
