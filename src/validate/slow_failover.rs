use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L31",
    severity: Severity::Warning,
    title: "a lost database goes unnoticed for over a minute",
    explanation: "\
In the worst case a database fails just after a check. It is then found by the last of `retries`
checks, `interval` apart, which takes `timeout` to fail. Until then the application keeps sending
queries to it.

Lower `interval` or `retries`. The proxy beside the application repeats a failed check after two
seconds, and at once when queries fail, so usually it is faster; `database/haproxy/database.cfg` has
the sums. Only then does MySQL's own election count, which `timeout` decides.",
    check,
};

/// Longer than this, visitors call.
const LONGEST: u64 = 60;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let health = &resolved.inventory.health_checks.database;
    if is_single(resolved) || !resolved.inventory.scaling.database.failover.0 {
        return;
    }
    let retries = u64::from(health.retries.get());
    let timeout = health.timeout.as_seconds();
    let seconds = health
        .interval
        .as_seconds()
        .saturating_mul(retries)
        .saturating_add(timeout);
    if seconds <= LONGEST {
        return;
    }
    // The interval must stay above the timeout.
    let enough = LONGEST.saturating_sub(timeout) / retries.max(1);
    let hint = if enough > timeout {
        format!("set `interval` to `{enough}s`")
    } else {
        "lower `timeout` and `retries`".to_owned()
    };
    findings.report_with(
        Severity::Warning,
        "health_checks.database.interval",
        &[
            "health_checks.database.retries",
            "health_checks.database.timeout",
        ],
        format!(
            "`{}` x `{retries}` + `{}` = {seconds}s > {LONGEST}s until a lost database is noticed",
            health.interval, health.timeout
        ),
        hint,
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn a_minute_is_the_limit() {
        let inventory = |interval: u32| {
            format!(
                "health_checks: {{database: {{interval: {interval}, timeout: 10, retries: 3}}}}"
            )
        };
        assert_eq!(
            ha("L31", &inventory(30)),
            ["`30s` x `3` + `10s` = 100s > 60s until a lost database is noticed"]
        );
        assert!(ha("L31", &inventory(16)).is_empty());
        assert!(findings("L31", "environment: {dev: {}}").is_empty());
    }
}
