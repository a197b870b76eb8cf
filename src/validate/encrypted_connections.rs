use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L51",
    severity: Severity::Info,
    title: "MySQL refuses connections that are not encrypted",
    explanation: "\
MySQL 8 checks passwords with caching_sha2_password, whose first login takes TLS, and data crosses the
network between application and database. So each member has a certificate and refuses connections
without TLS. PDO does not use TLS by itself.

Connect with `PDO::MYSQL_ATTR_SSL_CA` set to the environment variable `DB_SSL_CA`. The certificates
are also valid for the address of the proxy beside the application.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let mysql = resolved.settings().database.driver == DatabaseDriver::Mysql;
    if mysql && !is_single(resolved) {
        findings.report(
            &resolved.own_key("database.driver"),
            "`mysql` refuses connections without TLS, which PDO does not use by itself",
            "connect with `PDO::MYSQL_ATTR_SSL_CA` set to the environment variable `DB_SSL_CA`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn members_want_tls() {
        assert_eq!(
            ha("L51", ""),
            ["`mysql` refuses connections without TLS, which PDO does not use by itself"]
        );
        assert!(findings("L51", "environment: {dev: {}}").is_empty());
    }
}
