//! `affilink rules`.

use affilink::config::nearest;
use affilink::lint::{RULES, Rule, docs, registry};
use affilink::printable::printable;
use anyhow::Context as _;

use crate::cli::args::Rules;
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(args: &Rules) -> anyhow::Result<ExitStatus> {
    let text = match &args.name {
        Some(name) => docs::page(registry::find(name).with_context(|| unknown(name))?),
        None => table(),
    };
    Session::print(&text)?;
    Ok(ExitStatus::Done)
}

/// The rule nearest to `word`.
pub(crate) fn suggestion(word: &str) -> Option<&'static str> {
    nearest(word, RULES.iter().map(|rule| rule.spec.name))
}

fn unknown(name: &str) -> String {
    let help =
        suggestion(name).map_or("`affilink rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    format!("there is no rule `{}`; {help}", printable(name))
}

fn table() -> String {
    let width = RULES.iter().map(|rule| rule.spec.name.len()).max().unwrap_or(0);
    let line =
        |rule: &&Rule| format!("{:<width$}  {:<5}  {}\n", rule.spec.name, rule.spec.level.name(), docs::summary(rule));
    RULES.iter().map(line).collect()
}
