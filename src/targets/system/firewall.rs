//! `nftables/<role>.nft`: accepts what the topology's edges allow, and drops the rest.

use serde::Serialize;

use super::{Kind, kinds};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Edge, Party, Role, ports};

/// The values of the template.
#[derive(Debug, Serialize)]
struct Firewall {
    sets: Vec<Set>,
    rules: Vec<Rule>,
    admin_networks: Vec<String>,
    ssh: u16,
    /// Whether load balancers agree here on who holds the shared address.
    vrrp: bool,
    /// Where people open the dashboard, on the machine that has it.
    portal: Option<u16>,
}

/// The machines of a role.
#[derive(Debug, Serialize)]
struct Set {
    name: &'static str,
    machines: Vec<Element>,
}

/// A machine in a set.
#[derive(Debug, Serialize)]
struct Element {
    name: String,
    address: String,
}

/// Connections that are accepted.
#[derive(Debug, Serialize)]
struct Rule {
    purpose: &'static str,
    /// A set's name, empty where anybody may connect or the network stands for everybody.
    set: &'static str,
    /// The private network, empty where a set or anybody may connect.
    network: String,
    ports: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    kinds(environment)
        .iter()
        .map(|kind| {
            environment
                .artifact(
                    format!("system/nftables/{}.nft", kind.name),
                    "system/nftables/firewall.nft.tera",
                    &values(environment, kind),
                )
                .impact(environment.impact("replaces the firewall's rules", kind.role))
        })
        .collect()
}

fn values(environment: &Environment<'_>, kind: &Kind<'_>) -> Firewall {
    let topology = &environment.topology;
    let accepted = |edge: &&Edge| kind.roles.iter().any(|role| edge.to.includes(*role));
    // A machine that is alone in its role talks to itself over `lo`.
    let alone = |edge: &&Edge| match edge.from {
        Party::Role(role) => role == kind.role && topology.with_role(role).count() == 1,
        Party::Internet | Party::Everyone => false,
    };
    let edges: Vec<&Edge> = topology
        .edges
        .iter()
        .filter(accepted)
        .filter(|edge| !alone(edge))
        .collect();
    let vrrp = topology.shared_address.is_some() && kind.roles.contains(&Role::LoadBalancer);
    let mut from: Vec<Role> = edges
        .iter()
        .filter_map(|edge| match edge.from {
            Party::Role(role) => Some(role),
            Party::Internet | Party::Everyone => None,
        })
        .chain(vrrp.then_some(Role::LoadBalancer))
        .collect();
    from.sort_unstable();
    from.dedup();
    Firewall {
        sets: from.iter().map(|role| set(environment, *role)).collect(),
        rules: edges.iter().map(|edge| rule(environment, edge)).collect(),
        admin_networks: environment
            .inventory()
            .infrastructure
            .admin_networks
            .iter()
            .map(ToString::to_string)
            .collect(),
        ssh: ports::SSH,
        vrrp,
        portal: kind
            .roles
            .contains(&Role::Monitoring)
            .then_some(ports::PORTAL),
    }
}

fn set(environment: &Environment<'_>, role: Role) -> Set {
    let machines = environment.topology.with_role(role);
    Set {
        name: role.name(),
        machines: machines
            .map(|machine| Element {
                name: machine.name.clone(),
                address: machine.address.to_string(),
            })
            .collect(),
    }
}

fn rule(environment: &Environment<'_>, edge: &Edge) -> Rule {
    let (set, network) = match edge.from {
        Party::Role(role) => (role.name(), String::new()),
        Party::Everyone => ("", environment.topology.network.to_string()),
        Party::Internet => ("", String::new()),
    };
    Rule {
        purpose: edge.purpose,
        set,
        network,
        ports: edge.ports.join(", "),
    }
}
