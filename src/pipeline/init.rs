//! `init`: a folder read for what its pages link to. Decides which files are looked at, and for what; what is made of it is
//! [`crate::init`]'s.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::config::Config;
use crate::fsio::{read_page, site_text};
use crate::generator::{self, Generator};
use crate::init::flow;
use crate::init::layout::Exclusion;
use crate::init::look::{self, PageLook};
use crate::init::redirects::{self, Redirects, Rule};
use crate::init::site::{Place, Site, path_of};
use crate::init::theme::{self, Notice};
use crate::pipeline::page::Outcome;
use crate::pipeline::study::open;
use crate::pipeline::tree::TreeError;
use crate::printable::printable;
use crate::program::ProgramMap;
use crate::source::Format;
use crate::walk::{self, Found, Links, WalkRules};

/// A folder to look at.
#[derive(Clone, Copy)]
pub struct Look<'l> {
    /// The folder.
    pub folder: &'l Path,
    /// A configuration without programs.
    pub config: &'l Config,
    /// Says which pages the caller wants.
    pub wanted: &'l (dyn Fn(&str) -> bool + Sync),
    /// Folders that are not walked, canonical: what the site's generator writes.
    pub skip_dirs: &'l [PathBuf],
    /// Whether to stop: asked before each file.
    pub stop: &'l (dyn Fn() -> bool + Sync),
    /// Told after each page.
    pub progress: &'l (dyn Fn() + Sync),
}

/// What a file turned out to be.
enum File {
    Page(Box<PageLook>, Format),
    /// A page that leads elsewhere, and where to if that is another site.
    Redirect(String, Option<String>),
    /// What is no page: sentences of a theme, redirects.
    Other(Vec<Notice>, Option<(String, Redirects)>),
    /// What pages are put together from and would be taken for a page, with its sentences.
    Part(String, Vec<Notice>),
    Skipped,
    Problem(String),
}

/// Reads the folder. Every page is parsed once, and no more than what is counted stays in memory.
///
/// Errors: the folder cannot be walked. What is wrong with single files is in [`Site::problems`].
pub fn look(job: Look<'_>) -> Result<Site, TreeError> {
    let read = |name: &str| site_text(job.folder, name);
    let marks = generator::marks(&read);
    let settings = marks.first().and_then(|mark| Some(on_lines(mark.file, read(mark.file)?))).unwrap_or_default();
    let generator = marks.first().map(|mark| mark.generator);
    let mut site = Site { marks, settings, ..Site::default() };
    let walked = walk_folder(job, job.folder)?;
    let names = walked.pages.iter().map(|found| found.name.as_str());
    let settings = layout_settings(job, &site);
    site.exclusion = Exclusion::of(site.marks.first().copied(), &settings, names, &ignore_files(job, &site));
    site.problems.extend(walked.problems.iter().filter(|problem| problem.kind.is_failure()).map(ToString::to_string));
    for chunk in walked.pages.chunks(CHUNK) {
        let looked: Vec<File> =
            chunk.par_iter().map(|found| page(job, found, (generator, &settings), &site.exclusion)).collect();
        for file in looked {
            take(&mut site, file, &job.config.map);
        }
    }
    site.settle(&job.config.map);
    let mut others: Vec<Found> = walked.others;
    for hidden in [".vitepress/theme", "docs/.vitepress/theme"] {
        let folder = job.folder.join(hidden);
        if generator == Some(Generator::VitePress) && folder.is_dir() {
            others.extend(walk_folder(job, &folder)?.others);
        }
    }
    let looked: Vec<File> = others.par_iter().map(|found| other(job, found, generator, &settings)).collect();
    for file in looked {
        take(&mut site, file, &job.config.map);
    }
    let has_themes = |found: &Found| found.name.starts_with("themes/") || found.name.starts_with("_vendor/");
    if !theme::is_elsewhere(&settings, walked.pages.iter().chain(&others).any(has_themes)) {
        drop_unused(&mut site, walked.pages.iter().chain(&others));
    }
    site.notices.sort();
    Ok(site)
}

/// The `text` of the configuration `file` as it is read by lines.
fn on_lines(file: &str, text: String) -> String {
    let is_yaml = file.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "yml" | "yaml"));
    if is_yaml { flow::on_lines(&text) } else { text }
}

/// The text of all files that say where pages and templates lie.
fn layout_settings(job: Look<'_>, site: &Site) -> String {
    let mut text = site.settings.clone();
    if site.marks.first().is_none_or(|mark| mark.generator != Generator::Hugo) {
        return text;
    }
    // Hugo, "Configuration directory": each language and the modules may have files of their own
    for name in ["hugo", "config", "languages", "module"] {
        for ending in ["toml", "yaml", "yml", "json"] {
            let file = format!("config/_default/{name}.{ending}");
            let known = site.marks.first().is_some_and(|mark| mark.file == file);
            if let Some(more) = std::fs::read_to_string(job.folder.join(&file)).ok().filter(|_| !known) {
                text.push('\n');
                text.push_str(&on_lines(&file, more));
            }
        }
    }
    text
}

/// The files that tell Eleventy what to leave alone, by the folder they stand in (Eleventy, "Ignore Template Files").
fn ignore_files(job: Look<'_>, site: &Site) -> Vec<(String, String)> {
    if site.marks.first().is_none_or(|mark| mark.generator != Generator::Eleventy) {
        return Vec::new();
    }
    let input = generator::eleventy(&site.settings, "input").unwrap_or_default();
    let input = input.trim_start_matches("./").trim_end_matches('/').to_owned();
    let mut folders = vec![String::new()];
    if !input.is_empty() && input != "." && !input.contains("..") {
        folders.push(input);
    }
    let read = |folder: String| {
        let text = std::fs::read_to_string(job.folder.join(&folder).join(".eleventyignore")).ok()?;
        Some((folder, text))
    };
    folders.into_iter().filter_map(read).collect()
}

/// Takes out the sentences of parts of pages that nothing puts into a page.
fn drop_unused<'f>(site: &mut Site, files: impl Iterator<Item = &'f Found>) {
    let mut waiting: Vec<String> = site.notices.iter().map(|notice| notice.place.file.clone()).collect();
    waiting.retain(|file| theme::part_name(file).is_some() && !site.is_used(file));
    waiting.dedup();
    if waiting.is_empty() {
        return;
    }
    for found in files.filter(|found| theme::may_show(&found.name)) {
        let Ok(file) = read_page(&found.path, theme::LARGEST) else { continue };
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        waiting.retain(|part| *part == found.name || !theme::names_part(text, part));
    }
    site.notices.retain(|notice| !waiting.contains(&notice.place.file));
}

/// How many pages are looked at before what they say is added up.
const CHUNK: usize = 512;

fn walk_folder(job: Look<'_>, start: &Path) -> Result<walk::Walked, TreeError> {
    let rules = WalkRules {
        include: &|name| job.config.files.include.is_match(name),
        exclude: &|name| !(job.wanted)(name),
        skip_dirs: job.skip_dirs,
        links: Links::Once,
    };
    walk::walk(start, job.folder, &rules).map_err(|source| TreeError::Walk { path: start.to_owned(), source })
}

fn take(site: &mut Site, file: File, map: &ProgramMap) {
    match file {
        // what is left out of the configuration says nothing of whose links these are
        File::Page(look, _) if site.exclusion.leaves_out(&look.page) => site.names.push(look.page.clone()),
        File::Page(look, format) => {
            site.html += usize::from(format == Format::Html);
            site.mdx += usize::from(format == Format::Mdx);
            if site.built_by.is_none() {
                site.built_by = look.built_by;
            }
            site.add(*look);
        }
        File::Redirect(page, url) => {
            if let Some(url) = url {
                site.waiting.push((vec![path_of(&page)], url, Place { file: page.clone(), line: 1 }));
            }
            site.pages += 1;
            site.html += 1;
            site.names.push(page);
        }
        File::Part(name, notices) => {
            site.names.push(name);
            site.notices.extend(notices);
        }
        File::Other(notices, redirects) => {
            site.notices.extend(notices);
            if let Some((file, redirects)) = redirects {
                take_redirects(site, file, redirects, map);
            }
        }
        File::Skipped => site.skipped += 1,
        File::Problem(problem) => site.problems.push(problem),
    }
}

fn take_redirects(site: &mut Site, file: String, redirects: Redirects, map: &ProgramMap) {
    let all = redirects.rules.len();
    let leading: Vec<Rule> = redirects.rules.into_iter().filter(|rule| site.is_merchant(&rule.to, map)).collect();
    if leading.is_empty() {
        return;
    }
    if redirects.readable {
        let paths: Vec<String> = leading.into_iter().map(|rule| rule.from).collect();
        site.redirect_files.insert(file, (paths.len(), all, paths));
        return;
    }
    for rule in leading.into_iter().filter(|rule| rule.from.starts_with('/')) {
        site.leads.entry(rule.from).or_insert_with(|| Place { file: file.clone(), line: rule.line });
    }
}

fn page(job: Look<'_>, found: &Found, (generator, settings): (Option<Generator>, &str), exclusion: &Exclusion) -> File {
    if (job.stop)() {
        return File::Skipped;
    }
    let Some(format) = job.config.format(&found.name) else { return File::Skipped };
    let file = match read_page(&found.path, job.config.files.max_size) {
        Ok(file) => file,
        Err(error) => return File::Problem(format!("`{}`: {error}", printable(&found.name))),
    };
    (job.progress)();
    let notices = |text: &str| {
        let is_used = theme::is_used(&found.name, generator, settings);
        if is_used { theme::notices(text, &found.name) } else { Vec::new() }
    };
    match open(&file.bytes, format) {
        Ok(source) => {
            let is_shown = exclusion.is_template(&found.name) && format == Format::Html;
            if is_shown || exclusion.is_part(&found.name) {
                return File::Part(found.name.clone(), notices(source.text()));
            }
            match look::look(&source, format, &found.name, &job.config.map) {
                Ok(look) => File::Page(Box::new(look), format),
                Err(error) => File::Problem(format!("`{}`: {}", printable(&found.name), printable(&error))),
            }
        }
        Err(Outcome::Template) => {
            let text = String::from_utf8_lossy(&file.bytes);
            File::Other(notices(&text), None)
        }
        Err(Outcome::Redirect) => {
            let text = String::from_utf8_lossy(&file.bytes);
            File::Redirect(found.name.clone(), look::refresh(&text))
        }
        Err(_) => File::Skipped,
    }
}

/// Folders of what is not written for readers of the site.
const ELSEWHERE: [&str; 8] = ["dist", "e2e", "public", "scripts", "spec", "static", "test", "tests"];

fn other(job: Look<'_>, found: &Found, generator: Option<Generator>, settings: &str) -> File {
    let name = found.name.as_str();
    let file = name.rsplit('/').next().unwrap_or(name);
    let of_redirects = redirects::may_hold(file);
    let of_theme = theme::may_show(name)
        && theme::is_used(name, generator, settings)
        && !name.split('/').any(|part| ELSEWHERE.contains(&part))
        // without a generator, what is no template is data of anything
        && (generator.is_some() || file.rsplit('.').next().is_some_and(|end| ["njk", "liquid", "hbs", "ejs", "j2", "astro"].contains(&end)));
    if (job.stop)() || !(of_redirects || of_theme) {
        return File::Other(Vec::new(), None);
    }
    let Ok(page) = read_page(&found.path, theme::LARGEST) else { return File::Other(Vec::new(), None) };
    let Ok(text) = std::str::from_utf8(&page.bytes) else { return File::Other(Vec::new(), None) };
    let redirects = if of_redirects { redirects::redirects(name, text) } else { None };
    let redirects = redirects.map(|redirects| (name.to_owned(), redirects));
    File::Other(if of_theme { theme::notices(text, name) } else { Vec::new() }, redirects)
}
