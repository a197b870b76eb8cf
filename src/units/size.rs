//! Amounts of memory and disk.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A number of bytes. `1G` is 1024 `M`, as in php.ini and `my.cnf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

const UNITS: [(char, u64); 4] = [
    ('T', 1 << 40),
    ('G', 1 << 30),
    ('M', 1 << 20),
    ('K', 1 << 10),
];

impl Size {
    /// Returns a size of so many bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Returns a size of so many mebibytes.
    pub const fn mebibytes(count: u64) -> Self {
        Self(count << 20)
    }

    /// Returns a size of so many gibibytes.
    pub const fn gibibytes(count: u64) -> Self {
        Self(count << 30)
    }

    /// Returns the number of bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// Returns the number of mebibytes, rounded down.
    pub const fn as_mebibytes(self) -> u64 {
        self.0 >> 20
    }

    /// Returns the number of gibibytes, rounded up.
    pub const fn as_gibibytes_up(self) -> u64 {
        self.0.div_ceil(1 << 30)
    }

    /// Returns `self` times `numerator / denominator`, rounded up.
    #[must_use]
    pub const fn scale(self, numerator: u64, denominator: u64) -> Self {
        Self(self.0.saturating_mul(numerator).div_ceil(denominator))
    }

    /// Returns the difference, or nothing when `other` is larger.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the exact spelling with the largest unit up to `G` that leaves no remainder,
    /// `512M`: the notation of php.ini, nginx and `my.cnf` alike, of which the first two know no
    /// `T`.
    pub fn exact(self) -> String {
        UNITS
            .iter()
            .skip(1)
            .find(|(_, unit)| self.0 >= *unit && self.0.is_multiple_of(*unit))
            .map_or_else(
                || self.0.to_string(),
                |(letter, unit)| format!("{}{letter}", self.0 / unit),
            )
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Size {
    type Output = Self;

    fn mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self(0), Add::add)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.exact())
    }
}

impl Unit for Size {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let refuse = || {
            Refusal::new(
                format!("`{scalar}` is not a size"),
                "write a whole number and a unit, such as \"512M\" or \"2G\"",
            )
        };
        let text = match scalar {
            Scalar::Text(text) => text,
            Scalar::Integer(bytes) => {
                return u64::try_from(bytes).map(Self).map_err(|_| refuse());
            }
            Scalar::Flag(_) | Scalar::Other(_) => return Err(refuse()),
        };
        let requirement = text.trim();
        let digits_end = requirement
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(requirement.len());
        let (digits, suffix) = requirement.split_at(digits_end);
        let count: u64 = digits.parse().map_err(|_| refuse())?;
        let suffix = suffix.trim().to_ascii_uppercase();
        let factor = match suffix.trim_end_matches('B').trim_end_matches('I') {
            "" if suffix.is_empty() || suffix == "B" => 1,
            unit => UNITS
                .iter()
                .find(|(letter, _)| unit.len() == 1 && unit.starts_with(*letter))
                .map(|(_, factor)| *factor)
                .ok_or_else(refuse)?,
        };
        count.checked_mul(factor).map(Self).ok_or_else(refuse)
    }

    fn spell(&self) -> String {
        self.exact()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Size",
            description: "a size such as \"512M\" or \"2G\"; units are binary, 1G is 1024M",
            types: &["string", "integer"],
            examples: &["16M", "96M", "160M", "768M", "1536M", "3G", "6G", "48G"],
        }
    }
}

/// At least so much: `">=1G"`. The operator may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtLeast(pub Size);

impl Unit for AtLeast {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        match scalar {
            Scalar::Text(text) => {
                let amount = text.trim_start().strip_prefix(">=").unwrap_or(text);
                Size::read(Scalar::Text(amount)).map(Self).map_err(|_| {
                    Refusal::new(
                        format!("`{text}` is not a smallest size"),
                        "write an amount such as \">=1G\"",
                    )
                })
            }
            other => Size::read(other).map(Self),
        }
    }

    fn spell(&self) -> String {
        format!(">={}", self.0)
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "AtLeast",
            description: "a smallest size such as \">=1G\"",
            types: &["string", "integer"],
            examples: &[">=512M", ">=2G", ">=48G"],
        }
    }
}

unit_serde!(Size, AtLeast);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_binary_and_written_in_the_usual_ways() {
        for (text, bytes) in [
            ("512M", 512 << 20),
            ("1G", 1 << 30),
            ("1g", 1 << 30),
            ("2GB", 2 << 30),
            ("2GiB", 2 << 30),
            ("64 K", 64 << 10),
            ("1T", 1 << 40),
            ("100", 100),
            ("100B", 100),
            ("0", 0),
        ] {
            assert_eq!(Size::read(Scalar::Text(text)), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "G",
            "1X",
            "1.5G",
            "-1G",
            "1GG",
            "1I",
            "1 G 2",
            "99999999T",
        ] {
            assert!(Size::read(Scalar::Text(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn spelling_keeps_every_byte() {
        for bytes in [
            0,
            1,
            1023,
            1024,
            1025,
            1 << 20,
            (1 << 30) + 1,
            3 << 30,
            1 << 40,
        ] {
            let spelled = Size(bytes).spell();
            assert_eq!(Size::read(Scalar::Text(&spelled)), Ok(Size(bytes)));
        }
    }
}
