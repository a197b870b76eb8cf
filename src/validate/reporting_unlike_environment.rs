use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L11",
    severity: Severity::Warning,
    title: "errors are shown or logged unlike the environment suggests",
    explanation: "\
Staging is where production is rehearsed: with `debug` on it behaves unlike production and shows
stack traces to whoever finds it. Development is where errors should be seen: what `error_reporting`
leaves out there, deprecations above all, is met for the first time after an upgrade.

Set `debug` to false in staging, and `error_reporting` to E_ALL in development.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let name = resolved.name.as_str();
    let settings = resolved.settings();
    if ["staging", "stage", "preproduction", "preprod"].contains(&name) && settings.debug.0 {
        findings.report(
            &resolved.own_key("debug"),
            format!("`debug` is on in `{name}`, which then behaves unlike production"),
            "set it to false",
        );
    }
    let reporting = &settings.error_reporting;
    if ["development", "dev"].contains(&name) && !reporting.reports("E_ALL") {
        findings.report(
            &resolved.own_key("error_reporting"),
            format!("`{reporting}` hides errors in `{name}`, where they are cheapest to mend"),
            "set it to E_ALL",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn staging_is_like_production() {
        assert_eq!(
            findings("L11", "environment: {staging: {debug: true}}"),
            ["`debug` is on in `staging`, which then behaves unlike production"]
        );
        assert!(findings("L11", "environment: {staging: {debug: false}}").is_empty());
    }

    #[test]
    fn development_sees_every_error() {
        let inventory = |reporting: &str| {
            format!("environment: {{dev: {{debug: true, error_reporting: {reporting}}}}}")
        };
        assert_eq!(
            findings("L11", &inventory("E_ALL & ~E_NOTICE")),
            ["`E_ALL & ~E_NOTICE` hides errors in `dev`, where they are cheapest to mend"]
        );
        assert!(findings("L11", &inventory("E_ALL")).is_empty());
    }
}
