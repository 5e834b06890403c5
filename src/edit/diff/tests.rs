use super::*;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes `before` under `name`, lets `git apply` have the diff, and gives what then is there.
fn apply(name: &Path, bytes: &[u8], before: &[u8], after: &[u8]) -> Vec<u8> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join(name);
    fs::create_dir_all(path.parent().expect("below the directory")).expect("made");
    fs::write(&path, before).expect("written");
    let mut git = Command::new("git")
        .args(["apply", "--whitespace=nowarn", "-"])
        .current_dir(dir.path())
        .env("GIT_CEILING_DIRECTORIES", dir.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is there");
    let diff = unified(bytes, before, after);
    git.stdin.take().expect("piped").write_all(&diff).expect("taken");
    let done = git.wait_with_output().expect("ended");
    let message = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{message}\n{}", String::from_utf8_lossy(&diff));
    fs::read(&path).expect("still there")
}

#[test]
fn a_change_in_the_middle() {
    let before: Vec<u8> = (1..=20).flat_map(|line| format!("line {line}\n").into_bytes()).collect();
    let after = String::from_utf8(before.clone()).expect("ASCII").replace("line 9\n", "line nine\nand more\n");
    let expected = "--- a/x.md\n+++ b/x.md\n@@ -6,7 +6,8 @@\n line 6\n line 7\n line 8\n-line 9\n+line nine\n\
                    +and more\n line 10\n line 11\n line 12\n";
    assert_eq!(String::from_utf8(unified("x.md", &before, after.as_bytes())).expect("ASCII"), expected);
    assert_eq!(unified("x.md", &before, &before), b"");
}

#[test]
fn git_applies_odd_pages() {
    let pages: [(&[u8], &[u8]); 12] = [
        (b"a\n", b"b\n"),
        (b"a", b"b"),
        (b"a\nb", b"a\nb\n"),
        (b"a\nb\n", b"a\nb"),
        (b"", b"new\n"),
        (b"old\n", b""),
        (b"a\r\nb\r\n", b"a\r\nB\r\n"),
        (b"a\rb\rc", b"a\rB\rc"),
        (b"\xef\xbb\xbfcaf\xe9\n", b"\xef\xbb\xbfcaf\xe9!\n"),
        (b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n", b"--- a/x\n+++ b/y\n\\ No newline at end of file\n"),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"0\n1\n2\n3\n4\n5\n6\n7\n8\nx\n9"),
        (b"x\nx\nx\nx\nx\n", b"x\nx\nx\ny\nx\nx\n"),
    ];
    for (before, after) in pages {
        assert_eq!(apply(Path::new("a.md"), b"a.md", before, after), after);
    }
}

#[cfg(unix)]
#[test]
fn git_applies_to_odd_names() {
    use std::os::unix::ffi::OsStrExt;
    for name in [
        &b"with blank.md"[..],
        b"deep/er/a b/c.md",
        b"-rf.md",
        b"quote\".md",
        b"back\\slash.md",
        b"tab\t.md",
        b"new\nline.md",
        "été.md".as_bytes(),
        "a\u{202e}b.md".as_bytes(),
        b"caf\xe9.md",
        b"\x1b[31m.md",
        b"b/a.md",
    ] {
        let path = Path::new(std::ffi::OsStr::from_bytes(name));
        assert_eq!(apply(path, name, b"one\n", b"two\n"), b"two\n");
    }
    let shown = unified("a\n\u{1b}.md", b"1\n", b"2\n");
    assert!(shown.starts_with(b"--- \"a/a\\012\\033.md\"\n+++ \"b/a\\012\\033.md\"\n"));
}

#[test]
fn many_changes_take_linear_time() {
    let page = |tag: &str, unique: bool| -> Vec<u8> {
        (0..200_000).flat_map(|line| format!("{tag} {}\n", if unique { line } else { line % 7 }).into_bytes()).collect()
    };
    let start = std::time::Instant::now();
    for (before, after) in [
        (page("a", true), page("b", true)),
        (page("a", false), page("b", false)),
        (page("a", false), [b"a 3\n".to_vec(), page("a", false)].concat()),
    ] {
        assert!(!unified("x", &before, &after).is_empty());
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// Applies a diff without git, strictly.
fn patched(before: &[u8], diff: &[u8]) -> Vec<u8> {
    let old = lines(before);
    let (mut out, mut at) = (Vec::new(), 0);
    let mut rows = lines(diff).into_iter().skip(2).peekable();
    while let Some(row) = rows.next() {
        let ends_open = rows.peek().is_some_and(|next| next.starts_with(b"\\"));
        let line = |row: &[u8]| if ends_open { row[1..row.len() - 1].to_vec() } else { row[1..].to_vec() };
        match row[0] {
            b'@' => {
                let text = String::from_utf8_lossy(row);
                let place = text.split([' ', ',']).nth(1).expect("a place").trim_start_matches('-');
                let start: usize = place.parse().expect("a number");
                let empty = text.split(' ').nth(1).is_some_and(|range| range.ends_with(",0"));
                let start = if empty { start } else { start - 1 };
                out.extend(old[at..start].concat());
                at = start;
            }
            b'+' => out.extend(line(row)),
            b'\\' => {}
            mark => {
                assert_eq!(old[at], line(row));
                if mark == b' ' {
                    out.extend(old[at]);
                }
                at += 1;
            }
        }
    }
    out.extend(old[at..].concat());
    out
}

proptest! {
    #[test]
    fn the_diff_leads_from_one_to_the_other(
        before in proptest::collection::vec("[a-d]{0,1}", 0..40), after in proptest::collection::vec("[a-e]{0,1}", 0..40),
        open in any::<(bool, bool)>(),
    ) {
        let text = |lines: &[String], open: bool| {
            let mut text = lines.join("\n") + if lines.is_empty() { "" } else { "\n" };
            if open && text.len() > 1 && !text.ends_with("\n\n") {
                text.pop();
            }
            text.into_bytes()
        };
        let (before, after) = (text(&before, open.0), text(&after, open.1));
        prop_assert_eq!(patched(&before, &unified("x", &before, &after)), after);
    }
}
