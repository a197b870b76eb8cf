use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L59",
    severity: Severity::Error,
    title: "an amount with which something cannot run",
    explanation: "\
Zero means nothing here and something else to the program it is rendered for: without machines a
role does not exist, `keepalive 0` keeps nginx from starting, and a Redis with no limit of memory
takes all there is. Some amounts also have an upper end that the program enforces.

Set an amount of at least one, or remove the key to use its default.",
    check,
};

/// The most GlusterFS takes for `server.outstanding-rpc-limit`.
const MOST_REQUESTS: u32 = 65_536;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if !is_single(resolved) {
        servers(resolved, findings);
    }
    services(resolved, findings);
    web(resolved, findings);
}

fn refuse(findings: &mut Findings<'_, '_>, key: &str, zero: bool, why: &str) {
    if zero {
        findings.report(
            key,
            format!("with `0` {why}"),
            "set it to 1 or more, or remove it to use its default",
        );
    }
}

fn servers(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let scaling = &resolved.inventory.scaling;
    for (key, servers, why) in [
        (
            "scaling.load_balancer.servers",
            scaling.load_balancer.servers,
            "machines nobody takes requests",
        ),
        (
            "scaling.app.servers",
            scaling.app.servers,
            "machines nothing runs the application",
        ),
        (
            "scaling.cache.servers",
            scaling.cache.servers,
            "machines there is no cache",
        ),
        (
            "scaling.filesystem.servers",
            scaling.filesystem.servers,
            "machines there is no shared storage",
        ),
    ] {
        refuse(findings, key, servers.get() == 0, why);
    }
}

fn services(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let performance = &resolved.inventory.performance;
    let (cache, database) = (&performance.cache, &performance.database);
    for (key, zero, why) in [
        (
            "performance.cache.max_connections",
            cache.max_connections.get() == 0,
            "connections the cache serves nobody",
        ),
        (
            "performance.cache.max_memory",
            cache.max_memory.as_bytes() == 0,
            "the cache has no limit and takes all memory",
        ),
        (
            "performance.database.max_connections",
            database.max_connections.get() == 0,
            "connections the database serves nobody",
        ),
        (
            "performance.database.buffer_pool",
            database.buffer_pool.as_bytes() == 0,
            "memory the database does not start",
        ),
    ] {
        refuse(findings, key, zero, why);
    }
    let requests = performance.filesystem.max_connections.get();
    if requests > MOST_REQUESTS {
        findings.report(
            "performance.filesystem.max_connections",
            format!("`{requests}` > {MOST_REQUESTS}, the most that GlusterFS takes"),
            format!("set it to {MOST_REQUESTS} or less"),
        );
    }
}

fn web(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let php = &resolved.inventory.php;
    let balancer = &resolved.inventory.load_balancer;
    for (key, zero, why) in [
        (
            "php.child_memory",
            php.child_memory.as_bytes() == 0,
            "memory per child their number cannot be computed",
        ),
        (
            "php.max_children",
            php.max_children.is_some_and(|children| children.get() == 0),
            "children php-fpm does not start",
        ),
        (
            "php.memory_limit",
            php.memory_limit.as_bytes() == 0,
            "memory no script runs",
        ),
        (
            "php.post_max_size",
            php.post_max_size.as_bytes() == 0,
            "PHP reads bodies of any size",
        ),
        (
            "php.opcache_memory",
            php.opcache_memory.as_bytes() == 0,
            "memory no compiled script is kept",
        ),
        (
            "php.session_lifetime",
            php.session_lifetime.as_seconds() == 0,
            "seconds visitors are signed out at once",
        ),
        (
            "load_balancer.keepalive",
            balancer.keepalive.get() == 0,
            "idle connections nginx does not start",
        ),
        (
            "load_balancer.connect_timeout",
            balancer.connect_timeout.as_seconds() == 0,
            "seconds no connection succeeds",
        ),
    ] {
        refuse(findings, key, zero, why);
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn every_role_has_a_machine() {
        let inventory = |servers: u32| format!("scaling: {{app: {{servers: {servers}}}}}");
        assert_eq!(
            ha("L59", &inventory(0)),
            ["with `0` machines nothing runs the application"]
        );
        assert!(ha("L59", &inventory(1)).is_empty());
        let single = format!("environment: {{dev: {{}}}}\n{}", inventory(0));
        assert!(findings("L59", &single).is_empty());
    }

    #[test]
    fn programs_start() {
        assert_eq!(
            ha("L59", "load_balancer: {keepalive: 0}"),
            ["with `0` idle connections nginx does not start"]
        );
        assert_eq!(
            ha("L59", "php: {child_memory: 0}"),
            ["with `0` memory per child their number cannot be computed"]
        );
        assert_eq!(
            ha("L59", "performance: {cache: {max_memory: 0}}"),
            ["with `0` the cache has no limit and takes all memory"]
        );
        assert_eq!(
            ha("L59", "performance: {filesystem: {max_connections: 65537}}"),
            ["`65537` > 65536, the most that GlusterFS takes"]
        );
        assert!(ha("L59", "").is_empty());
    }
}
