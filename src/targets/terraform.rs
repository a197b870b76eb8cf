//! Target `terraform`: the machines, their network and who may talk to whom.
//!
//! What is in a provider's folder in `templates/terraform/` goes out: `*.tera` filled in with a
//! `Platform`, the same for every provider, other files as they are, and those below `ansible/` to
//! where Ansible looks for them. `cloud/` has what all providers but `local` share; names that begin
//! with an underscore are parts of others.

mod consequences;
mod dns;
mod rules;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Artifact, Target, nothing};
use crate::environment::Environment;
use crate::model::State;
use crate::provider::estimate::gateways;
use crate::provider::{Facts, Subnets};
use crate::render;
use crate::topology::{AddressPlan, Edge, Machine, Role, TIERS, managed};
use crate::units::Size;

use dns::Record;
use rules::Group;

/// The target.
pub const TARGET: Target = Target {
    name: "terraform",
    lower,
    deployment: nothing,
};

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let facts = environment.inventory().infrastructure.provider.facts();
    let platform = Platform::new(environment, facts);
    let mut folders = vec![facts.name];
    if facts.bastion {
        folders.push("cloud");
    }
    if environment.inventory().infrastructure.state != State::Local {
        folders.push("state");
    }
    let services = &environment.topology.services;
    let managed = services.iter().map(|service| service.kind);
    let names = (!services.is_empty()).then_some("names");
    let managed = names.into_iter().chain(managed);
    let managed: Vec<String> = managed.map(|folder| format!("managed/{folder}")).collect();
    folders.extend(managed.iter().map(String::as_str));
    folders
        .into_iter()
        .flat_map(below)
        .map(|(path, template)| {
            let artifact = environment.artifact(path.as_str(), template, &platform);
            if path == "terraform/locals.tf" {
                artifact
                    .impact("changes machines, network or firewall: see `terraform plan`")
                    .consequences(consequences::consequences)
            } else {
                artifact
            }
        })
        .collect()
}

/// Returns the templates of a folder, each with the path it is rendered to.
fn below(folder: &str) -> Vec<(String, &'static str)> {
    let folder = format!("terraform/{folder}");
    render::built_in_below(&folder)
        .into_iter()
        .filter_map(|template| {
            let file = template.strip_prefix(&folder)?.strip_prefix('/')?;
            let file = file.strip_suffix(render::SUFFIX).unwrap_or(file);
            let path = if file.starts_with("ansible/") {
                file.to_owned()
            } else {
                format!("terraform/{file}")
            };
            (!file.starts_with('_')).then_some((path, template))
        })
        .collect()
}

/// What a provider builds.
#[derive(Debug, Serialize)]
struct Platform<'a> {
    project: String,
    description: String,
    environment: String,
    network: String,
    shared_address: Option<String>,
    memory: Vec<Sum>,
    machines: Vec<Host>,
    edges: Vec<Rule>,
    /// Whether everything is on one machine.
    single: bool,
    region: String,
    subnets: Vec<Subnet>,
    /// The zones whose machines leave through a gateway.
    gateways: Vec<&'a str>,
    /// Whether the provider's balancer is in front of the load balancers.
    balanced: bool,
    /// Its name: what it is called after, cut to the 26 characters that leave room for `-https`.
    balancer_name: String,
    /// Its address in a network that is not divided.
    balancer_address: String,
    ports: Ports,
    /// Who may connect to which machines.
    groups: Vec<Group>,
    admin_networks: Vec<String>,
    /// The machine through which people and Ansible come.
    bastion: String,
    dns_zone: Option<String>,
    records: Vec<Record>,
    /// The bucket of backups, where the provider is to make it.
    bucket: Option<String>,
    state: State,
    /// The zone of the names that machines know managed services by.
    private_zone: String,
    /// These names, by role.
    service_hosts: BTreeMap<&'static str, &'a str>,
    /// Where the state of this environment is in the bucket of all.
    state_key: String,
}

/// Where visitors arrive, and where the balancer hands them on to.
#[derive(Debug, Serialize)]
struct Ports {
    http: u16,
    https: u16,
    proxied_http: u16,
    proxied_https: u16,
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
    /// What the firewall knows it by: its role, or `platform` where one machine does everything.
    group: &'static str,
    zone: String,
    /// The provider's size, and the subnet it is in where there are several.
    size: &'static str,
    subnet: String,
    /// Whether people or visitors come to its own public address, which must not change.
    entrance: bool,
    /// Machines of a group and a set are on different hosts; a set has ten at most.
    set: u32,
}

/// A part of the private network.
#[derive(Debug, Serialize)]
struct Subnet {
    name: String,
    cidr: String,
    zone: String,
    public: bool,
}

/// Connections that are allowed.
#[derive(Debug, Serialize)]
struct Rule {
    from: &'static str,
    to: &'static str,
    ports: Vec<String>,
    purpose: &'static str,
}

impl<'a> Platform<'a> {
    fn new(environment: &'a Environment<'_>, facts: &Facts) -> Self {
        let inventory = environment.inventory();
        let project = &inventory.project;
        let infrastructure = &inventory.infrastructure;
        let topology = &environment.topology;
        let mut bastions = topology.with_role(Role::Monitoring);
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
            machines: topology
                .machines
                .iter()
                .map(|machine| Host::new(environment, machine))
                .collect(),
            edges: topology.edges.iter().map(Rule::new).collect(),
            single: topology.single,
            region: infrastructure.region().to_owned(),
            subnets: subnets(environment, facts),
            gateways: gateways(facts, topology),
            balanced: topology.balanced,
            balancer_name: shortened(&format!("{}-{}", project.name, environment.name())),
            balancer_address: AddressPlan::of(environment.resolved)
                .shared_address()
                .to_string(),
            ports: Ports::new(),
            groups: rules::groups(environment),
            admin_networks: infrastructure
                .admin_networks
                .iter()
                .map(ToString::to_string)
                .collect(),
            bastion: bastions
                .next()
                .map(|machine| machine.name.clone())
                .unwrap_or_default(),
            dns_zone: infrastructure.dns_zone.as_ref().map(ToString::to_string),
            records: dns::records(environment),
            bucket: environment.own_bucket().map(str::to_owned),
            private_zone: managed::zone(environment.resolved),
            service_hosts: topology
                .services
                .iter()
                .map(|service| (service.role.name(), service.host.as_str()))
                .collect(),
            state: infrastructure.state,
            state_key: format!("{}/{}/terraform.tfstate", project.name, environment.name()),
        }
    }
}

impl Ports {
    fn new() -> Self {
        use crate::topology::ports;
        Self {
            http: ports::HTTP,
            https: ports::HTTPS,
            proxied_http: ports::PROXIED[0],
            proxied_https: ports::PROXIED[1],
        }
    }
}

/// Cuts a name to what balancers of AWS may be called, together with `-https`: 32 characters, the
/// last of which is no hyphen.
fn shortened(name: &str) -> String {
    let cut: String = name.chars().take(26).collect();
    cut.trim_end_matches('-').to_owned()
}

/// Returns the subnets that have machines, and the public ones of zones that need a gateway; none
/// where the network is not divided.
fn subnets(environment: &Environment<'_>, facts: &Facts) -> Vec<Subnet> {
    let topology = &environment.topology;
    if facts.subnets == Subnets::One {
        return Vec::new();
    }
    let plan = AddressPlan::of(environment.resolved);
    let zones = environment.inventory().infrastructure.zones();
    let mut subnets = Vec::new();
    for (place, zone) in (0..).zip(&zones) {
        let here: Vec<&Machine> = topology
            .machines
            .iter()
            .filter(|machine| machine.zone.as_deref() == Some(zone))
            .collect();
        for tier in TIERS {
            let is_in = |machine: &&Machine| tier.roles.contains(&home(topology.single, machine));
            if here.iter().any(is_in) || tier.public && !topology.single && !here.is_empty() {
                subnets.push(Subnet {
                    name: format!("{}-{zone}", tier.name),
                    cidr: plan.subnet(tier, place).to_string(),
                    zone: (*zone).to_owned(),
                    public: tier.public || topology.single,
                });
            }
        }
    }
    subnets
}

/// The role whose tier a machine is in. One that does everything has an application's address.
fn home(single: bool, machine: &Machine) -> Role {
    if single { Role::App } else { machine.roles[0] }
}

/// Machines of one group that are kept on different hosts at most.
const SPREAD: u32 = 10;

impl Host {
    fn new(environment: &Environment<'_>, machine: &Machine) -> Self {
        let topology = &environment.topology;
        let zone = machine.zone.clone().unwrap_or_default();
        let role = home(topology.single, machine);
        let tier = TIERS.iter().find(|tier| tier.roles.contains(&role));
        let visited = machine.roles.contains(&Role::LoadBalancer) && !topology.balanced;
        Self {
            name: machine.name.clone(),
            roles: machine.roles.iter().map(|role| role.name()).collect(),
            address: machine.address.to_string(),
            memory_mb: machine.memory.as_mebibytes(),
            disk_gb: machine.disk.as_gibibytes_up(),
            data_disk_gb: machine.data_disk.map(Size::as_gibibytes_up),
            group: rules::group(topology.single, machine.roles[0]),
            subnet: tier.map_or_else(String::new, |tier| format!("{}-{zone}", tier.name)),
            zone,
            size: machine.size.unwrap_or_default(),
            entrance: machine.roles.contains(&Role::Monitoring) || visited,
            set: (machine.number - 1) / SPREAD + 1,
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
