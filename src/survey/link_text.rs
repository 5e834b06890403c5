//! What readers see of a link's text. Decides which two texts are one to a reader.

use std::borrow::Cow;

use crate::document::markdown::inline_text;
use crate::document::outline::{Outline, Shown, Text};
use crate::document::{Context, escape};
use crate::span::Span;

/// What a reader sees of `span`, bytes of the page `text`, white space joined.
///
/// Of a link in a shortcode's argument or in the title of a container it is what Markdown makes of the bytes.
pub fn shown(text: &str, outline: &Outline, span: Span) -> String {
    if outline.obstacle_around(span).is_some() {
        return joined(&inline_text(span.of(text)));
    }
    let first = outline.texts.partition_point(|shown| shown.span.end <= span.start);
    let within = outline.texts.get(first..).unwrap_or_default().iter();
    let mut shown = String::new();
    for part in within.take_while(|shown| shown.span.start < span.end) {
        let whole = span.contains(part.span) || part.shown != Shown::Bytes;
        let cut = Span::new(part.span.start.max(span.start), part.span.end.min(span.end));
        // code is read aloud like any other word
        let prose = if whole { part.prose(text) } else { Some(cut.of(text)) };
        match prose {
            Some(prose) => shown.push_str(prose),
            None => shown.push_str(&verbatim(part, text)),
        }
    }
    joined(&shown)
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is shown of code; an element of HTML stands there with its tags.
fn verbatim<'t>(part: &Text, text: &'t str) -> Cow<'t, str> {
    let raw = part.span.of(text);
    if part.shown != Shown::Verbatim {
        return Cow::Borrowed("");
    }
    if !raw.starts_with('<') {
        return Cow::Borrowed(raw.trim_matches('`'));
    }
    let between = raw.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, behind)| behind);
    Cow::Owned(escape::decode(&between.collect::<String>(), Context::HtmlText).value)
}

/// `words` in lower case, without punctuation around them: what is the same to a reader is the same here.
pub fn bare(words: &str) -> String {
    let lower = words.to_lowercase();
    let words: Vec<_> = lower.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}
