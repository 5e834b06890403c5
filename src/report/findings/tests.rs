//! Every format over ordinary and hostile findings: `fixtures/report/` holds what comes out; `AFFILINK_BLESS=1` writes it anew.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::config::lint::{OptionSpec, RuleSpec};
use crate::lint::{Rule, Stage};
use crate::report::finding::{Fix, Position};

static RULE: Rule = Rule {
    spec: RuleSpec { name: "missing-rel", level: Level::Error, options: &[] as &[OptionSpec] },
    stage: Stage::Built,
    of_page: false,
    source: "//! A link that says nothing.\n//!\n//! ## Why\n//!\n//! Search engines\n//! ask.\n//!\n//! ## Bad\n\nuse x;\n",
    check: |_, _, _| {},
};
static SILENT: Rule = Rule {
    spec: RuleSpec { name: "static-price", level: Level::Off, options: &[] as &[OptionSpec] },
    stage: Stage::Built,
    of_page: false,
    source: "//! A price.\n",
    check: |_, _, _| {},
};

/// On `line`, from the code point `from` to `to`, both 0-based.
fn finding(
    path: &str,
    rule: &'static str,
    level: Level,
    number: usize,
    line: &str,
    (from, to): (usize, usize),
) -> Finding {
    let position = |column: usize| {
        let bytes = line.chars().take(column).map(char::len_utf8).sum::<usize>();
        Position { line: number, column: column + 1, byte_column: bytes + 1, offset: 100 * number + bytes }
    };
    Finding {
        path: path.to_owned(),
        rule,
        level,
        start: position(from),
        end: position(to),
        message: format!("something is wrong with `{rule}`"),
        help: None,
        fix: None,
        fingerprint: format!("{rule:x<20}"),
        line: line.to_owned(),
    }
}

trait With: Sized {
    fn with(self, change: impl FnOnce(&mut Self)) -> Self;
}

impl With for Finding {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

fn samples() -> Vec<Finding> {
    let link = "Buy <a href=\"https://shop.example/?tag=x-20\">the kettle</a> now";
    let foreign = "\t東京の [やかん](https://shop.example/dp/1?tag=other-20) here";
    let evil = "x \u{1b}[31m\u{202e}##[error]y ::error::z";
    vec![
        finding("::error::first.md", "foreign-affiliate-id", Level::Error, 1, evil, (2, 9)).with(|finding| {
            finding.message = "`##[error]forged` ##vso[task.complete] ##teamcity[x] 100%0Aof".to_owned();
        }),
        finding("a\n::error::pwn,b:c%0A.md", "foreign-affiliate-id", Level::Warn, 2, evil, (2, 9)).with(|finding| {
            finding.message =
                "credits `\u{1b}[2J\n::error::x]]>|<script>` and [y](https://evil.example) @all `".to_owned();
            finding.help = Some("=cmd() \u{202e}\u{e0001}\u{ffff}\r\n::warning::z & \"q\" 'r'".to_owned());
        }),
        finding("posts/a b/kettles.md", "missing-rel", Level::Error, 3, link, (4, 59)).with(|finding| {
            finding.help = Some("add `sponsored` to its `rel`".to_owned());
            let place = Position { line: 3, column: 7, byte_column: 7, offset: 306 };
            let edits = vec![(place, place, " rel=\"sponsored\"".to_owned())];
            finding.fix = Some(Fix { safe: true, what: "add `sponsored`".to_owned(), edits });
        }),
        finding("posts/a b/kettles.md", "foreign-affiliate-id", Level::Error, 9, foreign, (5, 10)).with(|finding| {
            let (from, to) = (finding.start, finding.end);
            let edits = vec![(from, from, "<b>".to_owned()), (to, to, "</b>".to_owned())];
            finding.fix = Some(Fix { safe: false, what: "mark it".to_owned(), edits });
        }),
        finding("posts/a b/kettles.md", "link-density", Level::Warn, 12, "", (0, 0)),
        finding("posts/a b/kettles.md", "vague-link-text", Level::Warn, 20, "zero width", (4, 4)),
        finding("posts/a b/kettles.md", "vague-link-text", Level::Warn, 21, "e\u{301}\u{200d} at [the", (7, 11))
            .with(|finding| finding.end = Position { line: 22, column: 3, byte_column: 3, offset: 2210 }),
        finding("z.html", "ambiguous-link-text", Level::Info, 1, "Check price", (0, 5)),
    ]
}

fn figures(findings: &[Finding]) -> Figures {
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    Figures {
        pages: 40,
        built: 30,
        errors: of(Level::Error),
        warnings: of(Level::Warn),
        infos: of(Level::Info),
        baselined: 7,
        suppressed: 2,
    }
}

fn options() -> Options {
    Options { version: "0.0.0", ..Options::default() }
}

fn written(format: Format, findings: &[Finding]) -> String {
    write(format, findings, &figures(findings), &options())
}

fn parsed(format: Format, findings: &[Finding]) -> Value {
    serde_json::from_str(&written(format, findings)).expect("JSON")
}

#[test]
fn every_format_is_as_its_fixture() {
    let findings = samples();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report");
    let mut made: Vec<_> = Format::ALL.iter().map(|&format| (format.name(), written(format, &findings))).collect();
    // the rules' own texts are not this fixture's business
    made.retain(|(name, _)| *name != "sarif");
    made.push(("sarif", sarif::log(&findings, &options(), &[&SILENT, &RULE])));
    made.push(("summary", job_summary(&findings, &figures(&findings), &options())));
    let ends = [("json", "json"), ("rdjson", "json"), ("gitlab", "json"), ("junit", "xml"), ("summary", "md")];
    for (name, text) in made {
        let end = ends.iter().find(|(of, _)| *of == name).map_or("txt", |(_, end)| end);
        let path = folder.join(format!("{name}.{}", if name == "sarif" { "json" } else { end }));
        if std::env::var_os("AFFILINK_BLESS").is_some() {
            std::fs::write(&path, &text).expect("written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, text, "{name}: AFFILINK_BLESS=1 writes it anew");
    }
}

#[test]
fn formats_are_named() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
        assert!(!format.about().is_empty());
        let output = format!("{format}=out=1.txt").parse::<Output>();
        assert_eq!(output, Ok(Output { format, file: Some("out=1.txt".into()) }));
    }
    for (text, says) in [
        ("sariff", "`sariff` is no format; did you mean `sarif`?"),
        ("checkstyle=x", "`checkstyle` is no format; the formats are `full`, `concise`, `json`"),
        ("json=", "`json=` names no file; write `json=FILE`"),
        ("", "`` is no format; the formats are"),
        ("\u{1b}[2J", "`\\u{1b}[2J` is no format"),
    ] {
        let error = text.parse::<Output>().expect_err(text).to_string();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn the_last_line_says_what_fails() {
    let figures = Figures { pages: 2, errors: 3, warnings: 12, ..Figures::default() };
    let line = |figures: &Figures, change: &dyn Fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        last_line(&[], figures, &options)
    };
    let not = "3 errors, 12 warnings (warnings do not fail: use --fail-on warn); judged as written";
    assert_eq!(line(&figures, &|_| {}), not);
    assert_eq!(line(&figures, &|options| options.fail_on = Level::Warn), "3 errors, 12 warnings; judged as written");
    for (most, says) in [(11, "(more than --max-warnings 11)"), (12, "(up to 12 warnings do not fail)")] {
        let line = line(&figures, &|options| options.max_warnings = Some(most));
        assert_eq!(line, format!("3 errors, 12 warnings {says}; judged as written"));
    }
    let one = Figures { pages: 1, built: 1, errors: 1, infos: 2, ..Figures::default() };
    assert_eq!(line(&one, &|_| {}), "1 error, 0 warnings, 2 infos; judged as built");
    let clean = Figures { pages: 3, built: 2, suppressed: 1, ..Figures::default() };
    assert_eq!(line(&clean, &|_| {}), "no findings on 3 pages; 1 suppressed; 2 pages judged as built, 1 as written");
    assert!(full(&samples(), &super::tests::figures(&samples()), &options()).ends_with(
        "3 errors, 4 warnings (warnings do not fail: use --fail-on warn), 1 info; 1 fixable with --fix, 1 more with \
         --unsafe-fixes; 7 in the baseline; 2 suppressed; 30 pages judged as built, 10 as written\n"
    ));
}

#[test]
fn what_fails_follows_the_flags() {
    let figures = Figures { warnings: 5, ..Figures::default() };
    let with = |fail_on, max_warnings| Options { fail_on, max_warnings, ..options() };
    assert!(with(Level::Error, None).fails(Level::Error, &figures));
    assert!(!with(Level::Error, None).fails(Level::Warn, &figures));
    assert!(with(Level::Warn, None).fails(Level::Warn, &figures));
    assert!(with(Level::Error, Some(4)).fails(Level::Warn, &figures));
    assert!(!with(Level::Error, Some(4)).fails(Level::Info, &figures));
    assert!(!with(Level::Error, Some(5)).fails(Level::Warn, &figures));
}

/// `number` findings of `rule`, `per_page` on a page.
fn many(rule: &'static str, level: Level, number: usize, per_page: usize) -> Vec<Finding> {
    let page = |index: usize| format!("{rule}-{:06}.md", index / per_page);
    (0..number).map(|index| finding(&page(index), rule, level, index % per_page + 1, "a line", (2, 6))).collect()
}

#[test]
fn full_shows_a_few_of_each_rule() {
    let shown = |findings: &[Finding], all| {
        let text = full(findings, &figures(findings), &Options { all, ..options() });
        (text.matches(" --> ").count(), text)
    };
    let (three, text) = shown(&many("bad-subid", Level::Error, 9, 9), false);
    assert!(three == 3 && text.contains("\n+6 more (--all)\n"), "{text}");
    let mut findings = many("bad-subid", Level::Error, 300, 10);
    findings.extend(many("late-disclosure", Level::Error, 1, 1));
    let (shown_of_many, text) = shown(&findings, false);
    assert!(shown_of_many == 21 && text.contains("\n+280 more (--all)\n"), "{text}");
    assert!(text.contains("error[late-disclosure]"), "a rule does not hide another");
    assert!(text.contains("--write-baseline"), "{text}");
    let (whole, text) = shown(&findings, true);
    assert!(whole == 301 && !text.contains("(--all)"));
    let options = Options { baseline: true, ..options() };
    assert!(!full(&findings, &figures(&findings), &options).contains("--write-baseline"));
}

#[test]
fn carets_stand_under_what_is_meant() {
    let caret = |finding: Finding| {
        let text = full(&[finding], &Figures::default(), &options());
        let mut lines = text.lines().skip_while(|line| !line.contains(" | "));
        let line = lines.next().unwrap_or_default().split_once("| ").map_or("", |(_, line)| line).to_owned();
        let caret = lines.next().unwrap_or_default().split_once("| ").map_or("", |(_, caret)| caret).to_owned();
        (line, caret)
    };
    for (line, span, shown, expected) in [
        ("ab cd ef", (3, 5), "ab cd ef", "   ^^"),
        ("\tab", (1, 2), "    ab", "    ^"),
        ("東京 x", (3, 4), "東京 x", "     ^"),
        ("東京 x", (0, 2), "東京 x", "^^^^"),
        ("e\u{301} x", (3, 4), "e\u{301} x", "  ^"),
        ("ab", (1, 1), "ab", " ^"),
        ("ab", (2, 2), "ab", "  ^"),
        ("a\u{1b}b", (2, 3), "a\u{fffd}b", "  ^"),
        ("a##[error]b", (10, 11), "a#\u{fffd}[error]b", "          ^"),
    ] {
        let got = caret(finding("p.md", "missing-rel", Level::Warn, 4, line, span));
        assert_eq!(got, (shown.to_owned(), expected.to_owned()), "{line:?}");
    }
    let beyond = finding("p.md", "missing-rel", Level::Warn, 4, "ab", (50, 60));
    assert!(
        full(&[beyond], &Figures::default(), &options()).contains("p.md:4:"),
        "a place beyond the line is shown somehow"
    );
    let colored = full(&samples(), &Figures::default(), &Options { color: true, ..options() });
    assert!(colored.contains("\u{1b}["), "colour is ours");
}

#[test]
fn json_has_exactly_the_promised_fields() {
    let findings = samples();
    let text = written(Format::Json, &findings);
    let item = text.lines().nth(3).expect("the third finding");
    assert_eq!(
        item,
        "{\"rule\":\"missing-rel\",\"level\":\"error\",\"path\":\"posts/a b/kettles.md\",\"line\":3,\"column\":5,\"end_line\":3,\
         \"end_column\":60,\"message\":\"something is wrong with `missing-rel`\",\"help\":\"add `sponsored` to its `rel`\",\
         \"fixable\":true},"
    );
    let json = parsed(Format::Json, &findings);
    assert_eq!(json["version"], 1);
    assert_eq!(json["summary"], serde_json::json!({"pages": 40, "findings": 8, "errors": 3, "warnings": 4}));
    for (item, finding) in json["findings"].as_array().expect("a list").iter().zip(&findings) {
        assert_eq!(item["path"], finding.path);
        assert_eq!(item["message"], finding.message);
        assert_eq!(item["help"].as_str(), finding.help.as_deref());
    }
    let summary = r#"{"pages":0,"findings":0,"errors":0,"warnings":0}"#;
    let empty = write(Format::Json, &[], &Figures::default(), &options());
    assert_eq!(empty, format!("{{\"version\":1,\"findings\":[],\"summary\":{summary}}}\n"));
}

#[test]
fn sarif_is_what_the_standard_asks_for() {
    let findings = samples();
    let text = sarif::log(&findings, &options(), &[&SILENT, &RULE]);
    let log: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["rules"][0]["defaultConfiguration"], serde_json::json!({"enabled": false}));
    let rule = &driver["rules"][1];
    assert_eq!(rule["shortDescription"]["text"], "A link that says nothing.");
    assert_eq!(rule["fullDescription"]["text"], "Search engines ask.");
    assert!(rule["help"]["markdown"].as_str().is_some_and(|text| text.starts_with("# missing-rel\n")));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0], serde_json::json!({"executionSuccessful": true}));
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        assert_eq!(result["ruleId"], finding.rule);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        match result["ruleIndex"].as_u64() {
            Some(index) => assert_eq!(driver["rules"][index as usize]["id"], finding.rule),
            None => assert_ne!(finding.rule, "missing-rel"),
        }
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty() && !text.contains(" [y](")));
        assert_eq!(result["partialFingerprints"]["affilinkFinding/v1"], finding.fingerprint);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
        assert_eq!(percent_encoding::percent_decode_str(uri).decode_utf8_lossy(), finding.path);
        for (name, number) in place["region"].as_object().expect("a region") {
            assert!(number.as_u64().is_some_and(|number| number > 0), "{name}");
        }
    }
    let fix = &results[2]["fixes"][0]["artifactChanges"][0];
    assert_eq!(fix["artifactLocation"], results[2]["locations"][0]["physicalLocation"]["artifactLocation"]);
    assert_eq!(fix["replacements"][0]["insertedContent"]["text"], " rel=\"sponsored\"");
    assert_eq!(results[3]["fixes"][0]["artifactChanges"][0]["replacements"].as_array().map(Vec::len), Some(2));
    assert!(results[4].get("fixes").is_none());
    let absolute = finding("/tmp/x y.md", "missing-rel", Level::Warn, 1, "", (0, 0));
    let text = sarif(&[absolute], &Figures::default(), &options());
    assert!(text.contains("\"artifactLocation\":{\"uri\":\"file:///tmp/x%20y.md\"}"), "{text}");
    assert!(parsed(Format::Sarif, &[])["runs"][0]["results"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn sarif_keeps_the_gravest_of_too_many() {
    let mut findings = many("a-warning", Level::Warn, 25_001, 5);
    findings.extend(many("b-error", Level::Error, 4, 2));
    let log = parsed(Format::Sarif, &findings);
    let results = log["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.iter().filter(|result| result["ruleId"] == "b-error").count(), 4);
    assert_eq!(results[24_999]["ruleId"], "b-error", "the order stays");
    let notice = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    let text = "5 of 25005 findings left out, the least grave: GitHub takes 25000";
    assert_eq!(notice["message"]["text"], text);
}

#[test]
fn gitlab_tells_every_finding_apart() {
    let mut findings = samples();
    findings.extend(many("x", Level::Warn, 6, 3));
    let report = parsed(Format::Gitlab, &findings);
    let report = report.as_array().expect("a list");
    let fingerprints: std::collections::BTreeSet<_> = report.iter().map(|item| item["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), findings.len());
    for (item, finding) in report.iter().zip(&findings) {
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&item["severity"].as_str().expect("one")));
        assert_eq!(item["check_name"], finding.rule);
        assert_eq!(item["location"]["path"], finding.path);
        assert_eq!(item["location"]["lines"]["begin"], finding.start.line);
        assert!(item["description"].as_str().is_some_and(|text| !text.is_empty()));
    }
    let moved =
        parsed(Format::Gitlab, &findings.iter().cloned().map(|f| f.with(|f| f.start.line += 9)).collect::<Vec<_>>());
    for (item, after) in report.iter().zip(moved.as_array().expect("a list")) {
        assert_eq!(item["fingerprint"], after["fingerprint"], "a line number is no part of it");
    }
    assert_eq!(written(Format::Gitlab, &[]), "[]\n");
}

#[test]
fn rdjson_counts_bytes_and_suggests_whole_fixes() {
    let findings = samples();
    let result = parsed(Format::Rdjson, &findings);
    assert_eq!(result["source"]["name"], "affilink");
    let diagnostics = result["diagnostics"].as_array().expect("a list");
    assert_eq!(diagnostics.len(), findings.len());
    for (diagnostic, finding) in diagnostics.iter().zip(&findings) {
        assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().expect("one")));
        assert_eq!(diagnostic["location"]["path"], finding.path);
        assert_eq!(diagnostic["code"]["value"], finding.rule);
    }
    let range = serde_json::json!({"start": {"line": 9, "column": 12}, "end": {"line": 9, "column": 23}});
    assert_eq!(diagnostics[3]["location"]["range"], range);
    assert!(diagnostics[3].get("suggestions").is_none(), "half a fix is none");
    assert_eq!(diagnostics[2]["suggestions"][0]["text"], " rel=\"sponsored\"");
}

#[test]
fn github_shows_the_gravest_first_and_counts_the_rest() {
    let mut findings = many("a-info", Level::Info, 12, 3);
    findings.extend(many("b-warning", Level::Warn, 2, 1));
    findings.extend(many("c-error", Level::Error, 30, 3));
    let text = written(Format::Github, &findings);
    let names: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    let expected = [["::error"; 10].as_slice(), &["::warning"; 2], &["::notice"; 10], &["+22"]].concat();
    assert_eq!(names, expected);
    assert!(text.ends_with("+22 more, see the job summary\n"));
    assert!(!written(Format::Github, &samples()).contains("more"));
    assert_eq!(written(Format::Github, &[]), "");
    let many = many("c-error", Level::Error, 20_000, 3);
    let summary = job_summary(&many, &figures(&many), &options());
    assert!(summary.len() < 1_000_000 && summary.ends_with("\n+19500 more\n"), "{}", summary.len());
    assert!(summary.lines().any(|line| line.starts_with("20000 errors")), "{}", &summary[..200]);
    let clean = job_summary(&[], &Figures { pages: 1, ..Figures::default() }, &options());
    assert_eq!(clean, "## affilink\n\nno findings on 1 page; judged as written\n");
}

#[test]
fn junit_fails_what_fails_the_run() {
    let findings = samples();
    let text = written(Format::Junit, &findings);
    assert!(text.contains("<testsuites name=\"affilink\" tests=\"8\" failures=\"3\" errors=\"0\">"), "{text}");
    assert_eq!((text.matches("<failure ").count(), text.matches("<skipped ").count()), (3, 5));
    assert!(text.contains("<testcase name=\"vague-link-text #2\""), "{text}");
    let strict = Options { fail_on: Level::Info, ..options() };
    let text = junit(&findings, &figures(&findings), &strict);
    assert_eq!((text.matches("<failure ").count(), text.matches("<skipped ").count()), (8, 0));
    let clean = written(Format::Junit, &[]);
    assert!(
        clean.contains("tests=\"1\" failures=\"0\"") && clean.contains("<testcase name=\"no findings\""),
        "{clean}"
    );
}

fn hostile() -> impl Strategy<Value = String> {
    let nasty = "[a-z :%,;<>&|`#\\[\\]()@!\"'=*_\\\\~$/.\n\r\t\u{1b}\u{85}\u{9b}\u{202e}\u{2028}\u{200b}\u{feff}\u{ffff}東\u{301}]{0,24}";
    let marks = proptest::sample::select(vec![
        "\n::error::x",
        "::error::x",
        "##[error]x",
        "##vso[x]",
        "]]>",
        "%0A",
        "--><script>",
        "```\n# x",
        "|x|\n|-|",
        "=cmd()",
        "![x](https://evil.example)",
        "a`b",
        "\\`",
        "&#10;",
        "]:",
        "&amp;",
        "\u{1b}]8;;https://evil.example\u{7}",
    ]);
    prop_oneof![nasty, any::<String>(), (nasty, marks, nasty).prop_map(|(a, b, c)| format!("{a}{b}{c}"))]
}

fn hostile_finding() -> impl Strategy<Value = Finding> {
    let level = proptest::sample::select(vec![Level::Info, Level::Warn, Level::Error]);
    let texts = (hostile(), hostile(), proptest::option::of(hostile()), hostile());
    (texts, level, (0..30usize, 0..30usize)).prop_map(|((path, message, help, line), level, (from, length))| {
        let line: String = line.chars().filter(|char| !matches!(char, '\n' | '\r')).collect();
        finding(&path, "missing-rel", level, 7, &line, (from, from + length)).with(|finding| {
            finding.message = message;
            finding.help = help;
        })
    })
}

/// What GitHub's runner does with a value of a workflow command.
fn unescaped(text: &str) -> String {
    let lines = text.replace("%0D", "\r").replace("%0A", "\n");
    lines.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
}

proptest! {
    #[test]
    fn nobodys_text_forges_output(finding in hostile_finding()) {
        let one = std::slice::from_ref(&finding);
        for format in Format::ALL {
            let text = written(format, one);
            let forged = text.chars().find(|&char| is_forging(char) && char != '\n');
            prop_assert!(forged.is_none(), "{format}: {forged:?} in {text:?}");
            prop_assert!(text.ends_with('\n'));
            if format != Format::Github {
                for command in ["##[", "##vso[", "##teamcity["] {
                    prop_assert!(!text.contains(command), "{format}: {text:?}");
                }
                prop_assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{format}: {text:?}");
            }
        }
        prop_assert_eq!(written(Format::Concise, one).lines().count(), 1);
        let annotation = written(Format::Github, one);
        prop_assert_eq!(annotation.lines().count(), 1);
        let (properties, message) = annotation.trim_end_matches('\n')[2..].split_once("::").expect("a command");
        prop_assert_eq!(properties.matches(',').count(), 5, "{}", properties);
        if !finding.path.contains(|char| is_forging(char) && char != '\n' && char != '\r') {
            let path = properties.split("file=").nth(1).and_then(|rest| rest.split(',').next()).expect("a file");
            prop_assert_eq!(unescaped(path), finding.path.clone());
        }
        prop_assert!(unescaped(message).starts_with(&printable(&finding.message)));
    }

    #[test]
    fn json_comes_back_as_it_was(finding in hostile_finding()) {
        let one = std::slice::from_ref(&finding);
        let json = parsed(Format::Json, one);
        prop_assert_eq!(json["findings"][0]["path"].as_str(), Some(finding.path.as_str()));
        prop_assert_eq!(json["findings"][0]["message"].as_str(), Some(finding.message.as_str()));
        prop_assert_eq!(json["findings"][0]["help"].as_str(), finding.help.as_deref());
        let rdjson = parsed(Format::Rdjson, one);
        prop_assert_eq!(rdjson["diagnostics"][0]["location"]["path"].as_str(), Some(finding.path.as_str()));
        let gitlab = parsed(Format::Gitlab, one);
        prop_assert_eq!(gitlab[0]["location"]["path"].as_str(), Some(finding.path.as_str()));
        parsed(Format::Sarif, one);
    }

    #[test]
    fn markup_is_ours_alone(finding in hostile_finding()) {
        let one = std::slice::from_ref(&finding);
        let xml = written(Format::Junit, one);
        let tags = 1 + 2 + 2 + 2 + if finding.level == Level::Error { 2 } else { 1 };
        prop_assert_eq!((xml.matches('<').count(), xml.matches('>').count()), (tags, tags), "{}", xml);
        for reference in xml.split('&').skip(1) {
            let name = reference.split(';').next().unwrap_or_default();
            prop_assert!(["amp", "lt", "gt", "quot", "apos", "#35"].contains(&name), "{}", xml);
        }
        prop_assert!(!xml.contains(['\u{fffe}', '\u{ffff}']), "{}", xml);
        let summary = job_summary(one, &figures(one), &options());
        let row = summary.lines().nth(6).expect("a row");
        prop_assert_eq!(summary.lines().count(), 7, "{}", summary);
        prop_assert_eq!(row.matches('|').count(), 5, "{}", row);
        let bare = row.replace("<code>", "").replace("</code>", "").replacen("`missing-rel`", "", 1);
        prop_assert!(!bare.contains(['<', '>', '`', '[', ']', '*', '_', '!', '@', '\\', '~', '$', ':']), "{}", row);
        prop_assert_eq!(row.matches("<code>").count(), row.matches("</code>").count());
    }
}
