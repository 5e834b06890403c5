//! The comments that switch edits off and on again: `affilink-off`, `affilink-on`. Decides which comments say so and what
//! lies between them; the front ends find the comments.

use crate::span::Span;

/// What a comment says of the edits behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Directive {
    /// No edits from here on.
    Off,
    /// Edits again.
    On,
}

/// Reads the body of a comment: what stands between `<!--` and `-->`, or `{/*` and `*/}`; `None` for any other comment.
///
/// What stands behind the word and a space or a colon is a remark.
pub fn read(comment_body: &str) -> Option<Directive> {
    let body = comment_body.trim_ascii();
    match body.split(|c: char| c.is_ascii_whitespace() || c == ':').next()? {
        "affilink-off" => Some(Directive::Off),
        "affilink-on" => Some(Directive::On),
        _ => None,
    }
}

/// The stretches of a page in which edits are off, sorted and disjoint.
///
/// `directives` are the comments in the order of the page; an `off` that nothing ends holds to `end`, the end of the page.
/// A second `off` changes nothing, nor does an `on` without an `off`.
pub fn off_regions(directives: &[(Span, Directive)], end: usize) -> Vec<Span> {
    let mut regions = Vec::new();
    let mut open = None;
    for &(span, directive) in directives {
        match directive {
            Directive::Off => open = open.or(Some(span.start)),
            Directive::On => regions.extend(open.take().map(|start: usize| Span::new(start, span.end))),
        }
    }
    regions.extend(open.map(|start| Span::new(start, end.max(start))));
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_words_count() {
        for (body, expected) in [
            (" affilink-off ", Some(Directive::Off)),
            ("affilink-on", Some(Directive::On)),
            ("\n affilink-off because the sponsor asked\n", Some(Directive::Off)),
            (" affilink-off: the sponsor asked ", Some(Directive::Off)),
            ("affilink-on:x", Some(Directive::On)),
            (" affilink-offer ", None),
            ("affilink-off-topic: x", None),
            (":affilink-off", None),
            (" not affilink-off ", None),
            ("affilink-ignore-next-line missing-rel", None),
            ("", None),
        ] {
            assert_eq!(read(body), expected, "{body:?}");
        }
    }

    type Said = [(usize, Directive)];

    #[test]
    fn regions_reach_from_off_to_on_or_to_the_end() {
        use Directive::{Off, On};
        let at = |start| Span::new(start, start + 2);
        let cases: &[(&Said, &[(usize, usize)])] = &[
            (&[], &[]),
            (&[(10, Off)], &[(10, 99)]),
            (&[(10, Off), (20, On)], &[(10, 22)]),
            (&[(10, Off), (20, Off), (30, On), (40, On), (50, Off)], &[(10, 32), (50, 99)]),
            (&[(10, On), (20, Off), (20, On)], &[(20, 22)]),
        ];
        for (directives, expected) in cases {
            let directives: Vec<_> = directives.iter().map(|&(start, said)| (at(start), said)).collect();
            let expected: Vec<_> = expected.iter().map(|&(start, end)| Span::new(start, end)).collect();
            assert_eq!(off_regions(&directives, 99), expected);
        }
    }
}
