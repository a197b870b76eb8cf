use super::{Findings, Lint, is_production};
use crate::diag::Severity;
use crate::model::LogLevel;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L53",
    severity: Severity::Warning,
    title: "too much or too little is written down",
    explanation: "\
At `debug` programs log queries, headers and session contents: in production that fills disks within
hours and puts personal data into logs. Above `error` the errors themselves are missing, and
php-fpm, nginx and Redis have fewer levels than syslog, so that each rounds to the nearest it knows.

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
        assert!(findings("L53", &inventory("staging", "error")).is_empty());
    }
}
