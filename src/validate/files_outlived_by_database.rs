use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L39",
    severity: Severity::Warning,
    title: "old database backups have no matching files",
    explanation: "\
Rows refer to uploaded files. A database restored from a day whose files are no longer kept names
files that may have changed or gone since, and nobody can say which.

Keep both for the same time.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let backup = &resolved.inventory.backup;
    let (Some(database), Some(files)) = (&backup.database, &backup.filesystem) else {
        return;
    };
    if files.retention < database.retention {
        findings.report_with(
            Severity::Warning,
            "backup.filesystem.retention",
            &["backup.database.retention"],
            format!(
                "files are kept for `{}` < `{}`, so older databases have no matching files",
                files.retention, database.retention
            ),
            format!("keep files for `{}` too", database.retention),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn files_are_kept_as_long_as_rows() {
        let inventory = |retention: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 backup: {{database: {{retention: 30d}}, filesystem: {{retention: {retention}}}}}"
            )
        };
        assert_eq!(
            findings("L39", &inventory("7d")),
            ["files are kept for `7d` < `30d`, so older databases have no matching files"]
        );
        assert!(findings("L39", &inventory("30d")).is_empty());
    }
}
