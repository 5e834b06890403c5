//! Trees on a real file system: what is walked, copied and kept, and what a fault leaves behind.

use std::fs;
use std::time::Duration;

use crate::support::{Tree, affilink, files, run};

const CONFIG: &str =
    "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\ndisclosure: {place: none, statement: theme}\n";
const PAGE: &str = "A [kettle](https://www.amazon.com/dp/B000000001).\n";
const BUILT: &str = "A [kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20).\n";

fn site(pages: usize) -> Tree {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    for page in 0..pages {
        tree.put(&format!("site/p{page}.md"), PAGE);
    }
    tree
}

#[test]
fn what_is_walked_and_what_is_copied() {
    let tree = site(1);
    for name in [
        ".git/x.md",
        ".hidden/x.md",
        "node_modules/x.md",
        "vendor/x.md",
        ".htaccess",
        ".nojekyll",
        ".well-known/x",
        ".secret",
        "a.css",
    ] {
        tree.put(&format!("site/{name}"), PAGE);
    }
    tree.put("affiliates.yaml", format!("{CONFIG}files: {{exclude: [\"drafts/**\"]}}\n"));
    tree.put("site/drafts/d.md", PAGE);
    tree.put("site/t.html", "<a href=\"https://www.amazon.com/dp/B000000001\">{{ title }}</a>");
    tree.put("site/r.html", "<meta http-equiv=refresh content=\"0; url=https://www.amazon.com/dp/B000000001\">");
    let ran = run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    let made: Vec<_> = files(&tree.at("out")).into_keys().collect();
    assert_eq!(
        made,
        [".htaccess", ".nojekyll", ".well-known/x", "a.css", "drafts/d.md", "p0.md", "r.html", "t.html", "vendor/x.md"]
    );
    assert_eq!(tree.text("out/p0.md"), BUILT);
    assert_eq!(tree.text("out/drafts/d.md"), PAGE);
    assert_eq!(tree.text("out/vendor/x.md"), PAGE);
    assert!(ran.out.contains("node_modules"), "{}", ran.out);
    assert!(ran.err.contains("1 page, 1 excluded, 1 template, 1 redirect page"), "{}", ran.err);
}

#[test]
fn only_what_differs_is_written_and_nothing_is_deleted() {
    let tree = site(3);
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    tree.put("out/old.md", "gone from the sources");
    let stamp = |name: &str| fs::metadata(tree.at(name)).unwrap().modified().unwrap();
    let before = stamp("out/p0.md");
    std::thread::sleep(Duration::from_millis(20));
    tree.put("site/p1.md", format!("{PAGE}More.\n"));
    let ran = run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert_eq!(stamp("out/p0.md"), before);
    assert_eq!(tree.text("out/p1.md"), format!("{BUILT}More.\n"));
    assert!(ran.out.contains("old.md"), "{}", ran.out);
    assert!(tree.at("out/old.md").exists());
}

#[test]
fn an_output_folder_inside_the_source_is_left_out() {
    let tree = site(1);
    run(tree.path(), ["build", "site", "--out", "site/out"]).expect(0);
    run(tree.path(), ["build", "site", "--out", "site/out"]).expect(0);
    assert_eq!(files(&tree.at("site/out")).len(), 1);
}

#[test]
fn in_place_twice_with_a_manifest_still_leads_back() {
    let tree = site(3);
    let before = files(&tree.at("site"));
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert_eq!(tree.text("site/p0.md"), BUILT);
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert_eq!(files(&tree.at("site")), before);
    run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert_eq!(files(&tree.at("site")), before);
}

#[test]
fn builds_on_top_of_one_another_lead_back_to_the_first() {
    let config = |tag: &str, books: &str| {
        format!(
            "version: 1\nprograms:\n  amazon: {{network: amazon, tag: {tag}, retired_ids: [firstsite-20]}}\n  \
             books: {{domains: [books.example], set: {{ref: {books}}}}}\n"
        )
    };
    let page = "[a](https://www.amazon.com/dp/B0) [b](https://books.example/x) [c](https://books.example/y)\n";
    let tree = Tree::new();
    tree.put("affiliates.yaml", config("firstsite-20", "me").replace(", retired_ids: [firstsite-20]", ""));
    tree.put("site/p.md", page);
    tree.put("site/q.md", "[a](https://books.example/x)\n");
    let before = files(&tree.at("site"));
    let build = || run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let strip = |more: &[&str], code| {
        let args = ["strip", "site", "--in-place", "--manifest", "m.jsonl"];
        run(tree.path(), args.iter().chain(more).copied()).expect(code)
    };
    build();
    let once = files(&tree.at("site"));
    tree.put("affiliates.yaml", config("mysite-20", "me"));
    build();
    let twice = files(&tree.at("site"));
    assert!(once != twice && tree.text("site/p.md").contains("tag=mysite-20"), "{}", tree.text("site/p.md"));
    // a run that was killed behind the manifest has changed some of the pages
    tree.put("site/p.md", &once["p.md"]);
    strip(&[], 0);
    assert_eq!(files(&tree.at("site")), before);
    for (name, bytes) in &twice {
        tree.put(&format!("site/{name}"), bytes);
    }
    strip(&["--program", "books"], 2);
    strip(&[], 0);
    assert_eq!(files(&tree.at("site")), before);
    strip(&[], 0);
    assert_eq!(files(&tree.at("site")), before);
}

#[test]
fn what_was_built_leads_back_on_a_page_that_its_author_went_on_writing() {
    let tree = site(1);
    let source =
        "[a](https://www.amazon.com/dp/B0) [a](https://www.amazon.com/dp/B0) [b](https://www.amazon.com/dp/B1)\n";
    tree.put("site/p0.md", source);
    let build = || run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let edit = |old: &str, new: &str| {
        let page = tree.text("site/p0.md");
        assert!(page.contains(old), "{page}");
        tree.put("site/p0.md", page.replacen(old, new, 1));
    };
    build();
    edit("[a]", "New. [n](https://www.amazon.com/dp/B2) [a]");
    build();
    edit("[b]", "more [b]");
    let ran = build();
    assert!(!ran.err.contains("changed since"), "{}", ran.err);
    run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let expected = source.replacen("[a]", "New. [n](https://www.amazon.com/dp/B2) [a]", 1).replace("[b]", "more [b]");
    assert_eq!(tree.text("site/p0.md"), expected);

    // the author wrote what a build writes: which is whose cannot be told
    build();
    let link = "[b](https://www.amazon.com/dp/B1?tag=mysite-20)";
    edit(link, &format!("{link} {link} [c](https://www.amazon.com/dp/B3)"));
    let ran = build();
    assert!(ran.err.contains("warning: p0.md: changed since the manifest was written"), "{}", ran.err);
    // a page that was made anew is no loss
    tree.put("site/p0.md", source);
    build();
    tree.put("site/p0.md", "[z](https://www.amazon.com/dp/B9)\n");
    let ran = build();
    assert!(!ran.err.contains("changed since"), "{}", ran.err);
}

#[test]
fn one_program_after_the_other_leads_back() {
    let tree = Tree::new();
    tree.put(
        "affiliates.yaml",
        "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\n  \
         books: {domains: [books.example], set: {ref: me}}\n",
    );
    let page = "[a](https://www.amazon.com/dp/B0) [b](https://books.example/x)\n";
    tree.put("site/p.md", page);
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let strip = |more: &[&str]| {
        let args = ["strip", "site", "--in-place", "--manifest", "m.jsonl"];
        run(tree.path(), args.iter().chain(more).copied()).expect(0)
    };
    strip(&["--program", "amazon"]);
    // the other link is still to be disclosed
    let built = "*We earn a commission if you buy through links on this page. As an Amazon Associate I earn from \
                 qualifying purchases.*\n\n[a](https://www.amazon.com/dp/B0) [b](https://books.example/x?ref=me)\n";
    assert_eq!(tree.text("site/p.md"), built);
    // a build of what is left keeps the way back as well
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert!(tree.text("site/p.md").contains("tag=mysite-20"));
    strip(&[]);
    assert_eq!(tree.text("site/p.md"), page);
}

#[test]
fn a_manifest_that_is_cut_short_is_told() {
    let tree = site(2);
    let before = files(&tree.at("site"));
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    let built = files(&tree.at("site"));
    let manifest = tree.text("m.jsonl");
    let lines: Vec<&str> = manifest.split_inclusive('\n').collect();
    // the first three name the program and both pages
    for count in 3..=lines.len() {
        tree.put("m.jsonl", lines[..count].concat());
        let ran = run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]);
        let is_back = files(&tree.at("site")) == before;
        assert_eq!(ran.code, Some(if is_back { 0 } else { 2 }), "{count}: {}{}", ran.out, ran.err);
        assert!(is_back || count < lines.len());
        for (name, bytes) in &built {
            tree.put(&format!("site/{name}"), bytes);
        }
    }
}

#[test]
fn what_was_written_about_one_program_goes_with_it() {
    let notice = "We earn a commission if you buy through links on this page.";
    let sentence = "As an Amazon Associate I earn from qualifying purchases.";
    let (a, b) = ("[a](https://www.amazon.com/dp/B0)", "[b](https://books.example/x)");
    let own = [a.replace(')', "?tag=mysite-20) (ad)"), b.replace(')', "?ref=me) (ad)")];
    let tree = Tree::new();
    tree.put(
        "affiliates.yaml",
        "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\n  \
         books: {domains: [books.example], set: {ref: me}}\ndisclosure: {marker: ' (ad)'}\n\
         products: [{name: Kettle, url: 'https://books.example/kettle'}]\nmentions: {per_words: 0}\n",
    );
    let sources = [
        ("both.md", format!("Both {a}, {b}.\n")),
        ("first.md", format!("One {a}, Kettle.\n")),
        ("only.md", format!("One {a}.\n")),
        ("foreign.md", format!("{b} and [f](https://www.amazon.com/dp/B0?tag=other-20).\n")),
    ];
    for (name, source) in &sources {
        tree.put(&format!("site/{name}"), source);
    }
    let before = files(&tree.at("site"));
    run(tree.path(), ["build", "site", "--out", "built", "--manifest", "m.jsonl"]).expect(0);
    let built = files(&tree.at("built"));
    let strip = |program: &str, more: &[&str]| {
        let args = ["strip", "built", "--in-place", "--program", program];
        run(tree.path(), args.iter().chain(more).copied()).expect(0);
        files(&tree.at("built"))
    };
    let manifest = &["--manifest", "m.jsonl"][..];
    for more in [&[][..], manifest] {
        for (name, bytes) in &built {
            tree.put(&format!("built/{name}"), bytes);
        }
        // a build adds the sentence to the notice; only without its manifest can it be taken out alone
        let said = if more.is_empty() { notice.to_owned() } else { format!("{notice} {sentence}") };
        let text = |name: &str| tree.text(&format!("built/{name}"));
        strip("amazon", more);
        assert_eq!(text("both.md"), format!("*{said}*\n\nBoth {a}, {}.\n", own[1]));
        let kettle = "[Kettle](https://books.example/kettle?ref=me) (ad)";
        assert_eq!(text("first.md"), format!("*{said}*\n\nOne {a}, {kettle}.\n"));
        assert_eq!(text("only.md"), format!("One {a}.\n"));
        assert_eq!(text("foreign.md").as_bytes(), built["foreign.md"]);
        let all = strip("books", more);
        for name in ["both.md", "first.md", "only.md"] {
            assert_eq!(all[name], before[name], "{name}");
        }
        // somebody else's link of a network that one belongs to is still there
        assert!(text("foreign.md").contains(notice) && text("foreign.md").contains(b), "{}", text("foreign.md"));
    }
    for (name, bytes) in &built {
        tree.put(&format!("built/{name}"), bytes);
    }
    strip("books", &[]);
    assert_eq!(tree.text("built/both.md"), format!("*{notice} {sentence}*\n\nBoth {}, {b}.\n", own[0]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_that_a_manifest_cannot_name_is_not_touched() {
    use std::os::unix::ffi::OsStrExt as _;
    let tree = site(1);
    let odd = tree.at("site").join(std::ffi::OsStr::from_bytes(b"a\xff.md"));
    std::fs::write(&odd, PAGE).unwrap();
    for target in [&["--out", "out"][..], &["--in-place"]] {
        let args = ["build", "site", "--manifest", "m.jsonl"];
        let ran = run(tree.path(), args.iter().chain(target).copied()).expect(2);
        assert!(ran.out.contains("rename") || ran.err.contains("rename"), "{}{}", ran.out, ran.err);
        assert_eq!(std::fs::read_to_string(&odd).unwrap(), PAGE);
    }
    assert_eq!((tree.text("out/p0.md"), tree.text("site/p0.md")), (BUILT.to_owned(), BUILT.to_owned()));
    assert!(tree.text("m.jsonl").contains("p0.md"));
    run(tree.path(), ["build", "site", "--in-place"]).expect(0);
    assert_eq!(std::fs::read_to_string(&odd).unwrap(), BUILT);
}

#[test]
fn no_other_run_takes_the_way_back() {
    let tree = site(3);
    let before = files(&tree.at("site"));
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    for args in [
        &["build", "site", "--dry-run"][..],
        &["build", "site", "--check"],
        &["build", "site", "--out", "elsewhere"],
        &["build", "site", "--in-place", "--include", "p1.md"],
        &["build", "site/p1.md", "--in-place"],
    ] {
        run(tree.path(), args.iter().copied().chain(["--manifest", "m.jsonl"])).expect(0);
    }
    run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    assert_eq!(files(&tree.at("site")), before);
    for args in
        [&["build", "site", "--dry-run"][..], &["build", "site", "--out", "o"], &["build", "site", "--in-place"]]
    {
        run(tree.path(), args.iter().copied().chain(["--manifest", "site/p1.md"])).expect(2);
        assert_eq!(tree.text("site/p1.md"), PAGE, "no file but a manifest is written over");
    }
    tree.put("wrong/x.md", PAGE);
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    run(tree.path(), ["strip", "wrong", "--in-place", "--manifest", "m.jsonl"]).expect(2);
}

#[test]
fn a_long_line_of_links_is_no_trouble() {
    let tree = site(0);
    // a quarter of a second where time grows with size, minutes where it grows with its square
    tree.put("site/a.md", "[x](https://www.amazon.com/a) https://www.amazon.com/b ".repeat(40_000));
    tree.put("site/b.html", "<a href=https://www.amazon.com/a>x</a> ".repeat(60_000));
    let mut child = affilink(tree.path(), ["build", "site", "--dry-run", "-q"]).spawn().unwrap();
    for _ in 0..600 {
        if let Some(status) = child.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    panic!("it takes longer than a minute");
}

#[test]
fn a_page_changed_since_the_build_is_not_restored() {
    let tree = site(2);
    run(tree.path(), ["build", "site", "--in-place", "--manifest", "m.jsonl"]).expect(0);
    tree.put("site/p0.md", format!("{BUILT}Edited since.\n"));
    let ran = run(tree.path(), ["strip", "site", "--in-place", "--manifest", "m.jsonl"]).expect(2);
    assert!(ran.out.contains("p0.md: refused"), "{}", ran.out);
    assert_eq!(tree.text("site/p0.md"), format!("{BUILT}Edited since.\n"));
    assert_eq!(tree.text("site/p1.md"), PAGE);
}

#[test]
fn what_a_generator_writes_is_not_a_source_unless_it_is_named() {
    let tree = site(1);
    tree.put("site/hugo.toml", "baseURL = 'https://example.com'\n");
    tree.put("site/public/index.html", "<a href=\"https://www.amazon.com/dp/B000000001\">x</a>");
    tree.put("site/content/public/a.md", PAGE);
    run(tree.path(), ["build", "site", "--out", "out"]).expect(0);
    assert!(!tree.at("out/public").exists());
    assert_eq!(tree.text("out/content/public/a.md"), BUILT);
    run(tree.path(), ["build", "site/content", "--out", "content"]).expect(0);
    assert_eq!(tree.text("content/public/a.md"), BUILT);
    run(tree.path(), ["build", "site/public", "--in-place"]).expect(0);
    assert!(tree.text("site/public/index.html").contains("tag=mysite-20"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;
    use crate::support::Ran;

    #[test]
    fn links_modes_and_names_are_kept() {
        let tree = site(2);
        fs::set_permissions(tree.at("site/p0.md"), fs::Permissions::from_mode(0o640)).unwrap();
        tree.put("site/real/target.md", PAGE);
        symlink("real/target.md", tree.at("site/link.md")).unwrap();
        run(tree.path(), ["build", "site", "--in-place"]).expect(0);
        assert_eq!(fs::metadata(tree.at("site/p0.md")).unwrap().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(tree.at("site/link.md")).unwrap().is_symlink());
        assert_eq!(tree.text("site/real/target.md"), BUILT);
    }

    #[test]
    fn all_pages_are_rewritten_or_none() {
        let tree = site(300);
        let before = files(tree.path());
        let args = ["build", "site", "--in-place", "--all-or-nothing", "--manifest", "m.jsonl"];
        fs::set_permissions(tree.at("site/p7.md"), fs::Permissions::from_mode(0o444)).unwrap();
        let ran = run(tree.path(), args).expect(2);
        assert!(ran.out.contains("would rewrite 299") && ran.out.contains("no page was written"), "{}", ran.out);
        assert_eq!(files(tree.path()), before);
        fs::set_permissions(tree.at("site/p7.md"), fs::Permissions::from_mode(0o644)).unwrap();
        // files that wait are not open
        let ran = Command::new("sh")
            .args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_affilink")])
            .args(args)
            .current_dir(tree.path())
            .output()
            .unwrap();
        let ran = Ran::of(&ran).expect(0);
        assert!(ran.out.contains("rewrote 300 links on 300 of 300"), "{}", ran.out);
        let mut built = files(tree.path());
        built.remove("m.jsonl");
        let after = before.into_iter().map(|(name, bytes)| match name.as_str() {
            "affiliates.yaml" => (name, bytes),
            _ => (name, BUILT.into()),
        });
        assert_eq!(built, after.collect());
        run(tree.path(), ["build", "site", "--dry-run", "--all-or-nothing"]).expect(2);
    }

    #[test]
    fn hard_links_are_refused_and_links_out_of_the_tree_are_not_read() {
        let tree = site(1);
        tree.put("outside/x.md", PAGE);
        symlink(tree.at("outside"), tree.at("site/out")).unwrap();
        symlink(tree.at("outside/x.md"), tree.at("site/x.md")).unwrap();
        symlink("..", tree.at("site/loop")).unwrap();
        fs::hard_link(tree.at("site/p0.md"), tree.at("site/second.md")).unwrap();
        let ran = run(tree.path(), ["build", "site", "--in-place"]).expect(2);
        assert!(ran.out.contains("hard link") || ran.out.contains("names"), "{}", ran.out);
        assert_eq!(tree.text("outside/x.md"), PAGE);
        assert_eq!(tree.text("site/p0.md"), PAGE);
    }

    #[test]
    fn a_fifo_is_not_opened() {
        let tree = site(1);
        assert!(Command::new("mkfifo").arg(tree.at("site/pipe.md")).status().unwrap().success());
        let mut child = affilink(tree.path(), ["build", "site", "--out", "out"]).spawn().unwrap();
        for _ in 0..100 {
            if let Some(status) = child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0));
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        child.kill().unwrap();
        panic!("it waits for the pipe");
    }

    #[test]
    fn a_file_size_limit_leaves_every_page_as_it_was() {
        let tree = site(3);
        let script = "ulimit -f 0; exec \"$0\" build site --in-place >/dev/null 2>&1";
        let ran =
            Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_affilink")]).current_dir(tree.path()).output();
        assert_eq!(Ran::of(&ran.unwrap()).code, Some(2));
        for page in 0..3 {
            assert_eq!(tree.text(&format!("site/p{page}.md")), PAGE);
        }
        run(tree.path(), ["build", "site", "--in-place"]).expect(0);
        assert_eq!(files(&tree.at("site")).len(), 3, "no temporary file is left");
        assert_eq!(tree.text("site/p2.md"), BUILT);
    }

    #[test]
    fn stopped_at_any_moment_every_page_is_old_or_new() {
        for millis in [1, 2, 3, 5, 8, 12, 20, 30] {
            let tree = site(400);
            let mut child = affilink(tree.path(), ["build", "site", "--in-place", "-q"])
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(millis));
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let code = child.wait().unwrap().code();
            assert!(matches!(code, Some(0 | 143) | None), "{code:?}");
            for (name, bytes) in files(&tree.at("site")) {
                assert!(bytes == PAGE.as_bytes() || bytes == BUILT.as_bytes(), "{millis} ms: {name}");
            }
        }
    }
}
