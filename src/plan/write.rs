//! How a decided link gets onto the page: which bytes change for each way of writing a link and each Markdown style.
//! Decides nothing about which link credits whom.

use std::ops::Range;

use crate::config::policy::{MarkdownStyle, Policy};
use crate::document::{Context as Escape, Definition, Document, Link, LinkKind, Relinked, escape};
use crate::edit::{Change, Edit, Expectation, NewLink};
use crate::plan::line::takes_no_tag;
use crate::plan::reason::Reason;
use crate::plan::rel::{self, Wanted};
use crate::program::UrlEdit;
use crate::source::Format;
use crate::span::Span;
use crate::survey::Address;

/// What is needed to write one link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'w> {
    /// The page's text.
    pub(super) text: &'w str,
    /// The page.
    pub(super) document: &'w Document,
    /// The link, as an index into the page's links.
    pub(super) index: usize,
    /// Where its URL stands in its destination.
    pub(super) address: &'w Address,
    /// The edits to the URL; empty where only attributes are wanted.
    pub(super) url_edits: &'w [UrlEdit],
    /// Whether it is to have the attributes of an affiliate link afterwards.
    pub(super) attributes: bool,
    /// Whether it is an own link that is taken out.
    pub(super) stripped: bool,
    /// What is to be done on the page.
    pub(super) policy: &'w Policy,
    /// See [`crate::plan::link::Context::relinked`].
    pub(super) relinked: Relinked,
    /// Whether the link keeps the form it has.
    pub(super) destination_only: bool,
}

impl<'w> Site<'w> {
    fn link(&self) -> &'w Link {
        &self.document.links[self.index]
    }

    /// The style for this link: a place that takes no tag and no list takes the destination alone.
    fn style(&self) -> MarkdownStyle {
        let link = self.link();
        match self.policy.markdown {
            _ if link.destination_only || self.destination_only => MarkdownStyle::Plain,
            MarkdownStyle::Kramdown | MarkdownStyle::Html if self.is_in_raw_html() => MarkdownStyle::Html,
            MarkdownStyle::Html if self.holds_on_to_its_form() => MarkdownStyle::Plain,
            MarkdownStyle::Html if self.relinked.takes(self.text, link.text) => MarkdownStyle::Plain,
            style => style,
        }
    }

    /// Whether it is an address in an element, in which the site's Markdown reads none, blank lines or not.
    fn is_in_raw_html(&self) -> bool {
        let link = self.link();
        let (Some(outline), LinkKind::Bare | LinkKind::Autolink) = (&self.document.outline, link.kind) else {
            return false;
        };
        let by_element = self.policy.markdown == MarkdownStyle::Kramdown || self.relinked == Relinked::UrlsOfMarkdown;
        by_element && outline.is_in_raw_element(self.text, outline.block_at(link.element.start))
    }

    /// Whether it is to have attributes that it does not get.
    pub(super) fn lacks_attributes(&self) -> bool {
        let link = self.link();
        self.attributes && !link.kind.is_value() && self.wanted() != Wanted::standing(link).for_affiliate(self.policy)
    }

    /// Whether the link must stay a Markdown link, though tags are the site's style.
    fn holds_on_to_its_form(&self) -> bool {
        takes_no_tag(self.text, self.link().element, self.document.format, self.policy)
    }

    /// The URL after the edits.
    fn new_url(&self) -> String {
        edited_url(&self.address.url, self.url_edits)
    }

    fn expectation(&self, destination: String, wanted: &Wanted) -> Expectation {
        Expectation { link: self.index, destination, rel: wanted.rel.clone(), target: wanted.target.clone() }
    }

    /// What the link is to have of attributes, where its place and style take any.
    fn wanted(&self) -> Wanted {
        let link = self.link();
        let standing = Wanted::standing(link);
        if self.stripped && link.kind.is_tag() && standing.rel.as_deref() == Some(&self.policy.rel.join(" ")) {
            return Wanted { rel: None, ..standing };
        }
        let takes = match link.kind {
            LinkKind::FrontMatter | LinkKind::Shortcode | LinkKind::Component => false,
            LinkKind::Html | LinkKind::Area => true,
            LinkKind::Bare if link.destination.context == Escape::HtmlText => true,
            _ => self.style() != MarkdownStyle::Plain,
        };
        if takes && self.attributes { standing.for_affiliate(self.policy) } else { standing }
    }
}

/// The change that writes one link where it stands: everything but definitions. `Ok(None)` where nothing is to change.
pub(super) fn link(site: &Site<'_>) -> Result<Option<Change>, Reason> {
    let link = site.link();
    let (standing, wanted) = (Wanted::standing(link), site.wanted());
    let new_attributes = wanted != standing;
    if site.url_edits.is_empty() && !new_attributes {
        return Ok(None);
    }
    let change = match link.kind {
        LinkKind::Html | LinkKind::Area => tag(site, &wanted)?,
        LinkKind::FrontMatter | LinkKind::Shortcode | LinkKind::Component => in_place(site, &wanted)?,
        LinkKind::Bare if link.destination.context == Escape::HtmlText => anchor(site, &wanted),
        _ if new_attributes && link.attributes.is_some() => with_list(site, &wanted)?,
        _ if new_attributes && site.style() == MarkdownStyle::Html => anchor(site, &wanted),
        LinkKind::Inline => listed(site, &wanted, in_place(site, &wanted)?),
        LinkKind::Reference if site.url_edits.is_empty() && site.style() == MarkdownStyle::Kramdown => {
            listed(site, &wanted, unchanged(site, &wanted))
        }
        LinkKind::Autolink if site.url_edits.is_empty() => listed(site, &wanted, unchanged(site, &wanted)),
        LinkKind::Reference | LinkKind::Autolink | LinkKind::Bare => listed(site, &wanted, inline(site, &wanted)?),
    };
    Ok(Some(change))
}

/// Whether `site`, a reference link, is served by an edit of its definition: its style leaves it a reference link.
pub(super) fn by_definition(site: &Site<'_>) -> bool {
    let (standing, wanted) = (Wanted::standing(site.link()), site.wanted());
    !site.url_edits.is_empty()
        && match site.style() {
            MarkdownStyle::Plain | MarkdownStyle::Kramdown => true,
            // Pandoc reads attributes behind inline links and definitions only (Pandoc's Manual, "Extension: link_attributes")
            MarkdownStyle::Html | MarkdownStyle::Pandoc => wanted == standing,
        }
}

/// The change that edits `definition` once for all the reference links in `sites`, and gives each what it lacks.
pub(super) fn definition(definition: &Definition, sites: &[Site<'_>]) -> Result<Change, Reason> {
    let first = sites.first().ok_or(Reason::NotLocated)?;
    let field = &definition.destination;
    let (raw, destination) = spliced(first, field.span, field.context, &field.value)?;
    let mut change = Change::of_links(vec![Edit::replace(field.span, raw)], Vec::new());
    for site in sites {
        let wanted = site.wanted();
        change.edits.extend(match &site.link().attributes {
            Some(attributes) => rel::edits(attributes, &wanted),
            None => listed(site, &wanted, unchanged(site, &wanted)).edits,
        });
        change.expect.push(site.expectation(destination.clone(), &wanted));
    }
    change.edits.sort_by_key(|edit| edit.span.start);
    Ok(change)
}

/// A tag: its destination in place, its attributes merged.
fn tag(site: &Site<'_>, wanted: &Wanted) -> Result<Change, Reason> {
    let mut change = in_place(site, wanted)?;
    if let Some(attributes) = &site.link().attributes {
        change.edits.extend(rel::edits(attributes, wanted));
    }
    change.edits.sort_by_key(|edit| edit.span.start);
    Ok(change)
}

/// The destination alone, its other bytes kept.
fn in_place(site: &Site<'_>, wanted: &Wanted) -> Result<Change, Reason> {
    let field = &site.link().destination;
    if site.url_edits.is_empty() {
        return Ok(unchanged(site, wanted));
    }
    let (raw, destination) = spliced(site, field.span, field.context, &field.value)?;
    Ok(Change::of_links(vec![Edit::replace(field.span, raw)], vec![site.expectation(destination, wanted)]))
}

fn unchanged(site: &Site<'_>, wanted: &Wanted) -> Change {
    let destination = site.link().destination.value.clone();
    Change::of_links(Vec::new(), vec![site.expectation(destination, wanted)])
}

/// `change`, with an attribute list put behind a Markdown link that has none.
fn listed(site: &Site<'_>, wanted: &Wanted, mut change: Change) -> Change {
    let link = site.link();
    if *wanted == Wanted::standing(link) || link.attributes.is_some() {
        return change;
    }
    let list = list(site.style(), wanted);
    change.edits.extend(list.map(|list| Edit::insert_folded(link.element.end, list)));
    change
}

/// A Markdown link that has an attribute list: what is missing goes into it.
fn with_list(site: &Site<'_>, wanted: &Wanted) -> Result<Change, Reason> {
    let link = site.link();
    let mut change = match link.kind {
        LinkKind::Inline => in_place(site, wanted)?,
        _ if site.url_edits.is_empty() => unchanged(site, wanted),
        _ => inline(site, wanted)?,
    };
    if let Some(attributes) = &link.attributes {
        change.edits.extend(rel::edits(attributes, wanted));
    }
    change.edits.sort_by_key(|edit| edit.span.start);
    Ok(change)
}

/// What is needed to put a link around text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrap<'w> {
    /// The page's text.
    pub(super) text: &'w str,
    /// The page's format.
    pub(super) format: Format,
    /// Whether it stands among tags, though the page is Markdown.
    pub(super) in_html: bool,
    /// Whether it stands in a table cell of Markdown, where `|` ends the cell.
    pub(super) in_cell: bool,
    /// What the reader is to click.
    pub(super) span: Span,
    /// Where the link is to lead.
    pub(super) url: &'w str,
    /// Whether it is to have the attributes of an affiliate link.
    pub(super) attributes: bool,
    /// What is to be done on the page.
    pub(super) policy: &'w Policy,
    /// See [`crate::plan::link::Context::relinked`].
    pub(super) relinked: Relinked,
}

/// The change that puts a link around text.
pub(super) fn wrap(wrap: &Wrap<'_>) -> Result<Change, Reason> {
    let Wrap { span, policy, .. } = *wrap;
    let style = match policy.markdown {
        _ if wrap.in_html || !wrap.format.is_markdown() => MarkdownStyle::Html,
        MarkdownStyle::Html if takes_no_tag(wrap.text, span, wrap.format, policy) => MarkdownStyle::Plain,
        MarkdownStyle::Html if wrap.relinked.takes(wrap.text, span) => MarkdownStyle::Plain,
        style => style,
    };
    let wanted = match style {
        MarkdownStyle::Plain => Wanted::default(),
        _ if !wrap.attributes => Wanted::default(),
        _ => Wanted::default().for_affiliate(policy),
    };
    let (open, close, url) = if style == MarkdownStyle::Html {
        let url = escape::url_text(wrap.url).into_owned();
        (open_tag(&url, "", &wanted, wrap.in_cell), "</a>".to_owned(), url)
    } else {
        let (raw, url) = new_destination(wrap.url, wrap.in_cell)?;
        ("[".to_owned(), format!("]({raw})"), url)
    };
    let mut edits = vec![Edit::insert(span.start, open), Edit::insert(span.end, close)];
    edits.extend(list(style, &wanted).map(|list| Edit::insert_folded(span.end, list)));
    let new_link = NewLink { text: span, destination: url, rel: wanted.rel, target: wanted.target };
    Ok(Change { edits, new_links: vec![new_link], ..Change::default() })
}

/// The list that carries attributes behind a Markdown link in this style; none where there are none or no list can.
fn list(style: MarkdownStyle, wanted: &Wanted) -> Option<String> {
    let written = wanted.written();
    match style {
        _ if written.is_empty() => None,
        MarkdownStyle::Kramdown => Some(format!("{{:{written}}}", written = written.trim_start())),
        MarkdownStyle::Pandoc => Some(format!("{{{written}}}", written = written.trim_start())),
        MarkdownStyle::Html | MarkdownStyle::Plain => None,
    }
}

/// `<a href="...">`; `title` is that attribute with a space before it, or nothing.
fn open_tag(url: &str, title: &str, wanted: &Wanted, in_cell: bool) -> String {
    let open = format!("<a href=\"{}\"{title}{}>", escape::attribute_text(url, '"'), wanted.written());
    if in_cell { open.replace('|', "&#124;") } else { open }
}

/// `url` as the destination of a Markdown link, as it is written and as it is read.
fn new_destination(url: &str, in_cell: bool) -> Result<(String, String), Reason> {
    let whole = vec![(0..0, url.to_owned())];
    let raw = escape::splice("", Escape::Destination { angle: false }, &whole).map_err(|_| Reason::NotWritable)?;
    let url = escape::url_text(url).into_owned();
    Ok(if in_cell { (raw.replace('|', "%7C"), url.replace('|', "%7C")) } else { (raw, url) })
}

/// `url` with `edits` made to it.
pub(super) fn edited_url(url: &str, edits: &[UrlEdit]) -> String {
    edited(url, edits.iter().map(|edit| (edit.range.clone(), edit.text.as_str())))
}

/// The link as `<a href="...">` around the text that the reader sees already.
fn anchor(site: &Site<'_>, wanted: &Wanted) -> Change {
    let link = site.link();
    let url = site.new_url();
    let title =
        link.title.as_ref().map_or(String::new(), |title| format!(" title=\"{}\"", escape::attribute_text(title, '"')));
    let open = open_tag(&url, &title, wanted, link.in_cell);
    around(site, &open, "</a>", vec![site.expectation(url, wanted)])
}

/// The link as `[text](destination "title")`.
fn inline(site: &Site<'_>, wanted: &Wanted) -> Result<Change, Reason> {
    let link = site.link();
    let (mut raw, url) = if let Some(index) = link.definition {
        let field = &site.document.definitions.get(index).ok_or(Reason::NotLocated)?.destination;
        let (raw, url) = spliced(site, field.span, field.context, &field.value)?;
        (if field.context == (Escape::Destination { angle: true }) { format!("<{raw}>") } else { raw }, url)
    } else {
        let url = site.new_url();
        let whole = vec![(0..0, url.clone())];
        (escape::splice("", Escape::Destination { angle: false }, &whole).map_err(|_| Reason::NotWritable)?, url)
    };
    if link.in_cell {
        raw = raw.replace('|', "%7C");
    }
    let title = link.definition.and_then(|index| site.document.definitions[index].title);
    let title = title.map_or(String::new(), |title| format!(" {}", title.of(site.text)));
    if title.contains(['\n', '\r']) {
        return Err(Reason::NotWritable);
    }
    Ok(around(site, "[", &format!("]({raw}{title})"), vec![site.expectation(url, wanted)]))
}

/// `open` and `close` in place of what stands around the link's text.
fn around(site: &Site<'_>, open: &str, close: &str, expect: Vec<Expectation>) -> Change {
    let link = site.link();
    let mut edits = vec![Edit::replace(Span::new(link.element.start, link.text.start), open)];
    if link.kind == LinkKind::Autolink {
        edits.extend(escaped(link.text, site.text));
    }
    edits.push(Edit::replace(Span::new(link.text.end, link.element.end), close));
    Change::of_links(edits, expect)
}

/// Backslashes before what would be markup once an autolink's URL is ordinary text.
fn escaped(span: Span, text: &str) -> impl Iterator<Item = Edit> {
    let markup = |byte: u8| matches!(byte, b'*' | b'_' | b'[' | b']' | b'~' | b'`' | b'$' | b'\\' | b'|' | b'{' | b'}');
    let hits: Vec<_> = span.of(text).bytes().enumerate().filter(|&(_, byte)| markup(byte)).map(|(at, _)| at).collect();
    hits.into_iter().map(move |at| Edit::insert_folded(span.start + at, "\\"))
}

/// The bytes of `span` with the URL's edits in them, and the value they decode to.
fn spliced(site: &Site<'_>, span: Span, context: Escape, value: &str) -> Result<(String, String), Reason> {
    let address = site.address;
    let edits: Vec<(Range<usize>, String)> = site
        .url_edits
        .iter()
        .map(|edit| {
            let lead = |at: usize| (at + address.skipped).saturating_sub(address.added);
            (lead(edit.range.start)..lead(edit.range.end), edit.text.clone())
        })
        .collect();
    let value = edited(value, edits.iter().map(|(range, text)| (range.clone(), text.as_str())));
    match escape::splice(span.of(site.text), context, &edits) {
        Ok(raw) => Ok((raw, value)),
        Err(escape::NotWritable::NeedsQuotes) if matches!(context, Escape::Argument { .. }) => {
            let quoted = Escape::Argument { quote: Some('"') };
            let raw = escape::splice("", quoted, &[(0..0, value.clone())]).map_err(|_| Reason::NotWritable)?;
            Ok((format!("\"{raw}\""), value))
        }
        Err(escape::NotWritable::NeedsQuotes) => {
            // an unquoted attribute value: written anew, in quotes
            Ok((format!("\"{}\"", escape::attribute_text(&value, '"')), value))
        }
        Err(_) => Err(Reason::NotWritable),
    }
}

fn edited<'t>(text: &str, edits: impl Iterator<Item = (Range<usize>, &'t str)>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut from = 0;
    for (range, new) in edits {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        out.push_str(new);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
