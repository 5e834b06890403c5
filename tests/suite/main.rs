//! The integration tests: the binary and the library as users have them. One binary, so that it links once.
//!
//! - `rewrite`: `fixtures/rewrite/CASE`, whole folders in and out, in every line ending.
//! - `identity`: pages that must come out as they went in; an independent parser as judge.
//! - `adapters`: what plugins and hosts call: requests, chapters, documents.
//! - `audit`: figures, what they are counted from, every format; `fixtures/report/audit.*` for a small site.
//! - `check`: the linter's exit codes, suppressions, baseline, fixes, formats; its rules have `fixtures/lint`.
//! - `cli`: what can be typed, exit codes, output.
//! - `init`: `fixtures/init/CASE`, a small site of each generator and the file that is written for it.
//! - `mentions`: names of products that become links, on any page and under any limits.
//! - `files`: trees, links, modes, faults, signals.
//! - `docs`: README, help, schema and layout in step with the code.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod adapters;
mod audit;
mod check;
mod cli;
mod docs;
mod explain;
mod files;
mod identity;
mod init;
mod mentions;
mod rewrite;
mod support;
