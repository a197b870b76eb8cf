use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L14",
    severity: Severity::Error,
    title: "localhost names another machine on each machine",
    explanation: "\
When each role has machines of its own, `localhost` on an application machine is that machine, and
neither the cache nor the database runs there. Where something does answer, every application
machine has data of its own: a visitor's session and orders depend on which one serves the request.

Give the service a name, such as `production-redis`. precast makes every machine know it.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_single(resolved) {
        return;
    }
    let settings = resolved.settings();
    let servers = resolved.inventory.scaling.app.servers;
    for (name, host) in [
        ("cache", &settings.cache.host),
        ("database", &settings.database.host),
    ] {
        if host.is_local() {
            findings.report_with(
                Severity::Error,
                &resolved.own_key(&format!("{name}.host")),
                &["scaling.app.servers"],
                format!("`{host}` is another machine on each of `{servers}` application machines"),
                format!("give the {name} a name, such as `{}-{name}`", resolved.name),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn services_apart_have_names() {
        assert_eq!(
            findings(
                "L14",
                "environment: {staging: {cache: {host: redis}, database: {host: localhost}}}"
            ),
            ["`localhost` is another machine on each of `2` application machines"]
        );
        assert!(ha("L14", "").is_empty());
        assert!(findings("L14", "environment: {staging: {}}").is_empty());
    }
}
