//! The shared cache. Whether an instance is a master is the exporter's label `role`, which Prometheus
//! calls `exported_role`: every machine has a `role` of its own. What memcached is asked for is its
//! health alone: Debian has no exporter for it.

use super::Severity::{Critical, Warning};
use super::limits::near;
use super::{Alert, Scope};
use crate::model::{CacheDriver, EvictionPolicy};

/// Slots of a Redis Cluster, fixed by Redis.
const SLOTS: u64 = 16_384;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    if scope.environment.settings().cache.driver != CacheDriver::Redis {
        return Vec::new();
    }
    let mut alerts = vec![down()];
    let scaling = &scope.environment.inventory().scaling.cache;
    let replicated = !scope.single() && scaling.replication.0;
    let sharded = !scope.single() && scaling.sharding.0;
    if sharded {
        alerts.extend([cluster_down(), slots_lost()]);
    }
    if sharded && replicated {
        alerts.push(masters_together());
    }
    if replicated && !sharded {
        alerts.push(without_master());
    }
    if replicated {
        alerts.extend([without_replica(), link_down()]);
    }
    alerts.extend([clients(scope), rejects(scope)]);
    let policy = scope
        .environment
        .inventory()
        .performance
        .cache
        .eviction_policy;
    // Where any key may go, memory is full on a good day, and what matters is what had to go.
    if !policy.evicts_any_key() {
        alerts.push(memory(scope, policy));
    }
    if policy != EvictionPolicy::Noeviction {
        alerts.push(evicts(scope, policy));
    }
    alerts.push(save_failed());
    alerts
}

/// The labels of an instance in tests.
const INSTANCE: [(&str, &str); 2] = [("instance", "cache1"), ("port", "6379")];

fn series(name: &str) -> String {
    format!(r#"{name}{{instance="cache1",port="6379"}}"#)
}

/// An alert that fires on one value of one metric of an instance, and not on another.
fn on(alert: Alert, metric: &str, bad: &str, shown: &str, good: &str) -> Alert {
    alert
        .fires(&[(&series(metric), bad)], &INSTANCE, shown)
        .silent(&[(&series(metric), good)])
}

fn down() -> Alert {
    let alert = Alert::new("CacheDown", Critical, "cache", "redis_up == 0")
        .hold(1)
        .summary("Redis on {{ $labels.instance }}, port {{ $labels.port }}, does not answer")
        .meaning("An instance of the cache is down, or refuses the exporter's password.")
        .action("On the machine: `systemctl status redis-server@<port>` and its log.");
    on(alert, "redis_up", "0", "0", "1")
}

fn cluster_down() -> Alert {
    let alert = Alert::new(
        "CacheClusterDown",
        Critical,
        "cache_cluster",
        "redis_cluster_state == 0",
    )
    .hold(1)
    .summary("{{ $labels.instance }}, port {{ $labels.port }}, says that the cluster is down")
    .meaning(
        "This instance sees no majority of masters, or slots that nobody serves. Sessions kept \
         there cannot be read or written.",
    )
    .action(
        "`redis-cli --cluster check` from any cache machine. Bring back the machine whose master \
         and replica are both missing; `redis-cli --cluster fix` is the last resort.",
    );
    on(alert, "redis_cluster_state", "0", "0", "1")
}

fn slots_lost() -> Alert {
    let alert = Alert::new(
        "CacheSlotsLost",
        Critical,
        "cache_cluster",
        format!("redis_cluster_slots_ok < {SLOTS}"),
    )
    .hold(2)
    .summary(format!(
        "{{{{ $labels.instance }}}}, port {{{{ $labels.port }}}}, sees {{{{ $value }}}} of {SLOTS} slots served"
    ))
    .meaning("Keys in the other slots cannot be read or written until their master is back.")
    .action("`redis-cli --cluster check` names the slots and whose they were.");
    on(alert, "redis_cluster_slots_ok", "10923", "10923", "16384")
}

fn masters_together() -> Alert {
    Alert::new(
        "CacheMastersTogether",
        Warning,
        "cache_balance",
        r#"count by (instance) (redis_instance_info{exported_role="master"}) > 1"#,
    )
    .hold(15)
    .summary("{{ $labels.instance }} holds {{ $value }} masters of the cache")
    .meaning(
        "After a failover two shards have their masters on one machine. If it is lost now, \
         two of them fail at a time, and the other masters are no majority.",
    )
    .action(
        "Once every instance is up, run the play for the cache again, or `redis-cli CLUSTER \
         FAILOVER` on a replica of one of the two.",
    )
    .fires(
        &[
            (
                r#"redis_instance_info{instance="cache1",port="6379",exported_role="master"}"#,
                "1",
            ),
            (
                r#"redis_instance_info{instance="cache1",port="6380",exported_role="master"}"#,
                "1",
            ),
        ],
        &[("instance", "cache1")],
        "2",
    )
    .silent(&[
        (
            r#"redis_instance_info{instance="cache1",port="6379",exported_role="master"}"#,
            "1",
        ),
        (
            r#"redis_instance_info{instance="cache1",port="6380",exported_role="slave"}"#,
            "1",
        ),
    ])
}

fn without_master() -> Alert {
    Alert::new(
        "CacheWithoutMaster",
        Critical,
        "cache_cluster",
        r#"(count(redis_instance_info{exported_role="master"}) or vector(0)) != 1"#,
    )
    .hold(2)
    .summary("the cache has {{ $value }} masters, and not 1")
    .meaning("With none nothing can be written; with two, what is written to one of them is lost.")
    .action("`redis-cli -p 26379 SENTINEL MASTERS` on each cache machine: they must agree.")
    .fires(
        &[
            (
                r#"redis_instance_info{instance="cache1",exported_role="master"}"#,
                "1",
            ),
            (
                r#"redis_instance_info{instance="cache2",exported_role="master"}"#,
                "1",
            ),
        ],
        &[],
        "2",
    )
    .silent(&[
        (
            r#"redis_instance_info{instance="cache1",exported_role="master"}"#,
            "1",
        ),
        (
            r#"redis_instance_info{instance="cache2",exported_role="slave"}"#,
            "1",
        ),
    ])
}

fn without_replica() -> Alert {
    let master = r#"redis_instance_info{instance="cache1",port="6379",exported_role="master"}"#;
    Alert::new(
        "CacheWithoutReplica",
        Warning,
        "cache_replication",
        r#"redis_connected_slaves == 0 and on (instance, port) redis_instance_info{exported_role="master"}"#,
    )
    .hold(5)
    .summary("the master on {{ $labels.instance }}, port {{ $labels.port }}, has no replica")
    .meaning("If this master is lost now, its keys and sessions are lost with it.")
    .action("Find the replica that is down or cannot connect: CacheDown, CacheReplicationBroken.")
    .fires(
        &[(&series("redis_connected_slaves"), "0"), (master, "1")],
        &INSTANCE,
        "0",
    )
    .silent(&[(&series("redis_connected_slaves"), "1"), (master, "1")])
}

fn link_down() -> Alert {
    let alert = Alert::new(
        "CacheReplicationBroken",
        Warning,
        "cache_replication",
        "redis_master_link_up == 0",
    )
    .hold(5)
    .summary("the replica on {{ $labels.instance }}, port {{ $labels.port }}, lost its master")
    .meaning("It gets no changes, and what it would bring to a failover is out of date.")
    .action("Its log says why: the master's password, its memory, or the network between them.");
    on(alert, "redis_master_link_up", "0", "0", "1")
}

fn clients(scope: &Scope<'_>) -> Alert {
    let performance = &scope.environment.inventory().performance.cache;
    let most = u64::from(performance.max_connections.get());
    let near = near(most);
    let many = most.saturating_add(1).to_string();
    let alert = Alert::new(
        "CacheConnectionsShort",
        Warning,
        "cache_connections",
        format!("redis_connected_clients > {near}"),
    )
    .hold(5)
    .summary(format!(
        "{{{{ $labels.instance }}}}, port {{{{ $labels.port }}}}, serves {{{{ $value }}}} of {most} clients"
    ))
    .meaning(format!(
        "More than {near} of {most} connections (performance.cache.max_connections) have been in \
         use for 5m. When all are, sessions cannot be opened."
    ))
    .action("`redis-cli CLIENT LIST` shows who they are. php-fpm's children hold one each.");
    on(alert, "redis_connected_clients", &many, &many, "0")
}

fn rejects(scope: &Scope<'_>) -> Alert {
    let window = scope.window;
    let performance = &scope.environment.inventory().performance.cache;
    let most = performance.max_connections;
    let alert = Alert::new(
        "CacheRejectsConnections",
        Critical,
        "cache_connections",
        format!("rate(redis_rejected_connections_total[{window}]) > 0"),
    )
    .summary(
        r#"{{ $labels.instance }}, port {{ $labels.port }}, turns {{ $value | printf "%.1f" }} connections a second away"#,
    )
    .meaning(format!(
        "All {most} connections (performance.cache.max_connections) are in use."
    ))
    .action("`redis-cli CLIENT LIST` shows who they are. Raise the limit, or have fewer clients.");
    on(
        alert,
        "redis_rejected_connections_total",
        "0+60",
        "1.0",
        "5",
    )
}

fn memory(scope: &Scope<'_>, policy: EvictionPolicy) -> Alert {
    let most = scope.environment.inventory().performance.cache.max_memory;
    let near = near(most.as_bytes());
    let then = if policy == EvictionPolicy::Noeviction {
        "writes fail, sessions included"
    } else {
        "keys that expire go early, and writes fail once there are none"
    };
    let alert = Alert::new(
        "CacheMemoryShort",
        Critical,
        "cache_memory",
        format!("redis_memory_used_bytes > {near}"),
    )
    .hold(5)
    .summary(format!(
        "{{{{ $labels.instance }}}}, port {{{{ $labels.port }}}}, has used most of its {most}"
    ))
    .meaning(format!(
        "More than four fifths of the {most} an instance may use (performance.cache.max_memory) has \
         been in use for 5m. When it is full, {then}."
    ))
    .action("Find what grows with `redis-cli --bigkeys`, or raise max_memory and the machine's.");
    let full = most.as_bytes().saturating_add(1).to_string();
    on(alert, "redis_memory_used_bytes", &full, "", "0")
}

fn evicts(scope: &Scope<'_>, policy: EvictionPolicy) -> Alert {
    let window = scope.window;
    let most = scope.environment.inventory().performance.cache.max_memory;
    let what = if policy.evicts_any_key() {
        "Any key may be the one to go (performance.cache.eviction_policy), sessions included"
    } else {
        "Keys that expire go before their time, sessions among them"
    };
    let alert = Alert::new(
        "CacheEvicts",
        Warning,
        "cache_memory",
        format!("rate(redis_evicted_keys_total[{window}]) > 0"),
    )
    .hold(15)
    .summary(
        r#"{{ $labels.instance }}, port {{ $labels.port }}, evicts {{ $value | printf "%.1f" }} keys a second"#,
    )
    .meaning(format!(
        "The {most} of an instance (performance.cache.max_memory) have been full for 15m. {what}: \
         visitors are logged out."
    ))
    .action("Raise performance.cache.max_memory, or keep sessions in a cache of their own.");
    on(alert, "redis_evicted_keys_total", "0+60", "1.0", "5")
}

fn save_failed() -> Alert {
    Alert::new(
        "CacheSaveFailed",
        Warning,
        "cache_disk",
        "redis_rdb_last_bgsave_status == 0 or redis_aof_last_write_status == 0",
    )
    .hold(5)
    .summary("{{ $labels.instance }}, port {{ $labels.port }}, cannot write to its disk")
    .meaning("What the cache holds does not survive a restart, and Redis may refuse writes.")
    .action("Its log says why: a full disk, or no memory for the process that saves.")
    .fires(
        &[(&series("redis_aof_last_write_status"), "0")],
        &INSTANCE,
        "0",
    )
    .silent(&[
        (&series("redis_aof_last_write_status"), "1"),
        (&series("redis_rdb_last_bgsave_status"), "1"),
    ])
}
