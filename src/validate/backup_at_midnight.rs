use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L43",
    severity: Severity::Info,
    title: "a backup runs when everything else does",
    explanation: "\
At 00:00 log rotation and other daily jobs start on every machine. A backup that starts at the same
minute takes longer and slows down the rest. Schedules are UTC, so summer time never skips or repeats
a run.

Choose another minute, such as `17 0 * * *`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let backup = &resolved.inventory.backup;
    for (name, job) in [
        ("database", &backup.database),
        ("filesystem", &backup.filesystem),
        ("configuration", &backup.configuration),
    ] {
        let key = format!("backup.{name}.schedule");
        let given = resolved
            .tree
            .get("backup")
            .and_then(|section| section.get(name)?.get("schedule"))
            .is_some();
        // A default is nobody's choice.
        if let Some(job) = job
            && given
            && job.schedule.runs_at(0, 0)
        {
            findings.report(
                &key,
                format!(
                    "`{}` starts at 00:00 UTC, when daily jobs of the system start too",
                    job.schedule
                ),
                "choose another minute, such as `17 0 * * *`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn midnight_is_busy() {
        let inventory = |schedule: &str| {
            format!(
                "environment: {{dev: {{}}}}\nbackup: {{database: {{schedule: \"{schedule}\"}}}}"
            )
        };
        assert_eq!(
            findings("L43", &inventory("0 0 * * *")),
            ["`0 0 * * *` starts at 00:00 UTC, when daily jobs of the system start too"]
        );
        assert!(findings("L43", &inventory("17 0 * * *")).is_empty());
    }
}
