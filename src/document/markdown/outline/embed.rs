//! What the HTML reader saw of a Markdown page's HTML becomes a part of the page's outline. Decides which of it stands in raw
//! HTML, where Markdown's own reader saw nothing, and which bytes of its text are the page's.

use super::{Recorder, Seen};
use crate::document::embedded::Cover;
use crate::document::outline::{BlockKind, Outline, Shown, Text};
use crate::span::Span;

impl Recorder {
    /// Takes in `html`, the outline of `view`: the page with everything but its HTML blank.
    pub(super) fn embed(&mut self, page: &Seen<'_>, view: &str, html: Outline) {
        let raw = self.blocks.iter().filter(|block| block.kind == BlockKind::Html);
        let raw = Cover::of(raw.map(|block| block.span).collect());
        let is_raw = |span: Span| raw.within(span).next() == Some(span);
        for mut block in html.blocks.into_iter().filter(|block| block.kind != BlockKind::Page) {
            let near = raw.within(Span::new(block.span.start, usize::MAX)).next();
            // Markdown's own blocks end a paragraph
            if let Some(near) = near.filter(|near| near.start == block.span.start && block.kind == BlockKind::Paragraph)
            {
                block.span.end = block.span.end.min(near.end);
                block.inner.end = block.inner.end.min(near.end);
                block.inner.start = block.inner.start.min(block.inner.end);
            }
            self.blocks.push(block);
        }
        self.inlines.extend(html.inlines.into_iter().filter(|inline| is_raw(inline.span)));
        self.recognized.extend(html.recognized);
        self.hidden.extend(html.hidden);
        self.ignoring.extend(html.ignoring);
        let markdown = Cover::of(std::mem::take(&mut self.markdown));
        for text in &html.texts {
            let first = self.texts.len();
            for part in raw.within(text.span).flat_map(|part| markdown.without(part)) {
                self.embed_text(page, view, text, part);
            }
            for embedded in self.texts.iter_mut().skip(first) {
                embedded.opt_out = text.opt_out;
            }
        }
    }

    /// Records `part` of `text`: where the page's bytes are others than the view's, a line ends or a tag stands.
    fn embed_text(&mut self, page: &Seen<'_>, view: &str, text: &Text, part: Span) {
        if !matches!(text.shown, Shown::Bytes | Shown::Apart(None)) {
            if part == text.span || !matches!(text.shown, Shown::Decoded(_) | Shown::Apart(Some(_))) {
                self.push(part, text.shown.clone());
            }
            return;
        }
        let mut from = part.start;
        let first = page.stretches.partition_point(|stretch| stretch.span.end <= from);
        let near = page.stretches.get(first..).unwrap_or_default();
        for stretch in near.iter().take_while(|stretch| stretch.span.start < part.end) {
            self.embed_bytes(page.text, view, Span::new(from, stretch.span.start.max(from)), &text.shown);
            from = stretch.span.end.min(part.end).max(from);
            self.push(Span::new(stretch.span.start.max(part.start), from), Shown::Obstacle);
        }
        self.embed_bytes(page.text, view, Span::new(from, part.end), &text.shown);
    }

    fn embed_bytes(&mut self, page: &str, view: &str, span: Span, shown: &Shown) {
        let (seen, written) = (span.of(view).as_bytes(), span.of(page).as_bytes());
        let mut at = 0;
        for piece in
            seen.iter().zip(written).map(|(seen, written)| seen == written).collect::<Vec<_>>().chunk_by(|a, b| a == b)
        {
            let place = Span::new(span.start + at, span.start + at + piece.len());
            at += piece.len();
            let same = piece.first() == Some(&true);
            self.push(place, if same { shown.clone() } else { Shown::Space });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Lists;
    use crate::document::markdown::outline::build::tree;
    use crate::document::mask::{Stretch, StretchKind};
    use crate::document::outline::Block;
    use crate::source::Format;

    fn block(kind: BlockKind, start: usize, end: usize) -> Block {
        let span = Span::new(start, end);
        Block { kind, span, inner: span, parent: 0, is_content: false, in_content: true }
    }

    #[test]
    fn text_in_raw_html_is_the_pages_own() {
        let page = "> <div>a\n> b {{ c }}\n> </div>\n\nd\n";
        let view = "  <div>a   b xxxxxxx   </div>    ";
        let stretch = Stretch { span: Span::new(13, 20), kind: StretchKind::Template };
        let seen = Seen { text: page, stretches: &[stretch], format: Format::Markdown, lists: Lists::Any };
        let mut recorder = Recorder::default();
        recorder.block(BlockKind::Html, Span::new(2, 29), Span::new(2, 29));
        let text = |start, end, shown| Text { span: Span::new(start, end), shown, block: 1, opt_out: None };
        let html = Outline {
            blocks: vec![block(BlockKind::Page, 0, 33), block(BlockKind::Box, 2, 29)],
            texts: vec![text(0, 2, Shown::Bytes), text(7, 23, Shown::Bytes), text(29, 33, Shown::Bytes)],
            ..Outline::default()
        };
        recorder.embed(&seen, view, html);
        let found: Vec<_> = recorder.texts.iter().map(|text| (text.span.of(page), text.shown.clone())).collect();
        let expected = [
            ("a", Shown::Bytes),
            ("\n>", Shown::Space),
            (" b ", Shown::Bytes),
            ("{{ c }}", Shown::Obstacle),
            ("\n>", Shown::Space),
            (" ", Shown::Bytes),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn raw_html_gives_way_to_an_element_that_begins_in_it() {
        let blocks = vec![
            block(BlockKind::Html, 0, 10),
            block(BlockKind::Paragraph, 12, 20),
            block(BlockKind::Html, 22, 40),
            block(BlockKind::Skipped, 5, 30),
            block(BlockKind::Paragraph, 32, 36),
        ];
        let found: Vec<_> = tree(blocks, Span::new(0, 50), 0)
            .into_iter()
            .map(|block| (block.kind, block.span.start, block.span.end, block.parent, block.in_content))
            .collect();
        assert_eq!(
            found,
            [
                (BlockKind::Page, 0, 50, 0, true),
                (BlockKind::Html, 0, 5, 0, true),
                (BlockKind::Skipped, 5, 30, 0, false),
                (BlockKind::Paragraph, 12, 20, 2, false),
                (BlockKind::Html, 22, 30, 2, false),
                (BlockKind::Paragraph, 32, 36, 0, true),
            ]
        );
    }
}
