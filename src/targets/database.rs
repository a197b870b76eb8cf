//! Target `database`: the cluster of the environment's driver, and the proxy beside the application.
//!
//! A driver is a module here and a line in `ENGINES`.

mod mariadb;
mod mysql;
mod postgresql;

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
    (engine(environment).lower)(environment)
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    (engine(environment).deployment)(environment)
}
