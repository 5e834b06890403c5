//! What the whole front end makes of a page, case by case.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::document::{Attribute, AttributeSyntax, LinkKind, escape};
use crate::span::Piece;

fn read(text: &str, format: Format, options: &ParseOptions) -> Document {
    let document = parse(text, format, options, None).expect("the HTML reader takes it");
    check(text, &document);
    document
}

fn markdown(text: &str) -> Document {
    read(text, Format::Markdown, &ParseOptions::default())
}

fn mdx(text: &str) -> Document {
    read(text, Format::Mdx, &ParseOptions::default())
}

/// What holds for every document.
fn check(text: &str, document: &Document) {
    let mut end = 0;
    for link in &document.links {
        assert!(link.element.start >= end, "{text:?}: links overlap or are unsorted at {:?}", link.element);
        end = link.element.end;
        for span in [link.element, link.text, link.destination.span] {
            assert!(text.get(span.start..span.end).is_some(), "{text:?}: {span:?} is no span of the text");
        }
        assert!(link.element.contains(link.text) || link.text.is_empty(), "{text:?}: text outside {link:?}");
        if link.read_only.is_none() && link.definition.is_none() {
            let field = &link.destination;
            assert_eq!(escape::decode(field.span.of(text), field.context).value, field.value, "{text:?}");
            assert!(link.element.contains(field.span), "{text:?}: {link:?}");
        }
        if let Some(index) = link.definition {
            assert_eq!(document.definitions[index].destination, link.destination, "{text:?}");
        }
    }
    for definition in document.definitions.iter().filter(|definition| definition.read_only.is_none()) {
        let field = &definition.destination;
        assert_eq!(escape::decode(field.span.of(text), field.context).value, field.value, "{text:?}");
    }
}

/// One line per link: element, raw destination, and what else is not as usual.
fn shown(text: &str, document: &Document) -> Vec<String> {
    let line = |link: &Link| {
        let mut line = format!("{} -> {}", link.element.of(text), link.destination.span.of(text));
        if let Some(reason) = link.read_only {
            write!(line, " ({reason:?})").expect("a string");
        }
        if let Some(reason) = link.opt_out {
            write!(line, " off:{reason:?}").expect("a string");
        }
        for (flag, name) in [(link.banner, " banner"), (link.in_cell, " cell"), (link.destination_only, " only")] {
            line += if flag { name } else { "" };
        }
        line
    };
    document.links.iter().map(line).collect()
}

fn assert_links(cases: &[(&str, &[&str])], format: Format) {
    for (text, expected) in cases {
        let document = read(text, format, &ParseOptions::default());
        assert_eq!(shown(text, &document), *expected, "{text:?}");
    }
}

#[test]
fn every_way_to_write_a_link_is_found() {
    assert_links(
        &[
            ("a [b](https://s.example/x) c", &["[b](https://s.example/x) -> https://s.example/x"]),
            ("[b](<https://s.example/x y> \"t\")", &["[b](<https://s.example/x y> \"t\") -> https://s.example/x y"]),
            ("<https://s.example>", &["<https://s.example> -> https://s.example"]),
            ("<me@s.example>", &["<me@s.example> -> me@s.example (NotLocated)"]),
            ("see https://s.example/x.", &["https://s.example/x -> https://s.example/x"]),
            ("www.s.example, and", &["www.s.example -> www.s.example"]),
            ("[a][r], [r][], [r]\n\n[r]: /u 'T'", &["[a][r] -> /u", "[r][] -> /u", "[r] -> /u"]),
            ("[![i](p.png)](/u)", &["[![i](p.png)](/u) -> /u banner"]),
            ("[![i](p.png) now](/u)", &["[![i](p.png) now](/u) -> /u"]),
            ("[![i](p.png) ![j](q.png)](/u)", &["[![i](p.png) ![j](q.png)](/u) -> /u banner"]),
            (
                "| a |\n|-|\n| [b](/u) https://s.example |",
                &["[b](/u) -> /u cell", "https://s.example -> https://s.example cell"],
            ),
            (">https://s.example/q", &["https://s.example/q -> https://s.example/q"]),
            ("- x\n  > [b](/u)\n\n[^1]\n\n[^1]: [c](/v)", &["[b](/u) -> /u", "[c](/v) -> /v"]),
            ("[a\nb](/u)", &["[a\nb](/u) -> /u"]),
            ("[\nb](/u)", &["[\nb](/u) -> /u only"]),
            ("[](/u) []() [x](<>)", &["[](/u) -> /u", "[]() -> ", "[x](<>) -> "]),
        ],
        Format::Markdown,
    );
}

#[test]
fn destinations_are_found_where_they_are() {
    assert_links(
        &[
            // collapsed references
            ("[foo][]{.x}\n\n[foo]: /u", &["[foo][] -> /u"]),
            ("[![x][]](/u)\n\n[x]: /i", &["[![x][]](/u) -> /u banner"]),
            // something like the end of the text inside it
            ("[`](/in)`](/u)", &["[`](/in)`](/u) -> /u"]),
            ("[a<!--](x)-->](/u)", &["[a<!--](x)-->](/u) -> /u"]),
            ("[a \\](b](/u)", &["[a \\](b](/u) -> /u"]),
            // brackets, quotes, titles
            ("[a](/(p)q 'ti\"t')", &["[a](/(p)q 'ti\"t') -> /(p)q"]),
            ("[a](</a b> \"t\\\"i\")", &["[a](</a b> \"t\\\"i\") -> /a b"]),
            ("[e](u\"t\")", &["[e](u\"t\") -> u\"t\""]),
            ("[d](u \"a\" b)", &[]),
            ("[a](/u (t))", &["[a](/u (t)) -> /u"]),
            ("[a](\n  /u\n  \"t\"\n)", &["[a](\n  /u\n  \"t\"\n) -> /u"]),
            // escapes
            ("[a](/?a=1&amp;b=2\\&c)", &["[a](/?a=1&amp;b=2\\&c) -> /?a=1&amp;b=2\\&c"]),
            ("[a](/\\(x)", &["[a](/\\(x) -> /\\(x"]),
            ("|a|\n|-|\n|[x](/u\\|v)|", &["[x](/u\\|v) -> /u\\|v cell"]),
            // quotes and lists around it
            ("> [a](/u\n> \"title\n> b\") x", &["[a](/u\n> \"title\n> b\") -> /u"]),
            ("[a](\n    >foo)", &["[a](\n    >foo) -> >foo"]),
            ("a [x](/u)\r\nb  \r\n[c](/v)", &["[x](/u) -> /u", "[c](/v) -> /v"]),
            ("[a](/b(c)", &[]),
            ("[x](Baré…)", &["[x](Baré…) -> Baré…"]),
            // a title glued to a destination is read by one parser only
            ("[a](<b>\"t\")", &["[a](<b>\"t\") ->  (NotLocated)"]),
            ("[[a]](/u)", &["[[a]](/u) -> /u"]),
            (
                "<https://s.example/?a=b&amp;c=d>",
                &["<https://s.example/?a=b&amp;c=d> -> https://s.example/?a=b&amp;c=d (AmbiguousAutolink)"],
            ),
            ("<https://s.example/?a=b&c=d>", &["<https://s.example/?a=b&c=d> -> https://s.example/?a=b&c=d"]),
        ],
        Format::Markdown,
    );
}

#[test]
fn definitions_are_found_once_and_in_order() {
    for (text, expected) in [
        ("[a]: </a b> \"t\" \n\n[a]", vec!["/a b|\"t\""]),
        ("[b]:\n   /u\n   'title'\n\n[b]", vec!["/u|'title'"]),
        ("- [l]: /u\n  \"t\"\n\n[l]", vec!["/u|\"t\""]),
        ("> [a]: /u\n> \"two\n> lines\"\n\n[a]", vec!["/u|\"two\n> lines\""]),
        ("[a]: /1\n[A]: /2\n\n[a] [A]", vec!["/1|"]),
        ("[z]: /z\n[b]: /b\n[a]: /a\n\n[a] [b] [z]", vec!["/z|", "/b|", "/a|"]),
        ("[ẞ]: /s\n\n[SS]", vec!["/s|"]),
        ("[x][Foo\n  Bar]\n\n[foo bar]: /u", vec!["/u|"]),
        ("*[HTML]: Hyper\n[m]: n 'x' y\n\n[m]", vec![]),
        ("text\n[a]: /u\n\n[a]", vec![]),
        ("[unused]: /u", vec![]),
        ("[^a]: /u\n\n[x][^a]", vec![]),
        ("[a\\]b]: /u\n\n[a\\]b]", vec!["/u|"]),
    ] {
        let document = markdown(text);
        let line = |definition: &Definition| {
            let title = definition.title.map_or("", |title| title.of(text));
            format!("{}|{title}", definition.destination.span.of(text))
        };
        assert_eq!(document.definitions.iter().map(line).collect::<Vec<_>>(), expected, "{text:?}");
        assert!(document.definitions.iter().all(|definition| definition.read_only.is_none()), "{text:?}");
    }
    let shared = markdown("![r] and [x][r] and [y][s]\n\n[r]: /r\n[s]: /s");
    assert_eq!(shared.definitions.iter().map(|found| found.shared_with_image).collect::<Vec<_>>(), [true, false]);
    assert_eq!(shared.links.iter().map(|link| link.definition).collect::<Vec<_>>(), [Some(0), Some(1)]);
}

#[test]
fn what_is_no_link_is_none() {
    assert_links(
        &[
            ("![alt [in](/u)](i.png)", &[]),
            ("`[a](/u)` ``https://s.example``", &[]),
            ("- Foo\n\n      [c](/u)", &[]),
            ("~~~\n[x](/u) https://s.example", &[]),
            ("\t[x](/u)", &[]),
            ("<!-- [c](/u) \n\n [e](/f) -->", &[]),
            ("<script>\nvar a = \"[x](y)\";\n</script>", &[]),
            ("<pre>\n[x](y)\n\n*foo*\n</pre>", &[]),
            ("<center>x</center> tail [m](n)\nmore [o](p)", &[]),
            ("[a](b\0c)", &[]),
            ("> \t<!-- x -->", &[]),
            ("[[https://s.example]] [[ https://s.example ]]", &[]),
            ("[https://s.example/t](/u)", &["[https://s.example/t](/u) -> /u"]),
            ("![https://s.example](i.png)", &[]),
        ],
        Format::Markdown,
    );
}

#[test]
fn bare_urls_cut_up_by_markup_are_read_only() {
    assert_links(
        &[
            ("https://s.example/*foo* x", &["https://s.example/*foo -> https://s.example/*foo (NotLocated)"]),
            ("https://s.example/[a](b)", &["https://s.example/ -> https://s.example/ (NotLocated)", "[a](b) -> b"]),
            ("https://s.example/&amp;a", &["https://s.example/&amp;a -> https://s.example/&amp;a"]),
            (
                "_https://s.example_ **www.s.example**.",
                &["https://s.example -> https://s.example", "www.s.example -> www.s.example"],
            ),
            ("https://s.example/a_b_c x", &["https://s.example/a_b_c -> https://s.example/a_b_c"]),
            ("https://s.example/a\\_b", &["https://s.example/a\\_b -> https://s.example/a\\_b (NotLocated)"]),
            ("https://s.example/{{ id }}", &["https://s.example/ -> https://s.example/ (TemplateSyntax)"]),
            ("https://s.example/<b>", &["https://s.example/ -> https://s.example/"]),
            ("|a|\n|-|\n|https://s.example|", &["https://s.example -> https://s.example cell"]),
        ],
        Format::Markdown,
    );
    let quiet = ParseOptions { bare_urls: false, ..ParseOptions::default() };
    assert_eq!(read("https://s.example", Format::Markdown, &quiet).links, []);
}

#[test]
fn front_matter_and_marks_are_no_markdown() {
    assert_links(
        &[
            ("\u{feff}---\ntitle: x\n---\n[a](/b)", &["[a](/b) -> /b"]),
            ("\u{feff}[a](/b)", &["[a](/b) -> /b"]),
            ("---\ntitle: \"[a](/u)\"\n---\n[b](/v)\n", &["[b](/v) -> /v"]),
            ("para\n\n---\ntext [a](/u)\n---\n\nafter", &["[a](/u) -> /u"]),
            ("para\n\n+++\ntext [a](/u)\n+++\n\nafter", &["[a](/u) -> /u"]),
        ],
        Format::Markdown,
    );
}

#[test]
fn math_is_no_text_where_the_site_has_it() {
    let text = "I paid $20 for [a](/u) and he paid$30 ok";
    assert_eq!(markdown(text).links.len(), 1);
    let options = ParseOptions { math: true, ..ParseOptions::default() };
    assert_eq!(read(text, Format::Markdown, &options).links.len(), 0);
}

#[test]
fn what_a_container_holds_is_markdown_where_the_generator_reads_it() {
    let options = ParseOptions { containers: true, outline: true, ..ParseOptions::default() };
    let code = |text: &str| {
        let outline = read(text, Format::Markdown, &options).outline.expect("wanted");
        outline
            .texts
            .iter()
            .filter(|text| text.shown == crate::document::outline::Shown::Verbatim)
            .map(|code| code.span.of(text).to_owned())
            .collect::<Vec<_>>()
    };
    for (text, links, verbatim) in [
        ("!!! note\n\n    [x](/u) y\n    z\n\n    - [y](/v)\n\nend", vec!["[x](/u) -> /u", "[y](/v) -> /v"], vec![]),
        ("=== \"A\"\n\n    [x](/u)\n\n=== \"B\"\n\n    [y](/v)", vec!["[x](/u) -> /u", "[y](/v) -> /v"], vec![]),
        ("!!! note\n    [x](/u)\n\n    [y](/v)", vec!["[x](/u) -> /u", "[y](/v) -> /v"], vec![]),
        ("!!! note\n\n        [x](/u)", vec![], vec!["[x](/u)"]),
        (
            "!!! note\n\n    ```\n    [x](/u)\n    ```\n    [y](/v)",
            vec!["[y](/v) -> /v"],
            vec!["```\n    [x](/u)\n    ```"],
        ),
        ("!!! a\n\n    ??? b\n\n        [x](/u)\n\n            [y](/v)", vec!["[x](/u) -> /u"], vec!["[y](/v)"]),
        ("1. a\n\n    !!! b\n\n        [x](/u)\n\n            [y](/v)", vec!["[x](/u) -> /u"], vec!["[y](/v)"]),
        ("> !!! b\n>\n>     [x](/u)\n>     y\n>\n>         [y](/v)", vec!["[x](/u) -> /u"], vec!["[y](/v)"]),
        ("!!! note\r\n\r\n\t[x](/u)\r\n\r\n\t\t[y](/v)", vec!["[x](/u) -> /u"], vec!["[y](/v)"]),
        ("a\n\n    [x](/u)", vec![], vec!["[x](/u)"]),
    ] {
        let document = read(text, Format::Markdown, &options);
        assert_eq!(shown(text, &document), links, "{text:?}");
        assert_eq!(code(text), verbatim, "{text:?}");
        let other = ParseOptions { containers: false, ..options.clone() };
        let before = read(text, Format::Markdown, &other);
        assert!(
            shown(text, &before).len() <= links.len()
                && before.outline.is_some_and(|outline| outline.indented.is_empty())
        );
    }
}

#[test]
fn template_syntax_hides_nothing_and_is_never_edited() {
    assert_links(
        &[
            ("[f]({{< ref \"p.md\" >}}) x", &["[f]({{< ref \"p.md\" >}}) -> {{< ref \"p.md\" >}} (TemplateSyntax)"]),
            ("[d]({{ site.url }}/x)", &["[d]({{ site.url }}/x) -> {{ site.url }}/x (TemplateSyntax)"]),
            ("[x][a]\n\n[a]: {{ site.repo }}/x", &["[x][a] -> {{ site.repo }}/x (TemplateSyntax)"]),
            ("[{{ t }}](/u \"{{ t }}\")", &["[{{ t }}](/u \"{{ t }}\") -> /u"]),
            ("{{< highlight go >}}\nFoo [x](/u)\n\n{{< /highlight >}}\n[y](/v)", &["[y](/v) -> /v"]),
            ("{{< tab lang=sh >}}\ncurl [x](/u)\n\n{{< /tab >}}\n[y](/v)", &["[y](/v) -> /v"]),
            ("{% raw %}[x](/u){% endraw %} [y](/v)", &["[x](/u) -> /u (InertPlace)", "[y](/v) -> /v"]),
            (
                "{% raw %}\n\n[a]: /u\n\n{{ b }}\n{% endraw %}\n\n[a] [c]({{ d }})",
                &["[a] -> /u", "[c]({{ d }}) -> {{ d }} (TemplateSyntax)"],
            ),
            ("{{< raw >}}[x](/u){{< /raw >}} [y](/v)", &["[y](/v) -> /v"]),
            (
                "{{< x \"[a](/u) <a href='/v'>b</a>\" >}}",
                &["[a](/u) -> /u only", "<a href='/v'>b</a> -> /v (TemplateSyntax)"],
            ),
            ("{% comment %}\n\n[x](/u)\n\n{% endcomment %}[y](/v)", &["[y](/v) -> /v"]),
            ("{{< note >}}\n[x](/u)\n{{< /note >}}", &["[x](/u) -> /u"]),
            ("{{</* ref \"[x](/u)\" */>}} [y](/v)", &["[y](/v) -> /v"]),
            ("{{#include a.md}} [y](/v)", &["[y](/v) -> /v"]),
            ("a {{ lone\n\n[x](/u) }}", &["[x](/u) -> /u"]),
            ("```\n{{ lone\n```\n[x](/u) }}", &["[x](/u) -> /u"]),
            ("a {{ [x](/u) }} b", &[]),
            ("# Foo {#id}\n\n[x](/u) {#y}", &["[x](/u) -> /u"]),
            ("{{< fig caption=\"see [x](/u) ok\" >}}", &["[x](/u) -> /u only"]),
            ("```\n{{< fig caption=\"see [x](/u) ok\" >}}\n```", &[]),
        ],
        Format::Markdown,
    );
    let lone = format!("{{{{ {} [x](/u) }}}}", "word ".repeat(1000));
    assert_eq!(markdown(&lone).links.len(), 1, "a tag over 4 kB is none");
}

#[test]
fn attribute_lists_are_read_directly_behind_a_link_only() {
    let list = |text: &str| {
        let document = markdown(text);
        let attributes = document.links[0].attributes.clone();
        attributes.map(|list| {
            let rel = list.rel.as_ref().map_or("", Attribute::text).to_owned();
            (list.syntax, list.span.of(text).to_owned(), rel)
        })
    };
    let found = |syntax, span: &str, rel: &str| Some((syntax, span.to_owned(), rel.to_owned()));
    for (text, expected) in [
        ("[a](/u){: rel=\"nofollow\"} x", found(AttributeSyntax::Kramdown, "{: rel=\"nofollow\"}", "nofollow")),
        ("[a](/u){rel=nofollow}", found(AttributeSyntax::Pandoc, "{rel=nofollow}", "nofollow")),
        ("[a][]{.x}\n\n[a]: /u", found(AttributeSyntax::Pandoc, "{.x}", "")),
        ("<https://s.example>{: .x}", found(AttributeSyntax::Kramdown, "{: .x}", "")),
        ("[a](/u){:.x}{:rel=\"y\"}", found(AttributeSyntax::Kramdown, "{:rel=\"y\"}", "y")),
        ("[a](/u){:rel=\"y\"}{:.x}{:.z} z", found(AttributeSyntax::Kramdown, "{:rel=\"y\"}", "y")),
        ("[a](/u){:rel=\"y\"}{:rel=z}", found(AttributeSyntax::Kramdown, "{:rel=z}", "z")),
        ("[a](/u){:.x}{:.y}", found(AttributeSyntax::Kramdown, "{:.y}", "")),
        ("[a](/u){.x}{:.y}", found(AttributeSyntax::Pandoc, "{.x}", "")),
        ("[a](/u) {: .x}", None),
        ("[a](/u){{ x }}", None),
        ("[a](/u){x}", None),
    ] {
        assert_eq!(list(text), expected, "{text}");
    }
    assert_eq!(mdx("[a](/u){x}").links[0].attributes, None);
    assert_eq!(markdown("[a](/u){: rel=\"me\"}").links[0].opt_out, Some(OptOut::RelMe));
    assert_eq!(markdown("[a](/u){: data-affilink=\"off\"}").links[0].opt_out, Some(OptOut::Attribute));
    let text = "[a](/u){: rel=\"https://s.example\"} https://t.example";
    assert_eq!(shown(text, &markdown(text)).len(), 2, "a list is no text");
}

#[test]
fn html_blocks_that_say_so_hold_markdown() {
    assert_links(
        &[
            ("<div markdown=\"1\">\n[a](/u) and\n[b](/v)\n</div>\n", &["[a](/u) -> /u only", "[b](/v) -> /v only"][..]),
            ("<div markdown=1>[a](/u)</div>\n[b](/v)\n", &["[a](/u) -> /u only"]),
            (
                "<DIV class=x\n  markdown>\n  * [a](/u)\n  * <https://s.example>\n</DIV>",
                &["[a](/u) -> /u only", "<https://s.example> -> https://s.example only"],
            ),
            ("<div>\n[a](/u)\n</div> markdown=1", &[]),
            ("<div markdown=0>\n[a](/u)\n</div>", &[]),
            ("<div data-x=\" markdown=1 \">\n[a](/u)\n</div>", &[]),
            (
                "<div markdown=block>\n<p>\n[a](/u)\n</p>\n[b](/v)<p markdown=span>[c](/w)</p></div>\n[d](/x)",
                &["[b](/v) -> /v only", "[c](/w) -> /w only"],
            ),
            ("<div markdown=1>\n\n<p>[a](/u)</p>\n[b](/v)\n</div>\n[c](/w)", &["[b](/v) -> /v only"]),
            (
                "<div markdown=1>\n<pre>[a](/u)</pre>\n`[b](/v)` <!-- </div> --> [c](/w)\n</div>",
                &["[c](/w) -> /w only"],
            ),
            ("> <div markdown=1>\n> [a](/u)\n> </div>", &["[a](/u) -> /u only"]),
            (
                "- <div markdown=1>\n  [a](/u) <a href=/v>t</a>\n  </div>",
                &["[a](/u) -> /u only", "<a href=/v>t</a> -> /v"],
            ),
            ("<div markdown=1 data-affilink=off>\n[a](/u)\n</div>", &["[a](/u) -> /u off:Attribute only"]),
            ("<div markdown=1>\n[a]({{ x }})\n</div>", &["[a]({{ x }}) -> {{ x }} (TemplateSyntax) only"]),
        ],
        Format::Markdown,
    );
    let document = markdown("<div markdown=1>\n[a](/u)\n</div>\n\n[b](/v)");
    assert_eq!(document.links.iter().map(|link| link.destination_only).collect::<Vec<_>>(), [true, false]);
    let page = "<div markdown=1>\n[a](/u) b\n</div>\n\n[c](/w)\n";
    assert!(same(page, &[("/u", "/x?y=z", false)], Format::Markdown));
    for (old, new) in [("b\n", "c\n"), ("(/u)", "(/x>y"), ("[a]", "[*a*]")] {
        assert!(!same(page, &[(old, new, false)], Format::Markdown), "{old} {new}");
    }
}

#[test]
fn jsx_hides_nothing() {
    assert_links(
        &[
            ("import X from 'y'\nexport const a = \"[x](/u)\"\n\n[y](/v)", &["[y](/v) -> /v"]),
            ("export const a = {\n\n  b: \"[x](/u)\"\n}\n\n[y](/v)", &["[y](/v) -> /v"]),
            ("{/* [c](/d) */}\n\n[y](/v)", &["[y](/v) -> /v"]),
            ("<Card>\n[x](/u)\n</Card>", &["[x](/u) -> /u"]),
            ("<Card title=\"[n](/n)\">[x](/u)</Card>", &["[x](/u) -> /u"]),
            ("<Steps>\n\n    1. a [x](/u)\n\n       [y](/v)\n\n</Steps>", &["[x](/u) -> /u", "[y](/v) -> /v"]),
            ("<A>\n\n    > [x](/u)\n\n            [deep](/v)\n</A>", &["[x](/u) -> /u", "[deep](/v) -> /v"]),
            ("```jsx\n<Card {\n```\n[x](/u)", &["[x](/u) -> /u"]),
            ("`{` [x](/u) `}`", &["[x](/u) -> /u"]),
            ("\\{ [x](/u) }", &["[x](/u) -> /u"]),
            ("{items.map(i => `[${i}](/n)`)}\n[x](/u)", &["[x](/u) -> /u"]),
            ("a < b [x](/u) 3<4", &["[x](/u) -> /u"]),
            ("t <a href=\"/u\" rel='x'>b</a> t", &["<a href=\"/u\" rel='x'>b</a> -> /u"]),
            ("<a href=\"/u\"><Image src={x} /></a>", &["<a href=\"/u\"><Image src={x} /></a> -> /u"]),
            ("<a href=\"/u\">![i](p.png)</a>", &["<a href=\"/u\">![i](p.png)</a> -> /u banner"]),
            ("<a href={x}>b</a>", &[]),
            ("<a href=\"/u\" rel={x}>b</a>", &["<a href=\"/u\" rel={x}>b</a> -> /u (TemplateSyntax)"]),
            ("<a href=\"/u\">[x](/v)</a>", &["<a href=\"/u\"> -> /u", "[x](/v) -> /v (InertPlace)"]),
            (
                "<code>[x](/u)</code> https://s.example <kbd>https://t.example</kbd>",
                &["[x](/u) -> /u (InertPlace)", "https://s.example -> https://s.example"],
            ),
            (
                "{/* affilink-off */}\n\n[x](/u)\n\n{/* affilink-on */}\n\n[y](/v)",
                &["[x](/u) -> /u off:Comment", "[y](/v) -> /v"],
            ),
            (
                "<div data-affilink=\"off\">\n[x](/u)\n</div>\n[y](/v)",
                &["[x](/u) -> /u off:Attribute", "[y](/v) -> /v"],
            ),
            ("<a rel=\"me\" href=\"/u\">b</a>", &["<a rel=\"me\" href=\"/u\">b</a> -> /u off:RelMe"]),
        ],
        Format::Mdx,
    );
}

#[test]
fn html_inside_markdown_is_read() {
    assert_links(
        &[
            ("t <a href=\"/u\">b</a> t", &["<a href=\"/u\">b</a> -> /u"]),
            ("<div>\n<a href='/u?a&amp;b'>b</a>\n</div>", &["<a href='/u?a&amp;b'>b</a> -> /u?a&amp;b"]),
            ("<center><a href='/u'>x</a></center> tail [m](n)", &["<a href='/u'>x</a> -> /u"]),
            (
                "> <div>\n> <a href=\"/u\"\n> title=\"t\">t</a>\n> </div>",
                &["<a href=\"/u\"\n> title=\"t\">t</a> -> /u"],
            ),
            ("> x <a\n> href=\"/u\">b</a>", &["<a\n> href=\"/u\">b</a> -> /u"]),
            ("<a href=\"/u\">![i](p.png)</a>", &["<a href=\"/u\">![i](p.png)</a> -> /u banner"]),
            ("<a href=\"/u\"><img src=p> now</a>", &["<a href=\"/u\"><img src=p> now</a> -> /u"]),
            ("<a href=\"/u\"><img src=p></a>", &["<a href=\"/u\"><img src=p></a> -> /u banner"]),
            ("x <a href=\"/u\">[b](/v)</a>", &["<a href=\"/u\"> -> /u", "[b](/v) -> /v (InertPlace)"]),
            ("x <a name=\"n\">https://s.example</a> [b](/v)", &["[b](/v) -> /v"]),
            (
                "x <code>[b](/v) https://s.example</code> <kbd>[c](/w)</kbd>",
                &["[b](/v) -> /v (InertPlace)", "[c](/w) -> /w (InertPlace)"],
            ),
            ("<a {% if x %}href=\"/u\"{% endif %}>b</a>", &[]),
            ("x <a href=\"{{ u }}\">b</a>", &["<a href=\"{{ u }}\">b</a> -> {{ u }} (TemplateSyntax)"]),
            (
                "x <a href=\"/u\" rel=\"{{ r }}\">b</a>",
                &["<a href=\"/u\" rel=\"{{ r }}\">b</a> -> /u (TemplateSyntax)"],
            ),
            ("x <a href=\"/u\" class=\"{{ r }}\">b</a>", &["<a href=\"/u\" class=\"{{ r }}\">b</a> -> /u"]),
            (
                "<!-- affilink-off -->\n\n[x](/u)\n\n<!-- affilink-on -->\n\n[y](/v)",
                &["[x](/u) -> /u off:Comment", "[y](/v) -> /v"],
            ),
            (
                "<div data-affilink=\"off\">\n\n[x](/u) https://s.example\n\n</div>\n\n[y](/v)",
                &[
                    "[x](/u) -> /u off:Attribute",
                    "https://s.example -> https://s.example off:Attribute",
                    "[y](/v) -> /v",
                ],
            ),
            ("[<code>x</code> <a name=n></a>](/v)", &["[<code>x</code> <a name=n></a>](/v) -> /v"]),
            ("`<a href=\"/u\">` \\<a href=\"/u\">", &[]),
            ("![<a href=/u>](i.png) [x](/v)", &["[x](/v) -> /v"]),
            ("[t <a href=\"/u\">x</a>](/v)", &["[t <a href=\"/u\">x</a>](/v) -> /v (Broken)"]),
        ],
        Format::Markdown,
    );
}

#[test]
fn configured_component_attributes_are_links() {
    let components = BTreeMap::from([("LinkCard".to_owned(), vec!["href".to_owned()])]);
    let options = ParseOptions { components, ..ParseOptions::default() };
    for (text, format) in [
        ("<LinkCard\n  title=\"x\"\n  href=\"/u?a=1&amp;b=2\" />\n\n<Other href=\"/v\" />", Format::Mdx),
        ("text <LinkCard href='/u?a=1&amp;b=2' /> text", Format::Markdown),
    ] {
        let document = read(text, format, &options);
        assert_eq!(shown(text, &document), ["/u?a=1&amp;b=2 -> /u?a=1&amp;b=2"], "{text}");
        assert_eq!(document.links[0].kind, LinkKind::Component);
        assert_eq!(document.links[0].destination.value, "/u?a=1&b=2");
    }
}

/// Makes edits, each a stretch of `text`, what replaces it, and whether that folds, and compares the skeletons.
///
/// What a replacement keeps at one of its ends is no part of the edit.
fn same(text: &str, edits: &[(&str, &str, bool)], format: Format) -> bool {
    let (mut after, mut pieces, mut done, mut seen) = (String::new(), Vec::new(), 0, 0);
    for (old, new, fold) in edits {
        let at = seen + text[seen..].find(old).expect("the bytes to replace");
        seen = at + old.len();
        let (put, start, end) = if let Some(put) = new.strip_suffix(old) {
            (put, at, at)
        } else if let Some(put) = new.strip_prefix(old) {
            (put, at + old.len(), at + old.len())
        } else {
            (*new, at, at + old.len())
        };
        after += &text[done..start];
        let from = after.len();
        after += put;
        done = end;
        pieces.push(Piece { after: Span::new(from, after.len()), before: Span::new(start, end), fold: *fold });
    }
    after += &text[done..];
    let options = ParseOptions::default();
    let edited = parse(&after, format, &options, Some(&OffsetMap::new(pieces))).expect("the HTML reader takes it");
    check(&after, &edited);
    read(text, format, &options).skeleton == edited.skeleton
}

#[test]
fn a_page_whose_links_alone_changed_has_the_skeleton_it_had() {
    for (text, edits) in [
        ("a [b](/u) c", vec![("](/u)", "](/v?x=1)", false)]),
        ("a [b](/u) c", vec![("[", "<a href=\"/v\" rel=\"sponsored\">", false), ("](/u)", "</a>", false)]),
        ("a **[b *c*](/u)** d\ne", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("# [b](/u)\n\ntext", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("> - a [b][r]\n>   c\n\n[r]: /u", vec![("[", "<a href=\"/v\">", false), ("][r]", "</a>", false)]),
        ("a [r][] b\n\n[r]: /u 't'\n", vec![("[", "<a href=\"/v\">", false), ("][]", "</a>", false)]),
        ("a [r] b\n\n[r]: /u 't'\n", vec![("[r]: /u", "[r]: /v?tag=1", false)]),
        ("see <https://s.example/a_b> x", vec![("<", "[", false), (">", "](https://s.example/t)", false)]),
        ("see <https://s.example> x", vec![("<", "<a href=\"/t\">", false), (">", "</a>", false)]),
        ("see https://s.example x", vec![("h", "[h", false), (".example", ".example](/t)", false)]),
        ("[![i](p.png)](/u)", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("|a|\n|-|\n|[b](/u)|", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("t <a href=\"/u\">b</a> c", vec![("/u", "/v?a=1", false), ("\">", "\" rel=\"x\">", false)]),
        ("[b](/u) c", vec![(" c", "{: rel=\"sponsored\"} c", true)]),
        ("[b](/u){: .x} c", vec![(".x", ".x rel=\"sponsored\"", true)]),
        ("text\n\n[b](/u) c", vec![("[b]", "*A notice.*\n\n[b]", true)]),
        ("x <b>y</b> [b](/u)", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("<div>\n<a href=\"/u\">b</a>\n</div>", vec![("/u", "/v?a=1", false), ("\">b", "\" rel=\"x\">b", false)]),
        ("> x <a\n> href=\"/u\">b</a>", vec![("/u", "/v?a=1", false)]),
        ("{{< x >}} [b](/u)", vec![("/u", "/vvv", false)]),
        ("{{< x y=\"[b](/u)\" >}}", vec![("/u", "/vvv", false)]),
        (
            "see <https://s.example/a_b_> x",
            vec![("<", "[", false), ("_", "\\_", false), ("_", "\\_", false), (">", "](/t)", false)],
        ),
    ] {
        assert!(same(text, &edits, Format::Markdown), "{text:?} {edits:?}");
    }
    for (text, edits) in [
        ("a [b](/u) c", vec![("[", "<a href=\"/v\" rel=\"x\">", false), ("](/u)", "</a>", false)]),
        ("- [b](/u)\n- x", vec![("[", "<a href=\"/v\" rel=\"x\">", false), ("](/u)", "</a>", false)]),
        ("<C>\n\n    a [b](/u)\n\n</C>", vec![("/u", "/v", false)]),
        ("t <a href=\"/u\">b</a> c", vec![("/u", "/v?a=1", false)]),
    ] {
        assert!(same(text, &edits, Format::Mdx), "{text:?} {edits:?}");
    }
}

#[test]
fn anything_else_that_changed_shows_in_the_skeleton() {
    for (text, edits) in [
        // a mention that becomes an image, kills a reference, breaks emphasis
        ("Wow!Foo", vec![("F", "[F", false), ("oo", "oo](/u)", false)]),
        ("[x]Foo\n\n[x]: /x", vec![("F", "[F", false), ("oo", "oo](/u)", false)]),
        ("C:\\Foo", vec![("F", "[F", false), ("oo", "oo](/u)", false)]),
        ("日本**Foo**語", vec![("F", "[F", false), ("oo", "oo](/u)", false)]),
        // a destination that closes the link early, a URL that splits a cell
        ("a [b](/u) c", vec![("/u", "/u) x", false)]),
        ("|a|b|\n|-|-|\n|[b](/u)|c|", vec![("/u", "/u|v", false)]),
        // a tag that begins an HTML block
        ("[\nb](/u)\n*c*", vec![("[", "<a href=\"/v\">", false), ("](/u)", "</a>", false)]),
        ("a [b](/u) c", vec![("a", "*a*", false)]),
        ("a b c", vec![("b", "`b`", false)]),
        ("a <b>x</b> c", vec![("<b>", "<i>", false), ("</b>", "", false)]),
        (
            "<div class=a>\n<a href=\"/u\">b</a>\n</div>",
            vec![("class=a", "class=a id=b", false), ("/u", "/v\"></div>", false)],
        ),
        ("a `b` [c](/u)", vec![("`b", "`xb", false), ("/u", "/v", false)]),
        ("{{< x a=1 >}} [c](/u)", vec![("a=1", "a=2", false)]),
        ("<!-- x --> [c](/u)", vec![("x", "y", false)]),
        ("[`b`](/u)", vec![("`b", "`xb", false)]),
        ("![i](p.png)", vec![("p.png", "q.png", false)]),
        ("![i][r] [x][r]\n\n[r]: /r", vec![("[r]: /r", "[r]: /s", false)]),
        ("x\n\n[r]: /r", vec![("[r]: /r", "[r] /r", false)]),
        ("{{ a }} b", vec![("{{ a }}", "{ a }}", false)]),
        ("- a\n- b", vec![("- b", "b", false)]),
    ] {
        assert!(!same(text, &edits, Format::Markdown), "{text:?} {edits:?}");
    }
}

#[test]
fn hostile_pages_take_linear_time() {
    let size = 20_000;
    let started = std::time::Instant::now();
    for unit in [
        "[",
        "[a](",
        "<",
        "{{",
        "{",
        "<A ",
        "**",
        "> ",
        "`",
        "{% ",
        "https://",
        "[[",
        "&",
        "{/*",
        "<a href=\"",
        "{\"",
        "\\",
        "<p markdown=1>[a](/u)\n",
        "</p><i markdown>",
    ] {
        let text = unit.repeat(size / unit.len());
        for format in [Format::Markdown, Format::Mdx] {
            read(&text, format, &ParseOptions::default());
        }
    }
    assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_page_holds_its_links_are_sound(parts in prop::collection::vec(fragment(), 0..24), is_mdx: bool) {
        let text = parts.concat();
        read(&text, if is_mdx { Format::Mdx } else { Format::Markdown }, &ParseOptions::default());
    }
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "[",
        "]",
        "(",
        ")",
        "](",
        "[a]",
        "[]",
        "![",
        "<",
        ">",
        "<https://s.example/>",
        "https://s.example/a?b=1&amp;c",
        "www.s.example",
        " ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "|",
        "\n|-|-|\n",
        "`",
        "``",
        "```\n",
        "*",
        "_",
        "**",
        "~~",
        "\\",
        "&amp;",
        "\"t\"",
        "'",
        "[a]: /u",
        "\n[é]: <u v> 't'\n",
        "[é]",
        "é",
        "…",
        "日",
        "{{",
        "}}",
        "{% raw %}",
        "{% endraw %}",
        "{{< x y=\"[a](/b)\" >}}",
        "{",
        "}",
        "{: .x}",
        "{rel=\"x\"}",
        "<a href=\"/u\">",
        "</a>",
        "<b>",
        "<!--",
        "-->",
        "<div>\n",
        "<Card x={1}>",
        "</Card>",
        "{/* affilink-off */}",
        "import a from 'b'\n",
        "# ",
        "\r\n",
        "$",
        "[^1]",
        "[^1]: ",
        "(/u 't')",
        "(</u v>)",
        "(/u\\)(b))",
        "\u{feff}",
        "---\n",
        "[[",
        "]]",
    ])
}
