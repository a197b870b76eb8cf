use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::CacheDriver;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L23",
    severity: Severity::Error,
    title: "memcached is asked for what it cannot do",
    explanation: "\
memcached keeps each key on one machine and knows nothing of the others. It cannot copy keys, and it
has nothing to promote: when a machine is lost, its share of the cache is lost, and visitors whose
session was there are signed out.

Set `scaling.cache.replication` and `scaling.cache.failover` to false, or use the driver `redis`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_single(resolved) || resolved.settings().cache.driver != CacheDriver::Memcached {
        return;
    }
    let cache = &resolved.inventory.scaling.cache;
    for (name, wanted) in [
        ("replication", cache.replication),
        ("failover", cache.failover),
    ] {
        if wanted.0 {
            findings.report_with(
                Severity::Error,
                &format!("scaling.cache.{name}"),
                &[&resolved.own_key("cache.driver")],
                format!("`memcached` has no {name}"),
                "set it to false, or use the driver `redis`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn memcached_only_shards() {
        let inventory = |driver: &str, replication: bool| {
            format!(
                "environment: {{live: {{cache: {{driver: {driver}, host: cache}}}}}}\n\
                 infrastructure: {{topology: ha}}\n\
                 scaling: {{cache: {{replication: {replication}, failover: false}}}}"
            )
        };
        assert_eq!(
            findings("L23", &inventory("memcached", true)),
            ["`memcached` has no replication"]
        );
        assert!(findings("L23", &inventory("memcached", false)).is_empty());
        assert!(findings("L23", &inventory("redis", true)).is_empty());
    }
}
