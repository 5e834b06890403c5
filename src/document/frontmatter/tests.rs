use serde_json::json;

use super::*;
use crate::document::ReadOnly::{Anchor, BlockScalar, MultiLine, TemplateSyntax};

fn options(paths: &[&str]) -> ParseOptions {
    let front_matter = paths.iter().map(|path| KeyPath::parse(path).expect("valid")).collect();
    ParseOptions { front_matter, ..ParseOptions::default() }
}

/// Each link: its bytes, its value, why it cannot be edited.
fn links<'t>(text: &'t str, paths: &[&str]) -> Vec<(&'t str, String, Option<ReadOnly>)> {
    let (front, links) = read(text, &options(paths));
    let end = front.map_or(0, |front| front.span.end);
    links
        .into_iter()
        .map(|link| {
            assert!(link.element.end <= end && link.element == link.destination.span && link.text.is_empty());
            (link.destination.span.of(text), link.destination.value, link.read_only)
        })
        .collect()
}

#[test]
fn values_of_every_style_are_found() {
    let text = "\u{feff}---\r\ntitle: \"ü: é\"\r\nplain: https://a.example/?x=1#y # note\r\nsingle: 'https://b.example/it''s'\r\n\
                double: \"https:\\/\\/c.example\\u002Fx\"\r\n---\r\n[x](y)\r\n";
    assert_eq!(
        links(text, &["plain", "single", "double", "missing"]),
        [
            ("https://a.example/?x=1#y", "https://a.example/?x=1#y".to_owned(), None),
            ("https://b.example/it''s", "https://b.example/it's".to_owned(), None),
            ("https:\\/\\/c.example\\u002Fx", "https://c.example/x".to_owned(), None),
        ]
    );
    let blanks = "---\na: 'https://a.example'  \nb: \"https://b.example\" \t# x\nc: [ 'https://c.example' , x]\n---\n";
    let found: Vec<_> = links(blanks, &["a", "b", "c[]"]).into_iter().map(|link| (link.0, link.2)).collect();
    assert_eq!(
        found,
        [("https://a.example", None), ("https://b.example", None), ("https://c.example", None), ("x", None)]
    );
    let contexts: Vec<_> = read(text, &options(&["plain", "single", "double"]))
        .1
        .into_iter()
        .map(|link| link.destination.context)
        .collect();
    assert_eq!(contexts, [Context::YamlPlain, Context::YamlSingle, Context::YamlDouble]);
}

#[test]
fn paths_lead_through_lists_and_maps() {
    let yaml = "---\nproducts:\n- url: https://a.example\n  n: 1\n- {url: 'https://b.example', n: 2}\n- n: 3\n\
                a: {b: [{c: \"https://c.example\"}, {c: {}}]}\nlist: [https://d.example, https://e.example]\n---\n";
    let found: Vec<_> = links(yaml, &["list[]", "a.b[].c", "products[].url"]).into_iter().map(|link| link.0).collect();
    assert_eq!(
        found,
        ["https://a.example", "https://b.example", "https://c.example", "https://d.example", "https://e.example"]
    );
    assert_eq!(links(yaml, &["list", "products", "products.url", "a.b.c"]), [], "a path must lead to strings");
    assert_eq!(links(yaml, &["list[]", "list[]"]).len(), 2, "one link, however many paths lead to it");
}

#[test]
fn toml_and_json_values_are_found() {
    let toml = "+++\ntitle = 'ü'\nlink = \"https://a.example/\\u00e9\"\n[extra]\nlit = 'https://b.example/\\'\n\
                multi = \"\"\"https://c.example\"\"\"\nn = 3\n[[products]]\nurl = \"https://d.example\"\n\
                [[products]]\nurl = \"https://e.example\"\n+++\n";
    let paths = ["link", "extra.lit", "extra.multi", "extra.n", "products[].url"];
    assert_eq!(
        links(toml, &paths),
        [
            ("https://a.example/\\u00e9", "https://a.example/é".to_owned(), None),
            ("https://b.example/\\", "https://b.example/\\".to_owned(), None),
            ("\"\"\"https://c.example\"\"\"", "https://c.example".to_owned(), Some(MultiLine)),
            ("https://d.example", "https://d.example".to_owned(), None),
            ("https://e.example", "https://e.example".to_owned(), None),
        ]
    );
    let (_, found) = read(toml, &options(&["link", "extra.lit"]));
    assert_eq!(found[0].destination.context, Context::TomlBasic);
    assert_eq!(found[1].destination.context, Context::TomlLiteral);

    let json = "{\n\t\"extra\": {\"lit\": \"https:\\/\\/a.example\\/\\u00e9\", \"n\": 3},\n\t\"products\": [{\"url\": \"//b\"}]\n}\n\nx";
    assert_eq!(
        links(json, &paths),
        [("https:\\/\\/a.example\\/\\u00e9", "https://a.example/é".to_owned(), None), ("//b", "//b".to_owned(), None)]
    );
    assert_eq!(read(json, &options(&["extra.lit"])).1[0].destination.context, Context::Json);
}

#[test]
fn what_cannot_be_edited_says_why() {
    let text = "---\na: |\n  https://a.example\nb: >-\n  https://b.example\nc: &c https://c.example\nd: *c\n\
                e: !!str https://e.example\nf: \"https://f.example\n  x\"\ng: https://g.example\n  y\n\
                h: '{{ site.url }}/x'\n---\n";
    let found = links(text, &["a", "b", "c", "d", "e", "f", "g", "h"]);
    let reasons: Vec<_> = found.iter().map(|link| link.2).collect();
    assert_eq!(
        reasons,
        [
            Some(BlockScalar),
            Some(BlockScalar),
            Some(Anchor),
            Some(Anchor),
            Some(Anchor),
            Some(MultiLine),
            Some(MultiLine),
            Some(TemplateSyntax)
        ]
    );
    assert_eq!(found[0].1, "https://a.example\n");
    assert_eq!(found[3].1, "*c", "aliases are not followed");
}

#[test]
fn what_is_no_string_is_no_link() {
    let text = "---\na: true\nb: 12\nc:\nd: ~\ne: 1.5e3\nf: [x]\ng: {x: y}\nh: '12'\ni: inf\n---\n";
    let found: Vec<_> =
        links(text, &["a", "b", "c", "d", "e", "f", "g", "h", "i"]).into_iter().map(|link| link.0).collect();
    assert_eq!(found, ["12", "inf"]);
}

#[test]
fn broken_front_matter_is_cut_off_and_has_no_links() {
    for text in [
        "---\na: https://a.example\nb: [\n---\nx",
        "+++\na = 'https://a.example'\nb = \n+++\nx",
        "{\"a\": \"https://a.example\",}\nx",
    ] {
        let (front, links) = read(text, &options(&["a"]));
        let front = front.expect("front matter all the same");
        assert_eq!((&text[front.span.end..], front.affilink, links), ("x", None, Vec::new()), "{text}");
    }
}

#[test]
fn the_affilink_key_is_read_in_every_syntax() {
    let map = json!({"mentions": false, "skip": ["Echo"], "kind": "roundup", "n": 3, "f": 1.5});
    for (text, want) in [
        ("---\naffilink: false\n---\n", json!(false)),
        ("+++\ntitle = 'x'\n[extra]\naffilink = false\n+++\n", json!(false)),
        ("---\naffilink: off\n---\n", json!(false)),
        ("---\naffilink: 'off'\n---\n", json!("off")),
        ("---\naffilink: {mentions: false, skip: [Echo], kind: roundup, n: 3, f: 1.5}\n---\n", map.clone()),
        ("+++\naffilink = {mentions = false, skip = ['Echo'], kind = \"roundup\", n = 3, f = 1.5}\n+++\n", map.clone()),
        ("+++\n[affilink]\nmentions = false\nskip = ['Echo']\nkind = \"roundup\"\nn = 3\nf = 1.5\n+++\n", map.clone()),
        (
            "{\"affilink\": {\"mentions\": false, \"skip\": [\"Echo\"], \"kind\": \"roundup\", \"n\": 3, \"f\": 1.5}}\n",
            map,
        ),
    ] {
        let (front, _) = read(text, &ParseOptions::default());
        assert_eq!(front.and_then(|front| front.affilink), Some(want), "{text}");
    }
    for (text, want) in [
        ("---\naffilink: false # x\na: b: c\n---\n", serde_json::json!(false)),
        ("---\naffilink:\n  kind: review\na: b: c\n---\n", serde_json::json!("")),
        ("+++\naffilink = false\na = \n+++\n", serde_json::json!(false)),
        ("---\naffilink: false\na: \"b\nc\"\n---\n", serde_json::json!(false)),
    ] {
        let (front, _) = read(text, &ParseOptions::default());
        assert_eq!(front.and_then(|front| front.affilink), Some(want), "{text}");
    }
    assert_eq!(read("---\na: 1\n---\n", &ParseOptions::default()).0.and_then(|front| front.affilink), None);
}

#[test]
fn values_that_go_on_at_the_margin_are_read() {
    let text = "---\nd: \"A long\ntext.\"\nl: [x,\nhttps://h.example/a]\nk: https://h.example/b\n---\n";
    let found = links(text, &["d", "l[]", "k"]);
    assert_eq!(
        found,
        [
            ("A long\ntext.", "A long text.".to_owned(), Some(ReadOnly::MultiLine)),
            ("x", "x".to_owned(), None),
            ("https://h.example/a", "https://h.example/a".to_owned(), None),
            ("https://h.example/b", "https://h.example/b".to_owned(), None),
        ]
    );
}

#[test]
fn hostile_front_matter_is_read_in_time() {
    let bomb: String = (1..=9).fold("a0: &a0 [x, x]\n".into(), |text, level| {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("{text}a{level}: &a{level} [{items}]\n")
    });
    let (front, links) = read(&format!("---\n{bomb}---\n"), &options(&["a9[]"]));
    assert_eq!((front.is_some(), links.len()), (true, 9));

    let mega = 1 << 20;
    for inside in [
        "[".repeat(mega),
        "{".repeat(mega),
        "? ".repeat(mega / 2),
        "- ".repeat(mega / 2),
        format!("a: \"{}", "\\".repeat(mega)),
        format!("a: '{}", "'".repeat(mega)),
        "a: &a ".repeat(mega / 6),
        "k: v\n".repeat(mega / 5),
        "k = 'v'\n".repeat(mega / 8),
        format!("k = {}", "[".repeat(mega)),
        format!("{} = 1", vec!["a"; mega / 2].join(".")),
        format!("k = {}", "{a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=".repeat(mega / 44)),
        "---x\n".repeat(mega / 5),
        "\"".repeat(mega),
    ] {
        for (open, close) in [("---\n", "\n---\n"), ("+++\n", "\n+++\n"), ("{", "}\n"), ("{\"a\":", "}\n")] {
            let text = format!("{open}{inside}{close}");
            let start = std::time::Instant::now();
            read(&text, &options(&["k"]));
            let took = start.elapsed();
            assert!(took.as_secs() < 10, "{open:?} {:?} took {took:?}", &inside[..10]);
        }
    }
}
