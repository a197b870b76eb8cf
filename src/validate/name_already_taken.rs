use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::targets::application::settings::FROM;
use crate::units::HeaderName;
use std::collections::BTreeMap;

pub(super) const LINT: Lint = Lint {
    code: "L61",
    severity: Severity::Error,
    title: "a variable or header that is set anyway",
    explanation: "\
precast gives the application its settings as environment variables and sends some headers itself.
A second value under the same name replaces or doubles the first, depending on the program: the
application may then connect to another database than the one that was built for it. Header names
are the same in capitals and small letters.

Use another name, or the key that the value comes from.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    for name in resolved.settings().variables.keys() {
        let Some((_, from)) = FROM.iter().find(|(known, _)| *known == name.as_str()) else {
            continue;
        };
        let hint = match *from {
            "" => "use another name; this one has a fixed meaning".to_owned(),
            key if key.starts_with("monitoring.") || key.starts_with("project.") => {
                format!("set `{key}` instead")
            }
            rest => format!("set `{}` instead", resolved.own_key(rest)),
        };
        findings.report(
            &resolved.own_key(&format!("variables.{name}")),
            format!("`{name}` is set by precast itself"),
            hint,
        );
    }
    let balancer = &resolved.inventory.load_balancer;
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in balancer.headers.keys().map(HeaderName::as_str) {
        let key = format!("load_balancer.headers.{name}");
        let lower = name.to_ascii_lowercase();
        if lower == "strict-transport-security" {
            findings.report(
                &key,
                format!("`{name}` is set by precast itself"),
                "set `load_balancer.tls.strict_transport` instead",
            );
        }
        if let Some(other) = seen.insert(lower, name) {
            findings.report_with(
                Severity::Error,
                &key,
                &[&format!("load_balancer.headers.{other}")],
                format!("`{name}` and `{other}` are one header"),
                "remove one of the two",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn variables_are_set_once() {
        let inventory = |name: &str| format!("environment: {{dev: {{variables: {{{name}: x}}}}}}");
        for name in ["APP_ENV", "DB_HOST", "LOG_LEVEL"] {
            assert_eq!(
                findings("L61", &inventory(name)),
                [format!("`{name}` is set by precast itself")]
            );
        }
        assert!(findings("L61", &inventory("FEATURE_FLAGS")).is_empty());
    }

    #[test]
    fn headers_are_set_once() {
        let inventory = |headers: &str| {
            format!("environment: {{dev: {{}}}}\nload_balancer: {{headers: {{{headers}}}}}")
        };
        assert_eq!(
            findings("L61", &inventory("strict-transport-security: x")),
            ["`strict-transport-security` is set by precast itself"]
        );
        assert_eq!(
            findings("L61", &inventory("X-A: x, x-a: y")),
            ["`x-a` and `X-A` are one header"]
        );
        assert!(findings("L61", &inventory("X-A: x, X-B: y")).is_empty());
    }
}
