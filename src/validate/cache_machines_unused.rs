use super::{Findings, Lint, path};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{CacheLayout, is_single};

pub(super) const LINT: Lint = Lint {
    code: "L63",
    severity: Severity::Warning,
    title: "the cache has no use for so many machines",
    explanation: "\
Further machines hold shards or copies. Where `scaling.cache` asks for neither, all keys are in one
place, so one machine is made, whatever `servers` says.

Set `sharding` to true, or `replication` where the driver is `redis`; or leave `servers` out.",
    check,
};

/// What tells a default from a wish.
const KEY: &str = "scaling.cache.servers";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let servers = resolved.inventory.scaling.cache.servers.get();
    let used = CacheLayout::of(resolved).machines(resolved);
    if !is_single(resolved) && servers > used && resolved.is_set(&path(KEY)) {
        findings.report_with(
            Severity::Warning,
            KEY,
            &["scaling.cache.sharding", "scaling.cache.replication"],
            format!(
                "`{servers}` machines, of which one is made: there are no shards and no copies"
            ),
            "set `sharding` to true, or leave `servers` out",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn machines_hold_shards_or_copies() {
        let inventory = |servers: &str, replication: bool| {
            format!(
                "scaling: {{cache: {{{servers}sharding: false, replication: {replication}, \
                 failover: false}}}}"
            )
        };
        assert_eq!(
            ha("L63", &inventory("servers: 2, ", false)),
            ["`2` machines, of which one is made: there are no shards and no copies"]
        );
        assert!(ha("L63", &inventory("servers: 2, ", true)).is_empty());
        assert!(ha("L63", &inventory("servers: 1, ", false)).is_empty());
        assert!(ha("L63", &inventory("", false)).is_empty());
    }
}
