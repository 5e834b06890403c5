//! A price in the words of a link to a program whose prices change.
//!
//! ## Why
//!
//! Amazon's policies allow prices only where they come from its API and are fresh. Off by default: what a page says about prices
//! is the author's.
//!
//! ## Bad
//!
//! ```markdown
//! [a kettle for $149.99](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Good
//!
//! ```markdown
//! [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20)
//! ```
//!
//! ## Not reported
//!
//! Prices outside the link's own text, and links of other programs.

use crate::config::lint::{Level, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};
use crate::networks;

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "static-price", level: Level::Off, options: &[] },
    stage: Stage::Written,
    of_page: false,
    source: include_str!("static_price.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    for (_, link, url) in page.affiliate_links() {
        let forbids =
            url.layers.iter().filter_map(|layer| networks::find(&layer.network)).any(|network| network.checks_referrer);
        if forbids && !link.kind.is_value() && holds_price(&page.link_text(link)) {
            let message = "a price in the text of a link, which will be wrong tomorrow";
            found.push(Found::new(link.text, message).help("leave the price to the shop"));
        }
    }
}

/// A currency sign or code with a number before or behind it.
fn holds_price(text: &str) -> bool {
    let signs = ['$', '\u{20ac}', '\u{a3}', '\u{a5}', '\u{20b9}'];
    text.char_indices().filter(|(_, c)| signs.contains(c)).any(|(at, c)| {
        let (before, behind) = (&text[..at], &text[at + c.len_utf8()..]);
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        digit(before.trim_end().chars().next_back()) || digit(behind.trim_start().chars().next())
    }) || {
        let words: Vec<&str> =
            text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        words.windows(2).any(|pair| {
            CODES.contains(&pair[0]) && is_number(pair[1]) || is_number(pair[0]) && CODES.contains(&pair[1])
        })
    }
}

/// The currency codes of Amazon's largest stores (ISO 4217).
const CODES: [&str; 8] = ["USD", "EUR", "GBP", "CAD", "AUD", "INR", "JPY", "PLN"];

#[cfg(test)]
mod tests {
    use super::holds_price;

    #[test]
    fn prices_are_told_from_signs() {
        for (text, expected) in [
            ("for $149.99", true),
            ("149 \u{20ac}", true),
            ("\u{a3} 20", true),
            ("EUR 20", true),
            ("now 1,299.00 USD!", true),
            ("USD rates of 20 banks", false),
            ("$PATH", false),
            ("cheap $$$", false),
            ("kettle 2", false),
        ] {
            assert_eq!(holds_price(text), expected, "{text}");
        }
    }
}
