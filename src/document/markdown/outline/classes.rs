//! Classes in the syntaxes that generators read beside HTML: attribute lists, fences of containers, JSX. Decides which of
//! them `disclosure.recognize` names.

use crate::document::jsx;

/// Whether one of `recognize` is a class of `syntax`, an attribute list or the first line of a container, or that
/// container's name.
pub(super) fn names_syntax(syntax: &str, recognize: &[String]) -> bool {
    let is_class = |word: &str| word.starts_with('.') && recognize.iter().any(|wanted| wanted == word);
    if let Some(rest) = syntax.strip_prefix(":::") {
        let rest = rest.trim_start_matches(':').trim();
        let mut words = rest.split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '['));
        let name = words.next().unwrap_or_default();
        let is_name = recognize.iter().any(|wanted| !name.is_empty() && wanted.trim_start_matches('.') == name);
        return is_name || words.any(is_class);
    }
    let list = syntax.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    // an expression or a tag of a template is none
    let list = list.filter(|list| !list.starts_with(['{', '%', '#', '/', '<']));
    list.is_some_and(|list| list.strip_prefix(':').unwrap_or(list).split_whitespace().any(is_class))
}

/// Whether one of `recognize` is a class of the JSX tag with `attributes`.
pub(super) fn names_tag(page: &str, attributes: &[jsx::Written], recognize: &[String]) -> bool {
    attributes.iter().filter(|written| matches!(written.name.of(page), "className" | "class")).any(|written| {
        let jsx::Value::Text(value, _) = written.value else { return false };
        let mut classes = value.of(page).split_whitespace();
        classes.any(|class| recognize.iter().any(|wanted| wanted.strip_prefix('.') == Some(class)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_names_are_told_from_templates() {
        let recognize = [".disclosure".to_owned(), "AffiliateNote".to_owned()];
        for (syntax, expected) in [
            ("{: .disclosure}", true),
            ("{:.disclosure}", true),
            ("{.disclosure}", true),
            ("{ #a .small .disclosure }", true),
            ("::: disclosure", true),
            (":::disclosure", true),
            ("::: {.disclosure}", true),
            (":::: {#x .disclosure} ::::", true),
            (":::AffiliateNote[Paid]", true),
            (":::", false),
            ("::: note", false),
            ("::: note disclosure", false),
            ("{: .disclosures}", false),
            ("{: title=\".disclosure\"}", false),
            ("{{ .disclosure }}", false),
            ("{% .disclosure %}", false),
            ("{.disclosure", false),
        ] {
            assert_eq!(names_syntax(syntax, &recognize), expected, "{syntax}");
        }
        assert!(!names_syntax(":::", &[".".to_owned(), String::new()]));
    }
}
