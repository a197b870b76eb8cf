//! Target `cache`: Redis Cluster, Redis with Sentinel, plain copies of one Redis, a single Redis,
//! or memcached.

mod memcached;
mod proxy;
mod redis;
mod scripts;
mod sentinel;
mod variables;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::topology::{CacheLayout, Machine, Role};

/// The target.
pub const TARGET: Target = Target {
    name: "cache",
    lower,
    deployment,
};

/// The playbook that does again what `cache.yml` ends with.
const REBALANCE: &str = "rebalance_cache.yml";

/// Where the cache listens besides a machine's own address, for whoever is on the machine.
const LOCAL: &str = "127.0.0.1";

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let layout = CacheLayout::of(environment.resolved);
    let mut artifacts = variables::lower(environment, layout);
    artifacts.extend(match layout {
        CacheLayout::Memcached => memcached::lower(environment),
        _ => redis::lower(environment, layout),
    });
    artifacts.extend(scripts::lower(environment, layout));
    if layout == CacheLayout::Sentinel {
        artifacts.extend(sentinel::lower(environment));
        artifacts.push(proxy::lower(environment));
    }
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let layout = CacheLayout::of(environment.resolved);
    let (roles, by_hand): (&[_], &[_]) = match layout {
        CacheLayout::Cluster => (&["redis", "redis_cluster"], &[REBALANCE]),
        CacheLayout::Sentinel => (&["redis", "redis_sentinel", "cache_proxy"], &[]),
        CacheLayout::Replicas | CacheLayout::Single => (&["redis"], &[]),
        CacheLayout::Memcached => (&["memcached"], &[]),
    };
    let password = Secret {
        name: "cache_password",
        purpose: "signs the application and the machines of the cache in to Redis",
        origin: Origin::Password,
    };
    Deployment {
        playbooks: vec![Playbook {
            file: variables::PLAYBOOK,
            title: "Set up the cache",
        }],
        by_hand: by_hand.to_vec(),
        roles: roles.to_vec(),
        secrets: match layout {
            CacheLayout::Memcached => Vec::new(),
            _ => vec![password],
        },
    }
}

/// Returns the machines of the cache, by number.
fn machines<'a>(environment: &'a Environment<'_>) -> Vec<&'a Machine> {
    environment.topology.with_role(Role::Cache).collect()
}

/// Returns the addresses a machine's cache listens on, its own first. A machine that does
/// everything talks to itself.
fn addresses(environment: &Environment<'_>, machine: &Machine) -> Vec<String> {
    if environment.topology.single {
        vec![LOCAL.to_owned()]
    } else {
        vec![machine.address.to_string(), LOCAL.to_owned()]
    }
}
