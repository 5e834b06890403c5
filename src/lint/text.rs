//! What stands in a tag, for rules that look at attributes that nobody edits. Decides nothing.

/// Whether networks call a sub-ID by parameter `name` (lower case), and hardly anybody else anything else.
pub(super) fn is_subid(name: &str) -> bool {
    const NAMES: [&str; 10] =
        ["clickref", "subid", "sub_id", "sub", "aff_sub", "afftrack", "ascsubtag", "customid", "xcust", "pubref"];
    let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    // `sub` alone is anything: a subject, a subscription
    NAMES.contains(&numbered) && (numbered != "sub" || numbered != name)
}

/// The start tags in `html`, from `<` to `>`.
pub(super) fn tags(html: &str) -> impl Iterator<Item = &str> {
    let starts = html.match_indices('<').map(|(at, _)| at);
    starts.filter_map(move |at| {
        let rest = html.get(at..)?;
        rest.get(1..)?.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| rest.get(..=tag_end(rest)?)).flatten()
    })
}

/// Where the tag that `rest` begins with ends: `>` outside quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    // a tag without an end is none
    rest.bytes().take(16 * 1024).position(|byte| match (quote, byte) {
        (Some(open), _) if byte == open => {
            quote = None;
            false
        }
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, b'>') => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_outside_quotes() {
        assert_eq!(tags("a <b> 1 < 2 <img alt='>' src=x><i").collect::<Vec<_>>(), ["<b>", "<img alt='>' src=x>"]);
    }
}
