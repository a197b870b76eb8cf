//! Limits that other files of this environment set, before they are reached.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::model::DatabaseDriver;
use crate::targets::nginx::WORKER_CONNECTIONS;
use crate::topology::capacity::KEPT_CONNECTIONS;

/// The share of a limit, in percent, from which somebody should look.
const NEAR: u64 = 80;

/// Returns the share of a limit from which somebody should look, at least one.
pub(super) fn near(limit: u64) -> u64 {
    (limit.saturating_mul(NEAR) / 100).max(1)
}

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let mut alerts = vec![
        fpm_busy(scope),
        fpm_queue(scope),
        nginx_busy(),
        nginx_drops(scope),
    ];
    if !scope.single() {
        alerts.extend([proxy_busy(scope), proxy_queue(), proxy_lost()]);
    }
    alerts.extend([database_connections(scope), conntrack()]);
    alerts
}

fn fpm_busy(scope: &Scope<'_>) -> Alert {
    let pool = &scope.environment.topology.capacity.pool;
    let most = pool.max_children;
    let near = (most * 9).div_ceil(10);
    Alert::new(
        "PhpFpmBusy",
        Warning,
        "php_fpm",
        format!(
            "min_over_time(phpfpm_active_processes[{}]) >= {near}",
            scope.window
        ),
    )
    .hold(5)
    .summary(format!(
        "{{{{ $value }}}} of {most} php-fpm children on {{{{ $labels.instance }}}} are always busy"
    ))
    .meaning(format!(
        "pm.max_children is {most}: {}. Since at least 5m no fewer than {near} have been at work; \
         when all are, requests wait.",
        pool.arithmetic
    ))
    .action(
        "The slow log (/var/log/php8.2-fpm-slow.log) shows what takes long. If it is the number of \
         visitors, raise scaling.app.servers.",
    )
    .fires(
        &[(
            r#"phpfpm_active_processes{instance="app1"}"#,
            &most.to_string(),
        )],
        &[("instance", "app1")],
        &most.to_string(),
    )
    .silent(&[(r#"phpfpm_active_processes{instance="app1"}"#, "0")])
}

fn fpm_queue(scope: &Scope<'_>) -> Alert {
    let most = scope.environment.topology.capacity.pool.max_children;
    Alert::new(
        "PhpFpmQueue",
        Critical,
        "php_fpm",
        "phpfpm_listen_queue > 0",
    )
    .hold(2)
    .summary("{{ $value }} requests wait for a php-fpm child on {{ $labels.instance }}")
    .meaning(format!(
        "All {most} children (pm.max_children) have been at work for 2m, and visitors wait."
    ))
    .action(
        "Look at what the children wait for: database, cache or another service. If it is the \
         number of visitors, raise scaling.app.servers.",
    )
    .fires(
        &[(r#"phpfpm_listen_queue{instance="app1"}"#, "7")],
        &[("instance", "app1")],
        "7",
    )
    .silent(&[(r#"phpfpm_listen_queue{instance="app1"}"#, "0")])
}

fn nginx_busy() -> Alert {
    Alert::new(
        "NginxConnectionsShort",
        Warning,
        "nginx",
        format!(
            r#"100 * nginx_connections_active / on (instance) ({WORKER_CONNECTIONS} * count by (instance) (node_cpu_seconds_total{{mode="idle"}})) > {NEAR}"#
        ),
    )
    .hold(5)
    .summary(r#"nginx on {{ $labels.instance }} uses {{ $value | printf "%.0f" }}% of its connections"#)
    .meaning(format!(
        "Each worker, one per processor, accepts {WORKER_CONNECTIONS} connections (worker_connections). \
         Beyond that nginx drops new ones."
    ))
    .action("Add a machine, or raise worker_connections and worker_rlimit_nofile together.")
    .fires(
        &[
            (r#"nginx_connections_active{instance="lb1"}"#, "8192"),
            (r#"node_cpu_seconds_total{instance="lb1",cpu="0",mode="idle"}"#, "0"),
            (r#"node_cpu_seconds_total{instance="lb1",cpu="1",mode="idle"}"#, "0"),
        ],
        &[("instance", "lb1")],
        "100",
    )
    .silent(&[
        (r#"nginx_connections_active{instance="lb1"}"#, "100"),
        (r#"node_cpu_seconds_total{instance="lb1",cpu="0",mode="idle"}"#, "0"),
    ])
}

fn nginx_drops(scope: &Scope<'_>) -> Alert {
    let window = scope.window;
    Alert::new(
        "NginxDropsConnections",
        Critical,
        "nginx",
        format!(
            "rate(nginx_connections_accepted[{window}]) - rate(nginx_connections_handled[{window}]) > 0"
        ),
    )
    .hold(2)
    .summary(r#"nginx on {{ $labels.instance }} drops {{ $value | printf "%.1f" }} connections a second"#)
    .meaning("nginx accepts connections and closes them at once, since a limit is reached.")
    .action("The error log names the limit: worker_connections, or open files.")
    .fires(
        &[
            (r#"nginx_connections_accepted{instance="lb1"}"#, "0+120"),
            (r#"nginx_connections_handled{instance="lb1"}"#, "0+60"),
        ],
        &[("instance", "lb1")],
        "1.0",
    )
    .silent(&[
        (r#"nginx_connections_accepted{instance="lb1"}"#, "0+120"),
        (r#"nginx_connections_handled{instance="lb1"}"#, "0+120"),
    ])
}

/// The labels of a member behind the proxy in tests.
const MEMBER: [(&str, &str); 3] = [
    ("instance", "app1"),
    ("proxy", "database_primary"),
    ("server", "db1"),
];

fn member(name: &str) -> String {
    format!(r#"{name}{{instance="app1",proxy="database_primary",server="db1"}}"#)
}

fn proxy_busy(scope: &Scope<'_>) -> Alert {
    let limit = max_connections(scope)
        .saturating_sub(u64::from(KEPT_CONNECTIONS))
        .max(1);
    let near = near(limit);
    Alert::new(
        "ProxyConnectionsShort",
        Warning,
        "proxy",
        format!(
            "sum by (proxy, server) (haproxy_server_current_sessions{{proxy=~\"database_.*\"}}) > {near}"
        ),
    )
    .hold(5)
    .summary("application machines hold {{ $value }} connections to {{ $labels.server }}")
    .meaning(format!(
        "A member accepts {} connections, {KEPT_CONNECTIONS} of which are not the application's. More than \
         {near} of the {limit} left are in use; beyond them, queries wait.",
        max_connections(scope)
    ))
    .action(
        "Find connections that are held without need: long transactions, slow queries, jobs that \
         do not close theirs.",
    )
    .fires(
        &[(
            &member("haproxy_server_current_sessions"),
            &limit.saturating_add(1).to_string(),
        )],
        &MEMBER[1..],
        &limit.saturating_add(1).to_string(),
    )
    .silent(&[(&member("haproxy_server_current_sessions"), "0")])
}

fn proxy_queue() -> Alert {
    let series = r#"haproxy_backend_current_queue{instance="app1",proxy="database_primary"}"#;
    Alert::new(
        "ProxyQueue",
        Critical,
        "proxy",
        "haproxy_backend_current_queue > 0",
    )
    .hold(2)
    .summary("{{ $value }} connections of {{ $labels.instance }} wait for {{ $labels.proxy }}")
    .meaning("Every connection the database accepts has been in use for 2m, and requests wait.")
    .action("Look at what runs on the primary: one slow query or lock holds up all others.")
    .fires(&[(series, "3")], &MEMBER[..2], "3")
    .silent(&[(series, "0")])
}

/// A cache behind the proxy has two backends, one of which is empty on a good day.
fn proxy_lost() -> Alert {
    let series = r#"haproxy_backend_active_servers{instance="app1",proxy="database_primary"}"#;
    Alert::new(
        "ProxyWithoutServer",
        Critical,
        "proxy",
        r#"sum by (instance, service) (label_replace(haproxy_backend_active_servers{proxy=~"database_primary|cache_.*"}, "service", "$1", "proxy", "(database|cache)_.*")) == 0"#,
    )
    .hold(1)
    .summary("the proxy on {{ $labels.instance }} has no {{ $labels.service }} left to lead to")
    .meaning(
        "The proxy beside the application finds no machine to send connections to, so every query \
         of this machine fails.",
    )
    .action("See DatabaseWithoutPrimary. If other machines reach it, look at this one's network.")
    .fires(
        &[(series, "0")],
        &[("instance", "app1"), ("service", "database")],
        "0",
    )
    .silent(&[(series, "1")])
}

fn max_connections(scope: &Scope<'_>) -> u64 {
    let performance = &scope.environment.inventory().performance.database;
    u64::from(performance.max_connections.get())
}

fn database_connections(scope: &Scope<'_>) -> Alert {
    let most = max_connections(scope);
    let near = near(most);
    let (metric, series) = match scope.environment.settings().database.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => (
            "mysql_global_status_threads_connected",
            r#"mysql_global_status_threads_connected{instance="db1"}"#,
        ),
        DatabaseDriver::Postgresql => (
            "sum by (instance) (pg_stat_activity_count)",
            r#"pg_stat_activity_count{instance="db1",datname="shop",state="idle"}"#,
        ),
    };
    Alert::new(
        "DatabaseConnectionsShort",
        Warning,
        "database_connections",
        format!("{metric} > {near}"),
    )
    .hold(5)
    .summary(format!(
        "{{{{ $labels.instance }}}} holds {{{{ $value }}}} of {most} connections"
    ))
    .meaning(format!(
        "More than {near} of {most} connections (performance.database.max_connections) have been \
         in use for 5m. When all are, queries fail."
    ))
    .action("List connections by user and state; end those that idle in a transaction.")
    .fires(
        &[(series, &most.saturating_add(1).to_string())],
        &[("instance", "db1")],
        &most.saturating_add(1).to_string(),
    )
    .silent(&[(series, "0")])
}

fn conntrack() -> Alert {
    Alert::new(
        "ConnectionTrackingShort",
        Warning,
        "conntrack",
        format!("100 * node_nf_conntrack_entries / node_nf_conntrack_entries_limit > {NEAR}"),
    )
    .hold(5)
    .summary(r#"the firewall of {{ $labels.instance }} tracks {{ $value | printf "%.0f" }}% of the connections it can"#)
    .meaning("When the table is full, the kernel drops packets of new connections.")
    .action("Raise net.netfilter.nf_conntrack_max, after a look at where the connections come from.")
    .fires(
        &[
            (r#"node_nf_conntrack_entries{instance="lb1"}"#, "900"),
            (r#"node_nf_conntrack_entries_limit{instance="lb1"}"#, "1000"),
        ],
        &[("instance", "lb1")],
        "90",
    )
    .silent(&[
        (r#"node_nf_conntrack_entries{instance="lb1"}"#, "10"),
        (r#"node_nf_conntrack_entries_limit{instance="lb1"}"#, "1000"),
    ])
}
