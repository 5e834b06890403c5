//! `affilink filter`.

mod serve;

use std::io::Read as _;
use std::path::Path;

use affilink::config::Config;
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::printable::{printable, printable_path};
use affilink::report::run::{Failure, NotRead, PageReport, TreeReport};
use affilink::report::summary::{Manner, decisions, summary};
use anyhow::{Context as _, bail};

use crate::cli::args::Filter;
use crate::cli::build;
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(session: &Session<'_>, args: &Filter) -> anyhow::Result<ExitStatus> {
    if args.config_files {
        return config_files(session);
    }
    match &args.path {
        Some(path) => page(session, path),
        None => serve::run(session, args),
    }
}

/// What a configuration that can be read is made of.
fn config_files(session: &Session<'_>) -> anyhow::Result<ExitStatus> {
    session.config()?;
    for path in session.read.get().into_iter().flatten() {
        let path = std::path::absolute(path).with_context(|| format!("`{}`", printable_path(path)))?;
        Session::print(&format!("{}\n", path.display()))?;
    }
    Ok(ExitStatus::Done)
}

/// One page from stdin to stdout.
fn page(session: &Session<'_>, path: &str) -> anyhow::Result<ExitStatus> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input).context("cannot read standard input")?;
    // whatever happens, the page comes out: a build step that pipes through must not lose it
    let (config, outcome) = match one(session, path, &input) {
        Ok(done) => done,
        Err(error) => {
            Session::print_bytes(&input)?;
            return Err(error);
        }
    };
    let mut page = PageReport { name: path.to_owned(), named: true, ..PageReport::default() };
    let mut output = input;
    match outcome {
        Outcome::Edited { bytes, records } => (output, page.records, page.edited) = (bytes, records, true),
        Outcome::Same(records) => page.records = records,
        Outcome::Skipped(skip) => page.not_read = Some(NotRead::Skipped(skip)),
        Outcome::Template => page.not_read = Some(NotRead::Template),
        Outcome::Redirect => page.not_read = Some(NotRead::Redirect),
        Outcome::Refused(reason) => page.failure = Some(Failure::Refused(reason)),
    }
    Session::print_bytes(&output)?;
    let report = TreeReport { pages: vec![page], ..TreeReport::default() };
    if session.common.verbose {
        Session::tell(&decisions(&report));
    }
    let manner = Manner { wrote: true, ..Manner::default() };
    Session::tell(&summary(&report, manner, true));
    Ok(build::status(session, &config, &report, false))
}

/// The input as it is: what a filter prints when it cannot begin.
pub(crate) fn pass_through() {
    let mut input = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut input).is_ok() {
        // the error that led here is told in any case
        let _ = Session::print_bytes(&input);
    }
}

/// What becomes of the page.
fn one(session: &Session<'_>, path: &str, input: &[u8]) -> anyhow::Result<(Config, Outcome)> {
    let generator = build::Site::of(Path::new(".")).generator;
    let mut config = session.config()?;
    config.set_generator(facts(generator));
    let Some(format) = config.format(path) else {
        bail!(
            "`--path {}`: no page's name; it says by its ending whether the page is Markdown or HTML",
            printable(path)
        );
    };
    if config.files.exclude.is_match(path) {
        return Ok((config, Outcome::Same(Vec::new())));
    }
    let date = session.date.to_string();
    let outcome = rewrite(input, format, path, setup(&config, generator, &date));
    Ok((config, outcome))
}
