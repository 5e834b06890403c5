//! Programs and partners: from the file's values to what the program map takes. Everything that the configuration asks of
//! the catalog is asked here. Decides which combinations of keys make a program.

use std::collections::BTreeMap;

use super::checks::{self, Wrong};
use super::findings::{Findings, Place, did_you_mean, nearest, quoted};
use super::globs::Globs;
use super::ids;
use super::raw::{Partner, Program, Status as RawStatus};
use crate::networks::{self, Constructible, Network};
use crate::program::subid::{Pattern, PatternError};
use crate::program::{Date, FormSpec, PartnerSpec, ProgramSpec, Status};
use crate::yaml::Node;

/// The keys of a program that are no ids.
const PROGRAM_KEYS: [&str; 15] = [
    "network",
    "domains",
    "paths",
    "pages",
    "set",
    "template",
    "link",
    "status",
    "starts",
    "ends",
    "priority",
    "commission",
    "cookie_days",
    "retired_ids",
    "subid",
];

/// The program `name`, with its problems pushed; `None` where it cannot even be asked how its links are formed.
pub(super) fn program(name: &str, raw: &Program, at: Place<'_>, findings: &mut Findings) -> Option<ProgramSpec> {
    check_name(name, at, findings);
    let form = form(raw, at, findings);
    let network = match &form {
        Some(FormSpec::Network { network, .. }) => Some(*network),
        _ => None,
    };
    let domains = domains(raw, network, form.is_some(), at, findings);
    check_globs(&raw.pages.0, at.key("pages"), findings);
    check_globs(&raw.paths.0, at.key("paths"), findings);
    let starts = date(raw.starts.as_deref(), at.key("starts"), findings);
    let ends = date(raw.ends.as_deref(), at.key("ends"), findings);
    if let (Some(starts), Some(ends)) = (starts, ends)
        && ends < starts
    {
        findings.push(at.key("ends").span(), "`ends` is before `starts`");
    }
    let commission = raw.commission.as_ref().and_then(|percent| {
        take(checks::percent(&percent.0), "commission", &percent.0, at.key("commission"), findings)
    });
    retired_ids(raw, form.as_ref(), at, findings);
    subid_pattern(raw.subid.as_deref().unwrap_or_default(), at.key("subid"), findings);
    Some(ProgramSpec {
        name: name.to_owned(),
        form: form?,
        domains,
        paths: whole_trees(&raw.paths.0),
        pages: whole_trees(&raw.pages.0),
        status: raw.status.into(),
        starts,
        ends,
        priority: raw.priority,
        commission,
        cookie_days: raw.cookie_days,
        retired_ids: raw.retired_ids.0.clone(),
        subid: raw.subid.clone(),
    })
}

/// The partner `name`, or `None` with the problems pushed.
pub(super) fn partner(name: &str, raw: &Partner, at: Place<'_>, findings: &mut Findings) -> Option<PartnerSpec> {
    check_name(name, at, findings);
    let network = find_network(raw.network.as_deref()?, at.key("network"), findings)?;
    let before = findings.len();
    let (ids, _) = ids::read(network, &["network"], false, at, findings);
    if ids.is_empty() && findings.len() == before && at.has_all_keys() {
        let wanted = network.publisher.or_else(|| network.ids.first().map(|id| id.name)).unwrap_or("id");
        let message = format!("partner {} has no id of {}", quoted(name), network.name);
        findings.push_help(at.name_span(), message, format!("add `{wanted}: ...`"));
    }
    (findings.len() == before).then(|| PartnerSpec { name: name.to_owned(), network, ids })
}

/// Pushes what is wrong with the sub-ID pattern `text`; gives it where it is not empty.
pub(super) fn subid_pattern(text: &str, at: Place<'_>, findings: &mut Findings) -> Option<Pattern> {
    match text.parse::<Pattern>() {
        Ok(pattern) => Some(pattern).filter(|_| !text.is_empty()),
        Err(error) => {
            let help = match error {
                PatternError::Unknown(_) => "the placeholders are {page}, {link}, {program}, {product} and {date}",
                PatternError::Brace | PatternError::Space => "write it like `{page}-{link}`",
            };
            findings.push_help(at.span(), error.to_string(), help);
            None
        }
    }
}

/// Pushes each wrong one of `globs`.
pub(super) fn check_globs(globs: &[String], at: Place<'_>, findings: &mut Findings) -> Option<Globs> {
    match Globs::new(globs) {
        Ok(set) => Some(set),
        Err(errors) => {
            for (index, error) in errors {
                let glob = globs.get(index).map(String::as_str).unwrap_or_default();
                findings.push(at.item(index).span(), format!("{} is no glob: {error}", quoted(glob)));
            }
            None
        }
    }
}

/// The value of a check, or its problem pushed with the key's name and the value in front.
pub(super) fn take<T>(
    checked: Result<T, Wrong>,
    key: &str,
    value: &str,
    at: Place<'_>,
    findings: &mut Findings,
) -> Option<T> {
    match checked {
        Ok(value) => Some(value),
        Err(wrong) => {
            let message = format!("`{key}`: {} {}", quoted(value), wrong.message);
            match wrong.help {
                Some(help) => findings.push_help(at.span(), message, help),
                None => findings.push(at.span(), message),
            }
            None
        }
    }
}

/// The globs, with `**` behind a trailing `/`, as [`Globs`] reads it.
fn whole_trees(globs: &[String]) -> Vec<String> {
    globs.iter().map(|glob| if glob.ends_with('/') { format!("{glob}**") } else { glob.clone() }).collect()
}

fn check_name(name: &str, at: Place<'_>, findings: &mut Findings) {
    if !name.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.')) {
        let help = "use letters, digits, `-`, `_` and `.`";
        findings.push_help(at.name_span(), format!("{} is no name", quoted(name)), help);
    }
}

/// How the program's links are formed: exactly one of `network`, `set` and `template` says so.
fn form(raw: &Program, at: Place<'_>, findings: &mut Findings) -> Option<FormSpec> {
    let given: Vec<_> = ["network", "set", "template"].into_iter().filter(|key| at.key(key).is_given()).collect();
    match given.as_slice() {
        [] if !at.has_all_keys() => return None,
        [] => {
            let help = "add `network: ...`, or for a merchant's own scheme `set` or `template`";
            findings.push_help(at.name_span(), "this program does not say how its links are formed", help);
            return None;
        }
        [_] => {}
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` exclude each other");
            findings.push_help(at.key(second).name_span(), message, "keep the one that forms the links");
            return None;
        }
    }
    if at.key("network").is_given() {
        let network = raw.network.as_ref()?;
        let network = find_network(network, at.key("network"), findings)?;
        return Some(network_form(network, raw, at, findings));
    }
    no_ids(at, findings);
    if raw.link.is_some() {
        let help = "name the network that the link was copied from, or use `template`";
        findings.push_help(at.key("link").name_span(), "`link` needs `network`", help);
    }
    if let Some(set) = &raw.set {
        check_set(&set.0, at.key("set"), findings);
        return Some(FormSpec::Set(set.0.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect()));
    }
    let template = raw.template.as_ref()?;
    take(checks::template(template), "template", template, at.key("template"), findings)?;
    Some(FormSpec::Template(template.clone()))
}

fn check_set(set: &[(String, super::raw_values::IdOrNumber)], at: Place<'_>, findings: &mut Findings) {
    if set.is_empty() && at.is_complete() {
        findings.push_help(at.name_span(), "`set` sets no parameter", "write it like `set: {ref: mysite}`");
    }
    for (name, value) in set {
        if name.contains(|char: char| char.is_whitespace() || char.is_control() || "&=#?\"<>".contains(char)) {
            findings.push(at.key(name).name_span(), format!("{} is no name of a parameter", quoted(name)));
        }
        take(checks::set_value(&value.0), "set", &value.0, at.key(name), findings);
    }
    let fixed = set.iter().any(|(_, value)| value.0.replace("{subid}", "").chars().any(char::is_alphanumeric));
    if !set.is_empty() && !fixed && at.is_complete() {
        let help = "one parameter must hold your id, such as `ref: mysite`";
        findings.push_help(at.name_span(), "`set` says nowhere whom the link credits", help);
    }
}

fn network_form(network: &'static Network, raw: &Program, at: Place<'_>, findings: &mut Findings) -> FormSpec {
    let (ids, store_ids) = ids::read(network, &PROGRAM_KEYS, true, at, findings);
    if let Some(link) = &raw.link {
        take(checks::web_url(link), "link", link, at.key("link"), findings);
    } else if network.constructible == Constructible::FromBaseLink {
        let message = format!("links of {} cannot be formed from ids", network.name);
        findings.push_help(
            at.key("network").span(),
            message,
            "add `link: ...`, a link to the merchant copied from the network",
        );
    } else if at.has_all_keys() {
        ids::require(network, at, findings);
    }
    FormSpec::Network { network, ids, store_ids, base: raw.link.clone() }
}

/// Ids belong to a network; without one, what is no key is a mistake.
fn no_ids(at: Place<'_>, findings: &mut Findings) {
    for (name, _) in at.node().into_iter().flat_map(Node::pairs) {
        let Some(key) = name.scalar() else { continue };
        if !PROGRAM_KEYS.contains(&key) {
            let help = did_you_mean(key, PROGRAM_KEYS).unwrap_or_else(|| {
                "ids need a `network`; with `set` or `template` they stand in the link itself".into()
            });
            findings.push_help(name.span, format!("unknown key {} in a program without a network", quoted(key)), help);
        }
    }
}

fn retired_ids(raw: &Program, form: Option<&FormSpec>, at: Place<'_>, findings: &mut Findings) {
    let at = at.key("retired_ids");
    let Some(FormSpec::Network { network, ids, store_ids, .. }) = form else {
        if at.is_given() && form.is_some() {
            findings.push_help(at.name_span(), "`retired_ids` needs `network`", "remove it");
        }
        return;
    };
    let publisher = network.publisher.and_then(|name| network.id_named(name));
    for (index, retired) in raw.retired_ids.0.iter().enumerate() {
        let stores = store_ids.values().flat_map(BTreeMap::values).flatten();
        if ids.values().flatten().chain(stores).any(|id| id == retired) {
            let help = "remove it from one of the two places";
            findings.push_help(at.item(index).span(), format!("{} is retired and in use", quoted(retired)), help);
        } else if let Some(id) = publisher.filter(|id| !id.chars.fits(retired)) {
            let message = format!("{} cannot be an id of {}", quoted(retired), network.name);
            findings.push_help(at.item(index).span(), message, ids::wanted(id));
        }
    }
}

fn domains(
    raw: &Program,
    network: Option<&Network>,
    has_form: bool,
    at: Place<'_>,
    findings: &mut Findings,
) -> Vec<String> {
    let place = at.key("domains");
    let needed = has_form && !network.is_some_and(Network::is_merchant);
    let missing = if place.is_given() { place.is_complete() } else { at.has_all_keys() };
    if needed && raw.domains.0.is_empty() && missing {
        let help = "add the merchant's domains, such as `domains: [shop.example]`";
        findings.push_help(
            at.name_span(),
            "this program does not say whose links it serves: `domains` is missing",
            help,
        );
    }
    let mut domains: Vec<String> = Vec::new();
    for (index, domain) in raw.domains.0.iter().enumerate() {
        let Some(host) = take(checks::host(domain), "domains", domain, place.item(index), findings) else {
            continue;
        };
        if let Some(network) = network.filter(|network| network.is_merchant() && !network.has_shop(&host)) {
            let message = format!("{} is no store of {}", quoted(domain), network.name);
            let help = "remove it; for a shop of another merchant name that one's network, or use `set` or `template`";
            findings.push_help(place.item(index).span(), message, help);
        }
        if domains.contains(&host) {
            findings.push_help(place.item(index).span(), format!("{} stands twice", quoted(domain)), "remove one");
        }
        domains.push(host);
    }
    domains
}

fn date(text: Option<&str>, at: Place<'_>, findings: &mut Findings) -> Option<Date> {
    let text = text?;
    let date = text.parse::<Date>().ok();
    if date.is_none() {
        findings.push_help(at.span(), format!("{} is no date", quoted(text)), "write it like `2026-01-31`");
    }
    date
}

fn find_network(id: &str, at: Place<'_>, findings: &mut Findings) -> Option<&'static Network> {
    let network = networks::find(id);
    if network.is_none() {
        findings.push_help(at.span(), format!("unknown network {}", quoted(id)), which_network(id));
    }
    network
}

/// Which network may be meant by `id`: one with nearly that id or that name, or the one that carries a merchant so called.
fn which_network(id: &str) -> String {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let word = letters(id);
    let merchant = networks::merchants().iter().find(|merchant| letters(merchant.name) == word);
    let named = |network: &&Network| !word.is_empty() && letters(network.name).starts_with(&word);
    let by_name = || networks::all().iter().find(named).map(|network| network.id);
    if let Some(near) = nearest(id, networks::all().iter().map(|network| network.id)).or_else(by_name) {
        return format!("did you mean `{near}`?");
    }
    if let Some(merchant) = merchant {
        let domain = merchant.domains.first().copied().unwrap_or_default();
        return format!(
            "{} is carried by `{}`: name that, with `domains: [{domain}]`",
            merchant.name, merchant.network
        );
    }
    "`affilink networks` lists them; for a merchant's own scheme use `set` or `template`".to_owned()
}

impl From<RawStatus> for Status {
    fn from(status: RawStatus) -> Self {
        match status {
            RawStatus::Active => Self::Active,
            RawStatus::Paused => Self::Paused,
            RawStatus::Ended => Self::Ended,
        }
    }
}
