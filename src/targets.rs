//! Stage 6: lowers an environment into artifacts, one module per target.
//!
//! A target is a folder in `templates/`, a module here and a line in [`ALL`]. Lowering does the
//! sums, joins and units; templates only place values.

pub mod ansible;
pub mod application;
pub mod backup;
pub mod cache;
pub mod database;
pub mod monitoring;
pub mod nginx;
pub mod php;
pub mod runbook;
pub mod storage;
pub mod system;
pub mod terraform;

pub use crate::artifact::Artifact;
use crate::deployment::Deployment;
use crate::environment::Environment;

/// A family of output.
#[derive(Debug)]
pub struct Target {
    /// Its name, which is also its folder in `templates/` and in `out/<environment>/`.
    pub name: &'static str,
    /// Turns an environment into artifacts. Variables for Ansible are among them, below
    /// `ansible/inventory/group_vars/`.
    pub lower: fn(&Environment<'_>) -> Vec<Artifact>,
    /// Says how Ansible brings them to the machines.
    pub deployment: fn(&Environment<'_>) -> Deployment,
}

/// Every target, in the order in which an environment is built: what others stand on comes first.
pub const ALL: &[Target] = &[
    terraform::TARGET,
    ansible::TARGET,
    system::TARGET,
    storage::TARGET,
    cache::TARGET,
    database::TARGET,
    php::TARGET,
    application::TARGET,
    nginx::TARGET,
    monitoring::TARGET,
    backup::TARGET,
    runbook::TARGET,
];

/// Lowers an environment into the artifacts of every target.
pub fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    ALL.iter()
        .flat_map(|target| (target.lower)(environment))
        .collect()
}

/// Joins what deploying each target takes, in the order of [`ALL`].
pub fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut all = Deployment::default();
    for target in ALL {
        all.extend((target.deployment)(environment));
    }
    all.roles.sort_unstable();
    all.roles.dedup();
    all.secrets.sort_unstable_by_key(|secret| secret.name);
    all.secrets.dedup_by_key(|secret| secret.name);
    all
}

/// The deployment of a target that Ansible has nothing to do with.
fn nothing(_: &Environment<'_>) -> Deployment {
    Deployment::default()
}
