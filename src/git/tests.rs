//! Repositories made for each test, in temporary folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        git(made.dir(), &["init", "--quiet", "--initial-branch=main"]);
        made
    }

    fn dir(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.dir().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn git(&self, args: &[&str]) -> &Self {
        git(self.dir(), args);
        self
    }

    fn commit(&self) -> &Self {
        self.git(&["add", "--all"]).git(&["commit", "--quiet", "--allow-empty", "--message=x"])
    }

    fn since(&self, rev: &str) -> Changes {
        Changes::since(self.dir(), rev).unwrap()
    }
}

fn git(dir: &Path, args: &[&str]) {
    let settings = ["user.name=Test", "user.email=test@example.com", "commit.gpgsign=false", "core.autocrlf=false"];
    let mut command = Command::new("git");
    for setting in settings {
        command.args(["-c", setting]);
    }
    let ran = command.arg("-C").arg(dir).args(args).output().unwrap();
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn lines(ranges: &[(usize, usize)]) -> Lines {
    Lines::Ranges(ranges.iter().map(|&(first, last)| first..=last).collect())
}

fn names(changes: &Changes) -> Vec<&str> {
    changes.files.keys().map(|path| path.to_str().unwrap()).collect()
}

/// `line 1` and so on, up to `count`.
fn numbered(count: usize) -> String {
    (1..=count).fold(String::new(), |text, line| text + &format!("line {line}\n"))
}

#[test]
fn lines_of_the_new_side() {
    let cases: &[(&str, &str, Option<Lines>)] = &[
        ("a\nb\nc\n", "a\nb\nc\n", None),
        ("a\nb\nc\n", "a\nB\nc\n", Some(lines(&[(2, 2)]))),
        ("a\nb\nc\n", "new\na\nb\nc\n", Some(lines(&[(1, 1)]))),
        ("a\nb\nc\n", "a\nc\n", Some(lines(&[]))),
        ("a\nb\nc\n", "", Some(lines(&[]))),
        ("", "a\nb\n", Some(lines(&[(1, 2)]))),
        ("a", "a\n", Some(lines(&[(1, 1)]))),
        ("a", "b", Some(lines(&[(1, 1)]))),
        ("a\nb\nc\nd\ne\n", "A\nb\nC\nd\nE1\nE2\n", Some(lines(&[(1, 1), (3, 3), (5, 6)]))),
        // text that looks like a patch
        ("a\n-- a/p\n", "a\n++ b/other.md\n@@ -1 +9 @@\ndiff --git a/x b/x\n", Some(lines(&[(2, 4)]))),
        ("-\n", "+\n\\ No newline at end of file\n", Some(lines(&[(1, 2)]))),
        ("a\r\nb\r\n", "a\r\nB\r\n", Some(lines(&[(2, 2)]))),
        ("a\n\0\n", "b\n\0\n", Some(Lines::All)),
    ];
    let repository = Repository::new();
    for (index, (before, _, _)) in cases.iter().enumerate() {
        repository.write(&format!("{index}.md"), before);
    }
    repository.write("other.md", "untouched\n").commit();
    for (index, (_, after, _)) in cases.iter().enumerate() {
        repository.write(&format!("{index}.md"), after);
    }
    let changes = repository.since("HEAD");
    for (index, (before, after, expected)) in cases.iter().enumerate() {
        let found = changes.changed(Path::new(&format!("{index}.md")));
        assert_eq!(found, expected.as_ref(), "{before:?} -> {after:?}");
    }
    assert_eq!(changes.changed(Path::new("other.md")), None);
}

#[test]
fn touches_what_overlaps() {
    let some = lines(&[(3, 4), (8, 8)]);
    let cases = [
        (1, 2, false),
        (1, 3, true),
        (4, 4, true),
        (5, 7, false),
        (5, 8, true),
        (9, 99, false),
        (8, 1, true),
        (1, 99, true),
    ];
    for (first, last, expected) in cases {
        assert_eq!(some.touches(first, last), expected, "{first}..={last}");
        assert!(Lines::All.touches(first, last));
        assert!(!lines(&[]).touches(first, last));
    }
}

#[test]
fn since_compares_the_working_tree_with_the_merge_base() {
    let repository = Repository::new();
    repository
        .write("old.md", "1\n2\n3\n")
        .write("main.md", "1\n")
        .write("gone.md", "1\n")
        .write(".gitignore", "*.tmp\n");
    repository.commit().git(&["checkout", "--quiet", "-b", "work"]);
    repository.write("old.md", "1\ncommitted\n3\n").commit();
    repository.git(&["checkout", "--quiet", "main"]).write("main.md", "changed on main\n").commit();
    repository.git(&["checkout", "--quiet", "work"]);
    repository.write("old.md", "1\ncommitted\nnot committed\n").write("sub/staged.md", "x\n").git(&["add", "sub"]);
    repository.write("sub/untracked.md", "x\n").write("ignored.tmp", "x\n");
    fs::remove_file(repository.dir().join("gone.md")).unwrap();
    // the answer is about the whole repository, wherever in it one stands
    for dir in [repository.dir().to_owned(), repository.dir().join("sub")] {
        let changes = Changes::since(&dir, "main").unwrap();
        assert_eq!(names(&changes), ["old.md", "sub/staged.md", "sub/untracked.md"]);
        assert_eq!(changes.root, fs::canonicalize(repository.dir()).unwrap());
        assert_eq!(changes.changed(Path::new("old.md")), Some(&lines(&[(2, 3)])));
        assert_eq!(changes.changed(Path::new("./old.md")), Some(&lines(&[(2, 3)])));
        assert_eq!(changes.changed(&repository.dir().join("old.md")), Some(&lines(&[(2, 3)])));
        assert_eq!(changes.changed(&changes.root.join("sub/./untracked.md")), Some(&Lines::All));
        for outside in ["", "..", "../old.md", "/old.md", "main.md", "sub"] {
            assert_eq!(changes.changed(Path::new(outside)), None, "{outside}");
        }
        assert_eq!(changes.show(Path::new("old.md")).unwrap().unwrap(), b"1\n2\n3\n");
        assert_eq!(changes.show(Path::new("main.md")).unwrap().unwrap(), b"1\n");
        assert_eq!(changes.show(Path::new("gone.md")).unwrap().unwrap(), b"1\n");
        for absent in ["sub/staged.md", "sub/untracked.md", "no/such.md", "-x", ":(top)old.md", "*.md", "..", ""] {
            assert_eq!(changes.show(Path::new(absent)).unwrap(), None, "{absent}");
        }
    }
}

#[test]
fn staged_compares_the_index_with_head() {
    let repository = Repository::new();
    repository.write("new.md", "staged\n").git(&["add", "."]).write("new.md", "later\n").write("untracked.md", "x\n");
    let first = Changes::staged(repository.dir()).unwrap();
    assert_eq!((names(&first), first.changed(Path::new("new.md"))), (vec!["new.md"], Some(&Lines::All)));
    assert_eq!(first.show(Path::new("new.md")).unwrap(), None);
    assert_eq!(first.staged_bytes(Path::new("new.md")).unwrap().unwrap(), b"staged\n");
    assert_eq!(first.staged_bytes(Path::new("untracked.md")).unwrap(), None);
    repository.git(&["commit", "--quiet", "--message=x"]);
    assert_eq!(names(&Changes::staged(repository.dir()).unwrap()), Vec::<&str>::new());
    repository.write("new.md", "staged\nmore\n").git(&["add", "new.md"]).write("new.md", "0\nstaged\nmore\n");
    let second = Changes::staged(repository.dir()).unwrap();
    assert_eq!(second.changed(Path::new("new.md")), Some(&lines(&[(2, 2)])));
    assert_eq!(second.show(Path::new("new.md")).unwrap().unwrap(), b"staged\n");
    assert_eq!(second.staged_bytes(Path::new("new.md")).unwrap().unwrap(), b"staged\nmore\n");
}

#[test]
fn renames_are_followed() {
    let repository = Repository::new();
    let text = numbered(20);
    repository.write("a b.md", &text).write("same.md", text.replace("line", "row")).commit();
    repository.git(&["mv", "a b.md", "ä \"b\".md"]).git(&["mv", "same.md", "moved.md"]);
    repository.write("ä \"b\".md", text.replace("line 7\n", "line seven\n"));
    for rename in ["true", "false"] {
        repository.git(&["config", "diff.renames", rename]);
        let changes = repository.since("HEAD");
        let now = Path::new("ä \"b\".md");
        assert_eq!(changes.changed(now), Some(&lines(&[(7, 7)])));
        assert_eq!(changes.old_path(now), Some(Path::new("a b.md")));
        assert_eq!(changes.show(now).unwrap().unwrap(), text.as_bytes());
        assert_eq!(changes.changed(Path::new("moved.md")), Some(&lines(&[])));
        assert_eq!(changes.old_path(Path::new("same.md")), None);
    }
}

#[cfg(unix)]
#[test]
fn names_are_any_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let repository = Repository::new();
    let odd: [&[u8]; 8] = [
        b"-x.md",
        b"tab\t.md",
        b"line\n+++ b.md",
        b"\"q\\.md",
        b"\xff\xfe.md",
        b" lead.md",
        b":0:x.md",
        b"\x01\x7f \xc3\xa9.md",
    ];
    let paths: Vec<PathBuf> = odd.iter().map(|name| PathBuf::from(OsStr::from_bytes(name))).collect();
    for path in &paths {
        fs::write(repository.dir().join(path), "1\n2\n").unwrap();
    }
    repository.commit();
    for path in &paths {
        fs::write(repository.dir().join(path), "1\nII\n").unwrap();
    }
    let changes = repository.since("HEAD");
    assert_eq!(changes.files.len(), paths.len());
    for path in &paths {
        assert_eq!(changes.changed(path), Some(&lines(&[(2, 2)])), "{path:?}");
        assert_eq!(changes.show(path).unwrap().unwrap(), b"1\n2\n", "{path:?}");
        assert_eq!(changes.staged_bytes(path).unwrap().unwrap(), b"1\n2\n", "{path:?}");
    }
    repository.git(&["rm", "--quiet", "--cached", "-r", "."]);
    assert!(repository.since("HEAD").files.values().all(|lines| *lines == Lines::All), "untracked now");
}

#[cfg(unix)]
#[test]
fn modes_links_and_conflicts() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let repository = Repository::new();
    repository.write("mode.md", "1\n").write("becomes.md", "1\n").write("conflict.md", "1\n").commit();
    repository.git(&["checkout", "--quiet", "-b", "work"]).write("conflict.md", "work\n");
    fs::set_permissions(repository.dir().join("mode.md"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(repository.dir().join("becomes.md")).unwrap();
    symlink("mode.md", repository.dir().join("becomes.md")).unwrap();
    repository.commit();
    let changes = repository.since("main");
    assert_eq!(changes.changed(Path::new("mode.md")), Some(&lines(&[])));
    assert_eq!(changes.changed(Path::new("becomes.md")), Some(&Lines::All));
    repository.git(&["checkout", "--quiet", "main"]).write("conflict.md", "main\n").commit();
    let merge =
        Command::new("git").arg("-C").arg(repository.dir()).args(["merge", "--quiet", "work"]).output().unwrap();
    assert!(!merge.status.success());
    for changes in [repository.since("HEAD"), Changes::staged(repository.dir()).unwrap()] {
        assert!(changes.changed(Path::new("conflict.md")).is_some_and(|lines| lines.touches(1, 1)));
    }
}

#[test]
fn the_users_settings_do_not_change_the_answer() {
    let repository = Repository::new();
    let text = numbered(9);
    repository.write(".gitattributes", "*.md diff=odd\n").write("p.md", &text).write("sub/x", "").commit();
    repository.write("p.md", text.replace("line 3", "l").replace("line 5", "l"));
    let settings = [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "touch ran"),
        ("diff.odd.textconv", "touch ran;"),
        ("diff.odd.command", "touch ran;"),
        ("core.fsmonitor", "touch ran"),
        ("core.pager", "touch ran"),
        ("color.ui", "always"),
        ("diff.context", "5"),
        ("diff.interHunkContext", "5"),
        ("diff.relative", "true"),
        ("core.quotepath", "true"),
    ];
    for (name, value) in settings {
        repository.git(&["config", name, value]);
    }
    let changes = Changes::since(&repository.dir().join("sub"), "HEAD").unwrap();
    assert_eq!(changes.changed(Path::new("p.md")), Some(&lines(&[(3, 3), (5, 5)])));
    assert_eq!(names(&changes), ["p.md"]);
    assert_eq!(changes.show(Path::new("p.md")).unwrap().unwrap(), text.as_bytes());
    // lines that git is told not to compare may all have changed
    repository.write(".git/info/attributes", "*.md -diff\n");
    assert_eq!(repository.since("HEAD").changed(Path::new("p.md")), Some(&Lines::All));
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let none = tempfile::tempdir().unwrap();
    let error = Changes::since(none.path(), "HEAD").unwrap_err();
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");
    let error = Changes::staged(&none.path().join("missing")).unwrap_err();
    assert!(matches!(error, GitError::Failed { .. }) && error.to_string().contains("missing"), "{error}");

    let repository = Repository::new();
    let error = Changes::since(repository.dir(), "HEAD").unwrap_err();
    assert!(matches!(error, GitError::NoCommit { .. }), "{error}");
    let error = Changes::staged(&repository.dir().join(".git")).unwrap_err();
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");

    repository.write("p.md", "1\n").commit();
    let made = repository.dir().join("made");
    let output = format!("--output={}", made.display());
    for rev in
        ["", "-h", "--all", &output, "nope", "^HEAD", "HEAD..HEAD", "HEAD:p.md", "a\0b", "HEAD HEAD", "\u{1b}[31m"]
    {
        let error = Changes::since(repository.dir(), rev).unwrap_err();
        assert!(matches!(error, GitError::UnknownRev { .. }), "{rev:?}: {error}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
    assert!(!made.exists());

    repository.git(&["checkout", "--quiet", "--orphan", "other"]).write("p.md", "2\n").commit();
    let error = Changes::since(repository.dir(), "main").unwrap_err();
    assert!(matches!(error, GitError::NoCommonAncestor { .. }), "{error}");
}

#[test]
fn shallow_and_partial_clones_say_what_to_fetch() {
    let repository = Repository::new();
    repository.write("p.md", "1\n").commit().git(&["checkout", "--quiet", "-b", "work"]).write("p.md", "2\n").commit();
    repository.git(&["checkout", "--quiet", "main"]).write("q.md", "1\n").commit().git(&[
        "config",
        "uploadpack.allowFilter",
        "true",
    ]);
    let url = format!("file://{}", repository.dir().display());
    let clones = tempfile::tempdir().unwrap();

    git(clones.path(), &["clone", "--quiet", "--depth=1", "--no-single-branch", &url, "shallow"]);
    let shallow = clones.path().join("shallow");
    let error = Changes::since(&shallow, "origin/work").unwrap_err();
    assert!(matches!(error, GitError::ShallowClone { .. }), "{error}");
    assert!(
        error.to_string().contains("fetch-depth: 0") && error.to_string().contains("git fetch --unshallow"),
        "{error}"
    );
    let error = Changes::since(&shallow, "HEAD~1").unwrap_err();
    assert!(matches!(error, GitError::UnknownRevShallow { .. }), "{error}");
    assert_eq!(names(&Changes::since(&shallow, "origin/main").unwrap()), Vec::<&str>::new());

    git(clones.path(), &["clone", "--quiet", "--filter=blob:none", &url, "partial"]);
    let partial = Changes::since(&clones.path().join("partial"), "HEAD~1").unwrap();
    assert_eq!(names(&partial), ["q.md"]);
    let before = Changes::since(&clones.path().join("partial"), "origin/work").unwrap();
    assert_eq!(before.base, partial.base);
    git(clones.path(), &["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "bare"]);
    let error = partial_show(&clones.path().join("bare"));
    assert!(matches!(error, GitError::PartialClone), "{error}");
}

/// Asks a clone for contents that it never got.
fn partial_show(dir: &Path) -> GitError {
    let root = fs::canonicalize(dir).unwrap();
    let changes =
        Changes { files: BTreeMap::new(), gone: Vec::new(), base: "HEAD".into(), root, renamed: BTreeMap::new() };
    changes.show(Path::new("p.md")).unwrap_err()
}

#[test]
fn output_that_is_none_of_gits_is_refused() {
    let raw = ":100644 100644 1 2 M\tp.md\n\n";
    for bad in [
        ":\n".to_owned(),
        ":100644 100644 1 2 M\n".to_owned(),
        ":100644 100644 1 2 M\t\"p\n".to_owned(),
        ":100644 100644 1 2 M\t\"\\8\"\n".to_owned(),
        ":100644 100644 1 2 M\t\"\\37\"\n".to_owned(),
        format!("{raw}@@ -x +1 @@\n"),
        format!("{raw}@@ -1 1 @@\n"),
        format!("{raw}+++ b/p.md\n@@ -1 +{0},{0} @@\n", usize::MAX),
        format!("{raw}@@ -1,{0} +1,{0} @@\n", usize::MAX),
    ] {
        assert_eq!(patch::parse(bad.as_bytes()), None, "{bad}");
    }
    assert_eq!(patch::parse(b""), Some(patch::Patch::default()));
}

proptest! {
    #[test]
    fn any_output_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec![
        ":100644 100644 1 2 M\tp\n", ":100644 160000 1 2 T\tp\n", ":", "\t", "\"", "\\3", "diff ", "+++ b/p\n", "+++ ", "@@ -",
        "1", ",0", " +2,3", " +2", " @@\n", "\n", "+\n", "-\n", "\u{e9}",
    ]), 0..40)) {
        if let Some(patch::Patch { files, .. }) = patch::parse(parts.concat().as_bytes()) {
            for file in files {
                if let Lines::Ranges(ranges) = file.lines {
                    prop_assert!(ranges.iter().all(|range| range.start() <= range.end()));
                    prop_assert!(ranges.windows(2).all(|pair| *pair[0].end() + 1 < *pair[1].start()));
                }
            }
        }
    }
}
