use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::CacheLayout;

pub(super) const LINT: Lint = Lint {
    code: "L21",
    severity: Severity::Error,
    title: "too few cache machines to agree on a failure",
    explanation: "\
The masters of a Redis Cluster vote on whether one of them is lost, and a majority must agree. With
fewer than three masters, each on a machine of its own, no majority is left when one fails: the
cluster stops answering although most of it is up. Without sharding it is Sentinel that votes, on
the same machines, and with fewer than three nobody takes over from a lost master.

Use three cache machines or more, or switch sharding and failover off.",
    check,
};

/// Voters of whom a majority remains when one is lost.
const FEWEST: u32 = 3;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let servers = resolved.inventory.scaling.cache.servers.get();
    if servers >= FEWEST {
        return;
    }
    match CacheLayout::of(resolved) {
        CacheLayout::Cluster => findings.report_with(
            Severity::Error,
            "scaling.cache.servers",
            &["scaling.cache.sharding"],
            format!("`{servers}` < {FEWEST} masters leave no majority when one is lost"),
            "use 3 machines, or set `sharding` to false",
        ),
        CacheLayout::Sentinel => findings.report_with(
            Severity::Error,
            "scaling.cache.servers",
            &["scaling.cache.failover"],
            format!("`{servers}` < {FEWEST} Sentinels leave no majority when one is lost"),
            "use 3 machines, or set `failover` to false",
        ),
        CacheLayout::Replicas | CacheLayout::Single | CacheLayout::Memcached => {}
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
    }

    #[test]
    fn three_sentinels_are_needed() {
        let inventory = |servers: u32, failover: bool| {
            format!(
                "scaling: {{cache: {{servers: {servers}, sharding: false, failover: {failover}}}}}"
            )
        };
        assert_eq!(
            ha("L21", &inventory(2, true)),
            ["`2` < 3 Sentinels leave no majority when one is lost"]
        );
        assert!(ha("L21", &inventory(3, true)).is_empty());
        assert!(ha("L21", &inventory(2, false)).is_empty());
    }
}
