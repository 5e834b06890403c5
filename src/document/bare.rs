//! URLs in running text, as their authors mean them: where one may begin, where it ends. GitHub's extended autolinks are the
//! pattern, which take punctuation beyond ASCII for part of a URL; here it is not. Decides nothing about the place around it.
//! Source: GFM specification, section 6.9.

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

/// Whether a bare URL begins somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// It does not: a word or another URL goes on there.
    No,
    /// It may be the value of something.
    Unsure,
    /// It does.
    Yes,
}

/// Whether a bare URL begins at `start`, which [`candidates`] gives, by what stands before it.
///
/// GFM wants the start of the text, white space or one of `*_~(`. So much holds everywhere, and quotes and scripts without spaces
/// are as good as space. Behind ASCII punctuation cmark-gfm and linkify-it link a URL with its scheme, too; in a
/// `source` that a generator reads on, it may be the value of something that is not known here.
pub fn begins(text: &str, start: usize, source: bool) -> Begins {
    let before = text.get(..start).unwrap_or_default();
    let Some(last) = before.chars().next_back() else { return Begins::Yes };
    let has_scheme = !text.as_bytes().get(start..).is_some_and(|rest| rest.starts_with(b"www."));
    match last {
        '*' | '_' | '~' | '(' => Begins::Yes,
        '=' if has_scheme => Begins::Unsure,
        '"' | '\'' | '[' | ':' | ',' | ';' | '>' if has_scheme => {
            let is_value = before.ends_with("=\"") || before.ends_with("='");
            if source || is_value { Begins::Unsure } else { Begins::Yes }
        }
        _ if last.is_whitespace() || is_mark(last) || is_unspaced(last) => Begins::Yes,
        _ => Begins::No,
    }
}

/// Whether a label and a colon stand before `start`: the URL belongs to a definition of some dialect's, such as `[label]:` in
/// the middle of a paragraph or `*[abbreviation]:`. A footnote's text is text.
pub fn is_labelled(text: &str, start: usize) -> bool {
    let before = text.as_bytes().get(..start).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'<')).count();
    let Some(label) = before[..before.len() - blanks].strip_suffix(b"]:") else { return false };
    let near = &label[label.len().saturating_sub(LONGEST_LABEL)..];
    let opens = near.iter().rposition(|byte| matches!(byte, b'[' | b'\n'));
    !opens.is_some_and(|at| near[at..].starts_with(b"[^"))
}

/// The longest label of a footnote that is looked for, in bytes.
const LONGEST_LABEL: usize = 256;

/// Where a run of characters ends that may all belong to a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// One past its last byte.
    pub end: usize,
    /// Where another URL may begin: behind what may be more of this one.
    pub word: usize,
    /// Whether the URL surely goes on no further.
    pub sure: bool,
}

/// The run that begins at `start`: up to white space, a control character, one of `<>"` or `limit`; up to punctuation beyond
/// ASCII, which a browser's address bar never copies; up to a letter of a script without spaces right behind ASCII
/// that does not part a URL. Where what follows looks like more of a path, the run is not sure.
pub fn run(text: &str, start: usize, limit: usize) -> Run {
    let run = text.get(start..limit).unwrap_or_default();
    let mut before = '/';
    let stop = run.char_indices().find(|&(_, found)| {
        let parts = ends_word(found)
            || matches!(found, '>' | '"')
            || is_mark(found)
            || (is_unspaced(found) && before.is_ascii() && !"/=-_?&%+~#".contains(before));
        before = found;
        parts
    });
    let Some((length, _)) = stop else { return Run { end: limit, word: limit, sure: true } };
    let end = start + length;
    let rest = run.get(length..).unwrap_or_default();
    for (at, found) in rest.char_indices() {
        let behind = rest.get(at..).unwrap_or_default();
        // a link of Markdown may be a tag after a build
        let parts = ends_word(found) || matches!(found, '[' | ']' | '`');
        if parts || behind.starts_with("://") || behind.starts_with("www.") {
            break;
        }
        if matches!(found, '/' | '=') {
            let word = end + behind.find(ends_word).map_or(rest.len(), |length| at + length);
            return Run { end, word, sure: false };
        }
    }
    Run { end, word: end, sure: true }
}

/// Where the run of characters that begins at `start` ends; see [`run`].
pub fn run_end(text: &str, start: usize, limit: usize) -> usize {
    run(text, start, limit).end
}

fn ends_word(found: char) -> bool {
    found == '<' || found.is_whitespace() || found.is_control()
}

/// Whether `found` is beyond ASCII and neither letter nor digit nor a mark on one: quotes, dashes, full stops of other scripts.
pub fn is_mark(found: char) -> bool {
    let on_letter = matches!(found,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{963}' | '\u{966}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{3099}' | '\u{309a}');
    !found.is_ascii() && !found.is_alphanumeric() && !on_letter
}

/// Whether `found` is a letter of a script that puts no space between words, or before what it ends a word with.
fn is_unspaced(found: char) -> bool {
    matches!(found,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
        && found.is_alphanumeric()
}

/// The URL in the run `start..end` with trailing punctuation cut off; `None` where no valid host is left.
pub fn trimmed(text: &str, start: usize, end: usize) -> Option<Span> {
    let run = text.get(start..end)?;
    let span = Span::new(start, start + trimmed_length(run));
    has_host(span.of(text)).then_some(span)
}

/// A bare URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url {
    /// Its bytes.
    pub span: Span,
    /// Whether it surely begins and ends there.
    pub sure: bool,
}

/// Every bare URL in `zone`, which is text and nothing else; one may begin where the zone does. For `source` see [`begins`].
pub fn find(text: &str, zone: Span, source: bool) -> Vec<Url> {
    let mut found: Vec<Url> = Vec::new();
    let mut done = zone.start;
    for start in candidates(text, zone) {
        let begins = if start == zone.start { Begins::Yes } else { begins(text, start, source) };
        if start < done || begins == Begins::No {
            continue;
        }
        let run = run(text, start, zone.end);
        let url = trimmed(text, start, run.end);
        found.extend(url.map(|span| Url { span, sure: run.sure && begins == Begins::Yes }));
        done = run.word;
    }
    found
}

/// What a generator's Markdown makes links of in the text of a raw `<a>`, which then holds a second link: browsers close the
/// first before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relinked {
    /// Nothing: it sees that it is in a link, or makes no links of text.
    Nothing,
    /// What GFM makes links of: URLs and mail addresses.
    Urls,
    /// The same in Markdown, of which elements hold none unless they say so (Python-Markdown, "Markdown in HTML").
    UrlsOfMarkdown,
    /// Those, and names of hosts without a scheme, as linkify-it does.
    Hosts,
}

impl Relinked {
    /// Whether something in `zone` may become a link.
    pub fn takes(self, text: &str, zone: Span) -> bool {
        let words = || zone.of(text).split(ends_word);
        match self {
            Self::Nothing => false,
            Self::Urls | Self::UrlsOfMarkdown => {
                !find(text, zone, false).is_empty() || words().any(|word| is_www(word) || is_mail(word))
            }
            Self::Hosts => Self::Urls.takes(text, zone) || words().any(is_host),
        }
    }
}

fn is_www(word: &str) -> bool {
    word.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"www."))
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(before, behind)| {
        before.ends_with(|c: char| c.is_alphanumeric() || "._+-".contains(c))
            && behind.starts_with(char::is_alphanumeric)
    })
}

/// Whether `word` has a host's name in it, by its shape: linkify-it goes by a list of top-level domains, which sites extend.
fn is_host(word: &str) -> bool {
    let mut before = false;
    let mut labels = word.split('.');
    labels.any(|label| {
        let top = before && label.chars().take_while(|c| c.is_alphabetic()).count() >= 2;
        before = label.ends_with(char::is_alphanumeric);
        top
    })
}

fn trimmed_length(run: &str) -> usize {
    let bytes = run.as_bytes();
    let count = |wanted: u8| memchr::memchr_iter(wanted, bytes).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let (opened_square, mut closed_square) = (count(b'['), count(b']'));
    let mut end = bytes.len();
    while let Some(last) = end.checked_sub(1).map(|at| bytes[at]) {
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if closed > opened => {
                closed -= 1;
                end -= 1;
            }
            b']' if closed_square > opened_square => {
                closed_square -= 1;
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
            ("xhttps://shop.example /https://shop.example éhttps://shop.example a@www.shop.example", vec![]),
            (
                "\"https://shop.example\" 'https://shop.example/a', [https://shop.example/b]",
                vec!["https://shop.example", "https://shop.example/a", "https://shop.example/b"],
            ),
            (
                "“https://shop.example/a”, «https://shop.example/b»—https://shop.example/c…",
                vec!["https://shop.example/a", "https://shop.example/b", "https://shop.example/c"],
            ),
            (
                "见https://shop.example/a。看（https://shop.example/b）「https://shop.example/c」",
                vec!["https://shop.example/a", "https://shop.example/b", "https://shop.example/c"],
            ),
            (
                "(https://shop.example/a)这个 https://shop.example/b,这 https://shop.example/?q=这-个",
                vec!["https://shop.example/a", "https://shop.example/b", "https://shop.example/?q=这-个"],
            ),
            (
                "https://shop.example/a这个 https://shop.example/bを見る https://shop.example/日本 https://shop.example/हिन्दी",
                vec![
                    "https://shop.example/a",
                    "https://shop.example/b",
                    "https://shop.example/日本",
                    "https://shop.example/हिन्दी",
                ],
            ),
            (
                "https://shop.example/a’s https://shop.example/b™ https://shop.example/c👍 Kauf:https://shop.example/d",
                vec![
                    "https://shop.example/a",
                    "https://shop.example/b",
                    "https://shop.example/c",
                    "https://shop.example/d",
                ],
            ),
            (
                "x=https://shop.example/a https://shop.example/ソニー（A）/dp/b，c",
                vec!["? https://shop.example/a", "? https://shop.example/ソニー"],
            ),
            (
                "https://shop.example/a[]=1 https://shop.example/b\"c\" https://shop.example/d>e",
                vec!["https://shop.example/a[]=1", "https://shop.example/b", "https://shop.example/d"],
            ),
            ("https://localhost/ https:// www. http://a_b.c_d", vec![]),
            (
                "https://shop.example/日本。 https://shop.example\u{a0}x",
                vec!["https://shop.example/日本", "https://shop.example"],
            ),
            ("https://a.example/https://b.example", vec!["https://a.example/https://b.example"]),
        ] {
            let said = |url: Url| format!("{}{}", if url.sure { "" } else { "? " }, url.span.of(text));
            let found: Vec<_> = find(text, Span::new(0, text.len()), false).into_iter().map(said).collect();
            assert_eq!(found, urls, "{text}");
        }
    }
}
