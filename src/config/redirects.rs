//! Files with the site's own redirects. Decides which lines of a `_redirects` file or a CSV file say where a path leads;
//! opens no file.

use thiserror::Error;

use crate::program::RedirectRule;

/// A line of a redirect file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct RedirectError {
    /// 1-based.
    pub line: usize,
    /// What is wrong, in lower case.
    pub message: String,
}

/// The redirects of the file `name` that holds `text`.
///
/// `.csv` files have the columns `from,to`; any other file is read as Netlify and Cloudflare read `_redirects`
/// (docs.netlify.com "Redirects and rewrites", developers.cloudflare.com "Pages: Redirects"). What the site answers by
/// itself (rewrites, errors) is in the list as well: later lines do not apply there.
pub fn read(name: &str, text: &str) -> Result<Vec<RedirectRule>, RedirectError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if name.to_ascii_lowercase().ends_with(".csv") {
        read_csv(text)
    } else {
        Ok(text.lines().filter_map(read_line).collect())
    }
}

/// One line: `from [name=value]... to [status] [condition=value]...`.
fn read_line(line: &str) -> Option<RedirectRule> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.starts_with('#') {
        return None;
    }
    let mut words = line.split_ascii_whitespace();
    let from = words.next().filter(|from| is_from(from))?;
    let mut query = Vec::new();
    let to = loop {
        match words.next()? {
            word if is_absolute(word) || word.starts_with('/') => break word,
            word => query.extend(word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))),
        }
    };
    let mut words = words.peekable();
    let status = words.next_if(|word| !word.contains('=')).unwrap_or("301");
    let moves = status.trim_end_matches('!').parse::<u16>().map_or(true, |status| (300..400).contains(&status));
    let conditional = words.next().is_some();
    let rule = RedirectRule { from: from.to_owned(), query, to: moves.then(|| to.to_owned()), conditional };
    // what some readers alone get hides nothing from the others
    (moves || !conditional).then_some(rule)
}

fn read_csv(text: &str) -> Result<Vec<RedirectRule>, RedirectError> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut redirects = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let error = |line, message: &str| RedirectError { line, message: message.to_owned() };
        let record = record.map_err(|_| error(index + 1, "this is no CSV"))?;
        let line = record.position().map_or(index + 1, |position| position.line() as usize);
        let (Some(from), Some(to)) = (record.get(0), record.get(1)) else {
            return Err(error(line, "expected two columns, `from,to`"));
        };
        if index == 0 && from.eq_ignore_ascii_case("from") && to.eq_ignore_ascii_case("to") {
            continue;
        }
        if !is_from(from) {
            return Err(error(line, "the first column must be a path or a URL"));
        }
        if !is_absolute(to) && !to.starts_with('/') {
            return Err(error(line, "the second column must be a URL"));
        }
        redirects.push(RedirectRule::new(from, to));
    }
    Ok(redirects)
}

fn is_from(text: &str) -> bool {
    text.starts_with('/') || is_absolute(text)
}

fn is_absolute(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(pairs: &[(&str, &str)]) -> Vec<RedirectRule> {
        pairs.iter().map(|&(from, to)| RedirectRule::new(from, to)).collect()
    }

    #[test]
    fn redirects_files_are_read_as_hosts_read_them() {
        let text = "# comment\n/go/a https://shop.example/a\r\n/go/b   https://shop.example/b 302!\n\
            /old /new 301\n/blog/* https://b.example/:splat\n/go/d https://shop.example/d#top # note\n\n\
            https://l.example/x https://shop.example/x 301\nno-path https://shop.example/\n/alone\n";
        assert_eq!(
            read("static/_redirects", text),
            Ok(known(&[
                ("/go/a", "https://shop.example/a"),
                ("/go/b", "https://shop.example/b"),
                ("/old", "/new"),
                ("/blog/*", "https://b.example/:splat"),
                ("/go/d", "https://shop.example/d#top"),
                ("https://l.example/x", "https://shop.example/x"),
            ]))
        );
    }

    #[test]
    fn conditions_and_rewrites_are_told_apart() {
        let text = "/go/c id=:id https://shop.example/c/:id 301 Country=de\n/go/d https://shop.example/d Language=de\n\
            /api/* https://api.example/:splat 200\n/* /index.html 200\n/x /404.html 404 Role=admin\n";
        let rule = |from: &str, to: Option<&str>, conditional| RedirectRule {
            from: from.to_owned(),
            query: Vec::new(),
            to: to.map(str::to_owned),
            conditional,
        };
        let query = vec![("id".to_owned(), ":id".to_owned())];
        let want = vec![
            RedirectRule { query, ..rule("/go/c", Some("https://shop.example/c/:id"), true) },
            rule("/go/d", Some("https://shop.example/d"), true),
            rule("/api/*", None, false),
            rule("/*", None, false),
        ];
        assert_eq!(read("_redirects", text), Ok(want));
    }

    #[test]
    fn csv_files_have_two_columns() {
        let text =
            "\u{feff}from,to\n/go/a, https://shop.example/a\n\"/go/b\",\"https://shop.example/?x=1,2\",note\n/x,/y\n";
        assert_eq!(
            read("go.CSV", text),
            Ok(known(&[("/go/a", "https://shop.example/a"), ("/go/b", "https://shop.example/?x=1,2"), ("/x", "/y"),]))
        );
        for (bad, line) in
            [("/go/a\n", 1), ("/a,https://b.example\ngo,https://b.example\n", 2), ("from,to\n/a,b.example\n", 2)]
        {
            assert_eq!(read("go.csv", bad).err().map(|error| error.line), Some(line), "{bad:?}");
        }
    }
}
