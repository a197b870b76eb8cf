use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;
use crate::units::Duration;

pub(super) const LINT: Lint = Lint {
    code: "L28",
    severity: Severity::Warning,
    title: "a lost cache holds up every request",
    explanation: "\
Members of the cache count another as lost after this timeout, and until then requests that need its
keys wait. A php-fpm child that waits serves nobody: at a hundred requests a second, five seconds
are five hundred of them, more than all children there are, and the whole site stands still.

Use two seconds or less. A health check that is stricter than the network is steady raises false
alarms, so do not go below one second.",
    check,
};

/// What visitors still take for a slow page.
const LONGEST: Duration = Duration::seconds(2);

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let timeout = resolved.inventory.health_checks.cache.timeout;
    if !is_single(resolved) && timeout > LONGEST {
        findings.report(
            "health_checks.cache.timeout",
            format!("requests wait `{timeout}` > {LONGEST} for a lost cache, and php-fpm runs out of children"),
            format!("set it to `{LONGEST}`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn two_seconds_are_enough() {
        let inventory = |timeout: u32| format!("health_checks: {{cache: {{timeout: {timeout}}}}}");
        assert_eq!(
            ha("L28", &inventory(5)),
            ["requests wait `5s` > 2s for a lost cache, and php-fpm runs out of children"]
        );
        assert!(ha("L28", &inventory(2)).is_empty());
    }
}
