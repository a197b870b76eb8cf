use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L05",
    severity: Severity::Error,
    title: "a demand that no machine meets",
    explanation: "\
The play stops on a machine that has less than the minimum, and Terraform asks for the recommended
amount. With a minimum above it every machine is built and then refused. The same holds for the free
space that shared files need, when they live on the system disk of a single machine.

Raise the recommended amount to at least the minimum.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let system = &resolved.inventory.system;
    for (name, amounts) in [("memory", &system.memory), ("storage", &system.storage)] {
        if amounts.minimum > amounts.recommended {
            findings.report_with(
                Severity::Error,
                &format!("system.{name}.minimum"),
                &[&format!("system.{name}.recommended")],
                format!(
                    "the minimum of `{}` is above the recommended `{}`",
                    amounts.minimum, amounts.recommended
                ),
                format!("set `recommended` to `{}` or more", amounts.minimum),
            );
        }
    }
    let space = resolved.inventory.dependencies.filesystem.space.0;
    let disk = sizing::system_disk(resolved);
    // Elsewhere storage machines get a disk of their own, sized by this very key.
    if is_single(resolved) && space > disk {
        findings.report_with(
            Severity::Error,
            "dependencies.filesystem.space",
            &["system.storage.recommended"],
            format!("`{space}` of free space does not fit on the machine's disk of `{disk}`"),
            "raise `system.storage.recommended` above it",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn minimum_is_at_most_recommended() {
        let inventory = |minimum: &str| {
            format!(
                "environment: {{staging: {{}}}}\n\
                 system: {{memory: {{minimum: {minimum}, recommended: 1G}}}}"
            )
        };
        assert_eq!(
            findings("L05", &inventory("2G")),
            ["the minimum of `2G` is above the recommended `1G`"]
        );
        assert!(findings("L05", &inventory("1G")).is_empty());
    }

    #[test]
    fn space_fits_on_the_only_disk() {
        let space = "dependencies: {filesystem: {space: \">=20G\"}}";
        assert_eq!(
            findings("L05", &format!("environment: {{dev: {{}}}}\n{space}")),
            ["`20G` of free space does not fit on the machine's disk of `10G`"]
        );
        assert!(ha("L05", space).is_empty());
    }
}
