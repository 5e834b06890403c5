//! The last line of a run: how many findings, whether they make it fail, and what was judged.

use super::{Figures, Finding, Options, count};
use crate::config::lint::Level;

/// `3 errors, 12 warnings (warnings do not fail: use --fail-on warn); 4 fixable with --fix; judged as built`, without a line
/// feed. It belongs under `full`; where other formats go to the standard output it is for the standard error.
pub fn last_line(findings: &[Finding], figures: &Figures, options: &Options) -> String {
    let mut parts = vec![totals(figures, options)];
    parts.extend(fixable(findings));
    if figures.baselined > 0 {
        parts.push(format!("{} in the baseline", figures.baselined));
    }
    if figures.suppressed > 0 {
        parts.push(format!("{} suppressed", figures.suppressed));
    }
    parts.push(judged(figures));
    parts.join("; ")
}

fn totals(figures: &Figures, options: &Options) -> String {
    if figures.findings() == 0 {
        return format!("no findings on {}", count(figures.pages, "page"));
    }
    let infos = if figures.infos > 0 { format!(", {}", count(figures.infos, "info")) } else { String::new() };
    let (errors, warnings) = (count(figures.errors, "error"), count(figures.warnings, "warning"));
    format!("{errors}, {warnings}{}{infos}", whether_warnings_fail(figures, options))
}

fn whether_warnings_fail(figures: &Figures, options: &Options) -> String {
    match options.max_warnings {
        _ if figures.warnings == 0 || options.fail_on <= Level::Warn => String::new(),
        Some(most) if figures.warnings > most => format!(" (more than --max-warnings {most})"),
        Some(most) => format!(" (up to {most} warnings do not fail)"),
        None => " (warnings do not fail: use --fail-on warn)".to_owned(),
    }
}

/// What can be mended; nothing where nothing can.
fn fixable(findings: &[Finding]) -> Option<String> {
    let fixes = || findings.iter().filter_map(|finding| finding.fix.as_ref());
    let safe = fixes().filter(|fix| fix.safe).count();
    match (safe, fixes().count() - safe) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with --fix")),
        (0, risky) => Some(format!("{risky} fixable with --unsafe-fixes")),
        (safe, risky) => Some(format!("{safe} fixable with --fix, {risky} more with --unsafe-fixes")),
    }
}

fn judged(figures: &Figures) -> String {
    let written = figures.pages.saturating_sub(figures.built);
    match (figures.built, written) {
        (0, _) => "judged as written".to_owned(),
        (_, 0) => "judged as built".to_owned(),
        (built, written) => format!("{} judged as built, {written} as written", count(built, "page")),
    }
}
