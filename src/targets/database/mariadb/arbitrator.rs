//! The arbitrator: a vote on the monitoring machine that makes an even number of members odd.

use serde::Serialize;

use super::galera::{self, PORTS, Timeouts};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, Role, sizing};

/// The values of `garb.env`.
#[derive(Debug, Serialize)]
struct Arbitrator {
    cluster: String,
    address: String,
    members: Vec<String>,
    port: u16,
    timeouts: Timeouts,
    count: usize,
}

/// The values of the unit's drop-in, which has none.
#[derive(Debug, Serialize)]
struct Unit {}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let Some(machine) = machine(environment) else {
        return Vec::new();
    };
    let members = galera::members(environment);
    let impact = format!("restarts the arbitrator on {}", machine.name);
    let values = Arbitrator {
        cluster: galera::cluster(environment),
        address: machine.address.to_string(),
        count: members.len(),
        members,
        port: PORTS.replication,
        timeouts: galera::timeouts(environment),
    };
    let file = |name: &str| format!("database/{}/{name}", machine.name);
    vec![
        environment
            .artifact(file("garb.env"), "database/mariadb/garb.env.tera", &values)
            .impact(impact.clone()),
        environment
            .artifact(
                file("garb.service.d/platform.conf"),
                "database/mariadb/garb.service.d/platform.conf.tera",
                &Unit {},
            )
            .impact(impact),
    ]
}

/// Returns the machine the arbitrator runs on, where there is one.
pub(super) fn machine<'a>(environment: &'a Environment<'_>) -> Option<&'a Machine> {
    environment
        .topology
        .with_role(Role::Monitoring)
        .find(|_| sizing::has_arbitrator(environment.resolved))
}
