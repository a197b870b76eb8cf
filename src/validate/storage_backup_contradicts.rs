use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L42",
    severity: Severity::Error,
    title: "the inventory says both that files are saved and that they are not",
    explanation: "\
`scaling.filesystem.backup` says whether shared files are saved, `backup.filesystem` when and for how
long. One says yes and the other no, so whoever reads only one of them is wrong about whether files
can be restored.

Make them agree: either a job and true, or null and false.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let section = |outer: &str, inner: &str| {
        resolved
            .tree
            .get(outer)
            .and_then(|section| section.get(inner))
    };
    let job = section("backup", "filesystem");
    let wanted = section("scaling", "filesystem").and_then(|storage| storage.get("backup"));
    // Only what both keys say themselves can contradict.
    let (Some(job), Some(_)) = (job, wanted) else {
        return;
    };
    let wanted = resolved.inventory.scaling.filesystem.backup.0;
    if is_single(resolved) || wanted != job.is_null() {
        return;
    }
    let (message, hint) = if wanted {
        (
            "shared files shall be saved, but `backup.filesystem` is empty",
            "say when in `backup.filesystem`, or set this to false",
        )
    } else {
        (
            "shared files shall not be saved, but `backup.filesystem` says when",
            "set this to true, or `backup.filesystem` to null",
        )
    };
    findings.report_with(
        Severity::Error,
        "scaling.filesystem.backup",
        &["backup.filesystem"],
        message,
        hint,
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn both_keys_agree() {
        let inventory = |wanted: bool, job: &str| {
            format!("scaling: {{filesystem: {{backup: {wanted}}}}}\nbackup: {{filesystem: {job}}}")
        };
        assert_eq!(
            ha("L42", &inventory(true, "null")),
            ["shared files shall be saved, but `backup.filesystem` is empty"]
        );
        assert_eq!(
            ha("L42", &inventory(false, "{retention: 7d}")),
            ["shared files shall not be saved, but `backup.filesystem` says when"]
        );
        assert!(ha("L42", &inventory(true, "{retention: 7d}")).is_empty());
        assert!(ha("L42", &inventory(false, "null")).is_empty());
        assert!(ha("L42", "scaling: {filesystem: {backup: false}}").is_empty());
    }
}
