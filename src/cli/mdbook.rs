//! `affilink mdbook`. Decides where the configuration is looked for, and which exit code a book has.

use std::io::Read as _;

use affilink::adapters::host::{Host, told};
use affilink::adapters::mdbook::{Call, supports};
use affilink::disclosure;
use affilink::pipeline::build::facts;
use affilink::printable::printable;
use anyhow::{Context as _, bail};

use crate::cli::args::{Mdbook, MdbookCommand};
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(session: &Session<'_>, args: &Mdbook) -> anyhow::Result<ExitStatus> {
    if let Some(MdbookCommand::Supports { renderer }) = &args.command {
        return Ok(if supports(renderer) { ExitStatus::Done } else { ExitStatus::Findings });
    }
    let mut input = String::new();
    std::io::stdin().lock().read_to_string(&mut input).context("cannot read standard input")?;
    let call = Call::read(&input)?;
    for warning in call.version_warning().into_iter().chain(call.include_warning()) {
        Session::tell(&format!("warning: {}\n", printable(&warning)));
    }
    let options = call.options()?;
    let root = call.root();
    let generator = call.generator();
    let mut config = session.config_of_host(&root, options.config)?;
    config.set_generator(facts(generator));
    let date = session.date.to_string();
    let prefilter = config.prefilter(&disclosure::marks(&config.disclosures()));
    let checking = session.checking(&config, generator, &date);
    let host = Host { checking, prefilter: &prefilter, findings: options.findings, fail_on: options.fail_on };
    let wanted = |page: &str| session.takes(&config, page);
    let book = call.run(host, &wanted, &|path| std::fs::read_to_string(root.join(path)).ok())?;
    Session::tell(&told(&book.findings, &book.messages, session.common.quiet));
    if book.failed {
        bail!(
            "the book is not built: a chapter was refused; mend it, exclude it, or write `files: {{on_refused: warn}}`"
        );
    }
    if book.fail {
        Session::tell("error: the book is not built: see `fail-on` under [preprocessor.affilink] in book.toml\n");
        return Ok(ExitStatus::Findings);
    }
    Session::print(&book.json)?;
    Ok(ExitStatus::Done)
}
