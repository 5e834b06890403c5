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
    ]);
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
        (&["clean", "--since", "HEAD"], 2),
    ] {
        let ran = check(&tree, args);
        assert_eq!(ran.code, Some(code), "{args:?}\n{}\n{}", ran.out, ran.err);
        assert!(!ran.err.trim().is_empty(), "{args:?} ends without a word");
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
    ] {
        let ran = check(&site(&format!("{quiet}{body}")), &[]);
        assert_eq!(rules(&ran), expected, "{body}\n{}", ran.out);
    }
    let matter = format!("---\naffilink: {{ignore: [foreign-affiliate-id, missing-disclosure]}}\n---\n{}\n", link(1));
    check(&site(&matter), &[]).expect(0);
    let mdx = Tree::of(&[
        ("affiliates.yaml", CONFIG.to_owned()),
        ("a.mdx", format!("{{/* affilink-ignore-file foreign-affiliate-id missing-disclosure */}}\n\n{}\n", link(1))),
    ]);
    check(&mdx, &[]).expect(0);
    let attribute = "<main><p><a rel=sponsored data-affilink-ignore=\"foreign-affiliate-id missing-disclosure\" href=\"https://www.amazon.com/dp/B000000001?tag=other-20\">a kettle</a></p></main>";
    let html = Tree::of(&[("affiliates.yaml", CONFIG), ("a.html", attribute)]);
    check(&html, &[]).expect(0);
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
    tree.put("affilink-baseline.jsonl", "not a baseline\n");
    check(&tree, &[]).expect(2);
}

#[test]
fn since_and_staged_tell_what_changed() {
    let tree = site(FOREIGN);
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(tree.path()).args(["-c", "user.email=a@b.example", "-c", "user.name=a"]).args(args);
        assert!(command.output().unwrap().status.success(), "git {args:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "first"]);
    check(&tree, &["--since", "HEAD"]).expect(0);
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
fn the_reference_of_rules_is_what_the_rules_say() {
    let path = root().join("docs/rules.md");
    let made = affilink::lint::docs::reference();
    if std::env::var_os("AFFILINK_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), made, "AFFILINK_BLESS=1 writes the page");
}
