//! An explanation for people to read.

use std::fmt::Write as _;

use super::advice::advice;
use super::{Addition, Explanation, Place};
use crate::config::Config;
use crate::manifest::Kind;
use crate::networks::{self, Network};
use crate::plan::{Action, Reason};
use crate::printable::printable;
use crate::program::url::shown_host;
use crate::program::{Candidate, Credit, Layer, Program, UrlFacts, Verdict};
use crate::report::networks::facts_of;

/// What an explanation is read against.
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    /// The configuration.
    pub config: &'v Config,
    /// Whether it is the user's, not the one of a site that has none.
    pub configured: bool,
    /// The page that the URLs stand on; empty for none in particular.
    pub page: &'v str,
    /// Whether what the catalog knows and what to paste belong to it.
    pub full: bool,
}

/// `explanation` as a block of lines, the last one ended: the URL, then what is known of it, a line for each thing.
pub fn text(explanation: &Explanation<'_>, view: View<'_>) -> String {
    let mut block = Block(String::new());
    block.head(explanation, view);
    if let Some(addition) = &explanation.addition {
        block.addition(addition);
    } else if explanation.reason == Reason::NoUrl {
        block.line("not a URL", "no http or https address that could be a merchant's");
        return block.0;
    }
    if explanation.addition.is_none() {
        block.line("credits", &credits(explanation, view));
    }
    if let Some(facts) = &explanation.facts {
        block.layers(facts);
        block.destination(facts);
    }
    block.build(explanation);
    if let Some(facts) = &explanation.facts {
        block.programs(facts, view);
    }
    if view.full {
        block.carried(explanation);
        for advice in advice(explanation, view) {
            block.line("change it", &format!("{}:", advice.why));
            for line in &advice.lines {
                block.line("", &format!("  {line}"));
            }
        }
        for network in networks_of(explanation, view) {
            let (name, id) = (network.name, network.id);
            // what stands on a page is read beside others of the same network
            if !view.page.is_empty() {
                block.line("catalog", &format!("{name} ({id}): its rules are shown by `affilink explain {id}`"));
                continue;
            }
            block.line("catalog", &format!("{name} ({id})"));
            for fact in facts_of(network) {
                block.line("", &format!("  {fact}"));
            }
        }
    }
    block.0
}

struct Block(String);

impl Block {
    /// A line with its label; one without a label goes on with the line before.
    fn line(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.0, "  {label:<13}{}", printable(text));
    }

    fn head(&mut self, explanation: &Explanation<'_>, view: View<'_>) {
        if let Some(Place { line, column, kind }) = explanation.place {
            let _ = write!(self.0, "{}:{line}:{column}: {} ", printable(view.page), kind_text(kind));
        }
        let url = match &explanation.addition {
            None if explanation.url.is_empty() => "(an empty line)",
            Some(addition) if addition.product.is_none() => &addition.text,
            _ => &explanation.url,
        };
        let _ = writeln!(self.0, "{}", printable(url));
    }

    fn addition(&mut self, addition: &Addition) {
        if let Some(product) = &addition.product {
            self.line("product", product);
            self.line("text", &addition.text);
        }
    }

    fn layers(&mut self, facts: &UrlFacts) {
        for (at, layer) in facts.layers.iter().enumerate() {
            let label = if facts.layers.len() == 1 { "layer".to_owned() } else { format!("layer {}", at + 1) };
            self.line(&label, &layer_text(layer));
            match &layer.destination {
                Some(destination) => self.line("", &format!("-> {destination}")),
                None => self.line("", "-> it does not say where it leads"),
            }
        }
    }

    fn destination(&mut self, facts: &UrlFacts) {
        let told = facts.layers.last().is_some_and(|layer| layer.destination == facts.destination);
        match &facts.destination {
            Some(destination) if facts.ambiguous => {
                self.line("leads to", &format!("{destination}, or elsewhere: it can be read in more than one way"));
            }
            Some(destination) if !told => self.line("leads to", destination),
            None if facts.own_redirect => self.line("leads to", "unknown: a redirect of your own site"),
            _ => {}
        }
    }

    fn build(&mut self, explanation: &Explanation<'_>) {
        let verb = match explanation.action {
            Action::Kept => "keeps it",
            Action::Skipped if explanation.is_of_link() => "leaves it as it is",
            Action::Skipped => "leaves the page as it is",
            Action::Linked => "links it",
            Action::Inserted => "inserts it",
            Action::Removed => "takes it out",
            Action::Rewritten => "rewrites it",
        };
        let reason = explanation.reason;
        let sentence = match &explanation.facts {
            None if explanation.addition.is_none() => "neither a program nor the catalog knows this address",
            _ => reason.sentence(),
        };
        let rule = explanation.addition.as_ref().and_then(|addition| addition.rule);
        let rule = rule.map_or_else(String::new, |rule| format!(": `{rule}`"));
        self.line("a build", &format!("{verb}: {sentence}{rule} ({})", reason.name()));
        if explanation.result.is_some() {
            self.line("it becomes", explanation.result());
        }
        if let Some(rel) = explanation.rel.as_deref().filter(|rel| !rel.is_empty()) {
            self.line("rel", rel);
        }
        if explanation.lacks_rel {
            self.line(
                "",
                "it should have `rel`, and cannot here: see `links.markdown`, or build the site's output as well",
            );
        }
    }

    /// Where the merchant can be joined, as far as the catalog knows.
    fn carried(&mut self, explanation: &Explanation<'_>) {
        if !explanation.is_of_link() {
            return;
        }
        let destination = explanation.facts.as_ref().and_then(|facts| facts.destination.as_deref());
        let known = carriers(destination.unwrap_or(&explanation.url));
        if !known.is_empty() {
            self.line("carried by", &known.join(", "));
        }
    }

    fn programs(&mut self, facts: &UrlFacts, view: View<'_>) {
        let programs = view.config.map.programs();
        let winner = facts.winner().and_then(|winner| programs.get(winner));
        let named = facts.candidates.iter().filter_map(|one| Some((one, programs.get(one.program)?)));
        for (at, (candidate, program)) in named.enumerate() {
            let label = if at == 0 { "programs" } else { "" };
            self.line(label, &format!("{}: {}", program.name, verdict(candidate, program, winner, view, facts)));
        }
    }
}

fn credits(explanation: &Explanation<'_>, view: View<'_>) -> String {
    let Some(facts) = &explanation.facts else { return "nobody".into() };
    let naming = facts.layers.iter().rev().find(|layer| layer.publisher.is_some());
    let id = naming.and_then(|layer| {
        let network = networks::find(&layer.network)?;
        Some((network, network.publisher?, layer.publisher.as_deref()?))
    });
    match &facts.credit {
        Credit::Own(program) => match view.config.map.programs().get(*program) {
            Some(program) => format!("you, by your program `{}`", program.name),
            None => "you".into(),
        },
        Credit::Partner(name) => format!("your partner `{name}`"),
        Credit::Foreign => match id {
            Some((_, name, value)) if view.configured => format!("somebody else: {name} {value} is none of yours"),
            Some((_, name, value)) => format!("somebody: {name} {value}; whose it is, only an affiliates.yaml says"),
            None => "somebody else".into(),
        },
        Credit::Unknown => "somebody, but it does not say whom".into(),
        Credit::None => match id.filter(|(network, _, value)| network.is_nobody(value)) {
            Some((_, name, value)) => format!("nobody: {name} {value} is the merchant's own advertising"),
            None => "nobody".into(),
        },
    }
}

/// `Awin (awin): awinaffid 1, awinmid 2, sub-ID x`
fn layer_text(layer: &Layer) -> String {
    let mut text = match networks::find(&layer.network) {
        Some(network) => format!("{} ({})", network.name, network.id),
        None => format!("your program `{}`", layer.network),
    };
    let ids = layer.ids.iter().map(|(name, value)| format!("{name} {value}"));
    let subid = layer.subid.iter().map(|subid| format!("sub-ID {subid}"));
    let parts: Vec<_> = ids.chain(subid).collect();
    if !parts.is_empty() {
        let _ = write!(text, ": {}", parts.join(", "));
    }
    text
}

/// What became of a program, with the figures that it was decided by.
fn verdict(
    candidate: &Candidate,
    program: &Program,
    winner: Option<&Program>,
    view: View<'_>,
    facts: &UrlFacts,
) -> String {
    let alone = facts.candidates.len() == 1;
    let against = winner.map_or("another program", |winner| winner.name.as_str());
    let given = |figure: Option<f64>, unit: &str| match figure {
        Some(figure) => format!("{figure}{unit}"),
        None => "none given".into(),
    };
    let than = |of: &dyn Fn(&Program) -> String| {
        format!("{}, `{against}` has {}", of(program), winner.map(of).unwrap_or_default())
    };
    match candidate.verdict {
        Verdict::Wins if alone => "the only one for this merchant".into(),
        Verdict::Wins => "wins".into(),
        Verdict::LessSpecific => format!("loses: domain or path of `{against}` is more specific"),
        Verdict::Priority => format!("loses by priority: {}", than(&|program| program.priority.to_string())),
        Verdict::Commission => format!("loses by commission: {}", than(&|program| given(program.commission, " %"))),
        Verdict::CookieDays => format!("loses by cookie days: {}", than(&|program| given(program.cookie_days, ""))),
        Verdict::FileOrder => format!("loses by order: it stands below `{against}`, and nothing else differs"),
        Verdict::Paused => "takes no new links: paused".into(),
        Verdict::Ended => match program.ends {
            Some(ends) => format!("takes no links: ended, its last day is {ends}"),
            None => "takes no links: ended".into(),
        },
        Verdict::NotStarted => match program.starts {
            Some(starts) => format!("takes no links yet: its first day is {starts}"),
            None => "takes no links yet".into(),
        },
        Verdict::OtherPages if view.page.is_empty() => "not here: it has `pages`, and no page is named (--path)".into(),
        Verdict::OtherPages => format!("not here: its `pages` leave out {}", view.page),
        Verdict::OtherPaths => "not for this URL: its `paths` leave it out".into(),
        Verdict::NoIdForStore => "has no id for this store".into(),
    }
}

fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Inline => "link",
        Kind::Reference => "reference link",
        Kind::Definition => "definition",
        Kind::Autolink => "autolink",
        Kind::Bare => "bare URL",
        Kind::Banner => "linked image",
        Kind::Html => "<a>",
        Kind::Area => "<area>",
        Kind::FrontMatter => "front matter",
        Kind::Shortcode => "shortcode argument",
        Kind::Component => "component attribute",
        Kind::Mention => "mention",
        Kind::Notice => "notice",
        Kind::Statement => "statement",
        Kind::Marker => "marker",
    }
}

/// The networks that the link is of, or would be of, each once.
fn networks_of(explanation: &Explanation<'_>, view: View<'_>) -> Vec<&'static Network> {
    let Some(facts) = &explanation.facts else { return Vec::new() };
    let programs = view.config.map.programs();
    let own = facts.candidates.iter().filter_map(|one| programs.get(one.program)?.network);
    let layers = facts.layers.iter().map(|layer| layer.network.as_str());
    let mut networks: Vec<&'static Network> = Vec::new();
    let merchant = facts.destination.as_deref().and_then(merchant_network);
    for network in layers.chain(own).filter_map(networks::find).chain(merchant) {
        if !networks.iter().any(|known| known.id == network.id) {
            networks.push(network);
        }
    }
    networks
}

/// The network whose own shop `url` is a page of.
fn merchant_network(url: &str) -> Option<&'static Network> {
    let id = networks::carriers(&shown_host(url)).into_iter().next()?;
    networks::find(id).filter(|network| network.is_merchant())
}

/// The networks that are known to carry the merchant at `url`, the merchant's own scheme first: `Awin (awin)`.
fn carriers(url: &str) -> Vec<String> {
    let known = networks::carriers(&shown_host(url)).into_iter().filter_map(networks::find);
    known.map(|network| format!("{} ({})", network.name, network.id)).collect()
}
