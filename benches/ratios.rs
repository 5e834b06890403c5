//! Speed as ratios to something run beside it: a site against `cp -r`, a page against one bare parse, links against a
//! parse of their URLs, the program's start against `true`.
//!
//! Ours and the yardstick take turns, so that a busy machine slows both. The ratio is that of the fastest rounds; behind it
//! stands how far the ratios of single rounds spread.
//!
//! A page with work is parsed twice, once to plan and once to prove, so 2.0 is the floor for all that is done to it. What is
//! above comes from the walk over the parser's events, which is paid twice as well, from looking links up and writing them,
//! and from the HTML reader, which sees the links that were written as `<a>` (`links.markdown: html`, the dearest style and
//! the one measured).
//!
//! `cargo bench` prints a table. `AFFILINK_BENCH_DIR` names the folder to work in (a tmpfs shows the program's own cost;
//! a disk hides it behind file creation); `AFFILINK_BENCH_PAGES` reads real pages from a folder instead of made ones.

// a benchmark prints its results and may stop at the first surprise
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::cast_precision_loss, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use affilink::config::lint::Judged;
use affilink::config::{Config, ConfigEnv};
use affilink::document::{self, ParseOptions};
use affilink::pipeline::audit::page_audit;
use affilink::pipeline::build::setup;
use affilink::pipeline::check::Checking;
use affilink::pipeline::page::{Outcome, rewrite};
use affilink::prefilter::Prefilter;
use affilink::program::{MapInput, ProgramMap, RedirectSpec};
use affilink::source::{Format, Source};

const PAGES: usize = 3_000;
const BYTES_PER_PAGE: usize = 6_700;
const CONFIG: &str = "\
version: 1
programs:
  amazon: {network: amazon, tag: bench-20}
  shop: {domains: [shop.example], set: {ref: bench}}
links: {markdown: html}
";

fn main() {
    // `cargo test --benches` asks whether a benchmark runs at all
    let quick = std::env::args().any(|arg| arg == "--test");
    let pages = if quick { 30 } else { PAGES };
    println!("{:<58} {:>9} {:>9} {:>7} {:>14}", "", "ours", "yardstick", "ratio", "single rounds");
    for format in [Format::Markdown, Format::Html] {
        let extension = if format == Format::Html { "html" } else { "md" };
        site(extension, pages, 20, quick);
        site(extension, pages, 1, quick);
        parses(format, extension, pages.min(1_000), quick);
    }
    links(if quick { 1_000 } else { 1_000_000 });
    starts(quick);
}

/// Every link of the catalog's fixture, as many times as makes `count`, read down to its destination, against one parse of
/// the URL of each layer.
fn links(count: usize) {
    let lines = include_str!("../fixtures/networks.tsv").lines();
    let urls: Vec<_> = lines.filter_map(|line| line.split('\t').next()).filter(|url| url.contains("//")).collect();
    let input = MapInput {
        programs: Vec::new(),
        partners: Vec::new(),
        redirects: RedirectSpec::default(),
        own_hosts: Vec::new(),
        date: "2026-01-01".parse().unwrap(),
    };
    let start = Instant::now();
    let map = ProgramMap::new(input).unwrap();
    row("the catalog compiled : 1 ms", &[start.elapsed()], &[Duration::from_millis(1)]);
    let layers: Vec<_> =
        urls.iter().map(|url| map.look(url, "page").map_or_else(Vec::new, |facts| facts.layers)).collect();
    let per_round: usize = layers.iter().map(|layers| layers.len().max(1)).sum();
    let rounds = count.div_ceil(urls.len());
    let start = Instant::now();
    for _ in 0..rounds {
        for url in &urls {
            std::hint::black_box(map.look(std::hint::black_box(url), "page"));
        }
    }
    let ours = start.elapsed();
    let start = Instant::now();
    for _ in 0..rounds {
        for (url, layers) in urls.iter().zip(&layers) {
            let inner = layers.iter().rev().skip(1).filter_map(|layer| layer.destination.as_deref());
            for url in [*url].into_iter().chain(inner) {
                let _ = std::hint::black_box(url::Url::parse(std::hint::black_box(url)));
            }
        }
    }
    let parsed = start.elapsed();
    row(&format!("{} links read : each layer's URL parsed", rounds * urls.len()), &[ours], &[parsed]);
    let beyond = ours.saturating_sub(parsed).as_secs_f64() / (rounds * per_round) as f64;
    println!("{:<58} {:>7.2}us", "beyond parsing, for each layer", beyond * 1e6);
}

/// The program from its start to its end, with nothing to do.
fn starts(quick: bool) {
    let base = std::env::var_os("AFFILINK_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = base.join(format!("affilink-start-{}", std::process::id()));
    fs::create_dir_all(dir.join("site")).unwrap();
    fs::write(dir.join("affiliates.yaml"), CONFIG).unwrap();
    fs::write(dir.join("site/index.md"), "# Nothing\n").unwrap();
    let config = dir.join("affiliates.yaml");
    let site = dir.join("site");
    let out = dir.join("out");
    let (mut version, mut build, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..if quick { 1 } else { 41 } {
        nothing.push(timed(&out, &mut Command::new("true")));
        version.push(timed(&out, Command::new(env!("CARGO_BIN_EXE_affilink")).arg("--version")));
        let mut command = Command::new(env!("CARGO_BIN_EXE_affilink"));
        build.push(timed(&out, command.arg("build").arg(&site).args(["--dry-run", "-q", "-c"]).arg(&config)));
    }
    row("affilink --version : true", &version, &nothing);
    row("affilink build --dry-run, one page : true", &build, &nothing);
    fs::remove_dir_all(&dir).unwrap();
}

/// `build --out` of a whole site against `cp -r` of it; one page in `every` holds work.
fn site(extension: &str, pages: usize, every: usize, quick: bool) {
    let base = std::env::var_os("AFFILINK_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = base.join(format!("affilink-bench-{}", std::process::id()));
    let source = dir.join("site");
    fs::create_dir_all(&source).unwrap();
    fs::write(dir.join("affiliates.yaml"), CONFIG).unwrap();
    for page in 0..pages {
        let folder = source.join(format!("{:02}", page % 40));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("page-{page}.{extension}")), made(extension, page, page % every == 0)).unwrap();
    }
    let out = dir.join("out");
    let rounds = if quick { 1 } else { 7 };
    let (mut ours, mut copies) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        copies.push(timed(&out, Command::new("cp").arg("-r").arg(&source).arg(&out)));
        let mut build = Command::new(env!("CARGO_BIN_EXE_affilink"));
        build.arg("build").arg(&source).arg("--out").arg(&out).arg("-q").arg("-c").arg(dir.join("affiliates.yaml"));
        ours.push(timed(&out, &mut build));
    }
    row(&format!("build --out, {pages} {extension} pages, 1 in {every} with work : cp -r"), &ours, &copies);
    fs::remove_dir_all(&dir).unwrap();
}

fn timed(out: &Path, command: &mut Command) -> Duration {
    let _ = fs::remove_dir_all(out);
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
    start.elapsed()
}

/// Every page with work, in memory, on one thread: the whole of a page's work against one bare parse.
fn parses(format: Format, extension: &str, pages: usize, quick: bool) {
    let pages = real_pages(extension).unwrap_or_else(|| (0..pages).map(|page| made(extension, page, true)).collect());
    let env = ConfigEnv {
        date: "2026-01-01".parse().unwrap(),
        read_file: &|_| Err("none".into()),
        rules: affilink::lint::SPECS,
    };
    let config = Config::read("bench", CONFIG, &env).unwrap();
    let setup = setup(&config, None, "2026-01-01");
    let options = ParseOptions::default();
    let prefilter = Prefilter::new(&config.map.needles());
    let rounds = if quick { 1 } else { 15 };
    let outlined = ParseOptions { outline: true, ..ParseOptions::default() };
    let date = "2026-01-01".parse().unwrap();
    let checking = Checking { setup, configured: true, judged: Judged::Auto, date, with_edits: false };
    let mut times: [Vec<Duration>; 6] = Default::default();
    for _ in 0..rounds {
        let mut measure = |slot: usize, work: &dyn Fn(&str)| {
            let start = Instant::now();
            for page in &pages {
                work(page);
            }
            times[slot].push(start.elapsed());
        };
        measure(0, &|page| bare(page, format));
        measure(1, &|page| {
            let source = Source::read(page.as_bytes(), format).unwrap();
            std::hint::black_box(document::parse(&source, format, &options, None).unwrap());
        });
        measure(2, &|page| match rewrite(page.as_bytes(), format, "page", setup) {
            Outcome::Refused(reason) => panic!("{reason}"),
            outcome => drop(std::hint::black_box(outcome)),
        });
        measure(3, &|page| {
            std::hint::black_box(prefilter.may_hold_work(page.as_bytes()));
        });
        measure(4, &|page| {
            let source = Source::read(page.as_bytes(), format).unwrap();
            std::hint::black_box(document::parse(&source, format, &outlined, None).unwrap());
        });
        measure(5, &|page| {
            std::hint::black_box(page_audit(page.as_bytes(), format, "page", checking).unwrap());
        });
    }
    let bytes: usize = pages.iter().map(String::len).sum();
    let [bare, parse, whole, prefilter, outline, audit] = &times;
    row(&format!("{extension}: document::parse, {} MB : bare parse", bytes / 1_000_000), parse, bare);
    row(&format!("{extension}: whole page with verification : bare parse"), whole, bare);
    row(&format!("{extension}: prefilter : bare parse"), prefilter, bare);
    row(&format!("{extension}: audit of a page : document::parse with its outline"), audit, outline);
}

fn bare(page: &str, format: Format) {
    if format.is_markdown() {
        use pulldown_cmark::{Options, Parser};
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS;
        for event in Parser::new_ext(page, options).into_offset_iter() {
            std::hint::black_box(event);
        }
    } else {
        let settings = lol_html::Settings::new()
            .append_element_content_handler(lol_html::element!("*", |element| {
                std::hint::black_box(element);
                Ok(())
            }))
            .append_document_content_handler(lol_html::doc_text!(|chunk| {
                std::hint::black_box(chunk);
                Ok(())
            }))
            .with_strict(false);
        let mut rewriter = lol_html::HtmlRewriter::new(settings, |_: &[u8]| {});
        rewriter.write(page.as_bytes()).unwrap();
        rewriter.end().unwrap();
    }
}

fn real_pages(extension: &str) -> Option<Vec<String>> {
    let root = std::env::var_os("AFFILINK_BENCH_PAGES")?;
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    let pages = files.filter(|file| file.path().extension().is_some_and(|found| found == extension));
    Some(pages.filter_map(|file| fs::read_to_string(file.path()).ok()).collect())
}

/// A page of prose, lists, a table, code and links; with `work`, a few of them lead to shops.
fn made(extension: &str, page: usize, work: bool) -> String {
    let html = extension == "html";
    let mut text = String::with_capacity(BYTES_PER_PAGE + 400);
    let title = format!("Page {page}");
    let _ = if html {
        write!(
            text,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><nav><a href=\"/\">Home</a></nav><main>\n<h1>{title}</h1>\n"
        )
    } else {
        write!(text, "---\ntitle: {title}\n---\n\n# {title}\n\n")
    };
    let mut paragraph = 0;
    while text.len() < BYTES_PER_PAGE {
        paragraph += 1;
        let link = if work && paragraph % 4 == 0 {
            format!("https://www.amazon.com/dp/B{page:05}{paragraph:04}?th=1")
        } else {
            format!("https://example.org/{page}/{paragraph}?q=a%20b")
        };
        let words = "the quick brown fox looks for *a better kettle* and finds `several` of them, ";
        let _ = if html {
            write!(
                text,
                "<p class=\"p{paragraph}\">{words}{words}<a href=\"{link}\">link {paragraph}</a>, {words}</p>\n<ul><li>one</li><li>two &amp; three</li></ul>\n"
            )
        } else {
            write!(
                text,
                "{words}{words}[link {paragraph}]({link}), {words}\n\n- one\n- two &amp; three\n\n| a | b |\n|---|---|\n| {paragraph} | c |\n\n"
            )
        };
    }
    if html {
        text.push_str("</main></body></html>\n");
    }
    text
}

/// Prints the times and the ratio of the fastest rounds, and between what the ratios of single rounds lie.
fn row(what: &str, ours: &[Duration], yardstick: &[Duration]) {
    let ratio = |ours: &Duration, yardstick: &Duration| ours.as_secs_f64() / yardstick.as_secs_f64();
    let mut rounds: Vec<f64> = ours.iter().zip(yardstick).map(|(ours, yardstick)| ratio(ours, yardstick)).collect();
    rounds.sort_by(f64::total_cmp);
    let (ours, yardstick) = (ours.iter().min().unwrap(), yardstick.iter().min().unwrap());
    println!(
        "{what:<58} {:>7.1}ms {:>7.1}ms {:>6.2}x {:>6.2} to {:.2}",
        ours.as_secs_f64() * 1e3,
        yardstick.as_secs_f64() * 1e3,
        ratio(ours, yardstick),
        rounds[0],
        rounds[rounds.len() - 1],
    );
}
