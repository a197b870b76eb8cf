//! Whole numbers with a range.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

fn whole(scalar: Scalar<'_>) -> Option<i64> {
    match scalar {
        Scalar::Integer(number) => Some(number),
        // Environment variables and quoted numbers arrive as text.
        Scalar::Text(text) => text.parse().ok(),
        Scalar::Flag(_) | Scalar::Other(_) => None,
    }
}

/// Defines a whole number between two bounds.
macro_rules! ranged {
    ($(#[$doc:meta])* $name:ident: $repr:ty, $low:literal..=$high:literal, $code:literal, $what:literal, [$($example:literal),+]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name($repr);

        impl $name {
            /// Wraps a constant.
            ///
            /// # Panics
            /// At compile time, when the constant is out of range.
            pub const fn of(number: $repr) -> Self {
                #[allow(unused_comparisons, reason = "the lower bound is zero for some types")]
                {
                    assert!(number >= $low && number <= $high);
                }
                Self(number)
            }

            /// Returns the number.
            pub const fn get(self) -> $repr {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl Unit for $name {
            fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
                match whole(scalar) {
                    Some(number) if ($low..=$high).contains(&number) => {
                        Ok(Self(<$repr>::try_from(number).expect("the range fits the type")))
                    }
                    number => {
                        let wrong = if number.is_some() {
                            concat!("outside ", $low, " to ", $high)
                        } else {
                            concat!("not ", $what)
                        };
                        Err(Refusal::coded(
                            $code,
                            format!("`{scalar}` is {wrong}"),
                            concat!("write a whole number from ", $low, " to ", $high),
                        ))
                    }
                }
            }

            fn spell(&self) -> String {
                self.0.to_string()
            }

            fn schema() -> UnitSchema {
                UnitSchema {
                    name: stringify!($name),
                    description: concat!($what, " from ", $low, " to ", $high),
                    types: &["integer", "string"],
                    examples: &[$($example),+],
                }
            }
        }

        unit_serde!($name);
    };
}

ranged!(
    /// A TCP port.
    Port: u16, 1..=65_535, "L02", "a port", ["6390", "8443"]
);
ranged!(
    /// A number of things, zero included.
    Count: u32, 0..=1_000_000, "L02", "a whole number", ["0", "1", "2", "5", "7", "9", "321", "4321"]
);
ranged!(
    /// A share in percent.
    Percent: u8, 1..=100, "L45", "a percentage", ["71", "93"]
);
ranged!(
    /// Threads per GlusterFS brick; the range is GlusterFS's own for `performance.io-thread-count`.
    IoThreads: u8, 1..=64, "L34", "a number of threads per brick", ["4", "16"]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_inclusive() {
        assert_eq!(Port::read(Scalar::Integer(65_535)), Ok(Port(65_535)));
        assert_eq!(Port::read(Scalar::Text("1")), Ok(Port(1)));
        assert!(Port::read(Scalar::Integer(0)).is_err());
        assert!(Port::read(Scalar::Integer(65_536)).is_err());
        assert!(Percent::read(Scalar::Other("80.5")).is_err());
        assert!(IoThreads::read(Scalar::Integer(65)).is_err());
    }
}
