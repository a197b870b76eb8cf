//! Section `performance`: limits and memory of shared services.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::environment::DatabaseDriver;
use crate::units::{Count, IoThreads, Size};

/// Limits and memory of the shared services.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Performance {
    /// The shared cache.
    pub cache: CachePerformance,
    /// The database.
    pub database: DatabasePerformance,
    /// Shared storage.
    pub filesystem: FilesystemPerformance,
}

/// The shared cache.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct CachePerformance {
    /// Clients one instance serves at a time.
    pub max_connections: Count,
    /// Memory of one instance, not of the whole cluster.
    pub max_memory: Size,
    /// What gives way when that memory is full.
    pub eviction_policy: EvictionPolicy,
}

impl Default for CachePerformance {
    fn default() -> Self {
        Self {
            max_connections: Count::of(1000),
            max_memory: Size::gibibytes(2),
            eviction_policy: EvictionPolicy::AllkeysLru,
        }
    }
}

/// What gives way when a cache is full; the names are Redis's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvictionPolicy {
    /// Writes fail.
    Noeviction,
    /// Any key, least recently used first.
    AllkeysLru,
    /// Any key, least frequently used first.
    AllkeysLfu,
    /// Any key, at random.
    AllkeysRandom,
    /// Keys that expire, least recently used first.
    VolatileLru,
    /// Keys that expire, least frequently used first.
    VolatileLfu,
    /// Keys that expire, at random.
    VolatileRandom,
    /// Keys that expire, soonest first.
    VolatileTtl,
}

impl EvictionPolicy {
    /// Returns whether keys without an expiry can go.
    pub fn evicts_any_key(self) -> bool {
        matches!(
            self,
            Self::AllkeysLru | Self::AllkeysLfu | Self::AllkeysRandom
        )
    }
}

/// The database.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DatabasePerformance {
    /// Connections the primary accepts at a time; all php-fpm children together stay below it.
    pub max_connections: Count,
    /// Memory for cached query results. Only MariaDB still has this cache.
    pub query_cache: Option<Size>,
    /// What becomes of `query_cache` with a database that has none: `drop` leaves it out with a
    /// warning, `error` refuses it, `buffer_pool` adds it to the buffer pool.
    pub query_cache_policy: QueryCachePolicy,
    /// Memory for table and index pages.
    pub buffer_pool: Size,
}

impl Default for DatabasePerformance {
    fn default() -> Self {
        Self {
            max_connections: Count::of(500),
            query_cache: None,
            query_cache_policy: QueryCachePolicy::Drop,
            buffer_pool: Size::gibibytes(1),
        }
    }
}

impl DatabasePerformance {
    /// Returns the buffer pool of a database program: with `query_cache_policy: buffer_pool`, one
    /// without a query cache gets its memory too.
    pub fn buffer_pool_of(&self, driver: DatabaseDriver) -> Size {
        let added = match self.query_cache_policy {
            QueryCachePolicy::BufferPool if driver != DatabaseDriver::Mariadb => self.query_cache,
            _ => None,
        };
        self.buffer_pool + added.unwrap_or(Size::bytes(0))
    }
}

/// What becomes of a query cache the database does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueryCachePolicy {
    /// It is left out, with a warning.
    Drop,
    /// It is refused.
    Error,
    /// Its memory goes to the buffer pool.
    BufferPool,
}

/// Shared storage.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct FilesystemPerformance {
    /// Requests one client may have in flight.
    pub max_connections: Count,
    /// Read cache of one client. It is memory of the application machines.
    pub cache_size: Size,
    /// Threads per brick, from 1 to 64.
    pub io_threads: IoThreads,
}

impl Default for FilesystemPerformance {
    fn default() -> Self {
        Self {
            max_connections: Count::of(1000),
            cache_size: Size::gibibytes(1),
            io_threads: IoThreads::of(8),
        }
    }
}
