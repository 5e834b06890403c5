//! What a change adds to pages and takes from them: two states of a page compared.

use std::collections::BTreeMap;

use crate::audit::{Area, Credit, LinkAudit, PageAudit};

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is new.
    Added,
    /// It was there before.
    Changed,
    /// It is there no more.
    Removed,
}

impl State {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// A page before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct PageChange {
    /// Its file, as it is shown; as it was, of a page that is no more.
    pub path: String,
    /// What became of it.
    pub state: State,
    /// Whether it is, or was, a draft.
    pub draft: bool,
    /// The words before and after.
    pub words: (usize, usize),
    /// The affiliate links of the content that readers get, before and after: see [`PageAudit::paid`].
    pub paid: (usize, usize),
    /// The paid links in values and around the content, before and after.
    pub elsewhere: (usize, usize),
    /// Those of the content per 1,000 words.
    pub density: (f64, f64),
    /// The external links of the content, before and after.
    pub external: (usize, usize),
    /// The links of a program or a merchant that were not there before.
    pub added: Vec<LinkAudit>,
    /// Those that are there no more, with where they stood.
    pub removed: Vec<LinkAudit>,
}

/// All pages that a change touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// What it is compared with, as it was named.
    pub since: String,
    /// The pages whose figures differ, by path.
    pub pages: Vec<PageChange>,
    /// How many pages were compared.
    pub compared: usize,
}

impl PageChange {
    /// What differs between two states of a page; `None` where no figure does, or where there is neither.
    pub fn of(before: Option<&PageAudit>, after: Option<&PageAudit>) -> Option<Self> {
        let (state, named) = match (before, after) {
            (None, None) => return None,
            (None, Some(page)) => (State::Added, page),
            (Some(_), Some(page)) => (State::Changed, page),
            (Some(page), None) => (State::Removed, page),
        };
        let both = |count: fn(&PageAudit) -> usize| (before.map_or(0, count), after.map_or(0, count));
        let links = |page: Option<&'_ PageAudit>| page.map_or_else(Vec::new, |page| page.business.clone());
        let (added, removed) = difference(links(before), links(after));
        let density = |page: Option<&PageAudit>| page.map_or(0.0, PageAudit::paid_density);
        let change = Self {
            path: named.path.clone(),
            state,
            draft: named.draft,
            words: both(|page| page.words),
            paid: both(PageAudit::paid),
            elsewhere: both(|page| paid(&page.business, |area| area != Area::Content)),
            density: (density(before), density(after)),
            external: both(|page| page.links.external),
            added,
            removed,
        };
        let same = |(before, after): (usize, usize)| before == after;
        let nothing = change.added.is_empty() && change.removed.is_empty();
        let same_links = same(change.paid) && same(change.elsewhere) && same(change.external);
        let idle = nothing && same(change.words) && same_links;
        (!idle || state != State::Changed).then_some(change)
    }
}

impl PageChange {
    /// How many paid links come and how many go: one that takes another's place is both.
    pub fn turnover(&self) -> (usize, usize) {
        let turnover = |(before, after): (usize, usize), is_there: fn(Area) -> bool| {
            let (added, removed) = (paid(&self.added, is_there), paid(&self.removed, is_there));
            // names that a build links, and links of which it makes something else than before, stand in no list
            (
                added + (after + removed).saturating_sub(before + added),
                removed + (before + added).saturating_sub(after + removed),
            )
        };
        let content = turnover(self.paid, |area| area == Area::Content);
        let elsewhere = turnover(self.elsewhere, |area| area != Area::Content);
        (content.0 + elsewhere.0, content.1 + elsewhere.1)
    }

    /// The paid links after the change, wherever they stand.
    pub fn paid_after(&self) -> usize {
        self.paid.1 + self.elsewhere.1
    }
}

/// How many of `links` are paid and stand where `is_there` says.
fn paid(links: &[LinkAudit], is_there: fn(Area) -> bool) -> usize {
    links.iter().filter(|link| is_there(link.area) && link.is_paid()).count()
}

impl Change {
    /// How many paid links it adds and takes away in all, drafts left out.
    pub fn paid(&self) -> (usize, usize) {
        let pages = self.pages.iter().filter(|page| !page.draft).map(PageChange::turnover);
        pages.fold((0, 0), |(more, less), (added, removed)| (more + added, less + removed))
    }
}

/// The links of `after` that `before` lacks, and the other way round: by whom they credit and where they lead.
fn difference(before: Vec<LinkAudit>, after: Vec<LinkAudit>) -> (Vec<LinkAudit>, Vec<LinkAudit>) {
    let key = |link: &LinkAudit| (link.url.clone(), link.credit);
    let mut left: BTreeMap<(String, Credit), usize> = BTreeMap::new();
    for link in &before {
        *left.entry(key(link)).or_default() += 1;
    }
    let mut take = |link: &LinkAudit| match left.get_mut(&key(link)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let added = after.into_iter().filter(|link| !take(link)).collect();
    // of several alike, the last ones went
    let mut removed: Vec<_> = before.into_iter().rev().filter(|link| take(link)).collect();
    removed.reverse();
    (added, removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Area;

    fn link(line: usize, url: &str) -> LinkAudit {
        LinkAudit {
            line,
            column: 1,
            area: Area::Content,
            url: url.to_owned(),
            text: String::new(),
            credit: Credit::Foreign,
            ended: false,
            program: None,
            network: None,
            publisher: None,
            subid: None,
            merchant: None,
            becomes: None,
        }
    }

    #[test]
    fn links_that_moved_are_neither_added_nor_removed() {
        let before = vec![link(1, "a"), link(2, "b"), link(3, "b"), link(4, "c")];
        let after = vec![link(1, "b"), link(9, "a"), link(10, "d")];
        let (added, removed) = difference(before, after);
        let lines = |links: &[LinkAudit]| links.iter().map(|link| link.line).collect::<Vec<_>>();
        assert_eq!((lines(&added), lines(&removed)), (vec![10], vec![3, 4]));
    }

    #[test]
    fn a_page_without_another_figure_has_not_changed() {
        let page = PageAudit { words: 4, ..PageAudit::default() };
        assert_eq!(PageChange::of(Some(&page), Some(&page)), None);
        assert_eq!(PageChange::of(None, None), None);
        let (added, removed) = (PageChange::of(None, Some(&page)), PageChange::of(Some(&page), None));
        assert_eq!(added.map(|change| (change.state, change.words)), Some((State::Added, (0, 4))));
        assert_eq!(removed.map(|change| (change.state, change.words)), Some((State::Removed, (4, 0))));
    }
}
