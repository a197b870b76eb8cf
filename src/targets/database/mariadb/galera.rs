//! The settings of a Galera cluster.

use serde::Serialize;

use crate::environment::Environment;
use crate::topology::{Machine, Role, ports};
use crate::units::Size;

/// The smallest write-set cache: Galera's default.
const SMALLEST_CACHE: Size = Size::mebibytes(128);

/// The MariaDB GTID domain all members share.
const DOMAIN: u32 = 1;

/// The values of the Galera part of `mariadb.cnf`.
#[derive(Debug, Serialize)]
pub(super) struct Galera {
    cluster: String,
    name: String,
    members: Vec<String>,
    ports: Ports,
    timeouts: Timeouts,
    cache: String,
    domain: u32,
}

/// Where members reach each other.
#[derive(Debug, Serialize)]
pub(super) struct Ports {
    pub(super) replication: u16,
    pub(super) incremental: u16,
    pub(super) full: u16,
}

/// The ports of every environment.
pub(super) const PORTS: Ports = Ports {
    replication: ports::GALERA[0],
    incremental: ports::GALERA[1],
    full: ports::GALERA[2],
};

/// When a member that does not answer is dropped, as ISO 8601 durations. At a health check's
/// timeout of 10s these are Galera's defaults; other timeouts keep their proportions.
#[derive(Debug, Serialize)]
pub(super) struct Timeouts {
    timeout: u64,
    keepalive: String,
    suspect: String,
    inactive: String,
    install: String,
}

/// Returns the settings of one member.
pub(super) fn values(environment: &Environment<'_>, machine: &Machine) -> Galera {
    let pool = environment.inventory().performance.database.buffer_pool;
    Galera {
        cluster: cluster(environment),
        name: machine.name.clone(),
        members: members(environment),
        ports: PORTS,
        timeouts: timeouts(environment),
        cache: pool.max(SMALLEST_CACHE).exact(),
        domain: DOMAIN,
    }
}

/// Returns the cluster's name; members of another one are refused.
pub(super) fn cluster(environment: &Environment<'_>) -> String {
    format!(
        "{}-{}",
        environment.inventory().project.name,
        environment.name()
    )
}

/// Returns the addresses of the members, the first writer first.
pub(super) fn members(environment: &Environment<'_>) -> Vec<String> {
    environment
        .topology
        .with_role(Role::Database)
        .map(|machine| machine.address.to_string())
        .collect()
}

/// Returns the timeouts of every member, the arbitrator included.
pub(super) fn timeouts(environment: &Environment<'_>) -> Timeouts {
    let timeout = environment
        .inventory()
        .health_checks
        .database
        .timeout
        .as_seconds()
        .max(1);
    Timeouts {
        timeout,
        keepalive: period(timeout * 100),
        suspect: period(timeout * 500),
        inactive: period(timeout * 1500),
        install: period(timeout * 750),
    }
}

/// Writes milliseconds as an ISO 8601 duration.
fn period(milliseconds: u64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    if rest == 0 {
        format!("PT{seconds}S")
    } else {
        let decimals = format!("{rest:03}");
        format!("PT{seconds}.{}S", decimals.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_are_exact() {
        let written = [1000, 7500, 750, 50, 1_200_000].map(period);
        assert_eq!(written, ["PT1S", "PT7.5S", "PT0.75S", "PT0.05S", "PT1200S"]);
    }
}
