//! Section `health_checks`: how often services are probed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Duration};

/// How often services are probed, and when they count as down.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct HealthChecks {
    /// The shared cache.
    pub cache: HealthCheck,
    /// The database.
    pub database: HealthCheck,
    /// Shared storage.
    pub filesystem: HealthCheck,
}

impl Default for HealthChecks {
    fn default() -> Self {
        let check = |interval, timeout| HealthCheck {
            interval: Duration::seconds(interval),
            timeout: Duration::seconds(timeout),
            retries: Count::of(3),
        };
        Self {
            cache: check(30, 5),
            database: check(30, 10),
            filesystem: check(60, 15),
        }
    }
}

/// One probe.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct HealthCheck {
    /// Time between two probes.
    pub interval: Duration,
    /// How long a probe may take; below the interval.
    pub timeout: Duration,
    /// Failed probes in a row after which the service counts as down.
    pub retries: Count,
}

impl Default for HealthCheck {
    fn default() -> Self {
        HealthChecks::default().cache
    }
}
