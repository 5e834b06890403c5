//! A problem in a text of the user's, shown on the user's own line. Decides how it is rendered and what is made harmless
//! for a terminal; not what a problem is, nor where the text goes.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::source::Lines;
use crate::span::Span;

/// The most problems that are rendered; the rest is counted.
const MAX_SHOWN: usize = 100;
/// The longest line shown, in bytes; of a longer one the position alone is given.
const MAX_LINE: usize = 2_000;

/// One problem, with its place and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The bytes that it is about.
    pub span: Span,
    /// What is wrong: lower case, no full stop, the offending value in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Renders `problems` of the file `name` that holds `text`, in the order given, with a blank line between them.
///
/// Control and direction characters, whether of the file or quoted in a message, never come out as they are.
pub fn render(name: &str, text: &str, problems: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let lines = Lines::of(text);
    let name = harmless(name);
    let shown = problems.iter().take(MAX_SHOWN).map(|problem| render_one(&renderer, &name, text, &lines, problem));
    let mut whole = shown.collect::<Vec<_>>().join("\n\n");
    if let Some(more) = problems.len().checked_sub(MAX_SHOWN).filter(|&more| more > 0) {
        let _ = write!(whole, "\n\nand {more} more");
    }
    whole
}

/// `text` with every control and direction character as an escape such as `\u{202e}`.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if is_harmful(char) {
            escaped.extend(char.escape_unicode());
        } else {
            escaped.push(char);
        }
    }
    Cow::Owned(escaped)
}

fn render_one(renderer: &Renderer, name: &str, text: &str, lines: &Lines<'_>, problem: &Diagnostic) -> String {
    let message = harmless(&problem.message);
    let (line, column) = lines.position(problem.span.start.min(text.len()));
    let line_span = lines.span_of(line).unwrap_or_default();
    let title = Level::ERROR.primary_title(message);
    let mut group = if line_span.len() > MAX_LINE {
        title.element(Origin::path(name).line(line).char_column(column))
    } else {
        let (shown, caret) = shown_line(line_span, text, problem.span);
        let snippet = Snippet::source(shown).line_start(line).path(name);
        title.element(snippet.annotation(AnnotationKind::Primary.span(caret.into())))
    };
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    renderer.render(&[group])
}

/// The line with harmful characters replaced one for one, so that columns stay, and the part of `span` that lies on it.
fn shown_line(line: Span, text: &str, span: Span) -> (String, Span) {
    let mut shown = String::with_capacity(line.len());
    let (mut start, mut end) = (None, None);
    for (at, char) in line.of(text).char_indices() {
        let at = line.start + at;
        if at >= span.start {
            start.get_or_insert(shown.len());
        }
        if at >= span.end {
            end.get_or_insert(shown.len());
        }
        shown.push(if is_harmful(char) && char != '\t' { '\u{fffd}' } else { char });
    }
    let start = start.unwrap_or(shown.len());
    (shown.clone(), Span::new(start, end.unwrap_or(shown.len()).max(start)))
}

/// Control characters, and those that turn the direction of text, hide or break lines (CVE-2021-42574).
fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_stands_on_its_line() {
        let text = "version: 1\nprogramms:\n";
        let problem = Diagnostic::new(Span::new(11, 20), "unknown key `programms`").help("did you mean `programs`?");
        assert_eq!(
            render("a.yaml", text, &[problem], false),
            "error: unknown key `programms`\n --> a.yaml:2:1\n  |\n2 | programms:\n  | ^^^^^^^^^\n  |\n  = help: did you mean `programs`?"
        );
    }

    #[test]
    fn nothing_harmful_reaches_the_terminal() {
        let text = "a: \u{1b}[31m\u{202e}x\u{9b}\r\nb";
        let problem = Diagnostic::new(Span::new(3, 4), "bad `\u{1b}[2J\u{202e}`").help("not \u{7}");
        let rendered = render("\u{1b}x", text, std::slice::from_ref(&problem), false);
        assert!(!rendered.contains(|char: char| is_harmful(char) && char != '\n'), "{rendered:?}");
        assert!(rendered.contains(":1:4"), "{rendered}");
        assert!(rendered.contains(r"bad `\u{1b}[2J\u{202e}`"), "{rendered}");
        assert!(render("x", text, &[problem], true).contains('\u{1b}'), "colour is ours");
    }

    #[test]
    fn any_span_can_be_shown() {
        let text = "é: ü\n\nlast";
        for (span, place) in [
            (Span::at(0), ":1:1"),
            (Span::new(0, text.len()), ":1:1"),
            (Span::at(7), ":2:1"),
            (Span::at(text.len()), ":3:5"),
            (Span::at(text.len() + 9), ":3:5"),
        ] {
            let rendered = render("x", text, &[Diagnostic::new(span, "bad")], false);
            assert!(rendered.contains(place), "{span:?}: {rendered}");
        }
        assert!(render("x", "", &[Diagnostic::new(Span::at(0), "bad")], false).contains("x:1:1"));
    }

    #[test]
    fn many_problems_and_long_lines_stay_short() {
        let long = "x".repeat(100_000);
        let problems = vec![Diagnostic::new(Span::new(5, 6), "bad"); 5_000];
        let rendered = render("f", &long, &problems, false);
        assert!(rendered.len() < 10_000 && rendered.contains("f:1:6"), "{}", rendered.len());
        assert!(rendered.ends_with("and 4900 more"));
    }
}
