use super::{Findings, Lint, is_production};
use crate::diag::Severity;
use crate::model::{CacheDriver, LogLevel};
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L53",
    severity: Severity::Warning,
    title: "too much or too little is written down",
    explanation: "\
At `debug` programs log queries, headers and session contents: in production that fills disks within
hours and puts personal data into logs. Above `error` the errors themselves are missing.

Not every program knows every level of syslog; each gets the nearest that leaves out nothing asked
for. Two would be drowned in by that: to nginx and Redis `info` is a line for every visitor and client
that comes and goes, so `info` is `notice` to them. Redis has nothing above `warning`.

Use `info` or `notice` in production, and `error` at most anywhere.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const KEY: &str = "monitoring.logging.level";
    let level = resolved.inventory.monitoring.logging.level;
    if level == LogLevel::Debug && is_production(resolved) {
        findings.report(
            KEY,
            format!(
                "`debug` fills disks and puts visitors' data into the logs of `{}`",
                resolved.name
            ),
            "set it to `info`",
        );
    } else if level > LogLevel::Error {
        findings.report(
            KEY,
            "errors are not written down, and most programs know no level above `error`",
            "set it to `error`",
        );
    } else if level == LogLevel::Error && resolved.settings().cache.driver == CacheDriver::Redis {
        findings.report_with(
            Severity::Info,
            KEY,
            &[],
            "Redis has no level `error`, and writes warnings, too",
            "keep it, or set it to `warning`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    fn inventory(name: &str, level: &str) -> String {
        format!("environment: {{{name}: {{}}}}\nmonitoring: {{logging: {{level: {level}}}}}")
    }

    #[test]
    fn production_does_not_log_everything() {
        assert_eq!(
            findings("L53", &inventory("production", "debug")),
            ["`debug` fills disks and puts visitors' data into the logs of `production`"]
        );
        assert!(findings("L53", &inventory("production", "info")).is_empty());
        assert!(findings("L53", &inventory("staging", "debug")).is_empty());
    }

    #[test]
    fn errors_are_logged() {
        assert_eq!(
            findings("L53", &inventory("staging", "critical")),
            ["errors are not written down, and most programs know no level above `error`"]
        );
    }

    #[test]
    fn a_level_redis_lacks_is_told() {
        assert_eq!(
            findings("L53", &inventory("staging", "error")),
            ["Redis has no level `error`, and writes warnings, too"]
        );
        assert!(findings("L53", &inventory("staging", "warning")).is_empty());
    }
}
