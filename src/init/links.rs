//! The `links` section: values that are links, and the site's own redirects. Decides which paths lead to merchants for certain.

use std::collections::{BTreeMap, BTreeSet};

use crate::init::site::{Access, Count, Site, first_folder, path_of};
use crate::init::text::{Text, counted};
use crate::init::yaml;
use crate::init::{TOO_MANY, can_be_read, settings};
use crate::source::Format;

/// First folders that redirects are usually kept in.
const REDIRECT_FOLDERS: [&str; 8] = ["get", "go", "goto", "out", "recommend", "recommends", "refer", "visit"];

/// Writes the section, if there is anything to say.
pub(super) fn write(site: &Site, text: &mut Text) {
    let mut body = Text::default();
    write_values(site, &mut body);
    write_redirects(site, &mut body);
    if let Some(markdown) = settings::markdown(site) {
        body.pair(2, "markdown", &markdown.value, &yaml::remark(&markdown.why));
    }
    let body = body.finish();
    let guesses = guessed_folders(site);
    if !body.is_empty() || !guesses.is_empty() {
        text.gap();
    }
    if !body.is_empty() {
        text.line("links:");
        text.line(&body);
    }
    let lead = if body.is_empty() { "# links: " } else { "  # " };
    for (folder, count) in guesses {
        let paths = yaml::list([format!("/{folder}/**")]);
        let redirects = format!("redirects: {{paths: {paths}}}");
        let redirects = if body.is_empty() { format!("{{{redirects}}}") } else { redirects };
        text.line(&format!(
            "{lead}{redirects}   # if these lead to merchants: {} on {}",
            counted(count.tally.links, "link"),
            counted(count.tally.pages, "page")
        ));
    }
}

fn write_values(site: &Site, text: &mut Text) {
    let mut keys = Vec::new();
    let mut shortcodes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut components: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut sums = [(0, 0); 3];
    let mut most: Vec<_> = site.values.iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(count.tally.links));
    most.truncate(TOO_MANY);
    let (mut most, unnamed): (Vec<_>, Vec<_>) = most.into_iter().partition(|(access, _)| can_be_named(access));
    most.sort_unstable_by_key(|(access, _)| *access);
    for (access, count) in most {
        let sum = match access {
            Access::FrontMatter(path) => {
                keys.push(path.as_str());
                &mut sums[0]
            }
            Access::Shortcode(name, argument) => {
                shortcodes.entry(name).or_default().push(argument);
                &mut sums[1]
            }
            Access::Component(name, attribute) => {
                components.entry(name).or_default().push(attribute);
                &mut sums[2]
            }
            Access::Unnamed(_) => continue,
        };
        sum.0 += count.tally.links;
        sum.1 = sum.1.max(count.tally.pages);
    }
    let why = |(links, _): (usize, usize)| format!("{} to merchants", counted(links, "link"));
    if let Some((access, _)) = unnamed.first() {
        let links = unnamed.iter().map(|(_, count)| count.tally.links).sum();
        let names = if links == 1 { "whose place has a name" } else { "whose places have names" };
        text.prose(
            2,
            &format!("Not here: {} {names} that no key can say, such as {}.", counted(links, "link"), shown(access)),
        );
    }
    if !keys.is_empty() {
        text.pair(2, "front_matter", &yaml::text_list(&keys), &why(sums[0]));
    }
    for (key, names, sum) in [("shortcodes", shortcodes, sums[1]), ("components", components, sums[2])] {
        if !names.is_empty() {
            let pairs: Vec<_> = names
                .iter()
                .map(|(name, arguments)| format!("{}: {}", yaml::scalar(name), yaml::list(arguments)))
                .collect();
            text.pair(2, key, &format!("{{{}}}", pairs.join(", ")), &why(sum));
        }
    }
}

/// Whether a configuration can name the place of a value.
fn can_be_named(access: &Access) -> bool {
    let pair = |key: &str, name: &str, value: &str| {
        can_be_read(&format!("links: {{{key}: {{{}: {}}}}}", yaml::scalar(name), yaml::list([value])))
    };
    match access {
        Access::FrontMatter(path) => can_be_read(&format!("links: {{front_matter: {}}}", yaml::text_list([path]))),
        Access::Shortcode(name, argument) => pair("shortcodes", name, argument),
        Access::Component(name, attribute) => pair("components", name, attribute),
        Access::Unnamed(_) => false,
    }
}

fn shown(access: &Access) -> String {
    match access {
        Access::FrontMatter(path) | Access::Unnamed(path) => yaml::remark(&format!("`{path}` in front matter")),
        Access::Shortcode(name, argument) => yaml::remark(&format!("`{argument}` of the shortcode `{name}`")),
        Access::Component(name, attribute) => yaml::remark(&format!("`{attribute}` of `{name}`")),
    }
}

fn write_redirects(site: &Site, text: &mut Text) {
    let files: Vec<_> = site.redirect_files.iter().collect();
    let paths = lead_globs(site);
    if files.is_empty() && paths.is_empty() {
        return;
    }
    text.line("  redirects:");
    if !paths.is_empty() {
        let first =
            site.leads.values().min().map_or(String::new(), |place| format!(", as {}:{} says", place.file, place.line));
        let why = format!("{} to merchants{first}", counted(site.leads.len(), "redirect"));
        text.pair(4, "paths", &yaml::list(&paths), &yaml::remark(&why));
    }
    if !files.is_empty() {
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        let (some, all) = files.iter().fold((0, 0), |sum, (_, (some, all, _))| (sum.0 + some, sum.1 + all));
        let why = format!("{some} of {all} lead to merchants");
        text.pair(4, "from", &yaml::list(&names), &why);
    }
}

/// Globs for the paths that lead to merchants: a whole folder where nothing else stands in it.
fn lead_globs(site: &Site) -> Vec<String> {
    let leading = leading_files(site);
    let others = site.names.iter().filter(|name| !leading.contains(name.as_str())).map(|name| path_of(name));
    let busy: BTreeSet<String> = others.filter_map(|path| first_folder(&path).map(str::to_owned)).collect();
    // a star is a placeholder's
    let part = |part: &str| if matches!(part, "*" | "**") { part.to_owned() } else { literal(part) };
    let whole = |path: &str| path.trim_end_matches('/').split('/').map(part).collect::<Vec<_>>().join("/");
    let glob = |path: &String| match first_folder(path).filter(|folder| !busy.contains(*folder)) {
        Some(folder) => format!("/{}/**", literal(folder)),
        None => whole(path),
    };
    let usable = |glob: &String| !glob.is_empty() && !glob.split('/').any(|part| part == "..");
    let globs: BTreeSet<String> = site.leads.keys().map(glob).filter(usable).collect();
    globs.into_iter().take(TOO_MANY).collect()
}

/// Files that say that a path leads to a merchant.
fn leading_files(site: &Site) -> BTreeSet<&str> {
    site.leads.values().map(|place| place.file.as_str()).collect()
}

/// Writes what holds for Markdown pages that only lead to merchants.
pub(super) fn write_overrides(site: &Site, text: &mut Text) {
    let is_markdown = |name: &str| {
        name.rsplit_once('.').and_then(|(_, end)| Format::of_extension(end)).is_some_and(Format::is_markdown)
    };
    let leading = leading_files(site);
    let others = site.names.iter().filter(|name| !leading.contains(name.as_str()));
    let busy: BTreeSet<&str> = others.flat_map(|name| name.match_indices('/').map(|(at, _)| &name[..at])).collect();
    let glob = |name: &&str| match name.rsplit_once('/').filter(|(folder, _)| !busy.contains(folder)) {
        Some((folder, _)) => format!("/{}/**", literal(folder)),
        None => format!("/{}", literal(name)),
    };
    let globs: BTreeSet<String> = leading.iter().filter(|name| is_markdown(name)).map(glob).take(TOO_MANY).collect();
    if globs.is_empty() {
        return;
    }
    text.gap();
    text.line("overrides:");
    text.prose(2, "Pages that only lead elsewhere need no notice.");
    text.line(&format!("  - files: {}", yaml::list(&globs)));
    text.line("    disclosure: {place: none, statement: theme}");
}

/// `path` as a glob for itself: what a glob has signs for stands for any character.
fn literal(path: &str) -> String {
    path.replace(['*', '?', '[', ']', '{', '}', '\\', ','], "?")
}

/// Folders of links that look like redirects of the site's own, of which nothing here says where they lead.
fn guessed_folders(site: &Site) -> Vec<(&str, &Count)> {
    let known = lead_globs(site);
    let pages: BTreeSet<String> =
        site.names.iter().filter_map(|name| path_of(name).split('/').nth(1).map(str::to_owned)).collect();
    let is_page = |folder: &str| pages.contains(folder);
    let in_file = |folder: &str| {
        let below = |path: &String| path.starts_with(&format!("/{folder}/"));
        site.redirect_files.values().any(|(_, _, paths)| paths.iter().any(below))
    };
    let guessed = site.own_paths.iter().filter(|(folder, _)| {
        REDIRECT_FOLDERS.contains(&folder.as_str())
            && !known.contains(&format!("/{folder}/**"))
            && !is_page(folder)
            && !in_file(folder)
    });
    guessed.map(|(folder, count)| (folder.as_str(), count)).collect()
}

/// What pages call the shortcode, include or component in `file`, where they use it.
pub(super) fn used_as(file: &str, site: &Site) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.split('.').next().unwrap_or(name);
    let included = |used: &&String| {
        let rest = used.split_once(' ').map(|(_, rest)| rest.trim_matches(['"', '\'']));
        rest.is_some_and(|rest| file == rest || file.ends_with(&format!("/{rest}")) || rest == stem)
    };
    let same = |used: &&String| used.as_str() == stem || kebab(used) == kebab(stem) || included(used);
    site.used.iter().find(same).cloned()
}

/// `AffiliateNotice` and `affiliate-notice` are one component to some generators.
fn kebab(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a shortcode or component called `name` can only be one that shows a disclosure.
pub(super) fn says_disclosure(name: &str) -> bool {
    let name = kebab(name);
    ["affiliate", "amazon"].iter().any(|about| name.contains(about))
        && ["disclos", "disclaim", "notice"].iter().any(|what| name.contains(what))
}

/// Whether `file` is a shortcode, which only shows where a page asks for it.
pub(super) fn is_shortcode(file: &str) -> bool {
    file.split('/').any(|part| part == "shortcodes" || part == "_shortcodes")
}
