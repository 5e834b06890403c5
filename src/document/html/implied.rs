//! End tags that HTML lets authors leave out: a second `<li>` ends the first one. Decides which start tags end which open
//! elements (HTML standard, "optional tags" and the rules for start tags in the body, in tables and in selects).
//!
//! `lol_html` knows none of this: to it the second `li` lies in the first. So that what is said of the first, such as
//! `data-affilink="off"`, is not said of the second, the walk asks here.

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
        Some(match lower(name).as_slice() {
            b"li" => Self::Item,
            b"dt" | b"dd" => Self::Description,
            b"p" => Self::Paragraph,
            b"td" | b"th" => Self::Cell,
            b"tr" => Self::Row,
            b"thead" | b"tbody" | b"tfoot" => Self::RowGroup,
            b"option" => Self::Choice,
            b"optgroup" => Self::ChoiceGroup,
            b"rt" | b"rp" => Self::Ruby,
            _ => return None,
        })
    }

    /// Whether the start tag called `name` ends it, where nothing stands between that [`Self::is_sheltered_by`] names.
    pub(super) fn ends_before(self, name: &[u8]) -> bool {
        let name = lower(name);
        let name = name.as_slice();
        let rows = matches!(name, b"thead" | b"tbody" | b"tfoot");
        match self {
            Self::Item => name == b"li",
            Self::Description => matches!(name, b"dt" | b"dd"),
            Self::Paragraph => ENDS_PARAGRAPH.contains(&name),
            Self::Cell => rows || matches!(name, b"td" | b"th" | b"tr"),
            Self::Row => rows || name == b"tr",
            Self::RowGroup => rows,
            Self::Choice => matches!(name, b"option" | b"optgroup" | b"hr"),
            Self::ChoiceGroup => matches!(name, b"optgroup" | b"hr"),
            Self::Ruby => matches!(name, b"rt" | b"rp"),
        }
    }

    /// Whether no start tag inside the element called `name` ends it.
    pub(super) fn is_sheltered_by(self, name: &[u8]) -> bool {
        let name = lower(name);
        let name = name.as_slice();
        let table = matches!(name, b"table" | b"template");
        match self {
            Self::Item | Self::Description => table || SPECIAL.contains(&name),
            Self::Paragraph => {
                let scope: [&[u8]; 9] =
                    [b"applet", b"button", b"caption", b"marquee", b"math", b"object", b"svg", b"td", b"th"];
                table || scope.contains(&name)
            }
            Self::Cell | Self::Row | Self::RowGroup => table,
            Self::Choice | Self::ChoiceGroup => matches!(name, b"select" | b"template"),
            Self::Ruby => matches!(name, b"ruby" | b"template"),
        }
    }
}

const ENDS_PARAGRAPH: [&[u8]; 41] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hgroup",
    b"hr",
    b"li",
    b"listing",
    b"main",
    b"menu",
    b"nav",
    b"ol",
    b"p",
    b"plaintext",
    b"pre",
    b"search",
    b"section",
    b"summary",
    b"table",
    b"ul",
    b"xmp",
];

/// The standard's special elements that can hold a list, but for those that it looks through: `address`, `div`, `p`.
const SPECIAL: [&[u8]; 33] = [
    b"article",
    b"aside",
    b"blockquote",
    b"button",
    b"caption",
    b"center",
    b"details",
    b"dialog",
    b"dir",
    b"dl",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"header",
    b"hgroup",
    b"main",
    b"marquee",
    b"menu",
    b"nav",
    b"object",
    b"ol",
    b"pre",
    b"search",
    b"section",
    b"select",
    b"summary",
    b"td",
    b"th",
    b"tr",
    b"ul",
    b"math",
];

/// The name in lower case, cut behind the longest that matters.
fn lower(name: &[u8]) -> Vec<u8> {
    name.get(..name.len().min(11)).unwrap_or_default().to_ascii_lowercase()
}
