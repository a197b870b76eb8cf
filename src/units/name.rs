//! Identifiers that become host names, folders and labels.

use std::borrow::Borrow;
use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// A lowercase DNS label: letters, digits and inner hyphens, at most 40 characters, so that a
/// machine name built on it stays within the 63 of RFC 1123.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Unit for Name {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        let valid = (1..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if valid {
            Ok(Self(text))
        } else {
            Err(Refusal::new(
                format!("`{text}` is not a name"),
                "use lowercase letters, digits and inner hyphens, begin with a letter, at most 40 characters",
            ))
        }
    }

    fn spell(&self) -> String {
        self.0.clone()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Name",
            description: "a name: lowercase letters, digits and inner hyphens",
            types: &["string"],
            examples: &["shop", "blog-2"],
        }
    }
}

unit_serde!(Name);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dns_labels() {
        for good in ["a", "production", "eu-west-1"] {
            assert!(Name::read(Scalar::Text(good)).is_ok(), "{good}");
        }
        for bad in [
            "", "-a", "a-", "A", "a.b", "../etc", "1a", "a b", "ü", "a/b",
        ] {
            assert!(Name::read(Scalar::Text(bad)).is_err(), "{bad}");
        }
        assert!(Name::read(Scalar::Text(&"a".repeat(41))).is_err());
    }
}
