use super::*;
use proptest::prelude::*;

fn decision(start: usize, before: &[u8], after: &[u8]) -> Decision {
    Decision {
        page: "posts/été.md".to_owned(),
        line: 3,
        column: 7,
        start,
        end: start + after.len(),
        kind: Kind::FrontMatter,
        action: Action::Rewritten,
        reason: "own-program".into(),
        program: Some("rei".to_owned()),
        network: Some("awin".to_owned()),
        before: Some(before.into()),
        after: Some(after.into()),
        subid: Some("post-ab12cd34".to_owned()),
        product: None,
        earlier: 0,
    }
}

fn written(manifest: &Manifest) -> String {
    let mut out = Vec::new();
    manifest.write(&mut out).expect("memory takes all");
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[test]
fn the_lines_are_those_of_the_contract() {
    let manifest = Manifest {
        affilink: "1.2.3".to_owned(),
        pages: vec![PageSum { page: "a.md".to_owned(), sha256: sha256_hex(b""), earlier: 0 }],
        decisions: vec![decision(5, b"x", b"y")],
    };
    let text = written(&manifest);
    assert_eq!(
        text,
        "{\"version\":1,\"affilink\":\"1.2.3\"}\n\
         {\"page\":\"a.md\",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}\n\
         {\"page\":\"posts/été.md\",\"line\":3,\"column\":7,\"start\":5,\"end\":6,\"kind\":\"front-matter\",\
         \"action\":\"rewritten\",\"reason\":\"own-program\",\"program\":\"rei\",\"network\":\"awin\",\"before\":\"x\",\
         \"after\":\"y\",\"subid\":\"post-ab12cd34\",\"product\":null}\n"
    );
    assert_eq!(Manifest::read(&text), Ok(manifest));
}

#[test]
fn what_later_versions_add_is_passed_over_and_what_is_missing_is_absent() {
    let text = "\u{feff}{\"version\":1,\"affilink\":\"9.9.9\",\"host\":\"x\"}\r\n\r\n\
        {\"page\":\"a\",\"line\":1,\"column\":1,\"start\":0,\"end\":0,\"kind\":\"mention\",\"action\":\"skipped\",\
        \"reason\":\"in-heading\",\"weather\":{\"rain\":[1]}}\r\n{\"page\":\"a\",\"sha256\":\"00\",\"size\":3}\n";
    let manifest = Manifest::read(text).expect("readable");
    assert_eq!((manifest.pages.len(), manifest.decisions.len()), (1, 1));
    let only = &manifest.decisions[0];
    assert_eq!((only.kind, only.action, &only.before, &only.subid), (Kind::Mention, Action::Skipped, &None, &None));
    assert_eq!(manifest.of_page("a").count(), 1);
    assert_eq!(manifest.of_page("b").count(), 0);
}

#[test]
fn what_is_no_manifest_is_an_error_with_its_line() {
    for (text, line, part) in [
        ("", 1, "not a manifest"),
        ("{\"page\":\"a\",\"sha256\":\"\"}", 1, "not a manifest"),
        ("{\"version\":2}", 1, "version `2`"),
        ("{\"version\":1}\nhello", 2, "expected value"),
        ("{\"version\":1}\n\n{\"page\":\"a\"}", 3, "missing field `line`"),
        ("{\"version\":1}\n{\"page\":\"\\u001b\",\"kind\":\"x\\u001b\"}", 2, "unknown variant `x\\u{1b}`"),
        ("{\"version\":1}\n{\"page\":\"a\",\"sha256\":7}", 2, "expected a string"),
    ] {
        let error = Manifest::read(text).expect_err(text);
        assert!(error.line == line && error.message.contains(part), "{text}: {error}");
    }
    let forged = "{\"version\":1}\n{\"page\":\"a\",\"line\":1,\"column\":1,\"start\":0,\"end\":0,\"kind\":\"\u{9b}x\"}";
    let error = Manifest::read(forged).expect_err("no such kind").to_string();
    assert!(error.contains("unknown variant") && !error.contains('\u{9b}'), "{error}");
}

#[test]
fn a_build_is_undone_exactly() {
    // "one two three" -> "[n]ONE2 three!" : inserted, replaced, removed, appended
    let decisions = [
        Decision { before: None, action: Action::Inserted, ..decision(0, b"", b"[n]") },
        decision(3, b"one", b"ONE"),
        Decision { action: Action::Removed, after: None, ..decision(6, b" ", b"") },
        decision(6, b"two", b"2"),
        Decision { action: Action::Kept, ..decision(8, b"three", b"three") },
        decision(13, b"", b"!"),
    ];
    let output = b"[n]ONE2 three!";
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]] {
        let decisions: Vec<_> = order.iter().map(|&index| &decisions[index]).collect();
        assert_eq!(restore(output, &decisions).expect("found"), b"one two three");
    }
    assert_eq!(restore(b"[n]One2 three!", &[&decisions[1]]), Err(RestoreError::NotWhatWasWritten { start: 3, end: 6 }));
    assert_eq!(restore(b"[n]", &[&decisions[1]]), Err(RestoreError::NotWhatWasWritten { start: 3, end: 6 }));
    let backwards = Decision { start: 9, end: 2, ..decision(0, b"x", b"y") };
    assert!(restore(output, &[&backwards]).is_err());
    let inner = decision(4, b"x", b"N");
    assert_eq!(restore(output, &[&decisions[1], &inner]), Err(RestoreError::Overlap { start: 4 }));
}

#[test]
fn what_was_undone_in_part_can_be_undone_in_whole() {
    let of = |program: &str, decision: Decision| Decision { program: Some(program.to_owned()), ..decision };
    // "u v w" -> "U? v WW[x]"
    let decisions =
        [of("a", decision(0, b"u", b"U?")), of("b", decision(5, b"w", b"WW")), of("a", decision(7, b"", b"[x]"))];
    let decisions: Vec<_> = decisions.iter().collect();
    let sum = sha256_hex(b"U? v WW[x]");
    let undone = |page: &[u8], program: Option<&str>| {
        let wanted = |index: usize| program.is_none_or(|program| decisions[index].program.as_deref() == Some(program));
        undo(page, &decisions, &sum, wanted).map(|standing| (standing.restored, standing.any))
    };
    for (page, program, expected) in [
        (&b"U? v WW[x]"[..], None, Some((&b"u v w"[..], true))),
        (b"U? v WW[x]", Some("a"), Some((b"u v WW", true))),
        (b"u v WW", Some("b"), Some((b"u v w", true))),
        (b"u v WW", Some("a"), Some((b"u v WW", true))),
        (b"U? v w[x]", None, Some((b"u v w", true))),
        (b"u v w", None, Some((b"u v w", false))),
        (b"u v w!", None, None),
        (b"x v w", None, None),
        (b"", None, None),
    ] {
        let expected = expected.map(|(bytes, any)| (bytes.to_vec(), any));
        assert_eq!(undone(page, program), expected, "{} {program:?}", String::from_utf8_lossy(page));
    }
}

#[test]
fn sub_ids_lead_back() {
    let with = |subid: &str| Decision { subid: Some(subid.to_owned()), ..decision(0, b"", b"x") };
    let manifest = |decisions| Manifest { decisions, ..Manifest::default() };
    let manifests = [manifest(vec![with("a-1"), with("A-1")]), manifest(vec![with("a-1"), with("b-2")])];
    assert_eq!(resolve("a-1", &manifests).len(), 2);
    assert_eq!(resolve("B-2", &manifests).len(), 1);
    assert!(resolve("c", &manifests).is_empty());
}

proptest! {
    #[test]
    fn any_edits_of_any_bytes_survive_the_file_and_are_undone(
        parts in proptest::collection::vec((any::<Vec<u8>>(), any::<Vec<u8>>(), any::<Vec<u8>>()), 0..8),
    ) {
        let (mut source, mut output, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
        for (same, before, after) in &parts {
            source.extend_from_slice(same);
            output.extend_from_slice(same);
            decisions.push(decision(output.len(), before, after));
            source.extend_from_slice(before);
            output.extend_from_slice(after);
        }
        let manifest = Manifest { decisions, ..Manifest::default() };
        let read = Manifest::read(&written(&manifest)).expect("as written");
        prop_assert_eq!(&read.decisions, &manifest.decisions);
        let decisions: Vec<_> = read.of_page("posts/été.md").collect();
        prop_assert_eq!(restore(&output, &decisions), Ok(source));
    }
}
