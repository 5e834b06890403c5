//! Products: from the file's values, and the rows of the files that it names, to the compiled product map. Decides which
//! names, URLs and limits make a product, and which two are one.

use std::sync::Arc;

use globset::GlobSet;
use rustc_hash::FxHashMap;

use super::checks::{self, Wrong};
use super::findings::{Findings, Place, quoted};
use super::globs::Globs;
use super::programs::{check_globs, take};
use super::raw::{self, Product as Raw};
use super::validate::count;
use super::{ConfigEnv, product_file};
use crate::product::{Case, Product, ProductMap, ProductUrl, key};
use crate::span::Span;

/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// The most problems of one file that are told one by one.
const MAX_TOLD: usize = 50;

/// Compiles the products of the configuration; `None` with the problems pushed.
pub(super) fn products(raw: &[Raw], at: Place<'_>, env: &ConfigEnv<'_>, findings: &mut Findings) -> Option<ProductMap> {
    let before = findings.len();
    let mut list = List::default();
    for (index, raw) in raw.iter().enumerate() {
        let at = at.item(index);
        match &raw.from {
            Some(file) => of_file(file, raw, at, env, &mut list, findings),
            None => list.push(product(raw, at, findings), &Origin::Here(at), findings),
        }
    }
    if findings.len() > before {
        return None;
    }
    match ProductMap::new(list.products) {
        Ok(map) => Some(map),
        Err(error) => {
            findings.push(at.name_span(), error.to_string());
            None
        }
    }
}

/// A name of a product: something that can be told from other words.
pub(super) fn name(text: &str) -> Result<(), Wrong> {
    let wrong = |message: &str, help: &str| Err(Wrong { message: message.into(), help: Some(help.into()) });
    if !text.contains(char::is_alphanumeric) {
        return wrong("has no letter and no digit", "write the words that readers see");
    }
    if text.contains(char::is_control) {
        return wrong("holds a control character", "write it on one line");
    }
    if text.chars().count() > MAX_NAME {
        return wrong("is longer than 200 characters", "write the words that readers see, not a description");
    }
    Ok(())
}

/// Where a product comes from.
pub(super) enum Origin<'o> {
    /// An entry of the configuration.
    Here(Place<'o>),
    /// A row of a file: the file's name, the row's line, where the configuration names the file.
    Row(&'o str, u64, Span),
}

impl Origin<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Here(at) => at.key("name").span(),
            Self::Row(_, _, span) => *span,
        }
    }

    /// The origin as messages name it, in front of what is wrong.
    fn prefix(&self) -> String {
        match self {
            Self::Here(_) => String::new(),
            Self::Row(file, line, _) => format!("{}:{line}: ", quoted_path(file)),
        }
    }
}

/// Products so far, and whose name is whose.
#[derive(Default)]
struct List {
    products: Vec<Product>,
    /// By the key of a name, the products with it.
    by_name: FxHashMap<String, Vec<usize>>,
}

impl List {
    /// Adds `product` unless one of its names is another's.
    fn push(&mut self, product: Option<Product>, origin: &Origin<'_>, findings: &mut Findings) {
        let Some(product) = product else { return };
        let index = self.products.len();
        let mut wrong = None;
        for name in product.names() {
            let named = self.by_name.entry(key(name)).or_default();
            let of_other = named.iter().find(|&&other| {
                other == index || self.products.get(other).is_some_and(|other| clash(&product, name, other))
            });
            wrong = wrong.or(of_other.map(|&other| (name.to_owned(), other)));
            named.push(index);
        }
        if let Some((name, other)) = wrong {
            let message = match self.products.get(other) {
                None => format!("{}{} stands twice among the names of one product", origin.prefix(), quoted(&name)),
                Some(other) if key(&other.name) == key(&name) => {
                    format!("{}{} is the name of another product, too", origin.prefix(), quoted(&name))
                }
                Some(other) => {
                    let other = quoted(&other.name);
                    format!("{}{} is an alias of the product {other}, too", origin.prefix(), quoted(&name))
                }
            };
            let help = "keep one; names that differ in case alone need `case: exact`, all of them";
            findings.push_help(origin.span(), message, help);
        }
        self.products.push(product);
    }
}

/// Whether a text could be `name` of `product` and a name of `other` as well.
fn clash(product: &Product, name: &str, other: &Product) -> bool {
    let exact = product.case == Case::Exact && other.case == Case::Exact;
    !exact || other.names().any(|same| same == name)
}

fn product(raw: &Raw, at: Place<'_>, findings: &mut Findings) -> Option<Product> {
    let Some(name) = &raw.name else {
        if at.is_complete() {
            let help = "give it a `name` and a `url`, or a file of products with `from`";
            findings.push_help(at.span(), "this product has no name", help);
        }
        return None;
    };
    take(self::name(name), "name", name, at.key("name"), findings)?;
    for (key, texts) in [("aliases", &raw.aliases), ("context", &raw.context), ("not", &raw.not)] {
        for (index, text) in texts.0.iter().enumerate() {
            take(self::name(text), key, text, at.key(key).item(index), findings);
        }
    }
    let urls = urls(raw, at, findings);
    let pages = pages(&raw.pages.0, at.key("pages"), findings);
    Some(Product {
        name: name.trim().to_owned(),
        aliases: raw.aliases.0.clone(),
        urls,
        case: raw.case.into(),
        context: raw.context.0.clone(),
        not: raw.not.0.clone(),
        pages,
        per_page: raw.per_page.map(count),
    })
}

fn urls(raw: &Raw, at: Place<'_>, findings: &mut Findings) -> Vec<ProductUrl> {
    let mut urls = Vec::new();
    if let Some(url) = &raw.url {
        take(checks::web_url(url), "url", url, at.key("url"), findings);
        urls.push(ProductUrl { language: None, url: url.clone() });
    }
    for (index, (language, url)) in raw.urls.0.iter().enumerate() {
        let place = match language {
            Some(language) => at.key("urls").key(language),
            None => at.key("urls").item(index),
        };
        if let Some(language) = language {
            take(checks::language(language), "urls", language, place, findings);
        }
        take(checks::web_url(url), "urls", url, place, findings);
        urls.push(ProductUrl { language: language.clone(), url: url.clone() });
    }
    if urls.is_empty() && at.is_complete() {
        let help = "add `url`, the merchant's page of it";
        findings.push_help(at.key("name").span(), "this product has no URL", help);
    }
    urls
}

fn pages(globs: &[String], at: Place<'_>, findings: &mut Findings) -> Option<Arc<GlobSet>> {
    let set = check_globs(globs, at, findings)?;
    (!set.is_empty()).then(|| Arc::new(set.into_set()))
}

/// The products of the file that entry `raw` names.
fn of_file(file: &str, raw: &Raw, at: Place<'_>, env: &ConfigEnv<'_>, list: &mut List, findings: &mut Findings) {
    let span = at.key("from").span();
    if raw.name.is_some() || raw.url.is_some() || !raw.urls.0.is_empty() {
        let help = "make two entries of it";
        findings.push_help(at.span(), "an entry is one product or a file of products, not both", help);
        return;
    }
    let pages = self::pages(&raw.pages.0, at.key("pages"), findings);
    let text = match (env.read_file)(file) {
        Ok(text) => text,
        Err(error) => {
            let help = "the path is relative to this file's folder";
            findings.push_help(span, format!("{} cannot be read: {error}", quoted(file)), help);
            return;
        }
    };
    let mut of_file = Findings::default();
    product_file::read(&text, &mut |line, row| match row {
        Ok(mut product) => {
            product.pages = product.pages.or_else(|| pages.clone());
            if product.context.is_empty() {
                product.context.clone_from(&raw.context.0);
            }
            list.push(Some(product), &Origin::Row(file, line, span), &mut of_file);
        }
        Err(wrong) => {
            let message = format!("{}:{line}: {}", quoted_path(file), wrong.message);
            match wrong.help {
                Some(help) => of_file.push_help(span, message, help),
                None => of_file.push(span, message),
            }
        }
    });
    let count = of_file.len();
    findings.append_first(of_file, MAX_TOLD);
    if count > MAX_TOLD {
        findings.push(span, format!("{}: {} more problems", quoted_path(file), count - MAX_TOLD));
    }
}

/// The globs of a file's row.
pub(super) fn row_pages(globs: &[String]) -> Result<Option<Arc<GlobSet>>, Wrong> {
    if globs.is_empty() {
        return Ok(None);
    }
    match Globs::new(globs) {
        Ok(set) => Ok(Some(Arc::new(set.into_set()))),
        Err(errors) => {
            let wrong = errors.first().map(|(index, error)| {
                let glob = globs.get(*index).map(String::as_str).unwrap_or_default();
                format!("{} is no glob: {error}", quoted(glob))
            });
            Err(Wrong { message: wrong.unwrap_or_default(), help: None })
        }
    }
}

/// A file's name as messages show it.
fn quoted_path(file: &str) -> String {
    quoted(file).trim_matches('`').to_owned()
}

impl From<raw::Case> for Case {
    fn from(case: raw::Case) -> Self {
        match case {
            raw::Case::Smart => Self::Smart,
            raw::Case::Exact => Self::Exact,
            raw::Case::Ignore => Self::Ignore,
        }
    }
}
