//! Target `runbook`: what people do by hand, with this environment's names and numbers.

use serde::Serialize;

use super::monitoring::alerts::alerts;
use super::{Artifact, Target, deployment, nothing};
use crate::deployment::Origin;
use crate::environment::Environment;
use crate::graph::mermaid::mermaid;
use crate::model::{Backup, BackupJob, State};
use crate::provider::estimate::{amount, estimate};
use crate::topology::{CacheLayout, Machine, Role};

/// The target.
pub const TARGET: Target = Target {
    name: "runbook",
    lower,
    deployment: nothing,
};

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    vec![environment.artifact(
        "runbook/RUNBOOK.md",
        "runbook/RUNBOOK.md.tera",
        &Runbook::new(environment),
    )]
}

/// The values of `RUNBOOK.md`.
#[derive(Debug, Serialize)]
struct Runbook {
    project: String,
    environment: String,
    description: String,
    single: bool,
    picture: String,
    machines: Vec<Row>,
    totals: String,
    cost: Option<Cost>,
    front: String,
    cloud: Option<Cloud>,
    /// The resource that is a machine.
    resource: &'static str,
    first: First,
    /// Shared storage that the provider runs.
    storage: Option<&'static str>,
    next: Next,
    cache: &'static str,
    database: &'static str,
    promotion: &'static str,
    secrets: Vec<Secret>,
    given: bool,
    backups: Vec<Saved>,
    sums: Vec<String>,
    keep_releases: u32,
    alerts: Vec<Section>,
}

/// What an alert means and asks for.
#[derive(Debug, Serialize)]
struct Section {
    name: &'static str,
    severity: &'static str,
    meaning: String,
    action: String,
}

/// A machine, as the table shows it.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    roles: String,
    address: String,
    zone: String,
    size: String,
    memory: String,
    disks: String,
}

/// What is different where machines are somebody else's.
#[derive(Debug, Serialize)]
struct Cloud {
    /// Whether the provider's balancer is in front.
    balanced: bool,
    /// Whether Terraform keeps its state elsewhere.
    state: bool,
    /// The zone the provider keeps names in.
    dns: Option<String>,
}

/// What the environment costs a month.
#[derive(Debug, Serialize)]
struct Cost {
    lines: Vec<Paid>,
    total: String,
    currency: &'static str,
    date: &'static str,
    region: &'static str,
    leaves_out: &'static str,
}

/// One thing that is paid for.
#[derive(Debug, Serialize)]
struct Paid {
    count: u64,
    what: String,
    price: String,
}

impl Cost {
    fn new(environment: &Environment<'_>) -> Option<Self> {
        let facts = environment.inventory().infrastructure.provider.facts();
        let estimate = estimate(facts, &environment.topology)?;
        Some(Self {
            total: amount(estimate.total()),
            currency: estimate.currency,
            date: estimate.date,
            region: estimate.region,
            leaves_out: estimate.leaves_out,
            lines: estimate
                .lines
                .into_iter()
                .map(|line| Paid {
                    count: line.count,
                    what: line.what,
                    price: amount(line.price),
                })
                .collect(),
        })
    }
}

/// The first machine of each role, for examples.
#[derive(Debug, Serialize)]
struct First {
    load_balancer: String,
    app: String,
    cache: String,
    database: String,
    storage: String,
    monitoring: String,
}

/// What one more machine would be called, and the key that makes it.
#[derive(Debug, Serialize)]
struct Next {
    app: String,
    servers: usize,
}

/// A secret's name and purpose.
#[derive(Debug, Serialize)]
struct Secret {
    name: &'static str,
    purpose: &'static str,
    given: bool,
}

/// A backup.
#[derive(Debug, Serialize)]
struct Saved {
    name: &'static str,
    schedule: String,
    retention: String,
    compressed: bool,
    encrypted: bool,
}

impl Runbook {
    fn new(environment: &Environment<'_>) -> Self {
        let inventory = environment.inventory();
        let infrastructure = &inventory.infrastructure;
        let topology = &environment.topology;
        let title = format!("{}, {}", inventory.project.name, environment.name());
        let secrets: Vec<Secret> = deployment(environment)
            .secrets
            .into_iter()
            .map(|secret| Secret {
                name: secret.name,
                purpose: secret.purpose,
                given: secret.origin == Origin::Given,
            })
            .collect();
        Self {
            project: inventory.project.name.to_string(),
            environment: environment.name().to_owned(),
            description: inventory.project.description.to_string(),
            single: topology.single,
            picture: mermaid(&title, topology),
            machines: topology.machines.iter().map(Row::new).collect(),
            totals: totals(environment),
            cost: Cost::new(environment),
            front: front(environment),
            cloud: infrastructure.provider.facts().bastion.then(|| Cloud {
                balanced: topology.balanced,
                state: infrastructure.state != State::Local,
                dns: infrastructure.dns_zone.as_ref().map(ToString::to_string),
            }),
            resource: infrastructure.provider.facts().machine,
            first: First::new(environment),
            storage: topology.service(Role::Storage).map(|service| service.title),
            next: Next {
                app: Role::App.machine_name(count(environment, Role::App) + 1),
                servers: topology.with_role(Role::App).count() + 1,
            },
            cache: cache(environment),
            database: environment.settings().database.driver.name(),
            promotion: promotion(environment),
            given: secrets.iter().any(|secret| secret.given),
            secrets,
            backups: backups(&inventory.backup),
            sums: sums(environment),
            keep_releases: inventory.application.keep_releases.get(),
            alerts: alerts(environment)
                .into_iter()
                .map(|alert| Section {
                    name: alert.name,
                    severity: alert.severity.name(),
                    meaning: alert.meaning,
                    action: alert.action,
                })
                .collect(),
        }
    }
}

impl Row {
    fn new(machine: &Machine) -> Self {
        let roles: Vec<&str> = machine.roles.iter().map(|role| role.title()).collect();
        Self {
            name: machine.name.clone(),
            roles: roles.join(", "),
            address: machine.address.to_string(),
            zone: machine.zone.clone().unwrap_or_default(),
            size: machine.size.unwrap_or_default().to_owned(),
            memory: machine.memory.to_string(),
            disks: match machine.data_disk {
                Some(data) => format!("{}, {data} for data", machine.disk),
                None => machine.disk.to_string(),
            },
        }
    }
}

impl First {
    fn new(environment: &Environment<'_>) -> Self {
        let first = |role: Role| {
            let mut machines = environment.topology.with_role(role);
            machines
                .next()
                .map_or_else(|| role.machine_name(1), |machine| machine.name.clone())
        };
        Self {
            load_balancer: first(Role::LoadBalancer),
            app: first(Role::App),
            cache: first(Role::Cache),
            database: first(Role::Database),
            storage: first(Role::Storage),
            monitoring: first(Role::Monitoring),
        }
    }
}

fn count(environment: &Environment<'_>, role: Role) -> u32 {
    let machines = environment.topology.with_role(role);
    u32::try_from(machines.count()).unwrap_or(u32::MAX)
}

/// Counts the machines by role: `Load balancer: 2, App server: 3`.
fn totals(environment: &Environment<'_>) -> String {
    let parts: Vec<String> = Role::ALL
        .into_iter()
        .map(|role| (role, count(environment, role)))
        .filter(|(_, count)| *count > 0)
        .map(|(role, count)| format!("{}: {count}", role.title()))
        .collect();
    parts.join(", ")
}

/// Where visitors arrive: the address that moves between load balancers, or the one machine's.
fn front(environment: &Environment<'_>) -> String {
    let topology = &environment.topology;
    topology
        .shared_address
        .or_else(|| {
            let mut balancers = topology.with_role(Role::LoadBalancer);
            balancers.next().map(|machine| machine.address)
        })
        .map(|address| address.to_string())
        .unwrap_or_default()
}

/// Names the form of the cache.
fn cache(environment: &Environment<'_>) -> &'static str {
    match CacheLayout::of(environment.resolved) {
        CacheLayout::Cluster => "cluster",
        CacheLayout::Sentinel => "sentinel",
        CacheLayout::Replicas => "replicas",
        CacheLayout::Single => "single",
        CacheLayout::Memcached => "memcached",
    }
}

/// Says what happens when the database's primary is lost.
fn promotion(environment: &Environment<'_>) -> &'static str {
    let members = environment.topology.with_role(Role::Database).count();
    match (
        members > 1,
        environment.inventory().scaling.database.failover.0,
    ) {
        (false, _) => "alone",
        (true, true) => "automatic",
        (true, false) => "never",
    }
}

fn backups(backup: &Backup) -> Vec<Saved> {
    let saved = |name, job: &Option<BackupJob>| {
        job.as_ref().map(|job| Saved {
            name,
            schedule: job.schedule.to_string(),
            retention: job.retention.to_string(),
            compressed: job.compression.0,
            encrypted: job.encryption.0,
        })
    };
    [
        saved("database", &backup.database),
        saved("filesystem", &backup.filesystem),
        saved("configuration", &backup.configuration),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sums the environment stands on, for whoever wonders whether there is room.
fn sums(environment: &Environment<'_>) -> Vec<String> {
    let capacity = &environment.topology.capacity;
    let mut sums: Vec<String> = capacity
        .memory
        .iter()
        .map(|(role, memory)| format!("memory, {role}: {}", memory.arithmetic))
        .collect();
    sums.extend([
        format!("php-fpm children per machine: {}", capacity.pool.arithmetic),
        format!("database connections: {}", capacity.database.comparison()),
        format!("cache connections: {}", capacity.cache.comparison()),
        format!("request bodies: {}", capacity.bodies.order()),
        format!("timeouts: {}", capacity.timeouts.order()),
    ]);
    sums
}
