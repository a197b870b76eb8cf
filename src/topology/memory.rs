//! How much memory a machine has, and how that came about.
//!
//! The factors are planning figures, not measurements; `scaling.<role>.memory` overrides what
//! comes out.

use super::{Role, StorageLayout, is_single, sizing};
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::units::Size;

/// What the operating system and its agents take beside a service.
const SYSTEM: Size = Size::gibibytes(1);

/// The same beside a cache, which has few other processes.
const CACHE_SYSTEM: Size = Size::mebibytes(512);

/// What Prometheus, Alertmanager and the error store take where they watch one machine: half of it
/// is the error store's (see `MemoryMax` of its units).
const WATCHING_ONE: Size = Size::gibibytes(1);

/// What the system takes on a machine that does everything, beside the share that php-fpm leaves
/// it.
const SHARED_SYSTEM: Size = Size::mebibytes(512);

/// Memory of a storage machine: brick processes and the kernel's cache of files.
const STORAGE: Size = Size::gibibytes(2);

/// Memory of a monitoring machine: Prometheus, Alertmanager, the log store and the error store.
const MONITORING: Size = Size::gibibytes(4);

/// An amount of memory, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// How much.
    pub amount: Size,
    /// The formula with its numbers: `2 x 2G x 1.5 + 512M = 6656M, in sizes that are sold: 8G`.
    pub arithmetic: String,
    formula: String,
}

impl Memory {
    fn new(amount: Size, formula: &str) -> Self {
        Self {
            amount,
            arithmetic: format!("{formula} = {amount}"),
            formula: formula.to_owned(),
        }
    }

    /// Adds what the system takes beside a service.
    fn beside(self, system: Size) -> Self {
        Self::new(
            self.amount + system,
            &format!("{} + {system} system", self.formula),
        )
    }

    /// Rounds up to a power of two of gibibytes, the sizes that providers sell.
    fn sold(self) -> Self {
        let amount = Size::gibibytes(self.amount.as_gibibytes_up().max(1).next_power_of_two());
        Self {
            arithmetic: if amount == self.amount {
                self.arithmetic
            } else {
                format!("{}, in sizes that are sold: {amount}", self.arithmetic)
            },
            amount,
            formula: self.formula,
        }
    }

    fn explicit(amount: Size, key: &str, need: &Self) -> Self {
        Self {
            amount,
            arithmetic: format!("{key}; the services need {}", need.arithmetic),
            formula: String::new(),
        }
    }
}

/// Returns the memory of each machine of a role: what the inventory says, or what its services need
/// in sizes that are sold.
pub fn machine(resolved: &Resolved<'_>, role: Role) -> Memory {
    let scaling = &resolved.inventory.scaling;
    let (explicit, key) = match role {
        Role::LoadBalancer => (scaling.load_balancer.memory, "scaling.load_balancer.memory"),
        Role::App => (scaling.app.memory, "scaling.app.memory"),
        Role::Cache => (scaling.cache.memory, "scaling.cache.memory"),
        Role::Database => (scaling.database.memory, "scaling.database.memory"),
        Role::Storage => (scaling.filesystem.memory, "scaling.filesystem.memory"),
        Role::Monitoring => (scaling.monitoring.memory, "scaling.monitoring.memory"),
    };
    let need = need(resolved, role);
    match explicit {
        Some(amount) => Memory::explicit(amount, key, &need),
        None => need.sold(),
    }
}

/// Returns the memory of a machine that does everything: what each service takes, and the system
/// once.
pub fn single(resolved: &Resolved<'_>) -> Memory {
    let recommended = resolved.inventory.system.memory.recommended;
    let (cache, database) = (cache(resolved), database(resolved));
    let need = Memory::new(
        recommended + cache.amount + database.amount + WATCHING_ONE + SHARED_SYSTEM,
        &format!(
            "{recommended} application + {} cache + {} database + {WATCHING_ONE} monitoring + \
             {SHARED_SYSTEM} system",
            cache.amount, database.amount
        ),
    );
    match resolved.inventory.scaling.app.memory {
        Some(amount) => Memory::explicit(amount, "scaling.app.memory", &need),
        None => need.sold(),
    }
}

/// Returns the memory php-fpm and its neighbours on an application machine can count on.
pub fn app(resolved: &Resolved<'_>) -> Size {
    if is_single(resolved) {
        resolved.inventory.system.memory.recommended
    } else {
        machine(resolved, Role::App).amount
    }
}

/// Returns the read cache of the shared-storage client, which is memory of the application
/// machine; none where shared files are not on storage machines.
pub fn client_cache(resolved: &Resolved<'_>) -> Size {
    match StorageLayout::of(resolved) {
        StorageLayout::Gluster => resolved.inventory.performance.filesystem.cache_size,
        StorageLayout::Folder | StorageLayout::Managed(_) => Size::bytes(0),
    }
}

/// Returns what a role's services need.
pub fn need(resolved: &Resolved<'_>, role: Role) -> Memory {
    let inventory = &resolved.inventory;
    match role {
        Role::LoadBalancer => Memory::new(SYSTEM, "system"),
        Role::App => {
            let recommended = inventory.system.memory.recommended;
            let cache = client_cache(resolved);
            let storage = if cache.as_bytes() == 0 {
                String::new()
            } else {
                format!("{cache} storage cache + ")
            };
            Memory::new(
                recommended.max(cache + SYSTEM),
                &format!("the larger of {recommended} recommended and {storage}{SYSTEM} system"),
            )
        }
        Role::Cache => cache(resolved).beside(CACHE_SYSTEM),
        Role::Database => database(resolved).beside(SYSTEM),
        Role::Storage => Memory::new(STORAGE, "bricks and file cache"),
        Role::Monitoring => Memory::new(MONITORING, "stores of metrics, logs and errors"),
    }
}

/// What the cache takes on one of its machines: half as much again as it may hold, for the
/// copy-on-write pages of a background save.
fn cache(resolved: &Resolved<'_>) -> Memory {
    let instances = sizing::cache_instances(resolved);
    let each = resolved.inventory.performance.cache.max_memory;
    Memory::new(
        (each * instances).scale(3, 2),
        &format!("{instances} x {each} x 1.5 for saves"),
    )
}

/// What a database member takes: a quarter more than the pool for its own bookkeeping, and every
/// connection.
fn database(resolved: &Resolved<'_>) -> Memory {
    let database = &resolved.inventory.performance.database;
    let driver = resolved.settings().database.driver;
    let pool = database.buffer_pool_of(driver);
    let query_cache = database
        .query_cache
        .filter(|_| driver == DatabaseDriver::Mariadb);
    let connections = database.max_connections.get();
    let each = per_connection(driver);
    let cached = query_cache.map_or_else(String::new, |size| format!(" + {size} query cache"));
    Memory::new(
        pool.scale(5, 4) + query_cache.unwrap_or(Size::bytes(0)) + each * u64::from(connections),
        &format!("{pool} pool x 1.25{cached} + {connections} connections x {each}"),
    )
}

/// Memory of a connection: a thread with its buffers for MySQL and MariaDB; a process with its
/// catalogue caches (about 6M) and one sort or hash of `work_mem` (4M) for PostgreSQL.
fn per_connection(driver: DatabaseDriver) -> Size {
    match driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => Size::mebibytes(2),
        DatabaseDriver::Postgresql => Size::mebibytes(10),
    }
}
