use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L32",
    severity: Severity::Error,
    title: "Patroni refuses these check times",
    explanation:
        "\
With `postgresql`, the check's interval becomes the time to live of the primary's lock, and its
timeout both the pause between two rounds and the time to keep trying. Patroni wants one round and
two tries to fit into the time to live, which is at least 20 seconds; else a healthy primary loses
its lock and the database switches for no reason.

Keep `health_checks.database.interval` at three times `timeout` or more, and at 20 seconds or more.",
    check,
};

/// Patroni's shortest time to live, in seconds.
const SHORTEST: u64 = 20;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let patroni = resolved.settings().database.driver == DatabaseDriver::Postgresql
        && resolved.inventory.scaling.database.failover.0;
    if is_single(resolved) || !patroni {
        return;
    }
    let health = &resolved.inventory.health_checks.database;
    let (interval, timeout) = (health.interval, health.timeout);
    let needed = timeout.as_seconds().saturating_mul(3);
    if interval.as_seconds() < SHORTEST {
        findings.report(
            "health_checks.database.interval",
            format!("`{interval}` < {SHORTEST}s, the shortest time to live that Patroni takes"),
            format!("set it to {SHORTEST} or more"),
        );
    } else if needed > interval.as_seconds() {
        findings.report_with(
            Severity::Error,
            "health_checks.database.timeout",
            &["health_checks.database.interval"],
            format!(
                "`{timeout}` + 2 x `{timeout}` = {needed}s > `{interval}`, which Patroni refuses"
            ),
            format!("set `timeout` to `{}s`", interval.as_seconds() / 3),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn a_round_and_two_tries_fit() {
        let inventory = |driver: &str, interval: u32, timeout: u32| {
            format!(
                "environment: {{live: {{database: {{driver: {driver}, host: db}}}}}}\n\
                 health_checks: {{database: {{interval: {interval}, timeout: {timeout}}}}}"
            )
        };
        assert_eq!(
            findings("L32", &inventory("postgresql", 30, 11)),
            ["`11s` + 2 x `11s` = 33s > `30s`, which Patroni refuses"]
        );
        assert_eq!(
            findings("L32", &inventory("postgresql", 19, 5)),
            ["`19s` < 20s, the shortest time to live that Patroni takes"]
        );
        assert!(findings("L32", &inventory("postgresql", 30, 10)).is_empty());
        assert!(findings("L32", &inventory("mysql", 30, 11)).is_empty());
    }
}
