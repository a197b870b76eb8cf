use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::{CacheDriver, DatabaseDriver, MysqlSource, Provider};
use crate::resolve::Resolved;
use crate::units::Requirement;

pub(super) const LINT: Lint = Lint {
    code: "L19",
    severity: Severity::Warning,
    title: "a version that Debian 12 does not have",
    explanation: "\
Machines run Debian 12. It has PHP 8.2, Redis 7.0, memcached 1.6, MariaDB 10.11 and PostgreSQL 15,
and no MySQL at all: MySQL is installed from another package source, which then decides about
versions and security updates. A requirement that Debian's version does not meet stops the play on
its first machine.

Check that the other package source may be used, or choose a version that Debian has.",
    check,
};

/// The versions of Debian 12 with its updates.
const PHP: &str = "8.2.36";
const REDIS: &str = "7.0.15";
const MEMCACHED: &str = "1.6.18";
const MARIADB: &str = "10.11.19";
const POSTGRESQL: &str = "15.20";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let settings = resolved.settings();
    let needs = &resolved.inventory.dependencies;
    let php = &resolved.inventory.system.php.version;
    require(findings, "system.php.version", "PHP", PHP, Some(php));
    let (caches, databases) = (&needs.cache, &needs.database);
    match settings.cache.driver {
        CacheDriver::Redis => require(
            findings,
            "dependencies.cache.redis",
            "Redis",
            REDIS,
            caches.redis.as_ref(),
        ),
        CacheDriver::Memcached => require(
            findings,
            "dependencies.cache.memcached",
            "memcached",
            MEMCACHED,
            caches.memcached.as_ref(),
        ),
    }
    match settings.database.driver {
        DatabaseDriver::Mysql => {
            let infrastructure = &resolved.inventory.infrastructure;
            let source = infrastructure.mysql_source();
            if source == MysqlSource::DebianSidCore && infrastructure.provider != Provider::Local {
                findings.report_with(
                    Severity::Error,
                    "infrastructure.mysql_source",
                    &["infrastructure.provider"],
                    "`debian-sid-core` is for machines on this computer: it has no long-term support",
                    "set it to `oracle`",
                );
            }
            if let Some(versions) = &databases.mysql {
                if !versions.allows(source.version()) {
                    findings.report_with(
                        Severity::Warning,
                        "dependencies.database.mysql",
                        &["infrastructure.mysql_source"],
                        format!(
                            "`{}` has MySQL `{}`, which `{versions}` does not allow",
                            source.name(),
                            source.version()
                        ),
                        "widen the requirement, or the play stops on the first machine",
                    );
                }
                findings.report(
                    "dependencies.database.mysql",
                    format!(
                        "Debian 12 has no MySQL, so `{versions}` comes from another package source"
                    ),
                    "check that machines may use that source, or use the driver `mariadb`",
                );
            }
        }
        DatabaseDriver::Mariadb => require(
            findings,
            "dependencies.database.mariadb",
            "MariaDB",
            MARIADB,
            databases.mariadb.as_ref(),
        ),
        DatabaseDriver::Postgresql => require(
            findings,
            "dependencies.database.postgresql",
            "PostgreSQL",
            POSTGRESQL,
            databases.postgresql.as_ref(),
        ),
    }
}

fn require(
    findings: &mut Findings<'_, '_>,
    key: &str,
    program: &str,
    version: &str,
    versions: Option<&Requirement>,
) {
    if let Some(versions) = versions.filter(|versions| !versions.allows(version)) {
        findings.report(
            key,
            format!("Debian 12 has {program} `{version}`, which `{versions}` does not allow"),
            "widen the requirement, or the play stops on the first machine",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn mysql_comes_from_elsewhere() {
        let inventory = |driver: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: {driver}}}}}}}\n\
                 dependencies: {{database: {{mysql: \">=8.0\", mariadb: \">=10.11\"}}}}"
            )
        };
        assert_eq!(
            findings("L19", &inventory("mysql")),
            ["Debian 12 has no MySQL, so `>=8.0` comes from another package source"]
        );
        assert!(findings("L19", &inventory("mariadb")).is_empty());
    }

    #[test]
    fn the_other_source_has_one_version() {
        let inventory = |source: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 infrastructure: {{mysql_source: {source}}}\n\
                 dependencies: {{database: {{mysql: \"^8.0\"}}}}"
            )
        };
        assert_eq!(findings("L19", &inventory("oracle")).len(), 1);
        assert_eq!(
            findings("L19", &inventory("debian-sid-core"))[0],
            "`debian-sid-core` has MySQL `9.7.4`, which `^8.0` does not allow"
        );
    }

    #[test]
    fn other_versions_are_compared() {
        let inventory = |php: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: mariadb}}}}}}\n\
                 system: {{php: {{version: \"{php}\"}}}}"
            )
        };
        assert_eq!(
            findings("L19", &inventory(">=8.3")),
            ["Debian 12 has PHP `8.2.36`, which `>=8.3` does not allow"]
        );
        assert!(findings("L19", &inventory("^8.1")).is_empty());
    }
}
