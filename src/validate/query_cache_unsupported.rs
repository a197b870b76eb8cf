use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::{DatabaseDriver, QueryCachePolicy};
use crate::resolve::Resolved;
use crate::units::Size;

pub(super) const LINT: Lint = Lint {
    code: "L20",
    severity: Severity::Warning,
    title: "a query cache the database does not have",
    explanation: "\
MySQL removed the query cache in version 8.0 and refuses to start with its settings; PostgreSQL never
had one. precast leaves the key out of their configuration. MariaDB still has it, but one lock guards
all of it: beyond some tens of megabytes, invalidating it makes every query wait.

Remove the key and give the memory to `buffer_pool`, or keep it at 64M or less on MariaDB. With
`query_cache_policy: buffer_pool` the memory is added to the buffer pool; with `error` nothing is
rendered while the key is there.",
    check,
};

/// Beyond this, clearing out entries holds the lock for noticeable times.
const MOST: Size = Size::mebibytes(64);

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    const KEY: &str = "performance.database.query_cache";
    let Some(size) = resolved.inventory.performance.database.query_cache else {
        return;
    };
    let driver = resolved.settings().database.driver;
    let performance = &resolved.inventory.performance.database;
    if driver != DatabaseDriver::Mariadb {
        let (severity, outcome) = match performance.query_cache_policy {
            QueryCachePolicy::Drop => (Severity::Warning, format!("so `{size}` is not rendered")),
            QueryCachePolicy::Error => (
                Severity::Error,
                format!("and `query_cache_policy` refuses `{size}`"),
            ),
            QueryCachePolicy::BufferPool => (
                Severity::Info,
                format!(
                    "so the buffer pool is `{}` + `{size}` = `{}`",
                    performance.buffer_pool,
                    performance.buffer_pool_of(driver)
                ),
            ),
        };
        findings.report_with(
            severity,
            KEY,
            &[&resolved.own_key("database.driver")],
            format!("`{}` has no query cache, {outcome}", driver.name()),
            "remove it, and add the memory to `buffer_pool`",
        );
    } else if size > MOST {
        findings.report(
            KEY,
            format!("a query cache of `{size}` > `{MOST}` makes queries wait for each other"),
            format!("lower it to `{MOST}`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn only_mariadb_has_a_small_one() {
        let inventory = |driver: &str, size: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: {driver}}}}}}}\n\
                 performance: {{database: {{query_cache: {size}}}}}"
            )
        };
        assert_eq!(
            findings("L20", &inventory("mysql", "256M")),
            ["`mysql` has no query cache, so `256M` is not rendered"]
        );
        assert_eq!(
            findings("L20", &inventory("mariadb", "256M")),
            ["a query cache of `256M` > `64M` makes queries wait for each other"]
        );
        assert_eq!(
            findings(
                "L20",
                &inventory("mysql", "256M, query_cache_policy: error")
            ),
            ["`mysql` has no query cache, and `query_cache_policy` refuses `256M`"]
        );
        assert_eq!(
            findings(
                "L20",
                &inventory("postgresql", "256M, query_cache_policy: buffer_pool")
            ),
            ["`postgresql` has no query cache, so the buffer pool is `1G` + `256M` = `1280M`"]
        );
        assert!(findings("L20", &inventory("mariadb", "64M")).is_empty());
        assert!(findings("L20", &inventory("mysql", "null")).is_empty());
    }
}
