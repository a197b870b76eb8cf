use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::{AddressPlan, Role, is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L55",
    severity: Severity::Error,
    title: "the network has no room for the machines",
    explanation: "\
Every machine has a fixed address inside its environment's network, and each role has a block of its
own there, so that nothing moves when a machine joins. A network of /16 to /24 can be divided like
that; half of it is for application machines, a sixteenth for each other role. Where a provider's
subnets belong to one zone each (`aws`), every zone has such a part, so the network must be larger:
/22 at most for three zones.

Choose a larger network, which means a smaller number after the slash.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const KEY: &str = "infrastructure.network";
    let plan = AddressPlan::of(resolved);
    let network = plan.network();
    if !plan.divides() {
        findings.report(
            KEY,
            format!(
                "`{network}` is not between /16 and /{}",
                plan.longest_prefix()
            ),
            "use a /20, such as 10.20.0.0/20",
        );
        return;
    }
    if is_single(resolved) {
        return;
    }
    for (role, key) in [
        (Role::LoadBalancer, "scaling.load_balancer.servers"),
        (Role::App, "scaling.app.servers"),
        (Role::Cache, "scaling.cache.servers"),
        (Role::Database, "scaling.database.read_replicas"),
        (Role::Storage, "scaling.filesystem.servers"),
    ] {
        let (count, room) = (sizing::machine_count(resolved, role), plan.room(role));
        if count > room {
            findings.report_with(
                Severity::Error,
                key,
                &[KEY],
                format!(
                    "`{count}` > {room} {} machines that `{network}` has addresses for",
                    role.name()
                ),
                "use a larger network, or fewer machines",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn every_machine_has_an_address() {
        let inventory = |servers: u32| {
            format!(
                "infrastructure: {{network: 10.0.0.0/24}}\nscaling: {{cache: {{servers: {servers}}}}}"
            )
        };
        assert_eq!(
            ha("L55", &inventory(16)),
            ["`16` > 15 cache machines that `10.0.0.0/24` has addresses for"]
        );
        assert!(ha("L55", &inventory(15)).is_empty());
    }

    #[test]
    fn networks_can_be_divided() {
        let inventory = |network: &str| {
            format!("environment: {{dev: {{}}}}\ninfrastructure: {{network: {network}}}")
        };
        assert_eq!(
            findings("L55", &inventory("10.0.0.0/25")),
            ["`10.0.0.0/25` is not between /16 and /24"]
        );
        for network in ["0.0.0.0/0", "10.0.0.1/32"] {
            assert_eq!(findings("L55", &inventory(network)).len(), 1, "{network}");
        }
        assert!(findings("L55", &inventory("10.0.0.0/16")).is_empty());
    }
}
