//! Whole configurations: the broken ones of `fixtures/config/bad` with what is printed, the right ones, and what a
//! configuration answers page by page.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::policy::{Foreign, Kind, NoticePlace, Standard, Target};
use super::*;
use crate::document::{Argument, KeyPath};
use crate::lint::SPECS as RULES;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/config").join(folder)
}

fn names(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the fixtures are there").map(|entry| entry.expect("readable").path());
    let files = entries.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

fn read_in(folder: &Path, name: &str, text: &str) -> Result<Config, ConfigError> {
    let read_file = |file: &str| fs::read_to_string(folder.join(file)).map_err(|_| "no such file".to_owned());
    let date = "2026-06-01".parse().expect("a date");
    Config::read(name, text, &ConfigEnv { date, read_file: &read_file, rules: RULES })
}

fn read(text: &str) -> Config {
    read_in(&fixtures("ok"), "affiliates.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}

fn errors(text: &str) -> Vec<String> {
    let error = read_in(&fixtures("ok"), "affiliates.yaml", text).expect_err("wrong");
    error.findings().iter().map(|finding| finding.message.clone()).collect()
}

#[test]
fn broken_configurations_say_what_is_wrong_and_where() {
    let folder = fixtures("bad");
    let write = std::env::var_os("AFFILINK_WRITE_EXPECTED").is_some();
    let cases = names(&folder, "yaml");
    let mut wrong = Vec::new();
    for case in &cases {
        let text = fs::read_to_string(folder.join(format!("{case}.yaml"))).expect("readable");
        let Err(error) = read_in(&folder, &format!("{case}.yaml"), &text) else {
            wrong.push(format!("{case}.yaml is accepted"));
            continue;
        };
        let rendered = error.render(false) + "\n";
        let expected_file = folder.join(format!("{case}.txt"));
        if write {
            fs::write(&expected_file, &rendered).expect("writable");
        }
        let expected = fs::read_to_string(&expected_file).unwrap_or_default();
        if rendered != expected {
            wrong.push(format!("{case}.txt:\n--- expected\n{expected}--- found\n{rendered}"));
        }
    }
    let surplus: Vec<_> = names(&folder, "txt").difference(&cases).cloned().collect();
    assert!(surplus.is_empty(), "no configuration belongs to {surplus:?}");
    assert!(cases.len() >= 45, "only {} cases", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_printed_is_fit_for_a_terminal_and_names_a_place() {
    let folder = fixtures("bad");
    for case in names(&folder, "txt") {
        let text = fs::read_to_string(folder.join(format!("{case}.txt"))).expect("readable");
        let place = format!("--> {case}.yaml:");
        for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
            assert!(block.contains(&place), "{case}: {block}");
        }
        assert!(!text.contains(|char: char| char.is_control() && char != '\n' || char == '\u{202e}'), "{case}");
    }
}

#[test]
fn right_configurations_are_read() {
    let folder = fixtures("ok");
    for case in names(&folder, "yaml") {
        let text = fs::read_to_string(folder.join(format!("{case}.yaml"))).expect("readable");
        if let Err(error) = read_in(&folder, &case, &text) {
            panic!("{error}");
        }
    }
    let example = include_str!("../../affiliates.yaml");
    read(example);
}

#[test]
fn the_committed_schema_is_the_one_of_the_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("affiliates.schema.json");
    if std::env::var_os("AFFILINK_WRITE_EXPECTED").is_some() {
        fs::write(&file, schema_json(RULES)).expect("writable");
    }
    let committed = fs::read_to_string(&file).expect("the schema is committed");
    assert_eq!(committed, schema_json(RULES), "AFFILINK_WRITE_EXPECTED=1 cargo test writes it anew");
}

#[test]
fn every_key_of_the_schema_is_explained_and_shown_in_the_example() {
    let example = include_str!("../../affiliates.yaml");
    for row in defaults_table().lines().skip(2) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [key, _, meaning] = cells.as_slice() else {
            panic!("{row} has {} cells", cells.len());
        };
        assert!(meaning.len() > 5, "{key} is not explained");
        let last = key.trim_matches('`').rsplit('.').next().expect("a part");
        assert!(example.contains(&format!("{last}:")), "affiliates.yaml does not show {key}");
    }
}

#[test]
fn defaults_and_values_reach_the_compiled_form() {
    let spec = fs::read_to_string(fixtures("ok").join("spec.yaml")).expect("readable");
    let config = read(&spec);
    assert_eq!(config.site.host.as_deref(), Some("www.mysite.example"));
    assert_eq!(config.site.language.as_deref(), Some("en"));
    assert_eq!(config.files.max_size, 1 << 20);
    assert!(!config.files.fail_on_refused);
    let options = config.parse_options("a.md");
    assert!(matches!(options, Cow::Borrowed(_)));
    assert_eq!(options.shortcodes["amazon"], [Argument::Position(0)]);
    assert_eq!(options.shortcodes["include cta.html"], [Argument::Named("url".into())]);
    assert_eq!(options.components["Ui.Card"], ["to"]);
    assert_eq!(options.front_matter.len(), 2);
    assert!(matches!(&options.front_matter[1], KeyPath(steps) if steps.len() == 3));
    assert_eq!((options.skip.as_str(), options.ignore.as_str()), ("", ".no-affiliate"));

    let defaults = Config::without_file("2026-06-01".parse().expect("a date"), RULES);
    let options = defaults.parse_options("a.md");
    assert_eq!((options.content.as_str(), options.bare_urls), ("main, article, [role=main]", true));
    assert_eq!((defaults.files.max_size, defaults.files.fail_on_refused), (64 << 20, true));
    let policy = defaults.policy("a.md", None);
    assert_eq!(policy.rel, ["sponsored", "nofollow"]);
    assert!(policy.enabled && policy.bare_urls && !policy.unwrap && policy.subid.is_none());
}

#[test]
fn programs_keep_the_files_order_and_spelling() {
    let config = read(
        "version: 1\nprograms:\n  z: {domains: [z.example], set: {b: 2, a: x}}\n  \
         a: {network: awin, awinaffid: 12345678901, awinmid: 7, domains: [Ä.example]}\n",
    );
    let names: Vec<_> = config.map.programs().iter().map(|program| program.name.as_str()).collect();
    assert_eq!(names, ["z", "a"]);
}

#[test]
fn overrides_apply_in_order_and_the_page_has_the_last_word() {
    let spec = fs::read_to_string(fixtures("ok").join("spec.yaml")).expect("readable");
    let mut config = read(&spec);
    config.set_generator(Generator { markdown: MarkdownStyle::Kramdown, math: true, containers: false });

    let plain = config.policy("posts/a.md", None);
    assert_eq!((plain.foreign, plain.target, plain.kind), (Foreign::Keep, Target::Keep, Kind::Auto));
    assert_eq!(plain.markdown, MarkdownStyle::Kramdown);
    assert!(plain.subid.is_some());
    assert_eq!(config.policy("posts/a.mdx", None).markdown, MarkdownStyle::Html);
    assert_eq!(config.policy("docs/x/a.md", None).markdown, MarkdownStyle::Html, "`files.mdx` names it");

    let guide = config.policy("en/guides/a.md", None);
    assert_eq!((guide.foreign, guide.target, guide.kind), (Foreign::Replace, Target::Blank, Kind::Roundup));
    assert_eq!((guide.rel.as_slice(), guide.subid.as_ref()), (&["sponsored".to_owned()][..], None));
    assert_eq!(guide.markdown, MarkdownStyle::Html);
    let options = config.parse_options("en/guides/a.md");
    assert_eq!((options.content.as_str(), options.skip.as_str(), options.ignore.as_str()), (".guide", "", ".toc"));
    assert!(!options.bare_urls && options.math);

    let old = config.policy("guides/old/a.md", Some(&json!({"kind": "article", "reason": "gift guide"})));
    assert_eq!((old.foreign, old.target, old.kind), (Foreign::Strip, Target::Blank, Kind::Article));
    assert!(old.problems.is_empty());
    assert_eq!(config.policy("en/guides/old/a.md", None).foreign, Foreign::Replace, "`/` anchors");
}

#[test]
fn the_disclosure_is_the_sites_and_its_overrides() {
    let spec = fs::read_to_string(fixtures("ok").join("spec.yaml")).expect("readable");
    let config = read(&spec);
    let site = config.policy("posts/a.md", None).disclosure;
    assert_eq!((site.place, site.standard, site.statements), (NoticePlace::Auto, Standard::Asa, false));
    assert_eq!(site.texts, [("en".into(), "We earn a commission.".into()), ("de".into(), "Wir".into())]);
    assert_eq!((site.markdown.as_str(), site.marker.as_str()), ("> {text}", " (ad)"));
    assert_eq!(config.parse_options("posts/a.md").recognize, [".disclosure", "AffiliateDisclosure", "partials/note"]);

    let german = config.policy("de/a.md", None).disclosure;
    let texts: Vec<_> = german.texts.iter().map(|(language, text)| (language.as_str(), text.as_str())).collect();
    assert_eq!(
        texts,
        [("en", "We earn a commission."), ("de", "Anzeige: Wir erhalten eine Provision."), ("it", "Ciao")]
    );
    assert_eq!((german.place, german.html.as_str(), german.marker.as_str()), (NoticePlace::Top, "<b>{text}</b>", ""));
    assert_eq!(config.parse_options("de/a.md").recognize, [".note"]);
    assert_eq!(config.disclosures().len(), 2);
}

#[test]
fn mistakes_in_a_switch_are_the_pages_problem() {
    let config = Config::without_file("2026-06-01".parse().expect("a date"), RULES);
    for (switch, enabled, problems) in [
        (json!(false), false, vec![]),
        (json!(true), true, vec![]),
        (json!(null), true, vec![]),
        (json!({"mentions": false, "skip": ["Echo"], "ignore": "link-density"}), true, vec![]),
        (json!("off"), true, vec!["`affilink` must be `false` or a map"]),
        (json!({"knid": "roundup"}), true, vec!["unknown key `knid` in `affilink`; did you mean `kind`?"]),
        (json!({"kind": "list"}), true, vec!["`affilink.kind` must be `auto`, `article` or `roundup`"]),
        (
            json!({"skip": [1], "mentions": 0}),
            true,
            vec!["`affilink.mentions` must be `true` or `false`", "`affilink.skip` must be a list of texts"],
        ),
    ] {
        let policy = config.policy("a.md", Some(&switch));
        let mut found: Vec<_> = policy.problems.iter().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!((policy.enabled, found), (enabled, problems), "{switch}");
    }
}

#[test]
fn pages_are_included_by_glob() {
    let config = read("version: 1\nfiles: {exclude: [drafts/, /README.md], mdx: docs/**}\n");
    for (page, included, format) in [
        ("a.md", true, Some(Format::Markdown)),
        ("x/a.HTML", false, Some(Format::Html)),
        ("x/a.html", true, Some(Format::Html)),
        ("x/drafts/y/a.md", false, Some(Format::Markdown)),
        ("README.md", false, Some(Format::Markdown)),
        ("x/README.md", true, Some(Format::Markdown)),
        ("docs/a.md", true, Some(Format::Mdx)),
        ("docs/a.html", true, Some(Format::Html)),
        ("docs/a.txt", false, None),
        ("docs/md", false, None),
    ] {
        assert_eq!((config.files.is_included(page), config.format(page)), (included, format), "{page}");
    }
}

#[test]
fn one_mistake_is_one_message() {
    for text in [
        "version: 1\nprograms:\n  a: {networ: amazon, tag: mysite-20}\n",
        "version: 1\nprograms:\n  a: {network: no, tag: mysite-20}\n",
        "version: 1\nprograms:\n  a: {network: amazn, tag: mysite-20}\n",
        "version: 1\nprograms:\n  a: {network: amazon, tag: no}\n",
        "version: 1\nprograms:\n  a: {network: amazon, tag: [no]}\n",
        "version: 1\nprograms:\n  a: {domains: [1.5], set: {ref: x}}\n",
        "version: 1\nprograms:\n  a: {domains: [a.example], set: {ref: 1.5}}\n",
        "version: 1\nprograms:\n  a: &x {network: amazon, tag: mysite-20}\n",
        "version: 1\npartners:\n  a: {network: amazon, tag: 1e3}\n",
        "version: 1\noverrides: [{file: 'a/**'}]\n",
        "version: 1\nhtml: {content: 1}\n",
    ] {
        assert_eq!(errors(text).len(), 1, "{text}{:#?}", errors(text));
    }
}

#[test]
fn large_and_hostile_files_end_quickly() {
    let started = std::time::Instant::now();
    assert_eq!(errors(&" ".repeat(MAX_CONFIG_SIZE + 1)), ["the file has 1048577 bytes"]);
    for text in [
        "version: 1\n".repeat(90_000),
        format!("version: 1\nprograms:\n{}", "  a: {network: amazon}\n".repeat(20_000)),
        format!("version: 1\nsite: {{url: '{}'}}\n", "x".repeat(1_000_000)),
        format!("{}: 1\n", "x".repeat(1_000_000)),
        format!("version: 1\nlinks: {{rel: [{}]}}\n", "A,".repeat(40_000)),
        format!("version: {}", "[".repeat(500_000)),
        format!("version: {}", "{".repeat(500_000)),
        "&a ".repeat(300_000),
    ] {
        assert!(!errors(&text).is_empty());
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9:{}\\[\\]\"'&*!|>#<~,. \n-]{0,80}") {
        let _ = read_in(&fixtures("ok"), "x", &text).map_err(|error| error.render(true));
        let _ = read_in(&fixtures("ok"), "x", &format!("version: 1\nprograms:\n  a: {text}\n"));
        let _ = read_in(&fixtures("ok"), "x", &format!("version: 1\nlinks: {{{text}}}\n"));
    }

    #[test]
    fn no_string_makes_a_key_panic(text in ".{0,40}", key in 0_usize..12) {
        let quoted = serde_json::Value::from(text.as_str()).to_string();
        let yaml = [
            "site: {url: X}", "site: {language: X}", "links: {front_matter: X}", "links: {shortcodes: {a: X}}",
            "links: {components: {X: a}}", "links: {subid: X}", "links: {rel: X}", "files: {include: X}",
            "files: {max_size: X}", "html: {ignore: X}", "programs: {a: {domains: X, template: X}}",
            "programs: {a: {network: amazon, tag: X, commission: X, starts: X}}",
        ][key].replace('X', &quoted);
        let _ = read_in(&fixtures("ok"), "x", &format!("version: 1\n{yaml}\n")).map_err(|error| error.render(false));
    }
}
