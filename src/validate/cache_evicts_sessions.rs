use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::{CacheDriver, EvictionPolicy};
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L27",
    severity: Severity::Warning,
    title: "sessions live in a cache that evicts any key",
    explanation: "\
Sessions and cached values share one cache. Under an `allkeys-*` policy a full cache drops
whichever key was used least, logins included: visitors are signed out at the busiest hour.

Use `volatile-lru`, which drops only keys with an expiry and, among those, the ones unused for
longest; give cached values short expiries so that they go first. Or give sessions a cache of
their own. memcached knows two policies only: with `noeviction` a full cache refuses writes, and with
any other it drops whichever key was used least.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let policy = resolved.inventory.performance.cache.eviction_policy;
    if is_single(resolved) {
        return;
    }
    let memcached = resolved.settings().cache.driver == CacheDriver::Memcached;
    if memcached && !policy.evicts_any_key() && policy != EvictionPolicy::Noeviction {
        findings.report_with(
            Severity::Warning,
            "performance.cache.eviction_policy",
            &[&resolved.own_key("cache.driver")],
            "memcached drops whichever key was used least, and sessions live in it",
            "use `noeviction`, or the driver `redis`",
        );
    } else if policy.evicts_any_key() {
        findings.report(
            "performance.cache.eviction_policy",
            "a full cache may drop any key, and sessions live in it: visitors are signed out",
            "use `volatile-lru`, and give cached values short expiries",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn sessions_are_safe_from_volatile_policies_only() {
        let inventory = |policy: &str| {
            format!(
                "environment: {{staging: {{cache: {{host: redis}}, database: {{host: db}}}}}}\n\
                 performance: {{cache: {{eviction_policy: {policy}}}}}"
            )
        };
        assert_eq!(findings("L27", &inventory("allkeys-lru")).len(), 1);
        assert!(findings("L27", &inventory("volatile-lru")).is_empty());
    }

    #[test]
    fn memcached_drops_what_was_used_least() {
        let inventory = |policy: &str| {
            format!(
                "environment: {{live: {{cache: {{driver: memcached, host: cache}}}}}}\n\
                 infrastructure: {{topology: ha}}\n\
                 performance: {{cache: {{eviction_policy: {policy}}}}}"
            )
        };
        assert_eq!(
            findings("L27", &inventory("volatile-lru")),
            ["memcached drops whichever key was used least, and sessions live in it"]
        );
        assert!(findings("L27", &inventory("noeviction")).is_empty());
    }
}
