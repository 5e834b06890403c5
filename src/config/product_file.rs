//! Files of products. Decides which columns a CSV file may have and which of its rows are products; opens no file.

use std::sync::Arc;

use globset::GlobSet;
use rustc_hash::FxHashMap;

use super::checks::{self, Wrong};
use super::findings::{did_you_mean, listed, quoted};
use super::products::{name, row_pages};
use crate::product::{Case, Product, ProductUrl};

/// The columns that a file may have, apart from URLs for a language.
const COLUMNS: [&str; 8] = ["name", "url", "aliases", "case", "context", "not", "pages", "per_page"];
/// What stands between the values of a cell.
const BETWEEN: char = '|';

/// Reads the CSV file that holds `text` and hands on every row with its 1-based line: a product, or what is wrong with
/// it. Rows without any value are left out.
///
/// Columns stand in any order, with `,`, `;` or a tab between them.
pub(super) fn read(text: &str, row: &mut dyn FnMut(u64, Result<Product, Wrong>)) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = match reader.headers() {
        Ok(header) => Columns::of(header),
        Err(_) => Err(wrong("this is no CSV", "save it as CSV in UTF-8")),
    };
    let mut columns = match columns {
        Ok(columns) => columns,
        Err(wrong) => return row(1, Err(wrong)),
    };
    let mut record = csv::StringRecord::new();
    let mut lines = LineCount { text: text.as_bytes(), byte: 0, line: 1 };
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {}
            Err(_) => return row(reader.position().line(), Err(wrong("this is no CSV", "save it as CSV in UTF-8"))),
        }
        let line = lines.at(record.position().map_or(0, |position| position.byte() as usize));
        if !record.iter().all(str::is_empty) {
            row(line, columns.product(&record));
        }
    }
}

/// Counts lines as it goes: the reader's own count is behind by one where lines end with `\r\n`.
struct LineCount<'t> {
    text: &'t [u8],
    byte: usize,
    line: u64,
}

impl LineCount<'_> {
    /// The 1-based line of the record that begins at `byte` or at the end of the line before; never asked for backwards.
    fn at(&mut self, byte: usize) -> u64 {
        let rest = self.text.get(byte..).unwrap_or_default();
        let byte = byte + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.byte..byte).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.byte = byte;
        self.line
    }
}

/// The sign that stands most often in the first line.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|&byte| byte == sign).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&sign| count(sign)).unwrap_or(b',')
}

/// What the columns of a file hold.
struct Columns {
    kinds: Vec<Column>,
    /// Globs that were compiled already: many rows have the same ones.
    pages: FxHashMap<String, Option<Arc<GlobSet>>>,
}

#[derive(Clone)]
enum Column {
    Name,
    Url(Option<String>),
    Aliases,
    Case,
    Context,
    Not,
    Pages,
    PerPage,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, Wrong> {
        let mut kinds = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for title in header {
            if seen.contains(&title) {
                return Err(wrong(&format!("the column {} stands twice", quoted(title)), "keep one"));
            }
            seen.push(title);
            kinds.push(column(title)?);
        }
        let has = |wanted: fn(&Column) -> bool| kinds.iter().any(wanted);
        if !has(|column| matches!(column, Column::Name)) || !has(|column| matches!(column, Column::Url(_))) {
            let help = "the first row names the columns: `name,url` and, where wanted, others";
            return Err(wrong("the columns `name` and `url` are missing", help));
        }
        Ok(Self { kinds, pages: FxHashMap::default() })
    }

    fn product(&mut self, record: &csv::StringRecord) -> Result<Product, Wrong> {
        if record.len() > self.kinds.len() {
            let message = format!("this row has {} columns, the first one {}", record.len(), self.kinds.len());
            return Err(wrong(&message, "put values with a comma in them in double quotes"));
        }
        let mut product = Product::default();
        for (index, cell) in record.iter().enumerate() {
            if let Some(column) = self.kinds.get(index).cloned() {
                self.cell(&column, cell, &mut product)?;
            }
        }
        if product.name.is_empty() {
            return Err(Wrong { message: "this product has no name".into(), help: None });
        }
        if product.urls.is_empty() {
            return Err(wrong(
                &format!("the product {} has no URL", quoted(&product.name)),
                "add the merchant's page of it",
            ));
        }
        Ok(product)
    }

    fn cell(&mut self, column: &Column, cell: &str, product: &mut Product) -> Result<(), Wrong> {
        if cell.is_empty() {
            return Ok(());
        }
        match column {
            Column::Name => {
                checked("name", cell, name(cell))?;
                cell.clone_into(&mut product.name);
            }
            Column::Url(language) => {
                if cell.contains("|http") {
                    return Err(wrong(
                        &format!("`url` {} holds several addresses", quoted(cell)),
                        "keep one; other stores have columns `url_de` and the like",
                    ));
                }
                checked("url", cell, checks::web_url(cell))?;
                product.urls.push(ProductUrl { language: language.clone(), url: cell.to_owned() });
            }
            Column::Aliases => product.aliases = names("aliases", cell)?,
            Column::Context => product.context = names("context", cell)?,
            Column::Not => product.not = names("not", cell)?,
            Column::Case => product.case = case(cell)?,
            Column::Pages => product.pages = self.pages(cell)?,
            Column::PerPage => {
                let number = cell.parse().map_err(|_| wrong(&format!("{} is no number", quoted(cell)), "write `1`"));
                product.per_page = Some(number?);
            }
        }
        Ok(())
    }

    fn pages(&mut self, cell: &str) -> Result<Option<Arc<GlobSet>>, Wrong> {
        if let Some(known) = self.pages.get(cell) {
            return Ok(known.clone());
        }
        let globs: Vec<_> = values(cell).map(str::to_owned).collect();
        let pages = row_pages(&globs)?;
        self.pages.insert(cell.to_owned(), pages.clone());
        Ok(pages)
    }
}

fn column(title: &str) -> Result<Column, Wrong> {
    Ok(match title.to_ascii_lowercase().as_str() {
        "name" => Column::Name,
        "url" => Column::Url(None),
        "aliases" => Column::Aliases,
        "case" => Column::Case,
        "context" => Column::Context,
        "not" => Column::Not,
        "pages" => Column::Pages,
        "per_page" => Column::PerPage,
        lower => {
            let language = lower.strip_prefix("url_").filter(|tag| checks::language(tag).is_ok());
            Column::Url(Some(language.ok_or_else(|| unknown(title))?.to_owned()))
        }
    })
}

fn unknown(title: &str) -> Wrong {
    let known = COLUMNS.into_iter().chain(["url_de"]);
    let help = did_you_mean(title, COLUMNS)
        .unwrap_or_else(|| format!("the columns are {} and the like", listed(known, "and")));
    wrong(&format!("unknown column {}", quoted(title)), &help)
}

fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(BETWEEN).map(str::trim).filter(|value| !value.is_empty())
}

fn names(key: &str, cell: &str) -> Result<Vec<String>, Wrong> {
    values(cell).map(|value| checked(key, value, name(value)).map(|()| value.to_owned())).collect()
}

fn case(cell: &str) -> Result<Case, Wrong> {
    match cell {
        "smart" => Ok(Case::Smart),
        "exact" => Ok(Case::Exact),
        "ignore" => Ok(Case::Ignore),
        other => {
            let known = ["smart", "exact", "ignore"];
            let help = did_you_mean(other, known).unwrap_or_else(|| format!("write {}", listed(known, "or")));
            Err(wrong(&format!("`case`: {} is no way to compare names", quoted(other)), &help))
        }
    }
}

/// The value of a check, or its problem with the column's name and the value in front.
fn checked<T>(column: &str, value: &str, result: Result<T, Wrong>) -> Result<T, Wrong> {
    result.map_err(|wrong| Wrong { message: format!("`{column}`: {} {}", quoted(value), wrong.message), ..wrong })
}

fn wrong(message: &str, help: &str) -> Wrong {
    Wrong { message: message.to_owned(), help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Result<Product, String>)> {
        let mut rows = Vec::new();
        read(text, &mut |line, row| rows.push((line, row.map_err(|wrong| wrong.message))));
        rows
    }

    #[test]
    fn columns_stand_in_any_order_and_dialect() {
        let comma = "\u{feff}url,Name,aliases,case,url_de\r\nhttps://a.example/1,\"Echo, 4th\",Echo 4| Echo IV ,exact,https://a.example/de\r\n\r\n";
        let semicolon = "url;name;aliases;case;url_de\nhttps://a.example/1;Echo, 4th;Echo 4|Echo IV;exact;https://a.example/de\n;;;;\n";
        for text in [comma, semicolon] {
            let rows = rows(text);
            assert_eq!(rows.len(), 1, "{text}");
            let product = rows[0].1.as_ref().expect("right");
            assert_eq!((product.name.as_str(), product.case, rows[0].0), ("Echo, 4th", Case::Exact, 2));
            assert_eq!(product.aliases, ["Echo 4", "Echo IV"]);
            assert_eq!(product.urls_for(Some("de")), ["https://a.example/de", "https://a.example/1"]);
        }
    }

    #[test]
    fn bad_rows_are_named_with_their_lines() {
        let text = "name,url,per_page\nA,https://a.example/\n\"B\nb\",https://a.example/\n,https://a.example/\nC,\nD,a.example\n???,https://a.example/\nE,https://a.example/,x\nF,https://a.example/,1,2\n";
        let bad: Vec<_> = rows(text).into_iter().filter_map(|(line, row)| Some((line, row.err()?))).collect();
        let lines: Vec<_> = bad.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 5, 6, 7, 8, 9, 10], "{bad:?}");
        assert!(bad[0].1.contains("control character") && bad[6].1.contains("4 columns"), "{bad:?}");
        for (header, message) in [
            ("name,link\n", "unknown column `link`"),
            ("name,name,url\n", "the column `name` stands twice"),
            ("name,case\nA,smart\n", "the columns `name` and `url` are missing"),
            ("", "the columns `name` and `url` are missing"),
        ] {
            let problems: Vec<_> =
                rows(header).into_iter().filter_map(|(line, row)| Some((line, row.err()?))).collect();
            assert_eq!(problems, [(1, message.to_owned())], "{header}");
        }
    }
}
