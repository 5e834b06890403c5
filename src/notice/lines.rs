//! Lines of Markdown: they end in LF, CR LF or CR (`CommonMark`, "line ending").

/// The first line of `text` with its end; empty for an empty text.
pub(super) fn first(text: &str) -> &str {
    let end = memchr::memchr2(b'\n', b'\r', text.as_bytes())
        .map_or(text.len(), |at| at + if text.get(at..).is_some_and(|end| end.starts_with("\r\n")) { 2 } else { 1 });
    text.get(..end).unwrap_or_default()
}

/// `text` without the line end that it ends in; `None` where it does not end a line.
pub(super) fn without_end(text: &str) -> Option<&str> {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r']))
}

/// Where the last line of `text` begins.
pub(super) fn last(text: &str) -> usize {
    memchr::memrchr2(b'\n', b'\r', text.as_bytes()).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_one() {
        for (text, line, without, at) in [
            ("a\nb", "a\n", None, 2),
            ("a\r\nb\r\n", "a\r\n", Some("a\r\nb"), 6),
            ("a\rb\r", "a\r", Some("a\rb"), 4),
            ("\r\r", "\r", Some("\r"), 2),
            ("a", "a", None, 0),
            ("", "", None, 0),
        ] {
            assert_eq!((first(text), without_end(text), last(text)), (line, without, at), "{text:?}");
        }
    }
}
