//! Undoing the decisions of a build on one page. Decides which of them stand on the page: some may have been undone before.

use thiserror::Error;

use super::{Decision, sha256_hex};

/// Why decisions cannot be undone: the page is not what the build wrote, or the manifest is not about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RestoreError {
    /// The bytes at a place are not those that the build put there.
    #[error("the bytes `{start}..{end}` are not what the build wrote there: the page was changed since")]
    NotWhatWasWritten {
        /// The first byte of the place, 0-based.
        start: usize,
        /// One past its last byte.
        end: usize,
    },
    /// Two decisions are about the same bytes.
    #[error("two decisions are about byte `{start}`")]
    Overlap {
        /// The first byte of the second, 0-based.
        start: usize,
    },
}

/// The bytes that the page had before `decisions` made it `output`; those that changed nothing are passed over.
///
/// Decisions may come in any order; of several insertions or removals at one place the order is that of the build.
/// Errors: any of them is not to be found; then nothing is undone.
pub fn restore(output: &[u8], decisions: &[&Decision]) -> Result<Vec<u8>, RestoreError> {
    let mut restored = Vec::with_capacity(output.len());
    let mut at = 0;
    for Edit { start, end, before, after, .. } in edits(decisions) {
        if output.get(start..end) != Some(after) {
            return Err(RestoreError::NotWhatWasWritten { start, end });
        }
        let between = output.get(at..start).ok_or(RestoreError::Overlap { start })?;
        restored.extend_from_slice(between);
        restored.extend_from_slice(before);
        at = end;
    }
    restored.extend_from_slice(output.get(at..).unwrap_or_default());
    Ok(restored)
}

/// A page on which the decisions of one build stand, all of them or some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The page without those that were wanted.
    pub restored: Vec<u8>,
    /// Whether any of the build's changes stood there.
    pub any: bool,
    /// Which of the decisions' changes stood there, by index.
    pub stood: Vec<bool>,
}

/// Undoes those of `decisions` that are `wanted`, by index, and stand on `page`; `None` where it is not what the build wrote, even
/// with those decisions done again that were undone since. `sha256` is the sum of what the build wrote.
pub fn undo(page: &[u8], decisions: &[&Decision], sha256: &str, wanted: impl Fn(usize) -> bool) -> Option<Standing> {
    let whole = sha256_hex(page) == sha256;
    let (mut written, mut restored) = (Vec::with_capacity(page.len()), Vec::with_capacity(page.len()));
    let mut stood = vec![false; decisions.len()];
    // how far the page was read
    let mut at = 0;
    for Edit { start, before, after, index, .. } in edits(decisions) {
        let between = page.get(at..at + start.checked_sub(written.len())?)?;
        written.extend_from_slice(between);
        restored.extend_from_slice(between);
        at += between.len();
        let rest = page.get(at..)?;
        // where both sides could stand the longer one does; the sum tells whether that is right
        let is_done = rest.starts_with(after) && (whole || after.len() > before.len() || !rest.starts_with(before));
        let here = if is_done { after } else { before };
        if !rest.starts_with(here) {
            return None;
        }
        at += here.len();
        stood[index] = is_done;
        written.extend_from_slice(after);
        restored.extend_from_slice(if is_done && wanted(index) { before } else { here });
    }
    let rest = page.get(at..)?;
    written.extend_from_slice(rest);
    restored.extend_from_slice(rest);
    let any = stood.contains(&true);
    (whole || sha256_hex(&written) == sha256).then_some(Standing { restored, any, stood })
}

/// A decision that changed something.
struct Edit<'d> {
    start: usize,
    end: usize,
    before: &'d [u8],
    after: &'d [u8],
    /// Which of the decisions it is.
    index: usize,
}

/// The changes by where they stand in the output.
fn edits<'d>(decisions: &[&'d Decision]) -> Vec<Edit<'d>> {
    let edit = |(index, decision): (usize, &&'d Decision)| {
        let (before, after) = decision.change()?;
        Some(Edit { start: decision.start, end: decision.end, before, after, index })
    };
    let mut edits: Vec<_> = decisions.iter().enumerate().filter_map(edit).collect();
    // stable: what stands at one place keeps its order
    edits.sort_by_key(|edit| (edit.start, edit.end));
    edits
}
