//! `affilink filter`.

use std::io::Read as _;
use std::path::Path;

use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::printable::printable;
use anyhow::{Context as _, bail};

use crate::cli::args::Filter;
use crate::cli::build;
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(session: &Session<'_>, args: &Filter) -> anyhow::Result<ExitStatus> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input).context("cannot read standard input")?;
    // whatever happens, the page comes out: a build step that pipes through must not lose it
    let outcome = one(session, args, &input);
    let (bytes, result) = match &outcome {
        Ok((Outcome::Edited { bytes, .. }, fails)) => (bytes.as_slice(), Ok(*fails)),
        Ok((Outcome::Refused(reason), fails)) => {
            Session::tell(&format!("error: {}: refused, left as it was: {reason}\n", printable(&args.path)));
            (input.as_slice(), Ok(*fails))
        }
        Ok((Outcome::Skipped(skip), fails)) => {
            Session::tell(&format!("skipped: {}: {skip}\n", printable(&args.path)));
            (input.as_slice(), Ok(*fails))
        }
        Ok((_, fails)) => (input.as_slice(), Ok(*fails)),
        Err(error) => (input.as_slice(), Err(error)),
    };
    Session::print_bytes(bytes)?;
    match result {
        Ok(true) => Ok(ExitStatus::Failed),
        Ok(false) => Ok(ExitStatus::Done),
        Err(_) => outcome.map(|_| ExitStatus::Failed),
    }
}

/// What becomes of the page, and whether that is a failure: a page named on the command line must be readable.
fn one(session: &Session<'_>, args: &Filter, input: &[u8]) -> anyhow::Result<(Outcome, bool)> {
    let generator = build::Site::of(Path::new(".")).generator;
    let mut config = session.config()?;
    config.set_generator(facts(generator));
    let Some(format) = config.format(&args.path) else {
        bail!(
            "`--path {}`: no page's name; it says by its ending whether the page is Markdown or HTML",
            printable(&args.path)
        );
    };
    if config.files.exclude.is_match(&args.path) {
        return Ok((Outcome::Same(Vec::new()), false));
    }
    let date = session.date.to_string();
    let outcome = rewrite(input, format, &args.path, setup(&config, generator, &date));
    let fails = match &outcome {
        Outcome::Refused(_) => config.files.fail_on_refused,
        Outcome::Skipped(_) => true,
        _ => false,
    };
    Ok((outcome, fails))
}
