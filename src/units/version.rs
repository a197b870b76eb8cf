//! Version requirements.

use std::fmt;

use semver::{Comparator, Op, VersionReq};

use super::{Refusal, Scalar, Unit, UnitSchema, unit_serde};

/// Which versions of a program will do: `">=8.1"`, `"^8.1"`, `">=8.0, <9"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement(VersionReq);

/// One inequality: an operator as Ansible's `version` test writes it, and a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// `>=`, `>`, `<`, `<=` or `==`.
    pub operator: &'static str,
    /// A dotted version with as many parts as are meant.
    pub version: String,
}

impl Requirement {
    /// Parses a constant.
    ///
    /// # Panics
    /// When the constant is malformed; every use stands in a default, which a test covers.
    pub fn of(text: &str) -> Self {
        Self(VersionReq::parse(text).expect("a valid requirement"))
    }

    /// Returns whether `version`, one to three numbers, will do. Missing numbers are zero.
    pub fn allows(&self, version: &str) -> bool {
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        self.0
            .matches(&semver::Version::new(next(), next(), next()))
    }

    /// Returns the inequalities that together say the same.
    pub fn bounds(&self) -> Vec<Bound> {
        self.0.comparators.iter().flat_map(bounds_of).collect()
    }

    /// Returns the smallest version the requirement names as a floor, if it names one.
    pub fn floor(&self) -> Option<String> {
        self.bounds()
            .into_iter()
            .find(|bound| bound.operator.starts_with(['>', '=']))
            .map(|bound| bound.version)
    }
}

fn bounds_of(comparator: &Comparator) -> Vec<Bound> {
    let bound = |operator, version: String| Bound { operator, version };
    let spelled = [comparator.minor, comparator.patch]
        .iter()
        .map_while(|part| *part)
        .fold(comparator.major.to_string(), |text, part| {
            format!("{text}.{part}")
        });
    let (major, minor, patch) = (
        comparator.major,
        comparator.minor.unwrap_or(0),
        comparator.patch.unwrap_or(0),
    );
    let next_minor = format!("{major}.{}", minor + 1);
    let next_major = (major + 1).to_string();
    let after = match comparator.op {
        Op::Greater => return vec![bound(">", spelled)],
        Op::GreaterEq => return vec![bound(">=", spelled)],
        Op::Less => return vec![bound("<", spelled)],
        Op::LessEq => return vec![bound("<=", spelled)],
        Op::Exact if comparator.patch.is_some() => return vec![bound("==", spelled)],
        // `=8`, `8.*`, `~8` stay within the last number given.
        Op::Exact | Op::Wildcard | Op::Tilde if comparator.minor.is_none() => next_major,
        Op::Exact | Op::Wildcard | Op::Tilde => next_minor,
        // A caret keeps the leftmost number that is not zero.
        _ if major > 0 || comparator.minor.is_none() => next_major,
        _ if minor > 0 || comparator.patch.is_none() => next_minor,
        _ => format!("0.0.{}", patch + 1),
    };
    vec![bound(">=", spelled), bound("<", after)]
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Unit for Requirement {
    fn read(scalar: Scalar<'_>) -> Result<Self, Refusal> {
        let text = scalar.to_string();
        VersionReq::parse(&text)
            .ok()
            .filter(|requirement| !requirement.comparators.is_empty())
            .map(Self)
            .ok_or_else(|| {
                Refusal::new(
                    format!("`{text}` is not a version requirement"),
                    "write an operator and a version, such as \">=8.1\" or \"^8.2\"",
                )
            })
    }

    fn spell(&self) -> String {
        self.0.to_string()
    }

    fn schema() -> UnitSchema {
        UnitSchema {
            name: "Requirement",
            description: "a version requirement such as \">=8.1\" or \"^8.2\"",
            types: &["string"],
            examples: &[">=8.2", ">=5.7", ">=14"],
        }
    }
}

unit_serde!(Requirement);

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> String {
        Requirement::of(text)
            .bounds()
            .iter()
            .map(|bound| format!("{}{}", bound.operator, bound.version))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn shorthands_become_inequalities() {
        assert_eq!(bounds(">=8.1"), ">=8.1");
        assert_eq!(bounds("^8.1"), ">=8.1 <9");
        assert_eq!(bounds("~8.1"), ">=8.1 <8.2");
        assert_eq!(bounds("=8.2"), ">=8.2 <8.3");
        assert_eq!(bounds("8.*"), ">=8 <9");
        assert_eq!(bounds("^0.3"), ">=0.3 <0.4");
        assert_eq!(bounds(">=8.0, <9"), ">=8.0 <9");
    }

    #[test]
    fn versions_are_judged() {
        assert!(Requirement::of(">=8.1").allows("8.2"));
        assert!(!Requirement::of(">=8.3").allows("8.2"));
        assert!(Requirement::of(">=1.6").allows("1.6.18"));
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        for text in ["", "new", ">= eight", ">>8", "*"] {
            assert!(Requirement::read(Scalar::Text(text)).is_err(), "{text}");
        }
    }
}
