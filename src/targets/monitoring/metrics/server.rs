//! Prometheus's own files.

use serde::Serialize;

use super::jobs::{Job, jobs};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Role, ports};
use crate::units::Duration;

/// The longest a program may take to answer.
const TIMEOUT: Duration = Duration::seconds(10);

/// The values of `prometheus.yml`.
#[derive(Debug, Serialize)]
struct Config {
    interval: String,
    timeout: String,
    environment: String,
    project: String,
    alertmanager_port: u16,
    jobs: Vec<Job>,
}

pub(super) fn config(environment: &Environment<'_>) -> Artifact {
    let inventory = environment.inventory();
    let interval = inventory.monitoring.metrics.interval;
    let values = Config {
        interval: interval.to_string(),
        timeout: TIMEOUT.min(interval).to_string(),
        environment: environment.name().to_owned(),
        project: inventory.project.name.to_string(),
        alertmanager_port: ports::ALERTMANAGER,
        jobs: jobs(environment),
    };
    environment
        .artifact(
            "monitoring/prometheus/prometheus.yml",
            "monitoring/prometheus/prometheus.yml.tera",
            &values,
        )
        .impact(environment.impact("reloads Prometheus", Role::Monitoring))
}

/// The values of `/etc/default/prometheus`.
#[derive(Debug, Serialize)]
struct Arguments {
    port: u16,
    portal: String,
    retention: String,
}

pub(super) fn arguments(environment: &Environment<'_>) -> Artifact {
    let values = Arguments {
        port: ports::PROMETHEUS,
        portal: portal(environment),
        retention: environment
            .inventory()
            .monitoring
            .metrics
            .retention
            .to_string(),
    };
    environment
        .artifact(
            "monitoring/prometheus/prometheus",
            "monitoring/prometheus/prometheus.tera",
            &values,
        )
        .impact(environment.impact("restarts Prometheus", Role::Monitoring))
}

/// Returns the address and port people reach the dashboard by, which is in front of Prometheus.
pub(in crate::targets::monitoring) fn portal(environment: &Environment<'_>) -> String {
    let address = environment
        .topology
        .with_role(Role::Monitoring)
        .next()
        .map_or_else(String::new, |machine| machine.address.to_string());
    format!("{address}:{}", ports::PORTAL)
}
