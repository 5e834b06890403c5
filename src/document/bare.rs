//! URLs in running text, as GitHub's extended autolinks read them: where one may begin, where it ends. Decides nothing
//! about the place around it. Source: GFM specification, section 6.9.

use memchr::memmem;

use crate::span::Span;

/// Every place in `zone` where `http://`, `https://` or `www.` begins, in order, whatever stands before it.
pub fn candidates(text: &str, zone: Span) -> Vec<usize> {
    let bytes = zone.of(text).as_bytes();
    let schemes = memmem::find_iter(bytes, b"://").filter_map(|at| {
        let before = &bytes[at.saturating_sub(5)..at];
        let length = if before.eq_ignore_ascii_case(b"https") {
            5
        } else if before.get(before.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(b"http")) {
            4
        } else {
            return None;
        };
        Some(zone.start + at - length)
    });
    let mut starts: Vec<_> = schemes.chain(memmem::find_iter(bytes, b"www.").map(|at| zone.start + at)).collect();
    starts.sort_unstable();
    starts
}

/// Whether a bare URL may begin at `start`: at the start of the text, or behind white space or one of `*_~(`.
pub fn may_start(text: &str, start: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    before.is_none_or(|before| before.is_whitespace() || matches!(before, '*' | '_' | '~' | '('))
}

/// Whether a label and a colon stand before `start`: the URL belongs to a definition of some dialect's, such as `[label]:` in
/// the middle of a paragraph or `*[abbreviation]:`.
pub fn is_labelled(text: &str, start: usize) -> bool {
    let before = text.as_bytes().get(..start).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'<')).count();
    before[..before.len() - blanks].ends_with(b"]:")
}

/// Where the run of characters that begins at `start` ends: at white space, a control character, `<` or `limit`.
pub fn run_end(text: &str, start: usize, limit: usize) -> usize {
    let run = text.get(start..limit).unwrap_or_default();
    let stop = run.find(|found: char| found == '<' || found.is_whitespace() || found.is_control());
    stop.map_or(limit, |length| start + length)
}

/// The URL in the run `start..end` with trailing punctuation cut off; `None` where no valid host is left.
pub fn trimmed(text: &str, start: usize, end: usize) -> Option<Span> {
    let run = text.get(start..end)?;
    let span = Span::new(start, start + trimmed_length(run));
    has_host(span.of(text)).then_some(span)
}

/// Every bare URL in `zone`, which is text and nothing else; one may begin where the zone does.
pub fn find(text: &str, zone: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut done = zone.start;
    for start in candidates(text, zone) {
        if start < done || !(start == zone.start || may_start(text, start)) {
            continue;
        }
        let end = run_end(text, start, zone.end);
        found.extend(trimmed(text, start, end));
        done = end;
    }
    found
}

fn trimmed_length(run: &str) -> usize {
    let bytes = run.as_bytes();
    let count = |wanted: u8| memchr::memchr_iter(wanted, bytes).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let mut end = bytes.len();
    while let Some(last) = end.checked_sub(1).map(|at| bytes[at]) {
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if closed > opened => {
                closed -= 1;
                end -= 1;
            }
            b';' => end = reference_start(bytes, end - 1),
            _ => break,
        }
    }
    end
}

/// Where the `&name` before the `;` at `at` begins; `at` itself where there is none.
fn reference_start(bytes: &[u8], at: usize) -> usize {
    let name = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    match at.checked_sub(name + 1) {
        Some(start) if name > 0 && bytes[start] == b'&' => start,
        _ => at,
    }
}

/// Whether a host of at least two labels follows the scheme, without an underscore in the last two.
fn has_host(url: &str) -> bool {
    let rest = url.find("://").filter(|&at| at <= 5).map_or(url, |at| &url[at + 3..]);
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') || !letter.is_ascii();
    let host = &rest[..rest.find(|letter| !part(letter)).unwrap_or(rest.len())];
    let mut labels = host.trim_end_matches('.').rsplit('.');
    let (Some(last), Some(other)) = (labels.next(), labels.next()) else { return false };
    [last, other].iter().all(|label| !label.is_empty() && !label.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_end_where_github_ends_them() {
        for (text, urls) in [
            ("(See https://shop.example/a.)", vec!["https://shop.example/a"]),
            ("https://shop.example/a_(b) www.shop.example!", vec!["https://shop.example/a_(b)", "www.shop.example"]),
            ("**https://shop.example** _www.shop.example_", vec!["https://shop.example", "www.shop.example"]),
            ("https://shop.example/?a=1&amp; x", vec!["https://shop.example/?a=1"]),
            ("https://shop.example/?a=1&amp;b=2;", vec!["https://shop.example/?a=1&amp;b=2"]),
            ("HTTPS://Shop.Example/<b>", vec!["HTTPS://Shop.Example/"]),
            ("xhttps://shop.example \"https://shop.example\"", vec![]),
            ("https://localhost/ https:// www. http://a_b.c_d", vec![]),
            (
                "https://shop.example/日本。 https://shop.example\u{a0}x",
                vec!["https://shop.example/日本。", "https://shop.example"],
            ),
            ("https://a.example/https://b.example", vec!["https://a.example/https://b.example"]),
        ] {
            let found: Vec<_> = find(text, Span::new(0, text.len())).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, urls, "{text}");
        }
    }
}
