//! `affilink pandoc`: documents that Pandoc really writes (`fixtures/hosts`), and what no version of it would.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{CONFIG, piped};
use crate::support::{Tree, root};

/// What Pandoc says of `fixtures/sites/pandoc/page.md`, in a tree with that site's configuration.
fn captured(version: &str) -> (Tree, String) {
    let site = root().join("fixtures/sites/pandoc");
    let tree = Tree::of(&[("affiliates.yaml", fs::read(site.join("affiliates.yaml")).unwrap())]);
    (tree, fs::read_to_string(root().join(format!("fixtures/hosts/pandoc-{version}.json"))).unwrap())
}

/// Every link's URL with its `rel`, by where it stands.
fn links(document: &str) -> BTreeMap<String, (String, Option<String>)> {
    let mut found = BTreeMap::new();
    let document: Value = serde_json::from_str(document).unwrap();
    let mut open = vec![(String::new(), &document)];
    while let Some((place, value)) = open.pop() {
        if value["t"] == "Link" {
            let pairs = value["c"][0][2].as_array().unwrap();
            let rel = pairs.iter().find(|pair| pair[0] == "rel").map(|pair| pair[1].as_str().unwrap().to_owned());
            found.insert(place.clone(), (value["c"][2][0].as_str().unwrap().to_owned(), rel));
        }
        match value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(at, item)| (format!("{place}/{at:03}"), item)));
            }
            Value::Object(members) => open.extend(members.iter().map(|(key, item)| (format!("{place}/{key}"), item))),
            _ => {}
        }
    }
    found
}

#[test]
fn links_are_rewritten_for_every_output() {
    for version in ["1.22", "1.23"] {
        let (tree, said) = captured(version);
        for (format, html, attributes) in [
            ("html", true, true),
            ("epub3+smart", true, true),
            ("markdown-raw_html", true, true),
            ("latex", false, false),
        ] {
            let ran = piped(&tree, &["pandoc", format], &said).expect(0);
            assert!(ran.err.is_empty(), "{}", ran.err);
            let found = links(&ran.out);
            assert_eq!(found.len(), links(&said).len());
            for (url, rel) in found.values() {
                let own = url.contains("tag=mysite-20") || url.contains("awinaffid=123456");
                let stays = url.contains("B000000001") || url.contains("somebody.example");
                assert!(own != stays, "{url}");
                let sponsored = rel.as_deref().is_some_and(|rel| rel.contains("sponsored nofollow"));
                assert_eq!(sponsored, own && attributes, "{format}: {url}: {rel:?}");
            }
            // raw HTML, also behind what another piece of it opens
            assert_eq!(
                ran.out.contains(r#"<a rel=\"sponsored nofollow\" href=\"https://www.awin1.com"#),
                html,
                "{format}"
            );
            assert!(
                ran.out.contains("<!-- <a href=\\\"https://www.amazon.com/dp/B000000001\\\">"),
                "a comment is a comment"
            );
            let document: Value = serde_json::from_str(&ran.out).unwrap();
            let at =
                document["blocks"].as_array().unwrap().iter().position(|block| block["t"] == "BlockQuote").unwrap();
            let notice = &document["blocks"][at - 1];
            assert!(notice.to_string().contains("Provision"), "{format}: {notice}");
            let kind = match format {
                "latex" => "Div",
                "markdown-raw_html" => "Para",
                _ => "RawBlock",
            };
            assert_eq!(notice["t"], kind, "{format}");
            let again = piped(&tree, &["pandoc", format], &ran.out).expect(0);
            assert!(again.out == ran.out, "{format}: twice is once");
        }
    }
}

fn document(version: &str, meta: &str, blocks: &str) -> String {
    format!(r#" {{"blocks" : [{blocks}], "pandoc-api-version":{version},"meta":{meta}, "n":1.50}} "#)
}

const LINK: &str = r#"{"t":"Link","c":[["",[],[ ]],[{"t":"Str","c":"x"}],["https:\/\/shop.example/",""]]}"#;
const DONE: &str = r#"{"t":"Link","c":[["",[],[["rel","sponsored nofollow"]]],[{"t":"Str","c":"x"}],["https://shop.example/?ref=me",""]]}"#;

#[test]
fn nodes_that_are_not_links_go_through_byte_for_byte() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    let around = |link: &str| {
        document(
            "[1,23]",
            r#"{"x":{"t":"MetaNew","c":[1e400]}}"#,
            &format!(
                r#"{{"t":"Para", "c":[{{"t":"New","c":{LINK}}},{{"t":"Emph","c":[{link}],"new":[]}}]}},{{"t":"Null"}}, 7"#
            ),
        )
    };
    let ran = piped(&tree, &["pandoc"], &around(LINK)).expect(0);
    assert_eq!(ran.out, around(DONE));
    for nothing in ["", r#"{"t":"Para","c":[{"t":"Link","c":[[],[],7]},{"t":"Link"},{"t":7},{"c":[]},null]}"#] {
        let said = document("[1,17]", "{}", nothing);
        assert_eq!(piped(&tree, &["pandoc", "html"], &said).expect(0).out, said);
    }
}

#[test]
fn no_attribute_makes_a_link_html_where_markdown_must_stand_on_one_line() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    let header = |link: &str| format!(r#"{{"t":"Header","c":[2,["",[],[]],[{link}]]}}"#);
    let table = |link: &str| format!(r#"{{"t":"Table","c":[[{{"t":"Plain","c":[{link}]}}]]}}"#);
    let list = |link: &str| format!(r#"{{"t":"BulletList","c":[[{{"t":"Plain","c":[{link}]}}]]}}"#);
    let of = |line: &str, text: &str| {
        let blocks = [header(line), table(line), list(text), header(&LINK.replace("shop.", "other."))];
        document("[1,23]", "{}", &blocks.join(","))
    };
    let bare = DONE.replace(r#"[["rel","sponsored nofollow"]]"#, "[ ]");
    for (format, attributes) in [
        ("markdown", true),
        ("markdown_phpextra", true),
        ("commonmark_x+smart", true),
        ("gfm+attributes", true),
        ("html", true),
        ("gfm", false),
        ("markdown-link_attributes", false),
        ("markdown_mmd-raw_html", false),
        ("commonmark+attributes-attributes", false),
    ] {
        let ran = piped(&tree, &["pandoc", format], &of(LINK, LINK)).expect(0);
        assert_eq!(ran.out, of(if attributes { DONE } else { &bare }, DONE), "{format}");
        assert_eq!(
            ran.err.contains("2 links in headings and tables get no `rel`"),
            !attributes,
            "{format}: {}",
            ran.err
        );
        let again = piped(&tree, &["pandoc", format], &ran.out).expect(0);
        assert!(again.out == ran.out, "{format}: twice is once");
    }
    // what the author gave stays
    let own = LINK.replace("[ ]", r#"[["rel","me"],["target","_top"]]"#);
    let ran = piped(&tree, &["pandoc", "gfm"], &of(&own, LINK)).expect(0);
    assert_eq!(ran.out, of(&own, DONE), "{}", ran.err);
}

#[test]
fn the_metadata_says_what_front_matter_would() {
    let shown = CONFIG.replace("place: none", "place: auto");
    let tree = Tree::of(&[("affiliates.yaml", shown)]);
    let said = |meta: &str| {
        document("[1,22,2,1]", meta, &format!(r#"{{"t":"Header","c":[1,["",[],[]],[]]}},{{"t":"Para","c":[{LINK}]}}"#))
    };
    let off = said(r#"{"affilink":{"t":"MetaBool","c":false}}"#);
    assert_eq!(piped(&tree, &["pandoc"], &off).expect(0).out, off);
    let german = said(r#"{"lang":{"t":"MetaInlines","c":[{"t":"Str","c":"de"}]}}"#);
    let ran = piped(&tree, &["pandoc"], &german).expect(0);
    assert!(ran.out.contains("Provision") && ran.out.find("Header").unwrap() < ran.out.find("Provision").unwrap());
    let wrong = said(r#"{"affilink":{"t":"MetaMap","c":{"mentoins":{"t":"MetaBool","c":false}}}}"#);
    let ran = piped(&tree, &["pandoc"], &wrong).expect(2);
    assert!(ran.out.is_empty() && ran.err.contains("mentoins"), "{}", ran.err);
    for (place, before) in [("top", false), ("bottom", true)] {
        tree.put("affiliates.yaml", CONFIG.replace("place: none", &format!("place: {place}")));
        let out = piped(&tree, &["pandoc"], &said("{}")).expect(0).out;
        assert_eq!(out.find("\"Link\"").unwrap() < out.find("RawBlock").unwrap(), before, "{place}: {out}");
        assert!(out.find("Header").unwrap() < out.find("RawBlock").unwrap());
    }
}

#[test]
fn depth_and_number_of_nodes_cost_no_stack() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    for kind in ["BlockQuote", "Emph", "Note", "Unknown"] {
        let nested = |link: &str| {
            let (open, close) = (format!(r#"{{"t":"{kind}","c":["#).repeat(20_000), "]}".repeat(20_000));
            document("[1,23,1]", "{}", &format!("{open}{link}{close}"))
        };
        let ran = piped(&tree, &["pandoc"], &nested(LINK)).expect(0);
        assert!(ran.out == nested(if kind == "Unknown" { LINK } else { DONE }), "{kind}: {:.200}", ran.err);
    }
}

#[test]
fn what_is_no_document_is_said_and_prints_none() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    for (said, message) in [
        ("# Markdown\n".to_owned(), "pandoc -t json"),
        (r#"[{"unMeta":{}},[]]"#.to_owned(), "1.17 to 1.23"),
        ("{}".to_owned(), "no `pandoc-api-version`"),
        (r#"{"pandoc-api-version":[1,22]}"#.to_owned(), "no `blocks`"),
        (document("[1,16]", "{}", ""), "[1,16]"),
        (document("[2,0]", "{}", ""), "[2,0]"),
    ] {
        let ran = piped(&tree, &["pandoc", "html"], &said).expect(2);
        assert!(ran.out.is_empty() && ran.err.contains(message), "{message}: {}{}", ran.out, ran.err);
    }
    let ran = piped(&tree, &["pandoc"], &document("[1,24]", "{}", LINK)).expect(0);
    assert!(ran.err.starts_with("warning: pandoc-api-version 1.24") && ran.out.contains("ref=me"), "{}", ran.err);
    // a page that is excluded goes through as it is
    let said = document("[1,22]", "{}", LINK);
    assert_eq!(piped(&tree, &["pandoc", "--path", "drafts/x.md"], &said).expect(0).out, said);
    let named = json!({"blocks": [], "pandoc-api-version": [1, 22], "meta": {}}).to_string();
    assert_eq!(piped(&tree, &["pandoc", "html", "--path", "x.md"], &named).expect(0).out, named);
}
