//! `affilink explain`.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use affilink::config::{Config, nearest};
use affilink::explain::{Explainer, line};
use affilink::generator::Generator;
use affilink::lint::{Rule, SPECS, docs, registry};
use affilink::networks::{self, Network};
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::Outcome;
use affilink::printable::{printable, printable_path};
use affilink::report::explain::{Explanation, View, beside, text};
use anyhow::{Context as _, bail};
use rayon::prelude::*;

use crate::cli::args::{Explain, Format};
use crate::cli::common::{ExitStatus, Session};
use crate::cli::{build, networks as networks_command};

/// What is asked about.
enum What<'w> {
    Stdin,
    Url(&'w str),
    Line(&'w Path, usize),
    Network(&'static Network),
    Rule(&'static Rule),
}

pub(crate) fn run(session: &Session<'_>, args: &Explain) -> anyhow::Result<ExitStatus> {
    let asked = args.what.iter().map(|word| what(word)).collect::<anyhow::Result<Vec<_>>>()?;
    let site = Site::of(session, args.src.as_deref())?;
    let date = session.date.to_string();
    let page = args.path.as_deref().unwrap_or_default();
    let explainer = Explainer::new(&site.config, page, &date);
    let teller = Teller { site: &site, explainer: &explainer, page, date: &date, format: args.format };
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    for (at, asked) in asked.iter().enumerate() {
        if at > 0 && args.format == Format::Text {
            out.write_all(b"\n").context(WRITING)?;
        }
        match asked {
            What::Stdin => teller.stream(io::stdin().lock(), &mut out)?,
            What::Url(url) => out.write_all(&teller.url(url, true)).context(WRITING)?,
            What::Line(path, line) => {
                let page = args.path.clone().unwrap_or_else(|| site.page_name(path));
                out.write_all(&teller.line(path, &page, *line, &date)?).context(WRITING)?;
            }
            What::Rule(rule) => out.write_all(shown_rule(rule, args.format).as_bytes()).context(WRITING)?,
            What::Network(network) => {
                out.write_all(networks_command::show(network, args.format).as_bytes()).context(WRITING)?;
            }
        }
    }
    out.flush().context(WRITING)?;
    Ok(ExitStatus::Done)
}

const WRITING: &str = "cannot write to standard output";
/// How much is read and written at once, in bytes.
const BUFFER: usize = 1 << 18;

fn what(word: &str) -> anyhow::Result<What<'_>> {
    if word == "-" {
        return Ok(What::Stdin);
    }
    let lower = word.to_ascii_lowercase();
    if lower.contains("://") || lower.starts_with("//") || lower.starts_with("www.") {
        return Ok(What::Url(word));
    }
    if let Some((path, line)) = page_line(word) {
        if Path::new(path).is_file() {
            return Ok(What::Line(Path::new(path), line));
        }
        bail!("`{}`: no such file", printable(path));
    }
    if Path::new(word).is_file() {
        bail!("`{0}`: say which line, as in `{0}:12`", printable(word));
    }
    if word.starts_with('/') {
        return Ok(What::Url(word));
    }
    let network = networks::find(&lower).map(What::Network);
    let rule = || registry::find(&lower).map(What::Rule);
    network.or_else(rule).with_context(|| unknown(word))
}

/// The page of a rule of the linter; as JSON one object with its name, level and page.
fn shown_rule(rule: &Rule, format: Format) -> String {
    let page = docs::page(rule);
    match format {
        Format::Text => page,
        Format::Json => {
            let level = rule.spec.level.name();
            format!("{}\n", serde_json::json!({ "rule": rule.spec.name, "level": level, "page": page }))
        }
    }
}

fn unknown(word: &str) -> String {
    let near = networks_command::suggestion(word);
    let help = match near.or_else(|| nearest(word, SPECS.iter().map(|spec| spec.name))) {
        Some(near) => format!("did you mean `{near}`?"),
        None if word.contains('.') => format!("did you mean `https://{}`?", printable(word)),
        None => "give a URL, PAGE:LINE, a network (`affilink networks` lists those) or a rule of `check`".to_owned(),
    };
    format!("`{}` is no URL, no page with a line, no network and no rule; {help}", printable(word))
}

/// `PAGE:LINE`; a column behind it, as in messages of a build, is passed over.
fn page_line(word: &str) -> Option<(&str, usize)> {
    let number = |text: &str| text.parse::<usize>().ok();
    let (front, last) = word.rsplit_once(':')?;
    let last = number(last)?;
    match front.rsplit_once(':') {
        Some((page, line)) if number(line).is_some() && !page.is_empty() => Some((page, number(line)?)),
        _ => (!front.is_empty()).then_some((front, last)),
    }
}

/// The configuration that links are read against.
struct Site {
    config: Config,
    /// The folder that page names are relative to.
    folder: PathBuf,
    configured: bool,
    generator: Option<Generator>,
}

impl Site {
    fn of(session: &Session<'_>, source: Option<&Path>) -> anyhow::Result<Self> {
        let found = session.config_if_any()?;
        let configured = found.is_some();
        let (mut config, folder) =
            found.unwrap_or_else(|| (Config::without_file(session.date, affilink::lint::SPECS), PathBuf::from(".")));
        let folder = source.map_or(folder, Path::to_owned);
        let generator = build::Site::of(&folder).generator;
        config.set_generator(facts(generator));
        Ok(Self { config, folder, configured, generator })
    }

    /// The name of the page at `path`: relative to the folder that a build is of where it lies below it.
    fn page_name(&self, path: &Path) -> String {
        let below = || {
            let (path, folder) = (path.canonicalize().ok()?, self.folder.canonicalize().ok()?);
            path.strip_prefix(folder).ok().map(Path::to_owned)
        };
        let name = below().unwrap_or_else(|| path.to_owned());
        let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).filter(|part| part != "/").collect();
        parts.join("/")
    }
}

/// Answers in the format wanted.
struct Teller<'t> {
    site: &'t Site,
    explainer: &'t Explainer<'t>,
    page: &'t str,
    date: &'t str,
    format: Format,
}

impl Teller<'_> {
    fn url(&self, url: &str, full: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        self.tell(&self.explainer.url(url), self.page, full, &mut out);
        out
    }

    fn tell(&self, explanation: &Explanation<'_>, page: &str, full: bool, out: &mut Vec<u8>) {
        match self.format {
            Format::Json => explanation.json(out),
            Format::Text => {
                let view = View { config: &self.site.config, configured: self.site.configured, page, full };
                out.extend_from_slice(text(explanation, view).as_bytes());
            }
        }
    }

    /// Answers each line of `input` as soon as it is there, in order.
    fn stream(&self, input: impl io::Read, out: &mut impl Write) -> anyhow::Result<()> {
        let mut input = BufReader::with_capacity(BUFFER, input);
        let mut lines = Vec::new();
        let mut first = true;
        loop {
            lines.clear();
            // what has been read already, and then to the end of a line
            let ready = input.fill_buf().context(READING)?;
            let ready = ready.len();
            let whole = input.buffer().get(..ready).and_then(|bytes| memrchr(b'\n', bytes));
            match whole {
                Some(end) => {
                    lines.extend_from_slice(&input.buffer()[..=end]);
                    input.consume(end + 1);
                }
                None if ready == 0 => return Ok(()),
                None => {
                    input.read_until(b'\n', &mut lines).context(READING)?;
                }
            }
            let text = lines.strip_suffix(b"\n").unwrap_or(&lines);
            let urls: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
            let answers: Vec<Vec<u8>> = urls.par_chunks(CHUNK).map(|urls| self.urls(urls)).collect();
            for answer in answers {
                let skipped = usize::from(first && self.format == Format::Text);
                out.write_all(answer.get(skipped..).unwrap_or_default()).context(WRITING)?;
                first = false;
            }
            out.flush().context(WRITING)?;
        }
    }

    fn urls(&self, urls: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::with_capacity(urls.len() * 512);
        for url in urls {
            if self.format == Format::Text {
                out.push(b'\n');
            }
            let line = String::from_utf8_lossy(url);
            match (self.format, asked(&line)) {
                (Format::Json, Some(Ok(Asked { url, path: None }))) => {
                    self.tell(&self.explainer.url(&url), self.page, false, &mut out);
                }
                (Format::Json, Some(Ok(Asked { url, path: Some(page) }))) => {
                    let explainer = Explainer::new(&self.site.config, &page, self.date);
                    self.tell(&explainer.url(&url), &page, false, &mut out);
                }
                (Format::Json, Some(Err(error))) => {
                    let object = serde_json::json!({ "url": line, "error": format!("this is no request: {error}") });
                    out.extend_from_slice(format!("{object}\n").as_bytes());
                }
                (Format::Text, _) | (Format::Json, None) => {
                    self.tell(&self.explainer.url(&line), self.page, false, &mut out);
                }
            }
        }
        out
    }

    /// Answers about every link and every mention of a line, and what else a build puts there.
    fn line(&self, path: &Path, page: &str, number: usize, date: &str) -> anyhow::Result<Vec<u8>> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", printable_path(path)))?;
        let config = &self.site.config;
        let Some(format) = config.format(page) else {
            bail!("`{}` is no page: neither Markdown nor HTML by its ending", printable(page));
        };
        if !config.files.is_included(page) {
            Session::tell(&format!("note: a build leaves {} out, by `files`\n", printable(page)));
        }
        let view = match line(&bytes, format, page, setup(config, self.site.generator, date), number) {
            Ok(view) => view,
            Err(outcome) => bail!("{}", not_read(page, &outcome)),
        };
        if number == 0 || number > view.lines {
            bail!("`{}` has {} lines", printable(page), view.lines);
        }
        let mut out = Vec::new();
        let mut rest = String::new();
        for explanation in &view.links {
            match self.format {
                // the objects are of URLs
                Format::Json if !explanation.is_of_link() => {
                    let view = View { config, configured: self.site.configured, page, full: true };
                    rest.push_str(&text(explanation, view));
                }
                Format::Json => self.tell(explanation, page, true, &mut out),
                Format::Text => {
                    if !out.is_empty() {
                        out.push(b'\n');
                    }
                    self.tell(explanation, page, true, &mut out);
                }
            }
        }
        rest.push_str(&beside(&view, page, number));
        match self.format {
            Format::Text => out.extend_from_slice(rest.as_bytes()),
            Format::Json => Session::tell(&rest),
        }
        Ok(out)
    }
}

/// A URL with the page it stands on.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    url: String,
    path: Option<String>,
}

/// What is asked on a line that is no URL but an object. Template syntax begins with a brace, too.
fn asked(line: &str) -> Option<serde_json::Result<Asked>> {
    let inside = line.trim_ascii().strip_prefix('{')?.trim_ascii_start();
    (inside.is_empty() || inside.starts_with(['"', '}'])).then(|| serde_json::from_str(line))
}

const READING: &str = "cannot read standard input";
/// How many URLs one thread answers at a time.
const CHUNK: usize = 256;

fn memrchr(wanted: u8, bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|&byte| byte == wanted)
}

fn not_read(page: &str, outcome: &Outcome) -> String {
    let page = printable(page);
    match outcome {
        Outcome::Skipped(skip) => format!("{page}: a build skips it: {skip}"),
        Outcome::Template => {
            format!("{page}: a build leaves it alone: HTML with template syntax, which pages are made from")
        }
        Outcome::Redirect => format!("{page}: a build leaves it alone: it only leads elsewhere"),
        Outcome::Refused(reason) => format!("{page}: a build refuses it: {}", printable(reason)),
        Outcome::Same(_) | Outcome::Edited { .. } => format!("{page}: nothing is known of it"),
    }
}
