use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L07",
    severity: Severity::Error,
    title: "a service is given more memory than its machine has",
    explanation: "\
A Redis instance forks to save its data, and every page written meanwhile exists twice: plan for
half as much again. A database needs a fifth of its machine for connections, sorting and the system.
Beyond that the kernel ends the largest process, which is the service itself, under full load.

Raise the machine's memory in `scaling`, or lower what the service may use.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_single(resolved) {
        return;
    }
    let scaling = &resolved.inventory.scaling;
    let performance = &resolved.inventory.performance;
    if let Some(memory) = scaling.cache.memory {
        let instances = sizing::cache_instances(resolved);
        let size = performance.cache.max_memory;
        let need = (size * instances).scale(3, 2);
        if need > memory {
            findings.report_with(
                Severity::Error,
                "performance.cache.max_memory",
                &["scaling.cache.memory"],
                format!(
                    "`{instances}` x `{size}` x 1.5 = `{need}` > `{memory}` of a cache machine"
                ),
                format!("set `scaling.cache.memory` to `{need}` or more"),
            );
        }
    }
    if let Some(memory) = scaling.database.memory {
        let size = performance
            .database
            .buffer_pool_of(resolved.settings().database.driver);
        let most = memory.saturating_sub(memory.scale(1, 5));
        if size > most {
            findings.report_with(
                Severity::Error,
                "performance.database.buffer_pool",
                &["scaling.database.memory"],
                format!("`{size}` is more than 80% of the `{memory}` of a database machine"),
                format!(
                    "set `scaling.database.memory` to `{}` or more",
                    size.scale(5, 4)
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn caches_leave_room_to_fork() {
        let inventory = |memory: &str| {
            format!(
                "performance: {{cache: {{max_memory: 2G}}}}\nscaling: {{cache: {{memory: {memory}}}}}"
            )
        };
        assert_eq!(
            ha("L07", &inventory("4G")),
            ["`2` x `2G` x 1.5 = `6G` > `4G` of a cache machine"]
        );
        assert!(ha("L07", &inventory("6G")).is_empty());
    }

    #[test]
    fn databases_leave_a_fifth() {
        let inventory = |memory: &str| {
            format!(
                "performance: {{database: {{buffer_pool: 4G}}}}\n\
                 scaling: {{database: {{memory: {memory}}}}}"
            )
        };
        assert_eq!(
            ha("L07", &inventory("4G")),
            ["`4G` is more than 80% of the `4G` of a database machine"]
        );
        assert!(ha("L07", &inventory("5G")).is_empty());
    }
}
