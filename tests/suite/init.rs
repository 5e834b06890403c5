//! `affilink init`: what it writes for small sites of every generator, and that the file holds what it promises: `check` and
//! `build` take it as it is, and own links keep their ids.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use affilink::program::Credit;

use crate::support::{Tree, affilink, files, root, run};

/// Copies the files below `from` to `to`.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Every URL in the pages of `folder`, with how often each page holds it.
fn urls(folder: &Path) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for (name, bytes) in files(folder) {
        let unwalked = name.starts_with('.') || name.starts_with("node_modules/");
        if unwalked || !["md", "mdx", "html"].contains(&name.rsplit('.').next().unwrap()) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for (at, _) in text.match_indices("http") {
            let ends = |c: char| c.is_whitespace() || "\"'<>)]},".contains(c);
            let url = text[at..].split(ends).next().unwrap().to_owned();
            *found.entry((name.clone(), url)).or_default() += 1;
        }
    }
    found
}

/// Runs `init` in `site`, and everything that must be true of what it writes.
fn init(site: &Path) -> String {
    run(site, ["init"]).expect(0);
    let path = site.join("affiliates.yaml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(site.join("affiliates.schema.json").is_file());
    let again = run(site, ["init"]).expect(2);
    assert!(again.err.contains("is there already") && again.out.is_empty(), "{}", again.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let printed = run(site, ["init", "--print"]).expect(0);
    assert_eq!(printed.out, text, "the same twice");
    if !urls(site).is_empty() {
        keeps_ids(site, &text);
    }
    text
}

/// `check` and `build` take the file, and every own link stands where it stood.
fn keeps_ids(site: &Path, text: &str) {
    let checked = run(site, ["check", "--quiet"]);
    assert_ne!(checked.code, Some(2), "{}{}", checked.out, checked.err);
    let tree = Tree::new();
    let out = tree.at("out");
    run(site, ["build", ".", "--out", out.to_str().unwrap()]).expect(0);
    let read_file = |name: &str| fs::read_to_string(site.join(name)).map_err(|error| error.to_string());
    let env = affilink::config::ConfigEnv {
        date: "2026-06-01".parse().unwrap(),
        read_file: &read_file,
        rules: affilink::lint::SPECS,
    };
    let config = affilink::config::Config::read("affiliates.yaml", text, &env).unwrap();
    let after = urls(&out);
    for ((page, url), times) in urls(site) {
        let facts = config.map.look(&url, &page);
        let affiliate = facts.as_ref().is_some_and(|facts| !matches!(facts.credit, Credit::None));
        if affiliate {
            let left = after.get(&(page.clone(), url.clone())).copied().unwrap_or(0);
            assert!(left >= times, "{page}: {url} stood there {times} times, and {left} times after");
        }
    }
}

#[test]
fn every_generators_site_gets_its_file() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join("fixtures/init")).unwrap() {
        let case = entry.unwrap().path();
        let tree = Tree::new();
        copy(&case.join("in"), tree.path());
        let text = init(tree.path());
        let expected = fs::read_to_string(case.join("affiliates.yaml")).unwrap_or_default();
        assert_eq!(text, expected, "{}", case.display());
        seen += 1;
    }
    assert!(seen >= 16, "{seen} cases");
}

#[test]
fn what_is_written_is_not_overwritten_whatever_it_is() {
    let tree = Tree::of(&[("a.md", "x\n"), ("affiliates.schema.json", "{}\n")]);
    run(tree.path(), ["init", "--print"]).expect(0);
    assert!(!tree.at("affiliates.yaml").exists());
    let ran = run(tree.path(), ["init"]).expect(0);
    assert!(ran.out.contains("another version's"), "{}", ran.out);
    assert_eq!(tree.text("affiliates.schema.json"), "{}\n");
    for put in ["", "version: 1\n"] {
        tree.put("affiliates.yaml", put);
        run(tree.path(), ["init"]).expect(2);
        assert_eq!(tree.text("affiliates.yaml"), put);
    }
    #[cfg(unix)]
    {
        fs::remove_file(tree.at("affiliates.yaml")).unwrap();
        std::os::unix::fs::symlink("nowhere.yaml", tree.at("affiliates.yaml")).unwrap();
        run(tree.path(), ["init"]).expect(2);
        assert!(!tree.at("nowhere.yaml").exists());
    }
    for (folder, message) in [("none", "cannot be read"), ("a.md", "is a file")] {
        let ran = run(tree.path(), ["init", folder]).expect(2);
        assert!(ran.err.contains(message), "{}", ran.err);
    }
}

#[test]
fn a_folder_elsewhere_gets_its_file_and_the_commands_to_type() {
    let tree = Tree::of(&[("my site/posts/a.md", "[x](https://www.amazon.com/dp/B0KETTLE01)\n"), ("empty/.keep", "")]);
    let ran = run(tree.path(), ["init", "my site"]).expect(0);
    let commands: Vec<_> = ran.out.lines().filter_map(|line| line.strip_prefix("  affilink ")).collect();
    assert_eq!(
        commands,
        ["check --config 'my site/affiliates.yaml'", "build 'my site' --diff --config 'my site/affiliates.yaml'"]
    );
    run(tree.path(), ["check", "--config", "my site/affiliates.yaml"]).expect(0);
    run(tree.path(), ["build", "my site", "--diff", "--config", "my site/affiliates.yaml"]).expect(0);
    // without pages there is nothing to say, and that is told
    for print in [&["init", "empty"][..], &["init", "--print", "empty"]] {
        let ran = run(tree.path(), print).expect(2);
        assert!(ran.err.contains("no pages found") && !tree.at("empty/affiliates.yaml").exists(), "{}", ran.err);
    }
    // the file may have another name, and lies in the folder
    run(tree.path(), ["init", "my site", "--config", "my site/other.yaml"]).expect(0);
    assert!(tree.at("my site/other.yaml").is_file());
    run(tree.path(), ["init", "my site", "--config", "other.yaml"]).expect(2);
    // what stands above is not this folder's, and is named
    let tree = Tree::of(&[("hugo.toml", ""), ("content/a.md", "x\n"), ("public/a.html", "<p>x\n")]);
    let ran = run(tree.path(), ["init", "content"]).expect(0);
    assert!(ran.err.contains("note: hugo.toml of this Hugo site is in "), "{}", ran.err);
    assert!(!run(tree.path(), ["init", "public"]).expect(0).err.contains("note: "));
    run(tree.path(), ["init"]).expect(0);
    assert!(run(tree.path(), ["init", "content", "--print"]).expect(0).err.contains("there is an affiliates.yaml in"));
    // sites below are named as well, and not what they hold
    let page = "[x](https://www.amazon.com/dp/B0KETTLE01)\n";
    let tree = Tree::of(&[
        ("README.md", page),
        ("www/site/mkdocs.yml", "site_name: x\n"),
        ("www/site/docs/a.md", page),
        ("blog/hugo.toml", ""),
        ("blog/content/b.md", page),
        ("blog/example/hugo.toml", ""),
        ("blog/example/content/c.md", page),
    ]);
    let ran = run(tree.path(), ["init"]).expect(0);
    let notes: Vec<_> = ran.err.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(notes.len(), 2, "{}", ran.err);
    assert!(notes[0].contains("hugo.toml of a Hugo site is in ./blog; `affilink init ./blog` writes"), "{}", notes[0]);
    assert!(notes[1].contains("mkdocs.yml of a MkDocs site is in ./www/site"), "{}", notes[1]);
    let ran = run(tree.path(), ["init", "blog"]).expect(0);
    assert!(!ran.err.contains("site is in "), "{}", ran.err);
}

#[test]
fn a_page_that_makes_things_up_without_end_gets_a_file_that_ends() {
    let mut page = "---\n".to_owned();
    for number in 0..3000 {
        let link = format!(
            "https://www.awin1.com/cread.php?awinmid={number}&awinaffid=111111&ued=https%3A%2F%2Fs{number}.example"
        );
        writeln!(page, "k{number}: {link}").unwrap();
    }
    page.push_str("---\n");
    let tree = Tree::of(&[("a.md", page.as_str())]);
    let text = init(tree.path());
    assert!(text.len() < 64 << 10 && text.contains("... and 2888 more") && text.contains("k0, k1,"), "{text}");
}

#[test]
fn pages_can_neither_forge_nor_break_the_file() {
    let id = "x\u{202e}\"'}: &a*b#";
    let escaped = "x%E2%80%AE%22%27%7D%3A%20%26a*b%23";
    let link = format!("https://www.amazon.com/dp/B0KETTLE01?tag={escaped}");
    let mut site: Vec<(String, Vec<u8>)> = vec![
        (
            "a.md".into(),
            format!("---\n\"a b\": {link}\n\"k\\n- x\": {link}\n\"[]\": {link}\n\"yes\": {link}\n---\n\n<{link}>\n")
                .into_bytes(),
        ),
        (
            "b\n- c: d #.md".into(),
            format!("{{{{< \"q\\\"uo\" url=\"{link}\" >}}}} {{{{< y: url=\"{link}\" >}}}} <X-Y: a=\"{link}\" />\n")
                .into_bytes(),
        ),
        (
            "_includes/notes/buy.html".into(),
            b"<p>We earn a commission if you buy through links on this page.</p>\n".to_vec(),
        ),
        (
            "d.md".into(),
            b"{% include notes/buy.html %} {{< affiliate/notice >}} {{< \"affiliate notice\" >}} <AffiliateNotice/>\n"
                .to_vec(),
        ),
        ("node_modules/x/a.md".into(), b"[x](https://www.amazon.com/dp/B0?tag=hidden-20)\n".repeat(9)),
        (".git/a.md".into(), b"[x](https://www.amazon.com/dp/B0?tag=hidden-20)\n".repeat(9)),
        ("c.md".into(), b"\xff\xfe\0".to_vec()),
        ("hugo.toml".into(), b"baseURL = \"https://a.example/\\\"\\n- x\"\nlanguageCode = \"en\\u0000: x\"\n".to_vec()),
        ("static/_redirects".into(), format!("/go/\"x {link}\n").into_bytes()),
    ];
    for number in 0..40 {
        let odd = ["null", "0x1f", "1e5", "007", "-", "no", "~", "a,b", "a]b", "!t", "%25", "`x`"][number % 12];
        let url = format!(
            "https://www.awin1.com/cread.php?awinmid={number}&awinaffid={odd}&ued=https%3A%2F%2Fs{number}.example"
        );
        site.push((
            format!("posts/{number}.md"),
            format!("[x]({url}) [y](https://www.amazon.de/dp/B0?tag={odd}) [z](https://{odd}.pxf.io/c/{odd}/2/3)\n")
                .into_bytes(),
        ));
    }
    let tree = Tree::new();
    for (name, bytes) in &site {
        tree.put(name, bytes);
    }
    let text = init(tree.path());
    assert!(!text.contains("hidden-20") && !text.contains(id) && !text.contains('\u{202e}'), "{text}");
    let read: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let known = ["version", "site", "programs", "links", "disclosure", "files", "overrides"];
    assert!(read.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{text}");
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = Tree::of(&[("a.md", "x\n"), ("b.md", "y\n")]);
    fs::set_permissions(tree.at("b.md"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(tree.at("b.md")).is_ok() {
        // nothing is unreadable to this user
        return;
    }
    let ran = run(tree.path(), ["init"]).expect(0);
    assert!(ran.err.contains("not read: `b.md`") && ran.err.contains("1 not read"), "{}", ran.err);
    fs::remove_file(tree.at("affiliates.yaml")).unwrap();
    run(tree.path(), ["init", "--strict"]).expect(2);
}

#[test]
fn a_block_for_one_more_merchant_goes_into_the_file() {
    let tree = Tree::of(&[(
        "affiliates.yaml",
        "version: 1\nprograms:\n  amazon: {network: amazon, tag: mysite-20}\n  x: {network: awin, awinaffid: 123456, awinmid: 1, domains: [x.example]}\n",
    )]);
    for (domain, network) in [
        ("rei.com", ""),
        ("amazon.de", "tags: {amazon.de: YOUR-ID}"),
        ("https://shop.example/x", ""),
        ("etsy.com", "awin"),
    ] {
        let ran = run(tree.path(), ["init", "--add", domain]).expect(0);
        assert!(ran.out.contains(network) && ran.out.lines().all(|line| line.starts_with("  ")), "{}", ran.out);
        let first = ran.out.lines().find(|line| !line.trim_start().starts_with('#')).unwrap();
        let filled = first.replace("YOUR-ID", "\"1\"").replace("YOUR-LINK", "https://x.example");
        serde_yaml::from_str::<serde_json::Value>(&filled).unwrap();
    }
    let amazon = run(tree.path(), ["init", "--add", "www.amazon.com"]).expect(0);
    assert!(amazon.out.contains("it serves this merchant, too") && !amazon.out.contains("network:"), "{}", amazon.out);
    let network = run(tree.path(), ["init", "--add", "awin1.com"]).expect(2);
    assert!(network.err.contains("name the merchant"), "{}", network.err);
    run(tree.path(), ["init", "--add", "no domain"]).expect(2);
    let printed = affilink(tree.path(), ["init", "--add", "rei.com", "--print"]).output().unwrap();
    assert_eq!(printed.status.code(), Some(2));
}
