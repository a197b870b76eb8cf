use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::capacity;

pub(super) const LINT: Lint = Lint {
    code: "L57",
    severity: Severity::Error,
    title: "the load balancer gives up before PHP does",
    explanation: "\
When the load balancer stops waiting first, the visitor sees `504 Gateway Timeout` while PHP goes on
working: the request is counted twice, a retry does the work twice, and PHP's own message about what
took so long is never written. A `max_execution_time` of zero means that PHP never gives up.

Keep `load_balancer.read_timeout` five seconds above `php.max_execution_time`, or leave it out: it is
then just that.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let limit = resolved.inventory.php.max_execution_time;
    if limit.as_seconds() == 0 {
        findings.report_with(
            Severity::Warning,
            "php.max_execution_time",
            &[],
            "`0s` means no limit, so PHP goes on long after visitors have left",
            "set it to 30",
        );
        return;
    }
    let timeouts = capacity(resolved).timeouts;
    if timeouts.proxy <= timeouts.fastcgi {
        findings.report_with(
            Severity::Error,
            "load_balancer.read_timeout",
            &["php.max_execution_time"],
            format!("not in order: {}", timeouts.order()),
            format!(
                "set it to `{}s`, or remove it",
                timeouts.fastcgi.saturating_add(1)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn php_gives_up_first() {
        let inventory = |wait: &str, limit: u32| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 load_balancer: {{read_timeout: {wait}}}\nphp: {{max_execution_time: {limit}}}"
            )
        };
        assert_eq!(
            findings("L57", &inventory("30s", 30)),
            ["not in order: PHP 30s < php-fpm 32s < nginx 34s < load balancer 30s"]
        );
        assert!(findings("L57", &inventory("35s", 30)).is_empty());
        assert!(findings("L57", &inventory("null", 300)).is_empty());
        assert_eq!(
            findings("L57", &inventory("null", 0)),
            ["`0s` means no limit, so PHP goes on long after visitors have left"]
        );
    }
}
