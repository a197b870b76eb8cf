use super::{Findings, Lint, is_production};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L10",
    severity: Severity::Error,
    title: "debugging is on in production",
    explanation: "\
With `debug: true` PHP shows every error to the visitor: stack traces, file names, and whatever
was in the variables, credentials included. Scripts are also checked for changes on every request.

Set `environment.<name>.debug` to false. Errors are still logged; `error_reporting` says which.
An environment counts as production by its name: production, prod or live.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_production(resolved) && resolved.settings().debug.0 {
        findings.report(
            &resolved.own_key("debug"),
            format!(
                "`debug` is on in `{}`, so visitors see stack traces and credentials",
                resolved.name
            ),
            "set it to false",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn only_production_is_refused() {
        let inventory = |name: &str| format!("environment: {{{name}: {{debug: true}}}}");
        assert_eq!(
            findings("L10", &inventory("production")),
            ["`debug` is on in `production`, so visitors see stack traces and credentials"]
        );
        assert!(findings("L10", &inventory("development")).is_empty());
    }
}
