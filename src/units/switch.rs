//! On or off.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A truth value. YAML 1.1's `yes`, `no`, `on` and `off` are understood, with a warning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Switch(pub bool);

impl Switch {
    /// Returns the truth value a YAML 1.1 word stands for.
    pub fn from_word(word: &str) -> Option<bool> {
        match word.to_ascii_lowercase().as_str() {
            "yes" | "on" => Some(true),
            "no" | "off" => Some(false),
            _ => None,
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Unit for Switch {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let flag = match scalar {
            Scalar::Flag(flag) => Some(flag),
            Scalar::Text("true") => Some(true),
            Scalar::Text("false") => Some(false),
            Scalar::Text(word) => Self::from_word(word),
            _ => None,
        };
        flag.map(Self).ok_or_else(|| {
            Refusal::coded(
                "L01",
                format!("`{scalar}` is neither true nor false"),
                "write true or false",
            )
        })
    }

    fn spell(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Switch",
            description: "true or false",
            types: &["boolean"],
            examples: &["true", "false"],
        }
    }
}

unit_serde!(Switch);
