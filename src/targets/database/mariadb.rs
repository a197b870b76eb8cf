//! MariaDB with Galera.

use super::Engine;
use crate::deployment::Deployment;
use crate::environment::Environment;
use crate::model::DatabaseDriver;
use crate::targets::Artifact;

/// The engine.
pub(super) const ENGINE: Engine = Engine {
    driver: DatabaseDriver::Mariadb,
    lower,
    deployment,
};

fn lower(_: &Environment<'_>) -> Vec<Artifact> {
    Vec::new()
}

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment::default()
}
