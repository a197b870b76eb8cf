//! Target `nginx`: the web server's main file, and a site each for load balancers and application
//! machines. A machine that does everything has both sites. Where there are several load balancers,
//! also what moves the shared address between them.

mod app;
mod keepalived;
mod load_balancer;

use serde::Serialize;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::model::LogLevel;
use crate::topology::Role;

/// The target.
pub const TARGET: Target = Target {
    name: "nginx",
    lower,
    deployment,
};

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![
        main(environment),
        load_balancer::lower(environment),
        app::lower(environment),
    ];
    artifacts.extend(keepalived::lower(environment));
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let mut deployment = Deployment {
        playbooks: vec![Playbook {
            file: "load_balancer.yml",
            title: "Set up load balancers",
        }],
        roles: vec!["nginx"],
        ..Deployment::default()
    };
    if environment.topology.shared_address.is_some() {
        deployment.playbooks.push(keepalived::PLAYBOOK);
        deployment.roles.push("keepalived");
    }
    deployment
}

/// Connections of one worker, to visitors and to application machines together.
pub const WORKER_CONNECTIONS: u32 = 4096;

/// Files and connections a worker may have open: three for each connection, and as much again as
/// one of these to spare.
const WORKER_FILES: u32 = 4 * WORKER_CONNECTIONS;

/// The values of `nginx.conf`.
#[derive(Debug, Serialize)]
struct Main {
    worker_connections: u32,
    worker_files: u32,
    error_log_level: &'static str,
    /// The level that was asked for, where nginx writes less.
    asked_level: Option<&'static str>,
}

fn main(environment: &Environment<'_>) -> Artifact {
    let level = environment.inventory().monitoring.logging.level;
    let values = Main {
        worker_connections: WORKER_CONNECTIONS,
        worker_files: WORKER_FILES,
        error_log_level: error_log_level(level),
        asked_level: (level < LogLevel::Notice).then(|| level.name()),
    };
    let artifact = environment.artifact("nginx/nginx.conf", "nginx/nginx.conf.tera", &values);
    // One machine that does everything is reloaded once.
    let roles: &[Role] = if environment.topology.single {
        &[Role::App]
    } else {
        &[Role::LoadBalancer, Role::App]
    };
    roles.iter().fold(artifact, |artifact, role| {
        artifact.impact(environment.impact("reloads nginx", *role))
    })
}

/// nginx writes a line at `info` for every visitor who hangs up, and at `debug` for everything it
/// does, so both become `notice`.
fn error_log_level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug | LogLevel::Info | LogLevel::Notice => "notice",
        LogLevel::Warning => "warn",
        LogLevel::Error => "error",
        LogLevel::Critical => "crit",
        LogLevel::Alert => "alert",
        LogLevel::Emergency => "emerg",
    }
}

/// A machine in a list of addresses.
#[derive(Debug, Clone, Serialize)]
struct Peer {
    name: String,
    address: String,
}

/// Returns the machines of a role and their private addresses.
fn peers(environment: &Environment<'_>, role: Role) -> Vec<Peer> {
    environment
        .topology
        .with_role(role)
        .map(|machine| Peer {
            name: machine.name.clone(),
            address: machine.address.to_string(),
        })
        .collect()
}
