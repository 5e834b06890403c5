//! The JSON Schema of `affiliates.yaml`, generated from the raw types, and the key table made of it. Decides how both look;
//! declares no key.

use std::fmt::Write as _;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use serde_json::{Map, Value};

use super::lint::{RuleSpec, rules_schema};
use super::raw::Raw;

/// The JSON Schema (draft 7, which editors know) of `affiliates.yaml`. No part refers to another.
pub fn schema(rules: &[&RuleSpec]) -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<Raw>();
    RecursiveTransform(tidy).transform(&mut schema);
    let mut schema = schema.to_value();
    for place in ["/properties/lint", "/properties/overrides/items/properties/lint"] {
        if let Some(slot) = schema.pointer_mut(&format!("{place}/properties/rules")) {
            let description = slot.get("description").cloned();
            *slot = rules_schema(rules);
            slot["description"] = description.into();
        }
    }
    schema
}

/// The schema as `affiliates.schema.json` holds it, with a line end.
pub fn schema_json(rules: &[&RuleSpec]) -> String {
    format!("{:#}\n", schema(rules))
}

/// A Markdown table of every key with its default and its meaning, for the README.
///
/// Rules have a list of their own.
pub fn defaults_table() -> String {
    let mut table = "| key | default | meaning |\n|---|---|---|\n".to_owned();
    let schema = schema(&[]);
    // depth first by hand: (path, schema) still to be shown, the next one last
    let mut open = vec![(String::new(), &schema)];
    while let Some((path, at)) = open.pop() {
        if !path.is_empty() && !is_section(at) {
            let _ = writeln!(table, "| `{path}` | {} | {} |", default_cell(at), meaning_cell(at));
        }
        let mut below = keys_below(&path, at);
        below.reverse();
        open.append(&mut below);
    }
    table
}

/// What an enumeration allows: the `const`s of a `oneOf`, in order; `None` for a schema that is none.
pub(super) fn choices(schema: &Value) -> Option<Vec<&str>> {
    let list = schema.get("oneOf")?.as_array()?;
    list.iter().map(|choice| choice.get("const")?.as_str()).collect()
}

/// Takes out what editors show but users never need: the null of an option, number formats, defaults of whole sections.
fn tidy(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("format");
    if let Some(Value::String(description)) = object.get_mut("description") {
        *description = description.replace('\n', " ");
    }
    if object.contains_key("const") {
        object.remove("default");
    }
    if object.get("default").is_some_and(|value| value.is_null() || value.is_object() || *value == Value::Array(vec![]))
    {
        object.remove("default");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".into(), one);
        }
    }
    unwrap_option(object);
    allow_empty_section(object);
}

/// `anyOf: [X, null]` becomes X.
fn unwrap_option(object: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = object.get("anyOf") else {
        return;
    };
    let rest: Vec<_> = options.iter().filter(|option| option["type"] != "null").cloned().collect();
    if let [Value::Object(one)] = rest.as_slice() {
        object.remove("anyOf");
        for (key, value) in one {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// A section that needs no key may be there with all its keys in comments.
fn allow_empty_section(object: &mut Map<String, Value>) {
    let closed = object.get("additionalProperties") == Some(&Value::Bool(false));
    if closed && !object.contains_key("required") {
        object.insert("type".into(), serde_json::json!(["object", "null"]));
    }
}

fn is_section(schema: &Value) -> bool {
    schema.get("properties").and_then(Value::as_object).is_some_and(|keys| !keys.is_empty())
}

fn keys_below<'s>(path: &str, schema: &'s Value) -> Vec<(String, &'s Value)> {
    let mut below = Vec::new();
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    if let Some(Value::Object(properties)) = schema.get("properties") {
        below.extend(properties.iter().map(|(key, value)| (format!("{prefix}{key}"), value)));
    }
    if let Some(entry) = schema.get("additionalProperties").filter(|entry| is_section(entry)) {
        below.push((format!("{prefix}NAME"), entry));
    }
    if let Some(items) = schema.get("items").filter(|items| is_section(items)) {
        below.push((format!("{path}[]"), items));
    }
    below
}

fn default_cell(schema: &Value) -> String {
    match schema.get("default") {
        None => String::new(),
        Some(Value::String(text)) if text.is_empty() => "`\"\"`".into(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(Value::Array(items)) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            format!("`[{}]`", items.join(", "))
        }
        Some(other) => format!("`{other}`"),
    }
}

fn meaning_cell(schema: &Value) -> String {
    let mut meaning = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(choices) = choices(schema) {
        let _ = write!(meaning, " `{}`", choices.join("` \\| `"));
    }
    meaning.replace(" | ", " \\| ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'s>(schema: &'s Value, path: &[&str]) -> &'s Value {
        path.iter().fold(schema, |schema, key| &schema[*key])
    }

    #[test]
    fn the_schema_is_plain() {
        let schema = schema(&[]);
        let text = schema.to_string();
        for word in ["$ref", "anyOf", "\"default\":null", "\"format\""] {
            assert!(!text.contains(word), "{word}");
        }
        let properties = at(&schema, &["properties"]);
        assert_eq!(
            at(properties, &["links", "properties", "rel", "default"]),
            &serde_json::json!(["sponsored", "nofollow"])
        );
        assert_eq!(at(properties, &["links", "additionalProperties"]), &Value::Bool(false));
        assert_eq!(
            choices(at(properties, &["links", "properties", "foreign"])),
            Some(vec!["keep", "replace", "strip"])
        );
        assert_eq!(choices(at(properties, &["links"])), None);
        let kind = at(properties, &["overrides", "items", "properties", "kind"]);
        assert_eq!(choices(kind), Some(vec!["auto", "article", "roundup"]), "an option is what it holds");
        assert_eq!(at(properties, &["html", "properties", "ignore", "default"]), "");
    }

    #[test]
    fn the_table_has_a_row_for_each_key() {
        let table = defaults_table();
        for row in [
            "| `files.max_size` | `64MiB` | Larger files are skipped. |",
            "| `links.rel` | `[sponsored, nofollow]` | The `rel` tokens of affiliate links, merged into what the author wrote. |",
            "| `html.ignore` | `\"\"` | Elements whose links are never edited. |",
            "| `programs.NAME.status` | `active` | Whether the program is in use. `active` \\| `paused` \\| `ended` |",
        ] {
            assert!(table.contains(row), "{row}\n{table}");
        }
        assert!(table.contains("`overrides[].links.foreign`") && table.contains("`links.redirects.from`"));
        assert!(!table.contains("`links` |"), "sections have no row");
    }
}
