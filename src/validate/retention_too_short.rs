use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::units::Duration;

pub(super) const LINT: Lint = Lint {
    code: "L46",
    severity: Severity::Warning,
    title: "measurements or logs are dropped early",
    explanation: "\
An average over a span is worth keeping for many such spans: with fewer than a day's worth, nobody
can compare today with yesterday. Logs are dropped as whole files, so that kept for less than one
file covers, a log vanishes at each rotation.

Raise the retention.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let monitoring = &resolved.inventory.monitoring;
    let metrics = &monitoring.metrics;
    let least = Duration::seconds(metrics.aggregation.as_seconds().saturating_mul(24));
    if metrics.retention < least {
        findings.report_with(
            Severity::Warning,
            "monitoring.metrics.retention",
            &["monitoring.metrics.aggregation"],
            format!(
                "`{}` < 24 x `{}` = {least}",
                metrics.retention, metrics.aggregation
            ),
            format!("set it to `{least}` or more"),
        );
    }
    let logging = &monitoring.logging;
    let period = logging.rotation.period();
    if logging.retention < period {
        findings.report_with(
            Severity::Warning,
            "monitoring.logging.retention",
            &["monitoring.logging.rotation"],
            format!(
                "logs are kept for `{}`, less than the {period} one file covers",
                logging.retention
            ),
            format!("set it to `{period}` or more"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn averages_are_kept_for_a_day_of_them() {
        let inventory = |retention: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 monitoring: {{metrics: {{retention: {retention}, aggregation: 1h}}}}"
            )
        };
        assert_eq!(
            findings("L46", &inventory("12h")),
            ["`12h` < 24 x `1h` = 1d"]
        );
        assert!(findings("L46", &inventory("1d")).is_empty());
    }

    #[test]
    fn logs_outlive_a_rotation() {
        let inventory = |retention: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 monitoring: {{logging: {{retention: {retention}, rotation: weekly}}}}"
            )
        };
        assert_eq!(
            findings("L46", &inventory("6d")),
            ["logs are kept for `6d`, less than the 7d one file covers"]
        );
        assert!(findings("L46", &inventory("7d")).is_empty());
    }
}
