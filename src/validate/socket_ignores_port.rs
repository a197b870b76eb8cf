use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L15",
    severity: Severity::Warning,
    title: "a MySQL client on localhost ignores the port",
    explanation: "\
To PHP's MySQL driver `localhost` does not mean 127.0.0.1 but the Unix socket, and over a socket the
port has no meaning: a port that is changed or mistyped goes unnoticed until the host is changed.

precast gives the application 127.0.0.1 instead, so that the port counts. Write that address to make
inventory and application agree.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let database = &resolved.settings().database;
    let mysql = matches!(
        database.driver,
        DatabaseDriver::Mysql | DatabaseDriver::Mariadb
    );
    if let Some(port) = database.port
        && mysql
        && database.host.as_str() == "localhost"
    {
        findings.report_with(
            Severity::Warning,
            &resolved.own_key("database.host"),
            &[&resolved.own_key("database.port")],
            format!("`localhost` means a Unix socket to MySQL clients, which ignore port `{port}`"),
            "write 127.0.0.1, which is what the application is given",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn sockets_have_no_port() {
        let inventory = |driver: &str, host: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: {driver}, host: {host}, port: 3306}}}}}}"
            )
        };
        assert_eq!(
            findings("L15", &inventory("mysql", "localhost")),
            ["`localhost` means a Unix socket to MySQL clients, which ignore port `3306`"]
        );
        assert!(findings("L15", &inventory("mysql", "127.0.0.1")).is_empty());
        assert!(findings("L15", &inventory("postgresql", "localhost")).is_empty());
    }
}
