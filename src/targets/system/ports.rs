//! `group_vars/all/ports.yml`: what a machine must accept from which others, for `verify.yml`.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

/// The values of the template.
#[derive(Debug, Serialize)]
struct Ports {
    roles: Vec<Server>,
}

/// The machines of a role, and who may connect to them.
#[derive(Debug, Serialize)]
struct Server {
    name: &'static str,
    from: Vec<Client>,
}

/// Those who connect, and where to.
#[derive(Debug, Serialize)]
struct Client {
    name: &'static str,
    ports: Vec<String>,
}

/// A machine that does everything has nobody to accept anything from.
pub(super) fn lower(environment: &Environment<'_>) -> Option<Artifact> {
    if environment.topology.single {
        return None;
    }
    let server = |role: &Role| Server {
        name: role.name(),
        from: Role::ALL
            .iter()
            .map(|client| Client {
                name: client.name(),
                ports: accepted(environment, *client, *role),
            })
            .filter(|client| !client.ports.is_empty())
            .collect(),
    };
    let values = Ports {
        roles: Role::ALL.iter().map(server).collect(),
    };
    Some(environment.artifact(
        "ansible/inventory/group_vars/all/ports.yml",
        "system/group_vars/ports.yml.tera",
        &values,
    ))
}

fn accepted(environment: &Environment<'_>, from: Role, to: Role) -> Vec<String> {
    let topology = &environment.topology;
    let mut accepted: Vec<String> = topology
        .edges
        .iter()
        .filter(|edge| edge.from.includes(from) && edge.to.includes(to))
        .flat_map(|edge| edge.ports.iter().cloned())
        .collect();
    // Machines whose network people may come from are taken for people.
    let infrastructure = &environment.inventory().infrastructure;
    if infrastructure
        .admin_networks
        .iter()
        .any(|network| network.get().contains(&topology.network))
    {
        accepted.push(ports::SSH.to_string());
        if to == Role::Monitoring {
            accepted.push(ports::PORTAL.to_string());
        }
    }
    let first = |port: &str| {
        port.split('-')
            .next()
            .and_then(|number| number.parse::<u16>().ok())
    };
    accepted.sort_by_key(|port| first(port));
    accepted.dedup();
    accepted
}
