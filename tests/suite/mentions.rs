//! Names of products that become links: whatever the page and the limits, readers see the same text, limits hold, a second
//! run has nothing left to do, and stripping leaves the names.

use std::fs;

use affilink::config::Config;
use affilink::config::lint::Judged;
use affilink::pipeline::build::setup;
use affilink::pipeline::check::{Checking, page_findings};
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::source::Format;
use proptest::prelude::*;

use crate::identity::{classes, classes_by_comrak, linked, seen};
use crate::support::{Tree, config, files, root, run};

const PRODUCTS: &str = "\
version: 1
disclosure: {place: none, statement: theme}
programs:
  shop: {domains: [shop.example], set: {ref: mysite}}
products:
  - {name: Foo, url: \"https://shop.example/foo\"}
  - {name: Foo Pro, url: \"https://shop.example/pro\"}
  - {name: B\u{e4}r, aliases: [\"*x*\"], url: \"https://shop.example/b\"}
  - {name: \u{65e5}\u{672c}, url: \"https://shop.example/jp\"}
";

/// What pages are put together from: names in and beside every kind of markup.
const PIECES: &[&str] = &[
    "Foo",
    "Foo",
    "Foo Pro",
    "**Foo**",
    "*Foo* Pro",
    "*Very Foo* Pro",
    "__Foo__ Pro",
    "Ba\u{308}r",
    "B\u{e4}r",
    "日本",
    "[Foo](https://shop.example/foo?ref=mysite)",
    "[x](https://shop.example/pro)",
    "[Foo][r]",
    "<https://shop.example/b>",
    "`Foo`",
    "Foo's",
    "Foos",
    "FooBar",
    "x",
    "and some words",
    "!",
    "\\",
    "[",
    "]",
    "(",
    ")",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n\n# ",
    "\n===\n",
    "\n\n    ",
    "  \n",
    "\n\n| Foo | x |\n|---|---|\n| Foo Pro | Bar |\n\n",
    "&amp;",
    "Foo&nbsp;Pro",
    ":",
    "<b>Foo</b>",
    "<a href=\"x\">Foo</a>",
    "<!-- Foo -->",
    "\n\n<div>\nFoo\n</div>\n\n",
    ", ",
    ". ",
    "\n\n[r]: https://shop.example/foo\n\n",
];

fn page() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop::bool::weighted(0.7));
    prop::collection::vec(piece, 1..40).prop_map(|pieces| {
        pieces.into_iter().map(|(piece, space)| if space { format!("{piece} ") } else { piece.to_owned() }).collect()
    })
}

fn limited(limits: (usize, usize, usize, usize), style: &str) -> Config {
    let (page, product, paragraph, words) = limits;
    config(&format!(
        "{PRODUCTS}links: {{markdown: {style}}}\nmentions: {{per_page: {page}, per_product: {product}, \
         per_paragraph: {paragraph}, per_words: {words}}}\n"
    ))
}

/// The page after a build.
fn built(page: &str, config: &Config) -> String {
    match rewrite(page.as_bytes(), Format::Markdown, "a.md", setup(config, None, "2026-06-01")) {
        Outcome::Edited { bytes, .. } => String::from_utf8(bytes).unwrap(),
        Outcome::Same(_) => page.to_owned(),
        other => panic!("{other:?} for {page:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_page_under_any_limits(
        page in page(),
        limits in (0..6_usize, 0..3_usize, 0..4_usize, 0..12_usize),
        style in prop::sample::select(&["plain", "html"][..]),
    ) {
        let config = limited(limits, style);
        let after = built(&page, &config);
        prop_assert_eq!(&built(&after, &config), &after, "a second run changed {:?}", page);
        prop_assert!(after == page || config.prefilter(&[] as &[&str]).may_hold_work(page.as_bytes()), "{:?} was passed over", page);
        let ((text, links), (text_after, links_after)) = (seen(&page), seen(&after));
        if links != linked(&page) || classes(&page) != classes_by_comrak(&page) {
            return Ok(());
        }
        prop_assert_eq!(text, text_after, "{:?}\n{:?}", page, after);
        if style == "plain" {
            let count = |links: &[String]| links.iter().filter(|url| url.contains("shop.example")).count();
            prop_assert!(count(&links_after) <= count(&links).max(limits.0), "{:?}\n{:?}", page, after);
            let foo = |links: &[String]| links.iter().filter(|url| url.contains("shop.example/foo")).count();
            prop_assert!(foo(&links_after) <= foo(&links).max(limits.1), "{:?}\n{:?}", page, after);
        }
    }
}

#[test]
fn stripping_without_a_manifest_leaves_the_names() {
    let mut pages = 0;
    for case in ["mentions-plain", "mentions-html", "mentions-kramdown", "mentions-pandoc"] {
        let case = root().join("fixtures/rewrite").join(case);
        let tree = Tree::new();
        let (out, yaml) = (tree.at("back"), case.join("affiliates.yaml"));
        let args = ["strip", case.join("out").to_str().unwrap(), "--out", out.to_str().unwrap()].map(str::to_owned);
        run(&case, args.into_iter().chain(["-c".to_owned(), yaml.to_str().unwrap().to_owned()])).expect(0);
        let before = files(&case.join("in"));
        for (name, bytes) in files(&out) {
            // a link of the author's stays a link, in the form that the build gave it
            if name == "linked.md" {
                assert!(String::from_utf8_lossy(&bytes).contains("B07978J597"), "{name}");
                continue;
            }
            assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&before[&name]), "{name}");
            pages += 1;
        }
    }
    assert!(pages > 40);
}

#[test]
fn an_authors_own_link_stays_a_link_when_stripped() {
    let page =
        "[Foo](https://shop.example/foo?ref=mysite \"mine\") and [this Foo](https://shop.example/foo?ref=mysite).\n";
    let tree = Tree::of(&[("in/a.md", page), ("affiliates.yaml", PRODUCTS)]);
    let out = tree.at("out");
    run(tree.path(), ["strip", "in", "--out", out.to_str().unwrap()]).expect(0);
    let stripped = fs::read_to_string(out.join("a.md")).unwrap();
    assert_eq!(stripped, page.replace("?ref=mysite", ""));
}

#[test]
fn a_product_of_which_no_url_has_a_program_stays_a_name_and_the_first_that_has_wins() {
    let config = config(
        "version: 1\ndisclosure: {place: none}\nprograms:\n  old: {domains: [old.example], set: {ref: me}, status: paused}\n  new: {domains: [new.example], set: {ref: me}}\n\
         products:\n  - {name: Foo, urls: [\"https://old.example/f\", \"https://new.example/f\"]}\n  - {name: Bar, url: \"https://old.example/b\"}\n",
    );
    assert_eq!(built("A Foo. A Bar.\n", &config), "A [Foo](https://new.example/f?ref=me). A Bar.\n");
}

/// The rules that say how much is too much.
const OVERLOAD: [&str; 7] = [
    "link-density",
    "page-overload",
    "paragraph-overload",
    "link-run",
    "repeated-destination",
    "link-text-ratio",
    "bad-placement",
];

/// How often each of those rules fires on `page` as it stands, and the greatest figure of a whole page.
fn overload(page: &str, config: &Config) -> Vec<(usize, f64)> {
    let date = "2026-06-01";
    let checking = Checking {
        setup: setup(config, None, date),
        configured: true,
        judged: Judged::Written,
        date: date.parse().unwrap(),
        with_edits: false,
    };
    let found = page_findings(page.as_bytes(), Format::Markdown, "a.md", checking).unwrap().findings;
    let of = |rule: &str| {
        let own = found.iter().filter(|finding| finding.shown.rule == rule);
        let figures = own.clone().filter_map(|finding| finding.figure);
        (own.count(), figures.fold(0.0, f64::max))
    };
    OVERLOAD.iter().map(|rule| of(rule)).collect()
}

/// Sentences with names, links and bare URLs in them, in paragraphs, items and tables.
fn prose() -> impl Strategy<Value = String> {
    let words = (0..25_usize).prop_map(|count| "and words ".repeat(count));
    let what = prop::sample::select(
        &["Foo", "Foo Pro", "B\u{e4}r", "[it](https://shop.example/foo)", "[x](https://other.example/)", "nothing"][..],
    );
    let end = prop::sample::select(&[". ", ". ", ".\n\n", ".\n\n- ", ".\n\n# ", ".\n\n> "][..]);
    let sentence = (words, what, end).prop_map(|(words, what, end)| format!("So {words}{what}{end}"));
    prop::collection::vec(sentence, 1..25).prop_map(|sentences| sentences.concat())
}

/// Names in scripts and spellings of every kind.
const NAMES: [&str; 18] = [
    "Kindle",
    "ipek",
    "İstanbul",
    "Wifi 6",
    "Café X",
    "Cafe\u{301} Y",
    "Maß",
    "Straße",
    "Ökotest",
    "Żubr",
    "Йога",
    "Άλφα",
    "آيفون",
    "キンドル",
    "小米手机",
    "갤럭시",
    "क़लम",
    "\u{212b}ngström 2",
];

/// `name` as a page may spell it: case, composition, references, emphasis, what is not seen.
fn spelt(name: &str, how: &[u8]) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let part = |(index, (c, how)): (usize, (char, &u8))| match how % 16 {
        0 => c.to_uppercase().collect(),
        1 => c.to_lowercase().collect(),
        2 => [c].into_iter().nfd().collect(),
        3 => [c].into_iter().nfc().collect(),
        4 => format!("&#{};", u32::from(c)),
        5 => format!("\u{ad}{c}"),
        6 if index > 0 => format!("**{c}**"),
        7 => format!("<i>{c}</i>"),
        _ => c.to_string(),
    };
    name.chars().zip(how.iter().cycle()).enumerate().map(part).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_page_with_a_name_is_passed_over(
        name in prop::sample::select(&NAMES[..]),
        how in prop_oneof![prop::collection::vec(0..16_u8, 1..12), prop::collection::vec(0..4_u8, 1)],
        language in prop::sample::select(&["en", "tr", "de", "ja", "ko"][..]),
        case in prop::sample::select(&["smart", "ignore"][..]),
    ) {
        let config = config(&format!(
            "version: 1\nsite: {{language: {language}}}\ndisclosure: {{place: none, statement: theme}}\nprograms:\n  \
             shop: {{domains: [shop.example], set: {{ref: mysite}}}}\nproducts:\n  \
             - {{name: {name}, case: {case}, url: \"https://shop.example/p\"}}\n"
        ));
        let filter = config.prefilter(&[] as &[&str]);
        let page = format!("Words about this {} and that, enough of them.\n", spelt(name, &how));
        prop_assert!(built(&page, &config) == page || filter.may_hold_work(page.as_bytes()), "{:?} was passed over", page);
        let plain = format!("Words about this {name} and that, enough of them.\n");
        prop_assert!(built(&plain, &config) != plain && filter.may_hold_work(plain.as_bytes()), "{:?}", plain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_name_becomes_a_link_that_the_linter_would_report(
        page in prose(),
        density in (1..60_usize, 0..200_usize, 0..4_usize),
        counts in (1..6_usize, 1..12_usize, 1..3_usize, 2..4_usize, 1..3_usize, 1..4_usize),
        ratio in (1..40_usize, 0..200_usize, 1..60_usize),
        first in (0..80_usize, 0..200_usize),
    ) {
        let (affiliate, external, paragraph, sentences, section, on_page) = counts;
        let percent = |share: usize| f64::from(u32::try_from(share).unwrap()) / 100.0;
        let config = self::config(&format!(
            "{PRODUCTS}mentions: {{per_page: 20, per_product: 9, per_paragraph: 9, per_words: 0}}\n\
             lint:\n  rules:\n    link-density: {{per_1000_words: {}, words: {}, links: {}}}\n    \
             page-overload: {{affiliate: {affiliate}, external: {external}}}\n    paragraph-overload: {{paragraph: {paragraph}}}\n    \
             link-run: {{sentences: {sentences}}}\n    repeated-destination: {{section: {section}, page: {on_page}}}\n    \
             link-text-ratio: {{page: {}, words: {}, paragraph: {}}}\n    bad-placement: {{first_words: {}, words: {}}}\n",
            density.0, density.1, density.2, percent(ratio.0), ratio.1, percent(ratio.2), first.0, first.1,
        ));
        // what a build makes of the links alone
        let links = built(&page, &self::config(&format!("{PRODUCTS}mentions: {{enabled: false}}\n")));
        let after = built(&page, &config);
        let (before, now) = (overload(&links, &config), overload(&after, &config));
        for ((rule, before), now) in OVERLOAD.iter().zip(before).zip(now) {
            prop_assert!(now.0 <= before.0, "{rule} in {after:?}, made of {page:?}");
            prop_assert!(now.1 <= before.1, "{rule} grew from {} to {} in {after:?}", before.1, now.1);
        }
    }
}

/// What pages with notices and markers are put together from, beside [`PIECES`]: labels near and far, what affilink writes
/// itself, what is left open.
const AROUND: &[&str] = &[
    "(paid link)",
    "/words and more words that go on (affiliate link)",
    "#ad",
    " (ad)",
    "*We earn a commission if you buy through links on this page.*\n\n",
    "\n\nWe earn a commission from our links.\n\n",
    "\n\nThis post contains affiliate links.\n\n",
    "As an Amazon Associate I earn from qualifying purchases.",
    "[a kettle](https://www.amazon.com/dp/B000000001)",
    "[that](https://shop.example/c)",
    "<a href=\"https://shop.example/foo\">Foo</a>",
    "<a name=top>",
    "\n\n<div>Foo\n\n",
    "\n\n<div>\n",
    "\n\n<!-- affilink-ignore-next-line link-density -->\n",
    "\n\n{{< note >}}\n",
    "links",
];

/// What pages of built HTML are put together from.
const TAGS: &[&str] = &[
    "<p>",
    "</p>",
    "<ul><li>",
    "<table><tr><td>",
    "<td>",
    "</table>",
    "<b>Foo</b>",
    "<h1>Foo</h1>",
    "<blockquote>",
    "</blockquote>",
    "<a href=https://shop.example/foo>",
    "</a>",
    "<a href=\"https://www.amazon.com/dp/B000000001\">it</a>",
    "<p class=\"disclosure\">We earn a commission if you buy through links on this page.</p>",
    "<div hidden>",
    "</div>",
    "</article><article>",
    "<footer>We may earn a commission from links.</footer>",
];

fn pieces(more: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES),
        3 => prop::sample::select(more),
        1 => Just("So Foo it is."),
    ];
    prop::collection::vec(piece, 1..30).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_second_run_leaves_names_notices_and_markers_as_they_are(
        (markdown, html) in (pieces(AROUND), pieces(TAGS)),
        limits in (0..6_usize, 0..3_usize, 0..4_usize, 0..12_usize),
        style in prop::sample::select(&["plain", "html", "kramdown", "pandoc"][..]),
        place in prop::sample::select(&["auto", "top", "bottom", "none"][..]),
        marker in prop::sample::select(&["", " (ad)", "*"][..]),
    ) {
        let (page, product, paragraph, words) = limits;
        let config = config(&format!(
            "{}  amazon: {{network: amazon, tag: mysite-20}}\n{}  - {{name: links, url: \"https://shop.example/l\"}}\n\
             disclosure: {{place: {place}, marker: \"{marker}\"}}\nlinks: {{markdown: {style}}}\nmentions: {{per_page: {page}, \
             per_product: {product}, per_paragraph: {paragraph}, per_words: {words}}}\n",
            PRODUCTS.split("products:").next().unwrap().replace("disclosure: {place: none, statement: theme}\n", ""),
            PRODUCTS.split_at(PRODUCTS.find("products:").unwrap()).1,
        ));
        let html = format!("<!doctype html><html><head><meta charset=utf-8></head><body><article>{html}</article></body></html>");
        for (page, format, name) in
            [(&markdown, Format::Markdown, "a.md"), (&markdown, Format::Mdx, "a.mdx"), (&html, Format::Html, "a.html")]
        {
            let build = |page: &str| match rewrite(page.as_bytes(), format, name, setup(&config, None, "2026-06-01")) {
                Outcome::Edited { bytes, .. } => String::from_utf8(bytes).unwrap(),
                Outcome::Refused(reason) => panic!("{reason} for {page:?}"),
                _ => page.to_owned(),
            };
            let after = build(page);
            prop_assert_eq!(&build(&after), &after, "a second run changed {:?}", page);
        }
    }
}
