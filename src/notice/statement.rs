//! The sentences that programs require: which of them a text holds, and which one to write. Decides how far an author's
//! wording may differ: another subject, with or without a comma, any apostrophe.

use super::wording::in_order;

/// What must stand in a sentence of Amazon's, by language, one behind the other. The subject is free.
///
/// The sentences are those of Amazon's operating agreements in each store's language, as sites in these languages quote
/// them; see `statements` in the catalog.
const AMAZON: [&[&str]; 21] = [
    &["as an amazon associate", "earn*", "from qualifying purchases"],
    &["as amazon associates", "earn*", "from qualifying purchases"],
    &["als amazon partner*", "verdien*", "an qualifizierten verkäufen"],
    &["als amazon partner*", "verdien*", "an qualifizierten käufen"],
    &["en tant que partenaire* amazon", "bénéfice", "sur les achats remplissant les conditions requises"],
    &["afiliad* de amazon", "ingresos por las compras adscritas"],
    &["in qualità di affiliat* amazon", "un guadagno dagli acquisti idonei"],
    &["do programa de associados da amazon", "remunerad*", "pelas compras qualificadas"],
    &["als amazon partner*", "verdien*", "aan in aanmerking komende aankopen"],
    &["als amazon associate", "verdien*", "aan in aanmerking komende aankopen"],
    &["*アソシエイトとして*", "*適格販売により収入を得*"],
    &["jako partner* amazon", "zarabia*", "na kwalifikujących się zakupach"],
    &["associad* da amazon", "ganh*", "compras qualificadas"],
    &["associad* da amazon", "receb*", "compras qualificadas"],
    &["associad* da amazon", "ganh*", "compras elegíveis"],
    &["jako partner* amazona", "zarabia*", "na kwalifikujących się zakupach"],
    &["jako partner* amazon*", "zarabia*", "kwalifikowan* zakup*"],
    &["programu partnerskiego amazon*", "zarabia*", "kwalifikując* się zakup*"],
    &["programu partnerskiego amazon*", "zarabia*", "kwalifikowan* zakup*"],
    &["som amazon associate", "tjänar", "pengar på kvalificerade köp"],
    &["som amazon partner", "tjänar", "pengar på kvalificerade köp"],
];

/// Whether `sentence`, a plain one, is what `network` requires, in any language.
pub(super) fn is_statement(sentence: &str, network: &str) -> bool {
    network == "amazon"
        && (sentence.contains("amazon") || sentence.contains("アソシエイト"))
        && AMAZON.iter().any(|parts| in_order(sentence, parts))
}

/// What one of stands in every sentence that a program requires, as the word lists write it.
pub(super) fn endings() -> impl Iterator<Item = &'static str> {
    AMAZON.iter().filter_map(|parts| parts.last().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks;
    use crate::notice::plain::plain;
    use crate::notice::scout;

    #[test]
    fn any_subject_and_optional_commas_are_read() {
        for (sentence, expected) in [
            ("As an Amazon Associate I earn from qualifying purchases.", true),
            ("As an Amazon Associate, I earn from qualifying purchases", true),
            ("As an Amazon Associate, Coffee Notes (this site) earns from qualifying purchases.", true),
            ("as an amazon associate we earn\u{a0}from qualifying purchases", true),
            ("As Amazon Associates we earn from qualifying purchases.", true),
            ("Als Amazon-Partner verdienen wir an qualifizierten Verkäufen", true),
            ("Als Amazon\u{2011}Partnerin verdiene ich an qualifizierten Käufen.", true),
            (
                "En tant que Partenaire Amazon, l’éditeur réalise un bénéfice sur les achats remplissant les conditions requises.",
                true,
            ),
            (
                "Como Afiliado de Amazon, obtengo ingresos por las compras adscritas que cumplen los requisitos aplicables.",
                true,
            ),
            ("In qualità di Affiliata Amazon io ricevo un guadagno dagli acquisti idonei", true),
            ("Amazonのアソシエイトとして、国際情勢ビューアは適格販売により収入を得ています。", true),
            ("本ページはAmazonアソシエイト・プログラムの参加者として、適格販売により収入を得ています。", false),
            ("Als Amazon-partner verdienen wij aan in aanmerking komende aankopen.", true),
            ("As an Amazon Associate I earn money.", false),
            ("I earn from qualifying purchases.", false),
            ("As an Amazon affiliate I earn from qualifying purchases.", false),
            ("From qualifying purchases I earn as an Amazon Associate.", false),
        ] {
            assert_eq!(is_statement(&plain(sentence), "amazon"), expected, "{sentence}");
        }
    }

    #[test]
    fn every_statement_holds_a_word_that_is_looked_for_first() {
        for parts in AMAZON {
            assert!(scout::look(&parts.join(" ")).languages.has_statement(), "{parts:?}");
        }
    }

    #[test]
    fn the_catalogs_statements_are_recognised() {
        for network in networks::all() {
            for (language, statement) in network.statements {
                assert!(is_statement(&plain(statement), network.id), "{} {language}: {statement}", network.id);
            }
        }
    }
}
