use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L62",
    severity: Severity::Warning,
    title: "SSH is open to everybody, or to nobody",
    explanation: "\
The firewall lets these networks, and no others, reach SSH and the dashboard. With `0.0.0.0/0` that
is the whole internet: passwords are refused, but every flaw of sshd, and of the dashboard, is a
flaw of this platform. Without any network Ansible cannot come back through the firewall it has just
set up; the new rules are taken back after a minute and the play stops.

Name the networks your people and your pipeline come from.",
    check,
};

const KEY: &str = "infrastructure.admin_networks";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let networks = &resolved.inventory.infrastructure.admin_networks;
    if networks.is_empty() {
        findings.report_with(
            Severity::Error,
            KEY,
            &[],
            "nobody may reach SSH, Ansible included",
            "name the networks your people and your pipeline come from",
        );
    }
    if networks
        .iter()
        .any(|network| network.get().prefix_len() == 0)
    {
        findings.report(
            KEY,
            "the whole internet may reach SSH and the dashboard",
            "name the networks your people and your pipeline come from",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn somebody_but_not_everybody_may_come_in() {
        assert!(ha("L62", "").is_empty());
        assert!(ha("L62", "infrastructure: {admin_networks: [192.0.2.0/24]}").is_empty());
        assert_eq!(
            ha("L62", "infrastructure: {admin_networks: [0.0.0.0/0]}"),
            ["the whole internet may reach SSH and the dashboard"]
        );
        assert_eq!(
            ha("L62", "infrastructure: {admin_networks: []}"),
            ["nobody may reach SSH, Ansible included"]
        );
    }
}
