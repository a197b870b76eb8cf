//! Grafana and Loki, for those who want them beside the built-in page: the same panels, the same
//! logs. Neither is in Debian; both come from their vendor's archive.

use serde::Serialize;
use serde_json::{Value, json};

use super::Part;
use super::dashboard::panels::{Panel, Unit, panels};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

pub(super) const PART: Part = Part { lower, deployment };

/// Grafana, on the monitoring machine; reached through the portal.
pub(super) const PORT: u16 = 3000;

/// Loki, on the monitoring machine.
const LOKI: u16 = 3100;

/// Columns of Grafana's grid, and those of one panel.
const COLUMNS: usize = 24;
const WIDE: usize = 8;

/// Rows of one panel.
const HIGH: usize = 8;

/// Returns whether the environment has Grafana.
pub(super) fn wanted(environment: &Environment<'_>) -> bool {
    environment.inventory().monitoring.dashboard.grafana.0
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    if !wanted(environment) {
        return Deployment::default();
    }
    Deployment {
        playbooks: vec![Playbook {
            file: "grafana.yml",
            title: "Set up Grafana and Loki",
        }],
        roles: vec!["grafana"],
        ..Deployment::default()
    }
}

/// The values of every file.
#[derive(Debug, Serialize)]
struct Values {
    port: u16,
    portal: u16,
    address: String,
    loki: u16,
    prometheus: u16,
    alertmanager: u16,
    interval: String,
    retention: String,
    dashboard: Vec<Entry>,
}

/// A key of the dashboard.
#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    value: Value,
}

/// The files, their templates, and what a change restarts.
const FILES: &[(&str, &str, &str)] = &[
    (
        "monitoring/grafana/grafana.ini",
        "monitoring/grafana/grafana.ini.tera",
        "restarts Grafana",
    ),
    (
        "monitoring/grafana/datasources.yml",
        "monitoring/grafana/datasources.yml.tera",
        "restarts Grafana",
    ),
    (
        "monitoring/grafana/dashboards.yml",
        "monitoring/grafana/dashboards.yml.tera",
        "restarts Grafana",
    ),
    (
        "monitoring/grafana/platform.json",
        "monitoring/grafana/platform.json.tera",
        "changes a dashboard of Grafana",
    ),
    (
        "monitoring/loki/loki.yml",
        "monitoring/loki/loki.yml.tera",
        "restarts Loki",
    ),
    (
        "monitoring/loki/config.alloy",
        "monitoring/loki/config.alloy.tera",
        "restarts Alloy",
    ),
];

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    if !wanted(environment) {
        return Vec::new();
    }
    let monitoring = &environment.inventory().monitoring;
    let values = Values {
        port: PORT,
        portal: ports::PORTAL,
        address: super::monitoring_machine(environment).address.to_string(),
        loki: LOKI,
        prometheus: ports::PROMETHEUS,
        alertmanager: ports::ALERTMANAGER,
        interval: format!("{}s", monitoring.metrics.interval.as_seconds()),
        // Loki deletes by the day.
        retention: format!("{}h", super::logs::days(monitoring.logging.retention) * 24),
        dashboard: dashboard(environment),
    };
    FILES
        .iter()
        .map(|(path, template, what)| {
            environment
                .artifact(*path, template, &values)
                .impact(environment.impact(what, Role::Monitoring))
        })
        .collect()
}

/// The dashboard as Grafana stores it: a row for each section, three panels side by side, and the
/// logs last.
fn dashboard(environment: &Environment<'_>) -> Vec<Entry> {
    let mut placed = Vec::new();
    let (mut row, mut column, mut section) = (0, 0, "");
    for panel in panels(environment) {
        if panel.section != section {
            row += if column > 0 { HIGH } else { 0 };
            placed.push(heading(panel.section, row, placed.len()));
            (row, column, section) = (row + 1, 0, panel.section);
        }
        placed.push(drawn(&panel, row, column, placed.len()));
        column += WIDE;
        if column == COLUMNS {
            (row, column) = (row + HIGH, 0);
        }
    }
    row += if column > 0 { HIGH } else { 0 };
    placed.push(heading("Logs", row, placed.len()));
    placed.push(logs(row + 1, placed.len()));
    let entry = |(name, value): (&str, Value)| Entry {
        name: name.to_owned(),
        value,
    };
    let title = format!(
        "{}, {}",
        environment.inventory().project.name,
        environment.name()
    );
    [
        ("uid", json!("platform")),
        ("title", json!(title)),
        ("tags", json!(["precast"])),
        ("timezone", json!("utc")),
        ("editable", json!(false)),
        ("schemaVersion", json!(39)),
        ("version", json!(1)),
        ("refresh", json!("1m")),
        ("time", json!({"from": "now-6h", "to": "now"})),
        ("templating", json!({"list": []})),
        ("annotations", json!({"list": []})),
        ("panels", json!(placed)),
    ]
    .map(entry)
    .into()
}

fn heading(title: &str, row: usize, id: usize) -> Value {
    json!({
        "id": id + 1,
        "type": "row",
        "title": title,
        "collapsed": false,
        "gridPos": {"x": 0, "y": row, "w": COLUMNS, "h": 1},
        "panels": [],
    })
}

fn drawn(panel: &Panel, row: usize, column: usize, id: usize) -> Value {
    let source = json!({"type": "prometheus", "uid": "prometheus"});
    let legend: Vec<String> = panel
        .labels
        .iter()
        .map(|label| format!("{{{{{label}}}}}"))
        .collect();
    let mut steps = vec![json!({"color": "green", "value": null})];
    if let Some(limit) = panel.threshold {
        steps.push(json!({"color": "red", "value": limit}));
    }
    json!({
        "id": id + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.help,
        "datasource": source,
        "gridPos": {"x": column, "y": row, "w": WIDE, "h": HIGH},
        "fieldConfig": {
            "defaults": {
                "unit": unit(panel.unit),
                "min": 0,
                "noValue": panel.empty,
                "custom": {
                    "lineWidth": 1,
                    "showPoints": "never",
                    "thresholdsStyle": {"mode": if panel.threshold.is_some() { "dashed" } else { "off" }},
                },
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": true},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [{
            "refId": "A",
            "datasource": source,
            "expr": panel.expr,
            "legendFormat": legend.join(" "),
        }],
    })
}

fn logs(row: usize, id: usize) -> Value {
    let source = json!({"type": "loki", "uid": "loki"});
    json!({
        "id": id + 1,
        "type": "logs",
        "title": "Warnings and above",
        "datasource": source,
        "gridPos": {"x": 0, "y": row, "w": COLUMNS, "h": 2 * HIGH},
        "options": {"showTime": true, "wrapLogMessage": true, "sortOrder": "Descending"},
        "targets": [{
            "refId": "A",
            "datasource": source,
            "expr": r#"{level=~"emerg|alert|crit|err|warning"}"#,
        }],
    })
}

/// Returns what Grafana calls a unit.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "short",
        Unit::Percent => "percent",
        Unit::Bytes => "bytes",
        Unit::BytesPerSecond => "binBps",
        Unit::Seconds => "s",
        Unit::PerSecond => "cps",
        Unit::PerMinute => "cpm",
    }
}
