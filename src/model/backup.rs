//! Section `backup`: what is saved, when, and for how long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Cron, Duration, Switch};

/// What is saved, when, and for how long. Times are UTC. `null` switches one off.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Backup {
    /// A dump of the database.
    pub database: Option<BackupJob>,
    /// Shared files.
    pub filesystem: Option<BackupJob>,
    /// The configuration of every machine.
    pub configuration: Option<BackupJob>,
}

impl Default for Backup {
    fn default() -> Self {
        let job = |schedule, days: u64, encryption: bool| {
            Some(BackupJob {
                schedule: Cron::of(schedule),
                retention: Duration::seconds(days * 86_400),
                compression: Switch(!encryption),
                encryption: Switch(encryption),
            })
        };
        Self {
            database: job("0 0 * * *", 30, false),
            filesystem: job("0 2 * * *", 30, false),
            configuration: job("0 1 * * *", 90, true),
        }
    }
}

/// One backup.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct BackupJob {
    /// When it runs, as a cron expression in UTC.
    pub schedule: Cron,
    /// How long it is kept.
    pub retention: Duration,
    /// Whether it is compressed.
    pub compression: Switch,
    /// Whether it is encrypted before it leaves the machine.
    pub encryption: Switch,
}

impl Default for BackupJob {
    fn default() -> Self {
        Self {
            schedule: Cron::of("0 0 * * *"),
            retention: Duration::seconds(30 * 86_400),
            compression: Switch(false),
            encryption: Switch(false),
        }
    }
}
