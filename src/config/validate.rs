//! From the file's values to the compiled configuration. Decides what values mean and pushes every one that means nothing.

use std::collections::BTreeMap;

use super::checks;
use super::disclosure::{disclosure, disclosure_changes, recognize};
use super::findings::{Findings, Place, quoted};
use super::globs::Globs;
use super::overrides::{Changes, MentionChanges, MentionSettings, Override, Selectors, Settings, Subid};
use super::programs::{check_globs, partner, program, subid_pattern, take};
use super::raw::{self, Raw};
use super::raw_values::{Ids, Ordered, Texts};
use super::{Config, ConfigEnv, Files, Site, lint, products, redirects};
use crate::document::{Argument, Lists, ParseOptions};
use crate::program::{MapError, MapInput, Problem, ProgramMap, ProgramSpec, RedirectSpec};

/// Stands in for a `max_size` that is wrong, in a configuration that is refused for it.
const DEFAULT_MAX_SIZE: u64 = 64 << 20;

/// Compiles `raw`, which stands at `root`; `None` where anything was wrong, now or before.
pub(super) fn validate(raw: &Raw, root: Place<'_>, env: &ConfigEnv<'_>, findings: &mut Findings) -> Option<Config> {
    let site = site(&raw.site, root.key("site"), findings);
    let files = files(&raw.files, root.key("files"), findings);
    let options = parse_options(raw, root, findings);
    let products = products::products(&raw.products, root.key("products"), env, findings);
    let settings = settings(raw, root, findings);
    let overrides: Vec<_> = raw
        .overrides
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| override_of(entry, root.key("overrides").item(index), env, findings))
        .collect();
    let lint = lint::lint(&raw.lint, env.rules, root.key("lint"), findings);
    let input = map_input(raw, &site, root, env, findings);
    // checked with the programs
    let pattern = |program: &ProgramSpec| program.subid.as_deref().and_then(|text| text.parse().ok());
    let program_subids = input.programs.iter().map(pattern).collect();
    let map = ProgramMap::new(input).map_err(|errors| push_map_errors(&errors, root, findings)).ok()?;
    let files = files.filter(|_| findings.is_empty())?;
    let mut products = products?;
    products.identify(&|url| map.look(url, "").and_then(|facts| facts.destination));
    let generator = super::Generator::default();
    Some(Config { site, map, products, program_subids, lint, files, options, settings, overrides, generator })
}

fn site(raw: &raw::Site, at: Place<'_>, findings: &mut Findings) -> Site {
    let host = raw.url.as_deref().and_then(|url| take(checks::web_url(url), "site.url", url, at.key("url"), findings));
    if let Some(language) = &raw.language {
        take(checks::language(language), "site.language", language, at.key("language"), findings);
    }
    Site { url: raw.url.clone(), host, language: raw.language.clone() }
}

fn files(raw: &raw::Files, at: Place<'_>, findings: &mut Findings) -> Option<Files> {
    let include = check_globs(&raw.include.0, at.key("include"), findings);
    if raw.include.0.is_empty() {
        let help = "remove the key for every Markdown and HTML file";
        findings.push_help(at.key("include").name_span(), "`files.include` includes nothing", help);
    }
    let exclude = check_globs(&raw.exclude.0, at.key("exclude"), findings);
    let mdx = check_globs(&raw.mdx.0, at.key("mdx"), findings);
    let max_size = take(checks::size(&raw.max_size.0), "files.max_size", &raw.max_size.0, at.key("max_size"), findings);
    Some(Files {
        include_text: raw.include.0.join(", "),
        include: include?,
        exclude: exclude?,
        mdx: mdx?,
        max_size: max_size.unwrap_or(DEFAULT_MAX_SIZE),
        fail_on_refused: matches!(raw.on_refused, raw::OnRefused::Fail),
    })
}

fn parse_options(raw: &Raw, root: Place<'_>, findings: &mut Findings) -> ParseOptions {
    let links = root.key("links");
    let front_matter = raw.links.front_matter.0.iter().enumerate().filter_map(|(index, path)| {
        take(checks::key_path(path), "links.front_matter", path, links.key("front_matter").item(index), findings)
    });
    let front_matter = front_matter.collect();
    let html = selectors(
        "html",
        [Some(&raw.html.content), Some(&raw.html.skip), Some(&raw.html.ignore)],
        root.key("html"),
        findings,
    );
    ParseOptions {
        front_matter,
        shortcodes: shortcodes(&raw.links.shortcodes, links.key("shortcodes"), findings),
        components: components(&raw.links.components, links.key("components"), findings),
        content: html.content.unwrap_or_default(),
        skip: html.skip.unwrap_or_default(),
        ignore: html.ignore.unwrap_or_default(),
        bare_urls: raw.links.bare_urls,
        math: false,
        containers: false,
        lists: Lists::default(),
        outline: false,
        recognize: recognize(&raw.disclosure.recognize, root.key("disclosure").key("recognize"), findings),
    }
}

fn shortcodes(raw: &Ordered<Ids>, at: Place<'_>, findings: &mut Findings) -> BTreeMap<String, Vec<Argument>> {
    let mut shortcodes = BTreeMap::new();
    for (name, arguments) in &raw.0 {
        let place = at.key(name);
        if name.trim() != name || name.contains(char::is_control) {
            findings.push(place.name_span(), format!("{} is no name of a shortcode", quoted(name)));
        }
        if arguments.0.is_empty() && place.is_complete() {
            findings.push_help(
                place.name_span(),
                format!("shortcode {} names no argument", quoted(name)),
                "write it like `[url]` or `[0]`",
            );
        }
        let mut read = Vec::new();
        for (index, argument) in arguments.0.iter().enumerate() {
            if let Some(argument) = self::argument(argument) {
                read.push(argument);
                continue;
            }
            let message = format!("{} is no argument of a shortcode", quoted(argument));
            findings.push_help(place.item(index).span(), message, "give its name, or its position from 0");
        }
        shortcodes.insert(name.clone(), read);
    }
    shortcodes
}

fn argument(text: &str) -> Option<Argument> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Argument::Position);
    }
    is_name(text).then(|| Argument::Named(text.to_owned()))
}

fn components(raw: &Ordered<Texts>, at: Place<'_>, findings: &mut Findings) -> BTreeMap<String, Vec<String>> {
    let mut components = BTreeMap::new();
    for (name, attributes) in &raw.0 {
        let place = at.key(name);
        let dotted = name.split('.').all(is_name);
        if !dotted {
            findings.push_help(
                place.name_span(),
                format!("{} is no name of a component", quoted(name)),
                "write it like `LinkCard`",
            );
        }
        if attributes.0.is_empty() && place.is_complete() {
            findings.push_help(
                place.name_span(),
                format!("component {} names no attribute", quoted(name)),
                "write it like `[href]`",
            );
        }
        for (index, attribute) in attributes.0.iter().enumerate().filter(|(_, attribute)| !is_name(attribute)) {
            findings.push(place.item(index).span(), format!("{} is no name of an attribute", quoted(attribute)));
        }
        components.insert(name.clone(), attributes.0.clone());
    }
    components
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && text.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | ':'))
}

fn settings(raw: &Raw, root: Place<'_>, findings: &mut Findings) -> Settings {
    let disclosure = disclosure(&raw.disclosure, root.key("disclosure"), findings);
    let mentions = mentions(&raw.mentions, root.key("mentions"), findings);
    let (raw, at) = (&raw.links, root.key("links"));
    Settings {
        foreign: raw.foreign.into(),
        unwrap: raw.unwrap,
        subid: subid_pattern(&raw.subid, at.key("subid"), findings),
        rel: rel(&raw.rel, at.key("rel"), findings),
        target: raw.target.into(),
        bare_urls: raw.bare_urls,
        markdown: raw.markdown.into(),
        disclosure,
        mentions,
    }
}

fn mentions(raw: &raw::Mentions, at: Place<'_>, findings: &mut Findings) -> MentionSettings {
    MentionSettings {
        enabled: raw.enabled,
        per_page: count(raw.per_page),
        per_product: count(raw.per_product),
        per_paragraph: count(raw.per_paragraph),
        per_words: count(raw.per_words),
        skip: raw.skip.as_slice().into(),
        pages: check_globs(&raw.pages.0, at.key("pages"), findings).unwrap_or_default(),
    }
}

fn mention_changes(raw: &raw::OverrideMentions, at: Place<'_>, findings: &mut Findings) -> MentionChanges {
    MentionChanges {
        enabled: raw.enabled,
        per_page: raw.per_page.map(count),
        per_product: raw.per_product.map(count),
        per_paragraph: raw.per_paragraph.map(count),
        per_words: raw.per_words.map(count),
        skip: raw.skip.as_deref().map(Into::into),
        pages: raw.pages.as_ref().and_then(|globs| check_globs(&globs.0, at.key("pages"), findings)),
    }
}

/// A limit; one that no page can reach where the number is too large.
pub(super) fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn rel(raw: &Texts, at: Place<'_>, findings: &mut Findings) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for (index, token) in raw.0.iter().enumerate() {
        take(checks::rel_token(token), "rel", token, at.item(index), findings);
        if !tokens.contains(token) {
            tokens.push(token.clone());
        }
    }
    tokens
}

fn override_of(raw: &raw::Override, at: Place<'_>, env: &ConfigEnv<'_>, findings: &mut Findings) -> Option<Override> {
    let globs = check_globs(&raw.files.0, at.key("files"), findings);
    if globs.as_ref().is_some_and(Globs::is_empty) && at.is_complete() {
        findings.push_help(
            at.key("files").name_span(),
            "this override is about no page",
            "write it like `files: [\"guides/**\"]`",
        );
    }
    let links = at.key("links");
    let subid = raw.links.subid.as_deref().map(|text| Subid(subid_pattern(text, links.key("subid"), findings)));
    let html = [raw.html.content.as_ref(), raw.html.skip.as_ref(), raw.html.ignore.as_ref()];
    Some(Override {
        files: globs?,
        changes: Changes {
            kind: raw.kind.map(Into::into),
            foreign: raw.links.foreign.map(Into::into),
            unwrap: raw.links.unwrap,
            subid,
            rel: raw.links.rel.as_ref().map(|tokens| rel(tokens, links.key("rel"), findings)),
            target: raw.links.target.map(Into::into),
            bare_urls: raw.links.bare_urls,
            markdown: raw.links.markdown.map(Into::into),
            disclosure: disclosure_changes(&raw.disclosure, at.key("disclosure"), findings),
            mentions: mention_changes(&raw.mentions, at.key("mentions"), findings),
        },
        lint: lint::changes(&raw.lint.rules, env.rules, at.key("lint").key("rules"), findings),
        selectors: selectors("html", html, at.key("html"), findings),
    })
}

/// `html.content`, `html.skip` and `html.ignore`; the last two may be empty.
fn selectors(section: &str, texts: [Option<&String>; 3], at: Place<'_>, findings: &mut Findings) -> Selectors {
    let [content, skip, ignore] =
        [("content", texts[0]), ("skip", texts[1]), ("ignore", texts[2])].map(|(key, text)| {
            let text = text?;
            if key == "content" || !text.trim().is_empty() {
                take(checks::selector(text), &format!("{section}.{key}"), text, at.key(key), findings);
            }
            Some(text.trim().to_owned())
        });
    Selectors { content, skip, ignore }
}

fn map_input(raw: &Raw, site: &Site, root: Place<'_>, env: &ConfigEnv<'_>, findings: &mut Findings) -> MapInput {
    let (programs, partners) = (root.key("programs"), root.key("partners"));
    for (name, _) in raw.partners.0.iter().filter(|(name, _)| raw.programs.0.iter().any(|(own, _)| own == name)) {
        let message = format!("{} is the name of a program, too", quoted(name));
        findings.push_help(partners.key(name).name_span(), message, "give the partner another name");
    }
    MapInput {
        programs: raw
            .programs
            .0
            .iter()
            .filter_map(|(name, raw)| program(name, raw, programs.key(name), findings))
            .collect(),
        partners: raw
            .partners
            .0
            .iter()
            .filter_map(|(name, raw)| partner(name, raw, partners.key(name), findings))
            .collect(),
        redirects: redirect_spec(&raw.links.redirects, root.key("links").key("redirects"), env, findings),
        own_hosts: site.host.iter().flat_map(|host| own_hosts(host)).collect(),
        date: env.date,
    }
}

/// A site is one site with `www.` and without.
fn own_hosts(host: &str) -> [String; 2] {
    let bare = host.strip_prefix("www.").unwrap_or(host);
    [bare.to_owned(), format!("www.{bare}")]
}

fn redirect_spec(raw: &raw::Redirects, at: Place<'_>, env: &ConfigEnv<'_>, findings: &mut Findings) -> RedirectSpec {
    check_globs(&raw.paths.0, at.key("paths"), findings);
    let hosts = raw.hosts.0.iter().enumerate().filter_map(|(index, host)| {
        take(checks::host(host), "links.redirects.hosts", host, at.key("hosts").item(index), findings)
    });
    let hosts = hosts.collect();
    let mut known = Vec::new();
    for (index, name) in raw.from.0.iter().enumerate() {
        let span = at.key("from").item(index).span();
        match (env.read_file)(name).map(|text| redirects::read(name, &text)) {
            Ok(Ok(mut found)) => known.append(&mut found),
            Ok(Err(error)) => findings.push(span, format!("{} cannot be read as redirects: {error}", quoted(name))),
            Err(error) => {
                let help = "the path is relative to this file's folder";
                findings.push_help(span, format!("{} cannot be read: {error}", quoted(name)), help);
            }
        }
    }
    RedirectSpec { paths: raw.paths.0.clone(), hosts, known }
}

/// Pushes what the program map found wrong, but for what was said already or may follow from that.
fn push_map_errors(errors: &[MapError], root: Place<'_>, findings: &mut Findings) {
    let mut new = Findings::default();
    for error in errors {
        let of = if error.program.is_empty() {
            root.key("links").key("redirects")
        } else {
            root.key("programs").key(&error.program)
        };
        let key = of.key(&error.field);
        let span = key.span();
        let about = if key.is_given() { key } else { of };
        let said = [of.name_span(), about.name_span(), about.span()].into_iter().any(|span| findings.touch(span));
        if said {
            continue;
        }
        let message = format!("`{}`: {}", error.field, error.problem);
        match error.problem {
            Problem::BaseLink(_) => {
                new.push_help(span, message, "copy a link to the merchant from the network's site");
            }
            Problem::OtherInLink { .. } => {
                new.push_help(span, message, "keep the one that is yours; `link` alone says it as well");
            }
            _ => new.push(span, message),
        }
    }
    findings.append(new);
}
