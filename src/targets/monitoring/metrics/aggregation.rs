//! Recording rules: what is worth comparing over days, and its average and maximum over the span
//! that `monitoring.metrics.aggregation` names.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::{CacheDriver, DatabaseDriver};
use crate::targets::Artifact;
use crate::targets::monitoring::alerts::{Scope, Series, repeated};
use crate::topology::Role;
use crate::units::Duration;

/// The longest time between two values of a series: Prometheus looks back no further than this,
/// and would show gaps.
const LONGEST: Duration = Duration::seconds(300);

/// A measure worth comparing.
struct Measure {
    name: &'static str,
    expr: String,
    /// A series as it is tested, and the labels and the value of the measure then.
    series: Vec<(&'static str, String)>,
    labels: &'static str,
    value: String,
}

/// The values of `rules/aggregation.yml`.
#[derive(Debug, Serialize)]
struct Rules {
    span: String,
    interval: String,
    measures: Vec<Recorded>,
}

/// A measure as it is recorded.
#[derive(Debug, Serialize)]
struct Recorded {
    name: &'static str,
    expr: String,
}

/// The values of `tests/aggregation.yml`.
#[derive(Debug, Serialize)]
struct Tests {
    at: String,
    series: Vec<Series>,
    expected: Vec<Expected>,
}

/// A value that must have been recorded.
#[derive(Debug, Serialize)]
struct Expected {
    query: String,
    labels: String,
    value: String,
}

pub(super) fn rules(environment: &Environment<'_>) -> Artifact {
    let span = environment.inventory().monitoring.metrics.aggregation;
    let values = Rules {
        span: span.to_string(),
        interval: LONGEST.min(span).to_string(),
        measures: measures(environment)
            .into_iter()
            .map(|measure| Recorded {
                name: measure.name,
                expr: measure.expr,
            })
            .collect(),
    };
    environment
        .artifact(
            "monitoring/prometheus/rules/aggregation.yml",
            "monitoring/prometheus/rules/aggregation.yml.tera",
            &values,
        )
        .impact(environment.impact("reloads Prometheus", Role::Monitoring))
}

pub(super) fn tests(environment: &Environment<'_>) -> Artifact {
    let span = environment.inventory().monitoring.metrics.aggregation;
    let window = Scope::new(environment).window;
    let measures = measures(environment);
    // Once the span and the windows in it are full.
    let minutes = span
        .as_seconds()
        .saturating_add(window.as_seconds() * 2)
        .div_ceil(60)
        // A year of minutes tests as well as a hundred.
        .min(525_600)
        + 10;
    let expected = measures.iter().flat_map(|measure| {
        ["avg", "max"].map(|operation| {
            let record = format!("instance:{}:{operation}_{span}", measure.name);
            Expected {
                // Rounded, since an average of many is not exact.
                query: format!("round({record}, 0.001)"),
                labels: measure.labels.to_owned(),
                value: measure.value.clone(),
            }
        })
    });
    let values = Tests {
        at: format!("{minutes}m"),
        expected: expected.collect(),
        series: measures
            .iter()
            .flat_map(|measure| &measure.series)
            .map(|(series, pattern)| Series {
                series: (*series).to_owned(),
                values: repeated(pattern, minutes),
            })
            .collect(),
    };
    environment.artifact(
        "monitoring/prometheus/tests/aggregation.yml",
        "monitoring/prometheus/tests/aggregation.yml.tera",
        &values,
    )
}

fn measure(name: &'static str, expr: impl Into<String>, labels: &'static str) -> Measure {
    Measure {
        name,
        expr: expr.into(),
        series: Vec::new(),
        labels,
        value: String::new(),
    }
}

impl Measure {
    fn shows(mut self, value: &str, series: &[(&'static str, &str)]) -> Self {
        value.clone_into(&mut self.value);
        self.series = series
            .iter()
            .map(|(series, pattern)| (*series, (*pattern).to_owned()))
            .collect();
        self
    }
}

const APP: &str = r#"{instance="app1"}"#;

fn measures(environment: &Environment<'_>) -> Vec<Measure> {
    let window = Scope::new(environment).window;
    let children = environment.topology.capacity.pool.max_children;
    let disks = crate::targets::monitoring::alerts::DISKS;
    let mut measures = vec![
        measure(
            "cpu_busy_percent",
            format!(
                r#"100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{window}])))"#
            ),
            APP,
        )
        .shows(
            "75",
            &[(
                r#"node_cpu_seconds_total{instance="app1",cpu="0",mode="idle"}"#,
                "0+15",
            )],
        ),
        measure(
            "memory_used_percent",
            "100 * (1 - max by (instance) (node_memory_MemAvailable_bytes) / max by (instance) (node_memory_MemTotal_bytes))",
            APP,
        )
        .shows(
            "25",
            &[
                (r#"node_memory_MemAvailable_bytes{instance="app1"}"#, "75"),
                (r#"node_memory_MemTotal_bytes{instance="app1"}"#, "100"),
            ],
        ),
        measure(
            "disk_used_percent",
            format!(
                "100 * (1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{{{disks}}}) / max by (instance, mountpoint) (node_filesystem_size_bytes{{{disks}}}))"
            ),
            r#"{instance="app1",mountpoint="/"}"#,
        )
        .shows(
            "50",
            &[
                (
                    r#"node_filesystem_avail_bytes{instance="app1",fstype="ext4",mountpoint="/"}"#,
                    "50",
                ),
                (
                    r#"node_filesystem_size_bytes{instance="app1",fstype="ext4",mountpoint="/"}"#,
                    "100",
                ),
            ],
        ),
        measure(
            "http_requests_per_second",
            format!("sum by (instance) (rate(nginx_http_requests_total[{window}]))"),
            APP,
        )
        .shows("2", &[(r#"nginx_http_requests_total{instance="app1"}"#, "0+120")]),
        measure(
            "http_latency_seconds",
            r#"max by (instance) (probe_duration_seconds{job=~"probe_site|probe_app"})"#,
            APP,
        )
        .shows(
            "0.25",
            &[(
                r#"probe_duration_seconds{job="probe_app",instance="app1"}"#,
                "0.25",
            )],
        ),
        measure(
            "php_fpm_busy_percent",
            format!("100 * max by (instance) (phpfpm_active_processes) / {children}"),
            APP,
        )
        .shows(
            "100",
            &[(
                r#"phpfpm_active_processes{instance="app1"}"#,
                &children.to_string(),
            )],
        ),
    ];
    measures.push(database(environment));
    if environment.settings().cache.driver == CacheDriver::Redis {
        measures.extend(cache(environment));
    }
    measures
}

fn database(environment: &Environment<'_>) -> Measure {
    let most = environment.inventory().performance.database.max_connections;
    let (metric, series) = match environment.settings().database.driver {
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb => (
            "mysql_global_status_threads_connected",
            r#"mysql_global_status_threads_connected{instance="db1"}"#,
        ),
        DatabaseDriver::Postgresql => (
            "pg_stat_activity_count",
            r#"pg_stat_activity_count{instance="db1",state="active"}"#,
        ),
    };
    measure(
        "database_connections_percent",
        format!("100 * sum by (instance) ({metric}) / {most}"),
        r#"{instance="db1"}"#,
    )
    .shows("100", &[(series, &most.to_string())])
}

fn cache(environment: &Environment<'_>) -> [Measure; 2] {
    let performance = &environment.inventory().performance.cache;
    let memory = performance.max_memory.as_bytes();
    let labels = r#"{instance="cache1",port="6379"}"#;
    [
        measure(
            "cache_memory_percent",
            format!("100 * max by (instance, port) (redis_memory_used_bytes) / {memory}"),
            labels,
        )
        .shows(
            "100",
            &[(
                r#"redis_memory_used_bytes{instance="cache1",port="6379"}"#,
                &memory.to_string(),
            )],
        ),
        measure(
            "cache_hits_percent",
            {
                let window = Scope::new(environment).window;
                format!(
                    "100 * sum by (instance, port) (rate(redis_keyspace_hits_total[{window}])) / (sum by (instance, port) (rate(redis_keyspace_hits_total[{window}])) + sum by (instance, port) (rate(redis_keyspace_misses_total[{window}])))"
                )
            },
            labels,
        )
        .shows(
            "75",
            &[
                (
                    r#"redis_keyspace_hits_total{instance="cache1",port="6379"}"#,
                    "0+3",
                ),
                (
                    r#"redis_keyspace_misses_total{instance="cache1",port="6379"}"#,
                    "0+1",
                ),
            ],
        ),
    ]
}
