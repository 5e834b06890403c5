//! Template tags: a shortcode's name, its arguments, which of them are links and which hold Markdown. Decides how a tag's
//! inside is read; where tags stand in a page, and which tags belong together, is found elsewhere.
//!
//! One reader for all: Hugo's `{{< name args >}}` and `{{% name args %}}`, calls as Zola and Nunjucks write them
//! (`{{ name(a="...") }}`, `{% name(a="...") %}`), tags as Liquid, Jekyll and Eleventy write them (`{% name "a", b=c %}`).

mod lexer;

use self::lexer::{Lexer, Read};
use crate::document::escape::decode;
use crate::document::{Argument, Context, Field, Link, LinkKind, ParseOptions, ReadOnly};
use crate::span::Span;

/// What a template tag says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortcode {
    /// Its name; for a closing tag that of what it closes, which is empty for `{% end %}`. Empty, too, for what is no
    /// shortcode: comments, expressions, escaped shortcodes.
    pub name: String,
    /// Whether it may begin or end a body.
    pub role: Role,
    /// Its first positional argument, without quotes.
    pub first: Option<Span>,
    /// The configured arguments, by where they stand.
    pub links: Vec<Link>,
    /// Quoted strings that may hold a Markdown or HTML link, by where they stand; none of them is one of `links`.
    pub strings: Vec<Field>,
}

/// What a template tag does to what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nothing.
    #[default]
    Alone,
    /// A body may follow; whether one does, only its closing tag says.
    Opens,
    /// It ends a body.
    Closes,
}

/// Names of shortcodes and tags whose body is not Markdown; in order.
///
/// Sources: Hugo's and Zola's built-in shortcodes, Liquid's and Nunjucks' tags, and the names in use for diagrams, formulas
/// and code.
const RAW: [&str; 28] = [
    "asciinema",
    "chart",
    "code",
    "code-toggle",
    "codeblock",
    "comment",
    "d2",
    "echarts",
    "gist",
    "goat",
    "graphviz",
    "highlight",
    "javascript",
    "js",
    "katex",
    "latex",
    "math",
    "mathjax",
    "mermaid",
    "plantuml",
    "pre",
    "prism",
    "raw",
    "rawhtml",
    "schema",
    "script",
    "style",
    "verbatim",
];

/// Tags of template languages that hold conditions and loops: their strings are code.
const CONTROL: [&str; 7] = ["case", "elif", "elsif", "for", "if", "unless", "when"];

/// Whether the body between `name`'s tags is not Markdown: code, comments, formulas, diagrams.
pub fn is_raw(name: &str) -> bool {
    RAW.binary_search(&name).is_ok()
}

/// Whether the tag `name` says in `arguments`, what follows its name, that its body is code: a tab with a language.
///
/// Sources: Docsy, "Tabbed panes" (`lang`, unless `text=true`); kubernetes/website, `layouts/shortcodes/tab.html` (`codelang`).
pub fn says_code(name: &str, arguments: &str) -> bool {
    let names_language = |argument: &str| {
        let value = ["lang=", "codelang="].iter().find_map(|key| argument.strip_prefix(key));
        value.is_some_and(|value| !value.trim_matches(['"', '\'', '`']).is_empty())
    };
    name == "tab" && arguments.split_whitespace().any(names_language) && !arguments.contains("text=true")
}

/// Whether the tag `name` of Liquid, Nunjucks or Tera gives its body on as it stands, template syntax included.
///
/// Sources: Liquid, "raw"; Nunjucks, "raw" and "verbatim"; Tera, "Raw".
pub fn is_literal(name: &str) -> bool {
    matches!(name, "raw" | "verbatim")
}

/// Reads the template tag that stands at `tag`, its delimiters included, in page `text`.
///
/// All spans are bytes of `text`; a value's span leaves out its quotes. `options.shortcodes` is asked for the tag's name
/// and for the name with the first positional argument behind it (`include cta.html`), where positions count from the
/// argument after that. Text that is no tag reads as a shortcode without a name. Takes time linear in the tag.
pub fn read(text: &str, tag: Span, options: &ParseOptions) -> Shortcode {
    let Some(Read { name, role, arguments, call }) = Lexer::of(text, tag).and_then(Lexer::read) else {
        return Shortcode::default();
    };
    let links = links(text, name, &arguments, call, options);
    let first = arguments.iter().find(|argument| argument.name.is_none() && !argument.nested).map(|first| first.value);
    let strings = arguments
        .iter()
        .filter(|argument| argument.quote.is_some() && !CONTROL.contains(&name))
        .filter(|argument| may_hold_link(argument.value.of(text)))
        .filter(|argument| !links.iter().any(|link| link.element == argument.value))
        .map(|argument| argument.field(text))
        .collect();
    Shortcode { name: name.to_owned(), role, first, links, strings }
}

/// Tags that show another file: which one, their first argument says.
const INCLUDES: [&str; 5] = ["component", "embed", "include", "include_cached", "render"];

/// An argument, the bytes of its value, and the value.
pub(super) type Named = (Argument, Span, String);

/// The name of the template tag at `tag` and its arguments with their values, as `links.shortcodes` names both; nothing for what is no
/// shortcode and for what ends one.
pub(super) fn arguments(text: &str, tag: Span) -> Option<(String, Vec<Named>)> {
    let Read { name, role, arguments, call } = Lexer::of(text, tag).and_then(Lexer::read)?;
    if name.is_empty() || role == Role::Closes {
        return None;
    }
    let mut given: Vec<_> = arguments.iter().filter(|argument| !argument.nested).collect();
    let first = given.iter().position(|argument| argument.name.is_none());
    let included = first.filter(|_| INCLUDES.contains(&name)).map(|at| given.remove(at).value.of(text));
    let mut position = 0;
    let mut named = Vec::new();
    for argument in given {
        let key = argument.name.map_or(Argument::Position(position), |name| Argument::Named(name.to_owned()));
        position += usize::from(argument.name.is_none());
        // see `links`
        if argument.quote.is_some() || !call {
            named.push((key, argument.value, argument.field(text).value));
        }
    }
    Some((included.map_or_else(|| name.to_owned(), |file| format!("{name} {file}")), named))
}

/// One argument as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Given<'t> {
    /// Its name; `None` for a positional one.
    name: Option<&'t str>,
    /// The value's bytes without quotes.
    value: Span,
    quote: Option<char>,
    /// Whether it stands inside a list or another call.
    nested: bool,
}

impl Given<'_> {
    fn field(&self, text: &str) -> Field {
        let context = Context::Argument { quote: self.quote };
        Field { span: self.value, context, value: decode(self.value.of(text), context).value }
    }

    fn read_only(&self, text: &str) -> Option<ReadOnly> {
        let raw = self.value.of(text);
        if raw.contains(['\n', '\r']) {
            return Some(ReadOnly::MultiLine);
        }
        if raw.contains("{{") || raw.contains("{%") {
            return Some(ReadOnly::TemplateSyntax);
        }
        let certain = match self.quote {
            None => !raw.contains(['\\', '"', '\'', '`']),
            Some('`') => true,
            // the template languages agree about an escaped quote and about no other escape
            Some(quote) => raw.split('\\').skip(1).all(|rest| rest.starts_with(quote)),
        };
        (!certain).then_some(ReadOnly::NotLocated)
    }
}

fn links(text: &str, name: &str, given: &[Given<'_>], call: bool, options: &ParseOptions) -> Vec<Link> {
    if name.is_empty() || options.shortcodes.is_empty() {
        return Vec::new();
    }
    let positional: Vec<_> = given.iter().filter(|argument| argument.name.is_none() && !argument.nested).collect();
    let long = positional.first().map(|first| format!("{name} {}", first.value.of(text)));
    let keys = [(Some(name), 0), (long.as_deref(), 1)];
    let wanted = keys.into_iter().filter_map(|(key, skip)| Some((options.shortcodes.get(key?)?, skip)));
    let mut found: Vec<&Given<'_>> = Vec::new();
    for (arguments, skip) in wanted {
        for argument in arguments {
            match argument {
                Argument::Position(position) => found.extend(positional.get(position.saturating_add(skip)).copied()),
                Argument::Named(wanted) => {
                    let named = |given: &&Given<'_>| given.name == Some(wanted.as_str()) && !given.nested;
                    found.extend(given.iter().filter(named));
                }
            }
        }
    }
    // without quotes, what is given in a call is a variable, a number, an expression
    found.retain(|argument| argument.quote.is_some() || !call);
    found.sort_by_key(|argument| argument.value);
    found.dedup();
    found
        .into_iter()
        .map(|argument| Link::of_value(LinkKind::Shortcode, argument.field(text), argument.read_only(text)))
        .collect()
}

/// Whether a string may hold a Markdown link, an autolink or an HTML link.
fn may_hold_link(value: &str) -> bool {
    let bytes = value.as_bytes();
    memchr::memmem::find(bytes, b"](").is_some()
        || memchr::memchr_iter(b'<', bytes).any(|at| {
            let rest = bytes.get(at + 1..).unwrap_or_default();
            let starts = |start: &[u8]| rest.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
            starts(b"http:") || starts(b"https:") || (starts(b"a") && rest.get(1).is_some_and(u8::is_ascii_whitespace))
        })
}

#[cfg(test)]
mod tests;
