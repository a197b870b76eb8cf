use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::units::Duration;

pub(super) const LINT: Lint = Lint {
    code: "L44",
    severity: Severity::Warning,
    title: "measurements further apart than Prometheus looks back",
    explanation: "\
Prometheus answers a query with the newest measurement of the last five minutes. Recording an average
only every hour would leave gaps of 55 minutes in every graph, so precast records it every five
minutes, over the span that `aggregation` names. Measurements more than two minutes apart leave gaps
as soon as two are missed.

Read `aggregation` as the span of each average, and keep `interval` at two minutes or less.",
    check,
};

/// The span from which averages are easily taken for one value per span.
const LONG_SPAN: Duration = Duration::seconds(3600);

/// Two missed measurements within the five minutes that Prometheus looks back.
const LONGEST: Duration = Duration::seconds(120);

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let metrics = &resolved.inventory.monitoring.metrics;
    if metrics.aggregation >= LONG_SPAN {
        findings.report(
            "monitoring.metrics.aggregation",
            format!(
                "averages over `{}` are recorded every 5m, since Prometheus looks back no further",
                metrics.aggregation
            ),
            "keep it; it is the span of an average, not the time between two",
        );
    }
    if metrics.interval > LONGEST {
        findings.report(
            "monitoring.metrics.interval",
            format!(
                "measurements `{}` > {LONGEST} apart leave gaps, since Prometheus looks back 5m",
                metrics.interval
            ),
            format!("set it to `{LONGEST}` or less"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    fn inventory(key: &str, value: &str) -> String {
        format!(
            "environment: {{dev: {{}}}}\n\
             monitoring: {{metrics: {{aggregation: 10m, {key}: {value}}}}}"
        )
        .replace("aggregation: 10m, aggregation", "aggregation")
    }

    #[test]
    fn long_averages_are_explained() {
        assert_eq!(
            findings("L44", &inventory("aggregation", "1h")),
            ["averages over `1h` are recorded every 5m, since Prometheus looks back no further"]
        );
        assert!(findings("L44", &inventory("aggregation", "30m")).is_empty());
    }

    #[test]
    fn intervals_leave_no_gaps() {
        assert_eq!(
            findings("L44", &inventory("interval", "3m")),
            ["measurements `3m` > 2m apart leave gaps, since Prometheus looks back 5m"]
        );
        assert!(findings("L44", &inventory("interval", "2m")).is_empty());
    }
}
