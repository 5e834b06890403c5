//! Where lines of a page that a host handed over stand in the user's file. Decides by equal lines alone: what a host
//! changed or put in has no place of its own.

use rustc_hash::FxHashMap;

use crate::source::Lines;

/// The user's file, and where each line of the handed-over page stands in it.
#[derive(Debug)]
pub(super) struct Origin<'f> {
    file: &'f str,
    /// By line of the page, 0-based.
    places: Vec<Option<Place>>,
}

/// A line of the user's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// 1-based.
    pub(super) line: usize,
    /// Whether the very line stands there; otherwise it came from elsewhere, and this is where it was put in.
    pub(super) exact: bool,
}

impl<'f> Origin<'f> {
    /// Lays the lines of `page` beside those of `file`.
    pub(super) fn of(page: &str, file: &'f str) -> Self {
        let (ours, theirs) = (lines(page), lines(file));
        let found = if ours == theirs {
            (1..=theirs.len()).map(Some).collect()
        } else {
            lay(&ours, &theirs, &anchors(&ours, &theirs))
        };
        Self { file, places: places(&found, theirs.len()) }
    }

    /// Where 1-based `line` of the page stands in the file; `None` where nothing of the page is in the file.
    pub(super) fn line(&self, line: usize) -> Option<Place> {
        // behind the last line is the last line
        let index = line.checked_sub(1)?.min(self.places.len().checked_sub(1)?);
        self.places.get(index).copied().flatten()
    }

    /// Where `url` stands in the file, line and column, 1-based; `None` unless it stands there exactly once.
    pub(super) fn url(&self, url: &str) -> Option<(usize, usize)> {
        let mut found = memchr::memmem::find_iter(self.file.as_bytes(), url.as_bytes());
        let (first, second) = (found.next()?, found.next());
        second.is_none().then(|| Lines::of(self.file).position(first))
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).collect()
}

/// Pairs of lines, 0-based, that stand once in each text and in the same order in both.
fn anchors(ours: &[&str], theirs: &[&str]) -> Vec<(usize, usize)> {
    let (our, their) = (unique(ours), unique(theirs));
    let both = ours.iter().enumerate().filter_map(|(at, line)| {
        our.get(line).copied().flatten()?;
        Some((at, their.get(line).copied().flatten()?))
    });
    longest(&both.collect::<Vec<_>>())
}

/// Each line that is not empty, with its place where it is the only one.
fn unique<'t>(lines: &[&'t str]) -> FxHashMap<&'t str, Option<usize>> {
    let mut places = FxHashMap::default();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        places.entry(*line).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

/// The longest row of `pairs`, which ascend on the left, that ascends on the right, too (patience sorting).
fn longest(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, &(_, right)) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|&top| pairs[top].1 < right);
        before.push(pile.checked_sub(1).map(|pile| tops[pile]));
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut row = Vec::with_capacity(tops.len());
    let mut at = tops.last().copied();
    while let Some(index) = at {
        row.push(pairs[index]);
        at = before[index];
    }
    row.reverse();
    row
}

/// By line of ours, the line of theirs, 1-based: from each anchor up and down as far as the lines are equal, then from the
/// beginning and from the end.
fn lay(ours: &[&str], theirs: &[&str], anchors: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut found = vec![None; ours.len()];
    let mut free = (0, 0);
    for (index, &(our, their)) in anchors.iter().enumerate() {
        if our < free.0 || their < free.1 {
            continue;
        }
        let room = (our - free.0).min(their - free.1);
        let up = (1..=room).take_while(|up| ours[our - up] == theirs[their - up]).count();
        let stop = anchors.get(index + 1).copied().unwrap_or((ours.len(), theirs.len()));
        let room = (stop.0 - our).min(stop.1 - their);
        let down = (0..room).take_while(|down| ours[our + down] == theirs[their + down]).count();
        for (line, place) in found[our - up..our + down].iter_mut().zip(their - up + 1..) {
            *line = Some(place);
        }
        free = (our + down, their + down);
    }
    let first = found.iter().position(Option::is_some);
    let room = first.map_or((ours.len(), theirs.len()), |at| (at, found[at].unwrap_or(1) - 1));
    let down = (0..room.0.min(room.1)).take_while(|&line| ours[line] == theirs[line]).count();
    for (line, place) in found[..down].iter_mut().zip(1..) {
        *line = Some(place);
    }
    let last = found.iter().rposition(Option::is_some);
    let from = last.map_or((0, 0), |at| (at + 1, found[at].unwrap_or(0)));
    let room = (ours.len() - from.0).min(theirs.len() - from.1);
    let up = (1..=room).take_while(|up| ours[ours.len() - up] == theirs[theirs.len() - up]).count();
    for (line, place) in found[ours.len() - up..].iter_mut().zip(theirs.len() - up + 1..) {
        *line = Some(place);
    }
    found
}

/// Places for all lines: one that is not in the file stands behind the one before it that is, in the gap there, such as the
/// line that includes another file; where there is no gap, on that line.
fn places(found: &[Option<usize>], count: usize) -> Vec<Option<Place>> {
    let mut next = vec![None; found.len()];
    let mut behind = None;
    for (index, line) in found.iter().enumerate().rev() {
        behind = line.or(behind);
        next[index] = behind;
    }
    let mut before = None;
    let place = |(line, next): (&Option<usize>, Option<usize>)| {
        before = line.or(before);
        let guess = match (before, next) {
            (Some(before), Some(next)) if before + 1 >= next => before,
            (Some(before), _) => (before + 1).min(count),
            (None, Some(_)) => 1,
            (None, None) => return None,
        };
        Some(Place { line: line.unwrap_or(guess), exact: line.is_some() })
    };
    found.iter().zip(next).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_where_they_stand_unchanged() {
        let exact = |line| Some(Place { line, exact: true });
        let near = |line| Some(Place { line, exact: false });
        for (page, file, places) in [
            // as it is, and an empty page
            ("a\nb\n", "a\nb\n", vec![exact(1), exact(2), exact(2)]),
            ("", "a\n", vec![None]),
            ("x\n", "a\n", vec![None]),
            // front matter was cut off
            ("\na\na\n", "---\nt: x\n---\n\na\na\n", vec![exact(4), exact(5), exact(6)]),
            // an include was expanded
            ("a\nx\ny\nb\n", "a\n{{#include x}}\nb\n", vec![exact(1), near(2), near(2), exact(3)]),
            // a line was put in, another one taken out
            ("a\nx\nb\nd\n", "a\nb\nc\nd\n", vec![exact(1), near(1), exact(2), exact(4)]),
            // the beginning and the end come from elsewhere
            ("x\na\ny\n", "{{#include x}}\na\n{{#include y}}\n", vec![near(1), exact(2), near(3)]),
            // lines that stand twice are found beside those that stand once
            ("p\na\np\n", "x\np\na\np\nq\np\n", vec![exact(2), exact(3), exact(4)]),
            // order counts
            ("b\na\nc\n", "a\nb\nc\n", vec![near(1), exact(1), exact(3)]),
            ("a\r\nb  \r\n", "a\nb\n", vec![exact(1), exact(2)]),
        ] {
            let origin = Origin::of(page, file);
            let found: Vec<_> = (1..=places.len()).map(|line| origin.line(line)).collect();
            assert_eq!(found, places, "{page:?} in {file:?}");
        }
    }

    #[test]
    fn a_url_is_found_where_it_stands_once() {
        let origin = Origin::of("", "é https://a.example/x\nhttps://b.example/ https://b.example/\n");
        assert_eq!(origin.url("https://a.example/x"), Some((1, 3)));
        assert_eq!(origin.url("https://b.example/"), None);
        assert_eq!(origin.url("https://c.example/"), None);
    }
}
