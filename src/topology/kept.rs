//! How much the monitoring machine keeps: measurements, logs and backups.

use super::{Role, is_single, sizing};
use crate::model::{BackupJob, DatabaseDriver};
use crate::resolve::Resolved;
use crate::units::Size;

/// Bytes of a measurement on disk, times ten. Prometheus's documentation says one to two bytes.
const TENTHS_OF_BYTES: u64 = 15;

/// A day's log of one machine: a hundred thousand requests of 400 bytes a line, and some more. A
/// planning figure, not a measurement.
const LOG_A_DAY: Size = Size::mebibytes(50);

const DAY: u64 = 86_400;

/// What is kept, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Measurements.
    pub metrics: Size,
    /// Logs.
    pub logs: Size,
    /// The formula of each with its numbers.
    pub arithmetic: [String; 2],
}

impl Kept {
    /// Returns the sum.
    pub fn total(&self) -> Size {
        self.metrics + self.logs
    }
}

/// Returns what an environment's measurements and logs come to by the time the first are dropped.
pub fn kept(resolved: &Resolved<'_>) -> Kept {
    let monitoring = &resolved.inventory.monitoring;
    let interval = monitoring.metrics.interval.as_seconds().max(1);
    let retention = monitoring.metrics.retention;
    let series = series(resolved);
    let measurements = series.saturating_mul(retention.as_seconds() / interval);
    let metrics = Size::bytes(measurements).scale(TENTHS_OF_BYTES, 10);
    let machines = machines(resolved);
    let days = monitoring.logging.retention.as_seconds().div_ceil(DAY);
    let logs = LOG_A_DAY * machines * days;
    Kept {
        metrics,
        logs,
        arithmetic: [
            format!(
                "{series} series x {retention} / {} x 1.5 bytes = {}M",
                monitoring.metrics.interval,
                metrics.as_mebibytes()
            ),
            format!(
                "{machines} {} x {days} days x {LOG_A_DAY} = {}M",
                if machines == 1 { "machine" } else { "machines" },
                logs.as_mebibytes()
            ),
        ],
    }
}

/// One backup in so many changes everything it saves; the others add what has changed since, a
/// thirtieth, and restic stores the same block once.
const CHANGED: u64 = 30;

/// Returns what the backups' repository comes to: the working set of the database (the buffer pool)
/// and the asked space of shared files, each once in full and a thirtieth for every day it is
/// kept; and once more of both, where a drill restores them and a cleanup repacks. None where the
/// repository is elsewhere, or nothing is saved.
pub fn backups(resolved: &Resolved<'_>) -> Option<Size> {
    let inventory = &resolved.inventory;
    let backup = &inventory.backup;
    if backup.repository.is_some() {
        return None;
    }
    let kept = |size: Size, job: &Option<BackupJob>| {
        job.as_ref().map(|job| {
            let days = job.retention.as_seconds().div_ceil(DAY);
            size * 2 + size.scale(days, CHANGED)
        })
    };
    let sizes = [
        kept(inventory.performance.database.buffer_pool, &backup.database),
        kept(
            inventory.dependencies.filesystem.space.0,
            &backup.filesystem,
        ),
        // Archives of /etc are small.
        kept(Size::mebibytes(10), &backup.configuration),
    ];
    sizes.into_iter().flatten().reduce(|sum, size| sum + size)
}

/// Disks of the monitoring machine grow in such steps, in GiB, so that one machine more does not
/// change this one too.
const STEP: u64 = 10;

/// Returns the disk of the monitoring machine: everybody's, and what is kept.
pub fn disk(resolved: &Resolved<'_>) -> Size {
    let kept = kept(resolved).total().as_gibibytes_up();
    sizing::system_disk(resolved) + Size::gibibytes(kept.next_multiple_of(STEP))
}

fn machines(resolved: &Resolved<'_>) -> u64 {
    if is_single(resolved) {
        return 1;
    }
    Role::ALL
        .iter()
        .map(|role| u64::from(sizing::machine_count(resolved, *role)))
        .sum()
}

/// Returns the number of series: counted once for each exporter with the options that are
/// rendered, and rounded up.
fn series(resolved: &Resolved<'_>) -> u64 {
    let everywhere = 400 * machines(resolved);
    let roles = Role::ALL.iter().map(|role| {
        let each = match role {
            // nginx, and a probe.
            Role::LoadBalancer => 40,
            // nginx, php-fpm, HAProxy, probes.
            Role::App => 350,
            Role::Cache => 250 * sizing::cache_instances(resolved),
            Role::Database => match resolved.settings().database.driver {
                DatabaseDriver::Mysql | DatabaseDriver::Mariadb => 1500,
                // With Patroni and etcd.
                DatabaseDriver::Postgresql => 1000,
            },
            Role::Storage => 10,
            // Prometheus, Alertmanager, probes, counts of logs, recorded averages.
            Role::Monitoring => 2000,
        };
        let count = if is_single(resolved) {
            1
        } else {
            u64::from(sizing::machine_count(resolved, *role))
        };
        each * count
    });
    everywhere + roles.sum::<u64>()
}
