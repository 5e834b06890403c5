use super::*;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const OLD: &[u8] = b"the old page\n";

/// More than one chunk, so that a failing write can leave half of it.
fn new_page() -> Vec<u8> {
    b"the new page\n".repeat(50_000)
}

struct Site {
    dir: tempfile::TempDir,
}

impl Site {
    fn with(files: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().expect("below the directory")).expect("made");
            fs::write(path, OLD).expect("written");
        }
        Self { dir }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn meta(&self, name: &str) -> fs::Metadata {
        fs::metadata(self.at(name)).expect("there")
    }

    fn content(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).expect("a file is never lost")
    }

    /// Files with the name of a temporary one, all folders.
    fn strays(&self) -> Vec<PathBuf> {
        crate::walk::leftovers(self.dir.path(), &|_| true).1
    }

    fn writer(&self) -> InPlace {
        InPlace::open(self.dir.path(), Disk::real()).expect("nobody else writes")
    }

    fn fingerprint(&self, name: &str) -> Fingerprint {
        read_page(&self.at(name), 1 << 20).expect("readable").fingerprint()
    }

    /// Reads, checks and replaces one page, as a build does.
    fn rewrite(&self, name: &str, content: &[u8], disk: Disk) -> Result<Change, WriteError> {
        let was = self.fingerprint(name);
        let writer = InPlace::open(self.dir.path(), disk)?;
        let target = writer.check(&self.at(name))?;
        let change = writer.replace(&target, &was, content)?;
        writer.finish().map(|()| change)
    }
}

/// How a disk fails from its `nth` operation on, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// That operation fails, those after it work.
    Once(io::ErrorKind),
    /// Nothing works any more, as if the process had been killed.
    Death,
}

fn faulty(nth: usize, fault: Fault, asked: &Arc<AtomicUsize>) -> Disk {
    let asked = Arc::clone(asked);
    Disk::gated(Box::new(move |_, _| {
        let now = asked.fetch_add(1, Ordering::Relaxed);
        match fault {
            Fault::Once(kind) if now == nth => Err(kind.into()),
            Fault::Death if now >= nth => Err(io::ErrorKind::Other.into()),
            _ => Ok(()),
        }
    }))
}

/// Runs `write` on a fresh site with a fault at every operation that it takes; gives how many there are.
fn at_every_operation(fault: Fault, write: impl Fn(&Site, Disk) -> Result<(), WriteError>, name: &str) -> usize {
    for nth in 0..100 {
        let site = Site::with(&["page.md"]);
        let asked = Arc::default();
        let result = write(&site, faulty(nth, fault, &asked));
        let reached = asked.load(Ordering::Relaxed);
        let there = fs::read(site.at(name)).ok();
        let is_new = there == Some(new_page());
        let is_old = there.as_deref() == (name == "page.md").then_some(OLD);
        assert!(is_new || is_old, "{fault:?} at {nth}: {:?} bytes", there.map(|bytes| bytes.len()));
        if nth >= reached {
            assert!(result.is_ok() && is_new && site.strays().is_empty());
            return nth;
        }
        let strays = site.strays();
        assert!(
            strays.len() <= 1 && (fault == Fault::Death || result.is_err() || strays.len() == 1),
            "{fault:?} at {nth}"
        );
        // the next run
        assert_eq!(remove_strays(&strays, &Disk::real()), strays.len());
        write(&site, Disk::real()).expect("all works again");
        assert!(fs::read(site.at(name)).ok() == Some(new_page()) && site.strays().is_empty());
    }
    panic!("more than 100 operations for one file");
}

#[test]
fn a_fault_at_any_operation_leaves_a_page_old_or_new() {
    let in_place = |site: &Site, disk| site.rewrite("page.md", &new_page(), disk).map(|_| ());
    for fault in [
        Fault::Once(io::ErrorKind::StorageFull),
        Fault::Once(io::ErrorKind::PermissionDenied),
        Fault::Once(io::ErrorKind::FileTooLarge),
        Fault::Death,
    ] {
        // probe (2), create, owner, mode, three writes, sync, look, read, rename, sync of the folder
        assert_eq!(at_every_operation(fault, in_place, "page.md"), 13, "{fault:?}");
        assert_eq!(at_every_operation(fault, in_two_steps, "page.md"), 13, "{fault:?}");
    }
}

fn in_two_steps(site: &Site, disk: Disk) -> Result<(), WriteError> {
    let was = site.fingerprint("page.md");
    let writer = InPlace::open(site.dir.path(), disk)?;
    let ready = writer.prepare(writer.check(&site.at("page.md"))?, was, &new_page())?;
    assert!(site.content("page.md") == OLD || ready.is_none());
    ready.map_or(Ok(()), |ready| writer.place(ready))?;
    writer.finish()
}

#[test]
fn a_fault_at_any_operation_leaves_an_output_whole_or_missing() {
    let put = |site: &Site, disk| {
        let out = OutDir::open(&site.at("out"), disk)?;
        out.put(Path::new("deep/page.md"), &new_page(), &site.meta("page.md")).map(|_| ())
    };
    let copy = |site: &Site, disk| {
        fs::write(site.at("page.md"), new_page()).expect("written");
        let out = OutDir::open(&site.at("out"), disk)?;
        out.copy(&site.at("page.md"), Path::new("deep/page.md")).map(|_| ())
    };
    for fault in [Fault::Once(io::ErrorKind::StorageFull), Fault::Death] {
        assert_eq!(at_every_operation(fault, put, "out/deep/page.md"), 8);
        assert_eq!(at_every_operation(fault, copy, "out/deep/page.md"), 6);
    }
}

#[test]
fn a_page_that_changed_since_is_not_replaced() {
    let theirs: [(&str, &[u8]); 2] =
        [("another size", b"theirs, and longer than the old one\n"), ("one size", b"the 0ld page\n")];
    for (what, content) in theirs {
        for op in [Op::Create, Op::Sync, Op::Restat, Op::Reread] {
            let site = Site::with(&["page.md"]);
            let (page, was) = (site.at("page.md"), site.fingerprint("page.md"));
            let target = site.writer().check(&page).expect("writable");
            let edited = page.clone();
            let time = fs::metadata(&page).and_then(|meta| meta.modified()).expect("has a time");
            let disk = Disk::gated(Box::new(move |now, _| {
                if now == op {
                    // as an editor that keeps the time would
                    fs::write(&edited, content)?;
                    fs::File::options().write(true).open(&edited)?.set_modified(time)?;
                }
                Ok(())
            }));
            let writer = InPlace::open(site.dir.path(), disk).expect("nobody else writes");
            let result = writer.replace(&target, &was, &new_page());
            assert!(matches!(result, Err(WriteError::Changed(_))), "{what} at {op:?}: {result:?}");
            assert!(site.content("page.md") == content && site.strays().is_empty());
        }
    }
}

#[test]
fn what_is_right_already_is_not_touched() {
    let site = Site::with(&["page.md", "logo.png"]);
    let modified = |name: &str| fs::metadata(site.at(name)).and_then(|meta| meta.modified()).expect("has a time");
    let before = modified("page.md");
    assert_eq!(site.rewrite("page.md", OLD, Disk::real()).expect("nothing to do"), Change::Same);
    assert_eq!(modified("page.md"), before);
    let (page, logo) = (Path::new("a/page.md"), Path::new("a/logo.png"));
    let write = |content: &[u8]| {
        let out = OutDir::open(&site.at("out"), Disk::real()).expect("made");
        let put = out.put(page, content, &site.meta("page.md")).expect("written");
        (put, out.copy(&site.at("logo.png"), logo).expect("copied"))
    };
    assert_eq!(write(b"new"), (Change::Written, Change::Written));
    let times = (modified("out/a/page.md"), modified("out/a/logo.png"));
    assert_eq!(write(b"new"), (Change::Same, Change::Same));
    assert_eq!((modified("out/a/page.md"), modified("out/a/logo.png")), times);
    fs::write(site.at("logo.png"), b"the 0ld page\n").expect("written");
    assert_eq!(write(b"wen"), (Change::Written, Change::Written));
    assert_eq!(
        (site.content("out/a/page.md"), site.content("out/a/logo.png")),
        (b"wen".to_vec(), b"the 0ld page\n".to_vec())
    );
}

#[test]
fn an_output_stays_in_its_folder() {
    let site = Site::with(&["page.md"]);
    let out = OutDir::open(&site.at("out"), Disk::real()).expect("made");
    for relative in ["../page.md", "/etc/x", "a/../../page.md", "", ".."] {
        let result = out.put(Path::new(relative), b"x", &site.meta("page.md"));
        assert!(matches!(result, Err(WriteError::LeavesRoot { .. })), "{relative}: {result:?}");
    }
    fs::create_dir(site.at("out/folder")).expect("made");
    assert!(matches!(out.put(Path::new("folder"), b"x", &site.meta("page.md")), Err(WriteError::Io { .. })));
    assert!(out.copy(&site.at("out"), Path::new("x")).is_err());
    assert_eq!(site.content("page.md"), OLD);
    assert!(site.strays().is_empty());
}

#[test]
fn names_that_are_one_on_some_file_systems_are_found() {
    let names = ["a/Page.md", "b.md", "É.md", "a/page.md", "é.md", "b.md", "c.md", "o\u{308}.md", "Ö.md", "o.md"];
    let found = [("a/Page.md", "a/page.md"), ("o\u{308}.md", "Ö.md"), ("É.md", "é.md")];
    assert_eq!(collisions(names), found);
}

#[test]
fn eight_threads_write_and_one_run_at_a_time() {
    let names: Vec<String> = (0..64).map(|number| format!("d{}/page{number}.md", number % 5)).collect();
    let site = Site::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let writer = site.writer();
    let out = OutDir::open(&site.at("out"), Disk::real()).expect("made");
    std::thread::scope(|scope| {
        for part in names.chunks(8) {
            let (site, writer, out) = (&site, &writer, &out);
            scope.spawn(move || {
                for name in part {
                    let target = writer.check(&site.at(name)).expect("writable");
                    let change = writer.replace(&target, &site.fingerprint(name), name.as_bytes());
                    assert_eq!(change.expect("replaced"), Change::Written);
                    out.put(Path::new(name), name.as_bytes(), &site.meta(name)).expect("written");
                }
            });
        }
        for _ in 0..8 {
            let site = &site;
            scope.spawn(|| {
                let second = InPlace::open(site.dir.path(), Disk::real());
                assert!(!cfg!(unix) || matches!(second, Err(WriteError::Locked(_))));
            });
        }
    });
    writer.finish().expect("flushed");
    for name in &names {
        assert!(site.content(name) == name.as_bytes() && site.content(&format!("out/{name}")) == name.as_bytes());
    }
    assert!(site.strays().is_empty());
    drop(writer);
    site.writer();
}

#[test]
fn a_stray_of_a_living_run_stays() {
    let site = Site::with(&[".page.md.affilink-1-0.tmp", ".page.md.affilink-1-1.tmp", "page.md"]);
    let owned = fs::File::open(site.at(".page.md.affilink-1-0.tmp")).expect("there");
    owned.try_lock().expect("nobody else's");
    let all = [site.strays(), vec![site.at("page.md")]].concat();
    assert_eq!(all.len(), 3);
    assert_eq!(remove_strays(&all, &Disk::real()), 1);
    assert_eq!(site.strays(), [site.at(".page.md.affilink-1-0.tmp")]);
    assert_eq!(site.content("page.md"), OLD);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("one's own");
    }

    #[test]
    fn mode_and_owner_stay() {
        let site = Site::with(&["page.md"]);
        let page = site.at("page.md");
        // another owner only where the user may give files away
        let given = std::os::unix::fs::chown(&page, Some(65534), Some(65534)).is_ok();
        for mode in [0o600, 0o640, 0o644, 0o755, 0o2755] {
            fs::write(&page, OLD).expect("written");
            chmod(&page, mode);
            site.rewrite("page.md", &new_page(), Disk::real()).expect("replaced");
            let meta = fs::metadata(&page).expect("there");
            assert_eq!(meta.mode() & 0o7777, mode);
            assert!(!given || (meta.uid(), meta.gid()) == (65534, 65534));
            let out = OutDir::open(&site.at("out"), Disk::real()).expect("made");
            out.put(Path::new("page.md"), &mode.to_le_bytes(), &site.meta("page.md")).expect("written");
            out.copy(&page, Path::new("copy.md")).expect("copied");
            for name in ["out/page.md", "out/copy.md"] {
                assert_eq!(fs::metadata(site.at(name)).expect("there").mode() & 0o7777, mode, "{name}");
                fs::remove_file(site.at(name)).expect("one's own");
            }
        }
    }

    #[test]
    fn a_temporary_file_is_never_more_open_than_its_page() {
        let site = Site::with(&["page.md"]);
        chmod(&site.at("page.md"), 0o640);
        let disk = Disk::gated(Box::new(|op, path| {
            let mode = || fs::metadata(path).expect("there").mode() & 0o777;
            match op {
                Op::SetOwner | Op::SetMode => assert_eq!(mode(), 0o600),
                Op::Write | Op::Sync => assert_eq!(mode(), 0o640),
                _ => {}
            }
            Ok(())
        }));
        site.rewrite("page.md", &new_page(), disk).expect("replaced");
    }

    #[test]
    fn a_link_is_written_through() {
        let site = Site::with(&["deep/real.md"]);
        symlink("deep/real.md", site.at("page.md")).expect("linked");
        site.rewrite("page.md", &new_page(), Disk::real()).expect("replaced");
        assert!(fs::symlink_metadata(site.at("page.md")).expect("there").is_symlink());
        assert!(fs::symlink_metadata(site.at("deep/real.md")).expect("there").is_file());
        assert_eq!(site.content("deep/real.md"), new_page());
    }

    #[test]
    fn a_link_that_leaves_or_moves_is_refused() {
        let (site, elsewhere) = (Site::with(&["real/page.md"]), Site::with(&["page.md"]));
        symlink(elsewhere.at("page.md"), site.at("out.md")).expect("linked");
        let refusal = site.rewrite("out.md", &new_page(), Disk::real());
        assert!(matches!(refusal, Err(WriteError::LeavesRoot { .. })), "{refusal:?}");
        // a folder is swapped for a link after the check
        let was = site.fingerprint("real/page.md");
        let writer = site.writer();
        let target = writer.check(&site.at("real/page.md")).expect("writable");
        fs::rename(site.at("real"), site.at("moved")).expect("one's own");
        symlink(elsewhere.dir.path(), site.at("real")).expect("linked");
        assert!(writer.replace(&target, &was, &new_page()).is_err());
        assert!(elsewhere.content("page.md") == OLD && elsewhere.strays().is_empty());
        // an output folder with a link out of it
        let out = OutDir::open(&site.at("dist"), Disk::real()).expect("made");
        symlink(elsewhere.dir.path(), site.at("dist/a")).expect("linked");
        let refusal = out.put(Path::new("a/page.md"), b"x", &site.meta("moved/page.md"));
        assert!(matches!(refusal, Err(WriteError::LeavesRoot { .. })), "{refusal:?}");
        assert_eq!(elsewhere.content("page.md"), OLD);
    }

    #[test]
    fn an_output_that_is_a_link_becomes_a_file() {
        let site = Site::with(&["page.md", "precious.md"]);
        let out = OutDir::open(&site.at("out"), Disk::real()).expect("made");
        symlink("../precious.md", site.at("out/page.md")).expect("linked");
        out.put(Path::new("page.md"), b"x", &site.meta("page.md")).expect("written");
        assert!(fs::symlink_metadata(site.at("out/page.md")).expect("there").is_file());
        assert_eq!(site.content("precious.md"), OLD);
    }

    #[test]
    fn hard_links_are_refused_and_not_parted() {
        let site = Site::with(&["page.md"]);
        fs::hard_link(site.at("page.md"), site.at("twin.md")).expect("linked");
        let refusal = site.rewrite("page.md", &new_page(), Disk::real()).expect_err("two names");
        assert!(refusal.to_string().contains("2 hard links"), "{refusal}");
        let inode = |name: &str| fs::metadata(site.at(name)).expect("there").ino();
        assert!(inode("page.md") == inode("twin.md") && site.content("twin.md") == OLD);
    }

    #[test]
    fn a_read_only_page_is_refused_before_anything_is_written() {
        let site = Site::with(&["page.md"]);
        chmod(&site.at("page.md"), 0o444);
        assert!(matches!(site.writer().check(&site.at("page.md")), Err(WriteError::ReadOnly(_))));
    }

    #[test]
    fn a_folder_without_write_permission_is_refused() {
        let site = Site::with(&["closed/page.md", "closed/other.md"]);
        chmod(&site.at("closed"), 0o555);
        let writer = site.writer();
        let results = [writer.check(&site.at("closed/page.md")), writer.check(&site.at("closed/other.md"))];
        // root may write anywhere
        let is_root = fs::write(site.at("closed/try"), "").is_ok();
        chmod(&site.at("closed"), 0o755);
        for result in results {
            assert!(matches!(result, Err(WriteError::FolderNotWritable { .. })) != is_root, "{result:?}");
        }
    }

    #[test]
    fn only_files_are_replaced() {
        let site = Site::with(&["a/page.md"]);
        assert!(matches!(site.writer().check(&site.at("a")), Err(WriteError::NotAFile(_))));
        assert!(matches!(site.writer().check(&site.at("none")), Err(WriteError::Io { .. })));
    }

    #[test]
    fn a_name_of_255_bytes_has_room_for_a_temporary_file() {
        let name = "é".repeat(126) + ".md";
        assert_eq!(name.len(), 255);
        let site = Site::with(&[&name]);
        site.rewrite(&name, &new_page(), Disk::real()).expect("replaced");
        assert_eq!(site.content(&name), new_page());
    }
}
