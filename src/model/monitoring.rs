//! Section `monitoring`: metrics, logs and alerts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{
    Duration, Endpoint, FreeText, MailAddress, Percent, SlackChannel, Switch, WebAddress,
};

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

impl LogLevel {
    /// Every severity, least severe first.
    pub const ALL: [Self; 8] = [
        Self::Debug,
        Self::Info,
        Self::Notice,
        Self::Warning,
        Self::Error,
        Self::Critical,
        Self::Alert,
        Self::Emergency,
    ];

    /// Returns the name used in inventories.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
            Self::Alert => "alert",
            Self::Emergency => "emergency",
        }
    }
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
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Alerts {
    /// Shares in percent above which a machine is in trouble.
    pub thresholds: Thresholds,
    /// Where alerts go. `pagerduty` gets the critical ones only.
    pub channels: Vec<Channel>,
    /// After how long an alert that is still firing is sent again.
    pub repeat_interval: Duration,
    /// How alerts are mailed.
    pub email: Email,
    /// How alerts are posted to Slack. The webhook's address is a secret, `alert_slack_url`.
    pub slack: Slack,
    /// The address of a service outside that raises an alarm when it no longer hears from the
    /// monitoring machine, such as a check of healthchecks.io or a Dead Man's Snitch. It is
    /// called every minute for as long as alerting works, and it is rendered: whoever reads it
    /// can keep the alarm silent.
    pub dead_mans_switch: Option<WebAddress>,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            channels: Vec::new(),
            repeat_interval: Duration::seconds(4 * 3600),
            email: Email::default(),
            slack: Slack::default(),
            dead_mans_switch: None,
        }
    }
}

/// How alerts are mailed.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Email {
    /// Who gets them. Without it nothing is mailed.
    pub to: Option<MailAddress>,
    /// Who they are from; the same as `to` when absent.
    pub from: Option<MailAddress>,
    /// The mail server and its port. It must offer TLS, unless it is this machine itself.
    pub smarthost: Endpoint,
    /// The user at that server. The password is a secret, `alert_email_password`.
    pub username: Option<FreeText>,
}

impl Default for Email {
    fn default() -> Self {
        Self {
            to: None,
            from: None,
            smarthost: Endpoint::local_mail(),
            username: None,
        }
    }
}

/// How alerts are posted to Slack.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Slack {
    /// The channel; the webhook's own when absent.
    pub channel: Option<SlackChannel>,
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
