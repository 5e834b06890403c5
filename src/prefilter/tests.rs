use proptest::prelude::*;

use super::*;

const NEEDLES: [&str; 3] = ["amazon.", "amzn.to", "awin1.com"];

fn hit(text: &str) -> bool {
    let prefilter = Prefilter::new(&NEEDLES);
    // wherever it stands, and across the edges of chunks and blocks
    let alone = prefilter.may_hold_work(text.as_bytes());
    for before in [1, 40, 63, CHUNK - 8, CHUNK - 1] {
        let page = format!("{}\n\n{text}\n\nplain text", " x".repeat(before / 2));
        assert_eq!(prefilter.may_hold_work(page.as_bytes()), alone, "{before} bytes before {text:?}");
    }
    alone
}

#[test]
fn needles_are_seen_in_every_spelling() {
    for text in [
        "[x](https://www.amazon.com/dp/1)",
        "https://WWW.AMAZON.de",
        "AMZN.TO/x",
        "//awin1.com",
        // character references
        "<a href=\"https://www.amaz&#111;n.com\">",
        "<a href=\"https://www.amaz&#x6F;n.com\">",
        "<a href=\"https://www.amaz&#x000000000000000000000000000000000000000000000000000006F;n.com\">",
        "<a href=\"https://www.amaz&#111n.com\">",
        "https://www.amazon&period;com",
        "<a href=https://amzn&#46to/x>",
        "&#104;ttps&colon;&sol;&sol;&#97;&#109;&#97;&#122;&#111;&#110;&#46;com",
        "https://ama&NewLine;zon.com",
        "https://ama&Tab;zon.com",
        // backslashes
        r"[x](https://www\.amazon\.com/dp)",
        r"[x](https://amzn\.to/dp)",
        r#"{"url": "https:\/\/\u0061mazon.com"}"#,
        r#"url: "https://\x61mazon.com""#,
        r#"url = "https://\U00000061mazon.com""#,
        r#"url: "https://ama\tzon.com""#,
        "url: \"https://ama\\\n  zon.com\"",
        // percent signs
        "https://www.%61mazon.com",
        "https://www.amazon%2Ecom",
        "https://www.amazon%2ecom",
        "https://r.example/?u=https%3A%2F%2Famzn%252Eto%2Fx",
        "https://r.example/?u=amzn%2525252Eto",
        "https://amaz&percnt;6fn.com",
        "https://amaz%6&#102;n.com",
        "https://amaz&#37;6&#102;n.com",
        r"https://amaz\%6fn.com",
        // ours
        "---\naffilink: false\n---",
        "<!-- Affilink-off -->",
    ] {
        assert!(hit(text), "{text:?}");
    }
}

#[test]
fn characters_fold_in_words_and_international_hosts() {
    let prefilter = Prefilter::new(&["amazon.", "bücher.example", "xn--bcher-kva.example"]);
    for text in [
        "https://amaz&shy;on.com",
        "https://amaz&#173;on.com",
        "https://ama&ZeroWidthSpace;zon.com",
        "https://&aopf;mazon.com",
        "https://&afr;&mfr;&afr;&zfr;&ofr;&nfr;.com",
        r#"url: "https://\ud835\udc4emazon.com""#,
        "https://amaz%C2%ADon.com",
        "https://%EF%BD%81mazon.com",
        "https://ama\u{ad}zon.com",
        "https://ama\u{200b}zon.com",
        "https://ama\u{fe0f}\u{fe0f}zon.com",
        "https://amazon。com",
        "https://ａｍａｚｏｎ.com",
        "https://ＡＭＡＺＯＮ。com",
        "https://𝒶𝓂𝒶𝓏ℴ𝓃.com",
        "https://ⓐⓜⓐⓩⓞⓝ.com",
        "https://amaᶻon.com",
        "https://büｃher.example",
        "https://bü\u{ad}cher。example",
    ] {
        assert!(prefilter.may_hold_work(text.as_bytes()), "{text:?}");
    }
    assert!(!prefilter.may_hold_work("中文。中文，Redis。ｆｕｌｌ ｗｉｄｔｈ".as_bytes()));
}

#[test]
fn what_has_nothing_to_do_is_left_alone() {
    for text in [
        // hosts that readers do not agree on: no link to one is edited
        "<a href=\"https://www.ama\nzon.com\">",
        "[x](<https://www.ama\tzon.com>)",
        "https://ama\u{ad}zon.com",
        "https://ａｍａｚｏｎ.com",
        "https://amazon。com",
        "",
        "plain text about amazons and the awin1 network",
        "AT&amp;T &lt;b&gt; &quot;x&quot; &#39;y&#39; &#x2F; &nbsp;&copy; 100% a\\_b c\\.d 1\\. x",
        "https://example.com/a%20b%2Fc%C3%A9?x=%E4%B8%AD",
        "ama\n\nzone",
        "a\namazo\nx",
        "中文。中文，Redis。\n下一行 ama。zon",
        "ｆｕｌｌ ｗｉｄｔｈ ①②③ ™ ❤️ 1️⃣ Persian می‌خواهم",
        "https://xn--amazn-mye.com",
        "C:\\new\\table\\ record",
        "\u{1a}\u{1a}",
    ] {
        assert!(!hit(text), "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_read_too() {
    let prefilter = Prefilter::new(&NEEDLES);
    assert!(!prefilter.may_hold_work(b"caf\xe9 \xff\xfe\xc2 \xe2\x80 \xf0"));
    assert!(prefilter.may_hold_work(b"caf\xe9 https://ama&#122;on.com \xff"));
}

#[test]
fn words_of_products_are_looked_for_by_their_surest_part() {
    let sees = |needle: &str, text: &str| Prefilter::new(&[needle]).may_hold_work(text.as_bytes());
    for (needle, text) in [
        ("Reese's", "reese’s cups"),
        ("Küchenmaschine", "eine K&uuml;chenmaschine"),
        ("AT&T", "AT&amp;T"),
        ("Ω5", "die ω5 von"),
        ("Яндекс", "ЯНДЕКС"),
        ("Яндекс", "яНдекс"),
        ("Яндекс", "&#1103;ндекс"),
        ("ソニー", "新しいソニーの"),
        ("ソニー", "&#12477;ニー"),
        ("ΣΑΣ", "σας"),
        ("tm", "Kindle™"),
        ("4K", "in ４\u{212a}"),
    ] {
        assert!(sees(needle, text), "{needle} in {text}");
        assert!(!sees(needle, "nothing of the sort; naught"), "{needle}");
    }
    assert!(sees("", "anything"), "a needle that says nothing is everywhere");
    assert!(sees("&", "anything"));
}

#[test]
fn words_are_seen_through_emphasis_and_dots() {
    let words = ["kindle", "wifi"].map(str::to_owned);
    let prefilter = Prefilter::with_words(&NEEDLES, &[] as &[&str], &words);
    for text in [
        "Kin**dle**",
        "**Kin**dle",
        "Kin*dl*e",
        "Kin<b>dle</b>",
        "<i>Kin</i><span class=x>dle</span>",
        "K\u{131}ndle",
        "KİNDLE",
        "KI\u{307}NDLE",
        "W&#304;F\u{130}",
    ] {
        assert!(prefilter.may_hold_work(text.as_bytes()), "{text}");
    }
    for text in ["**Kin** *dle*", "Kin</p><p>dle", "kin * dle", "K\u{131}n dle", "<b>Kin"] {
        assert!(!prefilter.may_hold_work(text.as_bytes()), "{text}");
    }
}

#[test]
fn names_that_are_not_ascii_are_looked_for_as_they_are_compared() {
    // lower case is all that this spelling knows
    fn fold(c: char, push: &mut dyn FnMut(char)) {
        c.to_lowercase().for_each(push);
    }
    let names = ["小米手机", "éa"].map(str::to_owned);
    let prefilter = Prefilter::new(&NEEDLES).and_folded(&names, fold);
    for text in ["买小米**手机**很", "小米<b class=\"x\">手机", "xÉA", "&Eacute;a", "&#201;A \u{feff}", "*é*a"]
    {
        assert!(prefilter.may_hold_work(text.as_bytes()), "{text}");
    }
    for text in ["小米 手机", "e a", "&Eacute; a", "&amp;a", "<é a", "\u{e9}"] {
        assert!(!prefilter.may_hold_work(text.as_bytes()), "{text}");
    }
    assert!(!prefilter.may_hold_work(b"\xe5\xb0\x8f\xff\xe7 &eac"));
}

#[test]
fn marks_are_looked_for_as_they_stand() {
    let prefilter = Prefilter::with_marks(&NEEDLES, &["*We earn a commission.*\n", "(paid link)"]);
    assert!(prefilter.may_hold_work(b"x\n*We earn a commission.*\ny"));
    assert!(prefilter.may_hold_work(b"[a](b) (paid link)"));
    assert!(!prefilter.may_hold_work(b"we earn money; paid"));
}

#[test]
fn hostile_pages_are_read_in_time() {
    let prefilter = Prefilter::new(&NEEDLES);
    for part in [
        "&#97;",
        "&#0",
        "&",
        "\\",
        "\\.",
        "%61",
        "%",
        "a\n",
        "\n",
        "\u{ad}",
        "a。",
        "ａ",
        "&a",
        "%25",
        "%EF%BD%81",
        "\\\n",
        "𝒶",
        "a*",
        "*",
        "<b",
        "<b>",
        "a<b>",
        "ı",
    ] {
        let page = part.repeat((1 << 20) / part.len());
        let start = std::time::Instant::now();
        assert!(!prefilter.may_hold_work(page.as_bytes()), "{part:?}");
        assert!(start.elapsed().as_secs() < 20, "{part:?} took {:?}", start.elapsed());
    }
}

/// One way of writing `c` that some parser undoes.
fn spelt(c: char, how: u32) -> String {
    match how % 12 {
        0 => format!("&#{};", u32::from(c)),
        1 => format!("&#X{:04x};", u32::from(c)),
        2 => format!("%{:02x}", u32::from(c)),
        3 => format!("%{:02X}", u32::from(c)),
        6 => format!("\\u{:04x}", u32::from(c)),
        8 if c.is_ascii_punctuation() => format!("\\{c}"),
        9 => c.to_ascii_uppercase().to_string(),
        _ => c.to_string(),
    }
}

proptest! {
    #[test]
    fn any_mixture_of_spellings_is_seen(
        needle in 0..NEEDLES.len(),
        how in prop::collection::vec(0..24_u32, 16),
        before in "[ -~\n]{0,200}",
        after in "[ -~\n]{0,200}",
    ) {
        let hidden: String = NEEDLES[needle].chars().zip(&how).map(|(c, &how)| spelt(c, how)).collect();
        let page = format!("{before} https://{hidden}x {after}");
        prop_assert!(Prefilter::new(&NEEDLES).may_hold_work(page.as_bytes()), "{page:?}");
    }
}
