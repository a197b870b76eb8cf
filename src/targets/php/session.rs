//! Where PHP keeps sessions.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::CacheDriver;
use crate::targets::application::settings::reachable;
use crate::topology::Role;

/// How long PHP waits for the session store, in seconds. Not the health check's timeout: children
/// that wait that long for a lost machine would soon be all there are.
const TIMEOUT: u64 = 2;

/// Microseconds between two attempts at a session's lock.
const LOCK_WAIT: u64 = 20_000;

/// The values of the section `[Session]`.
#[derive(Debug, Serialize)]
pub(super) struct Session {
    save_handler: &'static str,
    save_path: String,
    lifetime: u64,
    timeout_milliseconds: u64,
    lock_wait: u64,
    lock_wait_milliseconds: u64,
    lock_retries: i64,
}

/// Describes the session store: every shard of a cluster is named, so that losing any one machine
/// does not keep PHP from finding the others.
pub(super) fn session(environment: &Environment<'_>) -> Session {
    let cache = &environment.settings().cache;
    let cluster = !environment.topology.single && environment.inventory().scaling.cache.sharding.0;
    let port = cache.port();
    let members = |prefix: &str, between: &str| {
        environment
            .topology
            .with_role(Role::Cache)
            .map(|machine| format!("{prefix}{}:{port}", machine.address))
            .collect::<Vec<_>>()
            .join(between)
    };
    let host = match reachable(&cache.host) {
        host if host.contains(':') => format!("[{host}]"),
        host => host,
    };
    let (save_handler, save_path) = match (cache.driver, cluster) {
        (CacheDriver::Redis, true) => (
            "rediscluster",
            format!(
                "{}&timeout={TIMEOUT}&read_timeout={TIMEOUT}&failover=error&persistent=1",
                members("seed[]=", "&")
            ),
        ),
        (CacheDriver::Redis, false) => (
            "redis",
            format!("tcp://{host}:{port}?timeout={TIMEOUT}&read_timeout={TIMEOUT}&persistent=1"),
        ),
        (CacheDriver::Memcached, true) => ("memcached", members("", ",")),
        (CacheDriver::Memcached, false) => ("memcached", format!("{host}:{port}")),
    };
    Session {
        save_handler,
        save_path,
        lifetime: environment.inventory().php.session_lifetime.as_seconds(),
        timeout_milliseconds: TIMEOUT * 1000,
        lock_wait: LOCK_WAIT,
        lock_wait_milliseconds: LOCK_WAIT / 1000,
        lock_retries: lock_retries(environment.topology.capacity.timeouts.execution),
    }
}

/// Attempts at a lock within the time a request may run; endless where that is not limited.
fn lock_retries(execution: u64) -> i64 {
    match execution {
        0 => -1,
        seconds => i64::try_from(seconds * 1_000_000 / LOCK_WAIT).unwrap_or(-1),
    }
}
