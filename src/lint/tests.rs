//! Every rule on the examples of its own documentation: the bad ones are found, the good ones are not.

use crate::config::lint::Judged;
use crate::config::{Config, ConfigEnv};
use crate::lint::{RULES, SPECS, Stage, docs};
use crate::pipeline::build::setup;
use crate::pipeline::check::{Checking, page_findings};
use crate::source::Format;

const CONFIG: &str = "\
version: 1
site: {url: https://mysite.example}
programs:
  amazon: {network: amazon, tag: mysite-20, tags: {amazon.de: mysite-21}}
  shop: {network: awin, awinaffid: 2, awinmid: 1, domains: [shop.example], priority: 5}
  track: {domains: [shop.example], template: \"https://track.example/c?u={url}\"}
  ebay: {network: ebay, campid: 5338000001}
  gone: {domains: [gone.example], template: \"https://ended.example/c?u={url}\", status: ended}
  soon: {domains: [soon.example], template: \"https://ending.example/c?u={url}\", ends: 2026-06-20}
links: {redirects: {from: [go.csv]}}
lint: {rules: {competing-programs: warn, needless-disclosure: warn, static-price: warn}}
";

/// The rules that find something on `text`, written as it stands.
fn found(text: &str, language: &str) -> Vec<&'static str> {
    let read_file = |_: &str| Ok("from,to\n/go/kettle,https://www.amazon.com/dp/B000000001?tag=mysite-20\n".to_owned());
    let date = "2026-06-01".parse().expect("a date");
    let env = ConfigEnv { date, read_file: &read_file, rules: SPECS };
    let config = Config::read("x", CONFIG, &env).unwrap_or_else(|error| panic!("{error}"));
    let (format, page) = if language == "html" { (Format::Html, "page.html") } else { (Format::Markdown, "page.md") };
    let setup = setup(&config, None, "2026-06-01");
    let checking = Checking { setup, configured: true, judged: Judged::Written, date, with_edits: false };
    let findings =
        page_findings(text.as_bytes(), format, page, checking).unwrap_or_else(|outcome| panic!("{outcome:?}"));
    findings.findings.iter().map(|finding| finding.shown.rule).collect()
}

#[test]
fn rules_find_their_bad_examples_and_leave_their_good_ones_alone() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let name = rule.spec.name;
        for (heading, wanted) in [("Bad", true), ("Good", false)] {
            for (language, text) in docs::examples(rule, heading) {
                let site_wide = rule.stage == Stage::Site && language == "yaml";
                if !site_wide && found(&text, &language).contains(&name) != wanted {
                    wrong.push(format!("{name}: {heading}: {:?}\n{text}", found(&text, &language)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What each rule finds, beyond its examples: `fixtures/lint/RULE/{bad,good}*.{md,html}`, cases between lines of `===`.
#[test]
fn rules_find_the_bad_fixtures_and_leave_the_good_ones_alone() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lint");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for folder in std::fs::read_dir(&root).expect("the fixtures") {
        let folder = folder.expect("a folder").path();
        let name = folder.file_name().and_then(std::ffi::OsStr::to_str).expect("a rule's name").to_owned();
        assert!(RULES.iter().any(|rule| rule.spec.name == name), "fixtures/lint/{name} is no rule's");
        for file in std::fs::read_dir(&folder).expect("files") {
            let path = file.expect("a file").path();
            let part = |part: Option<&std::ffi::OsStr>| part.and_then(std::ffi::OsStr::to_str).unwrap_or("").to_owned();
            let (stem, language) = (part(path.file_stem()), part(path.extension()));
            assert!(["bad", "good"].contains(&stem.as_str()), "{}", path.display());
            let text = std::fs::read_to_string(&path).expect("text");
            for case in text.split("\n===\n") {
                cases += 1;
                let rules = found(case, &language);
                if rules.contains(&name.as_str()) != (stem == "bad") {
                    wrong.push(format!("{name}/{stem}.{language}: {rules:?}\n{case}"));
                }
            }
        }
    }
    assert!(cases > 40, "{cases} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
