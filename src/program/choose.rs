//! Which program gets a merchant's link when several could. Decides by specificity, status and dates, pages, ids for
//! the store, priority, commission, cookie days, order in the file; says of each loser what it lost by.

use std::cmp::Ordering;

use super::form::{Form, Net, Program};
use super::index::{Hit, Index, Role};
use super::url::Split;
use super::{Candidate, Status, Verdict};

/// What choosing has to know.
#[derive(Clone, Copy)]
pub(super) struct Chooser<'m> {
    pub(super) index: &'m Index,
    pub(super) nets: &'m [Net],
    pub(super) programs: &'m [Program],
}

/// How a program fits a URL: labels of its domain, literal characters of its path glob.
type Fit = (usize, usize);

impl Chooser<'_> {
    /// The programs for merchant URL `url` on page `page`, the winner (if any) first, then in the file's order.
    pub(super) fn candidates(self, url: &str, page: &str) -> Vec<Candidate> {
        let mut buffer = [0; 253];
        let split = Split::of(url);
        let Some((split, host)) = split.as_ref().and_then(|split| Some((split, split.host_name(&mut buffer)?))) else {
            return Vec::new();
        };
        let hits = self.index.find(&host);
        let path = split.path_resolved();
        let mut fits: Vec<(usize, Result<Fit, Verdict>)> = Vec::new();
        for hit in &hits {
            let Role::Merchant(program) = hit.role else { continue };
            let seen = fits.iter().any(|(other, _)| *other == program);
            if !seen && self.is_shop(program, &hits, host.as_str(), &path) {
                fits.push((program, self.fit(program, hit, &hits, &path, page)));
            }
        }
        fits.sort_by_key(|(program, _)| *program);
        self.judge(&fits)
    }

    fn judge(self, fits: &[(usize, Result<Fit, Verdict>)]) -> Vec<Candidate> {
        let eligible = fits.iter().filter_map(|(program, fit)| Some((*program, fit.ok()?)));
        let winner = eligible.reduce(|best, other| if self.compare(other, best).0.is_gt() { other } else { best });
        let verdict = |(program, fit): &(usize, Result<Fit, Verdict>)| {
            let verdict = match (fit, winner) {
                (Ok(_), Some((first, _))) if first == *program => Verdict::Wins,
                (Ok(fit), Some(winner)) => self.compare((*program, *fit), winner).1,
                (Ok(_), None) => Verdict::FileOrder,
                (Err(verdict), _) => *verdict,
            };
            Candidate { program: *program, verdict }
        };
        let mut candidates: Vec<_> = fits.iter().map(verdict).collect();
        candidates.sort_by_key(|candidate| candidate.verdict != Verdict::Wins);
        candidates
    }

    /// Whether the first wins, and what it loses by if it does not.
    fn compare(self, one: (usize, Fit), other: (usize, Fit)) -> (Ordering, Verdict) {
        let (a, b) = (&self.programs[one.0], &self.programs[other.0]);
        let number = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        let steps = [
            (one.1.cmp(&other.1), Verdict::LessSpecific),
            (a.priority.cmp(&b.priority), Verdict::Priority),
            (number(a.commission, b.commission), Verdict::Commission),
            (number(a.cookie_days, b.cookie_days), Verdict::CookieDays),
            (other.0.cmp(&one.0), Verdict::FileOrder),
        ];
        let decides = steps.into_iter().find(|(order, _)| order.is_ne());
        decides.unwrap_or((Ordering::Equal, Verdict::FileOrder))
    }

    fn fit(self, program: usize, hit: &Hit<'_>, hits: &[Hit<'_>], path: &str, page: &str) -> Result<Fit, Verdict> {
        let spec = &self.programs[program];
        let literal = match spec.paths.as_slice() {
            [] => Some(0),
            globs => globs.iter().filter(|glob| glob.glob.is_match(path)).map(|glob| glob.literal).max(),
        };
        match spec.status {
            Status::Ended => return Err(Verdict::Ended),
            Status::Paused => return Err(Verdict::Paused),
            Status::Active if spec.not_started => return Err(Verdict::NotStarted),
            Status::Active => {}
        }
        let literal = literal.ok_or(Verdict::OtherPaths)?;
        if spec.pages.as_ref().is_some_and(|pages| !pages.is_match(page)) {
            return Err(Verdict::OtherPages);
        }
        if !self.has_ids(program, hits) {
            return Err(Verdict::NoIdForStore);
        }
        Ok((hit.domain.split('.').count(), literal))
    }

    /// Whether the ids that each store has of its own are there for this one.
    fn has_ids(self, program: usize, hits: &[Hit<'_>]) -> bool {
        let Form::Network { net, ids } = &self.programs[program].form else { return true };
        let network = self.nets[*net].network;
        let store = hits.iter().find_map(|hit| match hit.role {
            Role::Store(other, host) if other == *net => network.hosts.get(host),
            _ => None,
        });
        let mut needed = network.ids.iter().filter(|id| id.per_store && id.required);
        needed.all(|id| !ids.of(network, id.name, store.map(|store| store.domain)).is_empty())
    }

    /// Whether the catalog takes the URL for a page of the shop, for programs of a merchant that it knows.
    fn is_shop(self, program: usize, hits: &[Hit<'_>], host: &str, path: &str) -> bool {
        let Form::Network { net, .. } = &self.programs[program].form else { return true };
        let network = self.nets[*net].network;
        let out = |hit: &Hit<'_>| matches!(hit.role, Role::Store(other, _) if other == *net && network.excludes_host(host, hit.domain));
        !network.excludes_path(path) && !hits.iter().any(out)
    }
}
