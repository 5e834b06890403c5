//! `affilink resolve`.

use std::fmt::Write as _;
use std::io::BufRead as _;

use affilink::manifest::resolve;
use affilink::printable::printable;
use anyhow::Context as _;

use crate::cli::args::Resolve;
use crate::cli::common::{ExitStatus, Session, read_manifest};

pub(crate) fn run(args: &Resolve) -> anyhow::Result<ExitStatus> {
    let mut manifests = Vec::with_capacity(args.manifest.len());
    for path in &args.manifest {
        manifests.push(read_manifest(path)?);
    }
    let mut out = String::new();
    let mut missing = false;
    for subid in subids(args)? {
        let found = resolve(&subid, &manifests);
        missing |= found.is_empty();
        if found.is_empty() {
            let _ = writeln!(out, "{}\tunknown", printable(&subid));
        }
        for decision in found {
            let before = decision
                .before
                .as_ref()
                .map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes.0).into_owned());
            let _ = writeln!(
                out,
                "{}\t{}:{}:{}\t{}\t{}",
                printable(&subid),
                printable(&decision.page),
                decision.line,
                decision.column,
                printable(decision.program.as_deref().unwrap_or("-")),
                printable(decision.product.as_deref().unwrap_or(&before)),
            );
        }
    }
    Session::print(&out)?;
    Ok(if missing { ExitStatus::Findings } else { ExitStatus::Done })
}

fn subids(args: &Resolve) -> anyhow::Result<Vec<String>> {
    let mut subids = Vec::new();
    for subid in &args.subids {
        if subid == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.context("cannot read standard input")?;
                subids.extend(Some(line.trim().to_owned()).filter(|line| !line.is_empty()));
            }
        } else {
            subids.push(subid.clone());
        }
    }
    Ok(subids)
}
