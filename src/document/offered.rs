//! What of a page a configuration could name as a link: front-matter keys, shortcode arguments, attributes of components.
//! Decides where such values stand; whether one is a URL, and whose, is for others to say.

use crate::document::frontmatter::{self, KeyPath};
use crate::document::jsx::{self, Item, Tag, Value};
use crate::document::{Argument, mask, shortcode};
use crate::source::Format;
use crate::span::Span;

/// A value, and the name that `links.front_matter`, `links.shortcodes` or `links.components` knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: Name,
    /// Its bytes in the page; for front matter with its quotes.
    pub span: Span,
    /// The value itself.
    pub value: String,
}

/// What a value is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A front-matter key.
    FrontMatter(KeyPath),
    /// A shortcode, and one of its arguments.
    Shortcode(String, Argument),
    /// A component, and one of its attributes.
    Component(String, String),
}

/// What a page uses that no Markdown or HTML parser reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Every value, by kind and by where it stands.
    pub values: Vec<Offered>,
    /// The names of the shortcodes and components in use, in order, each once.
    pub used: Vec<String>,
}

/// Reads page `text`. HTML offers nothing. What stands in fenced code is left out; what stands in a code span is not.
pub fn offered(text: &str, format: Format) -> Offers {
    if format == Format::Html {
        return Offers::default();
    }
    let mut offers = Offers::default();
    offers.values.extend(frontmatter::strings(text).into_iter().map(|(path, span, value)| Offered {
        name: Name::FrontMatter(path),
        span,
        value,
    }));
    let body = frontmatter::split(text).map_or(0, |split| split.span.end);
    let fences = mask::fences(text, body);
    let in_code = |span: Span| {
        let next = fences.partition_point(|fence| fence.end <= span.start);
        fences.get(next).is_some_and(|fence| fence.overlaps(span))
    };
    if mask::any_template(&text[body..]) {
        for stretch in mask::templates(text, body).stretches.into_iter().filter(|stretch| !in_code(stretch.span)) {
            let Some((name, arguments)) = shortcode::arguments(text, stretch.span) else { continue };
            offers.values.extend(arguments.into_iter().map(|(argument, span, value)| Offered {
                name: Name::Shortcode(name.clone(), argument),
                span,
                value,
            }));
            offers.used.push(name);
        }
    }
    if format == Format::Mdx {
        for item in jsx::scan(text, body, &fences) {
            if let Item::Tag(tag) = item {
                offers.take(text, &tag);
            }
        }
    } else if memchr::memchr(b'<', text.as_bytes()).is_some() {
        let tags = jsx::start_tags(&text[body..]);
        for tag in tags.iter().filter(|tag| !in_code(tag.span.shifted(body))) {
            offers.take(&text[body..], tag);
        }
        offers.shift(body);
    }
    offers.used.sort_unstable();
    offers.used.dedup();
    offers
}

impl Offers {
    /// Takes the attributes of `tag` that are text, if it is a component.
    fn take(&mut self, text: &str, tag: &Tag) {
        let name = tag.name.of(text);
        let custom = name.starts_with(|c: char| c.is_uppercase()) || name.contains('-');
        if tag.closing || !custom {
            return;
        }
        for attribute in &tag.attributes {
            let Value::Text(span, _) = attribute.value else { continue };
            self.values.push(Offered {
                name: Name::Component(name.to_owned(), attribute.name.of(text).to_owned()),
                span,
                value: span.of(text).to_owned(),
            });
        }
        self.used.push(name.to_owned());
    }

    fn shift(&mut self, by: usize) {
        for offered in self.values.iter_mut().filter(|offered| matches!(offered.name, Name::Component(..))) {
            offered.span = offered.span.shifted(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, format: Format) -> Vec<String> {
        let name = |offered: &Offered| match &offered.name {
            Name::FrontMatter(path) => path.to_string(),
            Name::Shortcode(name, Argument::Named(argument)) => format!("{name}({argument})"),
            Name::Shortcode(name, Argument::Position(at)) => format!("{name}({at})"),
            Name::Component(name, attribute) => format!("<{name} {attribute}>"),
        };
        let offers = offered(text, format);
        for offered in &offers.values {
            assert!(offered.span.of(text).contains(&offered.value), "{offered:?}");
        }
        offers.values.iter().map(|offered| format!("{}={}", name(offered), offered.value)).collect()
    }

    #[test]
    fn values_have_the_names_that_a_configuration_gives_them() {
        let text = "---\nbuy: u1\nproducts:\n  - url: u2\n  - url: u3\nlinks: {shop: [u4]}\n---\n\
            {{< cta url=\"u5\" text=\"t\" >}} {{% card \"u6\" \"u7\" %}} {% include cta.html url=\"u8\" %}\n\
            {% render \"box\", href: \"u9\" %} {{ amazon(link=\"u10\") }} {{ page.title }}\n\n\
            ```\n{{< cta url=\"no\" >}} <LinkCard href=\"no\" />\n```\n\n<LinkCard href=\"u11\" /> <a href=\"no\">x</a>\n";
        let common = [
            "buy=u1",
            "products[].url=u2",
            "products[].url=u3",
            "links.shop[]=u4",
            "cta(url)=u5",
            "cta(text)=t",
            "card(0)=u6",
            "card(1)=u7",
            "include cta.html(url)=u8",
            "render box(href)=u9",
            "amazon(link)=u10",
            "<LinkCard href>=u11",
        ];
        assert_eq!(names(text, Format::Markdown), common);
        let mdx = "import X from 'x'\n\n<LinkCard href=\"u1\" to={u2} /> <a href=\"no\">x</a>\n";
        assert_eq!(names(mdx, Format::Mdx), ["<LinkCard href>=u1"]);
        assert_eq!(names("<LinkCard href=\"u1\">", Format::Html), Vec::<String>::new());
        assert_eq!(names("+++\nbuy = \"u1\"\n+++\n", Format::Markdown), ["buy=u1"]);
        assert_eq!(names("{\"buy\": \"u1\"}\n\nx\n", Format::Markdown), ["buy=u1"]);
        assert_eq!(names("", Format::Markdown), Vec::<String>::new());
    }

    #[test]
    fn names_in_use_are_listed_once() {
        let text = "{{< note >}}x{{< /note >}} {{< note >}}y{{< /note >}} <Card /> <Card /> {% include a.html %}\n";
        assert_eq!(offered(text, Format::Markdown).used, ["Card", "include a.html", "note"]);
    }
}
