//! How a link around a name goes with the emphasis around it. Decides what the link's text is, so that elements nest.

use crate::document::outline::Inline;
use crate::span::Span;

/// The inline elements of a page, gone through once in reading order.
#[derive(Debug)]
pub(super) struct Nest<'n> {
    inlines: &'n [Inline],
    /// The elements that begin at or before the last place asked for and may hold it, the innermost last.
    open: Vec<Inline>,
    next: usize,
}

impl<'n> Nest<'n> {
    /// Over elements by where they start, the outer one first.
    pub(super) fn of(inlines: &'n [Inline]) -> Self {
        Self { inlines, open: Vec::new(), next: 0 }
    }

    /// What a link around `name` takes in: the name, or the elements that begin or end with it as well. `None` where the
    /// name shares a part of one with other words.
    ///
    /// Names must be asked for in the order of the page `text`. In Markdown, emphasis inside a word is taken in, because
    /// it would be none with a bracket on its inner side.
    pub(super) fn site(&mut self, text: &str, name: Span, markdown: bool) -> Option<Span> {
        self.go_to(name.start);
        let mut site = name;
        for around in self.open.iter().rev() {
            if around.inner.contains(site) {
                break;
            }
            // it ends inside the name
            (around.inner.start == site.start).then_some(())?;
            site.start = around.span.start;
        }
        let within = self.inlines.get(self.next..).unwrap_or_default();
        let within: Vec<_> = within.iter().take_while(|inline| inline.span.start < name.end).collect();
        for inline in within.iter().rev() {
            if inline.span.end > site.end {
                (inline.inner.end == site.end).then_some(())?;
                site.end = inline.span.end;
            }
        }
        let around = self.open.iter().rev().find(|around| around.inner == site && markdown);
        Some(around.filter(|around| is_in_word(text, around.span)).map_or(site, |around| around.span))
    }

    fn go_to(&mut self, at: usize) {
        while let Some(inline) = self.inlines.get(self.next).filter(|inline| inline.span.start < at) {
            self.close(inline.span.start);
            self.open.push(*inline);
            self.next += 1;
        }
        self.close(at);
    }

    fn close(&mut self, at: usize) {
        while self.open.last().is_some_and(|inline| inline.span.end <= at) {
            self.open.pop();
        }
    }
}

/// Whether a letter or digit stands right beside `span`.
fn is_in_word(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).and_then(|text| text.chars().next_back());
    let after = text.get(span.end..).and_then(|text| text.chars().next());
    before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The inline elements of a text in which `*` and `_` are single marks around emphasis.
    fn inlines(text: &str) -> Vec<Inline> {
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut inlines = Vec::new();
        for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'*' | b'_')) {
            match open.pop_if(|(mark, _)| *mark == byte) {
                Some((_, from)) => {
                    inlines.push(Inline { span: Span::new(from, at + 1), inner: Span::new(from + 1, at) });
                }
                None => open.push((byte, at)),
            }
        }
        inlines.sort_by_key(|inline| inline.span.start);
        inlines
    }

    #[test]
    fn links_take_in_what_they_cannot_cut() {
        for (text, name, site) in [
            ("a Foo b", "Foo", Some("Foo")),
            ("a *Foo* b", "Foo", Some("Foo")),
            ("a *Foo* Bar", "Foo* Bar", Some("*Foo* Bar")),
            ("Foo *Bar* b", "Foo *Bar", Some("Foo *Bar*")),
            ("_*Foo*_ _Bar_ b", "Foo*_ _Bar", Some("_*Foo*_ _Bar_")),
            ("*Very Foo* Bar", "Foo* Bar", None),
            ("Foo *Bar baz*", "Foo *Bar", None),
            ("Foo *x* Bar", "Foo *x* Bar", Some("Foo *x* Bar")),
            ("*a* _b *c*_ *Foo _Bar_ x*", "Foo _Bar", Some("Foo _Bar_")),
            ("日本*Foo*語", "Foo", Some("*Foo*")),
        ] {
            let at = text.find(name).expect("there");
            let inlines = inlines(text);
            let found = Nest::of(&inlines).site(text, Span::new(at, at + name.len()), true);
            assert_eq!(found.map(|span| span.of(text)), site, "{name} in {text}");
        }
    }
}
