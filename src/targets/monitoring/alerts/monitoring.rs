//! Monitoring itself, and what logs say.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope, Severity};

/// Fatal errors of PHP a minute from which somebody should look.
const ERRORS: u64 = 1;

/// Answers in a hundred that may be errors: more than any one broken page of a site.
const FAILED: u64 = 5;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    vec![
        watchdog(),
        prometheus_config(),
        alertmanager_config(),
        rules_fail(scope),
        undelivered(scope),
        unreachable(scope),
        php_errors(scope),
        sessions_lost(scope),
        http_errors(scope),
        disk_errors(scope),
    ]
}

fn watchdog() -> Alert {
    Alert::new("Watchdog", Severity::None, "watchdog", "vector(1)")
        .summary("alerting works")
        .meaning(
            "This alert always fires. A service outside the environment that no longer hears of it \
             knows that nobody would hear of anything else (monitoring.alerts.dead_mans_switch).",
        )
        .action("Nothing, while it fires. When it does not, look at the monitoring machine.")
        // Nothing silences it.
        .fires(&[], &[], "1")
}

fn on(alert: Alert, series: &str, labels: &[(&str, &str)], values: [&str; 3]) -> Alert {
    let [bad, shown, good] = values;
    alert
        .fires(&[(series, bad)], labels, shown)
        .silent(&[(series, good)])
}

fn prometheus_config() -> Alert {
    let alert = Alert::new(
        "PrometheusReloadFailed",
        Critical,
        "prometheus",
        "prometheus_config_last_reload_successful == 0",
    )
    .hold(5)
    .summary("Prometheus on {{ $labels.instance }} refused its new files")
    .meaning("It goes on with the old ones; what changed since is neither measured nor watched.")
    .action("`promtool check config /etc/prometheus/prometheus.yml` names the line.");
    let series = r#"prometheus_config_last_reload_successful{instance="mon1"}"#;
    on(alert, series, &[("instance", "mon1")], ["0", "0", "1"])
}

fn alertmanager_config() -> Alert {
    let alert = Alert::new(
        "AlertmanagerReloadFailed",
        Critical,
        "alertmanager",
        "alertmanager_config_last_reload_successful == 0",
    )
    .hold(5)
    .summary("Alertmanager on {{ $labels.instance }} refused its new file")
    .meaning("It goes on with the old one, and alerts may go to the wrong people.")
    .action("`amtool check-config /etc/prometheus/alertmanager.yml` names the line.");
    let series = r#"alertmanager_config_last_reload_successful{instance="mon1"}"#;
    on(alert, series, &[("instance", "mon1")], ["0", "0", "1"])
}

fn rules_fail(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "PrometheusRulesFail",
        Critical,
        "prometheus",
        format!(
            "increase(prometheus_rule_evaluation_failures_total[{}]) > 0",
            scope.window
        ),
    )
    .hold(5)
    .summary("Prometheus on {{ $labels.instance }} cannot evaluate {{ $labels.rule_group }}")
    .meaning("Alerts of this group do not fire, whatever happens.")
    .action("`journalctl -u prometheus` names the rule: two series where one is expected, often.");
    let series =
        r#"prometheus_rule_evaluation_failures_total{instance="mon1",rule_group="limits"}"#;
    let labels = [("instance", "mon1"), ("rule_group", "limits")];
    on(alert, series, &labels, ["0+1", "", "3"])
}

fn undelivered(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "AlertsUndelivered",
        Critical,
        "alertmanager",
        format!(
            "increase(alertmanager_notifications_failed_total[{}]) > 0",
            scope.window
        ),
    )
    .hold(5)
    .summary("Alertmanager on {{ $labels.instance }} cannot send to {{ $labels.integration }}")
    .meaning("Alerts do not arrive by this channel. They may still by the others.")
    .action("`journalctl -u prometheus-alertmanager` says why: a secret, or the way out.");
    let series = r#"alertmanager_notifications_failed_total{instance="mon1",integration="email"}"#;
    let labels = [("instance", "mon1"), ("integration", "email")];
    on(alert, series, &labels, ["0+1", "", "3"])
}

fn unreachable(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "AlertmanagerUnreachable",
        Critical,
        "alertmanager",
        format!(
            "increase(prometheus_notifications_errors_total[{}]) > 0",
            scope.window
        ),
    )
    .hold(5)
    .summary("Prometheus on {{ $labels.instance }} cannot reach Alertmanager")
    .meaning("Alerts fire and nobody hears of them.")
    .action("`systemctl status prometheus-alertmanager` on the monitoring machine.");
    let series = r#"prometheus_notifications_errors_total{instance="mon1"}"#;
    on(alert, series, &[("instance", "mon1")], ["0+1", "", "3"])
}

fn php_errors(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "PhpErrors",
        Warning,
        "php",
        format!(
            r#"60 * sum by (machine) (rate(php_errors_total{{level="fatal"}}[{}])) > {ERRORS}"#,
            scope.window
        ),
    )
    .hold(5)
    .summary(r#"{{ $value | printf "%.0f" }} requests a minute end in a PHP error on {{ $labels.machine }}"#)
    .meaning(format!(
        "For 5m more than {ERRORS} fatal error a minute has been logged: visitors see failures."
    ))
    .action("The error store groups them. After a deployment, roll back first.");
    let series = r#"php_errors_total{machine="app1",level="fatal"}"#;
    on(alert, series, &[("machine", "app1")], ["0+10", "10", "3"])
}

fn sessions_lost(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "SessionsLost",
        Critical,
        "sessions",
        format!(
            "sum by (machine) (rate(php_session_failures_total[{}])) > 0",
            scope.window
        ),
    )
    .hold(2)
    .summary("PHP on {{ $labels.machine }} cannot read or write sessions")
    .meaning(
        "The cache fails to take sessions. Visitors get an ordinary page and lose what they did, so \
         nothing else shows it.",
    )
    .action("See CacheDown and CacheClusterDown; a failover of the cache explains a few seconds.");
    let series = r#"php_session_failures_total{machine="app1"}"#;
    on(alert, series, &[("machine", "app1")], ["0+6", "", "3"])
}

fn http_errors(scope: &Scope<'_>) -> Alert {
    let window = scope.window;
    let failed = r#"http_responses_total{machine="app1",class="5xx"}"#;
    let fine = r#"http_responses_total{machine="app1",class="2xx"}"#;
    Alert::new(
        "HttpErrors",
        Critical,
        "http",
        format!(
            r#"100 * sum by (machine) (rate(http_responses_total{{class="5xx"}}[{window}])) / sum by (machine) (rate(http_responses_total[{window}])) > {FAILED}"#
        ),
    )
    .hold(5)
    .summary(r#"{{ $value | printf "%.0f" }}% of the answers of {{ $labels.machine }} are errors"#)
    .meaning(format!(
        "For 5m more than {FAILED}% of its answers have had a status of 500 or above."
    ))
    .action("502 and 504 come from what is behind nginx, 500 from the application: see its log.")
    .fires(
        &[(failed, "0+30"), (fine, "0+30")],
        &[("machine", "app1")],
        "50",
    )
    .silent(&[(failed, "0"), (fine, "0+30")])
}

fn disk_errors(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "DiskErrors",
        Critical,
        "disk_errors",
        format!("increase(disk_errors_total[{}]) > 0", scope.window),
    )
    .summary("the kernel of {{ $labels.machine }} logs errors of a disk")
    .meaning("A read or a write failed, or a filesystem is damaged.")
    .action("`journalctl -k` names the disk. Move the role elsewhere, then replace it.");
    let series = r#"disk_errors_total{machine="db1"}"#;
    on(alert, series, &[("machine", "db1")], ["0+1", "", "3"])
}
