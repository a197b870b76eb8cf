use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L58",
    severity: Severity::Error,
    title: "encryption is only half set up",
    explanation: "\
A certificate is of no use without its private key, and the other way round: nginx does not start
with one of them. Strict transport security tells browsers to refuse this site without a certificate
they trust, for as long as it says, and they remember it. With a self-signed certificate nobody gets
in any more, and only time undoes that.

Set both `certificate` and `key`; add `strict_transport` once browsers accept them.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const CERTIFICATE: &str = "load_balancer.tls.certificate";
    const PRIVATE_KEY: &str = "load_balancer.tls.key";
    let tls = &resolved.inventory.load_balancer.tls;
    match (&tls.certificate, &tls.key) {
        (Some(path), None) => findings.report_with(
            Severity::Error,
            CERTIFICATE,
            &[PRIVATE_KEY],
            format!("the certificate `{path}` has no private key"),
            "set `key` to the path of its private key",
        ),
        (None, Some(path)) => findings.report_with(
            Severity::Error,
            PRIVATE_KEY,
            &[CERTIFICATE],
            format!("the private key `{path}` has no certificate"),
            "set `certificate` to the path of its certificate",
        ),
        _ => {}
    }
    if let (Some(time), None) = (tls.strict_transport, &tls.certificate) {
        findings.report_with(
            Severity::Error,
            "load_balancer.tls.strict_transport",
            &[CERTIFICATE],
            format!("for `{time}` browsers would refuse the self-signed certificate used here"),
            "set `certificate` and `key` first",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn certificate_and_key_come_together() {
        let inventory =
            |tls: &str| format!("environment: {{dev: {{}}}}\nload_balancer: {{tls: {{{tls}}}}}");
        assert_eq!(
            findings("L58", &inventory("certificate: /etc/ssl/a.pem")),
            ["the certificate `/etc/ssl/a.pem` has no private key"]
        );
        assert_eq!(
            findings("L58", &inventory("key: /etc/ssl/a.key")),
            ["the private key `/etc/ssl/a.key` has no certificate"]
        );
        assert_eq!(
            findings("L58", &inventory("strict_transport: 30d")),
            ["for `30d` browsers would refuse the self-signed certificate used here"]
        );
        let complete = "certificate: /etc/ssl/a.pem, key: /etc/ssl/a.key, strict_transport: 30d";
        assert!(findings("L58", &inventory(complete)).is_empty());
    }
}
