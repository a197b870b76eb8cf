//! Lengths of time.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A whole number of seconds. A bare number in an inventory is seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(u64);

const UNITS: [(&str, u64); 5] = [
    ("w", 7 * 86_400),
    ("d", 86_400),
    ("h", 3_600),
    ("m", 60),
    ("s", 1),
];

/// One hundred years: longer retentions are typing errors, and some tools overflow on them.
const LONGEST: u64 = 36_500 * 86_400;

impl Duration {
    /// Returns a duration of so many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Returns the number of seconds.
    pub const fn as_seconds(self) -> u64 {
        self.0
    }

    /// Returns the spelling with the largest unit that leaves no remainder, `30d`.
    fn exact(self) -> String {
        UNITS
            .iter()
            .skip(1)
            .find(|(_, unit)| self.0 >= *unit && self.0.is_multiple_of(*unit))
            .map_or_else(
                || format!("{}s", self.0),
                |(letter, unit)| format!("{}{letter}", self.0 / unit),
            )
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.exact())
    }
}

impl Unit for Duration {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let refuse = || {
            Refusal::new(
                format!("`{scalar}` is not a duration"),
                "write seconds, or a whole number and a unit: \"90s\", \"15m\", \"1h\", \"30d\", \"2w\"",
            )
        };
        let seconds = match scalar {
            Scalar::Integer(seconds) => u64::try_from(seconds).map_err(|_| refuse())?,
            Scalar::Flag(_) | Scalar::Other(_) => return Err(refuse()),
            Scalar::Text(text) => {
                let text = text.trim();
                let end = text
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(text.len());
                let (digits, suffix) = text.split_at(end);
                let count: u64 = digits.parse().map_err(|_| refuse())?;
                let factor = match suffix.trim() {
                    "" => 1,
                    unit => UNITS
                        .iter()
                        .find(|(letter, _)| *letter == unit)
                        .map(|(_, factor)| *factor)
                        .ok_or_else(refuse)?,
                };
                count.checked_mul(factor).ok_or_else(refuse)?
            }
        };
        if seconds > LONGEST {
            return Err(Refusal::new(
                format!("`{scalar}` is longer than a hundred years"),
                "write a shorter duration",
            ));
        }
        Ok(Self(seconds))
    }

    fn spell(&self) -> String {
        self.exact()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Duration",
            description: "a duration: whole seconds, or \"90s\", \"15m\", \"1h\", \"30d\", \"2w\"",
            types: &["string", "integer"],
            examples: &["7s", "11s", "45s", "2m", "3h", "8d", "12d", "45d"],
        }
    }
}

unit_serde!(Duration);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_numbers_are_seconds() {
        assert_eq!(Duration::read(Scalar::Integer(60)), Ok(Duration(60)));
        assert_eq!(Duration::read(Scalar::Text("60")), Ok(Duration(60)));
        assert_eq!(Duration::read(Scalar::Text("30d")), Ok(Duration(2_592_000)));
        assert_eq!(Duration::read(Scalar::Text("2w")), Ok(Duration(1_209_600)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "d", "30 days", "1.5h", "-1s", "1M", "40000d"] {
            assert!(Duration::read(Scalar::Text(text)).is_err(), "{text}");
        }
        assert!(Duration::read(Scalar::Integer(-1)).is_err());
    }

    #[test]
    fn spelling_keeps_every_second() {
        for seconds in [0, 1, 59, 60, 61, 3600, 86_400, 604_800, 604_801] {
            let spelled = Duration(seconds).spell();
            assert_eq!(
                Duration::read(Scalar::Text(&spelled)),
                Ok(Duration(seconds))
            );
        }
    }
}
