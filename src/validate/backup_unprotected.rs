use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L38",
    severity: Severity::Warning,
    title: "a backup is not encrypted or not compressed",
    explanation: "\
Backups leave the machine, and hold every customer's data or every machine's configuration. The
repository encrypts what it stores, but with a key that each machine has. A backup with `encryption`
is closed before that, with a key that no machine has.

A configuration backup without `compression` only costs space, as it is many small text files.",
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
        if !job.encryption.0 {
            findings.report(
                &format!("backup.{name}.encryption"),
                format!("the backup of the {name} is only encrypted with a key that machines have"),
                "set `encryption` to true",
            );
        }
        if name == "configuration" && !job.compression.0 {
            findings.report(
                "backup.configuration.compression",
                "the backup of the configuration is not compressed",
                "set `compression` to true",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn backups_are_encrypted() {
        let inventory = |encryption: bool| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 backup: {{database: {{encryption: {encryption}}}, filesystem: null, configuration: null}}"
            )
        };
        assert_eq!(
            findings("L38", &inventory(false)),
            ["the backup of the database is only encrypted with a key that machines have"]
        );
        assert!(findings("L38", &inventory(true)).is_empty());
    }

    #[test]
    fn configuration_is_compressed() {
        let inventory = |compression: bool| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 backup: {{configuration: {{compression: {compression}}}, database: null, filesystem: null}}"
            )
        };
        assert_eq!(
            findings("L38", &inventory(false)),
            ["the backup of the configuration is not compressed"]
        );
        assert!(findings("L38", &inventory(true)).is_empty());
    }
}
