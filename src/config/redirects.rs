//! Files with the site's own redirects. Decides which lines of a `_redirects` file or a CSV file say where a path leads;
//! opens no file.

use thiserror::Error;

/// A line of a redirect file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct RedirectError {
    /// 1-based.
    pub line: usize,
    /// What is wrong, in lower case.
    pub message: String,
}

/// The redirects of the file `name` that holds `text`: from a path or an absolute URL to an absolute URL.
///
/// `.csv` files have the columns `from,to`; any other file is read as Netlify and Cloudflare read `_redirects`.
/// Redirects within the site, rewrites and those with placeholders lead to no merchant by themselves and are left out.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<(String, String)>, RedirectError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if name.to_ascii_lowercase().ends_with(".csv") {
        read_csv(text)
    } else {
        Ok(text.lines().filter_map(read_line).collect())
    }
}

/// One line: `from [name=value]... to [status] [condition]...`.
fn read_line(line: &str) -> Option<(String, String)> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.starts_with('#') {
        return None;
    }
    let mut words = line.split_ascii_whitespace();
    let from = words.next()?;
    // query parameters that the request must have come before the destination
    let to = words.find(|word| is_absolute(word) || word.starts_with('/'))?;
    let status = words.next().unwrap_or("301");
    let moves = status.trim_end_matches('!').parse::<u16>().map_or(true, |status| (300..400).contains(&status));
    let whole = is_from(from) && !from.contains(['*', ':']) || is_absolute(from) && !from.contains('*');
    (moves && whole && is_absolute(to) && !to.contains("/:")).then(|| (from.to_owned(), to.to_owned()))
}

fn read_csv(text: &str) -> Result<Vec<(String, String)>, RedirectError> {
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
        if is_absolute(to) {
            redirects.push((from.to_owned(), to.to_owned()));
        } else if !to.starts_with('/') {
            return Err(error(line, "the second column must be a URL"));
        }
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

    fn known(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(from, to)| (from.to_owned(), to.to_owned())).collect()
    }

    #[test]
    fn redirects_files_are_read_as_hosts_read_them() {
        let text = "# comment\n/go/a https://shop.example/a\r\n/go/b   https://shop.example/b 302!\n\
            /old /new 301\n/go/c id=:id https://shop.example/c/:id 301 Country=de\n/blog/* https://b.example/:splat\n\
            /api/* https://api.example/x 200\n/proxy https://api.example/y 200\n/go/d https://shop.example/d#top # note\n\n\
            https://l.example/x https://shop.example/x 301\n";
        assert_eq!(
            read("static/_redirects", text),
            Ok(known(&[
                ("/go/a", "https://shop.example/a"),
                ("/go/b", "https://shop.example/b"),
                ("/go/d", "https://shop.example/d#top"),
                ("https://l.example/x", "https://shop.example/x"),
            ]))
        );
    }

    #[test]
    fn csv_files_have_two_columns() {
        let text =
            "\u{feff}from,to\n/go/a, https://shop.example/a\n\"/go/b\",\"https://shop.example/?x=1,2\",note\n/x,/y\n";
        assert_eq!(
            read("go.CSV", text),
            Ok(known(&[("/go/a", "https://shop.example/a"), ("/go/b", "https://shop.example/?x=1,2")]))
        );
        for (bad, line) in
            [("/go/a\n", 1), ("/a,https://b.example\ngo,https://b.example\n", 2), ("from,to\n/a,b.example\n", 2)]
        {
            assert_eq!(read("go.csv", bad).err().map(|error| error.line), Some(line), "{bad:?}");
        }
    }
}
