//! Too many affiliate links or external links on one page.
//!
//! ## Why
//!
//! A page with dozens of paid links is a catalog, and is read as one. The thresholds are editorial: no search engine names a limit.  On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! These were worth a look:
//! [Kettle 1](https://www.amazon.com/dp/B000000001?tag=mysite-20),
//! [Kettle 2](https://www.amazon.com/dp/B000000002?tag=mysite-20),
//! [Kettle 3](https://www.amazon.com/dp/B000000003?tag=mysite-20),
//! [Kettle 4](https://www.amazon.com/dp/B000000004?tag=mysite-20),
//! [Kettle 5](https://www.amazon.com/dp/B000000005?tag=mysite-20),
//! [Kettle 6](https://www.amazon.com/dp/B000000006?tag=mysite-20),
//! [Kettle 7](https://www.amazon.com/dp/B000000007?tag=mysite-20),
//! [Kettle 8](https://www.amazon.com/dp/B000000008?tag=mysite-20),
//! [Kettle 9](https://www.amazon.com/dp/B000000009?tag=mysite-20),
//! [Kettle 10](https://www.amazon.com/dp/B000000010?tag=mysite-20),
//! [Kettle 11](https://www.amazon.com/dp/B000000011?tag=mysite-20),
//! [Kettle 12](https://www.amazon.com/dp/B000000012?tag=mysite-20),
//! [Kettle 13](https://www.amazon.com/dp/B000000013?tag=mysite-20),
//! [Kettle 14](https://www.amazon.com/dp/B000000014?tag=mysite-20),
//! [Kettle 15](https://www.amazon.com/dp/B000000015?tag=mysite-20),
//! [Kettle 16](https://www.amazon.com/dp/B000000016?tag=mysite-20),
//! [Kettle 17](https://www.amazon.com/dp/B000000017?tag=mysite-20),
//! [Kettle 18](https://www.amazon.com/dp/B000000018?tag=mysite-20),
//! [Kettle 19](https://www.amazon.com/dp/B000000019?tag=mysite-20),
//! [Kettle 20](https://www.amazon.com/dp/B000000020?tag=mysite-20),
//! [Kettle 21](https://www.amazon.com/dp/B000000021?tag=mysite-20),
//! [Kettle 22](https://www.amazon.com/dp/B000000022?tag=mysite-20),
//! [Kettle 23](https://www.amazon.com/dp/B000000023?tag=mysite-20),
//! [Kettle 24](https://www.amazon.com/dp/B000000024?tag=mysite-20),
//! [Kettle 25](https://www.amazon.com/dp/B000000025?tag=mysite-20),
//! [Kettle 26](https://www.amazon.com/dp/B000000026?tag=mysite-20).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! These were worth a look:
//! [Kettle 1](https://www.amazon.com/dp/B000000001?tag=mysite-20),
//! [Kettle 2](https://www.amazon.com/dp/B000000002?tag=mysite-20).
//! ```
//!
//! ## Not reported
//!
//! Links in navigation, front matter and shortcodes; up to 60 affiliate links on a roundup. A page without an affiliate link that has too many external links is `info` at most: a list of links that earns nothing is no fault.

use super::overload;
use crate::config::lint::{Level, OptionDefault, OptionSpec, RuleSetting, RuleSpec};
use crate::lint::{Found, Page, Rule, Stage};

pub(in crate::lint) static RULE: Rule = Rule {
    spec: RuleSpec {
        name: "page-overload",
        level: Level::Warn,
        options: &[
            OptionSpec {
                name: "affiliate",
                default: OptionDefault::Number(25.0),
                meaning: "Affiliate links of a page.",
            },
            OptionSpec {
                name: "external",
                default: OptionDefault::Number(100.0),
                meaning: "External links of a page.",
            },
            OptionSpec {
                name: "roundup",
                default: OptionDefault::Number(60.0),
                meaning: "Affiliate links of a roundup.",
            },
        ],
    },
    stage: Stage::Built,
    of_page: true,
    source: include_str!("page_overload.rs"),
    check,
};

fn check(page: &Page<'_>, _: &RuleSetting, found: &mut Vec<Found>) {
    overload::report(page, overload::Rule::PageOverload, found);
}
