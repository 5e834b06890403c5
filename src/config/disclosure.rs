//! What `disclosure` says, checked. Decides which texts and which markup around them a page can bear; the texts that are
//! built in are not known here.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::checks::{self, Wrong};
use super::findings::{Findings, Place, quoted};
use super::overrides::DisclosureChanges;
use super::policy::Disclosure;
use super::programs::take;
use super::raw;
use super::raw_values::{Ordered, Texts};
use crate::disclosure::Library;

/// What stands for the notice in the markup around it.
const TEXT: &str = "{text}";
/// The most bytes of a notice or of the markup around it.
const LONGEST: usize = 4096;

/// What the file says of the disclosure, at `at`.
pub(super) fn disclosure(raw: &raw::Disclosure, at: Place<'_>, findings: &mut Findings) -> Disclosure {
    take(markdown(&raw.markdown), "disclosure.markdown", &raw.markdown, at.key("markdown"), findings);
    take(html(&raw.html), "disclosure.html", &raw.html, at.key("html"), findings);
    take(marker(&raw.marker), "disclosure.marker", &raw.marker, at.key("marker"), findings);
    Disclosure {
        place: raw.place.into(),
        texts: texts(&raw.text, at.key("text"), findings),
        markdown: trimmed(&raw.markdown),
        html: trimmed(&raw.html),
        statements: matches!(raw.statement, raw::StatementPlace::Page),
        standard: raw.standard.into(),
        marker: raw.marker.clone(),
        library: Library::default(),
    }
}

/// What an override says of the disclosure, at `at`.
pub(super) fn disclosure_changes(
    raw: &raw::OverrideDisclosure,
    at: Place<'_>,
    findings: &mut Findings,
) -> DisclosureChanges {
    let mut checked = |text: &Option<String>, key: &str, check: fn(&str) -> Result<(), Wrong>| {
        if let Some(text) = text {
            take(check(text), &format!("disclosure.{key}"), text, at.key(key), findings);
        }
        text.clone()
    };
    let written = checked(&raw.markdown, "markdown", markdown);
    let tagged = checked(&raw.html, "html", html);
    let marked = checked(&raw.marker, "marker", marker);
    DisclosureChanges {
        place: raw.place.map(Into::into),
        texts: texts(&raw.text, at.key("text"), findings),
        markdown: written.map(|text| trimmed(&text)),
        html: tagged.map(|text| trimmed(&text)),
        statements: raw.statement.map(|statement| matches!(statement, raw::StatementPlace::Page)),
        recognize: raw.recognize.as_ref().map(|names| recognize(names, at.key("recognize"), findings)),
        standard: raw.standard.map(Into::into),
        marker: marked,
    }
}

/// The names and selectors of `disclosure.recognize`, at `at`.
pub(super) fn recognize(raw: &Texts, at: Place<'_>, findings: &mut Findings) -> Vec<String> {
    for (index, name) in raw.0.iter().enumerate() {
        let message = match name.trim() {
            "" => "the empty text names nothing".to_owned(),
            // a component, a shortcode with slashes in its name, or a selector
            trimmed if trimmed.contains('/') && !trimmed.contains(char::is_whitespace) => continue,
            trimmed if checks::selector(trimmed).is_ok() => continue,
            trimmed => format!("{} is no selector, component or shortcode", quoted(trimmed)),
        };
        let help = "write it like `.disclosure`, `AffiliateDisclosure` or `disclosure`";
        findings.push_help(at.item(index).span(), message, help);
    }
    raw.0.iter().map(|name| name.trim().to_owned()).collect()
}

/// Line ends at both ends are YAML's, not the author's.
fn trimmed(text: &str) -> String {
    text.trim_matches(['\n', '\r']).replace("\r\n", "\n")
}

fn texts(raw: &Ordered<String>, at: Place<'_>, findings: &mut Findings) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (language, text) in &raw.0 {
        let place = at.key(language);
        if let Err(Wrong { message, help }) = checks::language(language) {
            let help = help.unwrap_or_default();
            findings.push_help(place.name_span(), format!("{} {message}", quoted(language)), help);
        }
        take(sentence(text), &format!("disclosure.text.{language}"), text, place, findings);
        // a reader of HTML and of Markdown sees one space for all of them
        texts.push((language.clone(), text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    texts
}

fn sentence(text: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::help("says nothing", "write a sentence, or remove the key for the text that is built in"));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Wrong::new("has no words"));
    }
    bearable(text)
}

fn marker(text: &str) -> Result<(), Wrong> {
    if text.contains(['\n', '\r']) {
        return Err(Wrong::new("runs over several lines"));
    }
    if !text.is_empty() && text.trim().is_empty() {
        return Err(Wrong::new("shows nothing"));
    }
    bearable(text)
}

fn bearable(text: &str) -> Result<(), Wrong> {
    if text.len() > LONGEST {
        return Err(Wrong::new(format!("is longer than {LONGEST} bytes")));
    }
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Wrong::new("holds a control character"));
    }
    Ok(())
}

/// The markup has one place for the text, and is of bearable length.
fn one_place(text: &str) -> Result<(), Wrong> {
    match text.matches(TEXT).count() {
        1 => bearable(text),
        0 => Err(Wrong::help("has no place for the text", "put `{text}` where the notice belongs")),
        _ => Err(Wrong::help("has more than one place for the text", "keep one `{text}`")),
    }
}

/// Markdown around the notice: it leaves what stands before and behind it as it is, and shows the text.
fn markdown(text: &str) -> Result<(), Wrong> {
    one_place(text)?;
    let text = trimmed(text);
    if text.lines().next().is_some_and(|line| line.starts_with([' ', '\t'])) {
        return Err(Wrong::new("begins with a space"));
    }
    let page = format!("before\n\n{}\n\nbehind\n", text.replace(TEXT, "between"));
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let (mut depth, mut shows) = (0_usize, false);
    let mut paragraphs = Vec::new();
    for (event, range) in Parser::new_ext(&page, options).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 && matches!(tag, Tag::Paragraph) {
                    paragraphs.push(page.get(range).unwrap_or_default().trim());
                }
                depth += 1;
                if matches!(tag, Tag::CodeBlock(_)) {
                    return Err(Wrong::new("makes code of the text"));
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) => shows |= text.contains("between"),
            Event::Html(html) | Event::InlineHtml(html) => shows |= html.contains("between"),
            _ => {}
        }
    }
    if paragraphs.first() != Some(&"before") || paragraphs.last() != Some(&"behind") {
        return Err(Wrong::help("does not end", "close what it opens, so that the page goes on behind it"));
    }
    if !shows {
        return Err(Wrong::new("does not show the text"));
    }
    tags(&text, |name| name.contains(['-', '.']) || name.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// HTML around the notice: one element, closed, without scripts.
fn html(text: &str) -> Result<(), Wrong> {
    one_place(text)?;
    let text = trimmed(text);
    let help = "write one element, such as `<p class=\"disclosure\">{text}</p>`";
    if !text.starts_with('<') || !text.ends_with('>') {
        return Err(Wrong::help("is no element", help));
    }
    tags(&text, |_| false)
}

/// Tags that run something, swallow what stands behind them, or hold no text of the page's content.
const BARRED: [&str; 24] = [
    "script",
    "style",
    "template",
    "textarea",
    "title",
    "noscript",
    "iframe",
    "plaintext",
    "xmp",
    "noembed",
    "noframes",
    "select",
    "html",
    "body",
    "main",
    "article",
    "pre",
    "object",
    "svg",
    "math",
    "canvas",
    "audio",
    "video",
    "button",
];
/// Elements without an end.
const VOID: [&str; 8] = ["br", "img", "hr", "wbr", "input", "area", "link", "meta"];

/// Elements that stand in certain others only: on a page they would be moved, or dropped.
const INNER: [&str; 18] = [
    "li",
    "dt",
    "dd",
    "tr",
    "td",
    "th",
    "thead",
    "tbody",
    "tfoot",
    "caption",
    "col",
    "colgroup",
    "legend",
    "summary",
    "figcaption",
    "option",
    "optgroup",
    "rt",
];
/// Elements that end a paragraph.
const BLOCKS: [&str; 15] = [
    "p",
    "div",
    "aside",
    "section",
    "article",
    "header",
    "footer",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "details",
    "figure",
    "pre",
];

/// Every tag has its partner and stands where it may, none runs or hides anything, and the text stands between tags or in
/// quotes of what `is_component` says shows it.
fn tags(text: &str, is_component: impl Fn(&str) -> bool) -> Result<(), Wrong> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, tail)) = rest.split_once('<') {
        if tail.starts_with("!--") {
            let Some((comment, behind)) = tail.split_once("-->") else {
                return Err(Wrong::new("has a comment that does not end"));
            };
            if comment.contains(TEXT) {
                return Err(Wrong::new("hides the text in a comment"));
            }
            rest = behind;
            continue;
        }
        rest = tail;
        let closing = tail.starts_with('/');
        let name: String = tail.trim_start_matches('/').chars().take_while(|c| is_name(*c)).collect();
        if name.is_empty() || !(name.starts_with(|c: char| c.is_ascii_alphabetic())) {
            continue;
        }
        let Some((tag, behind)) =
            outside_quotes(tail, '>').and_then(|end| Some((tail.get(..end)?, tail.get(end + 1..)?)))
        else {
            return Err(Wrong::new("has a tag that does not end"));
        };
        rest = behind;
        let lower = name.to_ascii_lowercase();
        if !closing && behind.contains(TEXT) && hides(tag) {
            return Err(Wrong::help(format!("hides the text in `<{lower}>`"), "readers have to see a notice"));
        }
        if BARRED.contains(&lower.as_str()) || runs(tag) {
            return Err(Wrong::help(
                format!("has the tag `<{lower}>`"),
                "a notice is text; leave out what runs or hides it",
            ));
        }
        if closing {
            if open.pop().is_none_or(|last| last != name) {
                return Err(Wrong::help(format!("has `</{name}>` without its start tag"), "close tags in their order"));
            }
            continue;
        }
        if tag.contains(TEXT) && !(is_component(&name) && in_double_quotes(tag)) {
            return Err(Wrong::help(
                format!("has the text in an attribute of `<{name}>`"),
                "put `{text}` between tags, where readers see it",
            ));
        }
        stands(&lower, &open)?;
        if !tag.trim_end().ends_with('/') && !VOID.contains(&lower.as_str()) {
            open.push(name);
        }
    }
    match open.pop() {
        Some(name) => Err(Wrong::help(format!("has `<{name}>` without its end tag"), format!("write `</{name}>`"))),
        None => Ok(()),
    }
}

/// Whether the element `name` may stand in those that are `open`.
fn stands(name: &str, open: &[String]) -> Result<(), Wrong> {
    if open.is_empty() && INNER.contains(&name) {
        return Err(Wrong::help(
            format!("has `<{name}>` on the outside"),
            "a notice stands by itself; write `<p>` or `<div>` around the text",
        ));
    }
    if BLOCKS.contains(&name) && open.iter().any(|open| open.eq_ignore_ascii_case("p")) {
        return Err(Wrong::help(format!("has `<{name}>` inside `<p>`"), "a paragraph ends there; write `<div>`"));
    }
    Ok(())
}

/// Where `mark` first stands outside quotes in `tag`, in bytes.
fn outside_quotes(tag: &str, mark: char) -> Option<usize> {
    let mut quote = None;
    tag.char_indices()
        .find(|&(_, c)| {
            match quote {
                Some(open) if c == open => quote = None,
                Some(_) => return false,
                None if matches!(c, '"' | '\'') => quote = Some(c),
                None => {}
            }
            c == mark
        })
        .map(|(at, _)| at)
}

/// Whether the text stands between double quotes in `tag`: an apostrophe of the text would end single ones.
fn in_double_quotes(tag: &str) -> bool {
    let mut quote = None;
    for c in tag.split(TEXT).next().unwrap_or_default().chars().filter(|c| matches!(c, '"' | '\'')) {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => quote = Some(c),
        }
    }
    quote == Some('"')
}

/// Whether no reader sees what stands in the element that `tag` opens.
fn hides(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    let close: String = lower.split_ascii_whitespace().collect();
    let hidden = lower.split_ascii_whitespace().skip(1).any(|part| part == "hidden" || part.starts_with("hidden="));
    hidden || close.contains("display:none") || close.contains("visibility:hidden")
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_')
}

/// Whether a tag has an attribute that runs something.
fn runs(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    lower.contains("javascript:")
        || lower.split_ascii_whitespace().skip(1).any(|part| {
            part.split_once('=')
                .is_some_and(|(name, _)| name.starts_with("on") && name.bytes().all(|b| b.is_ascii_alphabetic()))
        })
}
