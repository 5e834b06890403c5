//! What a page's author says is not to be reported: comments and attributes. Decides which findings they are about; what front
//! matter and configuration say is in the rules' settings already.
//!
//! ```text
//! <!-- affilink-ignore-next-line RULE... -- reason -->   the next block, or the next link in the same paragraph
//! <!-- affilink-ignore-start RULE... -- reason --> ... <!-- affilink-ignore-end -->      or its RULEs, to end some of them
//! <!-- affilink-ignore-file RULE... -- reason -->
//! <a data-affilink-ignore="RULE..." href="...">          on any element: what stands in it; in attribute lists, too
//! ```

use std::collections::BTreeMap;

use super::text::tags;
use super::{Finding, Fix, Found, Page, RULES, Remedy, registry};
use crate::config::lint::RuleSetting;
use crate::document::html::attribute;
use crate::document::outline::{BlockKind, Comment, IGNORING, Outline, Shown, Text};
use crate::document::{AttributeSyntax, directive};
use crate::span::Span;

/// What every comment of this kind begins with.
const PREFIX: &str = "affilink-ignore";

/// What it goes on with.
const FORMS: [&str; 4] = ["-next-line", "-start", "-end", "-file"];

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
    if let Some(outline) = &page.document.outline {
        read.comments(outline);
        read.attributes(outline);
    }
    let Reader { mut suppressions, findings: about, .. } = read;
    let mut result = Suppressed { findings: about, count: 0 };
    let mut known = Known::of(&mut suppressions);
    let mut findings = findings;
    findings.sort_by_key(|finding| (finding.found.span, finding.rule));
    let groups: Vec<&[Finding]> =
        findings.chunk_by(|one, other| (one.found.span, one.rule) == (other.found.span, other.rule)).collect();
    let users = Users::of(page);
    // one place for each finding, and for what stands in a definition one for each link that uses it
    let places = groups.iter().enumerate().filter_map(|(index, group)| Some((index, group.first()?)));
    let mut places: Vec<(usize, usize)> = places
        .flat_map(|(index, finding)| {
            let at = finding.found.span.start;
            std::iter::once(at).chain(users.at(page, at).iter().copied()).map(move |at| (at, index))
        })
        .collect();
    places.sort_unstable();
    let mut is_held = vec![false; groups.len()];
    for (at, index) in places {
        is_held[index] |= known.holds(&mut suppressions, groups[index][0].rule, at);
    }
    let is_held: Vec<bool> =
        groups.iter().zip(is_held).flat_map(|(group, held)| group.iter().map(move |_| held)).collect();
    for (finding, is_held) in findings.into_iter().zip(is_held) {
        if is_held {
            result.count += usize::from(!finding.found.quiet);
        } else {
            result.findings.push(finding);
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
    /// What it is about.
    scope: Span,
    /// The comment or start tag.
    at: Span,
    /// Whether the whole of `at` is a comment that says nothing else.
    alone: bool,
    used: bool,
}

/// Suppressions by rule, for findings that come by where they start.
#[derive(Debug, Default)]
struct Known {
    /// By rule: those whose scope has not begun, the last first, and those whose scope has, the innermost last; as indices.
    rules: BTreeMap<&'static str, (Vec<usize>, Vec<usize>)>,
}

impl Known {
    fn of(suppressions: &mut [Suppression]) -> Self {
        suppressions.sort_by_key(|suppression| suppression.scope.start);
        let mut known = Self::default();
        for (index, suppression) in suppressions.iter().enumerate().rev() {
            known.rules.entry(suppression.rule).or_default().0.push(index);
        }
        known
    }

    /// Whether one of them is about a finding of `rule` at byte `at`, which then is used.
    fn holds(&mut self, suppressions: &mut [Suppression], rule: &str, at: usize) -> bool {
        let Some((waiting, begun)) = self.rules.get_mut(rule) else { return false };
        begun.extend(std::iter::from_fn(|| waiting.pop_if(|next| suppressions[*next].scope.start <= at)));
        while begun.pop_if(|last| suppressions[*last].scope.end <= at).is_some() {}
        let Some(innermost) = begun.last().and_then(|&last| suppressions.get_mut(last)) else { return false };
        innermost.used = true;
        true
    }
}

/// For each definition, where the links that use it stand.
struct Users(Vec<Vec<usize>>);

impl Users {
    fn of(page: &Page<'_>) -> Self {
        let mut users = vec![Vec::new(); page.document.definitions.len()];
        for link in &page.document.links {
            if let Some(users) = link.definition.and_then(|definition| users.get_mut(definition)) {
                users.push(link.element.start);
            }
        }
        Self(users)
    }

    /// Where the links stand that use the definition with byte `at`.
    fn at(&self, page: &Page<'_>, at: usize) -> &[usize] {
        let definitions = &page.document.definitions;
        let behind = definitions.partition_point(|definition| definition.span.start <= at);
        let index = behind.checked_sub(1).filter(|&index| at < definitions[index].span.end);
        index.map_or(&[], |index| &self.0[index])
    }
}

struct Reader<'r, 'p> {
    page: &'r Page<'p>,
    settings: &'r [RuleSetting],
    suppressions: Vec<Suppression>,
    findings: Vec<Finding>,
}

impl Reader<'_, '_> {
    fn comments(&mut self, outline: &Outline) {
        let places = Places::of(self.page, outline);
        // by rule, where its open `start`s stand
        let mut open: BTreeMap<&'static str, Vec<Span>> = BTreeMap::new();
        for comment in &outline.comments {
            let body = comment.body.of(self.page.text).trim();
            let Some(rest) = body.strip_prefix(PREFIX) else {
                self.switch(body, comment.span);
                continue;
            };
            let (form, rest) = rest.split_at(rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len()));
            if !FORMS.contains(&form) {
                let message = format!("`{PREFIX}{form}` is no suppression");
                self.bad(
                    comment.span,
                    message,
                    &format!("there are `{PREFIX}{}`", FORMS.join(&format!("`, `{PREFIX}"))),
                );
                continue;
            }
            let names: Vec<&str> = words(rest).take_while(|word| *word != "--").collect();
            if form == "-end" && names.is_empty() {
                self.end_last(&mut open, comment.span);
                continue;
            }
            let known = self.rules(&names, comment.span);
            // several rules are several findings: one fix cannot take the whole comment out
            let alone = known.len() == 1 && names.len() == 1;
            match form {
                "-next-line" => self.add(&known, places.next(*comment), comment.span, alone),
                "-file" => self.add(&known, self.whole(), comment.span, alone),
                "-start" => known.into_iter().for_each(|rule| open.entry(rule).or_default().push(comment.span)),
                _ => {
                    for rule in known {
                        let Some(start) = open.get_mut(rule).and_then(Vec::pop) else {
                            let message = format!("`affilink-ignore-end {rule}` ends nothing");
                            self.bad(comment.span, message, "put `affilink-ignore-start` before it");
                            continue;
                        };
                        self.add(&[rule], Span::new(start.start, comment.span.end), start, false);
                    }
                }
            }
        }
        for (rule, start) in open.into_iter().flat_map(|(rule, starts)| starts.into_iter().map(move |at| (rule, at))) {
            let message = format!("`affilink-ignore-start {rule}` without its end");
            self.bad(start, message, "put `affilink-ignore-end` behind what it is about");
            let scope = Span::new(start.start, self.page.text.len());
            self.suppressions.push(Suppression { rule, scope, at: start, alone: false, used: true });
        }
    }

    /// Ends at the comment `end` what the last `start` that is open began, all of its rules.
    fn end_last(&mut self, open: &mut BTreeMap<&'static str, Vec<Span>>, end: Span) {
        let Some(start) = open.values().filter_map(|starts| starts.last()).max().copied() else {
            self.bad(end, "`affilink-ignore-end` ends nothing".to_owned(), "put `affilink-ignore-start` before it");
            return;
        };
        let rules: Vec<&str> =
            open.iter_mut().filter_map(|(rule, starts)| starts.pop_if(|last| *last == start).map(|_| *rule)).collect();
        self.add(&rules, Span::new(start.start, end.end), start, false);
    }

    /// A comment that looks like one that switches edits off or on, and does not.
    fn switch(&mut self, body: &str, at: Span) {
        let word = body.split_ascii_whitespace().next().unwrap_or_default();
        if (word.starts_with("affilink-") || means_switch(body)) && directive::read(body).is_none() {
            let message = format!("`{word}` switches nothing off or on");
            self.bad(
                at,
                message,
                "there are `affilink-off`, `affilink-on` and `affilink-ignore-next-line` and its like",
            );
        }
    }

    /// The whole page: what stands at its very end, too.
    fn whole(&self) -> Span {
        Span::new(0, self.page.text.len() + 1)
    }

    fn attributes(&mut self, outline: &Outline) {
        let links = &self.page.document.links;
        let tags = links.iter().filter_map(|link| {
            let tag = link.attributes.as_ref()?;
            tag.span.of(self.page.text).contains(IGNORING).then_some((tag, link.element))
        });
        let mut found: Vec<(Span, Span, Option<String>)> = Vec::new();
        for (list, element) in tags {
            let text = list.span.of(self.page.text);
            let said = match list.syntax {
                AttributeSyntax::Tag => attribute(text, IGNORING).map(std::borrow::Cow::into_owned),
                _ => in_list(text),
            };
            found.push((list.span, element, said));
        }
        for &element in &outline.ignoring {
            let is_link = links.binary_search_by_key(&element.start, |link| link.element.start).is_ok();
            let Some(tag) = tags_of(element.of(self.page.text)).filter(|_| !is_link) else { continue };
            let said = attribute(tag, IGNORING).map(std::borrow::Cow::into_owned);
            found.push((Span::new(element.start, element.start + tag.len()), element, said));
        }
        for (at, element, said) in found {
            let Some(said) = said else { continue };
            let known = self.rules(&words(&said).collect::<Vec<_>>(), at);
            self.add(&known, element, at, false);
        }
    }

    /// The rules called `names`; of one that does not exist, a finding.
    fn rules(&mut self, names: &[&str], at: Span) -> Vec<&'static str> {
        let mut known = Vec::new();
        if names.is_empty() {
            self.bad(at, "a suppression without a rule".to_owned(), "name the rules that it is about");
        }
        for name in names {
            if let Some(rule) = registry::find(name) {
                if !known.contains(&rule.spec.name) {
                    known.push(rule.spec.name);
                }
                continue;
            }
            let near = crate::config::nearest(name, RULES.iter().map(|rule| rule.spec.name));
            let help = near.map_or("`affilink rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            self.bad(at, format!("there is no rule `{name}`"), &help);
        }
        known
    }

    fn add(&mut self, rules: &[&'static str], scope: Span, at: Span, alone: bool) {
        let each = |&rule: &&'static str| Suppression { rule, scope, at, alone, used: false };
        self.suppressions.extend(rules.iter().map(each));
    }

    fn bad(&mut self, at: Span, message: String, help: &str) {
        self.findings.extend(finding("bad-suppression", self.settings, Found::new(at, message).help(help)));
    }
}

/// Whether a comment is meant to switch something: `affilink off`, `affilink: ignore`. Others only speak of affilink.
fn means_switch(body: &str) -> bool {
    let Some(rest) = body.strip_prefix("affilink") else { return false };
    let said = rest.trim_start_matches([' ', ':', '=', '_']);
    let end = said.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(said.len());
    said.len() < rest.len() && SWITCHES.contains(&said.get(..end).unwrap_or_default())
}

/// Words by which tools are switched, affilink's own and others'.
const SWITCHES: [&str; 7] = ["disable", "enable", "ignore", "off", "on", "skip", "stop"];

/// What is said in a list of rules: they stand apart by blanks or commas.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
}

/// The start tag of `element`, which begins with it.
fn tags_of(element: &str) -> Option<&str> {
    tags(element).next().filter(|tag| element.starts_with(tag))
}

/// What the attribute list of a Markdown link says to ignore: `{: data-affilink-ignore="RULE"}`.
fn in_list(list: &str) -> Option<String> {
    let rest = list.split_once(IGNORING)?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => rest[1..].split(quote).next(),
        None => rest.split([' ', '\t', '}']).next(),
    };
    value.map(str::to_owned)
}

/// Where comments stand that are about the next thing.
struct Places<'p> {
    page: &'p Page<'p>,
    outline: &'p Outline,
    /// For each block, whether a reader sees something that stands in it and in no block inside it.
    has_text: Vec<bool>,
}

impl<'p> Places<'p> {
    fn of(page: &'p Page<'p>, outline: &'p Outline) -> Self {
        let mut has_text = vec![false; outline.blocks.len()];
        if !outline.comments.is_empty() {
            let seen = |text: &&Text| text.shown != Shown::Obstacle && !text.span.of(page.text).trim().is_empty();
            for text in outline.texts.iter().filter(seen) {
                has_text[text.block] = true;
            }
        }
        Self { page, outline, has_text }
    }

    /// What `comment` speaks of: the next link if it stands in a paragraph's text, else the next block.
    fn next(&self, comment: Comment) -> Span {
        // a definition is in no block
        let definitions = &self.page.document.definitions;
        let after = definitions.partition_point(|definition| definition.span.start < comment.span.end);
        let between = |end: usize| self.page.text.get(comment.span.end..end).unwrap_or_default();
        if let Some(next) = definitions.get(after).filter(|next| between(next.span.start).trim().is_empty()) {
            return next.span;
        }
        let block = self.outline.block_at(comment.span.start);
        let holds_blocks = self.outline.blocks.get(block).is_none_or(|block| {
            matches!(block.kind, BlockKind::Html | BlockKind::Page | BlockKind::Box | BlockKind::Article)
        });
        if !holds_blocks && self.has_text.get(block) == Some(&true) {
            let links = &self.page.document.links;
            let after = links.partition_point(|link| link.element.start < comment.span.end);
            return links.get(after).map_or(Span::at(comment.span.end), |link| link.element);
        }
        let after = self.outline.blocks.partition_point(|block| block.span.start < comment.span.end);
        // an HTML comment is a block of Markdown itself
        self.outline.blocks.get(after).map_or(Span::at(comment.span.end), |block| block.span)
    }
}

fn unused(
    page: &Page<'_>,
    settings: &[RuleSetting],
    suppressions: &[Suppression],
    was_run: &dyn Fn(usize) -> bool,
) -> Vec<Finding> {
    let runs = |name: &str| {
        let index = RULES.iter().position(|rule| rule.spec.name == name);
        index.is_some_and(was_run) && registry::running(settings, name).is_some()
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
    let blank = [' ', '\t', '\r'];
    let start = text[..span.start].trim_end_matches(blank).len();
    let rest = text[span.end..].trim_start_matches(blank);
    let end = text.len() - rest.len();
    let alone = (start == 0 || text[..start].ends_with('\n')) && (rest.is_empty() || rest.starts_with('\n'));
    if alone { Span::new(start, (end + 1).min(text.len())) } else { span }
}

/// `found` as a finding of the rule called `name`; `None` where that is off.
fn finding(name: &str, settings: &[RuleSetting], found: Found) -> Option<Finding> {
    let (rule, setting) = registry::running(settings, name)?;
    Some(Finding { rule: rule.spec.name, level: setting.level, found, of_page: false })
}
