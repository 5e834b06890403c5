//! How a text is cut where it is read: into sentences, and by its brackets. Decides where a sentence ends; what it says is
//! `wording`'s.

use crate::span::Span;

/// What a bracket begins with.
pub(super) const OPENING: [char; 4] = ['(', '[', '（', '【'];
/// What it ends with.
const CLOSING: [char; 4] = [')', ']', '）', '】'];

/// Whether a sentence is nothing but a bracket.
pub(super) fn is_bracketed(sentence: &str) -> bool {
    let sentence = sentence.trim();
    sentence.starts_with(OPENING) && sentence.ends_with(CLOSING)
}

/// `sentence` without what stands between brackets.
pub(super) fn without_brackets(sentence: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::with_capacity(sentence.len());
    for c in sentence.chars() {
        match c {
            c if OPENING.contains(&c) => depth += 1,
            c if CLOSING.contains(&c) => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

/// What stands between brackets, with where it begins; the innermost ones.
pub(super) fn bracketed(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in text.char_indices() {
        match c {
            c if OPENING.contains(&c) => open = Some(at + c.len_utf8()),
            c if CLOSING.contains(&c) => {
                found.extend(open.take().and_then(|start: usize| Some((start, text.get(start..at)?))));
            }
            _ => {}
        }
    }
    found
}

/// Whether a sentence may end before `next`.
fn is_end(next: Option<char>) -> bool {
    next.is_none_or(|next| next.is_whitespace() || matches!(next, '*' | '_' | ')' | '"' | '”'))
}

/// The most words read as one sentence.
const WORDS: usize = 120;

/// The sentences of `text`: from a first letter up to a full stop before a space or the end, or a wide one.
pub(super) fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut words) = (0, 0);
    let mut in_word = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let next = chars.peek().map(|&(_, next)| next);
        // the blanks that indent a source are no words
        words += usize::from(std::mem::replace(&mut in_word, !c.is_whitespace()) && c.is_whitespace());
        let rest = text.get(end..).unwrap_or_default();
        // `ggf. eine`: a sentence begins with no small letter
        let goes_on = || rest.trim_start().chars().next().is_some_and(char::is_lowercase);
        let stops = match c {
            '。' | '！' | '？' | '｡' => true,
            '.' => is_end(next) && !goes_on(),
            '!' | '?' | '…' => is_end(next),
            c => words >= WORDS && c.is_whitespace(),
        };
        if stops {
            found.push(Span::new(start, end));
            (start, words) = (end, 0);
        }
    }
    found.push(Span::new(start, text.len()));
    for span in &mut found {
        let sentence = span.of(text);
        span.start += sentence.len() - sentence.trim_start().len();
    }
    found.retain(|span| !span.of(text).trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_as_long_as_its_words() {
        let indented = format!("If you buy{}through our links,{0}we earn.", format!("\n{}", " ".repeat(WORDS)));
        assert_eq!(sentences(&indented).len(), 1);
        let endless = "word ".repeat(2 * WORDS);
        assert_eq!(sentences(&endless).len(), 2);
    }
}
