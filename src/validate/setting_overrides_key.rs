use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L60",
    severity: Severity::Warning,
    title: "a php.ini setting that has a key of its own",
    explanation: "\
precast sets this one itself, from another key, and other files are rendered from the same key: the
load balancer's limits, the number of php-fpm children, the alerts. A value in `php.settings` changes
php.ini alone, so that the two no longer agree.

Use the key that is named, and remove the setting. A setting without a key is one that precast keeps
fixed.",
    check,
};

/// Settings that are rendered anyway, each with the key it comes from; `environment.` stands for
/// the environment's own settings, and nothing for a fixed value.
const RENDERED: &[(&str, &str)] = &[
    ("cgi.fix_pathinfo", ""),
    ("date.timezone", "php.timezone"),
    ("display_errors", "environment.debug"),
    ("display_startup_errors", "environment.debug"),
    ("error_log", ""),
    ("error_reporting", "environment.error_reporting"),
    ("expose_php", ""),
    ("log_errors", ""),
    ("max_execution_time", "php.max_execution_time"),
    ("memory_limit", "php.memory_limit"),
    ("opcache.memory_consumption", "php.opcache_memory"),
    ("opcache.validate_timestamps", "environment.debug"),
    ("post_max_size", "php.post_max_size"),
    ("session.gc_maxlifetime", "php.session_lifetime"),
    ("session.save_handler", "environment.cache.driver"),
    ("session.save_path", "environment.cache.host"),
    ("upload_max_filesize", "php.upload_max_filesize"),
    ("zend.assertions", "environment.debug"),
];

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    for name in resolved.inventory.php.settings.keys() {
        let Some((_, from)) = RENDERED.iter().find(|(known, _)| *known == name.as_str()) else {
            continue;
        };
        // The name may hold dots, which a path needs quoted.
        let key = format!("php.settings.\"{name}\"");
        if from.is_empty() {
            findings.report(
                &key,
                format!("`{name}` has a fixed value that precast sets itself"),
                "remove it",
            );
            continue;
        }
        let from = match from.strip_prefix("environment.") {
            Some(rest) => resolved.own_key(rest),
            None => (*from).to_owned(),
        };
        findings.report_with(
            Severity::Warning,
            &key,
            &[&from],
            format!("`{name}` is rendered from `{from}`"),
            format!("set `{from}` instead"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    use super::RENDERED;

    #[test]
    fn keys_come_before_settings() {
        let inventory = |name: &str| {
            format!("environment: {{dev: {{}}}}\nphp: {{settings: {{{name}: \"1\"}}}}")
        };
        assert_eq!(
            findings("L60", &inventory("opcache.memory_consumption")),
            ["`opcache.memory_consumption` is rendered from `php.opcache_memory`"]
        );
        assert_eq!(
            findings("L60", &inventory("display_errors")),
            ["`display_errors` is rendered from `environment.dev.debug`"]
        );
        assert_eq!(
            findings("L60", &inventory("expose_php")),
            ["`expose_php` has a fixed value that precast sets itself"]
        );
        assert!(findings("L60", &inventory("opcache.jit")).is_empty());
    }

    #[test]
    fn settings_stand_in_order() {
        assert!(RENDERED.is_sorted());
    }
}
