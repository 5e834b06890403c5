//! The notices that are built in, and which text a language gets. Decides what is said where the configuration says nothing.

/// The notice in the ten languages with the largest shares of the web's pages (`W3Techs`, "Usage statistics of content
/// languages for websites": English, Spanish, German, Japanese, French, Portuguese, Russian, Italian, Dutch, Polish).
///
/// Each says who earns, by what, and leaves nothing open, so that it is clear under every standard.
pub const BUILT_IN: [(&str, &str); 10] = [
    ("en", "We earn a commission if you buy through links on this page."),
    ("es", "Recibimos una comisión si compras a través de los enlaces de esta página."),
    ("de", "Für Käufe über Links auf dieser Seite erhalten wir eine Provision."),
    ("ja", "このページのリンクから購入されると、当サイトは報酬を得ています。"),
    ("fr", "Nous touchons une commission sur les achats faits via les liens de cette page."),
    ("pt", "Recebemos uma comissão se você comprar pelos links desta página."),
    ("ru", "Мы получаем комиссию за покупки по ссылкам на этой странице."),
    ("it", "Riceviamo una commissione per gli acquisti fatti tramite i link di questa pagina."),
    ("nl", "Wij ontvangen een commissie als je via links op deze pagina iets koopt."),
    ("pl", "Otrzymujemy prowizję od zakupów dokonanych przez linki na tej stronie."),
];

/// The text for `language`, a language tag, among `texts`: its own, or that of the language without its region.
///
/// Case does not count, and `_` is `-`.
pub fn of_language<'t, T: AsRef<str>>(
    mut texts: impl Iterator<Item = (T, &'t str)> + Clone,
    language: &str,
) -> Option<&'t str> {
    let same = |tag: &str, wanted: &str| tag.replace('_', "-").eq_ignore_ascii_case(wanted);
    let language = language.trim().replace('_', "-");
    let primary = language.split('-').next().unwrap_or_default();
    let exact = texts.clone().find(|(tag, _)| same(tag.as_ref(), &language));
    exact.or_else(|| texts.find(|(tag, _)| same(tag.as_ref(), primary))).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_fall_back_to_their_language() {
        let texts = [("pt", "a"), ("pt-BR", "b"), ("zh-Hant", "c")];
        for (language, text) in [
            ("pt", Some("a")),
            ("pt_br", Some("b")),
            ("PT-PT", Some("a")),
            ("zh-hant", Some("c")),
            ("zh", None),
            ("", None),
            ("por", None),
        ] {
            assert_eq!(of_language(texts.iter().copied(), language), text, "{language}");
        }
    }
}
