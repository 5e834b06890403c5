//! What the catalog knows of its networks: a table, one network in detail, JSON, the reference page. Decides words and
//! order; everything said is the catalog's.

mod sample;
mod words;

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

pub use self::sample::{Sample, sample};
pub use self::words::facts_of;
use self::words::{chars_text, confidence, constructible, constructible_text, kind, kind_text, links_to};
use crate::networks::{Id, Network};

/// The most hosts that are named; the rest is counted.
const HOSTS: usize = 8;

/// A table of `networks`, a line for each.
pub fn table(networks: &'static [Network]) -> String {
    let rows = networks.iter().map(|network| {
        [
            network.id.to_owned(),
            network.name.to_owned(),
            kind(network.kind).to_owned(),
            keys(network),
            links_to(network).to_owned(),
        ]
    });
    let head = ["id", "name", "kind", "write", "links to"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    out
}

/// One network in detail.
pub fn details(network: &'static Network) -> String {
    let mut out = format!("{} ({})\n", network.name, network.id);
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "  {label:<13}{text}");
    };
    line("links", kind_text(network.kind));
    line("links to", constructible_text(network));
    for (at, id) in network.ids.iter().enumerate() {
        line(if at == 0 { "ids" } else { "" }, &format!("{}: {}", id.name, id_text(network, id)));
    }
    let sample = sample(network);
    if let Some(sample) = &sample {
        for (at, text) in sample.lines.iter().enumerate() {
            line(if at == 0 { "write" } else { "" }, text);
        }
        if let Some(link) = &sample.link {
            line("for", &sample.destination);
            line("it makes", link);
        }
    }
    if let Some(hosts) = hosts(network, HOSTS) {
        line("hosts", &hosts);
    }
    if !network.short_hosts.is_empty() {
        line("short links", &format!("{}: known, but they do not say where they lead", network.short_hosts.join(", ")));
    }
    for (at, fact) in facts_of(network).iter().enumerate() {
        line(if at == 0 { "known" } else { "" }, fact);
    }
    out
}

/// One network as a line of JSON.
pub fn json_line(network: &'static Network) -> String {
    #[derive(Serialize)]
    struct Object {
        id: &'static str,
        name: &'static str,
        kind: &'static str,
        constructible: &'static str,
        ids: Vec<Value>,
        hosts: Vec<&'static str>,
        short_hosts: &'static [&'static str],
        subid: Option<Value>,
        cookie_days: Option<f64>,
        statements: Value,
        no_cloaking: bool,
        checks_referrer: bool,
        example: Option<Value>,
        confidence: &'static str,
        source: &'static str,
    }
    let id = |id: &Id| json!({"name": id.name, "required": id.required, "per_store": id.per_store});
    let object = Object {
        id: network.id,
        name: network.name,
        kind: kind(network.kind),
        constructible: constructible(network.constructible),
        ids: network.ids.iter().map(id).collect(),
        hosts: network.hosts.iter().map(|host| host.domain).collect(),
        short_hosts: network.short_hosts,
        subid: network.subid.map(|subid| {
            json!({"max_len": subid.max_len, "charset": words::charset(subid.charset), "needs_approval": subid.needs_approval})
        }),
        cookie_days: network.cookie_days,
        statements: network.statements.iter().map(|(language, text)| ((*language).to_owned(), Value::from(*text))).collect(),
        no_cloaking: network.no_cloaking,
        checks_referrer: network.checks_referrer,
        example: sample(network).map(|sample| {
            json!({"config": sample.text(), "destination": sample.destination, "link": sample.link})
        }),
        confidence: confidence(network.confidence),
        source: network.source,
    };
    // nothing in it can fail: its keys are strings
    serde_json::to_string(&object).unwrap_or_default() + "\n"
}

/// The reference page of all `networks`, in Markdown.
pub fn reference(networks: &'static [Network]) -> String {
    let mut out = String::from(INTRO);
    out.push_str("\n| id | name | write | links to |\n|---|---|---|---|\n");
    for network in networks {
        let keys =
            if keys(network).is_empty() { String::new() } else { format!("`{}`", keys(network).replace(", ", "`, `")) };
        let _ = writeln!(out, "| [`{0}`](#{0}) | {1} | {keys} | {2} |", network.id, network.name, links_to(network));
    }
    for network in networks {
        section(&mut out, network);
    }
    out
}

const INTRO: &str = "\
<!-- Made from src/networks/catalog.yaml; AFFILINK_BLESS=1 cargo test --test suite writes it anew. -->
# Networks

Every network and merchant whose links affilink reads, with what to write in `affiliates.yaml` to have such links made. All ids
here are invented. What nobody has documented is left out: a window, a limit or a rule that is not named is unknown, not absent.
Terms change; what your account says counts.

`affilink networks NAME` prints the same, `affilink explain URL` what any one link is.
";

fn section(out: &mut String, network: &'static Network) {
    let _ = writeln!(out, "\n<a id=\"{}\"></a>\n\n## {}\n", network.id, network.name);
    let _ = writeln!(out, "{}; {}.", upper(kind_text(network.kind)), constructible_text(network));
    if !network.ids.is_empty() {
        out.push_str("\n| id | |\n|---|---|\n");
        for id in network.ids {
            let _ = writeln!(out, "| `{}` | {} |", id.name, id_text(network, id));
        }
    }
    if let Some(sample) = sample(network) {
        let _ = writeln!(out, "\n```yaml\n{}```", sample.text());
        if let Some(link) = &sample.link {
            let _ = writeln!(out, "\nmakes of `{}`\n\n```text\n{link}\n```", sample.destination);
        }
    }
    out.push('\n');
    if let Some(hosts) = hosts(network, HOSTS) {
        let _ = writeln!(out, "- hosts: {hosts}");
    }
    if !network.short_hosts.is_empty() {
        let _ = writeln!(out, "- short links, which do not say where they lead: {}", network.short_hosts.join(", "));
    }
    for fact in facts_of(network) {
        let _ = writeln!(out, "- {}", fact.replace('*', "\\*").replace('<', "\\<"));
    }
}

/// The keys of a program, those that are always needed first.
fn keys(network: &'static Network) -> String {
    use crate::networks::Constructible::{FromBaseLink, FromIds, NotDeeplinkable, Retired};
    match network.constructible {
        FromBaseLink if sample(network).is_some() => "link".into(),
        FromBaseLink | Retired => String::new(),
        FromIds | NotDeeplinkable => {
            let needed = network.ids.iter().filter(|id| id.required).map(|id| id.name);
            needed.collect::<Vec<_>>().join(", ")
        }
    }
}

fn id_text(network: &Network, id: &Id) -> String {
    let mut text = String::from(if id.required { "needed" } else { "optional" });
    if network.publisher == Some(id.name) {
        text.push_str("; it says whom a link credits");
    } else if network.merchant == Some(id.name) {
        text.push_str("; it says which merchant");
    }
    if id.per_store {
        let _ = write!(text, "; each store has its own, under `{}s`", id.name);
    }
    let _ = write!(text, "; {}", chars_text(id));
    text
}

/// Where its links stand; `None` for a network of which short links alone are known.
fn hosts(network: &Network, most: usize) -> Option<String> {
    if network.hosts.is_empty() {
        return (!network.markers.is_empty()).then(|| "any: its links are recognised by their parameters".to_owned());
    }
    let named: Vec<_> = network.hosts.iter().take(most).map(|host| host.domain).collect();
    Some(match network.hosts.len().checked_sub(most).filter(|&more| more > 0) {
        Some(more) => format!("{} and {more} more", named.join(", ")),
        None => named.join(", "),
    })
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::{self, Constructible};

    #[test]
    fn every_network_that_makes_links_from_ids_has_an_example_that_works() {
        let mut without = Vec::new();
        for network in networks::all() {
            let sample = sample(network);
            if network.constructible == Constructible::FromIds {
                let link = sample.as_ref().and_then(|sample| sample.link.as_deref());
                if !link.is_some_and(|link| link.starts_with("http")) {
                    without.push((network.id, sample));
                }
            }
            assert!(details(network).contains(network.source), "{}", network.id);
            let line: Value = serde_json::from_str(&json_line(network)).expect("JSON");
            assert_eq!(line["id"], network.id);
        }
        assert!(without.is_empty(), "{without:#?}");
    }

    #[test]
    fn the_table_has_a_line_for_each() {
        let table = table(networks::all());
        assert_eq!(table.lines().count(), networks::all().len() + 1);
        assert!(table.lines().any(|line| line.starts_with("awin ") && line.contains("awinmid, awinaffid")), "{table}");
    }
}
