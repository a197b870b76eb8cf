use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::CacheDriver;
use crate::resolve::Resolved;
use crate::topology::ports::CLUSTER_BUS;
use crate::topology::{is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L17",
    severity: Severity::Error,
    title: "the cache cluster has no port left for its bus",
    explanation: "\
Members of a Redis Cluster talk to each other on the client port plus 10000. Ports end at 65535, so
a client port above 55535 leaves no port for that bus and Redis does not start. Each machine runs a
master and a copy, on two ports in a row.

Choose a lower port, such as 6379.",
    check,
};

/// The highest TCP port.
const LAST_PORT: u64 = 65_535;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let cache = &resolved.settings().cache;
    let cluster = cache.driver == CacheDriver::Redis && resolved.inventory.scaling.cache.sharding.0;
    if is_single(resolved) || !cluster {
        return;
    }
    let last = u64::from(cache.port().get()) + sizing::cache_instances(resolved) - 1;
    let bus = u64::from(CLUSTER_BUS);
    if last + bus > LAST_PORT {
        findings.report(
            &resolved.own_key("cache.port"),
            format!(
                "`{last}` + {bus} = `{}` > {LAST_PORT}, so there is no port for the cluster bus",
                last + bus
            ),
            "use 6379",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn the_bus_needs_a_port() {
        let inventory = |port: u16| {
            format!(
                "environment: {{live: {{cache: {{host: redis, port: {port}}}, database: {{host: db}}}}}}"
            )
        };
        assert_eq!(
            findings("L17", &inventory(55_535)),
            ["`55536` + 10000 = `65536` > 65535, so there is no port for the cluster bus"]
        );
        assert!(findings("L17", &inventory(55_534)).is_empty());
    }
}
