//! A document as a page of HTML, and which node is where in it. Decides which nodes are links, text and raw HTML.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::Target;
use super::meta::text_of;
use super::write::{of_link, quoted};
use crate::adapters::json::{Json, Value};
use crate::adapters::nodes::{Draft, Notice, Settled};
use crate::config::policy::NoticePlace;
use crate::span::Span;

/// A document as a draft, and which nodes are where in it.
pub(super) struct Projection<'p> {
    pub(super) draft: Draft,
    /// The draft's links.
    links: Vec<Value<'p>>,
    /// Those of them, by number, that Markdown has to write on one line: in headings and tables.
    pub(super) on_one_line: Vec<usize>,
    /// The strings that the draft's raw pieces are.
    raws: Vec<Value<'p>>,
    /// Where the document's blocks, and the notes in them, begin in the draft; with the number of the block.
    blocks: Vec<(usize, usize)>,
}

/// What is left to do of a document.
enum Step<'p> {
    Visit(Value<'p>),
    Close(&'static str),
    CloseLink(usize),
}

impl<'p> Projection<'p> {
    /// Reads the document.
    pub(super) fn of(json: &'p Json<'p>, target: Target) -> Self {
        let root = json.root();
        let language = root.get("meta").and_then(|meta| meta.get("lang")).map(text_of);
        let draft = Draft::new(language.as_deref().filter(|language| !language.trim().is_empty()));
        let mut projection =
            Self { draft, links: Vec::new(), on_one_line: Vec::new(), raws: Vec::new(), blocks: Vec::new() };
        let mut notes: VecDeque<(usize, Value<'p>)> = VecDeque::new();
        let blocks = root.get("blocks").into_iter().flat_map(Value::items).enumerate();
        for (number, block) in blocks {
            projection.block(number, block, target, &mut notes);
        }
        // notes are read last
        while let Some((number, note)) = notes.pop_front() {
            projection.block(number, note, target, &mut notes);
        }
        projection
    }

    fn block(&mut self, number: usize, block: Value<'p>, target: Target, notes: &mut VecDeque<(usize, Value<'p>)>) {
        self.blocks.push((self.draft.len(), number));
        let mut steps = vec![Step::Visit(block)];
        let (mut in_link, mut on_line) = (0_usize, 0_usize);
        while let Some(step) = steps.pop() {
            match step {
                Step::Close(name) => {
                    self.draft.close(name);
                    on_line -= usize::from(matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table"));
                }
                Step::CloseLink(link) => {
                    self.draft.close_link(link);
                    in_link -= 1;
                }
                Step::Visit(value) if value.is_array() => visit(&mut steps, value.items()),
                Step::Visit(value) => {
                    let Some(kind) = value.get("t").and_then(Value::string) else { continue };
                    let content = value.get("c");
                    match &*kind {
                        "Note" => notes.extend(content.map(|content| (number, content))),
                        "Link" if in_link == 0 => {
                            let opened = self.link(value, &mut steps);
                            in_link += usize::from(opened);
                            self.on_one_line.extend((opened && on_line > 0).then(|| self.links.len() - 1));
                        }
                        _ => {
                            on_line += usize::from(content.is_some() && matches!(&*kind, "Header" | "Table"));
                            self.node(&kind, content, target, &mut steps);
                        }
                    }
                }
            }
        }
    }

    /// Whether `value` is a link that can be read.
    fn link(&mut self, value: Value<'p>, steps: &mut Vec<Step<'p>>) -> bool {
        let Some((content, url)) = value.get("c").and_then(|content| Some((content, url_of(content)?.string()?)))
        else {
            return false;
        };
        let attributes = attributes(content.item(0));
        let link = self.draft.open_link(&url, shown(&attributes));
        self.links.push(value);
        steps.push(Step::CloseLink(link));
        visit(steps, content.item(1).into_iter());
        true
    }

    fn node(&mut self, kind: &str, content: Option<Value<'p>>, target: Target, steps: &mut Vec<Step<'p>>) {
        let string = |content: Value<'p>| content.string();
        match (kind, content) {
            ("Space" | "SoftBreak", _) => self.draft.text(" "),
            ("LineBreak" | "HorizontalRule", _) => self.draft.open(if kind == "LineBreak" { "br" } else { "hr" }, []),
            ("Str", Some(content)) => self.draft.text(&string(content).unwrap_or_default()),
            ("Code" | "CodeBlock", _) => {
                self.draft.open("code", []);
                self.draft.close("code");
            }
            ("RawInline" | "RawBlock", Some(content)) => self.raw(content, target),
            ("Header", Some(content)) => {
                let name = match content.item(0).map(Value::raw) {
                    Some("1") => "h1",
                    Some("2") => "h2",
                    Some("3") => "h3",
                    Some("4") => "h4",
                    Some("5") => "h5",
                    _ => "h6",
                };
                self.element(name, [content], steps);
            }
            ("Div" | "Span", Some(content)) => {
                let name = if kind == "Div" { "div" } else { "span" };
                let attributes = attributes(content.item(0));
                self.draft.open(name, shown(&attributes));
                steps.push(Step::Close(name));
                visit(steps, content.item(1).into_iter());
            }
            ("BulletList", Some(content)) => self.list("ul", content, steps),
            ("OrderedList", Some(content)) => self.list("ol", content.item(1).unwrap_or(content), steps),
            // of an image its description is shown, and of a citation its text
            ("Image" | "Cite" | "Quoted", Some(content)) => visit(steps, content.item(1).into_iter()),
            (_, Some(content)) => {
                if let Some(name) = container(kind) {
                    self.element(name, [content], steps);
                }
            }
            _ => {}
        }
    }

    fn raw(&mut self, content: Value<'p>, target: Target) {
        let is_html = content
            .item(0)
            .and_then(Value::string)
            .is_some_and(|format| matches!(&*format, "html" | "html4" | "html5"));
        let value = content.item(1).filter(|_| is_html && target != Target::Other);
        if let Some((value, html)) = value.and_then(|value| Some((value, value.string()?))) {
            self.draft.raw(&html);
            self.raws.push(value);
        }
    }

    fn element(&mut self, name: &'static str, content: impl IntoIterator<Item = Value<'p>>, steps: &mut Vec<Step<'p>>) {
        self.draft.open(name, []);
        steps.push(Step::Close(name));
        visit(steps, content.into_iter());
    }

    fn list(&mut self, name: &'static str, items: Value<'p>, steps: &mut Vec<Step<'p>>) {
        self.draft.open(name, []);
        steps.push(Step::Close(name));
        visit(steps, items.items());
    }

    /// What is replaced in the text, so that the nodes are as they are to be.
    pub(super) fn changes(&self, settled: &Settled, target: Target) -> Vec<(Span, String)> {
        let mut changes = Vec::new();
        for (link, ruling) in self.links.iter().zip(&settled.links) {
            changes.extend(of_link(*link, ruling, target));
        }
        for (raw, text) in self.raws.iter().zip(&settled.raws) {
            changes.extend(text.as_ref().map(|text| (raw.span(), quoted(text))));
        }
        changes
    }

    /// Where `notice` goes in the text, and how it is set apart there.
    pub(super) fn place(&self, notice: &Notice, json: &'p Json<'p>) -> Option<(usize, Apart)> {
        let blocks = json.root().get("blocks")?;
        let first = blocks.item(0)?;
        let of_link = || {
            let index = self.blocks.partition_point(|(start, _)| *start <= notice.before).checked_sub(1)?;
            blocks.item(self.blocks.get(index)?.1)
        };
        match notice.place() {
            NoticePlace::Top if is_title(first) => Some((first.span().end, Apart::Behind)),
            NoticePlace::Top => Some((first.span().start, Apart::Before)),
            NoticePlace::Bottom => Some((blocks.items().last()?.span().end, Apart::Behind)),
            NoticePlace::Auto | NoticePlace::None => Some((of_link()?.span().start, Apart::Before)),
        }
    }
}

/// On which side of a block another one is put.
#[derive(Clone, Copy)]
pub(super) enum Apart {
    Before,
    Behind,
}

impl Apart {
    /// `block` as it is written there.
    pub(super) fn around(self, block: &str) -> String {
        match self {
            Self::Before => format!("{block},"),
            Self::Behind => format!(",{block}"),
        }
    }
}

fn is_title(block: Value<'_>) -> bool {
    let level = block.get("c").and_then(|content| content.item(0));
    block.get("t").and_then(Value::string).as_deref() == Some("Header") && level.map(Value::raw) == Some("1")
}

/// The element that stands for a node whose content is whatever nodes there are in it; `None` for a node that is not known.
fn container(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Para" | "LineBlock" => "p",
        "Plain" => "div",
        "BlockQuote" => "blockquote",
        "DefinitionList" => "dl",
        "Table" => "table",
        "Figure" => "figure",
        "Emph" | "Strong" | "Underline" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps" => "em",
        _ => return None,
    })
}

fn visit<'p>(steps: &mut Vec<Step<'p>>, values: impl Iterator<Item = Value<'p>>) {
    let from = steps.len();
    steps.extend(values.map(Step::Visit));
    steps[from..].reverse();
}

/// The string that is the URL of a link with this content.
pub(super) fn url_of(content: Value<'_>) -> Option<Value<'_>> {
    content.item(2)?.item(0)
}

/// Attributes as HTML has them: keys and values, then the identifier and the classes.
fn attributes(attributes: Option<Value<'_>>) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let Some(attributes) = attributes else { return Vec::new() };
    let pairs = attributes.item(2).into_iter().flat_map(Value::items);
    let pairs = pairs.filter_map(|pair| Some((pair.item(0)?.string()?, pair.item(1)?.string()?)));
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c));
    let mut found: Vec<_> = pairs.filter(|(name, _)| is_name(name) && !name.eq_ignore_ascii_case("href")).collect();
    for (name, _) in &mut found {
        // Pandoc's HTML writer puts `data-` before what HTML does not know
        if name.starts_with("affilink") {
            *name = Cow::Owned(format!("data-{name}"));
        }
    }
    let identifier = attributes.item(0).and_then(Value::string).filter(|identifier| !identifier.is_empty());
    found.extend(identifier.map(|identifier| (Cow::Borrowed("id"), identifier)));
    let classes: Vec<_> = attributes.item(1).into_iter().flat_map(Value::items).filter_map(Value::string).collect();
    if !classes.is_empty() {
        found.push((Cow::Borrowed("class"), Cow::Owned(classes.join(" "))));
    }
    found
}

fn shown<'a>(attributes: &'a [(Cow<'_, str>, Cow<'_, str>)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (&**name, &**value))
}
