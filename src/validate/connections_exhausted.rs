use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;
use crate::topology::pool::pool;

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

/// Connections kept for replication, monitoring and administrators.
const KEPT: u64 = 20;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let single = is_single(resolved);
    let performance = &resolved.inventory.performance;
    let servers = if single {
        1
    } else {
        u64::from(resolved.inventory.scaling.app.servers.get())
    };
    let children = pool(resolved).max_children;
    let each = if single { 1 } else { 2 };
    let total = servers.saturating_mul(children);
    let wanted = total.saturating_mul(each);
    let accepted = u64::from(performance.database.max_connections.get());
    if wanted > accepted.saturating_sub(KEPT) {
        findings.report_with(
            Severity::Error,
            "performance.database.max_connections",
            &["scaling.app.servers", "php.max_children"],
            format!(
                "`{servers}` machines x `{children}` children x {each} = {wanted} connections > `{accepted}` - {KEPT}"
            ),
            format!("set it to `{}`, or lower `php.max_children`", wanted.saturating_add(KEPT)),
        );
    }
    let accepted = u64::from(performance.cache.max_connections.get());
    if total > accepted {
        findings.report_with(
            Severity::Warning,
            "performance.cache.max_connections",
            &["scaling.app.servers", "php.max_children"],
            format!(
                "`{servers}` machines x `{children}` children = {total} connections > `{accepted}`"
            ),
            format!("set it to `{total}`, or lower `php.max_children`"),
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
            ["`2` machines x `121` children x 2 = 484 connections > `500` - 20"]
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
            ["`2` machines x `100` children = 200 connections > `199`"]
        );
        assert!(ha("L36", &inventory(200)).is_empty());
    }
}
