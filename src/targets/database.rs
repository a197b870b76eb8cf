//! Target `database`: the cluster of the environment's driver, and the proxy beside the application.
//!
//! A driver is a module here and a line in `ENGINES`.

mod mariadb;
mod mysql;
mod postgresql;
mod proxy;
mod requirement;

use super::{Artifact, Target};
use crate::deployment::Deployment;
use crate::environment::Environment;
use crate::model::DatabaseDriver;

/// The target.
pub const TARGET: Target = Target {
    name: "database",
    lower,
    deployment,
};

/// A database program.
struct Engine {
    driver: DatabaseDriver,
    lower: fn(&Environment<'_>) -> Vec<Artifact>,
    deployment: fn(&Environment<'_>) -> Deployment,
}

/// Every database program.
const ENGINES: &[Engine] = &[mysql::ENGINE, mariadb::ENGINE, postgresql::ENGINE];

fn engine(environment: &Environment<'_>) -> &'static Engine {
    let driver = environment.settings().database.driver;
    ENGINES
        .iter()
        .find(|engine| engine.driver == driver)
        .expect("every driver has an engine")
}

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = (engine(environment).lower)(environment);
    artifacts.extend(proxy::lower(environment));
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut deployment = (engine(environment).deployment)(environment);
    let proxy = proxy::deployment(environment);
    deployment.playbooks.extend(proxy.playbooks);
    deployment.roles.extend(proxy.roles);
    deployment
}
