use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L04",
    severity: Severity::Error,
    title: "everybody may write to shared files",
    explanation: "\
The last digit of the mode lets every user of a machine create and replace files. Any process that
is broken into, whatever user it runs as, can then plant a script or overwrite an upload.

Leave out the write bit for others: `0755`, or `0750` to keep other users out altogether. The
application owns these folders and needs no more.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let mode = resolved.inventory.dependencies.filesystem.permissions;
    if mode.is_world_writable() {
        findings.report(
            "dependencies.filesystem.permissions",
            format!("`{mode}` lets every user of a machine write to shared files"),
            "use \"0755\", or \"0750\" to keep other users out",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn others_may_not_write() {
        let inventory = |mode: &str| {
            format!(
                "environment: {{staging: {{}}}}\n\
                 dependencies: {{filesystem: {{permissions: \"{mode}\"}}}}"
            )
        };
        assert_eq!(
            findings("L04", &inventory("777")),
            ["`0777` lets every user of a machine write to shared files"]
        );
        assert!(findings("L04", &inventory("775")).is_empty());
    }
}
