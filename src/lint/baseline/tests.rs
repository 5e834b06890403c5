//! What a baseline knows again, and which files it refuses.

use proptest::prelude::*;

use super::*;

fn at<'a>(path: &'a str, rule: &'a str, text: &str) -> Entry<'a> {
    Entry { path, rule, text: text.to_owned(), figure: None, of_page: false, quiet: false }
}

fn page<'a>(path: &'a str, rule: &'a str, figure: impl Into<Option<f64>>) -> Entry<'a> {
    Entry { path, rule, text: "whatever the page says".into(), figure: figure.into(), of_page: true, quiet: false }
}

fn everywhere(_: &str, _: &str) -> bool {
    true
}

fn stale(path: &str, rule: &str, count: usize) -> Stale {
    Stale { path: path.into(), rule: rule.into(), count }
}

/// What it is, what was known, what is found, which of it is new, how much is known, and what is mended.
type Case<'c> = (&'c str, Vec<Entry<'c>>, Vec<Entry<'c>>, Vec<usize>, usize, Vec<Stale>);

#[test]
fn what_is_known_new_and_gone() {
    let (a, b) = ("a.md", "b.md");
    let rel = "missing-rel";
    let many = |count| vec![at(a, rel, "[x](y)"); count];
    #[rustfmt::skip]
    let cases: Vec<Case<'_>> = vec![
        ("nothing", vec![], vec![], vec![], 0, vec![]),
        ("first run", vec![], many(2), vec![0, 1], 0, vec![]),
        ("all known", many(3), many(3), vec![], 3, vec![]),
        ("one more", many(3), many(4), vec![3], 3, vec![]),
        ("one mended", many(3), many(2), vec![], 2, vec![stale(a, rel, 1)]),
        ("all mended", many(3), vec![], vec![], 0, vec![stale(a, rel, 3)]),
        ("two kinds mended", vec![at(a, rel, "1"), at(a, rel, "2")], vec![], vec![], 0, vec![stale(a, rel, 2)]),
        ("indented", vec![at(a, rel, "[x\n  y](z)")], vec![at(a, rel, "\t[x \u{a0}y](z)\r\n")], vec![], 1, vec![]),
        ("another text", vec![at(a, rel, "1")], vec![at(a, rel, "2")], vec![0], 0, vec![stale(a, rel, 1)]),
        ("another page", vec![at(a, rel, "1")], vec![at(b, rel, "1")], vec![0], 0, vec![stale(a, rel, 1)]),
        ("another rule", vec![at(a, rel, "1")], vec![at(a, "bare-url-text", "1")], vec![0], 0, vec![stale(a, rel, 1)]),
        ("same figure", vec![page(a, "link-density", 2.4)], vec![page(a, "link-density", 2.4)], vec![], 1, vec![]),
        ("grown", vec![page(a, "link-density", 2.4)], vec![page(a, "link-density", 2.41)], vec![0], 0, vec![]),
        ("grown by less than shows", vec![page(a, "link-density", 2.4)], vec![page(a, "link-density", 2.4049)], vec![], 1, vec![]),
        ("less", vec![page(a, "link-density", 2.4)], vec![page(a, "link-density", 1.0)], vec![], 1, vec![]),
        ("within limits", vec![page(a, "link-density", 2.4)], vec![], vec![], 0, vec![stale(a, "link-density", 1)]),
        ("no figure", vec![page(a, "late-disclosure", None)], vec![page(a, "late-disclosure", None)], vec![], 1, vec![]),
        ("no number", vec![page(a, "link-density", f64::NAN)], vec![page(a, "link-density", f64::INFINITY)], vec![], 1, vec![]),
        ("the worst stands", vec![page(a, "link-run", 3.0), page(a, "link-run", 5.0)], vec![page(a, "link-run", 6.0), page(a, "link-run", 4.0)], vec![0], 1, vec![]),
        ("place is not page", vec![at(a, "link-run", "1")], vec![page(a, "link-run", 1.0)], vec![0], 0, vec![stale(a, "link-run", 1)]),
        ("never", vec![at(a, "unsafe-url", "1"), at(a, rel, "1")], vec![at(a, "unsafe-url", "1"), at(a, rel, "1")], vec![0], 1, vec![]),
        ("hostile names", vec![at("a\n{\"x\":1}\u{2028}.md", rel, "\0")], vec![at("a\n{\"x\":1}\u{2028}.md", rel, "\0")], vec![], 1, vec![]),
    ];
    for (name, before, now, new, known, stale) in cases {
        let baseline = Baseline::of(before);
        let text = baseline.write();
        assert_eq!(Baseline::read(&text).as_ref(), Ok(&baseline), "{name}: {text}");
        assert_eq!(Baseline::read(&text.replace('\n', "\r\n")).as_ref(), Ok(&baseline), "{name}: {text}");
        assert_eq!(baseline.filter(now, everywhere), Filtered { new, known, stale }, "{name}");
    }
}

#[test]
fn the_file() {
    let findings = [
        at("b.md", "missing-rel", "x y"),
        page("a.md", "page-overload", 31.0),
        at("b.md", "missing-rel", "xy"),
        page("a.md", "late-disclosure", None),
        page("a.md", "link-density", 2.456),
        at("a.md", "unsafe-url", "javascript:"),
    ];
    let expected = format!(
        "{{\"version\":1,\"affilink\":\"{}\"}}\n\
         {{\"path\":\"a.md\",\"rule\":\"late-disclosure\",\"figure\":null}}\n\
         {{\"path\":\"a.md\",\"rule\":\"link-density\",\"figure\":2.46}}\n\
         {{\"path\":\"a.md\",\"rule\":\"page-overload\",\"figure\":31.0}}\n\
         {{\"path\":\"b.md\",\"rule\":\"missing-rel\",\"hash\":\"{}\",\"count\":2}}\n",
        env!("CARGO_PKG_VERSION"),
        fingerprint("missing-rel", None, "xy", 0),
    );
    let baseline = Baseline::of(findings.clone());
    assert_eq!(baseline.write(), expected);
    assert_eq!(Baseline::of(findings.into_iter().rev()).write(), expected, "whatever the order");
    assert_eq!((baseline.len(), baseline.is_empty(), Baseline::default().is_empty()), (5, false, true));
}

#[test]
fn what_is_no_baseline_is_refused() {
    let header = r#"{"version":1,"affilink":"0.1.0"}"#;
    let hash = fingerprint("r", None, "t", 0);
    let good = format!(r#"{{"path":"a","rule":"r","hash":"{hash}","count":1}}"#);
    let deep = "[".repeat(100_000);
    let malformed = [
        "<<<<<<< HEAD",
        "{",
        "[]",
        "null",
        &deep,
        r#"{"path":"a","rule":"r"}"#,
        r#"{"rule":"r","figure":1}"#,
        r#"{"path":"","rule":"r","figure":1}"#,
        r#"{"path":"a","rule":"r","figure":"1"}"#,
        r#"{"path":"a","rule":"r","figure":1e999}"#,
        r#"{"path":"a","rule":"r","figure":1,"more":2}"#,
        r#"{"path":"a","rule":"r","figure":1,"figure":2}"#,
        r#"{"path":"a","rule":"r","figure":1} {}"#,
        &good.replace(":1}", ":0}"),
        &good.replace(":1}", ":-1}"),
        &good.replace(":1}", ":1.5}"),
        &good.replace(":1}", ":99999999999999999999999}"),
        &good.replace(":1}", ":1,\"figure\":null}"),
        &good.replace(",\"count\":1", ""),
        &good.replace(&hash, "abc"),
        &good.replace(&hash, &hash.to_uppercase()),
        &good.replace(&hash, &"é".repeat(32)),
    ];
    for bad in malformed {
        let read = Baseline::read(&format!("{header}\n\n{bad}\n"));
        assert!(matches!(read, Err(BaselineError::Malformed { line: 3, .. })), "{bad:.99}: {read:?}");
    }
    for bad in ["x", "{}", r#"{"version":"1","affilink":""}"#, r#"{"version":1,"affilink":"","x":1}"#, &good] {
        let read = Baseline::read(bad);
        assert!(matches!(read, Err(BaselineError::Header { line: 1, .. })), "{bad}: {read:?}");
    }
    for bad in ["", "\n \n", "\u{feff}"] {
        assert_eq!(Baseline::read(bad), Err(BaselineError::Empty), "{bad:?}");
    }
    let newer = header.replace(":1,", ":2,");
    assert_eq!(Baseline::read(&format!("{newer}\nwhatever")), Err(BaselineError::Version { line: 1, found: 2 }));
    let twice = format!("{header}\n{good}\n{}\n", good.replace(":1}", ":4}"));
    assert_eq!(Baseline::read(&twice), Err(BaselineError::Repeated { line: 3, first: 2 }));
    let unsafe_url = format!("{header}\n{}\n", good.replace("\"r\"", "\"unsafe-url\""));
    assert_eq!(Baseline::read(&unsafe_url), Err(BaselineError::Never { line: 2, rule: "unsafe-url".into() }));
    assert_eq!(Baseline::read(&format!("\u{feff}{header}\n\n{good}")).map(|read| read.len()), Ok(1));
    let message = Baseline::read(&format!("{header}\n{{\"\u{1b}[31m\":1}}")).unwrap_err().to_string();
    assert!(message.starts_with("line 2: ") && !message.contains('\u{1b}'), "{message}");
}

#[test]
fn only_what_was_looked_at_is_stale_or_forgotten() {
    let old = Baseline::of([at("a.md", "r", "1"), at("b.md", "r", "1"), page("b.md", "p", 2.0)]);
    let only_b = |path: &str, rule: &str| path == "b.md" && rule == "r";
    let filtered = old.filter([], only_b);
    assert_eq!(filtered.stale, [stale("b.md", "r", 1)]);
    let anew = Baseline::of([at("b.md", "r", "2")]).with_unseen(&old, only_b);
    assert_eq!(anew, Baseline::of([at("a.md", "r", "1"), at("b.md", "r", "2"), page("b.md", "p", 2.0)]));
}

#[test]
fn fingerprints_tell_apart_what_differs() {
    let all = [
        fingerprint("r", None, "ab", 0),
        fingerprint("r", None, "ab", 1),
        fingerprint("r", Some("p"), "ab", 0),
        fingerprint("r", Some("q"), "ab", 0),
        fingerprint("rp", None, "ab", 0),
        fingerprint("r", None, "1ab", 0),
        fingerprint("r", None, "\u{0}1\u{0}ab", 0),
        fingerprint("", None, "", 0),
    ];
    for (index, one) in all.iter().enumerate() {
        assert!(one.len() == 64 && one.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{one}");
        assert!(!all[index + 1..].contains(one), "{index}");
    }
    assert_eq!(all[0], fingerprint("r", None, " a\n\tb\u{3000}", 0));
    // a file written once must be read for ever: SHA-256 of `r`, NUL, NUL, `0`, NUL, `ab`
    assert_eq!(all[0], "18a583485e393a3d8be0cf28c28b68edaadda162087ecd11811866411c86a45d");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(\\{\"version\":1,\"affilink\":\"\"\\}\n)?([\\[\\]{}\",:a-z0-9\\\\\n]|\\PC){0,60}") {
        if let Ok(baseline) = Baseline::read(&text) {
            prop_assert_eq!(Baseline::read(&baseline.write()), Ok(baseline));
        }
    }

    #[test]
    fn what_was_written_is_known(
        findings in prop::collection::vec(("[ab]", "[rs]", "[xy ]{0,3}", prop::option::of(any::<f64>()), any::<bool>()), 0..20),
    ) {
        let entries = || findings.iter().map(|(path, rule, text, figure, of_page)| Entry {
            path, rule, text: text.clone(), figure: *figure, of_page: *of_page, quiet: false,
        });
        let baseline = Baseline::read(&Baseline::of(entries()).write()).unwrap();
        let filtered = baseline.filter(entries(), everywhere);
        prop_assert_eq!(filtered, Filtered { new: Vec::new(), known: findings.len(), stale: Vec::new() });
    }
}

#[test]
fn what_nobody_was_told_of_is_not_missed() {
    let hushed = Entry { quiet: true, ..page("a.md", "link-density", 20.0) };
    let baseline = Baseline::read(&Baseline::of([hushed.clone()]).write()).expect("what was written");
    assert_eq!(baseline.filter([], |_, _| true).stale, []);
    assert_eq!(baseline.filter([page("a.md", "link-density", 20.0)], |_, _| true).new, [0_usize; 0]);
    assert_eq!(baseline.filter([page("a.md", "link-density", 20.1)], |_, _| true).new, [0]);
    let both = Baseline::of([hushed, page("a.md", "link-density", 21.0)]);
    assert_eq!(both.filter([], |_, _| true).stale.len(), 1);
}
