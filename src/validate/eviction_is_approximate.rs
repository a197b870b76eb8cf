use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::{CacheDriver, EvictionPolicy};
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L67",
    severity: Severity::Info,
    title: "memcached evicts in its own way",
    explanation: "\
When it is full, memcached drops keys that were used least recently, whether they expire or not, or
refuses to store more. It has no other policies, so each of them becomes the former.

Nothing needs to be done. `allkeys-lru` says what memcached does; `noeviction` has it refuse.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let policy = resolved.inventory.performance.cache.eviction_policy;
    let known = matches!(
        policy,
        EvictionPolicy::AllkeysLru | EvictionPolicy::Noeviction
    );
    if resolved.settings().cache.driver == CacheDriver::Memcached && !known {
        findings.report_with(
            Severity::Info,
            "performance.cache.eviction_policy",
            &[&resolved.own_key("cache.driver")],
            "`memcached` drops what was used least recently, whatever this says",
            "write `allkeys-lru`, which is what it does",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn other_policies_are_told() {
        let inventory = |driver: &str, policy: &str| {
            format!(
                "environment: {{live: {{cache: {{driver: {driver}}}}}}}\n\
                 performance: {{cache: {{eviction_policy: {policy}}}}}"
            )
        };
        assert_eq!(
            findings("L67", &inventory("memcached", "volatile-ttl")),
            ["`memcached` drops what was used least recently, whatever this says"]
        );
        for policy in ["allkeys-lru", "noeviction"] {
            assert!(findings("L67", &inventory("memcached", policy)).is_empty());
        }
        assert!(findings("L67", &inventory("redis", "volatile-ttl")).is_empty());
    }
}
