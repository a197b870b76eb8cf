//! Monitoring itself.

use super::Severity::Critical;
use super::{Alert, Scope, Severity};

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    vec![
        watchdog(),
        prometheus_config(),
        alertmanager_config(),
        rules_fail(scope),
        undelivered(scope),
        unreachable(scope),
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
