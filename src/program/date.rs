//! Calendar days, for `starts`, `ends` and `--date`. Knows no time of day and no time zone but UTC.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use thiserror::Error;

/// A day of the Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Text that is no date.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no date of the form YYYY-MM-DD")]
pub struct DateError(String);

impl Date {
    /// The day in UTC at `seconds` after 1970-01-01T00:00:00Z.
    pub fn from_unix(seconds: u64) -> Self {
        Self::from_days(seconds / 86_400)
    }

    /// Today in UTC by the machine's clock.
    pub fn today_utc() -> Self {
        Self::from_unix(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }

    /// Days from 1970-01-01; negative before it.
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
    }

    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (year > 0 && (1..=last).contains(&day)).then_some(Self { year, month, day })
    }

    fn from_days(days: u64) -> Self {
        // days since 0000-03-01, so that the leap day is a year's last; later than 9999 is 9999
        let days = days.min(2_932_896) + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, turn) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self { year: (year + era * 400 + turn) as u16, month: month as u8, day: day as u8 }
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let parse = || {
            let bytes = text.as_bytes();
            let shape = bytes.len() == 10
                && bytes.iter().enumerate().all(|(at, byte)| match at {
                    4 | 7 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                });
            let part = |from, to| text.get(from..to).filter(|_| shape);
            Self::new(part(0, 4)?.parse().ok()?, part(5, 7)?.parse().ok()?, part(8, 10)?.parse().ok()?)
        };
        parse().ok_or_else(|| DateError(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_read() {
        for text in ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()).as_deref(), Ok(text));
        }
        for text in ["2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-1-1", "20260101", "+026-01-01", ""] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970_both_ways() {
        for (days, text) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_779, "2026-11-22"), (59, "1970-03-01")] {
            assert_eq!(Date::from_unix(days * 86_400 + 86_399).to_string(), text);
        }
        for days in (0..200_000).step_by(37) {
            assert_eq!(Date::from_days(days).days(), i64::try_from(days).expect("small"));
        }
        assert!("2026-09-30".parse::<Date>().expect("a date") < "2026-10-01".parse().expect("a date"));
        assert_eq!(Date::from_unix(u64::MAX).to_string(), "9999-12-31");
    }
}
