//! The file's tree against the JSON Schema: keys, types, enumerations, and what YAML itself gets wrong. Decides nothing
//! about what values mean.

use serde_json::Value;

use super::findings::{Findings, did_you_mean, listed, nearest, quoted};
use super::scalar::Scalar;
use super::schema::choices;
use crate::source::Lines;
use crate::span::Span;
use crate::yaml::{Kind, Node, Style};

/// Checks `root` against `schema`, pushes every problem, and gives what is right: the tree without the wrong parts.
///
/// A map or list that lost something says so by being [`Node::decorated`]. In a map, an alias stands for each wrong
/// value, so that what the key says is not missing, and a pair of aliases for each wrong key.
pub(super) fn check(root: &Node, schema: &Value, lines: &Lines<'_>, findings: &mut Findings) -> Node {
    let mut shape = Shape { lines, findings };
    let place = At { path: String::new(), name: root.span };
    let kept = shape.value(root, schema, &place);
    kept.unwrap_or(Node { span: root.span, decorated: false, kind: Kind::Map(Vec::new()) })
}

/// `node` as YAML in flow style, every text quoted and every other scalar by its spelling.
pub(super) fn flow(node: &Node) -> String {
    let mut text = String::new();
    write_flow(node, &mut text);
    text
}

struct Shape<'c> {
    lines: &'c Lines<'c>,
    findings: &'c mut Findings,
}

/// Where a value stands: its path for messages, and the bytes of its name for problems that the value's are too long for.
struct At {
    path: String,
    name: Span,
}

impl At {
    fn below(&self, key: &str, name: Span) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Self { path, name }
    }

    fn what(&self) -> String {
        if self.path.is_empty() { "the file".into() } else { quoted(&self.path) }
    }
}

impl Shape<'_> {
    fn value(&mut self, node: &Node, schema: &Value, at: &At) -> Option<Node> {
        if node.decorated {
            self.refuse_decorated(node, at);
            return None;
        }
        if let Some(choices) = choices(schema) {
            return self.choice(node, &choices, at);
        }
        let types = types(schema);
        match &node.kind {
            Kind::Map(pairs) if types.contains(&"object") => Some(self.map(node, pairs, schema, at)),
            Kind::List(items) if types.contains(&"array") => Some(self.list(node, items, schema, at)),
            Kind::Scalar { value, .. } => self.scalar(node, value, schema, at),
            Kind::Map(_) => self.mismatch(at.name, &types, "a map", at),
            Kind::List(_) => self.mismatch(at.name, &types, "a list", at),
            Kind::Alias => None,
        }
    }

    fn refuse_decorated(&mut self, node: &Node, at: &At) {
        let (message, help) = match node.kind {
            Kind::Alias => ("aliases (`*name`) are not read", "write the value out"),
            _ => (
                "anchors (`&name`) and tags (`!name`) are not read",
                "remove it, and write values out where they are used",
            ),
        };
        let span = if node.span.is_empty() { at.name } else { first_line(node.span, self.lines) };
        self.findings.push_help(span, message, help);
    }

    fn map(&mut self, node: &Node, pairs: &[(Node, Node)], schema: &Value, at: &At) -> Node {
        let mut kept: Vec<(Node, Node)> = Vec::new();
        let before = self.findings.len();
        let mut meant = Vec::new();
        let mut seen = std::collections::HashMap::new();
        for (name, value) in pairs {
            let Some(key) = self.key(name) else {
                kept.push((wrong(name.span), wrong(value.span)));
                continue;
            };
            if let Some(first) = seen.insert(key.to_owned(), name.span) {
                let (line, _) = self.lines.position(first.start);
                let help = format!("the first one is on line {line}; keep one, with both their values");
                self.findings.push_help(name.span, format!("key {} stands twice", quoted(key)), help);
                seen.insert(key.to_owned(), first);
                continue;
            }
            let Some(below) = self.schema_of_key(schema, key, name.span, at) else {
                meant.extend(nearest(key, known_keys(schema)));
                kept.push((wrong(name.span), wrong(value.span)));
                continue;
            };
            let found = self.findings.len();
            match self.value(value, below, &at.below(key, name.span)) {
                Some(value) => kept.push((name.clone(), value)),
                // a section whose keys are all comments is as good as none
                None if self.findings.len() == found => {}
                None => kept.push((name.clone(), wrong(value.span))),
            }
        }
        // a misspelt key is one mistake, not two
        self.required(schema, |key| seen.contains_key(key) || meant.contains(&key), at);
        rebuilt(node, Kind::Map(kept), self.findings.len() > before)
    }

    fn key<'n>(&mut self, name: &'n Node) -> Option<&'n str> {
        let (message, help) = match &name.kind {
            Kind::Scalar { value, style: Style::Plain } if value == "<<" => {
                ("merge keys (`<<`) are not read", "write the keys out")
            }
            _ if name.decorated => ("anchors, aliases and tags are not read", "write the key out"),
            Kind::Scalar { value, .. } if !value.is_empty() => return Some(value),
            Kind::Scalar { .. } => ("a key without a name", "give it a name"),
            _ => {
                ("a key that is no text", "use a plain name as the key; text with `{` or `[` at its start needs quotes")
            }
        };
        self.findings.push_help(name.span, message, help);
        None
    }

    fn schema_of_key<'s>(&mut self, schema: &'s Value, key: &str, name: Span, at: &At) -> Option<&'s Value> {
        let properties = schema.get("properties").and_then(Value::as_object);
        if let Some(known) = properties.and_then(|properties| properties.get(key)) {
            return Some(known);
        }
        if let Some(any) = schema.get("additionalProperties").filter(|any| any.is_object()) {
            return Some(any);
        }
        let place = if at.path.is_empty() { String::new() } else { format!(" in {}", at.what()) };
        let help = did_you_mean(key, known_keys(schema))
            .unwrap_or_else(|| format!("the keys here are {}", listed(known_keys(schema), "and")));
        self.findings.push_help(name, format!("unknown key {}{place}", quoted(key)), help);
        None
    }

    fn required(&mut self, schema: &Value, given: impl Fn(&str) -> bool, at: &At) {
        let required = schema.get("required").and_then(Value::as_array);
        for key in required.into_iter().flatten().filter_map(Value::as_str).filter(|key| !given(key)) {
            let help = match key {
                "version" => "add the line `version: 1`".to_owned(),
                _ => format!("add `{key}: ...`"),
            };
            let span = if at.path.is_empty() { Span::at(at.name.start) } else { at.name };
            self.findings.push_help(span, format!("{} has no `{key}`", at.what()), help);
        }
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &Value, at: &At) -> Node {
        let item_schema = schema.get("items").unwrap_or(&Value::Null);
        let before = self.findings.len();
        let kept = items.iter().enumerate().filter_map(|(index, item)| {
            let span = if item.span.is_empty() { at.name } else { first_line(item.span, self.lines) };
            self.value(item, item_schema, &At { path: format!("{}[{index}]", at.path), name: span })
        });
        let kept = kept.collect();
        rebuilt(node, Kind::List(kept), self.findings.len() > before)
    }

    fn choice(&mut self, node: &Node, choices: &[&str], at: &At) -> Option<Node> {
        let Some(value) = node.scalar().filter(|value| !value.is_empty()) else {
            let message = format!("{} must be {}", at.what(), listed(choices.iter().copied(), "or"));
            self.findings.push(at.name, message);
            return None;
        };
        if choices.contains(&value) {
            return Some(node.clone());
        }
        let message = format!("{} must be {}, not {}", at.what(), listed(choices.iter().copied(), "or"), quoted(value));
        match did_you_mean(value, choices.iter().copied()) {
            Some(help) => self.findings.push_help(node.span, message, help),
            None => self.findings.push(node.span, message),
        }
        None
    }

    fn scalar(&mut self, node: &Node, value: &str, schema: &Value, at: &At) -> Option<Node> {
        let types = types(schema);
        let scalar = Scalar::of(node)?;
        let text = types.contains(&"string");
        let fits = match scalar {
            Scalar::Text => text,
            // a section whose keys are all comments
            Scalar::Null if types.contains(&"null") => return None,
            Scalar::Null => {
                let map = types.as_slice() == ["object"];
                let help =
                    if map { "indent its keys below it, or remove it" } else { "give it a value, or remove the key" };
                self.findings.push_help(at.name, format!("{} has no value", at.what()), help);
                return None;
            }
            Scalar::Bool => types.contains(&"boolean"),
            Scalar::Digits => types.contains(&"integer") || types.contains(&"number"),
            Scalar::Negative => types.contains(&"number") || !text && types.contains(&"integer"),
            // `link-density: off` means the level
            Scalar::OldBool => text && is_level(schema, value),
            Scalar::OddInteger => false,
            // infinity and its like count no days
            Scalar::Float => types.contains(&"number") && value.parse::<f64>().is_ok_and(f64::is_finite),
        };
        if !fits {
            return self.wrong_scalar(node, value, scalar, &types, at);
        }
        self.in_range(value, schema, node.span, at).then(|| node.clone())
    }

    fn wrong_scalar(&mut self, node: &Node, value: &str, scalar: Scalar, types: &[&str], at: &At) -> Option<Node> {
        if types.contains(&"string") {
            let message = format!("{} must be text; YAML reads {} as {}", at.what(), quoted(value), scalar.name());
            let help = match at.path.rsplit('.').next() {
                Some("starts" | "ends") => "write it like `2026-01-31`".to_owned(),
                _ => format!("put it in quotes: '{value}'"),
            };
            self.findings.push_help(node.span, message, help);
            return None;
        }
        let found = match scalar {
            Scalar::OldBool => "text",
            Scalar::Float if types == ["number"] => "infinity or no number",
            _ => scalar.name(),
        };
        let message = format!("{} must be {}, not {found}", at.what(), expected(types));
        match (types, value.to_lowercase().as_str()) {
            (["boolean"], "yes" | "on" | "true") => self.findings.push_help(node.span, message, "write `true`"),
            (["boolean"], "no" | "off" | "false") => self.findings.push_help(node.span, message, "write `false`"),
            _ if is_quoted(node) && Scalar::of_plain(value) == Scalar::Digits => {
                self.findings.push_help(node.span, message, "remove the quotes");
            }
            _ => self.findings.push(node.span, message),
        }
        None
    }

    fn mismatch(&mut self, span: Span, types: &[&str], found: &str, at: &At) -> Option<Node> {
        self.findings.push(span, format!("{} must be {}, not {found}", at.what(), expected(types)));
        None
    }

    fn in_range(&mut self, value: &str, schema: &Value, span: Span, at: &At) -> bool {
        if let Some(only) = schema.get("const").filter(|only| only.to_string().as_str() != value) {
            let message = format!("{} {} is not one that this affilink reads", at.path, quoted(value));
            self.findings.push_help(span, message, format!("write `{}: {only}`", at.path));
            return false;
        }
        let number = value.parse::<f64>().ok();
        let minimum = schema.get("minimum").and_then(Value::as_f64);
        if let (Some(number), Some(minimum)) = (number, minimum)
            && number < minimum
        {
            self.findings.push(span, format!("{} must be {minimum} or more, not {}", at.what(), quoted(value)));
            return false;
        }
        if types(schema) == ["integer"] && value.parse::<i64>().is_err() {
            self.findings.push(span, format!("{} is too large a number", quoted(value)));
            return false;
        }
        true
    }
}

/// Whether a rule of the linter that `schema` describes can be set to `value` in short.
fn is_level(schema: &Value, value: &str) -> bool {
    let levels = schema.pointer("/properties/level").and_then(choices);
    levels.is_some_and(|levels| levels.contains(&value))
}

fn known_keys(schema: &Value) -> impl Iterator<Item = &str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(key, _)| key.as_str())
}

fn rebuilt(node: &Node, kind: Kind, lost: bool) -> Node {
    Node { span: node.span, decorated: lost, kind }
}

/// What stands for a wrong key or value.
fn wrong(span: Span) -> Node {
    Node { span, decorated: true, kind: Kind::Alias }
}

fn is_quoted(node: &Node) -> bool {
    matches!(node.kind, Kind::Scalar { style: Style::Single | Style::Double, .. })
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn expected(types: &[&str]) -> String {
    let mut names: Vec<_> = types
        .iter()
        .filter(|&&name| name != "null" && !(name == "integer" && types.contains(&"string")))
        .map(|&name| match name {
            "string" => "text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "`true` or `false`",
            "array" => "a list",
            "object" => "a map",
            other => other,
        })
        .collect();
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        last => last.unwrap_or_default().to_owned(),
    }
}

fn first_line(span: Span, lines: &Lines<'_>) -> Span {
    let (line, _) = lines.position(span.start);
    let end = lines.span_of(line).map_or(span.end, |line| line.end.min(span.end));
    Span::new(span.start, end.max(span.start))
}

fn write_flow(node: &Node, text: &mut String) {
    match &node.kind {
        Kind::Scalar { value, .. } => match Scalar::of(node) {
            Some(Scalar::Bool | Scalar::Digits | Scalar::Negative | Scalar::Float) => text.push_str(value),
            _ => text.push_str(&Value::from(value.as_str()).to_string()),
        },
        Kind::List(items) => {
            text.push('[');
            for item in items {
                write_flow(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Map(pairs) => {
            text.push('{');
            for (name, value) in pairs.iter().filter(|(_, value)| value.kind != Kind::Alias) {
                text.push_str(&Value::from(name.scalar().unwrap_or_default()).to_string());
                text.push_str(": ");
                write_flow(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Kind::Alias => {}
    }
}
