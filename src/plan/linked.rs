//! Links to products that stand on a page, as the limits of mentions count them. Decides which link leads to which product.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::document::Document;
use crate::product::{ProductMap, identity};
use crate::survey::LinkFacts;
use crate::survey::place::{Place, Places};

/// Links to products, as limits count them.
#[derive(Debug, Default)]
pub(super) struct Linked {
    page: usize,
    products: FxHashMap<usize, usize>,
    paragraphs: FxHashMap<usize, usize>,
    /// The words before and up to the end of each.
    words: BTreeMap<usize, usize>,
}

impl Linked {
    /// The links that stand on the page, whoever wrote them.
    pub(super) fn of(document: &Document, facts: &[LinkFacts], products: &ProductMap, places: &Places) -> Self {
        let mut linked = Self::default();
        for ((link, facts), place) in document.links.iter().zip(facts).zip(&places.links) {
            let Some(products) = products.leading_to(&identity(destination_of(facts))) else { continue };
            let place = Some(place).filter(|place| place.in_content && link.is_in_place());
            for (index, &product) in products.iter().enumerate() {
                if index == 0 {
                    linked.add(product as usize, place);
                } else {
                    *linked.products.entry(product as usize).or_default() += 1;
                }
            }
        }
        linked
    }

    /// Counts a link to `product`; one outside the content has no `place`.
    pub(super) fn add(&mut self, product: usize, place: Option<&Place>) {
        self.page += 1;
        *self.products.entry(product).or_default() += 1;
        if let Some(place) = place {
            *self.paragraphs.entry(place.paragraph).or_default() += 1;
            let end = self.words.entry(place.words_before).or_default();
            *end = (*end).max(place.words_before + place.words);
        }
    }

    /// How many links to products stand on the page.
    pub(super) fn on_page(&self) -> usize {
        self.page
    }

    /// How many of them lead to `product`.
    pub(super) fn to(&self, product: usize) -> usize {
        self.products.get(&product).copied().unwrap_or(0)
    }

    /// How many of them stand in the paragraph of `place`.
    pub(super) fn in_paragraph(&self, place: &Place) -> usize {
        self.paragraphs.get(&place.paragraph).copied().unwrap_or(0)
    }

    /// Whether one stands within `apart` words of `place`.
    pub(super) fn is_near(&self, place: &Place, apart: usize) -> bool {
        let end = place.words_before + place.words;
        let before = self.words.range(..=place.words_before).next_back();
        let after = self.words.range(place.words_before..).next();
        apart > 0
            && (before.is_some_and(|(_, &last)| place.words_before.saturating_sub(last) < apart)
                || after.is_some_and(|(&first, _)| first.saturating_sub(end) < apart))
    }
}

/// What tells the destination of a link from others.
pub(super) fn destination_of(facts: &LinkFacts) -> &str {
    facts.url.as_ref().and_then(|url| url.destination.as_deref()).unwrap_or(&facts.address.url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_counted_from_end_to_start() {
        let place = |before: usize, words: usize| Place { words_before: before, words, ..Place::default() };
        let mut linked = Linked::default();
        linked.add(0, Some(&place(50, 2)));
        linked.add(1, Some(&place(200, 1)));
        linked.add(1, None);
        for (before, words, apart, near) in [
            (62, 1, 10, false),
            (61, 1, 10, true),
            (39, 1, 10, false),
            (40, 1, 10, true),
            (50, 1, 0, false),
            (188, 2, 10, false),
            (189, 2, 10, true),
            (500, 1, 299, false),
            (500, 1, 300, true),
        ] {
            assert_eq!(linked.is_near(&place(before, words), apart), near, "{before} {apart}");
        }
        assert_eq!((linked.on_page(), linked.to(1), linked.to(7), linked.in_paragraph(&place(0, 0))), (3, 2, 0, 2));
    }
}
