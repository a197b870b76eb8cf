use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::StorageLayout;

pub(super) const LINT: Lint = Lint {
    code: "L35",
    severity: Severity::Info,
    title: "GlusterFS has no limit of connections",
    explanation: "\
GlusterFS cannot limit how many clients connect. What comes closest is how many requests one client
may have under way, `server.outstanding-rpc-limit`, and that is what
`performance.filesystem.max_connections` becomes. The limit holds for each client by itself.

Nothing needs to be done.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let limit = resolved.inventory.performance.filesystem.max_connections;
    // A default is nobody's expectation.
    let given = resolved
        .tree
        .get("performance")
        .and_then(|section| section.get("filesystem"))
        .and_then(|service| service.get("max_connections"));
    if StorageLayout::of(resolved) == StorageLayout::Gluster && given.is_some() {
        findings.report(
            "performance.filesystem.max_connections",
            format!("`{limit}` limits the requests of each client, not the number of clients"),
            "keep it; GlusterFS has no closer limit",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn the_difference_is_told() {
        assert_eq!(
            ha("L35", "performance: {filesystem: {max_connections: 1000}}"),
            ["`1000` limits the requests of each client, not the number of clients"]
        );
        assert!(ha("L35", "").is_empty());
    }
}
