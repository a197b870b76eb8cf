//! What is drawn: one list, for the built-in page and for Grafana.

mod services;

use serde::Serialize;

use super::facts::Tile;
use crate::environment::Environment;
use crate::model::ErrorStore;
use crate::targets::monitoring::alerts::logs;
use crate::units::Duration;

/// The shortest and the longest span a rate is taken over, in seconds.
const WINDOW: [u64; 2] = [300, 86_400];

/// Filesystems on a disk of the machine.
const DISKS: &str = r#"fstype!~"tmpfs|ramfs|squashfs|overlay|fuse.*""#;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Unit {
    /// As it is.
    Count,
    /// Of a hundred.
    Percent,
    /// Of memory or disk.
    Bytes,
    /// Of traffic.
    BytesPerSecond,
    /// Of time.
    Seconds,
    /// Of events.
    PerSecond,
    /// Of rare events.
    PerMinute,
}

/// A chart.
#[derive(Debug, Serialize)]
pub(in super::super) struct Panel {
    /// What it belongs to: `Cache`.
    pub(in super::super) section: &'static str,
    /// What it shows.
    pub(in super::super) title: &'static str,
    /// What a high or a low value means.
    pub(in super::super) help: String,
    /// In `PromQL`.
    pub(in super::super) expr: String,
    /// The labels that tell its lines apart.
    pub(in super::super) labels: &'static [&'static str],
    /// How its numbers are written.
    pub(in super::super) unit: Unit,
    /// The limit that is drawn: the alert's, or the service's own.
    pub(in super::super) threshold: Option<f64>,
    /// What it says without a measurement.
    pub(in super::super) empty: &'static str,
}

fn panel(
    section: &'static str,
    title: &'static str,
    expr: impl Into<String>,
    labels: &'static [&'static str],
    unit: Unit,
) -> Panel {
    Panel {
        section,
        title,
        help: String::new(),
        expr: expr.into(),
        labels,
        unit,
        threshold: None,
        empty: "Nothing was measured in this span",
    }
}

impl Panel {
    fn limit(mut self, limit: impl Into<f64>) -> Self {
        self.threshold = Some(limit.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    fn empty(mut self, empty: &'static str) -> Self {
        self.empty = empty;
        self
    }
}

/// The lines of most charts: one a machine.
const MACHINE: &[&str] = &["instance"];

/// Those that mtail counts, which names the machine itself.
const COUNTED: &[&str] = &["machine"];

/// Returns the span rates are taken over: four measurements at least.
fn window(environment: &Environment<'_>) -> String {
    let interval = environment.inventory().monitoring.metrics.interval;
    let [shortest, longest] = WINDOW;
    let four = interval.as_seconds().saturating_mul(4);
    Duration::seconds(four.clamp(shortest, longest)).to_string()
}

/// Returns what a machine's bars show: processors, memory, its fullest disk.
pub(super) fn meters(environment: &Environment<'_>) -> [String; 3] {
    let window = window(environment);
    [
        format!(
            r#"100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{window}])))"#
        ),
        "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)".to_owned(),
        format!(
            "max by (instance) (100 * (1 - node_filesystem_avail_bytes{{{DISKS}}} / node_filesystem_size_bytes{{{DISKS}}}))"
        ),
    ]
}

/// Returns the numbers at the top of the page.
pub(super) fn tiles(environment: &Environment<'_>) -> Vec<Tile> {
    let window = window(environment);
    vec![
        Tile {
            title: "Requests",
            expr: format!(
                r#"sum(rate(nginx_http_requests_total{{role="load_balancer"}}[{window}]))"#
            ),
            unit: Unit::PerSecond,
            limit: None,
            view: "#metrics?Traffic",
        },
        Tile {
            title: "Failed requests (5xx)",
            expr: format!(
                r#"100 * max(sum by (machine) (rate(http_responses_total{{class="5xx"}}[{window}])) / sum by (machine) (rate(http_responses_total[{window}])))"#
            ),
            unit: Unit::Percent,
            limit: Some(as_float(logs::FAILED)),
            view: "#metrics?Traffic",
        },
        Tile {
            title: "Fatal PHP errors",
            expr: format!(
                r#"60 * max(sum by (machine) (rate(php_errors_total{{level="fatal"}}[{window}])))"#
            ),
            unit: Unit::PerMinute,
            limit: Some(as_float(logs::ERRORS)),
            view: "#errors",
        },
        Tile {
            title: "Oldest backup",
            expr: "max(time() - max by (backup) (backup_last_success_timestamp_seconds))"
                .to_owned(),
            unit: Unit::Seconds,
            limit: None,
            view: "#metrics?Backups",
        },
    ]
}

/// Returns every chart of an environment, in its order.
pub(in super::super) fn panels(environment: &Environment<'_>) -> Vec<Panel> {
    let window = window(environment);
    let mut panels = traffic(&window);
    panels.extend(php(environment, &window));
    panels.extend(errors(environment, &window));
    panels.extend(services::cache(environment, &window));
    panels.extend(services::database(environment, &window));
    panels.extend(services::storage(environment));
    panels.extend(machines(environment, &window));
    panels.extend(rest(&window));
    panels
}

fn traffic(window: &str) -> Vec<Panel> {
    const SECTION: &str = "Traffic";
    vec![
        panel(
            SECTION,
            "Requests",
            format!(
                r#"sum by (instance) (rate(nginx_http_requests_total{{role="load_balancer"}}[{window}]))"#
            ),
            MACHINE,
            Unit::PerSecond,
        ),
        panel(
            SECTION,
            "Failed requests (5xx)",
            format!(
                r#"60 * sum by (machine) (rate(http_responses_total{{class="5xx"}}[{window}]))"#
            ),
            COUNTED,
            Unit::PerMinute,
        )
        .help("Counted in access logs, on load balancers and application machines."),
        panel(
            SECTION,
            "Application machines that did not answer",
            format!("60 * sum by (machine) (rate(http_upstream_failures_total[{window}]))"),
            COUNTED,
            Unit::PerMinute,
        )
        .help(
            "As load balancers see it. Another machine got the request, if it could be repeated.",
        ),
        panel(
            SECTION,
            "Open connections",
            "nginx_connections_active",
            MACHINE,
            Unit::Count,
        ),
    ]
}

fn php(environment: &Environment<'_>, window: &str) -> Vec<Panel> {
    const SECTION: &str = "PHP";
    let children = environment.topology.capacity.pool.max_children;
    vec![
        panel(
            SECTION,
            "Busy children of php-fpm",
            "phpfpm_active_processes",
            MACHINE,
            Unit::Count,
        )
        .limit(as_float(children))
        .help("At the limit (pm.max_children) requests wait."),
        panel(
            SECTION,
            "Requests that wait",
            "phpfpm_listen_queue",
            MACHINE,
            Unit::Count,
        ),
        panel(
            SECTION,
            "Slow requests",
            format!("60 * sum by (machine) (rate(php_slow_requests_total[{window}]))"),
            COUNTED,
            Unit::PerMinute,
        )
        .help("Their stacks are in the log php-slow."),
    ]
}

fn errors(environment: &Environment<'_>, window: &str) -> Vec<Panel> {
    const SECTION: &str = "Errors";
    let mut panels = vec![
        panel(
            SECTION,
            "PHP errors by level",
            format!("60 * sum by (level) (rate(php_errors_total[{window}]))"),
            &["level"],
            Unit::PerMinute,
        ),
        panel(
            SECTION,
            "Sessions that could not be read or written",
            format!("60 * sum by (machine) (rate(php_session_failures_total[{window}]))"),
            COUNTED,
            Unit::PerMinute,
        ),
    ];
    if environment.inventory().monitoring.errors.store == ErrorStore::Bugsink {
        panels.push(panel(
            SECTION,
            "Errors nobody has resolved",
            "errors_open_issues",
            MACHINE,
            Unit::Count,
        ));
    }
    panels
}

fn machines(environment: &Environment<'_>, window: &str) -> Vec<Panel> {
    const SECTION: &str = "Machines";
    let thresholds = &environment.inventory().monitoring.alerts.thresholds;
    let [cpu, memory, disk] = meters(environment);
    vec![
        panel(SECTION, "CPU", cpu, MACHINE, Unit::Percent).limit(thresholds.cpu.get()),
        panel(SECTION, "Memory", memory, MACHINE, Unit::Percent).limit(thresholds.memory.get()),
        panel(SECTION, "Fullest disk", disk, MACHINE, Unit::Percent).limit(thresholds.disk.get()),
        panel(
            SECTION,
            "Network",
            format!(
                r#"sum by (instance) (rate(node_network_receive_bytes_total{{device!="lo"}}[{window}]) + rate(node_network_transmit_bytes_total{{device!="lo"}}[{window}]))"#
            ),
            MACHINE,
            Unit::BytesPerSecond,
        )
        .help("Received and sent."),
        panel(
            SECTION,
            "Disk busy",
            format!(
                "100 * max by (instance) (rate(node_disk_io_time_seconds_total[{window}]))"
            ),
            MACHINE,
            Unit::Percent,
        ),
        panel(
            SECTION,
            "Load for each processor",
            r#"node_load5 / on (instance) count by (instance) (node_cpu_seconds_total{mode="idle"})"#,
            MACHINE,
            Unit::Count,
        ),
    ]
}

fn rest(window: &str) -> Vec<Panel> {
    vec![
        panel(
            "Backups",
            "Age of the last good backup",
            "time() - max by (backup) (backup_last_success_timestamp_seconds)",
            &["backup"],
            Unit::Seconds,
        )
        .empty("No backup has been made yet"),
        panel(
            "Monitoring",
            "Log lines",
            format!("sum by (machine) (rate(log_lines_total[{window}]))"),
            COUNTED,
            Unit::PerSecond,
        ),
        panel(
            "Monitoring",
            "Failed logins by SSH",
            format!("60 * sum by (machine) (rate(ssh_login_failures_total[{window}]))"),
            COUNTED,
            Unit::PerMinute,
        ),
        panel(
            "Monitoring",
            "Measurements that failed",
            "count by (job) (up == 0)",
            &["job"],
            Unit::Count,
        )
        .empty("Everything answers"),
    ]
}

/// A number as a chart draws it; limits are far below the 2^52 from which this rounds.
#[expect(clippy::cast_precision_loss, reason = "limits are small numbers")]
fn as_float(value: u64) -> f64 {
    value as f64
}
