//! `keepalived/<machine>.conf`: which load balancer holds the shared address.

use serde::Serialize;

use super::{Peer, peers};
use crate::deployment::Playbook;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Role;

/// Its part of `site.yml`, after nginx runs.
pub(super) const PLAYBOOK: Playbook = Playbook {
    file: "keepalived.yml",
    title: "Share one address among load balancers",
};

/// The priority of the first load balancer; each further one has one less. VRRP keeps 255 for
/// machines that own the address, and 0 for those that let go of it.
const HIGHEST: u32 = 200;

/// Seconds between two messages of the machine that holds the address.
const MESSAGES: u32 = 1;

/// Seconds between two looks at nginx, and how often in a row one must fail or succeed to count.
const CHECKS: (u32, u32) = (1, 2);

/// The values of the template.
#[derive(Debug, Serialize)]
struct Keepalived {
    machine: String,
    address: String,
    others: Vec<Peer>,
    interface: String,
    shared_address: String,
    priority: u32,
    messages: u32,
    check_interval: u32,
    check_times: u32,
    /// Seconds without a message after which another machine takes the address, rounded up: three
    /// messages, and less than one more by priority (RFC 5798, `Master_Down_Interval`).
    silence: u32,
    /// Seconds until nginx counts as stopped.
    failed_checks: u32,
}

/// The values of `group_vars/load_balancer/keepalived.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    interface: String,
    shared_address: String,
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let Some(shared_address) = environment.topology.shared_address else {
        return Vec::new();
    };
    let shared_address = shared_address.to_string();
    let interface = environment.inventory().infrastructure.interface();
    let everyone = peers(environment, Role::LoadBalancer);
    let mut artifacts: Vec<Artifact> = environment
        .topology
        .with_role(Role::LoadBalancer)
        .map(|machine| {
            let others = everyone.iter().filter(|peer| peer.name != machine.name);
            let values = Keepalived {
                machine: machine.name.clone(),
                address: machine.address.to_string(),
                others: others.cloned().collect(),
                interface: interface.to_owned(),
                shared_address: shared_address.clone(),
                priority: HIGHEST.saturating_sub(machine.number - 1).max(1),
                messages: MESSAGES,
                check_interval: CHECKS.0,
                check_times: CHECKS.1,
                silence: 4 * MESSAGES,
                failed_checks: CHECKS.0 * CHECKS.1,
            };
            environment
                .artifact(
                    format!("nginx/keepalived/{}.conf", machine.name),
                    "nginx/keepalived/keepalived.conf.tera",
                    &values,
                )
                .impact(format!("reloads keepalived on {}", machine.name))
        })
        .collect();
    artifacts.push(
        environment
            .artifact(
                "nginx/keepalived/keepalived-state.sh",
                "nginx/keepalived/keepalived-state.sh.tera",
                &Nothing {},
            )
            .impact(environment.impact("changes a metric", Role::LoadBalancer)),
    );
    artifacts.push(environment.artifact(
        "ansible/inventory/group_vars/load_balancer/keepalived.yml",
        "nginx/group_vars/keepalived.yml.tera",
        &Variables {
            interface: interface.to_owned(),
            shared_address,
        },
    ));
    artifacts
}
