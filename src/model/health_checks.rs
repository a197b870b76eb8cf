//! Section `health_checks`: how often services are probed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Count, Duration, Switch};

/// How often services are probed, and when they count as down.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct HealthChecks {
    /// The shared cache.
    pub cache: HealthCheck,
    /// The database.
    pub database: DatabaseHealthCheck,
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
            database: DatabaseHealthCheck::default(),
            filesystem: check(60, 15),
        }
    }
}

/// The probe of the database, and how patient its members are with each other.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DatabaseHealthCheck {
    /// Time between two probes.
    pub interval: Duration,
    /// How long a probe may take; below the interval. MySQL's members wait as long for one that
    /// is silent before they go on without it.
    pub timeout: Duration,
    /// Failed probes in a row after which the service counts as down.
    pub retries: Count,
    /// Lets MySQL's members go on after five seconds, the least they can, however long `timeout`
    /// is. A short disturbance of the network then costs a member its place.
    pub fast_failover: Switch,
}

impl Default for DatabaseHealthCheck {
    fn default() -> Self {
        Self {
            interval: Duration::seconds(30),
            timeout: Duration::seconds(10),
            retries: Count::of(3),
            fast_failover: Switch(false),
        }
    }
}

impl DatabaseHealthCheck {
    /// Returns the probe alone.
    pub fn probe(&self) -> HealthCheck {
        HealthCheck {
            interval: self.interval,
            timeout: self.timeout,
            retries: self.retries,
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
