use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L45",
    severity: Severity::Error,
    title: "a measurement or a threshold out of range",
    explanation: "\
Measurements need time between them: Prometheus does not start with an interval of zero, and an
average over less than two measurements is no average. Thresholds are shares from 1 to 100 percent.

Set `monitoring.metrics.interval` to a minute, `aggregation` to twice that or more.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let metrics = &resolved.inventory.monitoring.metrics;
    let interval = metrics.interval.as_seconds();
    if interval == 0 {
        findings.report(
            "monitoring.metrics.interval",
            "there is no time between two measurements",
            "set it to 60",
        );
    } else if metrics.aggregation.as_seconds() < interval.saturating_mul(2) {
        findings.report_with(
            Severity::Error,
            "monitoring.metrics.aggregation",
            &["monitoring.metrics.interval"],
            format!(
                "an average over `{}` < 2 x `{}` holds less than two measurements",
                metrics.aggregation, metrics.interval
            ),
            "raise `aggregation`, or lower `interval`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn measurements_are_apart_and_averages_span_two() {
        let inventory = |interval: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 monitoring: {{metrics: {{interval: {interval}, aggregation: 2m}}}}"
            )
        };
        assert_eq!(
            findings("L45", &inventory("0")),
            ["there is no time between two measurements"]
        );
        assert_eq!(
            findings("L45", &inventory("61")),
            ["an average over `2m` < 2 x `61s` holds less than two measurements"]
        );
        assert!(findings("L45", &inventory("60")).is_empty());
    }
}
