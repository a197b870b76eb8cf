use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::Channel;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L47",
    severity: Severity::Warning,
    title: "alerts that reach nobody",
    explanation: "\
An alert by mail needs an address to go to, and one that nobody is sent is of no use at all. Slack and
PagerDuty need a secret each, `alert_slack_url` and `alert_pagerduty_key`, which Ansible asks for when
it deploys.

Set `monitoring.alerts.email.to`, or take `email` out of `monitoring.alerts.channels`. Where nothing may
be written without a receiver, run precast with `--deny warnings`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let alerts = &resolved.inventory.monitoring.alerts;
    let channels = "monitoring.alerts.channels";
    if alerts.channels.is_empty() {
        findings.report(
            channels,
            "there is none, so alerts reach nobody",
            "list `email`, `slack` or `pagerduty`",
        );
    }
    if alerts.channels.contains(&Channel::Email) && alerts.email.to.is_none() {
        findings.report(
            channels,
            "`email` has no address, so nothing is mailed",
            "set `monitoring.alerts.email.to`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    fn inventory(alerts: &str) -> String {
        format!("environment: {{dev: {{}}}}\nmonitoring: {{alerts: {{{alerts}}}}}")
    }

    #[test]
    fn mail_has_an_address() {
        assert_eq!(
            findings("L47", &inventory("channels: [email, slack]")),
            ["`email` has no address, so nothing is mailed"]
        );
        let bound = "channels: [email], email: {to: operations@example.com}";
        assert!(findings("L47", &inventory(bound)).is_empty());
        assert!(findings("L47", &inventory("channels: [pagerduty]")).is_empty());
    }

    #[test]
    fn somebody_is_told() {
        assert_eq!(
            findings("L47", &inventory("channels: []")),
            ["there is none, so alerts reach nobody"]
        );
    }
}
