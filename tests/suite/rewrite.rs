//! `fixtures/rewrite/CASE`: `in/` built by `affiliates.yaml` must be `out/`, byte for byte; once more changes nothing; the
//! manifest leads back. `AFFILINK_BLESS=1` writes `out/` anew, to be read before it is committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use affilink::generator::Generator;
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::source::Format;

use crate::identity::seen;
use crate::support::{Tree, config, files, root, run};

fn cases() -> Vec<(String, std::path::PathBuf)> {
    let folder = root().join("fixtures/rewrite");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn cases_come_out_as_recorded() {
    let bless = std::env::var_os("AFFILINK_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let tree = Tree::new();
        let out = tree.at("out");
        let manifest = tree.at("manifest.jsonl");
        let build = |source: &Path, out: &Path| {
            let (source, out) = (source.to_str().unwrap(), out.to_str().unwrap());
            let config = case.join("affiliates.yaml");
            let args =
                ["build", source, "--out", out, "--date", "2026-06-01", "--manifest", manifest.to_str().unwrap()];
            let ran = run(&case, args.iter().copied().chain(["-c", config.to_str().unwrap()]));
            assert_eq!(ran.code, Some(0), "{name}:\n{}{}", ran.out, ran.err);
        };
        build(&case.join("in"), &out);
        if bless {
            let _ = fs::remove_dir_all(case.join("out"));
            for (file, bytes) in files(&out) {
                let path = case.join("out").join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
        let (made, expected) = (files(&out), files(&case.join("out")));
        assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name}");
        for (file, bytes) in &made {
            if *bytes != expected[file] {
                wrong.push(format!(
                    "{name}/{file}:\n--- made\n{}\n--- expected\n{}",
                    String::from_utf8_lossy(bytes),
                    String::from_utf8_lossy(&expected[file])
                ));
            }
        }
        let back = tree.at("back");
        let args =
            ["strip", out.to_str().unwrap(), "--out", back.to_str().unwrap(), "--manifest", manifest.to_str().unwrap()];
        run(&case, args.into_iter().chain(["-c", case.join("affiliates.yaml").to_str().unwrap()])).expect(0);
        same(&files(&back), &files(&case.join("in")), &format!("{name}: the manifest leads back"));
        let again = tree.at("again");
        build(&out, &again);
        same(&files(&again), &made, &format!("{name}: a second run changes nothing"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn without_a_manifest_what_was_written_beside_links_goes() {
    for (case, pages) in [
        (
            "disclosure-markdown",
            &["after-intro.md", "amazon.md", "quote.md", "table.md", "bottom-footnotes.md", "off.md"][..],
        ),
        ("disclosure-html", &["article.html", "two-articles.html", "no-content.html", "german-without-charset.html"]),
        ("disclosure-texts", &["page.md", "page.mdx", "page.html"]),
        ("disclosure-values", &["front-matter.md", "shortcode.md"]),
    ] {
        let folder = root().join("fixtures/rewrite").join(case);
        let tree = Tree::new();
        let back = tree.at("back");
        let (source, config) = (folder.join("out"), folder.join("affiliates.yaml"));
        let paths = [source.to_str().unwrap(), back.to_str().unwrap(), config.to_str().unwrap()];
        run(&folder, ["strip", paths[0], "--out", paths[1], "-c", paths[2]]).expect(0);
        let (made, before) = (files(&back), files(&folder.join("in")));
        for page in pages {
            let clean = String::from_utf8_lossy(&before[*page]).replace("?ref=mysite", "");
            assert_eq!(String::from_utf8_lossy(&made[*page]), clean, "{case}/{page}");
        }
    }
}

fn same(made: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}");
    for (file, bytes) in made {
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected[file]), "{file}: {what}");
    }
}

/// The generator that a case's pages stand under: its configuration file is in `in/`.
fn generator(case: &Path) -> Option<Generator> {
    affilink::generator::detect_source(&|name: &str| affilink::fsio::site_text(&case.join("in"), name))
}

#[test]
fn line_endings_marks_and_missing_final_newlines_stay() {
    type Variant = fn(Vec<u8>) -> Vec<u8>;
    let crlf: Variant = |bytes| String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into_bytes();
    let bom: Variant = |bytes| [b"\xef\xbb\xbf".to_vec(), bytes].concat();
    let bare: Variant = |bytes| bytes.strip_suffix(b"\n").unwrap_or(&bytes).to_vec();
    let variants: [(&str, Variant); 4] =
        [("LF", |bytes| bytes), ("CRLF", crlf), ("BOM", bom), ("no final newline", bare)];
    let mut pages = 0;
    for (name, case) in cases() {
        let mut config = config(&fs::read_to_string(case.join("affiliates.yaml")).unwrap());
        let generator = generator(&case);
        config.set_generator(facts(generator));
        let setup = setup(&config, generator, "2026-06-01");
        let expected = files(&case.join("out"));
        for (file, bytes) in files(&case.join("in")) {
            let Some(format) = config.format(&file).filter(|_| config.files.is_included(&file)) else { continue };
            if bytes.contains(&b'\r') || bytes.starts_with(b"\xef\xbb\xbf") || std::str::from_utf8(&bytes).is_err() {
                continue;
            }
            for (variant, change) in variants {
                let made = one(&change(bytes.clone()), format, &file, setup);
                let wanted = change(expected[&file].clone());
                assert_eq!(
                    String::from_utf8_lossy(&made),
                    String::from_utf8_lossy(&wanted),
                    "{name}/{file} with {variant}"
                );
            }
            pages += 1;
        }
    }
    assert!(pages > 0);
}

#[test]
fn lines_that_end_in_cr_have_a_notice_with_such_ends() {
    let config = |status: &str| {
        config(&format!(
            "version: 1\nprograms:\n  shop: {{domains: [shop.example], set: {{ref: me}}, status: {status}}}\nlinks: {{markdown: plain}}\n"
        ))
    };
    let (active, ended) = (config("active"), config("ended"));
    let build = |page: &str, config| {
        let bytes = one(page.as_bytes(), Format::Markdown, "a.md", setup(config, None, "2026-06-01"));
        String::from_utf8(bytes).unwrap()
    };
    let notice = "*We earn a commission if you buy through links on this page.*";
    let (link, made) = ("[x](https://shop.example/x)", "[x](https://shop.example/x?ref=me)");
    for (before, behind) in [
        ("First.\r\r", "\r"),
        ("", "\r\rMore.\r"),
        ("# Title\r\rFirst.\r\r- one\r- two\r\r", ""),
        ("First.\r\r> quoted\r\r1. one\r\r", " and more\r\r\r"),
        ("\u{feff}", "\r\rMore.\r"),
    ] {
        let page = format!("{before}{link}{behind}");
        let expected = format!("{before}{notice}\r\r{made}{behind}");
        assert_eq!(build(&page, &active), expected, "{page:?}");
        assert_eq!(build(&expected, &active), expected, "a second run");
        assert_eq!(build(&expected, &ended), page, "{expected:?}");
    }
}

fn one(bytes: &[u8], format: Format, page: &str, setup: affilink::pipeline::page::Setup<'_>) -> Vec<u8> {
    match rewrite(bytes, format, page, setup) {
        Outcome::Edited { bytes, .. } => bytes,
        Outcome::Refused(reason) => panic!("{page}: {reason}"),
        _ => bytes.to_vec(),
    }
}

#[test]
fn a_notice_at_the_end_of_a_page_comes_and_goes_whatever_stands_before() {
    let config = |more: &str| {
        config(&format!(
            "version: 1\nprograms:\n  shop: {{domains: [shop.example], set: {{ref: me}}{more}}}\ndisclosure: {{place: bottom}}\n\
             links: {{markdown: kramdown}}\nproducts: [{{name: Kettle, url: \"https://shop.example/k\"}}]\n"
        ))
    };
    let (open, ended) = (config(""), config(", status: ended"));
    let build = |page: &str, config| {
        let bytes = one(page.as_bytes(), Format::Markdown, "a.md", setup(config, None, "2026-06-01"));
        String::from_utf8(bytes).unwrap()
    };
    let notice = "*We earn a commission if you buy through links on this page.*";
    let link = "[a](https://shop.example/x)";
    for last in [
        link,
        "and a Kettle",
        "# Heading",
        "Heading\n=======",
        "- item",
        "- item\n\n  more",
        "- item\n  - [b](https://shop.example/y)",
        "1. item",
        "> quote",
        "> - quote\n> - quote",
        "| a | b |\n|---|---|\n| c | d |",
        "```\ncode\n```",
        "text\n\n    code",
        "<div>\nhtml\n</div>",
        "<div>\n\ninner\n\n</div>",
        "<b>inline</b>",
        "***",
        "two\nlines",
        "hard  \nbreak",
        "{{< shortcode >}}",
        "<!-- a comment -->",
        "[r]: https://example.org/",
        "[^1]: a footnote",
        "```\nopen",
        "~~~~\n~~~",
        "<!-- open",
        "<script>\nopen",
        "- ```\n  open",
        "> ```\n> open",
    ] {
        for (end, line) in [("", "\n"), ("\n", "\n"), ("\r\n", "\r\n"), ("", "\r\n"), ("\n\n", "\n")] {
            let page = format!("See {link} first.\n\n{last}{end}").replace("\r\n", "\n").replace('\n', line);
            let page = if end.is_empty() { page } else { page.trim_end().to_owned() + end };
            let made = build(&page, &open);
            assert!(made.contains(notice), "{page:?} became {made:?}");
            let shown = seen(&made).0;
            assert!(shown.contains("We earn a commission"), "{made:?}");
            assert_eq!(build(&made, &open), made, "a second run changed {page:?}");
            assert_eq!(made.ends_with('\n'), page.ends_with('\n'), "{made:?}");
            // the program ends: its links are clean again, and the notice goes
            let after = build(&made, &ended);
            assert!(!after.contains(notice), "{after:?}");
            if !last.contains("Kettle") {
                let clean = after.replace("{:rel=\"sponsored nofollow\"}", "");
                assert_eq!(clean.trim_end(), page.trim_end(), "{made:?}");
                assert_eq!(clean.ends_with('\n'), page.ends_with('\n'), "{after:?}");
            }
        }
    }
}
