//! Sub-IDs: the token in a link that comes back in the network's report. Decides how a pattern is filled, what becomes of
//! characters that a network refuses and what is cut where it is too long; not which links get one.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::networks::Charset;
use crate::program::SubidRule;

/// The placeholders that a pattern may hold.
pub const PLACEHOLDERS: [&str; 5] = ["page", "link", "program", "product", "date"];

/// A sub-ID pattern, read: literal text and placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Page,
    Link,
    Program,
    Product,
    Date,
}

/// Why a text is no sub-ID pattern.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// A name in braces that stands for nothing.
    #[error("unknown placeholder `{{{0}}}` in a sub-ID pattern")]
    Unknown(String),
    /// A brace without its partner.
    #[error("a brace without its partner in a sub-ID pattern")]
    Brace,
    /// White space or a control character.
    #[error("white space or a control character in a sub-ID pattern")]
    Space,
}

/// What the placeholders of a pattern stand for on one link.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubidContext<'a> {
    /// The page name; a page's extension and `/index` are left out of the sub-ID.
    pub page: &'a str,
    /// The link's token, see [`link_token`].
    pub link: &'a str,
    /// The program's name.
    pub program: &'a str,
    /// The product's name; empty where the link is to none.
    pub product: &'a str,
    /// The day of the build as `2026-01-31`.
    pub date: &'a str,
}

impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.contains(|char: char| char.is_whitespace() || char.is_control()) {
            return Err(PatternError::Space);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (name, tail) = tail.split_once('}').ok_or(PatternError::Brace)?;
            push_literal(&mut parts, literal)?;
            parts.push(placeholder(name)?);
            rest = tail;
        }
        push_literal(&mut parts, rest)?;
        Ok(Self { parts })
    }
}

impl Pattern {
    /// The sub-ID for one link, in the characters and the length that `rule` allows.
    ///
    /// Characters that the network refuses become `-` or `_`, whichever it takes, else they are left out; a page whose name
    /// has no others is told by eight letters out of its hash. Where the whole is too long, `{page}` is cut first, then everything else from the end; `{link}` never. `None` where it
    /// does not fit nevertheless, or where no letter and no digit is left.
    pub fn fill(&self, context: &SubidContext<'_>, rule: &SubidRule) -> Option<String> {
        let value = |part: &Part| match part {
            Part::Page => fit_page(context.page, rule.charset),
            part => fit(part.value(context), rule.charset),
        };
        let mut values: Vec<String> = self.parts.iter().map(value).collect();
        if let Some(max_len) = rule.max_len {
            self.cut(&mut values, max_len)?;
        }
        let joined = self.join(&values);
        joined.contains(|char: char| char.is_ascii_alphanumeric()).then_some(joined)
    }

    /// Whether every link gets a sub-ID of its own by it.
    pub fn has_link(&self) -> bool {
        self.parts.contains(&Part::Link)
    }

    /// Whether it is meant to tell pages apart.
    pub fn tells_pages(&self) -> bool {
        self.has_link() || self.parts.contains(&Part::Page)
    }

    fn cut(&self, values: &mut [String], max_len: usize) -> Option<()> {
        let total: usize = values.iter().map(String::len).sum();
        let mut excess = total.saturating_sub(max_len);
        let pages = (0..values.len()).filter(|&at| self.parts[at] == Part::Page);
        let others = (0..values.len()).rev().filter(|&at| !matches!(self.parts[at], Part::Page | Part::Link));
        for at in pages.chain(others) {
            let cut = excess.min(values[at].len());
            // what fits a charset is ASCII
            let kept = values[at].get(..values[at].len() - cut).unwrap_or_default();
            // a cut right behind a separator would leave two in a row
            let kept = if cut > 0 { kept.trim_end_matches(is_separator) } else { kept }.len();
            values[at].truncate(kept);
            excess -= cut;
        }
        (excess == 0).then_some(())
    }

    /// Puts the values together; an empty one takes a separator beside it along.
    fn join(&self, values: &[String]) -> String {
        let mut joined = String::new();
        let mut gap = true;
        for (part, value) in self.parts.iter().zip(values) {
            let literal = matches!(part, Part::Literal(_));
            let value = if gap && literal { value.trim_start_matches(is_separator) } else { value };
            gap = if value.is_empty() { gap || (!literal && joined.ends_with(is_separator)) } else { false };
            joined.push_str(value);
        }
        joined.trim_matches(is_separator).to_owned()
    }
}

impl Part {
    fn value<'a>(&'a self, context: &SubidContext<'a>) -> &'a str {
        match self {
            Self::Literal(text) => text,
            Self::Page => page_token(context.page),
            Self::Link => context.link,
            Self::Program => context.program,
            Self::Product => context.product,
            Self::Date => context.date,
        }
    }
}

/// A page name as `{page}` shows it: without a page's extension and without `/index`.
pub fn page_token(page: &str) -> &str {
    let stem = match page.rsplit_once('.') {
        Some((stem, extension)) if crate::source::Format::of_extension(extension).is_some() => stem,
        _ => page,
    };
    stem.strip_suffix("/index").unwrap_or(stem)
}

/// What `{link}` stands for: eight lower-case base32 letters (RFC 4648) out of the SHA-256 of the page name, the
/// destination and which one of the page's links to it this is, 0-based.
pub fn link_token(page: &str, destination: &str, ordinal: usize) -> String {
    token(&[page, destination, &ordinal.to_string()])
}

/// Eight lower-case base32 letters (RFC 4648) out of the SHA-256 of `fields`.
fn token(fields: &[&str]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut hash = Sha256::new();
    for field in fields {
        hash.update(field);
        // NUL stands in none of the fields, so that no two rows of them run into the same bytes
        hash.update([0]);
    }
    let bits = hash.finalize().iter().take(5).fold(0_u64, |bits, &byte| (bits << 8) | u64::from(byte));
    (0..8).rev().map(|at| char::from(ALPHABET[(bits >> (at * 5)) as usize & 31])).collect()
}

fn push_literal(parts: &mut Vec<Part>, text: &str) -> Result<(), PatternError> {
    if text.contains(['{', '}']) {
        return Err(PatternError::Brace);
    }
    if !text.is_empty() {
        parts.push(Part::Literal(text.to_owned()));
    }
    Ok(())
}

fn placeholder(name: &str) -> Result<Part, PatternError> {
    Ok(match name {
        "page" => Part::Page,
        "link" => Part::Link,
        "program" => Part::Program,
        "product" => Part::Product,
        "date" => Part::Date,
        _ => return Err(PatternError::Unknown(name.to_owned())),
    })
}

/// `text` in the characters of `charset`, runs of refused ones as one separator.
fn fit(text: &str, charset: Charset) -> String {
    let mut fitted = String::with_capacity(text.len());
    let mut replaced = false;
    for char in text.chars() {
        if let Some(char) = accepted(char, charset) {
            fitted.push(char);
            replaced = false;
        } else if let Some(separator) = separator(charset)
            && !replaced
        {
            fitted.push(separator);
            replaced = true;
        }
    }
    fitted
}

/// The page's token in the characters of `charset`; one whose name has none of them left, such as a Japanese one, gets eight
/// letters out of its hash instead.
fn fit_page(page: &str, charset: Charset) -> String {
    let page = page_token(page);
    let name = page.rsplit('/').next().unwrap_or(page);
    let fitted = fit(page, charset);
    if name.is_empty() || fit(name, charset).contains(|char: char| char.is_ascii_alphanumeric()) {
        return fitted;
    }
    fitted + &token(&[page])
}

fn accepted(char: char, charset: Charset) -> Option<char> {
    [char, char.to_ascii_lowercase()].into_iter().find(|&char| charset.allows(char))
}

fn separator(charset: Charset) -> Option<char> {
    match charset {
        Charset::Unknown | Charset::Word => Some('-'),
        Charset::LowerAlphanumericUnderscore => Some('_'),
        Charset::Alphanumeric => None,
    }
}

fn is_separator(char: char) -> bool {
    matches!(char, '-' | '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONTEXT: SubidContext<'_> = SubidContext {
        page: "reviews/Été 2024/kindle.md",
        link: "abcdefg2",
        program: "amazon",
        product: "Kindle Paperwhite",
        date: "2026-01-31",
    };

    fn rule(charset: Charset, max_len: Option<usize>) -> SubidRule {
        SubidRule { max_len, charset, needs_approval: false }
    }

    fn fill(pattern: &str, charset: Charset, max_len: Option<usize>) -> Option<String> {
        pattern.parse::<Pattern>().expect("a pattern").fill(&CONTEXT, &rule(charset, max_len))
    }

    #[test]
    fn patterns_are_read_or_refused() {
        for good in ["", "site", "{page}-{link}", "{program}{product}{date}"] {
            assert!(good.parse::<Pattern>().is_ok(), "{good}");
        }
        for (bad, error) in [
            ("{pages}", PatternError::Unknown("pages".into())),
            ("{}", PatternError::Unknown(String::new())),
            ("{page", PatternError::Brace),
            ("page}", PatternError::Brace),
            ("}{page}", PatternError::Brace),
            ("{page} {link}", PatternError::Space),
        ] {
            assert_eq!(bad.parse::<Pattern>(), Err(error), "{bad}");
        }
        assert!("a{link}".parse::<Pattern>().is_ok_and(|pattern| pattern.has_link()));
        assert!("a{page}".parse::<Pattern>().is_ok_and(|pattern| !pattern.has_link()));
    }

    #[test]
    fn every_charset_gets_only_its_characters() {
        for (charset, filled) in [
            (Charset::Word, "reviews-t-2024-kindle-abcdefg2"),
            (Charset::Unknown, "reviews-t-2024-kindle-abcdefg2"),
            (Charset::Alphanumeric, "reviewst2024kindleabcdefg2"),
            (Charset::LowerAlphanumericUnderscore, "reviews_t_2024_kindle_abcdefg2"),
        ] {
            assert_eq!(fill("{page}-{link}", charset, None).as_deref(), Some(filled), "{charset:?}");
        }
        assert_eq!(
            fill("{product}.{date}", Charset::LowerAlphanumericUnderscore, None).as_deref(),
            Some("kindle_paperwhite_2026_01_31")
        );
    }

    #[test]
    fn the_page_is_cut_first_and_the_link_never() {
        for (max_len, filled) in [
            (17, Some("reviews-abcdefg2")),
            (12, Some("rev-abcdefg2")),
            (9, Some("abcdefg2")),
            (8, Some("abcdefg2")),
            (7, None),
            (0, None),
        ] {
            assert_eq!(fill("{page}-{link}", Charset::Word, Some(max_len)).as_deref(), filled, "{max_len}");
        }
        assert_eq!(fill("x{page}.{date}", Charset::Word, Some(6)).as_deref(), Some("x-2026"));
        assert_eq!(fill("{program}-{date}", Charset::Word, Some(3)).as_deref(), Some("ama"));
    }

    #[test]
    fn what_is_empty_takes_its_separator_along() {
        let context = SubidContext { product: "", ..CONTEXT };
        let fill = |pattern: &str, context: &SubidContext<'_>| {
            pattern.parse::<Pattern>().expect("a pattern").fill(context, &rule(Charset::Word, None))
        };
        assert_eq!(fill("{program}-{product}-{link}", &context).as_deref(), Some("amazon-abcdefg2"));
        assert_eq!(fill("{product}-{link}", &context).as_deref(), Some("abcdefg2"));
        assert_eq!(fill("{link}_{product}", &context).as_deref(), Some("abcdefg2"));
        assert_eq!(fill("{product}", &context), None);
        assert_eq!(fill("{product}", &SubidContext { product: "日本", ..CONTEXT }), None);
        assert_eq!(fill("", &context), None);
    }

    #[test]
    fn page_names_lose_extension_and_index() {
        for (page, token) in [
            ("a/b.md", "a/b"),
            ("a/index.html", "a"),
            ("index.md", "index"),
            ("a/v1.2", "a/v1.2"),
            ("a/v1.2.MDX", "a/v1.2"),
            ("a/reindex.md", "a/reindex"),
        ] {
            assert_eq!(page_token(page), token);
        }
    }

    #[test]
    fn pages_whose_names_have_no_letters_for_a_network_are_told_apart() {
        let fill = |page: &str, charset| {
            let context = SubidContext { page, ..CONTEXT };
            "{page}".parse::<Pattern>().expect("a pattern").fill(&context, &rule(charset, None)).expect("filled")
        };
        let (tea, kettle) = (fill("ブログ/お茶.md", Charset::Word), fill("ブログ/やかん.md", Charset::Word));
        assert_ne!(tea, kettle);
        assert!(tea.len() == 8 && fill("blog/お茶.md", Charset::Word).starts_with("blog-"), "{tea}");
        assert_eq!(fill("blog/お茶2.md", Charset::Alphanumeric), "blog2");
        assert!(fill("お茶.md", Charset::Alphanumeric).chars().all(|char| char.is_ascii_alphanumeric()));
    }

    #[test]
    fn link_tokens_are_stable_and_tell_links_apart() {
        let token = link_token("a.md", "https://shop.example/x", 0);
        assert_eq!(token, "h2kotu3v");
        let others = [
            link_token("b.md", "https://shop.example/x", 0),
            link_token("a.md", "https://shop.example/y", 0),
            link_token("a.md", "https://shop.example/x", 1),
        ];
        assert!(others.iter().all(|other| *other != token && other.len() == 8));
    }

    proptest! {
        #[test]
        fn never_too_long_and_never_a_foreign_character(
            page in ".{0,40}", product in ".{0,20}", max_len in proptest::option::of(0_usize..40), which in 0_usize..4,
            pattern in proptest::sample::select(vec!["{page}-{link}", "{page}", "{link}{product}", "é{date}_{page}-{product}"]),
        ) {
            let charset = [Charset::Unknown, Charset::Alphanumeric, Charset::LowerAlphanumericUnderscore, Charset::Word][which];
            let context = SubidContext { page: &page, product: &product, ..CONTEXT };
            let pattern: Pattern = pattern.parse().expect("a pattern");
            if let Some(filled) = pattern.fill(&context, &rule(charset, max_len)) {
                prop_assert!(filled.chars().all(|char| accepted(char, charset) == Some(char)), "{filled}");
                prop_assert!(max_len.is_none_or(|max_len| filled.len() <= max_len));
                prop_assert!(!pattern.has_link() || filled.contains(CONTEXT.link));
            }
        }
    }
}
