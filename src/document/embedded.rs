//! HTML inside Markdown: a copy of the page in which everything else is blank, for the HTML reader. Decides which bytes
//! the HTML of an event is; where that is not certain, the event is left out and nothing in it is found.

use crate::span::Span;

/// The HTML of a page, piece by piece.
#[derive(Debug, Default)]
pub(super) struct HtmlView {
    html: String,
    /// Where each piece stands in the page, and in `html`.
    pieces: Vec<(usize, Span)>,
}

impl HtmlView {
    /// Whether no HTML was put in.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Puts `html` in, which stands at byte `at` of the page; pieces may come in any order.
    pub(super) fn put(&mut self, at: usize, html: &str) {
        let start = self.html.len();
        self.html.push_str(html);
        self.pieces.push((at, Span::new(start, self.html.len())));
    }

    /// A copy of the page, `length` bytes long, in which everything else is blank.
    pub(super) fn into_text(mut self, length: usize) -> String {
        self.pieces.sort_unstable_by_key(|(at, _)| *at);
        let mut view = String::with_capacity(length);
        for (at, span) in self.pieces {
            if at >= view.len() && at + span.len() <= length {
                blank(&mut view, at);
                view.push_str(span.of(&self.html));
            }
        }
        blank(&mut view, length);
        view
    }
}

fn blank(view: &mut String, length: usize) {
    const BLANK: &str = match std::str::from_utf8(&[b' '; 1024]) {
        Ok(blank) => blank,
        Err(_) => " ",
    };
    while view.len() < length {
        view.push_str(&BLANK[..(length - view.len()).min(BLANK.len())]);
    }
}

/// The lines of `html`, an event's text, with where each stands in `raw`, the event's bytes: a line of an event is the
/// end of a line of the page, behind the markers of the quotes and lists around it.
///
/// `None` where a line is anything else.
pub(super) fn aligned<'h>(raw: &str, html: &'h str) -> Option<Vec<(usize, &'h str)>> {
    if raw == html {
        return Some(vec![(0, html)]);
    }
    let mut lines = Vec::new();
    let mut at = 0;
    let mut raws = raw.split_inclusive('\n');
    for (index, line) in html.split_inclusive('\n').enumerate() {
        let whole = raws.next()?;
        let (content, line) = (whole.trim_end_matches(['\n', '\r']), line.trim_end_matches(['\n', '\r']));
        let prefix = content.strip_suffix(line)?;
        let marker = |byte: u8| matches!(byte, b' ' | b'\t' | b'>');
        if (index == 0 && !prefix.is_empty()) || !prefix.bytes().all(marker) {
            return None;
        }
        lines.push((at + prefix.len(), line));
        at += whole.len();
    }
    raws.next().is_none().then_some(lines)
}

/// Whether `html`, a single tag, opens or closes an `a`.
pub(super) fn is_anchor(html: &str) -> bool {
    let bytes = html.as_bytes();
    let ([b'<', b'/', name @ ..] | [b'<', name @ ..]) = bytes else { return false };
    matches!(name, [b'a' | b'A', next, ..] if next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
}

/// Whether `html`, a single tag, is an image.
pub(super) fn is_image(html: &str) -> bool {
    html.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("<img"))
}

/// Spans that may lie in one another, for asking what stands in any of them.
#[derive(Debug, Default)]
pub(super) struct Cover {
    spans: Vec<Span>,
}

impl Cover {
    /// Covers what any of `spans` does.
    pub(super) fn of(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        Self { spans: joined }
    }

    /// Whether nothing is covered.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether byte `at` is covered.
    pub(super) fn holds(&self, at: usize) -> bool {
        self.touches(Span::new(at, at + 1))
    }

    /// Whether `span` shares a byte with what is covered.
    pub(super) fn touches(&self, span: Span) -> bool {
        let first = self.spans.partition_point(|covered| covered.end <= span.start);
        self.spans.get(first).is_some_and(|covered| covered.overlaps(span))
    }

    /// The parts of `span` that are not covered, in order.
    pub(super) fn without(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let mut from = span.start;
        self.within(span).chain(std::iter::once(Span::at(span.end))).filter_map(move |covered| {
            let part = (from < covered.start).then(|| Span::new(from, covered.start));
            from = from.max(covered.end);
            part
        })
    }

    /// The parts of `span` that are covered, in order.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.spans.partition_point(|covered| covered.end <= span.start);
        let near = self.spans[first..].iter().take_while(move |covered| covered.start < span.end);
        near.map(move |covered| Span::new(covered.start.max(span.start), covered.end.min(span.end)))
            .filter(|part| !part.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_an_event_are_found_behind_quote_markers() {
        for (raw, html, expected) in [
            ("<b>", "<b>", Some(vec![(0, "<b>")])),
            ("<a\n> href=x>", "<a\nhref=x>", Some(vec![(0, "<a"), (5, "href=x>")])),
            ("<a\r\n> > href=x>", "<a\nhref=x>", Some(vec![(0, "<a"), (8, "href=x>")])),
            ("<a\n- href=x>", "<a\nhref=x>", None),
            ("<a\n> b\n> c>", "<a\nb", None),
            ("x<a\n> b>", "<a\nb>", None),
        ] {
            assert_eq!(aligned(raw, html), expected, "{raw:?}");
        }
    }

    #[test]
    fn anchors_are_told_from_other_tags() {
        for (html, expected) in
            [("<a href=x>", true), ("</A>", true), ("<a>", true), ("<abbr>", false), ("<a", false), ("< a>", false)]
        {
            assert_eq!(is_anchor(html), expected, "{html}");
        }
    }
}
