use lol_html::html_content::{Comment, Element, TextChunk};
use lol_html::{Settings, doc_comments, doc_text, element};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::document::escape::{self, Context};
use crate::document::{LinkKind, ReadOnly};
use crate::source::Source;
use crate::span::Piece;

fn page(text: &str) -> Document {
    parse(text, &ParseOptions::default(), None).expect("a page that can be parsed")
}

fn values(text: &str) -> Vec<String> {
    page(text).links.into_iter().map(|link| link.destination.value).collect()
}

/// Applies `edits`, ranges of bytes and what stands there instead, sorted; all of them or none fold.
fn edited(text: &str, edits: &[(Span, &str)], fold: bool) -> (String, OffsetMap) {
    let (mut result, mut pieces, mut from) = (String::new(), Vec::new(), 0);
    for &(before, new) in edits {
        result.push_str(&text[from..before.start]);
        let start = result.len();
        result.push_str(new);
        pieces.push(Piece { after: Span::new(start, result.len()), before, fold });
        from = before.end;
    }
    result.push_str(&text[from..]);
    (result, OffsetMap::new(pieces))
}

#[test]
fn simple_selectors_select_what_a_reader_of_selectors_does() {
    let content = |content: &str, text: &str| {
        let options = ParseOptions { content: content.into(), outline: true, ..ParseOptions::default() };
        let outline = parse(text, &options, None).expect("a page that can be parsed").outline.expect("an outline");
        outline.blocks.into_iter().map(|block| (block.span, block.is_content, block.in_content)).collect::<Vec<_>>()
    };
    for tag in [
        "div role=main",
        "div role=\"main\"",
        "div ROLE='main'",
        "div role=MAIN",
        "div role='main '",
        "div role=main role=x",
        "div role=x role=main",
        "div data-role=main",
        "div role=x class=main",
        "div role=\"&#109;ain\"",
        "main role=none",
        "a role=main",
        "p role",
    ] {
        let text = format!("<p>a<{tag}><p>b</p></{}><p>c", tag.split(' ').next().unwrap_or_default());
        assert_eq!(content("[role=main]", &text), content("*[role=main]", &text), "{tag}");
        assert_eq!(content("main, [role=main]", &text), content("main, *[role=main]", &text), "{tag}");
    }
}

#[test]
fn destinations_are_read_whatever_their_quotes() {
    let double = Context::HtmlAttribute { quote: Some('"') };
    let single = Context::HtmlAttribute { quote: Some('\'') };
    let none = Context::HtmlAttribute { quote: None };
    for (text, raw, value, context) in [
        (r#"<a href="https://h.com/">t</a>"#, "https://h.com/", "https://h.com/", double),
        ("<A  HREF='https://h.com/'\n CLASS=c >t</A>", "https://h.com/", "https://h.com/", single),
        ("<a href=https://h.com/>t</a>", "https://h.com/", "https://h.com/", none),
        ("<a href=x/>t</a>", "x/", "x/", none),
        ("<a href = \"x\" rel >t</a>", "x", "x", double),
        ("<a\thref\n=\nx\n>t</a>", "x", "x", none),
        ("<a/href=\"u\">t</a>", "u", "u", double),
        ("<a href=\"\">t</a>", "", "", double),
        ("<a href=''>t</a>", "", "", single),
        (r#"<a href="x" href="y">t</a>"#, "x", "x", double),
        (r#"<a title='a "b" c' href="x">t</a>"#, "x", "x", double),
        (r#"<a data-x=">" href="x">t</a>"#, "x", "x", double),
        ("<a href=a\"b>t</a>", "a\"b", "a\"b", none),
        (r#"<a href=" https://h.com/ ">t</a>"#, " https://h.com/ ", " https://h.com/ ", double),
        (
            r#"<a href="https://h.com/?a=1&amp;b=2">t</a>"#,
            "https://h.com/?a=1&amp;b=2",
            "https://h.com/?a=1&b=2",
            double,
        ),
        ("<a href='?a=1&#38;b&#x26;c'>t</a>", "?a=1&#38;b&#x26;c", "?a=1&b&c", single),
        ("<a href=?a=1&copy=2&amp;c>t</a>", "?a=1&copy=2&amp;c", "?a=1&copy=2&c", none),
        ("<a href=\"&#106;avascript:x\">t</a>", "&#106;avascript:x", "javascript:x", double),
        ("<a href=\"//h.com/é\">t</a>", "//h.com/é", "//h.com/é", double),
    ] {
        let document = page(text);
        let [link] = document.links.as_slice() else { panic!("one link in {text}: {:?}", document.links) };
        let field = &link.destination;
        assert_eq!((field.span.of(text), field.value.as_str(), field.context), (raw, value, context), "{text}");
        assert_eq!(link.read_only, None, "{text}");
        assert_eq!(link.text.of(text), "t");
        assert_eq!(link.element, Span::new(0, text.len()));
        let attributes = link.attributes.as_ref().expect("a tag has attributes");
        assert_eq!(attributes.end_tag.map(|tag| tag.of(text).to_ascii_lowercase()).as_deref(), Some("</a>"));
        assert!(attributes.span.of(text).ends_with('>'));
        assert_eq!(attributes.insert_at, 2);
    }
}

#[test]
fn only_what_a_reader_can_follow_is_a_link() {
    for (text, expected) in [
        ("<a name=x>t</a>", &[][..]),
        ("<area href=x><AREA HREF='y'>", &["x", "y"]),
        ("<svg><a xlink:href=\"x\">t</a></svg>", &[]),
        ("<svg><a href=\"x\"/><title><a href=y>t</a></title></svg>", &["x"]),
        ("<link href=x><base href=y><img src=z><form action=f><q cite=c>", &[]),
        ("<!-- <a href=x>t</a> --><!--[if IE]><a href=x>t</a><![endif]-->", &[]),
        ("<script>'<a href=x>'</script><style><a href=x></style>", &[]),
        ("<textarea><a href=x></textarea><title><a href=x></title>", &[]),
        ("<noscript>href</noscript><iframe><a href=x></iframe>", &[]),
        ("<template><noscript><a href=x>t</a></noscript></template>", &[]),
        ("<xmp><a href=x></xmp><noembed><a href=x></noembed>", &[]),
        ("<template><p><a href=x>t</a></p></template><a href=y>t</a>", &["y"]),
        ("<svg><![CDATA[<a href=x>]]></svg><?php echo '<a href=x' ?>", &[]),
        ("<plaintext><a href=x>", &[]),
        ("<a href=\"x>t</a>", &[]),
        ("<abbr href=x>t</abbr><address href=y>", &[]),
    ] {
        assert_eq!(values(text), expected, "{text}");
    }
}

#[test]
fn links_never_overlap() {
    for (text, elements, texts) in [
        ("<a href=x>1<a href=y>2</a>3</a>", &["<a href=x>1", "<a href=y>2</a>"][..], &["1", "2"][..]),
        ("<a href=x>1<a name=n>2</a>3", &["<a href=x>1"], &["1"]),
        ("<ul><li><a href=x>1<li>Foo</ul>b", &["<a href=x>1<li>Foo"], &["1<li>Foo"]),
        ("<p><a href=x>1</p>2", &["<a href=x>1"], &["1"]),
        ("<a href=x>rest", &["<a href=x>rest"], &["rest"]),
        ("<a href=x><map><area href=y></map></a>", &["<a href=x><map>", "<area href=y>"], &["<map>", ""]),
        ("<a href=x>1</a ><a href=y>2</a\n>", &["<a href=x>1</a >", "<a href=y>2</a\n>"], &["1", "2"]),
    ] {
        let document = page(text);
        let of = |part: fn(&Link) -> Span| document.links.iter().map(|link| part(link).of(text)).collect::<Vec<_>>();
        assert_eq!(of(|link| link.element), elements, "{text}");
        assert_eq!(of(|link| link.text), texts, "{text}");
        for link in &document.links {
            let end_tag = link.attributes.as_ref().and_then(|attributes| attributes.end_tag);
            assert_eq!(end_tag.is_some(), link.element.of(text).contains("</a"), "{text}");
        }
    }
}

#[test]
fn some_destinations_are_never_edited() {
    for (text, expected) in [
        ("<code><a href=x>t</a></code>", Some(ReadOnly::InertPlace)),
        ("<pre>a<b><a href=x>t</a></b></pre>", Some(ReadOnly::InertPlace)),
        ("<KBD><a href=x>t</a></KBD>", Some(ReadOnly::InertPlace)),
        ("<samp><a href='{{ x }}'>t</a></samp>", Some(ReadOnly::InertPlace)),
        ("<code>c</code><a href=x>t</a>", None),
        ("<p><code>c</p><a href=x>t</a>", None),
        ("<a href=x><code>t</code></a>", None),
        ("<a href=\"{{ url }}\">t</a>", Some(ReadOnly::TemplateSyntax)),
        ("<a href=\"x?{% tag %}\">t</a>", Some(ReadOnly::TemplateSyntax)),
        ("<a href=\"<%= x %>\">t</a>", Some(ReadOnly::TemplateSyntax)),
        ("<a href=\"https://h.com/${id}\">t</a>", Some(ReadOnly::TemplateSyntax)),
        ("<a href>t</a>", Some(ReadOnly::NotLocated)),
        ("<a href rel=x>t</a>", Some(ReadOnly::NotLocated)),
    ] {
        let document = page(text);
        assert_eq!(document.links.first().map(|link| link.read_only), Some(expected), "{text}");
    }
    let source =
        Source::read(b"<p>caf\xe9 <a href=\"x?\xe9\">1</a><a href=y>\xe9</a>", Format::Html).expect("ASCII tags");
    let reasons: Vec<_> = page(source.text()).links.iter().map(|link| link.read_only).collect();
    assert_eq!(reasons, [Some(ReadOnly::Encoding), None]);
}

#[test]
fn rel_and_target_are_found_in_every_form() {
    type Found<'t> = Option<(&'t str, Option<&'t str>)>;
    for (text, rel, target) in [
        ("<a href=x>", None, None),
        ("<a href=x rel=\"NoFollow\">", Some(("rel=\"NoFollow\"", Some("NoFollow"))), None),
        ("<a rel=nofollow href=x>", Some(("rel=nofollow", Some("nofollow"))), None),
        ("<a REL href=x>", Some(("REL", None)), None),
        (
            "<a rel='noopener' href=x target=_blank>",
            Some(("rel='noopener'", Some("noopener"))),
            Some(("target=_blank", Some("_blank"))),
        ),
        ("<a href=x rel = \"a&amp;b\" target>", Some(("rel = \"a&amp;b\"", Some("a&b"))), Some(("target", None))),
        ("<a href=x rel=\"\" rel=y>", Some(("rel=\"\"", Some(""))), None),
    ] {
        let found = page(text).links.remove(0).attributes.expect("a tag has attributes");
        let of = |attribute: &Option<crate::document::Attribute>, expected: Found<'_>| {
            let whole = attribute.as_ref().map(|found| found.whole.of(text));
            let value = attribute.as_ref().map(|found| found.value.as_ref().map(|field| field.value.as_str()));
            assert_eq!((whole, value), (expected.map(|(whole, _)| whole), expected.map(|(_, value)| value)), "{text}");
        };
        of(&found.rel, rel);
        of(&found.target, target);
    }
}

#[test]
fn other_attributes_cannot_change_unseen() {
    let others = |tag: &str| page(tag).links.remove(0).attributes.map_or(0, |found| found.others);
    assert_eq!(others("<a href=x rel=r target=t title=i>"), 0);
    assert_ne!(others("<a href=x class=c>"), 0);
    assert_eq!(others("<a href=x class=c>"), others("<a rel=r class='c' href=\"z\">"));
    for (one, other) in [
        ("<a href=x class=c>", "<a href=x class=d>"),
        ("<a href=x class>", "<a href=x class=c>"),
        ("<a href=x data-a=b>", "<a href=x data-b=a>"),
        ("<a href=x>", "<a href=x href=y>"),
        ("<a href=x rel=a>", "<a href=x rel=a rel=b>"),
    ] {
        assert_ne!(others(one), others(other), "{one} {other}");
    }
    assert_eq!(page("<a href=x title='a &amp; b'>").links[0].title.as_deref(), Some("a & b"));
}

#[test]
fn banners_show_an_image_and_nothing_else() {
    for (inside, expected) in [
        ("<img src=i>", true),
        ("\n <picture><source srcset=s><img src=i></picture>\n", true),
        ("<svg><title>words</title><path/></svg>", true),
        ("<span><img src=i alt='words'></span>", true),
        ("<!-- c --><img src=i><noscript><img src=i></noscript>&nbsp;", true),
        ("<img src=i> words", false),
        ("words <img src=i>", false),
        ("<b>words</b>", false),
        ("<span></span>", false),
        ("<img src=i><video></video>", false),
        ("", false),
    ] {
        assert_eq!(page(&format!("<a href=x>{inside}</a><p>behind</p>")).links[0].banner, expected, "{inside}");
    }
}

#[test]
fn content_is_what_the_selectors_say() {
    let in_content = |text: &str, options: &ParseOptions| -> Vec<_> {
        let document = parse(text, options, None).expect("a page that can be parsed");
        document.links.iter().map(|link| (link.destination.value.clone(), link.in_content)).collect()
    };
    let check = |text, options: &ParseOptions, expected: &[(&str, bool)]| {
        let found = in_content(text, options);
        let found: Vec<_> = found.iter().map(|(value, inside)| (value.as_str(), *inside)).collect();
        assert_eq!(found, expected, "{text}");
    };
    let defaults = ParseOptions::default();
    let text = "<nav><a href=n>1</a></nav><main><a href=m>2</a><aside><a href=s>3</a></aside></main><a href=o>4</a>";
    check(text, &defaults, &[("n", false), ("m", true), ("s", false), ("o", false)]);
    check("<nav><a href=n>1</a></nav><p><a href=m>2</a>", &defaults, &[("n", false), ("m", true)]);
    let aside = "<div><a href=d>1</a></div><aside><article><a href=s>2</a></article></aside>";
    check(aside, &defaults, &[("d", true), ("s", false)]);
    let own = ParseOptions { content: ".post > .body, #c".into(), skip: "[data-ad]".into(), ..ParseOptions::default() };
    let text =
        "<main class=post><a href=0>0</a><div class='x body'><a href=1>1</a><p data-ad><a href=2>2</a></div></main>";
    check(text, &own, &[("0", false), ("1", true), ("2", false)]);
    check("<main><a href=1>1</a></main>", &own, &[("1", true)]);
}

#[test]
fn selectors_that_cannot_be_matched_are_named() {
    let options = ParseOptions { ignore: "a + b".into(), ..ParseOptions::default() };
    let error = parse("<p>", &options, None).expect_err("a sibling combinator");
    assert!(matches!(&error, ParseError::Selector { selector, .. } if selector == "a + b"), "{error}");
}

#[test]
fn authors_opt_out_in_every_way() {
    use OptOut::{Attribute, Comment, RelMe, Selector};
    let options = ParseOptions { ignore: ".legal".into(), ..ParseOptions::default() };
    for (text, expected) in [
        ("<a href=x data-affilink=off>t</a><a href=y>t</a>", &[Some(Attribute), None][..]),
        ("<div data-affilink=\" OFF \"><p><a href=x>t</a></div><a href=y>t</a>", &[Some(Attribute), None]),
        ("<area href=x data-affilink=off><area href=y>", &[Some(Attribute), None]),
        ("<a href=x data-affilink=on>t</a>", &[None]),
        ("<a href=x rel='noopener ME'>t</a><a href=y rel=metoo>t</a>", &[Some(RelMe), None]),
        ("<p class='a legal'><a href=x>t</a></p><a href=y>t</a>", &[Some(Selector), None]),
        ("<a href=0><!-- affilink-off --><a href=1>t</a><!--affilink-on--><a href=2>", &[None, Some(Comment), None]),
        ("<!-- affilink-off --><p><a href=1>t</a></p><a href=2>", &[Some(Comment), Some(Comment)]),
        ("<!-- affilink-offers --><a href=1>t</a>", &[None]),
    ] {
        let document = parse(text, &options, None).expect("a page that can be parsed");
        let found: Vec<_> = document.links.iter().map(|link| link.opt_out).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_ends_without_an_end_tag_says_nothing_of_what_follows() {
    for (text, expected) in [
        ("<ul><li data-affilink=off><a href=1>t</a><li><a href=2>t</a></ul>", "10"),
        ("<ul><li data-affilink=off><a href=1>t</a></li><li><a href=2>t</a></ul><a href=3>t</a>", "100"),
        (
            "<ul><LI data-affilink=off><ul><li><a href=1>t</a><li><a href=2></a></ul><a href=3></a><li><a href=4></a>",
            "1110",
        ),
        ("<ol><li data-affilink=off><div><a href=1>t</a><li><a href=2>t</a></ol>", "10"),
        (
            "<ul><li><a href=1>t</a><li data-affilink=off><a href=2>t</a><li data-affilink=off><a href=3>t</a><li><a href=4></a>",
            "0110",
        ),
        ("<dl><dt data-affilink=off><a href=1>t</a><dd><a href=2>t</a></dl>", "10"),
        ("<table><tr data-affilink=off><td><a href=1>t</a><td><a href=2>t</a><tr><td><a href=3>t</a></table>", "110"),
        ("<table><tr><td data-affilink=off><a href=1>t</a><th><a href=2>t</a><tr><td><a href=3>t</a></table>", "100"),
        (
            "<table><tr><td data-affilink=off><table><tr><td><a href=1>t</a><td><a href=2>t</a></table><td><a href=3></a>",
            "110",
        ),
        ("<table><tr data-affilink=off><td><a href=1>t</a><tbody><tr><td><a href=2>t</a></table>", "10"),
        (
            "<table><tbody data-affilink=off><tr><td><a href=1>t</a><tr><td><a href=2></a><tfoot><tr><td><a href=3>t</a>",
            "110",
        ),
        ("<p data-affilink=off><b><a href=1>t</a></b><p><a href=2>t</a>", "10"),
        ("<p data-affilink=off><a href=1>t</a><h2><a href=2>t</a></h2>", "10"),
        ("<p data-affilink=off><button><p></button><a href=1>t</a><div><a href=2>t</a></div></p>", "10"),
        ("<section data-affilink=off><p><a href=1>t</a><p><a href=2>t</a></section><p><a href=3>t</a>", "110"),
        ("<div data-affilink=off><p data-affilink=off><a href=1>t</a><p><a href=2>t</a></div><a href=3>t</a>", "110"),
        ("<p data-affilink=off>a<br><img src=i><a href=1>t</a><hr><a href=2>t</a>", "10"),
    ] {
        let document = page(text);
        let found: String = document.links.iter().map(|link| if link.opt_out.is_some() { '1' } else { '0' }).collect();
        assert_eq!(found, expected, "{text}");
    }
    let options = ParseOptions { skip: "li.ad".into(), content: String::new(), ..ParseOptions::default() };
    let document = parse("<ul><li class=ad><a href=1>t</a><li><a href=2>t</a></ul>", &options, None).expect("HTML");
    assert_eq!(document.links.iter().map(|link| link.in_content).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn links_without_scripts_are_read_only() {
    let text = "<a href=0>t</a><noscript><p><a href=1>t</A></noscript><b data-x='<noscript>'></b>\
        <NOSCRIPT>\u{e9}<a HREF='2?a&amp;b'>t</a> <area href=3></NOSCRIPT><a href=4>t</a>";
    let document = page(text);
    let found: Vec<_> =
        document.links.iter().map(|link| (link.destination.value.as_str(), link.read_only.is_some())).collect();
    assert_eq!(found, [("0", false), ("1", true), ("2?a&b", true), ("3", true), ("4", false)]);
    for link in document.links.iter().filter(|link| link.read_only.is_some()) {
        assert_eq!((link.read_only, link.in_content), (Some(ReadOnly::InertPlace), false));
        assert!(link.element.of(text).starts_with('<') && link.destination.span.of(text).starts_with(['1', '2', '3']));
    }
}

#[test]
fn bare_urls_are_found_in_running_text_only() {
    for (text, expected) in [
        ("<p>see https://h.com/a, or www.h.com.</p>", &["https://h.com/a", "www.h.com"][..]),
        ("<p>https://h.com/?a=1&amp;b=2</p>", &["https://h.com/?a=1&b=2"]),
        (
            "<p>https://h.com/?a&nbsp;b &lt;https://h.com/b&gt; &quot;https://h.com/c&quot;",
            &["https://h.com/?a", "https://h.com/b", "https://h.com/c"],
        ),
        ("<p><b>https://h.com/</b> a < b https://h.com/2</p>", &["https://h.com/", "https://h.com/2"]),
        ("<a href=x>https://h.com/</a>", &[]),
        ("<button>https://h.com/</button><label>https://h.com/</label><option>https://h.com/", &[]),
        (
            "<code>https://h.com/</code><pre>https://h.com/</pre><kbd>https://h.com/</kbd><samp>https://h.com/</samp>",
            &[],
        ),
        ("<script>https://h.com/</script><style>https://h.com/</style><textarea>https://h.com/</textarea>", &[]),
        ("<title>https://h.com/</title><svg>https://h.com/</svg><math>https://h.com/</math>", &[]),
        ("<!-- https://h.com/ --><img alt=' https://h.com/ '><template> https://h.com/</template>", &[]),
        (
            "<nav>https://h.com/n</nav><main>https://h.com/m<footer>https://h.com/f</footer></main>https://h.com/o",
            &["https://h.com/m"],
        ),
        ("<p>https://h.com/<wbr>long/path https://h.com/<b>b</b>, https://h.com/<br>next", &["https://h.com/"]),
        ("<summary>https://h.com/</summary>", &["https://h.com/"]),
        ("<p>xhttps://h.com/ a@www.h.com https://localhost/", &[]),
    ] {
        let document = page(text);
        let bare: Vec<_> = document.links.iter().filter(|link| link.kind == LinkKind::Bare).collect();
        let values: Vec<_> = bare.iter().map(|link| link.destination.value.as_str()).collect();
        assert_eq!(values, expected, "{text}");
        for link in bare {
            assert!(link.in_content && link.element == link.text && link.element == link.destination.span);
            assert_eq!(link.destination.context, Context::HtmlText);
        }
    }
    let off = ParseOptions { bare_urls: false, ..ParseOptions::default() };
    assert_eq!(parse("https://h.com/", &off, None).map(|document| document.links.len()), Ok(0));
    let opted_out = page("<div data-affilink=off>https://h.com/1</div><!-- affilink-off -->https://h.com/2");
    let reasons: Vec<_> = opted_out.links.iter().map(|link| link.opt_out).collect();
    assert_eq!(reasons, [Some(OptOut::Attribute), Some(OptOut::Comment)]);
}

#[test]
fn markdown_gets_spans_of_its_own_page() {
    let view = "      <div>\n   <a href='x'>      </a>  <code>   </code> <!-- affilink-off -->  <a name=n></a>";
    let mut skeleton = Skeleton::new(None);
    let scan = scan_embedded(view, &ParseOptions::default(), &mut skeleton).expect("HTML");
    let of = |spans: &[Span]| spans.iter().map(|span| span.of(view)).collect::<Vec<_>>();
    assert_eq!(scan.links.len(), 1);
    assert_eq!(scan.links[0].destination.span.of(view), "x");
    assert_eq!(of(&scan.inert), ["<code>   </code>", "<!-- affilink-off -->"]);
    assert_eq!(of(&scan.anchors), ["<a href='x'>      </a>", "<a name=n></a>"]);
    assert_eq!(scan.directives.len(), 1);
    assert_eq!(scan.links[0].opt_out, None);
    assert_ne!(skeleton.finish(), Skeleton::new(None).finish());
    let off = "<p data-affilink=off><code>c</p> <a href=x>";
    let scan = scan_embedded(off, &ParseOptions::default(), &mut Skeleton::new(None)).expect("HTML");
    let spans: Vec<_> = scan.off.iter().map(|(span, opt_out)| (span.of(off), *opt_out)).collect();
    assert_eq!(spans, [("<p data-affilink=off><code>c</p>", OptOut::Attribute)]);
    assert_eq!(scan.inert.iter().map(|span| span.of(off)).collect::<Vec<_>>(), ["<code>c"]);
}

/// The span of `part` in `text`, where it must stand once.
fn place(text: &str, part: &str) -> Span {
    assert_eq!(text.matches(part).count(), 1, "{part} in {text}");
    let at = text.find(part).expect("counted");
    Span::new(at, at + part.len())
}

fn same_skeleton(text: &str, edits: &[(Span, &str)], fold: bool) -> bool {
    let (after, map) = edited(text, edits, fold);
    let options = ParseOptions::default();
    parse(&after, &options, Some(&map)).expect("a page").skeleton == page(text).skeleton
}

#[test]
fn edits_of_links_leave_the_skeleton() {
    let text = "<p>see <a href=\"x\" rel=r class=c>one</a> and https://h.com/ <img src=i>, <a href=y>two</a></p>";
    let at = |part: &str| place(text, part);
    let before = |part: &str| Span::at(at(part).start);
    let behind = |part: &str| Span::at(at(part).end);
    let good: &[&[(Span, &str)]] = &[
        &[],
        &[(Span::new(at("\"x\"").start + 1, at("\"x\"").end - 1), "https://h.com/?a=1&amp;b=2")],
        &[(at("\"x\""), "'a long destination'")],
        &[(at("rel=r"), "rel=\"sponsored nofollow\"")],
        &[(before(" href=\"x\""), " target=\"_blank\"")],
        &[(behind(" href=y"), " rel=\"sponsored\"")],
        &[(at("<a href=\"x\" rel=r class=c>"), "<a class='c' href=z>")],
        &[
            (before("https://h.com/"), "<a href=\"https://h.com/?me\" rel=sponsored>"),
            (behind("https://h.com/"), "</a>"),
        ],
        &[(before("see"), "<a href=z>"), (behind("see"), "</a>"), (at("href=y"), "href=\"w\"")],
    ];
    for edits in good {
        assert!(same_skeleton(text, edits, false), "{edits:?}");
    }
    assert!(same_skeleton(text, &[(before("<p>"), "<div class=notice><a href=z>n</a> & text</div>\n")], true));
}

#[test]
fn edits_that_break_a_page_are_seen() {
    let text = "<p>see <a href=\"x\" rel=r class=c>one</a> and https://h.com/ <img src=i>, <a href=y>two</a></p>";
    let at = |part: &str| place(text, part);
    let before = |part: &str| Span::at(at(part).start);
    let behind = |part: &str| Span::at(at(part).end);
    let value = Span::new(at("\"x\"").start + 1, at("\"x\"").end - 1);
    let bad: &[&[(Span, &str)]] = &[
        &[(value, "a\"b")],
        &[(value, "a\" onclick=\"b")],
        &[(value, "a\">")],
        &[(at("\"x\""), "\"x")],
        &[(at("\"x\" rel=r class=c>"), "\"x\" rel=r class=c ")],
        &[(at("class=c"), "class=d")],
        &[(at("class=c"), "")],
        &[(at("href=y"), "href=a b")],
        &[(at("href=y"), "title=y href=y")],
        &[(at("href=y"), "href=y><b")],
        &[(before("https://h.com/"), "<a href=z><b>"), (behind("https://h.com/"), "</b></a>")],
        &[(before("https://h.com/"), "<a href=z>"), (behind("https://h.com/"), "</a></p>")],
        &[(before("https://h.com/"), "<a href=z>"), (behind("https://h.com/"), "</a> (ad)")],
        &[(before("https://h.com/"), "<a href=z"), (behind("https://h.com/"), "</a>")],
        &[(before("https://h.com/"), "<a href=\"z>"), (behind("https://h.com/"), "</a>")],
        &[(before("https://h.com/"), "<a href=z class=c>"), (behind("https://h.com/"), "</a>")],
        &[(before("https://h.com/"), "<a href=z><!--"), (behind("https://h.com/"), "</a>")],
        &[(before("https://h.com/"), "<a href=z><textarea>"), (behind("https://h.com/"), "</a>")],
        &[(before("see"), "words")],
        &[(before("see"), "<!-- -->")],
        &[(before("see"), "<i>")],
        &[(at("<img src=i>"), "")],
        &[(at("and "), "")],
        &[(at("and "), "<a href=z>")],
        &[(at("one"), "")],
        &[(at("see "), "")],
        &[(at("two</a>"), "</a>")],
        &[(at(" rel=r class=c>one"), ">one")],
    ];
    for edits in bad {
        assert!(!same_skeleton(text, edits, false), "{edits:?}");
    }
}

#[test]
fn links_in_what_folds_are_left_out() {
    let text = "<p><a href=x>t</a></p>";
    let (after, map) = edited(text, &[(Span::at(0), "<p>we earn <a href=/how>how</a></p>")], true);
    let document = parse(&after, &ParseOptions::default(), Some(&map)).expect("a page");
    assert_eq!(document.links.len(), 1);
    assert_eq!(document.links[0].destination.value, "x");
}

#[test]
fn hostile_pages_are_read_or_refused() {
    let deep = format!("{}<a href=x>t{}", "<div>".repeat(5000), "</div>".repeat(5000));
    assert_eq!(values(&deep), ["x"]);
    for (text, links) in [
        ("<a ".repeat(350_000), 0),
        ("<a href=\"".repeat(110_000), 0),
        ("<a href=x>".repeat(70_000), 70_000),
        ("<code>".repeat(70_000), 0),
        ("<p>".repeat(70_000), 0),
        (format!("<!-- {}", "<a href=x>".repeat(1000)), 0),
        (format!("<plaintext>{}", "<a href=x>".repeat(1000)), 0),
        ("<b>".repeat(50_000) + &"</i>".repeat(50_000), 0),
        ("&".repeat(1 << 20), 0),
        ("{{".repeat(1 << 19), 0),
        ("www.".repeat(1 << 18), 1),
        ("https://".repeat(1 << 17), 0),
        ("<a href=x><img>".repeat(30_000), 30_000),
        (format!("<a href=x>{}", "<svg>".repeat(50_000)), 1),
        (format!("<p>{}", "https://h.com/ &amp; ".repeat(20_000)), 20_000),
    ] {
        let found = page(&text).links.len();
        assert_eq!(found, links, "{}...", &text[..20]);
        assert!(!is_redirect(&text) && !is_template(&text));
    }
    for text in ["<script e=><a/</a>", "<style e=><a/</a>", "<title e=><a/</a>"] {
        assert_eq!(values(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(values("<select><xmp><script>x</script></select><a href=x>"), Vec::<String>::new());
}

/// Everything a parser reports of `text` but the tags of links: what the skeleton of a page stands for.
fn full_stream(text: &str, links: &[Link], edits: Option<&OffsetMap>) -> u64 {
    let own: Vec<_> = links.iter().filter_map(|link| link.attributes.as_ref()).map(|found| found.span.start).collect();
    let skeleton = std::cell::RefCell::new(Skeleton::new(edits));
    let settings = Settings::new()
        .append_element_content_handler(element!("*", |found: &mut Element<'_, '_>| {
            let span = Span::from(found.source_location().bytes());
            if own.binary_search(&span.start).is_err() {
                skeleton.borrow_mut().mark(1, span);
            }
            Ok(())
        }))
        .append_document_content_handler(doc_text!(|found: &mut TextChunk<'_>| {
            skeleton.borrow_mut().text(found.source_location().bytes().into());
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(|found: &mut Comment<'_>| {
            skeleton.borrow_mut().mark(2, found.source_location().bytes().into());
            Ok(())
        }));
    tags::run(text, settings).expect("parsed before");
    skeleton.into_inner().finish()
}

/// Where start tags stand, as the parser sees it when text is asked for, too, or not.
fn start_tags(text: &str, with_text: bool) -> Vec<Span> {
    if !with_text {
        let tags = tags::read(text, &ParseOptions::default(), false).expect("parsed before");
        let open = |event: &Event| if let Event::Open(open) = event { Some(open.span) } else { None };
        return tags.events.iter().filter_map(open).collect();
    }
    let mut found = Vec::new();
    let settings = Settings::new()
        .append_element_content_handler(element!("*", |tag: &mut Element<'_, '_>| {
            found.push(Span::from(tag.source_location().bytes()));
            Ok(())
        }))
        .append_document_content_handler(doc_text!(|_: &mut TextChunk<'_>| Ok(())));
    tags::run(text, settings).expect("parsed before");
    found
}

fn soup() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "<a href=\"https://h.com/?a=1&amp;b\">",
        "<a href='x' class=c>",
        "<a href=x>",
        "<A HREF=\"y\" rel=me>",
        "</a>",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<code>",
        "</code>",
        "<!--",
        "-->",
        "<!-- affilink-off -->",
        "<script>",
        "</script>",
        "<textarea>",
        "</textarea>",
        "<svg>",
        "</svg>",
        "<title>",
        "</title>",
        "<img src=i>",
        "<area href=z>",
        "text ",
        "https://h.com/a ",
        "www.h.com",
        "&amp;",
        "&copy",
        "<",
        ">",
        "\"",
        "'",
        "=",
        "é",
        "\n",
        "{{ x }}",
        "<main>",
        "</main>",
        "<nav>",
        "</nav>",
        "<template>",
        "</template>",
        "<br/>",
        "<a href",
        "<a href=\"",
        " ",
        "<div data-affilink=off>",
        "</div>",
        "<math><mtext>",
        "<![CDATA[",
        "]]>",
        "\u{1a}",
        "<select>",
        "<plaintext>",
        "<li>",
    ]);
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

fn insertion() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "\"",
        "'",
        ">",
        "<",
        " ",
        "=",
        "a",
        "https://h.com/",
        "&amp;",
        "<a href=z>",
        "</a>",
        "<b>",
        "<!--",
        "-->",
        "rel=r",
        "</p>",
        "<script>",
        "/",
        "title=t",
        "class=d",
        "é",
    ]);
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_gives_sound_links(text in soup()) {
        let _ = (is_template(&text), is_redirect(&text));
        let _ = scan_embedded(&text, &ParseOptions::default(), &mut Skeleton::new(None));
        let Ok(document) = parse(&text, &ParseOptions::default(), None) else { return Ok(()) };
        prop_assert_eq!(&start_tags(&text, false), &start_tags(&text, true), "whatever else is asked for");
        let mut from = 0;
        for link in &document.links {
            prop_assert!(from <= link.element.start, "overlap at {}", link.element.start);
            from = link.element.end;
            let tag = link.attributes.as_ref().map(|found| found.span);
            let spans = [Some(link.text), Some(link.destination.span), tag];
            for span in spans.into_iter().flatten() {
                prop_assert!(link.element.contains(span) && text.get(span.start..span.end).is_some());
            }
            let field = &link.destination;
            prop_assert_eq!(&escape::decode(field.span.of(&text), field.context).value, &field.value);
        }
    }

    #[test]
    fn a_skeleton_that_stays_proves_that_all_else_does(
        text in soup(),
        which in any::<prop::sample::Index>(),
        place in 0..6_usize,
        new in insertion(),
    ) {
        let options = ParseOptions::default();
        let Ok(before) = parse(&text, &options, None) else { return Ok(()) };
        if before.links.is_empty() {
            return Ok(());
        }
        let link = which.get(&before.links);
        let tag = link.attributes.as_ref().map_or(link.element, |found| found.span);
        let span = match place {
            0 => link.destination.span,
            1 => tag,
            2 => Span::at(link.attributes.as_ref().map_or(link.element.start, |found| found.insert_at)),
            3 => Span::at(link.element.start),
            4 => Span::at(link.element.end),
            _ => link.text,
        };
        let (after_text, map) = edited(&text, &[(span, &new)], false);
        let Ok(after) = parse(&after_text, &options, Some(&map)) else { return Ok(()) };
        if after.skeleton == before.skeleton {
            let full = full_stream(&after_text, &after.links, Some(&map));
            prop_assert_eq!(full, full_stream(&text, &before.links, None), "{:?} -> {:?}", text, after_text);
        }
    }
}

#[test]
fn the_first_meta_tag_of_that_name_is_the_switch() {
    for (text, expected) in [
        (r#"<meta name="affilink" content="false">"#, Some(Value::Bool(false))),
        ("<META content=false NAME = affilink>", Some(Value::Bool(false))),
        (
            r#"<meta name='affilink' content='{"kind": "roundup"}'><meta name=affilink content=false>"#,
            Some(serde_json::json!({"kind": "roundup"})),
        ),
        (r#"<meta name="affilink" content="kind: roundup">"#, Some(serde_json::json!({"kind": "roundup"}))),
        (r#"<meta name="affilink" content="{">"#, Some(Value::String("{".into()))),
        (r#"<meta name="affilink">"#, None),
        (r#"<meta name="affilinks" content="false">"#, None),
        (r#"<!-- <meta name="affilink" content="false"> -->"#, None),
        (r#"<a name="affilink" content="false">"#, None),
    ] {
        assert_eq!(page(text).switch, expected, "{text}");
    }
}
