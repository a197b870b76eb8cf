use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L16",
    severity: Severity::Info,
    title: "a host name that DNS does not know",
    explanation: "\
A name without a dot is known only to a search domain or to `/etc/hosts`. precast writes it to
`/etc/hosts` on every machine of the environment, so the application finds the service; your own
computer and tools outside the environment do not.

Nothing needs to be done. Use a full name, such as `db.example.com`, if others must find it too, and
have a name server know it: machines know it from `/etc/hosts`.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let settings = resolved.settings();
    for (name, host) in [
        ("cache", &settings.cache.host),
        ("database", &settings.database.host),
    ] {
        if host.is_single_label() && !host.is_local() {
            findings.report(
                &resolved.own_key(&format!("{name}.host")),
                format!("`{host}` has no domain, so only machines of this environment know it"),
                "use a full name if others must find it too",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn names_without_a_dot_are_local() {
        let inventory =
            |host: &str| format!("environment: {{live: {{database: {{host: {host}}}}}}}");
        assert_eq!(
            findings("L16", &inventory("live-db")),
            ["`live-db` has no domain, so only machines of this environment know it"]
        );
        for host in ["db.example.com", "10.0.0.1", "localhost"] {
            assert!(findings("L16", &inventory(host)).is_empty(), "{host}");
        }
    }
}
