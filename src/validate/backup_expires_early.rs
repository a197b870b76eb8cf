use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{is_single, topology};
use crate::units::Duration;
use crate::units::repository::Scheme;

pub(super) const LINT: Lint = Lint {
    code: "L41",
    severity: Severity::Error,
    title: "a backup is of no use on the day it is needed",
    explanation: "\
A backup that is kept for less than the time between two runs is gone before the next exists. On the
wrong day there is nothing to restore, and nobody finds out before that day.

Keep backups for at least twice the longest time between two runs, so that one failed run does not
matter.

A backup on the machine it saves is lost with that machine. Name another computer in
`backup.repository`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let backup = &resolved.inventory.backup;
    stays_on_the_machine(resolved, findings);
    for (name, job) in [
        ("database", &backup.database),
        ("filesystem", &backup.filesystem),
        ("configuration", &backup.configuration),
    ] {
        let Some(job) = job else { continue };
        let gap = job.schedule.longest_gap();
        if job.retention < gap {
            findings.report_with(
                Severity::Error,
                &format!("backup.{name}.retention"),
                &[&format!("backup.{name}.schedule")],
                format!(
                    "it is kept for `{}`, but `{}` leaves {gap} between two runs",
                    job.retention, job.schedule
                ),
                format!(
                    "keep it for `{}` or more",
                    Duration::seconds(gap.as_seconds() * 2)
                ),
            );
        }
    }
}

/// What is saved on its own machine: chosen, that is an error; one machine that does everything has
/// no other to save on by itself.
fn stays_on_the_machine(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let backup = &resolved.inventory.backup;
    let saves = [&backup.database, &backup.filesystem, &backup.configuration];
    let (severity, message) = match &backup.repository {
        _ if saves.iter().all(|job| job.is_none()) => return,
        Some(place) if is_own(resolved, place.scheme()) => (
            Severity::Error,
            format!("`{place}` is on a machine that is saved, and is lost with it"),
        ),
        None if is_single(resolved) => (
            Severity::Warning,
            format!(
                "backups of `{}` stay on its one machine, and are lost with it",
                resolved.name
            ),
        ),
        _ => return,
    };
    findings.report_with(
        severity,
        "backup.repository",
        &[],
        message,
        "name another computer, such as `sftp:user@host:/folder`",
    );
}

/// Returns whether a repository is on a machine of this environment.
fn is_own(resolved: &Resolved<'_>, scheme: &Scheme) -> bool {
    match scheme {
        Scheme::Folder => true,
        Scheme::Sftp { host, .. } => {
            let mut machines = topology(resolved).machines.into_iter();
            host == "localhost"
                || host.starts_with("127.")
                || machines
                    .any(|machine| machine.name == *host || machine.address.to_string() == *host)
        }
        Scheme::S3 | Scheme::Rest => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    fn inventory(schedule: &str, retention: &str) -> String {
        format!(
            "environment: {{dev: {{}}}}\n\
             backup: {{database: {{schedule: \"{schedule}\", retention: {retention}}}, \
             repository: \"sftp:backup@vault.example.com:/dev\"}}"
        )
    }

    #[test]
    fn backups_leave_the_machine() {
        let one = "environment: {dev: {}}";
        assert_eq!(
            findings("L41", one),
            ["backups of `dev` stay on its one machine, and are lost with it"]
        );
        assert!(ha("L41", "").is_empty());
        let place = |place: &str| format!("backup: {{repository: \"{place}\"}}");
        assert_eq!(
            ha("L41", &place("/srv/backup")),
            ["`/srv/backup` is on a machine that is saved, and is lost with it"]
        );
        assert_eq!(ha("L41", &place("sftp:backup@db2:/a")).len(), 1);
        assert_eq!(ha("L41", &place("sftp:backup@localhost:/a")).len(), 1);
        assert!(ha("L41", &place("s3:https://s3.example.com/a")).is_empty());
    }

    #[test]
    fn weekly_backups_outlive_a_week() {
        assert_eq!(
            findings("L41", &inventory("0 3 * * 0", "6d")),
            ["it is kept for `6d`, but `0 3 * * 0` leaves 7d between two runs"]
        );
        assert!(findings("L41", &inventory("0 3 * * 0", "7d")).is_empty());
    }

    #[test]
    fn hours_count_within_a_day() {
        assert_eq!(
            findings("L41", &inventory("0 0,6 * * *", "12h")),
            ["it is kept for `12h`, but `0 0,6 * * *` leaves 18h between two runs"]
        );
        assert!(findings("L41", &inventory("0 * * * *", "12h")).is_empty());
        assert_eq!(findings("L41", &inventory("0 * * * *", "0")).len(), 1);
    }
}
