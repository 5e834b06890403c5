//! Problems while they are collected, and the places they are at. Decides how values are quoted in messages and what is
//! suggested in place of a misspelt word.

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::yaml::{Kind, Node};

/// The longest word for which another is suggested, in bytes; the comparison takes time by its square.
const MAX_SUGGESTED: usize = 64;
/// The most characters of a value that a message quotes.
const MAX_QUOTED: usize = 60;

/// Every problem found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Diagnostic>);

impl Findings {
    /// Adds a problem.
    pub(super) fn push(&mut self, span: Span, message: impl Into<String>) {
        self.0.push(Diagnostic::new(span, message));
    }

    /// Adds a problem and the way out.
    pub(super) fn push_help(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Diagnostic::new(span, message).help(help));
    }

    /// Adds all of `other`.
    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Whether one of them is about bytes of `span`.
    pub(super) fn touch(&self, span: Span) -> bool {
        self.0.iter().any(|finding| finding.span.start <= span.end && span.start <= finding.span.end)
    }

    /// Adds the first `most` of `others`.
    pub(super) fn append_first(&mut self, others: Self, most: usize) {
        self.0.extend(others.0.into_iter().take(most));
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the file's order.
    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by_key(|finding| finding.span.start);
        self.0
    }
}

/// A value of the file that may be missing; then the place is that of the nearest value around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'n> {
    node: Option<&'n Node>,
    around: Span,
}

impl<'n> Place<'n> {
    /// The place of `node`.
    pub(super) fn of(node: &'n Node) -> Self {
        Self { node: Some(node), around: node.span }
    }

    /// The value under `key`; where there is none, the key of the map itself.
    pub(super) fn key(self, key: &str) -> Self {
        let pair = self.pair(key);
        Self { node: pair.map(|(_, value)| value), around: pair.map_or(self.around, |(name, _)| name.span) }
    }

    /// Item `index` of a list; of a value that is no list, the value itself.
    pub(super) fn item(self, index: usize) -> Self {
        match self.node.and_then(|node| node.items().get(index)) {
            Some(item) => Self::of(item),
            None => self,
        }
    }

    /// The bytes of the value.
    pub(super) fn span(self) -> Span {
        self.node.map_or(self.around, |node| node.span)
    }

    /// The bytes of the name under which the value stands; of the value itself where it has none.
    pub(super) fn name_span(self) -> Span {
        self.around
    }

    /// The value.
    pub(super) fn node(self) -> Option<&'n Node> {
        self.node
    }

    /// Whether the file has the value.
    pub(super) fn is_given(self) -> bool {
        self.node.is_some()
    }

    /// Whether nothing in the value was wrong, so that what is missing is missing in the file as well.
    pub(super) fn is_complete(self) -> bool {
        self.node.is_some_and(|node| !node.decorated)
    }

    /// Whether every key of the map was read, whatever its value was, so that a key that is missing is missing in the
    /// file as well.
    pub(super) fn has_all_keys(self) -> bool {
        let wrong = |node: &Node| node.kind == Kind::Alias;
        self.node.is_some_and(|node| !wrong(node) && !node.pairs().iter().any(|(name, _)| wrong(name)))
    }

    fn pair(self, key: &str) -> Option<&'n (Node, Node)> {
        self.node?.pairs().iter().find(|(name, _)| name.scalar() == Some(key))
    }
}

/// `value` in backticks, cut where it is long.
pub(super) fn quoted(value: &str) -> String {
    if value.is_empty() {
        return "the empty text".into();
    }
    let value = value.replace('`', "'");
    match value.char_indices().nth(MAX_QUOTED) {
        Some((at, _)) => format!("`{}...`", value.get(..at).unwrap_or_default()),
        None => format!("`{value}`"),
    }
}

/// "did you mean", where one of `known` is near `word`.
pub(super) fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// The word of `known` that is nearest to `word`; `None` where none is near.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > MAX_SUGGESTED {
        return None;
    }
    let word = word.to_lowercase().replace('-', "_");
    let limit = (word.chars().count() / 3).max(1);
    let near = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&word, &known.to_lowercase().replace('-', "_")), known));
    near.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// The words as a sentence has them: `a`, `b` or `c`.
pub(super) fn listed<'w>(words: impl IntoIterator<Item = &'w str>, last: &str) -> String {
    let mut words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.pop() {
        Some(end) if words.is_empty() => end,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near_or_none() {
        let known = ["programs", "partners", "on_refused", "html"];
        for (word, near) in [
            ("programms", Some("programs")),
            ("Programs", Some("programs")),
            ("on-refused", Some("on_refused")),
            ("htlm", Some("html")),
            ("products", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, known), near, "{word}");
        }
        assert_eq!(nearest(&"p".repeat(100), known), None);
    }

    #[test]
    fn words_and_values_are_quoted() {
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(quoted("a`b"), "`a'b`");
        assert_eq!(quoted(&"é".repeat(70)).chars().count(), MAX_QUOTED + 5);
    }

    #[test]
    fn places_fall_back_to_what_is_around() {
        let text = "a:\n  b: [x, y]\n  c: z\n";
        let root = crate::yaml::parse(text).expect("valid").expect("a document");
        let a = Place::of(&root).key("a");
        assert_eq!(a.key("b").item(1).span().of(text), "y");
        assert_eq!(a.key("c").item(5).span().of(text), "z");
        assert_eq!(a.key("c").name_span().of(text), "c");
        assert_eq!(a.key("missing").span().of(text), "a");
        assert!(!a.key("missing").is_given() && a.key("c").is_given());
    }
}
