//! Target `database`: the cluster of the environment's driver, and the proxy beside the application.
//!
//! A driver is a module here and a line in `ENGINES`.

mod mariadb;
mod mysql;
mod postgresql;
mod proxy;
mod requirement;
mod role_agent;

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

/// Names that databases and users of the servers themselves have.
const TAKEN: &[&str] = &[
    "backup",
    "information_schema",
    "monitor",
    "mysql",
    "performance_schema",
    "postgres",
    "replication",
    "role_agent",
    "root",
    "sys",
    "template0",
    "template1",
];

/// The longest name of a MySQL user.
const LONGEST: usize = 32;

/// Returns the name of the application's database, and of its user: the project's, with `_` for
/// `-`, as far as the servers let it have that.
pub(crate) fn name(environment: &Environment<'_>) -> String {
    let name = environment.inventory().project.name.to_string();
    let mut name = name.replace('-', "_");
    // Project names are ASCII.
    name.truncate(LONGEST);
    if TAKEN.contains(&name.as_str()) || name.starts_with("pg_") {
        name = format!("app_{name}");
        name.truncate(LONGEST);
    }
    name
}

/// Returns the host the application connects to. Where there are several machines, it is the proxy
/// on its own one: by the inventory's name for the database, which its `/etc/hosts` then has, or by
/// address where that is the name or the address of something else.
pub(crate) fn host(environment: &Environment<'_>) -> String {
    let host = &environment.settings().database.host;
    match host.as_str() {
        "localhost" => LOOPBACK.to_owned(),
        name if environment.topology.single || environment.topology.is_service(host) => {
            name.to_owned()
        }
        _ => LOOPBACK.to_owned(),
    }
}

/// Returns the port the application reads from: the same where one machine does everything.
pub(crate) fn read_port(environment: &Environment<'_>) -> u16 {
    let database = &environment.settings().database;
    if environment.topology.single {
        database.port().get()
    } else {
        database.read_port()
    }
}

/// Where the proxy listens.
const LOOPBACK: &str = "127.0.0.1";
