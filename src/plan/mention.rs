//! Which names of products become links, and why the others do not. Decides by place, limits and programs, in reading
//! order; how a link is written is `write`'s, where names stand the product map's.

use rustc_hash::FxHashMap;

use super::line::{NEAR, is_bracketed};
use super::linked::{Linked, destination_of};
use super::nest::Nest;
use super::write::{self, Wrap};
use super::{Action, Added, Addition, Context, Plan, Reason, link};
use crate::config::Site;
use crate::config::policy::{Kind, MarkdownStyle};
use crate::document::outline::{BlockKind, Outline};
use crate::document::{Document, Link};
use crate::edit::Change;
use crate::product::{Flow, Found, Mention, Product, ProductMap};
use crate::program::url::shown_host;
use crate::source::Format;
use crate::span::Span;
use crate::survey::limits::Limits;
use crate::survey::load::{Load, PageKind, Rule, Weight, place_of};
use crate::survey::place::{Place, Places};
use crate::survey::{LinkFacts, language, link_text};

/// How often a page is gone through for names that have become eligible by what was linked since.
const PASSES: usize = 10;

/// The names of products on one page, and what else is counted there.
#[derive(Debug)]
pub struct Names<'n> {
    products: &'n ProductMap,
    found: Found,
    language: Option<String>,
    places: Places,
    limits: Limits,
    /// Where mentions begin that would be links which say too little, in order.
    vague: Vec<usize>,
    /// The site's own host.
    host: Option<&'n str>,
}

/// What the linter would say of a page's links, asked for where a name stands on it.
pub struct Rules<'r> {
    /// What the page's rules of overload and placement allow.
    pub limits: &'r dyn Fn() -> Limits,
    /// Whether a link with these words says too little.
    pub is_vague: &'r dyn Fn(&str) -> bool,
    /// Which bytes affilink wrote beside links.
    pub uncounted: &'r dyn Fn() -> Vec<Span>,
}

impl<'n> Names<'n> {
    /// Looks for names in `document`, the page called `page` with this `text`; `None` where none stands in it or where the
    /// document has no outline.
    pub fn of(
        products: &'n ProductMap,
        text: &str,
        document: &Document,
        page: &str,
        site: &'n Site,
        rules: &Rules<'_>,
    ) -> Option<Self> {
        let outline = document.outline.as_ref()?;
        let language = language::of_page(document, page, site.language.as_deref(), &|_| false);
        let mut found = products.find(&Flow::of(text, outline), language.as_deref());
        if found.mentions.is_empty() {
            return None;
        }
        let uncounted = (rules.uncounted)();
        // what affilink wrote itself names nothing
        found.mentions.retain(|mention| {
            let near = uncounted.partition_point(|own| own.end <= mention.span.start);
            uncounted.get(near).is_none_or(|own| own.start >= mention.span.end)
        });
        let places = Places::of(text, document, &uncounted);
        let spans = found.mentions.iter().map(|mention| mention.span);
        let vague = spans.filter(|span| (rules.is_vague)(&link_text::shown(text, outline, *span)));
        let vague = vague.map(|span| span.start).collect();
        Some(Self { products, found, language, places, limits: (rules.limits)(), vague, host: site.host.as_deref() })
    }

    /// What the page's rules allow.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The products that are named, as indices.
    pub fn products(&self) -> impl Iterator<Item = usize> {
        self.found.mentions.iter().filter(|mention| !mention.excluded).map(|mention| mention.product)
    }

    /// Whether `site`, bytes of the page `text`, holds nothing but a name of a product that leads to `identity`, and
    /// marks of emphasis and escapes.
    pub(super) fn is_name(&self, text: &str, site: Span, identity: &str) -> bool {
        let products = self.products.leading_to(identity).unwrap_or_default();
        let after = self.found.mentions.partition_point(|mention| mention.span.start < site.start);
        let first = self.found.mentions.get(after).filter(|mention| site.contains(mention.span));
        first.is_some_and(|mention| {
            let rest = [Span::new(site.start, mention.span.start), Span::new(mention.span.end, site.end)];
            let marks = rest.iter().all(|rest| rest.of(text).chars().all(|c| matches!(c, '*' | '_' | '~' | '\\')));
            marks && products.iter().any(|&product| product as usize == mention.product)
        })
    }
}

/// Adds to `plan`, which decides about the page's links, what becomes of its names.
pub(super) fn add(
    text: &str,
    document: &Document,
    facts: &[LinkFacts],
    context: Context<'_>,
    names: &Names<'_>,
    plan: &mut Plan,
) {
    let Some(outline) = &document.outline else { return };
    let weights = weights(facts, plan, names);
    let load = Load::of(&names.places, &weights, names.limits, kind(context.policy.kind));
    let linked = Linked::of(document, facts, names.products, &names.places);
    let destinations = FxHashMap::default();
    let said = if names.limits.ambiguous_text { said(text, document, facts, plan) } else { FxHashMap::default() };
    let mut page = Page { text, document, outline, facts, context, names, linked, load, destinations, said };
    let mut additions = page.decide();
    additions.sort_by_key(|(place, ..)| *place);
    for (_, mut addition, change) in additions {
        addition.change = change.map(|change| {
            plan.changes.push(change);
            plan.changes.len() - 1
        });
        plan.additions.push(addition);
    }
}

/// Which pages the texts of the page's affiliate links lead to, as `plan` has them.
fn said(text: &str, document: &Document, facts: &[LinkFacts], plan: &Plan) -> FxHashMap<String, String> {
    let Some(outline) = &document.outline else { return FxHashMap::default() };
    let affiliate = plan.decisions.iter().filter(|decision| decision.affiliate);
    let links = affiliate.filter_map(|decision| Some((document.links.get(decision.link)?, facts.get(decision.link)?)));
    let seen = links.filter(|(link, _)| !link.kind.is_value());
    let said = seen.map(|(link, facts)| {
        (link_text::bare(&link_text::shown(text, outline, link.text)), place_of(destination_of(facts)))
    });
    said.collect()
}

/// Why no name of a product becomes a link anywhere on the page; `None` where one may.
pub fn page_obstacle(document: &Document, context: Context<'_>) -> Option<Reason> {
    let mentions = &context.policy.mentions;
    let head = document.outline.as_ref().map(|outline| &outline.head);
    let is_article = head.is_none_or(|head| head.articles == 1 || head.says_article);
    if !context.policy.enabled {
        Some(Reason::PageOff)
    } else if !mentions.enabled {
        Some(Reason::MentionsOff)
    } else if language::is_apart(context.page)
        || head.and_then(|head| head.title.as_deref()).is_some_and(language::is_title_apart)
    {
        Some(Reason::PageApart)
    } else if document.format == Format::Html && !is_article && !mentions.is_article {
        Some(Reason::NoArticle)
    } else {
        None
    }
}

/// What was decided about the name at a place.
type Outcome = (Span, Addition, Option<Change>);

/// A page while its names are decided about.
struct Page<'p> {
    text: &'p str,
    document: &'p Document,
    outline: &'p Outline,
    facts: &'p [LinkFacts],
    context: Context<'p>,
    names: &'p Names<'p>,
    linked: Linked,
    load: Load<'p>,
    /// How many new links lead to each destination.
    destinations: FxHashMap<String, usize>,
    /// Where the texts of affiliate links lead.
    said: FxHashMap<String, String>,
}

/// A name that may become a link as far as its place goes.
#[derive(Clone, Copy, Debug)]
struct Eligible {
    mention: Mention,
    /// What would be the link's text.
    site: Span,
    place: Place,
}

/// Why a name stays a name.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    reason: Reason,
    /// The rule of the linter that a link would break.
    rule: Option<Rule>,
    /// Whether no other links on the page would change it.
    is_final: bool,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, rule: None, is_final: false }
    }
}

/// A link as it would be written.
struct Made {
    addition: Addition,
    change: Change,
    destination: String,
}

impl<'p> Page<'p> {
    fn decide(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        if let Some(reason) = page_obstacle(self.document, self.context) {
            let mentions = &self.names.found.mentions;
            return mentions.iter().map(|mention| self.refused(mention, reason.into())).collect();
        }
        let mut open = Vec::new();
        let mut nest = Nest::of(&self.outline.inlines);
        for &mention in &self.names.found.mentions {
            match self.eligible(mention, &mut nest) {
                Ok(eligible) => open.push((eligible, Refusal::from(Reason::OverPage))),
                Err(reason) => outcomes.push(self.refused(&mention, reason.into())),
            }
        }
        // a link may make room for others: a page that becomes a list of products takes more
        for _ in 0..PASSES {
            let before = open.len();
            open.retain_mut(|(eligible, why)| match self.link(*eligible) {
                Ok(outcome) => {
                    outcomes.push(outcome);
                    false
                }
                Err(refusal) if refusal.is_final => {
                    outcomes.push(self.refused(&eligible.mention, refusal));
                    false
                }
                Err(refusal) => {
                    *why = refusal;
                    true
                }
            });
            if open.len() == before {
                break;
            }
        }
        outcomes.extend(open.iter().map(|(eligible, refusal)| self.refused(&eligible.mention, *refusal)));
        outcomes
    }

    fn product(&self, mention: &Mention) -> Option<&'p Product> {
        self.names.products.products().get(mention.product)
    }

    fn refused(&self, mention: &Mention, Refusal { reason, rule, .. }: Refusal) -> Outcome {
        let product = self.product(mention);
        let url = product.and_then(|product| product.urls_for(self.names.language.as_deref()).first().copied());
        let addition = Addition {
            kind: Added::Mention,
            place: mention.span,
            action: Action::Skipped,
            reason,
            program: None,
            network: None,
            subid: None,
            product: product.map(|product| product.name.clone()),
            url: url.unwrap_or_default().to_owned(),
            rule,
            change: None,
        };
        (mention.span, addition, None)
    }

    /// Whether the name may become a link, as far as its product and its place go.
    fn eligible(&self, mention: Mention, nest: &mut Nest<'p>) -> Result<Eligible, Reason> {
        let product = self.product(&mention).ok_or(Reason::NoProgram)?;
        self.place_obstacle(mention.span)?;
        if mention.span.start < self.context.names_from {
            return Err(Reason::OwnDisclosure);
        }
        let mentions = &self.context.policy.mentions;
        let left_out = |name: &String| product.names().any(|own| crate::product::key(own) == crate::product::key(name));
        if mentions.skip_products.iter().any(left_out) {
            return Err(Reason::ProductOff);
        }
        if self.names.vague.binary_search(&mention.span.start).is_ok() {
            return Err(Reason::UnclearText);
        }
        if mention.excluded {
            return Err(Reason::ExcludedPhrase);
        }
        if product.pages.as_ref().is_some_and(|pages| !pages.is_match(self.context.page)) {
            return Err(Reason::ProductPages);
        }
        if !self.names.products.has_context(mention.product, &self.names.found) {
            return Err(Reason::NoContext);
        }
        let site =
            nest.site(self.text, mention.span, self.document.format.is_markdown()).ok_or(Reason::WouldBreakMarkup)?;
        let site = if self.document.format.is_markdown() { self.with_escape(site) } else { site };
        if self.context.barred.contains(&site) || self.document.format.is_markdown() && self.is_brittle(site) {
            return Err(Reason::WouldBreakMarkup);
        }
        Ok(Eligible { mention, site, place: self.names.places.place_of(site) })
    }

    /// Whether byte `at` stands on a line that says what an abbreviation stands for (`*[KP]: ...` of Python-Markdown, kramdown
    /// and others): it is shown in tooltips.
    fn is_in_abbreviation(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.get(before.rfind(['\n', '\r']).map_or(0, |end| end + 1)..).unwrap_or_default();
        let name = line.trim_start_matches(' ').strip_prefix("*[");
        self.document.format.is_markdown() && name.is_some_and(|name| name.contains("]:"))
    }

    /// `site` with the backslash that makes its first character a plain one.
    fn with_escape(&self, site: Span) -> Span {
        let before = self.text.get(..site.start).unwrap_or_default();
        let backslashes = before.bytes().rev().take_while(|&byte| byte == b'\\').count();
        let is_escaped = backslashes % 2 == 1 && site.of(self.text).starts_with(|c: char| c.is_ascii_punctuation());
        Span::new(site.start - usize::from(is_escaped), site.end)
    }

    /// Why no link can stand at `span`.
    fn place_obstacle(&self, span: Span) -> Result<(), Reason> {
        let texts = &self.outline.texts;
        let first = texts.partition_point(|text| text.span.end <= span.start);
        let text = texts.get(first).ok_or(Reason::InertPlace)?;
        let mut near = texts.get(first..).unwrap_or_default().iter().take_while(|text| text.span.start < span.end);
        if let Some(opt_out) = near.find_map(|text| text.opt_out) {
            return Err(opt_out.into());
        }
        if link_at(&self.document.links, span).is_some() {
            return Err(Reason::InLink);
        }
        // a link that nobody sees is a trick
        if self.outline.is_hidden(span.start) || self.is_in_abbreviation(span.start) {
            return Err(Reason::InertPlace);
        }
        if self.outline.is_in_columns(span.start) {
            return Err(Reason::Columns);
        }
        let skip = self.context.policy.mentions.skip;
        let is_built = self.document.format == Format::Html;
        let mut in_article = false;
        for block in self.outline.around(text.block) {
            match block.kind {
                BlockKind::Heading(_) if skip.headings => return Err(Reason::InHeading),
                BlockKind::Quote if skip.quotes => return Err(Reason::InQuote),
                BlockKind::Caption if skip.captions => return Err(Reason::InCaption),
                BlockKind::Summary if skip.summary => return Err(Reason::InSummary),
                BlockKind::Control => return Err(Reason::InControl),
                BlockKind::Code => return Err(Reason::InertPlace),
                BlockKind::Skipped => return Err(Reason::OutsideContent),
                // within an article stand comments and other articles' teasers
                BlockKind::Article if is_built && in_article => return Err(Reason::OutsideContent),
                _ => {}
            }
            in_article |= block.kind == BlockKind::Article;
        }
        let inside = self.outline.blocks.get(text.block).is_some_and(|block| block.in_content);
        if inside { Ok(()) } else { Err(Reason::OutsideContent) }
    }

    /// Whether a link at `site` would be read as something else by some Markdown reader.
    fn is_brittle(&self, site: Span) -> bool {
        let before = self.text.get(..site.start).unwrap_or_default();
        let after = self.text.get(site.end..).unwrap_or_default();
        let begins = before.ends_with(['!', '\\', ']', '[']);
        let ends = after.starts_with(['{', '(']) || after.starts_with(']');
        let near = before.get(before.ceil_char_boundary(before.len().saturating_sub(NEAR))..).unwrap_or_default();
        let line = near.rsplit(['\n', '\r']).next().unwrap_or_default();
        let marks = line.trim_start_matches([' ', '\t', '>']);
        let is_directive = [":::", "!!!", "???", "{:", "{.", "{#"].iter().any(|mark| marks.starts_with(mark));
        begins || ends || is_directive || is_bracketed(line)
    }

    /// The link that the name becomes, where limits and programs allow one.
    fn link(&mut self, eligible: Eligible) -> Result<Outcome, Refusal> {
        self.limits(&eligible)?;
        let made = self.made(&eligible).map_err(|reason| Refusal { is_final: true, ..reason.into() })?;
        if let Some(rule) = self.load.would_overload(&eligible.place, Some(&made.destination)) {
            return Err(Refusal { rule: Some(rule), ..Reason::WouldOverload.into() });
        }
        let Made { addition, change, destination } = made;
        if self.names.limits.ambiguous_text {
            let words = link_text::bare(&link_text::shown(self.text, self.outline, eligible.site));
            let page = place_of(&destination);
            let known = self.said.entry(words).or_insert_with(|| page.clone());
            if *known != page {
                return Err(Refusal { is_final: true, ..Reason::UnclearText.into() });
            }
        }
        self.load.add(&eligible.place, Weight { affiliate: true, external: true, destination: Some(&destination) });
        self.linked.add(eligible.mention.product, Some(&eligible.place));
        *self.destinations.entry(destination).or_default() += 1;
        Ok((eligible.site, addition, Some(change)))
    }

    fn limits(&self, eligible: &Eligible) -> Result<(), Reason> {
        let mentions = &self.context.policy.mentions;
        let product = eligible.mention.product;
        let own_limit = self.product(&eligible.mention).and_then(|product| product.per_page);
        let standing = self.linked.to(product);
        if standing >= own_limit.unwrap_or(mentions.per_product) {
            return Err(if standing > 0 { Reason::AlreadyLinked } else { Reason::OverProduct });
        }
        if self.linked.on_page() >= mentions.per_page {
            return Err(Reason::OverPage);
        }
        let in_paragraph = self.linked.in_paragraph(&eligible.place);
        if in_paragraph >= mentions.per_paragraph {
            return Err(Reason::OverParagraph);
        }
        if self.linked.is_near(&eligible.place, mentions.per_words) {
            return Err(Reason::TooNear);
        }
        Ok(())
    }

    /// The link to the first of the product's URLs that has a program.
    fn made(&self, eligible: &Eligible) -> Result<Made, Reason> {
        let product = self.product(&eligible.mention).ok_or(Reason::NoProgram)?;
        let mut wrong = None;
        for url in product.urls_for(self.names.language.as_deref()) {
            match self.made_of(url, product, eligible) {
                Ok(made) => return Ok(made),
                Err(reason) => wrong = wrong.or(Some(reason)),
            }
        }
        Err(wrong.unwrap_or(Reason::NoProgram))
    }

    fn made_of(&self, url: &str, product: &Product, eligible: &Eligible) -> Result<Made, Reason> {
        let facts = self.context.map.look(url, self.context.page).ok_or(Reason::NoProgram)?;
        let destination = facts.destination.clone().unwrap_or_else(|| url.to_owned());
        let standing = self.facts.iter().filter(|facts| destination_of(facts) == destination).count();
        let ordinal = standing + self.destinations.get(&destination).copied().unwrap_or(0);
        let intent = link::intend_mention(url, &facts, ordinal, &product.name, self.context)?;
        let new_url = write::edited_url(url, &intent.url_edits);
        let block = self.outline.block_at(eligible.site.start);
        let wrap = Wrap {
            text: self.text,
            format: self.document.format,
            in_html: self.outline.is_within(block, |kind| kind == BlockKind::Html)
                || self.context.policy.markdown == MarkdownStyle::Kramdown
                    && self.outline.is_in_raw_element(self.text, block),
            in_cell: self.document.format.is_markdown()
                && self.outline.is_within(block, |kind| kind == BlockKind::Cell),
            span: eligible.site,
            url: &new_url,
            attributes: intent.attributes,
            policy: self.context.policy,
            relinked: self.context.relinked,
        };
        let addition = Addition {
            kind: Added::Mention,
            place: eligible.site,
            action: Action::Linked,
            reason: Reason::Mention,
            program: intent.program,
            network: intent.network,
            subid: intent.subid,
            product: Some(product.name.clone()),
            url: url.to_owned(),
            rule: None,
            change: None,
        };
        Ok(Made { addition, change: write::wrap(&wrap)?, destination })
    }
}

/// The link that shares a byte with `span`.
fn link_at(links: &[Link], span: Span) -> Option<&Link> {
    let after = links.partition_point(|link| link.element.start < span.end);
    let before = links.get(..after).unwrap_or_default().iter().rev();
    before.take(1).find(|link| link.element.overlaps(span))
}

/// What the page's links weigh once they are as `plan` has them.
fn weights<'w>(facts: &'w [LinkFacts], plan: &Plan, names: &Names<'_>) -> Vec<Weight<'w>> {
    let mut weights: Vec<Weight<'w>> = facts
        .iter()
        .map(|facts| {
            let host = shown_host(&facts.address.url);
            let external = host.contains('.') && !is_own(&host, names.host);
            Weight { affiliate: false, external, destination: Some(destination_of(facts)) }
        })
        .collect();
    for decision in &plan.decisions {
        if let Some(weight) = weights.get_mut(decision.link) {
            weight.affiliate = decision.affiliate;
        }
    }
    weights
}

fn is_own(host: &str, own: Option<&str>) -> bool {
    let bare = |host: &str| host.trim_start_matches("www.").to_ascii_lowercase();
    own.is_some_and(|own| bare(own) == bare(host))
}

fn kind(kind: Kind) -> PageKind {
    match kind {
        Kind::Auto => PageKind::Unsaid,
        Kind::Roundup => PageKind::Roundup,
        Kind::Article => PageKind::Other,
    }
}
