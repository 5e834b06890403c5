use super::*;

fn tree(files: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().expect("below the directory")).expect("made");
        fs::write(path, file).expect("written");
    }
    dir
}

fn is_page(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| ["md", "html"].contains(&extension))
}

fn is_draft(name: &str) -> bool {
    name.starts_with("drafts/")
}

fn rules(links: Links, skip_dirs: &[PathBuf]) -> WalkRules<'_> {
    WalkRules { include: &is_page, exclude: &is_draft, skip_dirs, links }
}

fn names(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.name.as_str()).collect()
}

fn walk_all(dir: &tempfile::TempDir, links: Links) -> Walked {
    walk(dir.path(), dir.path(), &rules(links, &[])).expect("the tree can be read")
}

#[test]
fn a_tree_is_sorted_into_pages_and_others() {
    let dir = tree(&[
        "b.md",
        "a/z.md",
        "a.md",
        "a/logo.png",
        "drafts/d.md",
        "drafts/d.png",
        ".git/x.md",
        ".hidden/x.md",
        ".env",
        ".htaccess",
        ".nojekyll",
        ".well-known/page.html",
        ".well-known/.secret",
        "node_modules/p/readme.md",
        "docs/vendor/x.md",
        "vendor.md",
        "out/b.md",
        ".b.md.affilink-12-0.tmp",
    ]);
    let out = [fs::canonicalize(dir.path().join("out")).expect("exists")];
    let walked = walk(dir.path(), dir.path(), &rules(Links::Copies, &out)).expect("the tree can be read");
    assert_eq!(names(&walked.pages), ["a.md", "a/z.md", "b.md", "vendor.md"]);
    assert_eq!(
        names(&walked.others),
        [
            ".htaccess",
            ".nojekyll",
            ".well-known/page.html",
            "a/logo.png",
            "docs/vendor/x.md",
            "drafts/d.md",
            "drafts/d.png"
        ]
    );
    assert_eq!((walked.excluded, walked.problems.len()), (1, 0));
    assert_eq!(walked.strays, [dir.path().join(".b.md.affilink-12-0.tmp")]);
    assert!(walked.pages.iter().all(|page| page.path == dir.path().join(&page.relative) && !page.named));
}

#[test]
fn a_named_path_is_always_read_and_named_from_the_root() {
    let dir = tree(&["vendor/x/a.md", "drafts/d.md", ".hidden.txt", "page.txt"]);
    let page = |start: &str, root: &str| {
        let walked = walk(&dir.path().join(start), &dir.path().join(root), &rules(Links::Once, &[])).expect("exists");
        walked.pages.iter().map(|page| (page.name.clone(), page.named)).collect::<Vec<_>>()
    };
    assert_eq!(page("vendor", ""), [("vendor/x/a.md".to_owned(), false)]);
    assert_eq!(page("drafts/d.md", ""), [("drafts/d.md".to_owned(), true)]);
    assert_eq!(page(".hidden.txt", ""), [(".hidden.txt".to_owned(), true)]);
    assert_eq!(page("page.txt", "vendor"), [("page.txt".to_owned(), true)]);
    assert_eq!(page("vendor/x", "drafts"), [("a.md".to_owned(), false)]);
    assert!(walk(&dir.path().join("none"), dir.path(), &rules(Links::Once, &[])).is_err());
}

#[test]
fn leftovers_are_what_no_source_explains() {
    let dir = tree(&["kept.md", "a/old.md", "a/.x.md.affilink-7-3.tmp", ".git/config", ".nojekyll", "old.png"]);
    let kept = |relative: &Path| relative == Path::new("kept.md");
    let (names, strays) = leftovers(dir.path(), &kept);
    assert_eq!(names, [".nojekyll", "a/old.md", "old.png"]);
    assert_eq!(strays, [dir.path().join("a/.x.md.affilink-7-3.tmp")]);
    assert_eq!(leftovers(&dir.path().join("none"), &kept), (vec![], vec![]));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn problems(walked: &Walked) -> Vec<String> {
        walked.problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_within_the_tree_are_other_names() {
        let dir = tree(&["v2/a.md", "v2/logo.png", "real.md", ".store/only.md"]);
        let at = |name: &str| dir.path().join(name);
        symlink("v2", at("latest")).expect("linked");
        symlink("real.md", at("alias.md")).expect("linked");
        symlink(".store/only.md", at("only.md")).expect("linked");
        let copies = walk_all(&dir, Links::Copies);
        assert_eq!(names(&copies.pages), ["alias.md", "latest/a.md", "only.md", "real.md", "v2/a.md"]);
        assert_eq!(names(&copies.others), ["latest/logo.png", "v2/logo.png"]);
        let real = fs::canonicalize(dir.path()).expect("exists");
        let targets: Vec<_> = copies.pages.iter().map(|page| page.target.clone()).collect();
        let target = |name: &str| Some(real.join(name));
        assert_eq!(targets, [target("real.md"), target("v2/a.md"), target(".store/only.md"), None, None]);
        let once = walk_all(&dir, Links::Once);
        assert_eq!(names(&once.pages), ["only.md", "real.md", "v2/a.md"]);
        assert!(copies.problems.is_empty() && once.problems.is_empty());
    }

    #[test]
    fn links_that_leave_loop_or_lead_nowhere_are_reported() {
        let outside = tree(&["secret.md", "dir/secret.md"]);
        let dir = tree(&["a/page.md"]);
        let at = |name: &str| dir.path().join(name);
        symlink(outside.path().join("secret.md"), at("file.md")).expect("linked");
        symlink(outside.path().join("dir"), at("folder")).expect("linked");
        symlink("..", at("a/up")).expect("linked");
        symlink("gone.md", at("gone-link.md")).expect("linked");
        symlink("gone.md", at(".hidden-link.md")).expect("linked");
        symlink("self.md", at("self.md")).expect("linked");
        let walked = walk_all(&dir, Links::Copies);
        assert_eq!(names(&walked.pages), ["a/page.md"]);
        let kinds: Vec<_> = walked.problems.iter().map(|problem| (problem.name.as_str(), &problem.kind)).collect();
        assert!(
            matches!(
                kinds[..],
                [
                    ("a/up", ProblemKind::Loop(_)),
                    ("file.md", ProblemKind::LeavesRoot(_)),
                    ("folder", ProblemKind::LeavesRoot(_)),
                    ("gone-link.md", ProblemKind::BrokenLink),
                    ("self.md", _),
                ]
            ),
            "{kinds:?}"
        );
    }

    #[test]
    fn links_cannot_multiply_a_tree() {
        let dir = tree(&["d00/a.md"]);
        for level in 1..20 {
            let at = dir.path().join(format!("d{level:02}"));
            fs::create_dir(&at).expect("made");
            for link in ["x", "y"] {
                symlink(format!("../d{:02}", level - 1), at.join(link)).expect("linked");
            }
        }
        let walked = walk_all(&dir, Links::Copies);
        assert!(walked.pages.len() < 20 && walked.problems.len() < 20 * 16, "{}", walked.problems.len());
        assert_eq!(names(&walk_all(&dir, Links::Once).pages), ["d00/a.md"]);
    }

    #[test]
    fn what_is_no_file_is_never_opened() {
        let dir = tree(&["a.md"]);
        let fifo = dir.path().join("pipe.md");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo is there");
        assert!(made.success());
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("sock.md")).expect("bound");
        let walked = walk_all(&dir, Links::Copies);
        assert_eq!(names(&walked.pages), ["a.md"]);
        assert_eq!(
            problems(&walked),
            ["`pipe.md`: neither a file nor a directory", "`sock.md`: neither a file nor a directory"]
        );
    }

    #[test]
    fn names_of_any_bytes_work_and_print_safely() {
        let dir = tree(&["-rf.md", "::error::x.md", "new\nline.md"]);
        let odd = OsStr::from_bytes(b"caf\xe9.md");
        fs::write(dir.path().join(odd), "x").expect("written");
        let walked = walk_all(&dir, Links::Copies);
        assert_eq!(names(&walked.pages), ["-rf.md", "::error::x.md", "caf\u{fffd}.md", "new\nline.md"]);
        assert_eq!(walked.pages[2].relative, Path::new(odd));
        let kind = ProblemKind::Special;
        let problem = Problem { path: PathBuf::new(), name: walked.pages[3].name.clone(), kind };
        assert_eq!(problem.to_string(), "`new\\nline.md`: neither a file nor a directory");
    }

    #[test]
    fn an_unreadable_folder_is_reported_and_the_walk_goes_on() {
        let dir = tree(&["a.md", "closed/b.md", "z.md"]);
        let closed = dir.path().join("closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("closed");
        let is_root = fs::read_dir(&closed).is_ok();
        let walked = walk_all(&dir, Links::Copies);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("opened");
        if is_root {
            assert_eq!(names(&walked.pages), ["a.md", "closed/b.md", "z.md"]);
        } else {
            assert_eq!(names(&walked.pages), ["a.md", "z.md"]);
            assert!(walked.problems.len() == 1 && walked.problems[0].kind.is_failure());
        }
    }
}
