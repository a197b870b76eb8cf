use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::CacheDriver;
use crate::resolve::Resolved;
use crate::topology::{CacheLayout, is_single};

pub(super) const LINT: Lint = Lint {
    code: "L22",
    severity: Severity::Error,
    title: "failover without a copy to fail over to",
    explanation: "\
Failover promotes a copy when the master is lost. Without replication there is no copy: the lost
machine's keys, sessions included, are gone until it returns, whatever `failover` says. Nor is there
a copy where replication is on and there is one machine to replicate on.

Set `replication` to true, or `failover` to false to say that this loss is acceptable.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let cache = &resolved.inventory.scaling.cache;
    // memcached can do neither, which another lint says.
    let redis = resolved.settings().cache.driver == CacheDriver::Redis;
    if !is_single(resolved) && redis && cache.failover.0 && !cache.replication.0 {
        findings.report_with(
            Severity::Error,
            "scaling.cache.failover",
            &["scaling.cache.replication"],
            "`failover` is on without `replication`, so there is no copy to promote",
            "set `replication` to true",
        );
    }
    if CacheLayout::of(resolved) == CacheLayout::Replicas && cache.servers.get() < 2 {
        findings.report_with(
            Severity::Error,
            "scaling.cache.replication",
            &["scaling.cache.servers"],
            "one machine has nobody to copy to",
            "use 2 machines or more, or set `replication` to false",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn failover_needs_replication() {
        let inventory = |failover: bool, replication: bool| {
            format!("scaling: {{cache: {{failover: {failover}, replication: {replication}}}}}")
        };
        assert_eq!(
            ha("L22", &inventory(true, false)),
            ["`failover` is on without `replication`, so there is no copy to promote"]
        );
        assert!(ha("L22", &inventory(true, true)).is_empty());
        assert!(ha("L22", &inventory(false, false)).is_empty());
    }

    #[test]
    fn one_machine_copies_to_nobody() {
        let inventory = |servers: u32| {
            format!("scaling: {{cache: {{servers: {servers}, sharding: false, failover: false}}}}")
        };
        assert_eq!(
            ha("L22", &inventory(1)),
            ["one machine has nobody to copy to"]
        );
        assert!(ha("L22", &inventory(2)).is_empty());
    }
}
