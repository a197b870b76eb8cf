use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::units::Duration;

pub(super) const LINT: Lint = Lint {
    code: "L41",
    severity: Severity::Error,
    title: "a backup expires before the next one is made",
    explanation: "\
A backup that is kept for less than the time between two runs is gone before the next exists. On the
wrong day there is nothing to restore, and nobody finds out before that day.

Keep backups for at least twice the longest time between two runs, so that one failed run does not
matter.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let backup = &resolved.inventory.backup;
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

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    fn inventory(schedule: &str, retention: &str) -> String {
        format!(
            "environment: {{dev: {{}}}}\n\
             backup: {{database: {{schedule: \"{schedule}\", retention: {retention}}}}}"
        )
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
