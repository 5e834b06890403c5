//! What is to become of one link, and why. Decides by credit, policy and programs; how the bytes change is `write`'s.

use crate::config::policy::{Foreign, Policy};
use crate::document::{Link, Relinked};
use crate::plan::mention::Names;
use crate::plan::reason::{Action, Reason};
use crate::program::subid::{Pattern, SubidContext, link_token};
use crate::program::url::{apply, shown_host};
use crate::program::{Credit, OuterLayer, OwnState, ProgramMap, UrlEdit, UrlFacts};
use crate::span::Span;
use crate::survey::LinkFacts;

/// What a decision about one page can look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The programs.
    pub map: &'c ProgramMap,
    /// What is to be done on this page.
    pub policy: &'c Policy,
    /// The page's name.
    pub page: &'c str,
    /// The day of the build, as `YYYY-MM-DD`.
    pub date: &'c str,
    /// The language of pages that do not say theirs.
    pub site_language: Option<&'c str>,
    /// The sub-ID patterns that single programs have, by program index.
    pub program_subids: &'c [Option<Pattern>],
    /// What in the text of a raw `<a>` would be linked once more by the site's generator.
    pub relinked: Relinked,
    /// The names of products on the page; `None` where there is none.
    pub names: Option<&'c Names<'c>>,
    /// What names may not become links: what was tried did not stand.
    pub barred: &'c [Span],
    /// Names before this byte stay names: what the author says of affiliate links comes too late for them.
    pub names_from: usize,
    /// Links of which the destination alone may change, by index and sorted: what more was tried did not stand.
    pub destination_only: &'c [usize],
}

/// What is to become of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What happens.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The program whose link it is then, as an index into the program map.
    pub program: Option<usize>,
    /// The network it credits then, or credited before if it is clean then.
    pub network: Option<String>,
    /// The sub-ID it carries then.
    pub subid: Option<String>,
    /// Edits to the URL of [`crate::survey::Address`].
    pub url_edits: Vec<UrlEdit>,
    /// Whether it credits somebody then.
    pub affiliate: bool,
    /// Whether it is to have the attributes of an affiliate link then: an own one, a partner's, and those of networks and
    /// merchants that the configuration speaks of. What it does not speak of stays as it is.
    pub attributes: bool,
}

/// Decides about `link`; `None` for a link that is nobody's business. `ordinal` is how many links to the same destination
/// stand before it on the page.
pub fn intend(link: &Link, facts: &LinkFacts, ordinal: usize, context: Context<'_>) -> Option<Intent> {
    let url = facts.url.as_ref()?;
    let intent = intend_url(url, &facts.address.url, ordinal, context);
    Some(match obstacle(link, context.policy) {
        // template syntax in a URL makes it no URL: that is what is to be told
        Some(reason) if intent.action == Action::Rewritten || is_template(reason, &intent) => {
            let wish = Wish { url, address: &facts.address.url, ordinal, product: "", context };
            Intent { action: Action::Skipped, reason, url_edits: Vec::new(), subid: None, ..wish.skip(reason) }
        }
        _ => intent,
    })
}

fn is_template(reason: Reason, intent: &Intent) -> bool {
    reason == Reason::TemplateSyntax && intent.reason == Reason::UnsafeUrl
}

/// Decides about `address`, of which `url` is known, wherever it stands: what [`intend`] decides where nothing about the
/// link itself is in the way.
pub fn intend_url(url: &UrlFacts, address: &str, ordinal: usize, context: Context<'_>) -> Intent {
    let wish = Wish { url, address, ordinal, product: "", context };
    if url.unsafe_url.is_some() { wish.skip(Reason::UnsafeUrl) } else { wish.decide() }
}

/// Decides about `link` when own links are to be taken out; `None` for a link without a layer of one's own, or of `program`.
///
/// What stands inside an own wrapper and is somebody else's stays.
pub fn intend_strip(link: &Link, facts: &LinkFacts, program: Option<usize>, context: Context<'_>) -> Option<Intent> {
    let url = facts.url.as_ref()?;
    let wish = Wish { url, address: &facts.address.url, ordinal: 0, product: "", context };
    let wanted = |own: usize| program.is_none_or(|program| program == own);
    let credited = match url.credit {
        Credit::Own(own) if wanted(own) => Some(own),
        _ => None,
    };
    // an own wrapper around what cannot be read is credited and taken off all the same
    let readable = credited.filter(|_| url.destination.is_some());
    let layer = wish.outermost(|layer| wanted(layer.program)).filter(|_| readable.is_none());
    let (own, clean) = match (layer, credited) {
        (Some(layer), _) => (layer.program, wish.unwrap(layer, None, Reason::Stripped)),
        (None, Some(own)) => (own, wish.clean(Reason::Stripped, wish.why_not_clean())),
        (None, None) => return None,
    };
    let affiliate = layer.is_some();
    Some(match link.read_only.map(Reason::from) {
        Some(reason) => Intent { affiliate: false, attributes: false, program: Some(own), ..wish.skip(reason) },
        None => Intent { affiliate, attributes: false, program: Some(own), ..clean },
    })
}

/// Decides about a new link to `address`, a URL of the product called `product`, which is an affiliate link or none;
/// `ordinal` is as for [`intend`].
pub fn intend_mention(
    address: &str,
    url: &UrlFacts,
    ordinal: usize,
    product: &str,
    context: Context<'_>,
) -> Result<Intent, Reason> {
    if url.unsafe_url.is_some() {
        return Err(Reason::UnsafeUrl);
    }
    let intent = Wish { url, address, ordinal, product, context }.decide();
    let is_own = matches!(intent.reason, Reason::Own | Reason::OwnRedirect);
    let stands = intent.action == Action::Rewritten || is_own;
    if stands && intent.affiliate { Ok(intent) } else { Err(intent.reason) }
}

/// Decides about `link` when nothing but `wish` is to be done; `None` for a link that is nobody's business.
pub(super) fn intend_wish(
    link: &Link,
    facts: &LinkFacts,
    wish: Option<super::Wish>,
    context: Context<'_>,
) -> Option<Intent> {
    let kept = |url: &UrlFacts| {
        let wish = Wish { url, address: &facts.address.url, ordinal: 0, product: "", context };
        Intent { affiliate: url.is_affiliate(), attributes: false, ..wish.keep(Reason::Attributes, None) }
    };
    let kept = facts.url.as_ref().map(kept);
    if obstacle(link, context.policy).is_some() {
        return kept;
    }
    match wish {
        None | Some(super::Wish::Unlink) => kept,
        Some(super::Wish::Attributes) => kept.map(|kept| Intent { attributes: true, ..kept }),
        Some(super::Wish::Url(url_edits)) => Some(Intent {
            action: Action::Rewritten,
            reason: Reason::Attributes,
            program: None,
            network: None,
            subid: None,
            affiliate: kept.is_some_and(|kept| kept.affiliate),
            attributes: false,
            url_edits,
        }),
        Some(super::Wish::Rewrite) => {
            let policy = Policy { foreign: Foreign::Replace, ..context.policy.clone() };
            intend(link, facts, 0, Context { policy: &policy, ..context })
        }
    }
}

/// Why nothing may be written at `link`, whatever it is.
pub fn obstacle(link: &Link, policy: &Policy) -> Option<Reason> {
    if !policy.enabled {
        return Some(Reason::PageOff);
    }
    link.opt_out.map(Reason::from).or(link.read_only.map(Reason::from))
}

/// Whether the configuration speaks of whom a link credits or of what it leads to. What it does not speak of stays as it is.
pub(super) fn is_spoken_of(url: &UrlFacts, map: &ProgramMap) -> bool {
    match url.credit {
        Credit::Own(_) | Credit::Partner(_) => true,
        _ if url.own_redirect || !url.candidates.is_empty() => true,
        _ => url.layers.iter().any(|layer| map.speaks_of(&layer.network)),
    }
}

#[derive(Clone, Copy)]
struct Wish<'w> {
    url: &'w UrlFacts,
    address: &'w str,
    ordinal: usize,
    product: &'w str,
    context: Context<'w>,
}

impl Wish<'_> {
    fn decide(&self) -> Intent {
        if self.url.own_redirect {
            let kept = self.keep(Reason::OwnRedirect, self.own_program());
            // one that is known to lead to a plain page credits nobody
            let affiliate = self.url.is_affiliate();
            return Intent { affiliate, attributes: affiliate, ..kept };
        }
        // what is around an ended wrapper goes with it: nothing of one's own may lead there
        if let Some(layer) = self.url.outer.iter().rfind(|layer| layer.state == OwnState::Ended) {
            let inside = self.context.map.look(&layer.inner, self.context.page);
            let inside = inside.map(|url| Wish { url: &url, address: &layer.inner, ..*self }.decide());
            return self.unwrap(layer, inside, Reason::ProgramEnded);
        }
        match &self.url.credit {
            Credit::Own(program) => self.own(*program),
            Credit::Partner(_) => self.keep(Reason::Partner, None),
            Credit::Foreign => self.foreign(),
            Credit::Unknown => self.opaque(),
            Credit::None => match self.url.winner() {
                Some(_) if self.url.is_redirected() && !self.context.policy.unwrap => self.skip(Reason::Redirector),
                Some(_) if self.url.ambiguous => self.skip(Reason::Ambiguous),
                Some(program) if self.url.is_redirected() => self.build(program, Reason::Unwrapped, true),
                Some(program) => self.build(program, Reason::Program, true),
                None => self.skip(self.why_no_program()),
            },
        }
    }

    fn own(&self, program: usize) -> Intent {
        match self.url.own_state {
            OwnState::Right => self.keep(Reason::Own, Some(program)),
            OwnState::Retired => self.build(program, Reason::RetiredId, false),
            OwnState::Incomplete => self.build(program, Reason::Completed, false),
            OwnState::WrongStore => self.build(program, Reason::Store, false),
            OwnState::NoIdForStore => match self.url.winner() {
                // another program of the user's is the one for this store
                Some(winner) if winner != program => self.build(winner, Reason::Store, false),
                _ => Intent { program: Some(program), ..self.skip(Reason::NoIdForStore) },
            },
            OwnState::Ended => self.ended(program),
        }
    }

    /// To the next program where there is one whose link can be written, else to the clean destination.
    fn ended(&self, program: usize) -> Intent {
        let next = self.url.winner().map(|winner| self.build(winner, Reason::ProgramEnded, true));
        match next.filter(|next| next.action != Action::Skipped) {
            Some(next) => next,
            None => Intent { program: Some(program), ..self.clean(Reason::ProgramEnded, Reason::Ended) },
        }
    }

    fn foreign(&self) -> Intent {
        let Policy { foreign, unwrap, .. } = *self.context.policy;
        let stays = foreign == Foreign::Keep && !(unwrap && self.is_wrapped());
        if stays {
            return self.keep(Reason::Foreign, None);
        }
        if self.url.ambiguous {
            return self.skip(Reason::Ambiguous);
        }
        if self.url.destination.is_none() {
            return self.skip(Reason::NoDestination);
        }
        let reason = if foreign == Foreign::Keep { Reason::Unwrapped } else { Reason::ForeignReplaced };
        match self.url.winner() {
            // also to be stripped: the clean link would be a merchant's like any other, and the next run's to rewrite
            Some(program) => self.build(program, reason, true),
            None if foreign == Foreign::Strip => self.clean(Reason::ForeignStripped, self.why_not_clean()),
            // unwrapping is for own programs: without one, what is kept is kept
            None if foreign == Foreign::Keep => self.keep(Reason::Foreign, None),
            None => self.skip(Reason::ForeignNoProgram),
        }
    }

    /// A link that names nobody. What it says of where it leads may be an own program's, if redirectors are to go.
    fn opaque(&self) -> Intent {
        match self.url.winner().filter(|_| self.context.policy.unwrap && self.is_wrapped() && !self.url.ambiguous) {
            Some(program) => self.build(program, Reason::Unwrapped, true),
            None => self.keep(Reason::Opaque, None),
        }
    }

    /// Whether the link leads over another host than the destination's.
    fn is_wrapped(&self) -> bool {
        let destination = self.url.destination.as_deref();
        destination.is_some_and(|destination| shown_host(destination) != shown_host(self.address))
    }

    /// The last of those own wrappers at the outside that `which` is true of.
    fn outermost(&self, which: impl Fn(&OuterLayer) -> bool) -> Option<&OuterLayer> {
        self.url.outer.iter().take_while(|layer| which(layer)).last()
    }

    /// Takes everything around `layer`'s inner URL off, of which `inside` was decided.
    fn unwrap(&self, layer: &OuterLayer, inside: Option<Intent>, reason: Reason) -> Intent {
        let inside = inside.unwrap_or_else(|| self.keep(reason, Some(layer.program)));
        let rewritten = inside.action == Action::Rewritten;
        let text = if rewritten { apply(&layer.inner, &inside.url_edits) } else { layer.inner.clone() };
        Intent {
            action: Action::Rewritten,
            reason,
            program: inside.program.filter(|_| rewritten).or(Some(layer.program)),
            url_edits: self.context.map.unwrap(self.address, &text),
            ..inside
        }
    }

    fn build(&self, program: usize, reason: Reason, fresh: bool) -> Intent {
        let subid = if fresh { self.new_subid(program) } else { None };
        match self.context.map.build(program, self.address, self.url, subid.as_deref()) {
            Ok(url_edits) if url_edits.is_empty() => self.keep(Reason::Own, Some(program)),
            Ok(url_edits) => Intent {
                action: Action::Rewritten,
                reason,
                program: Some(program),
                network: self.network_of(program),
                subid: subid.or_else(|| self.standing_subid()),
                url_edits,
                affiliate: true,
                attributes: true,
            },
            Err(no_link) => Intent { program: Some(program), ..self.skip(Reason::from(&no_link)) },
        }
    }

    fn clean(&self, reason: Reason, otherwise: Reason) -> Intent {
        match self.context.map.clean(self.address, self.url) {
            Some(url_edits) => Intent {
                action: Action::Rewritten,
                reason,
                url_edits,
                affiliate: false,
                attributes: false,
                ..self.skip(reason)
            },
            None => self.skip(otherwise),
        }
    }

    fn keep(&self, reason: Reason, program: Option<usize>) -> Intent {
        Intent {
            action: Action::Kept,
            program,
            subid: self.standing_subid(),
            affiliate: true,
            attributes: self.is_spoken_of(),
            ..self.skip(reason)
        }
    }

    fn skip(&self, reason: Reason) -> Intent {
        Intent {
            action: Action::Skipped,
            reason,
            program: self.url.winner().or_else(|| self.url.candidates.first().map(|first| first.program)),
            network: self.url.layers.first().map(|layer| layer.network.clone()),
            subid: None,
            url_edits: Vec::new(),
            affiliate: self.url.is_affiliate(),
            attributes: self.url.is_affiliate() && self.is_spoken_of(),
        }
    }

    fn is_spoken_of(&self) -> bool {
        is_spoken_of(self.url, self.context.map)
    }

    fn why_no_program(&self) -> Reason {
        self.url.candidates.first().map_or(Reason::NoProgram, |first| Reason::of_verdict(first.verdict))
    }

    fn why_not_clean(&self) -> Reason {
        if self.url.own_redirect {
            Reason::OwnRedirect
        } else if self.url.ambiguous {
            Reason::Ambiguous
        } else {
            Reason::NoDestination
        }
    }

    fn own_program(&self) -> Option<usize> {
        match self.url.credit {
            Credit::Own(program) => Some(program),
            _ => None,
        }
    }

    fn standing_subid(&self) -> Option<String> {
        self.url.layers.iter().rev().find_map(|layer| layer.subid.clone())
    }

    fn network_of(&self, program: usize) -> Option<String> {
        self.context.map.programs().get(program)?.network.map(str::to_owned)
    }

    fn new_subid(&self, program: usize) -> Option<String> {
        let rule = self.context.map.subid_rule(program)?;
        let own = self.context.program_subids.get(program).and_then(Option::as_ref);
        let pattern = match own {
            Some(pattern) => pattern,
            None if rule.needs_approval => return None,
            None => self.context.policy.subid.as_ref()?,
        };
        let destination = self.url.destination.as_deref().unwrap_or(self.address);
        let link = link_token(self.context.page, destination, self.ordinal);
        let name = self.context.map.programs().get(program).map_or("", |program| program.name.as_str());
        let Self { product, context, .. } = *self;
        let values = SubidContext { page: context.page, link: &link, program: name, product, date: context.date };
        pattern.fill(&values, &rule)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, ConfigEnv};
    use crate::document;
    use crate::plan::{self, Plan};
    use crate::source::{Format, Source};
    use crate::survey::survey;

    use super::*;

    const CONFIG: &str = "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\n  \
        gone: {domains: [gone.example], template: \"https://gone.track.example/?u={url}\", status: ended}\n  \
        mine: {domains: [shop.example], template: \"https://track.example/?u={url}\"}\n";

    /// What `planner` makes of a page with one link to `url`: the new URL, the reason, whether it credits somebody then.
    fn planned(
        url: &str,
        planner: impl Fn(&str, &document::Document, &[LinkFacts], Context<'_>) -> Plan,
    ) -> Option<(String, Reason, bool)> {
        let env = ConfigEnv {
            date: "2026-06-01".parse().expect("a date"),
            read_file: &|_| Err(String::new()),
            rules: crate::lint::SPECS,
        };
        let config = Config::read("x", CONFIG, &env).expect("right");
        let text = format!("<a href=\"{url}\" rel=\"sponsored nofollow\">x</a>\n");
        let source = Source::read(text.as_bytes(), Format::Html).expect("a page");
        let document = document::parse(&source, Format::Html, &config.parse_options("x.html"), None).expect("parses");
        let facts = survey(&document, &config.map, "x.html");
        let policy = config.policy("x.html", None);
        let context = Context {
            map: &config.map,
            policy: &policy,
            page: "x.html",
            date: "2026-06-01",
            site_language: None,
            program_subids: &config.program_subids,
            relinked: Relinked::Nothing,
            names: None,
            barred: &[],
            names_from: 0,
            destination_only: &[],
        };
        let plan = planner(&text, &document, &facts, context);
        let decision = plan.decisions.first()?;
        let edits = plan.changes.iter().flat_map(|change| &change.edits);
        let new: Vec<_> = edits.map(|edit| edit.text.clone()).collect();
        Some((new.join(" | "), decision.reason, decision.affiliate))
    }

    fn wrapped(host: &str, inner: &str) -> String {
        format!("https://{host}/?u={}", crate::networks::query::encode(inner))
    }

    #[test]
    fn ended_wrappers_go_and_what_they_hold_stays() {
        let foreign = "https://www.amazon.com/dp/B0?tag=other-20";
        let opaque = "https://amzn.to/3abc";
        let own = "https://www.amazon.com/dp/B0?tag=mysite-20";
        let ended = |inner: &str| wrapped("gone.track.example", inner);
        for (url, want, affiliate) in [
            (ended(foreign), foreign.to_owned(), true),
            (ended(opaque), opaque.to_owned(), true),
            (ended(own), own.to_owned(), true),
            (ended(&ended(foreign)), foreign.to_owned(), true),
            (ended("https://gone.example/x"), "https://gone.example/x".to_owned(), false),
            (ended("https://shop.example/x"), wrapped("track.example", "https://shop.example/x"), true),
            (ended(&wrapped("track.example", foreign)), wrapped("track.example", foreign), true),
            (wrapped("track.example", &ended(foreign)), foreign.to_owned(), true),
        ] {
            let made = planned(&url, plan::plan);
            let want = want.replace('&', "&amp;");
            assert_eq!(made, Some((want, Reason::ProgramEnded, affiliate)), "{url}");
        }
    }

    #[test]
    fn strip_takes_own_wrappers_off_others_links() {
        let foreign = "https://www.amazon.com/dp/B0?tag=other-20";
        let strip = |program| {
            move |text: &str, document: &document::Document, facts: &[LinkFacts], context: Context<'_>| {
                plan::strip(text, document, facts, context, program)
            }
        };
        let mine = wrapped("track.example", foreign);
        assert_eq!(planned(&mine, strip(None)), Some((foreign.to_owned(), Reason::Stripped, true)));
        assert_eq!(planned(&mine, strip(Some(0))), None);
        assert_eq!(planned(foreign, strip(None)), None);
        let plain = planned(&wrapped("track.example", "https://shop.example/x"), strip(None));
        let (new, reason, affiliate) = plain.expect("a decision");
        assert!(new.contains("https://shop.example/x"), "{new}");
        assert_eq!((reason, affiliate), (Reason::Stripped, false));
    }
}
