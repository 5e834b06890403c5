//! Reading what `git diff --raw --patch --unified=0` prints. Decides which lines of the new side differ. No process, no files.
//!
//! The raw part says which files differ, the patch which of their lines. Names are quoted as in C where they hold controls,
//! quotes or backslashes; a hunk's own lines are counted, as they may look like anything.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::Lines;

/// A file that is new or differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Its path, as git stores it.
    pub(super) path: Vec<u8>,
    /// The path it had, if it was renamed.
    pub(super) old_path: Option<Vec<u8>>,
    /// Its lines that differ.
    pub(super) lines: Lines,
}

/// A file while its patch is not yet read.
struct Reading {
    file: File,
    /// Whether there is no such file now.
    gone: bool,
    /// Whether its bytes differ, or may.
    differs: bool,
    /// Whether a patch for it was seen.
    patched: bool,
}

/// A hunk's header.
struct Hunk {
    start: usize,
    new: usize,
    old: usize,
}

/// What `output` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Patch {
    /// The files that are new or differ.
    pub(super) files: Vec<File>,
    /// The paths of those that are no more, as git stores them.
    pub(super) gone: Vec<Vec<u8>>,
}

/// Reads `output`; `None` where it is not what git prints.
pub(super) fn parse(output: &[u8]) -> Option<Patch> {
    let mut files: Vec<Reading> = Vec::new();
    let mut gone = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let (mut current, mut body) = (None, 0_usize);
    for line in output.split(|&byte| byte == b'\n') {
        if body > 0 && matches!(line.first(), Some(b'+' | b'-')) {
            body -= 1;
        } else if let Some(raw) = line.strip_prefix(b":") {
            let reading = raw_line(raw)?;
            if reading.gone {
                gone.push(reading.file.path);
            } else {
                places.insert(reading.file.path.clone(), files.len());
                files.push(reading);
            }
        } else if line.starts_with(b"diff ") {
            (current, body) = (None, 0);
        } else if let Some(name) = line.strip_prefix(b"+++ ") {
            current = new_name(name).and_then(|name| places.get(&name).copied());
        } else if let Some(header) = line.strip_prefix(b"@@ -") {
            let hunk = hunk(header)?;
            body = hunk.old.checked_add(hunk.new)?;
            if let Some(reading) = current.and_then(|place: usize| files.get_mut(place)) {
                reading.add(&hunk)?;
            }
        }
    }
    Some(Patch { files: files.into_iter().map(Reading::done).collect(), gone })
}

impl Reading {
    fn add(&mut self, hunk: &Hunk) -> Option<()> {
        self.patched = true;
        let Lines::Ranges(ranges) = &mut self.file.lines else { return Some(()) };
        if hunk.new == 0 {
            return Some(());
        }
        let end = hunk.start.checked_add(hunk.new - 1)?;
        match ranges.last_mut() {
            Some(last) if *last.end() >= hunk.start.saturating_sub(1) => *last = *last.start()..=end.max(*last.end()),
            _ => ranges.push(RangeInclusive::new(hunk.start, end)),
        }
        Some(())
    }

    /// A file that differs without a patch is one whose lines git does not tell: binary, or said to be.
    fn done(mut self) -> File {
        if self.differs && !self.patched {
            self.file.lines = Lines::All;
        }
        self.file
    }
}

/// `100644 100644 ID ID M\tpath`, with a second path where it was renamed.
fn raw_line(line: &[u8]) -> Option<Reading> {
    let mut fields = line.split(|&byte| byte == b'\t');
    let mut facts = fields.next()?.split(|&byte| byte == b' ');
    let (old_mode, mode, old_id, id, status) =
        (facts.next()?, facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let first = unquote(fields.next()?)?;
    let (old_path, path) = match fields.next() {
        Some(second) => (Some(first), unquote(second)?),
        None => (None, first),
    };
    let is_link = |mode: &[u8]| mode == b"120000";
    // a submodule, also one that became a file's neighbour
    let gone = status == b"D" || mode == b"160000";
    let known = matches!(status.first(), Some(b'M' | b'R' | b'C')) && !is_link(mode) && !is_link(old_mode);
    let lines = if known { Lines::Ranges(Vec::new()) } else { Lines::All };
    let differs = old_id != id && status != b"R100";
    Some(Reading { file: File { path, old_path, lines }, gone, differs, patched: false })
}

/// The path of a `+++` line; `None` for `/dev/null`.
fn new_name(name: &[u8]) -> Option<Vec<u8>> {
    // git ends names that hold a space with a tab
    let name = unquote(name.strip_suffix(b"\t").unwrap_or(name))?;
    name.strip_prefix(b"b/").map(<[u8]>::to_vec)
}

/// `3,0 +4,2 @@ …`, what follows `@@ -`; a length of 1 is left out.
fn hunk(header: &[u8]) -> Option<Hunk> {
    let mut parts = header.split(|&byte| byte == b' ');
    let (_, old) = numbers(parts.next()?)?;
    let (start, new) = numbers(parts.next()?.strip_prefix(b"+")?)?;
    Some(Hunk { start, new, old })
}

fn numbers(text: &[u8]) -> Option<(usize, usize)> {
    let text = std::str::from_utf8(text).ok()?;
    let (start, length) = text.split_once(',').unwrap_or((text, "1"));
    Some((start.parse().ok()?, length.parse().ok()?))
}

/// A name as git writes it: in quotes with C's escapes, or as it is.
fn unquote(name: &[u8]) -> Option<Vec<u8>> {
    let Some(quoted) = name.strip_prefix(b"\"") else { return Some(name.to_vec()) };
    let quoted = quoted.strip_suffix(b"\"")?;
    let mut bytes = quoted.iter().copied();
    let mut plain = Vec::with_capacity(quoted.len());
    while let Some(byte) = bytes.next() {
        plain.push(if byte == b'\\' { escaped(&mut bytes)? } else { byte });
    }
    Some(plain)
}

/// What follows a backslash.
fn escaped(bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
    Some(match bytes.next()? {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        mark @ (b'"' | b'\\') => mark,
        first @ b'0'..=b'3' => {
            let mut value = first - b'0';
            for _ in 0..2 {
                let digit = bytes.next().filter(|byte| (b'0'..=b'7').contains(byte))?;
                value = value * 8 + (digit - b'0');
            }
            value
        }
        _ => return None,
    })
}
