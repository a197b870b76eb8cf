//! php-fpm's pool, and the environment variables of the application.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::environment::Environment;
use crate::model::LogLevel;
use crate::targets::timeouts::timeouts;
use crate::topology::ports;
use crate::units::Host;

/// Seconds after which a request's stack is logged.
const SLOW: u64 = 5;

/// The values of `fpm/app.conf`.
#[derive(Debug, Serialize)]
pub(super) struct Pool {
    log_level: &'static str,
    max_children: u64,
    arithmetic: String,
    start: u64,
    min_spare: u64,
    max_spare: u64,
    max_requests: u32,
    terminate: String,
    finish: String,
    max_execution_time: u64,
    slow: String,
    status_port: u16,
    variables: Vec<Variable>,
}

/// An environment variable.
#[derive(Debug, Serialize)]
struct Variable {
    name: String,
    value: String,
}

/// Returns the values of the pool.
pub(super) fn values(environment: &Environment<'_>) -> Pool {
    let inventory = environment.inventory();
    let pool = &environment.topology.pool;
    let timeouts = timeouts(environment);
    Pool {
        log_level: levels(inventory.monitoring.logging.level).1,
        max_children: pool.max_children,
        arithmetic: pool.arithmetic.clone(),
        start: pool.start,
        min_spare: pool.min_spare,
        max_spare: pool.max_spare,
        max_requests: inventory.php.max_requests.get(),
        terminate: format!("{}s", timeouts.terminate),
        finish: match timeouts.terminate {
            // Requests may take forever; a reload may not.
            0 => "60s".to_owned(),
            terminate => format!("{terminate}s"),
        },
        max_execution_time: timeouts.execution,
        // php-fpm refuses to start when this is the longer one.
        slow: match timeouts.terminate {
            0 => format!("{SLOW}s"),
            terminate => format!("{}s", terminate.min(SLOW)),
        },
        status_port: ports::APP,
        variables: variables(environment)
            .into_iter()
            .map(|(name, value)| Variable { name, value })
            .collect(),
    }
}

/// What the application is told, by name. The inventory's own variables come last, so that they
/// take the place of one of these.
fn variables(environment: &Environment<'_>) -> BTreeMap<String, String> {
    let settings = environment.settings();
    let database = &settings.database;
    let mut variables: BTreeMap<String, String> = [
        ("APP_ENV", environment.name().to_owned()),
        ("APP_DEBUG", settings.debug.to_string()),
        ("CACHE_DRIVER", settings.cache.driver.name().to_owned()),
        ("CACHE_HOST", reachable(&settings.cache.host)),
        ("CACHE_PORT", settings.cache.port().to_string()),
        ("DB_DRIVER", database.driver.name().to_owned()),
        ("DB_HOST", crate::targets::database::host(environment)),
        ("DB_PORT", database.port().to_string()),
        (
            "DB_READ_PORT",
            crate::targets::database::read_port(environment).to_string(),
        ),
        ("DB_NAME", crate::targets::database::name(environment)),
        ("DB_USER", crate::targets::database::name(environment)),
        // php-fpm takes it from its own environment, which is not rendered.
        ("DB_PASSWORD", "$DB_PASSWORD".to_owned()),
        ("DB_SSL_CA", "/etc/ssl/internal/ca.pem".to_owned()),
        (
            "LOG_LEVEL",
            levels(environment.inventory().monitoring.logging.level)
                .0
                .to_owned(),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    variables.extend(
        settings
            .variables
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string())),
    );
    variables
}

/// Returns a host as the application is told it. MySQL's driver takes `localhost` for its Unix
/// socket and ignores the port, so the machine itself goes by its address.
pub(super) fn reachable(host: &Host) -> String {
    match host.as_str() {
        "localhost" => "127.0.0.1".to_owned(),
        name => name.to_owned(),
    }
}

/// The level's own name, and php-fpm's, which knows fewer: the one that drops nothing asked for.
fn levels(level: LogLevel) -> (&'static str, &'static str) {
    match level {
        LogLevel::Debug => ("debug", "debug"),
        LogLevel::Info => ("info", "notice"),
        LogLevel::Notice => ("notice", "notice"),
        LogLevel::Warning => ("warning", "warning"),
        LogLevel::Error => ("error", "error"),
        LogLevel::Critical => ("critical", "error"),
        LogLevel::Alert => ("alert", "alert"),
        LogLevel::Emergency => ("emergency", "alert"),
    }
}
