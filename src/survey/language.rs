//! What a page's name and markup say of the page itself: its language, and whether it is one of those that stand apart.
//! Decides nothing about what to do there.

use crate::document::Document;

/// Languages that sites have folders for, by ISO 639-1. Codes that are as often something else (`uk` is Britain, `us`,
/// `go`, `tv`) are left out.
const FOLDERS: [&str; 58] = [
    "ar", "az", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "it", "ja", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "ml", "mr",
    "nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "te", "th", "tr", "ur", "vi", "zh",
    "zu",
];

/// Names of pages that are about the site or the law, in the largest languages, without what stands between words.
const APART: [&str; 85] = [
    "404",
    "403",
    "500",
    "error",
    "notfound",
    "search",
    "searchresults",
    "suche",
    "buscar",
    "busqueda",
    "recherche",
    "ricerca",
    "busca",
    "pesquisa",
    "zoeken",
    "szukaj",
    "arama",
    "poisk",
    "kensaku",
    "privacy",
    "privacypolicy",
    "privacynotice",
    "privacystatement",
    "datenschutz",
    "datenschutzerklaerung",
    "datenschutzerklärung",
    "datenschutzhinweise",
    "privacidad",
    "politicadeprivacidad",
    "avisodeprivacidad",
    "confidentialite",
    "confidentialité",
    "politiquedeconfidentialite",
    "privacybeleid",
    "informativaprivacy",
    "privacidade",
    "politicadeprivacidade",
    "gizlilik",
    "gizlilikpolitikasi",
    "politykaprywatnosci",
    "integritetspolicy",
    "cookies",
    "cookie",
    "cookiepolicy",
    "cookierichtlinie",
    "politicadecookies",
    "politiquedecookies",
    "terms",
    "termsofservice",
    "termsofuse",
    "termsandconditions",
    "termsconditions",
    "tos",
    "agb",
    "nutzungsbedingungen",
    "impressum",
    "imprint",
    "legal",
    "legalnotice",
    "avisolegal",
    "mentionslegales",
    "mentionslégales",
    "notelegali",
    "terminosycondiciones",
    "condicionesdeuso",
    "cgu",
    "cgv",
    "conditionsgenerales",
    "termosdeuso",
    "kullanimkosullari",
    "regulamin",
    "algemenevoorwaarden",
    "colofon",
    "disclosure",
    "disclosures",
    "affiliatedisclosure",
    "affiliatedisclaimer",
    "disclaimer",
    "haftungsausschluss",
    "werbehinweis",
    "affiliatehinweis",
    "divulgacion",
    "avisodeafiliados",
    "affiliation",
    "avertissement",
];

/// Titles of such pages, in the same spelling: those that are nothing else.
const TITLES: [&str; 64] = [
    "pagenotfound",
    "notfound",
    "404notfound",
    "404pagenotfound",
    "error404",
    "404error",
    "seitenichtgefunden",
    "paginanoencontrada",
    "páginanoencontrada",
    "pageintrouvable",
    "pagenontrouvée",
    "paginanontrovata",
    "páginanãoencontrada",
    "paginanietgevonden",
    "sayfabulunamadı",
    "ページが見つかりません",
    "страницаненайдена",
    "searchresults",
    "suchergebnisse",
    "resultadosdebúsqueda",
    "résultatsderecherche",
    "privacypolicy",
    "privacynotice",
    "privacystatement",
    "cookiepolicy",
    "datenschutz",
    "datenschutzerklärung",
    "datenschutzhinweise",
    "políticadeprivacidad",
    "avisodeprivacidad",
    "políticadecookies",
    "politiquedeconfidentialité",
    "politiquedecookies",
    "informativaprivacy",
    "privacybeleid",
    "políticadeprivacidade",
    "politykaprywatności",
    "gizlilikpolitikası",
    "integritetspolicy",
    "プライバシーポリシー",
    "политикаконфиденциальности",
    "termsofservice",
    "termsofuse",
    "termsandconditions",
    "termsconditions",
    "nutzungsbedingungen",
    "allgemeinegeschäftsbedingungen",
    "agb",
    "impressum",
    "imprint",
    "legalnotice",
    "avisolegal",
    "mentionslégales",
    "notelegali",
    "términosycondiciones",
    "condicionesdeuso",
    "conditionsgénérales",
    "termosdeuso",
    "kullanımkoşulları",
    "algemenevoorwaarden",
    "利用規約",
    "affiliatedisclosure",
    "affiliatedisclaimer",
    "haftungsausschluss",
];

/// How titles of pages with search results begin.
const SEARCHES: [&str; 3] = ["searchresultsfor", "suchergebnissefür", "resultadosdebúsquedapara"];

/// The language of `document`, the page called `page`: what its front matter says, `<html lang>`, a folder or an ending
/// of its name (`de/`, `post.de.md`), else `site`. As written there, such as `pt-BR`. Of codes that are as often something
/// else, `is_known` says which are languages of this site.
pub fn of_page(document: &Document, page: &str, site: Option<&str>, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    let said = document.front_matter.as_ref().and_then(|front_matter| front_matter.language.as_deref());
    let head = || document.outline.as_ref().and_then(|outline| outline.head.language.as_deref());
    let tag = |tag: &str| {
        let tag = tag.trim().replace('_', "-");
        let primary = tag.split('-').next().unwrap_or_default();
        let fine = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        fine.then_some(tag)
    };
    said.and_then(tag)
        .or_else(|| head().and_then(tag))
        .or_else(|| of_name(page, is_known))
        .or_else(|| site.and_then(tag))
}

/// Whether `page` is one for errors, searches, privacy, terms or disclosures, as its name says.
pub fn is_apart(page: &str) -> bool {
    let mut parts = page.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let name = if matches!(stem, "index" | "_index" | "README") { parts.next().unwrap_or_default() } else { stem };
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    APART.contains(&name.as_str())
}

/// Whether a page with this `title` is one for errors, searches, privacy, terms or disclosures. The site's name may stand
/// before or behind; single words that articles are about as well (`Cookies`, `Search`) say nothing.
pub fn is_title_apart(title: &str) -> bool {
    let parts = title.split(['|', '–', '—', '·', '•', '«', '»', '›']).flat_map(|part| part.split(" - "));
    parts.into_iter().any(|part| {
        let name: String = part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        TITLES.contains(&name.as_str()) || SEARCHES.iter().any(|search| name.starts_with(search))
    })
}

fn of_name(page: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    let is_language = |part: &str| is_known(part) || is_language(part);
    let mut folders: Vec<_> = page.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let of_folder = folders.iter().find(|folder| is_language(folder)).copied();
    let mut ends = file.split('.').rev().skip(1);
    let of_file = ends.next().filter(|end| file.matches('.').count() > 1 && is_language(end));
    of_folder.or(of_file).map(str::to_owned)
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let primary = parts.next().unwrap_or_default();
    let region = parts.next().unwrap_or_default();
    let fine = region.is_empty() || (2..=4).contains(&region.len()) && region.bytes().all(|b| b.is_ascii_alphabetic());
    fine && parts.next().is_none() && FOLDERS.contains(&primary.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_a_language() {
        for (page, language) in [
            ("de/post.md", Some("de")),
            ("content/pt-BR/a/b.html", Some("pt-BR")),
            ("posts/a.fr.md", Some("fr")),
            ("posts/a.md", None),
            ("de.md", None),
            ("uk/a.html", None),
            ("design/a.html", None),
            ("zh-hans/a.html", Some("zh-hans")),
        ] {
            assert_eq!(of_name(page, &|_| false).as_deref(), language, "{page}");
        }
        assert_eq!(of_name("uk/a.html", &|tag| tag == "uk").as_deref(), Some("uk"));
    }

    #[test]
    fn titles_of_pages_about_the_site_are_known() {
        for title in [
            "Privacy Policy | Kettle World",
            "Kettle World - Terms & Conditions",
            "Page not found – Kettle World",
            "404: Not found",
            "Search Results for \u{201c}kettle\u{201d} - Kettle World",
            "Datenschutzerklärung",
            "Aviso legal · Teteras",
        ] {
            assert!(is_title_apart(title), "{title}");
        }
        for title in [
            "Cookies | Kettle World",
            "Search",
            "The best privacy screens - Kettle World",
            "How to write a privacy policy: a guide",
            "Privacy policy: how to write one",
            "Fiat 500: a review",
            "",
        ] {
            assert!(!is_title_apart(title), "{title}");
        }
    }

    #[test]
    fn pages_about_the_site_stand_apart() {
        for page in
            ["404.html", "privacy-policy/index.html", "de/datenschutz.md", "Terms_of_Service.html", "search.html"]
        {
            assert!(is_apart(page), "{page}");
        }
        for page in ["index.html", "job-search-tools.md", "reviews/privacy-screen.html", "posts/a.md", ""] {
            assert!(!is_apart(page), "{page}");
        }
    }
}
