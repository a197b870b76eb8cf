//! Target `terraform`: the machines, their network and who may talk to whom.
//!
//! A provider is a folder in `templates/terraform/`, a module here and a line in `PROVIDERS`.
//! Every provider places the same `Platform`.

mod local;

use serde::Serialize;

use super::{Artifact, Target, nothing};
use crate::environment::Environment;
use crate::model::Provider;
use crate::topology::{Edge, Machine};
use crate::units::Size;

/// The target.
pub const TARGET: Target = Target {
    name: "terraform",
    lower,
    deployment: nothing,
};

/// What makes the machines of a provider.
struct Maker {
    provider: Provider,
    lower: fn(&Environment<'_>, &Platform) -> Vec<Artifact>,
}

/// Every provider.
const PROVIDERS: &[Maker] = &[local::MAKER];

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let provider = environment.inventory().infrastructure.provider;
    let platform = Platform::new(environment);
    PROVIDERS
        .iter()
        .filter(|maker| maker.provider == provider)
        .flat_map(|maker| (maker.lower)(environment, &platform))
        .collect()
}

/// What a provider builds.
#[derive(Debug, Serialize)]
struct Platform {
    project: String,
    description: String,
    environment: String,
    network: String,
    shared_address: Option<String>,
    memory: Vec<Sum>,
    machines: Vec<Host>,
    edges: Vec<Rule>,
}

/// How the memory of a role's machines came about.
#[derive(Debug, Serialize)]
struct Sum {
    role: &'static str,
    arithmetic: String,
}

/// A machine. Sizes carry their unit in the name, as people meet them in Terraform's plan.
#[derive(Debug, Serialize)]
struct Host {
    name: String,
    roles: Vec<&'static str>,
    address: String,
    memory_mb: u64,
    disk_gb: u64,
    data_disk_gb: Option<u64>,
}

/// Connections that are allowed.
#[derive(Debug, Serialize)]
struct Rule {
    from: &'static str,
    to: &'static str,
    ports: Vec<String>,
    purpose: &'static str,
}

impl Platform {
    fn new(environment: &Environment<'_>) -> Self {
        let project = &environment.inventory().project;
        let topology = &environment.topology;
        Self {
            project: project.name.to_string(),
            description: project.description.to_string(),
            environment: environment.name().to_owned(),
            network: topology.network.to_string(),
            shared_address: topology.shared_address.map(|address| address.to_string()),
            memory: topology
                .capacity
                .memory
                .iter()
                .map(|(role, memory)| Sum {
                    role,
                    arithmetic: memory.arithmetic.clone(),
                })
                .collect(),
            machines: topology.machines.iter().map(Host::new).collect(),
            edges: topology.edges.iter().map(Rule::new).collect(),
        }
    }
}

impl Host {
    fn new(machine: &Machine) -> Self {
        Self {
            name: machine.name.clone(),
            roles: machine.roles.iter().map(|role| role.name()).collect(),
            address: machine.address.to_string(),
            memory_mb: machine.memory.as_mebibytes(),
            disk_gb: machine.disk.as_gibibytes_up(),
            data_disk_gb: machine.data_disk.map(Size::as_gibibytes_up),
        }
    }
}

impl Rule {
    fn new(edge: &Edge) -> Self {
        Self {
            from: edge.from.name(),
            to: edge.to.name(),
            ports: edge.ports.clone(),
            purpose: edge.purpose,
        }
    }
}
