//! What counts of a page, and where its links stand.

use super::*;
use crate::document::{ParseOptions, parse};
use crate::source::{Format, Source};

/// The places of a Markdown page; what stands in `notice` is one.
fn places(page: &str, notice: &str) -> Places {
    let options = ParseOptions { outline: true, ..ParseOptions::default() };
    let source = Source::read(page.as_bytes(), Format::Markdown).expect("UTF-8");
    let document = parse(&source, Format::Markdown, &options, None).expect("Markdown");
    let notices: Vec<_> = page.match_indices(notice).map(|(at, found)| Span::new(at, at + found.len())).collect();
    let notices = if notice.is_empty() { Vec::new() } else { notices };
    Places::of(page, &document, &notices)
}

#[test]
fn rendered_text_counts_and_nothing_else() {
    for (page, notice, words, characters) in [
        ("", "", 0, 0),
        ("one two", "", 2, 7),
        ("# One\n\ntwo *three*", "", 3, 12),
        ("un**believ**able AT&amp;T", "", 3, 17),
        ("a [b c](https://h.example 'title') <https://h.example>", "", 5, 23),
        ("a\nb  \nc", "", 3, 5),
        ("---\ntitle: a b\n---\nc", "", 1, 1),
        ("a `b c` d ![e f](g)", "", 2, 5),
        ("a\n\n    b c\n\n```\nd\n```\n\n<!-- e -->\n", "", 1, 1),
        ("a {{ b c }} d {{< e f=\"g\" >}}h{{< /e >}}", "", 3, 6),
        ("- a\n- b\n  ```\n  x\n  ```\n  c\n", "", 3, 3),
        ("| a | b |\n|--|--|\n| c | d |\n", "", 4, 4),
        ("*Ad: we earn.*\n\na b", "*Ad: we earn.*", 2, 3),
        ("a [b](u) (paid link) c", " (paid link)", 3, 5),
        ("a <a id=\"b\">c d</a> <a href=\"{{ e }}\">f</a> <me@h.example>", "", 6, 20),
        ("<button>a b</button> <kbd>c</kbd> <label>d &amp; e</label>", "", 4, 9),
        ("<p><a name=\"b\">c</a>d <var>x</var> <code><var>y</var></code> AT&amp;T</p>", "", 4, 10),
        ("# A b {#c-d}", "", 2, 4),
        ("\u{96fb}\u{5b50}\u{66f8}\u{7c4d} ab", "", 3, 7),
    ] {
        let places = places(page, notice);
        assert_eq!((places.words, places.characters), (words, characters), "{page:?}");
        let sum: usize = (0..places.blocks.len()).map(|block| places.characters_of(block)).sum();
        assert_eq!(sum, characters, "{page:?}");
    }
}

#[test]
fn links_stand_where_a_reader_comes_to_them() {
    let page = "---\nu: https://h.example\n---\nOne two [three *four*](/a) five.\n\n# Six [seven](/b)\n\n- eight\n- [nine](/c)\n\n\
                | x | [y](/d) |\n|---|---|\n| z | w |\n\n[![p](q)](/e) [n](/f){: .btn} <a class=\"my-button\" href=\"/button\">m</a> [btn](/btn)\n";
    let places = places(page, "");
    let found: Vec<_> = places
        .links
        .iter()
        .map(|place| {
            (place.words_before, place.words, place.characters, place.section, place.listed, place.button, place.order)
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, 2, 10, 0, false, false, 0),
            (6, 1, 5, 1, false, false, 1),
            (8, 1, 4, 1, true, false, 2),
            (10, 1, 1, 1, true, false, 3),
            (13, 0, 0, 1, false, true, 4),
            (13, 1, 1, 1, false, true, 5),
            (14, 1, 1, 1, false, true, 6),
            (15, 1, 3, 1, false, false, 7),
        ]
    );
    let spots: Vec<_> = places.links.iter().map(|place| (place.spot, place.row.is_some(), place.in_content)).collect();
    assert_eq!(spots[1], (Spot::Heading, false, true));
    assert_eq!(spots[3], (Spot::Text, true, true));
    assert_ne!(places.links[0].paragraph, places.links[4].paragraph);
    assert_eq!(places.links[4].paragraph, places.links[5].paragraph);
}

#[test]
fn cards_side_by_side_are_a_list_and_captions_of_shortcodes_no_text() {
    let card = |class: &str| format!("<div class=\"{class}\"><p><a href=\"/a\">x</a></p></div>\n");
    let is_listed = |page: &str| places(page, "").links.iter().all(|place| place.listed);
    for class in ["card", "col product-card", "ProductCard", "product", "wp-block-product_card"] {
        assert!(is_listed(&card(class).repeat(2)), "{class}");
        assert!(!is_listed(&card(class)), "{class}: one alone frames a text");
    }
    for class in ["cards", "discard-box", "production", "row"] {
        assert!(!is_listed(&card(class).repeat(2)), "{class}");
    }
    assert!(is_listed(&"<article class=\"product\"><a href=\"/a\">x</a></article>\n\n".repeat(2)));
    let page = "{{< img caption=\"An [x](/a) y\" >}}\n\n::: tip [x](/a)\ntext\n:::\n\n[x](/a)\n";
    let in_content: Vec<_> = places(page, "").links.iter().map(|place| place.in_content).collect();
    assert_eq!(in_content, [false, true, true]);
}

#[test]
fn a_would_be_link_is_placed_as_a_link_is() {
    let page = "One two [three](/a) four.\n\n- five six\n";
    let places = places(page, "");
    let at = page.find("five").expect("there");
    let place = places.place_of(Span::new(at, at + 8));
    assert_eq!((place.words_before, place.words, place.characters, place.listed, place.order), (4, 2, 8, true, 1));
    let at = page.find("three").expect("there");
    let place = places.place_of(Span::new(at, at + 5));
    assert_eq!((place.words_before, place.words, place.characters), (2, 1, 5));
    assert_eq!(place.paragraph, places.links[0].paragraph);
}

#[test]
fn sentences_end_where_a_reader_stops() {
    for (page, expected) in [
        ("@One two. @Three? Four.", vec![0, 1]),
        ("@Dr. @Smith has approx. @5 of them. @Then", vec![0, 0, 0, 1]),
        ("@a vs. @B, e.g. @C and J. @Doe", vec![0, 0, 0, 0]),
        ("@a 3.5 @mm. @next one. @b", vec![0, 0, 0, 0]),
        ("@One\n@two. @Three\n\n@Four", vec![0, 0, 1, 2]),
        ("- @A\n- @B\n\n@C `x. Y` @d", vec![0, 1, 2, 2]),
        ("@One. **@Two** three. @Four", vec![0, 1, 2]),
        ("@\u{4e00}\u{3002}@\u{4e8c}\u{3002}", vec![0, 1]),
        ("# @One\n\n@two. @Three", vec![0, 1, 2]),
    ] {
        let places = places(&page.replace('@', ""), "");
        let marks = page.match_indices('@').enumerate().map(|(before, (at, _))| at - before);
        let found: Vec<_> = marks.map(|at| places.sentence_at(at)).collect();
        assert_eq!(found, expected, "{page:?}");
    }
}

#[test]
fn without_an_outline_nothing_is_in_the_content() {
    let source = Source::read(b"[a](/u)", Format::Markdown).expect("UTF-8");
    let document = parse(&source, Format::Markdown, &ParseOptions::default(), None).expect("Markdown");
    let places = Places::of("[a](/u)", &document, &[]);
    assert_eq!((places.words, places.links.len()), (0, 1));
    assert!(!places.links[0].in_content);
}
