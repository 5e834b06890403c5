//! Inline formulas in running text. Decides which dollar signs stand around one and which are prices.

use memchr::{memchr, memchr_iter};

use super::flow::BARRIER;
use crate::span::Span;

/// The stretches of `text`, a flow, that stand between the dollar signs of a formula, in order.
///
/// Source: Pandoc's manual, "Math" (`tex_math_dollars`): no blank behind the first sign, none before the last one and no
/// digit behind it.
pub(super) fn formulas(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if memchr(b'$', bytes).is_none() {
        return found;
    }
    let mut from = 0;
    for block in text.split(BARRIER) {
        let mut open = None;
        for at in memchr_iter(b'$', block.as_bytes()) {
            let at = from + at;
            let (before, after) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + 1));
            let closes = before.is_some_and(|byte| *byte != b' ') && !after.is_some_and(u8::is_ascii_digit);
            match open {
                Some(start) if closes && at > start + 1 => {
                    found.push(Span::new(start, at + 1));
                    open = None;
                }
                None if after.is_some_and(|byte| !byte.is_ascii_whitespace()) => open = Some(at),
                _ => {}
            }
        }
        from += block.len() + BARRIER.len_utf8();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_prices() {
        let cases: [(&str, &[&str]); 9] = [
            ("we have $x Foo y$ here", &["$x Foo y$"]),
            (r"$E = \text{Foo}$", &[r"$E = \text{Foo}$"]),
            ("$a$ Foo $b$", &["$a$", "$b$"]),
            ("it costs $5 for a Foo and $7", &[]),
            ("a $100 Foo or a $200 one", &[]),
            ("$5-$10 Foo, $20", &[]),
            ("US$ 5 Foo, US$ 7", &[]),
            ("a $x Foo\ny$ b", &[]),
            ("$$ $", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = formulas(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
