//! Numbers for the events of a Markdown page, for its skeleton. Decides which events differ in meaning.

use std::hash::{Hash, Hasher};

use pulldown_cmark::{CodeBlockKind, Tag, TagEnd};
use rustc_hash::FxHasher;

use crate::document::mask::StretchKind;

pub(super) const FRONT_MATTER: u64 = 1;
pub(super) const DEFINITION: u64 = 2;
pub(super) const CODE: u64 = 3;
pub(super) const MATH: u64 = 4;
pub(super) const DISPLAY_MATH: u64 = 5;
pub(super) const HTML: u64 = 6;
pub(super) const INLINE_HTML: u64 = 7;
pub(super) const SOFT_BREAK: u64 = 8;
pub(super) const HARD_BREAK: u64 = 9;
pub(super) const RULE: u64 = 10;
pub(super) const FOOTNOTE: u64 = 11;
pub(super) const TASK_DONE: u64 = 12;
pub(super) const TASK_OPEN: u64 = 13;
pub(super) const INDENT: u64 = 14;
pub(super) const CODE_TEXT: u64 = 15;
pub(super) const EMAIL: u64 = 16;
pub(super) const STRANGER: u64 = 17;

/// The number of a stretch the parser did not see.
pub(super) fn stretch(kind: StretchKind) -> u64 {
    32 + match kind {
        StretchKind::Template => 0,
        StretchKind::Raw => 1,
        StretchKind::Tag => 2,
        StretchKind::Anchor => 3,
        StretchKind::Expression => 4,
        StretchKind::Module => 5,
    }
}

/// The number of a start; starts that render differently have different ones.
pub(super) fn start(tag: &Tag<'_>) -> u64 {
    match tag {
        Tag::Paragraph => 64,
        Tag::Heading { level, id, classes, attrs } => hashed(&(65, *level as u8, id, classes, attrs)),
        Tag::BlockQuote(kind) => hashed(&(66, kind.map(|kind| kind as u8))),
        Tag::CodeBlock(CodeBlockKind::Indented) => 67,
        Tag::CodeBlock(CodeBlockKind::Fenced(_)) => 68,
        Tag::HtmlBlock => 69,
        Tag::List(start) => hashed(&(70, start)),
        Tag::Item => 71,
        Tag::FootnoteDefinition(_) => 72,
        Tag::Table(columns) => {
            let mut hasher = FxHasher::default();
            hasher.write_u64(73);
            for column in columns {
                hasher.write_u8(*column as u8);
            }
            hasher.finish()
        }
        Tag::TableHead => 74,
        Tag::TableRow => 75,
        Tag::TableCell => 76,
        Tag::Emphasis => 77,
        Tag::Strong => 78,
        Tag::Strikethrough => 79,
        // an image shows what its destination says
        Tag::Image { dest_url, title, .. } => hashed(&(80, dest_url, title)),
        Tag::Link { .. } => 81,
        _ => 82,
    }
}

/// The number of an end.
pub(super) fn end(tag: TagEnd) -> u64 {
    match tag {
        TagEnd::Paragraph => 128,
        TagEnd::Item => 129,
        TagEnd::List(_) => 130,
        TagEnd::Image => 131,
        TagEnd::Emphasis => 132,
        TagEnd::Strong => 133,
        _ => 134,
    }
}

fn hashed(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
