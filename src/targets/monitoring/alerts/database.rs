//! The database and its cluster, by driver.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::model::DatabaseDriver;
use crate::topology::Role;

/// Seconds a replica may be behind: longer than any request takes, so that a visitor whose change
/// is not there yet would notice.
const LAG: u64 = 30;

/// The same as bytes of PostgreSQL's log, four of its segments of 16 MiB.
const LAG_BYTES: u64 = 64 << 20;

/// The share of time, in percent, for which Galera may hold back writes.
const HELD_BACK: u64 = 10;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let driver = scope.environment.settings().database.driver;
    let mut alerts = vec![down(driver)];
    if scope.single() {
        return alerts;
    }
    let fails_over = scope.environment.inventory().scaling.database.failover.0;
    alerts.extend(match driver {
        DatabaseDriver::Mariadb if fails_over => vec![
            without_primary(scope, "database_primary"),
            agent_members(scope),
            galera_minority(),
            galera_unsynced(),
            galera_held_back(scope),
        ],
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => vec![
            without_primary(scope, "database_primary"),
            agent_members(scope),
            lag(),
        ],
        DatabaseDriver::Postgresql => vec![
            without_primary(scope, "patroni_primary"),
            patroni_members(scope),
            patroni_lag(),
            patroni_paused(),
            patroni_cut_off(scope),
            etcd_leaderless(),
        ],
    });
    alerts
}

/// An alert that fires on one value of one metric of a member, and not on another.
fn on(alert: Alert, metric: &str, bad: &str, shown: &str, good: &str) -> Alert {
    let series = format!(r#"{metric}{{instance="db1"}}"#);
    alert
        .fires(&[(&series, bad)], &[("instance", "db1")], shown)
        .silent(&[(&series, good)])
}

fn down(driver: DatabaseDriver) -> Alert {
    let metric = match driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => "mysql_up",
        DatabaseDriver::Postgresql => "pg_up",
    };
    let alert = Alert::new(
        "DatabaseDown",
        Critical,
        "database",
        format!("{metric} == 0"),
    )
    .hold(1)
    .summary("the database on {{ $labels.instance }} does not answer")
    .meaning("The server is down, or refuses the exporter's password.")
    .action("On the machine: `systemctl status` and the server's log. Do not remove any data.");
    on(alert, metric, "0", "0", "1")
}

fn without_primary(scope: &Scope<'_>, metric: &str) -> Alert {
    let members = scope.count(Role::Database);
    let first = format!(r#"{metric}{{instance="db1"}}"#);
    let second = format!(r#"{metric}{{instance="db2"}}"#);
    Alert::new(
        "DatabaseWithoutPrimary",
        Critical,
        "database_cluster",
        format!("(sum({metric}) or vector(0)) != 1"),
    )
    .hold(1)
    .summary("{{ $value }} members of the database say that they are the primary, and not 1")
    .meaning(format!(
        "Exactly one of {members} members may accept writes. With none every write fails; with two, \
         what is written to one of them is lost."
    ))
    .action(
        "With none, see whether a majority of members is up: bring them back, and run the playbook \
         for recovery only if no member can. With two, stop the one that is cut off from the others.",
    )
    .fires(&[(&first, "0"), (&second, "0")], &[], "0")
    .silent(&[(&first, "1"), (&second, "0")])
}

fn agent_members(scope: &Scope<'_>) -> Alert {
    let members = scope.count(Role::Database);
    let online = r#"database_members_online{instance="db1"}"#;
    let expected = r#"database_members_expected{instance="db1"}"#;
    Alert::new(
        "DatabaseMemberLost",
        Critical,
        "database_members",
        "database_members_online < database_members_expected",
    )
    .hold(2)
    .summary("{{ $labels.instance }} sees {{ $value }} members of the database online")
    .meaning(format!(
        "Not all {members} members take part. The next loss may leave no majority, and no writes."
    ))
    .action("Find the member that is missing: DatabaseDown, MachineDown. It rejoins by itself.")
    .fires(
        &[(online, "3"), (expected, "4")],
        &[("instance", "db1")],
        "3",
    )
    .silent(&[(online, "4"), (expected, "4")])
}

fn lag() -> Alert {
    let alert = Alert::new(
        "DatabaseReplicationLags",
        Warning,
        "database_replication",
        format!("database_replication_lag_seconds > {LAG}"),
    )
    .hold(5)
    .summary(r#"{{ $labels.instance }} is {{ $value | printf "%.0f" }}s behind the primary"#)
    .meaning(format!(
        "For 5m this replica has been more than {LAG}s behind. Visitors may not see their own \
         changes, and a failover to it would take so much longer."
    ))
    .action("Look for one large transaction, a slow disk, or a replica that backups keep busy.");
    on(alert, "database_replication_lag_seconds", "120", "120", "1")
}

fn galera_minority() -> Alert {
    let alert = Alert::new(
        "GaleraWithoutMajority",
        Critical,
        "database_cluster",
        "mysql_global_status_wsrep_cluster_status == 0",
    )
    .hold(1)
    .summary("{{ $labels.instance }} belongs to no majority of the cluster")
    .meaning("It refuses queries until it finds the others, so as not to diverge from them.")
    .action("Look at the network between the members. After a loss of all, run the recovery.");
    on(
        alert,
        "mysql_global_status_wsrep_cluster_status",
        "0",
        "0",
        "1",
    )
}

fn galera_unsynced() -> Alert {
    let alert = Alert::new(
        "GaleraNotSynced",
        Warning,
        "database_replication",
        "mysql_global_status_wsrep_local_state != 4",
    )
    .hold(10)
    .summary("{{ $labels.instance }} is not in step with the cluster")
    .meaning("For 10m it has been joining, or giving another member a copy; state 4 is synced.")
    .action("Its log shows how far a transfer is. One that begins again and again ran out of space or time.");
    on(
        alert,
        "mysql_global_status_wsrep_local_state",
        "2",
        "2",
        "4",
    )
}

fn galera_held_back(scope: &Scope<'_>) -> Alert {
    let window = scope.window;
    let alert = Alert::new(
        "GaleraHoldsWritesBack",
        Warning,
        "database_replication",
        format!(
            "100 * rate(mysql_global_status_wsrep_flow_control_paused_ns[{window}]) / 1e9 > {HELD_BACK}"
        ),
    )
    .hold(5)
    .summary(r#"{{ $labels.instance }} waits for slower members {{ $value | printf "%.0f" }}% of the time"#)
    .meaning(format!(
        "A member that cannot keep up holds back the writes of all, for more than {HELD_BACK}% of \
         the last 5m."
    ))
    .action("Find the slow one by its wsrep_local_recv_queue: its disk, or a backup that runs.");
    on(
        alert,
        "mysql_global_status_wsrep_flow_control_paused_ns",
        "0+30000000000",
        "50",
        "7",
    )
}

fn patroni_members(scope: &Scope<'_>) -> Alert {
    let members = scope.count(Role::Database);
    let running = r#"patroni_postgres_running{instance="db1"}"#;
    let stopped = r#"patroni_postgres_running{instance="db2"}"#;
    let others: Vec<String> = (2..=members)
        .map(|number| {
            format!(
                r#"patroni_postgres_running{{instance="{}"}}"#,
                Role::Database.machine_name(u32::try_from(number).unwrap_or(0))
            )
        })
        .collect();
    let healthy: Vec<(&str, &str)> = std::iter::once((running, "1"))
        .chain(others.iter().map(|series| (series.as_str(), "1")))
        .collect();
    Alert::new(
        "DatabaseMemberLost",
        Critical,
        "database_members",
        format!("(count(patroni_postgres_running == 1) or vector(0)) < {members}"),
    )
    .hold(2)
    .summary(format!(
        "{{{{ $value }}}} of {members} members of the database run"
    ))
    .meaning(format!(
        "Not all {members} members take part. The next loss may leave nobody to take over."
    ))
    .action("`patronictl list` names it. If it does not come back, `patronictl reinit` it.")
    .fires(&[(running, "0"), (stopped, "0")], &[], "0")
    .silent(&healthy)
}

fn patroni_lag() -> Alert {
    let primary = r#"patroni_xlog_location{instance="db1"}"#;
    let replayed = r#"patroni_xlog_replayed_location{instance="db2"}"#;
    let replica = r#"patroni_replica{instance="db2"}"#;
    Alert::new(
        "DatabaseReplicationLags",
        Warning,
        "database_replication",
        format!(
            "scalar(max(patroni_xlog_location)) - patroni_xlog_replayed_location > {LAG_BYTES} and on (instance) patroni_replica == 1"
        ),
    )
    .hold(5)
    .summary(r#"{{ $labels.instance }} is {{ $value | printf "%.0f" }} bytes behind the primary"#)
    .meaning(format!(
        "For 5m this replica has been more than {LAG_BYTES} bytes of log behind. Visitors may not \
         see their own changes, and a failover to it would take so much longer."
    ))
    .action("Look for a slow disk, a long query on the replica, or a backup that keeps it busy.")
    .fires(
        &[(primary, "200000000"), (replayed, "100000000"), (replica, "1")],
        &[("instance", "db2")],
        "100000000",
    )
    .silent(&[(primary, "200000000"), (replayed, "199999999"), (replica, "1")])
}

fn patroni_paused() -> Alert {
    let alert = Alert::new(
        "PatroniPaused",
        Warning,
        "database_cluster",
        "patroni_is_paused == 1",
    )
    .hold(60)
    .summary("{{ $labels.instance }} would not fail over")
    .meaning("Somebody ran `patronictl pause` more than an hour ago. No replica takes over now.")
    .action("`patronictl resume`, once the work it was paused for is done.");
    on(alert, "patroni_is_paused", "1", "1", "0")
}

fn patroni_cut_off(scope: &Scope<'_>) -> Alert {
    let check = &scope.environment.inventory().health_checks.database;
    let ttl = check.interval.as_seconds().max(20);
    let alert = Alert::new(
        "PatroniCutOff",
        Critical,
        "database_cluster",
        format!("time() - patroni_dcs_last_seen > {}", ttl * 2),
    )
    .hold(1)
    .summary("Patroni on {{ $labels.instance }} does not reach etcd")
    .meaning(format!(
        "Without etcd there is no failover, and a primary steps down {ttl}s after it lost it."
    ))
    .action("`etcdctl endpoint health --cluster` on a database machine; see EtcdWithoutLeader.");
    // The clock of a test begins at zero.
    on(alert, "patroni_dcs_last_seen", "-1000000000", "", "0+60")
}

fn etcd_leaderless() -> Alert {
    let alert = Alert::new(
        "EtcdWithoutLeader",
        Critical,
        "database_cluster",
        "etcd_server_has_leader == 0",
    )
    .hold(1)
    .summary("etcd on {{ $labels.instance }} has no leader")
    .meaning("Fewer than a majority of etcd's members see each other, so nobody can be elected.")
    .action("Bring back the members that are down; a majority is enough.");
    on(alert, "etcd_server_has_leader", "0", "0", "1")
}
