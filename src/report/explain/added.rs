//! What to write where, to have a mention, a notice or a marker otherwise.

use super::advice::{Advice, config, remove, yaml};
use super::text::View;
use super::{Addition, Explanation};
use crate::config::policy::{Mentions, Skip};
use crate::plan::Reason;

/// How to have otherwise what was decided about `addition`; `None` where nothing is to be written, or the same as for links.
pub(super) fn of_addition(explanation: &Explanation<'_>, addition: &Addition, view: View<'_>) -> Option<Advice> {
    if !view.configured {
        return None;
    }
    let policy = view.config.policy(view.page, None);
    let mentions = &policy.mentions;
    let limit =
        |why: &str, key: &str, limit: usize| Some(config(why, ["mentions:".to_owned(), format!("  {key}: {limit}")]));
    match explanation.reason {
        Reason::OverPage => limit(MORE, "per_page", mentions.per_page.saturating_add(1)),
        Reason::OverParagraph => limit(MORE, "per_paragraph", mentions.per_paragraph.saturating_add(1)),
        Reason::TooNear => limit("to have them nearer to each other", "per_words", mentions.per_words / 2),
        Reason::AlreadyLinked | Reason::OverProduct => Some(once_more(addition, mentions, view)),
        Reason::WouldOverload => {
            let rule = addition.rule?;
            let line = format!("    {rule}: 'off'   # or other limits: affilink explain {rule}");
            Some(config("to have no such limit", ["lint:".to_owned(), "  rules:".to_owned(), line]))
        }
        Reason::UnclearText => Some(config(
            "to have links that say so little",
            ["lint:", "  rules:", "    vague-link-text: 'off'", "    ambiguous-link-text: 'off'"],
        )),
        Reason::OwnDisclosure => Some(config(
            "to link names all the same; better move the disclosure up, or say that you earn a commission",
            ["lint:", "  rules:", "    late-disclosure: 'off'", "    weak-disclosure: 'off'"],
        )),
        Reason::InHeading | Reason::InQuote | Reason::InCaption | Reason::InSummary => {
            let places = without(mentions.skip, explanation.reason);
            let line = format!("  skip: [{}]", places.join(", "));
            Some(config("to have names linked there as well", ["mentions:".to_owned(), line]))
        }
        Reason::OutsideContent => Some(config(
            "to have it among the content, if it is",
            [
                "html:",
                "  content: \"main, article, [role=main]\"   # a selector of what holds it",
                "  skip: \"nav, footer\"         # and of what does not",
            ],
        )),
        Reason::ExcludedPhrase => Some(of_product(addition, "take the phrase that stands here out of its `not`")),
        Reason::NoContext => Some(of_product(addition, "a word of this page in its `context`, or no `context`")),
        Reason::ProductPages => {
            let line = format!("pages: [{}]", yaml(view.page));
            Some(of_product_lines(addition, "to link it here, beside what stands there", &line))
        }
        Reason::ProductOff => Some(remove(&format!(
            "{} from `affilink: {{skip: ...}}` in the page's front matter",
            yaml(addition.product.as_deref()?)
        ))),
        Reason::MentionsOff if mentions.enabled => {
            Some(remove("mentions: false   (under `affilink` in the page's front matter)"))
        }
        Reason::MentionsOff => Some(config("to link names", ["mentions:", "  enabled: true"])),
        Reason::NoArticle => Some(config(
            "to take the page for an article",
            ["mentions:".to_owned(), format!("  pages: [{}]", yaml(view.page))],
        )),
        Reason::Mention => {
            let name = addition.product.as_deref().map(yaml)?;
            Some(Advice {
                why: "to have it stay a name, in the page's front matter".into(),
                lines: vec!["affilink:".into(), format!("  skip: [{name}]")],
            })
        }
        Reason::Notice | Reason::NoPlace | Reason::NoticeFirst => Some(config(
            "to have it elsewhere",
            ["disclosure:", "  place: top    # or bottom, or none where the theme shows it"],
        )),
        Reason::Statement => Some(config("if your theme shows it", ["disclosure:", "  statement: theme"])),
        Reason::Marker => Some(config("to have none", ["disclosure:", "  marker: \"\""])),
        Reason::OtherLanguage => {
            Some(config("to have it in the page's language", ["disclosure:", "  text:", "    LANGUAGE: \"...\""]))
        }
        _ => None,
    }
}

const MORE: &str = "to have more of them";

/// One more link to the product than there may be.
fn once_more(addition: &Addition, mentions: &Mentions, view: View<'_>) -> Advice {
    let products = view.config.products.products();
    let own = products.iter().find(|product| Some(&product.name) == addition.product.as_ref());
    if let Some(limit) = own.and_then(|product| product.per_page) {
        let line = format!("per_page: {}", limit.saturating_add(1));
        return of_product_lines(addition, "to link it more than once", &line);
    }
    let line = format!("  per_product: {}", mentions.per_product.saturating_add(1));
    config("to link a product more than once", ["mentions:".to_owned(), line])
}

/// Where names stay names, but for the kind of place that `reason` is about.
fn without(skip: Skip, reason: Reason) -> Vec<&'static str> {
    let places = [
        (skip.headings, Reason::InHeading, "headings"),
        (skip.quotes, Reason::InQuote, "quotes"),
        (skip.captions, Reason::InCaption, "captions"),
        (skip.summary, Reason::InSummary, "summary"),
    ];
    let others = places.into_iter().filter(|(skipped, why, _)| *skipped && *why != reason);
    others.map(|(.., name)| name).collect()
}

fn of_product(addition: &Addition, what: &str) -> Advice {
    let name = addition.product.as_deref().unwrap_or("NAME");
    Advice { why: format!("to link it here, of the product {}", yaml(name)), lines: vec![what.into()] }
}

fn of_product_lines(addition: &Addition, why: &str, line: &str) -> Advice {
    let name = addition.product.as_deref().unwrap_or("NAME");
    config(why, ["products:".to_owned(), format!("  - name: {}", yaml(name)), format!("    {line}")])
}
