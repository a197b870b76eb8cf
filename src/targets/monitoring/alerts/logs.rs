//! What logs say, as mtail counts it, and that they say anything at all.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::model::{ErrorStore, LogLevel};
use crate::units::Duration;

/// Fatal errors of PHP a minute from which somebody should look.
pub(in crate::targets::monitoring) const ERRORS: u64 = 1;

/// Answers in a hundred that may be errors: more than any one broken page of a site.
pub(in crate::targets::monitoring) const FAILED: u64 = 5;

/// Requests a minute that nginx could not hand on, from which somebody should look.
const HANDED_ON: u64 = 1;

/// Failed logins a minute: more than people who mistype, fewer than any program that guesses.
const LOGINS: u64 = 10;

/// Seconds in which a machine says something: three of rsyslog's marks.
const SILENCE: u64 = 3 * super::super::logs::MARK;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let monitoring = &scope.environment.inventory().monitoring;
    let mut alerts = vec![
        php_errors(scope),
        sessions_lost(scope),
        http_errors(scope),
        upstream_failures(scope),
        disk_errors(scope),
        logins(scope),
    ];
    if monitoring.errors.store != ErrorStore::Logs {
        alerts.push(reports_fail(scope));
    }
    // Marks are of level info; without them a machine that is well may say nothing for days.
    if monitoring.logging.level <= LogLevel::Info {
        alerts.push(logs_missing(scope));
    }
    alerts
}

/// Gives an alert about one series of one machine its cases: rising, and standing still.
fn counted(alert: Alert, metric: &str, machine: &str, rise: &str, shown: &str) -> Alert {
    let series = format!(r#"{metric}{{machine="{machine}"}}"#);
    alert
        .fires(&[(&series, rise)], &[("machine", machine)], shown)
        .silent(&[(&series, "3")])
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
    alert
        .fires(&[(series, "0+10")], &[("machine", "app1")], "10")
        .silent(&[(series, "3")])
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
    counted(alert, "php_session_failures_total", "app1", "0+6", "")
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
    counted(alert, "disk_errors_total", "db1", "0+1", "")
}

fn upstream_failures(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "UpstreamFailures",
        Warning,
        "upstream",
        format!(
            "60 * sum by (machine) (rate(http_upstream_failures_total[{}])) > {HANDED_ON}",
            scope.window
        ),
    )
    .hold(5)
    .summary(r#"nginx on {{ $labels.machine }} could not hand on {{ $value | printf "%.0f" }} requests a minute"#)
    .meaning(format!(
        "For 5m more than {HANDED_ON} request a minute has found nobody behind nginx, or lost them \
         half-way. Load balancers repeat such a request elsewhere where that is safe, so visitors \
         may not have noticed yet."
    ))
    .action(
        "The log `nginx` of the machine names who did not answer. A machine that is down is named \
         by AppUnreachable; one that is slow by PhpFpmQueue.",
    );
    counted(alert, "http_upstream_failures_total", "lb1", "0+10", "10")
}

fn logins(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "SshLoginFailures",
        Warning,
        "ssh",
        format!(
            "60 * sum by (machine) (rate(ssh_login_failures_total[{}])) > {LOGINS}",
            scope.window
        ),
    )
    .hold(10)
    .summary(r#"{{ $value | printf "%.0f" }} logins a minute fail on {{ $labels.machine }}"#)
    .meaning(format!(
        "For 10m more than {LOGINS} logins by SSH a minute have failed. Passwords are not accepted, \
         so guessing leads nowhere; but somebody who can reach the port tries, or a key of ours is \
         no longer known."
    ))
    .action(
        "The log `sshd` of the machine names the address. One of infrastructure.admin_networks is \
         ours, and a machine of its own may be infected; any other should not have come through \
         the firewall.",
    );
    counted(alert, "ssh_login_failures_total", "app1", "0+30", "30")
}

fn reports_fail(scope: &Scope<'_>) -> Alert {
    let alert = Alert::new(
        "ErrorReportsFail",
        Warning,
        "error_store",
        format!("increase(error_reports_failed_total[{}]) > 0", scope.window),
    )
    .hold(10)
    .summary("errors of {{ $labels.machine }} do not reach the error store")
    .meaning(
        "For 10m reports of errors have failed. Each is in the machine's log `php`, and counted by \
         PhpErrors; the error store does not know of it, and sends no mail about it.",
    )
    .action(
        "The lines that begin with `error not reported:` say why: the store is down or full, the \
         key is wrong, or the way there is closed.",
    );
    counted(alert, "error_reports_failed_total", "app1", "0+1", "")
}

fn logs_missing(scope: &Scope<'_>) -> Alert {
    let silence = Duration::seconds(SILENCE.max(scope.window.as_seconds()));
    let up = r#"up{instance="app1",job="node"}"#;
    let counting = r#"up{instance="mon1",job="mtail"}"#;
    let lines = r#"log_lines_total{machine="app1",level="info"}"#;
    Alert::new(
        "LogsMissing",
        Warning,
        "logs",
        format!(
            r#"up{{job="node"}} == 1 and on () up{{job="mtail"}} == 1 unless on (instance) label_replace(sum by (machine) (increase(log_lines_total[{silence}])) > 0, "instance", "$1", "machine", "(.+)")"#
        ),
    )
    .hold(SILENCE / 60)
    .summary("no line of the log of {{ $labels.instance }} arrives")
    .meaning(format!(
        "The machine answers, but nothing of its log has arrived for {silence} and more, not even \
         the mark that rsyslog makes every {}. What happens there is known to its journal alone, \
         and no alert about its log can fire.",
        Duration::seconds(super::super::logs::MARK)
    ))
    .action(
        "On the machine: `systemctl status rsyslog`; it says whether its certificate was refused \
         or the monitoring machine does not answer. Lines wait on its disk until then.",
    )
    .fires(
        &[(up, "1"), (counting, "1"), (lines, "5")],
        &[("instance", "app1"), ("job", "node")],
        "1",
    )
    .silent(&[(up, "1"), (counting, "1"), (lines, "0+5")])
}
