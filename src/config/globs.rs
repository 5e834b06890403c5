//! Globs over page names. Decides what a glob without a leading `/` means and which are refused.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Several globs; a page matches where one of them does.
#[derive(Clone, Debug, Default)]
pub struct Globs(GlobSet);

impl Globs {
    /// Compiles `globs`; the errors name each wrong one by its 0-based index.
    ///
    /// Without a leading `/` a glob matches at any depth, with one from the top; `*` stops at `/`, `**` does not; a
    /// trailing `/` stands for everything below.
    pub fn new(globs: &[String]) -> Result<Self, Vec<(usize, String)>> {
        let mut set = GlobSetBuilder::new();
        let mut errors = Vec::new();
        for (index, glob) in globs.iter().enumerate() {
            match compile(glob) {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => errors.push((index, error)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        set.build().map(Self).map_err(|error| vec![(0, error.to_string())])
    }

    /// The compiled globs.
    pub(super) fn into_set(self) -> GlobSet {
        self.0
    }

    /// Whether one of them matches `page`, a path with `/` relative to the root.
    pub fn is_match(&self, page: &str) -> bool {
        self.0.is_match(page)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn compile(glob: &str) -> Result<globset::Glob, String> {
    if glob.is_empty() {
        return Err("an empty glob matches nothing".into());
    }
    if glob.contains('\\') {
        return Err("write `/` between folders, also on Windows".into());
    }
    if glob.starts_with("./") || glob.split('/').any(|part| part == "..") {
        return Err("page names hold no `.` or `..` folders; `/` at the start stands for the root".into());
    }
    let mut anchored = match glob.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None => format!("**/{glob}"),
    };
    if anchored.ends_with('/') {
        anchored.push_str("**");
    }
    let glob = GlobBuilder::new(&anchored).literal_separator(true).build();
    glob.map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, page: &str) -> bool {
        Globs::new(&[glob.to_owned()]).expect("a glob").is_match(page)
    }

    #[test]
    fn globs_match_at_any_depth_or_from_the_top() {
        for (glob, page, expected) in [
            ("reviews/**", "reviews/a.md", true),
            ("reviews/**", "en/reviews/x/a.md", true),
            ("/reviews/**", "en/reviews/a.md", false),
            ("/reviews/**", "reviews/a.md", true),
            ("*.md", "a/b.md", true),
            ("/*.md", "a/b.md", false),
            ("drafts/", "x/drafts/y/z.md", true),
            ("drafts", "drafts/z.md", false),
            ("**/*.{md,html}", "a.html", true),
            ("a*b.md", "a/b.md", false),
            ("é/*.md", "é/b.md", true),
            ("[!a].md", "b.md", true),
        ] {
            assert_eq!(matches(glob, page), expected, "{glob} {page}");
        }
    }

    #[test]
    fn wrong_globs_are_named() {
        let globs = ["a/**", "[a", "{a", "", "./a", "a/../b", r"a\b"].map(str::to_owned);
        let errors = Globs::new(&globs).expect_err("six are wrong");
        assert_eq!(errors.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    }
}
