use super::{Findings, Lint, is_production};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L48",
    severity: Severity::Warning,
    title: "production depends on one machine",
    explanation: "\
When this machine is lost, production is down or blind until somebody has built another. One load
balancer or application machine takes the whole site with it; the one monitoring machine takes the
alerts with it, so that silence no longer means health.

Use two load balancers and two application machines. Have something outside the environment ask the
monitoring machine whether it lives.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if !is_production(resolved) {
        return;
    }
    if is_single(resolved) {
        findings.report(
            "infrastructure.topology",
            format!("everything in `{}` is on one machine", resolved.name),
            "give cache and database hosts of their own, or set this to `ha`",
        );
        return;
    }
    let scaling = &resolved.inventory.scaling;
    for (key, what, servers) in [
        (
            "scaling.load_balancer.servers",
            "load balancer",
            scaling.load_balancer.servers,
        ),
        (
            "scaling.app.servers",
            "application machine",
            scaling.app.servers,
        ),
    ] {
        if servers.get() == 1 {
            findings.report(
                key,
                format!("`1` {what} is all that `{}` has", resolved.name),
                "use 2",
            );
        }
    }
    findings.report(
        "scaling.monitoring",
        format!(
            "one machine monitors `{}`, and nothing monitors it",
            resolved.name
        ),
        "have something outside ask whether it lives",
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    fn inventory(name: &str, balancers: u32) -> String {
        format!(
            "environment: {{{name}: {{cache: {{host: redis}}, database: {{host: db}}}}}}\n\
             scaling: {{load_balancer: {{servers: {balancers}}}}}"
        )
    }

    #[test]
    fn production_has_two_of_everything_but_monitoring() {
        assert_eq!(
            findings("L48", &inventory("production", 1)),
            [
                "`1` load balancer is all that `production` has",
                "one machine monitors `production`, and nothing monitors it",
            ]
        );
        assert_eq!(findings("L48", &inventory("production", 2)).len(), 1);
        assert!(findings("L48", &inventory("staging", 1)).is_empty());
    }

    #[test]
    fn production_is_more_than_one_machine() {
        assert_eq!(
            findings("L48", "environment: {live: {}}"),
            ["everything in `live` is on one machine"]
        );
    }
}
