//! How many machines, and how large.
//!
//! The factors are planning figures, not measurements; `scaling.<role>.memory` overrides what
//! comes out.

use super::{CacheLayout, Role, StorageLayout, kept};
use crate::model::{CacheDriver, DatabaseDriver};
use crate::resolve::Resolved;
use crate::units::Size;

/// The smallest disk a Debian machine with these packages and a week of logs fits on.
const SMALLEST_DISK: Size = Size::gibibytes(10);

/// Copies of every file that GlusterFS keeps when replication is on.
pub const COPIES: u32 = 3;

/// Returns the number of machines a role has when each role has its own.
pub fn machine_count(resolved: &Resolved<'_>, role: Role) -> u32 {
    let scaling = &resolved.inventory.scaling;
    match role {
        Role::LoadBalancer => scaling.load_balancer.servers.get(),
        Role::App => scaling.app.servers.get(),
        Role::Cache => CacheLayout::of(resolved).machines(resolved),
        Role::Database => database_members(resolved),
        Role::Storage => match StorageLayout::of(resolved) {
            StorageLayout::Managed(_) => 0,
            StorageLayout::Folder | StorageLayout::Gluster => scaling.filesystem.servers.get(),
        },
        Role::Monitoring => 1,
    }
}

/// Returns the members of the database cluster: masters and replicas.
pub fn database_members(resolved: &Resolved<'_>) -> u32 {
    let database = &resolved.inventory.scaling.database;
    database.write_master.get() + database.read_replicas.get()
}

/// Returns whether the monitoring machine votes with the members of a Galera cluster: their number
/// is even, so that without it neither half of a divided network would have a majority.
pub fn has_arbitrator(resolved: &Resolved<'_>) -> bool {
    resolved.settings().database.driver == DatabaseDriver::Mariadb
        && resolved.inventory.scaling.database.failover.0
        && database_members(resolved).is_multiple_of(2)
        && !super::is_single(resolved)
}

/// Members of etcd, which votes on PostgreSQL's primary: three survive the loss of one, and every
/// further member makes each write slower.
const ETCD_MEMBERS: u32 = 3;

/// Returns on how many database machines etcd runs: on the first three, and on one where there is
/// but one.
pub fn etcd_members(resolved: &Resolved<'_>) -> u32 {
    database_members(resolved).min(ETCD_MEMBERS)
}

/// Returns whether the monitoring machine has etcd's third member: two database machines alone
/// would lose their majority with either of them.
pub fn monitoring_has_etcd(resolved: &Resolved<'_>) -> bool {
    resolved.settings().database.driver == DatabaseDriver::Postgresql
        && database_members(resolved) == ETCD_MEMBERS - 1
        && !super::is_single(resolved)
}

/// Returns how many cache processes run on each cache machine. A replica shares the machine of
/// another shard's master, so that three machines hold three shards and their copies.
pub fn cache_instances(resolved: &Resolved<'_>) -> u64 {
    let copies = resolved.inventory.scaling.cache.replication.0;
    1 + u64::from(CacheLayout::of(resolved) == CacheLayout::Cluster && copies)
}

/// Returns the system disk of every machine.
pub fn system_disk(resolved: &Resolved<'_>) -> Size {
    resolved
        .inventory
        .system
        .storage
        .recommended
        .max(SMALLEST_DISK)
}

/// Returns the system disk of a role's machines: on those of the database with room for a dump of
/// the working set (the buffer pool), and for a drill, which restores it and loads it into tables
/// and logs of up to three times its size; on those of Redis with room for the log of what it
/// holds, which grows to twice that before it is written anew beside the old one
/// (`auto-aof-rewrite-percentage 100`); on the monitoring machine with room for what it keeps.
pub fn role_disk(resolved: &Resolved<'_>, role: Role) -> Size {
    let inventory = &resolved.inventory;
    let disk = system_disk(resolved);
    match role {
        Role::Database if inventory.backup.database.is_some() => {
            disk + inventory.performance.database.buffer_pool * 5
        }
        Role::Cache if resolved.settings().cache.driver == CacheDriver::Redis => {
            disk + inventory.performance.cache.max_memory * cache_instances(resolved) * 3
        }
        Role::Monitoring => kept::disk(resolved),
        _ => disk,
    }
}

/// Returns the data disk of a role's machines: ten times the buffer pool for a database, whose
/// working set is rarely more than a tenth of it; for storage twice the asked space, as that much
/// shall stay free; what backups take on the monitoring machine.
pub fn data_disk(resolved: &Resolved<'_>, role: Role) -> Option<Size> {
    let inventory = &resolved.inventory;
    match role {
        Role::Database => {
            let driver = resolved.settings().database.driver;
            let pool = inventory.performance.database.buffer_pool_of(driver);
            Some((pool * 10).max(SMALLEST_DISK))
        }
        Role::Storage => Some((inventory.dependencies.filesystem.space.0 * 2).max(SMALLEST_DISK)),
        Role::Monitoring => backup_disk(resolved),
        _ => None,
    }
}

/// Returns the disk of the backups' repository; none where that is elsewhere.
fn backup_disk(resolved: &Resolved<'_>) -> Option<Size> {
    let backups = kept::backups(resolved)?;
    Some(Size::gibibytes(backups.as_gibibytes_up()).max(SMALLEST_DISK))
}

/// Returns the bricks on each storage machine: two when files are spread over several sets.
pub fn bricks_per_machine(resolved: &Resolved<'_>) -> u64 {
    1 + u64::from(resolved.inventory.scaling.filesystem.distributed.0)
}
