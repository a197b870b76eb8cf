use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use serde_json::Value;

pub(super) const LINT: Lint = Lint {
    code: "L18",
    severity: Severity::Error,
    title: "the application cannot use the chosen driver",
    explanation: "\
A driver needs two things: an entry in `dependencies`, which says that the application works with it
and from which version on, and a PHP extension in `system.php.extensions`: `redis`, `memcached`,
`pdo_mysql` or `pdo_pgsql`. Without the extension the application fails on its first connection.

Add what is missing, or choose a driver that the application knows.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let settings = resolved.settings();
    let (cache, database) = (settings.cache.driver, settings.database.driver);
    for (service, driver, extension) in [
        ("cache", cache.name(), cache.name()),
        ("database", database.name(), database.extension()),
    ] {
        let key = resolved.own_key(&format!("{service}.driver"));
        let section = format!("dependencies.{service}");
        // Without the section, every driver has a default.
        let listed = resolved
            .tree
            .get("dependencies")
            .and_then(|dependencies| dependencies.get(service))
            .and_then(Value::as_object);
        if listed.is_some_and(|versions| versions.get(driver).is_none_or(Value::is_null)) {
            findings.report_with(
                Severity::Error,
                &key,
                &[&section],
                format!("`{driver}` is not among `{section}`"),
                format!("add `{driver}` there with the versions that will do"),
            );
        }
        let extensions = &resolved.inventory.system.php.extensions;
        if !extensions.iter().any(|known| known.as_str() == extension) {
            findings.report_with(
                Severity::Error,
                &key,
                &["system.php.extensions"],
                format!("`{driver}` needs the PHP extension `{extension}`, which is not listed"),
                format!("add `{extension}` to `system.php.extensions`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn drivers_need_their_extension() {
        let inventory = |extension: &str| {
            format!(
                "environment: {{dev: {{cache: {{driver: memcached}}}}}}\n\
                 system: {{php: {{extensions: [pdo_mysql, {extension}]}}}}"
            )
        };
        assert_eq!(
            findings("L18", &inventory("redis")),
            ["`memcached` needs the PHP extension `memcached`, which is not listed"]
        );
        assert!(findings("L18", &inventory("memcached")).is_empty());
    }

    #[test]
    fn drivers_are_among_the_dependencies() {
        let inventory = |versions: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: mariadb}}}}}}\n\
                 dependencies: {{database: {versions}}}"
            )
        };
        assert_eq!(
            findings("L18", &inventory("[{mysql: \">=8.0\"}]")),
            ["`mariadb` is not among `dependencies.database`"]
        );
        assert!(findings("L18", &inventory("[{mariadb: \">=10.11\"}]")).is_empty());
        assert!(findings("L18", "environment: {dev: {database: {driver: mariadb}}}").is_empty());
    }
}
