//! Who may talk to whom: the arrows of the architecture, as ports.

use super::{Role, is_single};
use crate::model::{CacheDriver, DatabaseDriver};
use crate::resolve::Resolved;
use crate::topology::sizing;

/// One end of an [`Edge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Visitors.
    Internet,
    /// Every machine of a role.
    Role(Role),
    /// Every machine.
    Everyone,
}

impl Party {
    /// Returns the name used in rendered files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Role(role) => role.name(),
            Self::Everyone => "everyone",
        }
    }
}

/// Connections that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Who connects.
    pub from: Party,
    /// Who accepts.
    pub to: Party,
    /// TCP ports, as numbers or ranges `49152-49251`.
    pub ports: Vec<String>,
    /// What for.
    pub purpose: &'static str,
}

/// The port php-fpm's nginx listens on.
pub const APP_PORT: u16 = 8080;

/// Distance between a Redis port and its cluster bus, fixed by Redis.
pub const CLUSTER_BUS: u32 = 10_000;

/// Returns the allowed connections. A machine that does everything accepts visitors only.
pub fn edges(resolved: &Resolved<'_>) -> Vec<Edge> {
    let mut edges = vec![edge(
        Party::Internet,
        Role::LoadBalancer,
        &[80, 443],
        "visitors",
    )];
    if is_single(resolved) {
        return edges;
    }
    edges.push(edge(
        Party::Role(Role::LoadBalancer),
        Role::App,
        &[u32::from(APP_PORT)],
        "requests",
    ));
    cache(resolved, &mut edges);
    database(resolved, &mut edges);
    storage(&mut edges);
    edges.push(edge(
        Party::Role(Role::Monitoring),
        Role::LoadBalancer,
        &[u32::from(APP_PORT)],
        "status",
    ));
    edges.push(edge(
        Party::Role(Role::Monitoring),
        Role::App,
        &[u32::from(APP_PORT)],
        "status",
    ));
    edges.push(Edge {
        from: Party::Role(Role::Monitoring),
        to: Party::Everyone,
        ports: vec!["9100".to_owned()],
        purpose: "metrics",
    });
    edges.push(edge(
        Party::Everyone,
        Role::Monitoring,
        &[6514, 443],
        "logs and errors",
    ));
    edges
}

fn edge(from: Party, to: Role, ports: &[u32], purpose: &'static str) -> Edge {
    Edge {
        from,
        to: Party::Role(to),
        ports: ports.iter().map(u32::to_string).collect(),
        purpose,
    }
}

fn cache(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let service = &resolved.settings().cache;
    let first = u32::from(service.port().get());
    let instances = u32::try_from(sizing::cache_instances(resolved)).unwrap_or(1);
    let ports: Vec<u32> = (first..first + instances).collect();
    let app = Party::Role(Role::App);
    edges.push(edge(app, Role::Cache, &ports, "cache and sessions"));
    let scaling = &resolved.inventory.scaling.cache;
    if service.driver == CacheDriver::Redis && (scaling.sharding.0 || scaling.replication.0) {
        let mut peers = ports.clone();
        if scaling.sharding.0 {
            peers.extend(ports.iter().map(|port| port + CLUSTER_BUS));
        } else if scaling.failover.0 {
            // Redis Sentinel's own port.
            peers.push(26_379);
        }
        edges.push(edge(
            Party::Role(Role::Cache),
            Role::Cache,
            &peers,
            "replication",
        ));
    }
}

fn database(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let service = &resolved.settings().database;
    let port = u32::from(service.port().get());
    let app = Party::Role(Role::App);
    // 8008 answers whether a member is the primary.
    edges.push(edge(app, Role::Database, &[port, 8008], "queries"));
    let peers = match service.driver {
        DatabaseDriver::Mysql => vec![port],
        // Galera: replication, incremental and full state transfer.
        DatabaseDriver::Mariadb => vec![port, 4567, 4568, 4444],
        // Patroni's REST interface and etcd.
        DatabaseDriver::Postgresql => vec![port, 8008, 2379, 2380],
    };
    edges.push(edge(
        Party::Role(Role::Database),
        Role::Database,
        &peers,
        "replication",
    ));
}

fn storage(edges: &mut Vec<Edge>) {
    for (from, purpose) in [(Role::App, "shared files"), (Role::Storage, "replication")] {
        edges.push(Edge {
            from: Party::Role(from),
            to: Party::Role(Role::Storage),
            // The management port, and the range brick processes are held to.
            ports: vec!["24007".to_owned(), "49152-49251".to_owned()],
            purpose,
        });
    }
}
