//! Names of products that become links: whatever the page and the limits, readers see the same text, limits hold, a second
//! run has nothing left to do, and stripping leaves the names.

use std::fs;

use affilink::config::Config;
use affilink::pipeline::build::setup;
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
