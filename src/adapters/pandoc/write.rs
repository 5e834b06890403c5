//! What is written into a document: links with what was decided about them, the notice, text. Decides how each looks as
//! Pandoc's JSON.

use super::Target;
use super::projection::url_of;
use crate::adapters::json::Value;
use crate::adapters::nodes::{Notice, Ruling};
use crate::span::Span;

/// What is replaced in the text of `link`.
pub(super) fn of_link(link: Value<'_>, ruling: &Ruling, target: Target) -> Vec<(Span, String)> {
    let mut changes = Vec::new();
    let Some(content) = link.get("c") else { return changes };
    if ruling.changed {
        if target != Target::Other {
            let wanted = [("rel", &ruling.seen.rel), ("target", &ruling.seen.target)];
            changes.extend(content.item(0).and_then(|attributes| of_attributes(attributes.item(2)?, wanted)));
        }
        let url = url_of(content).filter(|url| url.string().as_deref() != Some(&ruling.seen.url));
        changes.extend(url.map(|url| (url.span(), quoted(&ruling.seen.url))));
    }
    if let Some(marker) = &ruling.marker {
        let end = link.span().end;
        changes.push((Span::at(end), format!(",{}", inlines(marker))));
    }
    changes
}

/// `pairs`, the keys and values of an attribute, with those that are `wanted`; `None` where they are so already.
fn of_attributes(pairs: Value<'_>, wanted: [(&str, &Option<String>); 2]) -> Option<(Span, String)> {
    let mut seen = [false; 2];
    let mut written: Vec<String> = Vec::new();
    let mut changed = false;
    for pair in pairs.items() {
        let (key, value) = (pair.item(0).and_then(Value::string), pair.item(1).and_then(Value::string));
        let which =
            wanted.iter().position(|(name, _)| key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case(name)));
        let new = which
            .filter(|which| !std::mem::replace(&mut seen[*which], true))
            .and_then(|which| wanted[which].1.as_deref());
        match (key, new) {
            (Some(key), Some(new)) if value.as_deref() != Some(new) => {
                written.push(format!("[{},{}]", quoted(&key), quoted(new)));
                changed = true;
            }
            _ => written.push(pair.raw().to_owned()),
        }
    }
    for ((name, value), seen) in wanted.into_iter().zip(seen) {
        if let Some(value) = value.as_deref().filter(|_| !seen) {
            written.push(format!("[{},{}]", quoted(name), quoted(value)));
            changed = true;
        }
    }
    changed.then(|| (pairs.span(), format!("[{}]", written.join(","))))
}

/// The notice as a block.
pub(super) fn block(notice: &Notice, target: Target) -> String {
    if target == Target::Html {
        return format!("{{\"t\":\"RawBlock\",\"c\":[\"html\",{}]}}", quoted(&notice.html));
    }
    let (before, behind) = notice.disclosure.markdown.split_once("{text}").unwrap_or_default();
    let text = format!("[{}]", inlines(&notice.text));
    let text = match (before.trim(), behind.trim()) {
        ("*", "*") | ("_", "_") => format!("[{{\"t\":\"Emph\",\"c\":{text}}}]"),
        ("**", "**") | ("__", "__") => format!("[{{\"t\":\"Strong\",\"c\":{text}}}]"),
        _ => text,
    };
    let paragraph = format!("{{\"t\":\"Para\",\"c\":{text}}}");
    match target {
        Target::Other => format!("{{\"t\":\"Div\",\"c\":[[\"\",[\"disclosure\"],[]],[{paragraph}]]}}"),
        Target::Html | Target::Markdown { .. } => paragraph,
    }
}

/// `text` as inlines, without the brackets around them.
fn inlines(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push("{\"t\":\"Space\"}".to_owned());
        }
        if !word.is_empty() {
            out.push(format!("{{\"t\":\"Str\",\"c\":{}}}", quoted(word)));
        }
    }
    out.join(",")
}

/// `text` as a string of JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
