//! `explain` and `networks`: what is said of URLs, lines and networks; and, told by it, what is done with links that are
//! there already, and which program wins.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use affilink::explain::Explainer;
use serde_json::Value;

use crate::support::{Ran, Tree, affilink, config, root, run};

const DATE: &str = "2026-06-01";

/// Credit, program, reason and result of `url` under the configuration `text`.
fn told(text: &str, url: &str, page: &str) -> (String, String, String, String) {
    let config = config(text);
    let explainer = Explainer::new(&config, page, DATE);
    let mut line = Vec::new();
    explainer.url(url).json(&mut line);
    let object: Value = serde_json::from_slice(&line).unwrap();
    let word = |key: &str| object[key].as_str().unwrap_or("-").to_owned();
    (word("credit"), word("program"), word("reason"), word("result"))
}

/// URL, credit, program, reason and result; `-` stands for none, and for a URL that stays.
type Row<'r> = (&'r str, &'r str, &'r str, &'r str, &'r str);

fn check(text: &str, cases: &[Row<'_>]) {
    for (url, credit, program, reason, result) in cases {
        let result = if *result == "-" { *url } else { *result };
        let wanted = ((*credit).into(), (*program).into(), (*reason).into(), result.into());
        assert_eq!(told(text, url, "posts/a.md"), wanted, "{url}");
        // a second build finds nothing to do
        let again = told(text, result, "posts/a.md");
        assert_eq!(again.3, result, "{url}, twice");
    }
}

const OWN: &str = "version: 1
programs:
  amazon: {network: amazon, tag: [mysite-20, mysite-yt-20], tags: {amazon.de: mysite-21}, retired_ids: [oldsite-20]}
  shoes: {network: awin, awinaffid: [123456, 123457], awinmid: 555, domains: [shoes.example], retired_ids: [777]}
  late: {network: awin, awinaffid: 123456, awinmid: 556, domains: [late.example], status: paused}
partners:
  jane: {network: amazon, tag: jane-20}
  joe: {network: awin, awinaffid: 4242}
links: {subid: \"{page}\"}
";

#[test]
fn own_and_partners_links_stay_and_are_mended() {
    let awin = "https://www.awin1.com/cread.php?awinmid=555&awinaffid=";
    let shoes = "&ued=https%3A%2F%2Fshoes.example%2Fx";
    let cases: &[Row<'_>] = &[
        ("https://www.amazon.com/dp/B1?tag=mysite-yt-20", "own", "amazon", "own", "-"),
        ("https://www.amazon.com/dp/B1?tag=mysite-20&ascsubtag=x", "own", "amazon", "own", "-"),
        (
            "https://www.amazon.com/dp/B1?th=1&tag=oldsite-20&psc=1",
            "own",
            "amazon",
            "retired-id",
            "https://www.amazon.com/dp/B1?th=1&tag=mysite-20&psc=1",
        ),
        (
            "https://www.amazon.de/dp/B1?tag=mysite-20",
            "own",
            "amazon",
            "store",
            "https://www.amazon.de/dp/B1?tag=mysite-21",
        ),
        ("https://www.amazon.co.uk/dp/B1?tag=mysite-20", "own", "amazon", "no-id-for-store", "-"),
        ("https://www.amazon.co.uk/dp/B1", "none", "amazon", "no-id-for-store", "-"),
        ("https://www.amazon.com/dp/B1?tag=jane-20", "partner", "-", "partner", "-"),
        (
            "https://www.amazon.com/dp/B1?tag=googshopuk-21&linkCode=df0",
            "none",
            "amazon",
            "program",
            "https://www.amazon.com/dp/B1?tag=mysite-20",
        ),
        ("https://amzn.to/3AbCdEf", "unknown", "-", "opaque", "-"),
        (&format!("{awin}123457&clickref=a{shoes}"), "own", "shoes", "own", "-"),
        (&format!("{awin}4242{shoes}"), "partner", "-", "partner", "-"),
        // a sub-ID that stands, stays; a mended link gets none
        (
            &format!("{awin}777&clickref=a{shoes}"),
            "own",
            "shoes",
            "retired-id",
            &format!("{awin}123456&clickref=a{shoes}"),
        ),
        (&format!("{awin}777{shoes}"), "own", "shoes", "retired-id", &format!("{awin}123456{shoes}")),
        ("https://www.awin1.com/pclick.php?p=1&a=777&m=555", "own", "shoes", "no-destination", "-"),
        // nothing new for a paused program; what stands, stays
        ("https://late.example/x", "none", "late", "paused", "-"),
        (
            "https://www.awin1.com/cread.php?awinmid=556&awinaffid=123456&ued=https%3A%2F%2Flate.example%2F",
            "own",
            "late",
            "own",
            "-",
        ),
    ];
    check(OWN, cases);
}

#[test]
fn foreign_links_go_as_the_policy_says() {
    let amazon = "https://www.amazon.com/dp/B1?tag=someone-20&linkCode=ll1&th=1";
    let awin =
        "https://www.awin1.com/cread.php?awinmid=555&awinaffid=999&clickref=z&ued=https%3A%2F%2Fshoes.example%2Fx";
    let zoo = "https://www.awin1.com/cread.php?awinmid=9&awinaffid=999&ued=https%3A%2F%2Fzoo.example%2Fx%3Fa%3D1";
    let silent = "https://www.awin1.com/pclick.php?p=1&a=999&m=555";
    let nested = "https://www.awin1.com/cread.php?awinmid=9&awinaffid=999&ued=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB1%3Ftag%3Dsomeone-20";
    let inner = "https://www.awin1.com/cread.php?awinmid=9&awinaffid=999&ued=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB1%3Ftag%3Dmysite-20";
    let unsaid = "https://www.awin1.com/rclick.php?pr=https%3A%2F%2Fshoes.example%2Fx";
    let mine = "https://www.amazon.com/dp/B1?tag=mysite-20&th=1";
    let plain = "https://www.amazon.com/dp/B1?tag=mysite-20";
    let shoes = "https://www.awin1.com/cread.php?awinmid=555&awinaffid=123456&clickref=posts-a&ued=https%3A%2F%2Fshoes.example%2Fx";
    let doubled = "https://www.amazon.com/dp/B1?tag=a-20&x=1&tag=b-20";
    let keep: &[Row<'_>] = &[
        (amazon, "foreign", "-", "foreign", "-"),
        (awin, "foreign", "-", "foreign", "-"),
        (zoo, "foreign", "-", "foreign", "-"),
        (silent, "foreign", "-", "foreign", "-"),
        (nested, "foreign", "-", "foreign", "-"),
        (inner, "own", "amazon", "own", "-"),
        (unsaid, "unknown", "-", "opaque", "-"),
        (doubled, "foreign", "-", "foreign", "-"),
    ];
    let replace: &[Row<'_>] = &[
        (amazon, "foreign", "amazon", "foreign-replaced", mine),
        (awin, "foreign", "shoes", "foreign-replaced", shoes),
        (zoo, "foreign", "-", "foreign-no-program", "-"),
        (silent, "foreign", "-", "no-destination", "-"),
        (nested, "foreign", "amazon", "foreign-replaced", plain),
        (inner, "own", "amazon", "own", "-"),
        (unsaid, "unknown", "-", "opaque", "-"),
        (doubled, "foreign", "amazon", "foreign-replaced", "https://www.amazon.com/dp/B1?tag=mysite-20&x=1"),
    ];
    let strip: &[Row<'_>] = &[
        (amazon, "foreign", "amazon", "foreign-replaced", mine),
        (zoo, "foreign", "-", "foreign-stripped", "https://zoo.example/x?a=1"),
        (silent, "foreign", "-", "no-destination", "-"),
        (unsaid, "unknown", "-", "opaque", "-"),
    ];
    let unwrap: &[Row<'_>] = &[
        (amazon, "foreign", "-", "foreign", "-"),
        (awin, "foreign", "shoes", "unwrapped", shoes),
        (zoo, "foreign", "-", "foreign", "-"),
        (silent, "foreign", "-", "foreign", "-"),
        (nested, "foreign", "amazon", "unwrapped", plain),
        (unsaid, "unknown", "shoes", "unwrapped", shoes),
    ];
    for (policy, cases) in
        [("foreign: keep", keep), ("foreign: replace", replace), ("foreign: strip", strip), ("unwrap: true", unwrap)]
    {
        check(&OWN.replace("links: {", &format!("links: {{{policy}, ")), cases);
    }
}

const ENDED: &str = "version: 1
programs:
  amazon: {network: amazon, tag: mysite-20, tags: {amazon.de: mysite-21}, retired_ids: [oldsite-20], status: ended}
  shoes: {network: awin, awinaffid: 123456, awinmid: 555, domains: [shoes.example], ends: 2026-05-31}
  shoes-next: {network: cj, pid: 7000001, aid: 10000001, domains: [shoes.example]}
  boots: {network: awin, awinaffid: 123456, awinmid: 556, domains: [boots.example]}
  base: {network: impact, link: \"https://base.pxf.io/c/111/222/333\", domains: [base.example], status: ended}
  acme: {domains: [acme.example], set: {ref: me}, status: ended}
  other: {domains: [other.example], template: \"https://track.example/c/9?u={url}\", status: ended}
";

#[test]
fn links_of_ended_programs_go_to_the_next_program_or_become_clean() {
    let awin = "https://www.awin1.com/cread.php?awinmid=555&awinaffid=123456";
    check(
        ENDED,
        &[
            (
                "https://www.amazon.com/dp/B1?th=1&tag=mysite-20",
                "own",
                "amazon",
                "program-ended",
                "https://www.amazon.com/dp/B1?th=1",
            ),
            (
                "https://www.amazon.de/dp/B1?tag=mysite-20",
                "own",
                "amazon",
                "program-ended",
                "https://www.amazon.de/dp/B1",
            ),
            (
                "https://www.amazon.co.uk/dp/B1?tag=oldsite-20",
                "own",
                "amazon",
                "program-ended",
                "https://www.amazon.co.uk/dp/B1",
            ),
            (
                "https://www.amazon.com/exec/obidos/ASIN/B000000001/mysite-20",
                "own",
                "amazon",
                "program-ended",
                "https://www.amazon.com/exec/obidos/ASIN/B000000001",
            ),
            ("https://acme.example/x?ref=me&a=1", "own", "acme", "program-ended", "https://acme.example/x?a=1"),
            (
                "https://track.example/c/9?u=https%3A%2F%2Fother.example%2Fx",
                "own",
                "other",
                "program-ended",
                "https://other.example/x",
            ),
            (
                "https://base.pxf.io/c/111/222/333?u=https%3A%2F%2Fbase.example%2Fx",
                "own",
                "base",
                "program-ended",
                "https://base.example/x",
            ),
            (
                &format!("{awin}&ued=https%3A%2F%2Fshoes.example%2Fx"),
                "own",
                "shoes-next",
                "program-ended",
                "https://www.anrdoezrs.net/click-7000001-10000001?url=https%3A%2F%2Fshoes.example%2Fx",
            ),
            // around somebody else's link it is one's own all the same
            (
                &format!("{awin}&ued=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB1%3Ftag%3Dsomeone-20"),
                "own",
                "shoes",
                "program-ended",
                "https://www.amazon.com/dp/B1?tag=someone-20",
            ),
            // no destination to go to: it stays, and is listed
            ("https://www.awin1.com/pclick.php?p=1&a=123456&m=555", "own", "shoes", "ended", "-"),
            ("https://base.pxf.io/c/111/222/333", "own", "base", "ended", "-"),
            // one account, several merchants: only those of the merchant whose program has ended
            (
                "https://www.awin1.com/cread.php?awinmid=556&awinaffid=123456&ued=https%3A%2F%2Fboots.example%2F",
                "own",
                "boots",
                "own",
                "-",
            ),
            // nothing new
            ("https://www.amazon.com/dp/B1", "none", "amazon", "ended", "-"),
        ],
    );
}

#[test]
fn after_one_build_no_readable_link_of_an_ended_program_is_left_in_an_editable_place() {
    let page = "---\nbuy: https://acme.example/1?ref=me\n---\n\
        [a](https://acme.example/2?ref=me) [b][r] <https://acme.example/3?ref=me> ![i](https://acme.example/i?ref=no)\n\n\
        | x |\n|---|\n| [c](https://acme.example/4?ref=me) |\n\n> <a href='https://acme.example/5?ref=me'>d</a>\n\n\
        {{< buy \"https://acme.example/6?ref=me\" >}}\n\n[r]: https://acme.example/7?ref=me \"t\"\n";
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            format!("{ENDED}links: {{front_matter: [buy], shortcodes: {{buy: [0]}}, markdown: plain}}\n").as_str(),
        ),
        ("site/a.md", page),
        (
            "site/b.html",
            "<a href=https://acme.example/8?ref=me>x</a><map><area href=\"https://acme.example/9?a&amp;ref=me\"></map>",
        ),
    ]);
    run(tree.path(), ["build", "site", "--out", "out", "--date", DATE]).expect(0);
    let made = tree.text("out/a.md") + &tree.text("out/b.html");
    let links = made.replace("[https://acme.example/3?ref=me]", "");
    assert!(!links.contains("ref=me"), "{made}");
    // what cannot be rewritten is listed, and the exit code says so, as long as it is there
    tree.put("site/c.md", "`x` <pre><a href=\"https://acme.example/9?ref=me\">x</a></pre>\n");
    tree.put("site/d.md", "[x](https://base.pxf.io/c/111/222/333)\n");
    tree.put("site/e.md", "---\naffilink: false\n---\n[x](https://acme.example/9?ref=me)\n");
    for _ in 0..2 {
        let ran = run(tree.path(), ["build", "site", "--out", "out", "--date", DATE]).expect(1);
        for page in ["c.md:1:", "d.md:1:", "e.md:4:"] {
            assert!(ran.out.contains(page), "{page}: {}", ran.out);
        }
        assert!(!ran.out.contains("a.md:") && !ran.out.contains("b.html:"), "{}", ran.out);
    }
}

#[test]
fn the_page_and_the_day_decide_who_wins() {
    let text = "version: 1
programs:
  plain: {domains: [shop.example], set: {ref: plain}}
  pays: {domains: [shop.example], set: {ref: pays}, commission: 5%}
  deals: {domains: [shop.example], set: {ref: deals}, pages: [\"deals/**\"], priority: 1}
  soon: {domains: [shop.example], set: {ref: soon}, starts: 2026-06-02, priority: 2}
  over: {domains: [shop.example], set: {ref: over}, ends: 2026-05-31, priority: 2}
";
    let url = "https://shop.example/x";
    assert_eq!(told(text, url, "a.md").3, "https://shop.example/x?ref=pays");
    assert_eq!(told(text, url, "en/deals/a.md").3, "https://shop.example/x?ref=deals");
    let tree = Tree::of(&[("affiliates.yaml", text)]);
    let result = |date: &str| {
        let ran = run(tree.path(), ["explain", url, "--date", date, "--path", "a.md"]).expect(0);
        ran.out
            .lines()
            .find_map(|line| line.trim().strip_prefix("it becomes").map(|rest| rest.trim().to_owned()))
            .unwrap()
    };
    assert_eq!(result("2026-05-31"), "https://shop.example/x?ref=over", "the last day counts");
    assert_eq!(result("2026-06-01"), "https://shop.example/x?ref=pays");
    assert_eq!(result("2026-06-02"), "https://shop.example/x?ref=soon", "the first day counts");
    let ran = run(tree.path(), ["explain", url, "--date", DATE, "--path", "a.md"]).expect(0);
    for line in [
        "pays: wins",
        "plain: loses by commission: none given, `pays` has 5 %",
        "deals: not here: its `pages` leave out a.md",
        "soon: takes no links yet: its first day is 2026-06-02",
        "over: takes no links: ended, its last day is 2026-05-31",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
}

const KEYS: [&str; 9] = ["url", "credit", "layers", "destination", "program", "action", "result", "rel", "reason"];

#[test]
fn without_a_configuration_nothing_is_ones_own() {
    let tree = Tree::of(&[("a.md", "[x](https://www.amazon.com/dp/B1?tag=someone-20)\n")]);
    let urls = [
        ("https://www.amazon.com/dp/B1?tag=someone-20", "foreign"),
        ("https://www.amazon.com/dp/B1?tag=googshopuk-21", "none"),
        ("https://www.amazon.com/dp/B1", "none"),
        ("//www.amazon.com/dp/B1?tag=someone-20", "foreign"),
        ("www.amazon.com/dp/B1?tag=someone-20", "foreign"),
        ("https://amzn.to/abc", "unknown"),
        ("https://example.org/?tag=someone-20", "none"),
        ("/go/kettle", "none"),
    ];
    let args = ["explain", "--format", "json"].into_iter().chain(urls.iter().map(|(url, _)| *url));
    let ran = run(tree.path(), args).expect(0);
    assert_eq!(ran.out.lines().count(), urls.len());
    for (line, (url, credit)) in ran.out.lines().zip(urls) {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["url"], url);
        assert_eq!(object["credit"], credit, "{url}");
        assert_eq!(object["result"], url, "nothing is rewritten");
        assert_eq!(object.as_object().unwrap().len(), KEYS.len());
        let places: Vec<_> = KEYS.iter().map(|key| line.find(&format!("\"{key}\":")).unwrap()).collect();
        assert!(places[0] < places[1], "{line}");
    }
    let ran = run(tree.path(), ["explain", "a.md:1"]).expect(0);
    assert!(ran.out.starts_with("a.md:1:1: link https://www.amazon.com/"), "{}", ran.out);
    assert!(ran.out.contains("amazon: {network: amazon, tag: someone-20}"), "what to paste: {}", ran.out);
    for (url, line) in [
        ("https://www.amazon.de/dp/B1?tag=a-21", "amazon: {network: amazon, tags: {amazon.de: a-21}}"),
        ("https://www.amazon.de/dp/B1", "amazon: {network: amazon, tags: {amazon.de: ...}}"),
        ("https://www.strange.example/dp/B1", "strange: {network: ..., domains: [strange.example]}"),
        (
            "https://www.awin1.com/cread.php?awinmid=5&awinaffid=6&ued=https%3A%2F%2Fshop.strange.example%2F",
            "strange: {network: awin, awinmid: 5, awinaffid: 6, domains: [shop.strange.example]}",
        ),
    ] {
        let ran = run(tree.path(), ["explain", url]).expect(0);
        assert!(ran.out.contains(line), "what to paste: {}", ran.out);
    }
}

fn site() -> Tree {
    Tree::of(&[("affiliates.yaml", OWN), ("posts/a.md", PAGE)])
}

const PAGE: &str = "---
title: x
buy: https://shoes.example/front
---
[one](https://shoes.example/x) [two][r] <https://www.amazon.de/dp/B1> `https://shoes.example/code` [w](https://en.wikipedia.org/)

Nothing.

<a rel=\"me\" href=\"https://shoes.example/me\">me</a> [m](mailto:x@y.example) {{< buy \"https://shoes.example/sc\" >}}

[r]: https://shoes.example/x
";

#[test]
fn a_line_is_explained_as_a_build_decides_about_it() {
    let tree = site();
    let line = |line: usize| {
        let ran = run(tree.path(), ["explain", "--format", "json", &format!("posts/a.md:{line}")]).expect(0);
        let objects: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (objects, ran.err)
    };
    let (links, told) = line(5);
    let pairs: Vec<_> =
        links.iter().map(|link| (link["url"].as_str().unwrap(), link["reason"].as_str().unwrap())).collect();
    assert_eq!(
        pairs,
        [
            ("https://shoes.example/x", "program"),
            ("https://shoes.example/x", "program"),
            ("https://www.amazon.de/dp/B1", "program"),
            ("https://en.wikipedia.org/", "no-program"),
        ]
    );
    assert!(told.contains("https://shoes.example/code"), "{told}");
    // the page as it is built from the same folder
    run(tree.path(), ["build", ".", "--out", "out", "--date", DATE]).expect(0);
    let built = tree.text("out/posts/a.md");
    for link in &links {
        assert!(built.contains(link["result"].as_str().unwrap()), "{link} in {built}");
    }
    assert_eq!(line(11).0.len(), 1, "the link whose definition stands there");
    let (links, told) = line(9);
    let reasons: Vec<_> = links.iter().map(|link| link["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["opt-out-rel-me", "no-url"]);
    assert!(told.contains("shortcodes: {buy: [0]}"), "{told}");
    assert!(line(3).1.contains("front_matter: [buy]"), "{}", line(3).1);
    assert!(line(7).1.contains("no link here; the nearest: posts/a.md:5, posts/a.md:9"), "{}", line(7).1);
    // from another folder the page has the same name
    let ran = run(&tree.at("posts"), ["explain", "a.md:5:3"]).expect(0);
    assert!(ran.out.starts_with("posts/a.md:5:1: ") && ran.out.contains("clickref=posts-a"), "{}", ran.out);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let tree = site();
    tree.put("bad.md", b"caf\xe9");
    tree.put("x.txt", "x");
    tree.put("broken.yaml", "version: 2\n");
    for (args, words) in [
        (&["explain"][..], "WHAT"),
        (&["explain", "awinn"], "did you mean `awin`?"),
        (&["explain", "shoes.example/x"], "did you mean `https://shoes.example/x`?"),
        (&["explain", "nonsense"], "affilink networks"),
        (&["explain", "none.md:3"], "no such file"),
        (&["explain", "posts/a.md"], "posts/a.md:12"),
        (&["explain", "posts/a.md:99"], "11 lines"),
        (&["explain", "posts/a.md:0"], "11 lines"),
        (&["explain", "bad.md:1"], "not UTF-8"),
        (&["explain", "x.txt:1"], "no page"),
        (&["explain", "https://a.example/", "-c", "broken.yaml"], "broken.yaml:1"),
        (&["explain", "https://a.example/", "-c", "none.yaml"], "none.yaml"),
        (&["networks", "awinn"], "did you mean `awin`?"),
    ] {
        let ran = run(tree.path(), args.iter().copied()).expect(2);
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{args:?}: {}{}", ran.out, ran.err);
    }
}

fn stream(args: &[&str], input: &[u8]) -> Ran {
    let tree = site();
    let mut child = affilink(tree.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let ran = Ran::of(&child.wait_with_output().unwrap());
    writer.join().unwrap().unwrap();
    ran
}

#[test]
fn every_line_of_a_stream_has_its_object_in_order() {
    let awkward: &[&[u8]] = &[
        b"https://www.amazon.com/dp/B1?tag=mysite-20",
        b"",
        b"   ",
        b"not a url",
        b"https://",
        b"https://[::1",
        b"caf\xe9 https://x",
        b"https://www.amazon.com/dp/B1?tag=mysite-20\r",
        b"javascript:alert(1)",
        b"https://amazon.com@evil.com/",
        b"\x1b[31mhttps://x.example/",
    ];
    let count = 5_000;
    let mut input: Vec<u8> = Vec::new();
    for index in 0..count {
        input.extend_from_slice(awkward[index % awkward.len()]);
        input.push(b'\n');
    }
    input.extend_from_slice(b"https://www.amazon.com/dp/LAST");
    let ran = stream(&["explain", "-", "--format", "json"], &input).expect(0);
    let objects: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), count + 1);
    for (index, object) in objects[..count].iter().enumerate() {
        let own = matches!(index % awkward.len(), 0 | 7);
        assert_eq!(object["credit"], if own { "own" } else { "none" }, "{object}");
        assert_eq!(object["url"], String::from_utf8_lossy(awkward[index % awkward.len()].trim_ascii()).as_ref());
    }
    assert_eq!(objects[1]["reason"], "no-url");
    assert_eq!(objects[count]["url"], "https://www.amazon.com/dp/LAST");
    assert_eq!(stream(&["explain", "-"], b"").expect(0).out, "");
}

#[test]
fn a_stream_is_answered_as_it_comes() {
    let tree = site();
    let mut child = affilink(tree.path(), ["explain", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for _ in 0..3 {
        stdin.write_all(b"https://amzn.to/x\n").unwrap();
        let mut byte = [0];
        while byte[0] != b'\n' {
            stdout.read_exact(&mut byte).unwrap();
        }
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_of_a_stream_that_goes_away_is_no_error() {
    let tree = site();
    let mut child = affilink(tree.path(), ["explain", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // it may stop reading when nobody reads its answers
        let _ = stdin.write_all(&b"https://www.amazon.com/dp/B1\n".repeat(100_000));
    });
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap());
    writer.join().unwrap();
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn hostile_text_is_escaped() {
    let tree = site();
    let url = "https://www.amazon.com/dp/\u{1b}[31m\u{202e}?tag=a\u{9b}b";
    let ran = run(tree.path(), ["explain", url]).expect(0);
    assert!(!(ran.out.clone() + &ran.err).contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{}", ran.out);
    tree.put("x\u{1b}[31m.md", "[x](https://shoes.example/\u{202e}) `https://shoes.example/\u{9b}`\n");
    for word in ["x\u{1b}[31m.md:1", "x\u{1b}[31m.md", "\u{1b}[31m", "x\u{1b}.md:1"] {
        let ran = run(tree.path(), ["explain", word]);
        let all = ran.out + &ran.err;
        assert!(!all.is_empty() && !all.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{all}");
    }
}

#[test]
fn networks_are_listed_and_shown() {
    let tree = Tree::new();
    let table = run(tree.path(), ["networks"]).expect(0).out;
    let json = run(tree.path(), ["networks", "--format", "json"]).expect(0).out;
    let known = affilink::networks::all();
    assert_eq!(table.lines().count(), known.len() + 1);
    assert_eq!(json.lines().count(), known.len());
    for (network, line) in known.iter().zip(json.lines()) {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["id"], network.id);
        assert_eq!(object["source"], network.source);
    }
    let shown = run(tree.path(), ["networks", "awin"]).expect(0).out;
    assert_eq!(shown, run(tree.path(), ["explain", "awin"]).expect(0).out);
    assert!(
        shown.contains("shop: {network: awin, awinmid: 123456, awinaffid: 234567, domains: [shop.example]}"),
        "{shown}"
    );
    assert!(
        shown.contains("https://www.awin1.com/cread.php?awinmid=123456&awinaffid=234567&ued=https%3A%2F%2F"),
        "{shown}"
    );
}

#[test]
fn the_reference_of_networks_is_the_catalogs() {
    let path = root().join("docs/networks.md");
    let made = affilink::report::networks::reference(affilink::networks::all());
    if std::env::var_os("AFFILINK_BLESS").is_some() {
        std::fs::create_dir_all(root().join("docs")).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), made, "AFFILINK_BLESS=1 writes the page");
    for block in made.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        config(&format!("version: 1\n{block}"));
    }
}

const NAMES: &str = "version: 1
programs:
  shop: {domains: [shop.example], set: {ref: mysite}}
  late: {domains: [late.example], set: {ref: mysite}, status: paused}
products:
  - {name: Kettle, url: \"https://shop.example/kettle\", not: [Kettle Falls]}
  - {name: Teapot, url: \"https://shop.example/teapot\"}
  - {name: Wok, url: \"https://shop.example/wok\", pages: [\"woks/**\"]}
  - {name: Mug, url: \"https://shop.example/mug\", context: [porcelain]}
  - {name: Pan, url: \"https://late.example/pan\"}
  - {name: Rug, url: \"https://rugs.example/rug\"}
  - {name: Jar, url: \"https://shop.example/jar\", per_page: 2}
  - {name: Cup, url: \"https://shop.example/cup\"}
  - {name: Pot, url: \"https://shop.example/pot\"}
mentions: {per_page: 3, per_words: 10}
disclosure: {marker: \" (ad)\"}
lint: {rules: {bad-placement: 'off'}}
";

const NAMED: &str = "---
title: x
affilink: {skip: [Pot]}
---
# A Kettle

First a Kettle, later `Kettle`, [Kettle](https://example.org/), Kettle and Kettle Falls. A Teapot.

> A Jar.

No Wok, Mug, Pan, Rug or Pot here, and then a very long sentence that has enough words for the Jar.

Of all the things in the world that could stand here at the end of a line, a Cup.

Words, words and many more of them so that ten of them stand in between, and then the Teapot comes.
";

#[test]
fn every_mention_of_a_line_is_explained_with_what_stood_in_the_way() {
    let tree = Tree::of(&[("affiliates.yaml", NAMES), ("a.md", NAMED)]);
    let line = |line: usize, format: &str| {
        run(tree.path(), ["explain", "--format", format, "--date", DATE, &format!("a.md:{line}")]).expect(0)
    };
    let pairs = |number: usize| -> Vec<(String, String)> {
        let ran = line(number, "json");
        let objects = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let word = |object: &Value, key: &str| object[key].as_str().unwrap().to_owned();
        objects
            .inspect(|object| assert_eq!(object.as_object().unwrap().len(), KEYS.len()))
            .map(|object| (word(&object, "url").replace("https://", ""), word(&object, "reason")))
            .collect()
    };
    let expected: &[(usize, &[(&str, &str)])] = &[
        (5, &[("shop.example/kettle", "in-heading")]),
        (
            7,
            &[
                ("shop.example/kettle", "mention"),
                ("example.org/", "no-program"),
                ("shop.example/kettle", "in-link"),
                ("shop.example/kettle", "already-linked"),
                ("shop.example/kettle", "excluded-phrase"),
                ("shop.example/teapot", "over-per-page"),
            ],
        ),
        (9, &[("shop.example/jar", "in-quote")]),
        (
            11,
            &[
                ("shop.example/wok", "product-pages"),
                ("shop.example/mug", "no-context"),
                ("late.example/pan", "paused"),
                ("rugs.example/rug", "no-program"),
                ("shop.example/pot", "product-off"),
                ("shop.example/jar", "mention"),
            ],
        ),
        (13, &[("shop.example/cup", "mention")]),
        (15, &[("shop.example/teapot", "over-per-page")]),
    ];
    for (number, wanted) in expected {
        let wanted: Vec<_> = wanted.iter().map(|(url, why)| ((*url).to_owned(), (*why).to_owned())).collect();
        assert_eq!(pairs(*number), wanted, "line {number}");
    }
    for (number, lines) in [
        (5, &["a.md:5:5: mention https://shop.example/kettle", "skip: [quotes, captions, summary]"][..]),
        (
            7,
            &[
                "it becomes   https://shop.example/kettle?ref=mysite",
                "per_product: 2",
                "out of its `not`",
                "per_page: 4",
                "notice *We earn a commission",
                "place: top",
                "marker (ad)",
                "marker: \"\"",
            ],
        ),
        (9, &["skip: [headings, captions, summary]"]),
        (
            11,
            &[
                "pages: [a.md]",
                "`context`",
                "status: active",
                "domains: [rugs.example]",
                "Pot from `affilink: {skip: ...}`",
                "product      Jar",
                "text         Jar",
            ],
        ),
        (15, &["per_page: 4"]),
    ] {
        let told = line(number, "text").out;
        assert!(lines.iter().all(|line| told.contains(line)), "line {number}: {lines:?}\n{told}");
    }
    // objects are of URLs: what else stands there is told beside them
    assert!(line(7, "json").err.contains("notice *We earn a commission"), "{}", line(7, "json").err);
}

#[test]
fn a_mention_that_a_rule_or_a_switch_forbids_says_which() {
    let name = "[A](https://shop.example/a) and [B](https://shop.example/b), and a Cup.\n";
    let rules = "mentions: {per_paragraph: 9, per_words: 0, per_page: 9}\n";
    for (config, page, reason, lines) in [
        (
            NAMES.replace("mentions: {per_page: 3, per_words: 10}\n", rules),
            name,
            "would-overload",
            ["paragraph-overload: 'off'"],
        ),
        (NAMES.replace("per_page: 3", "enabled: false"), "A Cup.\n", "mentions-off", ["enabled: true"]),
        (NAMES.to_owned(), "---\naffilink: {mentions: false}\n---\nA Cup.\n", "mentions-off", ["remove"]),
        (NAMES.to_owned(), "A Cup and a Teapot.\n", "over-per-paragraph", ["per_paragraph: 2"]),
        (NAMES.to_owned(), "A Cup.\n\nA Teapot.\n", "over-per-words", ["per_words: 5"]),
        (NAMES.to_owned(), "---\naffilink: false\n---\nA Cup.\n", "page-off", ["affilink: false"]),
    ] {
        let tree = Tree::of(&[("affiliates.yaml", config.as_str()), ("a.md", page)]);
        let number = page.lines().count();
        let told = run(tree.path(), ["explain", &format!("a.md:{number}"), "--date", DATE]).expect(0).out;
        assert!(told.contains(&format!("({reason})")) && lines.iter().all(|line| told.contains(line)), "{told}");
    }
}

#[test]
fn a_rule_is_explained_by_its_page() {
    let tree = Tree::new();
    for rule in affilink::lint::RULES {
        let told = run(tree.path(), ["explain", rule.spec.name]).expect(0).out;
        assert_eq!(told, affilink::lint::docs::page(rule));
    }
    let json = run(tree.path(), ["explain", "--format", "json", "Link-Density"]).expect(0).out;
    let object: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&object["rule"], &object["level"]), (&"link-density".into(), &"warn".into()));
    let near = run(tree.path(), ["explain", "link-densty"]).expect(2).err;
    assert!(near.contains("did you mean `link-density`?"), "{near}");
}
