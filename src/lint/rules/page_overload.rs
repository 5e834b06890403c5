//! Too many affiliate links or external links on one page.
//!
//! ## Why
//!
//! A page with dozens of paid links is a catalog, and is read as one. The thresholds are editorial: no search engine names a limit. On a page that is over its budget as a whole there is
//! one finding that names all of its figures, and paragraphs and sentences are left out.
//!
//! ## Bad
//!
//! ```markdown
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20), and all that we know of tea is here:
//! [1](https://tea.example/1), [2](https://tea.example/2), [3](https://tea.example/3), [4](https://tea.example/4), [5](https://tea.example/5), [6](https://tea.example/6), [7](https://tea.example/7), [8](https://tea.example/8), [9](https://tea.example/9), [10](https://tea.example/10),
//! [11](https://tea.example/11), [12](https://tea.example/12), [13](https://tea.example/13), [14](https://tea.example/14), [15](https://tea.example/15), [16](https://tea.example/16), [17](https://tea.example/17), [18](https://tea.example/18), [19](https://tea.example/19), [20](https://tea.example/20),
//! [21](https://tea.example/21), [22](https://tea.example/22), [23](https://tea.example/23), [24](https://tea.example/24), [25](https://tea.example/25), [26](https://tea.example/26), [27](https://tea.example/27), [28](https://tea.example/28), [29](https://tea.example/29), [30](https://tea.example/30),
//! [31](https://tea.example/31), [32](https://tea.example/32), [33](https://tea.example/33), [34](https://tea.example/34), [35](https://tea.example/35), [36](https://tea.example/36), [37](https://tea.example/37), [38](https://tea.example/38), [39](https://tea.example/39), [40](https://tea.example/40),
//! [41](https://tea.example/41), [42](https://tea.example/42), [43](https://tea.example/43), [44](https://tea.example/44), [45](https://tea.example/45), [46](https://tea.example/46), [47](https://tea.example/47), [48](https://tea.example/48), [49](https://tea.example/49), [50](https://tea.example/50),
//! [51](https://tea.example/51), [52](https://tea.example/52), [53](https://tea.example/53), [54](https://tea.example/54), [55](https://tea.example/55), [56](https://tea.example/56), [57](https://tea.example/57), [58](https://tea.example/58), [59](https://tea.example/59), [60](https://tea.example/60),
//! [61](https://tea.example/61), [62](https://tea.example/62), [63](https://tea.example/63), [64](https://tea.example/64), [65](https://tea.example/65), [66](https://tea.example/66), [67](https://tea.example/67), [68](https://tea.example/68), [69](https://tea.example/69), [70](https://tea.example/70),
//! [71](https://tea.example/71), [72](https://tea.example/72), [73](https://tea.example/73), [74](https://tea.example/74), [75](https://tea.example/75), [76](https://tea.example/76), [77](https://tea.example/77), [78](https://tea.example/78), [79](https://tea.example/79), [80](https://tea.example/80),
//! [81](https://tea.example/81), [82](https://tea.example/82), [83](https://tea.example/83), [84](https://tea.example/84), [85](https://tea.example/85), [86](https://tea.example/86), [87](https://tea.example/87), [88](https://tea.example/88), [89](https://tea.example/89), [90](https://tea.example/90),
//! [91](https://tea.example/91), [92](https://tea.example/92), [93](https://tea.example/93), [94](https://tea.example/94), [95](https://tea.example/95), [96](https://tea.example/96), [97](https://tea.example/97), [98](https://tea.example/98), [99](https://tea.example/99), [100](https://tea.example/100).
//! ```
//!
//! ## Good
//!
//! ```markdown
//! We use [a kettle](https://www.amazon.com/dp/B000000001?tag=mysite-20), and all that we know of tea is here:
//! [1](https://tea.example/1), [2](https://tea.example/2) and [3](https://tea.example/3).
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
