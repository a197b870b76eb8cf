use super::{Findings, Lint, fits};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::topology;

pub(super) const LINT: Lint = Lint {
    code: "L64",
    severity: Severity::Error,
    title: "a size or a zone that the provider does not have",
    explanation: "\
Each machine gets the smallest size that has the memory its services need, from a table that precast
has of each provider. Where none is large enough, spread the work over more machines: more shards for
a cache, a smaller buffer pool for a database.

Machines are spread over `infrastructure.zones`; a zone is named once, and there is at least one.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const ZONES: &str = "infrastructure.zones";
    let infrastructure = &resolved.inventory.infrastructure;
    let facts = infrastructure.provider.facts();
    let mut zones = infrastructure.zones();
    let named = zones.len();
    zones.sort_unstable();
    zones.dedup();
    if zones.len() < named {
        findings.report(ZONES, "a zone is named twice", "name each zone once");
    }
    if named == 0 && !facts.zones.is_empty() {
        findings.report(
            ZONES,
            "machines must be somewhere",
            "name a zone of the region",
        );
        return;
    }
    let Some(catalogue) = facts.catalogue.filter(|_| fits(resolved)) else {
        return;
    };
    let mut told = Vec::new();
    for machine in topology(resolved).machines {
        if catalogue.choose(&machine).is_none() && !told.contains(&machine.roles) {
            findings.report(
                "infrastructure.provider",
                format!(
                    "`{}` has no size with the {} of memory and the {} of disk that {} needs",
                    facts.title, machine.memory, machine.disk, machine.name
                ),
                format!(
                    "give the machines of `{}` less to hold, or more machines to hold it",
                    machine.roles[0].name()
                ),
            );
            told.push(machine.roles);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn machines_have_a_size_and_a_zone() {
        assert!(ha("L64", "infrastructure: {provider: hcloud}").is_empty());
        assert_eq!(
            ha("L64", "infrastructure: {provider: hcloud, zones: []}"),
            ["machines must be somewhere"]
        );
        assert_eq!(
            ha(
                "L64",
                "infrastructure: {provider: hcloud, zones: [nbg1, nbg1]}"
            ),
            ["a zone is named twice"]
        );
        let huge = |provider: &str| {
            format!(
                "infrastructure: {{provider: {provider}}}\n\
                 performance: {{cache: {{max_memory: 300G}}}}"
            )
        };
        assert!(ha("L64", &huge("local")).is_empty());
        let found = ha("L64", &huge("hcloud"));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("`Hetzner Cloud` has no size with the "),
            "{found:?}"
        );
    }
}
