use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{Role, is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L50",
    severity: Severity::Warning,
    title: "machines that stand in for each other are in one zone",
    explanation: "\
Copies help when they are not lost together. A cloud may put machines of one zone on the same host or
into the same room; a fault there takes masters and their replicas at once.

Name several zones in `infrastructure.zones`: machines of each role take turns, and three zones keep a
majority when one is lost. Where a provider keeps machines on different hosts by itself (`hcloud`,
placement groups) one zone will do.",
    check,
};

const KEY: &str = "infrastructure.zones";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let infrastructure = &resolved.inventory.infrastructure;
    let facts = infrastructure.provider.facts();
    let zones = infrastructure.zones();
    if facts.spreads || is_single(resolved) || zones.len() > 1 {
        return;
    }
    let several = [Role::Cache, Role::Database, Role::Storage]
        .into_iter()
        .filter(|role| sizing::machine_count(resolved, *role) > 1)
        .map(Role::name);
    let several: Vec<&str> = several.collect();
    if !several.is_empty() {
        findings.report_with(
            Severity::Warning,
            KEY,
            &["infrastructure.provider"],
            format!("all machines of {} are in one zone", several.join(", ")),
            "name three zones of the region",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn copies_are_spread_over_zones_or_hosts() {
        let inventory =
            |rest: &str| format!("infrastructure: {{{rest}}}\nscaling: {{cache: {{servers: 3}}}}");
        for rest in ["provider: local", "provider: hcloud", "provider: aws"] {
            assert!(ha("L50", &inventory(rest)).is_empty());
        }
        let found = ha("L50", &inventory("provider: aws, zones: [eu-central-1a]"));
        assert_eq!(
            found,
            ["all machines of cache, database, storage are in one zone"]
        );
    }
}
