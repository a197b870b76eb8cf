//! File modes.

use std::fmt;

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// The mode of a directory: three or four octal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permissions(u16);

impl Permissions {
    /// Wraps a mode given as an octal constant.
    pub const fn of(mode: u16) -> Self {
        Self(mode)
    }

    /// Returns whether everybody on the machine may write.
    pub const fn is_world_writable(self) -> bool {
        self.0 & 0o002 != 0
    }

    /// Returns the mode of a plain file in such a directory: nobody may execute it.
    #[must_use]
    pub const fn for_files(self) -> Self {
        Self(self.0 & 0o666)
    }
}

impl fmt::Display for Permissions {
    /// Writes four octal digits, `0755`: the form Ansible and `install` take.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl Unit for Permissions {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        let digits = (3..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        match u16::from_str_radix(&text, 8) {
            Ok(mode) if digits => Ok(Self(mode)),
            _ => Err(Refusal::new(
                format!("`{text}` is not a file mode"),
                "write three or four octal digits in quotes, such as \"0750\"",
            )),
        }
    }

    fn spell(&self) -> String {
        self.to_string()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Permissions",
            description: "a file mode in octal digits, quoted: \"755\"",
            types: &["string", "integer"],
            examples: &["0750", "0770"],
        }
    }
}

unit_serde!(Permissions);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_octal_whether_quoted_or_not() {
        assert_eq!(
            Permissions::read(Scalar::Text("755")),
            Ok(Permissions(0o755))
        );
        assert_eq!(
            Permissions::read(Scalar::Integer(755)),
            Ok(Permissions(0o755))
        );
        assert!(Permissions::read(Scalar::Integer(493)).is_err());
        assert!(Permissions::read(Scalar::Text("u+x")).is_err());
        assert!(Permissions::read(Scalar::Text("+75")).is_err());
    }
}
