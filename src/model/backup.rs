//! Section `backup`: what is saved, when, and for how long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Cron, Duration, Repository, Switch};

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
    /// Where backups go, as restic writes it: `sftp:user@host:/folder`, `s3:https://host/bucket`,
    /// `rest:https://host/path`, or a folder. Each kind of backup gets a folder in it. Without it,
    /// that is the monitoring machine, over SFTP; where one machine does everything, a folder on
    /// it.
    pub repository: Option<Repository>,
    /// When backups past their retention are removed, as a cron expression in UTC.
    pub cleanup: Cron,
    /// When the repository is checked and a tenth of its data read, as a cron expression in UTC.
    pub check: Cron,
    /// When the last backups are restored into a scratch place and counted, as a cron expression
    /// in UTC.
    pub drill: Cron,
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
            repository: None,
            cleanup: Cron::of("0 5 * * *"),
            check: Cron::of("0 6 * * 0"),
            drill: Cron::of("0 7 1 * *"),
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
