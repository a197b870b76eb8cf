//! Patroni: starts PostgreSQL, and promotes a replica when the primary is lost.

use serde::Serialize;

use super::etcd;
use super::parameters::Parameters;
use crate::environment::Environment;
use crate::model::LogLevel;
use crate::targets::{Artifact, database};
use crate::topology::{Machine, Role, ports};

/// How far a replica may lag and still be promoted, in bytes: one segment of write-ahead log. It
/// matters only where `synchronous_mode` is off.
const LAG: u64 = 16 << 20;

/// What members agree on. It is kept in etcd.
#[derive(Debug, Clone, Serialize)]
struct Agreement {
    ttl: u64,
    loop_wait: u64,
    retry_timeout: u64,
    arithmetic: String,
    lag: u64,
    synchronous: bool,
    max_connections: u32,
    senders: u32,
}

/// The values of `patroni.yml`.
#[derive(Debug, Serialize)]
struct Patroni {
    scope: String,
    name: String,
    address: String,
    rest_port: u16,
    members: Vec<Member>,
    etcd: Vec<String>,
    network_address: String,
    network_prefix: u8,
    application: String,
    failover: bool,
    first: bool,
    first_name: String,
    log: &'static str,
    silence: u64,
    agreement: Agreement,
    parameters: Parameters,
}

/// A member of the cluster.
#[derive(Debug, Serialize)]
struct Member {
    name: String,
    address: String,
}

/// The values of `dynamic.yml`.
#[derive(Debug, Serialize)]
struct Dynamic {
    agreement: Agreement,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let machines = || environment.topology.with_role(Role::Database);
    let mut artifacts: Vec<Artifact> = machines()
        .map(|machine| {
            environment
                .artifact(
                    format!("database/{}/patroni.yml", machine.name),
                    "database/postgresql/patroni.yml.tera",
                    &values(environment, machine),
                )
                .impact(format!(
                    "reloads Patroni, or restarts PostgreSQL, on {}",
                    machine.name
                ))
        })
        .collect();
    artifacts.extend(machines().take(1).map(|machine| {
        let parameters = Parameters::new(environment, machine);
        environment
            .artifact(
                "database/patroni_dynamic.yml",
                "database/postgresql/patroni_dynamic.yml.tera",
                &Dynamic {
                    agreement: agreement(environment, &parameters),
                },
            )
            .impact(environment.impact(
                "reloads or restarts PostgreSQL, one machine after another,",
                Role::Database,
            ))
    }));
    artifacts
}

fn values(environment: &Environment<'_>, machine: &Machine) -> Patroni {
    let inventory = environment.inventory();
    let parameters = Parameters::new(environment, machine);
    Patroni {
        scope: inventory.project.name.to_string(),
        name: machine.name.clone(),
        address: machine.address.to_string(),
        rest_port: ports::DATABASE_ROLE,
        members: environment
            .topology
            .with_role(Role::Database)
            .map(|machine| Member {
                name: machine.name.clone(),
                address: machine.address.to_string(),
            })
            .collect(),
        etcd: etcd::clients(environment),
        network_address: environment.topology.network.network().to_string(),
        network_prefix: environment.topology.network.prefix_len(),
        application: database::name(environment),
        failover: inventory.scaling.database.failover.0,
        first: machine.number == 1,
        first_name: Role::Database.machine_name(1),
        log: log(inventory.monitoring.logging.level),
        silence: inventory.health_checks.database.timeout.as_seconds().max(1),
        agreement: agreement(environment, &parameters),
        parameters,
    }
}

/// Maps the health check onto Patroni's clocks; L32 makes sure that they keep Patroni's rule.
fn agreement(environment: &Environment<'_>, parameters: &Parameters) -> Agreement {
    let inventory = environment.inventory();
    let health = &inventory.health_checks.database;
    let scaling = &inventory.scaling.database;
    let ttl = health.interval.as_seconds();
    let timeout = health.timeout.as_seconds().max(1);
    Agreement {
        ttl,
        loop_wait: timeout,
        retry_timeout: timeout,
        arithmetic: format!(
            "{timeout}s loop_wait + 2 x {timeout}s retry_timeout = {}s, within the {ttl}s of ttl",
            timeout * 3
        ),
        lag: LAG,
        synchronous: scaling.failover.0 && scaling.read_replicas.get() > 0,
        max_connections: parameters.max_connections,
        senders: parameters.senders,
    }
}

/// Patroni's own log. It knows five levels; INFO has a line for every loop.
fn log(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "DEBUG",
        LogLevel::Info | LogLevel::Notice => "INFO",
        LogLevel::Warning => "WARNING",
        LogLevel::Error => "ERROR",
        LogLevel::Critical | LogLevel::Alert | LogLevel::Emergency => "CRITICAL",
    }
}
