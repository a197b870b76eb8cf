use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L13",
    severity: Severity::Warning,
    title: "an error_reporting expression PHP reads otherwise",
    explanation: "\
PHP does not refuse a misspelt constant in `error_reporting`; it reports something else without a
word. precast checks the expression and renders it verbatim: what it cannot read is an error.

`E_STRICT` is a warning. PHP 8 raises no such errors any more, and PHP 8.4 deprecates the constant:
a later PHP will refuse it. Remove it from the expression.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if resolved.settings().error_reporting.names("E_STRICT") {
        findings.report(
            &resolved.own_key("error_reporting"),
            "`E_STRICT` has no effect since PHP 8, and PHP 8.4 deprecates it",
            "remove it from the expression",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn strict_is_obsolete() {
        let inventory =
            |reporting: &str| format!("environment: {{live: {{error_reporting: {reporting}}}}}");
        assert_eq!(
            findings("L13", &inventory("E_ALL & ~E_STRICT")),
            ["`E_STRICT` has no effect since PHP 8, and PHP 8.4 deprecates it"]
        );
        assert!(findings("L13", &inventory("E_ALL")).is_empty());
    }
}
