//! The command line: the binary's own modules, so that the library cannot import them.

pub(crate) mod args;
mod audit;
mod build;
mod changed;
mod check;
mod common;
mod explain;
mod filter;
mod init;
mod listed;
mod mdbook;
mod networks;
mod pandoc;
mod repository;
mod resolve;
mod rules;
mod strip;
mod target;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::cli::args::{Cli, Command};
use crate::cli::common::{ExitStatus, Session};

/// Runs what was typed.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse_from(typed());
    let session = match Session::start(&cli.common) {
        Ok(session) => session,
        Err(error) => {
            if matches!(&cli.command, Command::Filter(args) if args.path.is_some()) {
                filter::pass_through();
            }
            return finish(Err(error));
        }
    };
    finish(command(&session, &cli.command))
}

/// What was typed. A program that is called as hosts call their filters is the command for that host.
fn typed() -> Vec<OsString> {
    let mut typed: Vec<_> = std::env::args_os().collect();
    let name = typed.first().and_then(|name| Path::new(name).file_stem());
    let host = match name.and_then(|name| name.to_str()) {
        Some("pandoc-affilink") => "pandoc",
        Some("mdbook-affilink") => "mdbook",
        _ => return typed,
    };
    typed.insert(1, host.into());
    typed
}

fn command(session: &Session<'_>, command: &Command) -> anyhow::Result<ExitStatus> {
    match command {
        Command::Init(args) => init::run(session, args),
        Command::Build(args) => build::run(session, args),
        Command::Check(args) => check::run(session, args),
        Command::Audit(args) => audit::run(session, args),
        Command::Rules(args) => rules::run(args),
        Command::Strip(args) => strip::run(session, args),
        Command::Resolve(args) => resolve::run(args),
        Command::Filter(args) => filter::run(session, args),
        Command::Mdbook(args) => mdbook::run(session, args),
        Command::Pandoc(args) => pandoc::run(session, args),
        Command::Explain(args) => explain::run(session, args),
        Command::Networks(args) => networks::run(args),
        Command::Schema => {
            Session::print(&affilink::config::schema_json(affilink::lint::SPECS)).map(|()| ExitStatus::Done)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "affilink", &mut script);
            Session::print_bytes(&script).map(|()| ExitStatus::Done)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            Session::print_bytes(&page).map(|()| ExitStatus::Done)
        }
    }
}

/// Says what went wrong and gives the exit code.
fn finish(status: anyhow::Result<ExitStatus>) -> ExitCode {
    match status {
        Ok(status) => status.into(),
        Err(error) if common::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // a closed stderr leaves nobody to tell
            let text = common::sentence(&error);
            // problems of a configuration are a text of their own
            let lead = if text.starts_with("error") { "" } else { "error: " };
            let _ = writeln!(std::io::stderr(), "{lead}{}", text.trim_end());
            ExitStatus::Failed.into()
        }
    }
}
