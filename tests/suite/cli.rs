//! What can be typed, what is printed, which exit code a run has.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::support::{Ran, Tree, affilink, files, root, run};

const CONFIG: &str = "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\nlinks: {markdown: html}\ndisclosure: {place: none, statement: theme}\n";
const PAGE: &str = "A [kettle](https://www.amazon.com/dp/B000000001).\n";

fn site() -> Tree {
    Tree::of(&[("affiliates.yaml", CONFIG), ("site/a.md", PAGE), ("site/b.md", "Nothing.\n"), ("site/c.css", "a{}")])
}

#[test]
fn exit_codes_are_those_of_the_table() {
    let tree = site();
    tree.put("bad.yaml", "version: 1\nprogrammes: {}\n");
    tree.put("empty/x.css", "");
    tree.put("utf16/a.md", b"\xff\xfeh\0i\0");
    tree.put("utf16/b.md", "Nothing.\n");
    tree.put("latin/a.md", b"caf\xe9");
    tree.put("clean/a.md", "Nothing.\n");
    let cases: &[(&[&str], i32)] = &[
        (&["build", "site", "--dry-run"], 0),
        (&["build", "site", "--diff"], 0),
        (&["build", "site", "--check"], 1),
        (&["build", "clean", "--check"], 0),
        (&["build", "site"], 2),
        (&["build", "site", "--out", "o", "--in-place"], 2),
        (&["build", "nowhere", "--dry-run"], 2),
        (&["build", "empty", "--dry-run"], 2),
        (&["build", "site", "--dry-run", "--include", "*.txt"], 2),
        (&["build", "site", "--dry-run", "--include", "a{"], 2),
        (&["build", "site", "--dry-run", "--no-such-flag"], 2),
        (&["build", "site", "--dry-run", "-c", "bad.yaml"], 2),
        (&["build", "site", "--dry-run", "-c", "none.yaml"], 2),
        (&["build", "site", "--dry-run", "--date", "2026-02-30"], 2),
        (&["build", "site", "--dry-run", "-j", "0"], 2),
        (&["build", "utf16", "--dry-run"], 0),
        (&["build", "utf16", "--dry-run", "--strict"], 2),
        (&["build", "utf16/a.md", "--dry-run"], 2),
        (&["build", "latin/a.md", "--dry-run"], 2),
        (&["build", "site", "--out", "site"], 2),
        (&["build", "site", "--out", "."], 2),
        (&["strip", "site"], 2),
        (&["strip", "site", "--out", "stripped"], 0),
        (&["strip", "site", "--out", "stripped", "--program", "nobody"], 2),
        (&["strip", "site", "--out", "stripped", "--manifest", "none"], 2),
        (&["resolve", "x", "--manifest", "none"], 2),
        (&["resolve", "x"], 2),
        (&["filter"], 2),
        (&["schema"], 0),
        (&["man"], 0),
        (&["completions", "bash"], 0),
        (&["completions", "fish"], 0),
        (&["completions", "tcsh"], 2),
        (&["--version"], 0),
        (&["--help"], 0),
        (&[], 2),
    ];
    for (args, code) in cases {
        let ran = run(tree.path(), *args);
        assert_eq!(ran.code, Some(*code), "{args:?}:\n{}{}", ran.out, ran.err);
        assert!(*code != 2 || ran.err.len() > 10, "{args:?} says why: {}", ran.err);
    }
}

#[test]
fn a_build_leaves_the_sources_and_writes_the_tree() {
    let tree = site();
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert_eq!(tree.text("site/a.md"), PAGE);
    assert_eq!(
        tree.text("out/a.md"),
        "A <a href=\"https://www.amazon.com/dp/B000000001?tag=mysite-20\" rel=\"sponsored nofollow\">kettle</a>.\n"
    );
    assert_eq!(tree.text("out/b.md"), "Nothing.\n");
    assert_eq!(tree.text("out/c.css"), "a{}");
}

#[test]
fn a_preview_writes_nothing() {
    let tree = site();
    let before = files(tree.path());
    for how in ["--diff", "--dry-run", "--check"] {
        run(tree.path(), ["build", "site", how]);
        assert_eq!(files(tree.path()), before, "{how}");
    }
}

#[test]
fn no_link_comes_to_stand_in_a_link_where_urls_in_raw_html_become_links() {
    let page = "See https://amazon.com/dp/B000000001, <https://amazon.com/dp/B000000002>, \
                [https://amazon.com/x](https://amazon.com/dp/B000000003), [www.amazon.com](https://amazon.com/dp/B000000005), \
                [me@a.example](https://amazon.com/dp/B000000006), [amazon.com/y](https://amazon.com/dp/B000000007) \
                and [a kettle 1.5 l](https://amazon.com/dp/B000000004).\n";
    let marks = [
        (".vitepress/config.mts", "export default {}", 1),
        ("docusaurus.config.js", "export default {}", 2),
        ("astro.config.mjs", "export default {}", 2),
        ("hugo.toml", "title = 'x'", 2),
        ("mkdocs.yml", "site_name: x", 2),
        ("book.toml", "", 7),
    ];
    for (mark, text, anchors) in marks {
        let tree = site();
        tree.put(&format!("site/{mark}"), text);
        tree.put("site/p.md", page);
        run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
        let built = tree.text("out/p.md");
        assert_eq!(built.matches("?tag=").count(), 7, "{mark}: {built}");
        assert_eq!(built.matches("<a ").count(), anchors, "{mark}: {built}");
    }
}

#[test]
fn a_diff_applies() {
    let tree = site();
    tree.put("site/deep/d.md", "No newline: [x](https://amazon.com/dp/B000000002)");
    tree.put("site/crlf.md", "A\r\n[x](https://amazon.com/dp/B000000003) [y](www.amazon.com/dp/B000000004)\r\n");
    tree.put("site/deep/e.md", "[x](www.amazon.com/dp/B000000002)");
    let before = files(&tree.at("site"));
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    let built = files(&tree.at("out"));
    let check = ["check", "site/deep", "site/crlf.md", "--fix", "--diff"];
    let absolute = tree.at("site");
    let absolute =
        ["build", &absolute.to_string_lossy(), "--diff", "-c", &tree.at("affiliates.yaml").to_string_lossy()]
            .map(str::to_owned);
    let absolute: Vec<&str> = absolute.iter().map(String::as_str).collect();
    for (folder, args) in [
        ("", &["build", "site", "--diff"][..]),
        ("site", &["build", ".", "--diff"]),
        ("site/deep", &["build", "..", "--include", "deep/**", "--diff"]),
        ("", &absolute),
        ("", &check),
    ] {
        let diff = run(&tree.at(folder), args).out;
        // what lies outside of the folder has the names that it has in its own
        let there = if folder == "site/deep" { "site" } else { folder };
        let mut git = std::process::Command::new("git")
            .args(["apply", "-"])
            .current_dir(tree.at(there))
            .env("GIT_CEILING_DIRECTORIES", "/")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        git.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
        let ran = Ran::of(&git.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{args:?}: {}\n{diff}", ran.err);
        let now = files(&tree.at("site"));
        let changed = |name: &str| now[name] != before[name];
        match args[1] {
            ".." => assert!(now["deep/d.md"] == built["deep/d.md"] && !changed("crlf.md")),
            "site/deep" => assert!(changed("deep/e.md") && changed("crlf.md"), "{diff}"),
            _ => assert_eq!(now, built, "{args:?}"),
        }
        for (name, bytes) in &before {
            tree.put(&format!("site/{name}"), bytes);
        }
    }
}

#[test]
fn results_do_not_depend_on_threads_locale_or_order() {
    let tree = site();
    for page in 0..40 {
        tree.put(&format!("site/p{page}.md"), PAGE.repeat(page % 7));
    }
    let mut seen = Vec::new();
    for (jobs, locale) in [("1", "C"), ("2", "tr_TR.UTF-8"), ("16", "C.UTF-8")] {
        let out = tree.at(&format!("out-{jobs}"));
        let manifest = tree.at(&format!("manifest-{jobs}"));
        let args =
            ["build", "site", "--out", out.to_str().unwrap(), "--manifest", manifest.to_str().unwrap(), "-j", jobs];
        let ran = Ran::of(&affilink(tree.path(), args).env("LC_ALL", locale).env("TZ", "Asia/Tokyo").output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        seen.push((files(&out), std::fs::read(manifest).unwrap(), ran.out));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_filter_always_prints_a_whole_page() {
    let tree = site();
    let filter = |page: &[u8], path: &str, config: &str| {
        let mut child = affilink(tree.path(), ["filter", "--path", path, "-c", config])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // it may end before it has read everything
        let _ = child.stdin.take().unwrap().write_all(page);
        let output = child.wait_with_output().unwrap();
        (output.status.code(), output.stdout)
    };
    let (code, page) = filter(PAGE.as_bytes(), "a.md", "affiliates.yaml");
    assert_eq!(code, Some(0));
    assert!(String::from_utf8(page).unwrap().contains("tag=mysite-20"));
    for (page, path, config) in [
        (&b"caf\xe9"[..], "a.md", "affiliates.yaml"),
        (b"\xff\xfe<\0a\0>\0", "a.html", "affiliates.yaml"),
        (b"x", "a.txt", "affiliates.yaml"),
        (b"x", "a.md", "none.yaml"),
    ] {
        let (code, out) = filter(page, path, config);
        assert_eq!((code, out.as_slice()), (Some(2), page), "{path} {config}");
    }
}

#[test]
fn sub_ids_lead_back_to_their_links() {
    let tree = site();
    tree.put(
        "affiliates.yaml",
        "version: 1\nprograms:\n  rei: {network: awin, awinaffid: 123456, awinmid: 7890, domains: [rei.example]}\n\
         links: {subid: \"{page}-{link}\"}\n",
    );
    tree.put("site/a.md", "x\n\n[one](https://rei.example/1) [two](https://rei.example/1)\n");
    run(tree.path(), ["build", "site", "--out", "out", "--manifest", "m.jsonl"]).expect(0);
    let page = tree.text("out/a.md");
    let subids: Vec<_> =
        page.split("clickref=").skip(1).map(|rest| rest.split(['&', ')']).next().unwrap().to_owned()).collect();
    assert_eq!(subids.len(), 2);
    assert_ne!(subids[0], subids[1]);
    let ran = run(tree.path(), ["resolve", &subids[1], "--manifest", "m.jsonl"]).expect(0);
    assert!(ran.out.contains("a.md:3:"), "{}", ran.out);
    run(tree.path(), ["resolve", "nobody", "--manifest", "m.jsonl"]).expect(1);
}

#[test]
fn links_of_an_ended_program_go_or_are_named() {
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            "version: 1\nprograms:\n  old: {domains: [shop.example], set: {ref: mysite}, status: ended}\n",
        ),
        ("site/a.md", "[x](https://shop.example/a?ref=mysite&b=1)\n"),
    ]);
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert_eq!(tree.text("out/a.md"), "[x](https://shop.example/a?b=1)\n");
    tree.put("site/b.html", "<pre><a href=\"https://shop.example/a?ref=mysite\">x</a></pre>");
    let ran = run(tree.path(), ["build", "site", "--out", "out"]).expect(1);
    assert!(ran.out.contains("b.html:1:"), "{}", ran.out);
}

#[test]
fn links_that_get_attributes_are_still_named_for_what_they_are() {
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            "version: 1\nprograms:\n  old: {network: awin, awinaffid: 123456, awinmid: 7890, domains: [shop.example], status: ended}\n",
        ),
        ("site/a.html", "<a href=\"https://www.awin1.com/pclick.php?p=1&amp;a=123456&amp;m=7890\">x</a>"),
    ]);
    let ran = run(tree.path(), ["build", "site", "--out", "out"]).expect(1);
    assert!(ran.out.contains("a.html:1:") && ran.out.contains("could not be rewritten"), "{}", ran.out);
    assert!(tree.text("out/a.html").contains("rel=\"sponsored nofollow\""));
    run(tree.path(), ["build", "out", "--check"]).expect(1);
}

#[test]
fn sub_ids_of_several_pages_are_named() {
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            "version: 1\nprograms:\n  a: {network: awin, awinaffid: 123456, awinmid: 7890, domains: [shop.example]}\n\
             links: {subid: \"{page}\"}\n",
        ),
        ("site/a-b.md", "[x](https://shop.example/)\n"),
        ("site/a/b.md", "[x](https://shop.example/)\n"),
        ("site/c.md", "[x](https://shop.example/) [y](https://shop.example/y)\n"),
    ]);
    let ran = run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert!(ran.out.contains("a-b: a-b.md, a/b.md") && !ran.out.contains("c: c.md"), "{}", ran.out);
}

#[test]
fn redirects_to_plain_pages_are_no_affiliate_links() {
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            "version: 1\nsite: {url: https://mysite.example}\nlinks: {markdown: html, redirects: {paths: [\"/go/**\"], from: [_redirects]}}\ndisclosure: {place: none}\n",
        ),
        ("_redirects", "/go/wiki https://en.wikipedia.org/ 301\n/go/about /about\n"),
        ("site/a.md", "[w](/go/wiki) [k](/go/kettle)\n"),
    ]);
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert_eq!(tree.text("out/a.md"), "[w](/go/wiki) <a href=\"/go/kettle\" rel=\"sponsored nofollow\">k</a>\n");
}

#[test]
fn a_broken_configuration_is_shown_once() {
    let tree = site();
    tree.put("bad.yaml", "version: 1\nprogrammes: {}\n");
    let ran = run(tree.path(), ["build", "site", "--dry-run", "-c", "bad.yaml"]).expect(2);
    assert!(ran.err.contains("bad.yaml:2:1") && ran.err.contains("did you mean `programs`"), "{}", ran.err);
    assert_eq!(ran.err.matches("error: ").count(), ran.err.matches("bad.yaml:").count(), "{}", ran.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let tree = site();
    for page in 0..300 {
        tree.put(&format!("site/p{page}.md"), PAGE.repeat(20));
    }
    let mut child = affilink(tree.path(), ["build", "site", "--diff"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn names_forge_no_output() {
    let tree = site();
    tree.put("site/x\u{1b}[31m\n::error::y.md", b"caf\xe9");
    tree.put("site/::error file=z::w.md", "[a](https://www.amazon.com/dp/B0)\n");
    let ran = run(tree.path(), ["build", "site", "--dry-run", "-v"]).expect(0);
    let all = ran.out + &ran.err;
    assert!(!all.contains('\u{1b}') && all.lines().all(|line| !line.trim_start().starts_with("::error")), "{all}");
}

#[test]
fn what_leaves_no_page_is_named() {
    let tree = site();
    tree.put("other.yaml", tree.text("affiliates.yaml") + "files: {exclude: [\"**\"]}\n");
    for (args, why) in [
        (&["--include", "*.xyz"][..], "`--include` and `--exclude` leave out all"),
        (&["--exclude", "**"], "`--include` and `--exclude` leave out all"),
        (&["-c", "other.yaml"], "`files.exclude` names all"),
    ] {
        let ran = run(tree.path(), ["build", "site", "--dry-run"].iter().chain(args).copied()).expect(2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    tree.put("bad.yaml", b"version: 1\nx: \xff\n");
    let ran = run(tree.path(), ["build", "site", "--dry-run", "-c", "bad.yaml"]).expect(2);
    assert!(ran.err.starts_with("error: bad.yaml:2:4: not UTF-8"), "{}", ran.err);
}

#[test]
fn a_preview_speaks_of_what_would_be() {
    let tree = Tree::of(&[
        ("affiliates.yaml", "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\n"),
        ("site/Case.md", "[a](https://www.amazon.com/dp/B0) [b](https://x{{< v >}}.amazon.com/dp/B0)\n"),
        ("site/case.md", "x\n"),
        ("site/layout.html", "<p>{{ x }}</p>\n"),
    ]);
    let ran = run(tree.path(), ["build", "site", "--dry-run", "-v"]).expect(0);
    for said in [
        "would rewrite 1 link on 1 of 2 pages",
        "would insert 1 notice",
        "note: 1 page begins with the notice, and so do excerpts made of it:",
        "skipped: template-syntax: [b]",
        "warning: `Case.md` and `case.md` would be one file",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(ran.err.contains("3 files: 2 pages, 1 template"), "{}", ran.err);
    run(tree.path(), ["build", "site", "--out", "out"]).expect(2);
    // the census of an undone build counts as the build's did
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let ran = run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert!(ran.err.contains("3 files: 2 pages, 1 template"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_command_that_waits_for_input_ends_at_a_signal_and_no_file_is_endless() {
    use std::os::unix::process::ExitStatusExt as _;
    let tree = site();
    for args in [&["filter", "--path", "a.md"][..], &["explain", "-"], &["check", "--stdin-path", "a.md"]] {
        let mut child = affilink(tree.path(), args).stdin(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
        let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(child.wait().unwrap().signal(), Some(15), "{args:?}");
    }
    if std::fs::metadata("/dev/zero").is_ok() {
        let ran = run(tree.path(), ["build", "site", "--dry-run", "-c", "/dev/zero"]).expect(2);
        assert!(ran.err.contains("more than 1 MiB"), "{}", ran.err);
    }
}

#[test]
fn a_line_is_explained_by_the_name_that_a_build_gives_the_page() {
    let tree = Tree::of(&[
        (
            "affiliates.yaml",
            "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20, pages: [\"/reviews/**\"]}\n",
        ),
        ("site/reviews/a.md", "[a](https://www.amazon.com/dp/B0)\n"),
    ]);
    let ask =
        |more: &[&str]| run(tree.path(), ["explain", "site/reviews/a.md:1"].iter().chain(more).copied()).expect(0).out;
    assert!(ask(&["--src", "site"]).contains("tag=mysite-20"), "{}", ask(&["--src", "site"]));
    assert!(!ask(&[]).contains("?tag=mysite-20"), "{}", ask(&[]));
}

#[test]
fn quiet_says_nothing_where_nothing_is_wrong() {
    let tree = site();
    let ran = run(tree.path(), ["build", "site", "--out", "out", "-q"]).expect(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn the_schema_printed_is_the_one_committed() {
    let printed = run(root(), ["schema"]).expect(0).out;
    assert_eq!(printed, std::fs::read_to_string(root().join("affiliates.schema.json")).unwrap());
}

#[test]
fn the_configuration_is_found_upward_to_the_repository_root() {
    let tree = site();
    std::fs::create_dir_all(tree.at("site/.git")).unwrap();
    let ran = run(&tree.at("site"), ["build", ".", "--dry-run"]).expect(2);
    assert!(ran.err.contains("affiliates.yaml"), "{}", ran.err);
    std::fs::remove_dir(tree.at("site/.git")).unwrap();
    std::fs::create_dir_all(tree.at(".git")).unwrap();
    run(&tree.at("site"), ["build", ".", "--dry-run"]).expect(0);
    let env = affilink(&tree.at("site"), ["build", ".", "--dry-run"])
        .env("AFFILINK_CONFIG", tree.at("none.yaml"))
        .output()
        .unwrap();
    assert_eq!(env.status.code(), Some(2));
}

#[test]
fn what_a_configuration_is_made_of_is_listed() {
    let map = "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\nproducts:\n  - from: lists/products.csv\n\
               links: {redirects: {paths: [\"/go/**\"], from: [_redirects]}}\n";
    let tree = Tree::of(&[
        ("affiliates.yaml", map),
        ("lists/products.csv", "name,url\nKettle Nine,https://www.amazon.com/dp/B000000001\n"),
        ("_redirects", "/go/kettle https://www.amazon.com/dp/B000000001\n"),
        ("site/a.md", "a\n"),
    ]);
    let ran = run(&tree.at("site"), ["filter", "--config-files"]).expect(0);
    let real = |name: &str| tree.path().canonicalize().unwrap().join(name);
    let listed: Vec<_> = ran.out.lines().map(|line| std::path::Path::new(line).canonicalize().unwrap()).collect();
    assert_eq!(listed, ["affiliates.yaml", "lists/products.csv", "_redirects"].map(real));
    tree.put("lists/products.csv", "name\nKettle Nine\n");
    let ran = run(&tree.at("site"), ["filter", "--config-files"]).expect(2);
    assert!(ran.out.is_empty() && ran.err.contains("products.csv:1"), "{}{}", ran.out, ran.err);
}
