//! The difference between a page and its new bytes as a patch. Decides how it is written, for `git apply` and
//! `patch -p1`; what is shown of it is the caller's affair.
//!
//! Lines end with `\n`, as they do for git: a `\r` is part of its line, a page of lone `\r` is one line.

use std::collections::HashMap;
use std::io::Write as _;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::printable::is_forging;

/// How many equal lines stand around a change.
const CONTEXT: usize = 3;

/// The most lines on both sides together between two anchors that are compared line by line. The comparison takes
/// the square of it at worst, so the limit is what keeps the time linear; a longer stretch is shown as replaced.
const MAX_STRETCH: usize = 1000;

/// The unified diff that turns `before` into `after`, for the file `name`; empty if they are equal.
///
/// `name` is relative, with `/`, in any bytes; it is quoted as git quotes. Bytes of the pages go into the diff as
/// they are. Time grows linearly with the pages, but for a logarithm.
pub fn unified(name: impl AsRef<[u8]>, before: &[u8], after: &[u8]) -> Vec<u8> {
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) = (lines(before), lines(after));
    let ops = compare(&old, &new);
    let mut out = Vec::new();
    for hunk in similar::group_diff_ops(ops, CONTEXT) {
        if out.is_empty() {
            header(&mut out, name.as_ref());
        }
        write_hunk(&mut out, &hunk, &old, &new);
    }
    out
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

fn header(out: &mut Vec<u8>, name: &[u8]) {
    for (mark, side) in [("---", 'a'), ("+++", 'b')] {
        out.extend_from_slice(mark.as_bytes());
        out.push(b' ');
        let quoted = needs_quotes(name);
        if quoted {
            out.push(b'"');
        }
        out.extend_from_slice(&[side as u8, b'/']);
        if quoted {
            quote(out, name);
            out.push(b'"');
        } else {
            out.extend_from_slice(name);
            // the tab says that the name ends here and the blanks are its own
            if name.contains(&b' ') {
                out.push(b'\t');
            }
        }
        out.push(b'\n');
    }
}

fn needs_quotes(name: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(name) else { return true };
    text.contains(['"', '\\']) || text.chars().any(is_forging)
}

/// Writes `name` as within a C string, every byte that is not printable ASCII as three octal digits.
fn quote(out: &mut Vec<u8>, name: &[u8]) {
    for &byte in name {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => append(out, format_args!("\\{byte:03o}")),
        }
    }
}

fn write_hunk(out: &mut Vec<u8>, hunk: &[DiffOp], old: &[&[u8]], new: &[&[u8]]) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let old_range = first.old_range().start..last.old_range().end;
    let new_range = first.new_range().start..last.new_range().end;
    append(out, format_args!("@@ -{} +{} @@\n", place(&old_range), place(&new_range)));
    for op in hunk {
        if let DiffOp::Equal { .. } = op {
            write_lines(out, b' ', &old[op.old_range()]);
        } else {
            write_lines(out, b'-', &old[op.old_range()]);
            write_lines(out, b'+', &new[op.new_range()]);
        }
    }
}

/// A range of lines as a hunk says it: 1-based, the count left out if it is 1, the line before if there are none.
fn place(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    }
}

fn write_lines(out: &mut Vec<u8>, mark: u8, lines: &[&[u8]]) {
    for line in lines {
        out.push(mark);
        out.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            out.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}

fn append(out: &mut Vec<u8>, text: std::fmt::Arguments) {
    // writing to a `Vec` cannot fail
    let _ = out.write_fmt(text);
}

/// Compares line by line between anchors: lines that each side has once, in the same order.
fn compare(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let mut ops = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for (old_anchor, new_anchor) in anchors(old, new) {
        // lines next to an anchor may be equal without being unique; the comparison finds those
        compare_stretch(&mut ops, old, old_at..old_anchor, new, new_at..new_anchor);
        push_equal(&mut ops, old_anchor, new_anchor, 1);
        (old_at, new_at) = (old_anchor + 1, new_anchor + 1);
    }
    compare_stretch(&mut ops, old, old_at..old.len(), new, new_at..new.len());
    ops
}

fn compare_stretch(
    ops: &mut Vec<DiffOp>,
    old: &[&[u8]],
    old_range: Range<usize>,
    new: &[&[u8]],
    new_range: Range<usize>,
) {
    let (old, new) = (&old[old_range.clone()], &new[new_range.clone()]);
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    push_equal(ops, old_range.start, new_range.start, head);
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let (old_at, new_at) = (old_range.start + head, new_range.start + head);
    if old.len() + new.len() > MAX_STRETCH || old.is_empty() || new.is_empty() {
        push_change(ops, old_at, old.len(), new_at, new.len());
    } else {
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            let (old, new) = (op.old_range(), op.new_range());
            match op {
                DiffOp::Equal { len, .. } => push_equal(ops, old_at + old.start, new_at + new.start, len),
                _ => push_change(ops, old_at + old.start, old.len(), new_at + new.start, new.len()),
            }
        }
    }
    push_equal(ops, old_range.end - tail, new_range.end - tail, tail);
}

fn push_equal(ops: &mut Vec<DiffOp>, old_index: usize, new_index: usize, count: usize) {
    if let Some(DiffOp::Equal { len, .. }) = ops.last_mut() {
        *len += count;
    } else if count > 0 {
        ops.push(DiffOp::Equal { old_index, new_index, len: count });
    }
}

/// Adds a change of neighbouring lines, one with the change before it if there is one.
fn push_change(ops: &mut Vec<DiffOp>, old_index: usize, old_len: usize, new_index: usize, new_len: usize) {
    let (old_index, new_index, old_len, new_len) = match ops.last() {
        Some(DiffOp::Equal { .. }) | None => (old_index, new_index, old_len, new_len),
        Some(last) => {
            let (old, new) = (last.old_range(), last.new_range());
            ops.pop();
            (old.start, new.start, old.len() + old_len, new.len() + new_len)
        }
    };
    if old_len + new_len > 0 {
        ops.push(DiffOp::Replace { old_index, old_len, new_index, new_len });
    }
}

/// Pairs of indexes of equal lines, unique on each side, ascending on both.
fn anchors(old: &[&[u8]], new: &[&[u8]]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&[u8], (Seen, Seen)> = HashMap::with_capacity(old.len());
    for (index, line) in old.iter().enumerate() {
        places.entry(line).or_default().0.at(index);
    }
    for (index, line) in new.iter().enumerate() {
        if let Some(place) = places.get_mut(line) {
            place.1.at(index);
        }
    }
    let pair = |(index, line): (usize, &&[u8])| match places.get(*line) {
        Some((Seen::Once(_), Seen::Once(other))) => Some((index, *other)),
        _ => None,
    };
    longest_ascent(&old.iter().enumerate().filter_map(pair).collect::<Vec<_>>())
}

#[derive(Clone, Copy, Default)]
enum Seen {
    #[default]
    Never,
    Once(usize),
    Often,
}

impl Seen {
    fn at(&mut self, index: usize) {
        *self = if let Self::Never = self { Self::Once(index) } else { Self::Often };
    }
}

/// The longest subsequence of `pairs` that ascends in its second numbers; it ascends in the first as it stands.
fn longest_ascent(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // for each length, the pair with the smallest end; for each pair, the one before it
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        ends.truncate(ends.len().max(length));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut ascent: Vec<_> =
        std::iter::successors(ends.last().copied(), |&index| before[index]).map(|index| pairs[index]).collect();
    ascent.reverse();
    ascent
}

#[cfg(test)]
mod tests;
