//! `redis_peers.py`: what an instance of Redis must know about the others, for the role that
//! restarts it and for whoever is called at night.

use serde::Serialize;

use super::machines;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::edges::cache_ports;
use crate::topology::{CacheLayout, ports};

/// The values of both scripts.
#[derive(Debug, Serialize)]
struct Peers {
    machines: Vec<Machine>,
    port: u16,
    ports: Vec<u16>,
    sentinel_port: Option<u16>,
}

/// A machine of the cache.
#[derive(Debug, Serialize)]
struct Machine {
    name: String,
    address: String,
}

pub(super) fn lower(environment: &Environment<'_>, layout: CacheLayout) -> Option<Artifact> {
    let template = match layout {
        CacheLayout::Cluster => "cache/redis_cluster.py.tera",
        CacheLayout::Sentinel | CacheLayout::Replicas => "cache/redis_replicas.py.tera",
        CacheLayout::Single | CacheLayout::Memcached => return None,
    };
    let values = Peers {
        machines: machines(environment)
            .into_iter()
            .map(|machine| Machine {
                name: machine.name.clone(),
                address: machine.address.to_string(),
            })
            .collect(),
        port: environment.settings().cache.port().get(),
        ports: cache_ports(environment.resolved),
        sentinel_port: (layout == CacheLayout::Sentinel).then_some(ports::SENTINEL),
    };
    Some(environment.artifact("cache/redis_peers.py", template, &values))
}
