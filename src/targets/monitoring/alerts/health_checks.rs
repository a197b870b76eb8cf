//! The inventory's health checks: a service counts as down once so many probes in a row have failed.

use super::Severity::Critical;
use super::{Alert, Scope};
use crate::model::HealthCheck;
use crate::units::Duration;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let checks = &scope.environment.inventory().health_checks;
    vec![
        probed(
            "CacheUnhealthy",
            "cache",
            &checks.cache,
            r#"probe_success{job="probe_cache""#,
            "Sessions and cached values kept there cannot be reached.",
            "On the machine: is the cache running, does it answer `PING`, is its memory full?",
        ),
        probed(
            "DatabaseUnhealthy",
            "database",
            &checks.database.probe(),
            r#"probe_success{job="probe_database""#,
            "The member answers no queries, or its cluster has put it aside.",
            "On the machine: is the database running, and what does its role agent say?",
        ),
        probed(
            "StorageUnhealthy",
            "filesystem",
            &checks.filesystem,
            r#"storage_canary_success{job="probe_storage""#,
            "A small file could not be written, read and removed where shared files are.",
            "Is the folder mounted, and its disk full or read-only? See StoragePeerLost.",
        ),
        canary_stale(&checks.filesystem),
    ]
}

fn seconds(check: &HealthCheck) -> u64 {
    let retries = u64::from(check.retries.get()).max(1);
    check.interval.as_seconds().saturating_mul(retries).max(1)
}

/// `series` is a metric and its first label, with the brace open.
fn probed(
    name: &'static str,
    section: &'static str,
    check: &HealthCheck,
    series: &str,
    meaning: &str,
    action: &str,
) -> Alert {
    let span = Duration::seconds(seconds(check));
    let metric = series.split('{').next().unwrap_or_default();
    let job = series.split('"').nth(1).unwrap_or_default();
    let instance = format!(r#"{series},instance="machine1"}}"#);
    let mut alert = Alert::new(
        name,
        Critical,
        section,
        format!("max_over_time({metric}{{job=\"{job}\"}}[{span}]) == 0"),
    )
    .summary(format!(
        "the {section} on {{{{ $labels.instance }}}} has failed {} probes in a row",
        check.retries
    ))
    .meaning(format!(
        "Every probe of the last {span} failed: {} times, {} apart, each given {} \
         (health_checks.{section}). {meaning}",
        check.retries, check.interval, check.timeout
    ))
    .action(action)
    .fires(
        &[(&instance, "0")],
        &[("job", job), ("instance", "machine1")],
        "0",
    )
    .silent(&[(&instance, "1")]);
    alert.every = Some(check.interval);
    alert
}

fn canary_stale(check: &HealthCheck) -> Alert {
    let span = Duration::seconds(seconds(check).saturating_add(check.timeout.as_seconds()));
    let series =
        r#"storage_canary_last_run_timestamp_seconds{job="probe_storage",instance="app1"}"#;
    let mut alert = Alert::new(
        "StorageCheckStopped",
        Critical,
        "filesystem",
        format!(
            r#"time() - storage_canary_last_run_timestamp_seconds{{job="probe_storage"}} > {}"#,
            span.as_seconds()
        ),
    )
    .hold(1)
    .summary("shared files on {{ $labels.instance }} are no longer checked")
    .meaning(format!(
        "The check runs every {} and has not finished for {span}. A mount that hangs holds it up.",
        check.interval
    ))
    .action("`systemctl status storage-canary.timer`; processes in state D wait for the storage.")
    .fires(
        // The clock of a test begins at zero.
        &[(series, "-1000000000")],
        &[("job", "probe_storage"), ("instance", "app1")],
        "",
    )
    .silent(&[(series, "0+60")]);
    alert.every = Some(check.interval);
    alert
}
