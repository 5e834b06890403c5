//! End tags that HTML lets authors leave out: a second `<li>` ends the first one. Decides which start tags end which open
//! elements (HTML standard, "optional tags" and the rules for start tags in the body, in tables and in selects).
//!
//! `lol_html` knows none of this: to it the second `li` lies in the first. So that what is said of the first, such as
//! `data-affilink="off"`, is not said of the second, the walk asks here.

use super::element::Name;

/// An element whose end tag may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Omittable {
    Item,
    Description,
    Paragraph,
    Cell,
    Row,
    RowGroup,
    Choice,
    ChoiceGroup,
    Ruby,
}

impl Omittable {
    /// The element called `name`, if it is one.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Some(match Name::of(name) {
            Name::Li => Self::Item,
            Name::Dt | Name::Dd => Self::Description,
            Name::P => Self::Paragraph,
            Name::Td | Name::Th => Self::Cell,
            Name::Tr => Self::Row,
            Name::Thead | Name::Tbody | Name::Tfoot => Self::RowGroup,
            Name::Option => Self::Choice,
            Name::Optgroup => Self::ChoiceGroup,
            Name::Rt | Name::Rp => Self::Ruby,
            _ => return None,
        })
    }

    /// Whether the start tag called `name` ends it, where nothing stands between that [`Self::is_sheltered_by`] names.
    pub(super) fn ends_before(self, name: &[u8]) -> bool {
        let name = Name::of(name);
        let rows = matches!(name, Name::Thead | Name::Tbody | Name::Tfoot);
        match self {
            Self::Item => name == Name::Li,
            Self::Description => matches!(name, Name::Dt | Name::Dd),
            Self::Paragraph => name.closes_paragraph(),
            Self::Cell => rows || matches!(name, Name::Td | Name::Th | Name::Tr),
            Self::Row => rows || name == Name::Tr,
            Self::RowGroup => rows,
            Self::Choice => matches!(name, Name::Option | Name::Optgroup | Name::Hr),
            Self::ChoiceGroup => matches!(name, Name::Optgroup | Name::Hr),
            Self::Ruby => matches!(name, Name::Rt | Name::Rp),
        }
    }

    /// Whether no start tag inside the element called `name` ends it.
    pub(super) fn is_sheltered_by(self, name: &[u8]) -> bool {
        let name = Name::of(name);
        match self {
            Self::Item | Self::Description => name.holds_items() || matches!(name, Name::Math | Name::Svg),
            Self::Paragraph => name.is_scope() || name == Name::Button,
            Self::Cell | Self::Row | Self::RowGroup => matches!(name, Name::Table | Name::Template),
            Self::Choice | Self::ChoiceGroup => matches!(name, Name::Select | Name::Template),
            Self::Ruby => matches!(name, Name::Ruby | Name::Template),
        }
    }
}
