//! What of the configuration no page of a site has to do with. Decides what counts as having to do with a program or a
//! product; what is done with the findings is the caller's.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::lint::{self, Found, registry};
use crate::pipeline::check::{PageFinding, shown};
use crate::pipeline::study::Study;
use crate::plan::Names;
use crate::product::{Flow, identity};
use crate::program::{Credit, Status, UrlFacts};
use crate::source::Lines;
use crate::span::Span;
use crate::yaml::{self, Node};

/// What of a configuration pages have to do with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// The programs that links are of, or would be, by index.
    pub programs: BTreeSet<usize>,
    /// The products whose names stand there, or that links lead to, by index.
    pub products: BTreeSet<usize>,
}

impl Used {
    /// What the page of `study` has to do with.
    pub(super) fn on(study: &Study<'_>) -> Self {
        let program = |url: &UrlFacts| match url.credit {
            Credit::Own(program) => Some(program),
            _ => url.winner(),
        };
        let known = || study.facts.iter().filter_map(|facts| facts.url.as_ref());
        let products = &study.setup.config.products;
        let mut used = Self { programs: known().filter_map(program).collect(), products: BTreeSet::new() };
        if !products.is_empty() {
            let looked_for = study.policy().is_ok_and(|policy| policy.mentions.enabled);
            let outline = study.document.outline.as_ref().filter(|_| !looked_for);
            let named = outline.map(|outline| products.find(&Flow::of(study.source.text(), outline), None).mentions);
            let named = named.iter().flatten().filter(|mention| !mention.excluded).map(|mention| mention.product);
            used.products.extend(study.names.iter().flat_map(Names::products).chain(named));
            let destinations = study.facts.iter().map(|facts| {
                facts.url.as_ref().and_then(|url| url.destination.as_deref()).unwrap_or(&facts.address.url)
            });
            let led_to = destinations.filter_map(|url| products.leading_to(&identity(url)));
            used.products.extend(led_to.flatten().map(|&product| product as usize));
        }
        used
    }

    /// Adds what another page has to do with.
    pub fn add(&mut self, mut other: Self) {
        self.programs.append(&mut other.programs);
        self.products.append(&mut other.products);
    }
}

/// The active programs and the products that are not `used` on any page, found in `text`, the configuration called `path`.
/// Of products from a file nothing is said: of a long list most stand on no page.
pub fn unused(config: &Config, text: &str, path: &str, used: &Used) -> Vec<PageFinding> {
    let Ok(Some(tree)) = yaml::parse(text) else { return Vec::new() };
    let lines = Lines::of(text);
    let found = |name: &str, span: Span, message: String, help: &str| {
        let (rule, setting) = registry::running(&config.lint.rules, name)?;
        let found = Found::new(span, message).help(help);
        let finding = lint::Finding { rule: rule.spec.name, level: setting.level, found, of_page: false };
        let mut shown = shown(text, &lines, finding, Vec::new());
        path.clone_into(&mut shown.shown.path);
        Some(shown)
    };
    let programs = tree.get("programs").map_or(&[][..], Node::pairs);
    let of_programs = config.map.programs().iter().enumerate().filter_map(|(index, program)| {
        let active = program.status == Status::Active && !program.not_started;
        let named = programs.iter().find(|(name, _)| name.scalar() == Some(&program.name));
        let span = named.map_or(Span::at(0), |(name, _)| name.span);
        let message = format!("no page has a link for your program `{}`", program.name);
        let help = "take it out, or look whether its domains are right";
        (active && !used.programs.contains(&index)).then(|| found("unused-program", span, message, help))?
    });
    let names = tree.get("products").map_or(&[][..], Node::items).iter().filter_map(|item| item.get("name"));
    let products = config.products.products();
    let of_products = names.filter_map(|name| {
        let index = products.iter().position(|product| name.scalar() == Some(&product.name))?;
        let message = format!("no page names or links your product `{}`", products[index].name);
        let help = "look whether its name is what pages call it, add `aliases`, or take it out";
        (!used.products.contains(&index)).then(|| found("unused-product", name.span, message, help))?
    });
    of_programs.chain(of_products).collect()
}
