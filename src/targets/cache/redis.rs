//! `<machine>/redis-<port>.conf`: one instance of Redis each, and what all of them need.

use serde::Serialize;

use super::{addresses, machines};
use crate::environment::Environment;
use crate::model::{EvictionPolicy, LogLevel};
use crate::targets::Artifact;
use crate::topology::edges::cache_ports;
use crate::topology::{CacheLayout, Machine, Role};
use crate::units::Size;

/// File descriptors Redis keeps for itself beside its clients: its bus, files and listeners. Redis
/// itself wants 32; the members of a large cluster hold two connections each.
const OWN_FILES: u64 = 1024;

/// What Debian's unit grants.
const DEBIAN_FILES: u64 = 65_535;

/// The values of an instance's file.
#[derive(Debug, Serialize)]
struct Instance {
    port: u16,
    addresses: Vec<String>,
    /// The machine's own address, where other machines must find it.
    own_address: Option<String>,
    max_connections: u32,
    max_memory: String,
    eviction_policy: &'static str,
    log_level: &'static str,
    cluster: bool,
    node_timeout: u64,
    no_failover: bool,
    sentinel: bool,
    /// The address of the master that this instance copies for good.
    copies: Option<String>,
}

/// The values of the addition to Debian's unit.
#[derive(Debug, Serialize)]
pub(super) struct Service {
    pub(super) max_connections: u32,
    pub(super) files: u64,
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

pub(super) fn lower(environment: &Environment<'_>, layout: CacheLayout) -> Vec<Artifact> {
    let impact = restart(environment, layout);
    let mut artifacts: Vec<Artifact> = machines(environment)
        .into_iter()
        .flat_map(|machine| {
            cache_ports(environment.resolved)
                .into_iter()
                .map(move |port| (machine, port))
        })
        .map(|(machine, port)| {
            environment
                .artifact(
                    format!("cache/{}/redis-{port}.conf", machine.name),
                    "cache/redis.conf.tera",
                    &instance(environment, layout, machine, port),
                )
                .impact(format!("{} on {}", verb(layout), machine.name))
        })
        .collect();
    artifacts.push(
        environment
            .artifact(
                "cache/service.conf",
                "cache/service.conf.tera",
                &service(environment),
            )
            .impact(impact),
    );
    artifacts.push(environment.artifact(
        "cache/sysctl.conf",
        "cache/sysctl.conf.tera",
        &Nothing {},
    ));
    artifacts
}

/// Says what a change does: masters hand over to their copies before they restart.
fn verb(layout: CacheLayout) -> &'static str {
    match layout {
        CacheLayout::Cluster | CacheLayout::Sentinel => "restarts Redis, after a failover,",
        _ => "restarts Redis",
    }
}

/// The same for every machine, one after the other.
fn restart(environment: &Environment<'_>, layout: CacheLayout) -> String {
    environment.impact(verb(layout), Role::Cache)
}

pub(super) fn service(environment: &Environment<'_>) -> Service {
    let max_connections = environment
        .inventory()
        .performance
        .cache
        .max_connections
        .get();
    Service {
        max_connections,
        files: (u64::from(max_connections) + OWN_FILES).max(DEBIAN_FILES),
    }
}

fn instance(
    environment: &Environment<'_>,
    layout: CacheLayout,
    machine: &Machine,
    port: u16,
) -> Instance {
    let inventory = environment.inventory();
    let limits = &inventory.performance.cache;
    let first = machines(environment)[0];
    let alone = layout == CacheLayout::Single;
    Instance {
        port,
        addresses: addresses(environment, machine),
        own_address: (!alone).then(|| machine.address.to_string()),
        max_connections: limits.max_connections.get(),
        max_memory: amount(limits.max_memory),
        eviction_policy: policy(limits.eviction_policy),
        log_level: log_level(inventory.monitoring.logging.level),
        cluster: layout == CacheLayout::Cluster,
        node_timeout: milliseconds(environment),
        no_failover: !inventory.scaling.cache.failover.0,
        sentinel: layout == CacheLayout::Sentinel,
        copies: (layout == CacheLayout::Replicas && machine.name != first.name)
            .then(|| first.address.to_string()),
    }
}

/// How long a member may be silent before it counts as lost, in milliseconds.
pub(super) fn milliseconds(environment: &Environment<'_>) -> u64 {
    let timeout = environment.inventory().health_checks.cache.timeout;
    timeout.as_seconds().saturating_mul(1000)
}

/// Redis's notation: `2gb` is 2 x 1024^3 bytes, where `2g` would be 2 x 1000^3.
fn amount(size: Size) -> String {
    match size.exact() {
        bytes if bytes.ends_with(|last: char| last.is_ascii_digit()) => bytes,
        unit => format!("{}b", unit.to_ascii_lowercase()),
    }
}

/// Redis's own names, of which the inventory's are copies.
fn policy(policy: EvictionPolicy) -> &'static str {
    match policy {
        EvictionPolicy::Noeviction => "noeviction",
        EvictionPolicy::AllkeysLru => "allkeys-lru",
        EvictionPolicy::AllkeysLfu => "allkeys-lfu",
        EvictionPolicy::AllkeysRandom => "allkeys-random",
        EvictionPolicy::VolatileLru => "volatile-lru",
        EvictionPolicy::VolatileLfu => "volatile-lfu",
        EvictionPolicy::VolatileRandom => "volatile-random",
        EvictionPolicy::VolatileTtl => "volatile-ttl",
    }
}

/// Redis has four levels. `verbose` tells of every client that comes and goes, so `info` is
/// `notice`; nothing is above `warning`.
pub(super) fn log_level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info | LogLevel::Notice => "notice",
        _ => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_binary() {
        for (size, expected) in [
            (Size::gibibytes(2), "2gb"),
            (Size::mebibytes(1536), "1536mb"),
            (Size::bytes(10_000_000), "10000000"),
            (Size::bytes(3 << 10), "3kb"),
        ] {
            assert_eq!(amount(size), expected);
        }
    }
}
