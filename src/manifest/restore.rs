//! Undoing the decisions of a build on one page.

use thiserror::Error;

use super::Decision;

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
    let mut changes: Vec<_> = decisions.iter().filter_map(|one| Some((one.start, one.end, one.change()?))).collect();
    // stable: what stands at one place keeps its order
    changes.sort_by_key(|&(start, end, _)| (start, end));
    let mut restored = Vec::with_capacity(output.len());
    let mut at = 0;
    for (start, end, (before, after)) in changes {
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
