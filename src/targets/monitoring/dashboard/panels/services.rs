//! Charts of the shared services: cache, database, storage.

use super::{COUNTED, MACHINE, Panel, Unit, as_float, panel};
use crate::environment::Environment;
use crate::model::{CacheDriver, DatabaseDriver};
use crate::topology::StorageLayout;
use crate::topology::edges::cache_ports;

pub(super) fn cache(environment: &Environment<'_>, window: &str) -> Vec<Panel> {
    const SECTION: &str = "Cache";
    if environment.settings().cache.driver != CacheDriver::Redis {
        return Vec::new();
    }
    let limits = &environment.inventory().performance.cache;
    let labels: &[&str] = if cache_ports(environment.resolved).len() > 1 {
        &["instance", "port"]
    } else {
        MACHINE
    };
    vec![
        panel(
            SECTION,
            "Memory used",
            "redis_memory_used_bytes",
            labels,
            Unit::Bytes,
        )
        .limit(as_float(limits.max_memory.as_bytes()))
        .help("At the limit (performance.cache.max_memory) keys are evicted, or writes refused."),
        panel(
            SECTION,
            "Hits",
            format!(
                "100 * rate(redis_keyspace_hits_total[{window}]) / (rate(redis_keyspace_hits_total[{window}]) + rate(redis_keyspace_misses_total[{window}]))"
            ),
            labels,
            Unit::Percent,
        ),
        panel(
            SECTION,
            "Evicted keys",
            format!("rate(redis_evicted_keys_total[{window}])"),
            labels,
            Unit::PerSecond,
        ),
        panel(
            SECTION,
            "Clients",
            "redis_connected_clients",
            labels,
            Unit::Count,
        )
        .limit(limits.max_connections.get()),
    ]
}

pub(super) fn database(environment: &Environment<'_>, window: &str) -> Vec<Panel> {
    const SECTION: &str = "Database";
    let (connections, queries) = match environment.settings().database.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => (
            "mysql_global_status_threads_connected".to_owned(),
            format!("rate(mysql_global_status_queries[{window}])"),
        ),
        DatabaseDriver::Postgresql => (
            "sum by (instance) (pg_stat_activity_count)".to_owned(),
            format!("sum by (instance) (rate(pg_stat_database_xact_commit[{window}]))"),
        ),
    };
    let most = environment
        .inventory()
        .performance
        .database
        .max_connections
        .get();
    let mut panels = vec![
        panel(SECTION, "Connections", connections, MACHINE, Unit::Count)
            .limit(most)
            .help("At the limit (performance.database.max_connections) requests fail."),
        panel(SECTION, "Queries", queries, MACHINE, Unit::PerSecond),
        panel(
            SECTION,
            "Statements that take long",
            format!("60 * sum by (machine) (rate(database_slow_statements_total[{window}]))"),
            COUNTED,
            Unit::PerMinute,
        )
        .help("They are in the log sql-slow."),
    ];
    if !environment.topology.single {
        panels.push(panel(
            SECTION,
            "Replicas behind the primary",
            "database_replication_lag_seconds",
            MACHINE,
            Unit::Seconds,
        ));
    }
    panels
}

pub(super) fn storage(environment: &Environment<'_>) -> Vec<Panel> {
    const SECTION: &str = "Storage";
    if environment.topology.single {
        return Vec::new();
    }
    let patience = environment.inventory().health_checks.filesystem.timeout;
    let mut panels = vec![
        panel(
            SECTION,
            "Writing and reading a file",
            "storage_canary_duration_seconds",
            MACHINE,
            Unit::Seconds,
        )
        .limit(as_float(patience.as_seconds()))
        .help("At the limit (health_checks.filesystem.timeout) storage counts as down."),
    ];
    if StorageLayout::of(environment.resolved) == StorageLayout::Gluster {
        panels.push(panel(
            SECTION,
            "Files to heal",
            "gluster_heal_entries",
            MACHINE,
            Unit::Count,
        ));
    }
    panels
}
