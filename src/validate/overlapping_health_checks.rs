use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::HealthCheck;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L30",
    severity: Severity::Error,
    title: "a health check that cannot work",
    explanation: "\
A check that may take as long as the time between two checks overlaps with the next one: slow
services get more checks just when they have the least room for them. And without a single retry
allowed, nothing ever counts as down.

Keep `timeout` below `interval`, and `retries` at 1 or more.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let checks = &resolved.inventory.health_checks;
    let database = &checks.database;
    for (name, health) in [
        ("cache", &checks.cache),
        (
            "database",
            &HealthCheck {
                interval: database.interval,
                timeout: database.timeout,
                retries: database.retries,
            },
        ),
        ("filesystem", &checks.filesystem),
    ] {
        if health.timeout >= health.interval {
            findings.report_with(
                Severity::Error,
                &format!("health_checks.{name}.timeout"),
                &[&format!("health_checks.{name}.interval")],
                format!(
                    "a check that may take `{}` every `{}` overlaps with the next one",
                    health.timeout, health.interval
                ),
                "keep `timeout` below `interval`",
            );
        }
        if health.retries.get() == 0 {
            findings.report(
                &format!("health_checks.{name}.retries"),
                "nothing counts as down after `0` failed checks",
                "set it to 1 or more",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn checks_end_before_the_next_begins() {
        let inventory = |timeout: u32| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 health_checks: {{database: {{interval: 30, timeout: {timeout}}}}}"
            )
        };
        assert_eq!(
            findings("L30", &inventory(30)),
            ["a check that may take `30s` every `30s` overlaps with the next one"]
        );
        assert!(findings("L30", &inventory(29)).is_empty());
    }

    #[test]
    fn one_failure_counts() {
        let inventory = |retries: u32| {
            format!("environment: {{dev: {{}}}}\nhealth_checks: {{cache: {{retries: {retries}}}}}")
        };
        assert_eq!(
            findings("L30", &inventory(0)),
            ["nothing counts as down after `0` failed checks"]
        );
        assert!(findings("L30", &inventory(1)).is_empty());
    }
}
