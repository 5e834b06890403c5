//! An affiliate link whose words do not say where it leads.
//!
//! ## Why
//!
//! People who listen to a page jump from link to link and hear "click here", "link", "this". A product's name also tells
//! everybody else what they will see. Sources: WCAG 2.4.4; the word lists of Lighthouse, axe and markdownlint.
//!
//! ## Bad
//!
//! ```markdown
//! [Click here](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [The Fellow Stagg kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Not reported
//!
//! Links with an `aria-label`, images and empty links with a `title`, and links in front matter, shortcodes and components, whose
//! text the theme writes; a name with a capital that the host or the path ends with, such as `Go` for `go.dev`.

use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::document::html::attribute;
use crate::document::{AttributeSyntax, LinkKind};
use crate::lint::text::tags;
use crate::lint::{Found, Page, Rule, Stage};
use crate::program::url::shown_host;
use crate::survey::link_text::bare;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "vague-link-text",
        level: Level::Warn,
        options: &[OptionSpec {
            name: "also",
            default: OptionDefault::Texts(&[]),
            meaning: "More texts that say nothing.",
        }],
    },
    stage: Stage::Built,
    of_page: false,
    source: include_str!("vague_link_text.rs"),
    check,
};

fn check(page: &Page<'_>, setting: &RuleSetting, found: &mut Vec<Found>) {
    for (index, link, url) in page.affiliate_links() {
        if link.kind.is_value() || matches!(link.kind, LinkKind::Bare | LinkKind::Autolink) {
            continue;
        }
        let tag = link.attributes.as_ref().filter(|attributes| attributes.syntax == AttributeSyntax::Tag);
        let labelled = |name: &str| {
            tag.and_then(|tag| attribute(tag.span.of(page.text), name)).is_some_and(|label| !label.trim().is_empty())
        };
        if labelled("aria-label")
            || labelled("aria-labelledby")
            // an `area` has no text, its `alt` is its name
            || labelled("alt")
        {
            continue;
        }
        let words = page.link_text(link);
        let bare = bare(&words);
        // a title names what has no text, and is seen by few where there is one
        if words.trim().is_empty() && link.title.as_ref().is_some_and(|title| !title.trim().is_empty()) {
            continue;
        }
        let (message, help) = if bare.is_empty() && link.banner {
            if has_alternative(link.text.of(page.text)) {
                continue;
            }
            ("a linked image without a text of its own".to_owned(), "say in its `alt` where the link leads")
        } else if bare.is_empty() && words.trim().is_empty() {
            if has_alternative(link.text.of(page.text)) || shows_more(link.text.of(page.text)) {
                continue;
            }
            ("a link without a text".to_owned(), "name the product")
        } else if is_vague(&bare, setting)
            && !names(words.trim(), url.destination.as_deref().unwrap_or(page.address(index)))
        {
            (format!("`{}` does not say where the link leads", words.trim()), "name the product")
        } else {
            continue;
        };
        found.push(Found::new(link.element, message).help(help));
    }
}

/// Whether `bare` words (see [`bare`]) do not say where a link leads.
pub(in crate::lint) fn is_vague(bare: &str, setting: &RuleSetting) -> bool {
    bare.is_empty()
        || VAGUE.contains(&bare)
        || only_points(bare)
        || setting.texts(0).iter().any(|text| self::bare(text) == bare)
}

/// Whether `bare` words point somewhere and name nothing, however they are put: "just buy it here now".
fn only_points(bare: &str) -> bool {
    let mut words = bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let mut points = false;
    words.peek().is_some()
        && words.all(|word| {
            let is_pointer = POINTERS.contains(&word);
            points |= is_pointer;
            is_pointer || FILLERS.contains(&word)
        })
        && points
}

/// Whether `words`, written as a name is, are that of the site or the page that `destination` leads to.
fn names(words: &str, destination: &str) -> bool {
    let host = shown_host(destination);
    let site = host.rsplit('.').nth(1).unwrap_or_default();
    let place = destination.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let page = place.rsplit('/').next().unwrap_or_default();
    words.contains(char::is_uppercase) && (words.to_lowercase() == site || words == page)
}

/// Whether an image in `inner` has a text.
fn has_alternative(inner: &str) -> bool {
    let markdown =
        inner.find("![").and_then(|at| inner.get(at + 2..)).is_some_and(|rest| !rest.trim_start().starts_with(']'));
    markdown
        || tags(inner).any(|tag| {
            ["alt", "aria-label", "title"]
                .iter()
                .any(|name| attribute(tag, name).is_some_and(|text| !text.trim().is_empty()))
        })
}

/// Whether something that is neither text nor image stands there: a component or a drawing that may name itself.
fn shows_more(inner: &str) -> bool {
    inner.contains("{{")
        || inner.contains("{%")
        || tags(inner).any(|tag| {
            let name = tag.trim_start_matches('<');
            name.starts_with(|c: char| c.is_ascii_uppercase()) || name.starts_with("svg") || name.contains('-')
        })
}

/// Words for a place that only who sees it can follow.
const POINTERS: [&str; 22] = [
    "here",
    "click",
    "clicking",
    "link",
    "hier",
    "klick",
    "klicke",
    "klicken",
    "aqu\u{ed}",
    "clic",
    "enlace",
    "ici",
    "cliquez",
    "cliquer",
    "lien",
    "aqui",
    "clique",
    "clicando",
    "qui",
    "clicca",
    "cliccando",
    "klik",
];

/// Words that go with them and name nothing.
const FILLERS: &[&str] = &[
    // English
    "a",
    "and",
    "at",
    "below",
    "buy",
    "buying",
    "by",
    "check",
    "find",
    "follow",
    "following",
    "for",
    "get",
    "go",
    "grab",
    "info",
    "information",
    "it",
    "just",
    "learn",
    "me",
    "more",
    "my",
    "now",
    "on",
    "one",
    "online",
    "or",
    "order",
    "our",
    "out",
    "over",
    "page",
    "please",
    "purchase",
    "read",
    "right",
    "see",
    "shop",
    "simply",
    "site",
    "tap",
    "that",
    "the",
    "them",
    "these",
    "this",
    "those",
    "through",
    "to",
    "today",
    "up",
    "use",
    "using",
    "via",
    "view",
    "visit",
    "website",
    "you",
    "your",
    "yours",
    // German
    "auf",
    "bestell",
    "bestellen",
    "bitte",
    "dem",
    "den",
    "der",
    "dies",
    "diese",
    "diesem",
    "diesen",
    "dieser",
    "einfach",
    "erfahren",
    "es",
    "finden",
    "jetzt",
    "kaufe",
    "kaufen",
    "mehr",
    "seite",
    "sie",
    "\u{fc}ber",
    "zu",
    "zum",
    "zur",
    // Spanish, Portuguese
    "agora",
    "ahora",
    "ao",
    "compra",
    "comprar",
    "compre",
    "el",
    "en",
    "este",
    "esta",
    "haciendo",
    "haz",
    "la",
    "leia",
    "leer",
    "lo",
    "mais",
    "m\u{e1}s",
    "neste",
    "no",
    "o",
    "saiba",
    "ver",
    // French
    "achetez",
    "acheter",
    "ce",
    "cet",
    "cette",
    "le",
    "maintenant",
    "plus",
    "savoir",
    "sur",
    "voir",
    // Italian
    "acquista",
    "di",
    "ora",
    "pi\u{f9}",
    "questo",
    "scopri",
    "su",
    "vedi",
    // Dutch
    "bekijk",
    "bestel",
    "de",
    "deze",
    "koop",
    "lees",
    "meer",
    "nu",
    "op",
];

/// What says nothing, in the ten largest languages of the web.
const VAGUE: &[&str] = &[
    // English
    "click here",
    "click this",
    "click",
    "here",
    "this",
    "this link",
    "link",
    "a link",
    "go",
    "more",
    "read more",
    "learn more",
    "see more",
    "more info",
    "info",
    "details",
    "start",
    "right here",
    "this page",
    "this product",
    "check it out",
    "get it here",
    "buy here",
    "buy it here",
    "find it here",
    "see it here",
    "see here",
    "order here",
    "shop here",
    "view here",
    "click me",
    "click on this link",
    "clicking here",
    "by clicking here",
    "follow this link",
    "tap here",
    "this one",
    "this website",
    "this site",
    "click this link",
    "click the link",
    "click here now",
    "click here to buy",
    "click here to order",
    "click here to learn more",
    "click here for more",
    "click here for details",
    "click here for more info",
    "click here for more information",
    "link here",
    "the link",
    "over here",
    "more here",
    "read more here",
    "learn more here",
    "see more here",
    "check here",
    "check it out here",
    "available here",
    "purchase here",
    "buy this here",
    "it",
    "that",
    "url",
    "visit",
    "visit website",
    "visit site",
    "view more",
    "discover more",
    "find out more",
    "more details",
    "more information",
    "continue reading",
    "affiliate link",
    "product link",
    "website",
    // German
    "hier",
    "hier klicken",
    "klick hier",
    "klicken sie hier",
    "klicke hier",
    "mehr",
    "mehr erfahren",
    "weiter",
    "weiterlesen",
    "dieser link",
    "dieses produkt",
    "zum link",
    // Spanish
    "aqu\u{ed}",
    "haz clic aqu\u{ed}",
    "haga clic aqu\u{ed}",
    "clic aqu\u{ed}",
    "pincha aqu\u{ed}",
    "m\u{e1}s",
    "leer m\u{e1}s",
    "ver m\u{e1}s",
    "m\u{e1}s informaci\u{f3}n",
    "este enlace",
    "enlace",
    // French
    "ici",
    "cliquez ici",
    "clique ici",
    "cliquer ici",
    "en savoir plus",
    "lire la suite",
    "plus",
    "ce lien",
    "lien",
    // Portuguese
    "aqui",
    "clique aqui",
    "saiba mais",
    "leia mais",
    "mais",
    "este link",
    "neste link",
    // Italian
    "qui",
    "clicca qui",
    "leggi di pi\u{f9}",
    "scopri di pi\u{f9}",
    "di pi\u{f9}",
    "questo link",
    // Dutch
    "klik hier",
    "lees meer",
    "meer",
    "deze link",
    // Russian
    "\u{437}\u{434}\u{435}\u{441}\u{44c}",
    "\u{442}\u{443}\u{442}",
    "\u{43f}\u{43e}\u{434}\u{440}\u{43e}\u{431}\u{43d}\u{435}\u{435}",
    "\u{441}\u{441}\u{44b}\u{43b}\u{43a}\u{430}",
    "\u{43d}\u{430}\u{436}\u{43c}\u{438}\u{442}\u{435} \u{437}\u{434}\u{435}\u{441}\u{44c}",
    // Japanese
    "\u{3053}\u{3061}\u{3089}",
    "\u{3053}\u{3053}",
    "\u{30af}\u{30ea}\u{30c3}\u{30af}",
    "\u{8a73}\u{7d30}",
    "\u{7d9a}\u{304d}\u{3092}\u{8aad}\u{3080}",
    "\u{8a73}\u{3057}\u{304f}\u{306f}\u{3053}\u{3061}\u{3089}",
    // Chinese
    "\u{70b9}\u{51fb}\u{8fd9}\u{91cc}",
    "\u{8fd9}\u{91cc}",
    "\u{66f4}\u{591a}",
    "\u{4e86}\u{89e3}\u{66f4}\u{591a}",
    "\u{6b64}\u{5904}",
    "\u{70b9}\u{51fb}\u{6b64}\u{5904}",
    "\u{5355}\u{51fb}\u{6b64}\u{5904}",
    "\u{70b9}\u{51fb}",
    "\u{94fe}\u{63a5}",
    "\u{70b9}\u{51fb}\u{4e86}\u{89e3}\u{66f4}\u{591a}",
    "\u{70b9}\u{51fb}\u{4e86}\u{89e3}\u{66f4}\u{591a}\u{4fe1}\u{606f}",
    // Turkish
    "buraya t\u{131}klay\u{131}n",
    "t\u{131}klay\u{131}n",
    "buraya",
    "devam\u{131}",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sites_and_pages_say_where_links_lead() {
        for (words, destination, expected) in [
            ("Go", "https://go.example/", true),
            ("Go", "https://www.go.example/doc/install?x=1", true),
            ("URL", "https://shop.example/api/URL#parts", true),
            ("go", "https://go.example/", false),
            ("here", "https://shop.example/here", false),
            ("Here", "https://shop.example/kettle", false),
            ("Link", "https://link.shop.example/kettle", false),
        ] {
            assert_eq!(names(words, destination), expected, "{words} {destination}");
        }
    }

    #[test]
    fn words_and_images_are_read() {
        assert_eq!(bare("  Click\n HERE! \u{2192}"), "click here");
        assert_eq!(bare("..."), "");
        assert!(VAGUE.iter().all(|words| bare(words) == *words), "the list is as texts are compared");
        for (inner, expected) in [
            ("![a kettle](k.png)", true),
            ("![](k.png)", false),
            ("<img src=k.png alt='a kettle'>", true),
            ("<img src=k.png alt=\"\">", false),
            ("<img src=\"alt=x\">", false),
        ] {
            assert_eq!(has_alternative(inner), expected, "{inner}");
        }
    }
}
