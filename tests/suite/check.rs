//! `check` as it is typed: exit codes, what is suppressed, known and new, fixes that converge, formats that parse.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{Ran, Tree, affilink, files, root, run};

const CONFIG: &str = "version: 1
site: {url: \"https://mysite.example\"}
programs:
  amazon: {network: amazon, tag: mysite-20}
lint: {as: written}
";
const CLEAN: &str = "# Tea\n\nNothing is sold here.\n";
/// An error about the link, one about the notice, and one about the sentence.
const FOREIGN: &str = "# Tea\n\nSee [a kettle](https://www.amazon.com/dp/B000000001?tag=other-20).\n";
/// A warning and nothing else.
const SHORT: &str = "# Tea\n\nSee [a kettle](https://bit.ly/3abcdef).\n";

fn site(page: &str) -> Tree {
    Tree::of(&[("affiliates.yaml", CONFIG), ("tea.md", page)])
}

fn check(tree: &Tree, args: &[&str]) -> Ran {
    let args: Vec<&str> = ["check", "--format", "concise"].iter().chain(args).copied().collect();
    run(tree.path(), args)
}

/// The findings of a run by rule, in order.
fn rules(ran: &Ran) -> Vec<&str> {
    ran.out.lines().filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(rule, _)| rule).collect()
}

#[test]
fn exit_codes_tell_findings_from_failures() {
    let tree = Tree::of(&[
        ("affiliates.yaml", CONFIG.as_bytes()),
        ("broken.yaml", b"version: 1\nprograms: {amazon: {netwrk: amazon}}\n"),
        ("clean/a.md", CLEAN.as_bytes()),
        ("warned/a.md", SHORT.as_bytes()),
        ("wrong/a.md", FOREIGN.as_bytes()),
        ("odd/a.md", b"\xff\xfe not text"),
        ("odd/b.md", CLEAN.as_bytes()),
        ("none/a.txt", b"no page"),
        ("latin/a.md", b"caf\xe9\n"),
        ("latin/a.html", b"<p>caf\xe9</p>\n"),
        ("nul/a.md", b"a\0b"),
    ]);
    std::fs::create_dir(tree.at("empty")).unwrap();
    // whoever runs this, even root, cannot read a page that is no file
    std::fs::create_dir(tree.at("unreadable")).unwrap();
    #[cfg(unix)]
    std::os::unix::net::UnixListener::bind(tree.at("unreadable/a.md")).unwrap();
    for (args, code) in [
        (&["clean"][..], 0),
        (&["warned"], 0),
        (&["warned", "--fail-on", "warn"], 1),
        (&["warned", "--max-warnings", "1"], 0),
        (&["warned", "--max-warnings", "0"], 1),
        (&["wrong"], 1),
        (&["wrong", "nowhere"], 2),
        (&["nowhere"], 2),
        (&["*.nothing"], 2),
        (&["none"], 2),
        (&["--no-such-flag"], 2),
        (&["clean", "--format", "xml"], 2),
        (&["clean", "--config", "broken.yaml"], 2),
        (&["clean", "--config", "missing.yaml"], 2),
        (&["odd"], 0),
        (&["odd", "--strict"], 2),
        (&["odd/a.md"], 2),
        (&["empty"], 2),
        (&["unreadable/a.md"], 2),
        (&["latin"], 0),
        (&["latin", "--strict"], 2),
        (&["latin/a.html", "--strict"], 0),
        (&["latin/a.md"], 2),
        (&["nul/a.md"], 2),
        (&["wrong", "latin/a.md"], 2),
        (&["wrong", "--fail-on", "never"], 2),
        (&["wrong", "--baseline", "missing.jsonl"], 2),
        (&["clean", "--since", "HEAD"], 2),
    ] {
        let ran = check(&tree, args);
        assert_eq!(ran.code, Some(code), "{args:?}\n{}\n{}", ran.out, ran.err);
        assert!(!ran.err.trim().is_empty(), "{args:?} ends without a word");
    }
    for (folder, code) in [("clean", 0), ("wrong", 1)] {
        let mut child = affilink(tree.path(), ["check", "--format", "concise", folder])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ran = Ran::of(&child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(code), "a broken pipe hides nothing: {}", ran.err);
        assert!(!ran.err.contains("pipe") && !ran.err.contains("panic"), "{}", ran.err);
    }
}

#[test]
fn suppressions_hold_where_they_say_and_are_told_when_they_do_not() {
    let link = |n: u32| format!("[kettle {n}](https://www.amazon.com/dp/B00000000{n}?tag=other-20)");
    let quiet = "<!-- affilink-ignore-file missing-disclosure -->\n\n";
    for (body, expected) in [
        (
            format!(
                "<!-- affilink-ignore-next-line foreign-affiliate-id -- a guest -->\n{} and\n{}\n",
                link(1),
                link(2)
            ),
            vec![],
        ),
        (
            format!("See <!-- affilink-ignore-next-line foreign-affiliate-id --> {} and {}\n", link(1), link(2)),
            vec!["foreign-affiliate-id"],
        ),
        (
            format!(
                "<!-- affilink-ignore-start foreign-affiliate-id -->\n\n| a |\n|---|\n| {} |\n\n<!-- affilink-ignore-end foreign-affiliate-id -->\n",
                link(1)
            ),
            vec![],
        ),
        (
            format!(
                "<!-- affilink-ignore-start bad-subid -->\n<!-- affilink-ignore-start foreign-affiliate-id -->\n\n{}\n\n\
                 <!-- affilink-ignore-end -->\n\n{}\n\n<!-- affilink-ignore-end bad-subid -->\n\n\
                 <!-- affilink-ignore-end -->\n",
                link(1),
                link(2)
            ),
            vec!["unused-suppression", "foreign-affiliate-id", "bad-suppression"],
        ),
        (
            format!("```\n<!-- affilink-ignore-file foreign-affiliate-id -->\n```\n\n{}\n", link(1)),
            vec!["foreign-affiliate-id"],
        ),
        (
            format!("<!-- affilink-ignore-next-line foreign-afiliate-id -->\n{}\n", link(1)),
            vec!["bad-suppression", "foreign-affiliate-id"],
        ),
        (
            format!("{}\n\n<!-- affilink-ignore-next-line bad-placement -->\nText.\n", link(1)),
            vec!["foreign-affiliate-id", "unused-suppression"],
        ),
        // a definition is spoken of where it stands and where it is used, and is one place
        (
            "<!-- affilink-ignore-next-line foreign-affiliate-id -->\nSee [a] and [b].\n\n\
             [a]: https://www.amazon.com/dp/B000000001?tag=other-20\n\
             <!-- affilink-ignore-next-line foreign-affiliate-id -->\n\
             [b]: https://www.amazon.com/dp/B000000002?tag=other-20\n"
                .to_owned(),
            vec![],
        ),
        (
            "<!-- affilink-ignore-file link-density repeated-destination -->\n\n[a], [b][a], [c], <!-- affilink-ignore-next-line foreign-affiliate-id --> [d]\n\n\
             [a]: https://www.amazon.com/dp/B000000001?tag=other-20\n\n\
             <!-- affilink-ignore-next-line foreign-affiliate-id -->\n\
             [c]: https://www.amazon.com/dp/B000000002?tag=other-20\n\
             [d]: https://www.amazon.com/dp/B000000003?tag=other-20\n"
                .to_owned(),
            vec!["foreign-affiliate-id"],
        ),
        (
            format!("<!-- affilink-ignore-next-line foreign-affiliate-id foreign-affiliate-id -->\n{}\n", link(1)),
            vec![],
        ),
        (
            format!("<!-- affilink-ignore foreign-affiliate-id -->\n{}\n", link(1)),
            vec!["bad-suppression", "foreign-affiliate-id"],
        ),
        (
            format!("<!-- affilink-of -->\n{}\n<!-- affilink-on -->\n", link(1)),
            vec!["bad-suppression", "foreign-affiliate-id"],
        ),
        (format!("<!-- affilink: off -->\n{}\n", link(1)), vec!["bad-suppression", "foreign-affiliate-id"]),
        (format!("<!-- affilink writes its ids -->\n{}\n", link(1)), vec!["foreign-affiliate-id"]),
    ] {
        let ran = check(&site(&format!("{quiet}{body}")), &[]);
        assert_eq!(rules(&ran), expected, "{body}\n{}", ran.out);
    }
    let matter = format!("---\naffilink: {{ignore: [foreign-affiliate-id, missing-disclosure]}}\n---\n{}\n", link(1));
    check(&site(&matter), &[]).expect(0);
    let ran = check(&site(&matter.replace("ignore: [", "ignore: [insecure-scheme, ")), &[]);
    assert_eq!(rules(&ran), ["unused-suppression"], "{}", ran.out);
    let mdx = Tree::of(&[
        ("affiliates.yaml", CONFIG.to_owned()),
        ("a.mdx", format!("{{/* affilink-ignore-file foreign-affiliate-id missing-disclosure */}}\n\n{}\n", link(1))),
    ]);
    check(&mdx, &[]).expect(0);
}

#[test]
fn what_its_author_keeps_is_not_called_fixable() {
    let body = "<p><a href=\"https://www.amazon.com/dp/B000000002?tag=other-20\">a kettle</a> and \
                <a href=\"www.amazon.com/dp/B000000003\">a mug</a></p>\n";
    let off = [
        ("a.html", format!("<main>{}</main>\n", body.replace("<p>", "<p data-affilink=\"off\">"))),
        ("b.html", format!("<main><!-- affilink-off -->{body}<!-- affilink-on --></main>\n")),
        ("c.md", format!("---\naffilink: false\n---\n\n{body}")),
        ("d.html", format!("<main>{body}</main>\n")),
    ];
    for (name, page) in off {
        let tree = Tree::of(&[("affiliates.yaml", CONFIG.to_owned()), (name, page.clone())]);
        let found = run(tree.path(), ["check", "--as", "written", "--format", "full"]).expect(1).out;
        run(tree.path(), ["check", "--as", "written", "--unsafe-fixes"]);
        assert_eq!(found.contains("[fixable"), tree.text(name) != page, "{name}: {found}");
    }
}

#[test]
fn what_no_fix_can_mend_is_not_called_fixable() {
    let config = "version: 1\nprograms:\n  gone: {network: awin, awinaffid: 123456, awinmid: 7890, domains: [shop.example], status: ended}\n";
    let url = "https://www.awin1.com/cread.php?awinmid=7890&awinaffid=123456";
    for (url, fixable) in [(url.to_owned(), false), (format!("{url}&ued=https%3A%2F%2Fshop.example%2F"), true)] {
        let tree = Tree::of(&[("affiliates.yaml", config.to_owned()), ("a.md", format!("[boots]({url})\n"))]);
        let ran = run(tree.path(), ["check", "--format", "full"]).expect(1);
        assert!(ran.out.contains("error[ended-program]"), "{}", ran.out);
        assert_eq!(ran.out.contains("fixable with --unsafe-fixes]"), fixable, "{}", ran.out);
        run(tree.path(), ["check", "--unsafe-fixes"]);
        assert_eq!(tree.text("a.md").contains("awin1.com"), !fixable);
    }
}

#[test]
fn an_attribute_suppresses_what_stands_in_its_element() {
    let a = "<a rel=sponsored href=\"https://www.amazon.com/dp/B000000001?tag=other-20\">a kettle</a>";
    let says = "data-affilink-ignore=\"foreign-affiliate-id, missing-disclosure\"";
    let inside = |open: &str, close: &str| format!("{open}{a}{close}\n");
    let off: &[&str] = &[];
    for (name, page, expected) in [
        ("a.html", format!("<main>{}</main>", a.replacen("<a", &format!("<a {says}"), 1)), off),
        ("a.html", inside(&format!("<main {says}><ul><li>"), "</ul></main>"), off),
        ("a.html", inside(&format!("<my-card {says}><p>"), "</p></my-card>"), off),
        ("a.html", inside(&format!("<p><b {says}>x</b>"), ""), &["unused-suppression", "unused-suppression"]),
        ("a.md", inside(&format!("<div {says}>\n\n"), " [b](https://bit.ly/2x)\n\n</div>"), off),
        ("a.md", inside(&format!("Text <span {says}>"), "</span>"), off),
        ("a.md", format!("[b](https://amazon.com/dp/B0?tag=other-20){{: {says}}}\n"), off),
        ("a.mdx", inside(&format!("<Card {says}>\n\n"), "\n\n</Card>"), off),
        ("a.html", inside("<p data-affilink-ignore=no-such-rule>", ""), &["bad-suppression"]),
        ("a.html", inside("<p data-affilink-ignore>", ""), &["bad-suppression"]),
    ] {
        let style = format!("{CONFIG}links: {{markdown: kramdown}}\n");
        let ran = check(&Tree::of(&[("affiliates.yaml", &style), (name, &page)]), &[]);
        let others = ["foreign-affiliate-id", "missing-disclosure", "opaque-short-link"];
        let found: Vec<_> = rules(&ran).into_iter().filter(|rule| !others.contains(rule)).collect();
        assert_eq!(found, expected, "{page}\n{}", ran.out);
        assert_eq!(ran.out.contains("foreign-affiliate-id]"), !expected.is_empty(), "{page}\n{}", ran.out);
    }
}

#[test]
fn what_the_site_never_uses_is_told_of_in_whole_runs() {
    let config = format!(
        "{CONFIG}products:\n  - {{name: Green Kettle, url: \"https://www.amazon.com/dp/B000000001\"}}\n  \
         - {{name: Blue Mug, url: \"https://www.amazon.com/dp/B000000002\"}}\n  \
         - {{name: Ketle, url: \"https://www.amazon.com/dp/B000000003\"}}\nmentions: {{enabled: false}}\n"
    );
    let page = "# Green Kettle\n\n[a mug](https://amazon.com/gp/product/B000000002)\n";
    let tree = Tree::of(&[("affiliates.yaml", config.as_str()), ("a.md", page)]);
    let told = |args: &[&str]| check(&tree, args).out.lines().filter(|line| line.contains("unused")).count();
    let ran = check(&tree, &[]);
    assert!(
        ran.out.contains("affiliates.yaml:9:12: info[unused-product]") && ran.out.contains("`Ketle`"),
        "{}",
        ran.out
    );
    assert_eq!((told(&[]), told(&["a.md"])), (1, 0));
    let config = "version: 1\nprograms:\n  other: {domains: [x.example], set: {a: b}}\n";
    tree.put("affiliates.yaml", config);
    assert_eq!(told(&[]), 1);
}

#[test]
fn a_baseline_survives_moved_lines_and_never_holds_what_is_new() {
    let tree = site(FOREIGN);
    check(&tree, &[]).expect(1);
    check(&tree, &["--write-baseline"]).expect(0);
    check(&tree, &[]).expect(0);
    tree.put("tea.md", format!("# Tea\n\nOne more paragraph.\n\n> {}", FOREIGN.lines().last().unwrap()));
    check(&tree, &[]).expect(0);
    check(&tree, &["--no-baseline"]).expect(1);
    tree.put("tea.md", format!("{FOREIGN}\nAnd [a mug](https://www.amazon.com/dp/B000000002?tag=other-20).\n"));
    let ran = check(&tree, &[]).expect(1);
    assert!(rules(&ran).contains(&"foreign-affiliate-id") && !ran.out.contains(":3:"), "{}", ran.out);
    // what the page's own finding says is known, too: more text takes that one away and brings nothing new
    let links: Vec<String> =
        (0..4).map(|n| format!("It [boils {n}](https://www.amazon.com/dp/B00000001{n}?tag=mysite-20).")).collect();
    let dense = format!("# Tea\n\n{}\n", links.join(" "));
    let words = format!("\n{}\n", "The water is hot and the tea is green. ".repeat(60));
    tree.put("tea.md", &dense);
    let ran = check(&tree, &["--no-baseline"]);
    assert!(ran.out.contains("[link-density]") && !ran.out.contains("[link-run]"), "{}", ran.out);
    check(&tree, &["--write-baseline"]).expect(0);
    tree.put("tea.md", format!("{dense}{words}"));
    let ran = check(&tree, &["--no-baseline"]);
    assert!(!ran.out.contains("[link-density]") && ran.out.contains("[link-run]"), "{}", ran.out);
    let ran = check(&tree, &["--fail-on", "info"]).expect(0);
    assert!(ran.err.contains("the baseline holds 1 finding that no page has any more"), "{}", ran.err);
    tree.put("affilink-baseline.jsonl", "not a baseline\n");
    check(&tree, &[]).expect(2);
}

#[test]
fn a_baseline_knows_what_a_page_breaks_besides_and_what_it_is_too_short_for() {
    let paid = |n: usize| format!("A [kettle {n}](https://www.amazon.com/dp/B0000000{n:02}?tag=mysite-20) is hot.\n\n");
    let filler = "Water at the right heat makes the difference between a cup that is bitter and one that is sweet.\n\n";
    let said =
        "We earn a commission if you buy through links here. As an Amazon Associate I earn from qualifying purchases.";
    let page = |count: usize, filled: usize| {
        let all: String = (10..10 + count).map(paid).collect();
        format!("# Tea\n\n{said}\n\n{}{all}{}", filler.repeat(4), filler.repeat(filled))
    };
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("many.md", &page(27, 0)), ("short.md", &page(2, 0))]);
    assert_eq!(rules(&check(&tree, &[])), ["link-density"]);
    committed(tree.path());
    check(&tree, &["--write-baseline"]);
    // text was added: one budget holds, another is still broken; and the page is long enough to be measured
    tree.put("many.md", page(27, 150));
    tree.put("short.md", page(2, 3));
    assert_eq!(rules(&check(&tree, &[])), [""; 0]);
    assert_eq!(rules(&check(&tree, &["--since", "HEAD"])), [""; 0]);
    tree.put("many.md", page(28, 150));
    assert_eq!(rules(&check(&tree, &[])), ["page-overload"]);
}

#[test]
fn a_baseline_of_a_part_keeps_the_rest() {
    let tree = site(FOREIGN);
    tree.put("deep/mug.md", FOREIGN);
    tree.put("bad.md", "[x](https://www.amazon.com@evil.example/)\n");
    let ran = check(&tree, &["--write-baseline"]).expect(0);
    assert!(ran.err.contains("1 finding not: unsafe-url is always reported"), "{}", ran.err);
    let whole = tree.text("affilink-baseline.jsonl");
    let ran = check(&tree, &["--write-baseline", "deep/mug.md"]).expect(0);
    assert!(ran.err.contains("of other pages kept"), "{}", ran.err);
    assert_eq!(tree.text("affilink-baseline.jsonl"), whole);
    // names of pages do not depend on the folder that it is run in
    check(&tree, &["--exclude", "bad.md"]).expect(0);
    run(&tree.at("deep"), ["check", ".."].map(str::to_owned)).expect(1);
    run(&tree.at("deep"), ["check"].map(str::to_owned)).expect(1);
    let ran = run(&tree.at("deep"), ["check", ".", "../tea.md"].map(str::to_owned)).expect(0);
    assert!(!ran.err.contains("the baseline holds"), "{}", ran.err);
    run(&tree.at("deep"), ["check", ".", "--write-baseline"].map(str::to_owned)).expect(0);
    assert_eq!(tree.text("affilink-baseline.jsonl"), whole);
    // what is gone with its page is told by a run that looks at all
    std::fs::remove_file(tree.at("deep/mug.md")).unwrap();
    let told = "that no page has any more (the first: ";
    assert!(check(&tree, &[]).err.contains(told));
    assert!(!check(&tree, &["tea.md"]).err.contains(told));
    assert!(!check(&tree, &["--include", "tea.md"]).err.contains(told));
    check(&tree, &["--write-baseline"]).expect(0);
    assert!(!check(&tree, &[]).err.contains(told));
}

#[test]
fn an_address_that_its_author_shows_is_no_bare_url_text() {
    let url = "https://www.amazon.com/dp/B000000001/with/a/long/path/to/it";
    for (page, fires) in [
        (format!("# Tea\n\nText. See <{url}>.\n"), false),
        (format!("# Tea\n\nText. See {url}.\n"), false),
        (format!("# Tea\n\nText. See [{url}]({url}).\n"), true),
    ] {
        let tree = site(&page);
        tree.put("affiliates.yaml", CONFIG.replace("as: written", "as: built") + "links: {markdown: html}\n");
        assert_eq!(rules(&check(&tree, &[])).contains(&"bare-url-text"), fires, "{page}");
    }
}

#[test]
fn a_first_run_with_many_findings_says_how_to_record_them() {
    let tree = Tree::new();
    tree.put("affiliates.yaml", CONFIG);
    for page in 0..201 {
        tree.put(&format!("{page}.md"), FOREIGN);
    }
    for format in ["full", "concise", "json", "github"] {
        let ran = check(&tree, &["--format", format]).expect(1);
        let hint = "`affilink check --write-baseline` records these findings";
        let place = if format == "full" { &ran.out } else { &ran.err };
        assert_eq!(place.matches(hint).count(), 1, "{format}: {}", ran.err);
    }
    assert!(!check(&tree, &["--format", "json", "-q"]).err.contains("--write-baseline"));
}

/// Runs git in `folder` as somebody.
fn git(folder: &std::path::Path, args: &[&str]) {
    let who = ["-c", "user.email=a@b.example", "-c", "user.name=a", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder).args(who).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes `folder` a repository whose branch `main` holds what is in it.
fn committed(folder: &std::path::Path) {
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "first"]);
}

#[test]
fn since_and_staged_tell_what_changed() {
    let tree = site(FOREIGN);
    let git = |args: &[&str]| git(tree.path(), args);
    committed(tree.path());
    check(&tree, &["--since", "HEAD"]).expect(0);
    tree.put("new.md", CLEAN);
    tree.put("drafts/old.md", CLEAN);
    let ran = check(&tree, &["--since", "HEAD", "--exclude", "drafts/**"]).expect(0);
    assert!(ran.err.contains(": 1 page, 1 excluded, 1 not asked for, "), "{}", ran.err);
    std::fs::remove_file(tree.at("new.md")).unwrap();
    std::fs::remove_file(tree.at("drafts/old.md")).unwrap();
    tree.put("tea.md", format!("{FOREIGN}\nAnd [a mug](https://www.amazon.com/dp/B000000002?tag=other-20).\n"));
    let ran = check(&tree, &["--since", "HEAD"]).expect(1);
    assert_eq!(rules(&ran), ["foreign-affiliate-id"], "{}", ran.out);
    check(&tree, &["--staged"]).expect(0);
    git(&["add", "-A"]);
    let ran = check(&tree, &["--staged"]).expect(1);
    assert_eq!(rules(&ran), ["foreign-affiliate-id"], "{}", ran.out);
    check(&tree, &["--since", "no-such-revision"]).expect(2);
}

#[test]
fn staged_is_what_the_commit_will_hold() {
    let mug = "And [a mug](https://www.amazon.com/dp/B000000002?tag=other-20).\n";
    let tree = site(FOREIGN);
    let git = |args: &[&str]| git(tree.path(), args);
    committed(tree.path());
    // mended in the file and not in the index
    tree.put("tea.md", format!("{FOREIGN}\n{mug}"));
    git(&["add", "-A"]);
    tree.put("tea.md", format!("New first line.\n\n{FOREIGN}"));
    let ran = check(&tree, &["--staged"]).expect(1);
    assert_eq!(rules(&ran), ["foreign-affiliate-id"], "{}", ran.out);
    let ran = check(&tree, &["--staged", "--fix"]).expect(2);
    assert!(ran.err.contains("`tea.md` has changes that are not staged"), "{}", ran.err);
    // gone from the folder, and still to be committed; of what is passed over nothing is said
    std::fs::remove_file(tree.path().join("tea.md")).unwrap();
    tree.put("vendor/tea.md", mug);
    git(&["add", "-f", "vendor"]);
    std::fs::remove_file(tree.path().join("vendor/tea.md")).unwrap();
    let ran = check(&tree, &["--staged"]).expect(1);
    assert_eq!(rules(&ran), ["foreign-affiliate-id"], "{}", ran.out);
    // the other way round: what is not staged is not committed
    git(&["reset", "-q", "--hard"]);
    tree.put("tea.md", format!("{FOREIGN}\nA line.\n"));
    git(&["add", "-A"]);
    tree.put("tea.md", format!("{FOREIGN}\n{mug}\nA line.\n"));
    check(&tree, &["--staged"]).expect(0);
}

#[test]
fn since_follows_names_and_sees_what_was_taken_out() {
    let said = "We earn a commission if you buy through links on this page. As an Amazon Associate I earn from \
                qualifying purchases.\n\n";
    let link = |n: u32| format!("See [a kettle {n}](https://www.amazon.com/dp/B00000000{n}?tag=mysite-20).\n");
    let folder = "some posts/gr\u{fc}n";
    let page = format!("{folder}/t\u{e9}.md");
    let tree = Tree::of(&[
        ("affiliates.yaml", CONFIG.to_owned()),
        (&page, format!("# Tea\n\n{said}{}", link(1))),
        ("old.md", format!("# Old\n\n{SHORT}")),
    ]);
    committed(tree.path());
    git(tree.path(), &["checkout", "-qb", "topic"]);
    git(tree.path(), &["mv", "old.md", "new.md"]);
    tree.put("new.md", format!("# Old\n\n{SHORT}\nAnd [a mug](https://bit.ly/3xyz).\n"));
    tree.put(&page, format!("# Tea\n\n{}", link(1)));
    git(tree.path(), &["commit", "-qam", "second"]);
    let ran = check(&tree, &["--since", "main"]);
    // what stood in the renamed page is old; what needs the sentences that were deleted is new
    let expected = ["opaque-short-link", "missing-disclosure", "missing-program-statement"];
    assert_eq!(rules(&ran), expected, "{}", ran.out);
    let inside = run(&tree.at(folder), ["check", "--since", "main", "--format", "concise"]);
    assert_eq!(inside.out.lines().count(), 3, "{}{}", inside.out, inside.err);
    let inside = run(&tree.at(folder), ["check", ".", "--since", "main", "--format", "concise"]);
    assert!(inside.out.starts_with("t\u{e9}.md:3:"), "{}{}", inside.out, inside.err);
    tree.put(&page, format!("# Tea\n\n{}\n{said}", link(1)));
    let ran = check(&tree, &["--since", "main"]);
    assert_eq!(rules(&ran), ["opaque-short-link", "late-disclosure"], "{}", ran.out);
    let clone = Tree::new();
    let from = format!("file://{}", tree.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", "--branch", "topic", &from, "shallow"]);
    let shallow = run(&clone.at("shallow"), ["check", "--since", "HEAD~1"]).expect(2);
    assert!(shallow.err.contains("shallow") && shallow.err.contains("git fetch --unshallow"), "{}", shallow.err);
}

#[test]
fn lines_that_were_only_indented_or_moved_are_old() {
    let link = "<p>See <a href=\"https://bit.ly/3abcdef\">a kettle</a>.</p>";
    let tree =
        Tree::of(&[("affiliates.yaml", CONFIG), ("tea.html", &format!("<main>\n{link}\n<p>Tea.</p>\n</main>\n"))]);
    committed(tree.path());
    tree.put("tea.html", format!("<main>\n  <div>\n    {link}\n    <p>Tea.</p>\n  </div>\n</main>\n"));
    assert_eq!(rules(&check(&tree, &["--since", "HEAD"])), [""; 0]);
    tree.put("tea.html", format!("<main>\n<p>Tea.</p>\n{link}\n</main>\n"));
    assert_eq!(rules(&check(&tree, &["--since", "HEAD"])), [""; 0]);
    // a copy is new, and so is another text around the link
    tree.put("tea.html", format!("<main>\n{link}\n<p>Tea.</p>\n{link}\n</main>\n"));
    assert_eq!(rules(&check(&tree, &["--since", "HEAD"])), ["opaque-short-link"]);
    tree.put("tea.html", format!("<main>\n{}\n</main>\n", link.replace("See", "Buy")));
    assert_eq!(rules(&check(&tree, &["--since", "HEAD"])), ["opaque-short-link"]);
}

#[test]
fn what_a_build_will_make_of_a_plain_link_is_judged() {
    let config = CONFIG.replace("as: written", "as: built")
        + "overrides: [{files: [\"*\"], disclosure: {place: none, statement: theme}}]\n";
    let config =
        config.replace("-20}\n", "-20}\n  soon: {domains: [soon.example], set: {ref: me}, ends: 2026-06-20}\n");
    let page = "# Tea\n\nA <a href=\"https://www.amazon.com/dp/B0\" rel=\"noreferrer\">kettle</a> and \
                [a mug](https://soon.example/mug).\n";
    let tree = Tree::of(&[("affiliates.yaml", config.as_str()), ("tea.md", page)]);
    let ran = check(&tree, &["--date", "2026-06-01"]);
    assert_eq!(rules(&ran), ["no-referrer", "ending-program"], "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("tea.md:3:42: ") && ran.out.contains("tea.md:3:82: "), "{}", ran.out);
}

#[test]
fn a_finding_about_the_page_stands_at_a_link_that_counts() {
    let paid = |n: usize| format!("<a href=\"https://www.amazon.com/dp/B00000000{n}?tag=mysite-20\">kettle {n}</a>");
    let all: Vec<String> = (1..9).map(|n| format!("<p>Water for {} is hot.</p>", paid(n))).collect();
    let page = format!("<nav>{}</nav>\n<main>\n{}\n</main>\n", paid(0), all.join("\n"));
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("tea.html", &page)]);
    let ran = check(&tree, &[]);
    let density: Vec<_> = ran.out.lines().filter(|line| line.contains("[link-density]")).collect();
    assert!(matches!(density[..], [line] if line.starts_with("tea.html:3:")), "{}", ran.out);
}

#[test]
fn stdin_is_judged_as_the_file_that_it_is_named_after() {
    let tree = site(CLEAN);
    let read = |name: &str, page: &str| {
        let mut command = affilink(tree.path(), ["check", "--format", "concise", "--stdin-path", name]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
        Ran::of(&child.wait_with_output().unwrap())
    };
    read("new.md", CLEAN).expect(0);
    let ran = read("new.md", FOREIGN).expect(1);
    assert!(ran.out.lines().all(|line| line.starts_with("new.md:")), "{}", ran.out);
    assert_eq!(files(tree.path()).len(), 2, "nothing is written");
}

#[test]
fn a_list_says_which_pages_are_published() {
    let tree = site(CLEAN);
    tree.put("docs/draft.md", FOREIGN);
    tree.put("docs/page.md", FOREIGN);
    tree.put("docs/broken.md", "---\naffilink: 7\n---\n[x](https://www.amazon.com/dp/B000000001)\n");
    let listed = |list: &str| {
        tree.put("list.txt", list);
        run(tree.path(), ["check", "docs", "--format", "concise", "--pages-from", "list.txt"])
    };
    run(tree.path(), ["check", "docs"]).expect(2);
    let ran = listed("docs/page.md\r\n\n").expect(1);
    assert!(ran.out.lines().all(|line| line.starts_with("docs/page.md:")) && !ran.out.is_empty(), "{}", ran.out);
    let ran = listed(&format!("./docs/../docs/page.md\n{}\n", tree.at("affiliates.yaml").display())).expect(1);
    assert!(ran.out.lines().all(|line| line.starts_with("docs/page.md:")), "{}", ran.out);
    for list in ["", "affiliates.yaml\n"] {
        assert_eq!(listed(list).expect(0).out, "");
    }
    let ran = listed("docs/page.md\ndocs/gone.md\n").expect(2);
    assert!(ran.err.contains("`docs/gone.md`, which `list.txt` lists"), "{}", ran.err);
    let mut command = affilink(tree.path(), ["check", "docs", "--format", "concise", "--pages-from", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"docs/draft.md").unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap()).expect(1);
    assert!(ran.out.lines().all(|line| line.starts_with("docs/draft.md:")), "{}", ran.out);
}

#[test]
fn fixes_converge_and_change_nothing_else() {
    let page = "# Tea\r\n\r\nSee [a](https://www.amazon.com/dp/B000000001?tag=mysite-20&tag=mysite-20&x=a%20b), \
                [b](www.amazon.com/dp/B000000002) and [c](https://www.amazon.com/dp/B000000003?tag=other-20).\r\n\r\n\
                <!-- affilink-ignore-next-line bad-placement -->\r\nThe end.  \r\n";
    let html = "<main><P>See <a HREF=https://www.amazon.com/dp/B0?tag=mysite-20 target=_blank>a kettle</a></main>";
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("tea.md", page), ("tea.html", html)]);
    let before = files(tree.path());
    let diff = run(tree.path(), ["check", "--fix", "--diff"]);
    assert!(diff.out.contains("+++ b/tea.md"), "{}", diff.out);
    assert_eq!(files(tree.path()), before, "--diff writes nothing");
    for flag in ["--fix", "--unsafe-fixes"] {
        check(&tree, &[flag]);
        let once = files(tree.path());
        check(&tree, &[flag]);
        assert_eq!(files(tree.path()), once, "{flag} twice");
        assert_eq!(once["affiliates.yaml"], before["affiliates.yaml"]);
    }
    let fixed = tree.text("tea.md");
    assert!(fixed.contains("[a](https://www.amazon.com/dp/B000000001?tag=mysite-20&x=a%20b)"), "{fixed}");
    assert!(fixed.contains("[b](https://www.amazon.com/dp/B000000002"), "{fixed}");
    assert!(fixed.contains("[c](https://www.amazon.com/dp/B000000003?tag=mysite-20)"), "{fixed}");
    assert!(!fixed.contains("affilink-ignore") && fixed.ends_with("The end.  \r\n"), "{fixed}");
    assert!(tree.text("tea.html").contains("HREF=https://www.amazon.com/dp/B0?tag=mysite-20 target=_blank>"));
}

#[test]
fn unsafe_fixes_unlink_what_repeats_and_move_what_is_late() {
    let notice = "*We earn a commission if you buy through links on this page.*";
    let link = |text: &str| format!("[{text}](https://www.amazon.com/dp/B000000001?tag=mysite-20)");
    let before = format!(
        "# Tea\n\nSee {} and then {} once *more*.\n\n{notice}\n\nThe end.\n",
        link("a kettle"),
        link("the **same**")
    );
    let after =
        format!("# Tea\n\n{notice}\n\nSee {} and then the **same** once *more*.\n\nThe end.\n", link("a kettle"));
    let html = |first: &str, second: &str, last: &str| {
        let a = "<a href=\"https://www.amazon.com/dp/B0?tag=mysite-20\" rel=sponsored>";
        format!("<main><h1>Tea</h1>{first}<p>See {a}a kettle</a> or {second}{last}</main>")
    };
    let (open, p) = (
        "<a rel=sponsored href=https://amazon.com/dp/B0?tag=mysite-20>",
        "<p class=x>We earn a commission if you buy through links here.</p>",
    );
    let style =
        format!("{CONFIG}overrides: [{{files: [\"*\"], lint: {{rules: {{missing-program-statement: off}}}}}}]\n");
    for (name, before, after) in
        [("a.md", before, after), ("a.html", html("", &format!("{open}<b>it</b></a>"), p), html(p, "<b>it</b>", ""))]
    {
        let tree = Tree::of(&[("affiliates.yaml", style.as_str()), (name, before.as_str())]);
        check(&tree, &["--fix"]);
        assert_eq!(tree.text(name), before, "neither is safe");
        let ran = check(&tree, &["--unsafe-fixes"]);
        assert_eq!(tree.text(name), after, "{}", ran.out);
        check(&tree, &["--unsafe-fixes"]);
        assert_eq!(tree.text(name), after, "twice");
    }
}

#[test]
fn fixes_in_reports_are_what_fix_writes() {
    let page = "# Té\r\n\r\nSée [a](https://www.amazon.com/dp/B000000001?tag=mysite-20&tag=mysite-20), \
                [b](www.amazon.com/dp/B000000002) and <a href=\"https://www.amazon.com/dp/B3?tag=mysite-20\">c</a>.\r\n\r\n\
                <!-- affilink-ignore-next-line bad-placement -->\r\nThe end.\r\n";
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("tea.md", page)]);
    let sarif: serde_json::Value = serde_json::from_str(&run(tree.path(), ["check", "--format", "sarif"]).out).unwrap();
    let rdjson: serde_json::Value =
        serde_json::from_str(&run(tree.path(), ["check", "--format", "rdjson"]).out).unwrap();
    let lines: Vec<usize> = std::iter::once(0).chain(page.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let place = |line: &serde_json::Value, column: &serde_json::Value, bytes: bool| {
        let start = lines[usize::try_from(line.as_u64().unwrap()).unwrap() - 1];
        let column = usize::try_from(column.as_u64().unwrap()).unwrap() - 1;
        let rest = &page[start..];
        start + if bytes { column } else { rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at) }
    };
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for fix in sarif["runs"][0]["results"].as_array().unwrap().iter().filter_map(|result| result["fixes"].as_array()) {
        for edit in fix[0]["artifactChanges"][0]["replacements"].as_array().unwrap() {
            let region = &edit["deletedRegion"];
            let start = place(&region["startLine"], &region["startColumn"], false);
            let end = place(&region["endLine"], &region["endColumn"], false);
            edits.push((start, end, edit["insertedContent"]["text"].as_str().unwrap().to_owned()));
        }
    }
    let mut suggested: Vec<(usize, usize, String)> = Vec::new();
    for suggestion in
        rdjson["diagnostics"].as_array().unwrap().iter().filter_map(|found| found["suggestions"].as_array())
    {
        let (range, text) = (&suggestion[0]["range"], suggestion[0]["text"].as_str().unwrap());
        let at = |end: &str| place(&range[end]["line"], &range[end]["column"], true);
        suggested.push((at("start"), at("end"), text.to_owned()));
    }
    for list in [&mut edits, &mut suggested] {
        list.sort();
        // the notice and the sentence are one text for two findings
        list.dedup();
        assert_eq!(list.len(), 5, "{list:?}");
    }
    assert_eq!(edits, suggested);
    let mut mended = page.to_owned();
    for (start, end, text) in edits.iter().rev() {
        mended.replace_range(*start..*end, text);
    }
    check(&tree, &["--fix"]);
    assert_eq!(tree.text("tea.md"), mended);
}

#[test]
fn every_format_parses_and_no_name_forges_a_line() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("a\n::error::b]]>.md", FOREIGN)]);
    for format in ["json", "sarif", "gitlab", "rdjson"] {
        let ran = run(tree.path(), ["check", "--all", "--format", format]).expect(1);
        let read: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert!(ran.out.contains("foreign-affiliate-id") && !read.is_null(), "{format}");
    }
    let github = run(tree.path(), ["check", "--format", "github"]).expect(1);
    assert!(github.out.lines().all(|line| line.starts_with("::error file=a%0A")), "{}", github.out);
    let concise = check(&tree, &[]).expect(1);
    assert!(concise.out.lines().all(|line| line.starts_with("a\\n::error::b")), "{}", concise.out);
    let report = tree.at("report.json");
    let both = format!("json={}", report.display());
    let ran = run(tree.path(), ["check", "--format", "concise", "--format", &both]).expect(1);
    let read: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(read["findings"].as_array().unwrap().len(), ran.out.lines().count());
}

#[test]
fn reports_for_the_repository_name_files_from_its_top() {
    let tree =
        Tree::of(&[("site/affiliates.yaml", CONFIG), ("site/posts/tea.md", FOREIGN), ("site/old tea.md", FOREIGN)]);
    std::fs::create_dir(tree.at(".git")).unwrap();
    // of a submodule the repository around it is the one that is looked at
    tree.put("site/posts/.git", "gitdir: ../../.git/modules/posts\n");
    let report = |format: &str| {
        let args = ["check", "--config", "../affiliates.yaml", "--format", format, "tea.md", "../old tea.md"];
        run(&tree.at("site/posts"), args).expect(1).out
    };
    for (format, places) in [
        ("github", ["file=site/posts/tea.md,", "file=site/old tea.md,"]),
        ("gitlab", ["\"path\":\"site/posts/tea.md\"", "\"path\":\"site/old tea.md\""]),
        ("junit", ["<testsuite name=\"site/posts/tea.md\"", "<testsuite name=\"site/old tea.md\""]),
        ("sarif", ["\"uri\":\"site/posts/tea.md\"", "\"uri\":\"site/old%20tea.md\""]),
        ("rdjson", ["\"path\":\"tea.md\"", "\"path\":\"../old tea.md\""]),
        ("json", ["\"path\":\"tea.md\"", "\"path\":\"../old tea.md\""]),
        ("concise", ["\ntea.md:", "../old tea.md:"]),
    ] {
        let told = format!("\n{}", report(format));
        assert!(places.iter().all(|place| told.contains(place)), "{format}: {told}");
    }
    // what tells findings apart is the same wherever a run begins
    let fingerprints = |text: &str| -> Vec<String> {
        let log: serde_json::Value = serde_json::from_str(text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        let mut all: Vec<_> = results.map(|result| result["partialFingerprints"].to_string()).collect();
        all.sort();
        all
    };
    let above = run(&tree.at("site"), ["check", "--format", "sarif"]).expect(1).out;
    assert_eq!(fingerprints(&report("sarif")), fingerprints(&above));
}

#[test]
fn the_reference_of_rules_is_what_the_rules_say() {
    let path = root().join("docs/rules.md");
    let made = affilink::lint::docs::reference();
    if std::env::var_os("AFFILINK_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), made, "AFFILINK_BLESS=1 writes the page");
}

#[test]
fn paths_from_a_folder_below_lead_up_to_the_pages() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("a.md", FOREIGN), ("sub/x/b.md", FOREIGN)]);
    let ran = run(&tree.at("sub/x"), ["check", "--format", "concise"]).expect(1);
    let mut paths: Vec<&str> = ran.out.lines().filter_map(|line| line.split(':').next()).collect();
    paths.dedup();
    assert_eq!(paths, ["../../a.md", "../../sub/x/b.md"], "{}", ran.out);
    let ran = run(&tree.at("sub/x"), ["audit", "--format", "csv"]).expect(0);
    assert!(ran.out.contains("\n../../a.md,"), "{}", ran.out);
}
