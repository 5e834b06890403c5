//! What a page's own front matter says of affilink. Decides how the switch changes the page's policy; a mistake in it is the
//! page's problem, and changes nothing.

use serde_json::Value;

use super::findings::{did_you_mean, listed, quoted};
use super::policy::{Kind, Policy};

/// The keys of the switch, with what they take.
const KEYS: [(&str, Takes); 5] = [
    ("mentions", Takes::Bool),
    ("skip", Takes::Texts),
    ("kind", Takes::Kind),
    ("ignore", Takes::Texts),
    ("reason", Takes::Text),
];

#[derive(Clone, Copy)]
enum Takes {
    Bool,
    Text,
    Texts,
    Kind,
}

/// Applies the front-matter value `switch` to `policy`; what is wrong with it goes into [`Policy::problems`].
pub(super) fn apply(switch: &Value, policy: &mut Policy) {
    match switch {
        Value::Bool(on) => policy.enabled &= *on,
        Value::Null => {}
        Value::Object(map) => {
            for (key, value) in map {
                apply_key(key, value, policy);
            }
        }
        _ => policy.problems.push("`affilink` must be `false` or a map".into()),
    }
}

fn apply_key(key: &str, value: &Value, policy: &mut Policy) {
    let Some((_, takes)) = KEYS.iter().find(|(known, _)| *known == key) else {
        let known = || KEYS.iter().map(|(known, _)| *known);
        let help = did_you_mean(key, known()).unwrap_or_else(|| format!("the keys are {}", listed(known(), "and")));
        policy.problems.push(format!("unknown key {} in `affilink`; {help}", quoted(key)));
        return;
    };
    match (key, value) {
        ("mentions", Value::Bool(on)) => policy.mentions.enabled = *on,
        ("skip", Value::String(name)) => policy.mentions.skip_products.push(name.clone()),
        ("skip", Value::Array(names)) => {
            policy.mentions.skip_products.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        _ => {}
    }
    let wrong = match (takes, value) {
        (Takes::Bool, Value::Bool(_)) | (Takes::Text | Takes::Texts, Value::String(_)) => None,
        (Takes::Bool, _) => Some("`true` or `false`"),
        (Takes::Text, _) => Some("text"),
        (Takes::Texts, Value::Array(items)) if items.iter().all(Value::is_string) => None,
        (Takes::Texts, _) => Some("a list of texts"),
        (Takes::Kind, value) => match kind(value) {
            Some(kind) => {
                policy.kind = kind;
                None
            }
            None => Some("`auto`, `article` or `roundup`"),
        },
    };
    if wrong.is_none() && key == "ignore" {
        let one = value.as_str().map(str::to_owned).into_iter();
        let many = value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        policy.ignored.extend(one.chain(many));
    }
    if let Some(expected) = wrong {
        policy.problems.push(format!("`affilink.{key}` must be {expected}"));
    }
}

fn kind(value: &Value) -> Option<Kind> {
    match value.as_str()? {
        "auto" => Some(Kind::Auto),
        "article" => Some(Kind::Article),
        "roundup" => Some(Kind::Roundup),
        _ => None,
    }
}
