//! The list of all rules, in the order of the reference. Decides nothing else.

use super::rules::{
    ambiguous_link_text, bad_placement, bad_subid, bad_suppression, bare_url_text, cloaked_link, competing_programs,
    duplicate_tracking, ended_program, ending_program, foreign_affiliate_id, insecure_scheme, late_disclosure,
    link_density, link_run, link_text_ratio, missing_disclosure, missing_program_statement, missing_rel,
    needless_disclosure, no_referrer, opaque_short_link, page_overload, paragraph_overload, relative_merchant_link,
    repeated_destination, static_price, subid_personal_data, tracking_on_internal_link, unmonetized_link, unsafe_url,
    unused_product, unused_program, unused_suppression, vague_link_text, weak_disclosure, wrong_store_id,
};
use super::{Rule, RuleSpec};
use crate::config::lint::{Level, RuleSetting};

macro_rules! rules {
    ($($module:ident,)+) => {
        /// Every rule.
        pub static RULES: &[&Rule] = &[$(&$module::RULE,)+];

        /// What the configuration knows of every rule, in the same order.
        pub static SPECS: &[&RuleSpec] = &[$(&$module::RULE.spec,)+];
    };
}

rules! {
    missing_disclosure,
    late_disclosure,
    weak_disclosure,
    missing_program_statement,
    missing_rel,
    foreign_affiliate_id,
    duplicate_tracking,
    wrong_store_id,
    unmonetized_link,
    ended_program,
    ending_program,
    insecure_scheme,
    opaque_short_link,
    cloaked_link,
    no_referrer,
    tracking_on_internal_link,
    subid_personal_data,
    bad_subid,
    unsafe_url,
    relative_merchant_link,
    link_density,
    page_overload,
    paragraph_overload,
    link_run,
    repeated_destination,
    link_text_ratio,
    bad_placement,
    vague_link_text,
    bare_url_text,
    ambiguous_link_text,
    unused_suppression,
    bad_suppression,
    unused_program,
    unused_product,
    competing_programs,
    needless_disclosure,
    static_price,
}

/// The rule called `name` and how `settings` (in the order of [`RULES`]) say that it is run; `None` where it is off or there
/// is none.
pub fn running<'s>(settings: &'s [RuleSetting], name: &str) -> Option<(&'static Rule, &'s RuleSetting)> {
    let known = RULES.iter().copied().zip(settings).find(|(rule, _)| rule.spec.name == name);
    known.filter(|(_, setting)| setting.level != Level::Off)
}

/// The rule called `name`.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.spec.name == name)
}
