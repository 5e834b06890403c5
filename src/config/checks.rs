//! Whether single values are what they have to be: hosts, URLs, templates, selectors, key paths, sizes. Each check takes a
//! text and gives the value, or says what is wrong and what to do.

use crate::document::frontmatter::{KeyPath, Step};

/// What is wrong with a value, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }
}

/// A host name, in lower case and punycode.
pub(super) fn host(text: &str) -> Result<String, Wrong> {
    let bare = bare_host(text);
    if bare.starts_with('[') {
        return Err(Wrong::new("is an address, not a host name"));
    }
    if bare != text {
        let help = if bare.is_empty() {
            "write a name like `shop.example`".into()
        } else {
            format!("write `{bare}`; subdomains are included")
        };
        return Err(Wrong::help("is no bare host name", help));
    }
    let host = match url::Host::parse(text) {
        Ok(url::Host::Domain(host)) => Some(host),
        Ok(_) => return Err(Wrong::new("is an address, not a host name")),
        Err(_) => None,
    };
    let host = host.filter(|host| !host.ends_with('.') && host.len() <= 253 && host.split('.').all(is_label));
    match host {
        Some(host) if host.contains('.') => Ok(host),
        Some(_) => Err(Wrong::help("is a single label", "write the whole host name, such as `shop.example`")),
        None => Err(Wrong::help("is no host name", "write a name like `shop.example`")),
    }
}

/// An absolute `http` or `https` URL without a user name; gives its host.
pub(super) fn web_url(text: &str) -> Result<String, Wrong> {
    let help = "write it like `https://example.com/`";
    if text.contains(|char: char| char.is_whitespace() || char.is_control() || char == '\\') {
        return Err(Wrong::help("holds a space, a backslash or a control character", help));
    }
    let url = url::Url::parse(text).map_err(|_| Wrong::help("is no absolute URL", help))?;
    if !matches!(url.scheme(), "http" | "https") || !text.contains("://") {
        return Err(Wrong::help("is no web address", help));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong::help("has a user name before the host", help));
    }
    url.host_str().map(str::to_owned).ok_or_else(|| Wrong::help("has no host", help))
}

/// A link template: an absolute URL with one of `{url}` and `{+url}`, and `{subid}` at most once.
pub(super) fn template(text: &str) -> Result<(), Wrong> {
    let names = placeholders(text)?;
    let count = |wanted: &str| names.iter().filter(|&&name| name == wanted).count();
    if let Some(unknown) = names.iter().find(|name| !matches!(**name, "url" | "+url" | "subid")) {
        let help = "the placeholders are `{url}` (encoded), `{+url}` (as it is) and `{subid}`";
        return Err(Wrong::help(format!("has the unknown placeholder `{{{unknown}}}`"), help));
    }
    match (count("url") + count("+url"), count("subid")) {
        (0, _) => {
            return Err(Wrong::help(
                "has no place for the destination",
                "put `{url}` where the merchant's URL belongs",
            ));
        }
        (1, 0 | 1) => {}
        (1, _) => return Err(Wrong::new("has `{subid}` more than once")),
        _ => return Err(Wrong::help("has more than one destination", "keep one of `{url}` and `{+url}`")),
    }
    let (front, _) = text.split_once('{').unwrap_or((text, ""));
    let authority = front.split_once("://").map_or("", |(_, rest)| rest);
    if !authority.contains(['/', '?', '#']) {
        return Err(Wrong::help(
            "has no whole host before its first placeholder",
            "write it like `https://track.example/c?u={url}`",
        ));
    }
    web_url(front).map(|_| ())
}

/// A value of `set`: any text with `{subid}` at most once.
pub(super) fn set_value(text: &str) -> Result<(), Wrong> {
    let names = placeholders(text)?;
    match names.iter().find(|name| **name != "subid") {
        Some(unknown) => Err(Wrong::help(
            format!("has the unknown placeholder `{{{unknown}}}`"),
            "the only placeholder here is `{subid}`",
        )),
        None if names.len() > 1 => Err(Wrong::new("has `{subid}` more than once")),
        None if text.contains(char::is_control) => Err(Wrong::new("holds a control character")),
        None => Ok(()),
    }
}

/// CSS selectors that can be matched while a page is read.
pub(super) fn selector(text: &str) -> Result<(), Wrong> {
    let parsed = text.parse::<lol_html::Selector>();
    parsed.map(|_| ()).map_err(|error| {
        let message = format!("cannot be matched: {}", lower_first(&error.to_string()));
        Wrong::help(message, "write selectors like `main, .post > article`")
    })
}

/// A front-matter path: `key(.key|[])*`.
pub(super) fn key_path(text: &str) -> Result<KeyPath, Wrong> {
    let wrong = || {
        Wrong::help(
            "is no path of keys",
            "write keys with dots between them and `[]` for every item, such as `products[].url`",
        )
    };
    let mut steps = Vec::new();
    for part in text.split('.') {
        let key = part.trim_end_matches("[]");
        if key.contains(['[', ']']) || key.chars().any(|char| char.is_whitespace() || char.is_control()) {
            return Err(wrong());
        }
        if key.is_empty() {
            return Err(wrong());
        }
        steps.push(Step::Key(key.to_owned()));
        steps.extend(std::iter::repeat_n(Step::Items, (part.len() - key.len()) / 2));
    }
    Ok(KeyPath(steps))
}

/// A number of bytes: digits, or digits with a unit.
pub(super) fn size(text: &str) -> Result<u64, Wrong> {
    let wrong = || Wrong::help("is no size", "write a number of bytes, or one with a unit, such as `64MiB` or `500kB`");
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).ok_or_else(wrong)?;
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "kib" | "k" => 1 << 10,
        "mb" => 1_000_000,
        "mib" | "m" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" | "g" => 1 << 30,
        _ => return Err(wrong()),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(wrong)?;
    if bytes == 0 { Err(Wrong::new("leaves no page to read")) } else { Ok(bytes) }
}

/// A share of a hundred: `5%` or `5`.
pub(super) fn percent(text: &str) -> Result<f64, Wrong> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = number.parse::<f64>().ok().filter(|value| digits && value.is_finite());
    match value {
        Some(value) if value <= 100.0 => Ok(value),
        Some(_) => Err(Wrong::new("is more than a hundred per cent")),
        None => Err(Wrong::help("is no share of a hundred", "write it like `5%` or `7.5%`")),
    }
}

/// A language tag as in `<html lang>`, such as `en` or `pt-BR`.
pub(super) fn language(text: &str) -> Result<(), Wrong> {
    let mut parts = text.split('-');
    let primary = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if primary && rest { Ok(()) } else { Err(Wrong::help("is no language tag", "write it like `en`, `de` or `pt-BR`")) }
}

/// A `rel` token: lower-case letters and hyphens.
pub(super) fn rel_token(text: &str) -> Result<(), Wrong> {
    if is_token(text) {
        return Ok(());
    }
    let lower = text.to_ascii_lowercase();
    let words: Vec<_> = lower.split_ascii_whitespace().collect();
    let fine = !words.is_empty() && words.iter().all(|word| is_token(word));
    let help = if fine {
        format!("write `[{}]`", words.join(", "))
    } else {
        "a token is lower-case letters and hyphens, such as `sponsored`".into()
    };
    Err(Wrong::help("is no `rel` token", help))
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The names in braces, each brace with its partner.
fn placeholders(text: &str) -> Result<Vec<&str>, Wrong> {
    let wrong = || Wrong::new("has a brace without its partner");
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}').ok_or_else(wrong)?;
        if before.contains('}') || name.contains('{') {
            return Err(wrong());
        }
        names.push(name);
        rest = tail;
    }
    if rest.contains('}') { Err(wrong()) } else { Ok(names) }
}

fn bare_host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    let end = text.find(['/', '?', '#', ':']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim()
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (good, host_name) in [
            ("rei.com", "rei.com"),
            ("WWW.Rei.com", "www.rei.com"),
            ("müller.de", "xn--mller-kva.de"),
            ("a-b.co.uk", "a-b.co.uk"),
        ] {
            assert_eq!(host(good), Ok(host_name.into()), "{good}");
        }
        for (bad, help) in [
            ("https://rei.com/x", "write `rei.com`; subdomains are included"),
            ("*.rei.com", "write `rei.com`; subdomains are included"),
            ("rei.com/shop", "write `rei.com`; subdomains are included"),
            ("rei.com:443", "write `rei.com`; subdomains are included"),
            ("com", "write the whole host name, such as `shop.example`"),
            ("", "write a name like `shop.example`"),
            ("a b.com", "write a name like `shop.example`"),
            ("rei..com", "write a name like `shop.example`"),
            ("rei.com.", "write a name like `shop.example`"),
        ] {
            assert_eq!(host(bad).err().and_then(|wrong| wrong.help).as_deref(), Some(help), "{bad}");
        }
        assert!(host("127.0.0.1").is_err() && host("0x7f.1").is_err());
    }

    #[test]
    fn urls() {
        assert_eq!(web_url("https://Example.com/x"), Ok("example.com".into()));
        for bad in [
            "example.com",
            "//example.com",
            "ftp://example.com",
            "https:example.com",
            "https://u:p@example.com",
            "https://a b.com",
            r"https:\\a.com",
            "https://",
        ] {
            assert!(web_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn templates() {
        for good in
            ["https://t.example/c?u={url}", "https://t.example/c/{+url}", "https://t.example/?s={subid}&u={url}"]
        {
            assert_eq!(template(good), Ok(()), "{good}");
        }
        for (bad, message) in [
            ("https://t.example/c", "has no place for the destination"),
            ("https://t.example/{url}{+url}", "has more than one destination"),
            ("https://t.example/{url}/{subid}{subid}", "has `{subid}` more than once"),
            ("https://t.example/{uri}", "has the unknown placeholder `{uri}`"),
            ("https://t.example/{url", "has a brace without its partner"),
            ("https://t.example/url}{url}", "has a brace without its partner"),
            ("https://{subid}.example/{url}", "has no whole host before its first placeholder"),
            ("t.example/{url}", "has no whole host before its first placeholder"),
            ("{+url}?x=1", "has no whole host before its first placeholder"),
            ("ftp://t.example/{url}", "is no web address"),
        ] {
            assert_eq!(template(bad).err().map(|wrong| wrong.message).as_deref(), Some(message), "{bad}");
        }
        assert_eq!((set_value("a-{subid}"), set_value("plain")), (Ok(()), Ok(())));
        assert!(set_value("{url}").is_err() && set_value("{subid}{subid}").is_err() && set_value("a}").is_err());
    }

    #[test]
    fn key_paths() {
        let key = |name: &str| Step::Key(name.into());
        for (text, steps) in [
            ("link", vec![key("link")]),
            ("a.b", vec![key("a"), key("b")]),
            ("products[].url", vec![key("products"), Step::Items, key("url")]),
            ("a[][]", vec![key("a"), Step::Items, Step::Items]),
        ] {
            assert_eq!(key_path(text), Ok(KeyPath(steps)), "{text}");
        }
        for bad in ["", ".", "a.", ".a", "[]", "[].a", "a[0]", "a[", "a b", "a.[]", "a]["] {
            assert!(key_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_and_shares() {
        for (text, bytes) in [("64MiB", 64 << 20), ("1024", 1024), ("5 MB", 5_000_000), ("2kib", 2048), ("1G", 1 << 30)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "MiB", "-1", "1.5MiB", "64 MiBs", "0", "99999999999GiB", "é"] {
            assert!(size(bad).is_err(), "{bad}");
        }
        assert_eq!((percent("5%"), percent("7.5"), percent("0 %")), (Ok(5.0), Ok(7.5), Ok(0.0)));
        for bad in ["", "%", "5 percent", "-5%", "101%", "1e1%", "nan", "inf%", "5%%"] {
            assert!(percent(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words() {
        assert!(["en", "pt-BR", "zh-Hant-TW", "gsw"].iter().all(|tag| language(tag).is_ok()));
        assert!(["", "english", "e", "en_US", "de-", "12"].iter().all(|tag| language(tag).is_err()));
        assert!(rel_token("sponsored").is_ok() && rel_token("no-follow").is_ok());
        let help = rel_token("Sponsored nofollow").err().and_then(|wrong| wrong.help);
        assert_eq!(help.as_deref(), Some("write `[sponsored, nofollow]`"));
        assert!(["", "\"><script>", "UGC", "a,b"].iter().all(|token| rel_token(token).is_err()));
        assert!(selector("main, .post > article").is_ok());
        assert!(["main >", "a:hover", "a + b", "", "]["].iter().all(|bad| selector(bad).is_err()));
    }
}
