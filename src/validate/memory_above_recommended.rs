use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L06",
    severity: Severity::Warning,
    title: "a service needs more memory than the system section offers",
    explanation: "\
`system.memory` describes the machines that run the application. The memory given to the cache or
the database does not fit on a machine of that size, so the two cannot both describe one machine.

precast sizes cache and database machines by what they hold instead: one and a half times the
cache's memory, one and a quarter times the buffer pool, and room for connections. Set
`scaling.cache.memory` and `scaling.database.memory` to decide yourself; on a single machine it is
`scaling.app.memory`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let inventory = &resolved.inventory;
    let recommended = inventory.system.memory.recommended;
    let (performance, scaling) = (&inventory.performance, &inventory.scaling);
    let services = [
        (
            "performance.cache.max_memory",
            performance.cache.max_memory,
            "cache",
            scaling.cache.memory,
        ),
        (
            "performance.database.buffer_pool",
            performance
                .database
                .buffer_pool_of(resolved.settings().database.driver),
            "database",
            scaling.database.memory,
        ),
    ];
    for (key, size, name, memory) in services {
        let decided = if is_single(resolved) {
            scaling.app.memory
        } else {
            memory
        };
        if decided.is_none() && size >= recommended {
            findings.report_with(
                Severity::Warning,
                key,
                &["system.memory.recommended"],
                format!("`{size}` does not fit on a machine with the recommended `{recommended}`"),
                format!(
                    "set `scaling.{name}.memory`, or on a single machine `scaling.app.memory`; \
                     without it the machine is sized to fit"
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn services_larger_than_the_machine_are_noticed() {
        let inventory = |size: &str, memory: &str| {
            format!(
                "performance: {{cache: {{max_memory: {size}}}, database: {{buffer_pool: 512M}}}}\n\
                 scaling: {{cache: {{memory: {memory}}}}}"
            )
        };
        assert_eq!(
            ha("L06", &inventory("2G", "null")),
            ["`2G` does not fit on a machine with the recommended `1G`"]
        );
        assert!(ha("L06", &inventory("512M", "null")).is_empty());
        assert!(ha("L06", &inventory("2G", "8G")).is_empty());
    }
}
