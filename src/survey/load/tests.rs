//! Every limit at its edge, and what one more link would do.

use proptest::prelude::*;

use super::*;
use crate::document::{Document, ParseOptions, parse};
use crate::source::{Format, Source};
use crate::span::Span;

/// A page with its places: links to `aff.example` are affiliate links, others to another site are external.
struct Page {
    text: String,
    document: Document,
    places: Places,
}

impl Page {
    fn new(text: &str) -> Self {
        let options = ParseOptions { outline: true, ..ParseOptions::default() };
        let source = Source::read(text.as_bytes(), Format::Markdown).expect("UTF-8");
        let document = parse(&source, Format::Markdown, &options, None).expect("Markdown");
        let places = Places::of(text, &document, &[]);
        Self { text: text.to_owned(), document, places }
    }

    fn load(&self, limits: Limits, kind: PageKind) -> Load<'_> {
        let weights: Vec<_> = self.document.links.iter().map(|link| weight(&link.destination.value)).collect();
        Load::of(&self.places, &weights, limits, kind)
    }

    /// What is broken: `how figure>limit links`.
    fn broken(&self, kind: PageKind) -> Vec<String> {
        let said = |broken: &Broken| {
            let figure = (broken.figure * 100.0).round() / 100.0;
            format!("{:?} {figure}>{} {:?}", broken.how, broken.limit, broken.links)
        };
        loud(&self.load(Limits::default(), kind)).iter().map(said).collect()
    }

    fn would(&self, at: &str, destination: &str, kind: PageKind) -> Option<Rule> {
        let start = self.text.find(at).expect("it is there");
        let place = self.places.place_of(Span::new(start, start + at.len()));
        self.load(Limits::default(), kind).would_overload(&place, Some(destination))
    }
}

fn loud(load: &Load<'_>) -> Vec<Broken> {
    load.broken().into_iter().filter(|broken| !broken.quiet).collect()
}

fn weight(url: &str) -> Weight<'_> {
    let affiliate = url.contains("aff.example");
    Weight { affiliate, external: url.starts_with("https:"), destination: affiliate.then_some(url) }
}

/// So many words, a sentence each ten.
fn words(count: usize) -> String {
    let word = |word| match word % 10 {
        1 => "Words ",
        0 => "words. ",
        _ => "words ",
    };
    (1..=count).map(word).collect()
}

/// A link with its own destination.
fn link(number: usize) -> String {
    format!("[l{number}](https://aff.example/{number})")
}

/// `count` paragraphs with a link each, `apart` other words in each before it.
fn spread(count: usize, apart: usize) -> String {
    let paragraphs: Vec<_> =
        (0..count).map(|number| format!("{} Then {} ends.\n\n", words(apart), link(number))).collect();
    paragraphs.concat()
}

#[test]
fn every_limit_has_its_edge() {
    let late = words(60);
    let cases = [
        // two links in 200 words are not too many
        (format!("{}\n\n{}", words(155), spread(2, 19)), vec!["Density 10.05>10 []"]),
        (format!("{}\n\n{}", words(156), spread(2, 19)), vec![]),
        // 150 words and 3 links are too few
        (format!("{}\n\n{}", words(15), spread(3, 42)), vec![]),
        (format!("{}\n\n{}", words(16), spread(3, 42)), vec!["Density 19.87>10 []", "Early 59>50 [0]"][..1].to_vec()),
        (spread(4, 20), vec!["Density 43.48>10 []"]),
        (format!("{late}\n\n{}", spread(25, 120)), vec![]),
        (format!("{late}\n\n{}", spread(26, 120)), vec!["Affiliate 26>25 []"]),
        (format!("{late}{}", "[x](https://other.example/x) ".repeat(100)), vec![]),
        (format!("{late}{}", "[x](https://other.example/x) ".repeat(101)), vec!["External 101>100 []"]),
        (format!("{late}\n\n{} and {} {}", link(1), link(2), words(240)), vec![]),
        (
            format!("{late}\n\n{} and {} or {} {}", link(1), link(2), link(3), words(300)),
            vec!["Paragraph 3>2 [0, 1, 2]"],
        ),
        (format!("{late}\n\n- {} {} {}\n\n{}", link(1), link(2), link(3), words(300)), vec!["Paragraph 3>2 [0, 1, 2]"]),
        (format!("{late}\n\n{}{}\n", table(4), words(400)), vec![]),
        (format!("{late}\n\n{}{}\n", table(5), words(500)), vec!["Row 5>4 [0, 1, 2, 3, 4]"]),
        (format!("{late} Go {}. Go {}.\n\n{}", link(1), link(2), words(200)), vec![]),
        (
            format!("{late} Go {}.\n\nGo {}. Go {}.\n\n{}", link(1), link(2), link(3), words(300)),
            vec!["Run 3>3 [0, 1, 2]"],
        ),
        (format!("{late} Go {}.\n\nGo {}. No. Go {}.\n\n{}", link(1), link(2), link(3), words(300)), vec![]),
        (format!("{late}\n\n{}\n\nb {}\n\n{}", link(1), link(1), words(200)), vec!["Section 2>1 [0, 1]"]),
        (format!("{late}\n\n{}\n\n# b\n\n{}\n\n{}", link(1), link(1), words(200)), vec![]),
        (
            format!(
                "{late}\n\n{}\n\nb {}{{: .btn}} <a href='https://aff.example/1' class='button'>x</a>\n\n{}",
                link(1),
                link(1),
                words(300)
            ),
            vec![],
        ),
        (
            format!("{late}\n\n{}{}", format!("# b\n\n{}\n\n", link(1)).repeat(4), words(400)),
            vec!["Repeated 4>3 [0, 1, 2, 3]"],
        ),
        (format!("{late}\n\n{}{}", format!("# b\n\n{}\n\n", link(1)).repeat(3), words(400)), vec![]),
        (format!("{late}\n\n{}[{}](https://aff.example/)\n\n{}", "b".repeat(41), "a".repeat(41), words(100)), vec![]),
        (
            format!("{late}\n\n{}[{}](https://aff.example/)\n\n{}", "b".repeat(40), "a".repeat(41), words(100)),
            vec!["ParagraphRatio 0.51>0.5 [0]"],
        ),
        (format!("{late}\n\n[{}](https://aff.example/)\n\n{}", "a".repeat(80), words(100)), vec![]),
        (format!("{}\n\n[{}](https://aff.example/)", words(150), "a".repeat(300)), vec!["PageRatio 0.25>0.2 []"]),
        (format!("{late}\n\n# {}\n\n{}", link(1), words(100)), vec!["Spot 60>50 [0]"]),
        (format!("{} {}\n\n{}", words(49), link(1), words(101)), vec!["Early 49>50 [0]"]),
        (format!("{} {}\n\n{}", words(49), link(1), words(100)), vec![]),
        (format!("{} {}\n\n{}", words(50), link(1), words(101)), vec![]),
    ];
    let mut wrong = String::new();
    for (page, expected) in cases {
        let found = Page::new(&page).broken(PageKind::Other);
        if found != expected {
            let short: String = page.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
            wrong.extend([format!("{found:?} but {expected:?}: {short:?}\n")]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A table with one row of so many links.
fn table(links: usize) -> String {
    let row = (0..links).map(link).collect::<Vec<_>>().join(" ");
    format!("| a | b |\n|---|---|\n| x | {row} |\n\n")
}

#[test]
fn a_roundup_may_carry_more() {
    let items = |count: usize, apart: usize| -> String {
        let items: Vec<_> = (0..count).map(|item| format!("- {} {}\n", words(apart), link(item))).collect();
        items.concat()
    };
    // 8 links in 400 words: three times 10 per 1,000
    let page = Page::new(&format!("{}\n\n{}", words(60), items(8, 40)));
    assert_eq!(page.broken(PageKind::Unsaid), Vec::<String>::new());
    assert_eq!(page.broken(PageKind::Roundup), Vec::<String>::new());
    assert_eq!(page.broken(PageKind::Other), ["Density 20.62>10 []"]);
    let page = Page::new(&format!("{}\n\n{}", words(60), items(61, 40)));
    assert_eq!(page.broken(PageKind::Unsaid), ["Affiliate 61>60 []"]);
    // half of the links is not over half
    let page = Page::new(&format!("{}\n\n{}\n{}", words(60), items(4, 30), spread(4, 30)));
    assert!(page.broken(PageKind::Unsaid)[0].starts_with("Density"));
}

#[test]
fn a_rule_that_is_off_says_nothing() {
    let page = Page::new(&spread(40, 1));
    assert!(!page.broken(PageKind::Unsaid).is_empty());
    assert_eq!(page.load(Limits::none(), PageKind::Unsaid).broken(), []);
    let place = page.places.place_of(Span::at(3));
    assert_eq!(page.load(Limits::none(), PageKind::Unsaid).would_overload(&place, Some("x")), None);
}

#[test]
fn what_one_more_link_would_break_is_known() {
    let (late, rest) = (words(60), words(400));
    let new = "https://aff.example/new";
    for (page, destination, expected) in [
        (format!("{late} Kindle {rest}"), new, None),
        (format!("a Kindle {rest}"), new, Some(Rule::BadPlacement)),
        (format!("{late}\n\n# Kindle\n\n{rest}"), new, Some(Rule::BadPlacement)),
        (format!("{} Kindle {}", words(60), words(20)), new, None),
        (format!("{late} Kindle {}\n\nx {}", words(90), link(1)), new, Some(Rule::LinkDensity)),
        (format!("{late} {} {} Kindle {rest}", link(1), link(2)), new, Some(Rule::ParagraphOverload)),
        (format!("{late} Go {}. Go Kindle.\n\nGo {}. {rest}", link(1), link(2)), new, Some(Rule::LinkRun)),
        (format!("{late} Go {}. No. Go Kindle.\n\nGo {}. {rest}", link(1), link(2)), new, None),
        (format!("{late} {}\n\n Kindle {rest}", link(1)), "https://aff.example/1", Some(Rule::RepeatedDestination)),
        (format!("{late} {}\n\n# B\n\nKindle {rest}", link(1)), "https://aff.example/1", None),
        (
            format!("{late}\n\nKindle [{}](https://aff.example/) {}\n\n{rest}", "a".repeat(60), "b".repeat(60)),
            new,
            Some(Rule::LinkTextRatio),
        ),
    ] {
        let short: String = page.chars().take(20).collect();
        assert_eq!(Page::new(&page).would("Kindle", destination, PageKind::Unsaid), expected, "{short} {destination}");
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (1..40_usize).prop_map(words),
        3 => (0..6_usize).prop_map(link),
        1 => Just("\n\n".to_owned()),
        1 => Just("\n\n# Head\n\n".to_owned()),
        1 => Just("\n\n- item ".to_owned()),
        1 => Just("\n- item ".to_owned()),
        2 => Just(" Kindle. ".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What the planner adds is nothing the linter finds.
    #[test]
    fn what_is_added_breaks_nothing(parts in prop::collection::vec(part(), 1..40)) {
        let page = Page::new(&parts.concat());
        let mut load = page.load(Limits::default(), PageKind::Unsaid);
        let before = loud(&load);
        for (number, (at, name)) in page.text.match_indices("Kindle").enumerate() {
            let place = page.places.place_of(Span::new(at, at + name.len()));
            let destination = format!("https://aff.example/{}", number % 3);
            if load.would_overload(&place, Some(&destination)).is_none() {
                load.add(&place, weight(&destination));
            }
        }
        for broken in loud(&load) {
            let known = before.iter().any(|known| known.how == broken.how && known.links == broken.links && known.figure >= broken.figure);
            prop_assert!(known, "{:?} is new in {:?}", broken, page.text);
        }
    }
}
