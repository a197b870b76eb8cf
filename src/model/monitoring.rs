//! Section `monitoring`: metrics, logs and alerts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Duration, Percent, Switch};

/// Metrics, logs and alerts.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Monitoring {
    /// What is measured.
    pub metrics: Metrics,
    /// What is written down.
    pub logging: Logging,
    /// When somebody is told.
    pub alerts: Alerts,
    /// Where errors of the application are collected.
    pub errors: Errors,
    /// What people look at.
    pub dashboard: Dashboard,
}

/// What is measured.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Metrics {
    /// Time between two measurements.
    pub interval: Duration,
    /// How long measurements are kept.
    pub retention: Duration,
    /// The span over which averages and maxima are recorded.
    pub aggregation: Duration,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            interval: Duration::seconds(60),
            retention: Duration::seconds(30 * 86_400),
            aggregation: Duration::seconds(3600),
        }
    }
}

/// What is written down.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Logging {
    /// The least severe message that is kept.
    pub level: LogLevel,
    /// How long logs are kept.
    pub retention: Duration,
    /// How often a new log file begins.
    pub rotation: Rotation,
}

impl Default for Logging {
    fn default() -> Self {
        Self {
            level: LogLevel::Info,
            retention: Duration::seconds(7 * 86_400),
            rotation: Rotation::Daily,
        }
    }
}

/// The severities of syslog (RFC 5424), most severe last.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Everything, in detail.
    Debug,
    /// Normal operation.
    Info,
    /// Normal, but worth noting.
    Notice,
    /// Something may go wrong.
    Warning,
    /// Something went wrong.
    Error,
    /// A part is out of order.
    Critical,
    /// Somebody must act now.
    Alert,
    /// Nothing works.
    Emergency,
}

/// How often a new log file begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rotation {
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
}

impl Rotation {
    /// Returns the time one file covers; a month counts as 31 days.
    pub fn period(self) -> Duration {
        Duration::seconds(match self {
            Self::Hourly => 3600,
            Self::Daily => 86_400,
            Self::Weekly => 7 * 86_400,
            Self::Monthly => 31 * 86_400,
        })
    }
}

/// When somebody is told.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Alerts {
    /// Shares in percent above which a machine is in trouble.
    pub thresholds: Thresholds,
    /// Where alerts go.
    pub channels: Vec<Channel>,
}

/// Shares in percent above which a machine is in trouble.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Thresholds {
    /// Busy processors.
    pub cpu: Percent,
    /// Used memory.
    pub memory: Percent,
    /// Used disk.
    pub disk: Percent,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            cpu: Percent::of(80),
            memory: Percent::of(85),
            disk: Percent::of(90),
        }
    }
}

/// Where alerts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By mail.
    Email,
    /// To a Slack channel.
    Slack,
    /// To whoever is on call.
    Pagerduty,
}

/// Where errors of the application are collected.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Errors {
    /// What collects them. `bugsink` is a program of its own on the monitoring machine, fetched
    /// from PyPI, with the Sentry protocol; its licence, PolyForm Shield, lets anyone use it but
    /// not offer it as a service, and is no open source licence. `logs` keeps errors in the logs
    /// only, where they are counted. `external` sends them to a service you name by its DSN, in
    /// the secret `errors_dsn`.
    pub store: ErrorStore,
    /// How long Bugsink keeps an error, in whole days, rounded up; as long as logs when absent.
    pub retention: Option<Duration>,
}

/// What collects errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ErrorStore {
    /// Bugsink, on the monitoring machine.
    #[default]
    Bugsink,
    /// The logs alone.
    Logs,
    /// A service elsewhere that speaks the Sentry protocol.
    External,
}

/// What people look at.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Dashboard {
    /// Whether Grafana and Loki are set up beside the built-in page. Debian has neither: they come
    /// from their vendor's package archive.
    pub grafana: Switch,
}
