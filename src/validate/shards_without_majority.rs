use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::CacheDriver;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L21",
    severity: Severity::Error,
    title: "too few cache machines to agree on a failure",
    explanation: "\
The masters of a Redis Cluster vote on whether one of them is lost, and a majority must agree. With
fewer than three masters, each on a machine of its own, no majority is left when one fails: the
cluster stops answering although most of it is up.

Use three cache machines or more, or switch sharding off.",
    check,
};

/// Masters of which a majority remains when one is lost.
const FEWEST: u32 = 3;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let cache = &resolved.inventory.scaling.cache;
    let redis = resolved.settings().cache.driver == CacheDriver::Redis;
    let servers = cache.servers.get();
    if !is_single(resolved) && redis && cache.sharding.0 && servers < FEWEST {
        findings.report_with(
            Severity::Error,
            "scaling.cache.servers",
            &["scaling.cache.sharding"],
            format!("`{servers}` < {FEWEST} masters leave no majority when one is lost"),
            "use 3 machines, or set `sharding` to false",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn three_masters_are_needed() {
        let inventory = |servers: u32, sharding: bool| {
            format!("scaling: {{cache: {{servers: {servers}, sharding: {sharding}}}}}")
        };
        assert_eq!(
            ha("L21", &inventory(2, true)),
            ["`2` < 3 masters leave no majority when one is lost"]
        );
        assert!(ha("L21", &inventory(3, true)).is_empty());
        assert!(ha("L21", &inventory(2, false)).is_empty());
    }
}
