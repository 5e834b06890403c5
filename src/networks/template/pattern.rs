//! A stretch of a link: text, captures, the destination. Decides how they match a text; knows no parameter.

use super::{Missing, SUBID};
use crate::networks::Chars;
use crate::networks::destination::{self, Encoding};
use crate::networks::query::encode;

#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Every way to leave groups out, the fullest first.
    pub(super) ways: Vec<Vec<Piece>>,
}

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Capture { name: String, chars: Chars },
    Url(Encoding),
}

/// What a pattern found in a text: captures, and where the destination starts.
pub(super) struct Matched<'t> {
    pub(super) captures: Vec<(String, &'t str)>,
    pub(super) url: Option<(usize, Encoding)>,
}

impl Matched<'_> {
    pub(super) fn owned(&self) -> Vec<(String, String)> {
        self.captures.iter().map(|(name, value)| (name.clone(), (*value).to_owned())).collect()
    }
}

impl Pattern {
    pub(super) fn text(text: &str) -> Self {
        Self { ways: vec![vec![Piece::Text(text.to_owned())]] }
    }

    pub(super) fn has_url(&self) -> bool {
        self.ways[0].iter().any(|piece| matches!(piece, Piece::Url(_)))
    }

    /// Matches all of `text`; with `slash`, but for a trailing one.
    pub(super) fn whole<'t>(&self, text: &'t str, slash: bool) -> Option<Matched<'t>> {
        self.ways.iter().find_map(|way| one_way(way, text, slash))
    }

    pub(super) fn write(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        let mut first = None;
        for way in &self.ways {
            match way.iter().map(|piece| piece.write(url, value)).collect::<Result<String, _>>() {
                Ok(text) => return Ok(text),
                Err(missing) => first = Some(missing),
            }
        }
        Err(first.unwrap_or(Missing(String::new())))
    }
}

fn one_way<'t>(way: &[Piece], text: &'t str, slash: bool) -> Option<Matched<'t>> {
    let mut matched = Matched { captures: Vec::new(), url: None };
    let mut at = 0;
    for piece in way {
        let rest = &text[at..];
        at += match piece {
            Piece::Text(literal) => {
                rest.get(..literal.len()).filter(|head| head.eq_ignore_ascii_case(literal))?;
                literal.len()
            }
            // nobody else's sub-ID need keep to any alphabet
            Piece::Capture { name, .. } if name == SUBID && !slash && is_last(piece, way) && !rest.is_empty() => {
                matched.captures.push((name.clone(), rest));
                rest.len()
            }
            Piece::Capture { name, chars } => {
                let len = rest.bytes().take_while(|&byte| chars.allows(byte)).count();
                let value = rest.get(..len).filter(|value| chars.fits(value))?;
                matched.captures.push((name.clone(), value));
                len
            }
            Piece::Url(encoding) => {
                matched.url = Some((at, *encoding));
                rest.len()
            }
        };
    }
    let left = &text[at..];
    (left.is_empty() || slash && left == "/").then_some(matched)
}

fn is_last(piece: &Piece, way: &[Piece]) -> bool {
    way.last().is_some_and(|last| std::ptr::eq(last, piece))
}

impl Piece {
    pub(super) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Capture { name, .. } if name == wanted)
    }

    pub(super) fn write(&self, url: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Missing> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Url(encoding) => destination::write(url, *encoding).ok_or_else(|| Missing("url".to_owned())),
            Self::Capture { name, chars } => {
                let value = value(name).filter(|value| !value.is_empty()).ok_or_else(|| Missing(name.clone()))?;
                Ok(escape(&value, *chars))
            }
        }
    }
}

/// `value` escaped, but for delimiters that the capture's own set names: some ids are only understood bare.
fn escape(value: &str, chars: Chars) -> String {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')) {
        return value.to_owned();
    }
    let bare = |c: char| chars != Chars::ANY && "*/+:,@=".contains(c) && chars.allows(c as u8);
    value.chars().map(|c| if bare(c) { c.to_string() } else { encode(c.encode_utf8(&mut [0; 4])) }).collect()
}
