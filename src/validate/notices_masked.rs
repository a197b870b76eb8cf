use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L12",
    severity: Severity::Info,
    title: "masking notices hides less than it used to",
    explanation: "\
Up to PHP 7 an undefined variable, index or property was a notice. Since PHP 8 it is a warning, so
`& ~E_NOTICE` no longer keeps it out of the log; what it still hides are a few rarer mistakes.

Leave `E_NOTICE` in, and mend what then appears in the log.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let reporting = &resolved.settings().error_reporting;
    if reporting.names("E_NOTICE") && !reporting.reports("E_NOTICE") {
        findings.report(
            &resolved.own_key("error_reporting"),
            "`~E_NOTICE` hides little: since PHP 8 undefined variables and indexes are warnings",
            "leave `E_NOTICE` reported",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn masked_notices_are_explained() {
        let inventory =
            |reporting: &str| format!("environment: {{live: {{error_reporting: {reporting}}}}}");
        assert_eq!(
            findings("L12", &inventory("E_ALL & ~E_NOTICE")),
            ["`~E_NOTICE` hides little: since PHP 8 undefined variables and indexes are warnings"]
        );
        assert!(findings("L12", &inventory("E_ALL & ~E_DEPRECATED")).is_empty());
        assert!(findings("L12", &inventory("E_WARNING | E_NOTICE")).is_empty());
    }
}
