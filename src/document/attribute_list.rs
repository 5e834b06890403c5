//! Attribute lists behind a Markdown link: kramdown's `{: rel="x"}` and Pandoc's `{rel="x"}`. Decides which braces are
//! such a list; which of the two syntaxes a site understands is not known here.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::document::escape::{self, Context};
use crate::document::{Attribute, AttributeSyntax, Attributes, Field};
use crate::span::Span;

/// The longest list read, in bytes.
const LONGEST: usize = 1000;

/// An attribute list, with what of it bears on opting out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    /// Its attributes.
    pub(super) attributes: Attributes,
    /// Whether it says `data-affilink="off"`.
    pub(super) off: bool,
}

/// Reads the attribute list whose `{` stands at byte `at` of `text`, on one line; `None` where it is something else.
pub(super) fn read(text: &str, at: usize) -> Option<List> {
    let bytes = text.as_bytes();
    let limit = bytes.len().min(at + LONGEST);
    let mut reader = Reader { bytes: bytes.get(..limit)?, at: at + 1 };
    let syntax = if reader.peek() == Some(b':') { AttributeSyntax::Kramdown } else { AttributeSyntax::Pandoc };
    if syntax == AttributeSyntax::Kramdown {
        reader.at += 1;
    }
    let mut list = List {
        attributes: Attributes {
            syntax,
            span: Span::at(at),
            insert_at: reader.at,
            rel: None,
            target: None,
            others: 0,
            end_tag: None,
        },
        off: false,
    };
    let mut others = FxHasher::default();
    loop {
        let spaced = reader.skip_blanks();
        if reader.peek()? == b'}' {
            break;
        }
        if !spaced && list.attributes.insert_at > at + 2 {
            return None;
        }
        let item = reader.item(text, syntax)?;
        list.attributes.insert_at = reader.at;
        list.take(text, item, &mut others);
    }
    // `{}` is nothing
    if syntax == AttributeSyntax::Pandoc && list.attributes.insert_at == at + 1 {
        return None;
    }
    list.attributes.span = Span::new(at, reader.at + 1);
    Some(list)
}

impl List {
    fn take(&mut self, text: &str, item: Attribute, others: &mut FxHasher) {
        match item.name.of(text) {
            "rel" if self.attributes.rel.is_none() => self.attributes.rel = Some(item),
            "target" if self.attributes.target.is_none() => self.attributes.target = Some(item),
            "href" | "title" => {}
            name => {
                self.off |= name == "data-affilink" && item.text() == "off";
                item.whole.of(text).hash(others);
                self.attributes.others = others.finish() | 1;
            }
        }
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) -> bool {
        let from = self.at;
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at > from
    }

    fn name(&mut self) -> Option<Span> {
        let from = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte) || !byte.is_ascii())
        {
            self.at += 1;
        }
        (self.at > from).then(|| Span::new(from, self.at))
    }

    /// `.class`, `#id`, `name="value"`; in kramdown also the name of a list defined elsewhere.
    fn item(&mut self, text: &str, syntax: AttributeSyntax) -> Option<Attribute> {
        let from = self.at;
        if matches!(self.peek(), Some(b'.' | b'#')) {
            self.at += 1;
            let name = self.name()?;
            return Some(Attribute { name: Span::new(from, name.end), whole: Span::new(from, name.end), value: None });
        }
        if matches!(self.peek(), Some(b':' | b'-')) {
            return None;
        }
        let name = self.name()?;
        if self.peek() != Some(b'=') {
            let whole = name;
            return (syntax == AttributeSyntax::Kramdown).then_some(Attribute { name, whole, value: None });
        }
        self.at += 1;
        let value = self.value(text)?;
        Some(Attribute { name, whole: Span::new(from, self.at), value: Some(value) })
    }

    fn value(&mut self, text: &str) -> Option<Field> {
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        let from = self.at + usize::from(quote.is_some());
        let rest = self.bytes.get(from..)?;
        let length = match quote {
            Some(quote) => rest.iter().position(|&byte| byte == quote || byte == b'\n')?,
            None => rest.iter().position(|&byte| matches!(byte, b' ' | b'\t' | b'}' | b'\n' | b'"' | b'\''))?,
        };
        let span = Span::new(from, from + length);
        self.at = span.end;
        if quote.is_some() {
            if self.peek() != quote {
                return None;
            }
            self.at += 1;
        } else if span.is_empty() {
            return None;
        }
        let context = Context::AttributeList { quote: quote.map(char::from) };
        Some(Field { span, context, value: escape::decode(span.of(text), context).value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_from_other_braces() {
        for (text, read_as) in [
            (
                r#"{: rel="nofollow" .btn}"#,
                Some((r#"{: rel="nofollow" .btn}"#, "nofollow", r#"{: rel="nofollow" .btn"#)),
            ),
            (
                r#"{rel="a b" target=_blank } x"#,
                Some((r#"{rel="a b" target=_blank }"#, "a b", r#"{rel="a b" target=_blank"#)),
            ),
            ("{: .btn}", Some(("{: .btn}", "", "{: .btn"))),
            ("{:rel='x'}", Some(("{:rel='x'}", "x", "{:rel='x'"))),
            ("{:}", Some(("{:}", "", "{:"))),
            ("{: toc}", Some(("{: toc}", "", "{: toc"))),
            ("{.btn #id}", Some(("{.btn #id}", "", "{.btn #id"))),
            ("{}", None),
            ("{name}", None),
            ("{{ x }}", None),
            ("{% x %}", None),
            ("{::comment}", None),
            ("{: rel=\"x\n\"}", None),
            ("{: rel=\"x\"", None),
            ("{a=b", None),
            ("{:é", None),
        ] {
            let list = read(text, 0).map(|list| list.attributes);
            let seen = list.as_ref().map(|list| {
                (list.span.of(text), list.rel.as_ref().map_or("", Attribute::text), &text[..list.insert_at])
            });
            assert_eq!(seen, read_as, "{text}");
        }
    }

    #[test]
    fn other_attributes_are_hashed_and_opting_out_is_seen() {
        let others = |text: &str| read(text, 0).expect("a list").attributes.others;
        assert_eq!(others(r#"{: rel="x"}"#), 0);
        assert_ne!(others("{: .a}"), others("{: .b}"));
        assert_eq!(others("{: .a}"), others(r#"{: rel="x" .a}"#));
        assert!(read(r#"{: data-affilink="off"}"#, 0).expect("a list").off);
    }
}
