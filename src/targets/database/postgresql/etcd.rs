//! etcd: where Patroni's members agree on who is primary.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, Role, ports, sizing};

/// The values of `etcd.env`.
#[derive(Debug, Serialize)]
struct Etcd {
    cluster: String,
    name: String,
    address: String,
    members: Vec<Member>,
    client_port: u16,
    peer_port: u16,
    metrics_port: u16,
    count: usize,
    tolerated: usize,
}

/// A member.
#[derive(Debug, Serialize)]
struct Member {
    name: String,
    address: String,
}

/// Returns the machines etcd runs on: the first three for the database, or both of two and the
/// monitoring machine, or the only one.
fn machines<'a>(environment: &'a Environment<'_>) -> Vec<&'a Machine> {
    let topology = &environment.topology;
    let databases = sizing::etcd_members(environment.resolved);
    let monitoring = sizing::monitoring_has_etcd(environment.resolved);
    topology
        .with_role(Role::Database)
        .take(usize::try_from(databases).unwrap_or(usize::MAX))
        .chain(topology.with_role(Role::Monitoring).filter(|_| monitoring))
        .collect()
}

/// Returns where clients reach the members.
pub(super) fn clients(environment: &Environment<'_>) -> Vec<String> {
    machines(environment)
        .iter()
        .map(|machine| format!("{}:{}", machine.address, ports::ETCD[0]))
        .collect()
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let machines = machines(environment);
    let members = || {
        machines
            .iter()
            .map(|machine| Member {
                name: machine.name.clone(),
                address: machine.address.to_string(),
            })
            .collect()
    };
    machines
        .iter()
        .map(|machine| {
            let values = Etcd {
                cluster: format!(
                    "{}-{}",
                    environment.inventory().project.name,
                    environment.name()
                ),
                name: machine.name.clone(),
                address: machine.address.to_string(),
                members: members(),
                client_port: ports::ETCD[0],
                peer_port: ports::ETCD[1],
                metrics_port: ports::ETCD_METRICS,
                count: machines.len(),
                tolerated: (machines.len() - 1) / 2,
            };
            environment
                .artifact(
                    format!("database/{}/etcd.env", machine.name),
                    "database/postgresql/etcd.env.tera",
                    &values,
                )
                .impact(format!("restarts etcd on {}", machine.name))
        })
        .collect()
}
