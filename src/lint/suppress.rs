//! What a page's author says is not to be reported: comments and attributes. Decides which findings they are about; what front
//! matter and configuration say is in the rules' settings already.
//!
//! ```text
//! <!-- affilink-ignore-next-line RULE... -- reason -->   the next block, or the next link in the same paragraph
//! <!-- affilink-ignore-start RULE... -- reason --> ... <!-- affilink-ignore-end RULE... -->
//! <!-- affilink-ignore-file RULE... -- reason -->
//! <a data-affilink-ignore="RULE..." href="...">
//! ```

use super::text::attribute;
use super::{Finding, Fix, Found, Page, RULES, Remedy, registry};
use crate::config::lint::{Level, RuleSetting};
use crate::document::AttributeSyntax;
use crate::document::outline::{BlockKind, Comment, Outline, Shown};
use crate::span::Span;

/// The name of the attribute.
const ATTRIBUTE: &str = "data-affilink-ignore";
/// What every comment of this kind begins with.
const PREFIX: &str = "affilink-ignore";

/// The findings of a page after suppression.
#[derive(Debug, Default)]
pub struct Suppressed {
    /// Those that are left, and those about suppressions themselves, by where they stand.
    pub findings: Vec<Finding>,
    /// How many were suppressed.
    pub count: usize,
}

/// Takes the suppressed ones out of `findings`, those of `page`, and adds what is wrong with the suppressions. `settings` are
/// those of the page's rules; `stages_run` says whether a rule (by index) was run at all.
pub fn apply(
    page: &Page<'_>,
    settings: &[RuleSetting],
    findings: Vec<Finding>,
    was_run: &dyn Fn(usize) -> bool,
) -> Suppressed {
    let mut read = Reader { page, settings, suppressions: Vec::new(), findings: Vec::new() };
    read.comments();
    read.attributes();
    let Reader { mut suppressions, findings: about, .. } = read;
    let mut result = Suppressed { findings: about, count: 0 };
    for finding in findings {
        let hit = suppressions.iter_mut().find(|known| known.rule == finding.rule && known.scope.holds(&finding));
        match hit {
            Some(suppression) => {
                suppression.used = true;
                result.count += 1;
            }
            None => result.findings.push(finding),
        }
    }
    result.findings.extend(unused(page, settings, &suppressions, was_run));
    result.findings.sort_by_key(|finding| (finding.found.span, finding.rule));
    result
}

/// One rule that is suppressed somewhere.
#[derive(Debug)]
struct Suppression {
    rule: &'static str,
    scope: Scope,
    /// The comment or attribute.
    at: Span,
    /// Whether the whole of `at` is a comment that says nothing else.
    alone: bool,
    used: bool,
}

#[derive(Clone, Copy, Debug)]
enum Scope {
    File,
    Within(Span),
}

impl Scope {
    fn holds(self, finding: &Finding) -> bool {
        match self {
            Self::File => true,
            Self::Within(span) => {
                let at = finding.found.span.start;
                span.start <= at && at < span.end.max(span.start + 1)
            }
        }
    }
}

struct Reader<'r, 'p> {
    page: &'r Page<'p>,
    settings: &'r [RuleSetting],
    suppressions: Vec<Suppression>,
    findings: Vec<Finding>,
}

impl Reader<'_, '_> {
    fn comments(&mut self) {
        let Some(outline) = &self.page.document.outline else { return };
        // for each rule, where its open `start` stands
        let mut open: Vec<(&'static str, Comment)> = Vec::new();
        for comment in &outline.comments {
            let body = comment.body.of(self.page.text).trim();
            let Some(rest) = body.strip_prefix(PREFIX) else { continue };
            let mut words = rest
                .split(|c: char| c.is_whitespace() || c == ',')
                .filter(|word| !word.is_empty())
                .take_while(|word| *word != "--");
            let form = words.next().unwrap_or_default();
            let names: Vec<&str> = words.collect();
            let known = self.rules(&names, comment.span);
            if names.is_empty() {
                self.bad(comment.span, "a suppression without a rule".to_owned(), "name the rules that it is about");
            }
            let alone = known.len() == 1 && names.len() == 1;
            match form {
                "-next-line" => {
                    let scope = Scope::Within(next(outline, self.page, *comment));
                    self.add(&known, scope, comment.span, alone);
                }
                "-file" => self.add(&known, Scope::File, comment.span, alone),
                "-start" => open.extend(known.into_iter().map(|rule| (rule, *comment))),
                "-end" => {
                    for rule in known {
                        let Some(at) = open.iter().rposition(|(other, _)| *other == rule) else {
                            let message = format!("`affilink-ignore-end {rule}` ends nothing");
                            self.bad(comment.span, message, "put `affilink-ignore-start` before it");
                            continue;
                        };
                        let (_, start) = open.remove(at);
                        let scope = Scope::Within(Span::new(start.span.start, comment.span.end));
                        self.add(&[rule], scope, start.span, false);
                    }
                }
                _ => {
                    let message = format!("`{PREFIX}{form}` is no suppression");
                    self.bad(comment.span, message, "there are `-next-line`, `-start`, `-end` and `-file`");
                }
            }
        }
        for (rule, start) in open {
            let message = format!("`affilink-ignore-start {rule}` without its end");
            self.bad(start.span, message, "put `affilink-ignore-end` behind what it is about");
            let scope = Scope::Within(Span::new(start.span.start, self.page.text.len()));
            self.suppressions.push(Suppression { rule, scope, at: start.span, alone: false, used: true });
        }
    }

    fn attributes(&mut self) {
        for link in &self.page.document.links {
            let tag = link.attributes.as_ref().filter(|attributes| attributes.syntax == AttributeSyntax::Tag);
            let Some(tag) = tag.filter(|tag| tag.span.of(self.page.text).contains(ATTRIBUTE)) else { continue };
            let Some(said) = attribute(tag.span.of(self.page.text), ATTRIBUTE) else { continue };
            let names: Vec<&str> =
                said.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
            let known = self.rules(&names, tag.span);
            self.add(&known, Scope::Within(link.element), tag.span, false);
        }
    }

    /// The rules called `names`; of one that does not exist, a finding.
    fn rules(&mut self, names: &[&str], at: Span) -> Vec<&'static str> {
        let mut known = Vec::new();
        for name in names {
            if let Some(rule) = registry::find(name) {
                known.push(rule.spec.name);
                continue;
            }
            let near = crate::config::nearest(name, RULES.iter().map(|rule| rule.spec.name));
            let help = near.map_or("`affilink rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            self.bad(at, format!("there is no rule `{name}`"), &help);
        }
        known
    }

    fn add(&mut self, rules: &[&'static str], scope: Scope, at: Span, alone: bool) {
        let each = |&rule: &&'static str| Suppression { rule, scope, at, alone, used: false };
        self.suppressions.extend(rules.iter().map(each));
    }

    fn bad(&mut self, at: Span, message: String, help: &str) {
        self.findings.extend(finding("bad-suppression", self.settings, Found::new(at, message).help(help)));
    }
}

/// What a comment speaks of that is about the next thing: the rest of its paragraph's next link if it stands in one, else
/// the next block.
fn next(outline: &Outline, page: &Page<'_>, comment: Comment) -> Span {
    let block = outline.block_at(comment.span.start);
    let holder = outline.blocks.get(block);
    let is_inline = holder.is_some_and(|holder| {
        let texts = outline.texts.iter().filter(|text| holder.span.contains(text.span) && text.block == block);
        !matches!(holder.kind, BlockKind::Html | BlockKind::Page | BlockKind::Box | BlockKind::Article)
            && texts.into_iter().any(|text| text.shown != Shown::Obstacle && !text.span.of(page.text).trim().is_empty())
    });
    if is_inline {
        let links = &page.document.links;
        let after = links.partition_point(|link| link.element.start < comment.span.end);
        return links.get(after).map_or(Span::at(comment.span.end), |link| link.element);
    }
    let after = outline.blocks.partition_point(|block| block.span.start < comment.span.end);
    // an HTML comment is a block of Markdown itself
    outline.blocks.get(after).map_or(Span::at(comment.span.end), |block| block.span)
}

fn unused(
    page: &Page<'_>,
    settings: &[RuleSetting],
    suppressions: &[Suppression],
    was_run: &dyn Fn(usize) -> bool,
) -> Vec<Finding> {
    let runs = |name: &str| {
        let index = RULES.iter().position(|rule| rule.spec.name == name);
        index.is_some_and(|index| was_run(index) && settings.get(index).is_some_and(|set| set.level != Level::Off))
    };
    let mut findings = Vec::new();
    for suppression in suppressions.iter().filter(|known| !known.used && runs(known.rule)) {
        let mut found =
            Found::new(suppression.at, format!("nothing here needs `{}` to be suppressed", suppression.rule))
                .help("take it out");
        if suppression.alone {
            let span = whole_line(page.text, suppression.at);
            found = found.fix(Fix::safe("take the comment out", Remedy::Delete { span }));
        }
        findings.extend(finding("unused-suppression", settings, found));
    }
    findings
}

/// `span` with the rest of its line if it stands alone there.
fn whole_line(text: &str, span: Span) -> Span {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at + 1);
    let alone = text[start..span.start].trim().is_empty() && text[span.end..end].trim().is_empty();
    if alone { Span::new(start, end) } else { span }
}

/// `found` as a finding of the rule called `name`; `None` where that is off.
fn finding(name: &str, settings: &[RuleSetting], found: Found) -> Option<Finding> {
    let index = RULES.iter().position(|rule| rule.spec.name == name)?;
    let level = settings.get(index)?.level;
    let rule = RULES.get(index)?;
    (level != Level::Off).then_some(Finding { rule: rule.spec.name, level, found, of_page: false })
}
