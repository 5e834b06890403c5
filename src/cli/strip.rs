//! `affilink strip`.

use std::collections::BTreeSet;

use affilink::manifest::Manifest;
use affilink::pipeline::build::{facts, setup};
use affilink::pipeline::strip;
use affilink::pipeline::tree::{Job, Mode};
use affilink::printable::{printable, printable_path};
use affilink::report::run::TreeReport;
use affilink::report::summary::Manner;
use anyhow::{Context as _, bail};

use crate::cli::args::Strip;
use crate::cli::build;
use crate::cli::common::{ExitStatus, Session, read_manifest};

pub(crate) fn run(session: &Session<'_>, args: &Strip) -> anyhow::Result<ExitStatus> {
    let Some(mode) = build::mode(&args.target) else {
        bail!("say where results go: --out DIR or --in-place");
    };
    let site = build::Site::of(&args.source);
    let mut config = session.config()?;
    config.set_generator(facts(site.generator));
    let date = session.date.to_string();
    session.catch_signals()?;
    let progress = build::Progress::new(session);
    let program = match &args.program {
        None => None,
        Some(name) => Some(program_index(&config, name)?),
    };
    let job = Job {
        source: &args.source,
        prefix: "",
        mode: &mode,
        config: &config,
        wanted: &|page| session.wants(page),
        skip_dirs: &site.output_folders,
        prefilter: None,
        link_filter: None,
        sums: false,
        stop: &|| session.interrupt.pending().is_some(),
        progress: &|| progress.step(),
    };
    let mut missing = Vec::new();
    let report = match &args.manifest {
        Some(path) => {
            let manifest = read_manifest(path)?;
            let report = strip::restore_tree(job, &manifest, args.program.as_deref())?;
            missing = absent(&manifest, &report, |page| session.wants(page));
            if !missing.is_empty() && missing.len() == manifest.pages.len() {
                bail!(
                    "none of the {} pages of `{}` is in `{}`: name the folder that was built",
                    missing.len(),
                    printable_path(path),
                    printable_path(&args.source)
                );
            }
            report
        }
        None => strip::strip(job, setup(&config, site.generator, &date), program)?,
    };
    progress.end();
    let manner = Manner {
        wrote: mode != (Mode::Preview { diff: false }),
        strip: true,
        lacks_attributes: false,
        subids_tell_pages: false,
    };
    build::show(session, &report, manner, false)?;
    for page in &missing {
        Session::tell(&format!("warning: {}: in the manifest, but not here\n", printable(page)));
    }
    Ok(build::status(session, &config, &report, false))
}

/// The pages of `manifest` that are wanted and that the tree does not have.
fn absent(manifest: &Manifest, report: &TreeReport, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let there: BTreeSet<&str> = report.pages.iter().map(|page| page.name.as_str()).collect();
    let pages = manifest.pages.iter().map(|entry| entry.page.as_str());
    pages.filter(|page| wanted(page) && !there.contains(page)).map(str::to_owned).collect()
}

fn program_index(config: &affilink::config::Config, name: &str) -> anyhow::Result<usize> {
    let programs = config.map.programs();
    programs.iter().position(|program| program.name == name).with_context(|| {
        let names: Vec<_> = programs.iter().map(|program| program.name.as_str()).collect();
        format!("`--program {name}`: no such program, there are {}", names.join(", "))
    })
}
