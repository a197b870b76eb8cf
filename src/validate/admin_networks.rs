use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::PRIVATE;
use crate::resolve::Resolved;
use crate::units::Network;

pub(super) const LINT: Lint = Lint {
    code: "L62",
    severity: Severity::Warning,
    title: "SSH is open to everybody, or to nobody",
    explanation: "\
The firewall lets these networks, and no others, reach SSH and the dashboard. With `0.0.0.0/0` that
is the whole internet: passwords are refused, but every flaw of sshd, and of the dashboard, is a
flaw of this platform. Without any network Ansible cannot come back through the firewall it has just
set up; the new rules are taken back after a minute and the play stops. In a cloud people come from
the internet, so that private networks let nobody in who has no VPN there.

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
    let private = |network: &Network| {
        let network = network.get();
        PRIVATE
            .iter()
            .any(|range| Network::of(range).get().contains(&network))
    };
    let cloud = resolved.inventory.infrastructure.provider.facts().bastion;
    if cloud && !networks.is_empty() && networks.iter().all(private) {
        findings.report_with(
            Severity::Warning,
            KEY,
            &["infrastructure.provider"],
            "only private networks may reach the bastion, and nobody comes from these over the internet",
            "name the public networks your people and your pipeline come from",
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
            ha("L62", "infrastructure: {provider: aws}"),
            [
                "only private networks may reach the bastion, and nobody comes from these over the internet"
            ]
        );
        let office = "infrastructure: {provider: aws, admin_networks: [192.0.2.0/24]}";
        assert!(ha("L62", office).is_empty());
        assert_eq!(
            ha("L62", "infrastructure: {admin_networks: []}"),
            ["nobody may reach SSH, Ansible included"]
        );
    }
}
