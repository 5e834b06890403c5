//! The documentation of rules, read from the module comments of their files. Decides how a rule's page is laid out.

use std::fmt::Write as _;

use super::{RULES, Rule};
use crate::config::lint::OptionDefault;

/// What a rule's file says of it: the module comment, its marks taken off. Markdown.
pub fn text(rule: &Rule) -> String {
    let mut text = String::new();
    for line in rule.source.lines().map_while(|line| line.strip_prefix("//!")) {
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
}

/// The first sentence of [`text`].
pub fn summary(rule: &Rule) -> String {
    let text = text(rule);
    let first = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    first.trim().to_owned()
}

/// The rule's page: its name, level, text and options. Markdown.
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {}\n\nDefault level: `{}`\n\n{}", rule.spec.name, rule.spec.level.name(), text(rule));
    if !rule.spec.options.is_empty() {
        page.push_str("\n## Options\n\n| option | default | meaning |\n|---|---|---|\n");
        for option in rule.spec.options {
            let _ = writeln!(page, "| `{}` | `{}` | {} |", option.name, default(option.default), option.meaning);
        }
    }
    page
}

/// The reference of all rules, one Markdown page.
pub fn reference() -> String {
    let mut all = "# The rules of affilink check\n\nMade from the rules themselves; `affilink rules NAME` shows one. Levels and options are set in `lint.rules`, see the\n[README](../README.md#checking).\n\n| rule | level | reports |\n|---|---|---|\n".to_owned();
    for rule in RULES {
        let name = rule.spec.name;
        let _ = writeln!(all, "| [{name}](#{name}) | {} | {} |", rule.spec.level.name(), summary(rule));
    }
    for rule in RULES {
        let mut fenced = false;
        all.push('\n');
        for line in page(rule).lines() {
            fenced ^= line.starts_with("```");
            // one page: a rule's headings are a level deeper
            let deeper = if line.starts_with('#') && !fenced { "#" } else { "" };
            let _ = writeln!(all, "{deeper}{line}");
        }
    }
    all
}

/// The examples of a rule under the heading `## Bad` or `## Good`: language and text of each fenced block.
pub fn examples(rule: &Rule, heading: &str) -> Vec<(String, String)> {
    let text = text(rule);
    let mut examples = Vec::new();
    let mut section = "";
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match &mut open {
            Some(_) if line == "```" => examples.extend(open.take().filter(|_| section == heading)),
            Some((_, example)) => {
                example.push_str(line);
                example.push('\n');
            }
            None => match (line.strip_prefix("## "), line.strip_prefix("```")) {
                (Some(heading), _) => section = heading,
                (None, Some(language)) => open = Some((language.to_owned(), String::new())),
                (None, None) => {}
            },
        }
    }
    examples
}

fn default(default: OptionDefault) -> String {
    match default {
        OptionDefault::Number(number) => number.to_string(),
        OptionDefault::Choice(words) => words.first().copied().unwrap_or_default().to_owned(),
        OptionDefault::Texts(texts) => format!("[{}]", texts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::SPECS;

    #[test]
    fn every_rule_is_documented_and_listed_once() {
        assert_eq!(RULES.len(), SPECS.len());
        for (rule, spec) in RULES.iter().zip(SPECS) {
            let name = rule.spec.name;
            assert!(std::ptr::eq(&raw const rule.spec, *spec), "{name} stands in another order in SPECS");
            assert_eq!(RULES.iter().filter(|other| other.spec.name == name).count(), 1, "{name} is listed twice");
            let text = text(rule);
            for heading in ["## Why", "## Bad", "## Good", "## Not reported"] {
                assert!(text.contains(heading), "{name} has no `{heading}`");
            }
            assert!(summary(rule).ends_with('.') && summary(rule).len() < 200, "{name}: {}", summary(rule));
            assert!(!examples(rule, "Bad").is_empty() && !examples(rule, "Good").is_empty(), "{name} has no examples");
            assert!(page(rule).contains(&format!("Default level: `{}`", spec.level.name())));
        }
    }
}
