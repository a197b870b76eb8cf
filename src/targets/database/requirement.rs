//! Which version of a database program will do.

use serde::Serialize;

use crate::units::Requirement;

/// A package the play asks for before it changes anything, and the versions that will do.
#[derive(Debug, Serialize)]
pub(super) struct Needed {
    package: &'static str,
    key: &'static str,
    requirement: String,
    bounds: Vec<Bound>,
}

/// An inequality, as Ansible's `version` test takes it.
#[derive(Debug, Serialize)]
struct Bound {
    operator: &'static str,
    version: String,
}

impl Needed {
    /// Names the package and the inventory's key.
    pub(super) fn new(
        package: &'static str,
        key: &'static str,
        requirement: Option<&Requirement>,
    ) -> Self {
        let bounds = requirement.map(Requirement::bounds).unwrap_or_default();
        Self {
            package,
            key,
            requirement: requirement.map_or_else(|| "any".to_owned(), Requirement::to_string),
            bounds: bounds
                .into_iter()
                .map(|bound| Bound {
                    operator: bound.operator,
                    version: bound.version,
                })
                .collect(),
        }
    }
}
