use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::CacheDriver;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L29",
    severity: Severity::Warning,
    title: "two requests may overwrite one session",
    explanation: "\
PHP's session handler for a Redis Cluster does not lock. When a page sends two requests at once, both
read the session, and the one that ends last writes back its copy: what the other changed, an item
in a basket say, is lost without an error.

Keep what changes in parallel in the database, close sessions early with `session_write_close()`, or
set `scaling.cache.sharding` to false: one Redis can lock sessions.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let redis = resolved.settings().cache.driver == CacheDriver::Redis;
    if !is_single(resolved) && redis && resolved.inventory.scaling.cache.sharding.0 {
        findings.report(
            "scaling.cache.sharding",
            "sessions in a sharded cache are not locked, so parallel requests lose changes",
            "keep what changes in parallel in the database, or set `sharding` to false",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn sharded_sessions_have_no_lock() {
        let inventory = |sharding: bool| format!("scaling: {{cache: {{sharding: {sharding}}}}}");
        assert_eq!(
            ha("L29", &inventory(true)),
            ["sessions in a sharded cache are not locked, so parallel requests lose changes"]
        );
        assert!(ha("L29", &inventory(false)).is_empty());
    }
}
