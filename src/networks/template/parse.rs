//! How a template is written down. Decides what is one; reads and writes no link.

use thiserror::Error;

use super::pattern::{Pattern, Piece};
use super::{Param, Presence, SUBID, Template};
use crate::networks::Chars;
use crate::networks::destination::Encoding;

/// Which templates are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// All of the above.
    Catalog,
    /// RFC 6570 with `{url}`, `{+url}` and `{subid}`; a parameter or path segment whose sub-ID is missing is left out.
    User,
    /// Parameters alone, with `{subid}`; one whose sub-ID is missing is left out.
    Set,
}

/// Why a template is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A brace or bracket without its partner.
    #[error("`{0}` without its partner")]
    Unbalanced(char),
    /// A variable that nobody knows.
    #[error("unknown variable `{{{0}}}`")]
    Unknown(String),
    /// No `http://` or `https://` in front.
    #[error("no `https://` in front")]
    NoScheme,
    /// A host that is none, or one that holds a variable.
    #[error("bad host `{0}`")]
    Host(String),
    /// The destination stands before something else that has to follow it.
    #[error("`{{+url}}` must be the last piece")]
    NotLast,
    /// The encoded destination stands before something else in the same path or parameter.
    #[error("`{{url}}` must be the last piece of the path or of its parameter")]
    NotAtEnd,
    /// No variable for the destination.
    #[error("no `{{url}}`")]
    NoDestination,
    /// A character that cannot stand in every place where a link can.
    #[error("`{0}` must be percent-encoded")]
    Character(char),
}

impl Template {
    /// Reads template `text`; `chars_of` knows the captures and what they may hold.
    pub fn parse(
        text: &str,
        dialect: Dialect,
        chars_of: &dyn Fn(&str) -> Option<Chars>,
    ) -> Result<Self, TemplateError> {
        let bad =
            |c: &char| !c.is_ascii_graphic() || "\"<>\\^`'()".contains(*c) || dialect != Dialect::Catalog && *c == '|';
        if let Some(bad) = text.chars().find(bad) {
            return Err(TemplateError::Character(bad));
        }
        let (scheme, rest) = match text.split_once("//") {
            Some((scheme @ ("" | "http:" | "https:"), rest)) => (scheme, Some(rest)),
            _ => ("", None),
        };
        let scheme = if scheme == "http:" { "http:" } else { "https:" };
        if dialect == Dialect::User && (rest.is_none() || text.starts_with("//")) {
            return Err(TemplateError::NoScheme);
        }
        let parser = Parser { dialect, chars_of };
        let after = rest.unwrap_or(text);
        let host_end = rest.map_or(0, |rest| outside_braces(rest, "/?#").unwrap_or(rest.len()));
        let host = rest.map(|rest| parser.host(&rest[..host_end])).transpose()?;
        let after = &after[host_end..];
        let mark = outside_braces(after, "?#").unwrap_or(after.len());
        let in_fragment = after[mark..].starts_with('#');
        let path = (mark > 0).then(|| parser.path(&after[..mark])).transpose()?;
        let params = after.get(mark + 1..).filter(|params| !params.is_empty());
        let params = params.map_or(Ok(Vec::new()), |params| parser.params(params))?;
        let template = Self { scheme: scheme.to_owned(), host, path, params, in_fragment };
        template.check(dialect)?;
        Ok(template)
    }

    fn check(&self, dialect: Dialect) -> Result<(), TemplateError> {
        let rest = |piece: &Piece| matches!(piece, Piece::Url(Encoding::Raw));
        let in_path = self.path.as_ref().is_some_and(|path| path.ways[0].iter().any(rest));
        let early = self.params.iter().rev().skip(1).any(|param| param.value.ways[0].iter().any(rest));
        if early || in_path && !self.params.is_empty() {
            return Err(TemplateError::NotLast);
        }
        if dialect == Dialect::User && !self.has_destination() {
            return Err(TemplateError::NoDestination);
        }
        Ok(())
    }
}

/// The first place outside braces where one of `marks` stands.
fn outside_braces(text: &str, marks: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && marks.contains(c) => return Some(at),
            _ => {}
        }
        None
    })
}

struct Parser<'p> {
    dialect: Dialect,
    chars_of: &'p dyn Fn(&str) -> Option<Chars>,
}

impl Parser<'_> {
    fn host(&self, text: &str) -> Result<Pattern, TemplateError> {
        let lower = text.to_ascii_lowercase();
        let named = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
        if text.is_empty() || !text.contains('{') && !named(text) || self.dialect == Dialect::User && !named(text) {
            return Err(TemplateError::Host(text.to_owned()));
        }
        self.pattern(if text.contains('{') { text } else { &lower })
    }

    fn path(&self, text: &str) -> Result<Pattern, TemplateError> {
        if self.dialect == Dialect::Catalog || !text.contains("{subid}") {
            return self.pattern(text);
        }
        // a user's segment that holds the sub-ID is a piece that may be missing
        let mut ways = vec![Vec::new()];
        for segment in text.split_inclusive('/') {
            add(&mut ways, &self.pattern(segment)?.ways[0], segment.contains("{subid}"));
        }
        Ok(Pattern { ways })
    }

    fn params(&self, text: &str) -> Result<Vec<Param>, TemplateError> {
        text.split('&').map(|piece| self.param(piece)).collect()
    }

    fn param(&self, text: &str) -> Result<Param, TemplateError> {
        let equals = outside_braces(text, "=");
        let (names, value) = equals.map_or(("", text), |at| (&text[..at], &text[at + 1..]));
        let names = match self.dialect {
            _ if names.is_empty() => Vec::new(),
            Dialect::Catalog => names.split('|').map(str::to_owned).collect(),
            Dialect::User | Dialect::Set if names.contains(['{', '}']) => {
                return Err(TemplateError::Unknown(names.to_owned()));
            }
            Dialect::User | Dialect::Set => vec![names.to_owned()],
        };
        if let Some(written) = value.strip_prefix("{=").and_then(|rest| rest.strip_suffix('}')) {
            return Ok(Param { names, value: Pattern::text(written), presence: Presence::Written });
        }
        let optional = value.strip_suffix("?}").filter(|rest| rest.starts_with('{') && !rest[1..].contains('{'));
        let demanded = value.strip_suffix("!}").filter(|_| self.dialect == Dialect::Catalog);
        let pattern = match optional.or(demanded) {
            Some(rest) => self.pattern(&format!("{rest}}}"))?,
            None => self.pattern(value)?,
        };
        let presence = if pattern.has_url() {
            if demanded.is_some() { Presence::Demanded } else { Presence::Destination }
        } else if optional.is_some() || self.dialect != Dialect::Catalog && value.contains("{subid}") {
            Presence::Optional
        } else if value.contains('{') {
            Presence::Required
        } else {
            Presence::Fixed
        };
        Ok(Param { names, value: pattern, presence })
    }

    fn pattern(&self, text: &str) -> Result<Pattern, TemplateError> {
        let mut ways = vec![Vec::new()];
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(group) = rest.strip_prefix('[').filter(|_| self.dialect == Dialect::Catalog) {
                let end = group.find(']').ok_or(TemplateError::Unbalanced('['))?;
                add(&mut ways, &self.pieces(&group[..end])?, true);
                rest = &group[end + 1..];
            } else {
                let end = rest.find('[').filter(|_| self.dialect == Dialect::Catalog).unwrap_or(rest.len());
                add(&mut ways, &self.pieces(&rest[..end])?, false);
                rest = &rest[end..];
            }
        }
        let url = |piece: &Piece| matches!(piece, Piece::Url(_));
        if let Some(early) = ways[0].iter().rev().skip(1).find(|piece| url(piece)) {
            let raw = matches!(early, Piece::Url(Encoding::Raw));
            return Err(if raw { TemplateError::NotLast } else { TemplateError::NotAtEnd });
        }
        Ok(Pattern { ways })
    }

    fn pieces(&self, text: &str) -> Result<Vec<Piece>, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            if at > 0 {
                pieces.push(Piece::Text(rest[..at].to_owned()));
            }
            let inner = rest[at..].strip_prefix('{').ok_or(TemplateError::Unbalanced('}'))?;
            let end = inner.find('}').ok_or(TemplateError::Unbalanced('{'))?;
            pieces.push(self.variable(&inner[..end])?);
            rest = &inner[end + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(pieces)
    }

    fn variable(&self, name: &str) -> Result<Piece, TemplateError> {
        let encoding = match (name, self.dialect) {
            ("url", _) => Some(Encoding::Percent),
            ("+url", _) => Some(Encoding::Raw),
            ("url:twice", Dialect::Catalog) => Some(Encoding::Twice),
            ("url:path", Dialect::Catalog) => Some(Encoding::Path),
            ("url:barepath", Dialect::Catalog) => Some(Encoding::BarePath),
            ("url:schemeless", Dialect::Catalog) => Some(Encoding::Schemeless),
            ("url:bracketed", Dialect::Catalog) => Some(Encoding::Bracketed),
            _ => None,
        };
        if let Some(encoding) = encoding {
            return Ok(Piece::Url(encoding));
        }
        let chars = if name == SUBID { Some(Chars::ANY) } else { (self.chars_of)(name) };
        let chars = chars.ok_or_else(|| TemplateError::Unknown(name.to_owned()))?;
        Ok(Piece::Capture { name: name.to_owned(), chars })
    }
}

/// Appends `pieces` to each of `ways`, and keeps those without them where they may be missing.
fn add(ways: &mut Vec<Vec<Piece>>, pieces: &[Piece], may_be_missing: bool) {
    let without = if may_be_missing { ways.clone() } else { Vec::new() };
    for way in ways.iter_mut() {
        way.extend_from_slice(pieces);
    }
    ways.extend(without);
}
