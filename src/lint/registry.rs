//! The list of all rules, in the order of the reference. Decides nothing else.

use super::rules::missing_rel;
use super::{Rule, RuleSpec};

/// Every rule.
pub static RULES: &[&Rule] = &[&missing_rel::RULE];

/// What the configuration knows of every rule, in the same order.
pub static SPECS: &[&RuleSpec] = &[&missing_rel::RULE.spec];

/// The rule called `name`.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.spec.name == name)
}
