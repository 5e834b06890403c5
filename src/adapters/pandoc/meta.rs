//! A document's metadata as the front matter of a page would have it.

use crate::adapters::json::Value;

/// The text of a value of the metadata, or of nodes.
pub(super) fn text_of(value: Value<'_>) -> String {
    let mut text = String::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        let content = value.get("c");
        match value.get("t").and_then(Value::string).as_deref() {
            Some("Str" | "MetaString") => text.push_str(&content.and_then(Value::string).unwrap_or_default()),
            Some("Space" | "SoftBreak" | "LineBreak") => text.push(' '),
            Some(_) => open.extend(content),
            None => {
                let from = open.len();
                open.extend(value.items());
                open[from..].reverse();
            }
        }
    }
    text
}

/// How deep the page's own settings may be nested; they are two levels deep.
const DEPTH: usize = 8;

/// A value of the metadata as the front matter of a page has it.
pub(super) fn plain(value: Value<'_>, depth: usize) -> serde_json::Value {
    let content = value.get("c").filter(|_| depth < DEPTH);
    let Some(content) = content else { return serde_json::Value::Null };
    match value.get("t").and_then(Value::string).as_deref() {
        Some("MetaBool") => serde_json::Value::Bool(content.raw() == "true"),
        Some("MetaList") => content.items().map(|item| plain(item, depth + 1)).collect(),
        Some("MetaMap") => content.members().map(|(key, value)| (key.into_owned(), plain(value, depth + 1))).collect(),
        _ => {
            let text = text_of(value);
            text.parse::<u64>().map_or(serde_json::Value::String(text), serde_json::Value::from)
        }
    }
}
