use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L65",
    severity: Severity::Error,
    title: "a service that the provider does not run",
    explanation: "\
`infrastructure.managed` asks the provider to run a service in place of machines of yours. Not every
provider runs every service: `efs` is Amazon's, and comes with the provider `aws`. A machine that does
everything has shared files in a folder of its own, and no use for a service.

Take the key away, or name a provider that runs the service.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const KEY: &str = "infrastructure.managed.storage";
    let infrastructure = &resolved.inventory.infrastructure;
    let Some(service) = infrastructure.managed.storage else {
        return;
    };
    let facts = infrastructure.provider.facts();
    if facts.storage != Some(service) {
        findings.report_with(
            Severity::Error,
            KEY,
            &["infrastructure.provider"],
            format!("`{}` does not run `{}`", facts.name, service.name()),
            "take the key away: shared files are then on storage machines",
        );
    } else if is_single(resolved) {
        findings.report_with(
            Severity::Warning,
            KEY,
            &["infrastructure.topology"],
            "everything is on one machine, which keeps shared files itself",
            "take the key away, or set `infrastructure.topology` to `ha`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn a_service_is_its_providers() {
        let inventory =
            |rest: &str| format!("infrastructure: {{managed: {{storage: efs}}, {rest}}}");
        assert!(ha("L65", &inventory("provider: aws")).is_empty());
        assert!(ha("L65", "infrastructure: {provider: hcloud}").is_empty());
        assert_eq!(
            ha("L65", &inventory("provider: hcloud")),
            ["`hcloud` does not run `efs`"]
        );
        assert_eq!(
            ha("L65", &inventory("provider: aws, topology: single")),
            ["everything is on one machine, which keeps shared files itself"]
        );
    }
}
