//! `affilink mdbook`: what mdBook 0.4 and 0.5 really say (`fixtures/hosts`), and what they never would.

use std::fs;

use affilink::generator::Generator;
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::source::Format;
use serde_json::{Value, json};

use super::{CONFIG, piped};
use crate::support::{Tree, config, files, root};

/// What a version of mdBook says of the book in `tree`, a copy of `fixtures/sites/mdbook`.
fn captured(version: &str) -> (Tree, String) {
    let tree = Tree::new();
    for (name, bytes) in files(&root().join("fixtures/sites/mdbook")) {
        tree.put(&name, bytes);
    }
    let said = fs::read_to_string(root().join(format!("fixtures/hosts/mdbook-{version}.json"))).unwrap();
    let folder = serde_json::to_string(tree.path()).unwrap();
    let said = said.replace("\"/book\"", &folder);
    (tree, said)
}

/// Calls `with` for every chapter's object.
fn chapters(items: &mut Value, with: &mut impl FnMut(&mut Value)) {
    for item in items.as_array_mut().unwrap() {
        if let Some(chapter) = item.get_mut("Chapter") {
            with(chapter);
            chapters(&mut chapter["sub_items"], with);
        }
    }
}

#[test]
fn chapters_become_what_a_build_makes_of_them_and_nothing_else_changes() {
    for (version, items) in [("0.4", "sections"), ("0.5", "items")] {
        let (tree, said) = captured(version);
        let mut expected = serde_json::from_str::<Value>(&said).unwrap()[1].take();
        let mut config = config(&tree.text("affiliates.yaml"));
        config.set_generator(facts(Some(Generator::MdBook)));
        let mut edited = 0;
        chapters(&mut expected[items], &mut |chapter| {
            let (Some(page), Some(text)) = (chapter["source_path"].as_str(), chapter["content"].as_str()) else {
                return;
            };
            let setup = setup(&config, Some(Generator::MdBook), "2026-06-01");
            if let Outcome::Edited { bytes, .. } = rewrite(text.as_bytes(), Format::Markdown, page, setup) {
                chapter["content"] = String::from_utf8(bytes).unwrap().into();
                edited += 1;
            }
        });
        assert_eq!(edited, 2);
        let ran = piped(&tree, &["mdbook"], &said).expect(0);
        assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap(), expected, "{version}");
        assert!(ran.err.is_empty(), "{}", ran.err);
        assert!(ran.out.contains("awin1.com") && ran.out.contains("tag=mysite-20"));
    }
}

/// A book of mdBook 0.5 with one chapter, `src/a.md`, whose text is `content`; `table` is the preprocessor's.
fn book(tree: &Tree, table: &Value, content: &str) -> String {
    let said = json!({
        "root": tree.path(), "config": {"book": {"title": "x"}, "preprocessor": {"affilink": table}},
        "renderer": "html", "mdbook_version": "0.5.4",
    });
    let chapter = json!({"Chapter": {"name": "A", "content": content, "number": [1], "sub_items": [], "path": "a.md",
        "source_path": "a.md", "parent_names": []}});
    json!([said, {"items": [chapter]}]).to_string()
}

#[test]
fn what_is_no_text_of_a_chapter_goes_back_byte_for_byte() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    let said = r#" [ {"root": ".", "mdbook_version": "0.5.9", "renderer": "html", "config": {}, "new": 1.50},
      { "z":1e400 , "items" : [ "Separator", {"PartTitle":"a\u0041"}, {"Chapter" : {"content":"[x](https://shop.example/)\u000a",
      "path":"a.md","number":[18446744073709551616],"sub_items":[{"Chapter":{"path":null,"content":"[x](https://shop.example/)"}}],
      "x":1,"x":2}}, {"New":[]} ], "__non_exhaustive" :null} ] "#;
    let ran = piped(&tree, &["mdbook"], said).expect(0);
    let (start, end) = (said.find("{ \"z\"").unwrap(), said.rfind(" ]").unwrap());
    let new = r#""<a href=\"https://shop.example/?ref=me\" rel=\"sponsored nofollow\">x</a>\n""#;
    // of the draft, which has no path, the text stays
    let expected = said[start..end].replacen(r#""[x](https://shop.example/)\u000a""#, new, 1);
    assert_eq!(ran.out, expected);
}

#[test]
fn findings_stand_on_the_lines_of_the_chapters_file() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG)]);
    let own = "An [offer](https://old.example/1?ref=me) of old.\n";
    tree.put("src/a.md", format!("# A\n\n{{{{#include b.md}}}}\n\n{own}"));
    let expanded = format!("# A\n\nBefore it.\n\nA [click here](https://shop.example/2).\n\n{own}");
    for (table, code) in [
        (json!({"after": ["links"]}), 0),
        (json!({"fail-on": "never"}), 0),
        (json!({"fail-on": "error"}), 1),
        (json!({"fail-on": "warn", "findings": true, "command": "affilink mdbook", "optional": true}), 1),
    ] {
        let ran = piped(&tree, &["mdbook"], &book(&tree, &table, &expanded)).expect(code);
        assert_eq!(ran.out.is_empty(), code != 0, "{}", ran.out);
        assert!(ran.err.contains("src/a.md:5:12: error[ended-program]"), "{}", ran.err);
        assert!(ran.err.contains("src/a.md:3:1: warn[vague-link-text]"), "{}", ran.err);
    }
    let ran = piped(&tree, &["mdbook"], &book(&tree, &json!({"findings": false}), &expanded)).expect(0);
    assert!(!ran.err.contains("[vague-link-text]"), "{}", ran.err);
    // an include that was not expanded yet
    let ran = piped(&tree, &["mdbook"], &book(&tree, &json!({}), "{{#include b.md}}\n")).expect(0);
    assert!(ran.err.contains("after = [\"links\"]"), "{}", ran.err);
    let ran = piped(&tree, &["mdbook"], &book(&tree, &json!({}), "\\{{#include b.md}}\n")).expect(0);
    assert!(ran.err.is_empty(), "{}", ran.err);
}

#[test]
fn what_cannot_be_done_is_said_and_prints_no_book() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG), ("other/broken.yaml", "version: 1\nprogramms: {}\n")]);
    let text = "x\n";
    for (said, message) in [
        ("garbage".to_owned(), "run by mdBook"),
        ("{}".to_owned(), "context and a book"),
        (r#"[{"root":"."},{"chapters":[]}]"#.to_owned(), "neither `items` nor `sections`"),
        (book(&tree, &json!({"fail_on": "warn"}), text), "did you mean `fail-on`"),
        (book(&tree, &json!({"fail-on": "loud"}), text), "`\"loud\"`"),
        (book(&tree, &json!({"findings": "yes"}), text), "`true` or `false`"),
        (book(&tree, &json!({"config": "other/broken.yaml"}), text), "programms"),
        (book(&tree, &json!({"config": "none.yaml"}), text), "none.yaml"),
        (book(&tree, &json!({}), "---\naffilink: 7\n---\n"), "src/a.md: error: left as it was"),
    ] {
        let ran = piped(&tree, &["mdbook"], &said).expect(2);
        assert!(ran.out.is_empty() && ran.err.contains(message), "{message}: {}{}", ran.out, ran.err);
    }
    let newer = book(&tree, &json!({}), text).replace("0.5.4", "0.6.0");
    let ran = piped(&tree, &["mdbook"], &newer).expect(0);
    assert!(ran.err.starts_with("warning: this is mdBook 0.6.0") && ran.out.starts_with('{'), "{}", ran.err);
}

#[test]
fn link_checkers_get_the_authors_links() {
    let tree = Tree::new();
    for (renderer, code) in
        [("html", 0), ("epub", 0), ("anything", 0), ("linkcheck", 1), ("linkcheck2", 1), ("test", 1)]
    {
        let ran = piped(&tree, &["mdbook", "supports", renderer], "").expect(code);
        assert!(ran.out.is_empty() && ran.err.is_empty());
    }
    // a renderer that may drop raw HTML gets none
    let tree = Tree::of(&[("affiliates.yaml", CONFIG.replace("markdown: html, ", ""))]);
    let text = "[x](https://shop.example/)\n";
    for (renderer, tag) in [("html", true), ("typst", false)] {
        let said = book(&tree, &json!({}), text).replace("\"html\"", &format!("\"{renderer}\""));
        let ran = piped(&tree, &["mdbook"], &said).expect(0);
        assert_eq!(ran.out.contains("<a href"), tag, "{renderer}: {}", ran.out);
        assert!(ran.out.contains("ref=me"));
    }
}
