//! Names in texts: what is found in which language, case and spelling, and what is not.

use super::*;
use crate::document::outline::{Block, BlockKind, Outline, Shown, Text};
use crate::span::Span;

fn product(name: &str, case: Case) -> Product {
    Product { name: name.into(), case, ..Product::default() }
}

fn map(names: &[(&str, Case)]) -> ProductMap {
    ProductMap::new(names.iter().map(|&(name, case)| product(name, case)).collect()).expect("few names")
}

/// The mentions in `text`, as they stand there.
fn found<'t>(map: &ProductMap, text: &'t str, language: &str) -> Vec<&'t str> {
    let found = map.find(&Flow::of_text(text), Some(language));
    found.mentions.iter().map(|mention| mention.span.of(text)).collect()
}

#[test]
fn words_of_their_own() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("Foo", "en", "Foo FooBar xFoo Foo_x Foo, (Foo) \"Foo\"", &["Foo", "Foo", "Foo", "Foo"]),
        (
            "Foo",
            "en",
            "see https://foo.com/Foo me@Foo.com Foo.com src/Foo/x /Foo/ (/Foo) #Foo @Foo Foo-like e-Foo C:\\Foo",
            &[],
        ),
        ("Foo", "en", "Foo's Foo\u{2019}s Foos Foos' a Foo.", &["Foo", "Foo", "Foos", "Foos", "Foo"]),
        ("Foo", "en", "Foo / Bar -- Foo \u{2013}Foo\u{2014} ...Foo", &["Foo", "Foo", "Foo", "Foo"]),
        ("Foo", "en", "Foo\u{301}s Foo4 4Foo Foo+ Foo#", &[]),
        ("Echo 4", "en", "Echo 4 Echo 4K Echo 4.5 Echo 4,5 Echo 40 Echo 4s", &["Echo 4"]),
        ("kindle", "en", "Kindles KINDLES kindle", &["Kindles", "KINDLES", "kindle"]),
        ("Lens", "en", "Lenses Lens' Lens's", &["Lenses", "Lens", "Lens"]),
        ("Reese's", "en", "Reese\u{2019}s Reese's Reeses", &["Reese\u{2019}s", "Reese's"]),
        ("e-reader", "en", "e\u{2011}reader e\u{2010}reader e reader", &["e\u{2011}reader", "e\u{2010}reader"]),
        (
            "Foo Bar",
            "en",
            "Foo\u{a0}Bar Foo\n  Bar Foo\u{202f}Bar FooBar",
            &["Foo\u{a0}Bar", "Foo\n  Bar", "Foo\u{202f}Bar"],
        ),
        ("Kindle", "en", "Kin\u{ad}dle \u{200b}Kindle\u{200b}", &["Kin\u{ad}dle", "Kindle"]),
        ("salud", "es", "salud\u{f3} saludo\u{301} Salud", &["Salud"]),
        ("saludó", "es", "saludo\u{301} salud\u{f3}", &["saludo\u{301}", "salud\u{f3}"]),
        (
            "Weißbier",
            "de",
            "Weißbier WEISSBIER WEI\u{1e9e}BIER Weissbier",
            &["Weißbier", "WEISSBIER", "WEI\u{1e9e}BIER"],
        ),
        ("Kindle", "de", "Kindle-Hülle, Kindles Kindlehülle", &["Kindles"]),
        ("Echo", "fr", "l'Echo d\u{2019}Echo", &["Echo", "Echo"]),
        ("Echo", "en", "l'Echo", &[]),
        ("İstanbul", "tr", "İstanbul istanbul ISTANBUL İSTANBUL", &["İstanbul", "İSTANBUL"]),
        ("ılık", "tr", "ılık ILIK ilik İLİK", &["ılık", "ILIK"]),
        ("kindle", "tr", "kindle KİNDLE KINDLE Kındle", &["kindle", "KİNDLE"]),
        ("kindle", "en", "kindle KINDLE Kındle KİNDLE", &["kindle", "KINDLE"]),
        ("Kindle", "tr", "Kindle'ın Kindle'da Kindle\u{2019}ı", &["Kindle", "Kindle", "Kindle"]),
        ("οδός", "el", "ΟΔΌΣ Οδός", &["ΟΔΌΣ", "Οδός"]),
        ("任天堂", "ja", "これは任天堂のゲーム", &["任天堂"]),
        ("キンドル", "ja", "このキンドルは、キンドルペーパー。「キンドル」", &["キンドル", "キンドル"]),
        ("Foo", "ja", "ソニーのFooは日本Fooで、フFooー", &["Foo", "Foo", "Foo"]),
        (
            "갤럭시",
            "ko",
            "나는 갤럭시를 샀다. 갤럭시, 갤럭시에서는 갤럭시폰 갤럭싱 새갤럭시",
            &["갤럭시", "갤럭시", "갤럭시"],
        ),
        ("Foo", "ko", "새 Foo를 샀고 Foo입니다 Foo로서 Foo폰 Foo를x 새Foo", &["Foo", "Foo", "Foo"]),
        ("หนังสือ", "th", "อ่านหนังสือดี", &["หนังสือ"]),
        ("كيندل", "ar", "جهاز كيندل الجديد، وكيندل", &["كيندل"]),
        ("C++ (2nd ed.)", "en", "the C++ (2nd ed.) C++ (2nd ed.)s C++", &["C++ (2nd ed.)"]),
        ("C++", "en", "C++ C++11 C+++ (C++), C", &["C++", "C++"]),
        ("AT&T", "en", "AT&T at&t AT&TX", &["AT&T"]),
        ("Foo", "en", "so $x Foo y$ is; a $5 Foo, a $6 Foo", &["Foo", "Foo"]),
        ("<Tag>", "en", "a <Tag> x<Tag> <Tag>", &["<Tag>", "<Tag>"]),
        ("*star*", "en", "*star* *STAR* **star**", &["*star*", "*STAR*"]),
        ("[x]", "en", "[x] [X] y[x]", &["[x]", "[X]"]),
        ("Disney", "en", "Disney+ Disney", &["Disney"]),
    ];
    for (name, language, text, expected) in cases {
        assert_eq!(found(&map(&[(name, Case::Smart)]), text, language), *expected, "`{name}` in `{text}`");
    }
}

#[test]
fn case_is_smart_exact_or_ignored() {
    for (name, case, text, expected) in [
        ("AI", Case::Exact, "ai AI Ai", vec!["AI"]),
        ("iPhone", Case::Smart, "iPhone IPHONE iphone Iphone", vec!["iPhone", "IPHONE"]),
        ("iPhone", Case::Exact, "iPhone IPHONE iphone", vec!["iPhone"]),
        ("iPhone", Case::Ignore, "iPhone IPHONE iphone", vec!["iPhone", "IPHONE", "iphone"]),
        ("air fryer", Case::Smart, "Air Fryer air fryer AIR FRYER", vec!["Air Fryer", "air fryer", "AIR FRYER"]),
    ] {
        assert_eq!(found(&map(&[(name, case)]), text, "en"), expected, "{name} {case:?}");
    }
}

#[test]
fn the_longest_name_wins_and_none_is_lost() {
    let both = map(&[("Foo", Case::Smart), ("Foo Pro", Case::Smart)]);
    assert_eq!(found(&both, "Foo Products, Foo Pro Max, Foo", "en"), ["Foo", "Foo Pro", "Foo"]);
    let crossing = map(&[("a b", Case::Smart), ("b c d", Case::Smart)]);
    assert_eq!(found(&crossing, "a b c d; b c d", "en"), ["a b", "b c d"]);
    let cased = map(&[("echo", Case::Exact), ("Echo", Case::Exact)]);
    let products: Vec<_> = cased.find(&Flow::of_text("Echo echo"), None).mentions.iter().map(|m| m.product).collect();
    assert_eq!(products, [1, 0]);
}

#[test]
fn aliases_phrases_and_context() {
    let paperwhite = Product {
        name: "Kindle Paperwhite".into(),
        aliases: vec!["Paperwhite".into()],
        context: vec!["e-reader".into(), "kindle".into()],
        not: vec!["Paperwhite Studios".into()],
        ..Product::default()
    };
    let map = ProductMap::new(vec![paperwhite]).expect("one product");
    for (text, mentions, in_context) in [
        ("The Paperwhite.", vec![("Paperwhite", false)], false),
        ("An E-Reader: Paperwhite", vec![("Paperwhite", false)], true),
        ("Paperwhite Studios and Paperwhite", vec![("Paperwhite", true), ("Paperwhite", false)], false),
        ("Kindle Paperwhite", vec![("Kindle Paperwhite", false)], true),
    ] {
        let found = map.find(&Flow::of_text(text), Some("en"));
        let got: Vec<_> = found.mentions.iter().map(|m| (m.span.of(text), m.excluded)).collect();
        assert_eq!((got, map.has_context(0, &found)), (mentions, in_context), "{text}");
    }
    assert_eq!((map.named("Paperwhites", None), map.named("a Paperwhite", None)), (Some(0), None));
}

#[test]
fn urls_of_one_product_are_told_from_others() {
    let of = identity;
    for (one, other, same) in [
        ("https://www.amazon.com/dp/B08KTZ8249", "http://amazon.de/Kindle/dp/B08KTZ8249/ref=sr_1?th=1", true),
        ("https://www.amazon.com/gp/product/B08KTZ8249", "https://smile.amazon.com/dp/B08KTZ8249", true),
        ("https://www.amazon.com/dp/B08KTZ8249", "https://www.amazon.com/dp/B08KTZ8250", false),
        ("https://www.ebay.com/itm/123456789012", "https://www.ebay.de/itm/a-title/123456789012?hash=x", true),
        ("https://shop.example/a|b?x=1", "http://www.shop.example/a%7Cb/?x=1&utm_source=z#top", true),
        ("https://shop.example/a?x=1", "https://shop.example/a?x=2", false),
        ("https://shop.example/a", "https://other.example/a", false),
    ] {
        assert_eq!(of(one) == of(other), same, "{one} {other}");
    }
}

#[test]
fn urls_follow_the_language() {
    let url = |language: Option<&str>, url: &str| ProductUrl { language: language.map(str::to_owned), url: url.into() };
    let product = Product {
        urls: vec![url(None, "com"), url(Some("de"), "de"), url(Some("pt"), "pt"), url(Some("pt-BR"), "br")],
        ..Product::default()
    };
    for (language, first) in
        [(None, "com"), (Some("fr"), "com"), (Some("de-AT"), "de"), (Some("pt-br"), "br"), (Some("pt"), "pt")]
    {
        assert_eq!(product.urls_for(language).first(), Some(&first), "{language:?}");
    }
    assert_eq!(product.urls_for(Some("de")).len(), 4);
}

/// An outline of one paragraph with these texts: what stands in the source and what is shown.
fn outline(pieces: &[(&str, Shown)]) -> (String, Outline) {
    let mut text = String::new();
    let mut texts = Vec::new();
    for (source, shown) in pieces {
        let span = Span::new(text.len(), text.len() + source.len());
        text.push_str(source);
        texts.push(Text { span, shown: shown.clone(), block: 0, opt_out: None });
    }
    let span = Span::new(0, text.len());
    let page = Block { kind: BlockKind::Page, span, inner: span, parent: 0, is_content: false, in_content: true };
    (text, Outline { blocks: vec![page], texts, ..Outline::default() })
}

/// A name, the texts of a page, and what is found there.
type Row<'c> = (&'c str, Vec<(&'c str, Shown)>, Vec<&'c str>);

#[test]
fn names_are_found_through_entities_and_soft_breaks_and_not_across_obstacles() {
    let decoded = |shown: &str| Shown::Decoded(shown.into());
    let cases: Vec<Row<'_>> = vec![
        ("AT&T", vec![("AT", Shown::Bytes), ("&amp;", decoded("&")), ("T x", Shown::Bytes)], vec!["AT&amp;T"]),
        ("AT&T", vec![("AT", Shown::Bytes), ("\\&", decoded("&")), ("T", Shown::Bytes)], vec!["AT\\&T"]),
        (
            "Foo Bar",
            vec![("Foo", Shown::Bytes), ("&nbsp;", decoded("\u{a0}")), ("Bar", Shown::Bytes)],
            vec!["Foo&nbsp;Bar"],
        ),
        ("Foo Bar", vec![("a Foo", Shown::Bytes), ("\n> ", Shown::Space), ("Bar", Shown::Bytes)], vec!["Foo\n> Bar"]),
        ("Foo Bar", vec![("Foo", Shown::Bytes), ("  \n", Shown::Break), ("Bar", Shown::Bytes)], vec![]),
        ("Foo Bar", vec![("Foo ", Shown::Bytes), ("`x`", Shown::Verbatim), ("Bar", Shown::Bytes)], vec![]),
        (
            "Foo Bar",
            vec![("Foo ", Shown::Bytes), ("![](x)", Shown::Obstacle), ("Foo Bar", Shown::Bytes)],
            vec!["Foo Bar"],
        ),
        (
            "Caf\u{e9} X",
            vec![("Caf", Shown::Bytes), ("&eacute;", decoded("\u{e9}")), (" X", Shown::Bytes)],
            vec!["Caf&eacute; X"],
        ),
        ("\u{2242}", vec![("a ", Shown::Bytes), ("&nesim;", decoded("\u{2242}\u{338}"))], vec![]),
    ];
    for (name, pieces, expected) in cases {
        let (text, outline) = outline(&pieces);
        let found = map(&[(name, Case::Smart)]).find(&Flow::of(&text, &outline), None);
        let got: Vec<_> = found.mentions.iter().map(|mention| mention.span.of(&text)).collect();
        assert_eq!(got, expected, "{name} in {text}");
    }
}

proptest::proptest! {
    /// Whatever stands around it, a name between spaces is found, and spans are cut at characters.
    #[test]
    fn spans_are_the_texts(before in "\\PC{0,12}", after in "\\PC{0,12}") {
        // between two of them it would stand in a formula
        proptest::prop_assume!(!before.contains('$'));
        let map = map(&[("Foo İß é", Case::Ignore)]);
        let text = format!("{before} , Foo\u{a0}İß e\u{301} , {after}");
        let found = found(&map, &text, "en");
        proptest::prop_assert!(found.contains(&"Foo\u{a0}İß e\u{301}"), "{found:?} in {text:?}");
    }
}
