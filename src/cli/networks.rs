//! `affilink networks`.

use affilink::config::nearest;
use affilink::networks::{self, Network};
use affilink::printable::printable;
use affilink::report::networks::{details, json_line, table};

use crate::cli::args::{Format, Networks};
use crate::cli::common::{ExitStatus, Session};

pub(crate) fn run(args: &Networks) -> anyhow::Result<ExitStatus> {
    let text = match (&args.name, args.format) {
        (Some(name), format) => show(find(name)?, format),
        (None, Format::Text) => table(networks::all()),
        (None, Format::Json) => networks::all().iter().map(json_line).collect(),
    };
    Session::print(&text).map(|()| ExitStatus::Done)
}

/// Everything that is known of `network`.
pub(crate) fn show(network: &'static Network, format: Format) -> String {
    match format {
        Format::Text => details(network),
        Format::Json => json_line(network),
    }
}

fn find(name: &str) -> anyhow::Result<&'static Network> {
    networks::find(&name.to_lowercase()).ok_or_else(|| {
        let near = suggestion(name).map_or_else(
            || "`affilink networks` lists those there are".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        anyhow::anyhow!("no network `{}`; {near}", printable(name))
    })
}

/// The id of the network that `name` is a misspelling or the full name of.
pub(crate) fn suggestion(name: &str) -> Option<&'static str> {
    let word = name.to_lowercase();
    let begins = |network: &&Network| !word.is_empty() && network.name.to_lowercase().starts_with(&word);
    let by_name = || networks::all().iter().find(begins).map(|network| network.id);
    nearest(name, networks::all().iter().map(|network| network.id)).or_else(by_name)
}
