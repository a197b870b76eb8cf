//! php-fpm's pool, and the environment variables of the application.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::LogLevel;
use crate::targets::application::settings::settings;
use crate::topology::ports;

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
    let capacity = &environment.topology.capacity;
    let pool = &capacity.pool;
    let timeouts = capacity.timeouts;
    Pool {
        log_level: log_level(inventory.monitoring.logging.level),
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
        variables: variables(environment),
    }
}

/// What the application is told. php-fpm takes secrets from its own environment, which systemd
/// fills, by a `$` in front of the name.
fn variables(environment: &Environment<'_>) -> Vec<Variable> {
    settings(environment)
        .into_iter()
        .filter_map(|setting| {
            let value = if setting.secret {
                format!("${}", setting.name)
            } else {
                setting.value?.as_variable()
            };
            Some(Variable {
                name: setting.name,
                value,
            })
        })
        .collect()
}

/// php-fpm's word for a level. It knows fewer: the one that drops nothing asked for.
fn log_level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info | LogLevel::Notice => "notice",
        LogLevel::Warning => "warning",
        LogLevel::Error | LogLevel::Critical => "error",
        LogLevel::Alert | LogLevel::Emergency => "alert",
    }
}
