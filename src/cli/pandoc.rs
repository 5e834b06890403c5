//! `affilink pandoc`. Decides which exit code a document has.

use std::io::Read as _;
use std::path::Path;

use affilink::adapters::host::told;
use affilink::adapters::pandoc::Filtered;
use affilink::generator::Generator;
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::page::Outcome;
use affilink::printable::printable;
use anyhow::{Context as _, bail};

use crate::cli::args::Pandoc;
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(session: &Session<'_>, args: &Pandoc) -> anyhow::Result<ExitStatus> {
    let mut input = String::new();
    std::io::stdin().lock().read_to_string(&mut input).context("cannot read standard input")?;
    let document = Filtered::read(&input)?;
    if let Some(warning) = document.version_warning() {
        Session::tell(&format!("warning: {}\n", printable(&warning)));
    }
    let generator = Some(Generator::Pandoc);
    let mut config = session.config_of_host(Path::new("."), None)?;
    config.set_generator(facts(generator));
    if !session.takes(&config, &args.path) {
        Session::print(&input)?;
        return Ok(ExitStatus::Done);
    }
    let date = session.date.to_string();
    let reason = match document.rewrite(setup(&config, generator, &date), &args.path, args.format.as_deref()) {
        Ok(document) => {
            let messages: Vec<_> = document.messages.into_iter().map(|message| message.of(&args.path)).collect();
            Session::tell(&told(&[], &messages, session.common.quiet));
            Session::print(&document.json)?;
            return Ok(ExitStatus::Done);
        }
        Err(Outcome::Refused(reason)) => reason,
        Err(Outcome::Skipped(skip)) => format!("not read: {skip}"),
        Err(_) => "nothing is known of it".to_owned(),
    };
    if config.files.fail_on_refused {
        bail!("{}: {}", printable(&args.path), printable(&reason));
    }
    Session::tell(&format!("warning: {}: left as it was: {}\n", printable(&args.path), printable(&reason)));
    Session::print(&input)?;
    Ok(ExitStatus::Done)
}
