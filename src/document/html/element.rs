//! The elements of HTML by name. Decides what kind of element a name says; where one ends is
//! [`super::open`]'s and [`super::implied`]'s.

use crate::document::outline::BlockKind;

macro_rules! names {
    ($($name:ident $text:literal,)*) => {
        /// The name of an element.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Name {
            $($name,)*
            /// Any other, a custom element for one.
            Other,
        }

        impl Name {
            /// How many names there are, [`Self::Other`] left out.
            pub(super) const COUNT: usize = Self::Other as usize;

            fn of_lower(name: &[u8]) -> Self {
                match name {
                    $($text => Self::$name,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

names! {
    A b"a", Abbr b"abbr", Acronym b"acronym", Address b"address", Applet b"applet", Area b"area", Article b"article",
    Aside b"aside", Audio b"audio", B b"b", Base b"base", Basefont b"basefont", Bdi b"bdi", Bdo b"bdo", Bgsound b"bgsound",
    Big b"big", Blockquote b"blockquote", Body b"body", Br b"br", Button b"button", Canvas b"canvas", Caption b"caption",
    Center b"center", Cite b"cite", Code b"code", Col b"col", Colgroup b"colgroup", Data b"data", Datalist b"datalist",
    Dd b"dd", Del b"del", Details b"details", Dfn b"dfn", Dialog b"dialog", Dir b"dir", Div b"div", Dl b"dl", Dt b"dt",
    Em b"em", Embed b"embed", Fieldset b"fieldset", Figcaption b"figcaption", Figure b"figure", Font b"font",
    Footer b"footer", Form b"form", Frame b"frame", Frameset b"frameset", H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4", H5 b"h5",
    H6 b"h6", Head b"head", Header b"header", Hgroup b"hgroup", Hr b"hr", Html b"html", I b"i", Iframe b"iframe",
    Image b"image", Img b"img", Input b"input", Ins b"ins", Kbd b"kbd", Keygen b"keygen", Label b"label",
    Legend b"legend", Li b"li", Link b"link", Listing b"listing", Main b"main", Mark b"mark", Marquee b"marquee",
    Math b"math", Menu b"menu", Meta b"meta", Meter b"meter", Nav b"nav", Nobr b"nobr", Noembed b"noembed",
    Noframes b"noframes", Noscript b"noscript", Object b"object", Ol b"ol", Optgroup b"optgroup", Option b"option",
    P b"p", Param b"param", Plaintext b"plaintext", Pre b"pre", Progress b"progress", Q b"q", Rb b"rb", Rp b"rp", Rt b"rt",
    Rtc b"rtc", Ruby b"ruby", S b"s", Samp b"samp", Script b"script", Search b"search", Section b"section",
    Select b"select", Small b"small", Source b"source", Span b"span", Strike b"strike", Strong b"strong",
    Style b"style", Sub b"sub", Summary b"summary", Sup b"sup", Svg b"svg", Table b"table", Tbody b"tbody", Td b"td",
    Template b"template", Textarea b"textarea", Tfoot b"tfoot", Th b"th", Thead b"thead", Time b"time", Title b"title",
    Tr b"tr", Track b"track", Tt b"tt", U b"u", Ul b"ul", Var b"var", Video b"video", Wbr b"wbr", Xmp b"xmp",
}

impl Name {
    /// The element called `name`, in any case.
    pub(super) fn of(name: &[u8]) -> Self {
        let mut lower = [0_u8; 10];
        let Some(lower) = lower.get_mut(..name.len()) else { return Self::Other };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Self::of_lower(lower)
    }

    /// Whether it has neither content nor end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Self::Area
                | Self::Base
                | Self::Basefont
                | Self::Bgsound
                | Self::Br
                | Self::Col
                | Self::Embed
                | Self::Frame
                | Self::Hr
                | Self::Image
                | Self::Img
                | Self::Input
                | Self::Keygen
                | Self::Link
                | Self::Meta
                | Self::Param
                | Self::Source
                | Self::Track
                | Self::Wbr
        )
    }

    /// Whether what it holds is no HTML, or not shown at all.
    pub(super) fn is_opaque(self) -> bool {
        matches!(
            self,
            Self::Iframe
                | Self::Math
                | Self::Noembed
                | Self::Noframes
                | Self::Noscript
                | Self::Plaintext
                | Self::Script
                | Self::Style
                | Self::Svg
                | Self::Template
                | Self::Textarea
                | Self::Title
                | Self::Xmp
        )
    }

    /// Whether its content is shown only where the element itself cannot be, or never.
    pub(super) fn is_fallback(self) -> bool {
        matches!(
            self,
            Self::Applet | Self::Audio | Self::Canvas | Self::Datalist | Self::Meter | Self::Object | Self::Progress
        ) || self == Self::Video
    }

    /// Whether it may stand in a page's head.
    pub(super) fn is_metadata(self) -> bool {
        matches!(
            self,
            Self::Base
                | Self::Basefont
                | Self::Bgsound
                | Self::Link
                | Self::Meta
                | Self::Noframes
                | Self::Noscript
                | Self::Script
                | Self::Style
                | Self::Template
                | Self::Title
        )
    }

    /// Whether it is part of a line of text and changes nothing but its look or meaning.
    pub(super) fn is_phrasing(self) -> bool {
        self.is_formatting() && !matches!(self, Self::A | Self::Code)
            || matches!(
                self,
                Self::Abbr
                    | Self::Acronym
                    | Self::Bdi
                    | Self::Bdo
                    | Self::Cite
                    | Self::Data
                    | Self::Del
                    | Self::Dfn
                    | Self::Ins
                    | Self::Mark
                    | Self::Q
                    | Self::Ruby
                    | Self::Span
                    | Self::Sub
                    | Self::Sup
                    | Self::Time
            )
    }

    /// Whether its text is no prose.
    pub(super) fn is_verbatim(self) -> bool {
        matches!(self, Self::Code | Self::Kbd | Self::Listing | Self::Pre | Self::Samp)
    }

    /// Whether its text is read like any other and takes no link.
    pub(super) fn is_apart(self) -> bool {
        matches!(self, Self::Rb | Self::Rp | Self::Rt | Self::Rtc | Self::Var)
    }

    /// Whether it is one of the formatting elements, which outlive the blocks they stand in. Source: HTML, 13.2.4.2.
    pub(super) fn is_formatting(self) -> bool {
        matches!(
            self,
            Self::A
                | Self::B
                | Self::Big
                | Self::Code
                | Self::Em
                | Self::Font
                | Self::I
                | Self::Nobr
                | Self::S
                | Self::Small
                | Self::Strike
                | Self::Strong
                | Self::Tt
                | Self::U
        )
    }

    /// Whether it is `h1` to `h6`.
    pub(super) fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5 | Self::H6)
    }

    /// Whether it stands in a table and nowhere else.
    pub(super) fn is_table_part(self) -> bool {
        matches!(
            self,
            Self::Caption
                | Self::Col
                | Self::Colgroup
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Tr
        )
    }

    /// Whether its start tag ends a drawing or formula it stands in. Source: HTML, 13.2.6.5.
    pub(super) fn breaks_out(self) -> bool {
        self.is_heading()
            || self.is_formatting() && !matches!(self, Self::A | Self::Font)
            || matches!(
                self,
                Self::Blockquote
                    | Self::Body
                    | Self::Br
                    | Self::Center
                    | Self::Dd
                    | Self::Div
                    | Self::Dl
                    | Self::Dt
                    | Self::Embed
                    | Self::Head
                    | Self::Hr
                    | Self::Img
                    | Self::Li
                    | Self::Listing
                    | Self::Menu
                    | Self::Meta
                    | Self::Ol
                    | Self::P
                    | Self::Pre
                    | Self::Ruby
                    | Self::Span
                    | Self::Sub
                    | Self::Sup
                    | Self::Table
                    | Self::Ul
                    | Self::Var
            )
    }

    /// Whether its start tag ends an open paragraph.
    pub(super) fn closes_paragraph(self) -> bool {
        self.is_block() && !matches!(self, Self::Button | Self::Select | Self::Applet | Self::Marquee | Self::Object)
            || self.is_heading()
            || matches!(
                self,
                Self::Dd
                    | Self::Dt
                    | Self::Form
                    | Self::Hr
                    | Self::Li
                    | Self::P
                    | Self::Plaintext
                    | Self::Table
                    | Self::Xmp
            )
    }

    /// Whether an end tag of its own ends it wherever no scope hides it.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Applet
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Button
                | Self::Center
                | Self::Details
                | Self::Dialog
                | Self::Dir
                | Self::Div
                | Self::Dl
                | Self::Fieldset
                | Self::Figcaption
                | Self::Figure
                | Self::Footer
                | Self::Header
                | Self::Hgroup
                | Self::Listing
                | Self::Main
                | Self::Marquee
                | Self::Menu
                | Self::Nav
                | Self::Object
                | Self::Ol
                | Self::Pre
                | Self::Search
                | Self::Section
                | Self::Select
                | Self::Summary
                | Self::Ul
        )
    }

    /// Whether it hides what is around it from end tags. Source: HTML, 13.2.4.2 "has an element in scope".
    pub(super) fn is_scope(self) -> bool {
        matches!(
            self,
            Self::Applet
                | Self::Caption
                | Self::Marquee
                | Self::Math
                | Self::Object
                | Self::Svg
                | Self::Table
                | Self::Td
                | Self::Template
                | Self::Th
        )
    }

    /// Whether end tags of inline elements do not reach across it. Source: HTML, 13.2.4.2 "special"; elements that are
    /// never open left out.
    pub(super) fn is_special(self) -> bool {
        self.is_block() && self != Self::Dialog
            || self.is_heading()
            || self.is_table_part()
            || matches!(self, Self::Dd | Self::Dt | Self::Form | Self::Li | Self::P | Self::Table | Self::Template)
    }

    /// Whether no item of a list reaches across it. Source: HTML, 13.2.6.4.7, "a start tag whose tag name is `li`".
    pub(super) fn holds_items(self) -> bool {
        self.is_special() && !matches!(self, Self::Address | Self::Div | Self::P)
    }

    /// The block it is; `None` for what is part of a line and for the parts of a table around its rows.
    pub(super) fn block(self) -> Option<BlockKind> {
        Some(match self {
            Self::P => BlockKind::Paragraph,
            Self::H1 => BlockKind::Heading(1),
            Self::H2 => BlockKind::Heading(2),
            Self::H3 => BlockKind::Heading(3),
            Self::H4 => BlockKind::Heading(4),
            Self::H5 => BlockKind::Heading(5),
            Self::H6 => BlockKind::Heading(6),
            Self::Ul | Self::Ol | Self::Menu | Self::Dir => BlockKind::List,
            Self::Li => BlockKind::Item,
            Self::Table => BlockKind::Table,
            Self::Tr => BlockKind::Row,
            Self::Td | Self::Th => BlockKind::Cell,
            Self::Blockquote => BlockKind::Quote,
            Self::Figcaption | Self::Caption => BlockKind::Caption,
            Self::Figure => BlockKind::Figure,
            Self::Summary => BlockKind::Summary,
            Self::Button | Self::Label | Self::Select | Self::Option | Self::Legend => BlockKind::Control,
            Self::Pre | Self::Listing => BlockKind::Code,
            Self::Article => BlockKind::Article,
            Self::Nav | Self::Header | Self::Footer | Self::Aside => BlockKind::Skipped,
            Self::Address
            | Self::Center
            | Self::Dd
            | Self::Details
            | Self::Dialog
            | Self::Div
            | Self::Dl
            | Self::Dt
            | Self::Fieldset
            | Self::Form
            | Self::Hgroup
            | Self::Main
            | Self::Marquee
            | Self::Search
            | Self::Section => BlockKind::Box,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        for (text, name) in [
            ("p", Name::P),
            ("BlockQuote", Name::Blockquote),
            ("figcaption", Name::Figcaption),
            ("figcaptions", Name::Other),
            ("x-card", Name::Other),
            ("", Name::Other),
        ] {
            assert_eq!(Name::of(text.as_bytes()), name, "{text}");
        }
    }
}
