//! `affilink init`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use affilink::config::{Config, schema_json};
use affilink::fsio::{Disk, create_file, site_text};
use affilink::generator::{self, Generator};
use affilink::init::site::Site;
use affilink::init::{Proposal, add, propose};
use affilink::pipeline::init::{Look, look};
use affilink::printable::printable_path;
use affilink::yaml;
use anyhow::{Context as _, bail};

use crate::cli::args::Init;
use crate::cli::build::{self, Progress};
use crate::cli::common::{CONFIG_NAME, ExitStatus, Session};

/// The file that editors check the configuration by.
const SCHEMA_NAME: &str = "affiliates.schema.json";

pub(crate) fn run(session: &Session<'_>, args: &Init) -> anyhow::Result<ExitStatus> {
    if let Some(domain) = &args.add {
        return one_more(session, domain);
    }
    let folder = &args.folder;
    let path = target(session, folder)?;
    if !args.print && path.symlink_metadata().is_ok() {
        bail!(
            "`{}` is there already and stays as it is; `affilink init --print` shows what would be written, \
             `affilink init --add DOMAIN` a block for one more merchant",
            printable_path(&path)
        );
    }
    session.catch_signals()?;
    let site = survey(session, folder)?;
    if let Some(signal) = session.interrupt.pending() {
        return Ok(ExitStatus::Stopped(signal));
    }
    if site.pages == 0 {
        tell(session, &site, args.print);
        let left_out = if site.names.is_empty() { "" } else { ", only parts of pages" };
        bail!("no pages found in `{}`{left_out}: name the folder of a site", printable_path(folder));
    }
    let read_file = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|error| error.to_string());
    let proposal = propose(&site, &read_file)
        .map_err(|error| anyhow::anyhow!("the file would not be read again; please report this:\n{error}"))?;
    if args.print {
        Session::print(&proposal.text)?;
    } else {
        write(session, folder, &path, &proposal)?;
    }
    tell(session, &site, args.print);
    tell_above(session, folder, &site);
    tell_below(session, folder, &site);
    Ok(if session.common.strict && !site.problems.is_empty() { ExitStatus::Failed } else { ExitStatus::Done })
}

/// The file to write: in the folder, whatever it is called.
fn target(session: &Session<'_>, folder: &Path) -> anyhow::Result<PathBuf> {
    let meta = std::fs::metadata(folder).with_context(|| format!("`{}` cannot be read", printable_path(folder)))?;
    if !meta.is_dir() {
        bail!("`{}` is a file; name the folder of the site", printable_path(folder));
    }
    let Some(named) = session.common.config.as_ref().filter(|path| !path.as_os_str().is_empty()) else {
        return Ok(if folder == Path::new(".") { PathBuf::from(CONFIG_NAME) } else { folder.join(CONFIG_NAME) });
    };
    let beside = named.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = beside.canonicalize().is_ok_and(|beside| folder.canonicalize().is_ok_and(|folder| folder == beside));
    if !same {
        bail!(
            "`{}` does not lie in `{}`: paths in a configuration are those below its own folder",
            printable_path(named),
            printable_path(folder)
        );
    }
    Ok(named.clone())
}

fn survey(session: &Session<'_>, folder: &Path) -> anyhow::Result<Site> {
    let config = Config::without_file(session.date, affilink::lint::SPECS);
    let output_folders = build::Site::of(folder).output_folders;
    // a folder that was named is read, whoever wrote it
    let real = folder.canonicalize()?;
    let skip_dirs: Vec<_> = output_folders.into_iter().filter(|output| !real.starts_with(output)).collect();
    let progress = Progress::new(session);
    let site = look(Look {
        folder,
        config: &config,
        wanted: &|page| session.wants(page),
        skip_dirs: &skip_dirs,
        stop: &|| session.interrupt.pending().is_some(),
        progress: &|| progress.step(),
    })?;
    progress.end();
    Ok(site)
}

fn write(session: &Session<'_>, folder: &Path, path: &Path, proposal: &Proposal) -> anyhow::Result<()> {
    let shown = printable_path(path);
    if !create_file(path, proposal.text.as_bytes(), &Disk::real())? {
        bail!("`{shown}` is there already and stays as it is");
    }
    let schema = schema_json(affilink::lint::SPECS);
    let schema_path = path.with_file_name(SCHEMA_NAME);
    let created = create_file(&schema_path, schema.as_bytes(), &Disk::real())?;
    let same = created || std::fs::read(&schema_path).is_ok_and(|there| there == schema.as_bytes());
    if session.common.quiet {
        return Ok(());
    }
    let editors = if created { format!(" and, for editors, {SCHEMA_NAME}") } else { String::new() };
    let mut lines = vec![format!("wrote {shown}{editors}")];
    lines.extend(proposal.summary.iter().map(|line| format!("  {line}")));
    if !same {
        let stale = printable_path(&schema_path);
        lines.push(format!("{stale} is there already and is another version's; `affilink schema` prints this one's"));
    }
    let here = folder == Path::new(".") && session.common.config.is_none();
    let flag = if here { String::new() } else { format!(" --config {}", quoted(path)) };
    let source = if here { ".".to_owned() } else { quoted(folder) };
    lines.push(String::new());
    lines.push("Look it over, then:".to_owned());
    lines.push(format!("  affilink check{flag}"));
    lines.push(format!("  affilink build {source} --diff{flag}"));
    Session::print(&(lines.join("\n") + "\n"))
}

/// Says what was not looked at, and what else there is to know.
fn tell(session: &Session<'_>, site: &Site, print: bool) {
    if session.common.quiet {
        return;
    }
    for problem in &site.problems {
        Session::tell(&format!("not read: {problem}\n"));
    }
    let counts = [(site.skipped, "skipped"), (site.problems.len(), "not read")];
    let counts: Vec<_> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}")).collect();
    let counts = counts.concat();
    let census = format!("{} page{}{counts}", site.pages, if site.pages == 1 { "" } else { "s" });
    if !print || !site.problems.is_empty() {
        Session::tell(&format!("{census}\n"));
    }
}

/// Says what stands above the folder and has to do with it.
fn tell_above(session: &Session<'_>, folder: &Path, site: &Site) {
    let Ok(real) = folder.canonicalize() else { return };
    if session.common.quiet || real.join(".git").exists() {
        return;
    }
    for above in real.ancestors().skip(1).take(ABOVE) {
        let shown = printable_path(above);
        if above.join(CONFIG_NAME).is_file() {
            Session::tell(&format!(
                "note: there is an {CONFIG_NAME} in {shown}; commands in this folder read this one\n"
            ));
            return;
        }
        let text_of = |name: &str| site_text(above, name);
        let mark = generator::marks(&text_of).into_iter().next().filter(|_| site.marks.is_empty());
        if let Some(mark) = mark.filter(|mark| !is_output(mark.generator, above, &real)) {
            Session::tell(&format!(
                "note: {} of this {} site is in {shown}; `affilink init` there also looks at its theme and redirects\n",
                mark.file,
                mark.generator.name()
            ));
            return;
        }
        if above.join(".git").exists() {
            return;
        }
    }
}

/// Says in which folders below a generator's configuration stands, where the folder itself has none.
fn tell_below(session: &Session<'_>, folder: &Path, site: &Site) {
    if session.common.quiet || !site.marks.is_empty() {
        return;
    }
    let above = |name: &str| {
        let parts: Vec<&str> = name.split('/').collect();
        let deepest = (parts.len() - 1).min(BELOW);
        (1..=deepest).map(|depth| parts[..depth].join("/")).collect::<Vec<_>>()
    };
    let folders: BTreeSet<(usize, String)> =
        site.names.iter().flat_map(|name| above(name)).map(|path| (path.matches('/').count(), path)).collect();
    let marks = folders.iter().take(MOST_FOLDERS).filter_map(|(_, path)| {
        let place = folder.join(path);
        let mark = generator::marks(&|name| site_text(&place, name)).into_iter().next()?;
        Some((place, mark))
    });
    let mut told: Vec<PathBuf> = Vec::new();
    for (place, mark) in marks {
        // a site may hold another as an example
        if told.iter().any(|known| place.starts_with(known)) {
            continue;
        }
        if told.len() == MOST_SITES {
            Session::tell("note: there are more sites in other folders\n");
            return;
        }
        Session::tell(&format!(
            "note: {} of a {} site is in {}; `affilink init {}` writes a file that fits it\n",
            mark.file,
            mark.generator.name(),
            printable_path(&place),
            quoted(&place)
        ));
        told.push(place);
    }
}

/// How far below the folder sites of their own are looked for, in how many folders, and how many are told of.
const BELOW: usize = 2;
const MOST_FOLDERS: usize = 500;
const MOST_SITES: usize = 3;

/// How far above the folder a site's own files are looked for.
const ABOVE: usize = 3;

/// Whether `folder` is what `generator` writes for the site in `root`.
fn is_output(generator: Generator, root: &Path, folder: &Path) -> bool {
    generator::output_folders(generator).iter().any(|output| folder.starts_with(root.join(output)))
}

/// A block for one more merchant, with the ids that the configuration has already.
fn one_more(session: &Session<'_>, domain: &str) -> anyhow::Result<ExitStatus> {
    let text = session.config_path().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let tree = yaml::parse(&text).ok().flatten();
    let ids = |network: &str, id: &str| {
        let programs = tree.as_ref()?.get("programs")?.pairs().iter().map(|(_, program)| program);
        let mut of_network =
            programs.filter(|program| program.get("network").and_then(yaml::Node::scalar) == Some(network));
        // the merchant's own ids are another merchant's
        let publisher = affilink::networks::find(network)?.publisher == Some(id);
        of_network.find_map(|program| {
            let value = program.get(id).filter(|_| publisher)?;
            value.scalar().or_else(|| value.items().first().and_then(yaml::Node::scalar)).map(str::to_owned)
        })
    };
    Session::print(&add(domain, &ids)?)?;
    if !session.common.quiet {
        Session::tell("put it below `programs:`; `affilink networks NAME` says more of a network\n");
    }
    Ok(ExitStatus::Done)
}

/// `path` as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = printable_path(path);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+' | '@' | ':');
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        text
    } else {
        let front = if text.starts_with('-') { "./" } else { "" };
        format!("'{front}{}'", text.replace('\'', "'\\''"))
    }
}
