//! Backups that are missing, and restores that were not tried.

use super::Severity::{Critical, Warning};
use super::{Alert, Scope};
use crate::model::BackupJob;
use crate::units::{Cron, Duration};

/// A backup's name in metrics, and those of its alerts.
struct Facts {
    backup: &'static str,
    stale: &'static str,
    missing: &'static str,
}

const DATABASE: Facts = Facts {
    backup: "database",
    stale: "DatabaseBackupStale",
    missing: "DatabaseBackupMissing",
};
const FILESYSTEM: Facts = Facts {
    backup: "filesystem",
    stale: "FilesystemBackupStale",
    missing: "FilesystemBackupMissing",
};
const CONFIGURATION: Facts = Facts {
    backup: "configuration",
    stale: "ConfigurationBackupStale",
    missing: "ConfigurationBackupMissing",
};

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let backup = &scope.environment.inventory().backup;
    let jobs = [
        (DATABASE, &backup.database),
        (FILESYSTEM, &backup.filesystem),
        (CONFIGURATION, &backup.configuration),
    ];
    let mut alerts: Vec<Alert> = jobs
        .iter()
        .filter_map(|(facts, job)| Some((facts, job.as_ref()?)))
        .flat_map(|(facts, job)| [stale(facts, job), missing(facts, job)])
        .collect();
    if !alerts.is_empty() {
        alerts.push(drill(&backup.drill));
    }
    alerts
}

/// One run and a half: late enough that a slow one is no reason, early enough that the next
/// has not been missed as well.
fn patience(job: &BackupJob) -> Duration {
    half_as_much_again(job.schedule.longest_gap())
}

fn half_as_much_again(period: Duration) -> Duration {
    Duration::seconds(period.as_seconds() / 2 * 3)
}

fn stale(facts: &Facts, job: &BackupJob) -> Alert {
    let backup = facts.backup;
    let patience = patience(job);
    let series = format!(
        r#"backup_last_success_timestamp_seconds{{backup="{backup}",instance="machine1"}}"#
    );
    Alert::new(
        facts.stale,
        Critical,
        backup,
        format!(
            r#"time() - max by (backup) (backup_last_success_timestamp_seconds{{backup="{backup}"}}) > {}"#,
            patience.as_seconds()
        ),
    )
    .summary(format!("the last backup of the {backup} is too old"))
    .meaning(format!(
        "It runs at `{}`, and the last one that worked was more than {patience} ago, one and a \
         half times the longest time between two (backup.{backup}.schedule).",
        job.schedule
    ))
    .action(format!(
        "`systemctl status backup-{backup}` and its journal on the machine it ran on; start it by \
         hand once the reason is gone."
    ))
    .fires(
        // The clock of a test begins at zero.
        &[(&series, "-1000000000")],
        &[("backup", backup)],
        "",
    )
    .silent(&[(&series, "0+3600")])
}

fn missing(facts: &Facts, job: &BackupJob) -> Alert {
    let backup = facts.backup;
    let patience = patience(job);
    let series = format!(
        r#"backup_last_success_timestamp_seconds{{backup="{backup}",instance="machine1"}}"#
    );
    let mut alert = Alert::new(
        facts.missing,
        Critical,
        backup,
        format!(r#"absent(backup_last_success_timestamp_seconds{{backup="{backup}"}})"#),
    )
    .summary(format!("there is no backup of the {backup}"))
    .meaning(format!(
        "For {patience} no machine has said that it ever made one. It runs at `{}` \
         (backup.{backup}.schedule).",
        job.schedule
    ))
    .action(format!(
        "`systemctl list-timers 'backup-*'` on the machines it can run on, then the journal of \
         backup-{backup}: the repository may be out of reach or its password wrong."
    ))
    .fires(&[(&series, "_")], &[("backup", backup)], "1")
    .silent(&[(&series, "0")]);
    alert.hold = patience;
    alert
}

fn drill(schedule: &Cron) -> Alert {
    let patience = half_as_much_again(schedule.longest_gap());
    let series = r#"backup_drill_last_success_timestamp_seconds{backup="database",instance="db1"}"#;
    Alert::new(
        "BackupDrillStale",
        Warning,
        "drill",
        format!(
            "time() - max by (backup) (backup_drill_last_success_timestamp_seconds) > {}",
            patience.as_seconds()
        ),
    )
    .summary("no backup of the {{ $labels.backup }} has been restored on trial lately")
    .meaning(format!(
        "Drills run by `{schedule}`; the last one that worked was more than {} days ago. A backup \
         nobody has restored is a hope.",
        patience.as_seconds() / 86_400
    ))
    .action("Run the drill by hand and read what it says, before a restore is needed.")
    .fires(&[(series, "-1000000000")], &[("backup", "database")], "")
    .silent(&[(series, "0+3600")])
}
