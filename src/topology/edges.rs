//! Who may talk to whom: the arrows of the architecture, as ports.

use super::{CacheLayout, Role, StorageLayout, has_proxy_in_front, is_single, ports};
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

    /// Returns whether the machines of a role belong to it. Anybody may come from the internet.
    pub fn includes(self, role: Role) -> bool {
        match self {
            Self::Role(one) => one == role,
            Self::Everyone | Self::Internet => true,
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

/// Returns the allowed connections. A machine that does everything accepts visitors only.
pub fn edges(resolved: &Resolved<'_>) -> Vec<Edge> {
    let mut doors = vec![ports::HTTP, ports::HTTPS];
    if has_proxy_in_front(resolved) {
        doors.extend(ports::PROXIED);
    }
    let mut edges = vec![edge(
        Party::Internet,
        Role::LoadBalancer,
        &doors,
        "visitors",
    )];
    if is_single(resolved) {
        return edges;
    }
    edges.push(edge(
        Party::Role(Role::LoadBalancer),
        Role::App,
        &[ports::APP],
        "requests",
    ));
    cache(resolved, &mut edges);
    database(resolved, &mut edges);
    storage(resolved, &mut edges);
    monitoring(resolved, &mut edges);
    backup(resolved, &mut edges);
    if resolved.inventory.infrastructure.provider.facts().bastion {
        edges.push(Edge {
            from: Party::Role(Role::Monitoring),
            to: Party::Everyone,
            ports: vec![ports::SSH.to_string()],
            purpose: "SSH through the bastion",
        });
    }
    edges
}

fn edge(from: Party, to: Role, ports: &[u16], purpose: &'static str) -> Edge {
    Edge {
        from,
        to: Party::Role(to),
        ports: ports.iter().map(u16::to_string).collect(),
        purpose,
    }
}

/// Returns the ports of the processes on a cache machine, lowest first.
pub fn cache_ports(resolved: &Resolved<'_>) -> Vec<u16> {
    let first = resolved.settings().cache.port().get();
    let instances = u16::try_from(sizing::cache_instances(resolved)).unwrap_or(1);
    (first..=u16::MAX).take(usize::from(instances)).collect()
}

fn cache(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let ports = cache_ports(resolved);
    let app = Party::Role(Role::App);
    edges.push(edge(app, Role::Cache, &ports, "cache and sessions"));
    let further: Vec<u16> = match CacheLayout::of(resolved) {
        CacheLayout::Cluster => ports
            .iter()
            .filter_map(|port| port.checked_add(ports::CLUSTER_BUS))
            .collect(),
        CacheLayout::Sentinel => vec![ports::SENTINEL],
        CacheLayout::Replicas => Vec::new(),
        CacheLayout::Single | CacheLayout::Memcached => return,
    };
    edges.push(edge(
        Party::Role(Role::Cache),
        Role::Cache,
        &[ports, further].concat(),
        "replication",
    ));
}

fn database(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let service = &resolved.settings().database;
    let port = service.port().get();
    let app = Party::Role(Role::App);
    let role = ports::DATABASE_ROLE;
    edges.push(edge(app, Role::Database, &[port, role], "queries"));
    let failover = resolved.inventory.scaling.database.failover.0;
    let further: &[u16] = match service.driver {
        DatabaseDriver::Mariadb if failover => &ports::GALERA,
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => &[],
        DatabaseDriver::Postgresql => &ports::ETCD,
    };
    // Members ask for each other's role too, to agree on which of them makes the backup.
    edges.push(edge(
        Party::Role(Role::Database),
        Role::Database,
        &[&[port, role][..], further].concat(),
        "replication",
    ));
    let votes = if sizing::has_arbitrator(resolved) {
        &ports::GALERA[..1]
    } else if sizing::monitoring_has_etcd(resolved) {
        &ports::ETCD
    } else {
        return;
    };
    let (members, voter) = (Party::Role(Role::Database), Party::Role(Role::Monitoring));
    edges.push(edge(members, Role::Monitoring, votes, "votes"));
    edges.push(edge(voter, Role::Database, votes, "votes"));
}

fn storage(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    if let StorageLayout::Managed(_) = StorageLayout::of(resolved) {
        let app = Party::Role(Role::App);
        edges.push(edge(app, Role::Storage, &[ports::NFS], "shared files"));
        return;
    }
    for (from, purpose) in [(Role::App, "shared files"), (Role::Storage, "replication")] {
        edges.push(Edge {
            from: Party::Role(from),
            to: Party::Role(Role::Storage),
            ports: vec![
                ports::GLUSTER.to_string(),
                format!("{}-{}", ports::BRICKS[0], ports::BRICKS[1]),
            ],
            purpose,
        });
    }
}

/// Metrics are fetched by the monitoring machine; logs and errors are sent to it.
fn monitoring(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let from = Party::Role(Role::Monitoring);
    for role in [Role::LoadBalancer, Role::App] {
        edges.push(edge(from, role, &[ports::APP], "status"));
    }
    edges.push(Edge {
        from,
        to: Party::Everyone,
        ports: vec![ports::NODE_EXPORTER.to_string()],
        purpose: "metrics",
    });
    let settings = resolved.settings();
    let database = match settings.database.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => vec![ports::MYSQL_EXPORTER],
        DatabaseDriver::Postgresql => vec![ports::POSTGRES_EXPORTER, ports::ETCD_METRICS],
    };
    let cache = match settings.cache.driver {
        CacheDriver::Redis => vec![ports::REDIS_EXPORTER],
        CacheDriver::Memcached => Vec::new(),
    };
    for (role, exporters) in [
        (Role::LoadBalancer, vec![ports::NGINX_EXPORTER]),
        (Role::App, vec![ports::NGINX_EXPORTER, ports::HAPROXY]),
        (Role::Cache, [cache_ports(resolved), cache].concat()),
        (
            Role::Database,
            [
                vec![settings.database.port().get(), ports::DATABASE_ROLE],
                database,
            ]
            .concat(),
        ),
    ] {
        edges.push(edge(from, role, &exporters, "probes and metrics"));
    }
    edges.push(edge(
        Party::Everyone,
        Role::Monitoring,
        &[ports::SYSLOG, ports::PORTAL],
        "logs and errors",
    ));
}

/// Every machine saves its configuration, and some more, on the monitoring machine, unless the
/// inventory names another place.
fn backup(resolved: &Resolved<'_>, edges: &mut Vec<Edge>) {
    let backup = &resolved.inventory.backup;
    let saves = [&backup.database, &backup.filesystem, &backup.configuration];
    if backup.repository.is_none() && saves.iter().any(|job| job.is_some()) {
        edges.push(edge(
            Party::Everyone,
            Role::Monitoring,
            &[ports::SSH],
            "backups",
        ));
    }
}
