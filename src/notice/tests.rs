use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use super::find::{Found, Kind};
use super::*;
use crate::config::Config;
use crate::config::policy::{Disclosure, Standard};
use crate::disclosure::render::{self, Style};
use crate::disclosure::texts;
use crate::document::{Document, ParseOptions, parse};
use crate::source::{Format, Source};

const STANDARDS: [Standard; 3] = [Standard::Ftc, Standard::Asa, Standard::De];

fn disclosure() -> Disclosure {
    let config = Config::without_file("2026-06-01".parse().expect("a date"), &[]);
    config.policy("a.md", None).disclosure
}

fn read(text: &str, format: Format) -> Document {
    let options = ParseOptions {
        outline: true,
        recognize: vec![".disclosure".into(), "Disclosure".into(), "affiliate-note".into()],
        ..ParseOptions::default()
    };
    let source = Source::read(text.as_bytes(), format).expect("UTF-8");
    parse(&source, format, &options, None).expect("readable")
}

fn found(text: &str, format: Format) -> Vec<Found> {
    let document = read(text, format);
    let own = own::find(text, &document, &disclosure().written(Style::of(text, format)));
    find(text, &document, &own, &[], Standard::Ftc).found
}

fn sentences(text: &str) -> Vec<(String, Wording)> {
    let found = found(text, Format::Markdown).into_iter();
    found
        .filter(|found| found.kind == Kind::Sentence)
        .map(|found| (found.span.of(text).to_owned(), found.wording))
        .collect()
}

#[test]
fn built_in_texts_are_clear_under_every_standard() {
    for (language, text) in texts::BUILT_IN {
        for standard in STANDARDS {
            assert_eq!(judge(text, standard), Some(Wording::Clear), "{language} {standard:?}");
        }
        for (_, statement) in crate::networks::all().iter().flat_map(|network| network.statements) {
            assert_ne!(text, *statement);
        }
    }
}

#[test]
fn disclosures_are_recognised_in_many_languages() {
    use Wording::{Clear, Weak};
    let mut wrong = Vec::new();
    for (text, wording) in [
        ("We earn a commission if you buy through links on this page.", Clear),
        ("We may earn a small commission when you purchase through our links, at no extra cost to you.", Clear),
        ("If you click a link and buy something, I get a commission.", Clear),
        ("I'll receive compensation for purchases made via my links.", Clear),
        ("This site is paid a commission for purchases through links.", Clear),
        ("The author earns a commission if you buy through the links.", Clear),
        ("The site receives a commission for purchases made through links in this article.", Clear),
        ("The publisher receives compensation for purchases made through these links.", Clear),
        ("The blog uses affiliate links in this post.", Weak),
        ("*As an Amazon Associate I earn from qualifying purchases.*", Clear),
        ("This post contains affiliate links.", Weak),
        ("Disclosure: This article may contain affiliate links!", Weak),
        ("Some of the links below are affiliate links.", Weak),
        ("Contains affiliate links.", Weak),
        ("(Affiliate links below)", Weak),
        ("Purchases through these links support my blog.", Weak),
        ("Some links support my blog.", Weak),
        ("We make money when you buy something through links on this site.", Clear),
        ("I get paid if you purchase through these links.", Clear),
        ("Links on this page support our work.", Weak),
        ("We use affiliate links.", Weak),
        ("I may use affiliate links in my posts, so be aware of that.", Weak),
        ("This post may contain links to affiliate websites.", Weak),
        ("Using my referral links supports this blog when you shop there.", Weak),
        ("I updated this post: it contains affiliate links.", Weak),
        ("Had you not guessed, we get a commission if you buy through our links.", Clear),
        ("Full disclosure: these are my referral links.", Weak),
        ("Dieser Beitrag enthält Affiliate-Links.", Weak),
        ("Wenn du über diese Links einkaufst, erhalte ich ggf. eine Provision.", Clear),
        ("Die mit Sternchen (*) gekennzeichneten Links sind Affiliate-Links.", Weak),
        ("Für Käufe über Links auf dieser Seite bekommen wir eine Vergütung.", Clear),
        ("Este artículo contiene enlaces de afiliado.", Weak),
        ("Si compras a través de nuestros enlaces, recibimos una comisión.", Clear),
        ("Cet article contient des liens affiliés.", Weak),
        ("Nous percevons une commission si vous achetez via nos liens.", Clear),
        ("Questo articolo contiene link di affiliazione.", Weak),
        ("Se acquisti tramite i nostri link, riceviamo una commissione.", Clear),
        ("Este artigo contém links de afiliados.", Weak),
        ("Podemos receber uma comissão pelas compras feitas através dos nossos links.", Clear),
        ("Dit artikel bevat affiliate links.", Weak),
        ("Als je via onze links iets koopt, ontvangen wij een commissie.", Clear),
        ("Ten artykuł zawiera linki afiliacyjne.", Weak),
        ("Jeśli kupisz przez nasze linki, otrzymamy prowizję.", Clear),
        ("Эта статья содержит партнёрские ссылки.", Weak),
        ("Мы получаем комиссию, если вы покупаете по нашим ссылкам.", Clear),
        ("この記事にはアフィリエイトリンクが含まれます。", Weak),
        ("当サイトはリンク経由の購入により報酬を得ています。", Clear),
        ("Bu yazı satış ortaklığı bağlantıları içerir.", Weak),
        ("Bağlantılarımızdan satın alırsanız komisyon kazanıyoruz.", Clear),
        ("本文包含联盟链接。", Weak),
        ("通过本页链接购买，我们会获得佣金。", Clear),
        ("Inlägget innehåller affiliatelänkar.", Weak),
    ] {
        let found = sentences(text);
        if found.iter().map(|(_, wording)| *wording).ne([wording]) {
            wrong.push((text, found));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn what_only_sounds_like_a_disclosure_is_none() {
    for text in [
        "Affiliate marketing is a way to earn money online.",
        "An affiliate link is a URL that holds an id.",
        "How to earn a commission with affiliate links on your blog.",
        "You earn a commission when your readers buy through your affiliate links.",
        "We commissioned a study of kettles; click the link to read it.",
        "The European Commission received our letter about links.",
        "The kettle is out of commission, so we cannot link to it.",
        "Die Kommission der Europäischen Union hat uns den Link gegeben.",
        "Our affiliate in Paris sells tea.",
        "If merchants pay the author a percentage commission to link to them, the author recommends what is expensive.",
        "Authors can tell a lot while using affiliate links, and some of the best bloggers fund their work that way.",
        "I received a commission on every order.",
        "July was good for the blog because many readers bought kettles through the affiliate links in my tutorial.",
        "Nini said that Kiss My Kettle withholds commissions on sales of mugs.",
        "If a user clicks my referral link and purchases a kettle, do I receive a commission?",
        "I was also thinking maybe the judge would order that you share the road, and you would still have to be paid, of \
         course, and blue would have to pay the road and its upkeep as well.",
        "The Commission's decision is linked below.",
        "We make money disappear. Click here.",
        "I receive many letters about coffee.",
        "Was ist Affiliate-Marketing?",
        "I dropped all affiliate partnerships from this blog at the end of the year.",
        "I spent an hour updating affiliate links, so that I earn more in the coming months.",
        "Many of my affiliate links had gone out of date and were pointing nowhere.",
        "Revenue is falling, likely because I haven't looked at my affiliate links in a few months.",
        "It makes revenue from display ads and receives a commission for every purchase through the site.",
        "I could build my own product rather than live on revenue from ad networks and affiliate partners.",
        "I'm deliberately not using any links that generate affiliate fees.",
        "This post contains no affiliate links.",
        "These links support our claim.",
        "The links below are not referral or affiliate links, so I earn nothing if you sign up.",
        "I haven't explored a subscription because Shopify only has native support for one-time purchases.",
        "We noticed that Amazon changed the way they do affiliate links, which broke 90% of the affiliate links on my site.",
        "The options support my use-case, but they assume that I have clerks and purchase orders.",
        "I'd only be losing a few dollars of ad revenue per order.",
        "If the buyer failed to pay, I'd have paid a broker commission on money I never received.",
        "I'm going to visit his website and purchase a lot of food through his affiliate links.",
        "If the food is keto-friendly, the site displays a purchase link and receives commission from any sales.",
        "This means the author receives a commission when their readers purchase products through links in the article.",
        "Wir erhalten keine Provision, wenn du über diese Links einkaufst.",
        "No recibimos ninguna comisión si compras a través de estos enlaces.",
        "Nous ne percevons aucune commission si vous achetez via ces liens.",
        "Non riceviamo alcuna commissione se acquisti tramite questi link.",
        "Não recebemos comissão se você comprar por estes links.",
        "We krijgen geen commissie als je via deze links koopt.",
        "Nie otrzymujemy prowizji, jeśli kupisz przez te linki.",
        "Мы не получаем комиссию, если вы покупаете по этим ссылкам.",
        "Vi får ingen provision om du köper via dessa länkar.",
        "このページのリンクから購入されても、私たちは報酬を受け取りません。",
        "如果您通过这些链接购买，我们不会获得佣金。",
        "Bu bağlantılar üzerinden satın alırsanız komisyon almıyoruz.",
        "Unlike others, we aren't paid a commission for links on this page.",
        "Does the store earn a commission if you buy through links on this page?",
        "Dieser Beitrag enthält keine Affiliate-Links.",
        "No affiliate links here.",
        "I paid $360 for 208 clicks, and none of those visitors clicked \"Add to Cart.\"",
        "The next day, I received 33 orders and earned $5k in revenue.",
        "I made $160 in Amazon affiliate earnings from that sale alone, the highest month of revenue.",
        "When the customer pays, the shop marks the order as \"paid,\" and we ship it out.",
        "`We earn a commission if you buy through links on this page.`",
        "    We earn a commission if you buy through links on this page.",
        "<!-- We earn a commission if you buy through links on this page. -->",
        "[Affiliate disclosure](/disclosure)",
        "[Affiliate links](/disclosure)",
        "[How we earn a commission if you buy through our links](/disclosure)",
        "[Wie wir Provisionen durch Käufe über Links verdienen](/werbung)",
        "| Shop | Affiliate partners |\n|---|---|\n| A | yes |",
        "![We earn a commission if you buy through links](a.png)",
        "",
    ] {
        assert_eq!(sentences(text), [], "{text}");
    }
}

#[test]
fn a_link_that_says_it_counts() {
    let text = "[We earn a commission if you buy through links on this page.](/disclosure)";
    assert_eq!(sentences(text).len(), 1);
}

#[test]
fn what_readers_do_not_pay_takes_nothing_back() {
    for text in [
        "At no extra cost to you, we earn a commission if you buy through links on this page.",
        "You don't pay more, but I earn a commission if you buy through these links.",
        "Für Sie entstehen keine Mehrkosten, wir erhalten eine Provision, wenn Sie über diese Links kaufen.",
        "Vous ne payez pas plus, je touche une commission si vous achetez via ces liens.",
        "No pagas más y yo recibo una comisión si compras a través de estos enlaces.",
        "Nie ponosisz kosztów, a my otrzymujemy prowizję, jeśli kupisz przez te linki.",
    ] {
        assert_eq!(judge(text, Standard::Ftc), Some(Wording::Clear), "{text}");
    }
    assert_eq!(judge("Not all links are affiliate links, but some are.", Standard::Ftc), Some(Wording::Weak));
}

#[test]
fn standards_differ_about_hedges_and_labels() {
    use Wording::{Clear, Weak};
    for (text, ftc, asa, de) in [
        ("We may earn a commission if you buy through our links.", Clear, Weak, Clear),
        ("We earn a commission if you buy through our links.", Clear, Clear, Clear),
        ("paid link", Clear, Clear, Weak),
        ("#ad", Clear, Clear, Weak),
        ("Anzeige", Weak, Weak, Clear),
        ("#aff", Weak, Weak, Weak),
        ("affiliate link", Weak, Weak, Weak),
        ("This post contains affiliate links.", Weak, Weak, Weak),
    ] {
        let judged = STANDARDS.map(|standard| judge(text, standard));
        assert_eq!(judged, [Some(ftc), Some(asa), Some(de)], "{text}");
    }
    assert_eq!(judge("A page about tea.", Standard::Ftc), None);
}

#[test]
fn labels_speak_of_the_links_beside_them() {
    let text = "[a](https://h.example/1) (paid link), [b](https://h.example/2), then [c](https://h.example/3) #ad\n\n\
                (Ad) [d](https://h.example/4) and [e (affiliate link)](https://h.example/5)\n";
    let document = read(text, Format::Markdown);
    let found = find(text, &document, &[], &[], Standard::Ftc);
    let labelled: Vec<_> = (0..5).map(|link| found.is_labelled(&document, link)).collect();
    assert_eq!(labelled, [true, false, true, true, true], "{found:?}");
}

#[test]
fn own_texts_are_found_where_they_are_whole_blocks() {
    let notice = "*We earn a commission if you buy through links on this page.*";
    for (text, expected) in [
        (format!("{notice}\n\ntext\n"), 1),
        (format!("# T\n\n{notice}\n"), 1),
        (format!("text\n\n{notice}"), 1),
        (format!("text\r\n\r\n{notice}\r\n\r\nmore\r\n"), 1),
        (format!("text\n{notice}\n"), 0),
        (format!("{notice}\ntext\n"), 0),
        (format!("> {notice}\n"), 0),
        (format!("- {notice}\n"), 0),
        (format!("```\n{notice}\n```\n"), 0),
        (format!("    {notice}\n"), 0),
        (format!("---\na: >\n  {notice}\n---\n\ntext\n"), 0),
        (format!("{notice}\n\n{notice}\n\ntext\n"), 2),
    ] {
        let document = read(&text, Format::Markdown);
        let style = Style::of(&text, Format::Markdown);
        assert_eq!(own::find(&text, &document, &disclosure().written(style)).len(), expected, "{text}");
    }
}

#[test]
fn an_own_notice_in_unknown_words_is_a_weak_one() {
    let texts = vec![("en".to_owned(), "This page pays our tea.".to_owned())];
    let disclosure = Disclosure { texts, ..disclosure() };
    let text = "# T\n\n*This page pays our tea.*\n\ntext\n";
    let document = read(text, Format::Markdown);
    let own = own::find(text, &document, &disclosure.written(Style::of(text, Format::Markdown)));
    let found = find(text, &document, &own, &[], Standard::Ftc).found;
    let found: Vec<_> = found.iter().map(|found| (found.span, found.wording, found.own)).collect();
    assert_eq!(found, [(own[0].span, Wording::Weak, true)]);
}

#[test]
fn what_is_recognised_counts() {
    for (text, format) in [
        ("{{< affiliate-note >}}\n\ntext\n", Format::Markdown),
        ("<Disclosure/>\n\ntext\n", Format::Mdx),
        ("<Disclosure>\n  text\n</Disclosure>\n", Format::Mdx),
    ] {
        let found = found(text, format);
        assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [Kind::Component], "{text}");
    }
}

/// What a Markdown reader shows of `page`.
fn shown(page: &str) -> String {
    let mut shown = String::new();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Text(text) => shown.push_str(&text),
            Event::SoftBreak | Event::HardBreak => shown.push(' '),
            Event::End(pulldown_cmark::TagEnd::Paragraph) => shown.push('\n'),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::Html(_) | Event::InlineHtml(_) => {
                shown.push_str("<markup>");
            }
            _ => {}
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_shown_as_it_is(text in "[a-z0-9 .:,;!?(){}\\[\\]<>*_`~|$^@#&\\\\/\"'%=+-]{1,30}") {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assume!(text.chars().any(char::is_alphanumeric));
        for markdown in ["*{text}*", "{text}", "> {text}"] {
            let wrapped = Disclosure { markdown: markdown.into(), ..disclosure() };
            let style = Style { format: Format::Markdown, line_end: "\n", ascii: false };
            let notice = render::notice(&text, &wrapped, style);
            let page = format!("before\n\n{notice}\n\nbehind\n");
            prop_assert_eq!(shown(&page), format!("before\n{text}\nbehind\n"), "{}", page);
            let document = read(&page, Format::Markdown);
            prop_assert!(document.links.is_empty(), "{}", page);
            let template = notice.contains("{{") || notice.contains("{%");
            prop_assert!(!template);
        }
        let style = Style { format: Format::Html, line_end: "\n", ascii: false };
        let notice = render::notice(&text, &disclosure(), style);
        let inner = notice.strip_prefix("<p class=\"disclosure\">").and_then(|rest| rest.strip_suffix("</p>"));
        let inner = inner.expect("in its element");
        let markup = inner.contains(['<', '>', '"', '{', '}']);
        prop_assert!(!markup);
        prop_assert_eq!(crate::document::escape::decode(inner, crate::document::Context::HtmlText).value, text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ a-zäß。\\[\\](){}<>/:!*#\n-]{0,60}") {
        for format in [Format::Markdown, Format::Mdx, Format::Html] {
            let document = read(&text, format);
            let _ = find(&text, &document, &[], &[], Standard::Ftc);
            for cause in [Cause::Link(text.len() / 2), Cause::Value(0), Cause::Elsewhere] {
                for place in [crate::config::policy::NoticePlace::Auto, crate::config::policy::NoticePlace::Bottom] {
                    if let Some(slot) = slot(&text, &document, place, cause) {
                        prop_assert!(text.is_char_boundary(slot.at));
                    }
                }
            }
        }
    }
}

/// `fixtures/wordings.tsv`: languages, what their sentences say, and these.
fn wordings() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("../../fixtures/wordings.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut cells = line.splitn(3, '\t');
        let mut cell = || cells.next().expect("three cells");
        (cell(), cell(), cell())
    })
}

#[test]
fn ordinary_sentences_of_each_language_are_told_from_what_sounds_alike() {
    let mut wrong = Vec::new();
    for (language, expected, text) in wordings() {
        let all = found(text, Format::Markdown);
        let said = match all.iter().map(|found| found.wording).max() {
            None => "none",
            Some(Wording::Weak) => "weak",
            Some(Wording::Clear) => "clear",
        };
        if said != expected {
            wrong.push(format!("{language} {expected} {said}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
