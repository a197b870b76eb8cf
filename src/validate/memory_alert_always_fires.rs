use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{Role, is_single, memory, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L09",
    severity: Severity::Warning,
    title: "planned memory use is above the alert threshold",
    explanation: "\
A full cache or a warm buffer pool is the normal state. When that alone takes more of the machine
than `monitoring.alerts.thresholds.memory`, the alert fires for ever, and nobody reads alerts that
always fire.

Give the machine more memory, the service less, or raise the threshold.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_single(resolved) {
        return;
    }
    let performance = &resolved.inventory.performance;
    let threshold = resolved.inventory.monitoring.alerts.thresholds.memory;
    let services = [
        (
            Role::Cache,
            "performance.cache.max_memory",
            performance.cache.max_memory * sizing::cache_instances(resolved),
        ),
        (
            Role::Database,
            "performance.database.buffer_pool",
            performance
                .database
                .buffer_pool_of(resolved.settings().database.driver),
        ),
    ];
    for (role, key, planned) in services {
        let memory = memory::machine(resolved, role).amount;
        // A machine without memory is another lint's finding.
        let share = (u128::from(planned.as_bytes()) * 100)
            .checked_div(u128::from(memory.as_bytes()))
            .unwrap_or(0);
        if share >= u128::from(threshold.get()) {
            findings.report_with(
                Severity::Warning,
                "monitoring.alerts.thresholds.memory",
                &[key],
                format!(
                    "`{planned}` of `{memory}` is {share}% of a {} machine, so the alert at `{threshold}`% never ends",
                    role.name()
                ),
                format!("set `scaling.{}.memory` to a larger size", role.name()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn full_services_stay_below_the_threshold() {
        let inventory = |threshold: &str| {
            format!(
                "performance: {{cache: {{max_memory: 2G}}}}\n\
                 scaling: {{cache: {{memory: 6G}}}}\n\
                 monitoring: {{alerts: {{thresholds: {{memory: {threshold}}}}}}}"
            )
        };
        assert_eq!(
            ha("L09", &inventory("60")),
            ["`4G` of `6G` is 66% of a cache machine, so the alert at `60`% never ends"]
        );
        assert!(ha("L09", &inventory("85")).is_empty());
    }
}
