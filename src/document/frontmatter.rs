//! Front matter: where it ends, which of its values are links, what it says of affilink. Decides what is front matter at
//! all and which values can be edited; whether a value is a URL, and whose, is for others to say.

mod joined;
mod json;
mod lines;
mod path;
mod split;
mod toml;

use memchr::memmem;
use serde_json::{Map, Number, Value};

pub use self::path::{KeyPath, KeyPathError, Step};
pub use self::split::{Split, split};
use crate::document::escape::decode;
use crate::document::{Context, Field, Link, LinkKind, ParseOptions, ReadOnly};
use crate::span::Span;
use crate::yaml::{self, Kind, Node, Style};

/// The key under which front matter speaks to this program.
const OWN_KEY: &str = "affilink";
/// The keys under which pages say their language: of Jekyll's and Hugo's themes, Pandoc, Docusaurus.
const LANGUAGE_KEYS: [&str; 3] = ["lang", "language", "locale"];
/// The keys under which pages say that they are not published yet, and what they say then.
const DRAFT_KEYS: [(&str, bool); 2] = [("draft", true), ("published", false)];

/// The language front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines.
    Toml,
    /// A JSON object at the top of the page.
    Json,
    /// Lines `key: value` without fences; keys in lower case.
    Lines,
    /// Code between a line `---js` or the like and `---`: nothing of it is read.
    Code,
}

impl Syntax {
    /// Whether what stands without quotes may be a text, and `yes` and `off` are booleans.
    fn is_loose(self) -> bool {
        matches!(self, Self::Yaml | Self::Lines)
    }
}

/// A page's front matter.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// Everything before the body: fences included, a byte order mark not.
    pub span: Span,
    /// Its language.
    pub syntax: Syntax,
    /// What it says under `affilink`.
    pub affilink: Option<Value>,
    /// The page's language, where it says one and [`ParseOptions::outline`] asks for more than links.
    pub language: Option<String>,
    /// Whether it says that the page is not published: `draft: true` (Hugo, Zola, Astro, Docusaurus, Eleventy) or
    /// `published: false` (Jekyll, Hexo). Known where the language is.
    pub draft: bool,
}

impl FrontMatter {
    /// Its bytes in page `text`, without the line end behind it, which there is none of where the page ends with it.
    pub fn shown(&self, text: &str) -> Span {
        Span::new(self.span.start, self.span.start + self.span.of(text).trim_end().len())
    }
}

/// What `text`, a value of YAML such as front matter has under `affilink`, stands for; a text where it is no YAML.
pub fn value(text: &str) -> Value {
    match yaml::parse(text) {
        Ok(node) => node.map_or(Value::Null, |node| to_json(&node, Syntax::Yaml)),
        Err(_) => Value::String(text.to_owned()),
    }
}

/// Reads the front matter of page `text`: what it is, and the strings under `options.front_matter` as links, by where
/// they stand.
///
/// All spans are bytes of `text`. Front matter that its language's parser refuses has no links. Aliases are never
/// followed: the value of a link written `*name` is `*name`.
pub fn read(text: &str, options: &ParseOptions) -> (Option<FrontMatter>, Vec<Link>) {
    let Some(parsed) = split::parse(text, &|content| is_wanted(content, options)) else {
        return (None, Vec::new());
    };
    let Split { span, content, syntax } = parsed.split;
    let root = parsed.root.as_ref();
    let affilink = match root {
        // Zola takes no keys of others but under `extra` (its documentation, "Page", "Front matter")
        Some(root) => {
            let own = root.get(OWN_KEY).or_else(|| root.get("extra")?.get(OWN_KEY));
            own.map(|node| to_json(node, syntax))
        }
        None if syntax == Syntax::Code => None,
        None => unread(content.of(text), syntax),
    };
    let language = || LANGUAGE_KEYS.iter().find_map(|key| root?.get(key)?.scalar()).map(str::to_owned);
    let language = if options.outline { language() } else { None };
    let says = |(key, unpublished): (&str, bool)| {
        root.and_then(|root| root.get(key)).is_some_and(|node| to_json(node, syntax) == Value::Bool(unpublished))
    };
    // Pelican, "File metadata"; Nikola, "Metadata fields"
    let status = || root.and_then(|root| root.get("status")?.scalar()) == Some("draft");
    let draft = options.outline && (DRAFT_KEYS.into_iter().any(says) || (syntax == Syntax::Lines && status()));
    let values = Values { text, base: content.start, syntax };
    let mut links: Vec<Link> = root
        .into_iter()
        .flat_map(|root| options.front_matter.iter().flat_map(move |path| path.find(root)))
        .filter_map(|node| values.link(node))
        .collect();
    links.sort_by_key(|link| (link.element.start, link.element.end));
    links.dedup_by_key(|link| link.element);
    (Some(FrontMatter { span, syntax, affilink, language, draft }), links)
}

/// Every string in the front matter of page `text`, with the path that names it and its bytes, by where they stand; of items of
/// a list the path is the same.
pub fn strings(text: &str) -> Vec<(KeyPath, Span, String)> {
    let Some(parsed) = split::parse(text, &|_| true) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(root) = &parsed.root {
        add_strings(root, &mut Vec::new(), parsed.split.content.start, &mut found);
    }
    found
}

/// Recursion is bounded: see [`to_json`].
fn add_strings(node: &Node, path: &mut Vec<Step>, base: usize, found: &mut Vec<(KeyPath, Span, String)>) {
    match &node.kind {
        Kind::Alias => {}
        Kind::Scalar { value, .. } => {
            found.push((KeyPath(path.clone()), node.span.shifted(base), value.clone()));
        }
        Kind::Map(pairs) => {
            for (key, value) in pairs {
                let Some(key) = key.scalar() else { continue };
                path.push(Step::Key(key.to_owned()));
                add_strings(value, path, base, found);
                path.pop();
            }
        }
        Kind::List(items) => {
            path.push(Step::Items);
            for item in items {
                add_strings(item, path, base, found);
            }
            path.pop();
        }
    }
}

/// What front matter that its parser refuses says of affilink on a line of its own: a plain value, or its bytes.
fn unread(content: &str, syntax: Syntax) -> Option<Value> {
    let separator = if syntax == Syntax::Toml { '=' } else { ':' };
    let own = |line: &str| Some(line.strip_prefix(OWN_KEY)?.trim_start().strip_prefix(separator)?.trim().to_owned());
    let value = content.lines().find_map(own)?;
    let value = value.split(" #").next().unwrap_or_default().trim_end();
    // a map cannot be told from here, and is not to be ignored
    let is_plain = !value.is_empty() && !value.starts_with(['{', '[', '"', '\'', '&', '*', '!', '|', '>']);
    Some(if is_plain { plain_value(value, syntax.is_loose()) } else { Value::String(value.to_owned()) })
}

/// Whether front matter with this content may say anything of `affilink` or hold a link.
fn is_wanted(content: &str, options: &ParseOptions) -> bool {
    let may_hold = |key: &str| !key.bytes().all(is_plain) || memmem::find(content.as_bytes(), key.as_bytes()).is_some();
    // an escape may spell any key
    memchr::memchr(b'\\', content.as_bytes()).is_some()
        || may_hold(OWN_KEY)
        || (options.outline && LANGUAGE_KEYS.into_iter().chain(DRAFT_KEYS.map(|(key, _)| key)).any(may_hold))
        || options.front_matter.iter().any(|path| match path.0.first() {
            Some(Step::Key(key)) => may_hold(key),
            _ => true,
        })
}

/// Whether a byte of a key stands for itself however the key is written, escapes apart.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Turns nodes of one page's front matter into links.
struct Values<'t> {
    text: &'t str,
    /// What is added to a node's span to get bytes of the page.
    base: usize,
    syntax: Syntax,
}

impl Values<'_> {
    /// The link that `node` is; `None` for what is no string.
    fn link(&self, node: &Node) -> Option<Link> {
        let whole = node.span.shifted(self.base);
        let (field, read_only) = match &node.kind {
            Kind::Map(_) | Kind::List(_) => return None,
            Kind::Alias => {
                let value = whole.of(self.text).to_owned();
                (Field { span: whole, context: Context::YamlPlain, value }, Some(ReadOnly::Anchor))
            }
            Kind::Scalar { value, style } => {
                if *style == Style::Plain && (!self.syntax.is_loose() || !is_string(value)) {
                    return None;
                }
                let (span, context) = self.inner(whole, *style);
                let read_only = self.read_only(node, value, *style, span, context);
                (Field { span, context, value: value.clone() }, read_only)
            }
        };
        Some(Link::of_value(LinkKind::FrontMatter, field, read_only))
    }

    /// The value's bytes without their quotes, and how they are escaped.
    fn inner(&self, whole: Span, style: Style) -> (Span, Context) {
        let unquoted = || {
            // the YAML parser counts blanks and a comment behind the closing quote
            let end = whole.start + closing_quote(whole.of(self.text), style).unwrap_or(whole.len());
            if end < whole.start + 2 { whole } else { Span::new(whole.start + 1, end - 1) }
        };
        match (self.syntax, style) {
            (Syntax::Yaml, Style::Plain | Style::Block) | (Syntax::Lines | Syntax::Code, _) => {
                (whole, Context::YamlPlain)
            }
            (Syntax::Yaml, Style::Single) => (unquoted(), Context::YamlSingle),
            (Syntax::Yaml, Style::Double) => (unquoted(), Context::YamlDouble),
            (Syntax::Json, _) => (unquoted(), Context::Json),
            (Syntax::Toml, Style::Single) => (unquoted(), Context::TomlLiteral),
            (Syntax::Toml, Style::Double) => (unquoted(), Context::TomlBasic),
            // several lines in three quotes: listed, never edited
            (Syntax::Toml, Style::Plain | Style::Block) => (whole, Context::TomlBasic),
        }
    }

    fn read_only(&self, node: &Node, value: &str, style: Style, span: Span, context: Context) -> Option<ReadOnly> {
        let raw = span.of(self.text);
        if node.decorated {
            return Some(ReadOnly::Anchor);
        }
        match (self.syntax, style) {
            (Syntax::Yaml, Style::Block) => return Some(ReadOnly::BlockScalar),
            (Syntax::Toml, Style::Block) => return Some(ReadOnly::MultiLine),
            _ if raw.contains(['\n', '\r']) => return Some(ReadOnly::MultiLine),
            _ if value.contains("{{") || value.contains("{%") => return Some(ReadOnly::TemplateSyntax),
            _ => {}
        }
        let certain = decode(raw, context).value == value;
        (!certain).then_some(ReadOnly::NotLocated)
    }
}

/// One past the closing quote of the string that `raw` starts with, in bytes.
fn closing_quote(raw: &str, style: Style) -> Option<usize> {
    if style == Style::Double {
        return json::end_of_string(raw);
    }
    let bytes = raw.as_bytes();
    let mut at = 1;
    loop {
        at += memchr::memchr(b'\'', bytes.get(at..)?)? + 1;
        // two of them are one of the value's; a string without escapes cannot hold any
        if bytes.get(at) != Some(&b'\'') {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether a plain YAML scalar stands for text, by the rules of YAML 1.2's core schema.
fn is_string(plain: &str) -> bool {
    matches!(plain_value(plain, false), Value::String(_))
}

/// What a plain scalar stands for. With `loose`, YAML 1.1's `yes`, `no`, `on`, `off` are booleans too: generators differ,
/// and somebody who writes `affilink: off` means it.
fn plain_value(plain: &str, loose: bool) -> Value {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if loose && ["yes", "on"].iter().any(|word| plain.eq_ignore_ascii_case(word)) {
        return Value::Bool(true);
    }
    if loose && ["no", "off"].iter().any(|word| plain.eq_ignore_ascii_case(word)) {
        return Value::Bool(false);
    }
    if let Ok(whole) = plain.parse::<i64>() {
        return Value::Number(whole.into());
    }
    // `inf`, `nan` and the like are words here, numbers to Rust
    let numeric = plain.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    let number = if numeric { plain.parse().ok().and_then(Number::from_f64) } else { None };
    number.map_or_else(|| Value::String(plain.to_owned()), Value::Number)
}

/// The value that `node` stands for; an alias is null, the last of several values under one key counts.
///
/// Recursion is bounded: no parser here gives a tree deeper than [`MAX_DEPTH`](crate::yaml::MAX_DEPTH).
fn to_json(node: &Node, syntax: Syntax) -> Value {
    match &node.kind {
        Kind::Alias => Value::Null,
        Kind::Scalar { value, style: Style::Plain } => plain_value(value, syntax.is_loose()),
        Kind::Scalar { value, .. } => Value::String(value.clone()),
        Kind::List(items) => Value::Array(items.iter().map(|item| to_json(item, syntax)).collect()),
        Kind::Map(pairs) => {
            let named = pairs.iter().filter_map(|(key, value)| Some((key.scalar()?, value)));
            Value::Object(named.map(|(key, value)| (key.to_owned(), to_json(value, syntax))).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests;
