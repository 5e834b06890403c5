//! What is recorded of a page, case by case, and against another reader of Markdown.

use std::fmt::Write;

use comrak::nodes::{AstNode, NodeValue};
use proptest::prelude::*;

use crate::document::outline::{BlockKind, Outline, Shown};
use crate::document::{LinkKind, Lists, ParseOptions, markdown};
use crate::source::Format;
use crate::span::Span;

fn options() -> ParseOptions {
    ParseOptions {
        outline: true,
        ignore: ".ignored".into(),
        recognize: ["AffiliateDisclosure", "affiliate-disclosure", "include disclosure.html", ".paid"]
            .map(String::from)
            .into(),
        ..ParseOptions::default()
    }
}

fn outline(text: &str, format: Format) -> Outline {
    let document = markdown::parse(text, format, &options(), None).expect("the HTML reader takes it");
    let outline = document.outline.expect("it was asked for");
    check(text, &outline);
    outline
}

/// What holds for every outline.
fn check(text: &str, outline: &Outline) {
    assert_eq!(outline.blocks[0].kind, BlockKind::Page, "{text:?}");
    for (index, block) in outline.blocks.iter().enumerate() {
        assert!(text.get(block.span.start..block.span.end).is_some(), "{text:?}: {block:?}");
        assert!(block.span.contains(block.inner), "{text:?}: {block:?}");
        assert!(block.parent < index || index == 0, "{text:?}: {block:?}");
        assert!(outline.blocks[block.parent].span.contains(block.span), "{text:?}: {block:?}");
        assert!(index < 2 || outline.blocks[index - 1].span.start <= block.span.start, "{text:?}: {block:?}");
    }
    let mut end = 0;
    for found in &outline.texts {
        assert!(found.span.start >= end && !found.span.is_empty(), "{text:?}: {found:?}");
        assert!(text.get(found.span.start..found.span.end).is_some(), "{text:?}: {found:?}");
        assert_eq!(found.block, outline.block_at(found.span.start), "{text:?}: {found:?}");
        end = found.span.end;
    }
    let mut around: Vec<Span> = Vec::new();
    for inline in &outline.inlines {
        assert!(inline.span.contains(inline.inner), "{text:?}: {inline:?}");
        while around.pop_if(|outer| outer.end <= inline.span.start).is_some() {}
        assert!(around.last().is_none_or(|outer| outer.contains(inline.span)), "{text:?}: {inline:?}");
        around.push(inline.span);
    }
}

/// An outline on one line: blocks in parentheses, text between bars, a break as `_` or `/`, an obstacle as `@`, what is no
/// prose as `#`, what takes no link as `^`, a reference as what it shows, `!` behind what is out of edits.
fn shown(text: &str, outline: &Outline) -> String {
    let mut out = String::new();
    let mut around: Vec<usize> = Vec::new();
    let mut texts = outline.texts.iter().peekable();
    let mut put = |out: &mut String, until: usize| {
        while let Some(found) = texts.next_if(|found| found.span.start < until) {
            match &found.shown {
                Shown::Bytes => write!(out, "|{}|", found.span.of(text)),
                Shown::Decoded(shown) => write!(out, "={shown}="),
                Shown::Space => write!(out, "_"),
                Shown::Break => write!(out, "/"),
                Shown::Verbatim => write!(out, "#{}#", found.span.of(text)),
                Shown::Apart(_) => write!(out, "^{}^", found.prose(text).expect("it is read")),
                Shown::Obstacle => write!(out, "@{}@", found.span.of(text)),
            }
            .expect("a string");
            out.push_str(if found.opt_out.is_some() { "!" } else { "" });
        }
    };
    for (index, block) in outline.blocks.iter().enumerate().skip(1) {
        while let Some(outer) = around.pop_if(|outer| *outer != block.parent) {
            put(&mut out, outline.blocks[outer].span.end);
            out.push(')');
        }
        put(&mut out, block.span.start);
        out.push('(');
        out.push_str(name(block.kind));
        out.push(' ');
        around.push(index);
    }
    while let Some(outer) = around.pop() {
        put(&mut out, outline.blocks[outer].span.end);
        out.push(')');
    }
    put(&mut out, usize::MAX);
    out.replace("||", "|")
}

fn name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Page => "page",
        BlockKind::Paragraph => "p",
        BlockKind::Heading(1) => "h1",
        BlockKind::Heading(_) => "h2",
        BlockKind::List => "list",
        BlockKind::Item => "item",
        BlockKind::Table => "table",
        BlockKind::Row => "row",
        BlockKind::Cell => "cell",
        BlockKind::Quote => "quote",
        BlockKind::Caption => "caption",
        BlockKind::Figure => "figure",
        BlockKind::Summary => "summary",
        BlockKind::Control => "control",
        BlockKind::Code => "code",
        BlockKind::Footnote => "note",
        BlockKind::Article => "article",
        BlockKind::Skipped => "skip",
        BlockKind::Box => "box",
        BlockKind::Html => "html",
    }
}

fn assert_shown(cases: &[(&str, &str)], format: Format) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = shown(text, &outline(text, format));
        if found != *expected {
            writeln!(wrong, "{text:?}\n   {found:?}\n   {expected:?}").expect("a string");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn blocks_and_their_text() {
    assert_shown(
        &[
            ("", ""),
            ("a b\n", "(p |a b|)"),
            ("# T\n\ntext\n\nU\n---\n", "(h1 |T|)(p |text|)(h2 |U|)"),
            ("- a\n- b\n\n  c\n", "(list (item (p |a|))(item (p |b|)(p |c|)))"),
            ("- a\n- b\n  - c\n", "(list (item |a|)(item |b|(list (item |c|))))"),
            ("- [ ] a\n- [x] b\n", "(list (item |a|)(item |b|))"),
            ("> a\n> b\n>\n> - c\n", "(quote (p |a|_|b|)(list (item |c|)))"),
            ("a | b\n--|--\nc | d\n", "(table (row (cell |a|)(cell |b|))(row (cell |c|)(cell |d|)))"),
            ("| a | |\n|--|--|\n| c\\|d | *e* |\n", "(table (row (cell |a|)(cell ))(row (cell |c||d|)(cell |e|)))"),
            ("a[^1]\n\n[^1]: b\n", "(p |a|@[^1]@)(note (p |b|))"),
            ("```\ncode\n```\n\n    more\n", "(code #```\ncode\n```#)(code #more#)"),
            ("a\n\n[r]: /u 'title'\n\nb [r]\n", "(p |a|)(p |b |r|)"),
            ("---\ntitle: x\n---\na\n", "(p |a|)"),
            ("\u{feff}a\n", "(p |a|)"),
            ("a\n\n***\n\nb", "(p |a|)@***@(p |b|)"),
            ("- a\n  ```\n  x\n  ```\n  b\n", "(list (item |a|(code #```\n  x\n  ```#)|b|))"),
            ("- a\n  [b](/u)\n\n\n", "(list (item |a|_|b|))"),
            ("-\n- a\n", "(list (item )(item |a|))"),
            ("- a\n  <!-- x -->\n  b\n", "(list (item |a|(html @<!-- x -->@)|b|))"),
            ("<div markdown=\"1\">\na *b*\n</div>\n\nc\n", "(html (box |\n|(p |a |b|)))(p |c|)"),
            ("<div>\ntext\n</div>\n\na\n", "(html (box |\ntext\n|))(p |a|)"),
        ],
        Format::Markdown,
    );
}

#[test]
fn bytes_and_what_a_reader_sees() {
    assert_shown(
        &[
            ("AT&amp;T &#169; &nosuch;", "(p |AT|=&=|T |=©=| &nosuch;|)"),
            ("a\\*b\\ c \\\\ \\&amp;", "(p |a|*b\\ c |\\ |&amp;|)"),
            ("a\nb  \nc\\\nd<br>e", "(p |a|_|b|/|c|/|d|/|e|)"),
            ("a\r\nb\r\n", "(p |a|_|b|)"),
            ("a `c d` b ![alt *x*](i.png) [![i](j)](u) c", "(p |a |#`c d`#| b |@![alt *x*](i.png)@| |@![i](j)@| c|)"),
            ("[a *b*](u 't') <https://x.example> <me@x.example>", "(p |a |b| |https://x.example| |^me@x.example^)"),
            ("![a][] ![b] x\n\n[a]: /i\n[b]: /j", "(p @![a][]@| |@![b]@| x|)"),
            ("[a][] b [c][a]\n\n[a]: /i", "(p |a| b |c|)"),
            ("see https://x.example/a_b_c*d*?x=1&amp;y=2.", "(p |see https://x.example/a_b_c|d|?x=1|=&=|y=2.|)"),
            ("a [b](u){: .btn rel=\"x\"} c", "(p |a |b| c|)"),
            ("a [b](u){.btn} *c*{.d} ![i](j){width=50%}", "(p |a |b| |c|@{.d}@| |@![i](j)@@{width=50%}@)"),
            ("# T {#id .c}\n\n{: .note}\ntext\n{: .note}", "(h1 |T |@{#id .c}@)(p @{: .note}@_|text|_@{: .note}@)"),
            (":::note T\ntext\n:::\n\n!!! tip \"x\"\n", "(p @:::note T@_|text|_@:::@)(p @!!! tip \"x\"@)"),
            ("a [[Wiki|Page]] b", "(p |a |^[[Wiki|Page]]^| b|)"),
            ("a\n$$\nx + y\n$$\nb", "(p |a|_#$$##\n##x + y##\n##$$#_|b|)"),
            ("a {{ x }} b {{< y \"z\" >}}c{{< /y >}}", "(p |a |@{{ x }}@| b |@{{< y \"z\" >}}@|c|@{{< /y >}}@)"),
            ("{% comment %}\na\n\nb\n{% endcomment %} c", "(p @{% comment %}\na\n\nb\n{% endcomment %}@)(p | c|)"),
            ("{%- raw -%}a {{ b }} *c*{% endraw %} d", "(p @{%- raw -%}@^a {{ b }} ^^c^@{% endraw %}@| d|)"),
            (
                "{% verbatim %}\n\n```\na\n```\n\n{% endverbatim %}",
                "(p @{% verbatim %}@)(code #```\na\n```#)(p @{% endverbatim %}@)",
            ),
            ("{{< raw >}}a{{< /raw >}} b", "(p @{{< raw >}}a{{< /raw >}}@| b|)"),
            ("`{{ x }}` a", "(p #`{{ x }}`#| a|)"),
        ],
        Format::Markdown,
    );
}

#[test]
fn html_in_running_text() {
    assert_shown(
        &[
            ("a <b>c</b> d", "(p |a |c| d|)"),
            ("a <B class=x>c</b> d <!-- e --> f", "(p |a |c| d |@<!-- e -->@| f|)"),
            ("a <b>c d", "(p |a |@<b>@|c d|)"),
            ("a <b>*c</b> d*", "(p |a |@<b>@|c|@</b>@| d|)"),
            ("*a <b>c* d</b>", "(p |a |@<b>@|c| d|@</b>@)"),
            ("<i>a <b>c</i> d</b>", "(p |a |@<b>@|c| d|@</b>@)"),
            ("a <img src=x> <div>b</div>", "(p |a |@<img src=x>@| |(box @<div>@|b|@</div>@))"),
            (
                "a <kbd>Ctrl</kbd> <button>*Buy* now</button> b",
                "(p |a |@<kbd>@#Ctrl#@</kbd>@| |(control @<button>@^Buy^^ now^@</button>@)| b|)",
            ),
            ("a <a href=\"/u\">b</a> <a name=x>c</a> d", "(p |a |b| |^c^| d|)"),
            ("a <span data-affilink=off>b *c*</span> d", "(p |a |b |!|c|!| d|)"),
            ("a <i class=ignored>b</i>", "(p |a |b|!)"),
            (
                "a\n\n<!-- affilink-off -->\n\nb &amp; c\n\n<!-- affilink-on -->\n\nd",
                "(p |a|)(html @<!-- affilink-off -->@)(p |b |!=&=!| c|!)(html @<!-- affilink-on -->@)(p |d|)",
            ),
        ]
        .map(|(text, expected)| (text, expected)),
        Format::Markdown,
    );
}

#[test]
fn what_mdx_is_made_of() {
    assert_shown(
        &[
            (
                "import X from 'y'\n\n# T\n\na {x + 1} <b>c</b> <Foo bar=\"1\"/> d",
                "(h1 |T|)(p |a |@{x + 1}@| |c| |@<Foo bar=\"1\"/>@| d|)",
            ),
            ("<Note>\n\n  a\n\n</Note>\n\nb", "(p |a|)(p |b|)"),
            ("<Note>\n  a *b*\n</Note>\n", "(p |a |b|)"),
            ("<Tabs>\n    <Tab>\n\n    a\n\n    - b\n      c\n\n    </Tab>\n</Tabs>", "(p |a|)(list (item |b|_|c|))"),
            (
                "<details>\n<summary>a *b*</summary>\n\nc\n\n</details>",
                "(box (summary (p @<summary>@|a |b|@</summary>@))(p |c|))",
            ),
            ("<aside>\n\na\n\n- b\n\n</aside>\n\nc", "(skip (p |a|)(list (item |b|)))(p |c|)"),
            ("a <a href=\"/u\">b</a> <a href={x}>c</a> <kbd>d</kbd>", "(p |a |b| |^c^| |@<kbd>@#d#@</kbd>@)"),
            (
                "a {/* affilink-off */} b\n\nc {/* affilink-on */} d",
                "(p |a |@{/* affilink-off */}@| b|!)(p |c |!@{/* affilink-on */}@| d|)",
            ),
        ],
        Format::Mdx,
    );
}

#[test]
fn comments_and_what_shows_a_disclosure() {
    for (text, format, comments, recognized) in [
        (
            "<!-- affilink-ignore-next-line x -->\n\na <!-- other --> <!--affilink-on-->\n\n`<!-- affilink -->`",
            Format::Markdown,
            vec![" affilink-ignore-next-line x ", "affilink-on"],
            vec![],
        ),
        ("{/* affilink-off */} {/* x */}", Format::Mdx, vec![" affilink-off "], vec![]),
        (
            "<AffiliateDisclosure/>\n\n<AffiliateDisclosure>a</AffiliateDisclosure> <affiliateDisclosure/>",
            Format::Mdx,
            vec![],
            vec!["<AffiliateDisclosure/>", "<AffiliateDisclosure>a</AffiliateDisclosure>"],
        ),
        (
            "{{< affiliate-disclosure >}} {% include disclosure.html %} {% include other.html %} `{{< affiliate-disclosure >}}`",
            Format::Markdown,
            vec![],
            vec!["{{< affiliate-disclosure >}}", "{% include disclosure.html %}"],
        ),
        (
            "{{% affiliate-disclosure x %}} a {{% /affiliate-disclosure %}} {{< affiliate >}}",
            Format::Markdown,
            vec![],
            vec!["{{% affiliate-disclosure x %}}"],
        ),
        (
            "{% include notices/disclosure.html x=1 %} {% include my-disclosure.html %} {% include disclosure.html/a %}",
            Format::Markdown,
            vec![],
            vec!["{% include notices/disclosure.html x=1 %}"],
        ),
        (
            "We earn.\n{: .paid}\n\n::: paid\na\n:::\n\n`{: .paid}`\n\n```\n{: .paid}\n::: paid\n```\n",
            Format::Markdown,
            vec![],
            vec!["{: .paid}", "::: paid"],
        ),
        (
            "<p className=\"small paid\">We earn.</p>\n\n<p className=\"unpaid\">a</p> <p title=\"paid\">b</p>",
            Format::Mdx,
            vec![],
            vec!["<p className=\"small paid\">We earn.</p>"],
        ),
        ("a\n\n<AffiliateDisclosure />\n", Format::Markdown, vec![], vec!["<AffiliateDisclosure />"]),
    ] {
        let outline = outline(text, format);
        assert_eq!(
            outline.comments.iter().map(|comment| comment.body.of(text)).collect::<Vec<_>>(),
            comments,
            "{text}"
        );
        assert_eq!(outline.recognized.iter().map(|span| span.of(text)).collect::<Vec<_>>(), recognized, "{text}");
    }
}

#[test]
fn inline_elements_lie_in_one_another() {
    for (text, expected) in [
        ("*a **b*** ~~c~~ ~d~", vec!["a **b**", "b", "c", "d"]),
        ("<b>a *c*</b> [*d*](u) ![*e*](f)", vec!["a *c*", "c", "d"]),
        ("*a <b>c* d</b>", vec!["a <b>c"]),
        ("> *a\n> b*", vec!["a\n> b"]),
    ] {
        let outline = outline(text, Format::Markdown);
        assert_eq!(outline.inlines.iter().map(|inline| inline.inner.of(text)).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn blocks_end_before_their_line_breaks() {
    for text in
        ["a\n\n\n", "> a\n>\n>\n\n", "- a\n\n\n- b\n\n", "> - a\n> \n>\n\nb\n", "# a\r\n\r\n", "```\na\n```\n\n"]
    {
        for block in outline(text, Format::Markdown).blocks.iter().skip(1) {
            let raw = block.span.of(text);
            assert_eq!(raw.trim_end_matches(['\n', '\r', '>', ' ']), raw, "{text:?}");
        }
    }
    for (text, ends) in [("- a [b](/u)\n\n> c *d*\n>\n", [11, 11, 20, 20]), ("> - a\n> ***\n>\nb", [11, 5, 5, 15])] {
        let found: Vec<_> = outline(text, Format::Markdown).blocks.iter().skip(1).map(|block| block.span.end).collect();
        assert_eq!(found, ends, "{text:?}");
    }
}

#[test]
fn lists_are_text_where_nothing_reads_them() {
    let options = ParseOptions { lists: Lists::None, ..options() };
    let text = "# a {#b}\n\n# a {.b}\n\na *c*{.d}\n{: .e}";
    let document = markdown::parse(text, Format::Markdown, &options, None).expect("the HTML reader takes it");
    assert_eq!(
        shown(text, &document.outline.expect("an outline")),
        "(h1 |a |@{#b}@)(h1 |a {.b}|)(p |a |c|{.d}|_|{: .e}|)"
    );
}

/// The texts of a page, block by block and sorted; how many of what it holds; the letters of its text as the parser itself
/// reports them.
type Read = (Vec<String>, [usize; 9], Vec<char>);

fn read_here(page: &str) -> Read {
    let document = markdown::parse(page, Format::Markdown, &options(), None).expect("the HTML reader takes it");
    let outline = document.outline.expect("it was asked for");
    check(page, &outline);
    let mut found: Vec<(usize, String)> = Vec::new();
    for text in &outline.texts {
        match found.last_mut().filter(|(block, _)| *block == text.block) {
            Some((_, last)) => last.push_str(text.prose(page).unwrap_or_default()),
            None => found.push((text.block, text.prose(page).unwrap_or_default().to_owned())),
        }
    }
    let of = |wanted: fn(BlockKind) -> bool| outline.blocks.iter().filter(|block| wanted(block.kind)).count();
    let counts = [
        of(|kind| matches!(kind, BlockKind::Heading(_))),
        of(|kind| kind == BlockKind::Quote),
        of(|kind| kind == BlockKind::Item),
        of(|kind| kind == BlockKind::Cell),
        of(|kind| kind == BlockKind::Code),
        // raw HTML, and elements that stand by themselves
        of(|kind| matches!(kind, BlockKind::Html | BlockKind::Box | BlockKind::Control)),
        outline.texts.iter().filter(|text| matches!(text.shown, Shown::Verbatim | Shown::Apart(_))).count(),
        outline.inlines.iter().filter(|inline| !inline.span.of(page).starts_with('<')).count(),
        document.links.iter().filter(|link| link.kind != LinkKind::Bare).count(),
    ];
    (sorted(found.into_iter().map(|(_, text)| text)), counts, parsed(page))
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut texts: Vec<_> = texts.map(words).filter(|text| !text.is_empty()).collect();
    texts.sort_unstable();
    texts
}

fn read_by_comrak(page: &str) -> Read {
    let arena = comrak::Arena::new();
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.tasklist = true;
    let tree = comrak::parse_document(&arena, page, &options);
    let (mut texts, mut counts) = (Vec::new(), [0; 9]);
    for node in tree.descendants() {
        let index = match &node.data.borrow().value {
            NodeValue::Heading(_) => 0,
            NodeValue::BlockQuote => 1,
            NodeValue::Item(_) | NodeValue::TaskItem(_) => 2,
            NodeValue::TableCell => 3,
            NodeValue::CodeBlock(_) => 4,
            NodeValue::HtmlBlock(_) => 5,
            NodeValue::Emph | NodeValue::Strong | NodeValue::Strikethrough => 7,
            NodeValue::Link(_) => 8,
            NodeValue::Paragraph => 9,
            _ => continue,
        };
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
        if matches!(index, 0 | 3 | 9) {
            let mut text = String::new();
            inline(node, &mut text, &mut counts[6]);
            texts.push(text);
        }
    }
    counts[6] += counts[4];
    let letters = letters(&texts.concat());
    (sorted(texts.into_iter()), counts, letters)
}

/// What is shown of a paragraph: of code, images and HTML nothing.
fn inline<'a>(node: &'a AstNode<'a>, text: &mut String, verbatim: &mut usize) {
    for child in node.children() {
        match &child.data.borrow().value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            NodeValue::HtmlInline(html) if html.starts_with("<br") => text.push(' '),
            NodeValue::Code(_) => *verbatim += 1,
            // read, and no place for a link
            NodeValue::Link(link) if link.url.starts_with("mailto:") => {
                *verbatim += 1;
                inline(child, text, verbatim);
            }
            NodeValue::Image(_) | NodeValue::HtmlInline(_) | NodeValue::FootnoteReference(_) => {}
            _ => inline(child, text, verbatim),
        }
    }
}

/// The letters of all text that the parser itself reports, in order.
fn parsed(page: &str) -> Vec<char> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let (mut text, mut aside) = (String::new(), 0);
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => aside += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock) => aside -= 1,
            Event::Text(part) if aside == 0 => text.push_str(&part),
            _ => {}
        }
    }
    letters(&text)
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether both readers take the page for the same; then they see the same text. `None` for raw HTML, of which this says
/// nothing.
fn judged(page: &str) -> Option<bool> {
    let ((here, counts, letters), (there, counts_there, letters_there)) = (read_here(page), read_by_comrak(page));
    if counts[5] > 0 || counts_there[5] > 0 {
        return None;
    }
    let same = counts == counts_there && letters == letters_there;
    assert!(!same || here == there, "{page:?}: {here:?} {there:?}");
    Some(same)
}

#[test]
fn another_reader_sees_the_same_text_in_the_examples() {
    let spec = include_str!("../../../../fixtures/commonmark/spec.txt");
    let fence = "```````````````````````````````` example\n";
    let examples = spec.split(fence).skip(1).filter_map(|example| Some(example.split_once("\n.\n")?.0));
    let pages = examples.map(|page| format!("{page}\n").replace('\u{2192}', "\t"));
    let judged: Vec<_> = pages.filter_map(|page| judged(&page)).collect();
    let same = judged.iter().filter(|same| **same).count();
    assert!(judged.len() > 550 && same * 20 > judged.len() * 19, "{same} of {}", judged.len());
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "word",
        " ",
        "\n",
        "\n\n",
        "- ",
        "  ",
        "> ",
        "1. ",
        "# ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "[",
        "](/u)",
        "]",
        "![",
        "<b>",
        "</b>",
        "<br>",
        "<i class=x>",
        "</i>",
        "&amp;",
        "&copy;",
        "\\",
        "\\*",
        "|",
        "| a | b |\n|--|--|\n",
        "<https://x.example>",
        "https://x.example/a_b",
        "é",
        "日本",
        "!",
        ".",
        "  \n",
        "\\\n",
        "<div>\n",
        "</div>\n\n",
        "<!-- c -->",
        "\t",
        "\r\n",
        "---\n",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn another_reader_sees_the_same_text(parts in prop::collection::vec(fragment(), 1..20)) {
        judged(&parts.concat());
    }

    #[test]
    fn any_page_has_an_outline(parts in prop::collection::vec(prop_oneof![
        fragment().prop_map(str::to_owned),
        prop::sample::select(vec!["{{ x }}", "{% raw %}", "{% endraw %}", "{/* affilink-off */}", "{", "}", "<Foo>", "</Foo>", "<aside>", "</aside>", "<kbd>", "</kbd>", "<a href=x>", "</a>", "<!-- affilink-off -->", "$$\n", "[[", "]]", "{.x}", "    ", "[^1]", "\n[^1]: ", ":::"]).prop_map(str::to_owned),
    ], 1..24), mdx in any::<bool>()) {
        outline(&parts.concat(), if mdx { Format::Mdx } else { Format::Markdown });
    }
}
