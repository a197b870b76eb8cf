//! Stage 6: lowers an environment into artifacts, one module per target.
//!
//! A target is a folder in `templates/`, a module here and a line in [`ALL`]. Lowering does the
//! sums, joins and units; templates only place values.

pub mod ansible;
pub mod nginx;
pub mod php;
pub mod terraform;
mod timeouts;

pub use crate::artifact::Artifact;
use crate::environment::Environment;

/// A family of output.
#[derive(Debug)]
pub struct Target {
    /// Its name, which is also its folder in `templates/` and in `out/<environment>/`.
    pub name: &'static str,
    /// Turns an environment into artifacts.
    pub lower: fn(&Environment<'_>) -> Vec<Artifact>,
}

/// Every target, in the order of output.
pub const ALL: &[Target] = &[
    terraform::TARGET,
    ansible::TARGET,
    nginx::TARGET,
    php::TARGET,
];

/// Lowers an environment into the artifacts of every target.
pub fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    ALL.iter()
        .flat_map(|target| (target.lower)(environment))
        .collect()
}
