//! What YAML makes of a plain scalar. Decides when a text that was meant as one is read as something else, by YAML 1.2
//! (which this program reads) or by YAML 1.1 (which many other tools read).

use crate::yaml::{Kind, Node, Style};

/// The most digits that are a number to the reader; longer ones lose digits.
const MAX_DIGITS: usize = 38;

/// The kinds of scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// Text.
    Text,
    /// Nothing at all, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool,
    /// `yes`, `no`, `on`, `off`: boolean in YAML 1.1, text in YAML 1.2.
    OldBool,
    /// Digits and nothing else, no leading zero.
    Digits,
    /// A whole number below zero.
    Negative,
    /// A whole number in a spelling that readers change: octal, hexadecimal, signed, very long.
    OddInteger,
    /// A number with a fraction or an exponent.
    Float,
}

impl Scalar {
    /// What the scalar `node` is; `None` for what is no scalar.
    pub(super) fn of(node: &Node) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { value, style: Style::Plain } => Some(Self::of_plain(value)),
            Kind::Scalar { .. } => Some(Self::Text),
            _ => None,
        }
    }

    /// As messages name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Null => "nothing",
            Self::Bool | Self::OldBool => "a boolean",
            Self::Digits | Self::Negative => "a number",
            Self::OddInteger => "a number in a spelling that YAML changes",
            Self::Float => "a number with a fraction or an exponent",
        }
    }

    /// What `text` would be without quotes.
    pub(super) fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Self::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Self::Bool,
            "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
                return Self::OldBool;
            }
            _ => {}
        }
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let signed = unsigned.len() < text.len();
        if is_digits(unsigned) {
            let odd = text.starts_with('+')
                || unsigned.len() > MAX_DIGITS
                || (unsigned.len() > 1 && unsigned.starts_with('0'));
            return if odd {
                Self::OddInteger
            } else if signed {
                Self::Negative
            } else {
                Self::Digits
            };
        }
        if has_radix(unsigned) {
            Self::OddInteger
        } else if is_float(unsigned) {
            Self::Float
        } else {
            Self::Text
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_radix(text: &str) -> bool {
    let digits = |prefix: &str, radix: u32| {
        text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|char| char.is_digit(radix)))
    };
    digits("0x", 16) || digits("0o", 8) || digits("0b", 2)
}

/// YAML 1.2 core schema, 10.3.2.
fn is_float(text: &str) -> bool {
    if matches!(text, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.is_empty() || is_digits(text);
    let exponent_fits =
        exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    !(whole.is_empty() && fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_yaml_makes_of_them() {
        use Scalar::*;
        for (kind, texts) in [
            (
                Text,
                &[
                    "mysite-20",
                    "12-34",
                    "1.2.3",
                    "2026-01-31",
                    "5%",
                    "e5",
                    "1e",
                    "0x",
                    "0xZ",
                    ".",
                    "-",
                    "1_000",
                    "é",
                    "nope",
                ][..],
            ),
            (Null, &["~", "null", "NULL", ""]),
            (Bool, &["true", "FALSE"]),
            (OldBool, &["yes", "No", "on", "OFF"]),
            (Digits, &["0", "7", "123456", "12345678901234567890123456789012345678"]),
            (Negative, &["-1"]),
            (OddInteger, &["0123", "0x1F", "0o17", "+5", "123456789012345678901234567890123456789"]),
            (Float, &["1e3", "1.5", "1.", ".5", "-2.5E-3", ".inf", "-.INF", ".nan", "12e05"]),
        ] {
            for text in texts {
                assert_eq!(Scalar::of_plain(text), kind, "{text}");
            }
        }
    }

    #[test]
    fn quotes_make_text() {
        let root = crate::yaml::parse("['no', \"1e3\", no]").expect("valid").expect("a document");
        let kinds: Vec<_> = root.items().iter().filter_map(Scalar::of).collect();
        assert_eq!(kinds, [Scalar::Text, Scalar::Text, Scalar::OldBool]);
    }
}
