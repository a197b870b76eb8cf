//! Prometheus, the exporters it reads, the probes it makes, and the averages it records.

mod aggregation;
mod blackbox;
mod exporters;
mod jobs;
mod server;

use super::Part;
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, edges};

pub(super) use server::portal;

pub(super) const PART: Part = Part { lower, deployment };

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![
        server::config(environment),
        server::arguments(environment),
        aggregation::rules(environment),
        aggregation::tests(environment),
        blackbox::modules(environment),
        blackbox::arguments(environment),
    ];
    artifacts.extend(exporters::lower(environment));
    artifacts
}

/// The passwords exporters log in with are those of the cache and the database, which name them.
fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment {
        playbooks: vec![
            Playbook {
                file: "exporters.yml",
                title: "Measure every machine",
            },
            Playbook {
                file: "monitoring.yml",
                title: "Collect metrics and raise alerts",
            },
        ],
        roles: vec!["exporters", "prometheus", "blackbox"],
        ..Deployment::default()
    }
}

/// Returns the address under which the monitoring machine reaches a machine: itself by the
/// loopback address, where nothing else can listen in.
fn reach(environment: &Environment<'_>, machine: &Machine) -> String {
    if environment.topology.single {
        "127.0.0.1".to_owned()
    } else {
        machine.address.to_string()
    }
}

/// Returns the ports of the cache's instances on each of its machines. A machine that does
/// everything has one instance.
fn cache_ports(environment: &Environment<'_>) -> Vec<u16> {
    let mut ports = edges::cache_ports(environment.resolved);
    if environment.topology.single {
        ports.truncate(1);
    }
    ports
}
