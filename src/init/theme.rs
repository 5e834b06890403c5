//! Templates, data and settings of a site: where they tell readers of paid links. Decides what of a file readers see, and which
//! sentences count; whether they are shown on every page, nobody can know from here.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::config::policy::Standard;
use crate::generator::Generator;
use crate::init::site::Place;
use crate::notice::{self, Wording};

/// A sentence of the theme's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: NoticeKind,
    /// The condition around it, as the template writes it, where there is one.
    pub condition: Option<String>,
}

/// What a sentence of the theme's says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// That the site earns by its links.
    Disclosure,
    /// What this network requires, by its catalog id.
    Statement(&'static str),
}

/// Endings of files that readers' text may come from and that are no pages.
const ENDINGS: [&str; 36] = [
    "astro",
    "cjs",
    "cts",
    "ejs",
    "gohtml",
    "haml",
    "handlebars",
    "hbs",
    "htm",
    "html",
    "j2",
    "jade",
    "jinja",
    "jinja2",
    "js",
    "json",
    "jsx",
    "liquid",
    "md",
    "mdx",
    "mjs",
    "mts",
    "mustache",
    "njk",
    "nunjucks",
    "php",
    "pug",
    "slim",
    "svelte",
    "tera",
    "toml",
    "ts",
    "tsx",
    "twig",
    "vue",
    "webc",
];

/// The largest file looked at, in bytes: what is larger was made by a machine.
pub const LARGEST: u64 = 512 << 10;

/// Whether a file called `name` may hold text that a theme shows.
pub fn may_show(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let file = name.rsplit('/').next().unwrap_or(name);
    // what affilink itself wrote, and what no person did
    let generated =
        file.starts_with("affiliates.") || ["package-lock.json", ".min.js"].iter().any(|end| file.ends_with(end));
    !generated && (ENDINGS.binary_search(&ending.as_str()).is_ok() || matches!(ending.as_str(), "yaml" | "yml"))
}

/// Whether articles may show what file `name` says: not what is of another theme than the one that `settings`, the text of the
/// generator's configuration, names, nor what is of pages for errors, searches and the law.
pub fn is_used(name: &str, generator: Option<Generator>, settings: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or_default();
    let word: String = stem.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if ["404", "403", "500", "error", "readme", "search", "notfound"].contains(&word.as_str())
        || ["privacy", "terms", "cookie", "datenschutz", "impressum"].iter().any(|start| word.starts_with(start))
    {
        return false;
    }
    let themed = matches!(generator, Some(Generator::Hugo | Generator::Hexo | Generator::Zola | Generator::Jekyll));
    let Some((theme, _)) = name.strip_prefix("themes/").and_then(|rest| rest.split_once('/')).filter(|_| themed) else {
        return true;
    };
    // who names none gets it from elsewhere
    let Some(line) = settings.lines().find(|line| sets(line, "theme")) else { return true };
    let names =
        |line: &str| line.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).any(|word| word == theme);
    let goes_on = line.contains('[') && !line.contains(']') || line.trim_end().ends_with([':', '=']);
    names(line) || goes_on && names(settings)
}

/// What templates call the file `name` if it only shows where one of them asks for it; `None` for what shows by itself.
pub fn part_name(name: &str) -> Option<&str> {
    let (folder, file) = name.rsplit_once('/')?;
    let mut folders = folder.split('/');
    let is_part = folders.any(|part| {
        ["_includes", "_layouts", "_partial", "_partials", "components", "includes", "macros", "partial", "partials"]
            .contains(&part)
    });
    let stem = file.split('.').next().filter(|stem| !stem.is_empty())?;
    let of_folder = || folder.rsplit('/').next();
    let called = if stem == "index" { of_folder()? } else { stem };
    is_part.then_some(called)
}

/// Whether `settings` name a theme that comes from elsewhere, so that nobody can know here which parts it asks for; `has_themes`
/// says whether there are files of themes.
pub fn is_elsewhere(settings: &str, has_themes: bool) -> bool {
    let names_one = |line: &str| {
        let table = line.trim_start().trim_start_matches(['"', '\'']);
        (table.starts_with("[module]")
            || table.starts_with('[') && table.trim_start_matches('[').starts_with("module."))
            || ["theme", "remote_theme", "module"].iter().any(|key| sets(line, key))
    };
    !has_themes && settings.lines().any(names_one)
}

/// Whether `line` of a configuration gives `key` a value.
fn sets(line: &str, key: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(['"', '\'']).strip_prefix(key);
    rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with([':', '=']))
}

/// Whether `text` names the part of pages in file `part`.
pub fn names_part(text: &str, part: &str) -> bool {
    let Some(name) = part_name(part) else { return false };
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    text.match_indices(name)
        .any(|(at, _)| ends(text[..at].chars().next_back()) && ends(text[at + name.len()..].chars().next()))
}

/// The sentences in file `name` that tell readers of paid links, each kind once.
pub fn notices(text: &str, name: &str) -> Vec<Notice> {
    let mut found: Vec<Notice> = Vec::new();
    let shown = shown(text);
    for (start, chunk) in chunks(&shown) {
        let flat = chunk.split_whitespace().collect::<Vec<_>>().join(" ");
        // the shortest disclosures have four words, and none is a book
        if flat.len() < 16 || flat.len() > 4000 {
            continue;
        }
        for sentence in flat.unicode_sentences() {
            let kind = match notice::required_by(sentence) {
                Some(network) => NoticeKind::Statement(network),
                None if notice::judge(sentence, Standard::Ftc) == Some(Wording::Clear) && is_sentence(sentence) => {
                    NoticeKind::Disclosure
                }
                None => continue,
            };
            if found.iter().all(|notice| notice.kind != kind) {
                let place = Place { file: name.to_owned(), line: line_of(text, &shown, start, sentence) };
                found.push(Notice { place, kind, condition: condition(text, start) });
            }
        }
    }
    found
}

/// Whether it says something: labels and names of menu entries are shorter.
fn is_sentence(text: &str) -> bool {
    text.unicode_words().take(4).count() == 4
}

/// `text` with everything that readers do not see as spaces, line ends kept, and `\u{1}` where a block begins or ends.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        shown.push_str(&rest[..at]);
        let tail = &rest[at..];
        let length = hidden(tail);
        let block = is_block(tail);
        for (index, byte) in tail[..length].bytes().enumerate() {
            shown.push(match byte {
                b'\n' => '\n',
                _ if index == 0 && block => '\u{1}',
                _ => ' ',
            });
        }
        if length == 0 {
            shown.push(' ');
        }
        rest = &tail[length.max(1)..];
    }
    shown.push_str(rest);
    shown
}

/// What hides text: from where to where.
const HIDING: [(&str, &str); 9] = [
    ("<!--", "-->"),
    ("{{/*", "*/}}"),
    ("{{!--", "--}}"),
    ("{%- comment", "endcomment -%}"),
    ("{% comment", "endcomment %}"),
    ("{#", "#}"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("<%", "%>"),
];

/// Those of them that are comments.
const COMMENTS: [&str; 5] = ["<!--", "{{/*", "{{!--", "{%- comment", "{% comment"];

/// Elements of which readers see nothing; what stands in a `template` is shown by Vue.
const HIDDEN: [&str; 4] = ["script", "style", "textarea", "noscript"];

/// The longest tag, in bytes.
const LONGEST: usize = 4096;

/// How many bytes at the start of `text` readers do not see; 0 where they see them.
fn hidden(text: &str) -> usize {
    let reach = text.get(..text.floor_char_boundary(LONGEST.min(text.len()))).unwrap_or_default();
    if let Some((open, close)) = HIDING.iter().find(|(open, _)| text.starts_with(open)) {
        // what is commented out may be long, and without its end it is all there is
        let is_comment = COMMENTS.contains(open);
        let inner = if is_comment { text } else { reach }.get(open.len()..).unwrap_or_default();
        let nothing = if is_comment { text.len() } else { 0 };
        return inner.find(close).map_or(nothing, |end| open.len() + end + close.len());
    }
    if let Some(name) = HIDDEN.iter().find(|name| {
        let rest = text.get(1..).filter(|_| text.starts_with('<')).and_then(|rest| rest.get(name.len()..));
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
            && text[1..=name.len()].eq_ignore_ascii_case(name)
    }) {
        let end = format!("</{name}");
        let mut ends = text.match_indices("</").map(|(at, _)| at);
        let end = ends.find(|&at| text.get(at..at + end.len()).is_some_and(|close| close.eq_ignore_ascii_case(&end)));
        return end.unwrap_or(text.len());
    }
    let tag = text
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'));
    if tag { reach.find('>').map_or(0, |end| end + 1) } else { 0 }
}

/// Whether the tag at the start of `text` stands between texts that do not belong together.
fn is_block(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('<') else { return false };
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let inline = ["a", "abbr", "b", "br", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sup", "u"];
    !name.is_empty() && !inline.contains(&name.to_ascii_lowercase().as_str())
}

/// The stretches of `shown` that belong together, with where each starts: between blocks, blank lines, and lines of settings.
fn chunks(shown: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let ends = shown.match_indices(['\u{1}', '\n', '"', '`']).map(|(at, mark)| (at, mark.len()));
    let ends = ends.filter(move |&(at, _)| {
        // a line goes on in the next one unless that is blank or a setting of its own
        !shown[at..].starts_with('\n') || {
            let next = shown[at + 1..].lines().next().unwrap_or_default().trim();
            next.is_empty() || is_setting(next)
        }
    });
    let ends = ends.chain([(shown.len(), 0)]);
    ends.map(move |(at, length)| {
        let chunk = (start, &shown[start.min(at)..at]);
        start = at + length;
        chunk
    })
}

/// Whether `line` is a pair of a key and a value, or an item of a list.
fn is_setting(line: &str) -> bool {
    let key = line.split([':', '=']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    line.starts_with("- ")
        || line.starts_with('[')
        || (key.len() < line.len() && !key.is_empty() && key.chars().all(word))
}

/// The 1-based line of `sentence`, which stands in the chunk at `start`, its white space aside.
fn line_of(text: &str, shown: &str, start: usize, sentence: &str) -> usize {
    let words = sentence.split_whitespace().take(2).collect::<Vec<_>>();
    let rest = shown.get(start..).unwrap_or_default();
    let word = words.first().copied().unwrap_or_default();
    let follows = |at: &usize| {
        let after = rest[at + word.len()..].trim_start();
        words.get(1).is_none_or(|next| after.starts_with(next))
    };
    let at = start + rest.match_indices(word).map(|(at, _)| at).find(follows).unwrap_or(0);
    text.get(..at).map_or(1, |before| before.bytes().filter(|&byte| byte == b'\n').count() + 1)
}

/// What a condition wants of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing but that it does not say otherwise.
    Nothing,
    /// This key in its front matter, with a value that is not false.
    Key(String),
    /// Something that only the generator knows.
    Unknown,
}

/// What `condition`, as [`Notice::condition`] gives it, wants of a page.
pub fn asks(condition: &str) -> Asks {
    let (word, rest) = condition.split_once(' ').unwrap_or((condition, ""));
    let operators = ["and", "or", "eq", "ne", "in", "==", "!=", "&&", "||", ">", "<", "contains"];
    let mut words = rest.split(|c: char| c.is_whitespace() || "(){}".contains(c)).filter(|word| !word.is_empty());
    match (words.next(), words.next()) {
        (Some("not"), Some(_)) if words.next().is_none() => Asks::Nothing,
        (Some(path), None) if word == "unless" || path.starts_with('!') || is_of_site(path) => Asks::Nothing,
        (Some(path), None) if path.chars().all(|c| c.is_alphanumeric() || "._-$".contains(c)) => {
            path.rsplit('.').next().map_or(Asks::Unknown, |key| Asks::Key(key.to_owned()))
        }
        (Some(first), Some(second)) => {
            let mut others = [first, second].into_iter().chain(words);
            let by_page = others.any(|word| !operators.contains(&word) && !is_literal(word) && !is_of_site(word));
            if by_page { Asks::Unknown } else { Asks::Nothing }
        }
        _ => Asks::Unknown,
    }
}

/// Whether the variable `path` is the same on all pages with content.
fn is_of_site(path: &str) -> bool {
    let path = path.trim_start_matches(['$', '.']).to_ascii_lowercase();
    ["site.", "config.", "theme.", "settings."].iter().any(|start| path.starts_with(start))
        || ["ispage", "kind", "type", "is_post", "page.kind", "page.type", "page.collection"].contains(&path.as_str())
}

fn is_literal(word: &str) -> bool {
    word.starts_with(['"', '\'']) || word.ends_with(['"', '\'']) || word.chars().all(|c| c.is_ascii_digit())
}

/// The condition that byte `at` of a template stands in, if the tag before it says so.
fn condition(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at)?;
    let mut depth = 0_usize;
    let mut tags: Vec<&str> = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<%", "%>")] {
        tags.extend(before.match_indices(open).filter_map(|(from, _)| {
            let rest = before.get(from + open.len()..)?;
            Some(rest[..rest.find(close)?].trim_matches(['-', '~', ' ', '\n', '\t']))
        }));
        if !tags.is_empty() {
            break;
        }
    }
    for tag in tags.into_iter().rev() {
        let word = tag.split_whitespace().next().unwrap_or_default();
        match word {
            "end" | "endif" | "endfor" | "endunless" | "endwith" => depth += 1,
            "if" | "with" | "unless" if depth == 0 => {
                return Some(tag.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            "if" | "with" | "unless" | "range" | "for" | "block" | "define" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARNS: &str = "We earn a commission if you buy through links on this page.";

    fn found(text: &str) -> Vec<(usize, NoticeKind, Option<String>)> {
        notices(text, "x").into_iter().map(|notice| (notice.place.line, notice.kind, notice.condition)).collect()
    }

    #[test]
    fn sentences_are_found_where_readers_see_them() {
        use NoticeKind::{Disclosure, Statement};
        for (text, want) in [
            (format!("<div>\n  <p class=\"x\">{EARNS}</p>\n</div>\n"), vec![(2, Disclosure, None)]),
            (
                "<p>\n  We earn a <b>commission</b>\n  if you buy through\n links on this page.</p>".to_owned(),
                vec![(2, Disclosure, None)],
            ),
            (
                format!(
                    "<head>{{{{ with .Title }}}}x{{{{ end }}}}\n{{{{ if .Params.affiliate }}}}\n<p>{EARNS}\n{{{{ end }}}}"
                ),
                vec![(3, Disclosure, Some("if .Params.affiliate".to_owned()))],
            ),
            (
                format!("{{% if page.paid %}}a{{% endif %}}\n{{% if page.affiliate %}}<p>{EARNS}{{% endif %}}"),
                vec![(2, Disclosure, Some("if page.affiliate".to_owned()))],
            ),
            (
                "<footer>As an Amazon Associate I earn from qualifying purchases.</footer>".to_owned(),
                vec![(1, Statement("amazon"), None)],
            ),
            (
                format!("<p>{EARNS} As an Amazon Associate we earn from qualifying purchases.</p>"),
                vec![(1, Disclosure, None), (1, Statement("amazon"), None)],
            ),
            (format!("[params]\ntitle = \"x\"\ndisclosure = \"{EARNS}\"\n"), vec![(3, Disclosure, None)]),
            (format!("title: x\ndisclosure: {EARNS}\nother: y\n"), vec![(2, Disclosure, None)]),
            (format!("<!-- {EARNS} -->\n{{{{/* {EARNS} */}}}}\n{{# {EARNS} #}}"), vec![]),
            ("<a href=/affiliates/>Affiliate links</a> <a>Ad</a>".to_owned(), vec![]),
            ("<p>Read our terms of service before you buy.</p>".to_owned(), vec![]),
            ("<a><b".to_owned(), vec![]),
            (format!("<script>\nvar x = \"{EARNS}\";\n</SCRIPT><Style>/* {EARNS} */</style>"), vec![]),
            (format!("<scripts>\n{EARNS}\n</scripts>"), vec![(2, Disclosure, None)]),
            (format!("<!-- {} {EARNS} -->", "x ".repeat(4000)), vec![]),
        ] {
            assert_eq!(found(&text), want, "{text}");
        }
    }

    #[test]
    fn themes_that_are_not_used_show_nothing() {
        for (name, generator, settings, used) in [
            ("themes/a/layouts/x.html", Generator::Hugo, "theme = \"a\"", true),
            ("themes/b/layouts/x.html", Generator::Hugo, "theme = \"a\"", false),
            ("themes/b/layouts/x.html", Generator::Hugo, "theme = [\"a\", \"b\"]", true),
            ("themes/b/layouts/x.html", Generator::Hugo, "theme = [\n \"a\",\n \"b\"\n]", true),
            ("themes/b/layouts/x.html", Generator::Hugo, "theme: \n  - a\n  - b", true),
            ("themes/b/layouts/x.html", Generator::Hugo, "title = \"a\"", true),
            ("themes/b/layout/x.ejs", Generator::Hexo, "theme: a", false),
            ("themes/b/layout/x.ejs", Generator::Hexo, "theme_config: a\ntheme: b", true),
            ("layouts/404.html", Generator::Hugo, "", false),
            ("layouts/privacy-policy.html", Generator::Hugo, "", false),
            ("layouts/partials/disclosure.html", Generator::Hugo, "", true),
        ] {
            assert_eq!(is_used(name, Some(generator), settings), used, "{name} {settings}");
        }
    }

    #[test]
    fn parts_show_where_a_template_names_them() {
        for (part, text, named) in [
            ("layouts/partials/foot.html", "{{ partial \"foot.html\" . }}", true),
            ("layouts/partials/a/foot.html", "{{ partial \"a/foot\" . }}", true),
            ("layouts/partials/foot.html", "<footer class=football>", false),
            ("layouts/partials/foot.html", "{{ partial \"big-foot.html\" . }}", false),
            ("src/components/Note/index.tsx", "import Note from './Note'", true),
            ("layouts/single.html", "single", false),
        ] {
            assert_eq!(names_part(text, part), named, "{part} {text}");
        }
        assert_eq!(part_name("layouts/single.html"), None);
        for (settings, elsewhere) in [
            ("theme = 'x'", true),
            ("remote_theme: a/b", true),
            ("[[module.imports]]", true),
            ("themes_dir = 'x'", false),
        ] {
            assert_eq!((is_elsewhere(settings, false), is_elsewhere(settings, true)), (elsewhere, false), "{settings}");
        }
    }

    #[test]
    fn endings_are_in_order() {
        assert!(ENDINGS.is_sorted());
        assert!(may_show("layouts/a.HTML") && may_show("i18n/en.yaml") && !may_show("a.png") && !may_show("b"));
    }

    #[test]
    fn conditions_ask_for_a_key_or_nothing_or_who_knows() {
        let key = |key: &str| Asks::Key(key.to_owned());
        for (condition, asked) in [
            ("if .Params.affiliate", key("affiliate")),
            ("with $.Params.disclosure", key("disclosure")),
            ("if page.affiliate", key("affiliate")),
            ("if affiliate", key("affiliate")),
            ("unless page.clean", Asks::Nothing),
            ("if not page.clean", Asks::Nothing),
            ("if (not .Params.clean)", Asks::Nothing),
            ("if !page.clean", Asks::Nothing),
            ("if site.disclosure", Asks::Nothing),
            ("if .Site.Params.disclosure", Asks::Nothing),
            ("if .IsPage", Asks::Nothing),
            ("if eq .Kind \"page\"", Asks::Nothing),
            ("if page.layout == \"never\"", Asks::Unknown),
            ("if and .IsPage .Params.affiliate", Asks::Unknown),
            ("if", Asks::Unknown),
        ] {
            assert_eq!(asks(condition), asked, "{condition}");
        }
    }
}
