//! All elements that are open while tags are read in order. Decides which of them a start tag or an end tag ends, as
//! browsers do it; what an element means is the caller's. Who asks about a few elements only asks [`super::implied`].
//!
//! Source: HTML, 13.2.6.4 "the rules for parsing tokens in HTML content". What a browser moves out of a table stays here
//! where it was written, and `select` holds whatever stands in it. Formatting that a browser opens again is not opened
//! again: `</form>` behind it ends the form.

use rustc_hash::FxHashMap;

use super::element::Name;

/// The open elements, the outermost first; each holds a `T` of the caller's.
#[derive(Debug)]
pub(super) struct OpenElements<T> {
    stack: Vec<Element<T>>,
    /// Where on the stack the elements of each name are; those that were taken off early left out.
    places: Vec<Vec<usize>>,
    /// Numbers for names that are not HTML's, in lower case.
    others: FxHashMap<Vec<u8>, usize>,
    /// Whether a table may stand in a paragraph.
    quirks: bool,
    /// Whether a form began whose end tag has not come, be it open or not: until then no other begins.
    form: bool,
}

/// An open element.
#[derive(Debug)]
pub(super) struct Element<T> {
    /// Its name.
    pub(super) name: Name,
    /// What the caller knows of it.
    pub(super) value: T,
    /// Whether it was taken off before what stands in it.
    pub(super) gone: bool,
    number: usize,
    marks: Marks,
}

/// The places, counted from 1, of the innermost open elements that hide what is around them; 0 for none.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    /// Elements that no end tag of another inline element reaches across.
    special: usize,
    /// Elements that no `li`, `dd` or `dt` reaches across.
    item: usize,
    /// Elements that no end tag of a block reaches across.
    scope: usize,
    /// The same for `p`.
    button: usize,
    /// The same for `</li>`.
    list: usize,
}

/// What an end tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nothing.
    Nothing,
    /// It ends this element of the stack and all inside it.
    Element(usize),
    /// It ends this element but no block inside it.
    Around {
        /// The element.
        element: usize,
        /// How many elements stay on the stack: inline elements behind the last block end as well.
        height: usize,
    },
}

/// The parts of a table that hold rows.
const SECTIONS: [Name; 3] = [Name::Tbody, Name::Thead, Name::Tfoot];

/// Elements that end where what they stand in ends, and nobody minds. Source: HTML, 13.2.6.3.
const ENDS_ALONE: [Name; 10] =
    [Name::Dd, Name::Dt, Name::Li, Name::Optgroup, Name::Option, Name::P, Name::Rb, Name::Rp, Name::Rt, Name::Rtc];

impl<T> OpenElements<T> {
    /// None open yet; `quirks` is whether the page is one of those whose tables may stand in paragraphs.
    pub(super) fn new(quirks: bool) -> Self {
        Self {
            stack: Vec::new(),
            places: vec![Vec::new(); Name::COUNT],
            others: FxHashMap::default(),
            quirks,
            form: false,
        }
    }

    /// How many are open.
    pub(super) fn height(&self) -> usize {
        self.stack.len()
    }

    /// Whether one of this name is open.
    pub(super) fn holds(&self, name: Name) -> bool {
        self.last(name).is_some()
    }

    /// How many elements stay open in front of a start tag of `name`; `None` where the tag counts for nothing.
    pub(super) fn before(&self, name: Name) -> Option<usize> {
        let height = self.stack.len();
        if name.is_table_part() {
            return self.before_table_part(name);
        }
        let paragraph = if name.closes_paragraph() && !(self.quirks && name == Name::Table) {
            self.within(Name::P, self.marks().button)
        } else {
            None
        };
        let kept = paragraph.unwrap_or(height);
        Some(match name {
            Name::Form if self.form => return None,
            Name::Li => self.item(&[Name::Li]).unwrap_or(height).min(kept),
            Name::Dd | Name::Dt => self.item(&[Name::Dd, Name::Dt]).unwrap_or(height).min(kept),
            Name::Button => self.within(Name::Button, self.marks().scope).unwrap_or(height),
            Name::Table => self.bare_table().unwrap_or(kept),
            Name::Option => self.without(height, &[Name::Option]),
            Name::Optgroup => self.without(self.without(height, &[Name::Option]), &[Name::Optgroup]),
            Name::Rb | Name::Rtc | Name::Rp | Name::Rt if self.within(Name::Ruby, self.marks().scope).is_some() => {
                self.without(height, &[Name::Rb, Name::Rp, Name::Rt])
            }
            _ if name.is_heading() && self.name(kept).is_some_and(Name::is_heading) => kept - 1,
            _ => kept,
        })
    }

    /// What an open table lacks, from the outside in, before an element called `name` can stand in it.
    pub(super) fn implied(&self, name: Name) -> &'static [Name] {
        let Some(table) = self.last(Name::Table) else { return &[] };
        let inside = |name: Name| self.last(name).is_some_and(|place| place > table);
        let section = || SECTIONS.into_iter().any(inside);
        match name {
            Name::Td | Name::Th if inside(Name::Tr) => &[],
            Name::Td | Name::Th if section() => &[Name::Tr],
            Name::Td | Name::Th => &[Name::Tbody, Name::Tr],
            Name::Tr if !section() => &[Name::Tbody],
            _ => &[],
        }
    }

    /// Whether every element above the one at `place` ends by itself.
    pub(super) fn is_innermost(&self, place: usize) -> bool {
        self.without(self.stack.len(), &ENDS_ALONE) <= place + 1
    }

    /// The open `a` that a start tag of another ends.
    pub(super) fn anchor(&self) -> Option<Ending> {
        match self.formatting(Name::A as usize) {
            Ending::Nothing => None,
            ending => Some(ending),
        }
    }

    /// Opens an element with this name, which is `text` in the source.
    pub(super) fn push(&mut self, name: Name, text: &[u8], value: T) {
        let number = self.number(name, text).unwrap_or_else(|| {
            let number = self.places.len();
            self.places.push(Vec::new());
            self.others.insert(text.to_ascii_lowercase(), number);
            number
        });
        let here = self.stack.len() + 1;
        let mut marks = self.marks();
        if name.is_special() {
            marks.special = here;
        }
        if name.holds_items() {
            marks.item = here;
        }
        let scope = name.is_scope();
        for (mark, hides) in [
            (&mut marks.scope, scope),
            (&mut marks.button, scope || name == Name::Button),
            (&mut marks.list, scope || matches!(name, Name::Ol | Name::Ul)),
        ] {
            if hides {
                *mark = here;
            }
        }
        self.form |= name == Name::Form;
        self.places[number].push(here - 1);
        self.stack.push(Element { name, value, gone: false, number, marks });
    }

    /// Takes off the innermost element.
    pub(super) fn pop(&mut self) -> Option<Element<T>> {
        let element = self.stack.pop()?;
        if !element.gone {
            self.places[element.number].pop();
        }
        Some(element)
    }

    /// Whether the innermost element is one that was taken off early.
    pub(super) fn is_top_gone(&self) -> bool {
        self.stack.last().is_some_and(|element| element.gone)
    }

    /// The elements inside the formatting element at `place`, below `height`, the innermost first, that end with it: all but
    /// blocks and, in front of each block, formatting elements three steps away and less. None where it is no such element.
    ///
    /// Source: HTML, 13.2.6.4.7, the inner loop of the adoption agency. Browsers nest no deeper than 512 elements, so no
    /// more are looked at.
    pub(super) fn ended_around(&self, place: usize, height: usize) -> Vec<usize> {
        const DEPTH: usize = 512;
        const KEPT: usize = 3;
        if !self.stack.get(place).is_some_and(|element| element.name.is_formatting()) {
            return Vec::new();
        }
        let mut steps = 0;
        let lowest = (place + 1).max(height.saturating_sub(DEPTH));
        let ended = |&at: &usize| {
            let Some(element) = self.stack.get(at).filter(|element| !element.gone) else { return false };
            steps = if element.name.is_special() { 0 } else { steps + 1 };
            steps > 0 && (steps > KEPT || !element.name.is_formatting())
        };
        (lowest..height).rev().filter(ended).collect()
    }

    /// Takes the element at `place` off before what stands in it.
    pub(super) fn remove(&mut self, place: usize) -> Option<&mut Element<T>> {
        let element = self.stack.get(place).filter(|element| !element.gone)?;
        let places = &mut self.places[element.number];
        if let Some(index) = places.iter().rposition(|&found| found == place) {
            places.remove(index);
        }
        if element.name.is_special() {
            self.unmark(place);
        }
        let element = self.stack.get_mut(place)?;
        element.gone = true;
        Some(element)
    }

    /// Lets the element at `place` stand in nobody's way any more.
    fn unmark(&mut self, place: usize) {
        let below = place.checked_sub(1).and_then(|below| self.stack.get(below));
        let below = below.map_or(Marks::default(), |element| element.marks);
        let here = place + 1;
        for element in self.stack.iter_mut().skip(place) {
            let marks = &mut element.marks;
            if marks.special == here {
                marks.special = below.special;
            }
            if marks.item == here {
                marks.item = below.item;
            }
        }
    }

    /// What an end tag of this name, which is `text` in the source, does.
    pub(super) fn end(&mut self, name: Name, text: &[u8]) -> Ending {
        let marks = self.marks();
        let Some(number) = self.number(name, text) else { return Ending::Nothing };
        let found = match name {
            Name::P => self.within(name, marks.button),
            Name::Dd | Name::Dt => self.within(name, marks.scope),
            Name::Li => self.within(name, marks.list),
            Name::Table => self.last(name),
            Name::Form => {
                self.form = false;
                return self.form();
            }
            _ if name.is_formatting() => return self.formatting(number),
            _ if name.is_heading() => {
                let headings = [Name::H1, Name::H2, Name::H3, Name::H4, Name::H5, Name::H6];
                headings.into_iter().filter_map(|heading| self.within(heading, marks.scope)).max()
            }
            _ if name.is_table_part() => {
                self.last(name).filter(|&place| self.last(Name::Table).is_some_and(|table| table < place))
            }
            _ if name.is_block() => self.within(name, marks.scope),
            _ => self.places[number].last().copied().filter(|place| place + 1 >= marks.special),
        };
        found.map_or(Ending::Nothing, Ending::Element)
    }

    fn before_table_part(&self, name: Name) -> Option<usize> {
        let table = self.last(Name::Table)?;
        let inside: &[Name] = match name {
            Name::Td | Name::Th => &[Name::Tr, Name::Tbody, Name::Thead, Name::Tfoot],
            Name::Tr => &SECTIONS,
            Name::Col => &[Name::Colgroup],
            _ => &[],
        };
        let around = inside.iter().filter_map(|&around| self.last(around)).max();
        Some(around.map_or(table, |around| around.max(table)) + 1)
    }

    /// The table that is open with no cell or caption open in it.
    fn bare_table(&self) -> Option<usize> {
        let table = self.last(Name::Table)?;
        let held = [Name::Td, Name::Th, Name::Caption].into_iter().filter_map(|cell| self.last(cell)).max();
        held.is_none_or(|held| held < table).then_some(table)
    }

    fn form(&self) -> Ending {
        match self.within(Name::Form, self.marks().scope) {
            None => Ending::Nothing,
            // one that stands around blocks that are still open is taken off alone
            Some(form) if !self.is_innermost(form) => {
                Ending::Around { element: form, height: self.without(self.stack.len(), &ENDS_ALONE) }
            }
            Some(form) => Ending::Element(form),
        }
    }

    /// The adoption agency, as far as it says what is still open.
    fn formatting(&self, number: usize) -> Ending {
        let marks = self.marks();
        match self.places.get(number).and_then(|places| places.last()) {
            Some(&place) if place + 1 > marks.special => Ending::Element(place),
            Some(&place) if place + 1 > marks.scope => Ending::Around { element: place, height: marks.special },
            _ => Ending::Nothing,
        }
    }

    fn marks(&self) -> Marks {
        self.stack.last().map_or(Marks::default(), |element| element.marks)
    }

    /// The number of a name; `None` for one that was never pushed.
    fn number(&self, name: Name, text: &[u8]) -> Option<usize> {
        if name == Name::Other { self.others.get(&text.to_ascii_lowercase()).copied() } else { Some(name as usize) }
    }

    fn name(&self, height: usize) -> Option<Name> {
        self.stack.get(height.checked_sub(1)?).map(|element| element.name)
    }

    fn last(&self, name: Name) -> Option<usize> {
        self.places.get(name as usize)?.last().copied()
    }

    /// The innermost element of this name that nothing at `mark` hides.
    fn within(&self, name: Name, mark: usize) -> Option<usize> {
        self.last(name).filter(|place| place + 1 >= mark)
    }

    fn item(&self, names: &[Name]) -> Option<usize> {
        let mark = self.marks().item;
        names.iter().filter_map(|&name| self.within(name, mark)).max()
    }

    /// `height` without the elements of these names at the top, and those that were taken off early.
    fn without(&self, mut height: usize, names: &[Name]) -> usize {
        let ends = |element: &Element<T>| element.gone || names.contains(&element.name);
        while height.checked_sub(1).and_then(|top| self.stack.get(top)).is_some_and(ends) {
            height -= 1;
        }
        height
    }
}
