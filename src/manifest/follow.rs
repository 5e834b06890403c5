//! Finding the decisions of a build on a page that its author edited since. Decides which of them can be told for certain.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use memchr::memmem;

use super::Decision;

/// The changes of `decisions` that still stand on `page`, where they stand there now, in order; `None` where that is not
/// certain. None stand on a page that was made anew.
///
/// What a build wrote is looked for whole, the longest first. It is found where it stands as often as the build wrote it; where
/// it stands less often, only if what it replaced was the same each time; what stands more often may be the author's.
pub fn follow(page: &[u8], decisions: &[&Decision]) -> Option<Vec<Decision>> {
    let mut groups: BTreeMap<(Reverse<usize>, &[u8]), Vec<&Decision>> = BTreeMap::new();
    let mut removes = false;
    for decision in decisions {
        let Some((_, after)) = decision.change() else { continue };
        // what was taken out leaves nothing to find
        removes |= after.is_empty();
        if after.is_empty() {
            continue;
        }
        groups.entry((Reverse(after.len()), after)).or_default().push(decision);
    }
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for ((_, after), mut group) in groups {
        let is_free = |start: &usize| {
            let before = taken.range(..start + after.len()).next_back();
            before.is_none_or(|(_, end)| end <= start)
        };
        let places: Vec<usize> = memmem::find_iter(page, after).filter(is_free).collect();
        group.sort_by_key(|decision| decision.start);
        let same = || group.windows(2).all(|pair| pair[0].change() == pair[1].change());
        if places.len() > group.len() || (!places.is_empty() && places.len() < group.len() && !same()) {
            return None;
        }
        for (decision, start) in group.into_iter().zip(places) {
            let end = start + after.len();
            taken.insert(start, end);
            found.push(Decision { start, end, ..decision.clone() });
        }
    }
    found.sort_by_key(|decision| decision.start);
    (found.is_empty() || !removes).then_some(found)
}
