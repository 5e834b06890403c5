use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn options(shortcodes: &[(&str, &[&str])]) -> ParseOptions {
    let argument = |name: &&str| name.parse().map_or_else(|_| Argument::Named((*name).to_owned()), Argument::Position);
    let shortcodes: BTreeMap<_, _> = shortcodes
        .iter()
        .map(|(name, arguments)| ((*name).to_owned(), arguments.iter().map(argument).collect()))
        .collect();
    ParseOptions { shortcodes, ..ParseOptions::default() }
}

fn tag(text: &str, options: &ParseOptions) -> Shortcode {
    let page = format!("é {text} x");
    let read = read(&page, Span::new(3, 3 + text.len()), options);
    for span in read.links.iter().map(|link| link.element).chain(read.strings.iter().map(|field| field.span)) {
        assert!(page.get(span.start..span.end).is_some() && span.start >= 5 && span.end <= 3 + text.len());
    }
    read
}

/// The bytes, values and quotes of the links of `text`.
fn links(text: &str, shortcodes: &[(&str, &[&str])]) -> Vec<(String, String, Option<char>)> {
    let page = format!("é {text} x");
    let links = tag(text, &options(shortcodes)).links.into_iter();
    links
        .map(|link| {
            let Context::Argument { quote } = link.destination.context else { panic!("an argument is one") };
            (link.destination.span.of(&page).to_owned(), link.destination.value, quote)
        })
        .collect()
}

#[test]
fn configured_arguments_are_links() {
    let map: &[(&str, &[&str])] =
        &[("cta", &["url", "href"]), ("amazon", &["0"]), ("include cta.html", &["url", "0"]), ("m::cta", &["url"])];
    for (text, want, quote) in [
        (r#"{{< cta url="https://a.b/?x=1&y" text="t" >}}"#, "https://a.b/?x=1&y", Some('"')),
        (r#"{{<cta url="https://a.b/">}}"#, "https://a.b/", Some('"')),
        (r#"{{% cta text="a url=no" url = "https://a.b/" %}}"#, "https://a.b/", Some('"')),
        ("{{< cta\n  text=\"t\"\n  url=`https://a.b/\\`\n>}}", "https://a.b/\\", Some('`')),
        ("{{< cta url=https://a.b/?x=1 />}}", "https://a.b/?x=1", None),
        ("{{< amazon https://a.b/?x=1 >}}", "https://a.b/?x=1", None),
        (r#"{{< amazon "https://a.b/" "second" >}}"#, "https://a.b/", Some('"')),
        (r#"{{ cta(text="t", url="https://a.b/") }}"#, "https://a.b/", Some('"')),
        ("{{ cta(n=[1, 2], url='https://a.b/') }}", "https://a.b/", Some('\'')),
        (r#"{{- m::cta(url="https://a.b/") -}}"#, "https://a.b/", Some('"')),
        (r#"{% cta(url="https://a.b/", f(x="y")) %}"#, "https://a.b/", Some('"')),
        (r#"{% include cta.html url="https://a.b/" %}"#, "https://a.b/", Some('"')),
        (r#"{%- include cta.html text='"' url='https://a.b/' -%}"#, "https://a.b/", Some('\'')),
        (r#"{% include "cta.html" "https://a.b/" %}"#, "https://a.b/", Some('"')),
        (r#"{% cta "x", url: "https://a.b/" %}"#, "https://a.b/", Some('"')),
        ("{% amazon B00EXAMPLE %}", "B00EXAMPLE", None),
        (r#"{% amazon "https://a.b/", "second" %}"#, "https://a.b/", Some('"')),
        ("{% amazon https://a.b/, x %}", "https://a.b/", None),
        (r#"{{ amazon("https://a.b/", x) }}"#, "https://a.b/", Some('"')),
    ] {
        assert_eq!(links(text, map), [(want.to_owned(), want.to_owned(), quote)], "{text}");
    }
}

#[test]
fn what_is_not_configured_or_no_argument_is_no_link() {
    let map: &[(&str, &[&str])] = &[("cta", &["url", "1"]), ("include cta.html", &["url"])];
    for text in [
        r#"{{< other url="https://a.b/" >}}"#,
        r#"{{< cta text="url=https://a.b/" >}}"#,
        r#"{{</* cta url="https://a.b/" */>}}"#,
        r#"{{%/* cta url="https://a.b/" */%}}"#,
        r#"{{/* cta url="https://a.b/" */}}"#,
        "{{< /cta >}}",
        r#"{{ cta | f: url="https://a.b/" }}"#,
        "{{ cta(url=page.url) }}",
        r#"{{ cta(list=[url("https://a.b/")]) }}"#,
        r#"{% include other.html url="https://a.b/" %}"#,
        r#"{{#include cta url="https://a.b/"}}"#,
        r#"{{< cta url="https://a.b/ >}}"#,
        r#"{{< cta url="https://a.b/""#,
        "{{<>}}",
        "{{}}",
        "{%%}",
        "{%-%}",
        "{{-}}",
    ] {
        assert_eq!(links(text, map), [], "{text}");
    }
}

#[test]
fn escapes_are_read_and_what_is_uncertain_is_read_only() {
    let read = |text: &str| {
        let link = tag(text, &options(&[("c", &["u"])])).links.remove(0);
        (link.destination.value, link.read_only)
    };
    assert_eq!(read(r#"{{< c u="https://a.b/\"x\"" >}}"#), (r#"https://a.b/"x""#.to_owned(), None));
    assert_eq!(read(r#"{{< c u="https://a.b/\x" >}}"#).1, Some(ReadOnly::NotLocated));
    assert_eq!(read(r"{{< c u='https://a.b/\\' >}}").1, Some(ReadOnly::NotLocated));
    assert_eq!(read(r#"{{< c u=\"https://a.b/\" >}}"#).1, Some(ReadOnly::NotLocated));
    assert_eq!(read(r#"{% c u="{{ site.url }}/x" %}"#).1, Some(ReadOnly::TemplateSyntax));
    assert_eq!(read("{{< c u=`https://a.b/\nx` >}}").1, Some(ReadOnly::MultiLine));
}

#[test]
fn strings_that_hold_links_are_listed() {
    let text = r#"{{<img src="a.png" caption="See [foo](https://a.b/) and \"x\"" b='<A href="https://c.d">' c=`[r](s)` d="x] (y)" e="<https://e.f>">}}"#;
    let read = tag(text, &options(&[("img", &["c"])]));
    let strings: Vec<_> = read.strings.iter().map(|field| (field.value.as_str(), field.context)).collect();
    let argument = |quote| Context::Argument { quote: Some(quote) };
    assert_eq!(
        strings,
        [
            ("See [foo](https://a.b/) and \"x\"", argument('"')),
            ("<A href=\"https://c.d\">", argument('\'')),
            ("<https://e.f>", argument('"')),
        ]
    );
    assert_eq!(read.links.len(), 1, "a configured argument is a link and not a string as well");
    assert_eq!(tag(r#"{% if x == "[a](b)" %}"#, &options(&[])).strings, []);
    assert_eq!(tag(r#"{{ gallery(items=["[a](b)"]) }}"#, &options(&[])).strings.len(), 1);
}

#[test]
fn names_and_roles_are_told() {
    use Role::{Alone, Closes, Opens};
    for (text, name, role) in [
        ("{{< tab name=\"x\" >}}", "tab", Opens),
        ("{{< tab name=\"x\" />}}", "tab", Alone),
        ("{{< tab/ >}}", "tab", Alone),
        ("{{< a https://x.y/ >}}", "a", Opens),
        ("{{< /tab >}}", "tab", Closes),
        ("{{</tab>}}", "tab", Closes),
        ("{{% /tab %}}", "tab", Closes),
        ("{{< media/image a.png >}}", "media/image", Opens),
        ("{{< größe >}}", "größe", Opens),
        ("{{ youtube(id=\"x\") }}", "youtube", Alone),
        ("{% quote(author=\"x\") %}", "quote", Opens),
        ("{% end %}", "", Closes),
        ("{% endraw %}", "raw", Closes),
        ("{%- endrenderTemplate -%}", "renderTemplate", Closes),
        ("{% endblock body %}", "block", Closes),
        ("{% endorse url=\"x\" %}", "endorse", Opens),
        ("{% endorse(\"x\") %}", "endorse", Opens),
        ("{% /note %}", "note", Closes),
        ("{{ site.url }}", "", Alone),
        ("{# comment #}", "", Alone),
        ("text", "", Alone),
    ] {
        let read = tag(text, &options(&[]));
        assert_eq!((read.name.as_str(), read.role), (name, role), "{text}");
    }
}

#[test]
fn bodies_that_are_not_markdown_are_known() {
    assert!(RAW.is_sorted());
    for name in ["highlight", "raw", "comment", "verbatim", "code", "mermaid", "katex", "math", "gist"] {
        assert!(is_raw(name), "{name}");
    }
    for name in ["", "note", "tab", "capture", "quote"] {
        assert!(!is_raw(name), "{name}");
    }
}

#[test]
fn tabs_with_a_language_hold_code() {
    for (arguments, expected) in [
        ("tab name=\"x\" codelang=\"bash\" >}}", true),
        ("tab header=\"x\" lang=go >}}", true),
        ("tab header=\"x\" lang=\"go\" text=true >}}", false),
        ("tab name=\"lang=\" >}}", false),
        ("tab lang=\"\" >}}", false),
    ] {
        assert_eq!(says_code("tab", arguments), expected, "{arguments}");
    }
    assert!(!says_code("quote", "quote lang=\"fr\" >}}"));
}

#[test]
fn long_tags_are_read_in_time() {
    let mega = 1 << 20;
    for inside in ["\"", "'a' ", "a=", "(", "\\", "a ", "= ", ",", "a(", "`", "[", "a:\"", "é"] {
        for (open, close) in [("{{< c ", " >}}"), ("{% c ", " %}"), ("{{ c(", " }}")] {
            let text = format!("{open}{}{close}", inside.repeat(mega / inside.len()));
            let start = std::time::Instant::now();
            read(&text, Span::new(0, text.len()), &options(&[("c", &["a", "0"])]));
            assert!(start.elapsed().as_secs() < 5, "{open} {inside:?} took {:?}", start.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(inner in r#"[a-c/="'`\\ ,:(){}\[\]<>%é\n-]{0,40}"#, form in 0..4_usize) {
        let (open, close) = [("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}")][form];
        tag(&format!("{open}{inner}{close}"), &options(&[("a", &["b", "0", "1"])]));
    }

    #[test]
    fn a_quoted_value_is_found_as_given(value in r"[ -~é&&[^`]]{0,30}", extra in "[a-t]{1,5}") {
        let text = format!("{{{{< cta {extra}=\"1\" url=`{value}` >}}}}");
        let found = links(&text, &[("cta", &["url"])]);
        prop_assert_eq!(found, [(value.clone(), value, Some('`'))]);
    }
}
