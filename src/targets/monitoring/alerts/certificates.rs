//! Certificates that are about to end.

use super::Alert;
use super::Severity::{Critical, Warning};

/// How long before its end a certificate is to be renewed, in days: certificates of 90 days are
/// usually renewed 30 days ahead, so that renewal has failed for nine days by then.
const RENEW: u64 = 21;

/// Days before the end of a certificate after which it is an emergency.
const EXPIRES: u64 = 3;

pub(super) fn certificate_expires() -> Alert {
    Alert::new(
        "CertificateExpiresSoon",
        Warning,
        "certificate",
        format!("probe_ssl_earliest_cert_expiry - time() < {}", days(RENEW)),
    )
    .hold(10)
    .summary("the certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}")
    .meaning(format!(
        "Less than {RENEW} days are left of the certificate visitors see: renewal does not work."
    ))
    .action("Renew the certificate, put it in place on every load balancer and reload nginx.")
    .fires(
        // The clock of a test begins at zero.
        &[(
            r#"probe_ssl_earliest_cert_expiry{instance="site"}"#,
            "864000+60",
        )],
        &[("instance", "site")],
        "10d 0h 0m 0s",
    )
    .silent(&[(
        r#"probe_ssl_earliest_cert_expiry{instance="site"}"#,
        "8640000",
    )])
}

pub(super) fn certificate_ends() -> Alert {
    Alert::new(
        "CertificateExpires",
        Critical,
        "certificate",
        format!(
            "probe_ssl_earliest_cert_expiry - time() < {}",
            days(EXPIRES)
        ),
    )
    .summary("the certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}")
    .meaning(format!(
        "Less than {EXPIRES} days are left. After that browsers refuse the site."
    ))
    .action("Renew the certificate now, put it in place on every load balancer and reload nginx.")
    .fires(
        &[(
            r#"probe_ssl_earliest_cert_expiry{instance="site"}"#,
            "86400+60",
        )],
        &[("instance", "site")],
        "1d 0h 0m 0s",
    )
    .silent(&[(
        r#"probe_ssl_earliest_cert_expiry{instance="site"}"#,
        "864000",
    )])
}

pub(super) fn internal_certificate() -> Alert {
    Alert::new(
        "InternalCertificateExpiresSoon",
        Warning,
        "certificate",
        format!(
            "certificate_not_after_timestamp_seconds - time() < {}",
            days(RENEW)
        ),
    )
    .hold(10)
    .summary("{{ $labels.path }} on {{ $labels.instance }} ends in {{ $value | humanizeDuration }}")
    .meaning(format!(
        "Less than {RENEW} days are left of a certificate machines show each other. After that \
         they refuse to talk."
    ))
    .action("Run the play: it renews certificates that are about to end.")
    .fires(
        &[(
            r#"certificate_not_after_timestamp_seconds{instance="db1",path="/etc/ssl/internal/machine.pem"}"#,
            "864000+60",
        )],
        &[
            ("instance", "db1"),
            ("path", "/etc/ssl/internal/machine.pem"),
        ],
        "10d 0h 0m 0s",
    )
    .silent(&[(
        r#"certificate_not_after_timestamp_seconds{instance="db1",path="/etc/ssl/internal/machine.pem"}"#,
        "8640000",
    )])
}

/// Returns so many days in seconds.
const fn days(count: u64) -> u64 {
    count * 86_400
}
