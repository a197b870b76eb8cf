use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{Capacity, capacity};

pub(super) const LINT: Lint = Lint {
    code: "L36",
    severity: Severity::Error,
    title: "php-fpm can open more connections than a service accepts",
    explanation: "\
Under load every php-fpm child of every application machine is busy and holds a connection: with
replicas two, one for writes and one for reads. Beyond `max_connections` the database refuses, and
visitors see errors exactly when there are most of them. Twenty connections are kept for replication,
monitoring and whoever comes to help. A cache that refuses connections is a warning.

Raise `max_connections`, or lower `php.max_children`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let Capacity {
        database, cache, ..
    } = capacity(resolved);
    for (severity, key, connections) in [
        (
            Severity::Error,
            "performance.database.max_connections",
            database,
        ),
        (
            Severity::Warning,
            "performance.cache.max_connections",
            cache,
        ),
    ] {
        if connections.suffice() {
            continue;
        }
        findings.report_with(
            severity,
            key,
            &["scaling.app.servers", "php.max_children"],
            format!("{} are accepted", connections.comparison()),
            format!(
                "set it to `{}`, or lower `php.max_children`",
                connections.wanted.saturating_add(connections.kept)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn the_database_accepts_every_child() {
        let inventory = |children: u32| format!("php: {{max_children: {children}}}");
        assert_eq!(
            ha("L36", &inventory(121)),
            ["2 machines x 121 children x 2 = 484, of 500 - 20 are accepted"]
        );
        assert!(ha("L36", &inventory(120)).is_empty());
    }

    #[test]
    fn the_cache_accepts_every_child() {
        let inventory = |limit: u32| {
            format!(
                "php: {{max_children: 100}}\nperformance: {{cache: {{max_connections: {limit}}}}}"
            )
        };
        assert_eq!(
            ha("L36", &inventory(199)),
            ["2 machines x 100 children = 200, of 199 are accepted"]
        );
        assert!(ha("L36", &inventory(200)).is_empty());
    }
}
