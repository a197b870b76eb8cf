//! Probes: what the blackbox exporter asks, and which answers are good ones.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::CacheDriver;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

/// Seconds a page may take before a visitor counts it as failed.
const PATIENCE: u64 = 10;

/// The values of `blackbox.yml`.
#[derive(Debug, Serialize)]
struct Modules {
    single: bool,
    patience: String,
    /// Whether the certificate can be checked against a name.
    trusted: bool,
    redis: bool,
    cache_timeout: String,
    database_timeout: String,
}

pub(super) fn modules(environment: &Environment<'_>) -> Artifact {
    let inventory = environment.inventory();
    let checks = &inventory.health_checks;
    let interval = inventory.monitoring.metrics.interval.as_seconds();
    let values = Modules {
        single: environment.topology.single,
        patience: format!("{}s", PATIENCE.min(interval.max(1))),
        trusted: inventory.load_balancer.tls.certificate.is_some()
            && served_name(environment).is_some(),
        redis: environment.settings().cache.driver == CacheDriver::Redis,
        cache_timeout: checks.cache.timeout.to_string(),
        database_timeout: checks.database.timeout.to_string(),
    };
    environment
        .artifact(
            "monitoring/blackbox/blackbox.yml",
            "monitoring/blackbox/blackbox.yml.tera",
            &values,
        )
        .impact(environment.impact("reloads the blackbox exporter", Role::Monitoring))
}

/// Returns the first name the site is served by that is a name and no pattern.
pub(super) fn served_name(environment: &Environment<'_>) -> Option<String> {
    let names = environment.inventory().load_balancer.server_names.iter();
    names
        .map(ToString::to_string)
        .find(|name| !name.starts_with('*'))
}

/// The values of `/etc/default/prometheus-blackbox-exporter`.
#[derive(Debug, Serialize)]
struct Arguments {
    port: u16,
}

pub(super) fn arguments(environment: &Environment<'_>) -> Artifact {
    environment
        .artifact(
            "monitoring/blackbox/prometheus-blackbox-exporter",
            "monitoring/blackbox/prometheus-blackbox-exporter.tera",
            &Arguments {
                port: ports::BLACKBOX_EXPORTER,
            },
        )
        .impact(environment.impact("restarts the blackbox exporter", Role::Monitoring))
}
