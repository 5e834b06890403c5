//! `audit` as it is typed: what is counted, what is left out, how a change reads, and that no text of a page forges output.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Ran, Tree, root, run};

const CONFIG: &str = "version: 1
site: {url: \"https://mysite.example\"}
programs:
  amazon: {network: amazon, tag: mysite-20}
  kettles: {domains: [kettles.example], set: {ref: mysite, sub: \"{subid}\"}, cookie_days: 30}
  gone: {domains: [gone.example], set: {ref: mysite}, status: ended}
partners:
  jane: {network: amazon, tag: jane-20}
";

/// A page with one link of each kind.
const REVIEW: &str = "---
lang: en
---
# Kettles

We earn a commission if you buy through links on this page.

The [first](https://www.amazon.com/dp/B000000001?tag=mysite-20) and the [second](https://www.amazon.com/dp/B000000002?tag=other-20)
and the [third](https://www.amazon.com/dp/B000000003?tag=jane-20) and the [fourth](https://www.amazon.com/dp/B000000004).

A [short one](https://amzn.to/3abcdef), [a plain shop](https://kettles.example/products/red), [ours](https://kettles.example/blue?ref=mysite&sub=a1),
[an old one](https://gone.example/x?ref=mysite), [home](/), [about](https://www.mysite.example/about), [me](mailto:me@mysite.example),
[somebody's shop](https://cups.example/shop/cup) and [etsy](https://www.etsy.com/listing/1) and [a friend](https://friend.example/).
";

const DRAFT: &str = "---\ndraft: true\n---\n# Later\n\n[x](https://www.amazon.com/dp/B000000009?tag=other-20)\n";

const BUILT: &str = "<!doctype html><html lang=de><title>x</title><body><nav><a href=\"https://www.amazon.com/dp/B000000001?tag=mysite-20\">nav</a></nav>
<main><p>Eins zwei drei <a rel=\"sponsored\" href=\"https://www.amazon.com/dp/B000000001?tag=mysite-20\">vier</a>
<a href=\"https://www.amazon.com/dp/B000000002?tag=mysite-20\">sechs</a> https://www.etsy.com/x <code>keins</code></p></main></body></html>";

fn site() -> Tree {
    Tree::of(&[
        ("affiliates.yaml", CONFIG),
        ("posts/review.md", REVIEW),
        ("posts/later.md", DRAFT),
        ("_drafts/idea.md", "[x](https://www.amazon.com/dp/B000000009?tag=other-20)\n"),
        ("built.html", BUILT),
        ("plain.md", "# Tea\n\nNothing is sold here.\n"),
    ])
}

fn audit(tree: &Tree, args: &[&str]) -> Ran {
    let fixed = ["audit", "--date", "2026-06-01"];
    run(tree.path(), fixed.iter().chain(args))
}

fn json(tree: &Tree, args: &[&str]) -> Value {
    let args: Vec<&str> = ["--format", "json"].iter().chain(args).copied().collect();
    serde_json::from_str(&audit(tree, &args).expect(0).out).unwrap()
}

fn page<'v>(report: &'v Value, path: &str) -> &'v Value {
    report["pages"].as_array().unwrap().iter().find(|page| page["path"] == path).unwrap()
}

#[test]
fn every_link_is_counted_once_and_where_it_belongs() {
    let report = json(&site(), &[]);
    let review = page(&report, "posts/review.md");
    for (field, value) in [
        ("links", 14),
        ("affiliate", 6),
        ("external", 11),
        ("internal", 2),
        ("words_before_notice", 1),
        ("words_before_affiliate", 14),
    ] {
        assert_eq!(review[field], value, "{field}: {review}");
    }
    assert_eq!(
        review["built"]["affiliate"], 7,
        "one plain link more, the ended one less, one more plain one: {review}"
    );
    assert_eq!(review["programs"], serde_json::json!({"amazon": 3, "gone": 1, "jane": 1, "kettles": 1}));
    assert_eq!(
        (&review["language"], &review["disclosure"], &review["kind"]),
        (&"en".into(), &true.into(), &"article".into())
    );
    let built = page(&report, "built.html");
    assert_eq!((&built["links"], &built["words"], &built["outside"]["affiliate"]), (&2.into(), &8.into(), &1.into()));
    assert_eq!((&built["rel_coverage"], &built["language"]), (&serde_json::json!(0.333), &"de".into()));
    let site = &report["site"];
    assert_eq!((&site["pages"], &site["drafts"]), (&3.into(), &2.into()));
    assert_eq!(site["credits"], serde_json::json!({"own": 6, "partner": 1, "foreign": 1, "unknown": 1}));
    assert_eq!(site["subids"], serde_json::json!({"of": 1, "have": 1, "share": 1.0}));
    let merchants = report["merchants"].as_array().unwrap();
    let merchant = |domain: &str| merchants.iter().find(|merchant| merchant["domain"] == domain).unwrap();
    assert_eq!(merchant("amazon.com")["program"], "amazon");
    assert_eq!(merchant("etsy.com")["networks"], serde_json::json!(["awin"]));
    assert_eq!(merchant("cups.example")["sign"], "/shop/");
    assert!(merchants.iter().all(|merchant| merchant["domain"] != "friend.example"), "nothing says that it is a shop");
    assert_eq!(report["outbound"][0]["domain"], "friend.example");
    let gone = report["programs"].as_array().unwrap().iter().find(|program| program["name"] == "gone").unwrap();
    assert_eq!(gone["trouble"], "has ended, and links of it are left: 1");
}

#[test]
fn findings_are_those_of_check() {
    let tree = site();
    let report = json(&tree, &[]);
    let found = run(tree.path(), ["check", "--date", "2026-06-01", "--format", "json"]).out;
    let found: Value = serde_json::from_str(&found).unwrap();
    for page in report["pages"].as_array().unwrap() {
        let of_page = |finding: &&Value| finding["path"] == page["path"];
        let expected: Vec<_> = found["findings"].as_array().unwrap().iter().filter(of_page).collect();
        assert_eq!(page["findings"], expected.len(), "{page}\n{expected:#?}");
    }
}

#[test]
fn without_a_configuration_nothing_is_ones_own() {
    let tree = Tree::of(&[("review.md", REVIEW), (".git/x", "")]);
    let report = json(&tree, &[]);
    assert_eq!(report["site"]["credits"], serde_json::json!({"own": 0, "partner": 0, "foreign": 3, "unknown": 1}));
    assert_eq!((&report["site"]["configured"], &report["site"]["built"]), (&false.into(), &Value::Null));
    let table = audit(&tree, &[]).expect(0);
    assert!(table.out.contains("there is no affiliates.yaml") && table.err.contains("1 file: 1 page"), "{}", table.out);
}

#[test]
fn exit_codes_tell_counted_from_not() {
    let tree = Tree::of(&[("a.md", "# A\n"), ("none/a.txt", "x"), ("odd/a.md", "a\0b"), (".git/x", "")]);
    for (args, code) in [
        (&["a.md"][..], 0),
        (&["none"], 2),
        (&["nowhere"], 2),
        (&["odd"], 0),
        (&["odd/a.md"], 2),
        (&["odd", "--strict"], 2),
        (&["a.md", "--format", "pdf"], 2),
        (&["a.md", "--format", "json="], 2),
        (&["a.md", "--sort", "fame"], 2),
        (&["a.md", "--since", "HEAD"], 2),
        (&["a.md", "--config", "missing.yaml"], 2),
    ] {
        let ran = audit(&tree, args);
        assert_eq!(ran.code, Some(code), "{args:?}\n{}\n{}", ran.out, ran.err);
        assert!(!ran.err.trim().is_empty(), "{args:?} ends without a word");
    }
    let order = audit(&tree, &["a.md", "--sort", "fame"]).err;
    assert!(order.contains("`fame` is no order; the orders are `density`"), "{order}");
}

#[test]
fn one_merchants_links_are_told_with_what_becomes_of_them() {
    let tree = site();
    let report = json(&tree, &["--merchant", "www.kettles.example"]);
    for named in ["kettles.example.", "KETTLES.example", "https://www.kettles.example/products/red"] {
        assert_eq!(json(&tree, &["--merchant", named]), report, "{named}");
    }
    let links = report["links"].as_array().unwrap();
    assert_eq!(links.len(), 2);
    assert_eq!(
        (&links[0]["path"], &links[0]["line"], &links[0]["action"]),
        (&"posts/review.md".into(), &11.into(), &"rewritten".into())
    );
    assert!(links[0]["result"].as_str().unwrap().contains("ref=mysite"), "{links:#?}");
    let text = audit(&tree, &["--merchant", "kettles.example"]).expect(0).out;
    assert!(
        text.contains("posts/review.md:11:") && text.contains("-> https://kettles.example/products/red?"),
        "{text}"
    );
    let none = audit(&tree, &["--merchant", "friend.example"]).expect(0).out;
    assert!(none.contains("nothing says that it is a shop"), "{none}");
}

#[test]
fn merchants_are_asked_for_by_whatever_is_pasted() {
    let tree = site();
    for named in [
        "kettles.example.",
        "KETTLES.example",
        "https://www.kettles.example/products/red?x=1#y",
        "//kettles.example/",
        "https://u:p@kettles.example:443/x",
        "kettles.example/products",
        "*.kettles.example",
        "shop.kettles.example",
    ] {
        let report = json(&tree, &["--merchant", named]);
        assert_eq!(report["links"].as_array().map(Vec::len), Some(2), "{named}");
    }
    let below = audit(&tree, &["--merchant", "www.old.friend.example"]).expect(0).out;
    assert!(below.contains("1 link on 1 page leads to `friend.example`, but nothing"), "{below}");
    for (named, help) in [
        ("kettles", "no domain; `kettles.example`?"),
        ("no thing", "write it like `shop.example`"),
        ("mailto:a@kettles.example", "write it like"),
    ] {
        let error = audit(&tree, &["--merchant", named]).expect(2).err;
        assert!(error.contains(help), "{error}");
    }
}

#[test]
fn a_small_site_reads_like_this() {
    let tree = site();
    for (format, name) in
        [("table", "audit.txt"), ("json", "audit.json"), ("csv", "audit.csv"), ("markdown", "audit.md")]
    {
        let made = audit(&tree, &["--format", format]).expect(0).out;
        expect_file(&root().join("fixtures/report").join(name), &made);
    }
}

#[test]
fn reports_go_to_files_and_are_ordered_as_asked() {
    let tree = site();
    let ran = audit(&tree, &["--format", "json=a.json", "--format", "csv", "--sort", "words", "--top", "1"]).expect(0);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.out.contains("posts/review.md"));
    let report: Value = serde_json::from_str(&tree.text("a.json")).unwrap();
    assert_eq!(report["pages"].as_array().unwrap().len(), 1);
    assert_eq!(report["site"]["pages"], 3, "totals are of all pages");
}

#[test]
fn a_change_is_told_by_what_it_adds_and_takes_away() {
    let tree = Tree::of(&[
        ("affiliates.yaml", CONFIG),
        ("a.md", "# A\n\nWords and words.\n"),
        ("gone.md", DRAFT),
        ("b.md", REVIEW),
    ]);
    commit(&tree);
    let added = "# A\n\nWords and [words](https://www.amazon.com/dp/B000000001) and [more](https://www.amazon.com/dp/B000000002?tag=other-20).\n";
    tree.put("a.md", added);
    tree.put("new.md", "New. [x](https://friend.example)\n");
    std::fs::remove_file(tree.at("gone.md")).unwrap();
    let text = audit(&tree, &["--since", "HEAD"]).expect(0).out;
    assert!(text.starts_with("this change adds 2 paid links to a 6-word page\n"), "{text}");
    assert!(text.contains("a.md: adds 2 paid links to a 6-word page (it had 4 words)"), "{text}");
    let report = json(&tree, &["--since", "HEAD"]);
    assert_eq!(report["paid"], serde_json::json!({"added": 2, "removed": 0}), "a draft went");
    let states: Vec<_> = report["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| (page["path"].as_str().unwrap(), page["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("a.md", "changed"), ("gone.md", "removed"), ("new.md", "added")]);
    let comment = audit(&tree, &["--since", "HEAD", "--format", "markdown"]).expect(0).out;
    assert!(
        comment.starts_with("**This change adds 2 paid links to a 6&#45;word page.**")
            || comment.starts_with("**This change adds 2 paid links to a 6-word page.**"),
        "{comment}"
    );
    assert_eq!(audit(&tree, &["--since", "HEAD", "--format", "csv"]).expect(0).out.lines().count(), 4);
    audit(&tree, &["--since", "nothing"]).expect(2);
}

#[test]
fn a_change_counts_values_and_what_another_map_makes_of_pages() {
    const SHOP: &str = "https://www.amazon.com/dp/B000000001";
    let tree = Tree::of(&[
        ("affiliates.yaml", format!("{CONFIG}links: {{front_matter: [buy]}}\n").as_str()),
        ("shops.md", "[a](https://cups.example/shop/cup) and [b](https://kettles.example/products/red)\n"),
        ("value.md", "---\nbuy: /about\n---\nWords.\n"),
        ("built.html", "<main><p>Words.</p></main>\n"),
    ]);
    commit(&tree);
    let headline = || audit(&tree, &["--since", "HEAD"]).expect(0).out.lines().next().unwrap_or_default().to_owned();
    let alike = "this change adds and removes no paid link";
    assert_eq!(headline(), format!("{alike} (0 pages compared)"));

    tree.put("value.md", format!("---\nbuy: {SHOP}\n---\nWords.\n"));
    tree.put(
        "built.html",
        format!("<main><p>Words.</p></main><footer><a href='{SHOP}?tag=mysite-20'>x</a></footer>\n"),
    );
    assert_eq!(headline(), "this change adds 2 paid links on 2 pages");
    let report = json(&tree, &["--since", "HEAD"]);
    let there = report["pages"].as_array().unwrap().iter().map(|page| &page["affiliate_elsewhere"]);
    let one = serde_json::json!({"before": 0, "after": 1});
    assert_eq!(there.collect::<Vec<_>>(), [&one, &one]);
    commit(&tree);

    tree.put("affiliates.yaml", CONFIG.replace("kettles.example]", "kettles.example, cups.example]"));
    assert_eq!(headline(), "this change adds 1 paid link and removes 1, on 2 pages", "cups, and the key");
    let text = audit(&tree, &["--since", "HEAD"]).expect(0).out;
    assert!(text.contains("shops.md: adds 1 paid link"), "{text}");
    tree.put("affiliates.yaml", format!("{CONFIG}files: {{exclude: [shops.md]}}\nlinks: {{front_matter: [buy]}}\n"));
    assert_eq!(headline(), "this change removes 1 paid link from 1 page");
    commit(&tree);

    tree.put("affiliates.yaml", "version: 1\nproducts: [{from: list.csv}]\n");
    tree.put("list.csv", "name,url\nWords,https://www.amazon.com/dp/B000000007\n");
    commit(&tree);
    tree.put("list.csv", "name,url\nWorms,https://www.amazon.com/dp/B000000007\n");
    assert!(headline().contains("compared"), "{}", headline());
    assert!(!headline().contains("(0 pages"), "{}", headline());
    tree.put("affiliates.yaml", "version: 2\n");
    commit(&tree);
    tree.put("affiliates.yaml", CONFIG);
    let ran = audit(&tree, &["--since", "HEAD"]).expect(0);
    assert!(ran.err.contains("it could not be read; what was there is counted by that of now"), "{}", ran.err);
}

#[test]
fn no_text_of_a_page_forges_output() {
    let evil = "=cmd()|@somebody [x](y) <img src=x> `a` \u{1b}[31m";
    let name = "=a|@b<img>.md";
    let page = format!(
        "# {evil}\n\n[{evil}](https://www.amazon.com/dp/B000000001?tag=other-20) and [x](https://www.etsy.com/a|b<c>\u{202e}d)\n"
    );
    let tree = Tree::of(&[(name, page.as_str()), (".git/x", "")]);
    for args in [&["--format", "csv"][..], &["--format", "csv", "--merchant", "amazon.com"]] {
        let csv = audit(&tree, args).expect(0).out;
        assert!(csv.lines().skip(1).all(|line| line.starts_with("'=a") || line.starts_with("\"'=a")), "{csv}");
    }
    for format in ["table", "json", "csv", "markdown"] {
        for merchant in [&[][..], &["--merchant", "amazon.com"], &["--merchant", "etsy.com"]] {
            let args: Vec<_> = ["--format", format].iter().chain(merchant).copied().collect();
            let text = audit(&tree, &args).expect(0).out;
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text}");
            if format == "markdown" {
                assert!(!text.contains("<img") && !text.contains("@b") && !text.contains("](y)"), "{text}");
                let cells = |line: &str| line.matches('|').count();
                let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ") && line.contains("img")).collect();
                assert!(rows.iter().all(|row| cells(row) == 7 || cells(row) == 5), "{rows:#?}");
            }
        }
    }
}

/// Compares with a file, or writes it where `AFFILINK_BLESS` is set.
fn expect_file(path: &Path, made: &str) {
    if std::env::var_os("AFFILINK_BLESS").is_some() {
        std::fs::write(path, made).unwrap();
    }
    let stands = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(stands, made, "AFFILINK_BLESS=1 writes {}", path.display());
}

/// Commits all of `tree`.
fn commit(tree: &Tree) {
    git(tree, &["init", "-q", "-b", "main"]);
    git(tree, &["add", "."]);
    git(tree, &["commit", "-q", "-m", "one"]);
}

fn git(tree: &Tree, args: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@mysite.example", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").current_dir(tree.path()).args(who).args(args).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
