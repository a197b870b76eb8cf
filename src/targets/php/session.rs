//! Where PHP keeps sessions, and how the application reaches the cache.

use serde::Serialize;

use crate::environment::Environment;
use crate::targets::application::settings::reachable;
use crate::topology::{CacheLayout, Role};

/// How long PHP waits for the session store, in seconds. Not the health check's timeout: children
/// that wait that long for a lost machine would soon be all there are.
const TIMEOUT: u64 = 2;

/// Microseconds between two attempts at a session's lock.
const LOCK_WAIT: u64 = 20_000;

/// Seconds after which a lock is void where requests may run forever.
const LOCK_UNLIMITED: u64 = 3600;

/// The values of the section `[Session]`.
#[derive(Debug, Serialize)]
pub(super) struct Session {
    save_handler: &'static str,
    save_path: String,
    /// What the application's own connections to a cluster begin with.
    seeds: String,
    lifetime: u64,
    timeout: u64,
    timeout_milliseconds: u64,
    lock_wait: u64,
    lock_wait_milliseconds: u64,
    lock_retries: i64,
    lock_expire: u64,
}

/// Describes the session store. The password is not among the values: the template has PHP take it
/// from the environment.
pub(super) fn session(environment: &Environment<'_>) -> Session {
    let (save_handler, save_path) = store(environment);
    let timeouts = environment.topology.capacity.timeouts;
    Session {
        save_handler,
        save_path,
        seeds: seeds(environment, "app[]="),
        lifetime: environment.inventory().php.session_lifetime.as_seconds(),
        timeout: TIMEOUT,
        timeout_milliseconds: TIMEOUT * 1000,
        lock_wait: LOCK_WAIT,
        lock_wait_milliseconds: LOCK_WAIT / 1000,
        lock_retries: lock_retries(timeouts.execution),
        // A child that was killed lets nobody in for as long as a request may take.
        lock_expire: match timeouts.terminate {
            0 => LOCK_UNLIMITED,
            terminate => terminate,
        },
    }
}

/// The handler, and where it finds the store. Every shard of a cluster is named, so that losing any
/// one machine does not keep PHP from finding the others.
fn store(environment: &Environment<'_>) -> (&'static str, String) {
    let bounds = format!("timeout={TIMEOUT}&read_timeout={TIMEOUT}");
    match CacheLayout::of(environment.resolved) {
        CacheLayout::Cluster => (
            "rediscluster",
            format!(
                "{}&{bounds}&failover=error&persistent=1",
                seeds(environment, "seed[]=")
            ),
        ),
        CacheLayout::Sentinel | CacheLayout::Replicas | CacheLayout::Single => (
            "redis",
            format!(
                "tcp://{}?{bounds}&persistent=1",
                authority(environment, &host(environment))
            ),
        ),
        CacheLayout::Memcached => ("memcached", nodes(environment).join(",")),
    }
}

/// Every first instance of a cluster, as a query.
fn seeds(environment: &Environment<'_>, prefix: &str) -> String {
    nodes(environment)
        .iter()
        .map(|node| format!("{prefix}{node}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// Returns where the application connects to first.
pub(in crate::targets) fn host(environment: &Environment<'_>) -> String {
    let host = &environment.settings().cache.host;
    let proxied = CacheLayout::of(environment.resolved).has_proxy();
    if proxied && !environment.topology.is_service(host) {
        // The proxy on the same machine, which knows the master; a service's name means it, too.
        return "127.0.0.1".to_owned();
    }
    reachable(host)
}

/// Returns every place the application must know: all shards where keys are spread over machines,
/// else the one it connects to.
pub(in crate::targets) fn nodes(environment: &Environment<'_>) -> Vec<String> {
    let layout = CacheLayout::of(environment.resolved);
    let port = environment.settings().cache.port();
    let machines = environment.topology.with_role(Role::Cache);
    if environment.topology.single || !layout.any_machine() {
        vec![authority(environment, &host(environment))]
    } else {
        machines
            .map(|machine| format!("{}:{port}", machine.address))
            .collect()
    }
}

fn authority(environment: &Environment<'_>, host: &str) -> String {
    let port = environment.settings().cache.port();
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Attempts at a lock within the time a request may run; endless where that is not limited.
fn lock_retries(execution: u64) -> i64 {
    match execution {
        0 => -1,
        seconds => i64::try_from(seconds * 1_000_000 / LOCK_WAIT).unwrap_or(-1),
    }
}
