use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::StorageLayout;

pub(super) const LINT: Lint = Lint {
    code: "L66",
    severity: Severity::Info,
    title: "settings of a service that the provider runs",
    explanation: "\
Who lets the provider run shared storage does not choose its bricks, threads or caches:
`performance.filesystem` and most of `scaling.filesystem` change nothing then. What still counts is
`scaling.filesystem.backup`, the health check, and the backup itself.

Nothing needs to be done.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if let StorageLayout::Managed(service) = StorageLayout::of(resolved) {
        findings.report(
            "infrastructure.managed.storage",
            format!(
                "`{}` has no bricks, threads or caches to set: `performance.filesystem` changes nothing",
                service.name()
            ),
            "nothing needs to be done",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn settings_of_machines_that_are_not_there_are_named() {
        let found = ha(
            "L66",
            "infrastructure: {provider: aws, managed: {storage: efs}}",
        );
        assert_eq!(
            found,
            [
                "`efs` has no bricks, threads or caches to set: `performance.filesystem` changes nothing"
            ]
        );
        assert!(ha("L66", "infrastructure: {provider: aws}").is_empty());
    }
}
