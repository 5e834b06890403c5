//! A page's bytes and the text view that the parsers read. Decides which bytes can be a page at all; parses nothing.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use memchr::{memchr, memchr_iter, memmem, memrchr};
use thiserror::Error;

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown: `.md`, `.markdown`.
    Markdown,
    /// Markdown with JSX: `.mdx`, and what `files.mdx` names.
    Mdx,
    /// HTML: `.html`, `.htm`.
    Html,
}

impl Format {
    /// The format that a file's extension stands for, any case; `None` for a file that is no page.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "mdx" => Some(Self::Mdx),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// Whether it is Markdown of some kind.
    pub fn is_markdown(self) -> bool {
        self != Self::Html
    }
}

/// Why bytes are not read as a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
pub enum Skip {
    /// Markdown whose bytes are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// UTF-16 or UTF-32, with or without a byte order mark.
    #[error("UTF-16")]
    Utf16,
    /// A NUL byte: not text.
    #[error("NUL byte")]
    Nul,
    /// ISO-2022: its two-byte characters look like markup to any parser that reads ASCII.
    #[error("ISO-2022")]
    Iso2022,
    /// Larger than `files.max_size`.
    #[error("over files.max_size")]
    TooLarge,
}

/// The character that stands in [`Source::text`] for each byte of a page that is not UTF-8.
///
/// One byte long, so that offsets into the view are offsets into the bytes; a control character, so that no
/// word and no host name can hold it.
pub const UNREADABLE: char = '\u{1a}';

/// One page: its bytes, and a text of the same length for the parsers to read.
#[derive(Debug)]
pub struct Source<'b> {
    bytes: &'b [u8],
    text: Cow<'b, str>,
}

impl<'b> Source<'b> {
    /// Reads `bytes` as a page of `format`.
    ///
    /// HTML that is not UTF-8 is read through a view in which [`UNREADABLE`] stands for every non-ASCII byte.
    pub fn read(bytes: &'b [u8], format: Format) -> Result<Self, Skip> {
        if is_utf16(bytes) {
            return Err(Skip::Utf16);
        }
        if memchr(0, bytes).is_some() {
            return Err(Skip::Nul);
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if format.is_markdown() => return Err(Skip::NotUtf8),
            Err(_) => Cow::Owned(ascii_view(bytes)),
        };
        // a valid view of pure ASCII may still be ISO-2022-JP, whose escapes switch to two-byte characters
        if memchr(0x1b, bytes).is_some() && memmem::find(bytes, b"\x1b$").is_some() {
            return Err(Skip::Iso2022);
        }
        Ok(Self { bytes, text })
    }

    /// The page as it stands in its file.
    pub fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// The view that parsers read: same length as [`Self::bytes`], equal to them where they are UTF-8.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the page is UTF-8, so that inserted text may hold any character.
    pub fn is_utf8(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// The line ending that most lines of the page have; `"\n"` where it has none.
    pub fn line_ending(&self) -> &'static str {
        let (mut lf, mut crlf) = (0_usize, 0_usize);
        for at in memchr_iter(b'\n', self.bytes) {
            if at > 0 && self.bytes[at - 1] == b'\r' {
                crlf += 1;
            } else {
                lf += 1;
            }
        }
        if crlf > lf {
            "\r\n"
        } else if lf + crlf == 0 && memchr(b'\r', self.bytes).is_some() {
            "\r"
        } else {
            "\n"
        }
    }
}

/// Turns byte offsets of one text into lines and columns.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// Whether lines end with `\n` alone, a `\r` before it or not.
    plain: bool,
    /// Where lines start; most questions go from the start of the text to its end and need no index.
    starts: OnceCell<Vec<usize>>,
    /// The last answer: the next question is mostly about a place further on.
    last: Cell<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    offset: usize,
    line: usize,
    column: usize,
}

/// Within how many bytes lines are counted; further on an index is cheaper.
const NEAR: usize = 4096;

impl<'t> Lines<'t> {
    /// Reads `text`; lines end with `\n`, `\r\n` or a lone `\r`.
    pub fn of(text: &'t str) -> Self {
        let plain = memchr(b'\r', text.as_bytes()).is_none();
        Self { text, plain, starts: OnceCell::new(), last: Cell::new(Place { offset: 0, line: 1, column: 1 }) }
    }

    /// The line and column of byte `offset`, both 1-based; the column counts code points.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let last = self.last.get();
        let near = last.offset <= offset && offset - last.offset <= NEAR;
        let (line, start) = if self.plain && near {
            let between = self.text.as_bytes().get(last.offset..offset).unwrap_or_default();
            let start = memrchr(b'\n', between).map(|at| last.offset + at + 1);
            (last.line + start.map_or(0, |_| memchr_iter(b'\n', between).count()), start)
        } else {
            let line = self.starts().partition_point(|&start| start <= offset);
            let start = self.starts()[line - 1];
            (line, (start > last.offset || offset < last.offset).then_some(start))
        };
        let chars = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default().chars().count();
        let column = match start {
            None => last.column + chars(last.offset, offset),
            // a little way back on a long line
            Some(start) if last.line == line && offset < last.offset && last.offset - offset < offset - start => {
                last.column - chars(offset, last.offset)
            }
            Some(start) => 1 + chars(start, offset),
        };
        self.last.set(Place { offset, line, column });
        (line, column)
    }

    /// How many lines there are; what stands behind the last line ending is one only if it is not empty.
    pub fn count(&self) -> usize {
        let open = self.starts().last().is_some_and(|&start| start < self.text.len());
        self.starts().len() - usize::from(!open && !self.text.is_empty())
    }

    /// The span of bytes of 1-based `line`, its line ending left out; `None` past the last line.
    pub fn span_of(&self, line: usize) -> Option<crate::span::Span> {
        let start = *self.starts().get(line.checked_sub(1)?)?;
        let end = self.starts().get(line).copied().unwrap_or(self.text.len());
        let kept = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(crate::span::Span::new(start, start + kept))
    }
}

impl Lines<'_> {
    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
            let ends = ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        })
    }
}

fn ascii_view(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { UNREADABLE }).collect()
}

fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\0\0\xfe\xff") {
        return true;
    }
    // without a mark: text whose every other byte is NUL
    let head = &bytes[..bytes.len().min(64) & !1];
    let nul_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    !head.is_empty() && (nul_at(0) * 4 > head.len() || nul_at(1) * 4 > head.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_code_points() {
        let text = "a\r\nbé c\rd\n";
        let lines = Lines::of(text);
        assert_eq!(lines.position(0), (1, 1));
        assert_eq!(lines.position(text.find('c').expect("in the text")), (2, 4));
        assert_eq!(lines.position(text.find('d').expect("in the text")), (3, 1));
        assert_eq!(lines.span_of(2).map(|span| span.of(text)), Some("bé c"));
        assert_eq!(lines.span_of(9), None);
        for (text, count) in [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)] {
            assert_eq!(Lines::of(text).count(), count, "{text:?}");
        }
        for text in ["a\r\nbé\n\nc\rd\n", "a\nbé\n\ncdé\n", "\r\r\n\n", ""] {
            let places: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
            let alone = |&at: &usize| Lines::of(text).position(at);
            let expected: Vec<_> = places.iter().map(alone).collect();
            for lines in [Lines::of(text), Lines::of(text)] {
                assert_eq!(places.iter().map(|&at| lines.position(at)).collect::<Vec<_>>(), expected, "{text:?}");
                let backwards: Vec<_> = places.iter().rev().map(|&at| lines.position(at)).collect();
                assert_eq!(backwards.into_iter().rev().collect::<Vec<_>>(), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_page_are_named() {
        for (bytes, skip) in [
            (&b"caf\xe9"[..], Skip::NotUtf8),
            (&b"\xff\xfeh\0i\0"[..], Skip::Utf16),
            (&b"h\0e\0l\0l\0o\0"[..], Skip::Utf16),
            (&b"some text, then \0 in it, and more text after"[..], Skip::Nul),
            (&b"\x1b$B$3\x1b(B"[..], Skip::Iso2022),
        ] {
            assert_eq!(Source::read(bytes, Format::Markdown).err(), Some(skip), "{bytes:?}");
        }
    }

    #[test]
    fn html_in_another_encoding_gets_a_view_of_the_same_length() {
        let source = Source::read(b"<p>caf\xe9 <a href=x>", Format::Html).expect("HTML of any ASCII encoding");
        assert_eq!(source.text(), "<p>caf\u{1a} <a href=x>");
        assert_eq!(source.bytes().len(), source.text().len());
        assert!(!source.is_utf8());
    }

    #[test]
    fn the_line_ending_is_the_commonest() {
        let ending = |text: &'static str| Source::read(text.as_bytes(), Format::Markdown).expect("UTF-8").line_ending();
        assert_eq!(ending("a\r\nb\r\nc\n"), "\r\n");
        assert_eq!(ending("a\nb\r\nc\n"), "\n");
        assert_eq!(ending("a\rb"), "\r");
        assert_eq!(ending("a"), "\n");
    }
}
