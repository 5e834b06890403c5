//! `affilink filter --serve`: requests from stdin, answers to stdout. Decides how much is read ahead; what is said is
//! [`affilink::adapters::filter`]'s.

use std::io::{self, BufRead, BufWriter, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use affilink::adapters::filter::{Answer, Server};
use affilink::adapters::host::Host;
use affilink::disclosure;
use affilink::pipeline::build::facts;
use anyhow::Context as _;
use rayon::prelude::*;

use crate::cli::args::{Filter, HostFailOn};
use crate::cli::build;
use crate::cli::common::{ExitStatus, Session};

pub(super) fn run(session: &Session<'_>, args: &Filter) -> anyhow::Result<ExitStatus> {
    let generator = build::Site::of(Path::new(".")).generator;
    let mut config = session.config()?;
    config.set_generator(facts(generator));
    let date = session.date.to_string();
    let prefilter = config.prefilter(&disclosure::marks(&config.disclosures()));
    let checking = session.checking(&config, generator, &date);
    let fail_on = args.fail_on.and_then(HostFailOn::level);
    let server = Server {
        host: Host { checking, prefilter: &prefilter, findings: args.findings, fail_on },
        wanted: &|page| session.takes(&config, page),
        read: &|path| std::fs::read_to_string(path).ok(),
    };
    // in JSON a byte of a page can take six
    let limit = usize::try_from(config.files.max_size.saturating_mul(6)).unwrap_or(usize::MAX).saturating_add(1 << 16);
    let status = answer_all(&server, &lines(io::BufReader::with_capacity(1 << 18, io::stdin()), limit), limit)?;
    Ok(session.interrupt.pending().map_or(status, ExitStatus::Stopped))
}

/// A line of the input.
enum Line {
    Text(Vec<u8>),
    /// Longer than the limit; it was passed over.
    TooLong,
    Unreadable(io::Error),
}

/// Answers every line, in order, each as soon as those before it are answered.
fn answer_all(server: &Server<'_>, lines: &Receiver<Line>, limit: usize) -> anyhow::Result<ExitStatus> {
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let mut status = ExitStatus::Done;
    while let Ok(first) = lines.recv() {
        let ahead = rayon::current_num_threads();
        let batch: Vec<Line> = std::iter::once(first).chain(lines.try_iter().take(ahead - 1)).collect();
        let answers: Vec<_> = batch.into_par_iter().map(|line| answer(server, line, limit)).collect();
        for answer in answers {
            let Some(answer) = answer? else { continue };
            out.write_all(&answer.line).context(WRITING)?;
            if answer.failed {
                status = ExitStatus::Failed;
            } else if answer.fail && status == ExitStatus::Done {
                status = ExitStatus::Findings;
            }
        }
        out.flush().context(WRITING)?;
    }
    Ok(status)
}

const WRITING: &str = "cannot write to standard output";

fn answer(server: &Server<'_>, line: Line, limit: usize) -> anyhow::Result<Option<Answer>> {
    match line {
        Line::Text(text) => Ok(server.answer(&text)),
        Line::TooLong => Ok(Some(Server::too_long(limit))),
        Line::Unreadable(error) => Err(error).context("cannot read standard input"),
    }
}

/// The lines of `input`, read by a thread of their own that is never far ahead.
fn lines(mut input: impl BufRead + Send + 'static, limit: usize) -> Receiver<Line> {
    let (send, receive) = sync_channel(rayon::current_num_threads() * 2);
    thread::spawn(move || {
        loop {
            let line = match next_line(&mut input, limit) {
                Ok(Some(line)) => line,
                Ok(None) => return,
                Err(error) => Line::Unreadable(error),
            };
            let last = matches!(line, Line::Unreadable(_));
            // whoever answered has gone where this fails
            if send.send(line).is_err() || last {
                return;
            }
        }
    });
    receive
}

/// The next line without its line feed; `None` at the end. No more than `limit` bytes of it are held.
fn next_line(input: &mut impl BufRead, limit: usize) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let (mut any, mut too_long) = (false, false);
    loop {
        let ready = match input.fill_buf() {
            Ok(ready) => ready,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if ready.is_empty() {
            break;
        }
        any = true;
        let end = memchr::memchr(b'\n', ready);
        let part = &ready[..end.unwrap_or(ready.len())];
        too_long |= line.len() + part.len() > limit;
        if too_long {
            line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let read = part.len() + usize::from(end.is_some());
        input.consume(read);
        if end.is_some() {
            break;
        }
    }
    Ok(any.then_some(if too_long { Line::TooLong } else { Line::Text(line) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded() {
        let mut input: &[u8] = b"12345\n123456\n\n12";
        let mut seen = Vec::new();
        while let Some(line) = next_line(&mut input, 5).expect("bytes in memory") {
            seen.push(match line {
                Line::Text(text) => Some(text),
                Line::TooLong | Line::Unreadable(_) => None,
            });
        }
        assert_eq!(seen, [Some(b"12345".to_vec()), None, Some(Vec::new()), Some(b"12".to_vec())]);
    }
}
