//! How the cache is laid out over its machines.

use super::is_single;
use crate::model::CacheDriver;
use crate::resolve::Resolved;

/// How the cache is laid out over its machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheLayout {
    /// Redis Cluster: every machine has a master and the copy of another machine's master.
    Cluster,
    /// One Redis master and its copies, one of which Sentinel promotes when the master is lost.
    Sentinel,
    /// One Redis master and its copies, which people promote.
    Replicas,
    /// One Redis.
    Single,
    /// memcached, which knows nothing of other machines.
    Memcached,
}

impl CacheLayout {
    /// Chooses the layout that does what `scaling.cache` asks for. A machine that does everything
    /// has nothing to share a cache with.
    pub fn of(resolved: &Resolved<'_>) -> Self {
        let cache = &resolved.inventory.scaling.cache;
        if resolved.settings().cache.driver == CacheDriver::Memcached {
            return Self::Memcached;
        }
        if is_single(resolved) {
            return Self::Single;
        }
        match (cache.sharding.0, cache.replication.0, cache.failover.0) {
            (true, _, _) => Self::Cluster,
            (false, true, true) => Self::Sentinel,
            (false, true, false) => Self::Replicas,
            (false, false, _) => Self::Single,
        }
    }

    /// Returns how many machines of those the inventory grants are of use: without shards and
    /// copies, one is.
    pub fn machines(self, resolved: &Resolved<'_>) -> u32 {
        let cache = &resolved.inventory.scaling.cache;
        let one = self == Self::Single || self == Self::Memcached && !cache.sharding.0;
        if one { 1 } else { cache.servers.get() }
    }

    /// Returns whether the application reaches the master through a proxy on its own machine.
    /// PHP's session handler cannot ask Sentinel where the master is.
    pub fn has_proxy(self) -> bool {
        self == Self::Sentinel
    }

    /// Returns whether any one machine will do for a first connection: members of a cluster send
    /// clients on.
    pub fn any_machine(self) -> bool {
        matches!(self, Self::Cluster | Self::Memcached)
    }
}
