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

/// Scripts that languages of [`FOLDERS`] are written in, by ISO 15924.
const SCRIPTS: [&str; 6] = ["arab", "cyrl", "deva", "hans", "hant", "latn"];

/// Countries, by ISO 3166-1.
const REGIONS: &str = "ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by \
     bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk \
     fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir \
     is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk \
     ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm \
     pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf \
     tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

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

/// Whether `text` is a language with or without a script and a region: `pt-sans` and `pl-sql` are none.
fn is_language(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(['-', '_']).peekable();
    let primary = parts.next().unwrap_or_default();
    parts.next_if(|part| SCRIPTS.contains(part));
    parts.next_if(|part| *part == "419" || REGIONS.split(' ').any(|region| region == *part));
    parts.next().is_none() && FOLDERS.contains(&primary)
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
            ("zh_Hant_TW/a.html", Some("zh_Hant_TW")),
            ("es-419/a.html", Some("es-419")),
            ("it-shop/a.html", None),
            ("it-tips/a.html", None),
            ("pl-sql/a.html", None),
            ("pt-sans/a.html", None),
            ("fr-/a.html", None),
            ("de-at-home/a.html", None),
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
