//! Target `monitoring`: metrics, alerts, logs, errors and the dashboard.
//!
//! A part is a module here and a line in `PARTS`.

mod alertmanager;
pub mod alerts;
mod dashboard;
mod errors;
mod grafana;
mod logs;
mod metrics;
mod rules;

pub use alerts::{Alert, Severity, alerts};

use super::{Artifact, Target};
use crate::deployment::Deployment;
use crate::environment::Environment;
use crate::topology::{Machine, Role};

/// The target.
pub const TARGET: Target = Target {
    name: "monitoring",
    lower,
    deployment,
};

/// A part of monitoring.
struct Part {
    lower: fn(&Environment<'_>) -> Vec<Artifact>,
    deployment: fn(&Environment<'_>) -> Deployment,
}

/// Every part, in the order in which a machine is set up.
const PARTS: &[Part] = &[
    metrics::PART,
    alerts::PART,
    alertmanager::PART,
    logs::PART,
    dashboard::PART,
    errors::PART,
    grafana::PART,
];

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    PARTS
        .iter()
        .flat_map(|part| (part.lower)(environment))
        .collect()
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut all = Deployment::default();
    for part in PARTS {
        all.extend((part.deployment)(environment));
    }
    all
}

/// Returns the machine that collects everything.
fn monitoring_machine<'a>(environment: &'a Environment<'_>) -> &'a Machine {
    environment
        .topology
        .with_role(Role::Monitoring)
        .next()
        .expect("every environment has a monitoring machine")
}
