//! `<machine>/memcached.conf`.

use serde::Serialize;

use super::redis::service;
use super::{addresses, machines};
use crate::environment::Environment;
use crate::model::{EvictionPolicy, LogLevel};
use crate::targets::Artifact;
use crate::topology::Role;

/// The values of the template.
#[derive(Debug, Serialize)]
struct Memcached {
    port: u16,
    addresses: Vec<String>,
    memory: u64,
    max_connections: u32,
    no_eviction: bool,
    verbose: bool,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let inventory = environment.inventory();
    let limits = &inventory.performance.cache;
    let mut artifacts: Vec<Artifact> = machines(environment)
        .into_iter()
        .map(|machine| {
            let values = Memcached {
                port: environment.settings().cache.port().get(),
                addresses: addresses(environment, machine),
                // memcached takes no part of a mebibyte, and nothing for its default.
                memory: limits.max_memory.as_mebibytes().max(1),
                max_connections: limits.max_connections.get(),
                no_eviction: limits.eviction_policy == EvictionPolicy::Noeviction,
                verbose: inventory.monitoring.logging.level <= LogLevel::Warning,
            };
            environment
                .artifact(
                    format!("cache/{}/memcached.conf", machine.name),
                    "cache/memcached.conf.tera",
                    &values,
                )
                .impact(format!(
                    "restarts memcached on {} and empties it",
                    machine.name
                ))
        })
        .collect();
    artifacts.push(
        environment
            .artifact(
                "cache/service.conf",
                "cache/service.conf.tera",
                &service(environment),
            )
            .impact(environment.impact("restarts memcached, and empties it,", Role::Cache)),
    );
    artifacts
}
