use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::StorageLayout;
use crate::topology::sizing::COPIES;

pub(super) const LINT: Lint = Lint {
    code: "L33",
    severity: Severity::Error,
    title: "shared files can be lost or split",
    explanation: "\
GlusterFS keeps three copies of every file on different machines, and a majority decides which is
right. With fewer machines, two halves accept different changes while they do not see each other;
with a number that three does not divide, some bricks have no full set. Spreading files without
copies loses a share of them with every machine.

Use three storage machines, or six, and keep `replication` on.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if StorageLayout::of(resolved) != StorageLayout::Gluster {
        return;
    }
    let storage = &resolved.inventory.scaling.filesystem;
    let servers = storage.servers.get();
    if !storage.replication.0 {
        if storage.distributed.0 {
            findings.report_with(
                Severity::Error,
                "scaling.filesystem.distributed",
                &["scaling.filesystem.replication"],
                "files are spread without copies, so every lost machine loses a share of them",
                "set `replication` to true",
            );
        } else if servers > 1 {
            findings.report_with(
                Severity::Warning,
                "scaling.filesystem.servers",
                &[
                    "scaling.filesystem.distributed",
                    "scaling.filesystem.replication",
                ],
                format!(
                    "`{servers}` machines, but files are neither spread nor copied, so all are on the first"
                ),
                "set `replication` to true, or use 1 machine",
            );
        }
    } else if servers < COPIES {
        findings.report_with(
            Severity::Error,
            "scaling.filesystem.servers",
            &["scaling.filesystem.replication"],
            format!("`{servers}` < {COPIES} machines for {COPIES} copies of every file"),
            format!("use {COPIES} machines"),
        );
    } else if !servers.is_multiple_of(COPIES) {
        findings.report_with(
            Severity::Error,
            "scaling.filesystem.servers",
            &["scaling.filesystem.replication"],
            format!("`{servers}` machines do not divide into sets of {COPIES} copies"),
            format!(
                "use {} machines",
                servers.saturating_add(COPIES - servers % COPIES)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn copies_are_on_three_machines() {
        let inventory = |servers: u32| format!("scaling: {{filesystem: {{servers: {servers}}}}}");
        assert_eq!(
            ha("L33", &inventory(2)),
            ["`2` < 3 machines for 3 copies of every file"]
        );
        assert_eq!(
            ha("L33", &inventory(4)),
            ["`4` machines do not divide into sets of 3 copies"]
        );
        assert!(ha("L33", &inventory(6)).is_empty());
    }

    #[test]
    fn spread_files_have_copies() {
        let inventory = |distributed: bool| {
            format!("scaling: {{filesystem: {{distributed: {distributed}, replication: false}}}}")
        };
        assert_eq!(
            ha("L33", &inventory(true)),
            ["files are spread without copies, so every lost machine loses a share of them"]
        );
        assert_eq!(
            ha("L33", &inventory(false)),
            ["`3` machines, but files are neither spread nor copied, so all are on the first"]
        );
    }
}
