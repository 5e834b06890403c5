//! How a destination stands inside a link. Decides which of its many spellings means which URL; whether that URL is
//! anybody's merchant is not asked here.

use std::borrow::Cow;

use super::query::{decode, encode, escape_unsafe};

/// How a network wants the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Percent-encoded once.
    Percent,
    /// Percent-encoded twice.
    Twice,
    /// As it is, to the end of the link.
    Raw,
    /// What follows the merchant's domain, percent-encoded once: with its leading slash.
    Path,
    /// The same without its leading slash.
    BarePath,
    /// Without its scheme, percent-encoded once.
    Schemeless,
    /// Percent-encoded once, between `[[` and `]]`.
    Bracketed,
}

/// What stands where the destination belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// Something that is no URL.
    Unreadable,
    /// What follows the merchant's domain, which the link does not say; decoded once.
    Path(String),
    /// A URL, and whether it stood there without being encoded.
    Url {
        /// With its scheme.
        url: String,
        /// Whether it was not encoded, so that its own `&` may have cut it short.
        raw: bool,
    },
}

/// The spelling of `url` that `encoding` wants; `None` for a URL without scheme where one must be cut off.
pub fn write(url: &str, encoding: Encoding) -> Option<String> {
    Some(match encoding {
        Encoding::Percent => encode(url),
        Encoding::Twice => encode(&encode(url)),
        Encoding::Raw => escape_unsafe(url),
        Encoding::Path => encode(&format!("/{}", after_host(url)?.trim_start_matches('/'))),
        Encoding::BarePath => encode(after_host(url)?.trim_start_matches('/')),
        Encoding::Schemeless => encode(url.split_once("://")?.1),
        Encoding::Bracketed => format!("%5B%5B{}%5D%5D", encode(url)),
    })
}

/// The URL that `text`, found where a destination belongs, stands for.
///
/// Takes it raw, half-, once, twice and three times encoded, whatever `encoding` says; never anything but http
/// and https.
pub fn read(text: &str, encoding: Encoding) -> Found {
    let text = unpacked(text.trim_ascii_end());
    if text.is_empty() {
        return Found::Nothing;
    }
    if encoding == Encoding::Bracketed {
        let bare = decode(text);
        let bare = bare.strip_prefix("[[").map_or(&*bare, |rest| rest.strip_suffix("]]").unwrap_or(rest));
        let url = absolute(bare).or_else(|| with_scheme(bare));
        return url.map_or_else(|| path(bare, encoding), |url| found(&url, false));
    }
    if let Some(url) = absolute(text) {
        return if half_encoded(&url) { found(&decode(&url), false) } else { found(&url, true) };
    }
    let mut layer = Cow::Borrowed(text);
    for _ in 0..3 {
        layer = Cow::Owned(decode(&layer).into_owned());
        if let Some(url) = absolute(unpacked(&layer)) {
            return found(&url, false);
        }
    }
    match with_scheme(&decode(text)).filter(|_| encoding == Encoding::Schemeless) {
        Some(url) => found(&url, false),
        None => path(&decode(text), encoding),
    }
}

/// `text` without the white space before it and the brackets around it, an old habit of Awin's and zanox's.
fn unpacked(text: &str) -> &str {
    let text = text.trim_ascii_start();
    text.strip_prefix("[[").and_then(|inner| inner.strip_suffix("]]")).unwrap_or(text)
}

/// `text` where `encoding` leaves the merchant's domain out.
fn path(text: &str, encoding: Encoding) -> Found {
    let odd = |character: char| character.is_control() || character == '\\';
    let rooted = text.starts_with('/') && !text.starts_with("//");
    let is_path = match encoding {
        Encoding::Path | Encoding::Bracketed => rooted,
        Encoding::BarePath => rooted || !text.split(['/', '?', '#']).next().unwrap_or_default().contains(':'),
        _ => false,
    };
    if is_path && !text.contains(odd) { Found::Path(text.to_owned()) } else { Found::Unreadable }
}

/// `text` if it is an http, https or scheme-relative URL with something after its slashes; with a scheme.
pub fn absolute(text: &str) -> Option<Cow<'_, str>> {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let prefix = ["https://", "http://", "//"].into_iter().find(|prefix| lower.starts_with(prefix))?;
    let rest = text.get(prefix.len()..).filter(|rest| !rest.is_empty() && !rest.starts_with('/'))?;
    Some(if prefix == "//" { Cow::Owned(format!("https://{rest}")) } else { Cow::Borrowed(text) })
}

fn found(url: &str, raw: bool) -> Found {
    // an encoded space or control character of the wrapper's is one of the destination's
    let broken = |character: char| character.is_control() || character.is_whitespace();
    let url = if url.contains(broken) {
        url.chars().map(|c| if broken(c) { encode(c.encode_utf8(&mut [0; 4])) } else { c.to_string() }).collect()
    } else {
        url.to_owned()
    };
    Found::Url { url, raw }
}

/// `https://shop.example%2Fpath`: scheme bare, the rest encoded.
fn half_encoded(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains('%')
}

fn with_scheme(text: &str) -> Option<Cow<'static, str>> {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let named = host.contains('.') && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    named.then(|| Cow::Owned(format!("https://{text}")))
}

fn after_host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    Some(rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_destination_is_read() {
        let url = |url: &str, raw| Found::Url { url: url.to_owned(), raw };
        for (text, encoding, want) in [
            ("https%3A%2F%2Fx.example%2Fa%3Fb%3Dc%2520d", Encoding::Percent, url("https://x.example/a?b=c%20d", false)),
            ("https%3a//x.example/a?b=%20", Encoding::Percent, url("https://x.example/a?b=%20", false)),
            ("https%253A%252F%252Fx.example%252Fa", Encoding::Percent, url("https://x.example/a", false)),
            ("https://x.example/a%20b", Encoding::Percent, url("https://x.example/a%20b", true)),
            ("https://x.example%2Fa%2520b", Encoding::Percent, url("https://x.example/a%20b", false)),
            ("HTTPS%3A%2F%2Fx.example", Encoding::Percent, url("HTTPS://x.example", false)),
            ("%2F%2Fx.example%2Fa", Encoding::Percent, url("https://x.example/a", false)),
            ("https%3A%2F%2Fx.example%2Fa%20b", Encoding::Percent, url("https://x.example/a%20b", false)),
            ("www%2Ex.example%2Fa%3Fb%3D1", Encoding::Schemeless, url("https://www.x.example/a?b=1", false)),
            ("%5B%5Bhttp%3A%2F%2Fx.example%2Fa%5D%5D", Encoding::Percent, url("http://x.example/a", false)),
            ("%20http%3A%2F%2Fx.example%2Fa%5D%5D", Encoding::Percent, url("http://x.example/a]]", false)),
            ("[[http://x.example/v%25C3%25AA]]", Encoding::Bracketed, url("http://x.example/v%C3%AA", false)),
            ("", Encoding::Percent, Found::Nothing),
            ("javascript:alert(1)", Encoding::Percent, Found::Unreadable),
            ("javascript%3Aalert(1)", Encoding::Percent, Found::Unreadable),
            ("https%3A%2F%2F", Encoding::Percent, Found::Unreadable),
            ("www.x.example%2Fa", Encoding::Percent, Found::Unreadable),
            ("%2Fa%2Fb", Encoding::Path, Found::Path("/a/b".to_owned())),
            ("a%2Fb%3Fc%3Dd%2520e", Encoding::BarePath, Found::Path("a/b?c=d%20e".to_owned())),
            ("https%3A%2F%2Fx.example%2Fa", Encoding::BarePath, url("https://x.example/a", false)),
            ("javascript%3Aalert(1)", Encoding::BarePath, Found::Unreadable),
            ("a%2Fb", Encoding::Path, Found::Unreadable),
            ("data:text/html,https://x.example", Encoding::Percent, Found::Unreadable),
        ] {
            assert_eq!(read(text, encoding), want, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let url = "https://x.example/a%20b/%C3%A4?c=d%26e&f=1#g";
        for encoding in [Encoding::Percent, Encoding::Twice, Encoding::Raw, Encoding::Schemeless, Encoding::Bracketed] {
            let text = write(url, encoding).expect("a URL with a scheme");
            let Found::Url { url: back, .. } = read(&text, encoding) else { panic!("{encoding:?}: `{text}`") };
            assert_eq!(back, url, "{encoding:?}");
        }
        assert_eq!(write(url, Encoding::BarePath).as_deref(), Some("a%2520b%2F%25C3%25A4%3Fc%3Dd%2526e%26f%3D1%23g"));
        assert_eq!(write("https://x.example", Encoding::Path).as_deref(), Some("%2F"));
    }
}
