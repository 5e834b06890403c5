//! HTML files that are no pages: templates and redirects.

use std::cell::Cell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use lol_html::html_content::Element;
use lol_html::{HandlerResult, Settings, element};
use memchr::memmem;

use super::tags::{self, Event, Roles, run};
use crate::document::{ParseOptions, escape};

/// How template syntax opens and closes.
const SYNTAX: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

/// As far as the closing part of template syntax is looked for, in bytes.
const REACH: usize = 4096;

/// Whether `text` is a template rather than a page: it has `{{ }}`, `{% %}` or `<% %>` outside code, scripts, styles and
/// comments. A text that cannot be parsed is none.
pub fn is_template(text: &str) -> bool {
    let mut places: Vec<_> = SYNTAX.iter().flat_map(|(open, close)| template_syntax(text, open, close)).collect();
    if places.is_empty() {
        return false;
    }
    places.sort_unstable();
    let only_tags =
        ParseOptions { content: String::new(), skip: String::new(), bare_urls: false, ..ParseOptions::default() };
    let Ok(tags) = tags::read(text, &only_tags, true) else { return false };
    let mut places = places.into_iter().peekable();
    let mut depth = 0_usize;
    for event in &tags.events {
        let (span, is_comment) = match event {
            Event::Open(open) => (open.span, false),
            Event::Close { span, .. } => (*span, false),
            Event::Comment(span) => (*span, true),
        };
        while let Some(at) = places.next_if(|&at| at < span.end) {
            if depth == 0 && !(is_comment && span.holds(at)) {
                return true;
            }
        }
        match event {
            Event::Open(open) if is_foreign(open.roles) => depth += 1,
            Event::Close { open, .. } if tags.open(*open).is_some_and(|open| is_foreign(open.roles)) => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    depth == 0 && places.next().is_some()
}

/// Whether what stands in such an element is shown or run, not filled in by a site's generator.
fn is_foreign(roles: Roles) -> bool {
    roles.any(Roles::CODE.and(Roles::SCRIPT))
}

fn template_syntax<'t>(text: &'t str, open: &'t str, close: &'t str) -> impl Iterator<Item = usize> + 't {
    let bytes = text.as_bytes();
    let mut known_close = 0;
    memmem::find_iter(bytes, open).filter(move |&at| {
        let from = at + open.len();
        if known_close < from {
            let reach = &bytes[from..bytes.len().min(from + REACH)];
            known_close = memmem::find(reach, close.as_bytes()).map_or(0, |found| from + found);
        }
        known_close >= from
    })
}

/// Whether `text` only sends the reader elsewhere: `<meta http-equiv="refresh">` with a URL. A text that cannot be parsed
/// is none. Source: HTML, "shared declarative refresh steps".
pub fn is_redirect(text: &str) -> bool {
    if !may_refresh(text) {
        return false;
    }
    let found = Cell::new(false);
    let look = element!("meta[http-equiv][content]", |meta: &mut Element<'_, '_>| -> HandlerResult {
        let refresh = meta.get_attribute("http-equiv").is_some_and(|raw| is_refresh(&raw));
        let content = || meta.get_attribute("content").map(|raw| escape::decode(&raw, ATTRIBUTE).value);
        found.set(found.get() || refresh && content().is_some_and(|content| has_url(&content)));
        Ok(())
    });
    run(text, Settings::new().append_element_content_handler(look)).is_ok() && found.get()
}

/// Whether `http-equiv` stands anywhere in `text` with the value `refresh`, tag or not.
fn may_refresh(text: &str) -> bool {
    static NAME: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let name = AhoCorasick::builder().ascii_case_insensitive(true).build(["http-equiv"]);
        name.expect("one short pattern")
    });
    let values = NAME.find_iter(text).filter_map(|name| text.get(name.end()..)?.trim_ascii_start().strip_prefix('='));
    values.map(str::trim_ascii_start).any(|value| {
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let value = value.strip_prefix(['"', '\'']).unwrap_or(value);
        let ends = |c: char| quote.map_or(c == '>' || c.is_ascii_whitespace(), |quote| c == quote);
        match value.char_indices().take(LONGEST_REFRESH).find(|(_, c)| ends(*c)) {
            Some((end, _)) => is_refresh(&value[..end]),
            None => true,
        }
    })
}

/// As far as the end of a value that says `refresh` is looked for, in characters.
const LONGEST_REFRESH: usize = 256;

fn is_refresh(raw: &str) -> bool {
    escape::decode(raw, ATTRIBUTE).value.trim().eq_ignore_ascii_case("refresh")
}

const ATTRIBUTE: escape::Context = escape::Context::HtmlAttribute { quote: Some('"') };

/// Whether the value of a refresh, as in `0; url=/new/`, names a URL.
fn has_url(content: &str) -> bool {
    let rest = content.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ';' || c == ',');
    let bytes = rest.as_bytes();
    let named = bytes.get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"url"));
    let url = if named { rest[3..].trim_start().strip_prefix('=').unwrap_or(rest) } else { rest };
    !url.trim_matches(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'').is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_pages_about_templates() {
        for (text, expected) in [
            ("<title>{{ page.title }}</title>", true),
            ("<p>{% include x %}</p>", true),
            ("<ul><% each %></ul>", true),
            ("<a href=\"{{ url }}\">t</a>", true),
            ("<code>a</code><p>{{ x }}</p>", true),
            ("<pre><code>{{ x }}</code></pre><p>t</p>", false),
            ("<kbd>{% x %}</kbd>", false),
            ("<script>let a = {b: {{c}}}</script>", false),
            ("<style>a{{}}</style>", false),
            ("<!-- {{ x }} --><p>t</p>", false),
            ("<p>an open {{ and nothing more</p>", false),
            ("<p>{ { } }</p>", false),
            ("<p>{{ x }}", true),
            ("<pre>{{ x }}", false),
            ("", false),
        ] {
            assert_eq!(is_template(text), expected, "{text}");
        }
    }

    #[test]
    fn redirects_have_a_url() {
        for (text, expected) in [
            (r#"<meta http-equiv="refresh" content="0; url=/new/">"#, true),
            ("<META HTTP-EQUIV=Refresh CONTENT='0;URL=https://h.com/?a&amp;b'>", true),
            (r#"<meta content="3,'/new/'" http-equiv=" refresh ">"#, true),
            (r#"<meta http-equiv="refresh" content="300">"#, false),
            (r#"<meta http-equiv="refresh" content="0; url=">"#, false),
            (r#"<meta http-equiv="content-type" content="text/html; charset=utf-8">"#, false),
            (r#"<!-- <meta http-equiv="refresh" content="0; url=/new/"> -->"#, false),
            (r#"<noscript><meta http-equiv="refresh" content="0; url=/new/"></noscript>"#, false),
            ("<p>refresh</p>", false),
            (r#"<meta http-equiv="&#114;efresh" content="0; url=/new/">"#, true),
            ("<meta http-equiv = '\nREFRESH\n' content='0; url=/new/'>", true),
            (r#"<meta http-equiv="x"><meta http-equiv=refresh content="0; url=/new/">"#, true),
            ("<meta content='0; url=/new/' http-equiv=refresh", false),
        ] {
            assert_eq!(is_redirect(text), expected, "{text}");
        }
    }
}
