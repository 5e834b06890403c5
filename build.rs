//! Turns `src/networks/catalog.yaml` into a table of constants, so that the program starts without reading YAML.

// the structs are the catalog's own words, one field for each key
#![allow(clippy::struct_field_names, clippy::struct_excessive_bools)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

const CATALOG: &str = "src/networks/catalog.yaml";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={CATALOG}");
    println!("cargo::rerun-if-changed=build.rs");
    let catalog: Catalog = serde_yaml::from_str(&std::fs::read_to_string(CATALOG)?)?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("catalog.rs"), table(&catalog)?)?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalog {
    networks: Vec<Network>,
    redirectors: Vec<Network>,
    merchants: Vec<Merchant>,
    shorteners: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merchant {
    name: String,
    domains: Vec<String>,
    network: String,
    merchant: Option<String>,
    host: Option<String>,
    cookie_days: Option<f64>,
    confidence: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Network {
    id: String,
    name: String,
    kind: String,
    #[serde(default)]
    hosts: Vec<String>,
    shop: Option<bool>,
    #[serde(default)]
    custom_domains: bool,
    #[serde(default)]
    credits_nobody: bool,
    #[serde(default)]
    closed_hosts: Vec<String>,
    #[serde(default)]
    stores: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    host_exclude: Vec<String>,
    #[serde(default)]
    path_exclude: Vec<String>,
    #[serde(default)]
    short_hosts: Vec<String>,
    #[serde(default)]
    markers: Vec<String>,
    #[serde(default)]
    opaque: bool,
    publisher: Option<String>,
    merchant: Option<String>,
    #[serde(default)]
    ids: Ordered<Id>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    forms: Vec<Form>,
    subid: Option<Subid>,
    #[serde(default)]
    nobody: Vec<String>,
    #[serde(default)]
    placeholders: Vec<String>,
    #[serde(default)]
    noise: Vec<String>,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    landing: Vec<String>,
    #[serde(default)]
    statements: BTreeMap<String, String>,
    #[serde(default)]
    no_cloaking: bool,
    #[serde(default)]
    checks_referrer: bool,
    constructible: String,
    cookie_days: Option<f64>,
    source: String,
    confidence: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Id {
    chars: String,
    len: Option<u16>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    per_store: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    template: String,
    clean: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
    label: Option<String>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    opaque: bool,
    #[serde(default)]
    advertising: bool,
    #[serde(default)]
    anywhere: bool,
    #[serde(default)]
    last_segment: bool,
    unpack: Option<String>,
    of: Option<String>,
    leads: Option<String>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    swap: Option<Swap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Swap {
    merchant: String,
    affiliate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subid {
    max_len: Option<usize>,
    charset: String,
    #[serde(default)]
    needs_approval: bool,
}

/// A mapping whose entries stay in the order of the file.
struct Ordered<T>(Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = Ordered<T>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a mapping")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Visitor(std::marker::PhantomData))
    }
}

type Out = Result<String, Box<dyn std::error::Error>>;

fn table(catalog: &Catalog) -> Out {
    let mut out = String::new();
    for (name, networks) in [("NETWORKS", &catalog.networks), ("REDIRECTORS", &catalog.redirectors)] {
        writeln!(out, "static {name}: &[Network] = &[")?;
        for network in networks {
            out.push_str(&one(network).map_err(|error| format!("{CATALOG}: {}: {error}", network.id))?);
        }
        out.push_str("];\n");
    }
    writeln!(out, "static MERCHANTS: &[Merchant] = &[")?;
    for one in &catalog.merchants {
        if !catalog.networks.iter().any(|network| network.id == one.network) {
            return Err(format!("{CATALOG}: {}: no network `{}`", one.name, one.network).into());
        }
        out.push_str(&merchant(one)?);
    }
    writeln!(out, "];\nstatic SHORTENERS: &[&str] = &{:?};", catalog.shorteners)?;
    Ok(out)
}

fn merchant(merchant: &Merchant) -> Out {
    let mut out = String::new();
    writeln!(out, "Merchant {{ name: {:?}, domains: &{:?},", merchant.name, merchant.domains)?;
    writeln!(out, "network: {:?}, id: {:?}, host: {:?},", merchant.network, merchant.merchant, merchant.host)?;
    let confidence = variant(&merchant.confidence);
    write!(out, "cookie_days: {:?}, confidence: Confidence::{confidence}, ", merchant.cookie_days)?;
    writeln!(out, "source: {:?} }},", merchant.source)?;
    Ok(out)
}

fn one(network: &Network) -> Out {
    let mut out = String::new();
    writeln!(out, "Network {{ id: {:?}, name: {:?},", network.id, network.name)?;
    writeln!(out, "kind: Kind::{}, hosts: &[{}],", variant(&network.kind), hosts(network)?)?;
    let shop = network.shop.unwrap_or(matches!(network.kind.as_str(), "append" | "host_swap"));
    writeln!(out, "shop: {}, custom_domains: {},", shop && !network.hosts.is_empty(), network.custom_domains)?;
    writeln!(out, "credits_nobody: {},", network.credits_nobody)?;
    writeln!(out, "host_exclude: &{:?}, path_exclude: &{:?},", network.host_exclude, network.path_exclude)?;
    writeln!(out, "short_hosts: &{:?}, markers: &{:?},", network.short_hosts, network.markers)?;
    writeln!(out, "opaque: {}, publisher: {:?}, merchant: {:?},", network.opaque, network.publisher, network.merchant)?;
    writeln!(out, "ids: &[{}],", ids(network)?)?;
    let fields = network.fields.iter().map(|(name, spec)| Ok(format!("({name:?}, {}), ", chars(spec)?)));
    writeln!(out, "fields: &[{}],", fields.collect::<Out>()?)?;
    writeln!(out, "forms: &[{}],", network.forms.iter().map(form).collect::<Out>()?)?;
    writeln!(out, "subid: {},", network.subid.as_ref().map_or("None".into(), subid))?;
    writeln!(out, "nobody: &{:?}, placeholders: &{:?},", network.nobody, network.placeholders)?;
    writeln!(out, "noise: &{:?}, keep: &{:?}, landing: &{:?},", network.noise, network.keep, network.landing)?;
    let statements: Vec<_> = network.statements.iter().collect();
    writeln!(out, "statements: &{statements:?}, no_cloaking: {},", network.no_cloaking)?;
    writeln!(out, "checks_referrer: {}, cookie_days: {:?},", network.checks_referrer, network.cookie_days)?;
    writeln!(out, "constructible: Constructible::{},", variant(&network.constructible))?;
    writeln!(out, "confidence: Confidence::{}, source: {:?} }},", variant(&network.confidence), network.source)?;
    Ok(out)
}

fn hosts(network: &Network) -> Out {
    let known = |store: &&String| network.hosts.iter().any(|host| host.trim_start_matches('=') == store.as_str());
    if let Some(store) = network.stores.keys().find(|store| !known(store)) {
        return Err(format!("store `{store}` is none of the hosts").into());
    }
    let mut out = String::new();
    let open = network.hosts.iter().map(|host| (host, false));
    for (host, closed) in open.chain(network.closed_hosts.iter().map(|host| (host, true))) {
        let domain = host.trim_start_matches('=');
        let values: Vec<_> = network.stores.get(domain).into_iter().flatten().collect();
        let exact = host.starts_with('=');
        write!(out, "Host {{ domain: {domain:?}, exact: {exact}, closed: {closed}, values: &{values:?} }}, ")?;
    }
    Ok(out)
}

fn ids(network: &Network) -> Out {
    let mut out = String::new();
    for (name, id) in &network.ids.0 {
        write!(out, "Id {{ name: {name:?}, chars: {}, len: {:?}, ", chars(&id.chars)?, id.len)?;
        write!(out, "required: {}, per_store: {} }}, ", id.required, id.per_store)?;
    }
    Ok(out)
}

fn form(form: &Form) -> Out {
    let swap = form.swap.as_ref().map(|swap| (&swap.merchant, &swap.affiliate));
    let unpack = match form.unpack.as_deref().map(|unpack| unpack.split_once(' ').unwrap_or((unpack, ""))) {
        None => "None".to_owned(),
        Some(("parens", "")) => "Some(Unpack::Parens)".to_owned(),
        Some(("base64_json", name)) => format!("Some(Unpack::Base64Json({name:?}))"),
        Some((other, _)) => return Err(format!("unpack `{other}`").into()),
    };
    let mut out = String::new();
    write!(out, "Form {{ template: {:?}, clean: {:?}, hosts: &{:?}, ", form.template, form.clean, form.hosts)?;
    write!(out, "label: {:?}, read_only: {}, opaque: {}, ", form.label, form.read_only, form.opaque)?;
    write!(out, "advertising: {}, ", form.advertising)?;
    write!(out, "anywhere: {}, last_segment: {}, unpack: {unpack}, ", form.anywhere, form.last_segment)?;
    write!(out, "of: {:?}, leads: {:?}, key: &{:?}, drop: &{:?}, ", form.of, form.leads, form.key, form.drop)?;
    writeln!(out, "swap: {swap:?} }}, ")?;
    Ok(out)
}

fn subid(subid: &Subid) -> String {
    format!(
        "Some(Subid {{ max_len: {:?}, charset: Charset::{}, needs_approval: {} }})",
        subid.max_len,
        variant(&subid.charset),
        subid.needs_approval
    )
}

/// `from_base_link` to `FromBaseLink`.
fn variant(name: &str) -> String {
    let word = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('_').filter(|part| !part.is_empty()).map(word).collect()
}

/// A set of characters, perhaps one that must stand between others, and a length, as a constant: `digits 6-9`,
/// `[A-Za-z0-9_-]`, `alnum 10`, `digits X 3-20`.
fn chars(spec: &str) -> Out {
    let mut words = spec.split(' ');
    let class = words.next().unwrap_or_default();
    let mut length = words.next().unwrap_or_default();
    let mut inside = "";
    if length.len() == 1 && !length.bytes().all(|byte| byte.is_ascii_digit()) {
        inside = length;
        length = words.next().unwrap_or_default();
    }
    let class = match class {
        "digits" => "0-9",
        "alnum" => "A-Za-z0-9",
        "upper" => "A-Z0-9",
        "lower" => "a-z0-9",
        "hex" => "A-Fa-f0-9",
        "word" => "A-Za-z0-9_-",
        "host" => "a-z0-9.-",
        other => other.strip_prefix('[').and_then(|set| set.strip_suffix(']')).ok_or(format!("class `{other}`"))?,
    };
    let (min, max) = match length.split_once('-') {
        Some((min, max)) => (min.parse::<u16>()?, max.parse::<u16>()?),
        None if length.is_empty() => (1, 255),
        None => (length.parse()?, length.parse()?),
    };
    let set = bits(class.as_bytes())? | bits(inside.as_bytes())?;
    let words: Vec<_> = (0..8).rev().map(|word| format!("{:04x}", set >> (16 * word) & 0xffff)).collect();
    let inside = inside.bytes().next();
    Ok(format!("Chars {{ set: 0x{}, min: {min}, max: {max}, inside: {inside:?} }}", words.join("_")))
}

fn bits(class: &[u8]) -> Result<u128, String> {
    let mut set = 0_u128;
    let mut at = 0;
    while at < class.len() {
        let first = class[at];
        let range = class.get(at + 1) == Some(&b'-') && at + 2 < class.len();
        let last = if range { class[at + 2] } else { first };
        if !first.is_ascii_graphic() || !last.is_ascii_graphic() || first > last {
            return Err(format!("bad class `{}`", String::from_utf8_lossy(class)));
        }
        (first..=last).for_each(|byte| set |= 1 << byte);
        at += if range { 3 } else { 1 };
    }
    Ok(set)
}
