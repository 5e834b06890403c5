//! A product of the configuration that no page names or links.
//!
//! ## Why
//!
//! Its name may be misspelt. Found in runs over the whole site only.
//!
//! ## Bad
//!
//! ```yaml
//! products: [{name: Ketle, url: https://shop.example/kettle}]
//! ```
//!
//! ## Good
//!
//! ```yaml
//! products: [{name: Kettle, url: https://shop.example/kettle}]
//! ```
//!
//! ## Not reported
//!
//! Products from a file of products: of a long list most stand on no page.

use crate::config::lint::{Level, RuleSetting, RuleSpec};

use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec { name: "unused-product", level: Level::Info, options: &[] },
    stage: Stage::Site,
    of_page: false,
    source: include_str!("unused_product.rs"),
    check,
};

fn check(_: &Page<'_>, _: &RuleSetting, _: &mut Vec<Found>) {}
