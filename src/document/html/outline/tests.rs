use std::fmt::Write as _;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use crate::document::outline::{BlockKind, Outline, Shown};
use crate::document::{OptOut, ParseOptions, Skeleton, html};
use crate::span::Span;

fn outline_with(text: &str, options: &ParseOptions) -> Outline {
    let options = ParseOptions { outline: true, ..options.clone() };
    html::parse(text, &options, None).expect("a page that can be parsed").outline.expect("an outline was asked for")
}

fn outline(text: &str) -> Outline {
    outline_with(text, &ParseOptions::default())
}

fn letter(kind: BlockKind) -> String {
    match kind {
        BlockKind::Page => "page".into(),
        BlockKind::Paragraph => "p".into(),
        BlockKind::Heading(level) => format!("h{level}"),
        BlockKind::List => "list".into(),
        BlockKind::Item => "li".into(),
        BlockKind::Table => "table".into(),
        BlockKind::Row => "tr".into(),
        BlockKind::Cell => "td".into(),
        BlockKind::Quote => "quote".into(),
        BlockKind::Caption => "caption".into(),
        BlockKind::Figure => "figure".into(),
        BlockKind::Summary => "summary".into(),
        BlockKind::Control => "control".into(),
        BlockKind::Code => "code".into(),
        BlockKind::Footnote => "note".into(),
        BlockKind::Article => "article".into(),
        BlockKind::Skipped => "skip".into(),
        BlockKind::Box => "box".into(),
        BlockKind::Html => "html".into(),
    }
}

/// The blocks with their texts, in brackets: `=` is a decoded reference, `/` a break, `` ` `` verbatim, `^` what takes no
/// link, `~` an obstacle.
fn compact(text: &str, outline: &Outline) -> String {
    let mut out = String::new();
    let mut open: Vec<usize> = Vec::new();
    let mut texts = outline.texts.iter().peekable();
    let mut show = |out: &mut String, until: usize| {
        while let Some(text_) = texts.next_if(|found| found.span.start < until) {
            let raw = text_.span.of(text).trim_matches('\n');
            let _ = match &text_.shown {
                Shown::Bytes => write!(out, "{raw}|"),
                Shown::Decoded(shown) => write!(out, "={shown}|"),
                Shown::Space | Shown::Break => write!(out, "/|"),
                Shown::Verbatim => write!(out, "`{raw}|"),
                Shown::Apart(None) => write!(out, "^{raw}|"),
                Shown::Apart(Some(shown)) => write!(out, "^={shown}|"),
                Shown::Obstacle => write!(out, "~{raw}|"),
            };
        }
    };
    for (index, block) in outline.blocks.iter().enumerate() {
        show(&mut out, block.span.start + usize::from(index > 0));
        while open.last().is_some_and(|&last| last != block.parent || index == 0) {
            let last = open.pop().expect("it is not empty");
            show(&mut out, outline.blocks[last].span.end);
            out.push(')');
        }
        open.push(index);
        let _ = write!(out, "{}(", letter(block.kind));
    }
    while let Some(last) = open.pop() {
        show(&mut out, outline.blocks[last].span.end);
        out.push(')');
    }
    out
}

/// What must hold of every outline.
fn check(text: &str, outline: &Outline) {
    for (index, block) in outline.blocks.iter().enumerate() {
        let parent = &outline.blocks[block.parent];
        assert!(block.parent < index || index == 0, "{text}");
        assert!(parent.span.contains(block.span) && block.span.contains(block.inner), "{text} {block:?}");
    }
    assert!(outline.blocks.is_sorted_by_key(|block| block.span.start), "{text}");
    let disjoint = outline.texts.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    assert!(disjoint, "{text} {:?}", outline.texts);
    for found in &outline.texts {
        assert!(text.get(found.span.start..found.span.end).is_some_and(|bytes| !bytes.is_empty()), "{text}");
        assert!(outline.blocks[found.block].span.contains(found.span), "{text} {found:?}");
    }
    let mut open: Vec<usize> = Vec::new();
    for inline in &outline.inlines {
        while open.last().is_some_and(|&end| end <= inline.span.start) {
            open.pop();
        }
        assert!(open.last().is_none_or(|&end| inline.span.end <= end), "{text} {inline:?}");
        assert!(text[inline.inner.end..].starts_with("</"), "{text} {inline:?}");
        open.push(inline.span.end);
    }
    assert!(outline.hidden.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text}");
}

/// The text of each block as the outline has it, in the order of the blocks; blanks left out, as are blocks without text.
fn shown(text: &str, outline: &Outline) -> Vec<(String, String)> {
    let mut found = vec![String::new(); outline.blocks.len()];
    for part in &outline.texts {
        match &part.shown {
            Shown::Bytes | Shown::Apart(None) => found[part.block].push_str(part.span.of(text)),
            Shown::Decoded(shown) | Shown::Apart(Some(shown)) => found[part.block].push_str(shown),
            Shown::Space | Shown::Break | Shown::Verbatim | Shown::Obstacle => {}
        }
    }
    let kinds = outline.blocks.iter().map(|block| letter(block.kind));
    let blank = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\0').collect::<String>();
    kinds.zip(found).map(|(kind, text)| (kind, blank(&text))).filter(|(_, text)| !text.is_empty()).collect()
}

/// The same as a tree builder has it.
fn judged(text: &str) -> Vec<(String, String)> {
    let dom = html5ever::parse_document(
        RcDom::default(),
        html5ever::ParseOpts {
            tree_builder: html5ever::tree_builder::TreeBuilderOpts { scripting_enabled: true, ..Default::default() },
            ..Default::default()
        },
    )
    .one(text);
    let mut found = vec![("page".to_owned(), String::new())];
    let mut stack: Vec<(Handle, usize, bool)> = vec![(dom.document.clone(), 0, false)];
    while let Some((node, mut block, mut silent)) = stack.pop() {
        match &node.data {
            NodeData::Text { contents } if !silent => found[block].1.push_str(&contents.borrow()),
            NodeData::Element { name, .. } => {
                let name = super::Name::of(name.local.as_bytes());
                silent |= name.is_opaque() || name.is_fallback() || name.is_verbatim() || name == super::Name::Head;
                if let Some(kind) = name.block() {
                    block = found.len();
                    found.push((letter(kind), String::new()));
                }
            }
            _ => {}
        }
        for child in node.children.borrow().iter().rev() {
            stack.push((child.clone(), block, silent));
        }
    }
    let blank = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fffd}').collect::<String>();
    found.into_iter().map(|(kind, text)| (kind, blank(&text))).filter(|(_, text)| !text.is_empty()).collect()
}

#[test]
fn blocks_and_texts_are_those_a_reader_sees() {
    for (text, expected) in [
        ("<p>a <b>b</b> c</p>", "page(p(a |b| c|))"),
        ("a<br>b&amp;c &nbsp;d", "page(a|/|b|=&|c |=\u{a0}|d|)"),
        ("<ul>\n<li>a\n<li>b\n</ul>\nc", "page(list(li(a|)li(b|))c|)"),
        ("<p>a<code>b&amp;</code>c <kbd>x</kbd>", "page(p(a|`<code>b&amp;</code>|c |`<kbd>x</kbd>|))"),
        ("<p>a<img src=i>b<x-y>c</x-y></p>", "page(p(a|~<img src=i>|b|~<x-y>|c|~</x-y>|))"),
        ("<p>a<!-- c -->b<wbr>d", "page(p(a|~<!-- c -->|b|d|))"),
        ("<pre>a <b>b</b></pre><p>c", "page(code(`a |`b|)p(c|))"),
        (
            "<p>a<svg><text>b</text></svg><math><mi>x</mi></math>c",
            "page(p(a|~<svg><text>b</text></svg>|`<math><mi>x</mi></math>|c|))",
        ),
        ("<p>a<svg><path><p>b", "page(p(a|~<svg><path>|)p(b|))"),
        (
            "<p>a<script>'<p>b'</script>c<textarea>d</textarea>",
            "page(p(a|~<script>'<p>b'</script>|c|~<textarea>d</textarea>|))",
        ),
        ("<video>no <b>video</b></video><p>a", "page(~<video>|~no |~video|~</video>|~<p>|p(a|))"),
        ("<title>t</title><link><p>a", "page(p(a|))"),
        ("<p>a <button>b</button> c", "page(p(a |~<button>|control(b|) c|))"),
        ("<p>a <b>b</p><p>c</b> d</p>", "page(p(a |~<b>|b|)p(c|~</b>| d|))"),
        ("<p><a name=x></a>a <a href=y>b</a>", "page(p(^=|^=|a |b|))"),
        (
            "<p>a <a name=x>b &amp; <code>c</code></a> <var>d</var>",
            "page(p(a |^=|^b |^=&|^ |`<code>c</code>|^=| |^=|^d|^=|))",
        ),
        ("<p><code>a <var>b</var></code>", "page(p(`<code>a <var>b</var></code>|))"),
        ("<table><td>a</tbody><tr>", "page(table(tr(td(a|))tr()))"),
        ("<table><caption>a<tr><th>b<td>c<tr><td>d</table>e", "page(table(caption(a|)tr(td(b|)td(c|))tr(td(d|)))e|)"),
        ("<ruby>漢<rp>(</rp><rt>kan</ruby>字", "page(漢|^=|^(|^=|^=|^kan|字|)"),
        (
            "<figure><figcaption>a</figcaption></figure><details><summary>b</summary>c</details>",
            "page(figure(caption(a|))box(summary(b|)c|))",
        ),
        (
            "<nav>a</nav><article><h2>b</h2><blockquote>c</blockquote></article>",
            "page(skip(a|)article(h2(b|)quote(c|)))",
        ),
        ("<select><option>a<option>b</select><label>c</label>", "page(control(control(a|)control(b|))control(c|))"),
        ("<p>a < b & c</", "page(p(a < b & c</|))"),
        ("a<b", "page(a|~<b|)"),
    ] {
        let outline = outline(text);
        check(text, &outline);
        assert_eq!(compact(text, &outline), expected, "{text}");
    }
}

#[test]
fn text_stands_where_a_tree_builder_puts_it() {
    for text in [
        "<p>a<p>b</p>c</p>d",
        "<p>a<div>b</div>c",
        "<ul><li>a<ul><li>b</ul>c<li>d</ul>e",
        "<ul><li><p>a<li>b<div><li>c</ul>",
        "<dl><dt>a<dd>b<p>c<dt>d</dl>e",
        "<div>a<span>b<div>c</span>d</div>e</div>f",
        "<h1>a<h2>b</h1>c",
        "<p><b>a<p>b</b>c",
        "<b><p>a</b>b</p>c",
        "<a href=x>a<p>b<a href=y>c</a>d",
        "<table><tr><td>a<td>b<table><tr><td>c</table>d</table>e",
        "<!doctype html><p>a<table><tr><td>b</table>c",
        "<html><p>a<table><tr><td>b</table>c",
        "<p>a<button>b<p>c</p>d<button>e</button>f",
        "<p>a</div>b</span>c</li>d",
        "<form>a<form>b</form>c</form>d",
        "<form><div>a</form>b</div>c",
        "<li><form><div><div></form><li></div>a",
        "<form><ul><p>a</form>b",
        "<form><a href=x><p></a></form>a",
        "<section><form>a</section><form>b</form><form>c",
        "<td>a</td><tr>b",
        "<table><td>a</tbody><td>b",
        "<p>a<object><p>b</object>c",
        "<div><li>a</div>b",
        "<section>a<p>b</section>c",
        "<p>a<ul><li>b</ul>c</p>d",
        "<li>a<dd>b<li>c",
        "<blockquote><p>a</blockquote>b",
        "<code>a<p>b</code>c",
        "<i><code><span><x-y><span><p></i>a",
        "<i><code><span><x-y><p></i>a",
        "<i><code><b><code><b><s><p></i>a</code>b",
        "<i><code><p><code><span><span><div></i>a</div>b</p>c</code>d",
        "<p><code>a<p>b</code>c",
        "<table><tr><td><code>a<td>b</table>c",
        "<x-y>a<div>b</x-y>c</div>d",
        "<p>a<center>b</p>c",
        "<address>a<li>b<address>c",
        "<body><p>a</body>b</html>c",
        "<p>a<noscript><p>b</noscript>c",
        "<summary>a<p>b</summary>c",
    ] {
        let outline = outline(text);
        check(text, &outline);
        assert_eq!(shown(text, &outline), judged(text), "{text}");
    }
}

/// Whether a tree builder takes text out of `code` that it put there at first, as an end tag may make it do; here what was
/// read stays as it was read.
fn is_taken_out_of_code(parts: &[&str]) -> bool {
    let prose = |count: usize| {
        let text = format!("<!doctype html><body>{}", parts[..count].concat());
        judged(&text).into_iter().map(|(_, text)| text).collect::<String>()
    };
    let all = prose(parts.len());
    (0..parts.len()).any(|count| !all.starts_with(&prose(count)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_tags_are_nested_as_a_tree_builder_does(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "c&amp;", " ", "<p>", "</p>", "<div>", "</div>", "<li>", "</li>", "<ul>", "</ul>", "<b>", "</b>",
            "<span>", "</span>", "<h2>", "</h2>", "<h3>", "</h3>", "<a href=x>", "</a>", "<dt>", "<dd>", "</dd>", "<dl>", "</dl>",
            "<section>", "</section>", "<i>", "</i>", "<code>", "</code>", "<button>", "</button>", "<br>", "<hr>",
            "<blockquote>", "</blockquote>", "<x-y>", "</x-y>", "<!-- c -->", "<form>", "</form>", "<address>",
        ]), 0..24),
    ) {
        let text = format!("<!doctype html><body>{}", parts.concat());
        let outline = outline(&text);
        check(&text, &outline);
        let (shown, judged) = (shown(&text, &outline), judged(&text));
        prop_assume!(shown == judged || !is_taken_out_of_code(&parts));
        prop_assert_eq!(shown, judged);
    }

    #[test]
    fn tables_are_nested_as_a_tree_builder_does(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<table><tr><td>", "<td>a", "</td><td>", "<tr><td>b", "</table>c", "<tbody><tr><th>", "<p>", "</p>", "d", "<b>",
            "</b>", "<div>", "</div>", "<li>", "<tr><td><table><td>", "</td></tr>", "</thead></table>", "<table><caption>e",
        ]), 0..16),
    ) {
        let text = format!("<!doctype html><body>{}", parts.concat());
        let outline = outline(&text);
        check(&text, &outline);
        // text that a browser moves out of a table stays where it is here
        let is_moved = |block: usize| {
            let kinds = [BlockKind::Table, BlockKind::Row, BlockKind::Cell, BlockKind::Caption];
            let around = outline.around(block).map(|block| block.kind).find(|kind| kinds.contains(kind));
            matches!(around, Some(BlockKind::Table | BlockKind::Row))
        };
        prop_assume!(!outline.texts.iter().any(|found| found.shown != Shown::Obstacle && is_moved(found.block)));
        prop_assert_eq!(shown(&text, &outline), judged(&text));
    }
}

#[test]
fn content_is_told_from_what_is_around_it() {
    let of = |text: &str, options: &ParseOptions| {
        let outline = outline_with(text, options);
        let said = |block: &crate::document::outline::Block| {
            format!(
                "{}{}{}",
                letter(block.kind),
                if block.is_content { "!" } else { "" },
                if block.in_content { "+" } else { "" }
            )
        };
        let blocks = outline.blocks.iter().map(said).collect::<Vec<_>>().join(" ");
        (blocks, outline.blocks[0].inner.of(text).to_owned())
    };
    let selected = |content: &str, skip: &str| ParseOptions {
        content: content.into(),
        skip: skip.into(),
        ..ParseOptions::default()
    };
    for (text, options, blocks, inner) in [
        (
            "<html><head><title>t</title></head><body><p>a</p></body></html>",
            ParseOptions::default(),
            "page!+ p+",
            "<p>a</p>",
        ),
        ("<!doctype html><title>t</title>\n<p>a", ParseOptions::default(), "page!+ p+", "<p>a"),
        ("<body><main><p>a</main><p>b", ParseOptions::default(), "page box!+ p+ p", "<main><p>a</main><p>b"),
        (
            "<main><nav>a</nav><article>b</article></main>",
            ParseOptions::default(),
            "page box!+ skip article!+",
            "<main><nav>a</nav><article>b</article></main>",
        ),
        (
            "<aside><article>a</article></aside>b",
            ParseOptions::default(),
            "page!+ skip article!",
            "<aside><article>a</article></aside>b",
        ),
        ("<body class=post>a<p>b", selected(".post", "p"), "page!+ skip", "a<p>b"),
        ("<span class=post>a</span><div>b", selected(".post", ""), "page box!+ box", "<span class=post>a</span><div>b"),
    ] {
        assert_eq!(of(text, &options), (blocks.to_owned(), inner.to_owned()), "{text}");
    }
}

#[test]
fn what_is_left_alone_is_said() {
    let options = ParseOptions { ignore: ".me".into(), ..ParseOptions::default() };
    let text = "a<p data-affilink=off>b<p>c<i class=me>d</i><!-- affilink-off -->e<p>f</p><!-- affilink-on -->g";
    let outline = outline_with(text, &options);
    let found: Vec<_> = outline
        .texts
        .iter()
        .filter(|found| found.shown == Shown::Bytes)
        .map(|found| (found.span.of(text), found.opt_out))
        .collect();
    assert_eq!(
        found,
        [
            ("a", None),
            ("b", Some(OptOut::Attribute)),
            ("c", None),
            ("d", Some(OptOut::Selector)),
            ("e", Some(OptOut::Comment)),
            ("f", Some(OptOut::Comment)),
            ("g", None),
        ]
    );
    let comments: Vec<_> =
        outline.comments.iter().map(|comment| (comment.span.of(text), comment.body.of(text))).collect();
    assert_eq!(comments, [("<!-- affilink-off -->", " affilink-off "), ("<!-- affilink-on -->", " affilink-on ")]);
}

#[test]
fn elements_are_recognized() {
    let recognize = [".disclosure", "AffiliateDisclosure", "x-note", "partials/note.html", "#top > p"];
    let options = ParseOptions { recognize: recognize.map(str::to_owned).to_vec(), ..ParseOptions::default() };
    let text = "<p class=disclosure>a<p><affiliatedisclosure></affiliatedisclosure><img class=disclosure><div id=top><p>b</div><X-Note>c</x-note>";
    let found: Vec<_> =
        outline_with(text, &options).recognized.into_iter().map(|span| span.of(text).to_owned()).collect();
    assert_eq!(
        found,
        [
            "<p class=disclosure>a",
            "<affiliatedisclosure></affiliatedisclosure>",
            "<img class=disclosure>",
            "<p>b",
            "<X-Note>c</x-note>"
        ]
    );
    let unknown = ParseOptions { recognize: vec![":hover{".into()], outline: true, ..ParseOptions::default() };
    assert!(html::parse(text, &unknown, None).is_err());
    assert!(
        html::parse(text, &ParseOptions { outline: false, ..unknown }, None).is_ok_and(|page| page.outline.is_none())
    );
}

#[test]
fn hidden_elements_are_listed() {
    let text = "<P HIDDEN>a<b hidden>b</b></p><p style='color:red; DISPLAY : none'>c</p><q>d</q><i aria-hidden=true>e</i><i aria-hidden=false>f</i><p class=hidden>g";
    let outline = outline(text);
    let of = |spans: &[Span]| spans.iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        of(&outline.hidden),
        ["<P HIDDEN>a<b hidden>b</b></p>", "<p style='color:red; DISPLAY : none'>c</p>", "<i aria-hidden=true>e</i>"]
    );
    assert!(
        outline.is_hidden(text.find("a<b").expect("it is there"))
            && !outline.is_hidden(text.find(">d").expect("it is there"))
    );
}

#[test]
fn inline_elements_nest_or_are_none() {
    for (text, expected) in [
        ("<p>a <b>b <i>c</i></b>", &["b <i>c</i>", "c"][..]),
        ("<b>a <i>b</b> c</i>", &[]),
        ("<p><em>a<p>b</em>", &[]),
        ("<span>a<div>b</div></span>", &["a<div>b</div>"]),
        ("<a href=x><b>a</b></a><code><b>c</b></code><x-y><q>d</q></x-y>", &["a", "c", "d"]),
    ] {
        let outline = outline(text);
        check(text, &outline);
        assert_eq!(outline.inlines.iter().map(|inline| inline.inner.of(text)).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn the_head_is_read() {
    let head = |text: &str| outline(text).head;
    assert_eq!(head("<html lang='de-AT'><p>").language.as_deref(), Some("de-AT"));
    for (text, title) in [
        ("<head><title>\n A &amp; B <i> </title><title>C</title><p>", Some("A & B <i>")),
        ("<TITLE>open", Some("open")),
        ("<body><svg><title>a picture</title></svg>", None),
        ("<p>text", None),
    ] {
        assert_eq!(head(text).title.as_deref(), title, "{text}");
    }
    for (text, says, articles, no_index) in [
        ("<meta property='og:type' content='Article'>", true, 0, false),
        ("<meta property='og:type' content='website'><meta name=robots content='noindex, follow'>", false, 0, true),
        ("<meta name=ROBOTS content=none>", false, 0, true),
        ("<article><article></article></article><article>", false, 2, false),
        (
            r#"<script type="application/ld+json">{"@type": "BlogPosting", "author": {"@type": "Person"}}</script>"#,
            true,
            0,
            false,
        ),
        (
            r#"<script type=application/ld+json>{"@graph": [{"@type": ["Article", "X"]}, {"@type": "WebSite"}]}</script>"#,
            true,
            0,
            false,
        ),
        (
            r#"<script type=application/ld+json>{"@type": "Blog", "blogPost": [{"@type": "BlogPosting"}]}</script>"#,
            false,
            0,
            false,
        ),
        (r#"<script type=application/ld+json>[{"@type": "Article"}, {"@type": "Article"}]</script>"#, false, 0, false),
        (
            r#"<script type=application/ld+json>{"@type": "WebPage", "mainEntity": {"@type": "schema:Review"}}</script>"#,
            true,
            0,
            false,
        ),
        (r#"<script>{"@type": "Article"}</script>"#, false, 0, false),
        ("<script type=application/ld+json>{\"@type\": \"Article\"", false, 0, false),
    ] {
        let found = head(text);
        assert_eq!((found.says_article, found.articles, found.no_index), (says, articles, no_index), "{text}");
    }
}

#[test]
fn html_inside_markdown_is_read_where_it_stands() {
    let view = "<div class=note>\n  a <b>b</b>   \n                  \n</div>        <nav>c</nav> <p>d";
    let options = ParseOptions { outline: true, recognize: vec![".note".into()], ..ParseOptions::default() };
    let scan = html::scan_embedded(view, &options, &mut Skeleton::new(None)).expect("HTML");
    let outline = scan.outline.expect("an outline was asked for");
    check(view, &outline);
    assert_eq!(outline.recognized, [Span::new(0, view.find("        <nav>").expect("it is there"))]);
    let blocks: Vec<_> = outline.blocks.iter().map(|block| (letter(block.kind), block.in_content)).collect();
    let expected = [("page", true), ("box", true), ("skip", false), ("p", true)];
    assert_eq!(blocks, expected.map(|(kind, inside)| (kind.to_owned(), inside)));
    let words: Vec<_> =
        outline.texts.iter().map(|found| found.span.of(view).trim()).filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["a", "b", "c", "d"]);
    let without = html::scan_embedded(view, &ParseOptions::default(), &mut Skeleton::new(None)).expect("HTML");
    assert_eq!(without.outline, None);
}

#[test]
fn hostile_pages_take_linear_time() {
    let deep = |part: &str, count: usize| part.repeat(count);
    for text in [
        deep("<div>", 5_000),
        deep("<b>", 100_000) + &deep("</p>", 100_000),
        deep("<p>", 300_000),
        deep("<li>", 250_000),
        deep("</p>", 250_000),
        deep("<p><b></p>", 100_000),
        deep("<x-a>", 50_000) + &deep("</x-b>", 50_000),
        deep("<ul><li>", 20_000) + &deep("</li>", 100_000),
        deep("<table><td>", 20_000),
        deep("&", 1_000_000),
        deep("<!--", 250_000),
        deep("</a ", 250_000),
        "<p>".to_owned() + &deep("<", 1_000_000),
    ] {
        if let Ok(page) = html::parse(&text, &ParseOptions { outline: true, ..ParseOptions::default() }, None) {
            check(
                text.get(..40).unwrap_or_default(),
                &Outline { texts: Vec::new(), inlines: Vec::new(), ..page.outline.expect("an outline was asked for") },
            );
        }
    }
}

#[test]
fn attributes_are_read_as_browsers_do() {
    let tag = "<a href='x?a=1' REL=\"a &amp; b\" data-x=alt=1 hidden title = y>";
    for (name, expected) in [
        ("href", Some("x?a=1")),
        ("rel", Some("a & b")),
        ("data-x", Some("alt=1")),
        ("hidden", Some("")),
        ("title", Some("y")),
        ("alt", None),
    ] {
        assert_eq!(super::attribute(tag, name).as_deref(), expected, "{name}");
    }
}
